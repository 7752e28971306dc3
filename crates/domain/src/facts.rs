//! Named facts: typed values computed from (state, moment), each defined once in its capability.

use crate::state::State;
use crate::{access, actions, campaign, cartography, cells, checklist, crisis, exercise, legal, register, situation};

/// A value with its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number of things.
    Count(u64),
    /// A length of time.
    Minutes(i64),
    /// Whether something is so.
    Truth(bool),
    /// Nothing can be said yet.
    Unknown,
}

/// A fact's definition.
pub struct Fact {
    /// Its name, e.g. `crisis.tasks_late`.
    pub name: &'static str,
    /// What it means, with its unit, in French.
    pub meaning: &'static str,
    /// How it is computed; the moment is in milliseconds since 1970.
    pub compute: fn(&State, i64) -> Value,
}

/// All facts.
pub fn all() -> impl Iterator<Item = &'static Fact> {
    let capabilities: [&'static [Fact]; 11] = [
        register::facts::FACTS,
        access::facts::FACTS,
        cartography::facts::FACTS,
        crisis::facts::FACTS,
        cells::facts::FACTS,
        situation::facts::FACTS,
        legal::facts::FACTS,
        checklist::facts::FACTS,
        actions::facts::FACTS,
        campaign::facts::FACTS,
        exercise::facts::FACTS,
    ];
    capabilities.into_iter().flatten()
}

/// A fact by name.
pub fn find(name: &str) -> Option<&'static Fact> {
    all().find(|fact| fact.name == name)
}
