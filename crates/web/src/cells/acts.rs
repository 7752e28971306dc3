//! What the forms of the cells record.

use super::one::{self, CellPath, find};
use super::page;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome, Scene, act, made, seen, subject, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cells::Cell;
use domain::cells::event::{CellKind, CellSet, MemberSet, Met, Rhythm, StoodDown};
use journal::SubjectId;

/// A turn longer than this ago is not the one meant.
const HALF_DAY_MS: i64 = 12 * 3_600_000;

fn rhythm(fields: &Fields, kind: CellKind) -> Result<Option<Rhythm>, Fault> {
    let typed = fields.get("rhythm").trim();
    match typed {
        "" => Ok(None),
        "usual" => Ok(kind.usual_rhythm()),
        _ => {
            let read = typed
                .split_once('/')
                .and_then(|(times, days)| Some(Rhythm { times: times.parse().ok()?, days: days.parse().ok()? }));
            read.map(Some).ok_or_else(|| wrong("rhythm", "Choisissez un rythme de la liste."))
        }
    }
}

fn settings(scene: &Scene<'_>, fields: &Fields, cell: SubjectId) -> Result<CellSet, Fault> {
    let kind = CellKind::from_name(fields.get("kind")).ok_or_else(|| wrong("kind", "Choisissez une cellule de la liste."))?;
    let text = |name: &str| fields.get(name).trim().to_owned();
    Ok(CellSet {
        cell,
        kind,
        name: fields.filled("name").unwrap_or_else(|| kind.label().to_owned()),
        room: text("room"),
        phone: text("phone"),
        rhythm: rhythm(fields, kind)?,
        next_at: moment(fields, "next_at", &scene.local, scene.now, true)?,
        supersedes: seen(fields),
    })
}

fn outcome(scene: &Scene<'_>, event: &Event, cell: SubjectId) -> Outcome {
    Outcome { drafts: vec![event.draft(scene.crisis.id)], next: format!("{}/cellules/{cell}", scene.room) }
}

/// `POST …/cellules`.
pub(super) async fn set_up(State(shared): State<Shared>, Path(path): Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let cell = made(fields, "cell", fields.get("kind"));
        Ok(outcome(scene, &Event::CellSet(settings(scene, fields, cell)?), cell))
    };
    act(&shared, path, request, decide, |scene, fields, fault| page::page(scene, Filled::of(fields, fault))).await
}

/// What is common to the forms of one cell; `name` says which form comes back filled in.
async fn on_cell(
    shared: Shared,
    Path((journal, id, cell)): CellPath,
    request: Request,
    name: &'static str,
    decide: impl FnOnce(&Scene<'_>, &Fields, &Cell) -> Result<Event, Fault>,
) -> Response {
    let back = cell.clone();
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let cell = find(scene, &cell)?;
        Ok(outcome(scene, &decide(scene, fields, cell)?, cell.id))
    };
    let give_back = move |scene: &Scene<'_>, fields: &Fields, fault: &Fault| match find(scene, &back) {
        Ok(cell) => one::page(scene, cell, name, Filled::of(fields, fault)),
        Err(fault) => fault.into_response(),
    };
    act(&shared, (journal, id), request, decide, give_back).await
}

/// `POST …/cellules/{cell}`.
pub(super) async fn change(State(shared): State<Shared>, path: CellPath, request: Request) -> Response {
    on_cell(shared, path, request, "", |scene, fields, cell| Ok(Event::CellSet(settings(scene, fields, cell.id)?))).await
}

/// When a turn begins: a clock time is today's turn, already begun or about to.
fn begins(scene: &Scene<'_>, fields: &Fields) -> Result<Option<i64>, Fault> {
    let past = moment(fields, "from", &scene.local, scene.now, false)?;
    match past {
        Some(at) if scene.now.saturating_sub(at) <= HALF_DAY_MS => Ok(Some(at)),
        _ => moment(fields, "from", &scene.local, scene.now, true),
    }
}

/// `POST …/membres`.
pub(super) async fn member(State(shared): State<Shared>, path: CellPath, request: Request) -> Response {
    on_cell(shared, path, request, "membres", |scene, fields, cell| {
        let name = fields.get("member").trim().to_owned();
        let known = scene.state.register.present().find(|(_, person)| person.name == name).map(|(actor, _)| *actor);
        let from = begins(scene, fields)?;
        // A turn ends after it begins: « 20:00 » to « 08:00 » is a night.
        let until = moment(fields, "until", &scene.local, from.unwrap_or(scene.now), true)?;
        Ok(Event::CellMemberSet(MemberSet {
            cell: cell.id,
            member: made(fields, "member", &name),
            name,
            actor: known,
            duty: fields.get("duty").trim().to_owned(),
            from,
            until,
            left: false,
            supersedes: Vec::new(),
        }))
    })
    .await
}

/// `POST …/membres/{member}/depart`.
pub(super) async fn leave(
    State(shared): State<Shared>,
    Path((journal, id, cell, member)): Path<(String, String, String, String)>,
    request: Request,
) -> Response {
    on_cell(shared, Path((journal, id, cell)), request, "depart", |_, fields, cell| {
        let line = cell.rota.get(&subject(&member)?).ok_or_else(Fault::not_found)?;
        Ok(Event::CellMemberSet(MemberSet { left: true, supersedes: seen(fields), ..line.current().value.clone() }))
    })
    .await
}

/// `POST …/reunion`.
pub(super) async fn met(State(shared): State<Shared>, path: CellPath, request: Request) -> Response {
    on_cell(shared, path, request, "reunion", |scene, fields, cell| {
        let at = moment(fields, "at", &scene.local, scene.now, false)?.unwrap_or(scene.now);
        let next_at = moment(fields, "next_at", &scene.local, scene.now, true)?;
        Ok(Event::CellMet(Met { cell: cell.id, at, summary: fields.get("summary").trim().to_owned(), next_at }))
    })
    .await
}

/// `POST …/lever`.
pub(super) async fn stand_down(State(shared): State<Shared>, path: CellPath, request: Request) -> Response {
    on_cell(shared, path, request, "lever", |_, fields, cell| {
        Ok(Event::CellStoodDown(StoodDown { cell: cell.id, reason: fields.get("reason").trim().to_owned() }))
    })
    .await
}
