//! Every question against an oracle that answers it in the slowest and plainest way, on thousands of small networks with
//! cycles and redundancy, and on examples done by hand.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod examples;
mod naive;
mod random;
mod reach;
mod restart;
mod times;
