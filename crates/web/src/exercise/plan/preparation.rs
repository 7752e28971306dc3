//! The preparation meeting: questions of the kit, answered once.

use super::{Prepared, prose};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::wrong;
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
        p.lead { (fr(&format!("{} questions sur {} ont une réponse. ", answered(exercise), asked.len()))) (fr("C’est l’ordre du jour de la réunion de préparation, deux à trois semaines avant.")) }
        (filled.refusal(&[]))
        @if asked.is_empty() { p.muted { (fr("Ce scénario ne pose pas de question de préparation.")) } }
        @else {
            form.stacked method="post" action=(prepared.act("preparation")) { (stamps(prepared.shared, prepared.visitor))
                @for question in asked {
                    input type="hidden" name={ "w-" (question.key) } value=(exercise.prepared.get(&question.key).map_or("", String::as_str));
                    (filled.long(&Text { name: &format!("q-{}", question.key), label: &question.text, known: exercise.prepared.get(&question.key).map_or("", String::as_str), ..Text::default() }, 2))
                }
                @if prepared.is_open_to_change() { button.btn { "Enregistrer" } }
            }
        }
    })
}

/// How many questions have an answer.
pub(super) fn answered(exercise: &Exercise) -> usize {
    let told = |key: &String| exercise.prepared.get(key).is_some_and(|answer| !answer.trim().is_empty());
    exercise.scenario().preparation.iter().filter(|question| told(&question.key)).count()
}

/// The answers that a form changes: what others answered meanwhile is left alone.
pub(super) fn typed(fields: &Fields, exercise: &Exercise) -> Result<Answered, Fault> {
    let known = |key: &String| exercise.prepared.get(key).map_or("", String::as_str);
    let was = |key: &String| {
        fields.texts.iter().find(|(name, _)| *name == format!("w-{key}")).map(|(_, was)| was.replace("\r\n", "\n"))
    };
    let all = exercise.scenario().preparation.iter().map(|q| (q.key.clone(), prose(fields, &format!("q-{}", q.key))));
    let changed = |(key, answer): &(String, String)| *answer != known(key) && was(key).is_none_or(|was| *answer != was.trim());
    let answers: Vec<(String, String)> = all.filter(changed).collect();
    if answers.is_empty() {
        return Err(wrong("answers", "Aucune réponse n’a changé : rien n’a été enregistré."));
    }
    Ok(Answered { answers })
}
