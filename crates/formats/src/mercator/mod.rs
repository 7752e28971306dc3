//! Mercator: a JSON of its tables, one array each, as its database and its REST resources name them.
//!
//! Its processes are our activities, its activities the parts they are made of. Only links that its tables say are read;
//! a server joined to a domain needs it, an address in a subnetwork needs that subnetwork.

mod links;
mod network;
mod records;
pub(crate) mod tables;

use crate::source::{Fault, Source, Spot};
use crate::words::plain;
use journal::entry::sha256;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What Mercator is called in the journal.
pub const SYSTEM: &str = "mercator";
/// Most bytes of a file (40 MiB).
const FILE_BYTES_MAX: usize = 40 * 1024 * 1024;

type Columns = Map<String, Value>;

/// A row that counts.
struct Row<'a> {
    table: &'a str,
    /// From 1.
    at: u64,
    id: u64,
    columns: &'a Columns,
}

impl Row<'_> {
    fn spot(&self) -> Spot {
        Spot { table: self.table.to_owned(), row: self.at }
    }

    fn external(&self) -> String {
        external(self.table, self.id)
    }

    /// A text without markup; `None` when the file does not say it.
    fn text(&self, column: &str) -> Option<String> {
        text(self.columns, column)
    }

    fn number(&self, column: &str) -> Option<u64> {
        number(self.columns, column)
    }

    /// Minutes; 0 is what Mercator writes when nobody said.
    fn minutes(&self, column: &str) -> Option<u32> {
        self.number(column).filter(|minutes| *minutes > 0).and_then(|minutes| u32::try_from(minutes).ok())
    }
}

fn text(columns: &Columns, column: &str) -> Option<String> {
    let text = match columns.get(column)? {
        Value::String(text) => plain(text),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A count, written as a number or as its digits.
fn number(columns: &Columns, column: &str) -> Option<u64> {
    match columns.get(column)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The stable name of a row.
pub(crate) fn external(table: &str, id: u64) -> String {
    format!("{SYSTEM}:{table}/{id}")
}

/// All tables of the file.
struct Tables<'a> {
    arrays: BTreeMap<&'a str, &'a [Value]>,
    /// Rows in its bin: links to them are none.
    deleted: BTreeSet<String>,
    /// Tables that said something.
    used: BTreeSet<&'a str>,
    source: Source,
}

/// Reads a JSON of Mercator's tables.
///
/// # Errors
/// What is wrong with the file and what to do.
pub fn read(bytes: &[u8], name: &str) -> Result<Source, String> {
    let foreign = || {
        "Ce fichier n’est pas un export de Mercator : il faut un JSON de ses tables, par exemple « applications » et « processes »."
            .to_owned()
    };
    if bytes.len() > FILE_BYTES_MAX {
        return Err(format!("Ce fichier dépasse {} Mio : exportez moins de tables à la fois.", FILE_BYTES_MAX / (1024 * 1024)));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let whole: Columns = serde_json::from_slice(text).map_err(|_| foreign())?;
    // Older editions call applications `m_applications`.
    let arrays = whole.iter().filter_map(|(table, rows)| {
        let rows = rows.as_array()?;
        Some((table.strip_prefix("m_").unwrap_or(table), rows.as_slice()))
    });
    let arrays: BTreeMap<&str, &[Value]> = arrays.collect();
    if !arrays.keys().any(|table| tables::sort(table).is_some()) {
        return Err(foreign());
    }
    let source = Source {
        system: SYSTEM.to_owned(),
        name: name.to_owned(),
        sha256: Some(sha256(bytes)),
        reading: true,
        ..Source::default()
    };
    let mut tables = Tables { arrays, deleted: BTreeSet::new(), used: BTreeSet::new(), source };
    records::read(&mut tables);
    links::read(&mut tables);
    network::read(&mut tables);
    let Tables { arrays, used, mut source, .. } = tables;
    let silent = arrays.iter().filter(|(table, rows)| !used.contains(*table) && !rows.is_empty());
    source.ignored.extend(silent.map(|(table, rows)| ((*table).to_owned(), rows.len())));
    Ok(source)
}

impl<'a> Tables<'a> {
    /// Rows of a table that are not in the bin, with an id.
    fn rows(&self, table: &'a str) -> Vec<Row<'a>> {
        let rows = self.arrays.get(table).copied().unwrap_or_default();
        let row = |(at, value): (u64, &'a Value)| {
            let columns = value.as_object().filter(|columns| !in_bin(columns))?;
            Some(Row { table, at, id: number(columns, "id")?, columns })
        };
        (1..).zip(rows).filter_map(row).collect()
    }

    /// Takes note of a table of records: what is in the bin, what cannot be read.
    fn open(&mut self, table: &'a str) {
        self.used.insert(table);
        self.source.covers.push(format!("{SYSTEM}:{table}"));
        for (at, value) in (1..).zip(self.arrays.get(table).copied().unwrap_or_default()) {
            let spot = Spot { table: table.to_owned(), row: at };
            let id = value.as_object().and_then(|columns| Some((number(columns, "id")?, in_bin(columns))));
            match id {
                Some((id, true)) => {
                    self.deleted.insert(external(table, id));
                }
                Some((_, false)) => {}
                None => self.source.faults.push(Fault::of(
                    &spot,
                    "id",
                    "Cette ligne n’a pas d’identifiant : elle ne peut pas être prise.",
                )),
            }
        }
    }
}

fn in_bin(columns: &Columns) -> bool {
    columns.get("deleted_at").is_some_and(|at| !at.is_null())
}
