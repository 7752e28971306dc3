//! How soon a node must be back, for itself and for those who need it.

use crate::{HOLDS_FOREVER, Network};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// A delay to be back (RTO, MTPD): who holds without a node leaves it that much longer.
    Recovery,
    /// Data that may be lost (RPO): holding without a node saves none of its data, the need passes as it is.
    Data,
}

/// The tightest need that bears on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inherited {
    /// The need, in minutes.
    pub minutes: u32,
    /// The group through which it comes, and who owns it; `None` when it is the node's own.
    pub through: Option<Through>,
    /// The node whose own need this is.
    pub origin: u32,
}

/// From whom a need comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Through {
    /// Who needs the node.
    pub dependant: u32,
    /// By which of its groups.
    pub group: u32,
}

/// A candidate; the order is that of answers: the tightest, the nearest, the smallest numbers.
type Candidate = (u32, u32, Option<Through>, u32, u32);

impl Network {
    /// For every node, the tightest of its own need and of those of its dependants, each longer by what they hold
    /// without it; `own` by node, in minutes. Among equals, the nearest, then the smallest numbers.
    ///
    /// A group that only degrades its owner passes on the owner's own need as if it held nothing, and no need from
    /// further: a degraded activity counts as interrupted when nothing says how long it can last, but does not stop
    /// others. Redundant members all inherit: which one will be missing is not known.
    pub fn inherited(&self, own: &[Option<u32>], duty: Duty) -> Vec<Option<Inherited>> {
        let mut heap: BinaryHeap<Reverse<Candidate>> = BinaryHeap::new();
        for (node, need) in (0..self.nodes).zip(own) {
            let Some(need) = *need else { continue };
            heap.push(Reverse((need, 0, None, node, node)));
            for group in self.owned.row(node).iter().filter(|group| self.groups[**group as usize].holds == HOLDS_FOREVER) {
                self.pass(&mut heap, *group, (need, 0, None, node, node), 0);
            }
        }
        let mut known: Vec<Option<Inherited>> = vec![None; self.nodes as usize];
        while let Some(Reverse(candidate)) = heap.pop() {
            let (minutes, _, through, origin, node) = candidate;
            let place = &mut known[node as usize];
            if place.is_some() {
                continue;
            }
            *place = Some(Inherited { minutes, through, origin });
            for group in self.owned.row(node) {
                let holds = self.groups[*group as usize].holds;
                if holds != HOLDS_FOREVER {
                    self.pass(&mut heap, *group, candidate, if duty == Duty::Recovery { holds } else { 0 });
                }
            }
        }
        known
    }

    /// Passes a need on to the members of a group.
    fn pass(&self, heap: &mut BinaryHeap<Reverse<Candidate>>, group: u32, from: Candidate, holds: u32) {
        let (minutes, steps, _, origin, dependant) = from;
        let through = Some(Through { dependant, group });
        let passed =
            self.members.row(group).iter().map(|member| (minutes.saturating_add(holds), steps + 1, through, origin, *member));
        heap.extend(passed.map(Reverse));
    }
}
