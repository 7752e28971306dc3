//! Networks small enough to be done by hand.

use impact::{Broken, Builder, Cause, CutLimits, Duty, HOLDS_FOREVER, Loss, Network, Scratch, Step, Wave};

const NOW: fn(u32) -> Loss = |node| Loss { node, at: 0 };

fn never() -> bool {
    false
}

/// Emergency care needs the patient record (holds 30 minutes on paper), which needs a database on one of two servers and a
/// directory of two controllers; all servers stand on one storage bay. An integration engine carries results: without
/// it, care is degraded.
mod hospital {
    pub(super) const CARE: u32 = 0;
    pub(super) const RECORD: u32 = 1;
    pub(super) const AD_1: u32 = 2;
    pub(super) const AD_2: u32 = 3;
    pub(super) const SERVER_1: u32 = 4;
    pub(super) const SERVER_2: u32 = 5;
    pub(super) const BAY: u32 = 6;
    pub(super) const EAI: u32 = 7;
}
use hospital::*;

fn hospital() -> Network {
    let mut builder = Builder::new(8);
    let groups = [
        (CARE, vec![RECORD], 1, 30),
        (RECORD, vec![AD_1, AD_2], 1, 0),
        (RECORD, vec![SERVER_1, SERVER_2], 1, 0),
        (SERVER_1, vec![BAY], 1, 0),
        (SERVER_2, vec![BAY], 1, 0),
        (CARE, vec![EAI], 1, HOLDS_FOREVER),
        (EAI, vec![AD_1, AD_2], 1, 240),
    ];
    for (owner, members, at_least, holds) in groups {
        builder.group(owner, &members, at_least, holds).unwrap();
    }
    builder.build()
}

#[test]
fn one_controller_of_two_is_not_missed() {
    let outcome = hospital().what_if(&[NOW(AD_1)], &mut Scratch::default());
    assert_eq!(outcome.hit(), [AD_1]);
    assert_eq!(outcome.down_at(RECORD), None);
}

#[test]
fn the_second_controller_stops_care_when_paper_ends() {
    let lost = [NOW(AD_1), Loss { node: AD_2, at: 60 }];
    let outcome = hospital().what_if(&lost, &mut Scratch::default());
    assert_eq!((outcome.down_at(RECORD), outcome.hit_at(CARE), outcome.down_at(CARE)), (Some(60), Some(60), Some(90)));
    assert_eq!((outcome.hit_at(EAI), outcome.down_at(EAI)), (Some(60), Some(300)));
    assert_eq!(outcome.hit(), [AD_1, CARE, RECORD, AD_2, EAI]);
    let step = |node, group, at| Step { node, group, at };
    assert_eq!(outcome.path(CARE), [step(CARE, Some(0), 60), step(RECORD, Some(1), 60), step(AD_2, None, 60)]);
    assert_eq!(outcome.path_down(CARE), [step(CARE, Some(0), 90), step(RECORD, Some(1), 60), step(AD_2, None, 60)]);
    assert_eq!(outcome.cause(RECORD), Some(Cause { group: 1, member: AD_2 }));
    assert!(outcome.path(SERVER_1).is_empty());
}

#[test]
fn without_the_integration_engine_care_is_degraded_and_does_not_stop() {
    let outcome = hospital().what_if(&[NOW(EAI)], &mut Scratch::default());
    assert_eq!((outcome.hit_at(CARE), outcome.down_at(CARE)), (Some(0), None));
    assert_eq!(outcome.down_cause(CARE), None);
}

#[test]
fn redundancy_on_one_bay_is_a_single_point() {
    let points = hospital().single_points(&[CARE], 1, &never).unwrap();
    assert_eq!(points, [vec![RECORD, BAY]]);
    let cuts = hospital().cut_sets(CARE, CutLimits { size: 2, work: 1_000 }, &|node| node != RECORD, &never);
    assert_eq!(cuts.sets, [vec![BAY], vec![AD_1, AD_2], vec![SERVER_1, SERVER_2]]);
    assert!(cuts.complete);
    let costs = hospital().criticality(&[10, 1], 1, &never).unwrap();
    assert_eq!(costs, [10, 11, 0, 0, 0, 0, 11, 0]);
}

#[test]
fn needs_come_down_longer_by_what_one_holds() {
    let own = [Some(60), None, None, None, None, Some(20), None, None];
    let found = hospital().inherited(&own, Duty::Recovery);
    let minutes: Vec<Option<u32>> = found.iter().map(|need| need.map(|need| need.minutes)).collect();
    assert_eq!(minutes, [Some(60), Some(90), Some(90), Some(90), Some(90), Some(20), Some(20), Some(60)]);
    assert_eq!(found[BAY as usize].map(|need| need.origin), Some(SERVER_2));
    let data = hospital().inherited(&own, Duty::Data);
    assert_eq!(data[AD_1 as usize].map(|need| (need.minutes, need.origin)), Some((60, CARE)));
}

#[test]
fn restart_goes_from_the_bay_to_care() {
    let waves = hospital().restart(&[CARE, RECORD, AD_1, AD_2, SERVER_1, SERVER_2, BAY]);
    let wave = |nodes: &[u32]| Wave { units: nodes.iter().map(|node| vec![*node]).collect() };
    assert_eq!(waves, [wave(&[AD_1, AD_2, BAY]), wave(&[SERVER_1, SERVER_2]), wave(&[RECORD]), wave(&[CARE])]);
}

/// The directory needs the name service, which needs the directory; both need the bay.
fn mutual() -> Network {
    let mut builder = Builder::new(4);
    for (owner, member) in [(0, 1), (1, 0), (0, 3), (2, 0)] {
        builder.group(owner, &[member], 1, 0).unwrap();
    }
    builder.build()
}

