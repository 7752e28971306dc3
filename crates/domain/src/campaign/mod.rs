//! Campaigns: an organiser has many establishments play exercises, and compares what came of them.
//!
//! Only results travel, keyed by FINESS number. The organiser sees which establishment is done, planned or still to plan;
//! the comparison names nobody.

pub mod apply;
pub mod check;
pub mod compare;
pub mod event;
pub mod facts;

use crate::exercise::event::outcome::Results;
use crate::versions::Versions;
use event::{CampaignSet, Target};
use imbl::OrdMap;
use journal::{ActorId, PublicKey, SubjectId};
use serde::Serialize;
use std::sync::Arc;

/// An exercise is expected every year: 365 days, in milliseconds.
pub const YEAR_MS: i64 = 365 * 86_400_000;
const DAY_MS: i64 = 86_400_000;

/// Campaigns by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Campaigns {
    /// All of them.
    pub all: OrdMap<SubjectId, Campaign>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// Its id.
    pub id: SubjectId,
    /// Rank among the campaigns of this journal, from 0.
    pub order: u64,
    /// What it is.
    pub set: Versions<CampaignSet>,
    /// Its establishments, by FINESS number.
    pub targets: OrdMap<String, Arc<Followed>>,
}

/// An establishment of a campaign, as the organiser follows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// Who it is.
    pub target: Target,
    /// When its exercise is planned, milliseconds since 1970, and where.
    pub planned: Option<(i64, String)>,
    /// Answers to the preparation questionnaire: question, answer.
    pub answers: OrdMap<String, String>,
    /// What its exercise came to, newest received.
    pub result: Option<Received>,
    /// Why it is excused.
    pub excused: Option<String>,
}

/// Results that came by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Received {
    /// What they say.
    pub results: Arc<Results>,
    /// Who signed them, in their words.
    pub signed_by: String,
    /// Root key of the establishment that signed them.
    pub root: PublicKey,
    /// Who took them in.
    pub by: ActorId,
    /// When, milliseconds since 1970.
    pub wall: i64,
}

/// Where an establishment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The campaign ended, or the planned day passed, and no result came.
    Late,
    /// Nothing is planned.
    ToPlan,
    /// A day is fixed.
    Planned,
    /// Results came.
    Done,
    /// Not asked to play.
    Excused,
}

impl Stage {
    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Late => "en retard",
            Self::ToPlan => "à planifier",
            Self::Planned => "prévu",
            Self::Done => "fait",
            Self::Excused => "dispensé",
        }
    }
}

impl Followed {
    /// Where it is at a moment (milliseconds since 1970) of a campaign that ends at another.
    pub fn stage(&self, until: i64, now: i64) -> Stage {
        match (&self.result, &self.excused, &self.planned) {
            (Some(_), _, _) => Stage::Done,
            (None, Some(_), _) => Stage::Excused,
            // The day itself is not late.
            (None, None, Some((at, _))) if at.saturating_add(DAY_MS) < now => Stage::Late,
            (None, None, Some(_)) => Stage::Planned,
            (None, None, None) if until < now => Stage::Late,
            (None, None, None) => Stage::ToPlan,
        }
    }
}

/// How many establishments are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Results came.
    pub done: usize,
    /// A day is fixed and not passed.
    pub planned: usize,
    /// Nothing is planned yet.
    pub to_plan: usize,
    /// Late.
    pub late: usize,
    /// Not asked to play.
    pub excused: usize,
}

impl Counts {
    /// Those asked to play.
    pub fn asked(self) -> usize {
        self.done + self.planned + self.to_plan + self.late
    }
}

impl Campaign {
    /// What it is.
    pub fn now(&self) -> &CampaignSet {
        &self.set.current().value
    }

    /// Its establishments that were not taken out, by name.
    pub fn followed(&self) -> Vec<&Arc<Followed>> {
        let mut all: Vec<&Arc<Followed>> = self.targets.values().filter(|f| !f.target.removed).collect();
        all.sort_by(|a, b| (&a.target.name, &a.target.finess).cmp(&(&b.target.name, &b.target.finess)));
        all
    }

    /// How many are where at a moment (milliseconds since 1970).
    pub fn counts(&self, now: i64) -> Counts {
        let mut counts = Counts::default();
        for followed in self.targets.values().filter(|f| !f.target.removed) {
            match followed.stage(self.now().until, now) {
                Stage::Done => counts.done += 1,
                Stage::Planned => counts.planned += 1,
                Stage::ToPlan => counts.to_plan += 1,
                Stage::Late => counts.late += 1,
                Stage::Excused => counts.excused += 1,
            }
        }
        counts
    }
}

impl Campaigns {
    /// Newest first.
    pub fn newest_first(&self) -> Vec<&Campaign> {
        let mut all: Vec<&Campaign> = self.all.values().collect();
        all.sort_by_key(|c| std::cmp::Reverse((c.order, c.id)));
        all
    }
}
