//! Keeping the map true: impact analyses, reviews, and asking for them.

use crate::register::day::Day;
use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long an interruption lasts, in the impact analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Horizon {
    /// One hour.
    #[serde(rename = "1h")]
    Hour,
    /// Four hours.
    #[serde(rename = "4h")]
    FourHours,
    /// A day.
    #[serde(rename = "24h")]
    Day,
    /// Three days.
    #[serde(rename = "72h")]
    ThreeDays,
    /// A week.
    #[serde(rename = "1w")]
    Week,
    /// A month.
    #[serde(rename = "1m")]
    Month,
}

impl Horizon {
    /// All horizons, nearest first.
    pub const ALL: [Self; 6] = [Self::Hour, Self::FourHours, Self::Day, Self::ThreeDays, Self::Week, Self::Month];

    /// The name in forms and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::FourHours => "4h",
            Self::Day => "24h",
            Self::ThreeDays => "72h",
            Self::Week => "1w",
            Self::Month => "1m",
        }
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Hour => "1 h",
            Self::FourHours => "4 h",
            Self::Day => "24 h",
            Self::ThreeDays => "72 h",
            Self::Week => "1 semaine",
            Self::Month => "1 mois",
        }
    }

    /// How long it is, in minutes; a month is taken as 30 days.
    pub fn minutes(self) -> u32 {
        match self {
            Self::Hour => 60,
            Self::FourHours => 240,
            Self::Day => 1_440,
            Self::ThreeDays => 4_320,
            Self::Week => 10_080,
            Self::Month => 43_200,
        }
    }
}

/// What suffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Soins.
    Care,
    /// Juridique.
    Legal,
    /// Financier.
    Financial,
    /// Image.
    Image,
}

impl Criterion {
    /// All criteria, care first.
    pub const ALL: [Self; 4] = [Self::Care, Self::Legal, Self::Financial, Self::Image];

    /// The name in forms and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Care => "care",
            Self::Legal => "legal",
            Self::Financial => "financial",
            Self::Image => "image",
        }
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Care => "soins",
            Self::Legal => "juridique",
            Self::Financial => "financier",
            Self::Image => "image",
        }
    }
}

/// Levels of harm, 0 to 4, with the word of each.
pub const HARM_LEVELS: [&str; 5] = ["nul", "faible", "sensible", "grave", "critique"];
/// From this level on, harm is not tolerable: the first horizon that reaches it bounds the DMIA.
pub const HARM_INTOLERABLE: u8 = 3;

/// Harm of an interruption of that length, for that criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Harm {
    /// What suffers.
    pub criterion: Criterion,
    /// After how long.
    pub horizon: Horizon,
    /// How much, 0 to 4: a place in [`HARM_LEVELS`].
    pub level: u8,
}

/// The impact of an activity's interruption (BIA) was judged. The subject is the activity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BiaSet {
    /// One judgement per criterion and horizon; what nobody judged is absent.
    pub harms: Vec<Harm>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who validated it; empty: nobody yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub validated_by: String,
    /// On which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validated_on: Option<Day>,
    /// Analyses its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// Somebody read records again and found them true. The subject is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// Activities, elements, interfaces.
    pub about: Vec<SubjectId>,
    /// On which day.
    pub on: Day,
    /// By whom, when not the author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Somebody was asked to read records again. The subject is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewAsked {
    /// Activities, elements, interfaces.
    pub about: Vec<SubjectId>,
    /// Whom.
    pub of: String,
    /// Until when.
    pub due_on: Day,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
