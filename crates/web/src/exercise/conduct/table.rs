//! The chronogramme as a table, around now or whole: what was played, how it was received, what comes when.

use super::console::Asked;
use super::{Here, picture, t_plus};
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::event::conduct::Grade;
use domain::exercise::results::{Reaction, reaction};
use domain::exercise::{MINUTE_MS, Played};
use maud::{Markup, html};

/// Injects shown around now, before and after.
const AROUND: (usize, usize) = (4, 8);

/// Where an inject stands in exercise time, milliseconds after DEBEX: at its minute, or when it was played by hand.
pub(super) fn offset(here: &Here<'_>, played: &Played) -> Option<i64> {
    let fired = played.fired.as_ref().map(|fired| here.exercise.clock.offset_at(fired.what.0));
    played.due_offset().or(fired)
}

/// Injects that have a time, in order.
fn timed<'a>(here: &Here<'a>) -> Vec<(i64, &'a Played)> {
    let all = here.exercise.chronogramme().into_iter();
    let mut timed: Vec<(i64, &Played)> = all.filter_map(|p| Some((offset(here, p)?, &**p))).collect();
    timed.sort_by_key(|(offset, _)| *offset);
    timed
}

pub(super) fn show(page: &Page<'_>, here: &Here<'_>, asked: &Asked) -> Markup {
    let all = timed(here);
    let next = all.iter().position(|(_, p)| p.is_pending());
    let (folded, around) = (asked.tout.is_empty(), next.unwrap_or(all.len()));
    let (from, to) = if folded { (around.saturating_sub(AROUND.0), (around + AROUND.1).min(all.len())) } else { (0, all.len()) };
    let rows = all.get(from..to).unwrap_or_default();
    let first = next.and_then(|at| all.get(at)).map(|(_, p)| p.inject().key.as_str());
    html! {
        header.titled { h2 #titre-chrono { "Chronogramme" }
            @if folded { span.small.muted { "autour de maintenant" } a.small.more href=(asked.unfolding(true)) { (fr(&format!("Les {} stimuli", all.len()))) } }
            @else { a.small.more href=(asked.unfolding(false)) { "Autour de maintenant" } } }
        div #tableau data-live-key="tableau" {
            @if rows.is_empty() { p.empty { (fr("Aucun stimulus n’a d’heure : jouez ceux de la réserve, ou écrivez-en un à la volée.")) } }
            @else { table.chrono-table #chronogramme {
                caption.out { "Chronogramme de l’exercice" }
                thead { tr { th scope="col" { "Temps" } th scope="col" { "N°" } th scope="col" { "Stimulus" } th.state scope="col" { (fr("État")) } } }
                tbody { @for (offset, played) in rows { (row(page, here, asked, (*offset, played), first)) } }
            } }
        }
    }
}

fn row(page: &Page<'_>, here: &Here<'_>, asked: &Asked, (offset, played): (i64, &Played), first: Option<&str>) -> Markup {
    let inject = played.inject();
    let (class, word) = picture::status(here, played);
    let chosen = asked.stimulus == inject.key;
    html! {
        tr.chosen[chosen].first-ahead[first == Some(inject.key.as_str())] {
            td { (t_plus(offset)) }
            td.muted { (inject.key) }
            th scope="row" { a href=(asked.choosing(&inject.key)) aria-current=[chosen.then_some("true")] { (fr(&here.filled(&inject.title))) }
                span.small.muted { (fr(inject.channel.label())) " → " (fr(&here.teams(inject))) @if inject.noise { (fr(" · bruit")) } } }
            td.state {
                @if played.is_pending() { (ahead(here, offset, &word)) }
                @else { span class={ "st " (class) } { (fr(&word)) } }
                @if let Some(fired) = &played.fired { span.small.muted { (page.local.time(fired.what.0)) (received(here, played)) } }
            }
        }
    }
}

/// How an inject was received: who read it, how they reacted.
fn received(here: &Here<'_>, played: &Played) -> Markup {
    let (read, all) = here.readers(played);
    let seen = match reaction(here.state(), here.exercise, played, here.now()) {
        Reaction::Seen(grade) => Some(grade),
        _ => None,
    };
    html! { (fr(&format!(" · lu {read}/{all}"))) @if let Some(grade) = seen { " · " span class=(word_class(grade)) { (fr(&format!("{} {}", grade.sign(), grade.label()))) } } }
}

fn word_class(grade: Grade) -> &'static str {
    match grade {
        Grade::Met => "ok",
        Grade::Partly => "warn",
        Grade::Unmet => "down",
    }
}

/// What is to come: in how many minutes; the script counts on.
fn ahead(here: &Here<'_>, offset: i64, word: &str) -> Markup {
    let now = here.exercise.clock.offset_at(here.now());
    let counted = here.exercise.clock.run().is_on();
    html! {
        @if counted { span data-due=(offset) { (fr(&in_minutes(offset - now))) } @if word.starts_with("décalé") { span.small.muted { (fr("décalé")) } } }
        @else { span.st.unknown { (fr(word)) } }
    }
}

/// `dans 3 min`, in the words that the script uses too.
fn in_minutes(left_ms: i64) -> String {
    match left_ms.div_euclid(MINUTE_MS) {
        ..=0 => "maintenant".to_owned(),
        minutes @ 1..60 => format!("dans {minutes} min"),
        minutes => format!("dans {} h {:02}", minutes / 60, minutes % 60),
    }
}
