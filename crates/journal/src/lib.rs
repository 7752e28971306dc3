//! The journal: a set of signed entries that only grows.
//!
//! One establishment is one journal; an exercise is a journal of its own that branches from it. An entry is a signed
//! [`header::Header`] and a salted, detachable body; entries of one device form a chain; chains meet in a causal
//! graph ([`dag`]); authority is judged from the entries alone ([`authority`]); state is a [`fold`] over them.
//! Nothing here does I/O, reads a clock or draws a random number: bytes in, bytes out.

pub mod authority;
mod batches;
pub mod bundle;
pub mod certificate;
pub mod clock;
pub mod dag;
pub mod engine;
pub mod entry;
pub mod fold;
pub mod header;
pub mod id;
pub mod parking;
pub mod verify;
pub mod witness;
pub mod words;
pub mod write;

pub use authority::{AuthorityAct, Standing};
pub use ed25519_dalek::SigningKey;
pub use engine::{Journal, Offer, Refused, Taken};
pub use entry::{Body, Entry};
pub use fold::{Fold, Seen};
pub use header::{Auth, BlobRef, Header};
pub use id::{ActorId, ChainId, EntryId, Hash, JournalId, Nonce, PublicKey, RequestId, Signature, SubjectId};
pub use write::{Author, Circumstances, Draft, Pen};
