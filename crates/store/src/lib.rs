//! The only storage I/O: a data folder with one SQLite journal, blobs under their hash, keys and a lock.
//!
//! ```text
//! DIR/journal.db   entries and bodies (WAL, synchronous=FULL); never edited, see `schema`
//! DIR/access.db    accounts and sessions: secrets live outside the journal
//! DIR/blobs/ab/…   attachments under their SHA-256
//! DIR/keys/        this device's secret key, and the establishment's root key
//! DIR/lock         one writer per folder
//! ```
//! [`ledger::Ledger`] is the one place that writes: check against state and pending, commit (waiting writers
//! grouped), publish, answer.

pub mod access;
pub mod backup;
pub mod blobs;
pub mod error;
pub mod exchange;
pub mod folder;
pub mod guard;
pub mod ledger;
pub mod load;
pub mod past;
pub mod platform;
pub mod rows;
pub mod schema;
pub mod verify;
mod writer;

pub use error::StoreError;
pub use folder::Folder;
pub use ledger::{Env, Ledger, Options, Receipt, Submission, SubmitError, View};
pub use writer::rehearse;

use journal::Fold;
use journal::write::{Author, Draft};

/// A fold that knows what may be recorded.
pub trait Ruled: Fold + Send + Sync + 'static {
    /// Why something may not be recorded.
    type Refusal: std::error::Error + Clone + Send + 'static;

    /// May this be recorded now, by this author?
    ///
    /// # Errors
    /// A refusal, in words for the screen.
    fn check(&self, author: &Author, draft: &Draft) -> Result<(), Self::Refusal>;
}
