//! The guard: a witness of one's own chain, kept outside the data folder and its backups.
//!
//! When the folder was restored, copied or rolled back, the guard knows a later entry than the database (or is not
//! there at all), and the device opens a new chain instead of writing a second history of the old one. The guard is
//! locked while its chain is being written, so that two copies of a folder on one machine never share a chain.

use crate::platform;
use journal::entry::sha256;
use journal::{ChainId, EntryId, Hash, JournalId};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a guard file: one disk sector, so that one write replaces the whole.
const GUARD_BYTES: usize = 512;

/// What the guard remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The journal.
    pub journal: JournalId,
    /// The data folder it was written in, see [`place`].
    pub place: Hash,
    /// The chain.
    pub chain: ChainId,
    /// Rank of the last entry acknowledged.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
}

impl Memory {
    /// Whether its loss would be a loss: more than the opening of a chain was written.
    pub fn is_worth_keeping(&self) -> bool {
        self.seq > 0
    }
}

/// A guard held by this process.
#[derive(Debug)]
pub struct Guard {
    file: File,
}

fn path(dir: &Path, chain: &ChainId) -> PathBuf {
    dir.join(format!("{chain}.json"))
}

/// Names a data folder of this machine: SHA-256 of its path.
pub fn place(folder: &Path) -> Hash {
    let path = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    sha256(path.as_os_str().as_encoded_bytes())
}

fn parse(text: &str) -> Option<Memory> {
    serde_json::from_str(text.trim_end_matches([' ', '\n', '\0'])).ok()
}

/// What this machine remembers of a journal, by chain, without taking any guard; unreadable ones are left out.
pub fn memories(dir: &Path, journal: &JournalId) -> Vec<Memory> {
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let mut found: Vec<Memory> = texts.filter_map(|text| parse(&text)).filter(|m| m.journal == *journal).collect();
    found.sort_by_key(|memory| memory.chain);
    found
}

impl Guard {
    /// Takes the guard of a chain, creating it when `create` says so; `None` when it is absent or held elsewhere.
    pub fn take(dir: &Path, chain: &ChainId, create: bool) -> Option<(Self, Option<Memory>)> {
        let path = path(dir, chain);
        if !create && !path.is_file() {
            return None;
        }
        std::fs::create_dir_all(dir).ok()?;
        let mut file = platform::lock_file(&path).ok()?;
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        Some((Self { file }, parse(&text)))
    }

    /// Remembers the last entry of the chain. Not synced: after a power cut the guard may be behind the database,
    /// which is harmless, and is never ahead of it.
    ///
    /// # Errors
    /// What the system says.
    pub fn remember(&mut self, memory: &Memory) -> std::io::Result<()> {
        let mut text = serde_json::to_string(memory).unwrap_or_default();
        text.extend(std::iter::repeat_n(' ', GUARD_BYTES.saturating_sub(text.len() + 1)));
        text.push('\n');
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())
    }
}
