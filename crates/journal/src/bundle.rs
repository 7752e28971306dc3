//! Entries, then their attachments, in a file or on a wire: a CBOR sequence, read back with every length bounded.

use crate::entry::{BODY_BYTES_MAX, BadEntry, Body, Entry, SALT_LEN};
use crate::header::HEADER_BYTES_MAX;
use crate::id::{JournalId, Signature};
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// First item of the sequence.
const MAGIC: &str = "planblanc-bundle-1";
/// Most bytes of one attachment in a bundle (32 MiB).
pub const BLOB_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Why a bundle cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBundle {
    /// Not one of ours.
    #[error("ce fichier n’est pas un journal exporté par Plan Blanc")]
    NotABundle,
    /// It ends too early or is damaged at this entry (from 0).
    #[error("le fichier est abîmé à partir de l’entrée n° {0} ; les précédentes sont lisibles")]
    Damaged(usize),
    /// An entry is unsound.
    #[error("l’entrée n° {0} est altérée : {1}")]
    Unsound(usize, BadEntry),
}

/// Writes entries, which must be in causal order, as one file.
pub fn encode<'a>(journal: JournalId, entries: impl Iterator<Item = &'a Entry>) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    let written = write(&mut e, journal, entries);
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    e.into_writer()
}

/// Adds an attachment after the entries of a bundle.
pub fn append_blob(bundle: &mut Vec<u8>, content: &[u8]) {
    let mut e = Encoder::new(bundle);
    let written = e.bytes(content).is_ok();
    debug_assert!(written, "writing to memory cannot fail");
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

fn write<'a>(e: &mut Encoder<Vec<u8>>, journal: JournalId, entries: impl Iterator<Item = &'a Entry>) -> Written {
    e.str(MAGIC)?.bytes(&journal.0)?;
    for entry in entries {
        e.array(if entry.body.is_some() { 4 } else { 2 })?.bytes(&entry.header_bytes)?.bytes(&entry.signature.0)?;
        if let Some(body) = &entry.body {
            e.bytes(&body.salt)?.bytes(&body.bytes)?;
        }
    }
    Ok(())
}

/// Reads a bundle entry by entry; stops at the first damage.
pub struct Reader<'a> {
    decoder: Decoder<'a>,
    read: usize,
    blobs: Vec<&'a [u8]>,
    /// Which journal the entries belong to.
    pub journal: JournalId,
}

impl<'a> Reader<'a> {
    /// Opens a bundle.
    ///
    /// # Errors
    /// [`BadBundle::NotABundle`] when the file is something else.
    pub fn new(bytes: &'a [u8]) -> Result<Self, BadBundle> {
        let mut decoder = Decoder::new(bytes);
        if decoder.str().ok() != Some(MAGIC) {
            return Err(BadBundle::NotABundle);
        }
        let journal = decoder.bytes().ok().and_then(JournalId::from_slice).ok_or(BadBundle::NotABundle)?;
        Ok(Self { decoder, read: 0, blobs: Vec::new(), journal })
    }

    /// Attachments met so far: all of them once every entry was read. Their hash says which entry named them.
    pub fn blobs(&self) -> &[&'a [u8]] {
        &self.blobs
    }

    /// Whether nothing is left, attachments set aside.
    fn at_end(&mut self) -> bool {
        while matches!(self.decoder.datatype(), Ok(Type::Bytes)) {
            match self.bytes(BLOB_BYTES_MAX) {
                Some(blob) => self.blobs.push(blob),
                None => return false,
            }
        }
        self.decoder.position() >= self.decoder.input().len()
    }

    fn entry(&mut self) -> Option<(Vec<u8>, Signature, Option<Body>)> {
        let items = self.decoder.array().ok()??;
        let header = self.bytes(HEADER_BYTES_MAX)?.to_vec();
        let signature = Signature::from_slice(self.bytes(Signature::LEN)?)?;
        match items {
            2 => Some((header, signature, None)),
            4 => {
                let salt = self.bytes(SALT_LEN)?.try_into().ok()?;
                let bytes = self.bytes(BODY_BYTES_MAX)?.to_vec();
                Some((header, signature, Some(Body { salt, bytes })))
            }
            _ => None,
        }
    }

    fn bytes(&mut self, max: usize) -> Option<&'a [u8]> {
        self.decoder.bytes().ok().filter(|b| b.len() <= max)
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Entry, BadBundle>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at_end() {
            return None;
        }
        let at = self.read;
        self.read += 1;
        let Some((header, signature, body)) = self.entry() else {
            self.decoder.set_position(self.decoder.input().len());
            return Some(Err(BadBundle::Damaged(at)));
        };
        Some(Entry::from_parts(header, signature, body).map_err(|bad| BadBundle::Unsound(at, bad)))
    }
}
