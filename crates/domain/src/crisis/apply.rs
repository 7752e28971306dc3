//! State of the crises after an event. Total: anything may come, in any order, from anybody.

use super::event::{CrisisOpened, EntryCorrected, EntryType, Level, Logged, TaskAssigned};
use super::{Assignment, Crisis, ErasureAsk, LogEntry};
use crate::capability::Applies;
use crate::state::State;
use crate::versions::Versions;
use imbl::{OrdMap, Vector};
use journal::clock::WALL_TOLERANCE_MS;
use journal::{EntryId, Seen, Standing, SubjectId};
use std::sync::Arc;

/// Title of a crisis that entries speak of and nobody opened with authority.
const UNTITLED: &str = "Crise sans ouverture connue";

impl Applies for CrisisOpened {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let wall = entry.header.wall;
        let crisis = crisis_of(state, entry);
        let first = crisis.opened_by == entry.id || crisis.title == UNTITLED;
        if first {
            crisis.opened_by = entry.id;
            crisis.title = self.title;
            crisis.level = self.level;
            crisis.occurred_at = self.occurred_at.unwrap_or(wall);
            crisis.known_at = self.known_at.unwrap_or(wall);
        }
    }
}

/// The crisis an entry is about. One that nobody opened is made anyway: evidence is never refused.
fn crisis_of<'a>(state: &'a mut State, entry: &Seen<'_>) -> &'a mut Crisis {
    let order = state.crises.len() as u64;
    let header = entry.header;
    state.crises.entry(header.subject).or_insert_with(|| untitled(header.subject, entry.id, order, header.wall))
}

fn untitled(id: SubjectId, opened_by: EntryId, order: u64, wall: i64) -> Crisis {
    Crisis {
        id,
        opened_by,
        order,
        title: UNTITLED.to_owned(),
        level: Level::Doubt,
        occurred_at: wall,
        known_at: wall,
        log: Vector::new(),
        index: OrdMap::new(),
        tasks: Vector::new(),
        walls_disordered: false,
        wall_max: i64::MIN,
    }
}

impl Applies for Logged {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let crisis = crisis_of(state, entry);
        if entry.standing.has_authority() {
            for closed in &self.closes {
                close(crisis, closed, entry.id);
            }
        }
        let assignment = Assignment { owner: self.owner, due_at: self.due_at };
        let asks = self.entry_type.is_task();
        push(
            crisis,
            LogEntry {
                id: entry.id,
                entry_type: self.entry_type,
                text: Some(Versions::new(entry, Arc::from(self.text))),
                typist: entry.header.author,
                speaker: self.speaker,
                wall: entry.header.wall,
                occurred_at: self.occurred_at,
                assignment: asks.then(|| Versions::new(entry, assignment)),
                closed_by: None,
                attachments: self.attachments,
                standing: entry.standing,
                erasure_asks: Vec::new(),
                remarks: Vec::new(),
            },
        );
    }
}

fn push(crisis: &mut Crisis, line: LogEntry) {
    if crisis.index.contains_key(&line.id) {
        return;
    }
    let place = crisis.log.len() as u64;
    crisis.walls_disordered |= line.wall < crisis.wall_max.saturating_sub(WALL_TOLERANCE_MS);
    crisis.wall_max = crisis.wall_max.max(line.wall);
    crisis.index.insert(line.id, place);
    if line.entry_type.is_task() {
        crisis.tasks.push_back(place);
    }
    crisis.log.push_back(line);
}

fn line<'a>(crisis: &'a mut Crisis, id: &EntryId) -> Option<&'a mut LogEntry> {
    let place = usize::try_from(*crisis.index.get(id)?).ok()?;
    crisis.log.get_mut(place)
}

fn close(crisis: &mut Crisis, closed: &EntryId, by: EntryId) {
    if let Some(task) = line(crisis, closed)
        && task.entry_type.is_task()
    {
        task.closed_by.get_or_insert(by);
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
        let value = Assignment { owner: self.owner, due_at: self.due_at };
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
    let header = entry.header;
    let crisis = crisis_of(state, entry);
    push(
        crisis,
        LogEntry {
            id: entry.id,
            entry_type,
            text: None,
            typist: header.author,
            speaker: None,
            wall: header.wall,
            occurred_at: None,
            assignment: None,
            closed_by: None,
            attachments: Vec::new(),
            standing: entry.standing,
            erasure_asks: Vec::new(),
            remarks: Vec::new(),
        },
    );
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
