//! The action plan (PAQSS): what is to be mended, by whom, by when, and which boards follow it.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use crate::register::day::Day;
use crate::versions::Versions;
use event::{ActionSet, ActionsAdopted, Adopted, BoardSet, Origin, OriginKind};
use imbl::{OrdMap, Vector};
use journal::entry::sha256;
use journal::{ActorId, EntryId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::sync::Arc;

/// Most there is of either: AAA, XXX.
pub const LEVEL_MAX: u8 = 3;
/// How far ahead a due date is near, in days.
pub const SOON_DAYS: i64 = 30;

/// `A`, `AA` or `AAA`: `AAA` comes first.
pub fn priority_letters(priority: u8) -> &'static str {
    ["A", "AA", "AAA"][usize::from(priority.clamp(1, LEVEL_MAX)) - 1]
}

/// `X` (simple), `XX` (to be organised) or `XXX` (a project).
pub fn complexity_letters(complexity: u8) -> &'static str {
    ["X", "XX", "XXX"][usize::from(complexity.clamp(1, LEVEL_MAX)) - 1]
}

/// Subject of an action taken from somewhere that names it: whoever takes it twice, or on two laptops, speaks of one.
/// `source` is `template` or an exercise's id, `key` the reference action or the finding.
pub fn action_id(source: &str, key: &str) -> SubjectId {
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(format!("action {source} {key}").as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}

impl ActionsAdopted {
    /// Actions that an exercise's report proposes, each with the key of its finding (`exercise` is the exercise's id,
    /// `label` its name as people read it). [`Actions::of_origin`] finds them again by the exercise's id.
    pub fn of_exercise(exercise: &str, label: &str, actions: Vec<(String, ActionSet)>) -> Self {
        let adopted = |(finding, action): (String, ActionSet)| {
            let reference = if finding.is_empty() { exercise.to_owned() } else { format!("{exercise}/{finding}") };
            let origin = Origin { kind: OriginKind::Exercise, label: label.to_owned(), reference };
            let key = if finding.is_empty() { action.title.clone() } else { finding };
            Adopted { id: action_id(exercise, &key), action: ActionSet { origin, ..action } }
        };
        Self { actions: actions.into_iter().map(adopted).collect() }
    }
}

/// It was taken off the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removal {
    /// The entry that says so.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Why.
    pub reason: String,
}

/// An action, with all its descriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Its id.
    pub id: SubjectId,
    /// Its number on the plan, from 1, in the order in which actions came.
    pub number: u64,
    /// Its descriptions.
    pub described: Versions<ActionSet>,
    /// Set once it was taken off; describing it again puts it back.
    pub removed: Option<Removal>,
}

impl Action {
    /// Its description to show now.
    pub fn now(&self) -> &ActionSet {
        &self.described.current().value
    }

    /// Whether somebody still has to do it.
    pub fn is_open(&self) -> bool {
        self.now().status.is_open()
    }

    /// Whether it should have been done before that day.
    pub fn is_late(&self, today: Day) -> bool {
        self.is_open() && self.now().due.is_some_and(|due| due < today)
    }

    /// Whether it is to be done within [`SOON_DAYS`], that day included.
    pub fn is_due_soon(&self, today: Day) -> bool {
        let near = |due: Day| (0..=SOON_DAYS).contains(&today.days_until(due));
        self.is_open() && self.now().due.is_some_and(near)
    }
}

/// A board was shown the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Presentation {
    /// The entry.
    pub id: EntryId,
    /// Who recorded it.
    pub by: ActorId,
    /// When it was recorded, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// On which day the board saw it.
    pub on: Day,
    /// What it was shown.
    pub counts: Counts,
    /// What it asked for or decided.
    pub note: String,
}

/// A board that follows actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Board {
    /// Its id.
    pub id: SubjectId,
    /// In the order in which boards came.
    pub order: u64,
    /// Its descriptions.
    pub described: Versions<BoardSet>,
    /// When it was shown the plan, in the journal's order.
    pub presented: Vector<Presentation>,
}

impl Board {
    /// Its description to show now.
    pub fn now(&self) -> &BoardSet {
        &self.described.current().value
    }

    /// Whether it follows actions.
    pub fn is_sitting(&self) -> bool {
        !self.now().removed
    }

