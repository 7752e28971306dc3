//! The impact engine: one what-if, closures, thousands of scenarios; against graph libraries in the same run.

use crate::figure::Figure;
use crate::impact_networks::{self as networks, Draw, REGION_NODES, chu};
use crate::impact_peers;
use crate::{Problem, cpu};
use ::impact::{Loss, Network, Scratch};
use std::hint::black_box;
use std::time::Instant;

/// Figures of the bench, in the order of printing: each function prints those it measures.
type Measure = fn(&dyn Fn(Figure)) -> Result<(), Problem>;
const MEASURES: &[Measure] = &[hospital, redundant_region, region, crate::map::page, crate::import::run];

/// Sources of the mean closure.
const SOURCES: usize = 1_000;
/// What-ifs of a mean.
const WHAT_IFS: usize = 500;
/// Scenarios of a batch.
const SCENARIOS: usize = 51_200;
/// Nodes lost in a scenario of a region.
const LOST: usize = 5;
/// Losses that spread are among the first nodes of a region, on which most others rest: thousands are then hit.
const HUBS: u32 = 1_000;
/// Threads of the questions that take several.
const WORKERS: usize = 2;
/// Rounds of a measure: the median is kept.
const ROUNDS: usize = 5;
const SEED: u64 = 2_026;

pub(crate) fn run(print: impl Fn(Figure)) -> Result<(), Problem> {
    MEASURES.iter().try_for_each(|measure| measure(&print))
}

fn bound(figure: &'static str, value: f64, unit: &'static str, peer_value: f64) -> Figure {
    Figure { bench: "impact", figure, value, unit, peer: "bound asked", peer_value }
}

/// The median of a few rounds, in seconds.
fn seconds(mut round: impl FnMut()) -> f64 {
    let mut rounds = [0.0; ROUNDS].map(|_: f64| {
        let begun = Instant::now();
        round();
        begun.elapsed().as_secs_f64()
    });
    crate::figure::percentile(&mut rounds, 0.5)
}

fn losses(draw: &mut Draw, nodes: u32, count: usize) -> Vec<Loss> {
    (0..count).map(|_| Loss { node: draw.below(nodes), at: 0 }).collect()
}

/// A hospital: all controllers, a bay, a cluster of hypervisors, the core network, then losses at random; with the path and
/// the moment of every activity.
fn hospital(print: &dyn Fn(Figure)) -> Result<(), Problem> {
    let network = networks::hospital()?;
    let (mut scratch, mut draw) = (Scratch::default(), Draw(SEED));
    let range = |(from, to): (u32, u32)| (from..to).map(|node| Loss { node, at: 0 }).collect::<Vec<_>>();
    let (bay, cluster) = ((chu::BAYS.0, chu::BAYS.0 + 1), (chu::HYPERVISORS.0, chu::HYPERVISORS.0 + 5));
    let mut scenarios: Vec<Vec<Loss>> = [chu::CONTROLLERS, bay, cluster, chu::CORE_SWITCHES].into_iter().map(range).collect();
    scenarios.extend((0..16).map(|_| losses(&mut draw, network.nodes(), 25)));
    let mut paths = |lost: &[Loss]| {
        let outcome = network.what_if(lost, &mut scratch);
        for activity in chu::ACTIVITIES.0..chu::ACTIVITIES.1 {
            black_box((outcome.path(activity), outcome.path_down(activity), outcome.down_at(activity)));
        }
        black_box(outcome);
    };
    let mut slowest = 0_f64;
    let mut sum = 0.0;
    for lost in &scenarios {
        let ms = seconds(|| paths(lost)) * 1e3;
        (slowest, sum) = (slowest.max(ms), sum + ms);
    }
    print(bound("chu_what_if_ms", sum / scenarios.len() as f64, "ms", 1.0));
    print(bound("chu_what_if_max_ms", slowest, "ms", 1.0));
    Ok(())
}

