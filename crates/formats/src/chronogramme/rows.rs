//! Rows of a chronogramme, whatever file they come from.

use super::fields::Field;
use super::head::{Layout, repeats};
use super::time::{self, Day, Habit, Moment};
use crate::sheet::Grid;
use crate::source::{Fault, Spot};
use crate::words::fold;
use std::collections::BTreeMap;

/// Columns from which a row that fills one only is a heading between others.
const HEADING_COLUMNS_MIN: usize = 3;

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Where.
    pub(super) spot: Spot,
    /// When it is due; what is wrong with the cell that says it.
    pub(super) when: Result<Moment, Fault>,
    /// What it says, by field.
    pub(super) values: BTreeMap<Field, String>,
    /// Teams, already told apart; `None`: they are to be read in their cell.
    pub(super) teams: Option<Vec<String>>,
}

impl Row {
    pub(super) fn get(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// Whether it announces the beginning of the exercise.
    pub(super) fn is_debex(&self) -> bool {
        let says = |field: Field| fold(self.get(field)).split(' ').any(|word| word == "debex" || word == "startex");
        says(Field::Phase) || says(Field::Title) || says(Field::Text)
    }
}

/// What a sheet says.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// What was left aside, in words.
    pub(super) notes: Vec<Fault>,
    /// Cells that could not be read.
    pub(super) faults: Vec<Fault>,
}

pub(super) fn of_sheet(grid: &Grid, layout: &Layout) -> Rows {
    let mut out = Rows::default();
    let mut phase = String::new();
    let mapped = layout.columns.iter().flatten().count();
    let spot = |line: u32| Spot { table: grid.name.clone(), row: u64::from(line) };
    for (line, column, bytes) in &grid.long {
        let head = layout.heads.get(*column).map(String::as_str).unwrap_or_default();
        out.faults.push(Fault::of(
            &spot(*line),
            head,
            format!("Cette cellule est trop longue ({bytes} octets) : coupez son texte."),
        ));
    }
    for (line, cells) in grid.lines.range(layout.head_line + 1..) {
        let values = values(layout, cells);
        let said: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        if repeats(layout, cells) || said.is_empty() {
            continue;
        }
        // A title merged over the whole width, between the rows of two phases.
        if let ([title], true) = (said.as_slice(), mapped >= HEADING_COLUMNS_MIN && !values.contains_key(&Field::Text)) {
            phase = (*title).clone();
            out.notes.push(Fault::of(
                &spot(*line),
                "",
                format!("« {} » est pris pour un intertitre.", crate::words::cut(title, 60)),
            ));
            continue;
        }
        if values.is_empty() {
            continue;
        }
        let mut row = Row { spot: spot(*line), when: Ok(Moment::Reserve), values, teams: None };
        row.when = when(layout, &row);
        if !layout.has(Field::Phase) && !phase.is_empty() {
            row.values.insert(Field::Phase, phase.clone());
        }
        out.rows.push(row);
    }
    out
}

fn values(layout: &Layout, cells: &[String]) -> BTreeMap<Field, String> {
    let pairs = cells.iter().zip(&layout.columns).filter_map(|(cell, field)| Some((field.as_ref().copied()?, cell)));
    pairs.filter(|(_, cell)| !cell.is_empty()).map(|(field, cell)| (field, cell.clone())).collect()
}

/// When a row is due: « T+ » says it before « Heure », and « Jour » says which day the hour is on.
fn when(layout: &Layout, row: &Row) -> Result<Moment, Fault> {
    let habit = Habit { durations: false, t_hours: layout.t_hours };
    let unread = |field: Field| {
        let cell = crate::words::cut(row.get(field), 40);
        let sentence = format!(
            "« {cell} » n’est pas une heure : écrivez par exemple « 14h30 », « T+15 », « J+1 08:00 », ou laissez vide pour mettre en réserve."
        );
        Fault::of(&row.spot, layout.head(field), sentence)
    };
    if !row.get(Field::Offset).is_empty() {
        return time::moment(row.get(Field::Offset), Habit { durations: true, ..habit }).ok_or_else(|| unread(Field::Offset));
    }
    if row.get(Field::At).is_empty() {
        return Ok(Moment::Reserve);
    }
    let moment = time::moment(row.get(Field::At), habit).ok_or_else(|| unread(Field::At))?;
    let day = row.get(Field::Day);
    match (moment, day.is_empty()) {
        (Moment::Clock(Day::Unsaid, minute), false) => {
            // « samedi » says nothing that can be counted: the order of rows tells the day.
            Ok(Moment::Clock(time::whole_day(day).unwrap_or(Day::Unsaid), minute))
        }
        (moment, _) => Ok(moment),
    }
}