#[test]
fn a_cycle_stays_up_until_something_outside_falls() {
    let network = mutual();
    assert!(network.what_if(&[], &mut Scratch::default()).hit().is_empty());
    let outcome = network.what_if(&[NOW(3)], &mut Scratch::default());
    assert_eq!(outcome.hit(), [0, 1, 2, 3]);
    assert_eq!(outcome.path(1).len(), 3);
    assert_eq!(network.closure_sizes(1, &never), Some(vec![2, 2, 0, 3]));
}

#[test]
fn a_cycle_is_restarted_together() {
    let waves = mutual().restart(&[0, 1, 2, 3]);
    assert_eq!(waves.iter().map(|wave| wave.units.clone()).collect::<Vec<_>>(), [vec![vec![3]], vec![vec![0, 1]], vec![vec![2]]]);
}

#[test]
fn a_node_that_needs_itself_stays_up_and_restarts() {
    let mut builder = Builder::new(1);
    builder.group(0, &[0], 1, 0).unwrap();
    let network = builder.build();
    assert!(network.what_if(&[], &mut Scratch::default()).hit().is_empty());
    assert_eq!(network.what_if(&[NOW(0)], &mut Scratch::default()).path(0).len(), 1);
    assert_eq!(network.closure_sizes(2, &never), Some(vec![0]));
    assert_eq!(network.restart(&[0]), [Wave { units: vec![vec![0]] }]);
    assert!(network.cut_sets(0, CutLimits { size: 2, work: 100 }, &|_| true, &never).sets.is_empty());
}

#[test]
fn an_empty_network_has_nothing_to_say() {
    for network in [Network::default(), Builder::new(0).build()] {
        let mut scratch = Scratch::default();
        let outcome = network.what_if(&[NOW(0)], &mut scratch);
        assert!(outcome.hit().is_empty() && outcome.path(0).is_empty() && outcome.down_at(0).is_none());
        assert!(network.downstream(&[0], &mut scratch).is_empty() && network.upstream(&[5], &mut scratch).is_empty());
        assert_eq!(network.closure_sizes(2, &never), Some(vec![]));
        assert_eq!(network.criticality(&[], 2, &never), Some(vec![]));
        assert_eq!(network.single_points(&[0], 2, &never), Some(vec![vec![]]));
        assert_eq!(network.batch().weights(&[[0]], &[1], 1, &never), Some(vec![0]));
        assert!(network.cut_sets(0, CutLimits { size: 2, work: 9 }, &|_| true, &never).sets.is_empty());
        assert!(network.inherited(&[Some(1)], Duty::Data).is_empty() && network.restart(&[0]).is_empty());
        assert!(network.members(0).is_empty() && network.needs(0).is_empty() && network.dependants(0).is_empty());
    }
}

#[test]
fn what_cannot_be_is_refused_and_leaves_nothing() {
    let mut builder = Builder::new(3);
    assert_eq!(builder.group(3, &[0], 1, 0), Err(Broken::NoSuchNode(3)));
    assert_eq!(builder.group(0, &[1, 7], 1, 0), Err(Broken::NoSuchNode(7)));
    assert_eq!(builder.group(0, &[1, 2], 3, 0), Err(Broken::TooMany { at_least: 3, members: 2 }));
    assert_eq!(builder.group(0, &[1, 1], 2, 0), Err(Broken::TooMany { at_least: 2, members: 1 }));
    assert_eq!(builder.group(0, &[1], 0, 0), Err(Broken::TooMany { at_least: 0, members: 1 }));
    assert_eq!(builder.group(0, &[], 0, 0), Err(Broken::TooMany { at_least: 0, members: 0 }));
    assert_eq!(Builder::new(u32::MAX).group(0, &[1], 1, 0), Err(Broken::TooLarge));
    assert_eq!(builder.group(0, &[2], 1, 0), Ok(0));
    let network = builder.build();
    assert_eq!((network.nodes(), network.groups(), network.members(0)), (3, 1, &[2][..]));
}

#[test]
fn the_end_of_time_is_a_moment_like_another() {
    let mut builder = Builder::new(3);
    builder.group(0, &[1], 1, u32::MAX - 1).unwrap();
    builder.group(1, &[2], 1, u32::MAX - 1).unwrap();
    let outcome = builder.build().what_if(&[Loss { node: 2, at: u32::MAX }], &mut Scratch::default());
    assert_eq!(outcome.down_at(0), Some(u32::MAX));
    assert_eq!(outcome.path_down(0).len(), 3);
}

#[test]
fn long_chains_and_rings_need_no_deep_stack() {
    let nodes = 200_000;
    let mut builder = Builder::new(nodes);
    for node in 0..nodes {
        builder.group(node, &[(node + 1) % nodes], 1, 0).unwrap();
    }
    let network = builder.build();
    assert_eq!(network.closure_sizes(1, &never), Some(vec![nodes - 1; nodes as usize]));
    assert_eq!(network.restart(&(0..nodes).collect::<Vec<_>>()).len(), 1);
    assert_eq!(network.what_if(&[NOW(0)], &mut Scratch::default()).path(1).len(), nodes as usize);
}

#[test]
fn long_work_stops_when_told() {
    let network = hospital();
    let stop = || true;
    assert_eq!(network.closure_sizes(2, &stop), None);
    assert_eq!(network.criticality(&[1], 1, &stop), None);
    assert_eq!(network.single_points(&[CARE], 2, &stop), None);
    let cuts = network.cut_sets(CARE, CutLimits { size: 3, work: u64::MAX }, &|_| true, &stop);
    assert!(cuts.sets.is_empty() && cuts.size == 0 && !cuts.complete);
}
