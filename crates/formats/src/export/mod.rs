//! The map, as files: sheets that read back as they are, Mercator's tables, JSON.

mod layout;
mod rows;

pub use layout::{mercator, mercator_left_out};

use crate::sheet::guarded;
use domain::cartography::event::review::BiaSet;
use domain::cartography::event::{ActivitySet, AssetSet, ExchangeSet, ScenarioSet};
use domain::state::State;
use journal::SubjectId;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Serialize;
use std::collections::BTreeMap;

/// Widest column, in characters.
const WIDTH_MAX: u16 = 40;

/// A part of the map that is a sheet of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Activities.
    Activities,
    /// Elements.
    Assets,
    /// Links.
    Links,
    /// Interfaces.
    Exchanges,
}

impl Part {
    /// All of them, in the order of a workbook.
    pub const ALL: [Self; 4] = [Self::Activities, Self::Assets, Self::Links, Self::Exchanges];

    /// The name in addresses and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activities => "activites",
            Self::Assets => "elements",
            Self::Links => "liens",
            Self::Exchanges => "interfaces",
        }
    }

    /// The name of its sheet.
    pub fn label(self) -> &'static str {
        match self {
            Self::Activities => "Activités",
            Self::Assets => "Éléments",
            Self::Links => "Liens",
            Self::Exchanges => "Interfaces",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// One part, in UTF-8 with its mark and semicolons, as French spreadsheets expect.
pub fn csv(state: &State, part: Part) -> Vec<u8> {
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in rows::rows(state, part) {
        // Writing to memory cannot fail, and all rows have as many cells.
        let written = writer.write_record(row.iter().map(|cell| guarded(cell)));
        debug_assert!(written.is_ok(), "rows of one sheet have one length");
    }
    drop(writer);
    bytes
}

/// All parts, one sheet each. Every cell is text: zeros stay in front, nothing is computed.
///
/// # Errors
/// The workbook could not be written, in words.
pub fn xlsx(state: &State) -> Result<Vec<u8>, String> {
    let failed = |_: XlsxError| "Le tableau n’a pas pu être écrit : essayez en CSV.".to_owned();
    workbook(state).map_err(failed)
}

fn workbook(state: &State) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (text, bold) = (Format::new().set_num_format("@"), Format::new().set_bold());
    for part in Part::ALL {
        let rows = rows::rows(state, part);
        let page = book.add_worksheet();
        page.set_name(part.label())?;
        for (line, row) in (0_u32..).zip(&rows) {
            for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                // A string cell computes nothing: only what reading would take for a guarded text is guarded.
                let cell = if cell.starts_with('\'') { guarded(cell) } else { cell.clone() };
                page.write_string_with_format(line, column, cell, if line == 0 { &bold } else { &text })?;
            }
        }
        for (column, head) in (0_u16..).zip(rows.first().into_iter().flatten()) {
            let width = u16::try_from(head.chars().count()).unwrap_or(WIDTH_MAX).saturating_add(6).min(WIDTH_MAX);
            page.set_column_width(column, f64::from(width))?;
        }
        page.set_freeze_panes(1, 0)?;
    }
    book.save_to_buffer()
}

/// The whole map in JSON: what is on it now, by id.
#[derive(Serialize)]
struct Whole<'a> {
    format: &'static str,
    establishment: &'a str,
    activities: BTreeMap<SubjectId, &'a ActivitySet>,
    assets: BTreeMap<SubjectId, &'a AssetSet>,
    exchanges: BTreeMap<SubjectId, &'a ExchangeSet>,
    scenarios: BTreeMap<SubjectId, &'a ScenarioSet>,
    analyses: BTreeMap<SubjectId, &'a BiaSet>,
}

/// The whole map, in JSON: the same fields as in the journal, so that any program may read it.
pub fn json(state: &State) -> String {
    let map = &state.cartography;
    let whole = Whole {
        format: "planblanc-map-1",
        establishment: &state.register.establishment,
        activities: map.by_priority().into_iter().map(|one| (one.id, one.now())).collect(),
        assets: map.assets().into_iter().map(|one| (one.id, one.now())).collect(),
        exchanges: map.exchanges().into_iter().map(|one| (one.id, one.now())).collect(),
        scenarios: map.scenarios().into_iter().map(|one| (one.id, one.now())).collect(),
        analyses: map.analyses.iter().map(|(id, bia)| (*id, &bia.current().value)).collect(),
    };
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}
