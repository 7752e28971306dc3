//! What can happen to the map. The entry's subject is the activity, the element, the interface, the scenario or the
//! import that it speaks of.

pub mod batch;
pub mod review;

use super::kind::AssetKind;
use super::need::Need;
use journal::{EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a record comes from, when nobody typed it: an archetype or a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// E.g. `archetype:ch` or `mercator`.
    pub source: String,
    /// Its key there.
    pub key: String,
    /// Edition of that source, `AAAA-MM-JJ`; empty when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edition: String,
    /// Whether a person changed what was proposed before taking it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adapted: bool,
}

/// An activity (what care or support does) was described. Version 2: needs may say how many, how long and why; all
/// fields after `owner` are new.
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
    /// Who answers for it, and keeps this record true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it needs: applications, devices, networks, other activities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// Aimed time of recovery (RTO), in minutes, at most the DMIA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rto_minutes: Option<u32>,
    /// Maximum tolerable loss of data (PDMA, RPO), in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpo_minutes: Option<u32>,
    /// In a few sentences.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How other tools name it, e.g. `mercator:processes/5`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<String>,
    /// Where it comes from, when nobody typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An element of the information system was described.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetSet {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: AssetKind,
    /// In a few sentences.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Who keeps this record true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who provides it, as in the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<SubjectId>,
    /// Who administers it: an element of the ecosystem or administration views (« géré par »).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<SubjectId>,
    /// The unit where it serves (biomedical devices, workstations).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<SubjectId>,
    /// Network zone, e.g. « biomédical isolé ».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone: String,
    /// Hypothesis « survit à l’attaque »; absent: nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survives: Option<bool>,
    /// On what that hypothesis rests.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub survives_why: String,
    /// Essential information system (SIE).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// Longest interruption its users bear (DMIA), in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtpd_minutes: Option<u32>,
    /// How fast it can be brought back (RTO), in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rto_minutes: Option<u32>,
    /// How much data is lost at worst (RPO, PDMA), in minutes: the age of the last usable copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpo_minutes: Option<u32>,
    /// What it needs, and what it is hosted on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// How other tools name it, e.g. `mercator:applications/3`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<String>,
    /// Where it comes from, when nobody typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An application was described, as the first version of this program said it: an [`AssetSet`] of that kind says more.
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

impl From<ApplicationSet> for AssetSet {
    fn from(set: ApplicationSet) -> Self {
        let ApplicationSet { name, provider, supersedes } = set;
        Self { name, kind: AssetKind::Application, provider, supersedes, ..Self::default() }
    }
}

/// An interface was described: data go from a source to a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeSet {
    /// What is exchanged, e.g. « identités et mouvements ».
    pub name: String,
    /// Where data come from.
    pub source: SubjectId,
    /// Where they go.
    pub target: SubjectId,
    /// Through what, e.g. the interface engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<SubjectId>,
    /// How, e.g. « HL7 v2 », « DICOM », « fichier ».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub protocol: String,
    /// Whether the target goes degraded without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
    /// Whether data go both ways.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub both_ways: bool,
    /// What is done when it is cut.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fallback: String,
    /// How other tools name it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<String>,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// An activity, an element, an interface or a scenario was taken off the map; its history stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Why.
    pub reason: String,
}

/// Things lost together, kept to be asked again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSet {
    /// Its name, e.g. « l’annuaire et la virtualisation chiffrés ».
    pub name: String,
    /// What is lost.
    pub lost: Vec<SubjectId>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Descriptions its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// The drawing was fixed as it stood: the map keeps this order, and finds a place for what comes later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MapArranged {
    /// Activities and elements, lane after lane, from top to bottom.
    pub order: Vec<SubjectId>,
}
