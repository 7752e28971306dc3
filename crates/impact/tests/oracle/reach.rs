//! Questions without time: closures, batches, criticality, single points, cut sets, inherited needs.

use crate::naive::Plain;
use crate::random::{cases, networks};
use impact::{Builder, CutLimits, Duty, HOLDS_FOREVER, Loss, Scratch, Through};
use proptest::prelude::*;

const LIMITS: CutLimits = CutLimits { size: 3, work: u64::MAX };

fn never() -> bool {
    false
}

/// The minimal losses among `may` that stop the target, up to a size: of all subsets, those of which no part stops it.
fn cut_sets(plain: &Plain, target: u32, may: &dyn Fn(u32) -> bool, size: usize) -> Vec<Vec<u32>> {
    let mut sets = plain.powerset();
    sets.retain(|set| set.len() <= size && set.iter().all(|node| *node != target && may(*node)));
    sets.sort_by_key(|set| (set.len(), set.clone()));
    let mut cuts: Vec<Vec<u32>> = Vec::new();
    for set in sets {
        let is_minimal = !cuts.iter().any(|cut| cut.iter().all(|node| set.contains(node)));
        if is_minimal && plain.down(&set)[target as usize] {
            cuts.push(set);
        }
    }
    cuts
}

/// The tightest need on each node and by how many steps it comes: lowered until nothing changes.
fn needs(plain: &Plain, own: &[Option<u32>], duty: Duty) -> Vec<(u32, u32)> {
    let mut needs: Vec<(u32, u32)> = own.iter().map(|own| own.map_or((u32::MAX, u32::MAX), |own| (own, 0))).collect();
    loop {
        let before = needs.clone();
        for group in &plain.groups {
            let Some(passed) = passed(&before, own, group.owner, group.holds, duty) else { continue };
            for member in &group.members {
                needs[*member as usize] = needs[*member as usize].min(passed);
            }
        }
        if needs == before {
            return needs;
        }
    }
}

