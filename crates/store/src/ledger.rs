//! The ledger: one journal on one data folder, with one writer, and a published view that anybody reads without waiting.

use crate::Ruled;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::guard::{self, Guard};
use crate::load::{self, Loaded};
use crate::past::Archive;
use crate::rows;
use crate::schema;
use crate::writer::{Job, Shared, Writer};
use arc_swap::ArcSwap;
use journal::certificate::{Certificate, ChainOpened, Mode, OpeningReason, Origin};
use journal::write::{Author, Draft, Pen};
use journal::{ChainId, Entry, EntryId, Journal, JournalId, Nonce, PublicKey, RequestId};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

/// Most requests that may wait for the writer.
pub const QUEUE_MAX: usize = 4_096;
/// Most entries one request may write.
pub const REQUEST_ENTRIES_MAX: usize = journal::header::PARTS_MAX as usize;

/// Fills a buffer with unpredictable bytes.
pub type Random = dyn Fn(&mut [u8]) + Send + Sync;

/// Clock and chance, handed in by the program.
#[derive(Clone)]
pub struct Env {
    /// Milliseconds since 1970.
    pub now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Fills with unpredictable bytes.
    pub random: Arc<Random>,
}

impl Env {
    /// Random bytes of a fixed length.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}

/// How to open.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where outside witnesses live; `None` goes without (a restored folder is then not noticed).
    pub guard_dir: Option<PathBuf>,
    /// SQLite's `synchronous`, `FULL` when `None`. Anything else breaks promise 1: for the test that proves it.
    pub synchronous: Option<&'static str>,
}

/// One request: a client-made id, an author, and what to record, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Client-made; a retry with the same id writes nothing more.
    pub request: RequestId,
    /// Who.
    pub author: Author,
    /// What.
    pub drafts: Vec<Draft>,
}

/// Proof that a request is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its entries, in order.
    pub entries: Vec<EntryId>,
    /// Whether it had been recorded before: this was a retry.
    pub replayed: bool,
}

/// Why a request was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError<R: std::error::Error> {
    /// The rules say no.
    #[error(transparent)]
    Refused(R),
    /// The same request id was used for something else.
    #[error(
        "cette saisie a déjà été enregistrée avec un autre contenu : rechargez la page, relisez la main courante, puis corrigez l’entrée si besoin"
    )]
    RequestReused,
    /// Empty, or too many entries or bytes.
    #[error("cette saisie est vide ou trop grosse : {0}")]
    Size(&'static str),
    /// An attachment is not here.
    #[error("une pièce jointe n’a pas été reçue entière : envoyez-la de nouveau")]
    BlobMissing,
    /// Storage.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

/// One chain as shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainView {
    /// Its id.
    pub id: ChainId,
    /// Name of its device.
    pub device: String,
    /// Key of its device.
    pub key: PublicKey,
    /// Why it was opened.
    pub reason: OpeningReason,
    /// What an outside witness knew and the data had lost, when it was opened.
    pub lost: Option<u64>,
    /// Rank of its last entry.
    pub seq: u64,
    /// Its last entry.
    pub tip: EntryId,
    /// Where it forks.
    pub forked_at: Option<u64>,
    /// Whether this program writes it.
    pub ours: bool,
    /// Its device's enrolment, with which the device signs what leaves.
    pub certificate: Certificate,
}

/// What anybody reads: a consistent state, everything in it on disk.
#[derive(Debug, Clone)]
pub struct View<F> {
    /// The fold.
    pub state: F,
    /// Grows with each publication; 0 for a state of the past.
    pub version: u64,
    /// Real or exercise.
    pub mode: Mode,
    /// Entries in the journal.
    pub entries: u64,
    /// Entries that nothing follows.
    pub heads: Vec<EntryId>,
    /// Our chain's last entry: it covers everything known here.
    pub head: Option<EntryId>,
    /// When that entry's clock said it was written, milliseconds since 1970.
    pub head_wall: Option<i64>,
    /// All chains.
    pub chains: Vec<ChainView>,
    /// Entries that wait for a missing one.
    pub parked: usize,
    /// Why nothing may be written.
    pub read_only: Option<String>,
}

