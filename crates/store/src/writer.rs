//! The writer's thread: the only place that writes.
//!
//! For each group of waiting requests: check against state and pending, stamp, commit (one fsync for all), publish,
//! answer. A failure discards both the entries and the state they made.

mod chains;
mod erasing;
mod merging;

use crate::blobs::Blobs;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::guard::{self, Guard, Memory};
use crate::ledger::{Env, MergeReport, REQUEST_ENTRIES_MAX, Receipt, Submission, SubmitError, View};
use crate::load::{self, Loaded};
use crate::past::Archive;
use crate::{Ruled, rows, schema};
use arc_swap::ArcSwap;
use journal::entry::BODY_BYTES_MAX;
use journal::header::{BLOBS_MAX, Part};
use journal::write::{Author, Circumstances, Draft, Pen};
use journal::{ChainId, Entry, EntryId, Hash, Header, Journal, JournalId, RequestId, Seen, SigningKey, Standing, Taken, fold};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

/// Most requests committed together.
const GROUP_MAX: usize = 256;

type Listener<F> = Box<dyn Fn(&View<F>) + Send>;

/// What the writer shares with everybody.
pub(crate) struct Shared<F: Ruled> {
    pub(crate) view: ArcSwap<View<F>>,
    pub(crate) listeners: Mutex<Vec<Listener<F>>>,
    pub(crate) id: JournalId,
    pub(crate) past: Archive<F>,
    /// What the fold starts from.
    pub(crate) base: F,
}

pub(crate) type SubmitAnswer<F> = Box<dyn FnOnce(Result<Receipt, SubmitError<<F as Ruled>::Refusal>>) + Send>;
type MergeAnswer = Box<dyn FnOnce(Result<MergeReport, Arc<StoreError>>) + Send>;

/// Work for the writer.
pub(crate) enum Job<F: Ruled> {
    Submit(Submission, SubmitAnswer<F>),
    Merge(Vec<Entry>, MergeAnswer),
    Stop,
}

impl<F: Ruled> Job<F> {
    pub(crate) fn refuse(self, error: StoreError) {
        match self {
            Self::Submit(_, answer) => answer(Err(SubmitError::Store(Arc::new(error)))),
            Self::Merge(_, answer) => answer(Err(Arc::new(error))),
            Self::Stop => {}
        }
    }
}

/// Stamps drafts with the program's clock and chance.
pub(crate) fn stamp(
    pen: &Pen,
    journal: &mut Journal,
    author: Author,
    request: RequestId,
    drafts: Vec<Draft>,
    env: &Env,
) -> Vec<Taken> {
    let mut random = |bytes: &mut [u8]| (env.random)(bytes);
    let mut circumstances = Circumstances { wall_ms: (env.now_ms)(), random: &mut random };
    pen.write(journal, author, request, drafts, &mut circumstances)
}

pub(crate) struct Writer<F: Ruled> {
    connection: Connection,
    journal: Journal,
    state: F,
    /// What the fold starts from.
    base: F,
    pen: Pen,
    guard: Option<Guard>,
    guard_dir: Option<PathBuf>,
    place: Hash,
    env: Env,
    folder: Folder,
    version: u64,
    /// A chain is still to be opened: there was no room for it.
    chain_due: bool,
    read_only: Option<String>,
    /// Commits that dropped words.
    erasures: Arc<AtomicU64>,
    _lock: std::fs::File,
}

impl<F: Ruled> Writer<F> {
    pub(crate) fn new(
        connection: Connection,
        loaded: Loaded<F>,
        device: SigningKey,
        env: Env,
        folder: &Folder,
        guard_dir: Option<PathBuf>,
        lock: std::fs::File,
    ) -> Self {
        let pen = Pen { device, chain: ChainId(env.bytes()) };
        let read_only = loaded
            .damage
            .map(|what| format!("{what} ; lancez « planblanc verify » pour savoir quoi, puis restaurez une sauvegarde"));
        Self {
            connection,
            journal: loaded.journal,
            state: loaded.state,
            base: loaded.base,
            pen,
            guard: None,
            guard_dir,
            place: guard::place(folder.path()),
            env,
            folder: folder.clone(),
            version: 1,
            chain_due: false,
            read_only,
            erasures: Arc::default(),
            _lock: lock,
        }
    }

