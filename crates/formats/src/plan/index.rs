//! Who is meant: names of the file and of the map, and the ids they stand for.

use crate::source::{End, Sort};
use domain::cartography::names::{Bearer, folded};
use domain::state::State;
use journal::SubjectId;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Names of the file, and those of the map when they are asked for.
#[derive(Default)]
pub(super) struct Index<'a> {
    external: BTreeMap<&'a str, SubjectId>,
    by_name: BTreeMap<String, Vec<(Sort, SubjectId)>>,
    on_map: OnceCell<BTreeMap<String, Vec<(Sort, SubjectId)>>>,
    /// Taken off the map, and put back rather than made anew when a file brings it again.
    gone: OnceCell<Gone>,
    units: OnceCell<BTreeMap<String, SubjectId>>,
    providers: OnceCell<BTreeMap<String, SubjectId>>,
}

#[derive(Default)]
struct Gone {
    external: BTreeMap<String, (Bearer, SubjectId)>,
    by_name: BTreeMap<(Bearer, String), SubjectId>,
}

/// What bears a name of that sort.
pub(super) fn bearer(sort: Sort) -> Bearer {
    match sort {
        Sort::Activity => Bearer::Activity,
        Sort::Asset(kind) => Bearer::Asset(kind),
    }
}

impl<'a> Index<'a> {
    /// A record of the file that is taken.
    pub(super) fn add(&mut self, external: impl Iterator<Item = &'a str>, sort: Sort, name: &str, id: SubjectId) {
        external.for_each(|one| {
            self.external.insert(one, id);
        });
        self.by_name.entry(folded(name)).or_default().push((sort, id));
    }

    /// What an end of a link means: in the file first, then on the map.
    ///
    /// # Errors
    /// Nothing, or several things, in words.
    pub(super) fn end(&self, state: &State, end: &End) -> Result<SubjectId, String> {
        match end {
            End::External(external) => self.named_elsewhere(state, external).ok_or_else(|| absent(external)),
            End::Named(sort, name) => self.named(state, *sort, name),
        }
    }

    fn named_elsewhere(&self, state: &State, external: &str) -> Option<SubjectId> {
        let map = &state.cartography;
        let there = || map.names.external(external).filter(|id| map.thing(id).is_some());
        self.external.get(external).copied().or_else(there)
    }

    fn named(&self, state: &State, sort: Option<Sort>, name: &str) -> Result<SubjectId, String> {
        let key = folded(name);
        let fits = |(one, _): &&(Sort, SubjectId)| sort.is_none_or(|sort| sort == *one);
        let found = |table: &BTreeMap<String, Vec<(Sort, SubjectId)>>| {
            let mut ids: Vec<SubjectId> = table.get(&key).into_iter().flatten().filter(fits).map(|(_, id)| *id).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let mut ids = found(&self.by_name);
        if ids.is_empty() {
            ids = found(self.on_map.get_or_init(|| on_map(state)));
        }
        match (ids.as_slice(), sort) {
            ([one], _) => Ok(*one),
            ([], _) => self.named_elsewhere(state, name).ok_or_else(|| unknown(name)),
            (_, _) => Err(format!("Plusieurs éléments s’appellent « {} » : dites aussi de quelle sorte il s’agit.", short(name))),
        }
    }

    /// What was taken off the map and bears one of these names.
    pub(super) fn gone<'n>(
        &self,
        state: &State,
        externals: impl Iterator<Item = &'n str>,
        bearer: Bearer,
        name: &str,
    ) -> Option<SubjectId> {
        let gone = self.gone.get_or_init(|| Gone::of(state));
        let same = |known: Bearer| matches!((known, bearer), (Bearer::Asset(_), Bearer::Asset(_))) || known == bearer;
        let mut externals = externals;
        let by_external = externals.find_map(|one| gone.external.get(one)).filter(|(known, _)| same(*known)).map(|(_, id)| *id);
        by_external.or_else(|| gone.by_name.get(&(bearer, folded(name))).copied())
    }

    /// A unit of the register, by name or code.
    pub(super) fn unit(&self, state: &State, name: &str) -> Option<SubjectId> {
        let all = || {
            state.register.units.iter().flat_map(|(id, unit)| [(folded(&unit.code), *id), (folded(&unit.name), *id)]).collect()
        };
        self.units.get_or_init(all).get(&folded(name)).copied()
    }

    /// A provider of the register, by name or code.
    pub(super) fn provider(&self, state: &State, name: &str) -> Option<SubjectId> {
        let all = || {
            state.register.providers.iter().flat_map(|(id, one)| [(folded(&one.code), *id), (folded(&one.name), *id)]).collect()
        };
        self.providers.get_or_init(all).get(&folded(name)).copied()
    }
}

impl Gone {
    fn of(state: &State) -> Self {
        let (mut gone, map) = (Self::default(), &state.cartography);
        let mut keep = |bearer: Bearer, name: &str, external: &[String], id: SubjectId| {
            external.iter().for_each(|one| {
                gone.external.insert(one.clone(), (bearer, id));
            });
            gone.by_name.insert((bearer, folded(name)), id);
        };
        for one in map.activities.values().filter(|one| one.removed.is_some()) {
            keep(Bearer::Activity, &one.now().name, &one.now().external, one.id);
        }
        for one in map.assets.values().filter(|one| one.removed.is_some()) {
            keep(Bearer::Asset(one.now().kind), &one.now().name, &one.now().external, one.id);
        }
        for one in map.exchanges.values().filter(|one| one.removed.is_some()) {
            keep(Bearer::Exchange, &one.now().name, &one.now().external, one.id);
        }
        gone
    }
}

fn on_map(state: &State) -> BTreeMap<String, Vec<(Sort, SubjectId)>> {
    let mut all: BTreeMap<String, Vec<(Sort, SubjectId)>> = BTreeMap::new();
    let map = &state.cartography;
    for one in map.activities.values().filter(|one| one.removed.is_none()) {
        all.entry(folded(&one.now().name)).or_default().push((Sort::Activity, one.id));
    }
    for one in map.assets.values().filter(|one| one.removed.is_none()) {
        all.entry(folded(&one.now().name)).or_default().push((Sort::Asset(one.now().kind), one.id));
    }
    all
}

fn short(name: &str) -> String {
    crate::words::cut(name, 80)
}

/// An inner name of the other tool: nobody can look it up, and the rest of the row is taken.
fn absent(external: &str) -> String {
    let named = external.split_once(':').and_then(|(_, rest)| rest.rsplit_once('/'));
    let (table, id) = named.unwrap_or(("", external));
    format!(
        "Cette ligne nomme le n° {} de la table « {} », qui n’est ni dans ce fichier ni sur la carte : ce lien est laissé de côté.",
        short(id),
        short(table)
    )
}

fn unknown(name: &str) -> String {
    format!(
        "« {} » n’est ni sur la carte ni parmi les lignes prises de ce fichier : corrigez ce nom, ou ajoutez d’abord cet élément.",
        short(name)
    )
}
