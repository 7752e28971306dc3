//! Seen again: the state as this replica knew it at a moment.
//!
//! A moment stands for the last entry *written here* by then: an entry names all heads known when it is written, so that
//! its causal past is everything that had come before it, and nothing that came later. What a merge brought counts from
//! the entry that says so, whatever its authors' clocks said.

use crate::Ruled;
use crate::error::StoreError;
use crate::ledger::{Ledger, View};
use crate::{load, rows};
use journal::{ChainId, EntryId};
use rusqlite::Connection;
use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most past states kept, for those who go to and fro between a few moments.
pub const PAST_VIEWS_MAX: usize = 4;

/// What was known at a moment. Times are milliseconds since 1970, by this replica's clock.
#[derive(Debug, Clone)]
pub struct Past<F> {
    /// The state then, authority judged with what was known then; its version is 0.
    pub view: Arc<View<F>>,
    /// When the first entry was written here.
    pub first: i64,
    /// When the entry before the last one of that moment was written here.
    pub before: Option<i64>,
    /// When the next entry was written here.
    pub after: Option<i64>,
}

/// Past states, and where they are to be found.
pub(crate) struct Archive<F> {
    moments: Mutex<Moments>,
    kept: Mutex<VecDeque<Kept<F>>>,
    /// Held while a past is folded: one at a time.
    folding: Mutex<()>,
    /// How many commits dropped words: what was folded before one of them may still hold them.
    erasures: Arc<AtomicU64>,
}

struct Kept<F> {
    row: i64,
    erasures: u64,
    view: Arc<View<F>>,
}

/// Entries written here, in order of arrival.
#[derive(Default)]
struct Moments {
    read_to: i64,
    /// Row and wall time.
    written: Vec<(i64, i64)>,
    walls: BTreeSet<i64>,
}

impl Moments {
    /// Takes in the rows that came since.
    fn read_on(&mut self, connection: &Connection) -> Result<(), StoreError> {
        // A merge's rows and the note that says so are seen together.
        let connection = connection.unchecked_transaction()?;
        let merged = rows::merged(&connection)?;
        rows::headers_after(&connection, self.read_to, |n, header| {
            self.read_to = n;
            if let Some(header) = header
                && !merged.iter().any(|rows| rows.contains(&n))
            {
                self.written.push((n, header.wall));
                self.walls.insert(header.wall);
            }
        })
    }

    /// Row of the last entry written by then.
    fn row_at(&self, at_ms: i64) -> Option<i64> {
        self.written.iter().rev().find(|(_, wall)| *wall <= at_ms).map(|(row, _)| *row)
    }

    /// First moment of all, the one before the last by then, and the next.
    fn around(&self, at_ms: i64) -> (i64, Option<i64>, Option<i64>) {
        let first = self.walls.first().copied().unwrap_or(at_ms);
        let before = self.walls.range(..=at_ms).rev().nth(1).copied();
        let after = at_ms.checked_add(1).and_then(|next| self.walls.range(next..).next().copied());
        (first, before, after)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F: Ruled> Archive<F> {
    pub(crate) fn new(erasures: Arc<AtomicU64>) -> Self {
        Self { moments: Mutex::default(), kept: Mutex::default(), folding: Mutex::default(), erasures }
    }

    /// A state that is still here, and still holds nothing that was erased since.
    fn kept(&self, row: i64) -> Option<Arc<View<F>>> {
        let erasures = self.erasures.load(Ordering::SeqCst);
        let mut kept = locked(&self.kept);
        kept.retain(|one| one.erasures == erasures);
        let at = kept.iter().position(|one| one.row == row)?;
        let found = kept.remove(at)?;
        let view = found.view.clone();
        kept.push_back(found);
        Some(view)
    }

    fn keep(&self, row: i64, erasures: u64, view: Arc<View<F>>) {
        let mut kept = locked(&self.kept);
        while kept.len() >= PAST_VIEWS_MAX {
            kept.pop_front();
        }
        kept.push_back(Kept { row, erasures, view });
    }
}

impl<F: Ruled> Ledger<F> {
    /// What this replica knew at a moment (milliseconds since 1970): the causal past of the last entry written here by
    /// then. Words erased since stay erased. Reads everything up to then from the store unless it was asked for lately:
    /// not for a thread that must answer others.
    ///
    /// # Errors
    /// [`StoreError::BeforeAll`] for a moment before the first entry, or what SQLite says.
    pub fn past(&self, at_ms: i64) -> Result<Past<F>, StoreError> {
        let connection = self.reader()?;
        let archive = &self.shared().past;
        let (row, (first, before, after)) = {
            let mut moments = locked(&archive.moments);
            moments.read_on(&connection)?;
            (moments.row_at(at_ms), moments.around(at_ms))
        };
        let row = row.ok_or(StoreError::BeforeAll)?;
        Ok(Past { view: self.at_row(&connection, row)?, first, before, after })
    }

    /// What was known when the last of these entries was written or came: what an exercise's branch starts from.
    ///
    /// # Errors
    /// [`StoreError::BeforeAll`] when none of them is here, or what SQLite says.
    pub fn known_with(&self, heads: &[EntryId]) -> Result<Arc<View<F>>, StoreError> {
        let connection = self.reader()?;
        let mut last = None;
        for head in heads {
            last = last.max(rows::number_of(&connection, head)?);
        }
        self.at_row(&connection, last.ok_or(StoreError::BeforeAll)?)
    }

    /// What was known when a row was written.
    fn at_row(&self, connection: &Connection, row: i64) -> Result<Arc<View<F>>, StoreError> {
        let now = self.view();
        if i64::try_from(now.entries) == Ok(row) {
            return Ok(now);
        }
        let archive = &self.shared().past;
        if let Some(view) = archive.kept(row) {
            return Ok(view);
        }
        let _one_at_a_time = locked(&archive.folding);
        // Somebody else may have asked for the same moment meanwhile.
        if let Some(view) = archive.kept(row) {
            return Ok(view);
        }
        let erasures = archive.erasures.load(Ordering::SeqCst);
        let view = Arc::new(fold(connection, self, row)?);
        archive.keep(row, erasures, view.clone());
        Ok(view)
    }
}

/// Folds everything that had come when a row was written.
fn fold<F: Ruled>(connection: &Connection, ledger: &Ledger<F>, row: i64) -> Result<View<F>, StoreError> {
    let connection = connection.unchecked_transaction()?;
    let (journal, state) = load::load_past::<F>(&connection, ledger.id(), &ledger.shared().base, row)?;
    let chain: Option<ChainId> = rows::chain_of(&connection, row)?;
    Ok(View::of(&journal, state, chain, 0))
}
