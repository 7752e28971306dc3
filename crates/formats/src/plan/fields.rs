//! What a row says of a record's fields: what it does not say stays as it is on the map.

use super::{Item, Work};
use crate::source::{Record as Told, Sort};
use crate::words::{cut, duration};
use domain::cartography::Thing;
use domain::cartography::check::{ACTIVITIES_MAX, ASSETS_MAX, EXCHANGES_MAX};
use domain::cartography::event::batch::Record;
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::state::State;
use journal::SubjectId;

/// Most characters of a text told in what differs.
const TOLD_CHARS_MAX: usize = 60;

/// A table of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shelf {
    Activities,
    Assets,
    Exchanges,
}

pub(super) fn shelf(set: &Record) -> Shelf {
    match set {
        Record::Activity(_) => Shelf::Activities,
        Record::Asset(_) => Shelf::Assets,
        Record::Exchange(_) => Shelf::Exchanges,
    }
}

/// Whether it was never described in this journal.
pub(super) fn is_new(state: &State, item: &Item<'_>) -> bool {
    let map = &state.cartography;
    match &item.set {
        Record::Activity(_) => !map.activities.contains_key(&item.id),
        Record::Asset(_) => !map.assets.contains_key(&item.id),
        Record::Exchange(_) => !map.exchanges.contains_key(&item.id),
    }
}

/// Whether there is room for one more beside those that this import brings already.
pub(super) fn room(state: &State, item: &Item<'_>, already: usize) -> Result<(), (&'static str, String)> {
    let map = &state.cartography;
    let (ever, most) = match shelf(&item.set) {
        Shelf::Activities => (map.activities.len(), ACTIVITIES_MAX),
        Shelf::Assets => (map.assets.len(), ASSETS_MAX),
        Shelf::Exchanges => (map.exchanges.len(), EXCHANGES_MAX),
    };
    if !is_new(state, item) || ever + already < most {
        return Ok(());
    }
    Err(("", format!("La carte compte {most} éléments de cette sorte au plus.")))
}

/// Its name, and what it is in words.
pub(super) fn name_and_kind(set: &Record) -> (&str, &'static str) {
    match set {
        Record::Activity(set) => (&set.name, "activité"),
        Record::Asset(set) => (&set.name, set.kind.label()),
        Record::Exchange(set) => (&set.name, "interface"),
    }
}

pub(super) fn sort(set: &Record) -> Sort {
    match set {
        Record::Asset(set) => Sort::Asset(set.kind),
        Record::Activity(_) | Record::Exchange(_) => Sort::Activity,
    }
}

pub(super) fn externals(thing: Thing<'_>) -> &[String] {
    match thing {
        Thing::Activity(activity) => &activity.now().external,
        Thing::Asset(asset) => &asset.now().external,
    }
}

/// The column that a field of a refusal speaks of.
pub(super) fn head(field: &'static str) -> &'static str {
    match field {
        "name" => "Nom",
        "priority" => "Priorité",
        "mtpd" => "DMIA",
        "rto" => "RTO",
        "rpo" => "PDMA",
        "owner" => "Responsable",
        "description" => "Description",
        "zone" => "Zone réseau",
        "survives_why" => "Pourquoi il survit",
        "external" => "Identifiant externe",
        "needs" => "A besoin de",
        "protocol" => "Protocole",
        "fallback" => "En cas de coupure",
        _ => "",
    }
}

/// Writes what a row says over a record, and tells what differs.
struct Pen<'d> {
    differs: Option<&'d mut Vec<String>>,
}

impl Pen<'_> {
    fn say<T: PartialEq>(&mut self, slot: &mut T, told: T, word: &str, show: impl Fn(&T) -> String) {
        if *slot == told {
            return;
        }
        if let Some(differs) = &mut self.differs {
            let (before, after) = (show(slot), show(&told));
            differs.push(if before.is_empty() { format!("{word} : {after}") } else { format!("{word} {before} → {after}") });
        }
        *slot = told;
    }

    fn text(&mut self, slot: &mut String, told: Option<&String>, word: &str) {
        if let Some(told) = told {
            self.say(slot, told.clone(), word, |text| cut(text, TOLD_CHARS_MAX));
        }
    }

    fn maybe(&mut self, slot: &mut Option<String>, told: Option<&String>, word: &str) {
        if told.is_some() {
            self.say(slot, told.cloned(), word, |text| cut(text.as_deref().unwrap_or_default(), TOLD_CHARS_MAX));
        }
    }

    fn minutes(&mut self, slot: &mut Option<u32>, told: Option<u32>, word: &str) {
        if told.is_some() {
            self.say(slot, told, word, |minutes| minutes.map(duration).unwrap_or_default());
        }
    }

    fn externals(&mut self, slot: &mut Vec<String>, told: &Told) {
        for one in std::iter::once(&told.external).chain(&told.also).filter(|one| !one.is_empty()) {
            if !slot.contains(one) {
                slot.push(one.clone());
                if let Some(differs) = &mut self.differs {
                    differs.push(format!("identifiant {}", cut(one, TOLD_CHARS_MAX)));
                }
            }
        }
    }
}

