//! What helps to conduct: contingencies, reserve, an inject on the fly, who answered, criteria as they come, remarks.

use super::{Here, clock, t_plus};
use crate::crisis::stamps;
use crate::exercise::report::{measured, reading, target};
use crate::fields::{Filled, Text};
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::Played;
use domain::exercise::event::Part;
use domain::exercise::event::conduct::Tone;
use domain::exercise::event::outcome::{Measured, Reading};
use domain::exercise::event::scenario::Channel;
use domain::exercise::results::{criteria, proposed};
use maud::{Markup, html};

pub(super) fn show(page: &Page<'_>, here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let over = here.exercise.clock.run().is_over();
    html! {
        @if over { (ended(here)) }
        (answered(page, here))
        (contingencies(here))
        (judged(here))
        (remarks(page, here, filled))
        @if !over { (on_the_fly(here, filled)) (reserve(here)) (clock::rare(here)) }
    }
}

/// After FINEX: the way to the report.
fn ended(here: &Here<'_>) -> Markup {
    let home = here.shared.branch.as_ref().and_then(super::super::branch::Branch::home);
    let (said, all) = (here.exercise.debriefs.len(), here.exercise.people.values().filter(|p| !p.set.left).count());
    html! {
        section.panel.ended {
            h2 { (fr("L’exercice est terminé")) }
            p #debriefs data-live-key="debriefs" { (fr(&format!("{said} participants sur {all} ont rempli le débriefing à chaud."))) }
            p { (fr("Clore fige la salle : elle se relit, rien ne s’y écrit plus. Les résultats vont au RETEX.")) }
            @if let Some(home) = home {
                form data-home method="post" action={ "/journaux/" (home.ledger.id()) "/exercices/" (here.exercise.id) "/clore" } {
                    (stamps(here.shared, here.visitor))
                    button.btn { (fr("Clore l’exercice et ouvrir le RETEX")) }
                }
            }
        }
    }
}

/// Who answered the comms check.
fn answered(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let people: Vec<_> = here.exercise.people.iter().filter(|(_, p)| !p.set.left && p.set.part != Part::Facilitator).collect();
    let there = people.iter().filter(|(_, p)| p.reached.is_some()).count();
    html! {
        details.panel open[here.exercise.clock.began_at().is_none()] {
            summary { span #appel-compte data-live-key="appel-compte" { (fr("Appel : ")) (there) " sur " (people.len()) } }
            ul.plain #appel data-live-key="appel" { @for (actor, one) in people { li {
                @match one.reached {
                    Some(at) => span.st.ok { (fr(&here.name(actor))) " " (page.local.time(at)) },
                    None => span.st.unknown { (fr(&here.name(actor))) " " span.out { (fr("n’a pas répondu")) } },
                } " " span.small.muted { (one.set.part.label()) @if !one.set.team.is_empty() { ", " (one.set.team) } }
            } } }
        }
    }
}

fn play(here: &Here<'_>, played: &Played, words: &str) -> Markup {
    html! {
        form method="post" action=(here.act("jouer")) { (stamps(here.shared, here.visitor))
            input type="hidden" name="stimulus" value=(played.inject().key);
            button.btn.ghost.small aria-label={ (words) " : " (played.inject().key) } { (words) } }
    }
}

fn contingencies(here: &Here<'_>) -> Markup {
    let all = proposed(here.state(), here.exercise, here.now());
    html! {
        section.panel #rattrapages data-live-key="rattrapages" {
            @if !all.is_empty() && here.exercise.clock.run().is_on() {
                h2.warn { (fr("Réaction manquante")) }
                ul.plain.rows { @for played in all { li {
                    span.what { a href={ "/console?stimulus=" (played.inject().key) } { (played.inject().key) ". " (fr(&here.filled(&played.inject().title))) }
                        span.small.muted { (fr(&format!(" : rattrape le {}", played.inject().contingency_for))) } }
                    (play(here, played, "Jouer"))
                } } }
            }
        }
    }
}

