//! The fold: everything people see is computed from the entries, in the total order, and can be thrown away.

use crate::authority::Standing;
use crate::engine::{Journal, Taken};
use crate::entry::Entry;
use crate::header::Header;
use crate::id::{EntryId, Hash};
use std::collections::VecDeque;

/// An entry as the fold sees it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The entry.
    pub id: EntryId,
    /// Its header.
    pub header: &'a Header,
    /// Its body, unless erased.
    pub body: Option<&'a [u8]>,
    /// What it is worth.
    pub standing: Standing,
}

/// A state computed from entries. `apply` is total and deterministic: no panic, no error, no clock, no locale.
pub trait Fold: Clone + Default {
    /// Kinds whose body can never be erased.
    const NEVER_ERASED: &'static [&'static str];

    /// Takes one entry into account. It may be unauthorised, a duplicate in meaning, or about something unknown.
    fn apply(&mut self, entry: &Seen<'_>);

    /// SHA-256 over the sorted state.
    fn root(&self) -> Hash;
}

/// Applies one accepted entry.
pub fn apply<F: Fold>(state: &mut F, journal: &mut Journal, index: u32, entry: &Entry) {
    let standing = journal.standing(index);
    let erased = entry.body.is_some() && journal.is_erased(&entry.id);
    let body = entry.body.as_ref().filter(|_| !erased).map(|b| b.bytes.as_slice());
    state.apply(&Seen { id: entry.id, header: &entry.header, body, standing });
}

/// Folds a journal read back from its store in the total order, in one pass.
#[derive(Debug, Clone)]
pub struct Replay<F> {
    state: F,
    /// Entries of a request whose last part has not been read yet, and all that follow them.
    waiting: VecDeque<Taken>,
}

impl<F: Fold> Replay<F> {
    /// Begins from a state: nothing for an establishment, the real state for an exercise's branch.
    pub fn on(state: F) -> Self {
        Self { state, waiting: VecDeque::new() }
    }

    /// Takes entries that the journal has just restored.
    pub fn take(&mut self, journal: &mut Journal, taken: Vec<Taken>) {
        self.waiting.extend(taken);
        while let Some(one) = self.waiting.pop_front() {
            if journal.standing(one.index) == Standing::Partial {
                return self.waiting.push_front(one);
            }
            apply(&mut self.state, journal, one.index, &one.entry);
        }
    }

    /// Concludes: the state, and whether something reached back (a revocation, a fork, an erasure), so that all must be
    /// folded again now that it is known.
    pub fn finish(mut self, journal: &mut Journal) -> (F, bool) {
        for one in self.waiting {
            apply(&mut self.state, journal, one.index, &one.entry);
        }
        journal.mark_folded();
        (self.state, journal.has_reached_back())
    }
}

/// Applies entries accepted since the last fold, where [`Journal::must_refold`] does not ask for more.
pub fn absorb<F: Fold>(state: &mut F, journal: &mut Journal, mut taken: Vec<Taken>) {
    taken.sort_by_key(|one| journal.dag().node(one.index).key());
    for one in &taken {
        apply(state, journal, one.index, &one.entry);
        journal.mark_folded_to(one.index);
    }
}
