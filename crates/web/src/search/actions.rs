//! What is on the action plan: actions, and the boards that follow them.

use super::Seeking;
use super::found::{Group, Hit};
use super::records::joined;
use crate::actions::path_of;
use crate::days::shown;

pub(super) fn groups<'q>(seeking: &Seeking<'q>) -> [Group<'q>; 2] {
    [actions(seeking), boards(seeking)]
}

fn actions<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "plan-actions", "Plan d’actions");
    for action in seeking.state().actions.in_order() {
        let set = action.now();
        group.look(&set.title, &[&set.owner, &set.origin.label, set.status.label(), &set.detail, &set.comment], || {
            let due = set.due.map(|due| format!("échéance {}", shown(due))).unwrap_or_default();
            let detail = joined(&[&format!("n° {}", action.number), set.status.label(), &set.owner, &due, &set.origin.label]);
            Hit { title: set.title.clone(), detail, href: path_of(&action.id) }
        });
    }
    group
}

fn boards<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "instances", "Instances");
    for board in seeking.state().actions.sitting() {
        let set = board.now();
        group.look(&set.name, &[&set.chair, &set.rhythm, &set.looks_at], || Hit {
            title: set.name.clone(),
            detail: joined(&[&set.looks_at, &set.rhythm, &set.chair]),
            href: format!("/actions/instances/{}", board.id),
        });
    }
    group
}
