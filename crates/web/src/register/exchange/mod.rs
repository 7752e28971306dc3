//! Sheets in and out: the register leaves as XLSX or CSV and comes back, corrected, in one atomic request.

pub(super) mod page;
mod plan;
pub(super) mod write;

use formats::sheet::{Limits, Table};

/// Sheets that wait for their author’s word.
pub(crate) type Pending = crate::pending::Pending<Table>;

/// Most bytes of a sheet (10 MiB).
const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Most bytes of the form that brings it.
pub(super) const UPLOAD_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;
/// Most rows of a sheet, without its head.
const ROWS_MAX: usize = 5_000;
/// How much of a sheet is read.
const LIMITS: Limits = Limits {
    file_bytes_max: FILE_BYTES_MAX,
    rows_max: ROWS_MAX,
    columns_max: 100,
    // A long text is told beside its row, by the rule of its field.
    cell_bytes_max: 8 * 1024 * 1024,
    text_bytes_max: 8 * 1024 * 1024,
    unpacked_bytes_max: 64 * 1024 * 1024,
};
