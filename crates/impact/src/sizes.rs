//! How many nodes need each node, directly or not: for all nodes at once.
//!
//! Mutual dependencies are one component; then every component's set of dependants is the union of those of the
//! components just above it. Sets are taken a block of nodes at a time, one bit each, so that a union is a few
//! instructions and a block's sets stay in cache.

use crate::rows::Rows;
use crate::workers::{self, Stop};
use crate::{Network, order::Order};

/// Words of a block: 64 nodes each.
const WORDS: usize = 8;
const BLOCK: u32 = 64 * WORDS as u32;

/// The graph of components, dependants first.
struct Condensed {
    components: u32,
    /// Where each component's nodes begin, in the order of components; one more at the end.
    starts: Vec<u32>,
    /// The components that need each component, each once, ascending; all of smaller number.
    above: Rows<u32>,
}

impl Network {
    /// How many other nodes need each node, directly or not (the size of [`Network::downstream`]), by that many threads.
    /// `None` when `stop` said to stop.
    pub fn closure_sizes(&self, workers: usize, stop: Stop) -> Option<Vec<u32>> {
        let order = Order::of(self.nodes, |node| self.dependants.row(node));
        let graph = self.condensed(&order);
        let blocks = self.nodes.div_ceil(BLOCK) as usize;
        let parts = workers::split(workers, blocks, stop, Sums::default, |sums: &mut Sums, block| sums.add(&graph, block));
        let mut sums = vec![0_u32; graph.components as usize];
        for part in parts? {
            for (sum, more) in sums.iter_mut().zip(part.sums) {
                *sum += more;
            }
        }
        let mut sizes = vec![0; self.nodes as usize];
        for (component, sum) in order.components().zip(sums) {
            for node in component {
                sizes[*node as usize] = sum - 1;
            }
        }
        Some(sizes)
    }

    fn condensed(&self, order: &Order) -> Condensed {
        let mut number = vec![0_u32; self.nodes as usize];
        let mut starts = vec![0_u32];
        for (component, at) in order.components().zip(0..) {
            for node in component {
                number[*node as usize] = at;
            }
            starts.push(starts[at as usize] + u32::try_from(component.len()).unwrap_or(u32::MAX));
        }
        let components = u32::try_from(starts.len() - 1).unwrap_or(u32::MAX);
        let number = |node: u32| number[node as usize];
        let edges = order.nodes.iter().flat_map(|node| self.dependants.row(*node).iter().map(|above| (*node, *above)));
        let edges = edges.map(|(node, above)| (number(node), number(above))).filter(|(below, above)| below != above);
        let below = Rows::of(components as usize, edges.map(|(below, above)| (above, below)));
        Condensed { components, starts, above: below.turned(components as usize) }
    }
}

/// What one thread counts.
#[derive(Default)]
struct Sums {
    sums: Vec<u32>,
    sets: Vec<[u64; WORDS]>,
}

impl Sums {
    /// Counts, for every component, its dependants in a block of nodes (itself included).
    fn add(&mut self, graph: &Condensed, block: usize) {
        let components = graph.components as usize;
        self.sums.resize(components, 0);
        self.sets.resize(components, [0; WORDS]);
        let begin = u32::try_from(block).unwrap_or(u32::MAX).saturating_mul(BLOCK);
        let first = graph.starts.partition_point(|start| *start <= begin) - 1;
        for component in first..components {
            let mut set = [0_u64; WORDS];
            // Components before the block lead to nothing in it.
            let number = u32::try_from(component).unwrap_or(u32::MAX);
            for above in graph.above.row(number).iter().rev().take_while(|above| **above as usize >= first) {
                for (word, more) in set.iter_mut().zip(&self.sets[*above as usize]) {
                    *word |= more;
                }
            }
            let (from, to) = (graph.starts[component].max(begin), graph.starts[component + 1].min(begin.saturating_add(BLOCK)));
            for node in from..to {
                let place = node - begin;
                set[place as usize / 64] |= 1 << (place % 64);
            }
            self.sets[component] = set;
            self.sums[component] += set.iter().map(|word| word.count_ones()).sum::<u32>();
        }
    }
}
