//! A table that leaves as a sheet: CSV, XLSX or ODS, with days as days and shares as shares, and nothing a spreadsheet
//! would compute.

mod ods;

use crate::sheet::guarded;
use domain::register::day::Day;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::fmt;

/// Widest column, in characters.
const WIDTH_MAX: usize = 48;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Number(u32),
    /// A share, in per cent.
    Percent(u8),
    /// A day.
    Day(Day),
    /// Nothing.
    Empty,
}

/// As people read it.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Percent(share) => write!(f, "{share}\u{a0}%"),
            Self::Day(day) => {
                let (year, month, day) = day.parts();
                write!(f, "{day:02}/{month:02}/{year:04}")
            }
            Self::Empty => Ok(()),
        }
    }
}

/// A table: heads, and rows with a cell for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of the sheet.
    pub title: String,
    /// The day it was made.
    pub made_on: Day,
    /// Heads of the columns.
    pub heads: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// In UTF-8 with its mark and semicolons, as French spreadsheets expect.
    pub fn csv(&self) -> Vec<u8> {
        let mut bytes = Vec::from("\u{feff}");
        let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        let heads = self.heads.iter().map(|head| (*head).to_owned()).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| guarded(&cell.to_string())).collect());
        for row in std::iter::once::<Vec<String>>(heads).chain(rows) {
            // Writing to memory cannot fail, and all rows have as many cells.
            let written = writer.write_record(row);
            debug_assert!(written.is_ok(), "rows of one table have one length");
        }
        drop(writer);
        bytes
    }

    /// As an Excel workbook.
    ///
    /// # Errors
    /// The workbook could not be written, in words.
    pub fn xlsx(&self) -> Result<Vec<u8>, String> {
        self.workbook().map_err(|_| "Le tableau n’a pas pu être écrit : essayez en CSV.".to_owned())
    }

    /// As an OpenDocument sheet.
    ///
    /// # Errors
    /// The sheet could not be written, in words.
    pub fn ods(&self) -> Result<Vec<u8>, String> {
        ods::write(self).map_err(|_| "Le tableau n’a pas pu être écrit : essayez en CSV.".to_owned())
    }

    /// How wide a column is, in characters.
    fn width(&self, column: usize) -> usize {
        let longest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| longest(&cell.to_string()));
        let head = self.heads.get(column).map_or(0, |head| head.chars().count());
        cells.chain([head]).max().unwrap_or(0).saturating_add(2).min(WIDTH_MAX)
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_title(&self.title).set_creation_datetime(&excel_day(self.made_on)?));
        let bold = Format::new().set_bold().set_text_wrap();
        let wrapped = Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top);
        let (text, day) = (wrapped.clone().set_num_format("@"), wrapped.clone().set_num_format("dd/mm/yyyy"));
        let share = wrapped.clone().set_num_format("0\" %\"");
        let page = book.add_worksheet();
        page.set_name(&self.title)?;
        page.set_landscape();
        page.set_print_fit_to_pages(1, 0);
        page.set_repeat_rows(0, 0)?;
        for (column, head) in (0_u16..).zip(&self.heads) {
            page.set_column_width(column, f64::from(u32::try_from(self.width(usize::from(column))).unwrap_or(10)))?;
            page.write_string_with_format(0, column, *head, &bold)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    // A string cell computes nothing: only what reading would take for a guarded text is guarded.
                    Cell::Text(words) if words.starts_with('\'') => {
                        page.write_string_with_format(line, column, guarded(words), &text)?;
                    }
                    Cell::Text(words) => {
                        page.write_string_with_format(line, column, words, &text)?;
                    }
                    Cell::Number(number) => {
                        page.write_number_with_format(line, column, *number, &wrapped)?;
                    }
                    Cell::Percent(percent) => {
                        page.write_number_with_format(line, column, *percent, &share)?;
                    }
                    Cell::Day(on) => {
                        page.write_datetime_with_format(line, column, excel_day(*on)?, &day)?;
                    }
                    Cell::Empty => {}
                }
            }
        }
        page.set_freeze_panes(1, 0)?;
        if let Some(last) = u16::try_from(self.heads.len()).ok().and_then(|columns| columns.checked_sub(1)) {
            page.autofilter(0, 0, u32::try_from(self.rows.len()).unwrap_or(0), last)?;
        }
        book.save_to_buffer()
    }
}

fn excel_day(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = day.parts();
    ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(1900), month, day)
}
