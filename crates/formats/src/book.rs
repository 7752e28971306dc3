//! A workbook of several sheets of words. Every cell is text: zeros stay in front, nothing is computed.

use crate::sheet::guarded;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// Widest column, in characters.
const WIDTH_MAX: usize = 60;
/// Most characters of a cell, as spreadsheets bear.
const CELL_CHARS_MAX: usize = 32_767;

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, 31 characters at most.
    pub title: &'static str,
    /// Names of its columns.
    pub heads: Vec<&'static str>,
    /// Its rows, as many cells as columns.
    pub rows: Vec<Vec<String>>,
}

/// The workbook.
///
/// # Errors
/// It could not be written, in words.
pub fn xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, String> {
    write(sheets).map_err(|_| "Le classeur n’a pas pu être écrit : réessayez, ou imprimez la page.".to_owned())
}

fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_text_wrap();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet.title)?;
        page.set_freeze_panes(1, 0)?;
        for (column, head) in (0..).zip(&sheet.heads) {
            page.write_string_with_format(0, column, *head, &bold)?;
            let cells = sheet.rows.iter().filter_map(|row| row.get(usize::from(column))).map(|cell| cell.chars().count());
            let width = cells.chain([head.chars().count()]).max().unwrap_or(0).clamp(8, WIDTH_MAX);
            page.set_column_width(column, f64::from(u16::try_from(width).unwrap_or(u16::MAX)))?;
        }
        for (line, row) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(row) {
                let text: String = guarded(cell).chars().take(CELL_CHARS_MAX).collect();
                page.write_string_with_format(line, column, text, &wrapped)?;
            }
        }
    }
    book.save_to_buffer()
}
