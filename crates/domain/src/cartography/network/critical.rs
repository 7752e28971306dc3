//! What the loss of each element alone stops, and how soon it must be back for those who need it.

use super::{Fate, Net};
use crate::cartography::{Cartography, Thing};
use impact::{Duty, Inherited, Loss, Outcome, Scratch};

/// What an activity that stops weighs, by care priority from 1: each priority twice the next (a choice of this program, to
/// sort by; it says nothing of harm).
pub const WEIGHTS: [u32; 5] = [16, 8, 4, 2, 1];
/// When everything cannot be computed in time: how many elements are, those most needed first.
const FIRST_MAX: usize = 200;

/// What an activity of that priority weighs.
pub fn weight(priority: u8) -> u32 {
    WEIGHTS.get(usize::from(priority).saturating_sub(1)).copied().unwrap_or(1)
}

/// What the loss of one thing alone stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Single {
    /// Weight of the activities that stop sooner or later, itself left out.
    pub weight: u64,
    /// How many of them are vital (priority 1).
    pub vital: u64,
}

/// What is critical on the map. Lists are by number.
#[derive(Debug, Clone, Default)]
pub struct Critical {
    /// What each loss stops; `None` where it was not computed in time.
    pub singles: Vec<Option<Single>>,
    /// How soon it must be back, from its own need or from above, in minutes.
    pub recovery: Vec<Option<Inherited>>,
    /// How much data may be lost, from above, in minutes.
    pub data: Vec<Option<Inherited>>,
}

/// What falls when one thing alone is lost.
#[derive(Debug, Clone)]
pub struct Fall<'a> {
    /// All that follows.
    pub outcome: Outcome,
    /// Activities hit other than itself, the first limit first.
    pub fates: Vec<Fate<'a>>,
    /// Activities that stop, by priority from 1.
    pub stopped: [usize; 5],
    /// Activities that are only degraded.
    pub degraded: usize,
}

impl Fall<'_> {
    /// The gravest that follows: an activity that stops before one that is degraded, then by priority, then by limit.
    pub fn gravest(&self) -> Option<&Fate<'_>> {
        let key = |fate: &&Fate<'_>| {
            (fate.stops_at.is_none(), fate.activity.now().priority, fate.limit_at.unwrap_or(u32::MAX), fate.activity.id)
        };
        self.fates.iter().min_by_key(key)
    }
}

impl Critical {
    /// Whether every loss was computed.
    pub fn is_complete(&self) -> bool {
        self.singles.iter().all(Option::is_some)
    }
}

impl Net {
    /// What is critical. When `stop` says to stop, only the elements most needed are computed one by one.
    pub fn critical(&self, map: &Cartography, workers: usize, stop: &(dyn Fn() -> bool + Sync)) -> Critical {
        let things: Vec<Option<Thing<'_>>> = self.ids.iter().map(|id| map.thing(id)).collect();
        let singles = self.singles(&things, workers, stop).unwrap_or_else(|| self.first_singles(map));
        let needs = |own: fn(Thing<'_>) -> Option<u32>| things.iter().map(|thing| thing.and_then(own)).collect::<Vec<_>>();
        let recovery = self.network.inherited(&needs(wanted_back), Duty::Recovery);
        let data = self.network.inherited(&needs(wanted_data), Duty::Data);
        Critical { singles, recovery, data }
    }

    fn singles(
        &self,
        things: &[Option<Thing<'_>>],
        workers: usize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Option<Single>>> {
        let weighed = |of: &dyn Fn(u8) -> u32| -> Vec<u32> {
            let one = |thing: &Option<Thing<'_>>| match thing {
                Some(Thing::Activity(activity)) => of(activity.now().priority),
                _ => 0,
            };
            things.iter().map(one).collect()
        };
        let (all, vital) = (weighed(&weight), weighed(&|priority| u32::from(priority == 1)));
        let sums = self.network.criticality(&all, workers, stop)?;
        let vitals = self.network.criticality(&vital, workers, stop)?;
        let own = all.iter().zip(&vital);
        let single = |((sum, vitals), (weight, vital)): ((u64, u64), (&u32, &u32))| {
            Some(Single { weight: sum.saturating_sub(u64::from(*weight)), vital: vitals.saturating_sub(u64::from(*vital)) })
        };
        Some(sums.into_iter().zip(vitals).zip(own).map(single).collect())
    }

    fn first_singles(&self, map: &Cartography) -> Vec<Option<Single>> {
        let mut order: Vec<u32> = (0..self.network.nodes()).collect();
        order.sort_by_key(|number| std::cmp::Reverse(self.network.dependants(*number).len()));
        let (mut singles, mut scratch) = (vec![None; order.len()], Scratch::default());
        for number in order.into_iter().take(FIRST_MAX) {
            let fall = self.fall(map, number, &mut scratch);
            let priorities = fall.fates.iter().filter(|fate| fate.stops_at.is_some()).map(|fate| fate.activity.now().priority);
            let single = priorities.fold(Single::default(), |sum, priority| Single {
                weight: sum.weight + u64::from(weight(priority)),
                vital: sum.vital + u64::from(priority == 1),
            });
            if let Some(place) = singles.get_mut(number as usize) {
                *place = Some(single);
            }
        }
        singles
    }

    /// What falls when that one alone is lost.
    pub fn fall<'a>(&self, map: &'a Cartography, number: u32, scratch: &mut Scratch) -> Fall<'a> {
        let outcome = self.network.what_if(&[Loss { node: number, at: 0 }], scratch);
        let mut fates = self.fates(map, &outcome);
        fates.retain(|fate| self.number(&fate.activity.id) != Some(number));
        let mut stopped = [0; 5];
        for fate in fates.iter().filter(|fate| fate.stops_at.is_some()) {
            if let Some(count) = stopped.get_mut(usize::from(fate.activity.now().priority).saturating_sub(1)) {
                *count += 1;
            }
        }
        let degraded = fates.iter().filter(|fate| fate.stops_at.is_none()).count();
        Fall { outcome, fates, stopped, degraded }
    }
}

/// How soon something is wanted back: what was aimed at, else the longest interruption it bears.
fn wanted_back(thing: Thing<'_>) -> Option<u32> {
    match thing {
        Thing::Activity(activity) => activity.now().rto_minutes.or(activity.now().mtpd_minutes),
        Thing::Asset(asset) => asset.now().mtpd_minutes,
    }
}

/// How much of its data may be lost. What an element says of itself is what it is capable of, not what it needs.
fn wanted_data(thing: Thing<'_>) -> Option<u32> {
    match thing {
        Thing::Activity(activity) => activity.now().rpo_minutes,
        Thing::Asset(_) => None,
    }
}
