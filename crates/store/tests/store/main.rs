//! The store with the hospital's own fold: promises kept through retries, merges, crashes, tampering and full disks.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod backups;
mod bytes;
mod child;
mod hospital;

mod erasure;
#[cfg(target_os = "linux")]
mod faults;
mod flips;
mod golden;
mod guard;
mod kill;
mod ledger;
mod merging;
mod past;
#[cfg(target_os = "linux")]
mod power;
mod tamper;
#[cfg(target_os = "linux")]
mod trace;
mod witnesses;
