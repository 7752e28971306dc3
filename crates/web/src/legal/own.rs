//! Obligations of one's own, and the dates that the establishment reads in its contracts and calendar.

use super::{deadlines, link, obligation};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome, Scene, act, seen, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use domain::Event;
use domain::legal::event::{ClockAdopted, Delay, Starts};
use journal::entry::sha256;

/// `POST …/echeances/nouvelle`: an obligation that no shipped one says.
pub(super) async fn add(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let due_at = moment(fields, "due_at", &scene.local, scene.shared.now(), true)?;
        let due_at = due_at.ok_or_else(|| wrong("due_at", "Écrivez l’heure limite, par exemple +3j ou 24/11 12:00."))?;
        let adopted = ClockAdopted {
            // Named by the request: the same form sent twice adds one.
            key: format!("propre-{}", &sha256(fields.get("request").as_bytes()).to_string()[..16]),
            title: fields.get("title").trim().to_owned(),
            what: fields.filled("what").unwrap_or_default(),
            who: fields.filled("who").unwrap_or_default(),
            whom: fields.filled("whom").unwrap_or_default(),
            starts: Starts::Known,
            delay: Delay::Local,
            due_at: Some(due_at),
            ..ClockAdopted::default()
        };
        recorded(scene, adopted)
    };
    let give_back = |scene: &Scene<'_>, fields: &Fields, fault: &Fault| deadlines::page(scene, Filled::of(fields, fault));
    act(&shared, at.0, request, decide, give_back).await
}

/// `POST …/echeances/{key}/dater`: the date that the contract or the calendar says.
pub(super) async fn date(
    State(shared): State<Shared>,
    Path((journal, id, key)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let clock = super::of(scene).and_then(|legal| legal.clocks.get(&key)).ok_or_else(Fault::not_found)?;
        let due_at = moment(fields, "due_at", &scene.local, scene.shared.now(), true)?;
        let due_at = due_at.ok_or_else(|| wrong("due_at", "Écrivez la date lue, par exemple 27/11 12:00."))?;
        recorded(scene, ClockAdopted { due_at: Some(due_at), supersedes: seen(fields), ..clock.words().clone() })
    };
    let give_back = |scene: &Scene<'_>, fields: &Fields, fault: &Fault| obligation::page(scene, &key, Filled::of(fields, fault));
    act(&shared, (journal, id), request, decide, give_back).await
}

fn recorded(scene: &Scene<'_>, adopted: ClockAdopted) -> Result<Outcome, Fault> {
    let next = link(scene, &adopted.key);
    Ok(Outcome { drafts: vec![Event::ClockAdopted(adopted).draft(scene.crisis.id)], next })
}
