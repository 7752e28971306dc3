//! In which order to start again.

use crate::order::Order;
use crate::rows::Rows;
use crate::{HOLDS_FOREVER, Network};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What can be started at the same time, once the waves before are up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wave {
    /// Units, by their smallest number. A unit of several nodes is a mutual dependency: none of them starts without the
    /// others, somebody must start them together (or one of them without what it needs).
    pub units: Vec<Vec<u32>>,
}

/// Not started.
const DOWN: u32 = u32::MAX;

struct Restart<'a> {
    network: &'a Network,
    /// The wave of each node to restart ([`DOWN`] until known); `None` for what is up.
    waves: Vec<Option<u32>>,
    done: Vec<Wave>,
}

impl Network {
    /// The order in which to start these nodes again, everything else being up: waves, each as early as its groups allow
    /// (`at_least` of the members up). Groups that only degrade do not hold a start back. Mutual dependencies that no
    /// redundancy opens are one unit. Nodes that do not exist are left out.
    pub fn restart(&self, down: &[u32]) -> Vec<Wave> {
        let mut restart = Restart { network: self, waves: vec![None; self.nodes as usize], done: Vec::new() };
        let mut nodes: Vec<u32> = down.iter().copied().filter(|node| *node < self.nodes).collect();
        nodes.sort_unstable();
        nodes.dedup();
        for node in &nodes {
            restart.waves[*node as usize] = Some(DOWN);
        }
        for component in restart.components(&nodes) {
            restart.component(&component);
        }
        for wave in &mut restart.done {
            wave.units.sort_unstable();
        }
        restart.done
    }
}

impl Restart<'_> {
    /// Nodes that wait for each other, those waited for first; among nodes not started.
    fn components(&self, nodes: &[u32]) -> Vec<Vec<u32>> {
        let number = |node: &u32| nodes.binary_search(node).ok().and_then(|at| u32::try_from(at).ok());
        let edges = (0..).zip(nodes).flat_map(|(at, node)| self.waits(*node).map(move |member| (at, member)));
        let edges: Vec<(u32, u32)> = edges.filter_map(|(at, member)| Some((at, number(&member)?))).collect();
        let edges = Rows::of(nodes.len(), edges.into_iter());
        let order = Order::of(u32::try_from(nodes.len()).unwrap_or(u32::MAX), |at| edges.row(at));
        order.components().map(|component| component.iter().map(|at| nodes[*at as usize]).collect()).collect()
    }

    /// The members not started of the groups that hold a node back.
    fn waits(&self, node: u32) -> impl Iterator<Item = u32> {
        let closed = self.network.owned.row(node).iter().filter(|group| self.opens(**group, &[]).is_none());
        closed
            .flat_map(|group| self.network.members.row(*group))
            .copied()
            .filter(|member| self.waves[*member as usize] == Some(DOWN))
    }

    /// After which wave enough members of a group are up, these ones not waited for; `None` when not enough are known.
    fn opens(&self, group: u32, together: &[u32]) -> Option<u32> {
        let record = self.network.groups[group as usize];
        if record.holds == HOLDS_FOREVER {
            return Some(0);
        }
        let wave = |member: &u32| match self.waves[*member as usize] {
            _ if together.binary_search(member).is_ok() => 0,
            None => 0,
            Some(wave) => wave,
        };
        let members = self.network.members.row(group);
        let mut waves: Vec<u32> = members.iter().map(wave).collect();
        let wanted = waves.len() - record.spare as usize;
        let (_, wave, _) = waves.select_nth_unstable(wanted - 1);
        Some(*wave).filter(|wave| *wave != DOWN)
    }

    /// The wave in which a node can start, counted from 1, these ones starting with it; `None` when it is not known yet.
    fn starts(&self, node: u32, together: &[u32]) -> Option<u32> {
        let groups = self.network.owned.row(node).iter();
        groups.map(|group| self.opens(*group, together)).try_fold(0, |latest, wave| Some(latest.max(wave?))).map(|wave| wave + 1)
    }

    /// Starts nodes that all wait for each other in one way or another: as far as redundancy opens the way, then what
    /// still waits for itself as one unit, and so on.
    fn component(&mut self, nodes: &[u32]) {
        let mut ready: BinaryHeap<Reverse<(u32, u32)>> =
            nodes.iter().filter_map(|node| Some(Reverse((self.starts(*node, &[])?, *node)))).collect();
        let mut left = nodes.to_vec();
        while !left.is_empty() {
            while let Some(Reverse((wave, node))) = ready.pop() {
                if self.waves[node as usize] == Some(DOWN) {
                    self.start(vec![node], wave, nodes, &mut ready);
                }
            }
            left.retain(|node| self.waves[*node as usize] == Some(DOWN));
            // The first component waits for nobody but itself.
            let Some(unit) = self.components(&left).into_iter().next() else { break };
            let wave = unit.iter().filter_map(|node| self.starts(*node, &unit)).max().unwrap_or(1);
            self.start(unit, wave, nodes, &mut ready);
        }
    }

    /// Writes down that a unit starts in a wave; those of the component that waited for it may be ready.
    fn start(&mut self, unit: Vec<u32>, wave: u32, component: &[u32], ready: &mut BinaryHeap<Reverse<(u32, u32)>>) {
        for node in &unit {
            self.waves[*node as usize] = Some(wave);
        }
        for node in &unit {
            let here = |other: &&u32| self.waves[**other as usize] == Some(DOWN) && component.binary_search(other).is_ok();
            let waiting = self.network.dependants.row(*node).iter().filter(here);
            ready.extend(waiting.filter_map(|other| Some(Reverse((self.starts(*other, &[])?, *other)))));
        }
        let at = wave as usize;
        if self.done.len() < at {
            self.done.resize(at, Wave::default());
        }
        self.done[at - 1].units.push(unit);
    }
}
