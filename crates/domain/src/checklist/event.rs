//! What can happen to checklists of reflex gestures. The entry's subject is the crisis.

use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A gesture of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gesture {
    /// Its name in code, unique in its list.
    pub key: String,
    /// What to do.
    pub text: String,
}

/// A list was taken over from the shipped content (or written here) into a crisis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAdopted {
    /// Which list; made by the client.
    pub list: SubjectId,
    /// Name of the list in the content, or one of one's own.
    pub key: String,
    /// Its title.
    pub title: String,
    /// For whom: a function of the register.
    pub function: String,
    /// What to do, in order.
    pub gestures: Vec<Gesture>,
    /// Where it comes from.
    pub source: String,
    /// Day of its edition.
    pub edition: String,
    /// `vérifié` or `à confirmer`.
    pub status: String,
}

/// A gesture was ticked, or unticked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticked {
    /// Which list.
    pub list: SubjectId,
    /// Which gesture.
    pub gesture: String,
    /// Done, or not any more.
    pub done: bool,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Ticks its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}
