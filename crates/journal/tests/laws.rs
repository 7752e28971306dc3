//! Laws that hold for every history and every order of arrival.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use journal::write::Draft;
use journal::{ActorId, AuthorityAct, Entry, EntryId, Fold, RequestId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::{ADMIN, DIRECTOR, Desk, MEMBER, NOBODY, OTHER_ADMIN, grant, note, person, public, three_desks, withdraw};

const ACTORS: [ActorId; 5] = [DIRECTOR, ADMIN, OTHER_ADMIN, MEMBER, NOBODY];

/// One step of a history; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Note { desk: u8, actor: u8 },
    Batch { desk: u8, actor: u8, parts: u8 },
    Grant { desk: u8, actor: u8, to: u8, rank: u8 },
    Withdraw { desk: u8, actor: u8, from: u8 },
    Revoke { desk: u8, actor: u8, device: u8 },
    AskErasure { desk: u8, actor: u8, nth: u8 },
    Erase { desk: u8, actor: u8, nth: u8 },
    Fork { desk: u8, actor: u8 },
    Wild { desk: u8, actor: u8, hlc: u64, wall: i64 },
    Clock { desk: u8, days: i16 },
    Meet { desk: u8, from: u8, skip: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let (desk, actor) = (0u8..4, 0u8..5);
    prop_oneof![
        6 => (desk.clone(), actor.clone()).prop_map(|(desk, actor)| Step::Note { desk, actor }),
        2 => (desk.clone(), actor.clone(), 2u8..4).prop_map(|(desk, actor, parts)| Step::Batch { desk, actor, parts }),
        2 => (desk.clone(), actor.clone(), 0u8..5, 0u8..90).prop_map(|(desk, actor, to, rank)| Step::Grant { desk, actor, to, rank }),
        3 => (desk.clone(), actor.clone(), 0u8..5).prop_map(|(desk, actor, from)| Step::Withdraw { desk, actor, from }),
        1 => (desk.clone(), actor.clone(), 0u8..4).prop_map(|(desk, actor, device)| Step::Revoke { desk, actor, device }),
        1 => (desk.clone(), actor.clone(), any::<u8>()).prop_map(|(desk, actor, nth)| Step::AskErasure { desk, actor, nth }),
        2 => (desk.clone(), actor.clone(), any::<u8>()).prop_map(|(desk, actor, nth)| Step::Erase { desk, actor, nth }),
        1 => (desk.clone(), actor.clone()).prop_map(|(desk, actor)| Step::Fork { desk, actor }),
        1 => (desk.clone(), actor, any::<u64>(), any::<i64>()).prop_map(|(desk, actor, hlc, wall)| Step::Wild { desk, actor, hlc, wall }),
        1 => (desk.clone(), any::<i16>()).prop_map(|(desk, days)| Step::Clock { desk, days }),
        6 => (desk, 0u8..4, 0u8..4).prop_map(|(desk, from, skip)| Step::Meet { desk, from, skip }),
    ]
}

struct History {
    desks: Vec<Desk>,
    /// Every entry ever written, with its body.
    all: BTreeMap<EntryId, Entry>,
}

impl History {
    fn start() -> Self {
        let [first, second, third] = three_desks();
        let fourth = Desk::enrolled(4, &first);
        let mut history = Self { desks: vec![first, second, third, fourth], all: BTreeMap::new() };
        let entries: Vec<Entry> = history.desks.iter().flat_map(Desk::entries).collect();
        history.keep(entries);
        history
    }

    fn keep(&mut self, entries: Vec<Entry>) {
        self.all.extend(entries.into_iter().map(|e| (e.id, e)));
    }

    fn target(&self, desk: usize, nth: u8) -> EntryId {
        let nodes = self.desks[desk].journal.dag().nodes();
        nodes[usize::from(nth) % nodes.len()].id
    }

    /// The nth request for an erasure that a desk knows, and what it is about.
    fn asked(&self, desk: usize, nth: u8) -> Option<(EntryId, EntryId)> {
        let asked = |e: &Entry| {
            let body = e.body.as_ref()?;
            match AuthorityAct::decode(&e.header.kind, 1, &body.bytes)? {
                AuthorityAct::ErasureAsked { entry, .. } => Some((entry, e.id)),
                _ => None,
            }
        };
        let all: Vec<_> = self.desks[desk].entries().iter().filter_map(asked).collect();
        (!all.is_empty()).then(|| all[usize::from(nth) % all.len()])
    }

    fn act(&mut self, desk: u8, actor: u8, act: &AuthorityAct) {
        let written = self.desks[usize::from(desk)].act(ACTORS[usize::from(actor)], act);
        self.keep(vec![written]);
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::Note { desk, actor } => {
                let written = self.desks[usize::from(desk)].write(ACTORS[usize::from(actor)], note("texte"));
                self.keep(vec![written]);
            }
            Step::Batch { desk, actor, parts } => {
                let desk = &mut self.desks[usize::from(desk)];
                let request = RequestId(desk.random());
                let acts = [Draft::of_act(&grant(NOBODY, 60)), note("b"), Draft::of_act(&withdraw(MEMBER)), note("d")];
                let drafts = acts[..usize::from(parts)].to_vec();
                let written = desk.batch(person(ACTORS[usize::from(actor)]), request, drafts);
                self.keep(written);
            }
            Step::Grant { desk, actor, to, rank } => self.act(desk, actor, &grant(ACTORS[usize::from(to)], rank)),
            Step::Withdraw { desk, actor, from } => self.act(desk, actor, &withdraw(ACTORS[usize::from(from)])),
            Step::Revoke { desk, actor, device } => {
                let device = public(&self.desks[usize::from(device)].pen.device);
                self.act(desk, actor, &AuthorityAct::DeviceRevoked { device, reason: "test".to_owned() });
            }
            Step::AskErasure { desk, actor, nth } => {
                let entry = self.target(usize::from(desk), nth);
                self.act(desk, actor, &AuthorityAct::ErasureAsked { entry, reason: "test".to_owned() });
            }
            Step::Erase { desk, actor, nth } => {
                if let Some((entry, asked)) = self.asked(usize::from(desk), nth) {
                    self.act(desk, actor, &AuthorityAct::Erased { entry, asked });
                }
            }
            Step::Fork { desk, actor } => {
                let mut twin = self.desks[usize::from(desk)].clone();
                twin.wall += 977;
                let written = twin.write(ACTORS[usize::from(actor)], note("double"));
                self.keep(vec![written]);
            }
            Step::Wild { desk, actor, hlc, wall } => {
                let desk = &mut self.desks[usize::from(desk)];
                let forged = desk.forge(note("heure folle"), ACTORS[usize::from(actor)], |h| (h.hlc, h.wall) = (hlc, wall));
                desk.learn([&forged]);
                self.keep(vec![forged]);
            }
            Step::Clock { desk, days } => self.desks[usize::from(desk)].wall += i64::from(days) * 86_400_000,
            Step::Meet { desk, from, skip } => {
                let entries = self.desks[usize::from(from)].entries();
                let part = entries.len() - entries.len() * usize::from(skip) / 8;
                self.desks[usize::from(desk)].learn(&entries[..part]);
            }
        }
        let desk = match *step {
            Step::Meet { desk, .. } | Step::Wild { desk, .. } | Step::Note { desk, .. } => usize::from(desk),
            _ => return,
        };
        let refolded = self.desks[desk].refolded();
        assert!(self.desks[desk].state == refolded, "after {step:?}");
    }
}

