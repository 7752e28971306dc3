//! What every shipped item carries, and how its data file is read.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Kinds of establishment, as named in data files: general hospital (CH, CHU), clinic, psychiatry, home hospitalisation,
/// rehabilitation, nursing home, other social and medico-social establishment.
pub const KINDS: [&str; 7] = ["ch", "clinique", "psy", "had", "smr", "ehpad", "esms"];

/// Whether an item was read in its official source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Read in the source named.
    #[serde(rename = "vérifié")]
    Verified,
    /// Partly read, or from common practice: each establishment confirms it before relying on it.
    #[serde(rename = "à confirmer")]
    ToConfirm,
}

impl Status {
    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Verified => "vérifié",
            Self::ToConfirm => "à confirmer",
        }
    }
}

/// Something with a name of its own in its file and a sentence to read: a gesture, a question, a thing to gather.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its name: never reused for another meaning, since ticks are kept under it.
    pub key: String,
    /// What to read.
    pub text: String,
}

/// Whether an item meant for `kinds` (none named: for all) concerns an establishment of this kind.
pub fn concerns(kinds: &[String], kind: &str) -> bool {
    kinds.is_empty() || kinds.iter().any(|k| k == kind)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    entry: Vec<T>,
}

/// The `[[entry]]` items of a data file.
///
/// # Errors
/// What is wrong, with the line.
pub(crate) fn entries<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, String> {
    toml::from_str::<File<T>>(text).map(|file| file.entry).map_err(|error| error.to_string())
}
