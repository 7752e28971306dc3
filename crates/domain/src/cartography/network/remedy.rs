//! What would have helped: elements tried one by one as if they went on working, and spares that are gone.

use super::Net;
use crate::cartography::need::Need;
use crate::cartography::{Cartography, Thing};
use impact::{Builder, Loss, Outcome, Scratch};
use journal::SubjectId;
use std::collections::{BTreeMap, BTreeSet};

/// Most elements tried.
pub const TRIED_MAX: usize = 30;
/// Most work for one answer, in elements looked at: on a map where a loss reaches tens of thousands of elements, fewer
/// remedies are tried.
const WORK_MAX: usize = 300_000;

/// What is left of a loss when one element goes on working whatever happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// The element.
    pub id: SubjectId,
    /// Whether it is one of those lost.
    pub lost: bool,
    /// Activities still hit.
    pub hit: usize,
    /// Activities still stopped, sooner or later.
    pub stopped: usize,
}

/// Remedies, the most useful first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remedies {
    /// Those that change something.
    pub list: Vec<Remedy>,
    /// How many elements were tried.
    pub tried: usize,
    /// How many could have been.
    pub candidates: usize,
}

/// A need that still holds, without any spare left.
#[derive(Debug, Clone)]
pub struct Thin<'a> {
    /// Who needs.
    pub owner: Thing<'a>,
    /// The need.
    pub need: &'a Need,
    /// What it rests on now.
    pub left: Vec<Thing<'a>>,
}

/// The part of the network that was hit; nothing else can be hit when one element more works.
struct Part {
    nodes: Vec<u32>,
    groups: Vec<Group>,
}

struct Group {
    owner: u32,
    members: Vec<u32>,
    at_least: u32,
    holds: u32,
}

impl Net {
    /// Tries elements that are lost or that explain why an activity is hit, those that explain most first.
    pub fn remedies(&self, map: &Cartography, lost: &[SubjectId], outcome: &Outcome) -> Remedies {
        let lost: BTreeSet<u32> = lost.iter().filter_map(|id| self.number(id)).collect();
        let candidates = self.candidates(&lost, outcome);
        let part = self.part(map, outcome);
        let size = part.nodes.len() + part.groups.iter().map(|group| group.members.len()).sum::<usize>();
        let most = (WORK_MAX / size.max(1)).clamp(1, TRIED_MAX);
        let tried: Vec<u32> = candidates.iter().copied().take(most).collect();
        let before = self.tally(|number| (outcome.hit_at(number).is_some(), outcome.down_at(number).is_some()));
        let mut scratch = Scratch::default();
        let attempt = |number: &u32| {
            let (hit, stopped) = self.without(&part, &lost, *number, &mut scratch);
            let id = *self.ids.get(*number as usize)?;
            Some(Remedy { id, lost: lost.contains(number), hit, stopped })
        };
        let mut list: Vec<Remedy> = tried.iter().filter_map(attempt).collect();
        list.retain(|remedy| (remedy.hit, remedy.stopped) != before);
        list.sort_by_key(|remedy| (remedy.hit, remedy.stopped));
        Remedies { list, tried: tried.len(), candidates: candidates.len() }
    }

    /// Elements on explaining paths of activities, those on most paths first.
    fn candidates(&self, lost: &BTreeSet<u32>, outcome: &Outcome) -> Vec<u32> {
        let mut on_paths: BTreeMap<u32, usize> = BTreeMap::new();
        for activity in &self.activities {
            for step in self.steps(outcome, *activity) {
                *on_paths.entry(step.node).or_default() += 1;
            }
        }
        // An activity cannot be doubled; one that was said to be lost can be said not to be.
        let activities: BTreeSet<u32> = self.activities.iter().copied().collect();
        let mut all: Vec<(u32, usize)> = on_paths.into_iter().collect();
        all.retain(|(number, _)| lost.contains(number) || !activities.contains(number));
        all.sort_by_key(|(number, paths)| (std::cmp::Reverse(*paths), *number));
        all.into_iter().map(|(number, _)| number).collect()
    }

