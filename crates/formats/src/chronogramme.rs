//! Chronogrammes of exercises: from the spreadsheets and tools that people have, and back.
//!
//! A file is read into a [`Book`]; [`Book::layout`] recognises its head and its columns, which a person may correct;
//! [`Book::plan`] compares its rows with the exercise and says what would change. Nothing is written.

mod export;
mod fields;
mod head;
mod inject;
mod openaev;
mod plan;
mod rows;
mod terms;
mod time;

pub use export::{csv, xlsx};
pub use fields::Field;
pub use head::{Layout, letters};
pub use openaev::Story;
pub use plan::{Choices, Known, Plan, TeamChoice};

use crate::sheet::{Grid, Limits, grids_within};
use crate::source::Fault;
use rows::Rows;
use std::io::{Cursor, Read};

const MIB: usize = 1024 * 1024;
const ZIP: &[u8] = b"PK\x03\x04";

/// Limits of a chronogramme: far beyond what an exercise holds, far below what a machine cannot bear.
pub const LIMITS: Limits = Limits {
    file_bytes_max: 10 * MIB,
    rows_max: 5_000,
    columns_max: 60,
    cell_bytes_max: 48 * 1024,
    text_bytes_max: 8 * MIB,
    unpacked_bytes_max: 40 * MIB as u64,
};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Book {
    /// Sheets.
    Sheets(Vec<Grid>),
    /// A scenario of OpenAEV, whose fields have names of their own.
    Story(Story),
}

/// Reads an XLSX, a CSV, or a scenario of OpenAEV (JSON or ZIP).
///
/// # Errors
/// What is wrong with the file and what to do.
pub fn read(bytes: &[u8], name: &str) -> Result<Book, String> {
    if bytes.len() > LIMITS.file_bytes_max {
        let most = LIMITS.file_bytes_max / MIB;
        return Err(format!("Ce fichier dépasse {most} Mio : retirez-en les images, ou coupez-le en deux."));
    }
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bare.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        return openaev::read(bare).map(Book::Story);
    }
    if bytes.starts_with(ZIP)
        && let Some(story) = in_zip(bytes)?
    {
        return openaev::read(&story).map(Book::Story);
    }
    let mut grids = grids_within(bytes, &LIMITS)?;
    grids.retain(|grid| !grid.lines.is_empty());
    if grids.is_empty() {
        return Err("Ce tableau est vide : il lui faut des titres de colonnes et une ligne par stimulus.".to_owned());
    }
    // A CSV has no sheet: its name says where its rows are.
    grids.iter_mut().filter(|grid| grid.name.is_empty()).for_each(|grid| name.clone_into(&mut grid.name));
    Ok(Book::Sheets(grids))
}

/// The JSON inside a ZIP of OpenAEV; `None` for a workbook.
fn in_zip(bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let broken = |_| "Ce fichier est abîmé : enregistrez-le de nouveau depuis l’outil d’où il vient.".to_owned();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    if names.iter().any(|name| name == "xl/workbook.xml" || name == "[Content_Types].xml") {
        return Ok(None);
    }
    if names.iter().any(|name| name == "content.xml") && names.iter().any(|name| name == "mimetype") {
        return Err("Ce fichier est un tableau OpenDocument (.ods) : ouvrez-le et enregistrez-le en .xlsx.".to_owned());
    }
    let Some(name) = names.iter().find(|name| name.to_lowercase().ends_with(".json")) else { return Ok(None) };
    let inner = archive.by_name(name).map_err(|_| "Ce fichier est abîmé : exportez-le de nouveau depuis OpenAEV.".to_owned())?;
    let mut json = Vec::new();
    let read = inner.take(LIMITS.unpacked_bytes_max + 1).read_to_end(&mut json);
    read.map_err(|_| "Ce fichier est abîmé : exportez-le de nouveau depuis OpenAEV.".to_owned())?;
    if json.len() as u64 > LIMITS.unpacked_bytes_max {
        let most = LIMITS.unpacked_bytes_max / MIB as u64;
        return Err(format!("Ce fichier se déplie à plus de {most} Mio : exportez le scénario sans ses documents."));
    }
    Ok(Some(json))
}

impl Book {
    /// Names of the sheets; none for a tool's own file.
    pub fn sheets(&self) -> Vec<&str> {
        match self {
            Self::Sheets(grids) => grids.iter().map(|grid| grid.name.as_str()).collect(),
            Self::Story(_) => Vec::new(),
        }
    }

    /// The likeliest head and columns: of that sheet, or of the one that is most like a chronogramme.
    pub fn layout(&self, sheet: Option<usize>) -> Layout {
        match (self, sheet) {
            (Self::Sheets(grids), None) => head::of_book(grids),
            (Self::Sheets(grids), Some(at)) => grids.get(at).map(|grid| head::of_sheet(at, grid).1).unwrap_or_default(),
            (Self::Story(_), _) => Layout::default(),
        }
    }

    /// The first rows below the head, with their lines, to be shown beside the columns.
    pub fn first_rows(&self, layout: &Layout, count: usize) -> Vec<(u32, &[String])> {
        let Self::Sheets(grids) = self else { return Vec::new() };
        let Some(grid) = grids.get(layout.sheet) else { return Vec::new() };
        grid.lines.range(layout.head_line + 1..).take(count).map(|(line, cells)| (*line, cells.as_slice())).collect()
    }

    /// What the file would change in an exercise.
    ///
    /// # Errors
    /// Columns are missing, or the file holds nothing that can be taken: what to do.
    pub fn plan(&self, layout: &Layout, known: Known<'_>, choices: &Choices) -> Result<Plan, String> {
        match self {
            Self::Sheets(grids) => {
                if let Some(objection) = layout.objection() {
                    return Err(objection);
                }
                let grid = grids.get(layout.sheet).ok_or("Cette feuille n’est pas dans le fichier : choisissez-en une autre.")?;
                plan::plan(rows::of_sheet(grid, layout), Vec::new(), layout, known, choices)
            }
            Self::Story(story) => {
                let rows = Rows { rows: story.rows.clone(), ..Rows::default() };
                plan::plan(rows, story.objectives.clone(), layout, known, choices)
            }
        }
    }
}

/// Where something is wrong, and what: « Feuille « Chrono », ligne 12, colonne « Heure » : … ».
pub fn told(fault: &Fault) -> String {
    let Fault { spot, column, sentence } = fault;
    let sheet = (!spot.table.is_empty()).then(|| format!("Feuille « {} »", spot.table));
    let row = (spot.row > 0).then(|| format!("ligne {}", spot.row));
    let column = (!column.is_empty()).then(|| format!("colonne « {column} »"));
    let place = [sheet, row, column].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if place.is_empty() { sentence.clone() } else { format!("{place} : {sentence}") }
}
