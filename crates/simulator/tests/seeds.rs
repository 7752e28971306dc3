//! The promises hold under chance, and the simulator notices when they do not.
#![allow(missing_docs, clippy::unwrap_used)]

use simulator::faults::Fault;
use simulator::figures::Figures;
use simulator::{run, survive};
use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds lived through by each run of the tests; a million before a release, by the command.
const SEEDS: u64 = 2_000;
/// Within how many seeds a faulty program must be caught.
const SEEDS_TO_CATCH: u64 = 300;

#[test]
fn every_promise_is_kept_under_two_thousand_seeds() {
    let next = AtomicU64::new(0);
    let work = || {
        let mut sum = Figures::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return sum;
            }
            match survive(seed, Fault::None, None) {
                Ok(figures) => sum.add(figures),
                Err(failure) => panic!("{failure}"),
            }
        }
    };
    let mut sum = Figures::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads.into_iter().for_each(|thread| sum.add(thread.join().unwrap()));
    });
    // A simulation in which nothing bad happens would keep every promise too.
    for (name, figure) in sum.named() {
        assert!(*figure > 0, "in {SEEDS} seeds, no {name}");
    }
}

#[test]
fn a_seed_replays_exactly() {
    for seed in 0..20 {
        let told = || {
            let mut steps = Vec::new();
            let outcome = run(seed, Fault::None, Some(&mut |step| steps.push(step)));
            (outcome, steps)
        };
        assert_eq!(told(), told());
    }
}

fn caught(fault: Fault) -> u8 {
    let failure = (0..SEEDS_TO_CATCH).find_map(|seed| survive(seed, fault, None).err());
    let failure = failure.unwrap_or_else(|| panic!("{fault:?} went unnoticed under {SEEDS_TO_CATCH} seeds"));
    assert_eq!(survive(failure.seed, fault, None), Err(failure.clone()), "a failing seed fails again");
    assert!(failure.to_string().contains(&format!("--seed {}", failure.seed)));
    failure.broken.unwrap().promise
}

#[test]
fn an_acknowledgement_before_the_sync_is_caught() {
    assert_eq!(caught(Fault::AcknowledgesBeforeSync), 1);
}

#[test]
fn an_edited_entry_is_caught() {
    assert_eq!(caught(Fault::EditsWhatIsStored), 2);
}

#[test]
fn a_fold_that_never_looks_back_is_caught() {
    assert_eq!(caught(Fault::FoldsOnlyForward), 4);
}

#[test]
fn evidence_refused_for_its_clock_is_caught() {
    assert_eq!(caught(Fault::RefusesWildClocks), 5);
}

#[test]
fn a_chain_continued_after_a_restore_is_caught() {
    assert_eq!(caught(Fault::ReusesItsChain), 1);
}

#[test]
fn replicas_that_never_come_to_rest_are_caught() {
    assert_eq!(caught(Fault::NeverRests), 0);
}
