//! Join tables, foreign keys and flows as links.

use super::tables::{FLOW_ENDS, FLOWS, JOINS, Join, KEYS, Key, PLACES, of_key, sort};
use super::{Columns, Row, Tables, external, number};
use crate::sheet::need;
use crate::source::{End, Fault, Link, Spot, Tie};
use domain::cartography::check::ANY_MAX;
use domain::cartography::names::folded;
use domain::cartography::need::Relation;
use std::collections::{BTreeMap, BTreeSet};

/// Reads every link.
pub(super) fn read(tables: &mut Tables<'_>) {
    let all: Vec<&str> = tables.arrays.keys().copied().collect();
    for table in all {
        if sort(table).is_some() {
            keys(tables, table);
        } else if table == FLOWS {
            flows(tables, table);
        } else {
            joins(tables, table);
        }
    }
}

/// A link between two rows, unless one of them is in the bin.
pub(super) fn link(tables: &mut Tables<'_>, spot: Spot, from: String, to: String, tie: Tie) {
    if !tables.deleted.contains(&from) && !tables.deleted.contains(&to) {
        tables.source.links.push(Link { spot, from: End::External(from), to: End::External(to), tie });
    }
}

pub(super) fn because(why: &str) -> Tie {
    match need(Relation::Needs) {
        Tie::Need { relation, group, at_least, holds_minutes, degrades, .. } => {
            Tie::Need { relation, group, at_least, holds_minutes, degrades, why: why.to_owned() }
        }
        other => other,
    }
}

/// Foreign keys of a table of records.
fn keys<'a>(tables: &mut Tables<'a>, table: &'a str) {
    for row in tables.rows(table) {
        for (_, column, target, key) in KEYS.iter().filter(|(of, ..)| *of == table) {
            if let Some(id) = row.number(column) {
                let tie = match key {
                    Key::Needs(why) => because(why),
                    Key::Hosted => need(Relation::HostedOn),
                    Key::Managed => Tie::ManagedBy,
                };
                link(tables, row.spot(), row.external(), external(target, id), tie);
            }
        }
        place(tables, &row);
    }
}

/// A thing stands in its bay, else in its room, else on its site.
fn place(tables: &mut Tables<'_>, row: &Row<'_>) {
    let stands = PLACES.iter().find_map(|(column, target)| Some(external(target, row.number(column)?)));
    if let Some(place) = stands {
        link(tables, row.spot(), row.external(), place, need(Relation::HostedOn));
    }
}

/// The two keys of a join table, without `_id`.
fn ends(columns: &Columns) -> Option<[&str; 2]> {
    let keys: Vec<&str> = columns.keys().filter_map(|column| column.strip_suffix("_id")).collect();
    match keys.as_slice() {
        [a, b] if !columns.contains_key("id") => Some([a, b]),
        _ => None,
    }
}

/// A key as this edition writes it.
fn plain_key(key: &str) -> &str {
    key.strip_prefix("m_").unwrap_or(key)
}

/// A join table, when it says what depends on what.
fn joins<'a>(tables: &mut Tables<'a>, table: &'a str) {
    let rows = tables.arrays.get(table).copied().unwrap_or_default();
    let first = rows.iter().find_map(|row| ends(row.as_object()?));
    let Some([a, b]) = first else { return };
    let says = |from: &str, to: &str| JOINS.iter().find(|(f, t, _)| *f == plain_key(from) && *t == plain_key(to));
    let Some((from, to, join)) = says(a, b)
        .map(|join| (a, b, join))
        .or_else(|| says(b, a).map(|join| (b, a, join)))
        .map(|(from, to, join)| (from, to, join.2))
    else {
        return;
    };
    let (Some(from_table), Some(to_table)) = (of_key(plain_key(from)), of_key(plain_key(to))) else { return };
    tables.used.insert(table);
    let mut pairs = Vec::new();
    for (at, row) in (1..).zip(rows) {
        let spot = Spot { table: table.to_owned(), row: at };
        let id = |key: &str| row.as_object().and_then(|columns| number(columns, &format!("{key}_id")));
        match (id(from), id(to)) {
            (Some(from), Some(to)) => pairs.push((spot, external(from_table, from), external(to_table, to))),
            _ => tables.source.faults.push(Fault::of(&spot, "", "Il manque un identifiant à cette ligne : elle ne relie rien.")),
        }
    }
    let crowded = crowded(&pairs, join);
    for (spot, from, to) in pairs {
        if !crowded.contains(&from) {
            link(tables, spot, from, to, tie(join));
        }
    }
    if !crowded.is_empty() {
        // So many stand in for each other that losing them all is another question than losing one.
        tables.source.ignored.push((format!("{table} : plus de {ANY_MAX} pour un même élément"), crowded.len()));
    }
}

/// Those of which more stand in for each other than a need may name.
fn crowded(pairs: &[(Spot, String, String)], join: Join) -> BTreeSet<String> {
    let mut counts: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    if matches!(join, Join::HostedOnAny(_)) {
        pairs.iter().for_each(|(_, from, to)| {
            counts.entry(from).or_default().insert(to);
        });
    }
    counts.into_iter().filter(|(_, to)| to.len() > ANY_MAX).map(|(from, _)| from.clone()).collect()
}

fn tie(join: Join) -> Tie {
    match join {
        Join::Needs => need(Relation::Needs),
        Join::Hosted => need(Relation::HostedOn),
        Join::Degraded => Tie::Need {
            relation: Relation::Needs,
            group: String::new(),
            at_least: 1,
            holds_minutes: None,
            degrades: true,
            why: "une de ses parties".to_owned(),
        },
        Join::HostedOnAny(group) => Tie::Need {
            relation: Relation::HostedOn,
            group: group.to_owned(),
            at_least: 1,
            holds_minutes: None,
            degrades: false,
            why: "l’un d’eux suffit".to_owned(),
        },
    }
}

/// What applications exchange.
fn flows<'a>(tables: &mut Tables<'a>, table: &'a str) {
    tables.open(table);
    let mut names = BTreeSet::new();
    for row in tables.rows(table) {
        let end = |side: &str| {
            let ends = FLOW_ENDS.iter();
            ends.map(|(key, of)| (format!("{key}_{side}_id"), of))
                .find_map(|(column, of)| Some(external(of, row.number(&column)?)))
        };
        let (Some(from), Some(to)) = (end("source"), end("dest")) else {
            let sentence = "Il manque la source ou la cible de ce flux : complétez-le dans Mercator.";
            tables.source.faults.push(Fault::of(&row.spot(), "", sentence));
            continue;
        };
        let name = row.text("name").unwrap_or_else(|| "flux".to_owned());
        let name = if names.insert(folded(&name)) { name } else { format!("{name} (n° {})", row.id) };
        names.insert(folded(&name));
        let tie = Tie::Exchange {
            external: row.external(),
            name,
            protocol: row.text("nature").unwrap_or_default(),
            critical: false,
            both_ways: row.number("bidirectional") == Some(1),
            via: None,
            fallback: String::new(),
        };
        link(tables, row.spot(), from, to, tie);
    }
}
