//! The living register: establishment, places, units, people, functions, turns of duty, partners, providers, roles.

pub mod alarms;
pub mod apply;
pub mod check;
pub mod day;
pub mod duty;
pub mod event;
pub mod facts;
pub mod table;
pub mod tree;

use crate::versions::Versions;
use day::Day;
use event::{Card, EstablishmentKind, EstablishmentNamed, Function, Partner, Place, Provider, Turn, Unit};
use imbl::{OrdMap, Vector};
use journal::entry::sha256;
use journal::{ActorId, EntryId, SubjectId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use table::{Record, Table, live};

/// Key of the data protection officer among the functions.
pub const DPO: &str = "dpo";

/// Subject of a function, derived from its key so that two laptops that adopt the same function speak of one.
pub fn function_id(key: &str) -> SubjectId {
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(format!("function {key}").as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}

/// What a person may do. None may edit the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Observer,
    /// Writes the log of a crisis.
    Member,
    /// Alone on duty: runs a crisis with nobody else, in a small establishment at night.
    Solo,
    /// Keeps the log.
    Secretary,
    /// Enrols, grants, revokes.
    Administrator,
    /// Directs the crisis.
    Direction,
}

impl Role {
    /// All roles, least senior first.
    pub const ALL: [Self; 6] = [Self::Observer, Self::Member, Self::Solo, Self::Secretary, Self::Administrator, Self::Direction];

    /// Seniority; from [`journal::authority::ADMIN_RANK`] on, a role may grant and revoke.
    pub fn rank(self) -> u8 {
        match self {
            Self::Observer => 10,
            Self::Member => 20,
            Self::Solo => 25,
            Self::Secretary => 30,
            Self::Administrator => 60,
            Self::Direction => 80,
        }
    }

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observer => "observer",
            Self::Member => "member",
            Self::Solo => "solo",
            Self::Secretary => "secretary",
            Self::Administrator => "administrator",
            Self::Direction => "direction",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Observer => "observateur",
            Self::Member => "membre de cellule",
            Self::Solo => "seul de garde",
            Self::Secretary => "secrétaire de cellule",
            Self::Administrator => "administrateur",
            Self::Direction => "direction",
        }
    }

    /// Whether this role may write in the log of a crisis.
    pub fn may_write(self) -> bool {
        self != Self::Observer
    }
}

/// A person known to the establishment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Name shown, e.g. "C. Lenoir"; kept once they left, since the log names them.
    pub name: String,
    /// What they do, e.g. "secrétaire de cellule".
    pub function: String,
    /// Role held now.
    pub role: Option<Role>,
    /// How to reach them, with its history; none for who was only given a role.
    pub card: Option<Arc<Record<Card>>>,
}

impl Person {
    /// How to reach them; none once they left the register, or when nobody said.
    pub fn card(&self) -> Option<&Card> {
        live(self.card.as_deref()?).map(|write| write.1)
    }

    /// Whether they were removed from the register.
    pub fn has_left(&self) -> bool {
        self.card.is_some() && self.card().is_none()
    }
}

/// Somebody verified a partner's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The entry.
    pub id: EntryId,
    /// On which day.
    pub on: Day,
    /// By whom, when not the author.
    pub by: String,
    /// Who recorded it.
    pub author: ActorId,
    /// The number verified.
    pub phone: String,
}

/// The register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Register {
    /// Name of the establishment.
    pub establishment: String,
    /// IANA time zone, e.g. "Europe/Paris".
    pub time_zone: String,
    /// What kind of establishment this is, once somebody said.
    pub kind: Option<EstablishmentKind>,
    /// Its FINESS number, or empty.
    pub finess: String,
    /// All that was ever said of the establishment itself.
    pub identity: Option<Arc<Versions<EstablishmentNamed>>>,
    /// People by account; those without an account have an id all the same.
    pub people: OrdMap<ActorId, Person>,
    /// The tree of places.
    pub places: Table<Place>,
    /// Units.
    pub units: Table<Unit>,
    /// Functions, by [`function_id`].
    pub functions: Table<Function>,
    /// Turns of duty.
    pub turns: Table<Turn>,
    /// Outside organisations.
    pub partners: Table<Partner>,
    /// When the numbers of partners were verified, in the journal's order.
    pub verifications: OrdMap<SubjectId, Vector<Verification>>,
    /// Providers and contracts.
    pub providers: Table<Provider>,
}

impl Register {
    /// The role somebody holds.
    pub fn role(&self, actor: &ActorId) -> Option<Role> {
        self.people.get(actor)?.role
    }

    /// A person's name, or the start of their pseudonym.
    pub fn name(&self, actor: &ActorId) -> String {
        match self.people.get(actor) {
            Some(person) if !person.name.is_empty() => person.name.clone(),
            _ if *actor == journal::engine::PROGRAM => "le programme".to_owned(),
            _ => format!("compte {}", &actor.to_string()[..8]),
        }
    }

    /// People who are in the register now: not those who left, nor accounts nobody named.
    pub fn present(&self) -> impl Iterator<Item = (&ActorId, &Person)> {
        self.people.iter().filter(|(_, person)| !person.has_left() && !person.name.is_empty())
    }

    /// Whether a person is in the register now.
    pub fn is_present(&self, actor: &ActorId) -> bool {
        self.people.get(actor).is_some_and(|person| !person.has_left())
    }

    /// The function of that key.
    pub fn function(&self, key: &str) -> Option<&Function> {
        self.functions.get(&function_id(key))
    }

    /// The last verification of the number a partner has now.
    pub fn verification(&self, partner: &SubjectId) -> Option<&Verification> {
        let phone = &self.partners.get(partner)?.phone;
        self.verifications.get(partner)?.iter().filter(|v| v.phone == *phone).max_by_key(|v| v.on)
    }
}
