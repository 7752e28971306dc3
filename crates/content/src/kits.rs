//! Exercise kits: a scenario and its chronogramme, ready to be adapted and played.
//!
//! One file per kit. Their words between braces are filled by each establishment, see [`domain::exercise::fill`].

use domain::exercise::event::scenario::{Inject, Level, Scenario};
use serde::Deserialize;
use std::sync::LazyLock;

/// The kits, in the order in which they are shown, with their data files.
pub(crate) const FILES: [(&str, &str); 4] = [
    ("rancongiciel_ehpad", include_str!("../data/kits/rancongiciel_ehpad.toml")),
    ("rancongiciel_psy", include_str!("../data/kits/rancongiciel_psy.toml")),
    ("rancongiciel_had", include_str!("../data/kits/rancongiciel_had.toml")),
    ("fuite_extorsion", include_str!("../data/kits/fuite_extorsion.toml")),
];
static ALL: LazyLock<Vec<Kit>> = LazyLock::new(|| FILES.iter().filter_map(|(_, text)| parse(text).ok()).collect());

/// A kit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// Its name in the files.
    pub key: String,
    /// Kinds of establishment it suits.
    pub kinds: Vec<String>,
    /// What strikes: « rançongiciel », « fuite de données », « panne »; « ambiance » for a set of noise injects.
    pub threat: String,
    /// Levels at which it can be played.
    pub levels: Vec<Level>,
    /// Time to set aside before DEBEX for the comms check and the briefing, minutes.
    pub minutes_before: u32,
    /// What is played.
    pub scenario: Scenario,
    /// The chronogramme.
    pub injects: Vec<Inject>,
}

impl Kit {
    /// Injects played at a level.
    pub fn at_level(&self, level: Level) -> impl Iterator<Item = &Inject> {
        self.injects.iter().filter(move |inject| inject.level <= level)
    }
}

/// Reads a kit as the data files write it.
///
/// # Errors
/// What is wrong, with the line.
pub fn parse(text: &str) -> Result<Kit, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

/// Every kit, in the order of the screen.
pub fn all() -> &'static [Kit] {
    &ALL
}

/// The kit of that name.
pub fn get(key: &str) -> Option<&'static Kit> {
    ALL.iter().find(|kit| kit.key == key)
}
