//! What helps to conduct: contingencies, reserve, an inject on the fly, who answered, criteria as they come, remarks.

use super::console::Asked;
use super::{Here, clock, t_plus};
use crate::crisis::stamps;
use crate::exercise::report::{measured, reading, target};
use crate::exercise::{branch, path};
use crate::fields::{Filled, Text};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::exercise::Played;
use domain::exercise::event::conduct::Tone;
use domain::exercise::event::outcome::{CriterionResult, Measured, Reading};
use domain::exercise::event::scenario::Channel;
use domain::exercise::results::{criteria, proposed};
use maud::{Markup, html};

/// Last remarks shown.
const REMARKS_MAX: usize = 8;

pub(super) fn show(page: &Page<'_>, here: &Here<'_>, asked: &Asked, filled: Filled<'_>) -> Markup {
    html! {
        (ended(here))
        (contingencies(here, asked))
        (answered(page, here))
        (judged(here))
        (remarks(page, here, filled))
        (reserve(here, asked))
        (on_the_fly(here, filled))
        (clock::rare(here, filled))
    }
}

/// After FINEX: closing, then the report.
fn ended(here: &Here<'_>) -> Markup {
    let over = here.exercise.clock.run().is_over();
    let home = here.shared.branch.as_ref().and_then(branch::Branch::home);
    let (said, all) = (here.exercise.debriefs.len(), here.exercise.people.values().filter(|p| !p.set.left).count());
    html! {
        section #fin data-live-key="fin" { @if over {
            header.titled { h2 { (fr("L’exercice est terminé")) } }
            p { (fr(&format!("Débriefing à chaud : {} sur {all} participants. ", plural(said as u64, "réponse", "réponses")))) a href="/debriefing" { "Les lire" } }
            @if here.closed {
                p { (fr("L’exercice est clos : cette salle se relit, rien ne s’y écrit plus.")) }
                p { a.btn data-home href={ (path(here.exercise.id)) "/retex" } { "Ouvrir le RETEX" } }
            } @else if let Some(home) = home.filter(|_| here.acts()) {
                p { (fr("Clore fige la salle : elle se relit, rien ne s’y écrit plus. Les résultats vont au RETEX.")) }
                form data-home method="post" action={ "/journaux/" (home.ledger.id()) "/exercices/" (here.exercise.id) "/clore" } {
                    (stamps(here.shared, here.visitor))
                    button.btn { (fr("Clore l’exercice")) }
                }
            }
        } }
    }
}

/// Who answered the comms check.
fn answered(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let people: Vec<_> = here.exercise.people.iter().filter(|(_, p)| !p.set.left).collect();
    let there = people.iter().filter(|(_, p)| p.reached.is_some()).count();
    html! {
        div #appel data-live-key="appel" {
            details.panel #appel-volet open[here.exercise.clock.began_at().is_none()] {
                summary { (fr(&format!("Appel : {there} sur {} ont répondu", people.len()))) }
                ul.plain.lines { @for (actor, one) in people { li {
                    @match one.reached {
                        Some(at) => span.st.ok { (fr(&here.name(actor))) " " (page.local.time(at)) },
                        None => { span.st.unknown { (fr(&here.name(actor))) } span.out { (fr(" n’a pas répondu")) } },
                    }
                    " " span.small.muted { (one.set.part.label()) @if !one.set.team.is_empty() { ", " (fr(here.team(&one.set.team))) }
                        @if !one.whereabouts.is_empty() { (fr(" : ")) (fr(&one.whereabouts)) } }
                } } }
            }
        }
    }
}

fn play(here: &Here<'_>, played: &Played) -> Markup {
    let key = &played.inject().key;
    if !here.exercise.clock.run().is_on() || !here.acts() {
        return html! {};
    }
    here.form(
        "jouer",
        key,
        &html! {
            input type="hidden" name="stimulus" value=(key);
            button.btn.ghost.small id={ "jouer-" (key) } aria-label={ "Jouer le " (key) } { "Jouer" }
        },
    )
}

fn line(here: &Here<'_>, asked: &Asked, played: &Played, why: &str) -> Markup {
    let inject = played.inject();
    html! { li {
        span.what { a href=(asked.choosing(&inject.key)) { (inject.key) ". " (fr(&here.filled(&inject.title))) }
            span.small.muted { " " (fr(inject.channel.label())) " → " (fr(&here.teams(inject))) (fr(why)) } }
        (play(here, played))
    } }
}

fn contingencies(here: &Here<'_>, asked: &Asked) -> Markup {
    let all = proposed(here.state(), here.exercise, here.now());
    html! {
        div #rattrapages data-live-key="rattrapages" {
            @if !all.is_empty() && here.exercise.clock.run().is_on() {
                header.titled { h2 { span.st.warn { (fr("Réaction manquante")) } } span.small.muted { (fr("à rattraper ?")) } }
                ul.plain.rows { @for played in all {
                    (line(here, asked, played, &format!(", rattrape le {}", played.inject().contingency_for)))
                } }
            }
        }
    }
}

fn reserve(here: &Here<'_>, asked: &Asked) -> Markup {
    let all: Vec<_> = here.exercise.chronogramme().into_iter().filter(|p| p.due_minute().is_none() && p.is_pending()).collect();
    html! {
        div #reserve data-live-key="reserve" {
            @if !all.is_empty() && !here.exercise.clock.run().is_over() {
                details.panel #reserve-volet { summary { (fr(&format!("Réserve : {} hors chronogramme", all.len()))) }
                    ul.plain.rows { @for played in all {
                        @let of = &played.inject().contingency_for;
                        (line(here, asked, played, &if of.is_empty() { String::new() } else { format!(", rattrape le {of}") }))
                    } }
                }
            }
        }
    }
}

