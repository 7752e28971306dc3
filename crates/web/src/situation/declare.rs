//! Declaring how an activity or an application works, and the form that says so.

use super::board::path;
use super::thing::{self, Kind, Thing};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome, Scene, act, seen, subject, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use crate::session::Visitor;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::situation::board::proposed_hold;
use domain::situation::event::{Status, StatusDeclared};

const MINUTE_MS: i64 = 60_000;

pub(super) type AboutPath = Path<(String, String, String)>;

/// `GET …/situation/{about}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path((journal, id, about)): AboutPath) -> Response {
    let found = Scene::of(&shared, &visitor, &journal, &id)
        .and_then(|scene| Ok(thing::page(&scene, &find(&scene, &about)?, Filled::BLANK)));
    found.unwrap_or_else(IntoResponse::into_response)
}

pub(super) fn find<'a>(scene: &Scene<'a>, about: &str) -> Result<Thing<'a>, Fault> {
    Thing::find(scene, subject(about)?).ok_or_else(Fault::not_found)
}

/// `POST …/situation/{about}`.
pub(super) async fn declare(State(shared): State<Shared>, Path((journal, id, about)): AboutPath, request: Request) -> Response {
    let back = about.clone();
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let thing = find(scene, &about)?;
        let declared = declaration(scene, fields, &thing)?;
        let stopped_application = thing.kind == Kind::Application && declared.status == Status::Stopped;
        let page = path(scene, &thing.line.id);
        let next = match fields.get("from") {
            "room" => scene.room.clone(),
            _ if stopped_application => format!("{page}#entraine"),
            _ => page,
        };
        Ok(Outcome { drafts: vec![Event::StatusDeclared(declared).draft(scene.crisis.id)], next })
    };
    act(&shared, (journal, id), request, decide, move |scene, fields, fault| give_back(scene, &back, fields, fault)).await
}

/// The form again, filled in, with what is wrong.
pub(super) fn give_back(scene: &Scene<'_>, about: &str, fields: &Fields, fault: &Fault) -> Response {
    match find(scene, about) {
        Ok(thing) => thing::page(scene, &thing, Filled::of(fields, fault)),
        Err(_) => fault.clone().into_response(),
    }
}

/// What the form says. The quick form asks for the usual limit to be worked out (`propose`); the whole one shows it to be changed.
fn declaration(scene: &Scene<'_>, fields: &Fields, thing: &Thing<'_>) -> Result<StatusDeclared, Fault> {
    let status = Status::from_name(fields.get("status")).ok_or_else(|| wrong("status", "Choisissez un état."))?;
    let supersedes = seen(fields);
    // Said again by somebody who saw it: it began when it began. The same form sent twice saw nothing new, and stays the same.
    let before = thing.line.last().filter(|last| last.value.status == status && supersedes.contains(&last.id));
    let since = moment(fields, "since", &scene.local, scene.now, false)?.or_else(|| before.map(|last| last.since()));
    let typed = moment(fields, "holds_until", &scene.local, scene.now, true)?;
    let proposed = || (fields.get("propose") == "1").then(|| proposal(scene, thing, status, since)).flatten();
    Ok(StatusDeclared {
        about: thing.line.id,
        name: thing.line.name.to_owned(),
        status,
        since,
        // Only what is degraded or stopped runs out.
        holds_until: typed.or_else(proposed).filter(|_| status.is_limited()),
        review_at: moment(fields, "review_at", &scene.local, scene.now, true)?,
        said_by: fields.filled("said_by"),
        note: fields.filled("note"),
        supersedes,
    })
}

/// Until when care is thought to hold: the limit already running, else the tolerable interruption counted from the beginning.
pub(super) fn proposal(scene: &Scene<'_>, thing: &Thing<'_>, status: Status, since: Option<i64>) -> Option<i64> {
    let running = thing.line.last().filter(|last| status.is_limited() && last.value.status.is_limited());
    running.and_then(|last| last.value.holds_until).or_else(|| {
        // To the minute: the same form sent twice is the same declaration.
        let from = since.unwrap_or(scene.now - scene.now.rem_euclid(MINUTE_MS));
        proposed_hold(thing.activity?, status, from)
    })
}
