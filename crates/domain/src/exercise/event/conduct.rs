//! What happens while an exercise is played, in its branch.

use journal::EntryId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was done to the clock of the exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockAct {
    /// DEBEX: it begins at zero, at speed 1.
    Start,
    /// Held.
    Pause,
    /// Goes on.
    Resume,
    /// Goes so many times as fast as the wall clock: 1 to 8.
    Speed(u8),
    /// Goes on from this offset, milliseconds of exercise time; never back.
    Jump(i64),
    /// FINEX.
    Finish,
    /// A real emergency: everything stops, everybody is told. Why.
    Stop(String),
}

/// The clock of the exercise was acted upon (`exercise.clock_set`). Append-only: when an inject is due follows from its
/// offset and these alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockSet {
    /// What was done.
    pub act: ClockAct,
    /// From when, milliseconds since 1970.
    pub at: i64,
}

/// An inject reached its players (`exercise.inject_fired`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectFired {
    /// Its key.
    pub key: String,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// By a facilitator, not at its time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

/// An inject will not be played (`exercise.inject_skipped`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectSkipped {
    /// Its key.
    pub key: String,
    /// Why.
    pub reason: String,
}

/// An inject was moved (`exercise.inject_shifted`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectShifted {
    /// Its key.
    pub key: String,
    /// Its new minute after DEBEX.
    pub at: u32,
}

/// How a reaction was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// « atteint ».
    #[default]
    Met,
    /// « partiellement ».
    Partly,
    /// « non atteint ».
    Unmet,
}

impl Grade {
    /// All grades, best first.
    pub const ALL: [Self; 3] = [Self::Met, Self::Partly, Self::Unmet];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Unmet => "unmet",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "atteint",
            Self::Partly => "partiellement",
            Self::Unmet => "non atteint",
        }
    }

    /// Its sign: shape and word go together.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Met => "●",
            Self::Partly => "▲",
            Self::Unmet => "■",
        }
    }
}

/// A facilitator saw the players react, or not (`exercise.reaction_noted`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReactionNoted {
    /// Key of the inject.
    pub key: String,
    /// How they reacted.
    pub grade: Grade,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A player opened an inject (`exercise.inject_read`). A facilitator's preview never writes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectRead {
    /// Its key.
    pub key: String,
}

/// Before DEBEX, a participant said that they are there and can read (`exercise.reached`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// Where they sit or how they are reached, in words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// An observer judged a criterion (`exercise.observed`). Judging again replaces one's own judgement, and nobody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Key of the criterion.
    pub criterion: String,
    /// How it was.
    pub grade: Grade,
    /// What was seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

/// Whether a remark or a finding is to be kept or to be mended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// « point fort ».
    Positive,
    /// « à revoir ».
    #[default]
    Negative,
}

impl Tone {
    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Positive, Self::Negative].into_iter().find(|tone| tone.name() == name)
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Positive => "point fort",
            Self::Negative => "à revoir",
        }
    }
}

/// An observer or a facilitator remarked something (`exercise.remarked`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remarked {
    /// To keep or to mend.
    pub tone: Tone,
    /// What was seen.
    pub text: String,
    /// The inject it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inject: String,
    /// The line of the log it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<EntryId>,
    /// When it was seen, when not when it was written, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
}

/// A participant answered the hot debrief (`exercise.debriefed`). Answering again replaces one's own answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Debriefed {
    /// Question's key and answer.
    pub answers: Vec<(String, String)>,
}
