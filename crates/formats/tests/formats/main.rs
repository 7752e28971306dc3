//! Files of other tools, to the map and back, through a real journal.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod glpi;
mod house;
mod mercator;
mod sheets;