    pub(crate) fn damage(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    pub(crate) fn erasures(&self) -> Arc<AtomicU64> {
        self.erasures.clone()
    }

    /// Why nothing can be written now.
    fn refusal(&mut self) -> Option<StoreError> {
        if self.chain_due
            && let Err(error) = self.begin()
        {
            return Some(error);
        }
        match &self.read_only {
            Some(why) => Some(StoreError::ReadOnly(why.clone())),
            None => self.chain_due.then_some(StoreError::Full),
        }
    }

    fn stamp(&mut self, author: Author, request: RequestId, drafts: Vec<Draft>) -> Vec<Taken> {
        stamp(&self.pen, &mut self.journal, author, request, drafts, &self.env)
    }

    /// Makes entries durable: one transaction, one fsync; then tells the outside witness. Bodies lawfully erased go in
    /// the same transaction.
    fn commit(&mut self, taken: &[Taken], also: impl FnOnce(&Connection) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let erased = if self.journal.must_refold() { self.journal.drop_erased() } else { Vec::new() };
        let transaction = self.connection.unchecked_transaction()?;
        for one in taken {
            rows::insert(&transaction, &one.entry, self.journal.dag().node(one.index).key())?;
        }
        let mut dropped = 0;
        for id in &erased {
            dropped += rows::drop_body(&transaction, id)?;
        }
        also(&transaction)?;
        transaction.commit()?;
        self.erasures.fetch_add(dropped as u64, Ordering::SeqCst);
        if dropped > 0
            && let Err(error) = schema::empty_log(&self.connection)
        {
            tracing::warn!(%error, "an erased body stays in the write-ahead log until the next checkpoint");
        }
        if dropped > 0
            && let Err(error) = self.drop_blobs(&erased)
        {
            tracing::warn!(%error, "an erased attachment stays on the disk until the next start");
        }
        self.remember();
        Ok(())
    }

    fn remember(&mut self) {
        let Some(tip) = self.journal.dag().tip(&self.pen.chain) else { return };
        let Some(guard) = &mut self.guard else { return };
        let (journal, place, chain) = (self.journal.id(), self.place, self.pen.chain);
        if let Err(error) = guard.remember(&Memory { journal, place, chain, seq: tip.seq, id: tip.id }) {
            tracing::warn!(%error, "the outside witness could not be written");
        }
    }

    pub(crate) fn view(&self) -> View<F> {
        let view = View::of(&self.journal, self.state.clone(), Some(self.pen.chain), self.version);
        View { read_only: self.read_only.clone(), ..view }
    }

    fn publish(&mut self, shared: &Shared<F>) {
        self.version += 1;
        let view = Arc::new(self.view());
        shared.view.store(view.clone());
        if let Ok(listeners) = shared.listeners.lock() {
            listeners.iter().for_each(|tell| tell(&view));
        }
    }

    pub(crate) fn run(mut self, queue: &Receiver<Job<F>>, shared: &Shared<F>) {
        while let Ok(first) = queue.recv() {
            let mut group = Vec::new();
            let mut merge = None;
            let mut stop = false;
            let mut next = Some(first);
            while let Some(job) = next {
                match job {
                    Job::Submit(submission, answer) => group.push((submission, answer)),
                    Job::Merge(entries, answer) => merge = Some((entries, answer)),
                    Job::Stop => stop = true,
                }
                let go_on = merge.is_none() && !stop && group.len() < GROUP_MAX;
                next = if go_on { queue.try_recv().ok() } else { None };
            }
            self.write_group(group, shared);
            if let Some((entries, answer)) = merge {
                answer(self.merge(entries, shared).map_err(Arc::new));
            }
            if stop {
                return;
            }
        }
    }

    fn write_group(&mut self, group: Vec<(Submission, SubmitAnswer<F>)>, shared: &Shared<F>) {
        if group.is_empty() {
            return;
        }
        if let Some(why) = self.refusal() {
            let error = Arc::new(why);
            return group.into_iter().for_each(|(_, answer)| answer(Err(SubmitError::Store(error.clone()))));
        }
        let mut next = self.state.clone();
        let mut taken = Vec::new();
        let mut outcomes = Vec::with_capacity(group.len());
        for (submission, answer) in group {
            let outcome = self.prepare(submission, &mut next, &mut taken);
            outcomes.push((outcome, answer));
        }
        let error = if taken.is_empty() { None } else { self.settle(taken, next, shared).err().map(Arc::new) };
        for (outcome, answer) in outcomes {
            // Even a replay or a refusal may rest on entries of this very group.
            answer(error.as_ref().map_or(outcome, |error| Err(SubmitError::Store(error.clone()))));
        }
    }

    /// Checks and stamps one request on top of what is pending.
    fn prepare(
        &mut self,
        submission: Submission,
        next: &mut F,
        taken: &mut Vec<Taken>,
    ) -> Result<Receipt, SubmitError<F::Refusal>> {
        let Submission { request, author, drafts } = submission;
        if !self.journal.request(&request).is_empty() {
            return self.replay(&request, author, &drafts, taken);
        }
        self.check(&drafts, author, request, next)?;
        let written = self.stamp(author, request, drafts);
        let entries = written.iter().map(|one| one.entry.id).collect();
        for one in &written {
            fold::apply(next, &mut self.journal, one.index, &one.entry);
        }
        taken.extend(written);
        Ok(Receipt { entries, replayed: false })
    }

    fn check(&self, drafts: &[Draft], author: Author, request: RequestId, next: &F) -> Result<(), SubmitError<F::Refusal>> {
        if drafts.is_empty() {
            return Err(SubmitError::Size("rien à enregistrer"));
        }
        let too_big = |d: &Draft| d.body.len() > BODY_BYTES_MAX || d.blobs.len() > BLOBS_MAX;
        if drafts.len() > REQUEST_ENTRIES_MAX || drafts.iter().any(too_big) {
            return Err(SubmitError::Size("envoyez-la en plusieurs fois"));
        }
        let blobs = Blobs::of(&self.folder);
        if drafts.iter().flat_map(|d| &d.blobs).any(|b| !blobs.has(&b.hash, b.len)) {
            return Err(SubmitError::BlobMissing);
        }
        let mut scratch = None;
        for (at, draft) in drafts.iter().enumerate() {
            scratch.as_ref().unwrap_or(next).check(&author, draft).map_err(SubmitError::Refused)?;
            if at + 1 < drafts.len() {
                rehearse(
                    scratch.get_or_insert_with(|| next.clone()),
                    author,
                    request,
                    at,
                    draft,
                    self.journal.id(),
                    (self.env.now_ms)(),
                );
            }
        }
        Ok(())
    }

    /// A retry: the entries are there already, and must be the same.
    fn replay(
        &self,
        request: &RequestId,
        author: Author,
        drafts: &[Draft],
        pending: &[Taken],
    ) -> Result<Receipt, SubmitError<F::Refusal>> {
        let nodes: Vec<_> = self.journal.request(request).iter().map(|i| self.journal.dag().node(*i)).collect();
        // A request sent to two replicas that then met is there twice: any of the two answers.
        let first = nodes.first().map(|node| node.chain);
        let ids: Vec<EntryId> = nodes.iter().filter(|node| Some(node.chain) == first).map(|node| node.id).collect();
        let same = |(id, draft): (&EntryId, &Draft)| {
            let stored = rows::by_id(&self.connection, id).ok().flatten().and_then(|s| s.entry.ok());
            let entry = pending.iter().find(|t| t.entry.id == *id).map(|t| t.entry.clone()).or(stored);
            entry.is_some_and(|e| {
                let body = e.body.as_ref().is_none_or(|b| b.bytes == draft.body);
                e.header.author == author.actor && e.header.kind == draft.kind && e.header.subject == draft.subject && body
            })
        };
        if ids.len() == drafts.len() && ids.iter().zip(drafts).all(same) {
            return Ok(Receipt { entries: ids, replayed: true });
        }
        Err(SubmitError::RequestReused)
    }

    /// Commits what was prepared; on failure discards it and reads everything back.
    fn settle(&mut self, taken: Vec<Taken>, next: F, shared: &Shared<F>) -> Result<(), StoreError> {
        if let Err(error) = self.commit(&taken, |_| Ok(())) {
            return Err(self.discard(error, shared));
        }
        self.state = next;
        if let Some(last) = taken.last() {
            self.journal.mark_folded_to(last.index);
        }
        if self.journal.must_refold() {
            self.refold();
        }
        self.publish(shared);
        Ok(())
    }

    /// After a failed commit: the disk is full (try again later) or broken (stop acknowledging).
    fn discard(&mut self, error: StoreError, shared: &Shared<F>) -> StoreError {
        tracing::error!(%error, "commit failed: nothing was acknowledged");
        let error = match error {
            known @ (StoreError::Full | StoreError::Failed(_)) => known,
            other => StoreError::Failed(other.to_string()),
        };
        match load::load(&self.connection, self.journal.id(), &self.base) {
            Ok(Loaded { journal, state, damage: None, .. }) => {
                self.journal = journal;
                self.state = state;
                if matches!(error, StoreError::Failed(_)) {
                    self.read_only = Some(error.to_string());
                }
            }
            Ok(Loaded { damage: Some(what), .. }) => self.read_only = Some(what),
            Err(reload) => self.read_only = Some(reload.to_string()),
        }
        if self.read_only.is_some() {
            self.publish(shared);
        }
        error
    }

    /// Folds everything again. What was committed stays acknowledged even if it cannot be read back.
    fn refold(&mut self) {
        match load::refold(&self.connection, &mut self.journal, &self.base) {
            Ok(state) => self.state = state,
            Err(error) => self.read_only = Some(error.to_string()),
        }
    }
}

/// Applies a draft that is not stamped yet, so that the next draft of the same request is checked on top of it.
pub fn rehearse<F: Ruled>(
    state: &mut F,
    author: Author,
    request: RequestId,
    at: usize,
    draft: &Draft,
    journal: JournalId,
    wall: i64,
) {
    let part = Part { index: u16::try_from(at).unwrap_or(u16::MAX), count: u16::MAX };
    let placeholder = EntryId(journal::entry::sha256(&[request.as_bytes(), &at.to_be_bytes()].concat()).0);
    let header = Header {
        journal,
        chain: ChainId([0; 16]),
        seq: 0,
        prev: None,
        deps: Vec::new(),
        auth_head: None,
        hlc: 0,
        wall,
        author: author.actor,
        auth: author.auth,
        kind: draft.kind.clone(),
        kind_version: draft.kind_version,
        subject: draft.subject,
        request,
        part,
        body_hash: journal::Hash([0; 32]),
        body_len: 0,
        blobs: Vec::new(),
    };
    state.apply(&Seen { id: placeholder, header: &header, body: Some(&draft.body), standing: Standing::Full { rank: u8::MAX } });
}
