//! Reflex gestures by function: what to do first, in order, and tick.

use crate::shipped::{Line, Status, concerns, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/checklists.toml");
static ALL: LazyLock<Vec<Checklist>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// The gestures of one function at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Its name in the files.
    pub key: String,
    /// Title on the screen.
    pub title: String,
    /// Whose: a key of [`crate::functions`].
    pub function: String,
    /// Kinds of establishment concerned; none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// When: « ouverture », « première heure », « relève », « levée »…
    pub moment: String,
    /// The gestures, most urgent first.
    pub items: Vec<Line>,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// Every checklist, in the order of the screen.
pub fn all() -> &'static [Checklist] {
    &ALL
}

/// The checklist of that name.
pub fn get(key: &str) -> Option<&'static Checklist> {
    ALL.iter().find(|list| list.key == key)
}

/// Those of one function in an establishment of that kind.
pub fn of<'a>(function: &'a str, kind: &'a str) -> impl Iterator<Item = &'static Checklist> + 'a {
    ALL.iter().filter(move |list| list.function == function && concerns(&list.kinds, kind))
}
