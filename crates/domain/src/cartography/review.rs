//! Keeping the map true: who read what again, when, and what is due.

use super::event::review::{BiaSet, Criterion, HARM_INTOLERABLE, Harm, Horizon};
use super::{Cartography, Thing};
use crate::register::day::Day;
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;

/// A record is read again at least this often, in months (a choice of this program; each establishment may ask sooner).
pub const REVIEW_MONTHS: u32 = 12;
const DAYS_PER_REVIEW: i64 = 365;

/// Somebody read a record again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The entry.
    pub id: EntryId,
    /// On which day.
    pub on: Day,
    /// By whom, when not the author.
    pub by: String,
    /// Who recorded it.
    pub author: ActorId,
    /// In words.
    pub note: String,
}

/// Somebody was asked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asking {
    /// The entry.
    pub id: EntryId,
    /// Whom.
    pub of: String,
    /// Until when.
    pub due_on: Day,
    /// Who asked.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// In words.
    pub note: String,
}

impl Cartography {
    /// The day a record was last known to be true: its last review, or its last description by a person. What came from a
    /// file or an archetype as it was is not yet read by anybody.
    pub fn fresh_on(&self, thing: Thing<'_>) -> Option<Day> {
        let reviewed = self.reviews.get(&thing.id()).map(|review| review.on);
        let typed = match self.origin(&thing.id()) {
            Some(origin) => origin.adapted,
            None => !self.is_from_file(thing),
        };
        let described = typed.then(|| Day::of_ms(thing.described_at()));
        reviewed.max(described)
    }

    /// Whether its description is the one an import brought.
    fn is_from_file(&self, thing: Thing<'_>) -> bool {
        let current = match thing {
            Thing::Activity(activity) => activity.described.current().id,
            Thing::Asset(asset) => asset.described.current().id,
        };
        self.imports.values().any(|import| import.entries.contains(&current))
    }

    /// Whether nobody read it again within [`REVIEW_MONTHS`].
    pub fn is_stale(&self, thing: Thing<'_>, today: Day) -> bool {
        self.fresh_on(thing).is_none_or(|on| today.number() - on.number() > DAYS_PER_REVIEW)
    }

    /// The request to read it again that nobody has answered since.
    pub fn awaited(&self, id: &SubjectId) -> Option<&Asking> {
        let asked = self.asked.get(id)?;
        let since = Day::of_ms(asked.wall);
        let answered = self.reviews.get(id).is_some_and(|review| review.on >= since);
        let described = self.thing(id).is_some_and(|thing| thing.described_at() > asked.wall);
        (!answered && !described).then_some(asked)
    }

    /// The impact analysis of an activity, as it stands.
    pub fn analysis(&self, activity: &SubjectId) -> Option<&BiaSet> {
        self.analyses.get(activity).map(|versions| &versions.current().value)
    }
}

impl BiaSet {
    /// The judged level; `None` when nobody judged it.
    pub fn level(&self, criterion: Criterion, horizon: Horizon) -> Option<u8> {
        self.harms.iter().find(|h| h.criterion == criterion && h.horizon == horizon).map(|h| h.level)
    }

    /// The worst judged level at that horizon, all criteria together.
    pub fn worst(&self, horizon: Horizon) -> Option<u8> {
        self.harms.iter().filter(|h| h.horizon == horizon).map(|h| h.level).max()
    }

    /// The nearest horizon at which harm is intolerable: the DMIA should not be longer.
    pub fn bound(&self) -> Option<Horizon> {
        Horizon::ALL.into_iter().find(|horizon| self.worst(*horizon).is_some_and(|level| level >= HARM_INTOLERABLE))
    }

    /// A judgement that is lower than one made for a shorter interruption: harm does not heal with time.
    pub fn falling(&self) -> Option<Harm> {
        self.harms.iter().copied().find(|harm| {
            self.harms.iter().any(|h| h.criterion == harm.criterion && h.horizon < harm.horizon && h.level > harm.level)
        })
    }
}
