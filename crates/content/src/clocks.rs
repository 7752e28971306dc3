//! Legal clocks: what must be told to whom, by when, with a text ready to complete.

use crate::shipped::{Status, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/clocks.toml");
static ALL: LazyLock<Vec<Clock>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// From when the delay runs: `known`, `occurred`, or `after:<key>` in the data file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Start {
    /// The establishment became aware.
    Known,
    /// It happened.
    Occurred,
    /// Another clock, named by its key, was met.
    After(String),
}

impl TryFrom<String> for Start {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "known" => Ok(Self::Known),
            "occurred" => Ok(Self::Occurred),
            other => other
                .strip_prefix("after:")
                .map(|key| Self::After(key.to_owned()))
                .ok_or_else(|| format!("« {other} » n’est pas un départ : known, occurred ou after:clé")),
        }
    }
}

/// How long one has: `{ kind = "none" }`, `{ kind = "hours", value = 72 }`, `{ kind = "months", value = 1 }`,
/// `{ kind = "local" }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case", deny_unknown_fields)]
pub enum Delay {
    /// No figure in the rule (« sans délai », « dans les meilleurs délais »): late from the start.
    None,
    /// Hours, nights and Sundays included.
    Hours(u32),
    /// Calendar months.
    Months(u32),
    /// A date that the establishment reads in its contract or calendar (insurer, payroll): never late before it is set.
    Local,
}

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
    /// From when the delay runs.
    pub starts: Start,
    /// How long one has.
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
