//! Reflex gestures by function, as lists to tick.

pub mod event;
