//! The points sent outside: to the SAMU, to the ARS.

use crate::shipped::{Status, entries};
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) const FILE: &str = include_str!("../data/points.toml");
static ALL: LazyLock<Vec<Point>> = LazyLock::new(|| entries(FILE).unwrap_or_default());

/// The model of a point.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Its name in the files.
    pub key: String,
    /// Title on the screen.
    pub title: String,
    /// To whom: a key of [`crate::partners`].
    pub partner: String,
    /// When to send it.
    pub when: String,
    /// Its text, with the placeholders of [`crate::placeholders`]. Counts only, never a patient's name.
    pub template: String,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
}

/// Every model.
pub fn all() -> &'static [Point] {
    &ALL
}

/// The model of that name.
pub fn get(key: &str) -> Option<&'static Point> {
    ALL.iter().find(|point| point.key == key)
}