/// A desk that got everything in this order, cut into merges, some of it twice; then once more, as replicas do.
fn delivered(entries: &[Entry], cut: usize) -> Desk {
    let mut desk = Desk::blank(90);
    for merge in entries.chunks(cut) {
        desk.learn(merge);
        desk.learn(&merge[..merge.len() / 2]);
        let refolded = desk.refolded();
        assert!(desk.state == refolded, "folding as one goes is folding from nothing");
    }
    desk.learn(entries);
    desk
}

/// Ancestors of each entry, the slow and obvious way.
fn ancestors(entries: &BTreeMap<EntryId, Entry>) -> BTreeMap<EntryId, BTreeSet<EntryId>> {
    fn of(id: &EntryId, all: &BTreeMap<EntryId, Entry>, known: &mut BTreeMap<EntryId, BTreeSet<EntryId>>) -> BTreeSet<EntryId> {
        if let Some(done) = known.get(id) {
            return done.clone();
        }
        let header = &all[id].header;
        let mut out = BTreeSet::new();
        for parent in header.prev.iter().chain(&header.deps) {
            out.extend(of(parent, all, known));
            out.insert(*parent);
        }
        known.insert(*id, out.clone());
        out
    }
    let mut known = BTreeMap::new();
    for id in entries.keys() {
        of(id, entries, &mut known);
    }
    known
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn same_entries_same_order_same_worth_same_words(
        steps in proptest::collection::vec(step(), 5..45),
        keys in proptest::collection::vec(any::<u64>(), 3..4),
        cut in 1usize..12,
    ) {
        let mut history = History::start();
        for step in &steps {
            history.play(step);
        }
        let all: Vec<Entry> = history.all.values().cloned().collect();
        let mut desks: Vec<Desk> = Vec::new();
        for key in &keys {
            let mut shuffled = all.clone();
            shuffled.sort_by_key(|e| {
                let first = u64::from_be_bytes(e.id.0[..8].try_into().unwrap());
                (first ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            desks.push(delivered(&shuffled, cut));
        }
        for desk in &desks {
            prop_assert_eq!(desk.journal.dag().len(), all.len());
            prop_assert_eq!(desk.journal.parked().count(), 0);
            prop_assert_eq!(desk.state.root(), desks[0].state.root());
        }
        for desk in &mut history.desks {
            // Twice: words that were still erased when they were offered are taken the second time.
            desk.learn(&all);
            desk.learn(&all);
            prop_assert_eq!(desk.state.root(), desks[0].state.root());
        }
    }

    #[test]
    fn the_order_extends_causality_and_the_graph_knows_who_knew_what(steps in proptest::collection::vec(step(), 5..40)) {
        let mut history = History::start();
        for step in &steps {
            history.play(step);
        }
        let past = ancestors(&history.all);
        let all: Vec<Entry> = history.all.values().cloned().collect();
        let desk = delivered(&all, 7);
        let dag = desk.journal.dag();
        let order = desk.journal.order();
        let place: BTreeMap<EntryId, usize> = order.iter().enumerate().map(|(at, index)| (dag.node(*index).id, at)).collect();
        for (id, before) in &past {
            prop_assert!(before.iter().all(|b| place[b] < place[id]));
        }
        let mut seen: BTreeMap<_, Vec<EntryId>> = BTreeMap::new();
        for (a, node_a) in (0u32..).zip(dag.nodes()) {
            for (b, node_b) in (0u32..).zip(dag.nodes()) {
                prop_assert_eq!(dag.precedes(a, b), past[&node_b.id].contains(&node_a.id));
                prop_assert_eq!(dag.concurrent(a, b), a != b && !dag.precedes(a, b) && !dag.precedes(b, a));
            }
            seen.entry((node_a.chain, node_a.seq)).or_default().push(node_a.id);
        }
        let heads: BTreeSet<EntryId> = past.keys().filter(|id| past.values().all(|p| !p.contains(id))).copied().collect();
        prop_assert_eq!(dag.heads(), &heads);
        for (index, node) in (0u32..).zip(dag.nodes()) {
            let first = seen.iter().find(|((chain, _), ids)| *chain == node.chain && ids.len() > 1).map(|((_, seq), _)| *seq);
            prop_assert_eq!(dag.forked_at(&node.chain), first);
            prop_assert_eq!(dag.is_forked(index), first.is_some_and(|first| node.seq >= first));
        }
    }
}
