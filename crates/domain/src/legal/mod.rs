//! Legal clocks, declarations, complaint, evidence, extortion claims.

pub mod apply;
pub mod check;
pub mod clock;
pub mod event;
pub mod facts;

pub use clock::{Clock, Due};

use crate::crisis::Crisis;
use crate::versions::{Versions, Write};
use event::{ClaimNoted, ComplaintAnswered, EvidenceListed};
use imbl::OrdMap;
use journal::SubjectId;
use serde::Serialize;

/// The legal side of a crisis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Legal {
    /// Obligations, by key.
    pub clocks: OrdMap<String, Clock>,
    /// Answers to the questions of the complaint file, by key.
    pub complaint: OrdMap<String, Versions<ComplaintAnswered>>,
    /// Pieces of evidence.
    pub evidence: OrdMap<SubjectId, Versions<EvidenceListed>>,
    /// Claims of extortioners.
    pub claims: OrdMap<SubjectId, Versions<ClaimNoted>>,
}

impl Legal {
    /// When an obligation is due, in a crisis.
    pub fn due(&self, clock: &Clock, crisis: &Crisis) -> Due {
        clock.due(crisis, |key| self.clocks.get(key).and_then(Clock::sent_at))
    }

    /// Obligations still to be met, the most urgent first: without delay, then by due time, then those that wait.
    pub fn running(&self, crisis: &Crisis) -> Vec<(&Clock, Due)> {
        let open = self.clocks.values().filter(|clock| clock.is_running());
        let mut running: Vec<(&Clock, Due)> = open.map(|clock| (clock, self.due(clock, crisis))).collect();
        running.sort_by(|(a, due_a), (b, due_b)| due_a.rank().cmp(&due_b.rank()).then_with(|| a.key().cmp(b.key())));
        running
    }

    /// Obligations met or without object, by the time they ended.
    pub fn closed(&self) -> Vec<&Clock> {
        let mut closed: Vec<&Clock> = self.clocks.values().filter(|clock| !clock.is_running()).collect();
        closed.sort_by_key(|clock| (clock.ending().map(|end| end.value.at), clock.key()));
        closed
    }

    /// Pieces of evidence, in the order they were listed.
    pub fn evidence_listed(&self) -> Vec<&Versions<EvidenceListed>> {
        in_order(&self.evidence)
    }

    /// Claims, in the order they were noted.
    pub fn claims_noted(&self) -> Vec<&Versions<ClaimNoted>> {
        in_order(&self.claims)
    }
}

fn in_order<T>(map: &OrdMap<SubjectId, Versions<T>>) -> Vec<&Versions<T>> {
    let mut all: Vec<&Versions<T>> = map.values().collect();
    all.sort_by_key(|versions| (versions.first().wall, versions.first().id));
    all
}

/// Writes that contradict each other: two people wrote without seeing each other, and not the same. Empty when none does.
pub fn in_conflict<T>(versions: &Versions<T>, same: impl Fn(&T, &T) -> bool) -> Vec<&Write<T>> {
    let survivors = versions.survivors();
    let agree = survivors.windows(2).all(|pair| same(&pair[0].value, &pair[1].value));
    if agree { Vec::new() } else { survivors }
}
