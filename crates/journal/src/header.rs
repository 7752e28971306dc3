//! The signed header: deterministic CBOR, for ever.
//!
//! A map of ascending integer keys, absent when empty, integers in their shortest form (RFC 8949, section 4.2.1).
//! The signed bytes are stored and never re-encoded; a decoder that meets any other encoding refuses it, so one
//! header has one form. The golden bytes in `tests/golden.rs` pin it.

use crate::id::{ActorId, ChainId, EntryId, Hash, JournalId, RequestId, SubjectId};
use minicbor::{Decoder, Encoder};

/// Version of the header's layout.
pub const HEADER_VERSION: u8 = 1;
/// The one suite of algorithms so far: SHA-256 and Ed25519.
pub const ALG_SHA256_ED25519: u8 = 1;
/// Most bytes a header may have.
pub const HEADER_BYTES_MAX: usize = 8 * 1024;
/// Most foreign heads one entry may name; the others wait for the next entry.
pub const DEPS_MAX: usize = 64;
/// Most attachments one entry may carry.
pub const BLOBS_MAX: usize = 16;
/// Most entries in one atomic request.
pub const PARTS_MAX: u16 = 4_096;
/// Most bytes of a kind's name.
pub const KIND_BYTES_MAX: usize = 64;
/// Keys of a header that has them all.
const FIELDS: u64 = 20;

/// How the author had proved who they are when the entry was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Auth {
    /// Nobody signed in: the program itself (opening of a chain, merge).
    None = 0,
    /// Password.
    Password = 1,
    /// Two factors.
    Mfa = 2,
    /// Passkey.
    Webauthn = 3,
    /// Sealed emergency code.
    BreakGlass = 4,
}

impl Auth {
    fn from_u8(value: u8) -> Option<Self> {
        [Self::None, Self::Password, Self::Mfa, Self::Webauthn, Self::BreakGlass].into_iter().find(|a| *a as u8 == value)
    }
}

/// An attachment: content kept beside the journal under its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobRef {
    /// SHA-256 of the content.
    pub hash: Hash,
    /// Its length in bytes.
    pub len: u64,
}

/// Place of an entry in its atomic batch: entry `index` of `count`, `count` at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 0.
    pub index: u16,
    /// 1 to [`PARTS_MAX`].
    pub count: u16,
}

impl Part {
    /// A request of a single entry.
    pub const ONLY: Self = Self { index: 0, count: 1 };
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The journal it belongs to; nothing crosses.
    pub journal: JournalId,
    /// The chain it extends.
    pub chain: ChainId,
    /// Its rank in the chain, from 0.
    pub seq: u64,
    /// The chain's previous entry; absent exactly when `seq` is 0.
    pub prev: Option<EntryId>,
    /// Heads of other chains known when writing, ascending; with `prev` they make the causal graph.
    pub deps: Vec<EntryId>,
    /// The last authority entry its author knew.
    pub auth_head: Option<EntryId>,
    /// Hybrid clock: milliseconds since 1970 shifted left by 16 bits, plus a counter.
    pub hlc: u64,
    /// What the writer's clock said, milliseconds since 1970; displayed, never trusted.
    pub wall: i64,
    /// Who.
    pub author: ActorId,
    /// How they had signed in.
    pub auth: Auth,
    /// The event type, e.g. `crisis.entry_logged`.
    pub kind: String,
    /// Version of that type.
    pub kind_version: u16,
    /// What it is about.
    pub subject: SubjectId,
    /// The client's id for the atomic batch.
    pub request: RequestId,
    /// Place in that batch.
    pub part: Part,
    /// SHA-256 of salt followed by body.
    pub body_hash: Hash,
    /// Length of the body in bytes.
    pub body_len: u32,
    /// Attachments.
    pub blobs: Vec<BlobRef>,
}

/// Why bytes are not a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHeader {
    /// Longer than [`HEADER_BYTES_MAX`].
    #[error("en-tête trop long")]
    TooLong,
    /// Not CBOR of the expected shape.
    #[error("en-tête illisible : {0}")]
    Malformed(&'static str),
    /// A newer program wrote it.
    #[error("en-tête écrit par une version plus récente du programme (version {0})")]
    NewerVersion(u8),
    /// The right values in an encoding that is not the deterministic one.
    #[error("en-tête dans une forme non canonique")]
    NotCanonical,
}

