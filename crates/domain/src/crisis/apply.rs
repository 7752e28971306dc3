//! State of the crises after an event. Total: anything may come, in any order, from anybody.

mod course;

use super::event::{EntryCorrected, EntryType, Level, Logged, TaskAssigned};
use super::{Assignment, Crisis, ErasureAsk, Frame, LogEntry, Tally};
use crate::capability::Applies;
use crate::state::State;
use crate::versions::Versions;
use imbl::{OrdMap, Vector};
use journal::{EntryId, Seen, Standing};
use std::sync::Arc;

/// Title of a crisis that entries speak of and nobody opened with authority.
const UNTITLED: &str = "Crise sans ouverture connue";

/// The crisis an entry is about. One that nobody opened is made anyway: evidence is never refused.
pub(crate) fn crisis_of<'a>(state: &'a mut State, entry: &Seen<'_>) -> &'a mut Crisis {
    let order = state.crises.len() as u64;
    state.crises.entry(entry.header.subject).or_insert_with(|| untitled(entry, order))
}

fn untitled(entry: &Seen<'_>, order: u64) -> Crisis {
    let wall = entry.header.wall;
    let frame = Frame {
        title: UNTITLED.to_owned(),
        level: Level::Doubt,
        occurred_at: wall,
        detected_at: None,
        known_at: wall,
        sites: Vec::new(),
        reason: String::new(),
    };
    Crisis {
        id: entry.header.subject,
        opened_by: entry.id,
        opened_wall: wall,
        order,
        title: frame.title.clone(),
        level: frame.level,
        occurred_at: wall,
        detected_at: None,
        known_at: wall,
        frames: Versions::new(entry, frame),
        turns: Vec::new(),
        handovers: Vec::new(),
        log: Vector::new(),
        index: OrdMap::new(),
        tasks: Vector::new(),
        unapproved: Vector::new(),
        dpo_told: None,
        tally: Tally::default(),
    }
}

/// A line as it is before its words, or when its words are gone.
fn bare(entry: &Seen<'_>, entry_type: EntryType) -> LogEntry {
    LogEntry {
        id: entry.id,
        entry_type,
        text: None,
        typist: entry.header.author,
        speaker: None,
        wall: entry.header.wall,
        occurred_at: None,
        assignment: None,
        closed_by: None,
        attachments: Vec::new(),
        to_confirm: false,
        approval: None,
        carries_out: None,
        carried_out_by: Vec::new(),
        activity: None,
        from_paper: false,
        after_lifting: false,
        standing: entry.standing,
        erasure_asks: Vec::new(),
        remarks: Vec::new(),
    }
}

impl Applies for Logged {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let crisis = crisis_of(state, entry);
        if entry.standing.has_authority() {
            for closed in &self.closes {
                close(crisis, closed, entry.id);
            }
            let new = !crisis.index.contains_key(&entry.id);
            if let Some(decision) = self.carries_out.filter(|_| new).and_then(|id| line(crisis, &id)) {
                decision.carried_out_by.push(entry.id);
            }
            if crisis.dpo_told.is_none() && !self.entry_type.is_task() && names_dpo(&self.text) {
                crisis.dpo_told = Some(entry.id);
            }
        }
        let assignment = Assignment { owner: self.owner, due_at: self.due_at, review_at: self.review_at };
        let asks = self.entry_type.is_task();
        push(
            crisis,
            LogEntry {
                text: Some(Versions::new(entry, Arc::from(self.text))),
                speaker: self.speaker,
                occurred_at: self.occurred_at,
                assignment: asks.then(|| Versions::new(entry, assignment)),
                attachments: self.attachments,
                to_confirm: self.to_confirm,
                carries_out: self.carries_out,
                activity: self.activity,
                from_paper: self.from_paper,
                ..bare(entry, self.entry_type)
            },
        );
    }
}

/// Whether a text names the data protection officer: « DPO » as a word.
fn names_dpo(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "DPO")
}

fn push(crisis: &mut Crisis, mut line: LogEntry) {
    if crisis.index.contains_key(&line.id) {
        return;
    }
    line.after_lifting = crisis.lifted().is_some();
    let place = crisis.log.len() as u64;
    crisis.tally.add(place, &line);
    crisis.index.insert(line.id, place);
    if line.entry_type.is_task() {
        crisis.tasks.push_back(place);
    }
    if line.to_confirm {
        crisis.unapproved.push_back(place);
    }
    crisis.log.push_back(line);
}

fn line<'a>(crisis: &'a mut Crisis, id: &EntryId) -> Option<&'a mut LogEntry> {
    let place = usize::try_from(*crisis.index.get(id)?).ok()?;
    crisis.log.get_mut(place)
}

fn close(crisis: &mut Crisis, closed: &EntryId, by: EntryId) {
    let Some(place) = crisis.place(closed) else { return };
    if let Some(task) = line(crisis, closed)
        && task.entry_type.is_task()
    {
        task.closed_by.get_or_insert(by);
        crisis.tally.open.remove(&place);
    }
}

impl Applies for EntryCorrected {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let crisis = crisis_of(state, entry);
        let Some(target) = line(crisis, &self.entry) else { return };
        match &mut target.text {
            Some(text) if entry.standing.has_authority() => text.write(entry, Arc::from(self.text), self.supersedes),
            _ if target.remarks.iter().all(|(id, _)| *id != entry.id) => target.remarks.push((entry.id, self.text)),
            _ => {}
        }
    }
}

impl Applies for TaskAssigned {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let crisis = crisis_of(state, entry);
        let value = Assignment { owner: self.owner, due_at: self.due_at, review_at: self.review_at };
        if let Some(assignment) = line(crisis, &self.entry).and_then(|l| l.assignment.as_mut()) {
            assignment.write(entry, value, self.supersedes);
        }
    }
}

/// An entry whose body two people had erased, or whose body has not come yet (the only way for a decision): its line
/// stays, its words are not there.
pub(crate) fn erased(state: &mut State, entry: &Seen<'_>) {
    let entry_type = match entry.header.kind.as_str() {
        "crisis.entry_logged" => EntryType::Fact,
        "crisis.decision_taken" => EntryType::Decision,
        _ => return,
    };
    if entry.standing == Standing::Partial {
        return;
    }
    push(crisis_of(state, entry), bare(entry, entry_type));
}

/// A first signer's request, kept on the line it is about.
pub(crate) fn erasure_asked(state: &mut State, seen: &Seen<'_>, about: EntryId, reason: &str) {
    if !seen.standing.has_authority() {
        return;
    }
    let found = state.crises.iter().find_map(|(id, c)| Some((*id, c.line_of(&about)?.id)));
    let Some((subject, id)) = found else { return };
    if let Some(target) = state.crises.get_mut(&subject).and_then(|c| line(c, &id))
        && target.erasure_asks.iter().all(|ask| ask.id != seen.id)
    {
        let (by, wall) = (seen.header.author, seen.header.wall);
        target.erasure_asks.push(ErasureAsk { id: seen.id, entry: about, by, wall, reason: reason.to_owned() });
    }
}
