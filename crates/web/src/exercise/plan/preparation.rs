//! The preparation meeting: questions of the kit, answered once.

use super::Prepared;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::Exercise;
use domain::exercise::event::Prepared as Answered;
use maud::html;

/// `GET /exercices/{id}/preparation`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(page(&Prepared::of(&shared, &visitor, &id)?, Filled::BLANK))
}

pub(super) fn page(prepared: &Prepared<'_>, filled: Filled<'_>) -> Response {
    let exercise = prepared.exercise;
    let asked = &exercise.scenario().preparation;
    prepared.page("Préparation", filled.fault.map_or(StatusCode::OK, |f| f.status), |_| html! {
        h1 { (fr("Préparation")) }
        p.lead { (fr("Les questions de la réunion de préparation, deux à trois semaines avant. Une réponse par ligne suffit.")) }
        (filled.refusal(&[]))
        @if asked.is_empty() { p.muted { (fr("Ce scénario ne pose pas de question de préparation.")) } }
        @else {
            form.stacked method="post" action=(prepared.act("preparation")) { (stamps(prepared.shared, prepared.visitor))
                @for question in asked {
                    (filled.long(&Text { name: &format!("q-{}", question.key), label: &question.text, known: exercise.prepared.get(&question.key).map_or("", String::as_str), ..Text::default() }, 2))
                }
                @if prepared.is_open_to_change() { button.btn { "Enregistrer" } }
            }
        }
    })
}

/// The answers of a form.
pub(super) fn typed(fields: &Fields, exercise: &Exercise) -> Answered {
    let answer = |key: &String| fields.get(&format!("q-{key}")).trim().to_owned();
    let all = exercise.scenario().preparation.iter().map(|q| (q.key.clone(), answer(&q.key)));
    Answered { answers: all.filter(|(_, answer)| !answer.is_empty()).collect() }
}
