//! What remains of an exercise in the establishment's journal: its results, its findings, its report.

use super::conduct::{Grade, Tone};
use super::scenario::Level;
use journal::{EntryId, Hash, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the journal says of a criterion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// « atteint ».
    Met,
    /// « en retard »: reached after its time, or in part.
    Late,
    /// « manqué ».
    Missed,
    /// The journal says nothing of it: observers only.
    #[default]
    Unread,
}

impl Reading {
    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "Atteint",
            Self::Late => "En retard",
            Self::Missed => "Manqué",
            Self::Unread => "Non lu au journal",
        }
    }

    /// Its sign: shape and word go together.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Met => "●",
            Self::Late => "▲",
            Self::Missed => "■",
            Self::Unread => "○",
        }
    }
}

/// A value read off the journal, as it was then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// A number of things.
    Count(u64),
    /// Minutes of exercise time.
    Minutes(i64),
    /// Whether it is so.
    Truth(bool),
    /// Never, or nothing can be said.
    #[default]
    Never,
}

/// The outcome of one criterion. What the journal says and what observers saw are side by side and never averaged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionResult {
    /// Its key.
    pub key: String,
    /// Its title then.
    pub title: String,
    /// What the journal says.
    pub reading: Reading,
    /// The value it was read from.
    pub measured: Measured,
    /// How many observers saw it met, partly met, unmet.
    #[serde(default)]
    pub observed: [u32; 3],
}

/// What an exercise came to, in numbers: kept in the establishment's journal, sent to a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Its title.
    pub title: String,
    /// Key of its kit, empty when written here.
    pub kit: String,
    /// Its level.
    pub level: Level,
    /// When it began (DEBEX), milliseconds since 1970.
    pub began_at: i64,
    /// When it ended (FINEX or stop), milliseconds since 1970.
    pub ended_at: i64,
    /// Minutes of exercise time that were played.
    pub minutes: u32,
    /// Players and observers who took part.
    pub players: u32,
    /// Observers.
    pub observers: u32,
    /// Injects played.
    pub fired: u32,
    /// Injects explicitly not played.
    pub skipped: u32,
    /// Lines of the log.
    pub lines: u64,
    /// Whether a real emergency stopped it.
    #[serde(default)]
    pub stopped: bool,
    /// Criteria, in the order of the scenario.
    pub criteria: Vec<CriterionResult>,
}

/// The branch was closed (`exercise.closed`, in the establishment's journal).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Root of the branch's state.
    pub root: Hash,
    /// Its last entry.
    pub head: EntryId,
    /// How many entries it has.
    pub entries: u64,
    /// What it came to.
    pub results: Results,
}

/// A finding of the after-action report (`exercise.finding_set`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingSet {
    /// Which one; made by the client the first time.
    pub finding: SubjectId,
    /// What was good, or what was missing.
    pub tone: Tone,
    /// In one sentence.
    pub text: String,
    /// The minute of the branch to look at again, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The entry of the branch that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<EntryId>,
    /// The criterion it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub criterion: String,
    /// It was taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// Wordings its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// The words of the after-action report (`exercise.report_set`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportSet {
    /// What to remember, in one or two sentences.
    pub headline: String,
    /// What happened, in a few paragraphs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// What is recommended.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recommendations: String,
    /// Day of the cold debrief, `AAAA-MM-JJ`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub restitution: String,
    /// Who approves it as it stands; empty: a draft.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub validated_by: String,
    /// Wordings its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An observer's grade as counted in [`CriterionResult::observed`].
pub fn place(grade: Grade) -> usize {
    match grade {
        Grade::Met => 0,
        Grade::Partly => 1,
        Grade::Unmet => 2,
    }
}
