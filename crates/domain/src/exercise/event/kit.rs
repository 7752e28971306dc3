//! A kit that came by file was taken over, with who signed it.

use super::scenario::{Inject, Scenario};
use journal::PublicKey;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kit came by file (`exercise.kit_adopted`); the subject is the kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KitAdopted {
    /// What is played.
    pub scenario: Scenario,
    /// The chronogramme.
    pub injects: Vec<Inject>,
    /// Kinds of establishment it suits, as the content names them.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Who signed the file, in their words.
    pub signed_by: String,
    /// Root key of the establishment that signed it.
    pub root: PublicKey,
}
