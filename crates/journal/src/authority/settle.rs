//! Which acts count when acts strike each other.
//!
//! A strike (a withdrawal, a revocation) that would count even if all undecided strikes held, holds. One that would not
//! count even if none of them held, is void. Where that decides nothing, strikes strike in a circle: the most senior
//! of the circle holds, and those that strike it are void. The outcome depends on the set of acts alone, and a strike
//! whose author knew everything changes nothing before it.

use super::{ADMIN_RANK, Act, Authority, AuthorityAct};
use crate::dag::Dag;
use crate::id::{ActorId, EntryId, PublicKey};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What a strike is aimed at.
enum Target {
    Actor(ActorId),
    Device(PublicKey),
}

/// Positions of acts in the total order.
type Acts = BTreeSet<usize>;

/// Strikes by what has been decided about them.
#[derive(Default)]
struct Strikes {
    open: Acts,
    holds: Acts,
    void: Acts,
}

impl Authority {
    pub(super) fn settle(&mut self, dag: &Dag) {
        if self.settled {
            return;
        }
        self.settled = true;
        self.index_grants();
        self.erased_once.clear();
        let open = (0..self.acts.len()).filter(|at| self.target(*at).is_some()).collect();
        let mut strikes = Strikes { open, ..Strikes::default() };
        if !self.erasures.is_empty() {
            self.judge(dag, &Acts::new(), &Acts::new(), true);
            self.erased_once = self.granted_erasures(dag);
        }
        while !strikes.open.is_empty() {
            self.decide(dag, &mut strikes);
        }
        self.judge(dag, &strikes.holds, &strikes.void, false);
        self.erased = self.granted_erasures(dag);
        self.erased_once.extend(&self.erased);
    }

    /// Decides about one undecided strike at least.
    fn decide(&mut self, dag: &Dag, strikes: &mut Strikes) {
        self.judge(dag, &strikes.holds.union(&strikes.open).copied().collect(), &strikes.void, false);
        self.erased_once.append(&mut self.granted_erasures(dag));
        let sure: Acts = strikes.open.iter().filter(|at| self.counts(**at)).copied().collect();
        self.judge(dag, &strikes.holds, &strikes.void, false);
        let mut void: Acts = strikes.open.iter().filter(|at| !self.counts(**at)).copied().collect();
        let mut holds: Acts = sure.difference(&void).copied().collect();
        if holds.is_empty() && void.is_empty() {
            (holds, void) = self.break_circle(dag, &strikes.open);
        }
        strikes.open.retain(|at| !holds.contains(at) && !void.contains(at));
        strikes.holds.append(&mut holds);
        strikes.void.append(&mut void);
    }

    fn counts(&self, at: usize) -> bool {
        self.valid.contains(&self.acts[at].index)
    }

    fn index_grants(&mut self) {
        self.grants.clear();
        for (at, act) in self.acts.iter().enumerate() {
            if let AuthorityAct::RoleGranted { actor, .. } | AuthorityAct::RoleWithdrawn { actor, .. } = &act.act {
                self.grants.entry(*actor).or_default().push(at);
            }
        }
    }

    fn target(&self, at: usize) -> Option<Target> {
        match &self.acts[at].act {
            AuthorityAct::RoleWithdrawn { actor, .. } => Some(Target::Actor(*actor)),
            AuthorityAct::DeviceRevoked { device, .. } => Some(Target::Device(*device)),
            _ => None,
        }
    }

    /// Which acts count if these strikes hold and those are void. `forks_unknown`: as before any fork was seen.
    fn judge(&mut self, dag: &Dag, holds: &Acts, void: &Acts, forks_unknown: bool) {
        self.withdrawals.clear();
        self.revocations.clear();
        for at in holds {
            let index = self.acts[*at].index;
            match self.target(*at) {
                Some(Target::Actor(actor)) => self.withdrawals.entry(actor).or_default().push(index),
                Some(Target::Device(device)) => self.revocations.entry(device).or_default().push(index),
                None => {}
            }
        }
        self.valid.clear();
        for (at, Act { index, writer, .. }) in self.acts.iter().enumerate() {
            let sound = !void.contains(&at)
                && (forks_unknown || !dag.is_forked(*index))
                && !self.device_struck(dag, *index, &writer.device)
                && !self.author_struck(dag, *index, &writer.author);
            if sound && (writer.genesis || self.rank_at(dag, *index, &writer.author) >= Some(ADMIN_RANK)) {
                self.valid.insert(*index);
            }
        }
    }

    /// The most senior strike of a circle, and those that strike it.
    fn break_circle(&self, dag: &Dag, open: &Acts) -> (Acts, Acts) {
        let struck_by = |by: &usize| (*by, open.iter().filter(|at| self.undermines(dag, *by, **at)).copied().collect());
        let edges: BTreeMap<usize, Acts> = open.iter().map(struck_by).collect();
        let reach: BTreeMap<usize, Acts> = open.iter().map(|at| (*at, reached_from(*at, &edges))).collect();
        // Nobody strikes into it from outside.
        let in_circle = |at: &&usize| open.iter().all(|by| !reach[by].contains(at) || reach[at].contains(by));
        let seniority = |at: &&usize| {
            let act = &self.acts[**at];
            (Reverse(self.rank_at(dag, act.index, &act.writer.author)), **at)
        };
        let holds: Acts = open.iter().filter(in_circle).min_by_key(seniority).copied().into_iter().collect();
        let void = open.iter().filter(|by| edges[by].iter().any(|at| holds.contains(at))).copied();
        (holds.clone(), void.filter(|by| !holds.contains(by)).collect())
    }

    /// Whether a strike takes the authority of another's author or device, or of those it has its authority from.
    fn undermines(&self, dag: &Dag, by: usize, at: usize) -> bool {
        let mut act = &self.acts[at];
        loop {
            if by != at && self.strikes(dag, by, act) {
                return true;
            }
            match self.grant_at(dag, act.index, &act.writer.author) {
                Some(grant) if !act.writer.genesis => act = &self.acts[grant],
                _ => return false,
            }
        }
    }

    fn strikes(&self, dag: &Dag, by: usize, act: &Act) -> bool {
        let striker = self.acts[by].index;
        match self.target(by) {
            Some(Target::Actor(actor)) => actor == act.writer.author && dag.concurrent(act.index, striker),
            Some(Target::Device(device)) => {
                device == act.writer.device && striker != act.index && !dag.precedes(act.index, striker)
            }
            None => false,
        }
    }

    /// Bodies asked to be dropped by one person and dropped by another, both acts counting.
    fn granted_erasures(&self, dag: &Dag) -> BTreeSet<EntryId> {
        let granted = |second: &Act| {
            let AuthorityAct::Erased { entry, asked } = &second.act else { return None };
            let asked = dag.index(asked)?;
            let first = self.acts.iter().find(|a| a.index == asked && self.valid.contains(&a.index))?;
            let AuthorityAct::ErasureAsked { entry: same, .. } = &first.act else { return None };
            let two = first.writer.author != second.writer.author && dag.precedes(asked, second.index);
            (two && same == entry && self.valid.contains(&second.index)).then_some(*entry)
        };
        self.acts.iter().filter_map(granted).collect()
    }
}

/// All that can be reached along the edges, the start included only by a way back to it.
fn reached_from(start: usize, edges: &BTreeMap<usize, Acts>) -> Acts {
    let mut reached = Acts::new();
    let mut ahead = vec![start];
    while let Some(from) = ahead.pop() {
        ahead.extend(edges.get(&from).into_iter().flatten().filter(|to| reached.insert(**to)));
    }
    reached
}
