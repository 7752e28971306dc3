//! Outside organisations: why and when to call them. Each establishment fills in the numbers and verifies them.

use crate::shipped::{Status, concerns, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/partners.toml");
static ALL: LazyLock<Vec<Partner>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// An outside organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Its name in the files and in the register.
    pub key: String,
    /// Its name on the screen.
    pub name: String,
    /// The family it belongs to, in words: « cybersécurité », « tutelle et territoire », « justice et enquête »…
    pub family: String,
    /// Why one calls them.
    pub why: String,
    /// When to call.
    pub when_to_call: String,
    /// Where to find how to reach them, what to have at hand.
    pub hint: String,
    /// Telephone number, to be verified by the establishment; mostly empty.
    #[serde(default)]
    pub number: String,
    /// Kinds of establishment concerned; none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// Every partner, in the order of the screen.
pub fn all() -> &'static [Partner] {
    &ALL
}

/// The partner of that name.
pub fn get(key: &str) -> Option<&'static Partner> {
    ALL.iter().find(|partner| partner.key == key)
}

/// Those of an establishment of that kind.
pub fn of(kind: &str) -> impl Iterator<Item = &'static Partner> {
    ALL.iter().filter(move |partner| concerns(&partner.kinds, kind))
}
