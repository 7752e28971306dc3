//! The store with the hospital's own fold: promises kept through retries, merges, crashes, tampering and full disks.

mod child;
mod hospital;

mod erasure;
mod flips;
mod guard;
mod ledger;
mod merging;
mod tamper;
