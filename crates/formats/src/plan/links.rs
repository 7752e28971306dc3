//! Links of the file: their ends found, groups gathered, then put beside those of the map.

use super::fields::{is_new, name_and_kind};
use super::needs::{merged, words};
use super::records::now;
use super::{Item, Kept, Work};
use crate::source::{Link, Source, Spot, Tie};
use crate::words::cut;
use domain::cartography::check::ANY_MAX;
use domain::cartography::event::ExchangeSet;
use domain::cartography::event::batch::Record;
use domain::cartography::names::{Bearer, folded};
use domain::cartography::need::Need;
use journal::SubjectId;
use std::collections::BTreeMap;

/// A need being gathered, with the first row that tells it.
struct Told<'a> {
    spot: &'a Spot,
    need: Need,
    group: &'a str,
}

/// Needs of each thing, as the file tells them.
type Wants<'a> = BTreeMap<SubjectId, Vec<Told<'a>>>;

impl<'a> Work<'a> {
    /// All links, then what they change.
    pub(super) fn links(&mut self) {
        let source: &'a Source = self.source;
        let mut wants: Wants<'a> = BTreeMap::new();
        let mut names = BTreeMap::new();
        for link in &source.links {
            let ends = self.index.end(self.state, &link.from).and_then(|from| Ok((from, self.index.end(self.state, &link.to)?)));
            let (from, to) = match ends {
                Ok(ends) => ends,
                Err(why) => {
                    self.fault(&link.spot, "", why);
                    continue;
                }
            };
            if from == to {
                self.fault(&link.spot, "", "Ce lien va d’un élément à lui-même : retirez-le, ou corrigez l’un des deux noms.");
                continue;
            }
            match &link.tie {
                Tie::Need { .. } => self.want(&mut wants, link, from, to),
                Tie::ManagedBy => self.manage(link, from, to),
                Tie::Exchange { .. } => self.exchange(link, from, to, &mut names),
            }
        }
        // In the order of the file: things of the file first, then those of the map that only its links name.
        for at in 0..self.items.len() {
            let told = self.items.get(at).and_then(|item| wants.remove(&item.id));
            self.needs(at, told.unwrap_or_default());
        }
        for (id, told) in wants {
            if let Some(at) = told.first().and_then(|one| self.item(id, one.spot)) {
                self.needs(at, told);
            }
        }
    }

    fn want(&mut self, wants: &mut Wants<'a>, link: &'a Link, from: SubjectId, to: SubjectId) {
        let Tie::Need { relation, group, at_least, holds_minutes, degrades, why } = &link.tie else { return };
        let all = wants.entry(from).or_default();
        let known = all.iter_mut().find(|told| !group.is_empty() && told.group == group);
        let Some(told) = known else {
            let (holds_minutes, degrades, why) = (*holds_minutes, *degrades, why.clone());
            let need = Need { any: vec![to], at_least: *at_least, holds_minutes, degrades, relation: *relation, why };
            return all.push(Told { spot: &link.spot, need, group });
        };
        if told.need.at_least != *at_least {
            let sentence = format!(
                "Le groupe « {} » dit ailleurs « au moins {} » : écrivez le même nombre sur toutes ses lignes.",
                cut(group, 60),
                told.need.at_least
            );
            return self.fault(&link.spot, "Au moins", sentence);
        }
        if !told.need.any.contains(&to) {
            told.need.any.push(to);
        }
        told.need.holds_minutes = told.need.holds_minutes.or(*holds_minutes);
        told.need.degrades |= degrades;
        if told.need.why.is_empty() {
            told.need.why.clone_from(why);
        }
    }

    /// Whether a gathered need can be met and written; says why not.
    fn sound(&mut self, told: &Told<'_>) -> bool {
        let (k, n) = (told.need.at_least as usize, told.need.any.len());
        if k == 0 || k > n {
            let sentence = format!("« Au moins {k} » parmi {n} n’est pas possible : de 1 à {n}.");
            self.fault(told.spot, "Au moins", sentence);
        } else if n > ANY_MAX {
            let sentence = format!("Ce groupe compte {n} éléments ; le maximum est {ANY_MAX} : coupez-le en plusieurs.");
            self.fault(told.spot, "Groupe", sentence);
        } else {
            return true;
        }
        false
    }

