//! Sheets that leave: what the register holds, or an empty one to fill in.

use crate::answer::Fault;
use crate::app::Shared;
use crate::register::look::Look;
use crate::register::sheet::{Input, Sheet};
use crate::session::Visitor;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::sheet::guarded;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";
/// Widest column, in characters.
const WIDTH_MAX: usize = 40;

/// A table that leaves.
pub(crate) struct Sheetful {
    /// Heads of the columns.
    pub(crate) heads: Vec<&'static str>,
    /// Heads, and what their columns mean.
    pub(crate) hints: Vec<(&'static str, &'static str)>,
    /// Rows, a text for each head.
    pub(crate) rows: Vec<Vec<String>>,
}

/// `GET /annuaire/{kind}/export/{file}`: `{kind}.xlsx`, `{kind}.csv`, `modele-{kind}.xlsx` or `modele-{kind}.csv`.
pub(in crate::register) async fn download<T: Sheet>(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Result<Response, Fault> {
    let (stem, extension) = file.rsplit_once('.').ok_or_else(Fault::not_found)?;
    let model = stem.strip_prefix("modele-") == Some(T::SLUG);
    if !model && stem != T::SLUG {
        return Err(Fault::not_found());
    }
    let look = Look::new(&visitor.view.state.register, visitor.now);
    let sheet = sheet::<T>(&look, model);
    let today = look.local.date(look.now);
    let _ = shared;
    let name = if model { file.clone() } else { format!("{stem}-{today}.{extension}") };
    leave(&name, T::TITLE, &sheet, today)
}

/// A table as a file to keep: what its name ends with says which kind.
///
/// # Errors
/// Another kind of file; a table that cannot be written.
pub(crate) fn leave(name: &str, title: &str, sheet: &Sheetful, today: jiff::civil::Date) -> Result<Response, Fault> {
    let (kind, bytes) = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("xlsx") => (XLSX, xlsx(sheet, title, today).map_err(|_| failed())?),
        Some("csv") => (CSV, csv(sheet).map_err(|_| failed())?),
        _ => return Err(Fault::not_found()),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn failed() -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Le tableau n’a pas pu être écrit : recommencez.")
}

fn sheet<T: Sheet>(look: &Look<'_>, model: bool) -> Sheetful {
    let nobody = journal::SubjectId([0; 16]);
    let beside: Vec<&'static str> = T::beside(&nobody, look).into_iter().map(|(head, _)| head).collect();
    let heads = T::COLUMNS.iter().map(|c| c.head).chain(beside).collect();
    let hint = |c: &crate::register::sheet::Column<T>| match c.input {
        Input::YesNo => "oui, non, ou vide si personne ne l’a dit",
        Input::Moment => "date et heure : 22/11/2026 08:00",
        Input::Day => "date : 22/11/2026",
        _ => c.hint,
    };
    let hints = T::COLUMNS.iter().map(|c| (c.head, hint(c))).collect();
    let row = |(id, value): (journal::SubjectId, &T)| {
        let own = T::COLUMNS.iter().map(|column| (column.show)(value, look));
        own.chain(T::beside(&id, look).into_iter().map(|(_, words)| words)).collect()
    };
    let rows = if model { Vec::new() } else { T::all(look.register).into_iter().map(row).collect() };
    Sheetful { heads, hints, rows }
}

/// In UTF-8 with its mark and semicolons, as French spreadsheets expect.
fn csv(sheet: &Sheetful) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(&sheet.heads)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// Every cell is text: zeros stay in front, nothing is computed.
fn xlsx(sheet: &Sheetful, title: &str, today: jiff::civil::Date) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(
        u16::try_from(today.year()).unwrap_or(1900),
        today.month().unsigned_abs(),
        today.day().unsigned_abs(),
    )?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name(title)?;
    for (column, head) in (0_u16..).zip(&sheet.heads) {
        let longest = sheet.rows.iter().filter_map(|row| row.get(usize::from(column))).map(|cell| cell.chars().count()).max();
        let width = longest.unwrap_or(0).max(head.chars().count() + 2).min(WIDTH_MAX);
        page.set_column_width(column, f64::from(u32::try_from(width).unwrap_or(10)))?;
        page.set_column_format(column, &text)?;
        page.write_string_with_format(0, column, *head, &bold)?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            // Only what the import would mistake for a guarded text is guarded: a string cell computes nothing.
            let cell = if cell.starts_with('\'') { guarded(cell) } else { cell.clone() };
            page.write_string_with_format(line, column, cell, &text)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    let help = book.add_worksheet();
    help.set_name("Mode d’emploi")?;
    help.set_column_width(0, 28)?;
    help.set_column_width(1, 70)?;
    for (line, (head, hint)) in (0_u32..).zip(&sheet.hints) {
        help.write_string_with_format(line, 0, *head, &bold)?;
        help.write_string(line, 1, *hint)?;
    }
    book.save_to_buffer()
}