fn yes(value: Option<bool>) -> String {
    match value {
        Some(true) => "oui".to_owned(),
        Some(false) => "non".to_owned(),
        None => String::new(),
    }
}

impl Work<'_> {
    /// Writes what a row says over its record.
    pub(super) fn say(&mut self, set: &mut Record, told: &Told, known: bool, differs: &mut Vec<String>) {
        let mut pen = Pen { differs: known.then_some(differs) };
        match set {
            Record::Activity(set) => self.activity(set, told, known, &mut pen),
            Record::Asset(set) => self.asset(set, told, known, &mut pen),
            Record::Exchange(_) => {}
        }
    }

    fn activity(&mut self, set: &mut ActivitySet, told: &Told, known: bool, pen: &mut Pen<'_>) {
        pen.text(&mut set.name, Some(&told.name), "nom");
        pen.text(&mut set.description, told.description.as_ref(), "description");
        pen.maybe(&mut set.owner, told.owner.as_ref(), "responsable");
        // Our reading of another tool's tables proposes; what somebody wrote on the map stands.
        if let Some(priority) = told.priority.filter(|_| !(known && self.source.reading)) {
            pen.say(&mut set.priority, priority, "priorité", u8::to_string);
        }
        pen.minutes(&mut set.mtpd_minutes, told.mtpd_minutes, "DMIA");
        pen.minutes(&mut set.rto_minutes, told.rto_minutes, "RTO");
        pen.minutes(&mut set.rpo_minutes, told.rpo_minutes, "PDMA");
        self.unit(&mut set.unit, told, pen);
        pen.externals(&mut set.external, told);
    }

    fn asset(&mut self, set: &mut AssetSet, told: &Told, known: bool, pen: &mut Pen<'_>) {
        pen.text(&mut set.name, Some(&told.name), "nom");
        if let Sort::Asset(kind) = told.sort
            && !(known && self.source.reading)
        {
            pen.say(&mut set.kind, kind, "sorte", |kind| kind.label().to_owned());
        }
        pen.text(&mut set.description, told.description.as_ref(), "description");
        pen.maybe(&mut set.owner, told.owner.as_ref(), "responsable");
        pen.text(&mut set.zone, told.zone.as_ref(), "zone");
        if told.survives.is_some() {
            pen.say(&mut set.survives, told.survives, "survit à l’attaque", |value| yes(*value));
        }
        pen.text(&mut set.survives_why, told.survives_why.as_ref(), "hypothèse de survie");
        if let Some(essential) = told.essential {
            pen.say(&mut set.essential, essential, "essentiel", |value| yes(Some(*value)));
        }
        pen.minutes(&mut set.mtpd_minutes, told.mtpd_minutes, "DMIA");
        pen.minutes(&mut set.rto_minutes, told.rto_minutes, "RTO");
        pen.minutes(&mut set.rpo_minutes, told.rpo_minutes, "PDMA");
        self.unit(&mut set.unit, told, pen);
        self.provider(&mut set.provider, told, pen);
        pen.externals(&mut set.external, told);
    }

    fn unit(&mut self, slot: &mut Option<SubjectId>, told: &Told, pen: &mut Pen<'_>) {
        let units = &self.state.register.units;
        // One that left the register since may not be written again.
        if slot.is_some_and(|id| units.get(&id).is_none()) {
            *slot = None;
        }
        let Some(name) = told.unit.as_ref().filter(|name| !name.is_empty()) else { return };
        if let Some(id) = self.index.unit(self.state, name) {
            let show =
                |id: &Option<SubjectId>| id.and_then(|id| units.get(&id)).map(|unit| unit.name.clone()).unwrap_or_default();
            return pen.say(slot, Some(id), "unité", show);
        }
        let sentence =
            format!("« {} » n’est pas une unité de l’annuaire : la fiche est prise sans elle.", cut(name, TOLD_CHARS_MAX));
        self.notes.push(crate::source::Fault::of(&told.spot, "Unité", sentence));
    }

    fn provider(&mut self, slot: &mut Option<SubjectId>, told: &Told, pen: &mut Pen<'_>) {
        let providers = &self.state.register.providers;
        if slot.is_some_and(|id| providers.get(&id).is_none()) {
            *slot = None;
        }
        let Some(name) = told.provider.as_ref().filter(|name| !name.is_empty()) else { return };
        if let Some(id) = self.index.provider(self.state, name) {
            let show =
                |id: &Option<SubjectId>| id.and_then(|id| providers.get(&id)).map(|one| one.name.clone()).unwrap_or_default();
            return pen.say(slot, Some(id), "prestataire", show);
        }
        let sentence =
            format!("« {} » n’est pas un prestataire de l’annuaire : la fiche est prise sans lui.", cut(name, TOLD_CHARS_MAX));
        self.notes.push(crate::source::Fault::of(&told.spot, "Prestataire", sentence));
    }
}
