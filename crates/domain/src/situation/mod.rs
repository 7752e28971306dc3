//! What works and what does not, as declared; what care is offered; what was told outside.

pub mod event;
