//! What an address asks: what is lost, at which moment, and why which activity.

use super::PATH;
use crate::session::percent;
use crate::urgence::running;
use domain::State;
use domain::cartography::check::LOST_MAX;
use domain::cartography::names::folded;
use domain::cartography::{Cartography, Scenario, Thing};
use domain::situation::event::Status;
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeSet;

const HOUR_MINUTES: u32 = 60;
/// Most names offered for a text that names nothing.
const OFFERED_MAX: usize = 12;

/// Things lost together, said by what they have in common: what it holds is found anew each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Set {
    /// Said not to survive the attack.
    Attack,
    /// Not said to survive it.
    Unsaid,
    /// Declared stopped in the crisis that runs.
    Declared,
    /// All of a network zone.
    Zone(String),
}

impl Set {
    fn read(text: &str) -> Option<Self> {
        match text {
            "attaque" => Some(Self::Attack),
            "non-dit" => Some(Self::Unsaid),
            "declare" => Some(Self::Declared),
            text => text.strip_prefix("zone:").map(|zone| Self::Zone(zone.to_owned())),
        }
    }

    /// As addresses say it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Attack => "attaque".to_owned(),
            Self::Unsaid => "non-dit".to_owned(),
            Self::Declared => "declare".to_owned(),
            Self::Zone(zone) => format!("zone:{zone}"),
        }
    }

    pub(super) fn label(&self) -> String {
        match self {
            Self::Attack => "tout ce qui ne survit pas à l’attaque".to_owned(),
            Self::Unsaid => "tout ce qui n’est pas déclaré survivre à l’attaque".to_owned(),
            Self::Declared => "ce qui est déclaré arrêté dans la crise".to_owned(),
            Self::Zone(zone) => format!("toute la zone « {zone} »"),
        }
    }

    pub(super) fn members(&self, state: &State) -> Vec<SubjectId> {
        let map = &state.cartography;
        let situation = running(state).and_then(|crisis| state.situations.get(&crisis.id));
        let stopped = |id: &SubjectId| situation.and_then(|s| s.last(id)).is_some_and(|w| w.value.status == Status::Stopped);
        let mut all = map.assets();
        all.retain(|asset| match self {
            Self::Attack => asset.now().survives == Some(false),
            Self::Unsaid => asset.now().survives != Some(true),
            Self::Declared => stopped(&asset.id),
            Self::Zone(zone) => asset.now().zone.trim() == zone,
        });
        all.into_iter().map(|asset| asset.id).collect()
    }
}

/// A question. Read from an address or from the fields of a form.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Named one by one.
    pub(super) ids: Vec<SubjectId>,
    pub(super) sets: Vec<Set>,
    /// The scenario that is open.
    pub(super) scenario: Option<SubjectId>,
    /// Whether what is lost is no longer what the scenario says.
    changed: bool,
    /// The moment looked at, in minutes after the loss.
    pub(super) at: u32,
    /// The activity to explain.
    pub(super) why: Option<SubjectId>,
    /// Whether clock times are wanted.
    pub(super) clock: bool,
    /// Whether the tables are wanted whole.
    pub(super) whole: bool,
    /// A name that nothing on the map bears, or several things do.
    pub(super) unread: String,
    /// Ids that are not on the map.
    pub(super) unknown: usize,
    /// How many were too many.
    pub(super) too_many: usize,
}

impl Asked {
    pub(super) fn read(state: &State, pairs: &[(String, String)]) -> Self {
        let map = &state.cartography;
        let mut asked = Self::default();
        let mut named: Vec<SubjectId> = Vec::new();
        for (name, value) in pairs {
            let value = value.trim();
            match name.as_str() {
                "perdu" => match value.parse().ok().filter(|id| map.thing(id).is_some()) {
                    Some(id) => named.push(id),
                    None => asked.unknown += usize::from(!value.is_empty()),
                },
                "tout" => match Set::read(value) {
                    Some(set) if !asked.sets.contains(&set) => asked.sets.push(set),
                    Some(_) => {}
                    None => named.extend(value.parse().ok().filter(|id| map.thing(id).is_some())),
                },
                "ajouter" if !value.is_empty() => match found(map, value).as_slice() {
                    [one] => named.push(one.id()),
                    _ => value.clone_into(&mut asked.unread),
                },
                "scenario" => asked.scenario = value.parse().ok().filter(|id| map.scenario(id).is_some()),
                "modifie" => asked.changed = value == "1",
                "a_h" => asked.at = value.parse::<u32>().unwrap_or(0).saturating_mul(HOUR_MINUTES),
                "pourquoi" => asked.why = value.parse().ok().filter(|id| map.thing(id).is_some()),
                "heure" => asked.clock = value == "1",
                "lignes" => asked.whole = value == "toutes",
                _ => {}
            }
        }
        // What a scenario loses, unless the address says what is lost instead; what was just added comes on top.
        let lost = asked.open(map).filter(|_| !asked.changed).map(|scenario| scenario.now().lost.clone()).unwrap_or_default();
        let there: Vec<SubjectId> = lost.iter().copied().filter(|id| map.thing(id).is_some()).collect();
        asked.unknown += lost.len() - there.len();
        asked.changed |= !named.is_empty() || !asked.sets.is_empty();
        asked.keep(there.into_iter().chain(named).collect());
        asked
    }

