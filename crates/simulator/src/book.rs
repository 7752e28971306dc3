//! What an observer who sees everything remembers, to hold the replicas to it.

use crate::replica::Running;
use journal::dag::Key;
use journal::{AuthorityAct, Entry, EntryId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its number in the design of the journal; 0 for what all of them rest on.
    pub promise: u8,
    /// What happened.
    pub what: String,
}

impl Broken {
    /// A promise and what happened.
    pub fn new(promise: u8, what: impl Into<String>) -> Self {
        Self { promise, what: what.into() }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let promise = match self.promise {
            1 => "1 (acknowledged = on disk)",
            2 => "2 (nothing is edited)",
            3 => "3 (tampering shows, and nothing else does)",
            4 => "4 (same entries, same state)",
            5 => "5 (evidence is never refused)",
            _ => "of coming to rest",
        };
        write!(f, "promise {promise}: {}", self.what)
    }
}

/// What a replica took in for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    key: Key,
    had_body: bool,
}

/// The observer's book.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Every entry that ever reached a disk, as signed.
    pub signed: BTreeMap<EntryId, Entry>,
    /// Acknowledged to a person, and by which replica.
    pub acknowledged: BTreeMap<EntryId, usize>,
    /// What each replica took in for good.
    pub kept: Vec<BTreeMap<EntryId, Kept>>,
    /// Gone with the data of a restored replica, when nobody else had them.
    pub lost: BTreeSet<EntryId>,
    /// Erasures asked for: the request, and the entry it is about.
    pub asked: Vec<(EntryId, EntryId)>,
}

impl Book {
    /// Notes what a replica has now, after checking that it still has what it had, unchanged.
    pub fn observe(&mut self, replica: usize, running: &mut Running) -> Result<(), Broken> {
        self.still_has(replica, running)?;
        let kept = &mut self.kept[replica];
        for (id, entry) in &running.stored {
            let Some(index) = running.journal.dag().index(id) else {
                return Err(Broken::new(1, format!("entry {} is stored by {replica} and not in its journal", id.short())));
            };
            let had_body = entry.body.is_some();
            let key = running.journal.dag().node(index).key();
            let known = kept.entry(*id).or_insert(Kept { key, had_body });
            known.had_body |= had_body;
            if let std::collections::btree_map::Entry::Vacant(vacant) = self.signed.entry(*id) {
                let act = entry.body.as_ref().and_then(|b| AuthorityAct::decode(&entry.header.kind, 1, &b.bytes));
                if let Some(AuthorityAct::ErasureAsked { entry: about, .. }) = act {
                    self.asked.push((*id, about));
                }
                vacant.insert(entry.clone());
            }
        }
        Ok(())
    }

    fn still_has(&self, replica: usize, running: &mut Running) -> Result<(), Broken> {
        let mut erased = None;
        for (id, kept) in &self.kept[replica] {
            let (Some(index), Some(entry)) = (running.journal.dag().index(id), running.stored.get(id)) else {
                return Err(Broken::new(1, format!("entry {} disappeared from replica {replica}", id.short())));
            };
            if running.journal.dag().node(index).key() != kept.key {
                return Err(Broken::new(4, format!("entry {} changed its place on replica {replica}", id.short())));
            }
            let signed = self.signed.get(id).and_then(|s| s.body.as_ref());
            match &entry.body {
                Some(body) if signed != Some(body) => {
                    return Err(Broken::new(2, format!("the words of {} changed on replica {replica}", id.short())));
                }
                None if kept.had_body && !erased.get_or_insert_with(|| running.journal.erased_once()).contains(id) => {
                    return Err(Broken::new(2, format!("the words of {} disappeared from replica {replica}", id.short())));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A replica's data were put back to what they were: what only it had is gone.
    pub fn restored(&mut self, replica: usize, now: &BTreeSet<EntryId>) {
        let before = std::mem::take(&mut self.kept[replica]);
        let elsewhere = |id: &EntryId| self.kept.iter().any(|kept| kept.contains_key(id));
        let gone: Vec<EntryId> = before.keys().filter(|id| !now.contains(*id) && !elsewhere(id)).copied().collect();
        self.lost.extend(gone);
        self.kept[replica] = before.into_iter().filter(|(id, _)| now.contains(id)).collect();
    }

    /// A restored disk may hold words that were dropped since, and lack words that came since.
    pub fn forget_bodies(&mut self, replica: usize, bare: &BTreeSet<EntryId>) {
        for (id, kept) in &mut self.kept[replica] {
            kept.had_body = !bare.contains(id);
        }
    }
}
