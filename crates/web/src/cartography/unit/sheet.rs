//! What a unit needs, how long it holds without, and whom to call: computed from the map, the network and the register.

use crate::cartography::duration;
use crate::situation::words::{inside, listed};
use domain::State;
use domain::cartography::kind::{AssetKind, View};
use domain::cartography::names::folded;
use domain::cartography::network::Net;
use domain::cartography::{Activity, Asset, Thing};
use impact::{Loss, Outcome, Scratch};
use journal::SubjectId;
use std::collections::{BTreeMap, BTreeSet};

/// Most elements of infrastructure asked what they stop; the nearest come first.
const BELOW_MAX: usize = 400;
/// Most of them named beside a need.
const THROUGH_SHOWN_MAX: usize = 2;
/// Most common points told first.
const COMMON_MAX: usize = 3;

/// What the loss of a need does to one activity, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// It stops after so many minutes.
    Stops(u32),
    /// It goes on degraded, nobody knows how long.
    Degrades,
    /// Others stand in.
    Nothing,
}

impl Effect {
    fn of(outcome: &Outcome, activity: u32) -> Self {
        match (outcome.down_at(activity), outcome.hit_at(activity)) {
            (Some(minutes), _) => Self::Stops(minutes),
            (None, Some(_)) => Self::Degrades,
            (None, None) => Self::Nothing,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Stops(0) => "s’arrête aussitôt".to_owned(),
            Self::Stops(minutes) => format!("tient {}", duration(minutes)),
            Self::Degrades => "dégradée, limite inconnue".to_owned(),
            Self::Nothing => "un autre suffit".to_owned(),
        }
    }
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) who: String,
    /// Empty when nobody wrote it.
    pub(super) phone: String,
    pub(super) hours: String,
}

/// Something the unit needs.
pub(super) struct Line<'a> {
    pub(super) thing: Thing<'a>,
    /// How long activities hold without it, worst first.
    pub(super) holds: Vec<String>,
    /// Infrastructure whose loss stops it.
    pub(super) through: Vec<String>,
    /// How many more there are.
    pub(super) through_more: usize,
    pub(super) calls: Vec<Call>,
    /// What to do without it.
    pub(super) instead: Vec<String>,
    /// How many activities stop the moment it is lost.
    at_once: usize,
    soonest: u32,
    worst: Effect,
}

/// What a unit depends on.
pub(super) struct Sheet<'a> {
    pub(super) activities: Vec<&'a Activity>,
    pub(super) lines: Vec<Line<'a>>,
    /// Devices and other elements of the unit, biomedical ones first.
    pub(super) devices: Vec<&'a Asset>,
    /// What stops several of its activities, or its only one: names, and how many.
    pub(super) common: Vec<(String, usize)>,
    /// What stops an activity the moment it is lost: names, and how many, the widest first.
    pub(super) at_once: Vec<(String, usize)>,
}

struct Asking<'a> {
    state: &'a State,
    net: &'a Net,
    scratch: Scratch,
    /// Activities of the unit, with their number in the network.
    activities: Vec<(&'a Activity, u32)>,
}

impl<'a> Sheet<'a> {
    /// Of a unit; of activities that belong to no unit when there is none.
    pub(super) fn of(state: &'a State, net: &'a Net, unit: Option<SubjectId>) -> Self {
        let map = &state.cartography;
        let known = |unit: Option<SubjectId>| unit.filter(|unit| state.register.units.get(unit).is_some());
        let activities: Vec<&Activity> = map.by_priority().into_iter().filter(|a| known(a.now().unit) == unit).collect();
        let mut devices: Vec<&Asset> = map.assets().into_iter().filter(|a| unit.is_some() && a.now().unit == unit).collect();
        devices.sort_by_key(|asset| asset.now().kind != AssetKind::Biomedical);
        let numbered = activities.iter().filter_map(|activity| Some((*activity, net.number(&activity.id)?))).collect();
        let mut asking = Asking { state, net, scratch: Scratch::default(), activities: numbered };
        let needed = asking.needed();
        let below = asking.below(&needed);
        let mut lines: Vec<Line<'a>> = needed.iter().filter_map(|number| asking.line(*number, &below)).collect();
        lines.sort_by(|a, b| (a.soonest, a.worst).cmp(&(b.soonest, b.worst)).then_with(|| a.thing.name().cmp(b.thing.name())));
        let common = asking.common(&needed, &below);
        let at_once = asking.at_once(&needed, &lines, &below);
        Self { activities, lines, devices, common, at_once }
    }
}