    /// Puts the needs that the file tells of an item beside those it has.
    fn needs(&mut self, at: usize, told: Vec<Told<'a>>) {
        let told: Vec<Told<'a>> = told.into_iter().filter(|one| self.sound(one)).collect();
        let (Some(first), Some(item)) = (told.first(), self.items.get(at)) else { return };
        let file: Vec<Need> = told.iter().map(|one| one.need.clone()).collect();
        let name = |id: &SubjectId| self.name(id);
        let before = needs_of(&item.set);
        let merged = merged(before, &file, &name);
        let (id, own, known) = (item.id, name_and_kind(&item.set).0.to_owned(), item.before.is_some());
        let kept = merged.kept.iter().map(|need| Kept { id, name: own.clone(), words: words(need, &name) }).collect::<Vec<_>>();
        let set = with_needs(item.set.clone(), merged.needs);
        let trial = Item { spot: first.spot, id, told: true, before: None, set, differs: Vec::new() };
        if let Err((_, why)) = self.fits(&trial) {
            return self.fault(first.spot, "A besoin de", why);
        }
        self.kept.extend(kept);
        if let Some(item) = self.items.get_mut(at) {
            item.set = trial.set;
            if known {
                item.differs.extend(merged.differs);
            }
        }
    }

    /// Whether an item that was taken in already may be written with what its links add.
    fn fits(&self, trial: &Item<'_>) -> Result<(), (&'static str, String)> {
        let line = self.line(trial);
        domain::cartography::check::batch::line(self.state, &line).map_err(|why| ("", why.sentence))?;
        super::drafts::short_enough(trial)
    }

    fn manage(&mut self, link: &'a Link, from: SubjectId, to: SubjectId) {
        let name = self.name(&to);
        let Some(at) = self.item(from, &link.spot) else { return };
        let Some(item) = self.items.get_mut(at) else { return };
        let Record::Asset(set) = &mut item.set else {
            return self.fault(
                &link.spot,
                "Géré par",
                "Une activité n’est pas gérée par un élément : dites plutôt qui en répond.",
            );
        };
        if set.managed_by != Some(to) {
            set.managed_by = Some(to);
            if item.before.is_some() {
                item.differs.push(format!("géré par {name}"));
            }
        }
    }

    /// The item of something, taken from the map when the file only names it in a link.
    fn item(&mut self, id: SubjectId, spot: &'a Spot) -> Option<usize> {
        if let Some(at) = self.by_id.get(&id) {
            return Some(*at);
        }
        let set = now(self.state.cartography.thing(&id)?);
        let at = self.items.len();
        self.items.push(Item { spot, id, told: false, before: Some(set.clone()), set, differs: Vec::new() });
        self.by_id.insert(id, at);
        Some(at)
    }

    /// Its name: as the file says it, else as the map does.
    fn name(&self, id: &SubjectId) -> String {
        let item = self.by_id.get(id).and_then(|at| self.items.get(*at));
        let told = item.map(|item| name_and_kind(&item.set).0.to_owned());
        told.or_else(|| self.state.cartography.thing(id).map(|thing| thing.name().to_owned())).unwrap_or_default()
    }

