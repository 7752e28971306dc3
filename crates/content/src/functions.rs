//! Functions that a crisis needs somebody for.

use crate::shipped::{Status, concerns, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/functions.toml");
static ALL: LazyLock<Vec<Function>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its name in the files and in the register.
    pub key: String,
    /// The word on the screen.
    pub label: String,
    /// What it is there for, in one sentence.
    pub mission: String,
    /// Kinds of establishment where it exists; none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Kinds of establishment where somebody must hold it.
    #[serde(default)]
    pub mandatory_in: Vec<String>,
    /// Whether it must be called as soon as a crisis is suspected: its absence from the alert chain is an alarm.
    #[serde(default)]
    pub in_alert_chain: bool,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// Every function, in the order of the screen.
pub fn all() -> &'static [Function] {
    &ALL
}

/// The function of that name.
pub fn get(key: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.key == key)
}

/// Those that exist in an establishment of that kind.
pub fn of(kind: &str) -> impl Iterator<Item = &'static Function> {
    ALL.iter().filter(move |function| concerns(&function.kinds, kind))
}
