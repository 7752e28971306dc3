//! Writing: stamps drafts into signed entries of this device's own chain. One function stamps; nothing else does.

use crate::authority::AuthorityAct;
use crate::certificate::{CHAIN_OPENED, ChainOpened, chain_id};
use crate::clock;
use crate::engine::{Journal, Offer, PROGRAM, Taken};
use crate::entry::{Body, Entry, SALT_LEN};
use crate::header::{Auth, BlobRef, DEPS_MAX, Header, Part};
use crate::id::{ActorId, ChainId, EntryId, PublicKey, RequestId, SubjectId};
use ed25519_dalek::SigningKey;

/// Kind of the entry by which a replica says that it took entries in from another.
pub const MERGED: &str = "journal.merged";

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// Their account.
    pub actor: ActorId,
    /// How they had signed in.
    pub auth: Auth,
}

impl Author {
    /// The program itself.
    pub const PROGRAM: Self = Self { actor: PROGRAM, auth: Auth::None };
}

/// An event about to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Event type.
    pub kind: String,
    /// Its version.
    pub kind_version: u16,
    /// What it is about.
    pub subject: SubjectId,
    /// JSON text of its fields.
    pub body: Vec<u8>,
    /// Attachments, already stored.
    pub blobs: Vec<BlobRef>,
}

impl Draft {
    /// The draft of an authority act.
    pub fn of_act(act: &AuthorityAct) -> Self {
        Self::json(act.kind(), SubjectId([0; 16]), act)
    }

    /// The first entry of a chain.
    pub fn of_opening(opened: &ChainOpened) -> Self {
        Self::json(CHAIN_OPENED, SubjectId([0; 16]), opened)
    }

    /// Says that entries came from another replica. `None` when they only say so themselves: two replicas that go on
    /// exchanging must come to rest.
    pub fn of_merge(taken: &[Taken], parked: usize) -> Option<Self> {
        let news = taken.iter().any(|one| one.entry.header.kind != MERGED);
        let fields = MergeFields { accepted: taken.len() as u64, parked: parked as u64 };
        news.then(|| Self::json(MERGED, SubjectId([0; 16]), &fields))
    }

    /// Version 1 of a kind, its fields as JSON.
    pub fn json(kind: &str, subject: SubjectId, fields: &impl serde::Serialize) -> Self {
        let body = serde_json::to_vec(fields).unwrap_or_default();
        Self { kind: kind.to_owned(), kind_version: 1, subject, body, blobs: Vec::new() }
    }
}

/// Body of a [`MERGED`] entry.
#[derive(serde::Serialize)]
struct MergeFields {
    accepted: u64,
    parked: u64,
}

/// The moment and the chance an entry is written with; the core asks for neither itself.
pub struct Circumstances<'a> {
    /// The wall clock, milliseconds since 1970.
    pub wall_ms: i64,
    /// A source of random bytes.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

/// This device's pen: its key and the chain it extends.
#[derive(Debug, Clone)]
pub struct Pen {
    /// The device's secret key.
    pub device: SigningKey,
    /// Its chain in this journal.
    pub chain: ChainId,
}

impl Pen {
    /// The pen of a chain about to be opened by a request, which must be the one that writes its first entry.
    pub fn opening(device: SigningKey, request: &RequestId) -> Self {
        let chain = chain_id(&PublicKey(device.verifying_key().to_bytes()), request);
        Self { device, chain }
    }

    /// Stamps, signs and takes in the entries of one request, in order, as one atomic batch.
    ///
    /// The caller makes them durable before anybody is told, and rebuilds the journal from its store if it cannot.
    pub fn write(
        &self,
        journal: &mut Journal,
        author: Author,
        request: RequestId,
        drafts: Vec<Draft>,
        circumstances: &mut Circumstances<'_>,
    ) -> Vec<Taken> {
        let count = u16::try_from(drafts.len()).unwrap_or(u16::MAX);
        let mut written = Vec::with_capacity(drafts.len());
        for (index, draft) in (0u16..).zip(drafts) {
            let entry = self.stamp(journal, author, request, Part { index, count }, draft, circumstances);
            if let Offer::Accepted(taken) = journal.restore(entry) {
                written.extend(taken);
            }
        }
        debug_assert!(written.len() == usize::from(count), "one's own entries are always taken");
        written
    }

    fn stamp(
        &self,
        journal: &Journal,
        author: Author,
        request: RequestId,
        part: Part,
        draft: Draft,
        circumstances: &mut Circumstances<'_>,
    ) -> Entry {
        let dag = journal.dag();
        let tip = dag.tip(&self.chain);
        let prev = tip.map(|node| node.id);
        let mut deps: Vec<EntryId> = dag.heads().iter().filter(|id| Some(**id) != prev).copied().collect();
        deps.truncate(DEPS_MAX);
        let mut salt = [0; SALT_LEN];
        (circumstances.random)(&mut salt);
        let body = Body { salt, bytes: draft.body };
        let header = Header {
            journal: journal.id(),
            chain: self.chain,
            seq: tip.map_or(0, |node| node.seq + 1),
            prev,
            deps,
            auth_head: journal.auth_head(),
            hlc: clock::hlc(circumstances.wall_ms, dag.highest_ord()),
            wall: circumstances.wall_ms,
            author: author.actor,
            auth: author.auth,
            kind: draft.kind,
            kind_version: draft.kind_version,
            subject: draft.subject,
            request,
            part,
            body_hash: body.hash(),
            body_len: u32::try_from(body.bytes.len()).unwrap_or(u32::MAX),
            blobs: draft.blobs,
        };
        Entry::sign(header, body, &self.device)
    }
}
