//! Pictures that people would rather look at than read, as SVG: the same on a page and on paper.
//!
//! No picture scales its text, none carries a style attribute, and each says its conclusion in its title.

pub mod curve;
pub mod map;
mod text;
