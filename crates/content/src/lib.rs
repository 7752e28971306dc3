//! What ships inside the program: French health content as data files, loaders and a linter.
//!
//! Every item carries its source, its edition date and a status. One file here for each data file or family of them. A data file that does not
//! load leaves its list empty, and the linter (a test of this crate) names the fault: what ships always loads.

pub mod actions;
pub mod adopt;
pub mod archetypes;
pub mod checklists;
pub mod clocks;
pub mod complaint;
pub mod demo;
pub mod functions;
pub mod kits;
pub mod lint;
pub mod partners;
pub mod placeholders;
pub mod points;
pub mod shipped;
pub mod stamp;
pub mod tree;
pub mod urgence;
