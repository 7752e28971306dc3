//! The table of the register: one row for each activity and element.

use super::asked::{Asked, Section, section_of};
use crate::cartography::thing::words::survives;
use crate::cartography::thing::written;
use crate::cartography::{duration, thing_path};
use crate::search::fold::fold_into;
use crate::shell::Page;
use crate::typography::fr;
use domain::cartography::{Activity, Asset, Thing};
use domain::register::day::Day;
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// One row.
pub(super) struct Row<'a> {
    pub(super) thing: Thing<'a>,
    pub(super) section: Section,
    /// How many elements say they need it.
    pub(super) needed: usize,
    /// Whether anything on the map is bound to it.
    pub(super) linked: bool,
    pub(super) fresh: Option<Day>,
    pub(super) stale: bool,
}

impl<'a> Row<'a> {
    pub(super) fn activity(&self) -> Option<&'a Activity> {
        match self.thing {
            Thing::Activity(activity) => Some(activity),
            Thing::Asset(_) => None,
        }
    }

    pub(super) fn asset(&self) -> Option<&'a Asset> {
        match self.thing {
            Thing::Asset(asset) => Some(asset),
            Thing::Activity(_) => None,
        }
    }

    pub(super) fn description(&self) -> &'a str {
        match self.thing {
            Thing::Activity(activity) => &activity.now().description,
            Thing::Asset(asset) => &asset.now().description,
        }
    }

    pub(super) fn mtpd(&self) -> Option<u32> {
        match self.thing {
            Thing::Activity(activity) => activity.now().mtpd_minutes,
            Thing::Asset(asset) => asset.now().mtpd_minutes,
        }
    }

    /// How many versions of it nobody compared.
    pub(super) fn survivors(&self) -> usize {
        match self.thing {
            Thing::Activity(activity) => activity.described.survivors().len(),
            Thing::Asset(asset) => asset.described.survivors().len(),
        }
    }

    pub(super) fn needs(&self) -> usize {
        self.thing.needs().len()
    }
}

/// All that is on the map: activities by priority, then elements by view, kind and name.
pub(super) fn rows<'a>(page: &Page<'a>) -> Vec<Row<'a>> {
    let map = &page.visitor.view.state.cartography;
    let today = Day::of_ms(page.now);
    let things = map.things();
    let mut needed: BTreeMap<SubjectId, usize> = BTreeMap::new();
    for thing in &things {
        let targets: BTreeSet<SubjectId> = thing.needs().iter().flat_map(|need| need.any.iter().copied()).collect();
        for target in targets {
            *needed.entry(target).or_default() += 1;
        }
    }
    let ends = map.exchanges().into_iter().flat_map(|exchange| {
        let set = exchange.now();
        [Some(set.source), Some(set.target), set.via]
    });
    let exchanged: BTreeSet<SubjectId> = ends.flatten().collect();
    let row = |thing: Thing<'a>| {
        let (id, fresh) = (thing.id(), map.fresh_on(thing));
        let needed = needed.get(&id).copied().unwrap_or(0);
        let linked = needed > 0 || !thing.needs().is_empty() || exchanged.contains(&id);
        Row { thing, section: section_of(thing), needed, linked, fresh, stale: map.is_stale(thing, today) }
    };
    things.into_iter().map(row).collect()
}

fn folded(text: &str) -> String {
    let mut folded = String::new();
    fold_into(text, &mut folded);
    folded
}

/// By the column asked for; what nobody said comes last. Without one, the order of the map: views, then names.
pub(super) fn sort(rows: &mut [Row<'_>], asked: &Asked) {
    let (name, backwards) = asked.tri.strip_prefix('-').map_or((asked.tri.as_str(), false), |name| (name, true));
    let key = |row: &Row<'_>| -> (bool, u64, String) {
        let words = |text: &str| (text.is_empty(), 0, folded(text));
        let number = |n: usize| (false, n as u64, String::new());
        match name {
            "nom" => words(row.thing.name()),
            "genre" => words(row.thing.kind_label()),
            "dmia" => (row.mtpd().is_none(), row.mtpd().map_or(0, u64::from), String::new()),
            "responsable" => words(row.thing.owner().unwrap_or_default()),
            "zone" => words(row.asset().map_or("", |a| a.now().zone.as_str())),
            "survit" => words(survives(row.asset().and_then(|a| a.now().survives))),
            "besoins" => number(row.needs()),
            "dependants" => number(row.needed),
            "relu" => words(&row.fresh.map(|day| day.to_string()).unwrap_or_default()),
            _ => (false, 0, String::new()),
        }
    };
    rows.sort_by_cached_key(&key);
    if backwards {
        // What nobody said stays last in both directions.
        let said = rows.iter().filter(|row| !key(row).0).count();
        rows[..said].reverse();
    }
}

