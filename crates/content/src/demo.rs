//! Demonstration establishments: people, a crisis log and whatever else happened, to be replayed through the same events
//! as a real one.

pub mod exercise;
pub mod script;

use domain::crisis::event::EntryType;
use domain::register::Role;
use domain::register::event::{EstablishmentKind, EstablishmentNamed};
use serde::Deserialize;

/// Names of the demonstrations shipped, in the order in which they are shown, with their data files.
pub const SHIPPED: [(&str, &str); 3] = [
    ("valmont", include_str!("../data/demo/valmont.toml")),
    ("tilleuls", include_str!("../data/demo/tilleuls.toml")),
    ("verger", include_str!("../data/demo/verger.toml")),
];

/// A demonstration as written in its data file. Times are minutes after T0, chosen when the demonstration starts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// The establishment.
    pub establishment: Establishment,
    /// Its people.
    pub people: Vec<Person>,
    /// The log of its crisis, in the order it was typed.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// Everything else that happened, in order.
    #[serde(default)]
    pub acts: Vec<Act>,
}

/// A fictional establishment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Establishment {
    /// Its name.
    pub name: String,
    /// What kind of establishment it is.
    pub kind: EstablishmentKind,
    /// IANA time zone.
    pub time_zone: String,
    /// Fictional FINESS number.
    pub finess: String,
    /// Fictional address.
    pub address: String,
    /// Switchboard, in the range reserved for fiction.
    pub phone: String,
    /// When its journal was founded.
    pub founded: i64,
    /// Where it comes from.
    pub source: String,
    /// `fictif`.
    pub status: String,
    /// Day of this edition, `AAAA-MM-JJ`.
    pub edition: String,
}

impl Establishment {
    /// As it names itself.
    pub(crate) fn named(&self) -> EstablishmentNamed {
        EstablishmentNamed {
            name: self.name.clone(),
            time_zone: self.time_zone.clone(),
            kind: Some(self.kind),
            finess: self.finess.clone(),
            address: self.address.clone(),
            phone: self.phone.clone(),
            ..EstablishmentNamed::default()
        }
    }
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
    /// What they may do in the program; without one they are only in the register.
    pub role: Option<Role>,
    /// Telephone at work.
    #[serde(default)]
    pub phone: String,
    /// Mobile.
    #[serde(default)]
    pub mobile: String,
}

/// A line of its log, in short.
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
    /// When a decision is to be looked at again.
    pub review: Option<i64>,
    /// The entry it corrects.
    pub corrects: Option<String>,
    /// The decision that this action carries out.
    pub carries_out: Option<String>,
    /// Actions done or questions answered.
    #[serde(default)]
    pub closes: Vec<String>,
    /// Done before anybody approved it.
    #[serde(default)]
    pub to_confirm: bool,
    /// Re-keyed from a paper log.
    #[serde(default)]
    pub from_paper: bool,
}

/// Anything else that happened: events of one kind, recorded together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// When they were recorded.
    pub at: i64,
    /// Who recorded them.
    pub by: String,
    /// The kind of the events.
    pub kind: String,
    /// The events.
    pub each: Vec<One>,
}

/// One event, its body as in the journal, with names instead of ids and offsets instead of times (see [`script`]).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// What it is about, by name. Without one: what `from` names, or the crisis.
    pub subject: Option<String>,
    /// The shipped item whose words it takes over, by its key.
    pub from: Option<String>,
    /// Whether it takes the place of the last one about the same thing.
    #[serde(default)]
    pub rewrites: bool,
    /// Its body; what `from` brought is completed by it.
    #[serde(default)]
    pub body: toml::Table,
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