impl Header {
    /// The deterministic bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::with_capacity(320));
        let written = self.write(&mut encoder);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        encoder.into_writer()
    }

    fn write(&self, e: &mut Encoder<Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        let absent =
            [self.prev.is_none(), self.deps.is_empty(), self.auth_head.is_none(), self.part == Part::ONLY, self.blobs.is_empty()];
        let fields = FIELDS - absent.into_iter().map(u64::from).sum::<u64>();
        e.map(fields)?.u8(0)?.u8(HEADER_VERSION)?.u8(1)?.u8(ALG_SHA256_ED25519)?;
        e.u8(2)?.bytes(&self.journal.0)?.u8(3)?.bytes(&self.chain.0)?.u8(4)?.u64(self.seq)?;
        if let Some(prev) = &self.prev {
            e.u8(5)?.bytes(&prev.0)?;
        }
        if !self.deps.is_empty() {
            e.u8(6)?.array(self.deps.len() as u64)?;
            for dep in &self.deps {
                e.bytes(&dep.0)?;
            }
        }
        if let Some(head) = &self.auth_head {
            e.u8(7)?.bytes(&head.0)?;
        }
        e.u8(8)?.u64(self.hlc)?.u8(9)?.i64(self.wall)?.u8(10)?.bytes(&self.author.0)?.u8(11)?.u8(self.auth as u8)?;
        e.u8(12)?.str(&self.kind)?.u8(13)?.u16(self.kind_version)?;
        e.u8(14)?.bytes(&self.subject.0)?.u8(15)?.bytes(&self.request.0)?;
        if self.part != Part::ONLY {
            e.u8(16)?.array(2)?.u16(self.part.index)?.u16(self.part.count)?;
        }
        e.u8(17)?.bytes(&self.body_hash.0)?.u8(18)?.u32(self.body_len)?;
        if !self.blobs.is_empty() {
            e.u8(19)?.array(self.blobs.len() as u64)?;
            for blob in &self.blobs {
                e.array(2)?.bytes(&blob.hash.0)?.u64(blob.len)?;
            }
        }
        Ok(())
    }

    /// Whether the journal itself rests on it (chains, merges, authority): never erased, never taken without its body.
    pub fn is_backbone(&self) -> bool {
        self.kind.starts_with("journal.") || self.kind.starts_with("authority.")
    }

    /// Reads the deterministic bytes back; refuses any other encoding and any value out of bounds.
    ///
    /// # Errors
    /// [`BadHeader`] says why.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadHeader> {
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(BadHeader::TooLong);
        }
        let header = Reader::new(bytes)?.header()?;
        header.check_bounds()?;
        if header.encode() != bytes {
            return Err(BadHeader::NotCanonical);
        }
        Ok(header)
    }

    fn check_bounds(&self) -> Result<(), BadHeader> {
        let rule = |holds: bool, what| if holds { Ok(()) } else { Err(BadHeader::Malformed(what)) };
        rule(self.prev.is_none() == (self.seq == 0), "le rang et le précédent se contredisent")?;
        rule(self.deps.len() <= DEPS_MAX, "trop de dépendances")?;
        rule(self.deps.windows(2).all(|w| w[0] < w[1]), "dépendances non triées")?;
        rule(self.prev.is_none_or(|p| !self.deps.contains(&p)), "précédent répété")?;
        rule(self.blobs.len() <= BLOBS_MAX, "trop de pièces")?;
        rule((1..=PARTS_MAX).contains(&self.part.count) && self.part.index < self.part.count, "place dans la requête")?;
        rule(is_kind(&self.kind), "nom de type")?;
        rule(self.seq < u64::MAX, "rang")
    }
}

/// Whether a text may be the name of an event type: dotted lowercase words.
pub fn is_kind(kind: &str) -> bool {
    let ok = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_' || c == b'.';
    !kind.is_empty() && kind.len() <= KIND_BYTES_MAX && kind.bytes().all(ok)
}

/// Walks the map in key order, knowing which keys may be absent.
struct Reader<'a> {
    decoder: Decoder<'a>,
    left: u64,
    next_key: Option<u8>,
}

type Read<T> = Result<T, BadHeader>;