/// What a group passes on to its members.
fn passed(needs: &[(u32, u32)], own: &[Option<u32>], owner: u32, holds: u32, duty: Duty) -> Option<(u32, u32)> {
    let (minutes, steps) = needs[owner as usize];
    match holds {
        HOLDS_FOREVER => own[owner as usize].map(|own| (own, 1)),
        _ if steps == u32::MAX => None,
        _ if duty == Duty::Data => Some((minutes, steps + 1)),
        _ => Some((minutes + holds, steps + 1)),
    }
}

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn closures_are_what_is_reached(plain in networks(10)) {
        let (network, mut scratch) = (plain.network(), Scratch::default());
        let mut sizes = Vec::new();
        for node in plain.all() {
            let mut found = network.downstream(&[node], &mut scratch).to_vec();
            found.sort_unstable();
            let expected = plain.downstream(node);
            sizes.push(u32::try_from(expected.len()).unwrap());
            prop_assert_eq!(&found, &expected);
            for other in expected {
                prop_assert!(network.upstream(&[other], &mut scratch).contains(&node));
            }
        }
        prop_assert_eq!(network.closure_sizes(1, &never), Some(sizes.clone()));
        prop_assert_eq!(network.closure_sizes(2, &never), Some(sizes));
    }

    #[test]
    fn the_tightest_need_comes_down(plain in networks(10), own in prop::collection::vec(prop::option::weighted(0.4, 0_u32..20), 10)) {
        let own = &own[..plain.nodes as usize];
        for duty in [Duty::Recovery, Duty::Data] {
            let expected = needs(&plain, own, duty);
            let found = plain.network().inherited(own, duty);
            for (node, (minutes, steps)) in plain.all().into_iter().zip(expected.clone()) {
                let Some(inherited) = found[node as usize] else {
                    prop_assert_eq!(steps, u32::MAX);
                    continue;
                };
                prop_assert_eq!(inherited.minutes, minutes);
                let groups = (0..).zip(&plain.groups).filter(|(_, group)| group.members.contains(&node));
                let ways = groups.filter(|(_, group)| {
                    passed(&expected, own, group.owner, group.holds, duty) == Some((minutes, steps))
                });
                let through = ways.map(|(number, group)| Through { dependant: group.owner, group: number }).min();
                prop_assert_eq!(inherited.through, through.filter(|_| steps > 0));
                prop_assert!(own[inherited.origin as usize].is_some_and(|own| own <= minutes));
                prop_assert!(steps > 0 || inherited.origin == node);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn batches_answer_like_one_by_one(plain in networks(10)) {
        let (scenarios, batch) = (plain.powerset(), plain.network().batch());
        let targets: Vec<u32> = plain.all().into_iter().rev().chain([99]).collect();
        let weights: Vec<u32> = plain.all().iter().map(|node| node % 3 * 5).collect();
        for workers in [1, 3] {
            let downs = batch.down(&scenarios, &targets, workers, &never).unwrap();
            let sums = batch.weights(&scenarios, &weights, workers, &never).unwrap();
            for (number, lost) in scenarios.iter().enumerate() {
                let expected = plain.down(lost);
                for (at, target) in targets.iter().enumerate() {
                    let is_down = expected.get(*target as usize) == Some(&true);
                    prop_assert_eq!(downs.down(at, number), is_down, "target {} losing {:?}", target, lost);
                }
                let sum: u32 = expected.iter().zip(&weights).filter(|(down, _)| **down).map(|(_, weight)| weight).sum();
                prop_assert_eq!(sums[number], u64::from(sum));
            }
            let first: Vec<usize> = downs.scenarios(0).collect();
            prop_assert!(first.iter().all(|number| downs.down(0, *number)) && first.is_sorted());
            prop_assert_eq!(first.len(), (0..scenarios.len()).filter(|number| downs.down(0, *number)).count());
        }
    }

    #[test]
    fn single_losses_cost_what_they_stop(plain in networks(10)) {
        let network = plain.network();
        let weights: Vec<u32> = plain.all().iter().map(|node| node % 4).collect();
        let costs = network.criticality(&weights, 2, &never).unwrap();
        let points = network.single_points(&plain.all(), 1, &never).unwrap();
        for node in plain.all() {
            let down = plain.down(&[node]);
            let cost: u32 = weights.iter().zip(&down).filter(|(_, down)| **down).map(|(weight, _)| weight).sum();
            prop_assert_eq!(costs[node as usize], u64::from(cost));
            for target in plain.all() {
                let expected = target != node && down[target as usize];
                prop_assert_eq!(points[target as usize].contains(&node), expected);
            }
        }
        prop_assert!(points.iter().all(|points| points.is_sorted()));
    }

    #[test]
    fn cut_sets_are_the_minimal_ones_of_all_subsets(plain in networks(8), odd: bool) {
        let network = plain.network();
        let may = |node: u32| !odd || node % 2 == 1;
        for target in plain.all() {
            let found = network.cut_sets(target, LIMITS, &may, &never);
            prop_assert_eq!(found.sets, cut_sets(&plain, target, &may, LIMITS.size));
            prop_assert!(found.complete && found.size == LIMITS.size);
        }
    }

    #[test]
    fn what_little_work_finds_is_whole_up_to_a_size(plain in networks(8), work in 0_u64..40) {
        let network = plain.network();
        for target in plain.all() {
            let found = network.cut_sets(target, CutLimits { work, ..LIMITS }, &|_| true, &never);
            prop_assert_eq!(found.sets, cut_sets(&plain, target, &|_| true, found.size));
            prop_assert_eq!(found.complete, found.size == LIMITS.size);
        }
    }
}

/// More nodes than a block of closures or a lane of scenarios holds, so that both are divided.
#[test]
fn large_networks_answer_like_small_questions() {
    let nodes = 4_700_u32;
    let mut builder = Builder::new(nodes);
    for owner in 0..nodes {
        for step in 1..=3 {
            // Mostly towards smaller numbers, sometimes back: cycles of all lengths.
            let member = if (owner * step) % 97 == 0 { (owner + step * 5) % nodes } else { owner / (step + 1) };
            let other = (member + 1 + owner % 7) % nodes;
            builder.group(owner, &[member, other], 1 + step % 2, 0).unwrap();
        }
    }
    let (network, mut scratch) = (builder.build(), Scratch::default());
    let all: Vec<u32> = (0..nodes).collect();
    let expected: Vec<u32> =
        all.iter().map(|node| u32::try_from(network.downstream(&[*node], &mut scratch).len()).unwrap()).collect();
    assert_eq!(network.closure_sizes(1, &never), Some(expected.clone()));
    assert_eq!(network.closure_sizes(2, &never), Some(expected));
    let costs = network.criticality(&vec![1; nodes as usize], 2, &never).unwrap();
    let losses: Vec<[u32; 1]> = all.iter().rev().map(|node| [*node]).collect();
    let downs = network.batch().down(&losses, &all, 2, &never).unwrap();
    for (number, [node]) in losses.iter().enumerate().step_by(13) {
        let outcome = network.what_if(&[Loss { node: *node, at: 0 }], &mut scratch);
        assert_eq!(costs[*node as usize], outcome.hit().len() as u64);
        assert!(all.iter().all(|target| downs.down(*target as usize, number) == outcome.down_at(*target).is_some()));
    }
    assert!(downs.scenarios(0).is_sorted());
}
