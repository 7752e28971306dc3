//! State of the legal side after an event. Total: anything may come, in any order, from anybody.

use super::event::{ClaimNoted, ClockAdopted, ClockClosed, ComplaintAnswered, EvidenceListed};
use super::{Clock, Legal};
use crate::capability::Applies;
use crate::state::State;
use crate::versions::Versions;
use imbl::OrdMap;
use journal::{EntryId, Seen};

/// The legal side of the crisis that an entry with authority is about.
fn legal_of<'a>(state: &'a mut State, entry: &Seen<'_>) -> Option<&'a mut Legal> {
    entry.standing.has_authority().then(|| state.legal.entry(entry.header.subject).or_default())
}

fn write<K: Ord + Clone, T: Clone>(
    map: &mut OrdMap<K, Versions<T>>,
    key: K,
    entry: &Seen<'_>,
    value: T,
    supersedes: Vec<EntryId>,
) {
    match map.get_mut(&key) {
        Some(known) => known.write(entry, value, supersedes),
        None => {
            map.insert(key, Versions::new(entry, value));
        }
    }
}

impl Applies for ClockAdopted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(legal) = legal_of(state, entry) else { return };
        match legal.clocks.get_mut(&self.key) {
            Some(clock) => {
                let supersedes = self.supersedes.clone();
                clock.adopted.write(entry, self, supersedes);
            }
            None => {
                legal.clocks.insert(self.key.clone(), Clock { adopted: Versions::new(entry, self), endings: None });
            }
        }
    }
}

impl Applies for ClockClosed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(clock) = legal_of(state, entry).and_then(|legal| legal.clocks.get_mut(&self.key)) else { return };
        let supersedes = self.supersedes.clone();
        match &mut clock.endings {
            Some(endings) => endings.write(entry, self, supersedes),
            None => clock.endings = Some(Versions::new(entry, self)),
        }
    }
}

impl Applies for ComplaintAnswered {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(legal) = legal_of(state, entry) {
            let (key, supersedes) = (self.key.clone(), self.supersedes.clone());
            write(&mut legal.complaint, key, entry, self, supersedes);
        }
    }
}

impl Applies for EvidenceListed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(legal) = legal_of(state, entry) {
            let (key, supersedes) = (self.evidence, self.supersedes.clone());
            write(&mut legal.evidence, key, entry, self, supersedes);
        }
    }
}

impl Applies for ClaimNoted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(legal) = legal_of(state, entry) {
            let (key, supersedes) = (self.claim, self.supersedes.clone());
            write(&mut legal.claims, key, entry, self, supersedes);
        }
    }
}
