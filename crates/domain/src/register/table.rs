//! Records of one kind, each with its history: what is removed stays in it.

use super::event::Set;
use crate::versions::{Versions, Write};
use imbl::OrdMap;
use journal::{Seen, SubjectId};
use serde::Serialize;
use std::sync::Arc;

/// All writes to a record; a write of nothing removed it.
pub type Record<T> = Versions<Option<T>>;

/// The write to show, with its values: the last surviving one that did not remove the record. None once it is removed. Whoever rewrites
/// a record while another removes it keeps it, in conflict.
pub fn live<T>(record: &Record<T>) -> Option<(&Write<Option<T>>, &T)> {
    record.survivors().into_iter().rev().find_map(|write| Some((write, write.value.as_ref()?)))
}

/// Adds a write to a record that may not exist yet.
pub(super) fn write<T: Clone>(record: &mut Option<Arc<Record<T>>>, entry: &Seen<'_>, set: Set<T>) {
    match record {
        Some(record) => Arc::make_mut(record).write(entry, set.value, set.supersedes),
        None => *record = Some(Arc::new(Versions::new(entry, set.value))),
    }
}

/// Records by subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent, bound = "T: Serialize")]
pub struct Table<T>(OrdMap<SubjectId, Arc<Record<T>>>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(OrdMap::new())
    }
}

impl<T: Clone> Table<T> {
    /// The values of a record, unless it was removed.
    pub fn get(&self, id: &SubjectId) -> Option<&T> {
        live(self.0.get(id)?).map(|(_, value)| value)
    }

    /// A record with its history, removed or not.
    pub fn record(&self, id: &SubjectId) -> Option<&Record<T>> {
        self.0.get(id).map(|record| &**record)
    }

    /// Records that were not removed, by subject.
    pub fn iter(&self) -> impl Iterator<Item = (&SubjectId, &T)> {
        self.0.iter().filter_map(|(id, record)| Some((id, live(record)?.1)))
    }

    /// How many were not removed.
    pub fn count(&self) -> usize {
        self.iter().count()
    }

    /// How many there ever were.
    pub fn ever(&self) -> usize {
        self.0.len()
    }

    /// Records that two people rewrote without seeing each other.
    pub fn conflicts(&self) -> impl Iterator<Item = &SubjectId> {
        self.0.iter().filter(|(_, record)| record.is_rewritten() && record.survivors().len() > 1).map(|(id, _)| id)
    }

    pub(super) fn write(&mut self, entry: &Seen<'_>, set: Set<T>) {
        let id = entry.header.subject;
        let mut record = self.0.remove(&id);
        write(&mut record, entry, set);
        if let Some(record) = record {
            self.0.insert(id, record);
        }
    }
}
