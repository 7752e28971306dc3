//! An entry: signed header, and a salted body that can be detached.

use crate::header::{BadHeader, Header};
use crate::id::{EntryId, Hash, PublicKey, Signature};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Most bytes a body may have.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Bytes of salt before a body: low-entropy contents cannot be guessed from `body_hash`.
pub const SALT_LEN: usize = 16;
const ID_DOMAIN: &[u8] = b"planblanc-entry-1";

/// The detachable part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Random; deleted with the body.
    pub salt: [u8; SALT_LEN],
    /// JSON text of the event's fields.
    pub bytes: Vec<u8>,
}

impl Body {
    /// `SHA-256(salt || body)`, the header's `body_hash`.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::new().chain_update(self.salt).chain_update(&self.bytes).finalize().into())
    }
}

/// One entry as stored and exchanged: the signed bytes are kept as they were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `SHA-256("planblanc-entry-1" || header_bytes)`.
    pub id: EntryId,
    /// The header, read.
    pub header: Header,
    /// The header, as signed.
    pub header_bytes: Vec<u8>,
    /// Ed25519 by the device, over `id`.
    pub signature: Signature,
    /// Absent once erased.
    pub body: Option<Body>,
}

/// Why an entry is not sound, whatever the journal says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    /// The header cannot be read.
    #[error(transparent)]
    Header(#[from] BadHeader),
    /// The body is not the one that was signed.
    #[error("le texte ne correspond pas à ce qui a été signé")]
    Body,
    /// The body is longer than [`BODY_BYTES_MAX`].
    #[error("texte trop long")]
    BodyTooLong,
    /// The body of an entry that the journal itself rests on, which is never erased, is not there.
    #[error("il manque le texte d’une entrée qui ne s’efface pas")]
    BodyMissing,
    /// The id is not that of the signed bytes.
    #[error("l’empreinte n’est pas celle de l’en-tête")]
    Id,
    /// The signature is not the device's.
    #[error("signature fausse")]
    Signature,
}

/// `SHA-256("planblanc-entry-1" || header)`.
pub fn entry_id(header_bytes: &[u8]) -> EntryId {
    EntryId(Sha256::new().chain_update(ID_DOMAIN).chain_update(header_bytes).finalize().into())
}

/// SHA-256 of some content, for blobs and files.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

impl Entry {
    /// Signs a header that already names its body's hash.
    pub fn sign(header: Header, body: Body, device: &SigningKey) -> Self {
        let header_bytes = header.encode();
        debug_assert!(Header::decode(&header_bytes).is_ok(), "what is signed can be read back: the caller keeps the limits");
        let id = entry_id(&header_bytes);
        let signature = Signature(device.sign(&id.0).to_bytes());
        Self { id, header, header_bytes, signature, body: Some(body) }
    }

    /// Rebuilds an entry from stored or received parts, checking form, length and body; not the signature.
    ///
    /// # Errors
    /// [`BadEntry`] says which part is unsound.
    pub fn from_parts(header_bytes: Vec<u8>, signature: Signature, body: Option<Body>) -> Result<Self, BadEntry> {
        let entry = Self::from_trusted(header_bytes, signature, body)?;
        entry.check_body()?;
        Ok(entry)
    }

    fn check_body(&self) -> Result<(), BadEntry> {
        let Some(body) = &self.body else { return Ok(()) };
        if body.bytes.len() > BODY_BYTES_MAX {
            return Err(BadEntry::BodyTooLong);
        }
        let same = body.bytes.len() == self.header.body_len as usize && body.hash() == self.header.body_hash;
        if same { Ok(()) } else { Err(BadEntry::Body) }
    }

    /// Whether an entry from elsewhere holds together; its signature apart.
    ///
    /// # Errors
    /// [`BadEntry`] says which part is unsound, or that a body is missing which nobody may erase.
    pub fn check(&self) -> Result<(), BadEntry> {
        if self.id != entry_id(&self.header_bytes) {
            return Err(BadEntry::Id);
        }
        if self.body.is_none() && self.header.is_backbone() {
            return Err(BadEntry::BodyMissing);
        }
        self.check_body()
    }

    /// The same without hashing the body: for reading back one's own store, which `verify` checks whole.
    ///
    /// # Errors
    /// The header cannot be read.
    pub fn from_trusted(header_bytes: Vec<u8>, signature: Signature, body: Option<Body>) -> Result<Self, BadEntry> {
        let header = Header::decode(&header_bytes)?;
        Ok(Self { id: entry_id(&header_bytes), header, header_bytes, signature, body })
    }

    /// Whether the device signed it (strict: no malleable or weak-key signature passes).
    pub fn is_signed_by(&self, device: &PublicKey) -> bool {
        is_signed(device, &self.id.0, &self.signature)
    }
}

/// Strict Ed25519 check; false for a key that is not one.
pub fn is_signed(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
}