    /// (hit, stopped) among activities.
    fn tally(&self, such: impl Fn(u32) -> (bool, bool)) -> (usize, usize) {
        let fates = self.activities.iter().map(|number| such(*number));
        fates.fold((0, 0), |(hit, stopped), (is_hit, is_down)| (hit + usize::from(is_hit), stopped + usize::from(is_down)))
    }

    fn part(&self, map: &Cartography, outcome: &Outcome) -> Part {
        let mut nodes = outcome.hit().to_vec();
        nodes.sort_unstable();
        let mut groups = Vec::new();
        let place = |number: u32| nodes.binary_search(&number).ok().and_then(|at| u32::try_from(at).ok());
        let mut add = |owner: u32, need: &[SubjectId], at_least: u32, holds: u32| {
            let known: Vec<u32> = need.iter().filter_map(|id| self.number(id)).collect();
            let members: Vec<u32> = known.iter().filter_map(|number| place(*number)).collect();
            // Members that are not hit count as up: that many fewer are asked of the others.
            let up = u32::try_from(known.len() - members.len()).unwrap_or(u32::MAX);
            let at_least = at_least.saturating_sub(up);
            if at_least > 0 {
                groups.push(Group { owner, members, at_least, holds });
            }
        };
        for (at, number) in (0_u32..).zip(&nodes) {
            let thing = self.ids.get(*number as usize).and_then(|id| map.thing(id));
            for need in thing.map(Thing::needs).unwrap_or_default() {
                add(at, &need.any, need.at_least, need.holds());
            }
        }
        let critical = map.exchanges.values().filter(|exchange| exchange.removed.is_none() && exchange.now().critical);
        for exchange in critical {
            let set = exchange.now();
            let target = self.number(&set.target).and_then(place);
            for (target, end) in
                target.into_iter().flat_map(|t| [Some(set.source), set.via].into_iter().flatten().map(move |e| (t, e)))
            {
                add(target, &[end], 1, impact::HOLDS_FOREVER);
            }
        }
        Part { nodes, groups }
    }

    /// (hit, stopped) when `kept` goes on working.
    fn without(&self, part: &Part, lost: &BTreeSet<u32>, kept: u32, scratch: &mut Scratch) -> (usize, usize) {
        let place = |number: u32| part.nodes.binary_search(&number).ok().and_then(|at| u32::try_from(at).ok());
        let mut builder = Builder::new(u32::try_from(part.nodes.len()).unwrap_or(u32::MAX));
        for group in part.groups.iter().filter(|group| Some(group.owner) != place(kept)) {
            // A group that cannot be met is not in the network either.
            let _ = builder.group(group.owner, &group.members, group.at_least, group.holds);
        }
        let losses =
            lost.iter().filter(|number| **number != kept).filter_map(|number| Some(Loss { node: place(*number)?, at: 0 }));
        let outcome = builder.build().what_if(&losses.collect::<Vec<_>>(), scratch);
        self.tally(|number| {
            let at = place(number);
            (at.and_then(|at| outcome.hit_at(at)).is_some(), at.and_then(|at| outcome.down_at(at)).is_some())
        })
    }

    /// Needs that lost some of what stands in for each other and hold by the last that is enough.
    pub fn thinned<'a>(&self, map: &'a Cartography, outcome: &Outcome) -> Vec<Thin<'a>> {
        let down = |id: &SubjectId| self.number(id).is_some_and(|number| outcome.down_at(number).is_some());
        let fallen = outcome.hit().iter().filter(|number| outcome.down_at(**number).is_some());
        let owners: BTreeSet<u32> = fallen.flat_map(|number| self.network.dependants(*number)).copied().collect();
        let standing = owners.into_iter().filter(|number| outcome.down_at(*number).is_none());
        let things = standing.filter_map(|number| map.thing(self.ids.get(number as usize)?));
        let thin = |owner: Thing<'a>| {
            owner.needs().iter().filter_map(move |need| {
                let left: Vec<Thing<'a>> = need.any.iter().filter(|id| !down(id)).filter_map(|id| map.thing(id)).collect();
                let gone = need.any.iter().filter(|id| down(id)).count();
                (gone > 0 && left.len() == need.at_least as usize).then_some(Thin { owner, need, left })
            })
        };
        things.flat_map(thin).collect()
    }
}
