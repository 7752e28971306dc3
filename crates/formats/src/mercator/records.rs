//! Rows as activities and elements.

use super::tables::{TABLES, Table};
use super::{Row, Tables, external};
use crate::source::{Fault, Record, Sort};
use crate::words::cut;
use domain::cartography::kind::AssetKind;
use domain::cartography::names::folded;
use domain::register::check::NOTES_CHARS_MAX;
use std::collections::{BTreeMap, BTreeSet};

/// Reads every table of records.
pub(super) fn read(tables: &mut Tables<'_>) {
    let delays = delays(tables);
    let mut names = BTreeSet::new();
    for table in TABLES {
        let Some((name, _)) = tables.arrays.get_key_value(table.name) else { continue };
        let name = *name;
        tables.open(name);
        for row in tables.rows(name) {
            let Some(said) = called(&row) else {
                tables.source.faults.push(Fault::of(
                    &row.spot(),
                    "name",
                    "Cette ligne n’a pas de nom : donnez-lui-en un dans Mercator.",
                ));
                continue;
            };
            let mut record = record(tables, table, &row, &said);
            // Its tables tell rows of one name apart by their number, so do we.
            if !names.insert((record.sort, folded(&record.name))) {
                record.name = format!("{said} (n° {})", row.id);
                if !names.insert((record.sort, folded(&record.name))) {
                    record.name = format!("{said} ({} n° {})", table.name, row.id);
                }
            }
            if table.sort == Sort::Activity
                && let Some(delay) = delays.get(&row.id)
            {
                [record.mtpd_minutes, record.rto_minutes, record.rpo_minutes] = *delay;
            }
            tables.source.records.push(record);
        }
    }
}

fn called(row: &Row<'_>) -> Option<String> {
    let person = || Some([row.text("firstname"), row.text("lastname")].into_iter().flatten().collect::<Vec<_>>().join(" "));
    row.text("name").or_else(|| row.text("user_id")).or_else(|| person().filter(|name| !name.is_empty()))
}

/// Shortest delays of the parts of each process: DMIA, RTO, PDMA. Mercator says them of parts only.
fn delays(tables: &Tables<'_>) -> BTreeMap<u64, [Option<u32>; 3]> {
    let shortest = |row: &Row<'_>, columns: [&str; 2]| columns.into_iter().find_map(|column| row.minutes(column));
    let parts = tables.rows("activities").into_iter().map(|row| {
        let mtpd = row.minutes("maximum_tolerable_downtime");
        let rpo = shortest(&row, ["maximum_tolerable_data_loss", "recovery_point_objective"]);
        (row.id, [mtpd, row.minutes("recovery_time_objective"), rpo])
    });
    let parts: BTreeMap<u64, [Option<u32>; 3]> = parts.collect();
    let mut delays: BTreeMap<u64, [Option<u32>; 3]> = BTreeMap::new();
    let joins = tables.arrays.get("activity_process").copied().unwrap_or_default().iter().filter_map(|row| row.as_object());
    for columns in joins {
        let (process, activity) = (super::number(columns, "process_id"), super::number(columns, "activity_id"));
        let part = activity.and_then(|id| parts.get(&id));
        let (Some(process), Some(part)) = (process, part) else { continue };
        let known = delays.entry(process).or_default();
        for (known, told) in known.iter_mut().zip(part) {
            *known = [*known, *told].into_iter().flatten().min();
        }
    }
    delays
}

fn record(tables: &Tables<'_>, table: &Table, row: &Row<'_>, name: &str) -> Record {
    let mut record = Record {
        external: external(table.name, row.id),
        owner: ["owner", "responsible", "responsible_exp"].into_iter().find_map(|column| row.text(column)),
        ..Record::named(row.spot(), table.sort, name)
    };
    let mut words: Vec<String> = row.text("description").into_iter().collect();
    let mut say = |word: &str, text: Option<String>| words.extend(text.map(|text| format!("{word} : {text}")));
    match table.name {
        "processes" => {
            say("Macro-processus", named(tables, "macro_processuses", row.number("macroprocess_id")));
            // Availability asked for, 4 (very strong) to 1 (weak): a first guess of care priority.
            record.priority =
                row.number("security_need_a").filter(|need| (1..=4).contains(need)).and_then(|need| u8::try_from(5 - need).ok());
        }
        "activities" => {
            record.mtpd_minutes = row.minutes("maximum_tolerable_downtime");
            record.rto_minutes = row.minutes("recovery_time_objective");
            record.rpo_minutes = row.minutes("recovery_point_objective").or_else(|| row.minutes("maximum_tolerable_data_loss"));
        }
        "applications" => {
            record.rto_minutes = row.minutes("rto");
            record.rpo_minutes = row.minutes("rpo");
            record.provider = row.text("editor").or_else(|| row.text("vendor"));
            say("Bloc", named(tables, "application_blocks", row.number("application_block_id")));
        }
        "entities" => {
            let outside = row.number("is_external") == Some(1)
                || row.text("entity_type").is_some_and(|kind| folded(&kind) == "fournisseur");
            record.sort = Sort::Asset(if outside { AssetKind::Provider } else { AssetKind::Partner });
            say("Contact", row.text("contact_point"));
        }
        "admin_users" => {
            let person = [row.text("firstname"), row.text("lastname")].into_iter().flatten().collect::<Vec<_>>().join(" ");
            say("Titulaire", Some(person).filter(|person| !person.is_empty()));
        }
        "subnetworks" => {
            // A yes or no in that column names no zone.
            record.zone = row.text("zone").filter(|zone| !["oui", "non"].contains(&folded(zone).as_str()));
            say("Adresses", row.text("address"));
        }
        _ => {
            say("Système", row.text("operating_system"));
            say("Environnement", row.text("environment"));
        }
    }
    let description = words.join("\n");
    record.description = (!description.is_empty()).then(|| cut(&description, NOTES_CHARS_MAX));
    record
}

/// The name of a row of a table that is no record.
fn named(tables: &Tables<'_>, table: &'static str, id: Option<u64>) -> Option<String> {
    tables.rows(table).into_iter().find(|row| Some(row.id) == id)?.text("name")
}
