//! What of the map is asked for, in the words of an address.

use super::drawing::Options;
use crate::answer::Fault;
use crate::search::fold::fold_into;
use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use domain::State;
use domain::cartography::kind::View;
use domain::cartography::names::folded;
use domain::cartography::network::Net;
use domain::cartography::{Cartography, Thing};
use journal::SubjectId;
use std::collections::BTreeSet;

/// A neighbourhood reaches this many links at most.
pub(super) const HOPS_MAX: u8 = 3;
/// More than this is not drawn at once: nobody reads it, and no browser draws it quickly.
pub(super) const DRAWN_NODES_MAX: usize = 1_500;

/// What is asked for, as understood.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) by_unit: bool,
    pub(super) unit: Option<SubjectId>,
    /// The centre of a neighbourhood, and how far it reaches.
    pub(super) near: Option<SubjectId>,
    pub(super) hops: u8,
    /// What was typed for the centre and for the search.
    pub(super) near_typed: String,
    pub(super) sought: String,
    /// Views shown; all when empty.
    pub(super) views: Vec<View>,
    /// What is drawn; everything without it.
    pub(super) only: Option<BTreeSet<SubjectId>>,
    /// What the search found, when there was one.
    pub(super) found: Option<BTreeSet<SubjectId>>,
    /// Set when the map is too large to be drawn whole.
    pub(super) cut: bool,
    /// What was not understood: the page then shows the whole map.
    pub(super) fault: Option<Fault>,
}

