//! What can happen in the register.
//!
//! A record (place, unit, person...) is the entry's subject; each time it is set, all its fields are written, and the
//! writes its author had before their eyes are named, so that two people who rewrite it at once make a conflict that is shown.

use super::day::Day;
use journal::{ActorId, EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kinds of establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EstablishmentKind {
    /// General hospital (CH, CHU).
    Ch,
    /// Private clinic.
    Clinique,
    /// Cancer centre.
    Clcc,
    /// Psychiatry.
    Psy,
    /// Medical and rehabilitation care.
    Smr,
    /// Hospital at home.
    Had,
    /// Nursing home.
    Ehpad,
    /// Other social and medico-social establishment.
    Esms,
    /// Anything else.
    Autre,
}

impl EstablishmentKind {
    /// All kinds, in the order of the screen.
    pub const ALL: [Self; 9] =
        [Self::Ch, Self::Clinique, Self::Clcc, Self::Psy, Self::Smr, Self::Had, Self::Ehpad, Self::Esms, Self::Autre];

    /// The name in code, in the journal and in the shipped content.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ch => "ch",
            Self::Clinique => "clinique",
            Self::Clcc => "clcc",
            Self::Psy => "psy",
            Self::Smr => "smr",
            Self::Had => "had",
            Self::Ehpad => "ehpad",
            Self::Esms => "esms",
            Self::Autre => "autre",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ch => "centre hospitalier (CH, CHU)",
            Self::Clinique => "clinique",
            Self::Clcc => "centre de lutte contre le cancer (CLCC)",
            Self::Psy => "psychiatrie",
            Self::Smr => "soins médicaux et de réadaptation (SMR)",
            Self::Had => "hospitalisation à domicile (HAD)",
            Self::Ehpad => "EHPAD",
            Self::Esms => "autre établissement médico-social (ESMS)",
            Self::Autre => "autre",
        }
    }

    /// The kind whose shipped content applies: cancer centres and others take what a general hospital takes.
    pub fn content_kind(self) -> &'static str {
        match self {
            Self::Clcc | Self::Autre => "ch",
            kind => kind.name(),
        }
    }
}

/// The establishment itself took its name, time zone and identity. Version 2 adds all but the first two fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EstablishmentNamed {
    /// Its name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
    /// What kind of establishment it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EstablishmentKind>,
    /// FINESS number, nine characters, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub finess: String,
    /// Postal address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Switchboard.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Where it stands in the tree of places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<SubjectId>,
    /// Writes its author had before their eyes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

/// A person (the entry's subject is their account's id) took a name and a function; the rest of their card is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonNamed {
    /// Name shown.
    pub name: String,
    /// What they do.
    pub function: String,
}

/// A record took new values, or left the register: its history stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Set<T> {
    /// All its fields; `null`, never left out: it was removed.
    #[serde(deserialize_with = "Option::deserialize", bound(deserialize = "T: Deserialize<'de>"))]
    pub value: Option<T>,
    /// Writes its author had before their eyes.
    #[serde(default = "Vec::<EntryId>::new", skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<EntryId>,
}

impl<T> Set<T> {
    /// The first values of a record.
    pub fn new(value: T) -> Self {
        Self { value: Some(value), supersedes: Vec::new() }
    }
}

/// Level of a place in the tree, from the widest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceLevel {
    /// Région.
    Region,
    /// Groupement (GHT, GCS, direction commune).
    Group,
    /// Entité juridique.
    LegalEntity,
    /// Site.
    #[default]
    Site,
}

impl PlaceLevel {
    /// All levels, widest first.
    pub const ALL: [Self; 4] = [Self::Region, Self::Group, Self::LegalEntity, Self::Site];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Group => "group",
            Self::LegalEntity => "legal_entity",
            Self::Site => "site",
        }
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Region => "région",
            Self::Group => "groupement",
            Self::LegalEntity => "entité juridique",
            Self::Site => "site",
        }
    }
}