fn reserve(here: &Here<'_>) -> Markup {
    let all: Vec<_> = here.exercise.chronogramme().into_iter().filter(|p| p.due_minute().is_none() && p.is_pending()).collect();
    html! {
        details.panel {
            summary { (fr("Réserve : ")) (all.len()) (fr(" stimuli")) }
            ul.plain.rows { @for played in all { li {
                span.what { a href={ "/console?stimulus=" (played.inject().key) } { (played.inject().key) ". " (fr(&here.filled(&played.inject().title))) } }
                @if here.exercise.clock.run().is_on() { (play(here, played, "Jouer")) }
            } } }
        }
    }
}

fn on_the_fly(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    if !here.exercise.clock.run().is_on() {
        return html! {};
    }
    let channels: Vec<(String, String)> = Channel::ALL.iter().map(|c| (c.name().to_owned(), c.label().to_owned())).collect();
    let mut teams = vec![(String::new(), "tous".to_owned())];
    teams.extend(here.exercise.scenario().teams.iter().map(|team| (team.key.clone(), team.name.clone())));
    let open = filled.fields.is_some_and(|fields| !fields.get("channel").is_empty());
    html! {
        details.panel open[open] { summary { (fr("Stimulus à la volée")) }
            form.stacked method="post" action=(here.act("volee")) { (stamps(here.shared, here.visitor))
                (filled.choice("channel", "Canal", Channel::Phone.name(), &channels))
                (filled.choice("to", "Pour", "", &teams))
                (filled.text(&Text { name: "from", label: "De", example: Some("SAMU"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "title", label: "Sujet", required: true, ..Text::default() }))
                (filled.long(&Text { name: "text", label: "Ce que les joueurs lisent ou entendent", required: true, ..Text::default() }, 4))
                button.btn { "Jouer maintenant" }
            }
        }
    }
}

/// Criteria as they stand; what the journal says beside how many observers saw it.
fn judged(here: &Here<'_>) -> Markup {
    let all = criteria(here.state(), here.exercise, here.now());
    html! {
        h2 { (fr("Critères lus au journal ")) span.small.muted { (all.len()) } }
        table.criteria-live #criteres data-live-key="criteres" {
            thead { tr { th scope="col" { (fr("Critère")) } th scope="col" { (fr("Mesuré")) } th scope="col" { "Lecture" } th scope="col" { "Obs." } } }
            tbody { @for result in &all {
                @let known = here.exercise.scenario().criteria.iter().find(|c| c.key == result.key);
                tr {
                    th scope="row" { (fr(&result.title)) @if let Some(known) = known { br; span.small.muted { (fr(&target(known))) } } }
                    td { @if result.measured == Measured::Never { "–" } @else { (fr(&measured(result.measured))) } }
                    td { @if result.reading == Reading::Unread && known.is_some_and(|k| !k.fact.is_empty()) { span.st.unknown { "Attendu" } } @else { (reading(result.reading)) } }
                    td.small { @let [met, partly, unmet] = result.observed; @if met + partly + unmet > 0 { "● " (met) " ▲ " (partly) " ■ " (unmet) } }
                }
            } }
        }
    }
}

fn remarks(page: &Page<'_>, here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let all = &here.exercise.remarks;
    html! {
        h2 { "Remarques " span.small.muted #remarques-compte data-live-key="remarques-compte" { (all.len()) } }
        ul.plain.lines #remarques data-live-key="remarques" { @for said in all.iter().rev().take(6) {
            li { span.small.muted { (page.local.time(said.what.at.unwrap_or(said.wall))) } " "
                span class={ "st " (if said.what.tone == Tone::Positive { "ok" } else { "warn" }) } { (fr(said.what.tone.label())) } " "
                (fr(&said.what.text)) " " span.small.muted { (fr(&here.name(&said.by))) } }
        } }
        form method="post" action=(here.act("remarque")) { (stamps(here.shared, here.visitor))
            p.field { label for="remarque" { (fr("Noter une remarque à ")) (t_plus(here.exercise.clock.offset_at(here.now()))) }
                input #remarque name="text" maxlength="1000" autocomplete="off" value=(filled.value("remark", "")); }
            div.btns { button.btn.ghost.small name="tone" value="negative" { (fr("▲ À revoir")) } button.btn.ghost.small name="tone" value="positive" { (fr("● Point fort")) } }
        }
    }
}
