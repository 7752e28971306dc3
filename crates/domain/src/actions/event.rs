//! What can happen to the action plan. The entry's subject is the action, the batch of actions or the board that it
//! speaks of.

use super::Counts;
use crate::register::day::Day;
use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far an action is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has begun.
    #[default]
    ToDo,
    /// Begun.
    InProgress,
    /// Done.
    Done,
    /// Given up, with a reason.
    Dropped,
}

impl Status {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 4] = [Self::ToDo, Self::InProgress, Self::Done, Self::Dropped];

    /// The name in code, addresses and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToDo => "to_do",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::ToDo => "à faire",
            Self::InProgress => "en cours",
            Self::Done => "fait",
            Self::Dropped => "abandonné",
        }
    }

    /// Whether somebody still has to do it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::ToDo | Self::InProgress)
    }
}

/// What an action comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// A finding of an exercise.
    Exercise,
    /// An audit or an inspection.
    Audit,
    /// A real incident.
    Incident,
    /// A requirement of a framework.
    Framework,
    /// Anything else.
    #[default]
    Other,
}

impl OriginKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Exercise, Self::Audit, Self::Incident, Self::Framework, Self::Other];

    /// The name in code, addresses and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exercise => "exercise",
            Self::Audit => "audit",
            Self::Incident => "incident",
            Self::Framework => "framework",
            Self::Other => "other",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Exercise => "exercice",
            Self::Audit => "audit",
            Self::Incident => "incident",
            Self::Framework => "référentiel",
            Self::Other => "autre",
        }
    }
}

/// Where an action comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// What kind of thing.
    pub kind: OriginKind,
    /// Its name, e.g. « exercice du 21/11/2026 ».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What finds it again: an exercise's id, followed by `/` and a finding's id when one is meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl Origin {
    /// Whether it is that one, or one of its findings.
    pub fn comes_from(&self, reference: &str) -> bool {
        let rest = self.reference.strip_prefix(reference).filter(|_| !reference.is_empty());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// An action was described, or rewritten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionSet {
    /// What is to be done, in a few words.
    pub title: String,
    /// How, and what will prove that it is done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// 1 (X, simple) to 3 (XXX, a project).
    pub complexity: u8,
    /// 1 (A) to 3 (AAA, first).
    pub priority: u8,
    /// Who sees to it; empty: nobody yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// How far it is.
    #[serde(default)]
    pub status: Status,
    /// Progress, in per cent; 100 once done.
    #[serde(default)]
    pub progress: u8,
    /// The day it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Day>,
    /// Where it comes from.
    #[serde(default)]
    pub origin: Origin,
    /// Boards that follow it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boards: Vec<SubjectId>,
    /// Key of the reference action it was taken from, e.g. `rtx_02`; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// What was said of it last: why it is late, why it was given up.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An action among those adopted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adopted {
    /// Its id.
    pub id: SubjectId,
    /// What it is.
    pub action: ActionSet,
}

/// Several actions entered the plan together: from the reference list, or from the report of an exercise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionsAdopted {
    /// The actions.
    pub actions: Vec<Adopted>,
}

/// An action was taken off the plan: entered by mistake, or twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRemoved {
    /// Why.
    pub reason: String,
}

/// A board that follows actions was described, or rewritten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardSet {
    /// Its name, e.g. « CODIR ».
    pub name: String,
    /// What it looks at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub looks_at: String,
    /// How often it meets, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rhythm: String,
    /// When it meets next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_meeting: Option<Day>,
    /// Who chairs it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chair: String,
    /// Whether it follows actions no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A board was shown the actions that it follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// On which day.
    pub on: Day,
    /// What it was shown.
    pub counts: Counts,
    /// What it asked for or decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
