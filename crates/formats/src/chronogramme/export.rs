//! A chronogramme as a file that reads back as it is: the columns that French exercise directors know.

use super::fields::Field;
use crate::sheet::guarded;
use domain::exercise::event::scenario::{Inject, Scenario};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;
const RESERVE: &str = "en réserve";

/// The fields that are written, in this order. « Heure » is there when the time of DEBEX is known.
fn fields(start: Option<u32>) -> Vec<Field> {
    let written = |field: &Field| *field != Field::Day && (*field != Field::At || start.is_some());
    Field::ALL.iter().copied().filter(written).collect()
}

/// Names of teams, apart by a sign that reading takes for one.
fn teams(scenario: &Scenario, inject: &Inject) -> String {
    let name = |key: &String| scenario.teams.iter().find(|team| team.key == *key).map_or(key.clone(), |team| team.name.clone());
    if inject.to.is_empty() { "tous".to_owned() } else { inject.to.iter().map(name).collect::<Vec<_>>().join(" ; ") }
}

fn cell(scenario: &Scenario, inject: &Inject, field: Field, start: Option<u32>) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / HOUR, minute % HOUR);
    match field {
        Field::Key => inject.key.clone(),
        Field::Day => String::new(),
        Field::Offset => inject.at.map_or(RESERVE.to_owned(), |at| format!("T+{}", clock(at))),
        Field::At => match (inject.at, start) {
            (Some(at), Some(start)) => {
                let moment = start.saturating_add(at);
                let day = if moment < DAY { String::new() } else { format!("J+{} ", moment / DAY) };
                day + &clock(moment % DAY)
            }
            _ => String::new(),
        },
        Field::Phase => {
            let now = |at: u32| scenario.phases.iter().rfind(|phase| phase.at <= at).map(|phase| phase.name.clone());
            inject.at.and_then(now).unwrap_or_default()
        }
        Field::From => inject.from.clone(),
        Field::To => teams(scenario, inject),
        Field::Channel => inject.channel.label().to_owned(),
        Field::Title => inject.title.clone(),
        Field::Text => inject.text.clone(),
        Field::Expected => inject.expected.clone(),
        Field::Within => inject.within.map(crate::words::duration).unwrap_or_default(),
        Field::Guidance => inject.guidance.clone(),
        Field::Objective => {
            let named = scenario.objectives.iter().find(|objective| objective.key == inject.objective);
            named.map_or(inject.objective.clone(), |objective| objective.text.clone())
        }
        Field::Level => inject.level.label().to_owned(),
        Field::Noise => if inject.noise { "oui" } else { "" }.to_owned(),
        Field::Contingency => inject.contingency_for.clone(),
        Field::Fact => inject.fact.clone(),
    }
}

fn rows(scenario: &Scenario, injects: &[&Inject], start: Option<u32>) -> Vec<Vec<String>> {
    let fields = fields(start);
    let head = fields.iter().map(|field| field.label().to_owned()).collect();
    let row = |inject: &&Inject| fields.iter().map(|field| cell(scenario, inject, *field, start)).collect();
    std::iter::once(head).chain(injects.iter().map(row)).collect()
}

/// In UTF-8 with its mark and semicolons, as French spreadsheets expect. `start`: minute of the day of DEBEX, when it is known.
pub fn csv(scenario: &Scenario, injects: &[&Inject], start: Option<u32>) -> Vec<u8> {
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in rows(scenario, injects, start) {
        // Writing to memory cannot fail, and all rows have as many cells.
        let written = writer.write_record(row.iter().map(|cell| guarded(cell)));
        debug_assert!(written.is_ok(), "rows of one sheet have one length");
    }
    drop(writer);
    bytes
}

/// As a workbook of one sheet. Every cell is text: zeros stay in front, nothing is computed.
///
/// # Errors
/// The workbook could not be written, in words.
pub fn xlsx(scenario: &Scenario, injects: &[&Inject], start: Option<u32>) -> Result<Vec<u8>, String> {
    let failed = |_: XlsxError| "Le tableau n’a pas pu être écrit : essayez en CSV.".to_owned();
    workbook(&rows(scenario, injects, start), &fields(start)).map_err(failed)
}

/// Width of a column, in characters.
fn width(field: Field) -> f64 {
    match field {
        Field::Text => 60.0,
        Field::Expected | Field::Guidance | Field::Objective => 40.0,
        Field::Title | Field::From | Field::To => 26.0,
        Field::Key | Field::Offset | Field::At | Field::Noise => 9.0,
        _ => 16.0,
    }
}

fn workbook(rows: &[Vec<String>], fields: &[Field]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let page = book.add_worksheet();
    page.set_name("Chronogramme")?;
    for (line, row) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            // A string cell computes nothing: only what reading would take for a guarded text is guarded.
            let cell = if cell.starts_with('\'') { guarded(cell) } else { cell.clone() };
            page.write_string_with_format(line, column, cell, if line == 0 { &bold } else { &text })?;
        }
    }
    for (column, field) in (0_u16..).zip(fields) {
        page.set_column_width(column, width(*field))?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_landscape();
    page.set_repeat_rows(0, 0)?;
    book.save_to_buffer()
}