fn bad<E>(what: &'static str) -> impl Fn(E) -> BadHeader {
    move |_| BadHeader::Malformed(what)
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Read<Self> {
        let mut decoder = Decoder::new(bytes);
        let left = decoder.map().map_err(bad("table"))?.ok_or(BadHeader::Malformed("table sans taille"))?;
        Ok(Self { decoder, left, next_key: None })
    }

    fn at(&mut self, key: u8) -> Read<bool> {
        if self.next_key.is_none() && self.left > 0 {
            self.next_key = Some(self.decoder.u8().map_err(bad("clé"))?);
            self.left -= 1;
        }
        let here = self.next_key == Some(key);
        if here {
            self.next_key = None;
        }
        Ok(here)
    }

    fn need(&mut self, key: u8) -> Read<&mut Decoder<'a>> {
        if self.at(key)? { Ok(&mut self.decoder) } else { Err(BadHeader::Malformed("champ absent")) }
    }

    fn fixed<const N: usize>(decoder: &mut Decoder<'a>) -> Read<[u8; N]> {
        let bytes = decoder.bytes().map_err(bad("octets"))?;
        bytes.try_into().map_err(bad("longueur d’identifiant"))
    }

    fn bytes<const N: usize>(&mut self, key: u8) -> Read<[u8; N]> {
        Self::fixed(self.need(key)?)
    }

    fn optional<const N: usize>(&mut self, key: u8) -> Read<Option<[u8; N]>> {
        if self.at(key)? { Self::fixed(&mut self.decoder).map(Some) } else { Ok(None) }
    }

    fn list<T>(&mut self, key: u8, max: usize, item: impl Fn(&mut Decoder<'a>) -> Read<T>) -> Read<Vec<T>> {
        if !self.at(key)? {
            return Ok(Vec::new());
        }
        let count = self.decoder.array().map_err(bad("liste"))?.ok_or(BadHeader::Malformed("liste sans taille"))?;
        if count > max as u64 {
            return Err(BadHeader::Malformed("liste trop longue"));
        }
        (0..count).map(|_| item(&mut self.decoder)).collect()
    }

    fn header(mut self) -> Read<Header> {
        let version = self.need(0)?.u8().map_err(bad("version"))?;
        if version > HEADER_VERSION {
            return Err(BadHeader::NewerVersion(version));
        }
        let alg = self.need(1)?.u8().map_err(bad("algorithme"))?;
        if version != HEADER_VERSION || alg != ALG_SHA256_ED25519 {
            return Err(BadHeader::Malformed("version ou algorithme"));
        }
        let header = Header {
            journal: JournalId(self.bytes(2)?),
            chain: ChainId(self.bytes(3)?),
            seq: self.need(4)?.u64().map_err(bad("rang"))?,
            prev: self.optional(5)?.map(EntryId),
            deps: self.list(6, DEPS_MAX, |d| Self::fixed(d).map(EntryId))?,
            auth_head: self.optional(7)?.map(EntryId),
            hlc: self.need(8)?.u64().map_err(bad("horloge"))?,
            wall: self.need(9)?.i64().map_err(bad("heure"))?,
            author: ActorId(self.bytes(10)?),
            auth: self.need(11)?.u8().ok().and_then(Auth::from_u8).ok_or(BadHeader::Malformed("authentification"))?,
            kind: self.need(12)?.str().map_err(bad("type"))?.to_owned(),
            kind_version: self.need(13)?.u16().map_err(bad("version du type"))?,
            subject: SubjectId(self.bytes(14)?),
            request: RequestId(self.bytes(15)?),
            part: self.part()?,
            body_hash: Hash(self.bytes(17)?),
            body_len: self.need(18)?.u32().map_err(bad("longueur du corps"))?,
            blobs: self.list(19, BLOBS_MAX, Self::blob)?,
        };
        if self.left > 0 || self.next_key.is_some() || self.decoder.position() != self.decoder.input().len() {
            return Err(BadHeader::Malformed("contenu en trop"));
        }
        Ok(header)
    }

    fn part(&mut self) -> Read<Part> {
        if !self.at(16)? {
            return Ok(Part::ONLY);
        }
        if self.decoder.array().map_err(bad("place"))? != Some(2) {
            return Err(BadHeader::Malformed("place"));
        }
        Ok(Part { index: self.decoder.u16().map_err(bad("place"))?, count: self.decoder.u16().map_err(bad("place"))? })
    }

    fn blob(d: &mut Decoder<'a>) -> Read<BlobRef> {
        if d.array().map_err(bad("pièce"))? != Some(2) {
            return Err(BadHeader::Malformed("pièce"));
        }
        Ok(BlobRef { hash: Hash(Self::fixed(d)?), len: d.u64().map_err(bad("pièce"))? })
    }
}
