//! What a team sees, for a facilitator: its inbox and the last lines of the log. To look leaves no trace.

use super::console::Asked;
use super::{Here, message};
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::Played;
use maud::{Markup, html};
use std::sync::Arc;

/// Last lines of the log shown.
const LINES_MAX: usize = 5;
/// Last messages shown.
const MESSAGES_MAX: usize = 6;

pub(super) fn show(page: &Page<'_>, here: &Here<'_>, chosen: Option<&Arc<Played>>, asked: &Asked) -> Markup {
    let teams = &here.exercise.scenario().teams;
    let wanted = teams.iter().find(|team| team.key == asked.vue);
    let of_inject = chosen.and_then(|p| p.inject().to.first()).and_then(|key| teams.iter().find(|team| team.key == *key));
    let Some(team) = wanted.or(of_inject).or_else(|| teams.first()) else { return html! {} };
    html! {
        div #vue data-live-key="vue" {
            header.titled { h2 { (fr("Vue joueur")) } span.small.muted { (fr(&team.name)) (fr(", ce qu’elle voit")) } }
            @if teams.len() > 1 { p.small.others { (fr("Voir plutôt : ")) @for other in teams.iter().filter(|other| other.key != team.key) { a href=(asked.seeing(&other.key)) { (fr(&other.name)) } " " } } }
            (inbox(page, here, &team.key))
            (lines(page, here))
        }
    }
}

fn inbox(page: &Page<'_>, here: &Here<'_>, team: &str) -> Markup {
    let mine = here.exercise.inbox(team);
    let older = mine.len().saturating_sub(MESSAGES_MAX);
    html! {
        h3 { (fr("Boîte de réception")) }
        @if mine.is_empty() { p.muted.small { (fr("Rien n’est encore arrivé à cette équipe.")) } }
        @for played in mine.iter().rev().take(MESSAGES_MAX) {
            @let inject = played.inject();
            @let (read, all) = here.readers(played);
            details.peek id={ "vu-" (inject.key) } {
                summary { span.small.muted { @if let Some(fired) = &played.fired { (page.local.time(fired.what.0)) " " } (fr(inject.channel.label())) " " }
                    (fr(&here.filled(&inject.title))) " " span.small.muted { (fr(&format!("lu {read}/{all}"))) } }
                (message::article(page, here, played, &html! { p.subject { (fr(&here.filled(&inject.title))) } }))
            }
        }
        @if older > 0 { p.small.muted { (fr(&format!("et {older} plus anciens"))) } }
    }
}

/// The last lines that players wrote.
fn lines(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let crisis = here.state().latest_crisis();
    let last: Vec<_> = crisis.into_iter().flat_map(|crisis| crisis.log.iter().rev().take(LINES_MAX)).collect();
    html! {
        h3 { "Main courante" }
        @if last.is_empty() { p.muted.small { (fr("Les joueurs n’ont encore rien écrit.")) } }
        ul.plain.lines { @for line in last { li {
            span.small.muted { (page.local.time(line.wall)) " " (fr(line.entry_type.label())) " " }
            span.x { (fr(line.words().unwrap_or_default())) }
            span.small.muted { " " (fr(&here.name(&line.typist))) }
        } } }
        @if let Some(crisis) = crisis { p.small { a href=(crate::crisis::room_path(here.shared, crisis)) { (fr("Ouvrir la salle des joueurs")) } } }
    }
}
