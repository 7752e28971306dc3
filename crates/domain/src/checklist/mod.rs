//! Reflex gestures by function, as lists to tick.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use crate::legal::in_conflict;
use crate::versions::{Versions, Write};
use event::{Gesture, ListAdopted};
use imbl::OrdMap;
use journal::SubjectId;
use serde::Serialize;

/// Whether a gesture is done, as somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// Done, or not any more.
    pub done: bool,
    /// In words.
    pub note: Option<String>,
}

/// A list in a crisis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct List {
    /// What was adopted.
    pub adopted: Versions<ListAdopted>,
    /// Rank among the lists of the crisis, from 0.
    pub order: u64,
    /// Ticks by gesture.
    pub ticks: OrdMap<String, Versions<Tick>>,
}

/// The lists of a crisis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checklists {
    /// By id.
    pub lists: OrdMap<SubjectId, List>,
}

impl Checklists {
    /// Lists in the order they were adopted.
    pub fn in_order(&self) -> Vec<&List> {
        let mut all: Vec<&List> = self.lists.values().collect();
        all.sort_by_key(|list| (list.order, list.id()));
        all
    }

    /// Lists of a function, in the order they were adopted.
    pub fn of<'a>(&'a self, function: &'a str) -> Vec<&'a List> {
        self.in_order().into_iter().filter(|list| list.words().function == function).collect()
    }
}

impl List {
    /// Its id.
    pub fn id(&self) -> SubjectId {
        self.adopted.first().value.list
    }

    /// What to show.
    pub fn words(&self) -> &ListAdopted {
        &self.adopted.current().value
    }

    /// The tick of a gesture in force, whether it says done or not any more.
    pub fn tick(&self, gesture: &str) -> Option<&Write<Tick>> {
        self.ticks.get(gesture).map(Versions::current)
    }

    /// Whether a gesture is done.
    pub fn is_done(&self, gesture: &str) -> bool {
        self.tick(gesture).is_some_and(|tick| tick.value.done)
    }

    /// Ticks of a gesture that contradict each other.
    pub fn conflict(&self, gesture: &str) -> Vec<&Write<Tick>> {
        self.ticks.get(gesture).map(|ticks| in_conflict(ticks, |a, b| a.done == b.done)).unwrap_or_default()
    }

    /// Gestures still to be done, in order.
    pub fn left(&self) -> impl Iterator<Item = &Gesture> {
        self.words().gestures.iter().filter(|gesture| !self.is_done(&gesture.key))
    }

    /// How many are done, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let all = self.words().gestures.len();
        (all - self.left().count(), all)
    }
}
