//! Reference actions: what exercises show most establishments still have to do. Adopted one by one or all, then adapted.

use crate::shipped::{Status, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/actions.toml");
/// What an action taken from here says of where it comes from.
pub const ORIGIN: &str = "actions de référence";
static ALL: LazyLock<Vec<Action>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// A reference action.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its name in the file and on the plan, e.g. `rtx_02`.
    pub key: String,
    /// What is to be done, in a few words.
    pub title: String,
    /// How, in two or three sentences.
    pub detail: String,
    /// What proves that it is done.
    pub proof: String,
    /// 1 (X, simple) to 3 (XXX, a project).
    pub complexity: u8,
    /// 1 (A) to 3 (AAA, first).
    pub priority: u8,
    /// The delay proposed, in days from the adoption.
    pub delay_days: u16,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// Every reference action, in the order of the file.
pub fn all() -> &'static [Action] {
    &ALL
}

/// The reference action of that name.
pub fn get(key: &str) -> Option<&'static Action> {
    ALL.iter().find(|action| action.key == key)
}

/// A sentence as it goes on after a colon.
pub(crate) fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
