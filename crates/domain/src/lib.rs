//! The hospital: what can happen, what may be recorded, and what follows from it.
//!
//! One module per capability, each with the same shape: `event` (what can happen), `check` (may it be recorded now,
//! by this author?), `apply` (state after it; total and deterministic), `facts` (named values for everybody else).

pub mod access;
pub mod actions;
pub mod campaign;
mod capability;
pub mod cartography;
pub mod cells;
pub mod checklist;
pub mod crisis;
pub mod event;
pub mod exercise;
pub mod facts;
pub mod legal;
pub mod refusal;
pub mod register;
pub mod situation;
pub mod state;
pub mod versions;

pub use event::Event;
pub use refusal::Refusal;
pub use state::State;
