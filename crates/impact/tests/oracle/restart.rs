//! The order of restart.

use crate::naive::Plain;
use crate::random::{cases, networks};
use impact::HOLDS_FOREVER;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a node can start when these are down.
fn can_start(plain: &Plain, node: u32, down: &BTreeSet<u32>) -> bool {
    let mut groups = plain.groups.iter().filter(|group| group.owner == node && group.holds != HOLDS_FOREVER);
    groups.all(|group| group.members.iter().filter(|member| !down.contains(member)).count() >= group.at_least)
}

/// Starts all that can be started, wave after wave; mutual dependencies stay down.
fn one_by_one(plain: &Plain, down: &BTreeSet<u32>) -> BTreeMap<u32, usize> {
    let (mut left, mut waves) = (down.clone(), BTreeMap::new());
    for wave in 0.. {
        let ready: Vec<u32> = left.iter().copied().filter(|node| can_start(plain, *node, &left)).collect();
        if ready.is_empty() {
            break;
        }
        for node in ready {
            left.remove(&node);
            waves.insert(node, wave);
        }
    }
    waves
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn every_wave_can_start(plain in networks(10), down in prop::collection::btree_set(0_u32..10, 0..=10)) {
        let down: BTreeSet<u32> = down.into_iter().filter(|node| *node < plain.nodes).collect();
        let listed: Vec<u32> = down.iter().rev().copied().chain([77]).collect();
        let waves = plain.network().restart(&listed);
        let alone = one_by_one(&plain, &down);
        let mut left = down.clone();
        for (number, wave) in waves.iter().enumerate() {
            prop_assert!(!wave.units.is_empty() && wave.units.is_sorted());
            let before = left.clone();
            for unit in &wave.units {
                prop_assert!(unit.is_sorted());
                let mut without = before.clone();
                without.retain(|node| !unit.contains(node));
                for node in unit {
                    prop_assert!(left.remove(node), "once");
                    prop_assert!(can_start(&plain, *node, &without));
                    prop_assert!(number <= alone.get(node).copied().unwrap_or(usize::MAX), "as early as alone");
                }
                if unit.len() > 1 {
                    prop_assert!(unit.iter().all(|node| !can_start(&plain, *node, &before)), "none starts without the others");
                }
            }
        }
        prop_assert!(left.is_empty());
        if alone.len() == down.len() {
            for (node, wave) in alone {
                prop_assert!(waves[wave].units.contains(&vec![node]));
            }
        }
    }
}
