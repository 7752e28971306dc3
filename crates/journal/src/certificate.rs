//! Who may sign: the establishment's root key certifies devices, and a journal's id commits to that root key.
//!
//! `JournalId = first 16 bytes of SHA-256("planblanc-journal-1" || root public key || mode || nonce)`, so that a
//! certificate proves itself against the id alone, and a real journal can never pass for an exercise.

use crate::entry::{Entry, is_signed};
use crate::header::Header;
use crate::id::{ChainId, EntryId, JournalId, Nonce, PublicKey, RequestId, Signature, from_hex, to_hex};
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Kind of the entry that opens every chain (its `seq` is 0).
pub const CHAIN_OPENED: &str = "journal.chain_opened";
/// Most characters of a device's name.
pub const DEVICE_NAME_CHARS_MAX: usize = 80;
const CERTIFICATE_DOMAIN: &[u8] = b"planblanc-device-1";

/// Real life, or a rehearsal that can never be mistaken for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The establishment's own journal.
    Real,
    /// An exercise's branch, or a demonstration.
    Exercise,
}

/// What a journal's id commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The establishment's root public key.
    pub root: PublicKey,
    /// Real or exercise.
    pub mode: Mode,
    /// Random for a branch, so that each has its own id.
    pub nonce: Nonce,
}

impl Origin {
    /// The id of the journal with this origin.
    pub fn journal_id(&self) -> JournalId {
        let mode = [u8::from(self.mode == Mode::Exercise)];
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"planblanc-journal-1")
            .chain_update(self.root.0)
            .chain_update(mode)
            .chain_update(self.nonce.0)
            .finalize()
            .into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        JournalId(id)
    }
}

/// A device enrolled by the establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The establishment's root public key.
    pub root: PublicKey,
    /// The device's public key.
    pub device: PublicKey,
    /// Its name, for people.
    pub name: String,
    /// Milliseconds since 1970 by the issuer's clock.
    pub issued_at: i64,
    /// Whether this device may found the journal's authority (grant the first role).
    pub founder: bool,
    /// Root signature over the fields above, see [`Certificate::message`].
    pub signature: Signature,
}

impl Certificate {
    /// Certifies a device with the establishment's root key.
    pub fn issue(root: &SigningKey, device: PublicKey, name: &str, issued_at: i64, founder: bool) -> Self {
        let name: String = name.chars().take(DEVICE_NAME_CHARS_MAX).collect();
        let mut certificate = Self {
            root: PublicKey(root.verifying_key().to_bytes()),
            device,
            name,
            issued_at,
            founder,
            signature: Signature([0; 64]),
        };
        certificate.signature = Signature(root.sign(&certificate.message()).to_bytes());
        certificate
    }

    /// What the root signs: a fixed layout, the name last.
    fn message(&self) -> Vec<u8> {
        let mut message = CERTIFICATE_DOMAIN.to_vec();
        message.extend_from_slice(&self.root.0);
        message.extend_from_slice(&self.device.0);
        message.extend_from_slice(&self.issued_at.to_be_bytes());
        message.push(u8::from(self.founder));
        message.extend_from_slice(self.name.as_bytes());
        message
    }

    /// Whether the root key it names really signed it.
    pub fn is_genuine(&self) -> bool {
        self.name.chars().count() <= DEVICE_NAME_CHARS_MAX && is_signed(&self.root, &self.message(), &self.signature)
    }
}

/// Why a device opened a new chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpeningReason {
    /// First entry of the journal.
    Founded,
    /// A newly enrolled device.
    NewDevice,
    /// The data were restored from a backup.
    Restored,
    /// The witness outside the data does not match: copied folder, older disk image, other machine.
    WitnessMismatch,
    /// Somebody else continued this chain.
    Forked,
}

/// What an outside witness knew of a device's earlier chain and the data had lost when a new chain was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The earlier chain.
    pub chain: ChainId,
    /// Rank of the last entry the witness had seen.
    pub seq: u64,
    /// That entry.
    pub id: EntryId,
}

/// Body of the entry at `seq` 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainOpened {
    /// What the journal's id commits to.
    pub origin: Origin,
    /// Real heads an exercise starts from; empty for a real journal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branch_of: Vec<EntryId>,
    /// The writer's enrolment.
    pub certificate: Certificate,
    /// Why a new chain.
    pub reason: OpeningReason,
    /// What is known to be lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
}

impl ChainOpened {
    /// Reads the opening of a chain from its first entry; `None` for any other entry.
    pub fn of(entry: &Entry) -> Option<Self> {
        let header = &entry.header;
        let opens = header.seq == 0 && header.kind == CHAIN_OPENED && header.kind_version == 1;
        entry.body.as_ref().filter(|_| opens).and_then(|body| serde_json::from_slice(&body.bytes).ok())
    }

    /// The device key this opening proves for the chain it is the header's first entry of, or `None` when it proves
    /// nothing.
    pub fn proves(&self, header: &Header) -> Option<PublicKey> {
        let device = self.certificate.device;
        let genuine = self.origin.journal_id() == header.journal
            && chain_id(&device, &header.request) == header.chain
            && self.certificate.root == self.origin.root
            && self.certificate.is_genuine();
        genuine.then_some(device)
    }
}

/// The id of the chain that a device opens with a request:
/// first 16 bytes of `SHA-256("planblanc-chain-1" || device public key || request id)`.
///
/// Nobody else can open a chain of that id, so nobody can make another device's chain look forked.
pub fn chain_id(device: &PublicKey, opening: &RequestId) -> ChainId {
    let digest: [u8; 32] =
        Sha256::new().chain_update(b"planblanc-chain-1").chain_update(device.0).chain_update(opening.0).finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    ChainId(id)
}

/// A secret key as hexadecimal text, for a key file.
pub fn secret_to_text(key: &SigningKey) -> String {
    to_hex(&key.to_bytes())
}

/// A secret key from the text of a key file.
pub fn secret_from_text(text: &str) -> Option<SigningKey> {
    let bytes: [u8; 32] = from_hex(text.trim())?.try_into().ok()?;
    Some(SigningKey::from_bytes(&bytes))
}
