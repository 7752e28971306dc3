//! One device: its key, its disk, its clock, the memory it keeps outside its data, and the program when it runs.
//!
//! Mirrors the policy of `store::writer` and `store::load` (what is committed with what, when to fold again, when to
//! open a new chain); what is not policy is shared with them in `journal`.

use crate::chance::Chance;
use crate::clock::Clock;
use crate::disk::{Disk, Refusal, Transaction};
use crate::faults::Fault;
use domain::State;
use journal::certificate::{Certificate, ChainOpened, Lost, OpeningReason, Origin, chain_id};
use journal::fold::{self, Replay};
use journal::write::{Author, Circumstances, Draft, Pen};
use journal::{ChainId, Entry, EntryId, Fold, Journal, JournalId, Offer, PublicKey, RequestId, SigningKey, Standing, Taken};
use std::collections::BTreeMap;

/// Where the power goes during a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashPoint {
    /// Before the disk has synced.
    BeforeSync,
    /// Between the sync and the answer.
    BeforeAnswer,
}

/// Why nothing was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The disk said no.
    Disk(Refusal),
    /// The power went.
    Crashed,
    /// Nothing is written since the disk failed.
    ReadOnly,
}

/// The program while it runs: all of this is gone after a crash.
#[derive(Debug, Clone)]
pub struct Running {
    /// The journal.
    pub journal: Journal,
    /// Its fold.
    pub state: State,
    /// The pen of the chain it writes.
    pub pen: Pen,
    /// Whether it only reads, its disk having failed.
    pub read_only: bool,
    /// What is in its store.
    pub stored: BTreeMap<EntryId, Entry>,
}

/// One device.
#[derive(Debug, Clone)]
pub struct Replica {
    /// Its number.
    pub number: usize,
    /// Its secret key.
    pub device: SigningKey,
    /// Its enrolment.
    pub certificate: Certificate,
    /// What the journal's id commits to.
    pub origin: Origin,
    /// Its disk.
    pub disk: Disk,
    /// What it remembers of its chains outside its data: the last entry of each.
    pub guard: BTreeMap<ChainId, (u64, EntryId)>,
    /// The same before the last write: the guard is not synced.
    pub guard_before: BTreeMap<ChainId, (u64, EntryId)>,
    /// Whether its data were restored from a backup, as noted in them.
    pub restored: bool,
    /// Its clock.
    pub clock: Clock,
    /// Whether somebody else has its key and writes what they like.
    pub hostile: bool,
    /// Whether the whole machine was once put back to an older image, unnoticed.
    pub rolled_back: bool,
    /// Where the power goes during its next commit.
    pub crash_at: Option<CrashPoint>,
    /// Its chance.
    pub chance: Chance,
    /// What is wrong with its program.
    pub fault: Fault,
    /// The program, when the power is on.
    pub running: Option<Running>,
    /// The true time, which it does not know.
    pub true_ms: i64,
}

impl Replica {
    /// Its public key.
    pub fn key(&self) -> PublicKey {
        PublicKey(self.device.verifying_key().to_bytes())
    }

    fn id(&self) -> JournalId {
        self.origin.journal_id()
    }

    /// The power goes.
    pub fn crash(&mut self) {
        self.running = None;
        self.crash_at = None;
        self.disk.crash(&mut self.chance);
        if self.chance.percent(30) {
            self.guard = self.guard_before.clone();
        }
    }

    /// The program starts: reads its disk back and takes its chain, or opens another.
    pub fn start(&mut self) {
        let transactions = self.disk.recover();
        let (journal, state, stored) = load(self.id(), &transactions);
        let pen = Pen { device: self.device.clone(), chain: ChainId([0; 16]) };
        let mut running = Running { journal, state, pen, read_only: false, stored };
        if self.take_chain(&mut running).is_err() {
            (running.journal, running.state, running.stored) = load(self.id(), &self.disk.read());
            running.read_only = true;
        }
        self.running = Some(running);
    }

    /// Continues this device's chain when the outside memory agrees, else opens a new one.
    fn take_chain(&mut self, running: &mut Running) -> Result<(), Stopped> {
        let (key, dag) = (self.key(), running.journal.dag());
        let ours: Vec<ChainId> = running.journal.chains().iter().filter(|(_, c)| c.device == key).map(|(id, _)| *id).collect();
        let declared: Vec<EntryId> = running.journal.chains().values().filter_map(|c| Some(c.opened.lost?.id)).collect();
        let remembered = |(_, id): &(u64, EntryId)| dag.index(id).is_some();
        let lost = self.guard.iter().filter(|(_, memory)| !remembered(memory) && !declared.contains(&memory.1));
        let mut lost: Vec<Lost> = lost.map(|(chain, (seq, id))| Lost { chain: *chain, seq: *seq, id: *id }).collect();
        let careless = self.fault == Fault::ReusesItsChain;
        let agrees = |chain: &ChainId| careless || self.guard.get(chain).is_some_and(remembered);
        let straight = ours.iter().find(|c| dag.forked_at(c).is_none() && agrees(c));
        if let Some(chain) = straight.filter(|_| careless || lost.is_empty() && !self.restored) {
            running.pen.chain = *chain;
            self.restored = false;
            return Ok(());
        }
        let reason = match (ours.is_empty(), self.restored) {
            (true, _) => OpeningReason::NewDevice,
            (_, true) => OpeningReason::Restored,
            _ => OpeningReason::WitnessMismatch,
        };
        loop {
            let taken = self.new_chain(running, reason, lost.pop());
            self.commit(running, taken.clone(), Transaction::default())?;
            self.restored = false;
            fold::absorb(&mut running.state, &mut running.journal, taken);
            if lost.is_empty() {
                return Ok(());
            }
        }
    }