impl Filter {
    /// Reads an address's query.
    pub(super) fn read(state: &State, net: &Net, query: &str) -> Self {
        let uri = format!("/?{query}").parse::<Uri>().unwrap_or_default();
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|Query(pairs)| pairs).unwrap_or_default();
        let first = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let mut filter = Self { hops: 1, sought: first("q").to_owned(), ..Self::default() };
        filter.near_typed = first("voisins").to_owned();
        let views = pairs.iter().filter(|(key, _)| key == "vue").filter_map(|(_, value)| View::from_name(value));
        filter.views = views.collect::<BTreeSet<View>>().into_iter().collect();
        filter.by_unit = first("par") == "unite";
        if let Err(fault) = filter.understand(state, first("par"), first("unite"), first("sauts")) {
            let typed = (std::mem::take(&mut filter.near_typed), std::mem::take(&mut filter.sought));
            filter = Self { hops: 1, near_typed: typed.0, sought: typed.1, fault: Some(fault), ..Self::default() };
        }
        filter.select(state, net);
        filter
    }

    fn understand(&mut self, state: &State, by: &str, unit: &str, hops: &str) -> Result<(), Fault> {
        if !["", "vue", "unite"].contains(&by) {
            return Err(wrong("par", "Le plan se range par vue ou par unité : choisissez l’un des deux."));
        }
        if !hops.is_empty() {
            let sentence = format!("Le voisinage va de 1 à {HOPS_MAX} liens : choisissez dans la liste.");
            let read = hops.parse().ok().filter(|hops| (1..=HOPS_MAX).contains(hops));
            self.hops = read.ok_or_else(|| wrong("sauts", &sentence))?;
        }
        if !unit.is_empty() {
            let known = unit.parse().ok().filter(|id| state.register.units.get(id).is_some());
            self.unit =
                Some(known.ok_or_else(|| wrong("unite", "Cette unité n’est pas dans le registre : choisissez dans la liste."))?);
        }
        if !self.near_typed.is_empty() {
            self.near = Some(self.centre(&state.cartography)?);
        }
        Ok(())
    }

    /// The centre of a neighbourhood, by its id or by its name.
    fn centre(&mut self, map: &Cartography) -> Result<SubjectId, Fault> {
        let by_id = self.near_typed.parse().ok().and_then(|id| map.thing(&id));
        let name = folded(&self.near_typed);
        let found = by_id.or_else(|| map.things().into_iter().find(|thing| folded(thing.name()) == name));
        let sentence = format!("Aucun élément de la carte ne s’appelle « {} » : choisissez dans la liste.", self.near_typed);
        let thing = found.ok_or_else(|| wrong("voisins", &sentence))?;
        thing.name().clone_into(&mut self.near_typed);
        Ok(thing.id())
    }

    /// Which elements are drawn, and which of them the search found.
    fn select(&mut self, state: &State, net: &Net) {
        let (map, all) = (&state.cartography, net.ids.len());
        if self.unit.is_none() && self.near.is_none() && self.sought.is_empty() && all <= DRAWN_NODES_MAX {
            return; // the whole map, or whole views of it
        }
        let unit = self.unit.map(|unit| downstream(map, net, unit));
        let near = self.near.and_then(|near| net.number(&near)).map(|near| around(net, near, self.hops));
        let narrowed = unit.is_some() || near.is_some();
        // By number: activities by priority come first, then elements by view, and so applications.
        let mut drawn: Vec<(SubjectId, Thing<'_>)> = (0..)
            .zip(&net.ids)
            .filter(|(number, _)| unit.as_ref().is_none_or(|unit| unit.contains(number)))
            .filter(|(number, _)| near.as_ref().is_none_or(|near| near.contains(number)))
            .filter_map(|(_, id)| Some((*id, map.thing(id)?)))
            .filter(|(_, thing)| self.views.is_empty() || self.views.contains(&thing.view()))
            .collect();
        self.cut = drawn.len() > DRAWN_NODES_MAX;
        drawn.truncate(DRAWN_NODES_MAX);
        if narrowed || self.cut {
            self.only = Some(drawn.iter().map(|(id, _)| *id).collect());
        }
        if !self.sought.is_empty() {
            let sought = plain(&self.sought);
            let matching = drawn.iter().filter(|(_, thing)| !sought.is_empty() && plain(thing.name()).contains(&sought));
            self.found = Some(matching.map(|(id, _)| *id).collect());
        }
    }

    /// As the drawing takes it.
    pub(super) fn options(&self) -> Options<'_> {
        Options {
            chosen: self.near,
            found: self.found.as_ref(),
            only: self.only.as_ref(),
            views: &self.views,
            by_unit: self.by_unit,
            linked: true,
            ..Options::default()
        }
    }

    /// Whether anything is asked for.
    pub(super) fn is_whole(&self) -> bool {
        self.only.is_none() && self.views.is_empty() && self.found.is_none() && !self.by_unit
    }

    /// The same in an address: two filters with the same words draw the same.
    pub(super) fn words(&self) -> String {
        let views: Vec<&str> = self.views.iter().map(|view| view.name()).collect();
        let id = |id: Option<SubjectId>| id.map(|id| id.to_string()).unwrap_or_default();
        let by = if self.by_unit { "unite" } else { "vue" };
        format!("{by}/{}/{}/{}/{}/{}", id(self.unit), id(self.near), self.hops, views.join(","), plain(&self.sought))
    }
}

fn wrong(field: &str, sentence: &str) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_filter", sentence).about(field)
}

/// A name as it is searched: without case nor accents.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 1);
    fold_into(name, &mut out);
    out
}

/// What a unit does and has, and everything that needs, however far.
fn downstream(map: &Cartography, net: &Net, unit: SubjectId) -> BTreeSet<u32> {
    let of_unit = |id: &SubjectId| map.thing(id).and_then(Thing::unit) == Some(unit);
    let mine = (0..).zip(&net.ids).filter(|(_, id)| of_unit(id)).map(|(number, _)| number);
    spread(mine.collect(), usize::MAX, |number| net.network.needs(number).iter().copied())
}

/// What is linked to something, one way or the other, by so many links at most.
fn around(net: &Net, centre: u32, hops: u8) -> BTreeSet<u32> {
    let beside = |number| net.network.needs(number).iter().chain(net.network.dependants(number)).copied();
    spread(vec![centre], usize::from(hops), beside)
}

fn spread<I: Iterator<Item = u32>>(from: Vec<u32>, hops: usize, beside: impl Fn(u32) -> I) -> BTreeSet<u32> {
    let mut known: BTreeSet<u32> = from.iter().copied().collect();
    let mut edge = from;
    for _ in 0..hops {
        edge = edge.iter().flat_map(|number| beside(*number)).filter(|number| known.insert(*number)).collect();
        if edge.is_empty() {
            break;
        }
    }
    known
}
