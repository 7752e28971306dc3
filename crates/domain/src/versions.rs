//! A field that several people may rewrite without seeing each other.
//!
//! Each write names the writes it supersedes. What no write supersedes survives; two survivors are a conflict that
//! people see and settle, never a silent last-writer-wins.

use crate::refusal::Refusal;
use journal::{ActorId, EntryId, Seen};
use serde::Serialize;

/// Most writes one write may supersede.
const SUPERSEDES_MAX: usize = 100;

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
    /// Places of the writes that no other supersedes, kept up at each write: a field with a long history is read often.
    #[serde(skip)]
    alive: Vec<usize>,
    /// Writes that were taken back: they replace nothing any more.
    #[serde(skip)]
    taken_back: Vec<EntryId>,
}

impl<T> Write<T> {
    fn of(entry: &Seen<'_>, value: T, supersedes: Vec<EntryId>) -> Self {
        Self { id: entry.id, by: entry.header.author, wall: entry.header.wall, value, supersedes }
    }
}

impl<T> Versions<T> {
    /// The first value.
    pub fn new(entry: &Seen<'_>, value: T) -> Self {
        Self { first: Write::of(entry, value, Vec::new()), later: Vec::new(), alive: vec![0], taken_back: Vec::new() }
    }

    /// Adds a write; one already known changes nothing.
    pub fn write(&mut self, entry: &Seen<'_>, value: T, supersedes: Vec<EntryId>) {
        if self.all().any(|w| w.id == entry.id) {
            return;
        }
        // What a write supersedes came before it: its id is a hash that nobody could name sooner.
        let alive = std::mem::take(&mut self.alive);
        self.alive = alive.into_iter().filter(|place| self.at(*place).is_none_or(|w| !supersedes.contains(&w.id))).collect();
        self.later.push(Write::of(entry, value, supersedes));
        self.alive.push(self.later.len());
    }

    /// Takes writes back: what they replaced, and nobody else replaced, counts again. False when nothing would be left: then
    /// the last value stays to be shown, and whoever keeps the field says that it is gone.
    pub(crate) fn take_back(&mut self, entries: &imbl::Vector<EntryId>) -> bool {
        let mine: Vec<EntryId> = self.all().map(|w| w.id).filter(|id| entries.contains(id)).collect();
        self.taken_back.extend(mine);
        let standing: Vec<&Write<T>> = self.all().filter(|w| !self.taken_back.contains(&w.id)).collect();
        let replaced = |id: &EntryId| standing.iter().any(|w| w.supersedes.contains(id));
        let counts = |w: &Write<T>| !self.taken_back.contains(&w.id) && !replaced(&w.id);
        let alive: Vec<usize> = self.all().enumerate().filter(|(_, w)| counts(w)).map(|(place, _)| place).collect();
        let left = !alive.is_empty();
        if left {
            self.alive = alive;
        }
        left
    }

    fn at(&self, place: usize) -> Option<&Write<T>> {
        if place == 0 { Some(&self.first) } else { self.later.get(place - 1) }
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

    /// Writes that no other supersedes, oldest first; never empty.
    pub fn survivors(&self) -> Vec<&Write<T>> {
        self.alive.iter().filter_map(|place| self.at(*place)).collect()
    }

    /// Whether people must settle between several values.
    pub fn is_conflict(&self) -> bool {
        self.alive.len() > 1
    }

    /// The surviving value to show first: the last written.
    pub fn current(&self) -> &Write<T> {
        self.alive.last().and_then(|place| self.at(*place)).unwrap_or(&self.first)
    }

    /// Ids a new write supersedes when its author sees this.
    pub fn seen(&self) -> Vec<EntryId> {
        self.survivors().iter().map(|w| w.id).collect()
    }
}

/// Refuses a write that names versions nobody knows: its author's page is of another field, or another journal.
///
/// # Errors
/// A refusal that asks to reload the page.
pub(crate) fn known<T>(versions: Option<&Versions<T>>, supersedes: &[EntryId]) -> Result<(), Refusal> {
    let unknown = |id: &EntryId| versions.is_none_or(|v| v.all().all(|w| w.id != *id));
    if supersedes.len() > SUPERSEDES_MAX || supersedes.iter().any(unknown) {
        let sentence = "La version remplacée n’est pas connue : rechargez la page.";
        return Err(Refusal::field("unknown_version", "supersedes", sentence));
    }
    Ok(())
}

/// The same for a field that is only rewritten by somebody who has it before their eyes.
///
/// # Errors
/// A refusal that asks to reload the page.
pub(crate) fn rewritten<T>(versions: Option<&Versions<T>>, supersedes: &[EntryId]) -> Result<(), Refusal> {
    if versions.is_some() && supersedes.is_empty() {
        let sentence = "Ceci a déjà été enregistré : rechargez la page pour voir ce qu’il y a, puis corrigez-le.";
        return Err(Refusal::field("unseen_version", "supersedes", sentence));
    }
    known(versions, supersedes)
}