fn on_the_fly(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    if here.exercise.clock.run().is_over() || !here.acts() {
        return html! {};
    }
    let channels: Vec<(String, String)> = Channel::ALL.iter().map(|c| (c.name().to_owned(), c.label().to_owned())).collect();
    let mut teams = vec![(String::new(), "toutes les équipes".to_owned())];
    teams.extend(here.exercise.scenario().teams.iter().map(|team| (team.key.clone(), team.name.clone())));
    let mine = filled.fields.is_some_and(|fields| !fields.get("channel").is_empty());
    let filled = if mine { filled } else { Filled::BLANK };
    html! {
        details.panel #volee open[mine] { summary { (fr("Stimulus à la volée")) }
            form.stacked method="post" action=(here.act("volee")) { (stamps(here.shared, here.visitor))
                (filled.choice("channel", "Canal", Channel::Phone.name(), &channels))
                (filled.choice("to", "Pour", "", &teams))
                (filled.text(&Text { name: "from", label: "De", example: Some("SAMU"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "title", label: "Sujet", required: true, ..Text::default() }))
                (filled.long(&Text { name: "text", label: "Ce que les joueurs lisent ou entendent", hint: Some("le mot EXERCICE s’ajoute de lui-même"), required: true, ..Text::default() }, 4))
                button.btn.ghost { "Jouer maintenant" }
            }
        }
    }
}

/// Criteria as they stand; what the journal says beside how many observers saw it, never one number for both.
fn judged(here: &Here<'_>) -> Markup {
    let all = criteria(here.state(), here.exercise, here.now());
    let read = all.iter().filter(|result| result.reading != Reading::Unread).count();
    html! {
        div #criteres data-live-key="criteres" {
            header.titled { h2 { (fr("Critères")) } span.small.muted { (fr(&format!("{read} lus au journal sur {}", all.len()))) } }
            @if all.is_empty() { p.empty { (fr("Ce scénario n’a pas de critère : notez des remarques.")) } }
            @else { div.scrollx tabindex="0" role="group" aria-label="Critères" { table.criteria-live {
                caption.out { (fr("Critères : ce que dit le journal, et ce que notent les observateurs")) }
                thead { tr { th scope="col" { (fr("Critère")) } th.n scope="col" { (fr("Mesuré")) } th scope="col" { "Journal, puis observateurs" } } }
                tbody { @for result in &all { (criterion(here, result)) } }
            } } }
        }
    }
}

fn criterion(here: &Here<'_>, result: &CriterionResult) -> Markup {
    let known = here.exercise.scenario().criteria.iter().find(|c| c.key == result.key);
    let expected = result.reading == Reading::Unread && known.is_some_and(|k| !k.fact.is_empty());
    let [met, partly, unmet] = result.observed;
    html! { tr {
        th scope="row" { (fr(&result.title)) @if let Some(known) = known { span.small.muted { (fr(&target(known))) } } }
        td.n { @if result.measured == Measured::Never { "–" } @else { (fr(&measured(result.measured))) } }
        td {
            @if !known.is_some_and(|k| k.fact.is_empty()) { @if expected { span.st.unknown { "Attendu" } } @else { (reading(result.reading)) } }
            span.observed { @if met + partly + unmet == 0 { (fr("obs. –")) } @else { "obs. "
                @for (count, class, word) in [(met, "ok", "atteint"), (partly, "warn", "partiellement"), (unmet, "down", "non atteint")] {
                    @if count > 0 { span class={ "st " (class) } { (count) span.out { " " (fr(word)) } } " " } } } }
        }
    } }
}

fn remarks(page: &Page<'_>, here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let all = &here.exercise.remarks;
    html! {
        div #remarques data-live-key="remarques" {
            header.titled { h2 { "Remarques" } span.small.muted { (all.len()) } }
            @if all.is_empty() { p.empty { (fr("Aucune remarque : celles des observateurs arrivent ici.")) } }
            ul.plain.lines { @for said in all.iter().rev().take(REMARKS_MAX) { li {
                span.small.muted { (page.local.time(said.what.at.unwrap_or(said.wall))) " " }
                span class={ "st " (if said.what.tone == Tone::Positive { "ok" } else { "warn" }) } { (fr(said.what.tone.label())) } " "
                span.x { (fr(&said.what.text)) } " " span.small.muted { (fr(&here.name(&said.by))) }
            } } }
            @if all.len() > REMARKS_MAX { p.small.muted { (fr(&format!("et {} plus anciennes, au RETEX", all.len() - REMARKS_MAX))) } }
        }
        @if here.acts() { (add_remark(here, filled)) }
    }
}

fn add_remark(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let mine = filled.fields.is_some_and(|fields| !fields.get("tone").is_empty());
    let filled = if mine { filled } else { Filled::BLANK };
    html! {
        div #noter data-live-key="noter" { (here.form("remarque", "console", &html! {
            p.field { label for="remarque" { (fr(&format!("Noter une remarque à {}", t_plus(here.exercise.clock.offset_at(here.now()))))) }
                input #remarque name="text" required autocomplete="off" value=(filled.value("text", "")); (filled.beside("text")) }
            div.btns { button.btn.ghost.small #remarque-moins name="tone" value=(Tone::Negative.name()) { (fr("▲ À revoir")) } " "
                button.btn.ghost.small #remarque-plus name="tone" value=(Tone::Positive.name()) { (fr("● Point fort")) } }
        })) }
    }
}
