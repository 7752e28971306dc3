//! Legal clocks, declarations, complaint, evidence, extortion claims.

pub mod event;
