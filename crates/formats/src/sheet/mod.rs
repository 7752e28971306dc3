//! Sheets, CSV or XLSX: read safely, columns recognised or chosen, rows taken as records, links or interfaces.

mod columns;
mod fields;
mod guard;
mod read;
mod sorts;
mod take;

pub use columns::{Mapping, Shape, guess, guess_sheet};
pub use fields::Field;
pub use guard::{bare, guarded};
pub use read::{Grid, Table, grids_within, read_within, tables_within};
pub use sorts::sort_of;
pub(crate) use take::need;
pub use take::{SYSTEM, source, whole};

use journal::Hash;
use journal::entry::sha256;

/// How much of a file is read before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the file.
    pub file_bytes_max: usize,
    /// Most rows of one sheet, without its head.
    pub rows_max: usize,
    /// Most columns looked at.
    pub columns_max: usize,
    /// Most bytes of one cell; a longer one is emptied and named.
    pub cell_bytes_max: usize,
    /// Most bytes of all texts together.
    pub text_bytes_max: usize,
    /// Most bytes that an XLSX unpacks to: beyond, it is a trap or holds pictures.
    pub unpacked_bytes_max: u64,
}

const MIB: usize = 1024 * 1024;

/// Limits of a map: 50,000 elements with 200,000 links fit.
pub const MAP: Limits = Limits {
    file_bytes_max: 40 * MIB,
    rows_max: 260_000,
    columns_max: 100,
    cell_bytes_max: 32 * 1024,
    text_bytes_max: 64 * MIB,
    unpacked_bytes_max: 256 * MIB as u64,
};

/// A sheet of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet; of the file, when it has but one without a name.
    pub name: String,
    /// Heads of its columns.
    pub heads: Vec<String>,
    /// Rows with the line they are on, from 1 (the head's is usually 1); rows may be shorter than the heads.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Cells too long to be read: line, column from 0, bytes.
    pub long: Vec<(u32, usize, usize)>,
    /// SHA-256 of the file.
    pub sha256: Hash,
}

impl Sheet {
    /// The text of a cell; empty when there is none.
    pub fn cell<'a>(&self, row: &'a [String], column: usize) -> &'a str {
        row.get(column).map_or("", String::as_str)
    }
}

/// Reads the first sheet that says something.
///
/// # Errors
/// What is wrong with the file and what to do.
pub fn read(bytes: &[u8], name: &str) -> Result<Sheet, String> {
    Ok(sheet(read_within(bytes, &MAP)?, name, sha256(bytes)))
}

/// Reads all sheets that have rows.
///
/// # Errors
/// What is wrong with the file and what to do.
pub fn book(bytes: &[u8], name: &str) -> Result<Vec<Sheet>, String> {
    let print = sha256(bytes);
    Ok(tables_within(bytes, &MAP)?.into_iter().map(|table| sheet(table, name, print)).collect())
}

fn sheet(table: Table, name: &str, sha256: Hash) -> Sheet {
    let name = if table.name.is_empty() { name.to_owned() } else { table.name };
    Sheet { name, heads: table.heads, rows: table.rows, long: table.long, sha256 }
}
