//! Everybody together: the comms check before DEBEX, the hot debrief after FINEX, and the stop that anybody may call.

use super::Here;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use maud::{Markup, html};

fn answered(
    shared: &Inner,
    visitor: &Visitor,
    title: &str,
    filled: Filled<'_>,
    body: impl FnOnce(&Here<'_>, Filled<'_>) -> Markup,
) -> Response {
    match Here::of(shared, visitor, &Part::ALL) {
        Ok(here) => {
            let page = Page::new(shared, visitor, Place::Exercise, title);
            (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body(&here, filled))).into_response()
        }
        Err(fault) => fault.into_response(),
    }
}

/// `GET /appel`.
pub(super) async fn check(State(shared): State<Shared>, visitor: Visitor) -> Response {
    check_page(&shared, &visitor, Filled::BLANK)
}

pub(super) fn check_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    answered(shared, visitor, "Appel avant DEBEX", filled, |here, filled| {
        let reached = here.exercise.people.get(&visitor.actor).and_then(|p| p.reached);
        html! {
            h1 { "Appel avant DEBEX" }
            p.lead { @if reached.is_some() { (fr("Vous êtes noté présent. L’animateur le voit.")) }
                @else { (fr("Dites que vous êtes là et que vous pouvez lire : l’exercice ne commence qu’une fois tout le monde joint.")) } }
            (filled.refusal(&["note"]))
            @if reached.is_none() {
                form.stacked method="post" action=(here.act("appel")) { (stamps(here.shared, here.visitor))
                    (filled.text(&Text { name: "note", label: "Où êtes-vous, à quel numéro ?", example: Some("salle B12, poste 4512"), ..Text::default() }))
                    button.btn { (fr("Je suis là")) }
                }
            }
            p { a href="/briefing" { "Lire le briefing" } }
        }
    })
}

/// `GET /debriefing`.
pub(super) async fn debrief(State(shared): State<Shared>, visitor: Visitor) -> Response {
    debrief_page(&shared, &visitor, Filled::BLANK)
}

pub(super) fn debrief_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    answered(shared, visitor, "Débriefing à chaud", filled, |here, filled| {
        let over = here.exercise.clock.run().is_over();
        html! {
            h1 { (fr("Débriefing à chaud")) }
            p.lead { @if over { (fr("Cinq minutes, maintenant, avec vos mots. Personne n’est noté. Vos réponses sont signées et vont au RETEX.")) }
                @else { (fr("Le questionnaire s’ouvre à la fin de l’exercice.")) } }
            (filled.refusal(&[]))
            @if over { (questions(here, filled)) }
            @if here.part == Part::Facilitator { (answers(here)) }
        }
    })
}

fn questions(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let said = here.exercise.debriefs.get(&here.visitor.actor);
    let known =
        |key: &str| said.and_then(|s| s.what.answers.iter().find(|(k, _)| k == key)).map_or("", |(_, answer)| answer.as_str());
    html! {
        @if said.is_some() { p.notice { (fr("Vos réponses sont enregistrées. Vous pouvez les compléter jusqu’à la clôture.")) } }
        form.stacked method="post" action=(here.act("debriefing")) { (stamps(here.shared, here.visitor))
            @for question in &here.exercise.scenario().debrief {
                (filled.long(&Text { name: &format!("q-{}", question.key), label: &question.text, known: known(&question.key), ..Text::default() }, 3))
            }
            button.btn { "Enregistrer" }
        }
    }
}

/// What everybody answered, for those who run the debrief.
fn answers(here: &Here<'_>) -> Markup {
    html! {
        h2 { (fr("Réponses reçues ")) span.small.muted { (here.exercise.debriefs.len()) } }
        @for question in &here.exercise.scenario().debrief {
            h3 { (fr(&question.text)) }
            ul { @for (actor, said) in &here.exercise.debriefs {
                @for (_, answer) in said.what.answers.iter().filter(|(key, answer)| *key == question.key && !answer.trim().is_empty()) {
                    li { (fr(answer)) " " span.small.muted { (fr(&here.name(actor))) } }
                }
            } }
        }
    }
}

/// `GET /arret`: asks before everything stops.
pub(super) async fn stop(State(shared): State<Shared>, visitor: Visitor) -> Response {
    stop_page(&shared, &visitor, Filled::BLANK)
}

pub(super) fn stop_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    answered(shared, visitor, "Urgence réelle", filled, |here, filled| {
        html! {
            h1 { (fr("Urgence réelle : arrêter l’exercice")) }
            p.lead { (fr("Tout s’arrête pour tout le monde, tout de suite. Les écrans de l’exercice deviennent rouges. L’exercice ne reprend pas.")) }
            (filled.refusal(&["reason"]))
            form.stacked method="post" action=(here.act("arret")) { (stamps(here.shared, here.visitor))
                (filled.text(&Text { name: "reason", label: "Ce qui arrive vraiment, et où", example: Some("arrêt cardiaque, chambre 12"), required: true, ..Text::default() }))
                p.btns { button.btn.alarm { (fr("Arrêter l’exercice pour tous")) } a.btn.ghost href="/" { "Revenir" } }
            }
        }
    })
}
