//! Many records in one entry: what a file or an archetype brings, and taking it back.

use super::{ActivitySet, AssetSet, ExchangeSet};
use journal::{Hash, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What brought the records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSource {
    /// E.g. `mercator`, `glpi`, `tableur`, `archetype:ch`.
    pub system: String,
    /// Name of the file, or title of the archetype.
    pub name: String,
    /// Fingerprint of the file, SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Hash>,
    /// Edition of the archetype, `AAAA-MM-JJ`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edition: String,
}

/// One record of a batch. The ids that its needs name may be in another entry of the same import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// An activity.
    Activity(ActivitySet),
    /// An element.
    Asset(AssetSet),
    /// An interface.
    Exchange(ExchangeSet),
}

/// A record and what it describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The activity, element or interface.
    pub id: SubjectId,
    /// Its description.
    pub set: Record,
}

/// Records came from a file or an archetype. The entry's subject is the import: one import may be several entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MapImported {
    /// What brought them.
    pub source: ImportSource,
    /// The records.
    pub lines: Vec<Line>,
}

/// An import was taken back: what nobody changed since is as it was before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportUndone {
    /// Why.
    pub reason: String,
}

/// Proposals of an archetype were refused: they are not proposed again. The entry's subject is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalsDeclined {
    /// E.g. `archetype:ch`.
    pub source: String,
    /// Keys of what is refused.
    pub keys: Vec<String>,
    /// Why, when somebody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}
