//! What can happen to the map. The entry's subject is the activity or the application.

use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An activity (what care or support does) was described.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivitySet {
    /// Its name.
    pub name: String,
    /// Care priority, 1 (vital) to 5.
    pub priority: u8,
    /// Maximum tolerable period of disruption (DMIA), in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtpd_minutes: Option<u32>,
    /// The unit that runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<SubjectId>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Applications it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<SubjectId>,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An application was described.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationSet {
    /// Its name.
    pub name: String,
    /// Who provides it, as in the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<SubjectId>,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An activity or an application was taken off the map; its history stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Why.
    pub reason: String,
}
