//! The map of the information system as care sees it: activities, and the applications they need.

pub mod event;
