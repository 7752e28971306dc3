//! What an establishment of each kind usually does, and with which applications: a first list to correct.

use crate::shipped::{Status, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/starter.toml");
static ALL: LazyLock<Vec<Starter>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// The first list of one kind of establishment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starter {
    /// Kind of establishment, one of [`crate::shipped::KINDS`].
    pub key: String,
    /// Its name on the screen.
    pub title: String,
    /// Its applications.
    pub applications: Vec<Application>,
    /// Its activities, care first.
    pub activities: Vec<Activity>,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Its name in this file.
    pub key: String,
    /// Its name on the screen, never a product's.
    pub name: String,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Its name in this file.
    pub key: String,
    /// Its name on the screen.
    pub name: String,
    /// Priority for care, 1 (lives within the hour) to 5 (can wait).
    pub priority: u8,
    /// How long it can be interrupted, in minutes: proposed, each establishment decides.
    pub mtpd_minutes: u32,
    /// Applications it needs, by key in the same list.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// The first list of every kind.
pub fn all() -> &'static [Starter] {
    &ALL
}

/// The first list of that kind.
pub fn of(kind: &str) -> Option<&'static Starter> {
    ALL.iter().find(|starter| starter.key == kind)
}