impl<F> View<F> {
    /// The view of a journal and its state, where `ours` is the chain written.
    pub(crate) fn of(journal: &Journal, state: F, ours: Option<ChainId>, version: u64) -> Self {
        let dag = journal.dag();
        let chain = |(id, chain): (&ChainId, &journal::engine::Chain)| {
            let tip = dag.tip(id)?;
            Some(ChainView {
                id: *id,
                device: chain.opened.certificate.name.clone(),
                key: chain.device,
                reason: chain.opened.reason,
                lost: chain.opened.lost.as_ref().map(|l| l.seq),
                seq: tip.seq,
                tip: tip.id,
                forked_at: dag.forked_at(id),
                ours: Some(*id) == ours,
                certificate: chain.opened.certificate.clone(),
            })
        };
        let tip = ours.and_then(|chain| dag.tip(&chain));
        Self {
            state,
            version,
            mode: journal.chains().values().next().map_or(Mode::Exercise, |c| c.opened.origin.mode),
            entries: dag.len() as u64,
            heads: dag.heads().iter().copied().collect(),
            head: tip.map(|tip| tip.id),
            head_wall: tip.map(|tip| tip.wall),
            chains: journal.chains().iter().filter_map(chain).collect(),
            parked: journal.parked().count(),
            read_only: None,
        }
    }
}

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeReport {
    /// Entries taken in.
    pub accepted: usize,
    /// Entries already here.
    pub known: usize,
    /// Entries that wait for a missing one.
    pub parked: usize,
    /// Entries not taken, with the reason.
    pub refused: Vec<(EntryId, String)>,
}

/// One journal on one data folder.
pub struct Ledger<F: Ruled> {
    shared: Arc<Shared<F>>,
    jobs: SyncSender<Job<F>>,
    thread: Option<std::thread::JoinHandle<()>>,
    folder: Folder,
}

/// How a new journal is founded.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Real or exercise.
    pub mode: Mode,
    /// Name of this device.
    pub device: String,
    /// Entries of the founding request after the opening of the chain: names and first roles.
    pub drafts: Vec<Draft>,
}

impl<F: Ruled> Ledger<F> {
    /// Founds a new journal in an empty folder: keys, first chain, first roles. Does not leave it open. Cut short, it
    /// leaves no journal and can be done again.
    ///
    /// # Errors
    /// The folder holds one already, or what the system says.
    pub fn found(folder: &Folder, founding: Founding, env: &Env, options: &Options) -> Result<JournalId, StoreError> {
        Self::found_from(folder, founding, Vec::new(), env, options)
    }

    /// Founds the branch of an exercise, which starts from these entries of the establishment's journal.
    ///
    /// # Errors
    /// As [`Ledger::found`].
    pub fn found_branch(
        folder: &Folder,
        founding: Founding,
        heads: Vec<EntryId>,
        env: &Env,
        options: &Options,
    ) -> Result<JournalId, StoreError> {
        Self::found_from(folder, founding, heads, env, options)
    }

    fn found_from(
        folder: &Folder,
        founding: Founding,
        branch_of: Vec<EntryId>,
        env: &Env,
        options: &Options,
    ) -> Result<JournalId, StoreError> {
        folder.create()?;
        let _lock = folder.lock()?;
        if folder.has_journal() {
            return Err(StoreError::AlreadyThere(folder.path().to_owned()));
        }
        let (root, device) = (folder.key_or_new("root.key", &env.bytes())?, folder.key_or_new("device.key", &env.bytes())?);
        let origin = Origin { root: PublicKey(root.verifying_key().to_bytes()), mode: founding.mode, nonce: Nonce(env.bytes()) };
        let id = origin.journal_id();
        let key = PublicKey(device.verifying_key().to_bytes());
        let certificate = Certificate::issue(&root, key, &founding.device, (env.now_ms)(), true);
        let opened = ChainOpened { origin, branch_of, certificate, reason: OpeningReason::Founded, lost: None };
        let request = RequestId(env.bytes());
        let pen = Pen::opening(device, &request);
        let mut journal = Journal::new(id, F::NEVER_ERASED);
        let drafts = std::iter::once(Draft::of_opening(&opened)).chain(founding.drafts).collect();
        let taken = crate::writer::stamp(&pen, &mut journal, Author::PROGRAM, request, drafts, env);
        let keyed = taken.iter().map(|one| (&one.entry, journal.dag().node(one.index).key()));
        schema::create(&folder.journal_db(), |connection| {
            rows::set_meta(connection, "journal", Some(&id.to_string()))?;
            keyed.clone().try_for_each(|(entry, key)| rows::insert(connection, entry, key))
        })?;
        remember_founding(&pen, &journal, folder, options);
        Ok(id)
    }

    /// Opens a folder for writing, and answers to nobody else while it is open. A damaged journal opens read-only.
    ///
    /// # Errors
    /// No journal, another writer, a newer format, or what the system says.
    pub fn open(folder: &Folder, env: Env, options: Options) -> Result<Self, StoreError> {
        Self::open_on(folder, F::default(), env, options)
    }

