//! What can happen in the register.

use serde::{Deserialize, Serialize};

/// The establishment took its name and time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstablishmentNamed {
    /// Its name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
}

/// A person (the entry's subject is their account's id) took a name and a function.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonNamed {
    /// Name shown.
    pub name: String,
    /// What they do.
    pub function: String,
}
