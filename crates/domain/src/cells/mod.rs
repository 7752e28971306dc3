//! The cells of a crisis: who sits together, where, how often, and when next.

pub mod event;
