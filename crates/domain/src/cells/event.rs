//! What can happen to the cells of a crisis. The entry's subject is the crisis.

use journal::{ActorId, EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a cell is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Directs the crisis.
    #[default]
    Decisional,
    /// Runs care and support day by day.
    Operational,
    /// Contains, investigates, rebuilds.
    It,
    /// Speaks to staff, families, press.
    Communication,
    /// All heads of department together.
    Coordination,
    /// Finds out what happened.
    Investigation,
    /// Anything else.
    Other,
}

/// How often a cell meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// How many times...
    pub times: u8,
    /// ...in how many days (1: a day, 7: a week).
    pub days: u8,
}

/// A cell was set up, or its place, rhythm or next meeting changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CellSet {
    /// Which cell; made by the client the first time.
    pub cell: SubjectId,
    /// What it is for.
    pub kind: CellKind,
    /// Its name.
    pub name: String,
    /// Where it sits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub room: String,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// How often it meets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rhythm: Option<Rhythm>,
    /// Its next meeting, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<i64>,
    /// Settings its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// Somebody belongs to a cell, for a turn when times are given (rota).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberSet {
    /// Which cell.
    pub cell: SubjectId,
    /// Which line of its rota; made by the client the first time.
    pub member: SubjectId,
    /// Who, as written.
    pub name: String,
    /// Who, when they are in the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<ActorId>,
    /// What they do there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub duty: String,
    /// Their turn begins, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Their turn ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// They left the cell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// Lines its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A cell met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// Which cell.
    pub cell: SubjectId,
    /// When it began, milliseconds since 1970.
    pub at: i64,
    /// What came out of it.
    pub summary: String,
    /// When it meets next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<i64>,
}

/// A cell was stood down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoodDown {
    /// Which cell.
    pub cell: SubjectId,
    /// Why.
    pub reason: String,
}
