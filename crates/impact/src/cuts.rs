//! Minimal cut sets: the smallest sets of nodes whose loss together stops a node.
//!
//! Fault-tree analysis from the leaves up (Vesely et al., « Fault Tree Handbook », NUREG-0492, 1981, chapter VII;
//! MOCUS of Fussell and Vesely, 1972, goes from the top down): the cut sets of a node are itself and, for each group,
//! those that bring down one member more than it bears; what contains another cut set is dropped. Mutual dependencies are
//! gone over until nothing changes, which is again the least fixpoint. Sizes are taken one after the other, so that what
//! is answered is whole up to a size that is told.

use crate::order::Order;
use crate::rows::Rows;
use crate::workers::Stop;
use crate::{HOLDS_FOREVER, Network, Scratch};
use std::collections::BTreeSet;

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub struct CutLimits {
    /// Most nodes of a cut set; at most [`CutLimits::SIZE_MAX`].
    pub size: usize,
    /// Most sets put together on the way.
    pub work: u64,
}

impl CutLimits {
    /// Beyond that many simultaneous losses nobody plans, and every set has too many subsets to compare.
    pub const SIZE_MAX: usize = 6;
}

/// The smallest losses that stop a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CutSets {
    /// Each ascending; the smallest first, then by number. Every one is minimal.
    pub sets: Vec<Vec<u32>>,
    /// Every minimal cut set of at most that many nodes is there; none larger is.
    pub size: usize,
    /// Whether that is the size asked for.
    pub complete: bool,
}

/// Sets none of which contains another, by size, then by number.
type Family = BTreeSet<(usize, Vec<u32>)>;

impl Network {
    /// The minimal cut sets of a node among the nodes that `may` be lost; the node itself is not one of them.
    pub fn cut_sets(&self, target: u32, limits: CutLimits, may: &dyn Fn(u32) -> bool, stop: Stop) -> CutSets {
        let asked = limits.size.min(CutLimits::SIZE_MAX);
        let mut answer = CutSets { complete: asked == 0, ..CutSets::default() };
        if target >= self.nodes {
            return CutSets { size: asked, complete: true, ..answer };
        }
        let mut search = Search::of(self, target, may, limits.work, stop);
        for size in 1..=asked {
            let Some(family) = search.family(size) else { break };
            let sets = family.into_iter().map(|(_, set)| set).collect();
            answer = CutSets { sets, size, complete: size == asked };
        }
        answer
    }
}

/// The part of the network a target depends on, numbered anew.
struct Search<'a> {
    network: &'a Network,
    stop: Stop<'a>,
    /// Old numbers, ascending.
    nodes: Vec<u32>,
    may: Vec<bool>,
    order: Order,
    target: u32,
    work: u64,
}

impl<'a> Search<'a> {
    fn of(network: &'a Network, target: u32, may: &dyn Fn(u32) -> bool, work: u64, stop: Stop<'a>) -> Self {
        let mut scratch = Scratch::default();
        let mut nodes = network.upstream(&[target], &mut scratch).to_vec();
        nodes.push(target);
        nodes.sort_unstable();
        let number = |node: &u32| nodes.binary_search(node).map_or(0, |at| u32::try_from(at).unwrap_or(u32::MAX));
        let edges = (0..).zip(&nodes).flat_map(|(new, old)| network.needs.row(*old).iter().map(move |m| (new, m)));
        let edges: Vec<(u32, u32)> = edges.map(|(new, member)| (new, number(member))).collect();
        let edges = Rows::of(nodes.len(), edges.into_iter());
        let order = Order::of(u32::try_from(nodes.len()).unwrap_or(u32::MAX), |node| edges.row(node));
        let may = nodes.iter().map(|node| *node != target && may(*node)).collect();
        Self { network, stop, target: number(&target), may, order, work, nodes }
    }

    /// The target's minimal cut sets up to a size; `None` when work runs out or somebody stops it.
    fn family(&mut self, size: usize) -> Option<Family> {
        let mut families = vec![Family::new(); self.nodes.len()];
        let order = std::mem::take(&mut self.order);
        let whole = order.components().all(|component| self.component(component, &mut families, size).is_some());
        self.order = order;
        whole.then(|| std::mem::take(&mut families[self.target as usize]))
    }

    fn component(&mut self, component: &[u32], families: &mut [Family], size: usize) -> Option<()> {
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for node in component {
                let family = self.node(*node, families, size)?;
                let place = &mut families[*node as usize];
                changed |= component.len() > 1 && family != *place;
                *place = family;
            }
        }
        Some(())
    }

    fn node(&mut self, node: u32, families: &[Family], size: usize) -> Option<Family> {
        let old = self.nodes[node as usize];
        let mut all = Family::new();
        if self.may[node as usize] {
            all.insert((1, vec![old]));
        }
        let network = self.network;
        for group in network.owned.row(old) {
            let record = network.groups[*group as usize];
            if record.holds != HOLDS_FOREVER {
                all.append(&mut self.group(network.members.row(*group), record.spare as usize + 1, families, size)?);
            }
        }
        Some(minimal(all))
    }

    /// The sets that bring down at least `wanted` of the members, not all minimal.
    fn group(&mut self, members: &[u32], wanted: usize, families: &[Family], size: usize) -> Option<Family> {
        // `reached[n]`: the sets that bring down at least n of the members seen so far.
        let mut reached = vec![Family::new(); wanted + 1];
        reached[0].insert((0, Vec::new()));
        for member in members {
            let Ok(at) = self.nodes.binary_search(member) else { continue };
            for count in (1..=wanted).rev() {
                let mut more = self.together(&reached[count - 1], &families[at], size)?;
                more.append(&mut reached[count]);
                reached[count] = if wanted > 1 { minimal(more) } else { more };
            }
        }
        reached.pop()
    }

    /// The unions of a set of one family and one of another.
    fn together(&mut self, one: &Family, other: &Family, size: usize) -> Option<Family> {
        let mut all = Family::new();
        for (_, a) in one {
            self.work = self.work.checked_sub(1 + other.len() as u64)?;
            if (self.stop)() {
                return None;
            }
            for (_, b) in other {
                let mut both: Vec<u32> = a.iter().chain(b).copied().collect();
                both.sort_unstable();
                both.dedup();
                if both.len() <= size {
                    all.insert((both.len(), both));
                }
            }
        }
        Some(all)
    }
}

/// Drops the sets that contain another; they come in the order of size.
fn minimal(all: Family) -> Family {
    let mut kept = Family::new();
    for (size, set) in all {
        let part = |mask: u32| -> (usize, Vec<u32>) {
            let part = set.iter().zip(0..).filter(|(_, at)| mask >> at & 1 == 1).map(|(node, _)| *node);
            (mask.count_ones() as usize, part.collect())
        };
        let whole = (1_u32 << size) - 1;
        if !(0..whole).any(|mask| kept.contains(&part(mask))) {
            kept.insert((size, set));
        }
    }
    kept
}
