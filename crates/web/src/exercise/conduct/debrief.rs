//! The hot debrief after FINEX: everybody answers with their own words, and those who run it read all of them.

use super::meeting::answered;
use super::{Here, fragment};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    fragment: Option<String>,
}

/// `GET /debriefing`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if asked.fragment.is_none() {
        return Ok(page(&shared, &visitor, Filled::BLANK));
    }
    let here = Here::of(&shared, &visitor, &Part::ALL)?;
    Ok(fragment(&received(&here)).into_response())
}

/// The page, with the form filled in after a refusal.
pub(super) fn page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    answered(shared, visitor, "Débriefing à chaud", filled, |here, filled| {
        let over = here.exercise.clock.run().is_over();
        html! {
            h1 { (fr("Débriefing à chaud")) }
            p.lead { @if !over { (fr("Le questionnaire s’ouvre à la fin de l’exercice.")) }
                @else if here.closed { (fr("L’exercice est clos : les réponses sont au RETEX.")) }
                @else { (fr("Cinq minutes, maintenant, avec vos mots. Personne n’est noté. Vos réponses sont signées et vont au RETEX.")) } }
            (filled.refusal(&[]))
            div data-live="/debriefing" data-live-parts="recues" {
                @if over { (questions(here, filled)) }
                (received(here))
            }
        }
    })
}

fn questions(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let said = here.exercise.debriefs.get(&here.visitor.actor);
    let known =
        |key: &str| said.and_then(|s| s.what.answers.iter().find(|(k, _)| k == key)).map_or("", |(_, answer)| answer.as_str());
    let asked = &here.exercise.scenario().debrief;
    html! {
        @if said.is_some() && here.acts() { p.notice { (fr("Vos réponses sont enregistrées. Vous pouvez les compléter jusqu’à la clôture.")) } }
        @if asked.is_empty() { p.empty { (fr("Ce scénario ne pose pas de question : parlez-vous, l’animateur note.")) } }
        @else if here.acts() {
            form.stacked.debrief method="post" action=(here.act("debriefing")) { (stamps(here.shared, here.visitor))
                @for question in asked {
                    (filled.long(&Text { name: &format!("q-{}", question.key), label: &question.text, known: known(&question.key), ..Text::default() }, 3))
                }
                button.btn { "Enregistrer mes réponses" }
            }
        }
        @else { dl.answers { @for question in asked { dt { (fr(&question.text)) } dd.x { @match known(&question.key) { "" => "–", answer => (fr(answer)) } } } } }
    }
}

/// What everybody answered, for those who run the debrief.
fn received(here: &Here<'_>) -> Markup {
    if here.part != Part::Facilitator {
        return html! {};
    }
    let (said, all) = (&here.exercise.debriefs, here.exercise.people.values().filter(|p| !p.set.left).count());
    html! {
        section #recues data-live-key="recues" {
            h2.ruled { (fr("Réponses reçues ")) span.small.muted { (fr(&plural(said.len() as u64, "personne", "personnes"))) " sur " (all) } }
            @if said.is_empty() { p.empty { (fr("Personne n’a encore répondu : faites remplir le questionnaire pendant que tous sont là.")) } }
            @for question in &here.exercise.scenario().debrief {
                @let given: Vec<_> = said.iter().filter_map(|(actor, said)| {
                    let (_, answer) = said.what.answers.iter().find(|(key, answer)| *key == question.key && !answer.trim().is_empty())?;
                    Some((actor, answer))
                }).collect();
                h3 { (fr(&question.text)) }
                @if given.is_empty() && !said.is_empty() { p.muted.small { (fr("Sans réponse.")) } }
                ul.plain.lines { @for (actor, answer) in given { li { span.x { (fr(answer)) } " " span.small.muted { (fr(&here.name(actor))) } } } }
            }
        }
    }
}
