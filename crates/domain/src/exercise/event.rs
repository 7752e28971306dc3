//! What can happen to an exercise. The entry's subject is the exercise, in the establishment's journal and in its branch
//! alike. Offsets are minutes of exercise time after DEBEX; moments are milliseconds since 1970.

pub mod conduct;
pub mod kit;
pub mod outcome;
pub mod scenario;

use journal::{ActorId, EntryId, JournalId};
use scenario::{Inject, Scenario};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An exercise was planned, with its scenario and its chronogramme whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// What is played.
    pub scenario: Scenario,
    /// The chronogramme.
    pub injects: Vec<Inject>,
    /// The campaign it answers, by its id at the organiser's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub campaign: String,
}

/// The frame of an exercise was set anew: date, level, teams, values, documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSet {
    /// What is played.
    pub scenario: Scenario,
    /// Frames its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An inject was written or written anew; during the conduct, an inject made up on the fly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectSet {
    /// The inject, named by its key.
    pub inject: Inject,
    /// Wordings its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// Injects came from a file, all at once: each replaces the one of the same key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectsImported {
    /// Name of the file.
    pub file: String,
    /// The injects.
    pub injects: Vec<Inject>,
}

/// An inject was taken out of the chronogramme before it was played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InjectRemoved {
    /// Its key.
    pub key: String,
}

/// What somebody does in an exercise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Runs it, and knows the chronogramme.
    Facilitator,
    /// Plays.
    #[default]
    Player,
    /// Watches, with a grid.
    Observer,
}

impl Part {
    /// All parts, in the order of the screen.
    pub const ALL: [Self; 3] = [Self::Facilitator, Self::Player, Self::Observer];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facilitator => "facilitator",
            Self::Player => "player",
            Self::Observer => "observer",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Facilitator => "animateur",
            Self::Player => "joueur",
            Self::Observer => "observateur",
        }
    }
}

/// Somebody takes part, or does no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticipantSet {
    /// Who.
    pub actor: ActorId,
    /// As what.
    pub part: Part,
    /// A player's team, by its key.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub team: String,
    /// They take part no longer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
}

/// The answers to the preparation questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// Question's key and answer.
    pub answers: Vec<(String, String)>,
}

/// The branch was opened: players may enter. In the establishment's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The branch's journal.
    pub branch: JournalId,
    /// Entries of this journal that its state starts from.
    pub heads: Vec<EntryId>,
    /// Real crises that ran when it was opened: it was confirmed all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub during_crisis: bool,
}

/// An exercise will not be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    /// Why.
    pub reason: String,
}
