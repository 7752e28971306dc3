//! What can happen in a crisis. The entry's subject is the crisis.

use journal::{EntryId, Hash, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How serious it is thought to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Something is wrong, nobody knows what.
    #[default]
    Doubt,
    /// Probably an attack.
    Alert,
    /// A crisis.
    Crisis,
}

impl Level {
    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Doubt => "doute",
            Self::Alert => "alerte",
            Self::Crisis => "crise",
        }
    }
}

/// A crisis was opened. Times are milliseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrisisOpened {
    /// What it is, e.g. "Rançongiciel".
    pub title: String,
    /// Doubt, alert or crisis.
    pub level: Level,
    /// When it began, as far as known: T0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<i64>,
    /// When the establishment became aware of it: legal clocks start here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<i64>,
    /// When a person or a tool first saw a sign of it (version 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_at: Option<i64>,
    /// Sites and establishments of the group that it concerns, by their place in the register (version 2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SubjectId>,
}

/// What frames a crisis was set anew: its title, its level, its times, the sites it concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reframed {
    /// What it is.
    pub title: String,
    /// Doubt, alert or crisis.
    pub level: Level,
    /// When it began: T0.
    pub occurred_at: i64,
    /// When a sign of it was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_at: Option<i64>,
    /// When the establishment became aware of it.
    pub known_at: i64,
    /// Sites and establishments that it concerns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SubjectId>,
    /// Why.
    pub reason: String,
    /// Frames its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An act done before anybody approved it was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// The log entry that told the act.
    pub entry: EntryId,
}

/// A shift handed the room over to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandedOver {
    /// Which cell, when not the whole room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<SubjectId>,
    /// Who takes over.
    pub to: String,
    /// What they must know.
    pub summary: String,
    /// Words of the log's head, as printed on the hand-over page: a witness on paper.
    pub words: String,
}

/// The crisis was lifted (levée): never erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Why it can be lifted.
    pub reason: String,
    /// What remains to be done to come back to normal.
    pub remains: String,
    /// Who decided.
    pub decided_by: String,
}

/// A lifted crisis was opened again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopened {
    /// Why.
    pub reason: String,
}

/// Kind of a log entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryType {
    /// Something happened or was found out.
    Fact,
    /// Somebody decided.
    Decision,
    /// Something is to be done.
    Action,
    /// Something must be answered.
    Question,
    /// A telephone call.
    Call,
    /// A message was sent or received.
    Message,
}

impl EntryType {
    /// All types, in the order of the screen.
    pub const ALL: [Self; 6] = [Self::Fact, Self::Decision, Self::Action, Self::Question, Self::Call, Self::Message];

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fact => "fait",
            Self::Decision => "décision",
            Self::Action => "action",
            Self::Question => "question",
            Self::Call => "appel",
            Self::Message => "message",
        }
    }

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Decision => "decision",
            Self::Action => "action",
            Self::Question => "question",
            Self::Call => "call",
            Self::Message => "message",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// Whether somebody must do something until another entry closes it.
    pub fn is_task(self) -> bool {
        matches!(self, Self::Action | Self::Question | Self::Decision)
    }
}

/// A file that goes with an entry; its content is kept beside the journal under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    /// SHA-256 of the content.
    pub hash: Hash,
    /// Length in bytes.
    pub len: u64,
    /// Name given by the sender: a label, never a path.
    pub name: String,
}

/// Something was entered in the log: `crisis.entry_logged`, or `crisis.decision_taken` for a decision (which can never
/// be erased). Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logged {
    /// What kind of entry.
    pub entry_type: EntryType,
    /// The words.
    pub text: String,
    /// Who said it, when not the person who typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// When it happened, when not when it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<i64>,
    /// Who is to do it, for an action or a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<i64>,
    /// Actions done or questions answered by this entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<EntryId>,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// An act done before anybody approved it, to be approved (version 2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_confirm: bool,
    /// The decision that this action carries out (version 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carries_out: Option<EntryId>,
    /// When the decision is to be looked at again (version 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<i64>,
    /// The activity or application it is about (version 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<SubjectId>,
    /// Re-keyed from a paper log (version 2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_paper: bool,
}

impl Logged {
    /// A bare entry of a type.
    pub fn new(entry_type: EntryType, text: impl Into<String>) -> Self {
        Self {
            entry_type,
            text: text.into(),
            speaker: None,
            occurred_at: None,
            owner: None,
            due_at: None,
            closes: Vec::new(),
            attachments: Vec::new(),
            to_confirm: false,
            carries_out: None,
            review_at: None,
            activity: None,
            from_paper: false,
        }
    }

    /// The event, under the kind its type asks for.
    pub fn into_event(self) -> crate::Event {
        if self.entry_type == EntryType::Decision { crate::Event::DecisionTaken(self) } else { crate::Event::EntryLogged(self) }
    }
}

/// The words of an entry were corrected; the old ones stay visible, struck through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryCorrected {
    /// The entry corrected.
    pub entry: EntryId,
    /// The right words.
    pub text: String,
    /// Wordings its author had before their eyes.
    pub supersedes: Vec<EntryId>,
}

/// An action or decision got an owner or a due time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskAssigned {
    /// The action or decision.
    pub entry: EntryId,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<i64>,
    /// When a decision is to be looked at again (version 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<i64>,
    /// Assignments its author had before their eyes.
    pub supersedes: Vec<EntryId>,
}
