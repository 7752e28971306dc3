//! May this be recorded on the action plan, now, by this author?

use super::event::{ActionRemoved, ActionSet, ActionsAdopted, BoardSet, Presented, Status};
use super::{Actions, LEVEL_MAX};
use crate::capability::{Asked, Checked};
use crate::crisis::check::{LABEL_CHARS_MAX, TEXT_CHARS_MAX};
use crate::refusal::{Refusal, at_most, text_within};
use crate::register::check::{CODE_CHARS_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX};
use crate::versions::rewritten;
use journal::SubjectId;

/// Most actions ever described in one journal.
pub const ACTIONS_MAX: usize = 5_000;
/// Most actions adopted together.
pub const ADOPTED_MAX: usize = 100;
/// Most boards ever described in one journal.
pub const BOARDS_MAX: usize = 100;
/// Most times that one board is shown the plan.
pub const PRESENTED_MAX: usize = 1_000;

fn level(field: &'static str, level: u8, sentence: &str) -> Result<(), Refusal> {
    if (1..=LEVEL_MAX).contains(&level) { Ok(()) } else { Err(Refusal::field("bad_level", field, sentence)) }
}

/// What is said of progress holds together.
fn progress(set: &ActionSet) -> Result<(), Refusal> {
    let refused = |code, field, sentence: &str| Err(Refusal::field(code, field, sentence));
    match set.status {
        _ if set.progress > 100 => refused("bad_progress", "progress", "L’avancement va de 0 à 100 %."),
        Status::Done if set.done_on.is_none() => {
            refused("no_done_day", "done_on", "Dites quel jour elle a été faite : sans date, rien ne le prouvera.")
        }
        Status::Done if set.progress != 100 => {
            refused("bad_progress", "progress", "Une action faite est à 100 % : si elle ne l’est pas, laissez-la en cours.")
        }
        Status::Dropped if set.comment.trim().is_empty() => {
            refused("no_reason", "comment", "Dites pourquoi elle est abandonnée : l’instance qui la suit le demandera.")
        }
        Status::ToDo if set.progress > 0 => {
            refused("bad_progress", "progress", "Une action avancée est en cours : changez son état, ou remettez 0 %.")
        }
        Status::ToDo | Status::InProgress | Status::Dropped if set.done_on.is_some() => {
            refused("not_done", "done_on", "Ce jour est celui où elle a été faite : videz-le, ou dites qu’elle est faite.")
        }
        _ => Ok(()),
    }
}

/// May this description of this action be written?
fn action(plan: &Actions, id: &SubjectId, set: &ActionSet) -> Result<(), Refusal> {
    let known = plan.all.get(id);
    rewritten(known.map(|action| &action.described), &set.supersedes)?;
    if known.is_none() && plan.all.len() >= ACTIONS_MAX {
        let sentence = format!("Le plan compte {ACTIONS_MAX} actions au plus : retirez celles qui ne servent plus.");
        return Err(Refusal::new("too_many_actions", sentence));
    }
    text_within("title", &set.title, LABEL_CHARS_MAX)?;
    at_most("detail", &set.detail, TEXT_CHARS_MAX)?;
    level("priority", set.priority, "La priorité est A, AA ou AAA : choisissez dans la liste.")?;
    level("complexity", set.complexity, "La complexité est X, XX ou XXX : choisissez dans la liste.")?;
    at_most("owner", &set.owner, NAME_CHARS_MAX)?;
    at_most("origin_label", &set.origin.label, LABEL_CHARS_MAX)?;
    at_most("origin_reference", &set.origin.reference, LABEL_CHARS_MAX)?;
    at_most("template", &set.template, CODE_CHARS_MAX)?;
    at_most("comment", &set.comment, NOTES_CHARS_MAX)?;
    progress(set)?;
    let twice = set.boards.iter().enumerate().any(|(at, board)| set.boards[..at].contains(board));
    if twice || set.boards.len() > BOARDS_MAX {
        return Err(Refusal::field("twice", "boards", "Une instance est nommée deux fois : décochez-la et recommencez."));
    }
    if set.boards.iter().any(|board| !plan.boards.contains_key(board)) {
        let sentence = "Une instance choisie n’existe pas dans ce journal : rechargez la page.";
        return Err(Refusal::field("unknown_board", "boards", sentence));
    }
    Ok(())
}

impl Checked for ActionSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        action(&asked.state.actions, &asked.subject, self)
    }
}

impl Checked for ActionsAdopted {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let (plan, all) = (&asked.state.actions, &self.actions);
        if all.is_empty() || all.len() > ADOPTED_MAX {
            return Err(Refusal::new("bad_adoption", format!("Reprenez de 1 à {ADOPTED_MAX} actions à la fois.")));
        }
        if all.iter().enumerate().any(|(at, one)| all[..at].iter().any(|other| other.id == one.id)) {
            return Err(Refusal::new("twice", "Une même action est reprise deux fois : rechargez la page et recommencez."));
        }
        if plan.all.len() + all.len() > ACTIONS_MAX {
            return Err(Refusal::new("too_many_actions", format!("Le plan compte {ACTIONS_MAX} actions au plus.")));
        }
        all.iter().try_for_each(|one| action(plan, &one.id, &one.action))
    }
}

impl Checked for ActionRemoved {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        if asked.state.actions.action(&asked.subject).is_none() {
            return Err(Refusal::new("not_on_plan", "Cette action n’est pas, ou n’est plus, au plan."));
        }
        text_within("reason", &self.reason, LABEL_CHARS_MAX)
    }
}

impl Checked for BoardSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let plan = &asked.state.actions;
        let known = plan.boards.get(&asked.subject);
        rewritten(known.map(|board| &board.described), &self.supersedes)?;
        if known.is_none() && plan.boards.len() >= BOARDS_MAX {
            return Err(Refusal::new("too_many_boards", format!("{BOARDS_MAX} instances au plus dans un établissement.")));
        }
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        let folded = |name: &str| name.trim().to_lowercase();
        let same = |board: &&super::Board| board.id != asked.subject && folded(&board.now().name) == folded(&self.name);
        if !self.removed && plan.sitting().iter().any(same) {
            let sentence = "Une instance porte déjà ce nom : donnez-en un autre, ou modifiez celle qui existe.";
            return Err(Refusal::field("name_taken", "name", sentence));
        }
        at_most("looks_at", &self.looks_at, NOTES_CHARS_MAX)?;
        at_most("rhythm", &self.rhythm, LABEL_CHARS_MAX)?;
        at_most("chair", &self.chair, NAME_CHARS_MAX)
    }
}

impl Checked for Presented {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let Some(board) = asked.state.actions.board(&asked.subject) else {
            return Err(Refusal::new("unknown_board", "Cette instance n’existe pas, ou ne suit plus d’action."));
        };
        if board.presented.len() >= PRESENTED_MAX {
            return Err(Refusal::new("too_many", format!("{PRESENTED_MAX} présentations au plus pour une instance.")));
        }
        if !self.counts.is_possible() {
            let sentence = "Ces nombres ne vont pas ensemble : rechargez la page, qui les recompte.";
            return Err(Refusal::field("bad_counts", "counts", sentence));
        }
        at_most("note", &self.note, NOTES_CHARS_MAX)
    }
}
