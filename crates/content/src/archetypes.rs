//! What an establishment of each kind usually does and with what: a first map, to be taken, adapted or refused item by item.
//!
//! One file per kind. Needs are written in short, see [`wanted`].

pub mod wanted;

use crate::shipped::Status;
use domain::cartography::kind::AssetKind;
use serde::Deserialize;
use std::sync::LazyLock;
use wanted::{Delay, Wanted};

/// The archetypes, in the order in which they are shown, with their data files.
pub(crate) const FILES: [(&str, &str); 8] = [
    ("ch", include_str!("../data/archetypes/ch.toml")),
    ("clinique", include_str!("../data/archetypes/clinique.toml")),
    ("clcc", include_str!("../data/archetypes/clcc.toml")),
    ("psy", include_str!("../data/archetypes/psy.toml")),
    ("smr", include_str!("../data/archetypes/smr.toml")),
    ("had", include_str!("../data/archetypes/had.toml")),
    ("ehpad", include_str!("../data/archetypes/ehpad.toml")),
    ("esms", include_str!("../data/archetypes/esms.toml")),
];
static ALL: LazyLock<Vec<Archetype>> = LazyLock::new(|| FILES.iter().filter_map(|(_, text)| parse(text).ok()).collect());

/// The usual map of one kind of establishment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archetype {
    /// Kind of establishment, as [`domain::register::event::EstablishmentKind::name`] says it.
    pub key: String,
    /// Its name on the screen.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
    /// Whether it was read there.
    pub status: Status,
    /// Its activities, care first.
    pub activities: Vec<Activity>,
    /// Elements of its information system, view by view.
    pub assets: Vec<Asset>,
    /// Its interfaces.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Its name in this file, never reused for another meaning: what was taken or refused is known by it.
    pub key: String,
    /// Its name on the screen.
    pub name: String,
    /// Priority for care, 1 (lives within the hour) to 5 (can wait).
    pub priority: u8,
    /// How long it can be interrupted (DMIA): proposed, each establishment decides.
    #[serde(rename = "dmia")]
    pub mtpd: Delay,
    /// How much data it bears to lose (PDMA).
    #[serde(rename = "pdma")]
    pub rpo: Option<Delay>,
    /// In a sentence.
    #[serde(default)]
    pub description: String,
    /// What it needs.
    #[serde(default)]
    pub needs: Vec<Wanted>,
}

/// An element of the information system.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Its name in this file, see [`Activity::key`].
    pub key: String,
    /// Its name on the screen, never a product's.
    pub name: String,
    /// What it is.
    pub kind: AssetKind,
    /// In a sentence.
    #[serde(default)]
    pub description: String,
    /// Network zone.
    #[serde(default)]
    pub zone: String,
    /// Hypothesis « survit à l’attaque »; absent: to be asked.
    pub survives: Option<bool>,
    /// On what that hypothesis rests.
    #[serde(default)]
    pub survives_why: String,
    /// Usually an essential information system (SIE).
    #[serde(default)]
    pub essential: bool,
    /// Who administers it, by key.
    pub managed_by: Option<String>,
    /// What it needs.
    #[serde(default)]
    pub needs: Vec<Wanted>,
}

/// An interface.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Its name in this file, see [`Activity::key`].
    pub key: String,
    /// What is exchanged.
    pub name: String,
    /// Where data come from, by key.
    pub source: String,
    /// Where they go, by key.
    pub target: String,
    /// Through what, by key.
    pub via: Option<String>,
    /// How.
    #[serde(default)]
    pub protocol: String,
    /// Whether the target goes degraded without it.
    #[serde(default)]
    pub critical: bool,
    /// What is done when it is cut.
    #[serde(default)]
    pub fallback: String,
}

/// One item of an archetype.
#[derive(Debug, Clone, Copy)]
pub enum Item<'a> {
    /// An activity.
    Activity(&'a Activity),
    /// An element.
    Asset(&'a Asset),
    /// An interface.
    Exchange(&'a Exchange),
}

impl<'a> Item<'a> {
    /// Its name in the file.
    pub fn key(self) -> &'a str {
        match self {
            Self::Activity(item) => &item.key,
            Self::Asset(item) => &item.key,
            Self::Exchange(item) => &item.key,
        }
    }

    /// Its name on the screen.
    pub fn name(self) -> &'a str {
        match self {
            Self::Activity(item) => &item.name,
            Self::Asset(item) => &item.name,
            Self::Exchange(item) => &item.name,
        }
    }

    /// What it needs.
    pub fn needs(self) -> &'a [Wanted] {
        match self {
            Self::Activity(item) => &item.needs,
            Self::Asset(item) => &item.needs,
            Self::Exchange(_) => &[],
        }
    }
}

impl Archetype {
    /// What its records name as their source in the journal.
    pub fn system(&self) -> String {
        format!("archetype:{}", self.key)
    }

    /// All its items: activities, elements, interfaces.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let activities = self.activities.iter().map(Item::Activity);
        activities.chain(self.assets.iter().map(Item::Asset)).chain(self.exchanges.iter().map(Item::Exchange))
    }

    /// The item of that key.
    pub fn item(&self, key: &str) -> Option<Item<'_>> {
        self.items().find(|item| item.key() == key)
    }
}

/// All archetypes.
pub fn all() -> &'static [Archetype] {
    &ALL
}

/// The archetype of that kind.
pub fn of(kind: &str) -> Option<&'static Archetype> {
    ALL.iter().find(|archetype| archetype.key == kind)
}

/// Reads the text of an archetype.
///
/// # Errors
/// What is wrong, with the line.
pub(crate) fn parse(text: &str) -> Result<Archetype, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
