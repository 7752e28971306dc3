//! From the fields of the log's box to what is recorded.

use super::command;
use crate::answer::Fault;
use crate::form::Fields;
use crate::local::Local;
use axum::http::StatusCode;
use domain::crisis::event::{EntryType, Logged};
use domain::register::Register;

/// A browser's claim of when a line was typed counts within this much of the server's clock (milliseconds): the past
/// for lines that waited for the server, a little future for its drift.
const TYPED_BEFORE_MS: i64 = 7 * 24 * 3_600_000;
const TYPED_AFTER_MS: i64 = 5 * 60_000;

/// What the form says, or which field is wrong.
pub(super) fn logged(fields: &Fields, register: &Register, local: &Local, now: i64) -> Result<Logged, Fault> {
    let chosen = match fields.get("entry_type") {
        "" => EntryType::Fact,
        name => EntryType::from_name(name)
            .ok_or_else(|| unreadable("entry_type", "Ce type d’entrée n’existe pas : choisissez-en un."))?,
    };
    let typed_at = typed_at(fields, now);
    let people: Vec<&str> = register.people.values().map(|p| p.name.as_str()).filter(|name| !name.is_empty()).collect();
    let typed = command::read(fields.get("text"), chosen, &people, local, typed_at.unwrap_or(now));
    let mut logged = Logged::new(typed.entry_type, typed.text);
    logged.speaker = fields.filled("speaker");
    logged.occurred_at = moment(fields, "occurred_at", local, typed_at.unwrap_or(now), false)?;
    if logged.occurred_at.is_none() && fields.get("deferred") == "1" {
        // Typed while the server was away: that is when it happened, as far as anybody knows.
        logged.occurred_at = typed_at;
    }
    logged.owner = fields.filled("owner").or(typed.owner);
    logged.due_at = moment(fields, "due_at", local, typed_at.unwrap_or(now), true)?.or(typed.due_at);
    logged.attachments.clone_from(&fields.files);
    logged.to_confirm = typed.to_confirm || fields.get("to_confirm") == "1";
    logged.review_at = moment(fields, "review_at", local, typed_at.unwrap_or(now), true)?;
    logged.carries_out = fields.get("carries_out").parse().ok();
    logged.activity = fields.get("activity").parse().ok();
    if logged.text.is_empty() && !logged.attachments.is_empty() {
        logged.text = if logged.attachments.len() == 1 { "Pièce jointe." } else { "Pièces jointes." }.to_owned();
    }
    if !logged.entry_type.is_task() && (logged.owner.is_some() || logged.due_at.is_some()) {
        let field = if logged.owner.is_some() { "owner" } else { "due_at" };
        let sentence = "Seules une action, une décision ou une question ont un responsable et une échéance : changez le type, ou videz ce champ.";
        return Err(unreadable(field, sentence));
    }
    Ok(logged)
}

fn typed_at(fields: &Fields, now: i64) -> Option<i64> {
    let claimed: i64 = fields.get("typed_at").parse().ok()?;
    (now - TYPED_BEFORE_MS..=now + TYPED_AFTER_MS).contains(&claimed).then_some(claimed)
}

/// A moment typed by a person in a field, if any.
pub(crate) fn moment(fields: &Fields, name: &str, local: &Local, now: i64, ahead: bool) -> Result<Option<i64>, Fault> {
    let Some(text) = fields.filled(name) else { return Ok(None) };
    let example = if ahead { "+2h, 14:30 ou 22/11 14:30" } else { "14:30 ou 21/11 14:30" };
    let sentence = format!("« {text} » n’est pas une heure comprise ici : écrivez par exemple {example}.");
    local.parse(&text, now, ahead).map(Some).ok_or_else(|| unreadable(name, sentence))
}

fn unreadable(field: &str, sentence: impl Into<String>) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_field", sentence).about(field)
}