    fn exchange(&mut self, link: &'a Link, source: SubjectId, target: SubjectId, names: &mut BTreeMap<String, u64>) {
        let Tie::Exchange { external, name, protocol, critical, both_ways, via, fallback } = &link.tie else { return };
        let via = match via.as_ref().map(|end| self.index.end(self.state, end)).transpose() {
            Ok(via) => via,
            Err(why) => return self.fault(&link.spot, "Passe par", why),
        };
        if let Some(row) = names.get(&folded(name)) {
            let sentence = format!("Une interface de ce nom est déjà à la ligne {row} de ce fichier : donnez-lui-en un autre.");
            return self.fault(&link.spot, "Nom", sentence);
        }
        let (id, before) = self.known_exchange(external, name);
        let mut set = before.clone().unwrap_or_else(|| blank(source, target));
        (set.source, set.target) = (source, target);
        set.name.clone_from(name);
        set.critical |= critical;
        set.both_ways |= both_ways;
        set.via = via.or(set.via);
        for (slot, told) in [(&mut set.protocol, protocol), (&mut set.fallback, fallback)] {
            if !told.is_empty() {
                slot.clone_from(told);
            }
        }
        if !external.is_empty() && !set.external.contains(external) {
            set.external.push(external.clone());
        }
        let differs = before.as_ref().map(|before| self.differences(before, &set)).unwrap_or_default();
        let item =
            Item { spot: &link.spot, id, told: true, before: before.map(Record::Exchange), set: Record::Exchange(set), differs };
        if self.by_id.contains_key(&id) {
            return self.fault(&link.spot, "", "Cette ligne et une autre désignent la même interface : retirez l’une des deux.");
        }
        debug_assert!(item.before.is_none() || !is_new(self.state, &item), "what is on the map was described");
        if self.gate(item) {
            names.insert(folded(name), link.spot.row);
        }
    }

    fn known_exchange(&self, external: &str, name: &str) -> (SubjectId, Option<ExchangeSet>) {
        let map = &self.state.cartography;
        let by_external = (!external.is_empty()).then(|| map.names.external(external)).flatten();
        let found = by_external.or_else(|| map.names.named(Bearer::Exchange, name));
        if let Some(known) = found.and_then(|id| map.exchange(&id)) {
            return (known.id, Some(known.now().clone()));
        }
        let gone = self.index.gone(self.state, std::iter::once(external).filter(|one| !one.is_empty()), Bearer::Exchange, name);
        let fresh =
            || (self.fresh)(&if external.is_empty() { format!("exchange/{}", folded(name)) } else { external.to_owned() });
        (gone.unwrap_or_else(fresh), None)
    }

    fn differences(&self, before: &ExchangeSet, after: &ExchangeSet) -> Vec<String> {
        let mut differs = Vec::new();
        let ends = |set: &ExchangeSet| format!("{} → {}", self.name(&set.source), self.name(&set.target));
        if (before.source, before.target) != (after.source, after.target) {
            differs.push(format!("relie {} (avant : {})", ends(after), ends(before)));
        }
        let texts = [
            ("nom", &before.name, &after.name),
            ("protocole", &before.protocol, &after.protocol),
            ("en cas de coupure", &before.fallback, &after.fallback),
        ];
        for (word, old, new) in texts.into_iter().filter(|(_, old, new)| old != new) {
            differs.push(if old.is_empty() {
                format!("{word} : {}", cut(new, 60))
            } else {
                format!("{word} {} → {}", cut(old, 60), cut(new, 60))
            });
        }
        let told = [
            (before.critical != after.critical, "critique"),
            (before.both_ways != after.both_ways, "dans les deux sens"),
            (before.via != after.via, "passe par un autre élément"),
        ];
        differs.extend(told.into_iter().filter(|(other, _)| *other).map(|(_, word)| word.to_owned()));
        differs
    }
}

fn blank(source: SubjectId, target: SubjectId) -> ExchangeSet {
    ExchangeSet {
        name: String::new(),
        source,
        target,
        via: None,
        protocol: String::new(),
        critical: false,
        both_ways: false,
        fallback: String::new(),
        external: Vec::new(),
        supersedes: Vec::new(),
    }
}

fn needs_of(set: &Record) -> &[Need] {
    match set {
        Record::Activity(set) => &set.needs,
        Record::Asset(set) => &set.needs,
        Record::Exchange(_) => &[],
    }
}

fn with_needs(mut set: Record, needs: Vec<Need>) -> Record {
    match &mut set {
        Record::Activity(set) => set.needs = needs,
        Record::Asset(set) => set.needs = needs,
        Record::Exchange(_) => {}
    }
    set
}
