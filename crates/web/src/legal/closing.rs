//! A declaration was made, is without object, or runs again: each with its proof or its reason.

use super::{link, obligation};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome as Recorded, Scene, act, seen, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use domain::Event;
use domain::legal::event::{ClockClosed, Outcome};

/// `POST …/echeances/{key}/clore`.
pub(super) async fn close(
    State(shared): State<Shared>,
    Path((journal, id, key)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| decided(scene, &key, fields);
    let give_back = |scene: &Scene<'_>, fields: &Fields, fault: &Fault| obligation::page(scene, &key, Filled::of(fields, fault));
    act(&shared, (journal, id), request, decide, give_back).await
}

fn decided(scene: &Scene<'_>, key: &str, fields: &Fields) -> Result<Recorded, Fault> {
    let outcome = match fields.get("outcome") {
        "sent" | "" => Outcome::Sent,
        "not_applicable" => Outcome::NotApplicable,
        "reopened" => Outcome::Reopened,
        _ => return Err(wrong("outcome", "Choisissez : fait, sans objet, ou à rouvrir.")),
    };
    let at = moment(fields, "at", &scene.local, scene.shared.now(), false)?.unwrap_or_else(|| scene.shared.now());
    if at > scene.shared.now() + 60_000 {
        return Err(wrong("at", "Cette heure est à venir : une déclaration se note une fois faite."));
    }
    let me = scene.state.register.name(&scene.visitor.actor);
    let sent = outcome == Outcome::Sent;
    let closed = ClockClosed {
        key: key.to_owned(),
        outcome,
        at,
        by: fields.filled("by").unwrap_or(me),
        channel: fields.filled("channel").unwrap_or_default(),
        reference: fields.filled("reference").unwrap_or_default(),
        reason: fields.filled("reason").unwrap_or_default(),
        text: if sent { fields.filled("text").unwrap_or_default() } else { String::new() },
        attachments: fields.files.clone(),
        supersedes: seen(fields),
    };
    let drafts = vec![Event::ClockClosed(closed).draft(scene.crisis.id)];
    Ok(Recorded { drafts, next: link(scene, key) })
}
