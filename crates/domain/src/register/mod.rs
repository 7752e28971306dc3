//! The living register: establishment, people, roles.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use imbl::OrdMap;
use journal::ActorId;
use serde::{Deserialize, Serialize};

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
    /// Name shown, e.g. "C. Lenoir".
    pub name: String,
    /// What they do, e.g. "secrétaire de cellule".
    pub function: String,
    /// Role held now.
    pub role: Option<Role>,
}

/// The register.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Register {
    /// Name of the establishment.
    pub establishment: String,
    /// IANA time zone, e.g. "Europe/Paris".
    pub time_zone: String,
    /// People by account.
    pub people: OrdMap<ActorId, Person>,
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
}
