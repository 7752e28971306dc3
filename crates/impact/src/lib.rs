//! A dependency network and its questions: who is down if these are down, from when, and why.
//!
//! A *group* says that its owner needs at least `at_least` of its members. The group fails at the moment fewer members
//! than that are up; its owner is degraded from then on and down `holds` minutes later. Being degraded does not
//! propagate, being down does. The answer is the least fixpoint: a cycle that nothing outside it touches stays up.
//!
//! Questions, and where their method comes from:
//! - [`Network::what_if`]: who is hit, when, why (Knuth's generalisation of Dijkstra's algorithm);
//! - [`Network::downstream`], [`Network::upstream`], [`Network::closure_sizes`]: plain reachability (Tarjan's components,
//!   bit-parallel unions);
//! - [`Network::batch`]: thousands of losses at once, without time, one bit each; from it [`Network::criticality`] and
//!   [`Network::single_points`];
//! - [`Network::cut_sets`]: the smallest losses that stop a node (minimal cut sets of fault-tree analysis);
//! - [`Network::inherited`]: how soon something must be back for those who need it (Dijkstra);
//! - [`Network::restart`]: in which order to start again, mutual dependencies together.
//!
//! Nothing here reads a clock, draws lots or depends on the number of threads: same network, same answer.

mod batch;
mod bits;
mod build;
mod closure;
mod critical;
mod cuts;
mod inherit;
mod order;
mod outcome;
mod restart;
mod rows;
mod sizes;
mod what_if;
mod workers;

pub use batch::{Batch, Downs};
pub use build::{Broken, Builder, Network};
pub use cuts::{CutLimits, CutSets};
pub use inherit::{Duty, Inherited, Through};
pub use outcome::{Cause, Loss, Outcome, Step};
pub use restart::Wave;
pub use what_if::Scratch;
pub use workers::Stop;

/// A group of this hold degrades its owner without ever stopping it.
pub const HOLDS_FOREVER: u32 = u32::MAX;
/// Most nodes of a network.
pub const NODES_MAX: usize = 4_000_000;
