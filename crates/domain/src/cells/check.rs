//! May this be recorded about the cells of a crisis, now, by this author?

use super::event::{CellSet, MemberSet, Met, Rhythm, StoodDown};
use super::{Cell, Cells};
use crate::capability::{Asked, Checked};
use crate::crisis::check::{LABEL_CHARS_MAX, TEXT_CHARS_MAX};
use crate::refusal::{Refusal, text_within};
use crate::versions::rewritten;
use journal::SubjectId;

/// Most cells of a crisis.
pub const CELLS_MAX: usize = 50;
/// Most lines of a cell's rota, those who left included.
pub const ROTA_LINES_MAX: usize = 1_000;
/// Most meetings in a rhythm, and most days it spans.
pub const RHYTHM_TIMES_MAX: u8 = 24;
/// See [`RHYTHM_TIMES_MAX`].
pub const RHYTHM_DAYS_MAX: u8 = 31;

fn cells<'a>(asked: &'a Asked<'_>) -> Result<Option<&'a Cells>, Refusal> {
    asked.writes_in_crisis()?;
    Ok(asked.state.cells.get(&asked.subject))
}

/// A cell of this crisis.
fn cell<'a>(asked: &'a Asked<'_>, id: &SubjectId) -> Result<&'a Cell, Refusal> {
    let found = cells(asked)?.and_then(|cells| cells.all.get(id));
    found.ok_or_else(|| Refusal::field("unknown_cell", "cell", "Cette cellule n’existe pas dans cette crise."))
}

fn optional(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.is_empty() { Ok(()) } else { text_within(field, text, LABEL_CHARS_MAX) }
}

fn possible(rhythm: Rhythm) -> Result<(), Refusal> {
    if (1..=RHYTHM_TIMES_MAX).contains(&rhythm.times) && (1..=RHYTHM_DAYS_MAX).contains(&rhythm.days) {
        return Ok(());
    }
    let sentence = format!("Un rythme va de 1 à {RHYTHM_TIMES_MAX} réunions en 1 à {RHYTHM_DAYS_MAX} jours.");
    Err(Refusal::field("bad_rhythm", "rhythm", sentence))
}

impl Checked for CellSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let cells = cells(asked)?;
        let known = cells.and_then(|cells| cells.all.get(&self.cell));
        rewritten(known.map(|c| &c.settings), &self.supersedes)?;
        if known.is_none() && cells.is_some_and(|c| c.all.len() >= CELLS_MAX) {
            return Err(Refusal::new("too_many_cells", format!("Une crise compte {CELLS_MAX} cellules au plus.")));
        }
        text_within("name", &self.name, LABEL_CHARS_MAX)?;
        optional("room", &self.room)?;
        optional("phone", &self.phone)?;
        self.rhythm.map_or(Ok(()), possible)
    }
}

impl Checked for MemberSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let cell = cell(asked, &self.cell)?;
        let known = cell.rota.get(&self.member);
        rewritten(known, &self.supersedes)?;
        if known.is_none() && cell.rota.len() >= ROTA_LINES_MAX {
            return Err(Refusal::new("too_many_members", format!("Une cellule compte {ROTA_LINES_MAX} tours au plus.")));
        }
        text_within("member", &self.name, LABEL_CHARS_MAX)?;
        optional("duty", &self.duty)?;
        if self.from.zip(self.until).is_some_and(|(from, until)| until <= from) {
            return Err(Refusal::field(
                "ends_before",
                "until",
                "Ce tour finit avant de commencer : corrigez l’une des deux heures.",
            ));
        }
        Ok(())
    }
}

impl Checked for Met {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        cell(asked, &self.cell)?;
        text_within("summary", &self.summary, TEXT_CHARS_MAX)?;
        if self.next_at.is_some_and(|next| next <= self.at) {
            let sentence = "La prochaine réunion est avant celle-ci : corrigez l’une des deux heures.";
            return Err(Refusal::field("next_before", "next_at", sentence));
        }
        Ok(())
    }
}

impl Checked for StoodDown {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if cell(asked, &self.cell)?.ended.is_some() {
            return Err(Refusal::new("already_ended", "Cette cellule est déjà levée."));
        }
        text_within("reason", &self.reason, LABEL_CHARS_MAX)
    }
}
