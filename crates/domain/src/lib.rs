//! The hospital: what can happen, what may be recorded, and what follows from it.
//!
//! One module per capability, each with the same shape: `event` (what can happen), `check` (may it be recorded now,
//! by this author?), `apply` (state after it; total and deterministic), `facts` (named values for everybody else).

pub mod crisis;
pub mod event;
pub mod facts;
pub mod refusal;
pub mod register;
pub mod state;
pub mod versions;

pub use event::Event;
pub use refusal::Refusal;
pub use state::State;