/// A region with redundancy.
fn redundant_region(print: &dyn Fn(Figure)) -> Result<(), Problem> {
    let network = networks::redundant_region()?;
    let (mut scratch, mut draw) = (Scratch::default(), Draw(SEED));
    let mut ask = |figure, below| {
        let scenarios: Vec<Vec<Loss>> = (0..WHAT_IFS).map(|_| losses(&mut draw, below, LOST)).collect();
        let mut hit = 0;
        let one = seconds(|| hit = scenarios.iter().map(|lost| network.what_if(lost, &mut scratch).hit().len()).sum());
        print(bound(figure, one / WHAT_IFS as f64 * 1e3, "ms", 3.0));
        eprintln!("{figure}: {} nodes hit on average, {LOST} lost of the first {below}", hit / WHAT_IFS);
        one
    };
    ask("what_if_ms", HUBS);
    let one = ask("what_if_anywhere_ms", REGION_NODES);
    let lost: Vec<Vec<u32>> = (0..SCENARIOS).map(|_| (0..LOST).map(|_| draw.below(REGION_NODES)).collect()).collect();
    let targets: Vec<u32> = (REGION_NODES - 1_000..REGION_NODES).collect();
    let batch = network.batch();
    let (begun, me) = (Instant::now(), std::process::id());
    let before = cpu::seconds(me)?;
    let downs = batch.down(&lost, &targets, WORKERS, &|| false).ok_or("stopped")?;
    let (batched, used) = (begun.elapsed().as_secs_f64(), cpu::seconds(me)? - before);
    check_batch(&network, &lost, &targets, &downs)?;
    print(bound("scenarios_per_s", SCENARIOS as f64 / batched, "/s", 50_000.0));
    print(bound("scenarios_per_s_core", SCENARIOS as f64 / used, "/s", 50_000.0 / WORKERS as f64));
    let one_by_one = WHAT_IFS as f64 / one;
    print(Figure { peer: "one by one, this run", ..bound("scenarios_per_s", SCENARIOS as f64 / batched, "/s", one_by_one) });
    Ok(())
}

/// The batch says what single questions say.
fn check_batch(network: &Network, lost: &[Vec<u32>], targets: &[u32], downs: &::impact::Downs) -> Result<(), Problem> {
    let mut scratch = Scratch::default();
    for (number, lost) in lost.iter().enumerate().step_by(1_009) {
        let losses: Vec<Loss> = lost.iter().map(|node| Loss { node: *node, at: 0 }).collect();
        let outcome = network.what_if(&losses, &mut scratch);
        let differs = |(at, target): (usize, &u32)| downs.down(at, number) != outcome.down_at(*target).is_some();
        if targets.iter().enumerate().any(differs) {
            return Err("batch and single what-if differ".into());
        }
    }
    Ok(())
}

/// A region where any loss stops those who need it: what graph libraries know how to do.
fn region(print: &dyn Fn(Figure)) -> Result<(), Problem> {
    let network = networks::region()?;
    let (mut scratch, mut draw) = (Scratch::default(), Draw(SEED));
    let sources: Vec<u32> = (0..SOURCES).map(|_| draw.below(REGION_NODES)).collect();
    let mut sizes: Vec<usize> = Vec::new();
    let closure = seconds(|| sizes = sources.iter().map(|node| network.downstream(&[*node], &mut scratch).len()).collect());
    let mean_ms = closure / SOURCES as f64 * 1e3;
    print(bound("closure_mean_ms", mean_ms, "ms", 0.35));
    eprintln!("closure_mean_ms: {} nodes on average", sizes.iter().sum::<usize>() / SOURCES);
    let begun = Instant::now();
    let all = network.closure_sizes(WORKERS, &|| false).ok_or("stopped")?;
    let all_s = begun.elapsed().as_secs_f64();
    print(bound("all_closures_s", all_s, "s", 2.0));
    if sources.iter().zip(&sizes).any(|(node, size)| all[*node as usize] as usize != *size) {
        return Err("closure sizes of all nodes and single closures differ".into());
    }
    for peer in impact_peers::measure(&network, &sources)? {
        let (done, name) = (peer.sizes.len(), peer.name);
        if peer.sizes[..] != sizes[..done] {
            return Err(format!("{name} finds other closures").into());
        }
        print(Figure { peer: name, ..bound("closure_mean_ms", mean_ms, "ms", peer.mean_ms) });
        let extrapolated = peer.mean_ms * f64::from(REGION_NODES) / 1e3;
        print(Figure { peer: name, ..bound("all_closures_s", all_s, "s", extrapolated) });
    }
    Ok(())
}
