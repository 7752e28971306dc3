//! What a running program does: records what people ask, and takes in what other replicas wrote.

use crate::disk::Transaction;
use crate::faults::Fault;
use crate::replica::{Replica, Running, Stopped};
use journal::bundle::Reader;
use journal::certificate::OpeningReason;
use journal::entry::BadEntry;
use journal::write::{Author, Draft, MERGED};
use journal::{Entry, EntryId, Offer, Refused, RequestId, SubjectId, fold};
use store::Ruled;

/// One request of a person.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Made by the client: the same for each try.
    pub request: RequestId,
    /// Who.
    pub author: Author,
    /// What.
    pub drafts: Vec<Draft>,
}

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is on disk.
    Acknowledged(Vec<EntryId>),
    /// The rules say no.
    Refused(&'static str),
    /// The same request was recorded with other contents.
    Reused,
    /// It may or may not be recorded: try again.
    Unknown(Stopped),
}

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Entries taken in and bodies completed.
    pub accepted: usize,
    /// Entries not taken.
    pub refused: Vec<(EntryId, Refused)>,
    /// Entries that could not be read.
    pub damaged: usize,
}

impl Replica {
    /// Records a group of requests, committed together, as waiting writers are.
    pub fn submit(&mut self, group: &[Submission]) -> Vec<Answer> {
        let Some(mut running) = self.running.take() else { return Vec::new() };
        if running.read_only {
            self.running = Some(running);
            return vec![Answer::Unknown(Stopped::ReadOnly); group.len()];
        }
        let mut next = running.state.clone();
        let mut taken = Vec::new();
        let answers: Vec<Answer> = group.iter().map(|one| self.prepare(&mut running, one, &mut next, &mut taken)).collect();
        if taken.is_empty() {
            self.running = Some(running);
            return answers;
        }
        let last = taken.last().map(|one: &journal::Taken| one.index);
        let outcome = self.commit(&mut running, taken, Transaction::default());
        if let Err(stopped) = outcome {
            self.stop(running, stopped);
            let unknown = |answer| match answer {
                Answer::Acknowledged(_) => Answer::Unknown(stopped),
                other => other,
            };
            return answers.into_iter().map(unknown).collect();
        }
        running.state = next;
        last.into_iter().for_each(|index| running.journal.mark_folded_to(index));
        self.refold_if_needed(&mut running);
        self.running = Some(running);
        answers
    }

    fn stop(&mut self, mut running: Running, stopped: Stopped) {
        if stopped == Stopped::Crashed {
            return self.crash();
        }
        self.discard(&mut running, stopped);
        self.running = Some(running);
    }

    fn prepare(
        &mut self,
        running: &mut Running,
        one: &Submission,
        next: &mut domain::State,
        taken: &mut Vec<journal::Taken>,
    ) -> Answer {
        let known = running.journal.request(&one.request);
        if !known.is_empty() {
            let ids: Vec<EntryId> = known.iter().map(|index| running.journal.dag().node(*index).id).collect();
            return if ids.len() == one.drafts.len() { Answer::Acknowledged(ids) } else { Answer::Reused };
        }
        for draft in &one.drafts {
            if let Err(refusal) = next.check(&one.author, draft) {
                return Answer::Refused(refusal.code);
            }
        }
        let written = self.stamp(running, one.author, one.request, one.drafts.clone());
        for entry in &written {
            fold::apply(next, &mut running.journal, entry.index, &entry.entry);
        }
        let ids = written.iter().map(|entry| entry.entry.id).collect();
        taken.extend(written);
        Answer::Acknowledged(ids)
    }

    /// Takes in a bundle from elsewhere.
    pub fn merge(&mut self, bytes: &[u8]) -> Result<Merged, Stopped> {
        let mut merged = Merged::default();
        let Ok(reader) = Reader::new(bytes) else { return Ok(Merged { damaged: 1, ..merged }) };
        let mut entries = Vec::new();
        for entry in reader {
            match entry {
                Ok(entry) => entries.push(entry),
                Err(_) => merged.damaged += 1,
            }
        }
        self.take_in(entries, true, merged)
    }

    /// Takes in an entry that this device's thief signed with its key.
    pub fn plant(&mut self, entry: Entry) -> Result<Merged, Stopped> {
        self.take_in(vec![entry], false, Merged::default())
    }

    fn take_in(&mut self, entries: Vec<Entry>, from_elsewhere: bool, mut merged: Merged) -> Result<Merged, Stopped> {
        let Some(mut running) = self.running.take() else { return Ok(merged) };
        if running.read_only {
            self.running = Some(running);
            return Err(Stopped::ReadOnly);
        }
        let (bare, others): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|e| running.journal.lacks_body(&e.id));
        let (mut taken, mut completed) = (Vec::new(), Vec::new());
        for entry in others.into_iter().chain(bare) {
            let id = entry.id;
            match self.offer(&mut running, entry) {
                Offer::Accepted(more) => taken.extend(more),
                Offer::Completed(one) => completed.push(one.entry),
                Offer::Refused(why) => merged.refused.push((id, why)),
                Offer::Known | Offer::Parked(_) => {}
            }
        }
        merged.accepted = taken.len() + completed.len();
        let note = Draft::of_merge(&taken, running.journal.parked().count()).filter(|_| from_elsewhere);
        let note = note.or_else(|| self.restless_note());
        let before = running.pen.chain;
        if from_elsewhere && running.journal.dag().forked_at(&running.pen.chain).is_some() {
            // Somebody else continued our chain: what we write there from now on would have no authority.
            taken.extend(self.new_chain(&mut running, OpeningReason::Forked, None));
        }
        if let Some(note) = note {
            let request = RequestId(self.chance.bytes());
            taken.extend(self.stamp(&mut running, Author::PROGRAM, request, vec![note]));
        }
        let parked = Some(running.journal.parked().cloned().collect());
        let also = Transaction { completed, parked, ..Transaction::default() };
        if let Err(stopped) = self.commit(&mut running, taken.clone(), also) {
            running.pen.chain = before;
            self.stop(running, stopped);
            return Err(stopped);
        }
        if !self.refold_if_needed(&mut running) {
            fold::absorb(&mut running.state, &mut running.journal, taken);
        }
        self.running = Some(running);
        Ok(merged)
    }

    fn offer(&self, running: &mut Running, entry: Entry) -> Offer {
        let ahead = entry.header.wall.saturating_sub(self.clock.now(self.true_ms));
        if self.fault == Fault::RefusesWildClocks && ahead > 86_400_000 {
            return Offer::Refused(Refused::Unsound(BadEntry::Signature));
        }
        running.journal.offer(entry)
    }

    fn restless_note(&self) -> Option<Draft> {
        (self.fault == Fault::NeverRests).then(|| Draft::json(MERGED, SubjectId([0; 16]), &0))
    }
}
