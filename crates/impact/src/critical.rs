//! What each single loss costs, and whose single loss stops something.

use crate::workers::Stop;
use crate::{Network, Scratch};

impl Network {
    /// For every node: the weight of the nodes that are down in the end when it alone is lost, itself included;
    /// `weights` by node (zero for what is not a target). By that many threads; `None` when `stop` said to stop.
    pub fn criticality(&self, weights: &[u32], workers: usize, stop: Stop) -> Option<Vec<u64>> {
        let losses: Vec<[u32; 1]> = (0..self.nodes).map(|node| [node]).collect();
        self.batch().weights(&losses, weights, workers, stop)
    }

    /// For each target: the other nodes whose loss alone stops it in the end, ascending (single points of failure). By
    /// that many threads; `None` when `stop` said to stop.
    pub fn single_points(&self, targets: &[u32], workers: usize, stop: Stop) -> Option<Vec<Vec<u32>>> {
        let mut scratch = Scratch::default();
        let mut suspects = self.upstream(targets, &mut scratch).to_vec();
        suspects.extend(targets.iter().filter(|target| **target < self.nodes));
        suspects.sort_unstable();
        suspects.dedup();
        let losses: Vec<[u32; 1]> = suspects.iter().map(|node| [*node]).collect();
        let downs = self.batch().down(&losses, targets, workers, stop)?;
        let points =
            |(at, target): (usize, &u32)| downs.scenarios(at).map(|loss| suspects[loss]).filter(|node| node != target).collect();
        Some(targets.iter().enumerate().map(points).collect())
    }
}
