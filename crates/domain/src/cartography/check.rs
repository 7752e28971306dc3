//! May this be recorded on the map, now, by this author?

pub mod batch;
pub mod review;

use super::event::{ActivitySet, ApplicationSet, AssetSet, ExchangeSet, MapArranged, Removed, ScenarioSet};
use super::names::Bearer;
use super::need::Need;
use super::{Cartography, Node};
use crate::capability::{Asked, Checked};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::refusal::{Refusal, text_within};
use crate::register::check::{NAME_CHARS_MAX, NOTES_CHARS_MAX};
use crate::state::State;
use crate::versions::rewritten;
use imbl::OrdMap;
use journal::SubjectId;
use std::sync::Arc;

/// Most activities ever described in one journal.
pub const ACTIVITIES_MAX: usize = 5_000;
/// Most elements ever described in one journal.
pub const ASSETS_MAX: usize = 100_000;
/// Most interfaces ever described in one journal.
pub const EXCHANGES_MAX: usize = 100_000;
/// Most scenarios ever kept.
pub const SCENARIOS_MAX: usize = 1_000;
/// Most things lost in a scenario.
pub const LOST_MAX: usize = 500;
/// Most needs of one activity or element.
pub const NEEDS_MAX: usize = 200;
/// Most things that stand in for each other in one need.
pub const ANY_MAX: usize = 50;
/// Longest delay that means anything: a year, in minutes.
pub const MTPD_MINUTES_MAX: u32 = 366 * 24 * 60;
/// Most names that other tools have for one thing.
pub const EXTERNAL_MAX: usize = 20;

/// What is looked at besides the values: a batch may name what another entry of the same import brings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// Everything named must be on the map.
    Known,
    /// The whole import was checked before it was cut into entries.
    Elsewhere,
}

/// A record of the map.
pub(super) trait Right {
    const MOST: usize;
    fn table(map: &Cartography) -> &OrdMap<SubjectId, Arc<Node<Self>>>
    where
        Self: Sized;
    fn bearer(&self) -> Bearer;
    fn name(&self) -> &str;
    fn supersedes(&self) -> &[journal::EntryId];
    /// Are its values right?
    fn right(&self, state: &State, id: SubjectId, links: Links) -> Result<(), Refusal>;
}

/// May this record be written?
pub(super) fn record<T: Right>(set: &T, state: &State, id: SubjectId, links: Links) -> Result<(), Refusal> {
    let map = &state.cartography;
    let table = T::table(map);
    let known = table.get(&id);
    rewritten(known.map(|node| &node.described), set.supersedes())?;
    if known.is_none() && table.len() >= T::MOST {
        return Err(Refusal::new("too_many_nodes", format!("La carte compte {} éléments de cette sorte au plus.", T::MOST)));
    }
    text_within("name", set.name(), NAME_CHARS_MAX)?;
    // A name that another one bears already leads to errors at night.
    if map.names.named(set.bearer(), set.name()).is_some_and(|other| other != id) {
        let sentence = "Ce nom est déjà sur la carte : donnez-en un autre, ou modifiez celui qui y est.";
        return Err(Refusal::field("name_taken", "name", sentence));
    }
    set.right(state, id, links)
}

fn at_most(field: &'static str, text: &str, chars_max: usize) -> Result<(), Refusal> {
    if text.is_empty() { Ok(()) } else { text_within(field, text, chars_max) }
}

fn minutes(field: &'static str, value: Option<u32>, word: &str) -> Result<(), Refusal> {
    if value.is_none_or(|m| (1..=MTPD_MINUTES_MAX).contains(&m)) {
        return Ok(());
    }
    let sentence = format!("{word} va d’une minute à un an : par exemple 30 min, 4 h ou 3 j.");
    Err(Refusal::field("bad_delay", field, sentence))
}

fn mtpd(value: Option<u32>) -> Result<(), Refusal> {
    if value.is_none_or(|m| (1..=MTPD_MINUTES_MAX).contains(&m)) {
        return Ok(());
    }
    Err(Refusal::field("bad_mtpd", "mtpd", "La DMIA va d’une minute à un an : par exemple 30 min, 4 h ou 3 j."))
}

fn external(names: &[String]) -> Result<(), Refusal> {
    if names.len() > EXTERNAL_MAX {
        return Err(Refusal::field("too_many", "external", format!("{EXTERNAL_MAX} identifiants externes au plus.")));
    }
    names.iter().try_for_each(|name| text_within("external", name, NAME_CHARS_MAX))
}

