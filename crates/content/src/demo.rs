//! Demonstration establishments: people, and a crisis log to be replayed through the same events as a real one.

use domain::crisis::event::{EntryType, Level};
use domain::register::Role;
use serde::Deserialize;

const VALMONT: &str = include_str!("../data/demo/valmont.toml");

/// Names of the demonstrations shipped.
pub const SHIPPED: [(&str, &str); 1] = [("valmont", VALMONT)];

/// A demonstration as written in its data file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// The establishment.
    pub establishment: Establishment,
    /// Its crisis.
    pub crisis: Crisis,
    /// Its people.
    pub people: Vec<Person>,
    /// The log, in the order it was typed.
    pub entries: Vec<Entry>,
}

/// A fictional establishment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Establishment {
    /// Its name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Where it comes from.
    pub source: String,
    /// `fictif`.
    pub status: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
}

/// Its crisis; times in minutes after T0.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crisis {
    /// What it is.
    pub title: String,
    /// How serious.
    pub level: Level,
    /// When it began.
    pub occurred_minutes: i64,
    /// When it was known.
    pub known_minutes: i64,
}

/// One of its people.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name in this file, and login.
    pub key: String,
    /// Name shown.
    pub name: String,
    /// What they do.
    pub function: String,
    /// What they may do.
    pub role: Role,
}

/// A line of its log; times in minutes after T0.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Name in this file.
    pub key: String,
    /// When it was typed.
    pub at: i64,
    /// Its type.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// Its words; may hold placeholders, see [`crate::stamp`].
    pub text: String,
    /// Who typed it.
    pub typist: String,
    /// Who said it.
    pub speaker: Option<String>,
    /// When it happened, if noticeably earlier.
    pub happened: Option<i64>,
    /// Who is to do it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<i64>,
    /// The entry it corrects.
    pub corrects: Option<String>,
    /// Actions done or questions answered.
    #[serde(default)]
    pub closes: Vec<String>,
}

/// Reads a demonstration.
///
/// # Errors
/// Which one is not known, or what its file says wrong.
pub fn load(name: &str) -> Result<Demo, String> {
    let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name).ok_or_else(|| format!("démonstration inconnue : {name}"))?;
    parse(text)
}

/// Reads the text of a demonstration file.
///
/// # Errors
/// What is wrong, with the line.
pub fn parse(text: &str) -> Result<Demo, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
