//! Files that one establishment signs and another one opens: a kit, the results of an exercise.
//!
//! Two parts: a line of JSON that says what it is, who signed and with which certificate; then the payload, byte for
//! byte. Nothing is rewritten between signing and checking, and any editor shows what is inside.

use ed25519_dalek::{Signer, SigningKey};
use journal::certificate::Certificate;
use journal::entry::{is_signed, sha256};
use journal::{EntryId, PublicKey, Signature};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the first line says the file is.
const FORMAT: &str = "planblanc-signed-1";
/// How all versions of the format begin.
const FAMILY: &str = "planblanc-signed-";
/// Most bytes of a payload (8 MiB).
pub const PAYLOAD_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most bytes of the first line.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Most bytes of a whole file.
pub const FILE_BYTES_MAX: usize = PAYLOAD_BYTES_MAX + HEAD_BYTES_MAX + 1;
/// Most characters of a signer's name.
const SIGNED_BY_CHARS_MAX: usize = 200;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    kind: String,
    bytes: usize,
    signed_by: String,
    certificate: Certificate,
    signature: Signature,
}

/// A file whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What was signed.
    pub payload: Vec<u8>,
    /// Who signed, in their own words: only the root key proves anything.
    pub signed_by: String,
    /// Root key of the establishment that signed.
    pub root: PublicKey,
    /// Key of the device that signed.
    pub device: PublicKey,
    /// What that device is called there.
    pub device_name: String,
}

/// Why a file cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedError {
    /// There is nothing in it.
    Empty,
    /// It is no file of ours.
    Foreign,
    /// It is of a format to come.
    Newer,
    /// Its end is missing.
    Truncated,
    /// It was changed after it was signed.
    Tampered,
    /// It is a file of ours, about something else.
    OtherKind,
    /// It is longer than what is read.
    TooBig,
}

impl SignedError {
    /// The sentence for whoever brought the file.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "Ce fichier est vide : choisissez celui que l’établissement vous a remis.",
            Self::Foreign => "Ce n’est pas un fichier signé par Plan Blanc : vérifiez que vous avez choisi le bon.",
            Self::Newer => {
                "Ce fichier vient d’une version plus récente de Plan Blanc : mettez la vôtre à jour, puis recommencez."
            }
            Self::Truncated => "Ce fichier est incomplet, sa fin manque : copiez-le ou téléchargez-le de nouveau.",
            Self::Tampered => {
                "Ce fichier a été modifié depuis sa signature : ne vous en servez pas, et demandez-le de nouveau à qui l’a signé."
            }
            Self::OtherKind => "Ce fichier signé contient autre chose que ce que cette page attend : apportez-le à l’autre page.",
            Self::TooBig => "Ce fichier dépasse 8 Mio : demandez à qui l’a signé une version plus légère.",
        }
    }
}

impl fmt::Display for SignedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl std::error::Error for SignedError {}

/// What the device signs. Every part that varies in length says its length, so that no two files have one message.
fn message(kind: &str, signed_by: &str, certificate: &Certificate, payload: &[u8]) -> Vec<u8> {
    let mut message = FORMAT.as_bytes().to_vec();
    for part in [kind.as_bytes(), signed_by.as_bytes()] {
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    // The root's signature covers the rest of the certificate.
    message.extend_from_slice(&certificate.root.0);
    message.extend_from_slice(&certificate.device.0);
    message.extend_from_slice(&certificate.signature.0);
    message.extend_from_slice(&(payload.len() as u64).to_be_bytes());
    message.extend_from_slice(&sha256(payload).0);
    message
}

/// Signs a payload: the bytes of the file. `kind` is a word for what it is, e.g. `kit`.
pub fn seal(kind: &str, payload: &[u8], signed_by: &str, certificate: &Certificate, key: &SigningKey) -> Vec<u8> {
    let signed_by: String = signed_by.trim().chars().take(SIGNED_BY_CHARS_MAX).collect();
    let signature = Signature(key.sign(&message(kind, &signed_by, certificate, payload)).to_bytes());
    let (format, kind, certificate) = (FORMAT.to_owned(), kind.to_owned(), certificate.clone());
    let head = Head { format, kind, bytes: payload.len(), signed_by, certificate, signature };
    // Texts and numbers: writing them to memory cannot fail.
    let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
    bytes.push(b'\n');
    bytes.extend_from_slice(payload);
    bytes
}

/// Opens a file of that kind, if it is whole and as it was signed.
///
/// # Errors
/// Why it cannot be believed.
pub fn open(bytes: &[u8], kind: &str) -> Result<Opened, SignedError> {
    if bytes.is_empty() {
        return Err(SignedError::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SignedError::TooBig);
    }
    let start = &bytes[..bytes.len().min(HEAD_BYTES_MAX)];
    let end = start.iter().position(|byte| *byte == b'\n');
    let head = match end.map(|end| serde_json::from_slice::<Head>(&bytes[..end])) {
        Some(Ok(head)) => head,
        whole => return Err(unread(start, whole.is_some())),
    };
    let end = end.unwrap_or_default();
    let payload = &bytes[end + 1..];
    if head.format != FORMAT {
        return Err(if head.format.starts_with(FAMILY) { SignedError::Newer } else { SignedError::Foreign });
    }
    if head.bytes > PAYLOAD_BYTES_MAX {
        return Err(SignedError::TooBig);
    }
    if payload.len() < head.bytes {
        return Err(SignedError::Truncated);
    }
    let told = message(&head.kind, &head.signed_by, &head.certificate, payload);
    let genuine = head.certificate.is_genuine() && is_signed(&head.certificate.device, &told, &head.signature);
    // One file, one writing: a first line said otherwise was touched, even if it means the same.
    let written = serde_json::to_vec(&head).is_ok_and(|line| line == bytes[..end]);
    if !genuine || !written || payload.len() > head.bytes || head.signed_by.chars().count() > SIGNED_BY_CHARS_MAX {
        return Err(SignedError::Tampered);
    }
    if head.kind != kind {
        return Err(SignedError::OtherKind);
    }
    let Certificate { root, device, name: device_name, .. } = head.certificate;
    Ok(Opened { payload: payload.to_vec(), signed_by: head.signed_by, root, device, device_name })
}

/// What a first line that cannot be read says all the same.
fn unread(start: &[u8], whole: bool) -> SignedError {
    let begins = |format: &str| start.starts_with(format!("{{\"format\":\"{format}").as_bytes());
    let known = format!("{FORMAT}\"");
    if begins(&known) {
        return if whole { SignedError::Tampered } else { SignedError::Truncated };
    }
    if begins(FAMILY) { SignedError::Newer } else { SignedError::Foreign }
}

/// Eight words that stand for an establishment's root key, to be compared over a telephone.
pub fn fingerprint(root: &PublicKey) -> [&'static str; journal::words::WORDS] {
    journal::words::words(&EntryId(sha256(&root.0).0))
}
