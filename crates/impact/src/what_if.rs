//! Who is hit when these are lost, from when, and why.
//!
//! Knuth's generalisation of Dijkstra's algorithm (« A generalization of Dijkstra's algorithm », 1977) to functions of
//! several arguments: a group's failure is the (spare + 1)-th loss among its members, never earlier than any of them, so
//! nodes can be settled in the order of their moment, then of the length of their explanation. Nodes of one moment and
//! one length make a level; levels without holding time follow each other as in a breadth-first search, and only what
//! holds waits in a heap. Which explanation is kept does not depend on the order within a level.

use crate::bits::Bits;
use crate::build::Counted;
use crate::outcome::{Fate, Loss, Mark, NONE, Outcome};
use crate::{HOLDS_FOREVER, Network};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a question needs as room; used again from one to the next, whatever the network: a question costs only what it
/// touches.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// The number of the question; what another one wrote is void.
    epoch: u32,
    /// Void for nodes that are not touched.
    fates: Vec<Fate>,
    /// Nodes hit, as a set. Empty between questions.
    touched: Bits,
    /// Members down of each group.
    tallies: Vec<(u32, u32)>,
    /// Nodes whose going down has its final explanation. Empty between questions.
    settled: Bits,
    level: Vec<u32>,
    next: Vec<u32>,
    waiting: BinaryHeap<Reverse<(Mark, u32)>>,
    hit: Vec<u32>,
    /// Nodes reached by a closure, in the order in which they were.
    pub(crate) queue: Vec<u32>,
    /// The same as a set. Empty between questions.
    pub(crate) reached: Bits,
}

impl Network {
    /// Who is hit when these are lost. Losses of nodes that do not exist are left out.
    pub fn what_if(&self, lost: &[Loss], scratch: &mut Scratch) -> Outcome {
        scratch.begin(self);
        for loss in lost.iter().filter(|loss| loss.node < self.nodes) {
            scratch.waiting.push(Reverse((Mark::lost(loss.at), loss.node)));
        }
        scratch.run(self);
        scratch.order();
        let hit = scratch.hit.clone();
        scratch.settled.empty(&hit);
        scratch.touched.empty(&hit);
        Outcome::of(self.nodes, hit, |node| scratch.fates[node as usize])
    }
}

impl Scratch {
    fn begin(&mut self, network: &Network) {
        let nodes = network.nodes as usize;
        if self.epoch == u32::MAX {
            (self.epoch, self.tallies) = (0, Vec::new());
        }
        self.epoch += 1;
        if self.fates.len() < nodes {
            self.fates.resize(nodes, Fate { hit: Mark::NEVER, down: Mark::NEVER });
        }
        if self.tallies.len() < network.groups.len() {
            self.tallies.resize(network.groups.len(), (0, 0));
        }
        self.settled.reach(network.nodes);
        self.touched.reach(network.nodes);
        self.hit.clear();
    }

    /// Settles level after level.
    fn run(&mut self, network: &Network) {
        let mut now = Mark::lost(0);
        loop {
            let soonest = self.waiting.peek().map(|Reverse((mark, _))| *mark);
            now = match soonest {
                // Whatever waits is not earlier than the level made by the one before.
                _ if !self.next.is_empty() => Mark { steps: now.steps + 1, ..now },
                Some(mark) => mark,
                None => break,
            };
            std::mem::swap(&mut self.level, &mut self.next);
            while let Some(Reverse((mark, node))) = self.waiting.peek().copied() {
                if (mark.at, mark.steps) != (now.at, now.steps) {
                    break;
                }
                self.waiting.pop();
                if !self.settled.has(node) && self.stops(node, mark) {
                    self.level.push(node);
                }
            }
            let level = std::mem::take(&mut self.level);
            for node in &level {
                self.settled.add(*node);
            }
            for node in &level {
                self.spread(network, *node, now);
            }
            self.level = level;
            self.level.clear();
        }
    }

    /// What the going down of a node does to those who need it.
    fn spread(&mut self, network: &Network, node: u32, now: Mark) {
        let mark = Mark { at: now.at, steps: now.steps + 1, member: node, group: NONE };
        for bond in network.plain.row(node) {
            if !self.settled.has(bond.owner) && self.stops(bond.owner, Mark { group: bond.group, ..mark }) {
                self.next.push(bond.owner);
            }
        }
        for Counted { bond, spare } in network.counted.row(node) {
            if !self.settled.has(bond.owner) && self.tally(bond.group) == spare + 1 {
                self.fail(network, bond.group, mark);
            }
        }
    }

    /// One more member of a group is down: how many are.
    fn tally(&mut self, group: u32) -> u32 {
        let tally = &mut self.tallies[group as usize];
        if tally.0 != self.epoch {
            *tally = (self.epoch, 0);
        }
        tally.1 += 1;
        tally.1
    }

    /// A group that bears losses or holds fails. Of the members of the present level, that of the smallest number is the
    /// cause: until this level the group held.
    fn fail(&mut self, network: &Network, group: u32, mark: Mark) {
        let of_level = |member: &&u32| {
            let fate = &self.fates[**member as usize];
            self.settled.has(**member) && (fate.down.at, fate.down.steps) == (mark.at, mark.steps - 1)
        };
        let member = network.members.row(group).iter().find(of_level).copied().unwrap_or(mark.member);
        let mark = Mark { member, group, ..mark };
        let record = network.groups[group as usize];
        if record.holds == 0 {
            if self.stops(record.owner, mark) {
                self.next.push(record.owner);
            }
            return;
        }
        self.degrades(record.owner, mark);
        let later = Mark { at: mark.at.saturating_add(record.holds), ..mark };
        if record.holds != HOLDS_FOREVER && later < self.fates[record.owner as usize].down {
            self.waiting.push(Reverse((later, record.owner)));
        }
    }

    /// A node goes down; whether it was up.
    fn stops(&mut self, node: u32, mark: Mark) -> bool {
        self.degrades(node, mark);
        let down = &mut self.fates[node as usize].down;
        let up = !down.happens();
        *down = mark.min(*down);
        up
    }

    fn degrades(&mut self, node: u32, mark: Mark) {
        let fate = &mut self.fates[node as usize];
        if self.touched.add(node) {
            *fate = Fate { hit: mark, down: Mark::NEVER };
            self.hit.push(node);
        } else {
            fate.hit = mark.min(fate.hit);
        }
    }

    /// Nodes were hit in the order of time: sorts those of one moment by number.
    fn order(&mut self) {
        let mut hit = std::mem::take(&mut self.hit);
        let at = |node: &u32| self.fates[*node as usize].hit.at;
        self.reached.reach(u32::try_from(self.fates.len()).unwrap_or(u32::MAX));
        for run in hit.chunk_by_mut(|a, b| at(a) == at(b)) {
            self.reached.sort(run);
        }
        self.hit = hit;
    }
}