    /// Opens the branch of an exercise, whose state starts from the establishment's.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_on(folder: &Folder, base: F, env: Env, options: Options) -> Result<Self, StoreError> {
        if !folder.has_journal() {
            return Err(StoreError::NoJournal(folder.path().to_owned()));
        }
        let lock = folder.lock()?;
        let connection = schema::open_writer(&folder.journal_db(), options.synchronous.unwrap_or("FULL"))?;
        let id = rows::known_journal_id(&connection)?;
        let loaded: Loaded<F> = load::load(&connection, id, &base)?;
        let device = folder.read_key("device.key")?;
        let mut writer = Writer::new(connection, loaded, device, env, folder, options.guard_dir, lock);
        if writer.damage().is_none() {
            writer.begin()?;
            writer.finish_erasures();
        }
        let (jobs, queue) = std::sync::mpsc::sync_channel(QUEUE_MAX);
        let past = Archive::new(writer.erasures());
        let view = ArcSwap::from_pointee(writer.view());
        let shared = Arc::new(Shared { view, listeners: std::sync::Mutex::default(), id, past, base });
        let thread = {
            let shared = shared.clone();
            std::thread::Builder::new().name("journal-writer".to_owned()).spawn(move || writer.run(&queue, &shared))
        };
        let thread = Some(thread.map_err(StoreError::io(folder.path()))?);
        Ok(Self { shared, jobs, thread, folder: folder.clone() })
    }

    pub(crate) fn shared(&self) -> &Shared<F> {
        &self.shared
    }

    /// The journal's id.
    pub fn id(&self) -> JournalId {
        self.shared.id
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What is published now.
    pub fn view(&self) -> Arc<View<F>> {
        self.shared.view.load_full()
    }

    /// Calls back after each publication, from the writer's thread: must not block.
    pub fn on_publish(&self, listener: impl Fn(&View<F>) + Send + 'static) {
        if let Ok(mut listeners) = self.shared.listeners.lock() {
            listeners.push(Box::new(listener));
        }
    }

    /// Records a request; `answer` is called once it is on disk and published, or refused.
    pub fn submit(&self, submission: Submission, answer: impl FnOnce(Result<Receipt, SubmitError<F::Refusal>>) + Send + 'static) {
        let job = Job::Submit(submission, Box::new(answer));
        self.send(job);
    }

    fn send(&self, job: Job<F>) {
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(job)) => job.refuse(StoreError::Busy),
            Err(TrySendError::Disconnected(job)) => job.refuse(stopped()),
        }
    }

    /// Records a request and waits.
    ///
    /// # Errors
    /// Why it was not recorded.
    pub fn submit_wait(&self, submission: Submission) -> Result<Receipt, SubmitError<F::Refusal>> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        self.submit(submission, move |outcome| {
            // The receiver only goes away with the caller.
            let _ = tell.send(outcome);
        });
        told.recv().unwrap_or_else(|_| Err(SubmitError::Store(Arc::new(stopped()))))
    }

    /// Takes in entries from another replica, in any order, and waits.
    ///
    /// # Errors
    /// Storage errors; unsound entries are reported, not errors.
    pub fn merge(&self, entries: Vec<Entry>) -> Result<MergeReport, Arc<StoreError>> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let job = Job::Merge(
            entries,
            Box::new(move |outcome| {
                let _ = tell.send(outcome);
            }),
        );
        self.send(job);
        told.recv().unwrap_or_else(|_| Err(Arc::new(stopped())))
    }

    /// A connection for reading rows beside the writer.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn reader(&self) -> Result<Connection, StoreError> {
        schema::open_reader(&self.folder.journal_db())
    }
}

impl<F: Ruled> Drop for Ledger<F> {
    /// Waits for what is queued to be written and answered.
    fn drop(&mut self) {
        // A full queue or a dead writer ends by itself.
        let _ = self.jobs.send(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Failed("l’écrivain du journal s’est arrêté".to_owned())
}

fn remember_founding(pen: &Pen, journal: &Journal, folder: &Folder, options: &Options) {
    let Some(dir) = &options.guard_dir else { return };
    let Some(tip) = journal.dag().tip(&pen.chain) else { return };
    let (journal, place) = (journal.id(), guard::place(folder.path()));
    let memory = guard::Memory { journal, place, chain: pen.chain, seq: tip.seq, id: tip.id };
    let remembered = Guard::take(dir, &pen.chain, true).is_some_and(|(mut guard, _)| guard.remember(&memory).is_ok());
    if !remembered {
        tracing::warn!(dir = %dir.display(), "no outside witness can be written: a restored folder will not be noticed");
    }
}
