//! Small random networks: cycles, self-loops, redundancy, holding times.

use crate::naive::{Group, Plain};
use impact::{HOLDS_FOREVER, Loss};
use proptest::prelude::*;

/// Networks of at most that many nodes.
pub(crate) fn networks(nodes_max: u32) -> impl Strategy<Value = Plain> {
    (1..=nodes_max).prop_flat_map(|nodes| {
        let groups = prop::collection::vec(group(nodes), 0..=14);
        groups.prop_map(move |groups| Plain { nodes, groups })
    })
}

fn group(nodes: u32) -> impl Strategy<Value = Group> {
    let holds = prop_oneof![4 => Just(0), 3 => 1_u32..5, 1 => Just(HOLDS_FOREVER)];
    let count = prop_oneof![3 => 1..=1_usize, 4 => 2..=4_usize, 1 => 5..=10_usize];
    let members = count.prop_flat_map(move |count| prop::collection::btree_set(0..nodes, 1..=count));
    (0..nodes, members, any::<prop::sample::Index>(), holds).prop_map(|(owner, members, at_least, holds)| {
        let members: Vec<u32> = members.into_iter().collect();
        Group { owner, at_least: at_least.index(members.len()) + 1, members, holds }
    })
}

/// A network and losses over its first minutes, the same node possibly twice.
pub(crate) fn losses() -> impl Strategy<Value = (Plain, Vec<Loss>)> {
    networks(10).prop_flat_map(|plain| {
        let loss = (0..plain.nodes, 0_u32..4).prop_map(|(node, at)| Loss { node, at });
        (Just(plain), prop::collection::vec(loss, 0..5))
    })
}

pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
