//! Entries that came before one they follow.

use crate::entry::Entry;
use crate::id::{EntryId, Signature};
use std::collections::{BTreeMap, BTreeSet};

/// Most entries that may wait for a missing parent; beyond it the newest are refused (and can be sent again).
pub const PARKED_MAX: usize = 10_000;
/// Most bytes of headers and bodies that may wait.
pub const PARKED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Neither signature nor presence of the body is part of an id: a spoilt copy must not keep the good one out.
type Ticket = (EntryId, Signature, bool);

#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) entry: Entry,
    /// Whether its signature is still to be checked.
    pub(crate) checked: bool,
}

/// Entries by the parent they wait for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parking {
    waiting: BTreeMap<EntryId, Vec<Waiting>>,
    tickets: BTreeSet<Ticket>,
    bytes: usize,
}

fn ticket(entry: &Entry) -> Ticket {
    (entry.id, entry.signature, entry.body.is_some())
}

fn bytes(entry: &Entry) -> usize {
    entry.header_bytes.len() + entry.body.as_ref().map_or(0, |b| b.bytes.len())
}

impl Parking {
    /// Whether this very copy of the entry waits already.
    pub(crate) fn holds(&self, entry: &Entry) -> bool {
        self.tickets.contains(&ticket(entry))
    }

    /// Keeps an entry until the missing one comes; false when there is no room.
    pub(crate) fn put(&mut self, missing: EntryId, waiting: Waiting) -> bool {
        let bytes = self.bytes.saturating_add(bytes(&waiting.entry));
        if self.tickets.len() >= PARKED_MAX || bytes > PARKED_BYTES_MAX {
            return false;
        }
        self.bytes = bytes;
        self.tickets.insert(ticket(&waiting.entry));
        self.waiting.entry(missing).or_default().push(waiting);
        true
    }

    /// Those that waited for this one; the copies with a body last.
    pub(crate) fn release(&mut self, arrived: &EntryId) -> Vec<Waiting> {
        let mut ready = self.waiting.remove(arrived).unwrap_or_default();
        for Waiting { entry, .. } in &ready {
            self.tickets.remove(&ticket(entry));
            self.bytes -= bytes(entry);
        }
        ready.sort_by_key(|w| w.entry.body.is_some());
        ready
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.waiting.values().flatten().map(|w| &w.entry)
    }
}
