//! Files of other tools, to the map and back: sheets (CSV, XLSX), Mercator, GLPI.
//!
//! A file is read into a [`source::Source`]: records and links with their rows. [`plan::plan`] compares it with the map
//! and says what would be created, changed, left alone and refused, row by row; nothing is written before somebody agreed.

pub mod book;
pub mod chronogramme;
pub mod export;
pub mod glpi;
mod heads;
pub mod kit;
pub mod mercator;
pub mod plan;
pub mod sheet;
pub mod signed;
pub mod source;
pub mod table;
pub mod words;
