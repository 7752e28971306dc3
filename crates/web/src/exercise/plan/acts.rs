//! What the forms of the preparation record. A refusal gives the page back with what was typed.

use super::super::path;
use super::{Prepared, chronogramme, context, criteria, frame, inject, one, people, preparation};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, seen, wrong};
use crate::fields::Filled;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Inject, Scenario};
use domain::exercise::event::{Cancelled, InjectRemoved, InjectSet, ScenarioSet};

/// `POST /journaux/{journal}/exercices/{id}/{act}`.
pub(super) async fn act(
    State(shared): State<Shared>,
    Path((journal, id, act)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let exercise = match Prepared::of(&shared, &sent.visitor, &id) {
        Ok(prepared) => prepared.exercise,
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let decide = |sent: &Sent| {
        let events = events(&act, sent, exercise)?;
        Ok(Outcome { drafts: events.iter().map(|event| event.draft(exercise.id)).collect(), next: next(&act, exercise) })
    };
    let back = |sent: &Sent, fault: &Fault| match Prepared::of(&shared, &sent.visitor, &id) {
        Ok(prepared) => given_back(&prepared, &act, sent, fault),
        Err(fault) => fault.into_response(),
    };
    concluded(&shared, &journal, &sent, decide, back).await
}

fn next(act: &str, exercise: &Exercise) -> String {
    let below = match act {
        "contexte" => "/contexte",
        "stimulus" | "retirer" | "decalage" => "/chronogramme",
        "critere" => "/criteres",
        "participant" => "/participants",
        _ => "",
    };
    format!("{}{below}", path(exercise.id))
}

fn given_back(prepared: &Prepared<'_>, act: &str, sent: &Sent, fault: &Fault) -> Response {
    let filled = Filled::of(&sent.fields, fault);
    match act {
        "cadre" => frame::page(prepared, filled),
        "contexte" => context::page(prepared, filled),
        "stimulus" => inject::page(prepared, sent.fields.get("known"), filled),
        "retirer" | "decalage" => chronogramme::page(prepared, filled),
        "critere" => criteria::page(prepared, sent.fields.get("key"), filled),
        "participant" => people::page(prepared, filled),
        "preparation" => preparation::page(prepared, filled),
        _ => one::prepared_page(prepared, filled),
    }
}

fn events(act: &str, sent: &Sent, exercise: &Exercise) -> Result<Vec<Event>, Fault> {
    let (fields, known) = (&sent.fields, exercise.scenario());
    let framed = |scenario: Scenario| vec![Event::ExerciseFramed(ScenarioSet { scenario, supersedes: seen(fields) })];
    Ok(match act {
        "cadre" => framed(frame::typed(fields, &sent.visitor, known)?),
        "contexte" => framed(context::typed(fields, &sent.visitor.view.state, known)),
        "critere" => framed(criteria::typed(fields, known)?),
        "stimulus" => {
            let played = exercise.injects.get(fields.get("key").trim()).filter(|p| !p.removed);
            let inject = inject::typed(fields, played.map(|p| p.inject()))?;
            if played.is_some() && fields.get("known").is_empty() {
                return Err(wrong("key", "Ce numéro est déjà pris : donnez-en un autre."));
            }
            vec![Event::InjectSet(InjectSet { inject, supersedes: seen(fields) })]
        }
        "retirer" => vec![Event::InjectRemoved(InjectRemoved { key: fields.get("stimulus").to_owned() })],
        "decalage" => shifted(sent, exercise)?,
        "participant" => vec![Event::ParticipantSet(people::typed(fields)?)],
        "preparation" => vec![Event::ExercisePrepared(preparation::typed(fields, exercise))],
        "annuler" => vec![Event::ExerciseCancelled(Cancelled { reason: fields.get("reason").trim().to_owned() })],
        _ => return Err(Fault::not_found()),
    })
}

/// Every inject from a minute on, moved by as much; none goes before DEBEX.
fn shifted(sent: &Sent, exercise: &Exercise) -> Result<Vec<Event>, Fault> {
    let number = |name: &'static str| {
        let sentence = "Écrivez des minutes en chiffres, par exemple 5 ou -5.";
        sent.fields.get(name).trim().parse::<i64>().map_err(|_| wrong(name, sentence))
    };
    let (from, by) = (number("de")?, number("minutes")?);
    let moved = exercise.injects.values().filter(|p| !p.removed).filter_map(|p| {
        let at = i64::from(p.inject().at.filter(|at| i64::from(*at) >= from)?);
        let at = u32::try_from((at + by).max(0)).ok()?;
        let inject = Inject { at: Some(at), ..p.inject().clone() };
        Some(Event::InjectSet(InjectSet { inject, supersedes: p.written.seen() }))
    });
    Ok(moved.collect())
}
