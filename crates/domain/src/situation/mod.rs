//! What works and what does not, as declared; what care is offered; what was told outside.

pub mod apply;
pub mod board;
pub mod check;
pub mod event;
pub mod facts;
pub mod offer;

use crate::versions::{Versions, Write};
use event::{FlowsCounted, OfferDeclared, PointSent, Status, StatusDeclared};
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;
use std::sync::Arc;

impl Status {
    /// All, in the order people choose from.
    pub const ALL: [Self; 6] = [Self::Normal, Self::Degraded, Self::Stopped, Self::Transferred, Self::Enclave, Self::Unknown];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Normal => "normal",
            Self::Degraded => "degraded",
            Self::Stopped => "stopped",
            Self::Transferred => "transferred",
            Self::Enclave => "enclave",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "Inconnu",
            Self::Normal => "Normal",
            Self::Degraded => "Dégradé",
            Self::Stopped => "Arrêté",
            Self::Transferred => "Transféré",
            Self::Enclave => "Bulle",
        }
    }

    /// Whether care holds like this for a limited time only.
    pub fn is_limited(self) -> bool {
        matches!(self, Self::Degraded | Self::Stopped)
    }

    /// How bad it is to care, worst last: what nobody knows is worse than what is known to be well.
    pub fn gravity(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Enclave => 1,
            Self::Transferred => 2,
            Self::Unknown => 3,
            Self::Degraded => 4,
            Self::Stopped => 5,
        }
    }
}

/// How one activity or application works, with all that was declared.
pub type Declared = Versions<StatusDeclared>;

impl Declared {
    /// Whether people declared different things without seeing each other.
    pub fn disagrees(&self) -> bool {
        let told = |w: &Write<StatusDeclared>| (w.value.status, w.value.holds_until);
        let survivors = self.survivors();
        survivors.iter().any(|w| told(w) != told(self.current()))
    }
}

impl Write<StatusDeclared> {
    /// Since when it works like this, milliseconds since 1970.
    pub fn since(&self) -> i64 {
        self.value.since.unwrap_or(self.wall)
    }
}

/// A count of patients moved or acts put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// The entry.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// What was counted.
    pub counted: FlowsCounted,
}

/// A point sent outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The entry.
    pub id: EntryId,
    /// Who typed it.
    pub by: ActorId,
    /// The point.
    pub point: Arc<PointSent>,
}

/// The situation of one crisis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Situation {
    /// What was declared, by activity or application.
    pub declared: OrdMap<SubjectId, Arc<Declared>>,
    /// Beds by unit.
    pub offers: OrdMap<SubjectId, Arc<Versions<OfferDeclared>>>,
    /// Patients moved, acts put off, in the journal's order.
    pub flows: Vector<Flow>,
    /// Points sent, in the journal's order.
    pub points: Vector<Sent>,
}

impl Situation {
    /// What was declared last about an activity or an application.
    pub fn last(&self, about: &SubjectId) -> Option<&Write<StatusDeclared>> {
        self.declared.get(about).map(|d| d.current())
    }

    /// How it works: unknown until somebody says.
    pub fn status(&self, about: &SubjectId) -> Status {
        self.last(about).map_or(Status::Unknown, |w| w.value.status)
    }
}
