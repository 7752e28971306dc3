//! The log's lines, newest first: facts, decisions, things to do.

use super::Seeking;
use super::found::{Group, Hit};
use crate::crisis::room_path;
use domain::crisis::event::EntryType;
use domain::crisis::{Crisis, LogEntry};

/// Most lines looked at, newest first; a crisis of twelve days with fifty people has 40,000.
pub(crate) const LINES_LOOKED_AT_MAX: usize = 100_000;

/// Facts, calls and messages; decisions; actions and questions. And whether older lines were not looked at.
pub(super) fn groups<'q>(seeking: &Seeking<'q>) -> (Vec<Group<'q>>, bool) {
    let mut log = Group::new(seeking.query, "main-courante", "Main courante");
    let mut decisions = Group::new(seeking.query, "decisions", "Décisions");
    let mut tasks = Group::new(seeking.query, "actions", "Actions et questions");
    let mut crises: Vec<&Crisis> = seeking.state().crises.values().collect();
    crises.sort_by_key(|crisis| std::cmp::Reverse((crisis.order, crisis.id)));
    let mut lines = crises.iter().flat_map(|crisis| crisis.log.iter().rev().map(|line| (*crisis, line)));
    for (crisis, line) in lines.by_ref().take(LINES_LOOKED_AT_MAX) {
        let group = match line.entry_type {
            EntryType::Decision => &mut decisions,
            EntryType::Action | EntryType::Question => &mut tasks,
            EntryType::Fact | EntryType::Call | EntryType::Message => &mut log,
        };
        look(seeking, group, crisis, line);
    }
    let cut = lines.next().is_some();
    (vec![decisions, tasks, log], cut)
}

/// An erased line has no words left, here as elsewhere.
fn look(seeking: &Seeking<'_>, group: &mut Group<'_>, crisis: &Crisis, line: &LogEntry) {
    let Some(text) = &line.text else { return };
    let assigned;
    let mut others: Vec<&str> = Vec::new();
    if line.assignment.is_some() {
        assigned = line.assigned();
        others.extend(assigned.owner.as_deref());
    }
    others.extend(line.speaker.as_deref());
    if text.is_rewritten() {
        others.extend(text.all().map(|write| &*write.value));
    }
    others.extend(line.remarks.iter().map(|(_, remark)| remark.as_str()));
    others.extend(line.attachments.iter().map(|piece| piece.name.as_str()));
    let words = &*text.current().value;
    group.look_in_order(words, &others, || hit(seeking, crisis, line, words));
}

fn hit(seeking: &Seeking<'_>, crisis: &Crisis, line: &LogEntry, words: &str) -> Hit {
    let said = line.speaker.clone().unwrap_or_else(|| seeking.register().name(&line.typist));
    let mut detail = vec![format!("{} du {}", line.entry_type.label(), seeking.local.day_and_time(line.happened_at())), said];
    let assigned = line.assigned();
    detail.extend(assigned.owner.map(|owner| format!("responsable {owner}")));
    if let Some(text) = line.text.as_ref().filter(|text| text.is_rewritten()) {
        let survivors = text.seen();
        let old = text.all().filter(|write| !survivors.contains(&write.id));
        detail.extend(old.map(|write| format!("avant correction : {}", seeking.excerpt(&write.value))));
    }
    detail.extend(line.remarks.iter().map(|(_, remark)| format!("remarque : {}", seeking.excerpt(remark))));
    detail.extend(line.attachments.iter().map(|piece| format!("pièce {}", piece.name)));
    let href = format!("{}/entrees/{}", room_path(seeking.shared, crisis), line.id);
    Hit { title: seeking.excerpt(words), detail: detail.join(" · "), href }
}
