//! Everything downstream or upstream, whatever the redundancy and the time.

use crate::rows::Rows;
use crate::{Network, Scratch};

impl Network {
    /// Who needs one of these nodes, directly or not; without these nodes themselves. In the order of distance.
    pub fn downstream<'a>(&self, from: &[u32], scratch: &'a mut Scratch) -> &'a [u32] {
        self.reach(&self.dependants, from, scratch)
    }

    /// Whom these nodes need, directly or not; without these nodes themselves. In the order of distance.
    pub fn upstream<'a>(&self, from: &[u32], scratch: &'a mut Scratch) -> &'a [u32] {
        self.reach(&self.needs, from, scratch)
    }

    /// A breadth-first search. Whether a node is new is as hard to foresee as a draw: every neighbour is written at the end
    /// of the queue, which only grows when it was new, so that the processor has nothing to guess.
    fn reach<'a>(&self, edges: &Rows<u32>, from: &[u32], scratch: &'a mut Scratch) -> &'a [u32] {
        let Scratch { queue, reached, .. } = scratch;
        reached.reach(self.nodes);
        let room = self.nodes as usize + 1;
        if queue.len() < room {
            queue.resize(room, 0);
        }
        let queue = &mut queue[..room];
        let mut end = 0;
        for node in from.iter().filter(|node| **node < self.nodes) {
            queue[end] = *node;
            end += usize::from(reached.add(*node));
        }
        let (own, mut at) = (end, 0);
        while at < end {
            for other in edges.row(queue[at]) {
                queue[end] = *other;
                end += usize::from(reached.add(*other));
            }
            at += 1;
        }
        reached.empty(&queue[..end]);
        &queue[own..end]
    }
}
