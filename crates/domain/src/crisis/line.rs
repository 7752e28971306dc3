//! One line of the log, and what follows from it.

use super::event::{Attachment, EntryType};
use crate::versions::Versions;
use journal::{ActorId, EntryId, Standing, SubjectId};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Who is to do something and by when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// Who.
    pub owner: Option<String>,
    /// By when, milliseconds since 1970.
    pub due_at: Option<i64>,
    /// When a decision is to be looked at again, milliseconds since 1970.
    pub review_at: Option<i64>,
}

/// A first signer asked that a wording be dropped everywhere; a second one may grant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasureAsk {
    /// The entry that asks.
    pub id: EntryId,
    /// The entry whose words it is about: the line, or one of its corrections.
    pub entry: EntryId,
    /// Who asked.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Why.
    pub reason: String,
}

/// Somebody who may approved an act that had not waited for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// The entry that approves.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// The journal entry.
    pub id: EntryId,
    /// Its type.
    pub entry_type: EntryType,
    /// Its words, corrections included; `None` once erased.
    pub text: Option<Versions<Arc<str>>>,
    /// Who typed it.
    pub typist: ActorId,
    /// Who said it, when somebody else.
    pub speaker: Option<String>,
    /// When it was typed, by the typist's clock, milliseconds since 1970.
    pub wall: i64,
    /// When it happened, when that differs.
    pub occurred_at: Option<i64>,
    /// Owner, due time and review.
    pub assignment: Option<Versions<Assignment>>,
    /// The entry that says it is done or answered.
    pub closed_by: Option<EntryId>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// An act done before anybody approved it.
    pub to_confirm: bool,
    /// Who approved it since.
    pub approval: Option<Approval>,
    /// The decision that it carries out.
    pub carries_out: Option<EntryId>,
    /// Actions that carry it out, for a decision.
    pub carried_out_by: Vec<EntryId>,
    /// The activity or application it is about.
    pub activity: Option<SubjectId>,
    /// Re-keyed from a paper log.
    pub from_paper: bool,
    /// Typed while the crisis was lifted.
    pub after_lifting: bool,
    /// What it is worth.
    #[serde(serialize_with = "standing_name")]
    pub standing: Standing,
    /// Requests, by a first signer, that these words be dropped.
    pub erasure_asks: Vec<ErasureAsk>,
    /// Corrections by people without authority: shown, they strike nothing.
    pub remarks: Vec<(EntryId, String)>,
}

fn standing_name<S: Serializer>(standing: &Standing, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{standing:?}"))
}

impl LogEntry {
    /// When it happened: the time told, else the time typed.
    pub fn happened_at(&self) -> i64 {
        self.occurred_at.unwrap_or(self.wall)
    }

    /// The words to show now.
    pub fn words(&self) -> Option<&str> {
        self.text.as_ref().map(|t| &*t.current().value)
    }

    /// Owner, due time and review to show now.
    pub fn assigned(&self) -> Assignment {
        self.assignment.as_ref().map(|a| a.current().value.clone()).unwrap_or_default()
    }

    /// Whether it is still to be done or answered.
    pub fn is_open_task(&self) -> bool {
        self.entry_type.is_task() && self.closed_by.is_none() && self.standing.has_authority() && self.text.is_some()
    }

    /// An action without an owner or a due time, or a decision that has neither and that no action carries out:
    /// recorded, badged « à compléter » and asked for.
    pub fn is_incomplete(&self) -> bool {
        let needs = match self.entry_type {
            EntryType::Action => true,
            EntryType::Decision => self.carried_out_by.is_empty(),
            _ => false,
        };
        let assigned = self.assigned();
        needs && self.is_open_task() && (assigned.owner.is_none() || assigned.due_at.is_none())
    }

    /// Whether it should have been done by then (milliseconds since 1970).
    pub fn is_late(&self, now: i64) -> bool {
        self.is_open_task() && self.assigned().due_at.is_some_and(|due| due < now)
    }

    /// A decision that is to be looked at again by then (milliseconds since 1970).
    pub fn is_to_review(&self, now: i64) -> bool {
        self.is_open_task() && self.assigned().review_at.is_some_and(|at| at <= now)
    }

    /// An act done before anybody approved it, and not approved yet.
    pub fn awaits_approval(&self) -> bool {
        self.to_confirm && self.approval.is_none() && self.standing.has_authority() && self.text.is_some()
    }
}