const COLUMNS: [(&str, &str, bool); 8] = [
    ("genre", "Genre ou priorité", false),
    ("dmia", "DMIA", true),
    ("responsable", "Qui en répond", false),
    ("zone", "Zone réseau", false),
    ("survit", "Survit", false),
    ("besoins", "Besoins", true),
    ("dependants", "Dépendants", true),
    ("relu", "Relu le", false),
];

/// The table; without a sort, a heading for each view.
pub(super) fn table(page: &Page<'_>, asked: &Asked, rows: &[Row<'_>]) -> Markup {
    let grouped = asked.tri.is_empty() && asked.section().is_none();
    let groups: Vec<&[Row<'_>]> =
        if grouped { rows.chunk_by(|one, other| one.section == other.section).collect() } else { vec![rows] };
    html! {
        table.reg.maplist {
            thead { tr { (column(asked, "nom", "Nom", false)) @for (name, head, number) in COLUMNS { (column(asked, name, head, number)) } } }
            @for group in groups { tbody {
                @if grouped { @if let Some(first) = group.first() { tr.view { th colspan=(COLUMNS.len() + 1) scope="rowgroup" { (fr(first.section.label())) } } } }
                @for row in group { (line(page, row)) }
            } }
        }
    }
}

fn column(asked: &Asked, name: &str, head: &str, number: bool) -> Markup {
    let order = match asked.tri.as_str() {
        tri if tri == name => Some("ascending"),
        tri if tri.strip_prefix('-') == Some(name) => Some("descending"),
        _ => None,
    };
    let next = if order == Some("ascending") { format!("-{name}") } else { name.to_owned() };
    html! {
        th.n[number] scope="col" aria-sort=[order] { a href=(asked.with("tri", &next)) { (head) }
            @match order { Some("ascending") => span aria-hidden="true" { " ▲" }, Some(_) => span aria-hidden="true" { " ▼" }, None => "" } }
    }
}

fn line(page: &Page<'_>, row: &Row<'_>) -> Markup {
    let asset = row.asset().map(Asset::now);
    let origin = page.visitor.view.state.cartography.origin(&row.thing.id());
    html! { tr {
        th scope="row" { a href=(thing_path(&row.thing.id())) { (fr(row.thing.name())) }
            @if asset.is_some_and(|a| a.essential) { " " span.tag { "SIE" } }
            @if row.survivors() > 1 { " " span.st.small.warn { "conflit (" (row.survivors()) ")" } }
            @if origin.is_some_and(|o| !o.adapted) { " " span.small.muted { "à confirmer" } } }
        td data-label="Genre" { @match row.activity() { Some(activity) => { "priorité " (activity.now().priority) }, None => (fr(row.thing.kind_label())) } }
        td.n data-label="DMIA" { @match (row.mtpd(), row.activity()) { (Some(minutes), _) => (fr(&duration(minutes))), (None, Some(_)) => span.st.unknown { "inconnue" }, _ => "" } }
        td data-label="Qui en répond" { @match row.thing.owner() { Some(owner) => (fr(owner)), None => span.muted { "personne" } } }
        td data-label="Zone réseau" { @if let Some(asset) = asset { (fr(&asset.zone)) } }
        td data-label="Survit" { @match asset.and_then(|a| a.survives) { Some(true) => span.st.ok { "oui" }, Some(false) => span.st.down { "non" }, None => "" } }
        td.n data-label="Besoins" { @if row.needs() > 0 { (row.needs()) } @else if row.linked { "0" } @else { span.st.warn { "sans lien" } } }
        td.n data-label="Dépendants" { (row.needed) }
        td data-label="Relu le" { @match row.fresh { Some(day) => (written(day)), None => span.muted { "jamais" } } @if row.stale { " " span.st.small.warn { "à relire" } } }
    } }
}