/// A place of the tree région > groupement > entité juridique > site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// Its level.
    pub level: PlaceLevel,
    /// Its name.
    pub name: String,
    /// Code the establishment gives it, by which an import finds it again.
    pub code: String,
    /// The place it belongs to.
    pub parent: Option<SubjectId>,
    /// FINESS number, nine characters, or empty.
    pub finess: String,
    /// What kind of establishment it is.
    pub kind: Option<EstablishmentKind>,
    /// Postal address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// IANA time zone when it is not the establishment's.
    pub time_zone: String,
}

/// A unit where care or support happens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Code the establishment gives it (UF), by which an import finds it again.
    pub code: String,
    /// The place of the tree it is in.
    pub site: Option<SubjectId>,
    /// Its pôle.
    pub pole: String,
    /// Beds installed.
    pub beds: u32,
    /// Places (day hospital, ambulatory).
    pub places: u32,
    /// Posts (dialysis, theatres, imaging...).
    pub posts: u32,
    /// Telephone.
    pub phone: String,
    /// Whether somebody is there at night; unknown when nobody said.
    pub open_at_night: Option<bool>,
}

/// How to reach a person. The entry's subject is their account's id; who has no account is a person too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Card {
    /// Name shown, e.g. "C. Lenoir".
    pub name: String,
    /// Code the establishment gives them (matricule), by which an import finds them again.
    pub code: String,
    /// What they do.
    pub function: String,
    /// Telephone at work.
    pub phone: String,
    /// Mobile: the one that rings when the switchboard is down.
    pub mobile: String,
    /// E-mail.
    pub email: String,
    /// Their unit.
    pub unit: Option<SubjectId>,
    /// In words.
    pub notes: String,
}

/// A function (directeur de crise, RSSI, DPO...) with who holds it. The entry's subject is [`super::function_id`] of its key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Function {
    /// Its key: that of the shipped content, or the establishment's own.
    pub key: String,
    /// Its name.
    pub label: String,
    /// What it is there for.
    pub mission: String,
    /// Who holds it.
    pub holder: Option<ActorId>,
    /// Who stands in, in this order.
    pub deputies: Vec<ActorId>,
    /// Whether somebody must hold it.
    pub mandatory: bool,
    /// Whether it is called as soon as a crisis is suspected.
    pub in_alert_chain: bool,
    /// Place in the alert chain, from 1; 0: after those that have one.
    pub rank: u16,
}

/// A turn of duty. The entry's subject is the turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Turn {
    /// Which on-call list, e.g. "Astreinte informatique".
    pub list: String,
    /// Who, when they are in the register.
    pub person: Option<ActorId>,
    /// Who, as written then.
    pub name: String,
    /// Begins, milliseconds since 1970.
    pub from: i64,
    /// Ends.
    pub until: i64,
    /// Number to call during this turn.
    pub phone: String,
}

/// An outside organisation: why and when to call it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Partner {
    /// Its name.
    pub name: String,
    /// Key of the shipped content, or a code of the establishment, by which an import finds it again.
    pub code: String,
    /// What kind of organisation: « cybersécurité », « justice »...
    pub kind: String,
    /// Why one calls.
    pub why: String,
    /// When to call.
    pub when_to_call: String,
    /// Telephone.
    pub phone: String,
    /// Second telephone.
    pub phone_2: String,
    /// E-mail or portal.
    pub email: String,
    /// Hours.
    pub hours: String,
    /// What to have at hand, contract number...
    pub notes: String,
}

/// Somebody called a partner, or checked the numbers, and they held. The entry's subject is the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerVerified {
    /// On which day.
    pub on: Day,
    /// By whom, when not the author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The number that was verified: another number is to be verified anew.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
}

/// A provider and its contract.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Code of the establishment, by which an import finds it again.
    pub code: String,
    /// What it does for us.
    pub what_for: String,
    /// Applications concerned.
    pub applications: String,
    /// Reference of the contract.
    pub contract: String,
    /// Contract vehicle (market, purchasing body).
    pub vehicle: String,
    /// Support telephone.
    pub phone: String,
    /// E-mail or portal of the support.
    pub email: String,
    /// Hours of the support.
    pub hours: String,
    /// Day the contract ends.
    pub ends_on: Option<Day>,
    /// Whether it hosts our data; unknown when nobody said.
    pub hosts_data: Option<bool>,
    /// Hours within which it must tell us of an incident, when the contract says.
    pub notifies_within_hours: Option<u16>,
}