    /// Opens a new chain of this device; not stored yet.
    pub(crate) fn new_chain(&mut self, running: &mut Running, reason: OpeningReason, lost: Option<Lost>) -> Vec<Taken> {
        let request = RequestId(self.chance.bytes());
        running.pen.chain = chain_id(&self.key(), &request);
        let certificate = self.certificate.clone();
        let opened = ChainOpened { origin: self.origin, branch_of: Vec::new(), certificate, reason, lost };
        self.stamp(running, Author::PROGRAM, request, vec![Draft::of_opening(&opened)])
    }

    /// Stamps drafts with this device's clock and chance.
    pub(crate) fn stamp(&mut self, running: &mut Running, author: Author, request: RequestId, drafts: Vec<Draft>) -> Vec<Taken> {
        let chance = &mut self.chance;
        let mut random = |bytes: &mut [u8]| chance.fill(bytes);
        let mut circumstances = Circumstances { wall_ms: self.clock.now(self.true_ms), random: &mut random };
        running.pen.write(&mut running.journal, author, request, drafts, &mut circumstances)
    }

    /// Makes entries durable, with the bodies that go or come, then tells the outside memory.
    pub(crate) fn commit(&mut self, running: &mut Running, taken: Vec<Taken>, also: Transaction) -> Result<(), Stopped> {
        let dropped = if running.journal.must_refold() { running.journal.drop_erased() } else { Vec::new() };
        let ord = |one: &Taken| running.journal.dag().node(one.index).ord;
        let entries = taken.into_iter().map(|one| (ord(&one), one.entry)).collect();
        let transaction = Transaction { entries, dropped, ..also };
        if self.crash_at.take_if(|at| *at == CrashPoint::BeforeSync).is_some() {
            self.disk.append(self.id(), &transaction);
            return Err(Stopped::Crashed);
        }
        self.disk.commit(self.id(), &transaction, self.fault).map_err(Stopped::Disk)?;
        keep(&mut running.stored, transaction);
        self.guard_before = self.guard.clone();
        if let Some(tip) = running.journal.dag().tip(&running.pen.chain) {
            self.guard.insert(running.pen.chain, (tip.seq, tip.id));
        }
        match self.crash_at.take() {
            Some(_) => Err(Stopped::Crashed),
            None => Ok(()),
        }
    }

    /// After a failed commit: what was prepared is forgotten; after a failed sync nothing more is written.
    pub(crate) fn discard(&mut self, running: &mut Running, stopped: Stopped) {
        (running.journal, running.state, running.stored) = load(self.id(), &self.disk.read());
        running.read_only |= stopped == Stopped::Disk(Refusal::SyncFailed);
    }

    /// Folds again what reached back.
    pub(crate) fn refold_if_needed(&self, running: &mut Running) -> bool {
        let must = running.journal.must_refold() && self.fault != Fault::FoldsOnlyForward;
        if must {
            running.state = refolded(&mut running.journal, &running.stored);
            running.journal.mark_folded();
        }
        must
    }
}

/// The fold of everything from nothing, in the total order.
pub fn refolded(journal: &mut Journal, stored: &BTreeMap<EntryId, Entry>) -> State {
    let mut state = State::default();
    for index in journal.order() {
        if let Some(entry) = stored.get(&journal.dag().node(index).id) {
            fold::apply(&mut state, journal, index, entry);
        }
    }
    state
}

fn keep(stored: &mut BTreeMap<EntryId, Entry>, transaction: Transaction) {
    let entries = transaction.entries.into_iter().map(|(_, entry)| entry);
    stored.extend(entries.chain(transaction.completed).map(|entry| (entry.id, entry)));
    for id in &transaction.dropped {
        if let Some(entry) = stored.get_mut(id) {
            entry.body = None;
        }
    }
}

/// What a disk holds.
pub fn load(journal: JournalId, transactions: &[Transaction]) -> (Journal, State, BTreeMap<EntryId, Entry>) {
    let (mut stored, mut order, mut parked) = (BTreeMap::new(), Vec::new(), Vec::new());
    for transaction in transactions {
        order.extend(transaction.entries.iter().map(|(ord, e)| (*ord, e.header.chain, e.header.seq, e.id)));
        keep(&mut stored, transaction.clone());
        parked = transaction.parked.clone().unwrap_or(parked);
    }
    order.sort_unstable();
    let mut journal = Journal::new(journal, State::NEVER_ERASED);
    let mut replay = Replay::on(State::default());
    for (.., id) in order {
        if let Some(entry) = stored.get(&id)
            && let Offer::Accepted(taken) = journal.restore(entry.clone())
        {
            replay.take(&mut journal, taken);
        }
    }
    let (mut state, again) = replay.finish(&mut journal);
    for entry in parked {
        let _: Offer = journal.offer(entry);
    }
    if again {
        state = refolded(&mut journal, &stored);
        journal.mark_folded();
    }
    (journal, state, stored)
}

impl Running {
    /// What an entry is worth here; `None` when it is not here.
    pub fn standing(&mut self, id: &EntryId) -> Option<Standing> {
        let index = self.journal.dag().index(id)?;
        Some(self.journal.standing(index))
    }
}
