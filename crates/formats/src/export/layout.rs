//! The map as Mercator's tables.

use crate::mercator::tables::{CABLES, FLOW_ENDS, FLOWS, JOINS, KEYS, Key, PLACES, TABLES, home, key};
use crate::source::Sort;
use domain::cartography::Thing;
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::{Need, Relation};
use domain::state::State;
use journal::SubjectId;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most sentences about what Mercator's tables cannot hold.
const LEFT_OUT_MAX: usize = 1_000;

/// As Mercator's tables, in JSON: what came from it keeps its number.
pub fn mercator(state: &State) -> String {
    serde_json::to_string_pretty(&Layout::of(state).tables).unwrap_or_default()
}

/// What Mercator's tables cannot hold, in words.
pub fn mercator_left_out(state: &State) -> Vec<String> {
    Layout::of(state).left_out
}

type Columns = Map<String, Value>;
type Place = (&'static str, u64);

#[derive(Default)]
struct Layout {
    tables: BTreeMap<String, Vec<Value>>,
    places: BTreeMap<SubjectId, Place>,
    left_out: Vec<String>,
}

impl Layout {
    fn of(state: &State) -> Self {
        let mut layout = Self::default();
        let map = &state.cartography;
        let things = map.things();
        layout.number(&things);
        for thing in &things {
            layout.record(*thing);
        }
        // Those that have a number first: new ones come after them.
        let (known, new): (Vec<_>, Vec<_>) = map.exchanges().into_iter().partition(|exchange| flow_number(exchange).is_some());
        known.into_iter().chain(new).for_each(|exchange| layout.flow(exchange));
        layout
    }

    /// Tables and numbers: those of Mercator for what came from it, the next free ones for the others.
    fn number(&mut self, things: &[Thing<'_>]) {
        let mut taken: BTreeMap<&'static str, BTreeSet<u64>> = BTreeMap::new();
        for thing in things {
            if let Some((table, id)) = externals(*thing).iter().find_map(|one| place(one))
                && taken.entry(table).or_default().insert(id)
            {
                self.places.insert(thing.id(), (table, id));
            }
        }
        for thing in things {
            self.places.entry(thing.id()).or_insert_with(|| {
                let table = home(sort(*thing));
                let ids = taken.entry(table).or_default();
                let id = ids.last().map_or(1, |last| last + 1);
                ids.insert(id);
                (table, id)
            });
        }
    }

    fn leave(&mut self, sentence: String) {
        if self.left_out.len() < LEFT_OUT_MAX {
            self.left_out.push(sentence);
        }
    }

    fn record(&mut self, thing: Thing<'_>) {
        let Some((table, id)) = self.places.get(&thing.id()).copied() else { return };
        let mut columns = Columns::new();
        columns.insert("id".to_owned(), json!(id));
        columns.insert("name".to_owned(), json!(thing.name()));
        match thing {
            Thing::Activity(activity) => said_of_activity(&mut columns, activity.now()),
            Thing::Asset(asset) => self.said_of_asset(&mut columns, table, asset.now()),
        }
        for need in thing.needs() {
            self.need(&mut columns, thing, (table, id), need);
        }
        self.tables.entry(table.to_owned()).or_default().push(Value::Object(columns));
    }

    fn said_of_asset(&self, columns: &mut Columns, table: &'static str, set: &AssetSet) {
        columns.insert("description".to_owned(), json!(html(&set.description)));
        columns.insert("responsible".to_owned(), json!(set.owner));
        let [rto, rpo] =
            if table == "activities" { ["recovery_time_objective", "recovery_point_objective"] } else { ["rto", "rpo"] };
        columns.insert(rto.to_owned(), json!(set.rto_minutes));
        columns.insert(rpo.to_owned(), json!(set.rpo_minutes));
        if table == "activities" {
            columns.insert("maximum_tolerable_downtime".to_owned(), json!(set.mtpd_minutes));
        }
        if table == "entities" {
            columns.insert("is_external".to_owned(), json!(u8::from(set.kind == AssetKind::Provider)));
        }
        let managed = set.managed_by.and_then(|by| self.places.get(&by));
        if let Some((of, id)) = managed
            && let Some((_, column, ..)) =
                KEYS.iter().find(|(from, _, to, key)| *from == table && to == of && *key == Key::Managed)
        {
            columns.insert((*column).to_owned(), json!(id));
        }
    }

    /// A need, as a foreign key, a join or a cable; what none of them says is told.
    fn need(&mut self, columns: &mut Columns, thing: Thing<'_>, from: Place, need: &Need) {
        for member in &need.any {
            let Some(to) = self.places.get(member).copied() else { continue };
            let free = |column: &str| !columns.contains_key(column);
            let says = |key: Key| key != Key::Managed;
            let column =
                KEYS.iter().find(|(of, column, target, key)| *of == from.0 && *target == to.0 && says(*key) && free(column));
            let stands = PLACES.iter().find(|(_, target)| need.relation == Relation::HostedOn && *target == to.0);
            let joined = JOINS.iter().any(|(a, b, _)| *a == key(from.0) && *b == key(to.0));
            if let Some((_, column, ..)) = column {
                columns.insert((*column).to_owned(), json!(to.1));
            } else if let Some((column, _)) = stands.filter(|(column, _)| !columns.contains_key(*column)) {
                columns.insert((*column).to_owned(), json!(to.1));
            } else if joined {
                self.join(from, to);
            } else if is_cable(to.0) {
                self.cable(from, to);
            } else {
                self.leave(format!("{} : son lien vers {} n’a pas de place dans Mercator.", thing.name(), to.0));
            }
        }
    }

    fn join(&mut self, from: Place, to: Place) {
        let (a, b) = (key(from.0), key(to.0));
        let name = if a < b { format!("{a}_{b}") } else { format!("{b}_{a}") };
        let row = json!({ format!("{a}_id"): from.1, format!("{b}_id"): to.1 });
        self.tables.entry(name).or_default().push(row);
    }

    fn cable(&mut self, from: Place, to: Place) {
        let rows = self.tables.entry(CABLES.to_owned()).or_default();
        let row =
            json!({ "id": rows.len() + 1, format!("{}_src_id", key(to.0)): to.1, format!("{}_dest_id", key(from.0)): from.1 });
        rows.push(row);
    }

    fn flow(&mut self, exchange: &domain::cartography::Exchange) {
        let set = exchange.now();
        let end = |id: &SubjectId| {
            let (table, number) = self.places.get(id)?;
            FLOW_ENDS.iter().find(|(_, of)| of == table).map(|(word, _)| (*word, *number))
        };
        let (Some(source), Some(target)) = (end(&set.source), end(&set.target)) else {
            return self.leave(format!("{} : Mercator ne relie que des applications, leurs parties et leurs bases.", set.name));
        };
        let known = flow_number(exchange);
        let rows = self.tables.entry(FLOWS.to_owned()).or_default();
        let last = rows.iter().filter_map(|row| row.get("id").and_then(Value::as_u64)).max().unwrap_or_default();
        let row = json!({
            "id": known.unwrap_or(last + 1), "name": set.name, "nature": set.protocol, "bidirectional": u8::from(set.both_ways),
            format!("{}_source_id", source.0): source.1, format!("{}_dest_id", target.0): target.1,
        });
        rows.push(row);
    }
}

fn flow_number(exchange: &domain::cartography::Exchange) -> Option<u64> {
    exchange.now().external.iter().find_map(|one| one.strip_prefix("mercator:application_flows/")?.parse().ok())
}

fn said_of_activity(columns: &mut Columns, set: &ActivitySet) {
    columns.insert("description".to_owned(), json!(html(&set.description)));
    columns.insert("owner".to_owned(), json!(set.owner));
    // Mercator's needs go from 1 to 4: what can wait most asks least.
    columns.insert("security_need_a".to_owned(), json!(5 - set.priority.clamp(1, 4)));
}

fn is_cable(table: &str) -> bool {
    ["routers", "physical_routers", "physical_security_devices", "network_switches", "physical_switches"].contains(&table)
}

fn externals(thing: Thing<'_>) -> &[String] {
    match thing {
        Thing::Activity(activity) => &activity.now().external,
        Thing::Asset(asset) => &asset.now().external,
    }
}

fn sort(thing: Thing<'_>) -> Sort {
    match thing {
        Thing::Activity(_) => Sort::Activity,
        Thing::Asset(asset) => Sort::Asset(asset.now().kind),
    }
}

/// The table and the number that an external name says.
fn place(external: &str) -> Option<Place> {
    let (table, id) = external.strip_prefix("mercator:")?.split_once('/')?;
    let known = TABLES.iter().find(|one| one.name == table)?;
    Some((known.name, id.parse().ok()?))
}

/// A text as Mercator keeps it.
fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.is_empty() { escaped } else { format!("<p>{}</p>", escaped.replace('\n', "<br>")) }
}
