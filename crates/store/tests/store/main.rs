//! The store with the hospital's own fold: promises kept through retries, merges, crashes, tampering and full disks.

mod backups;
mod bytes;
mod child;
mod hospital;

mod erasure;
mod flips;
mod guard;
mod kill;
mod ledger;
mod merging;
#[cfg(target_os = "linux")]
mod power;
mod tamper;
#[cfg(target_os = "linux")]
mod trace;
