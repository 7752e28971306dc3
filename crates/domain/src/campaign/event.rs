//! What can happen to a campaign. The entry's subject is the campaign.

use crate::exercise::event::outcome::Results;
use crate::exercise::event::scenario::{Item, Level};
use journal::{EntryId, PublicKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A campaign was set up, or set anew (`campaign.set`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignSet {
    /// Its name.
    pub title: String,
    /// Key of the kit that is played; empty: each chooses.
    #[serde(default)]
    pub kit: String,
    /// At which level.
    #[serde(default)]
    pub level: Level,
    /// When it begins, milliseconds since 1970.
    pub from: i64,
    /// When it ends, milliseconds since 1970.
    pub until: i64,
    /// What the organiser says to everybody.
    #[serde(default)]
    pub words: String,
    /// Questions of the preparation questionnaire.
    #[serde(default)]
    pub questions: Vec<Item>,
    /// Wordings its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An establishment of a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its FINESS number: nine digits, or `2A`/`2B` and seven.
    pub finess: String,
    /// Its name.
    pub name: String,
    /// Its kind, as the content names kinds; empty when it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Whom to call about the exercise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Day of its last exercise, milliseconds since 1970, when it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_exercise: Option<i64>,
    /// It was taken out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// Establishments were put into a campaign, all at once (`campaign.targets_set`); each replaces the one of its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetsSet {
    /// The establishments.
    pub targets: Vec<Target>,
}

/// The exercise of an establishment has a day (`campaign.planned`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its FINESS number.
    pub finess: String,
    /// When, milliseconds since 1970; none: the day is given up.
    #[serde(default)]
    pub at: Option<i64>,
    /// Where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// The preparation questionnaire of an establishment was answered (`campaign.answered`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Its FINESS number.
    pub finess: String,
    /// Question's key and answer.
    pub answers: Vec<(String, String)>,
}

/// Results came by file (`campaign.result_received`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultReceived {
    /// FINESS number of the establishment.
    pub finess: String,
    /// What its exercise came to.
    pub results: Results,
    /// Who signed the file, in their words.
    pub signed_by: String,
    /// Root key of the establishment that signed it.
    pub root: PublicKey,
}

/// An establishment is not asked to play (`campaign.excused`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Excused {
    /// Its FINESS number.
    pub finess: String,
    /// Why; empty: it is asked again.
    #[serde(default)]
    pub reason: String,
}
