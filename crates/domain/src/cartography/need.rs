//! What something needs to work: at least so many of these, and how long it holds without.

use impact::HOLDS_FOREVER;
use journal::SubjectId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the two ends of a link stand to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// « a besoin de ».
    #[default]
    Needs,
    /// « est hébergé sur ».
    HostedOn,
}

impl Relation {
    /// The words on the screen, between the two names.
    pub fn label(self) -> &'static str {
        match self {
            Self::Needs => "a besoin de",
            Self::HostedOn => "est hébergé sur",
        }
    }
}

/// A need. Written in the journal as the bare id of what is needed when nothing else is to be said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Need {
    /// What is needed; several stand in for each other.
    pub any: Vec<SubjectId>,
    /// How many of them are enough at the least, from 1.
    pub at_least: u32,
    /// How long the source holds without, in minutes, in degraded mode.
    pub holds_minutes: Option<u32>,
    /// Without it the source is degraded and does not stop (unless `holds_minutes` says when).
    pub degrades: bool,
    /// Needed, or hosted on.
    pub relation: Relation,
    /// In words, e.g. « ouvre toutes ses sessions par ».
    pub why: String,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    Bare(SubjectId),
    Full(Full),
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Full {
    any: Vec<SubjectId>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    at_least: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    holds_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    degrades: bool,
    #[serde(default)]
    relation: Relation,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    why: String,
}

fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_one(at_least: &u32) -> bool {
    *at_least == 1
}

impl From<Written> for Need {
    fn from(written: Written) -> Self {
        match written {
            Written::Bare(id) => Self::of(id),
            Written::Full(Full { any, at_least, holds_minutes, degrades, relation, why }) => {
                Self { any, at_least, holds_minutes, degrades, relation, why }
            }
        }
    }
}

impl From<Need> for Written {
    fn from(need: Need) -> Self {
        match need.any.as_slice() {
            [id] if need == Need::of(*id) => Self::Bare(*id),
            _ => {
                let Need { any, at_least, holds_minutes, degrades, relation, why } = need;
                Self::Full(Full { any, at_least, holds_minutes, degrades, relation, why })
            }
        }
    }
}

impl Need {
    /// The plain need of one thing: without it, the source stops at once.
    pub fn of(id: SubjectId) -> Self {
        Self { any: vec![id], at_least: 1, ..Self::default() }
    }

    /// How long the source holds without, for the network: 0 stops at once, [`HOLDS_FOREVER`] never stops.
    pub fn holds(&self) -> u32 {
        match self.holds_minutes {
            Some(minutes) => minutes.min(HOLDS_FOREVER - 1),
            None if self.degrades => HOLDS_FOREVER,
            None => 0,
        }
    }

    /// Whether losing one of them is not enough.
    pub fn is_redundant(&self) -> bool {
        (self.at_least as usize) < self.any.len()
    }
}
