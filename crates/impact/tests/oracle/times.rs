//! Moments, causes and explanations.

use crate::naive::Plain;
use crate::random::{cases, losses};
use impact::{Cause, HOLDS_FOREVER, Loss, Outcome, Scratch};
use proptest::prelude::*;

/// When, and by how many steps it is explained.
type Label = (u32, u32);
const NEVER: Label = (u32::MAX, u32::MAX);

/// The earliest moments and their shortest explanations: lowered until nothing changes. First hit, then down.
fn labels(plain: &Plain, lost: &[Loss]) -> Vec<(Label, Label)> {
    let mut labels = vec![(NEVER, NEVER); plain.nodes as usize];
    for loss in lost {
        let place = &mut labels[loss.node as usize];
        *place = (place.0.min((loss.at, 0)), place.1.min((loss.at, 0)));
    }
    loop {
        let before = labels.clone();
        for group in &plain.groups {
            let (at, steps) = failure(&before, &group.members, group.at_least);
            if (at, steps) == NEVER {
                continue;
            }
            let place = &mut labels[group.owner as usize];
            place.0 = place.0.min((at, steps + 1));
            if group.holds != HOLDS_FOREVER {
                place.1 = place.1.min((at + group.holds, steps + 1));
                place.0 = place.0.min(place.1);
            }
        }
        if labels == before {
            return labels;
        }
    }
}

/// The loss that leaves fewer than `at_least` members up.
fn failure(labels: &[(Label, Label)], members: &[u32], at_least: usize) -> Label {
    let mut downs: Vec<Label> = members.iter().map(|member| labels[*member as usize].1).collect();
    downs.sort_unstable();
    downs[members.len() - at_least]
}

/// The cause of the smallest numbers among those that give this label.
fn cause(plain: &Plain, labels: &[(Label, Label)], node: u32, label: Label, stops: bool) -> Option<Cause> {
    if label == NEVER || label.1 == 0 {
        return None;
    }
    let mut causes = Vec::new();
    for (number, group) in (0..).zip(&plain.groups).filter(|(_, group)| group.owner == node) {
        let (at, steps) = failure(labels, &group.members, group.at_least);
        if (at, steps) == NEVER || stops && group.holds == HOLDS_FOREVER {
            continue;
        }
        let gives = (if stops { at + group.holds } else { at }, steps + 1);
        if gives == label {
            let member = group.members.iter().find(|member| labels[**member as usize].1 == (at, steps));
            causes.push((*member.unwrap(), number));
        }
    }
    causes.sort_unstable();
    causes.first().map(|(member, group)| Cause { group: *group, member: *member })
}

/// An explanation is a chain: each step's group belongs to its node and contains the next, moments do not increase.
fn check_path(plain: &Plain, outcome: &Outcome, lost: &[Loss], node: u32, label: Label, down: bool) {
    let path = if down { outcome.path_down(node) } else { outcome.path(node) };
    if label == NEVER {
        assert!(path.is_empty());
        return;
    }
    assert_eq!(path.len(), label.1 as usize + 1, "the shortest");
    assert_eq!((path[0].node, path[0].at), (node, label.0));
    for pair in path.windows(2) {
        let group = &plain.groups[pair[0].group.unwrap() as usize];
        assert!(group.owner == pair[0].node && group.members.contains(&pair[1].node) && pair[1].at <= pair[0].at);
        assert_eq!(outcome.down_at(pair[1].node), Some(pair[1].at));
    }
    let last = path.last().unwrap();
    assert!(last.group.is_none() && lost.contains(&Loss { node: last.node, at: last.at }));
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn moments_are_those_of_a_simulation_minute_by_minute((plain, lost) in losses()) {
        let outcome = plain.network().what_if(&lost, &mut Scratch::default());
        for (node, fate) in (0..).zip(plain.simulate(&lost, 50)) {
            prop_assert_eq!((outcome.hit_at(node), outcome.down_at(node)), fate, "node {}", node);
        }
        let mut hit: Vec<u32> = plain.all().into_iter().filter(|node| outcome.hit_at(*node).is_some()).collect();
        hit.sort_by_key(|node| (outcome.hit_at(*node), *node));
        prop_assert_eq!(outcome.hit(), hit);
    }

    #[test]
    fn explanations_are_the_shortest_of_the_earliest((plain, lost) in losses()) {
        let outcome = plain.network().what_if(&lost, &mut Scratch::default());
        let labels = labels(&plain, &lost);
        for (node, (hit, down)) in (0..).zip(labels.clone()) {
            prop_assert_eq!(outcome.cause(node), cause(&plain, &labels, node, hit, false).filter(|_| hit != down || hit.1 > 0));
            prop_assert_eq!(outcome.down_cause(node), cause(&plain, &labels, node, down, true));
            check_path(&plain, &outcome, &lost, node, hit, false);
            check_path(&plain, &outcome, &lost, node, down, true);
        }
    }

    #[test]
    fn a_scratch_serves_any_network((one, first) in losses(), (other, second) in losses()) {
        let mut scratch = Scratch::default();
        let (one, other) = (one.network(), other.network());
        for (network, lost) in [(&one, &first), (&other, &second), (&one, &first), (&one, &second)] {
            let lost: Vec<Loss> = lost.iter().copied().filter(|loss| loss.node < network.nodes()).collect();
            let fresh = network.what_if(&lost, &mut Scratch::default());
            let again = network.what_if(&lost, &mut scratch);
            prop_assert_eq!(format!("{fresh:?}"), format!("{again:?}"));
            network.downstream(&[0], &mut scratch);
        }
    }
}
