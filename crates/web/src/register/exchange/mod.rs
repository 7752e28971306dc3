//! Sheets in and out: the register leaves as XLSX or CSV and comes back, corrected, in one atomic request.

pub(super) mod page;
pub(super) mod pending;
mod plan;
mod read;
pub(super) mod write;

/// Most bytes of a sheet (10 MiB).
const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Most bytes of the form that brings it.
pub(super) const UPLOAD_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;
/// Most rows of a sheet, without its head.
const ROWS_MAX: usize = 5_000;
/// Most columns looked at.
const COLUMNS_MAX: usize = 100;
/// Most bytes of all its texts together (8 MiB).
const TEXT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most bytes that an XLSX unpacks to (64 MiB): beyond, it is a trap or holds pictures.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Texts that a spreadsheet would compute instead of showing begin with one of these.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A sheet as it came: heads, then rows with the line they are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Table {
    heads: Vec<String>,
    rows: Vec<(u32, Vec<String>)>,
}
