//! The map as a network of dependencies, and what a loss does to activities.

pub mod course;
pub mod critical;
pub mod explain;
pub mod remedy;

use super::kind::View;
use super::need::Need;
use super::{Activity, Cartography, Thing};
use impact::{Builder, HOLDS_FOREVER, Loss, Network, Outcome, Scratch};
use journal::SubjectId;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Why a group of the network exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The need of that place among the needs of its owner.
    Need(usize),
    /// That interface, critical for its target.
    Exchange(SubjectId),
}

/// The map, numbered.
#[derive(Debug, Clone, Default)]
pub struct Net {
    /// The network.
    pub network: Network,
    /// What each node is.
    pub ids: Vec<SubjectId>,
    /// The number of each activity or element.
    pub numbers: BTreeMap<SubjectId, u32>,
    /// Numbers of activities, by priority.
    pub activities: Vec<u32>,
    /// Why each group exists.
    pub groups: Vec<Why>,
    /// Links that name nothing on the map, or that can never be met.
    pub dangling: usize,
    /// What is critical, once somebody asked.
    pub kept: OnceLock<critical::Critical>,
}

/// How an activity fares.
#[derive(Debug, Clone, Copy)]
pub struct Fate<'a> {
    /// The activity.
    pub activity: &'a Activity,
    /// When it is first hit, in minutes.
    pub hit_at: u32,
    /// When it stops; `None`: degraded without a known limit.
    pub stops_at: Option<u32>,
    /// When its interruption becomes intolerable: it stops (or is degraded without a known limit), and its DMIA passes.
    /// `None` when it has no DMIA.
    pub limit_at: Option<u32>,
}

/// Somebody outside goes on working when we no longer send them anything: they are not served, and not degraded.
fn is_outside(map: &Cartography, target: SubjectId) -> bool {
    map.asset(&target).is_some_and(|asset| asset.now().kind.view() == View::Ecosystem)
}

impl Net {
    /// Numbers the map: activities by priority, then elements by view, kind and name.
    pub fn of(map: &Cartography) -> Self {
        let things = map.things();
        let ids: Vec<SubjectId> = things.iter().map(|thing| thing.id()).collect();
        let numbers: BTreeMap<SubjectId, u32> = ids.iter().copied().zip(0..).collect();
        let activities = things.iter().zip(0..).filter(|(thing, _)| matches!(thing, Thing::Activity(_))).map(|(_, n)| n);
        let mut net = Self { activities: activities.collect(), ids, ..Self::default() };
        let mut builder = Builder::new(u32::try_from(net.ids.len()).unwrap_or(u32::MAX));
        for thing in &things {
            for (place, need) in thing.needs().iter().enumerate() {
                net.link(&mut builder, &numbers, thing.id(), need, Why::Need(place));
            }
        }
        for exchange in
            map.exchanges().into_iter().filter(|exchange| exchange.now().critical && !is_outside(map, exchange.now().target))
        {
            let set = exchange.now();
            for end in [Some(set.source), set.via].into_iter().flatten() {
                let need = Need { degrades: true, ..Need::of(end) };
                net.link(&mut builder, &numbers, set.target, &need, Why::Exchange(exchange.id));
            }
        }
        net.numbers = numbers;
        net.network = builder.build();
        net
    }

    fn link(&mut self, builder: &mut Builder, numbers: &BTreeMap<SubjectId, u32>, owner: SubjectId, need: &Need, why: Why) {
        let members: Vec<u32> = need.any.iter().filter_map(|id| numbers.get(id).copied()).collect();
        let grouped = numbers.get(&owner).map(|owner| builder.group(*owner, &members, need.at_least, need.holds()));
        match grouped {
            Some(Ok(_)) => self.groups.push(why),
            _ => self.dangling += 1,
        }
    }

    /// The number of something on the map.
    pub fn number(&self, id: &SubjectId) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// What happens when these are lost at once.
    pub fn what_if(&self, lost: &[SubjectId]) -> Outcome {
        let losses: Vec<Loss> = lost.iter().filter_map(|id| Some(Loss { node: self.number(id)?, at: 0 })).collect();
        self.network.what_if(&losses, &mut Scratch::default())
    }

    /// Activities hit, those whose limit comes first before the others, then by priority.
    pub fn fates<'a>(&self, map: &'a Cartography, outcome: &Outcome) -> Vec<Fate<'a>> {
        let fate = |number: &u32| {
            let activity = map.activity(self.ids.get(*number as usize)?)?;
            let hit_at = outcome.hit_at(*number)?;
            let stops_at = outcome.down_at(*number);
            let from = stops_at.unwrap_or(hit_at);
            let limit_at = activity.now().mtpd_minutes.map(|mtpd| from.saturating_add(mtpd).min(HOLDS_FOREVER - 1));
            Some(Fate { activity, hit_at, stops_at, limit_at })
        };
        let mut fates: Vec<Fate<'a>> = self.activities.iter().filter_map(fate).collect();
        fates.sort_by_key(|fate| (fate.limit_at.unwrap_or(u32::MAX), fate.activity.now().priority));
        fates
    }
}