fn unknown(field: &'static str) -> Refusal {
    Refusal::field("unknown_node", field, "Un élément choisi n’est pas, ou n’est plus, sur la carte : rechargez la page.")
}

fn known(state: &State, field: &'static str, id: SubjectId, links: Links) -> Result<(), Refusal> {
    let there = links == Links::Elsewhere || state.cartography.thing(&id).is_some();
    if there { Ok(()) } else { Err(unknown(field)) }
}

fn in_register(field: &'static str, id: Option<SubjectId>, there: impl Fn(&SubjectId) -> bool) -> Result<(), Refusal> {
    if id.is_none_or(|id| there(&id)) {
        return Ok(());
    }
    Err(Refusal::field(
        "unknown_record",
        field,
        "Ce choix n’est pas dans l’annuaire : choisissez-en un autre, ou ajoutez-le d’abord.",
    ))
}

fn need(state: &State, own: SubjectId, need: &Need, links: Links) -> Result<(), Refusal> {
    let refused = |code, sentence: String| Err(Refusal::field(code, "needs", sentence));
    if need.any.is_empty() || need.any.len() > ANY_MAX {
        return refused("empty_need", format!("Un besoin nomme de 1 à {ANY_MAX} éléments."));
    }
    if need.any.contains(&own) {
        return refused("self_need", "Rien n’a besoin de soi-même : retirez ce lien.".to_owned());
    }
    let count = need.any.len();
    if need.any.iter().enumerate().any(|(at, id)| need.any[..at].contains(id)) {
        return refused("twice", "Le même élément est nommé deux fois dans un besoin : retirez-en un.".to_owned());
    }
    if need.at_least == 0 || need.at_least as usize > count {
        let sentence = format!("« Au moins {} » parmi {count} n’est pas possible : de 1 à {count}.", need.at_least);
        return refused("bad_at_least", sentence);
    }
    if need.holds_minutes.is_some_and(|m| m > MTPD_MINUTES_MAX) {
        return refused("bad_holds", "On tient un an au plus sans un élément : par exemple 30 min, 4 h ou 3 j.".to_owned());
    }
    at_most("needs", &need.why, LABEL_CHARS_MAX)?;
    need.any.iter().try_for_each(|id| known(state, "needs", *id, links))
}

fn needs(state: &State, own: SubjectId, all: &[Need], links: Links) -> Result<(), Refusal> {
    if all.len() > NEEDS_MAX {
        return Err(Refusal::field("too_many", "needs", format!("{NEEDS_MAX} besoins au plus pour un élément.")));
    }
    all.iter().try_for_each(|one| need(state, own, one, links))
}

impl Right for ActivitySet {
    const MOST: usize = ACTIVITIES_MAX;

    fn table(map: &Cartography) -> &OrdMap<SubjectId, Arc<Node<Self>>> {
        &map.activities
    }

    fn bearer(&self) -> Bearer {
        Bearer::Activity
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn supersedes(&self) -> &[journal::EntryId] {
        &self.supersedes
    }

    fn right(&self, state: &State, id: SubjectId, links: Links) -> Result<(), Refusal> {
        if !(1..=5).contains(&self.priority) {
            return Err(Refusal::field("bad_priority", "priority", "La priorité va de 1 (vital) à 5 (peut attendre)."));
        }
        mtpd(self.mtpd_minutes)?;
        minutes("rto", self.rto_minutes, "Le RTO")?;
        minutes("rpo", self.rpo_minutes, "La PDMA")?;
        self.owner.as_ref().map_or(Ok(()), |owner| text_within("owner", owner, LABEL_CHARS_MAX))?;
        at_most("description", &self.description, NOTES_CHARS_MAX)?;
        in_register("unit", self.unit, |unit| state.register.units.get(unit).is_some())?;
        external(&self.external)?;
        needs(state, id, &self.needs, links)
    }
}

impl Right for AssetSet {
    const MOST: usize = ASSETS_MAX;

    fn table(map: &Cartography) -> &OrdMap<SubjectId, Arc<Node<Self>>> {
        &map.assets
    }

