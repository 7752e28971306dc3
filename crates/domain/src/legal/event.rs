//! What can happen to the legal side of a crisis: clocks, complaint, evidence, claims. The entry's subject is the crisis.

use crate::crisis::event::Attachment;
use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From when a delay runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// From when the establishment knew.
    #[default]
    Known,
    /// From when it happened.
    Occurred,
    /// From when another declaration was sent, named by its clock's key.
    After(String),
}

/// How long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// Without delay: overdue from the start, and no figure is shown.
    #[default]
    None,
    /// Calendar hours.
    Hours(u32),
    /// Calendar months.
    Months(u32),
    /// A date that the establishment reads in its contract or calendar: never late before it is set.
    Local,
}

/// An obligation was taken over from the shipped content (or written here): its words are copied, so that the log stays
/// true when the content changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockAdopted {
    /// Its name in code, unique in a crisis, e.g. `cnil`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What to do.
    pub what: String,
    /// Who does it: a function of the register.
    pub who: String,
    /// To whom.
    pub whom: String,
    /// How to reach them.
    pub contact: String,
    /// From when it runs.
    pub starts: Starts,
    /// How long.
    pub delay: Delay,
    /// How long, as the rule says it, e.g. « dans les meilleurs délais ».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delay_words: String,
    /// The rule, in words.
    pub basis: String,
    /// When it does not concern everybody: whom it concerns.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// Text of the declaration, with placeholders.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// Where it comes from.
    pub source: String,
    /// Day of its edition.
    pub edition: String,
    /// `vérifié` or `à confirmer`.
    pub status: String,
    /// The date set by the establishment, for a delay of its own, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<i64>,
    /// Wordings its author had before their eyes: the obligation is described anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// How an obligation ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The declaration was made.
    #[default]
    Sent,
    /// It does not apply here.
    NotApplicable,
    /// It was closed by mistake and runs again.
    Reopened,
}

/// A declaration was made, or does not apply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockClosed {
    /// Which clock.
    pub key: String,
    /// How it ended.
    pub outcome: Outcome,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// By portal, telephone, mail...
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// Number given by whoever received it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Why, when it does not apply or runs again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The words sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Proof of sending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Endings its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A question of the complaint file was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintAnswered {
    /// Name of the question in code.
    pub key: String,
    /// The question, as it was read.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Answers its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A piece of evidence was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceListed {
    /// Which piece; made by the client the first time.
    pub evidence: SubjectId,
    /// What it is.
    pub label: String,
    /// Where it is kept.
    pub place: String,
    /// Who holds it.
    pub held_by: String,
    /// When it was taken, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<i64>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Its content, when it is a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A claim of an extortioner was noted. Nobody negotiates here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimNoted {
    /// Which claim; made by the client the first time.
    pub claim: SubjectId,
    /// Who signs it.
    pub claimant: String,
    /// What they say they hold or will do.
    pub demand: String,
    /// The sum asked for, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub amount: String,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// The deadline they set, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<i64>,
    /// Pictures of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Notes its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}