    /// Each once, and no more than a scenario holds.
    fn keep(&mut self, named: Vec<SubjectId>) {
        let mut seen = BTreeSet::new();
        self.ids = named.into_iter().filter(|id| seen.insert(*id)).collect();
        self.too_many = self.ids.len().saturating_sub(LOST_MAX);
        self.ids.truncate(LOST_MAX);
    }

    /// A whole set and nothing else.
    pub(super) fn of(set: Set) -> Self {
        Self { sets: vec![set], ..Self::default() }
    }

    /// The scenario that is open.
    pub(super) fn open<'a>(&self, map: &'a Cartography) -> Option<&'a Scenario> {
        self.scenario.and_then(|id| map.scenario(&id))
    }

    /// Everything lost: what is named, then what sets hold.
    pub(super) fn lost(&self, state: &State) -> Vec<SubjectId> {
        let mut seen = BTreeSet::new();
        let members = self.sets.iter().flat_map(|set| set.members(state));
        self.ids.iter().copied().chain(members).filter(|id| seen.insert(*id)).collect()
    }

    /// What the text that named nothing may have meant.
    pub(super) fn offered<'a>(&self, map: &'a Cartography) -> Vec<Thing<'a>> {
        let wanted = folded(&self.unread);
        let exact = found(map, &self.unread);
        let near = || map.things().into_iter().filter(|thing| folded(thing.name()).contains(&wanted)).take(OFFERED_MAX).collect();
        if wanted.is_empty() || !exact.is_empty() { exact } else { near() }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        pairs.extend(self.scenario.map(|id| ("scenario", id.to_string())));
        if self.scenario.is_none() || self.changed {
            pairs.extend(self.ids.iter().map(|id| ("perdu", id.to_string())));
            pairs.extend(self.sets.iter().map(|set| ("tout", set.name())));
            pairs.extend(self.scenario.map(|_| ("modifie", "1".to_owned())));
        }
        pairs.extend((self.at > 0).then(|| ("a_h", (self.at / HOUR_MINUTES).to_string())));
        pairs.extend(self.why.map(|id| ("pourquoi", id.to_string())));
        pairs.extend(self.clock.then(|| ("heure", "1".to_owned())));
        pairs
    }

    /// The address of this question.
    pub(super) fn address(&self) -> String {
        let mut pairs = self.pairs();
        pairs.extend(self.whole.then(|| ("lignes", "toutes".to_owned())));
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={}", percent(&value))).collect();
        if pairs.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", pairs.join("&")) }
    }

    /// The same question as hidden fields, without some of them.
    pub(super) fn hidden(&self, without: &[&str]) -> Markup {
        html! { @for (name, value) in self.pairs() { @if !without.contains(&name) { input type="hidden" name=(name) value=(value); } } }
    }

    /// With other losses.
    fn lose(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self.changed = true;
        self
    }

    pub(super) fn without(&self, id: &SubjectId) -> Self {
        self.clone().lose(|asked| asked.ids.retain(|one| one != id))
    }

    pub(super) fn without_set(&self, set: &Set) -> Self {
        self.clone().lose(|asked| asked.sets.retain(|one| one != set))
    }

    pub(super) fn with(&self, id: SubjectId) -> Self {
        self.clone().lose(|asked| asked.ids.push(id))
    }

    pub(super) fn explaining(&self, id: SubjectId) -> Self {
        Self { why: Some(id), ..self.clone() }
    }

    pub(super) fn at_minute(&self, at: u32) -> Self {
        Self { at, ..self.clone() }
    }

    pub(super) fn with_clock(&self, clock: bool) -> Self {
        Self { clock, ..self.clone() }
    }

    pub(super) fn all_rows(&self) -> Self {
        Self { whole: true, ..self.clone() }
    }

    /// Whether what is lost differs from the scenario that is open.
    pub(super) fn is_changed(&self, map: &Cartography) -> bool {
        self.open(map).is_some_and(|scenario| !self.sets.is_empty() || self.ids != scenario.now().lost)
    }
}

/// As the list of proposals says it: the name, and what it is when several bear that name.
pub(super) fn proposal(thing: Thing<'_>, alone: bool) -> String {
    if alone { thing.name().to_owned() } else { format!("{} ({})", thing.name(), thing.kind_label()) }
}

/// What bears that name; the kind in brackets tells those of one name apart.
fn found<'a>(map: &'a Cartography, text: &str) -> Vec<Thing<'a>> {
    let wanted = folded(text);
    let mut all = map.things();
    all.retain(|thing| {
        let name = folded(thing.name());
        wanted.starts_with(&name) && (wanted == name || wanted == folded(&proposal(*thing, false)))
    });
    all
}