    fn bearer(&self) -> Bearer {
        Bearer::Asset(self.kind)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn supersedes(&self) -> &[journal::EntryId] {
        &self.supersedes
    }

    fn right(&self, state: &State, id: SubjectId, links: Links) -> Result<(), Refusal> {
        mtpd(self.mtpd_minutes)?;
        minutes("rto", self.rto_minutes, "Le RTO")?;
        minutes("rpo", self.rpo_minutes, "La PDMA")?;
        self.owner.as_ref().map_or(Ok(()), |owner| text_within("owner", owner, LABEL_CHARS_MAX))?;
        at_most("description", &self.description, NOTES_CHARS_MAX)?;
        at_most("zone", &self.zone, NAME_CHARS_MAX)?;
        at_most("survives_why", &self.survives_why, LABEL_CHARS_MAX)?;
        in_register("provider", self.provider, |provider| state.register.providers.get(provider).is_some())?;
        in_register("unit", self.unit, |unit| state.register.units.get(unit).is_some())?;
        self.managed_by.map_or(Ok(()), |by| known(state, "managed_by", by, links))?;
        external(&self.external)?;
        needs(state, id, &self.needs, links)
    }
}

impl Right for ExchangeSet {
    const MOST: usize = EXCHANGES_MAX;

    fn table(map: &Cartography) -> &OrdMap<SubjectId, Arc<Node<Self>>> {
        &map.exchanges
    }

    fn bearer(&self) -> Bearer {
        Bearer::Exchange
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn supersedes(&self) -> &[journal::EntryId] {
        &self.supersedes
    }

    fn right(&self, state: &State, _: SubjectId, links: Links) -> Result<(), Refusal> {
        at_most("protocol", &self.protocol, LABEL_CHARS_MAX)?;
        at_most("fallback", &self.fallback, NOTES_CHARS_MAX)?;
        external(&self.external)?;
        if self.source == self.target {
            return Err(Refusal::field("self_exchange", "target", "Une interface relie deux éléments différents."));
        }
        known(state, "source", self.source, links)?;
        known(state, "target", self.target, links)?;
        self.via.map_or(Ok(()), |via| known(state, "via", via, links))
    }
}

impl Right for ScenarioSet {
    const MOST: usize = SCENARIOS_MAX;

    fn table(map: &Cartography) -> &OrdMap<SubjectId, Arc<Node<Self>>> {
        &map.scenarios
    }

    fn bearer(&self) -> Bearer {
        Bearer::Scenario
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn supersedes(&self) -> &[journal::EntryId] {
        &self.supersedes
    }

    fn right(&self, state: &State, _: SubjectId, links: Links) -> Result<(), Refusal> {
        at_most("note", &self.note, NOTES_CHARS_MAX)?;
        if self.lost.is_empty() || self.lost.len() > LOST_MAX {
            let sentence = format!("Un scénario perd de 1 à {LOST_MAX} éléments : choisissez ce qui est perdu.");
            return Err(Refusal::field("bad_loss", "lost", sentence));
        }
        self.lost.iter().try_for_each(|id| known(state, "lost", *id, links))
    }
}

fn one<T: Right>(set: &T, asked: &Asked<'_>) -> Result<(), Refusal> {
    asked.writes()?;
    record(set, asked.state, asked.subject, Links::Known)
}

impl Checked for ActivitySet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        one(self, asked)
    }
}

impl Checked for AssetSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        one(self, asked)
    }
}

impl Checked for ApplicationSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        one(&AssetSet::from(self.clone()), asked)
    }
}

impl Checked for ExchangeSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        one(self, asked)
    }
}

impl Checked for ScenarioSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        one(self, asked)
    }
}

impl Checked for Removed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let (map, id) = (&asked.state.cartography, &asked.subject);
        if map.thing(id).is_none() && map.exchange(id).is_none() && map.scenario(id).is_none() {
            return Err(Refusal::new("not_on_map", "Cet élément n’est pas, ou n’est plus, sur la carte."));
        }
        text_within("reason", &self.reason, LABEL_CHARS_MAX)
    }
}

impl Checked for MapArranged {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        if self.order.is_empty() || self.order.len() > super::apply::ARRANGED_MAX {
            let most = super::apply::ARRANGED_MAX;
            return Err(Refusal::new("bad_order", format!("Une disposition fixe de 1 à {most} éléments.")));
        }
        self.order.iter().try_for_each(|id| known(asked.state, "order", *id, Links::Known))
    }
}