/// What the loss of one element of infrastructure does: to the needs, and to how many activities of the unit.
struct Below {
    number: u32,
    stops: Vec<u32>,
    activities: usize,
    at_once: usize,
}

impl<'a> Asking<'a> {
    fn thing(&self, number: u32) -> Option<Thing<'a>> {
        self.state.cartography.thing(self.net.ids.get(number as usize)?)
    }

    fn lose(&mut self, number: u32) -> Outcome {
        self.net.network.what_if(&[Loss { node: number, at: 0 }], &mut self.scratch)
    }

    /// Everything its activities name, once.
    fn needed(&self) -> Vec<u32> {
        let ids = self.activities.iter().flat_map(|(activity, _)| &activity.now().needs).flat_map(|need| &need.any);
        let mut numbers: Vec<u32> = ids.filter_map(|id| self.net.number(id)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The infrastructure below the needs, with what its loss stops.
    fn below(&mut self, needed: &[u32]) -> Vec<Below> {
        let reached: Vec<u32> = self.net.network.upstream(needed, &mut self.scratch).to_vec();
        let infrastructure = [View::Administration, View::Logical, View::Physical, View::Ecosystem];
        let is_below = |number: &u32| self.thing(*number).is_some_and(|thing| infrastructure.contains(&thing.view()));
        let asked: Vec<u32> = needed.iter().copied().chain(reached).filter(is_below).take(BELOW_MAX).collect();
        asked
            .into_iter()
            .map(|number| {
                let outcome = self.lose(number);
                let stops = needed.iter().copied().filter(|need| *need != number && outcome.down_at(*need).is_some()).collect();
                let down: Vec<u32> = self.activities.iter().filter_map(|(_, activity)| outcome.down_at(*activity)).collect();
                let at_once = down.iter().filter(|minutes| **minutes == 0).count();
                Below { number, stops, activities: down.len(), at_once }
            })
            .collect()
    }

    fn line(&mut self, number: u32, below: &[Below]) -> Option<Line<'a>> {
        let thing = self.thing(number)?;
        let outcome = self.lose(number);
        let mut effects: BTreeMap<Effect, Vec<String>> = BTreeMap::new();
        let mut soonest = u32::MAX;
        for (activity, its) in &self.activities {
            let set = activity.now();
            let effect = Effect::of(&outcome, *its);
            if effect == Effect::Nothing && !set.needs.iter().any(|need| need.any.contains(&thing.id())) {
                continue;
            }
            let from = outcome.down_at(*its).or_else(|| outcome.hit_at(*its));
            soonest = soonest.min(from.map_or(u32::MAX, |from| from.saturating_add(set.mtpd_minutes.unwrap_or(u32::MAX / 2))));
            effects.entry(effect).or_default().push(inside(&set.name));
        }
        let all = self.activities.len();
        let at_once = effects.get(&Effect::Stops(0)).map_or(0, Vec::len);
        let worst = effects.keys().next().copied().unwrap_or(Effect::Nothing);
        let told = |(effect, names): (&Effect, &Vec<String>)| match names.len() {
            1 if all == 1 => effect.words(),
            count if count == all && all > 2 => format!("{} : toutes", effect.words()),
            _ => format!("{} : {}", effect.words(), listed(names)),
        };
        let holds = effects.iter().map(told).collect();
        let mut through: Vec<&Below> = below.iter().filter(|below| below.stops.contains(&number)).collect();
        through.sort_by_key(|below| std::cmp::Reverse(below.activities));
        let named = through.iter().take(THROUGH_SHOWN_MAX).filter_map(|below| Some(self.thing(below.number)?.name().to_owned()));
        let named: Vec<String> = named.collect();
        let through_more = through.len() - named.len();
        let (calls, instead) = (self.calls(thing), self.instead(thing));
        Some(Line { thing, holds, through: named, through_more, calls, instead, at_once, soonest, worst })
    }

    /// What stops two activities or more (or the only one), the worst first; the needs themselves count too.
    fn common(&mut self, needed: &[u32], below: &[Below]) -> Vec<(String, usize)> {
        let mut counts: Vec<(u32, usize)> = below.iter().map(|below| (below.number, below.activities)).collect();
        for number in needed.iter().filter(|number| below.iter().all(|below| below.number != **number)) {
            let outcome = self.lose(*number);
            counts.push((*number, self.activities.iter().filter(|(_, its)| outcome.down_at(*its).is_some()).count()));
        }
        let least = self.activities.len().min(2);
        counts.retain(|(_, count)| *count > 0 && *count >= least);
        counts.sort_by_key(|(number, count)| (std::cmp::Reverse(*count), *number));
        counts.truncate(COMMON_MAX);
        counts.into_iter().filter_map(|(number, count)| Some((self.thing(number)?.name().to_owned(), count))).collect()
    }

    /// What leaves no time at all, needs and infrastructure alike.
    fn at_once(&self, needed: &[u32], lines: &[Line<'a>], below: &[Below]) -> Vec<(String, usize)> {
        let direct = lines.iter().map(|line| (line.thing.name().to_owned(), line.at_once));
        let under = below.iter().filter(|below| !needed.contains(&below.number));
        let under = under.filter_map(|below| Some((self.thing(below.number)?.name().to_owned(), below.at_once)));
        let mut found: Vec<(String, usize)> = direct.chain(under).filter(|(_, count)| *count > 0).collect();
        found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        found
    }

    /// Whom to call: its provider, who administers it, who answers for it.
    fn calls(&self, thing: Thing<'_>) -> Vec<Call> {
        let mut calls = Vec::new();
        let map = &self.state.cartography;
        if let Thing::Asset(asset) = thing {
            calls.extend(asset.now().provider.and_then(|id| self.provider(&id)));
            let manager = asset.now().managed_by.and_then(|id| map.asset(&id));
            if let Some(manager) = manager {
                let own = manager.now().provider.and_then(|id| self.provider(&id));
                calls.push(own.unwrap_or_else(|| Call {
                    who: manager.now().name.clone(),
                    phone: String::new(),
                    hours: String::new(),
                }));
            }
        }
        if let Some(owner) = thing.owner() {
            calls.push(self.person(owner));
        }
        // A name without a number is only worth its place when there is nothing better.
        calls.sort_by_key(|call| call.phone.is_empty());
        let mut told = BTreeSet::new();
        calls.retain(|call| told.insert(folded(&call.who)));
        calls
    }

    fn provider(&self, id: &SubjectId) -> Option<Call> {
        let provider = self.state.register.providers.get(id)?;
        Some(Call { who: provider.name.clone(), phone: provider.phone.clone(), hours: provider.hours.clone() })
    }

    /// Who answers for a record, with the number of the register when exactly one person or function bears that name.
    fn person(&self, name: &str) -> Call {
        let register = &self.state.register;
        let same = |other: &str| other.trim().to_lowercase() == name.trim().to_lowercase();
        let holders = register.functions.iter().filter(|(_, function)| same(&function.label)).filter_map(|(_, f)| f.holder);
        let people = register.present().filter(|(_, person)| same(&person.name)).map(|(actor, _)| *actor);
        let found: Vec<_> = people.chain(holders).collect();
        let phone = match found.as_slice() {
            [one] => register.phones(one).first().copied().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        Call { who: name.to_owned(), phone, hours: String::new() }
    }

    /// What is done when its interfaces are cut.
    fn instead(&self, thing: Thing<'_>) -> Vec<String> {
        let id = thing.id();
        let touches = |exchange: &&domain::cartography::Exchange| {
            let set = exchange.now();
            [Some(set.source), Some(set.target), set.via].contains(&Some(id)) && !set.fallback.trim().is_empty()
        };
        let exchanges = self.state.cartography.exchanges.values().map(|node| &**node);
        let there = exchanges.filter(|exchange| exchange.removed.is_none());
        let mut told: Vec<String> = there.filter(touches).map(|exchange| exchange.now().fallback.trim().to_owned()).collect();
        told.sort_unstable();
        told.dedup();
        told
    }
}
