//! What the forms of the preparation record. A refusal gives the page back with what was typed.

use super::super::path;
use super::{Prepared, chronogramme, conflict, context, criteria, frame, inject, one, people, preparation, prose};
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
        sent.fields.fault.clone().map_or(Ok(()), Err)?;
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
        "version" => "/cadre",
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
        "cadre" | "version" => frame::page(prepared, filled),
        "contexte" => context::page(prepared, filled),
        "stimulus" => inject::page(prepared, sent.fields.get("known"), filled),
        "retirer" | "decalage" => chronogramme::page(prepared, filled),
        "critere" => criteria::page(prepared, sent.fields.get("known"), filled),
        "participant" => people::page(prepared, filled),
        "preparation" => preparation::page(prepared, filled),
        _ => one::prepared_page(prepared, filled),
    }
}

fn events(act: &str, sent: &Sent, exercise: &Exercise) -> Result<Vec<Event>, Fault> {
    let (fields, known) = (&sent.fields, exercise.scenario());
    let framed = |scenario: Scenario| vec![Event::ExerciseFramed(ScenarioSet { scenario, supersedes: seen(fields) })];
    Ok(match act {
        "cadre" => framed(frame::typed(fields, &sent.visitor, exercise)?),
        "version" => framed(conflict::kept(fields, exercise)?),
        "contexte" => framed(context::typed(fields, &sent.visitor.view.state, known)),
        "critere" => framed(criteria::typed(fields, known)?),
        "stimulus" => {
            let played = exercise.injects.get(fields.get("key").trim()).filter(|p| !p.removed);
            let inject = inject::typed(fields, exercise)?;
            if played.is_some() && fields.get("known").is_empty() {
                return Err(wrong("key", "Ce numéro est déjà pris : donnez-en un autre."));
            }
            vec![Event::InjectSet(InjectSet { inject, supersedes: seen(fields) })]
        }
        "retirer" => vec![Event::InjectRemoved(InjectRemoved { key: fields.get("stimulus").to_owned() })],
        "decalage" => shifted(sent, exercise)?,
        "participant" => vec![Event::ParticipantSet(people::typed(fields)?)],
        "preparation" => vec![Event::ExercisePrepared(preparation::typed(fields, exercise)?)],
        "annuler" => vec![Event::ExerciseCancelled(Cancelled { reason: prose(fields, "reason") })],
        _ => return Err(Fault::not_found()),
    })
}

/// An inject and all that follow it, moved by as many minutes.
fn shifted(sent: &Sent, exercise: &Exercise) -> Result<Vec<Event>, Fault> {
    let sentence = "Écrivez des minutes en chiffres, par exemple 5, ou -5 pour avancer.";
    let typed = sent.fields.get("minutes").trim().replace('\u{2212}', "-");
    let by: i64 = typed.parse().ok().filter(|by| *by != 0).ok_or_else(|| wrong("minutes", sentence))?;
    let timed = chronogramme::timed(exercise);
    let from = timed.iter().position(|p| p.inject().key == sent.fields.get("de"));
    let from = from.ok_or_else(|| wrong("de", "Choisissez dans la liste le premier stimulus à décaler."))?;
    let moved = timed.into_iter().skip(from).map(|p| {
        let key = &p.inject().key;
        if p.written.is_conflict() {
            return Err(wrong("de", format!("Deux personnes ont écrit le stimulus {key} : tranchez d’abord entre elles.")));
        }
        let at = p.inject().at.and_then(|at| i64::from(at).checked_add(by)).and_then(|at| u32::try_from(at).ok());
        let sentence = "Ce décalage mène hors de l’exercice : aucun stimulus ne passe avant DEBEX.";
        let inject = Inject { at: Some(at.ok_or_else(|| wrong("minutes", sentence))?), ..p.inject().clone() };
        Ok(Event::InjectSet(InjectSet { inject, supersedes: p.written.seen() }))
    });
    moved.collect()
}
