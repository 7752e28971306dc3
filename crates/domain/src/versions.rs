//! A field that several people may rewrite without seeing each other.
//!
//! Each write names the writes it supersedes. What no write supersedes survives; two survivors are a conflict that
//! people see and settle, never a silent last-writer-wins.

use journal::{ActorId, EntryId, Seen};
use serde::Serialize;

/// One write to a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Write<T> {
    /// The entry that wrote it.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, by the writer's clock, milliseconds since 1970.
    pub wall: i64,
    /// The value.
    pub value: T,
    /// Writes its author had seen and replaced.
    pub supersedes: Vec<EntryId>,
}

/// All writes to a field, in the journal's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versions<T> {
    first: Write<T>,
    later: Vec<Write<T>>,
}

impl<T> Write<T> {
    fn of(entry: &Seen<'_>, value: T, supersedes: Vec<EntryId>) -> Self {
        Self { id: entry.id, by: entry.header.author, wall: entry.header.wall, value, supersedes }
    }
}

impl<T> Versions<T> {
    /// The first value.
    pub fn new(entry: &Seen<'_>, value: T) -> Self {
        Self { first: Write::of(entry, value, Vec::new()), later: Vec::new() }
    }

    /// Adds a write; one already known changes nothing.
    pub fn write(&mut self, entry: &Seen<'_>, value: T, supersedes: Vec<EntryId>) {
        if self.all().all(|w| w.id != entry.id) {
            self.later.push(Write::of(entry, value, supersedes));
        }
    }

    /// The first write.
    pub fn first(&self) -> &Write<T> {
        &self.first
    }

    /// Whether it was ever rewritten.
    pub fn is_rewritten(&self) -> bool {
        !self.later.is_empty()
    }

    /// All writes, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Write<T>> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// Writes that no other supersedes, oldest first; never empty for honest writes, and the first write otherwise.
    pub fn survivors(&self) -> Vec<&Write<T>> {
        if self.later.is_empty() {
            return vec![&self.first];
        }
        let superseded = |id: &EntryId| self.later.iter().any(|w| w.id != *id && w.supersedes.contains(id));
        let survivors: Vec<_> = self.all().filter(|w| !superseded(&w.id)).collect();
        if survivors.is_empty() { vec![&self.first] } else { survivors }
    }

    /// The surviving value to show first: the last written.
    pub fn current(&self) -> &Write<T> {
        self.survivors().pop().unwrap_or(&self.first)
    }

    /// Ids a new write supersedes when its author sees this.
    pub fn seen(&self) -> Vec<EntryId> {
        self.survivors().iter().map(|w| w.id).collect()
    }
}
