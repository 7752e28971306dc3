//! Legal clocks: what must be told to whom, by when, with a text ready to complete.

use crate::shipped::{Status, entries};
use domain::legal::event::{Delay, Starts};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/clocks.toml");
static ALL: LazyLock<Vec<Clock>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// An obligation with a delay.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its name in the files.
    pub key: String,
    /// Title on the screen.
    pub title: String,
    /// What to do.
    pub what: String,
    /// The function that does it, by its key in [`crate::functions`].
    pub who: String,
    /// To whom, in words.
    pub whom: String,
    /// The partner, by its key in [`crate::partners`]; empty when the establishment fills it in.
    #[serde(default)]
    pub partner: String,
    /// How to reach them: portal, form, number to be verified.
    pub contact: String,
    /// From when the delay runs: `"known"`, `"occurred"` or `{ after = "key" }`.
    pub starts: Starts,
    /// How long one has: `"none"`, `{ hours = 72 }`, `{ months = 1 }` or `"local"`.
    pub delay: Delay,
    /// The delay in words, as the rule says it: « sans délai », « 72 h après en avoir eu connaissance ».
    pub delay_words: String,
    /// Legal basis in words.
    pub basis: String,
    /// Kinds of establishment concerned; none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Under which condition, in words; empty: always.
    #[serde(default)]
    pub concerns: String,
    /// Text of the declaration, with the placeholders of [`crate::placeholders`].
    pub template: String,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// Every clock, in the order of the screen.
pub fn all() -> &'static [Clock] {
    &ALL
}

/// The clock of that name.
pub fn get(key: &str) -> Option<&'static Clock> {
    ALL.iter().find(|clock| clock.key == key)
}
