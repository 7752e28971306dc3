//! A disk: what was synced stays, what was not may be lost or torn when the power goes.
//!
//! It holds a log of transactions, each framed with its length and a checksum, as a write-ahead log does: a torn
//! transaction is recognised and is as if it had never been.

use crate::chance::Chance;
use crate::faults::Fault;
use journal::bundle::{self, Reader};
use journal::entry::sha256;
use journal::{Entry, EntryId, JournalId};

const CHECKSUM_LEN: usize = 8;
const FRAME_HEAD_LEN: usize = 4 + CHECKSUM_LEN;

/// What is written together or not at all.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    /// Entries taken in, with their rank in time.
    pub entries: Vec<(u64, Entry)>,
    /// Entries whose body has come.
    pub completed: Vec<Entry>,
    /// Entries whose body is dropped.
    pub dropped: Vec<EntryId>,
    /// Entries that wait from now on; `None` leaves them as they were.
    pub parked: Option<Vec<Entry>>,
}

/// Why nothing was made durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No room left: nothing was written.
    Full,
    /// The sync failed: nobody knows what is on the disk.
    SyncFailed,
}

/// One machine's disk.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    durable: Vec<u8>,
    cached: Vec<u8>,
    /// Whether it refuses to write.
    pub full: bool,
    /// Whether its next sync fails.
    pub sync_fails: bool,
}

impl Disk {
    /// Writes a transaction and makes it durable.
    ///
    /// # Errors
    /// The disk says no, and then nothing may be acknowledged.
    pub fn commit(&mut self, journal: JournalId, transaction: &Transaction, fault: Fault) -> Result<(), Refusal> {
        self.append(journal, transaction);
        if self.full {
            self.cached.clear();
            return Err(Refusal::Full);
        }
        self.sync(fault)
    }

    /// Writes without syncing: what a crash in the middle of a commit leaves.
    pub fn append(&mut self, journal: JournalId, transaction: &Transaction) {
        let payload = encode(journal, transaction);
        self.cached.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.cached.extend(&sha256(&payload).0[..CHECKSUM_LEN]);
        self.cached.extend(payload);
    }

    fn sync(&mut self, fault: Fault) -> Result<(), Refusal> {
        if std::mem::take(&mut self.sync_fails) {
            return Err(Refusal::SyncFailed);
        }
        if fault != Fault::AcknowledgesBeforeSync {
            self.durable.append(&mut self.cached);
        }
        Ok(())
    }

    /// The power goes: of what was not synced, nothing, a part, or everything is there afterwards, some of it damaged.
    pub fn crash(&mut self, chance: &mut Chance) {
        let mut left = std::mem::take(&mut self.cached);
        match chance.below(3) {
            0 => left.clear(),
            1 => left.truncate(chance.below(left.len())),
            _ => {}
        }
        if !left.is_empty() && chance.percent(30) {
            let at = chance.below(left.len());
            left[at] ^= 1 << chance.below(8);
        }
        self.durable.extend(left);
    }

    /// All whole transactions, oldest first. What follows the first damaged one is cut off, as when a log is recovered.
    pub fn recover(&mut self) -> Vec<Transaction> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((transaction, next)) = frame(&self.durable, at) {
            found.push(transaction);
            at = next;
        }
        self.durable.truncate(at);
        found
    }

    /// What is synced, read without touching it.
    pub fn read(&self) -> Vec<Transaction> {
        Self { durable: self.durable.clone(), ..Self::default() }.recover()
    }

    /// An image of what is synced.
    pub fn image(&self) -> Vec<u8> {
        self.durable.clone()
    }

    /// Puts an image back.
    pub fn restore(&mut self, image: Vec<u8>) {
        (self.durable, self.cached) = (image, Vec::new());
    }
}

fn encode(journal: JournalId, transaction: &Transaction) -> Vec<u8> {
    let ords: Vec<u8> = transaction.entries.iter().flat_map(|(ord, _)| ord.to_le_bytes()).collect();
    let dropped: Vec<u8> = transaction.dropped.iter().flat_map(|id| id.0).collect();
    let parked = transaction.parked.as_ref();
    let parts = [
        ords,
        bundle::encode(journal, transaction.entries.iter().map(|(_, entry)| entry)),
        bundle::encode(journal, transaction.completed.iter()),
        dropped,
        parked.map_or(Vec::new(), |parked| bundle::encode(journal, parked.iter())),
    ];
    let mut out = Vec::new();
    for part in parts {
        out.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend(part);
    }
    out
}

fn frame(log: &[u8], at: usize) -> Option<(Transaction, usize)> {
    let head = log.get(at..at + FRAME_HEAD_LEN)?;
    let len = usize::try_from(u32::from_le_bytes(head[..4].try_into().ok()?)).ok()?;
    let next = (at + FRAME_HEAD_LEN).checked_add(len)?;
    let payload = log.get(at + FRAME_HEAD_LEN..next)?;
    (sha256(payload).0[..CHECKSUM_LEN] == head[4..]).then(|| decode(payload))?.map(|transaction| (transaction, next))
}

fn decode(mut payload: &[u8]) -> Option<Transaction> {
    let mut part = || {
        let (len, rest) = payload.split_at_checked(4)?;
        let len = usize::try_from(u32::from_le_bytes(len.try_into().ok()?)).ok()?;
        let (part, rest) = rest.split_at_checked(len)?;
        payload = rest;
        Some(part)
    };
    let (ords, taken, completed, dropped, parked) = (part()?, part()?, part()?, part()?, part()?);
    let entries = |bytes| Reader::new(bytes).ok()?.collect::<Result<Vec<Entry>, _>>().ok();
    let ords = ords.chunks_exact(8).map(|ord| ord.try_into().map_or(0, u64::from_le_bytes));
    Some(Transaction {
        entries: ords.zip(entries(taken)?).collect(),
        completed: entries(completed)?,
        dropped: dropped.chunks_exact(EntryId::LEN).filter_map(EntryId::from_slice).collect(),
        parked: if parked.is_empty() { None } else { Some(entries(parked)?) },
    })
}