    /// The last time it was shown the plan.
    pub fn last_presented(&self) -> Option<&Presentation> {
        self.presented.iter().max_by_key(|one| (one.on, one.wall, one.id))
    }
}

/// How many actions there are of each kind. What was given up counts in `dropped` alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// All that were not given up.
    pub total: u64,
    /// To be done: not begun or under way.
    pub open: u64,
    /// Done.
    pub done: u64,
    /// Given up.
    pub dropped: u64,
    /// Open and past their date.
    pub late: u64,
}

impl Counts {
    /// Counts some actions, as of a day.
    pub fn of<'a>(actions: impl IntoIterator<Item = &'a Action>, today: Day) -> Self {
        let mut counts = Self::default();
        for action in actions {
            match action.now().status {
                event::Status::Dropped => counts.dropped += 1,
                event::Status::Done => counts.done += 1,
                event::Status::ToDo | event::Status::InProgress => counts.open += 1,
            }
            counts.late += u64::from(action.is_late(today));
        }
        counts.total = counts.open + counts.done;
        counts
    }

    /// Share done, in whole per cent, rounded down so that 100 means all; `None` of nothing.
    pub fn done_percent(&self) -> Option<u64> {
        self.done.saturating_mul(100).checked_div(self.total)
    }

    /// Whether the numbers can be true together.
    pub fn is_possible(&self) -> bool {
        self.open.checked_add(self.done) == Some(self.total) && self.late <= self.open
    }
}

/// The action plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Actions {
    /// Actions by id, those taken off included.
    pub all: OrdMap<SubjectId, Arc<Action>>,
    /// Boards by id, those that follow nothing any more included.
    pub boards: OrdMap<SubjectId, Arc<Board>>,
}

impl Actions {
    /// An action that is on the plan.
    pub fn action(&self, id: &SubjectId) -> Option<&Action> {
        self.all.get(id).map(|action| &**action).filter(|action| action.removed.is_none())
    }

    /// An action, even taken off.
    pub fn ever(&self, id: &SubjectId) -> Option<&Action> {
        self.all.get(id).map(|action| &**action)
    }

    /// Actions on the plan, the fastest gain first: priority, then least complexity, then due date, then number.
    pub fn in_order(&self) -> Vec<&Action> {
        let mut all: Vec<&Action> = self.all.values().map(|action| &**action).filter(|a| a.removed.is_none()).collect();
        sort(&mut all);
        all
    }

    /// Actions that come from there, in the default order: an exercise's id finds those of all its findings.
    pub fn of_origin(&self, reference: &str) -> Vec<&Action> {
        let mut all = self.in_order();
        all.retain(|action| action.now().origin.comes_from(reference));
        all
    }

    /// Actions that a board follows, in the default order.
    pub fn followed_by(&self, board: &SubjectId) -> Vec<&Action> {
        let mut all = self.in_order();
        all.retain(|action| action.now().boards.contains(board));
        all
    }

    /// The action taken from a reference action, even taken off since.
    pub fn of_template(&self, key: &str) -> Option<&Action> {
        let taken = || self.all.values().map(|action| &**action).filter(|action| action.now().template == key);
        taken().find(|action| action.removed.is_none()).or_else(|| taken().next())
    }

    /// A board that follows actions.
    pub fn board(&self, id: &SubjectId) -> Option<&Board> {
        self.boards.get(id).map(|board| &**board).filter(|board| board.is_sitting())
    }

    /// Boards that follow actions, in the order in which they came.
    pub fn sitting(&self) -> Vec<&Board> {
        let mut all: Vec<&Board> = self.boards.values().map(|board| &**board).filter(|board| board.is_sitting()).collect();
        all.sort_by_key(|board| (board.order, board.id));
        all
    }

    /// How many there are, as of a day.
    pub fn counts(&self, today: Day) -> Counts {
        Counts::of(self.on_plan(), today)
    }

    /// Actions on the plan, in no order that means anything.
    fn on_plan(&self) -> impl Iterator<Item = &Action> {
        self.all.values().map(|action| &**action).filter(|action| action.removed.is_none())
    }
}

/// The default order: priority, then least complexity, then due date (none: last), then number.
pub fn sort(actions: &mut [&Action]) {
    actions.sort_by_key(|action| {
        let set = action.now();
        (Reverse(set.priority), set.complexity, set.due.is_none(), set.due, action.number, action.id)
    });
}
