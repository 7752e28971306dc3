//! Everything that can happen. An intent is the event it would record: a form or a JSON call decodes into one of these.

use crate::{crisis, register};
use journal::write::Draft;
use journal::{BlobRef, SubjectId};

/// Declares the event types: one line each, `kind` / version => variant.
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

            /// Reads an event. Old versions are upcast here; `None` for a kind, version or body this program does not know.
            pub fn decode(kind: &str, version: u16, body: &[u8]) -> Option<Self> {
                match (kind, version) {
                    $(($kind, $version) => serde_json::from_slice(body).ok().map(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind),+ }
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
    "crisis.opened" / 1 => CrisisOpened(crisis::event::CrisisOpened),
    "crisis.entry_logged" / 1 => EntryLogged(crisis::event::Logged),
    "crisis.decision_taken" / 1 => DecisionTaken(crisis::event::Logged),
    "crisis.entry_corrected" / 1 => EntryCorrected(crisis::event::EntryCorrected),
    "crisis.task_assigned" / 1 => TaskAssigned(crisis::event::TaskAssigned),
}

impl Event {
    /// The event as a draft about a subject. Attachments named in the event are repeated in the header.
    pub fn draft(&self, subject: SubjectId) -> Draft {
        let (kind_version, body) = self.version_and_body();
        Draft { kind: self.kind().to_owned(), kind_version, subject, body, blobs: self.blobs() }
    }

    fn blobs(&self) -> Vec<BlobRef> {
        match self {
            Self::EntryLogged(logged) | Self::DecisionTaken(logged) => {
                logged.attachments.iter().map(|a| BlobRef { hash: a.hash, len: a.len }).collect()
            }
            _ => Vec::new(),
        }
    }
}
