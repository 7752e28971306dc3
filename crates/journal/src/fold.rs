//! The fold: everything people see is computed from the entries, in the total order, and can be thrown away.

use crate::authority::Standing;
use crate::engine::{Journal, Taken};
use crate::entry::Entry;
use crate::header::Header;
use crate::id::{EntryId, Hash};

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

/// Applies entries accepted since the last fold, where [`Journal::must_refold`] does not ask for more.
pub fn absorb<F: Fold>(state: &mut F, journal: &mut Journal, mut taken: Vec<Taken>) {
    taken.sort_by_key(|one| journal.dag().node(one.index).key());
    for one in &taken {
        apply(state, journal, one.index, &one.entry);
        journal.mark_folded_to(one.index);
    }
}
