//! One seed, one simulated hospital.
//!
//! Three to twelve replicas of one journal live through loss, duplication, reordering, spoilt and stripped bundles,
//! partitions, clocks ten years off, power cuts, torn and unsynced writes, full and failing disks, restored backups,
//! rolled-back machines, dismissals, revocations, erasures and thieves with a device's key; then everything is repaired,
//! everybody meets, and the promises of the journal are checked. Nothing here reads a clock, draws a random number or
//! depends on a hash map's order: a seed replays exactly.

pub mod book;
pub mod chance;
pub mod clock;
pub mod decoders;
pub mod disk;
pub mod faults;
pub mod figures;
mod founding;
pub mod network;
pub mod people;
pub mod replica;
mod rest;
mod rooms;
mod script;
pub mod thief;
pub mod world;
pub mod writer;

use book::Broken;
use faults::Fault;
use figures::Figures;
use journal::Entry;
use world::{Tell, World};

/// Lives through one seed and checks the promises. `tell` hears what happens, step by step.
///
/// # Errors
/// The promise that was broken.
pub fn run(seed: u64, fault: Fault, tell: Tell<'_>) -> Result<Figures, Broken> {
    let mut world = World::found(seed, fault, tell)?;
    world.live()?;
    world.settle()?;
    world.check()?;
    Ok(world.figures)
}

/// Every entry that reached a disk in the life of a seed, as signed, in no particular order.
///
/// # Errors
/// The promise that was broken meanwhile.
pub fn history(seed: u64) -> Result<Vec<Entry>, Broken> {
    let mut world = World::found(seed, Fault::None, None)?;
    world.live()?;
    Ok(world.into_history())
}

/// What became of a seed.
pub type Outcome = Result<Figures, Failure>;

/// A seed under which a promise was broken, and how to see it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The promise; `None` when the program itself fell.
    pub broken: Option<Broken>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.broken {
            Some(broken) => write!(f, "seed {}: {broken}", self.seed)?,
            None => write!(f, "seed {}: the program panicked", self.seed)?,
        }
        write!(f, "\n  replay: cargo run -p simulator -- --seed {} --verbose", self.seed)
    }
}

/// [`run`], where a panic is a failure like another.
///
/// # Errors
/// The seed and the promise that was broken.
pub fn survive(seed: u64, fault: Fault, tell: Tell<'_>) -> Outcome {
    let life = std::panic::AssertUnwindSafe(|| run(seed, fault, tell));
    match std::panic::catch_unwind(life) {
        Ok(outcome) => outcome.map_err(|broken| Failure { seed, broken: Some(broken) }),
        Err(_) => Err(Failure { seed, broken: None }),
    }
}
