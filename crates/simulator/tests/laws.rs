//! The laws of the fold, with the hospital's own state.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::State;
use journal::fold;
use journal::{Entry, EntryId, Fold, Hash, Journal, JournalId, Offer, Taken};
use proptest::prelude::*;
use simulator::chance::Chance;
use simulator::history;
use std::collections::BTreeMap;

/// A replica without a disk.
struct Desk {
    journal: Journal,
    state: State,
    stored: BTreeMap<EntryId, Entry>,
}

impl Desk {
    fn blank(journal: JournalId) -> Self {
        let journal = Journal::new(journal, State::NEVER_ERASED);
        Self { journal, state: State::default(), stored: BTreeMap::new() }
    }

    fn merge(&mut self, entries: &[Entry]) {
        let mut taken: Vec<Taken> = Vec::new();
        for entry in entries {
            match self.journal.offer(entry.clone()) {
                Offer::Accepted(more) => taken.extend(more),
                Offer::Completed(one) => taken.push(*one),
                Offer::Known | Offer::Parked(_) => {}
                Offer::Refused(why) => panic!("{} was refused: {why}", entry.id.short()),
            }
        }
        self.stored.extend(taken.iter().map(|one| (one.entry.id, one.entry.clone())));
        if !self.journal.must_refold() {
            return fold::absorb(&mut self.state, &mut self.journal, taken);
        }
        for id in self.journal.drop_erased() {
            self.stored.get_mut(&id).unwrap().body = None;
        }
        self.state = simulator::replica::refolded(&mut self.journal, &self.stored);
        self.journal.mark_folded();
    }

    fn root(&self) -> Hash {
        self.state.root()
    }
}

fn delivered(entries: &[Entry], chance: &mut Chance) -> Desk {
    let mut desk = Desk::blank(entries[0].header.journal);
    let mut shuffled = entries.to_vec();
    chance.shuffle(&mut shuffled);
    let cut = 1 + chance.below(entries.len());
    for merge in shuffled.chunks(cut) {
        desk.merge(merge);
        // Some of it twice.
        desk.merge(&merge[..chance.below(merge.len() + 1)]);
    }
    // Once more, as replicas do: words that were still erased when they came are taken now.
    desk.merge(entries);
    desk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_arrival_gives_one_root(seed in any::<u64>()) {
        let entries = history(seed).unwrap();
        let mut chance = Chance::new(!seed);
        let first = delivered(&entries, &mut chance);
        prop_assert_eq!(first.journal.dag().len() + first.journal.parked().count(), entries.len());
        for _ in 0..6 {
            let other = delivered(&entries, &mut chance);
            prop_assert_eq!(other.root(), first.root());
            prop_assert_eq!(other.journal.order().len(), first.journal.order().len());
        }
    }
}
