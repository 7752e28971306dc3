//! Everything that can happen. An intent is the event it would record: a form or a JSON call decodes into one of these.

use crate::capability::{Applies, Asked, Checked};
use crate::crisis::event::Attachment;
use crate::refusal::Refusal;
use crate::state::State;
use crate::{crisis, register};
use journal::write::{Author, Draft};
use journal::{BlobRef, Seen, SubjectId};

/// Declares the event types: one line each, `kind` / newest version => variant. A new version only adds fields that old
/// bodies lack and a default fills; where that is not enough, the change is another kind.
macro_rules! events {
    ($($kind:literal / $version:literal => $variant:ident($fields:ty)),+ $(,)?) => {
        /// An event of some capability.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $(#[doc = concat!("`", $kind, "`, version ", $version, ".")] $variant($fields)),+
        }

        impl Event {
            /// Every kind this program knows, with its newest version.
            pub const KINDS: &'static [(&'static str, u16)] = &[$(($kind, $version)),+];

            /// Reads an event of its newest version or an older one; `None` for a kind, version or body this program does not know.
            pub fn decode(kind: &str, version: u16, body: &[u8]) -> Option<Self> {
                match (kind, version) {
                    $(($kind, 1..=$version) => serde_json::from_slice(body).ok().map(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind),+ }
            }

            /// May it be recorded now, about this subject, by this author?
            pub(crate) fn check(&self, state: &State, author: &Author, subject: SubjectId) -> Result<(), Refusal> {
                match self { $(Self::$variant(event) => event.check(&Asked { state, author, subject, kind: $kind })),+ }
            }

            /// The state after it.
            pub(crate) fn apply(self, state: &mut State, entry: &Seen<'_>) {
                match self { $(Self::$variant(event) => event.apply(state, entry)),+ }
            }

            fn attachments(&self) -> &[Attachment] {
                match self { $(Self::$variant(event) => event.attachments()),+ }
            }

            fn version_and_body(&self) -> (u16, Vec<u8>) {
                match self { $(Self::$variant(fields) => ($version, serde_json::to_vec(fields).unwrap_or_default())),+ }
            }
        }
    };
}

events! {
    "register.establishment_named" / 1 => EstablishmentNamed(register::event::EstablishmentNamed),
    "register.person_named" / 1 => PersonNamed(register::event::PersonNamed),
    "crisis.opened" / 2 => CrisisOpened(crisis::event::CrisisOpened),
    "crisis.entry_logged" / 2 => EntryLogged(crisis::event::Logged),
    "crisis.decision_taken" / 2 => DecisionTaken(crisis::event::Logged),
    "crisis.entry_corrected" / 1 => EntryCorrected(crisis::event::EntryCorrected),
    "crisis.task_assigned" / 2 => TaskAssigned(crisis::event::TaskAssigned),
}

impl Event {
    /// The event as a draft about a subject. Attachments named in the event are repeated in the header.
    pub fn draft(&self, subject: SubjectId) -> Draft {
        let (kind_version, body) = self.version_and_body();
        Draft { kind: self.kind().to_owned(), kind_version, subject, body, blobs: self.blobs() }
    }

    fn blobs(&self) -> Vec<BlobRef> {
        self.attachments().iter().map(|a| BlobRef { hash: a.hash, len: a.len }).collect()
    }
}
