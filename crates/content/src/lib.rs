//! What ships inside the program: French health content as data files, a loader and a linter.
//!
//! Every item carries its source, its edition date and a status. So far: the demonstration establishment.

pub mod demo;
pub mod lint;
pub mod stamp;
