//! The course of a crisis after an event.

use super::{UNTITLED, crisis_of, line};
use crate::capability::Applies;
use crate::crisis::event::{Closed, Confirmed, CrisisOpened, HandedOver, Reframed, Reopened};
use crate::crisis::{Approval, Crisis, Frame, Handover, Step, Turn};
use crate::register::Role;
use crate::state::State;
use journal::Seen;
use journal::authority::ADMIN_RANK;

impl Applies for CrisisOpened {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let wall = entry.header.wall;
        let crisis = crisis_of(state, entry);
        let frame = Frame {
            title: self.title,
            level: self.level,
            occurred_at: self.occurred_at.unwrap_or(wall),
            detected_at: self.detected_at,
            known_at: self.known_at.unwrap_or(wall),
            sites: self.sites,
            reason: String::new(),
        };
        if crisis.frames.first().id == entry.id {
            // This very entry made the crisis a moment ago, untitled.
            crisis.opened_by = entry.id;
            crisis.frames = crate::versions::Versions::new(entry, frame);
        } else {
            // Entries spoke of it before its opening came: the opening replaces what nobody wrote. A second opening
            // replaces nothing: both are shown.
            let unwritten = crisis.frames.first().value.title == UNTITLED;
            let replaced = if unwritten { vec![crisis.frames.first().id] } else { Vec::new() };
            if unwritten {
                crisis.opened_by = entry.id;
                crisis.opened_wall = wall;
            }
            crisis.frames.write(entry, frame, replaced);
        }
        show_frame(crisis);
    }
}

impl Applies for Reframed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let crisis = crisis_of(state, entry);
        let frame = Frame {
            title: self.title,
            level: self.level,
            occurred_at: self.occurred_at,
            detected_at: self.detected_at,
            known_at: self.known_at,
            sites: self.sites,
            reason: self.reason,
        };
        crisis.frames.write(entry, frame, self.supersedes);
        show_frame(crisis);
    }
}

fn show_frame(crisis: &mut Crisis) {
    let frame = crisis.frames.current().value.clone();
    crisis.title = frame.title;
    crisis.level = frame.level;
    crisis.occurred_at = frame.occurred_at;
    crisis.detected_at = frame.detected_at;
    crisis.known_at = frame.known_at;
}

impl Applies for Confirmed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_rank(ADMIN_RANK) {
            return;
        }
        let (by, wall) = (entry.header.author, entry.header.wall);
        if let Some(act) = line(crisis_of(state, entry), &self.entry).filter(|act| act.to_confirm) {
            act.approval.get_or_insert(Approval { id: entry.id, by, wall });
        }
    }
}

impl Applies for HandedOver {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let (by, wall) = (entry.header.author, entry.header.wall);
        let crisis = crisis_of(state, entry);
        if crisis.handovers.iter().any(|h| h.id == entry.id) {
            return;
        }
        let lines = crisis.log.len() as u64;
        let Self { cell, to, summary, words } = self;
        crisis.handovers.push(Handover { id: entry.id, by, wall, cell, to, summary, words, lines });
    }
}

impl Applies for Closed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        turn(state, entry, Step::Lifted(self));
    }
}

impl Applies for Reopened {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        turn(state, entry, Step::Reopened(self.reason));
    }
}

/// Only the direction lifts a crisis or opens it again, even by a merge that nobody checked.
fn turn(state: &mut State, entry: &Seen<'_>, step: Step) {
    if !entry.standing.has_rank(Role::Direction.rank()) {
        return;
    }
    let (by, wall) = (entry.header.author, entry.header.wall);
    let crisis = crisis_of(state, entry);
    if crisis.turns.iter().all(|turn| turn.id != entry.id) {
        crisis.turns.push(Turn { id: entry.id, by, wall, step });
    }
}
