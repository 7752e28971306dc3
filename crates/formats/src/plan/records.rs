//! Records of the file: which are on the map already, and what each would become.

use super::index::bearer;
use super::{Item, Work, fields};
use crate::source::{Record as Told, Sort, Source};
use domain::cartography::Thing;
use domain::cartography::event::batch::Record;
use domain::cartography::event::{ActivitySet, AssetSet, Origin};
use domain::cartography::names::{Bearer, folded};
use journal::SubjectId;
use std::collections::BTreeMap;

/// The care priority of an activity of which the file does not say it: nobody ranked it, and it is not reassuring.
const PRIORITY_UNTOLD: u8 = 3;

/// The names that other tools have for a record.
fn externals(told: &Told) -> impl Iterator<Item = &str> {
    std::iter::once(told.external.as_str()).chain(told.also.iter().map(String::as_str)).filter(|one| !one.is_empty())
}

impl<'a> Work<'a> {
    /// Finds each record on the map, by what other tools name it first, then by sort and name.
    pub(super) fn records(&mut self) {
        let source: &'a Source = self.source;
        let mut found: Vec<Option<SubjectId>> = vec![None; source.records.len()];
        let mut wrong = vec![false; source.records.len()];
        let (mut claimed, mut told_twice) = (BTreeMap::new(), BTreeMap::new());
        for (at, told) in source.records.iter().enumerate() {
            match self.by_external(told, &mut told_twice, &claimed) {
                Ok(Some(id)) => {
                    claimed.insert(id, at);
                    found[at] = Some(id);
                }
                Ok(None) => {}
                Err(why) => {
                    wrong[at] = true;
                    self.fault(&told.spot, "Identifiant externe", why);
                }
            }
        }
        let map = &self.state.cartography;
        for (at, told) in source.records.iter().enumerate().filter(|(at, _)| !wrong[*at]) {
            if found[at].is_none() {
                let id = map.names.named(bearer(told.sort), &told.name).filter(|id| !claimed.contains_key(id));
                found[at] = id;
                claimed.extend(id.map(|id| (id, at)));
            }
        }
        let mut names = BTreeMap::new();
        for (at, told) in source.records.iter().enumerate().filter(|(at, _)| !wrong[*at]) {
            self.record(told, found[at], &mut names);
        }
    }

    fn by_external<'t>(
        &self,
        told: &'t Told,
        told_twice: &mut BTreeMap<&'t str, u64>,
        claimed: &BTreeMap<SubjectId, usize>,
    ) -> Result<Option<SubjectId>, String> {
        let map = &self.state.cartography;
        for one in externals(told) {
            if let Some(row) = told_twice.insert(one, told.spot.row) {
                return Err(format!("« {one} » est déjà à la ligne {row} de ce fichier : retirez l’une des deux."));
            }
        }
        let Some(id) = externals(told).find_map(|one| map.names.external(one)).filter(|id| map.thing(id).is_some()) else {
            return Ok(None);
        };
        if claimed.contains_key(&id) {
            return Err("Cette ligne et une autre désignent la même fiche de la carte : retirez l’une des deux.".to_owned());
        }
        match (map.thing(&id), told.sort) {
            (Some(Thing::Activity(_)), Sort::Asset(_)) => {
                Err("Ceci est une activité sur la carte : dites que c’en est une, ou changez l’identifiant.".to_owned())
            }
            (Some(Thing::Asset(_)), Sort::Activity) => {
                Err("Ceci n’est pas une activité sur la carte : corrigez la sorte, ou changez l’identifiant.".to_owned())
            }
            _ => Ok(Some(id)),
        }
    }

    fn record(&mut self, told: &'a Told, found: Option<SubjectId>, names: &mut BTreeMap<(Bearer, String), u64>) {
        let (id, before) = match found {
            Some(id) => (id, self.state.cartography.thing(&id).map(now)),
            None => (self.new_id(told), None),
        };
        let mut set = before.clone().unwrap_or_else(|| self.made(told));
        let mut differs = Vec::new();
        self.say(&mut set, told, before.is_some(), &mut differs);
        let sort = fields::sort(&set);
        if let Some(row) = names.get(&(bearer(sort), folded(&told.name))) {
            let sentence =
                format!("Ce nom est déjà à la ligne {row} de ce fichier : donnez-en un autre, ou retirez l’une des deux.");
            return self.fault(&told.spot, "Nom", sentence);
        }
        if before.is_none() {
            differs.extend(self.untold(told));
        }
        if self.gate(Item { spot: &told.spot, id, told: true, before, set, differs }) {
            names.insert((bearer(sort), folded(&told.name)), told.spot.row);
            self.index.add(externals(told), sort, &told.name, id);
        }
    }

    fn new_id(&self, told: &Told) -> SubjectId {
        let gone = self.index.gone(self.state, externals(told), bearer(told.sort), &told.name);
        gone.unwrap_or_else(|| match told.external.as_str() {
            "" => (self.fresh)(&format!("{}/{}", told.sort.name(), folded(&told.name))),
            external => (self.fresh)(external),
        })
    }

    /// A record that is not on the map yet.
    fn made(&self, told: &Told) -> Record {
        let key = &told.external;
        let origin =
            self.source.reading.then(|| Origin { source: self.source.system.clone(), key: key.clone(), ..Origin::default() });
        match told.sort {
            Sort::Activity => Record::Activity(ActivitySet { priority: PRIORITY_UNTOLD, origin, ..ActivitySet::default() }),
            Sort::Asset(kind) => Record::Asset(AssetSet { kind, origin, ..AssetSet::default() }),
        }
    }

    fn untold(&self, told: &Told) -> Option<String> {
        let said = told.priority.is_some() || told.sort != Sort::Activity;
        (!said).then(|| format!("priorité {PRIORITY_UNTOLD}, faute d’être dite : à confirmer"))
    }
}

/// A record as it is on the map.
pub(super) fn now(thing: Thing<'_>) -> Record {
    match thing {
        Thing::Activity(activity) => Record::Activity(activity.now().clone()),
        Thing::Asset(asset) => Record::Asset(asset.now().clone()),
    }
}
