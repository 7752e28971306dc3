//! « Urgence »: the sheet of somebody who is alone on duty. No cells: whom to call, what to do, what to write down.

use crate::shipped::{Line, Status, concerns, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/urgence.toml");
static ALL: LazyLock<Vec<Sheet>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// The sheet of one kind of establishment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Its name in the files: ticks are kept under it.
    pub key: String,
    /// Title on the screen.
    pub title: String,
    /// What to know first, in one or two sentences.
    pub intro: String,
    /// Kinds of establishment concerned; none: all the others.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Sections, most urgent first.
    pub sections: Vec<Section>,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// One matter: calling, medicines, call bells…
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name in this sheet.
    pub key: String,
    /// Title on the screen.
    pub title: String,
    /// Functions and partners to call here, by key, in order: the page shows whom the register names.
    #[serde(default)]
    pub call: Vec<String>,
    /// What to do, each within two lines.
    pub gestures: Vec<Line>,
}

/// Every sheet.
pub fn all() -> &'static [Sheet] {
    &ALL
}

/// The sheet of that name.
pub fn get(key: &str) -> Option<&'static Sheet> {
    ALL.iter().find(|sheet| sheet.key == key)
}

/// The sheet of an establishment of that kind.
pub fn of(kind: &str) -> Option<&'static Sheet> {
    let named = ALL.iter().find(|sheet| sheet.kinds.iter().any(|k| k == kind));
    named.or_else(|| ALL.iter().find(|sheet| concerns(&sheet.kinds, kind)))
}
