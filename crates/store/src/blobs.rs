//! Attachments: files named by their hash, never in the database.

use crate::error::StoreError;
use crate::folder::Folder;
use crate::platform;
use journal::Hash;
use journal::entry::sha256;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most bytes of one attachment (25 MiB).
pub const ATTACHMENT_BYTES_MAX: usize = 25 * 1024 * 1024;

/// Makes the names of what is being received unique.
static PARTIALS: AtomicU64 = AtomicU64::new(0);

/// The attachments of a data folder.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: PathBuf,
}

impl Blobs {
    /// The attachments of a folder.
    pub fn of(folder: &Folder) -> Self {
        Self { root: folder.blobs() }
    }

    /// Where the content with this hash is kept.
    pub fn path(&self, hash: &Hash) -> PathBuf {
        let name = hash.to_string();
        self.root.join(&name[..2]).join(&name)
    }

    /// Keeps content durably and returns its hash; content already there is not written again.
    ///
    /// # Errors
    /// What the file system says; nothing half-written stays under the hash.
    pub fn keep(&self, content: &[u8]) -> Result<Hash, StoreError> {
        let hash = sha256(content);
        let path = self.path(&hash);
        let dir = path.parent().map(PathBuf::from).unwrap_or_default();
        if matches!(self.read(&hash), Ok(Some(_))) {
            // Perhaps put there this instant by somebody who has not made its name durable yet.
            platform::sync_dir(&dir).and_then(|()| platform::sync_dir(&self.root)).map_err(StoreError::io(&dir))?;
            return Ok(hash);
        }
        std::fs::create_dir_all(&dir).map_err(StoreError::io(&dir))?;
        // The same content may be arriving twice.
        let nth = PARTIALS.fetch_add(1, Ordering::Relaxed);
        let partial = dir.join(format!("{hash}-{}-{nth}{}", std::process::id(), platform::PARTIAL_SUFFIX));
        let written = (|| {
            let mut file = std::fs::File::create(&partial)?;
            file.write_all(content)?;
            file.sync_all()?;
            std::fs::rename(&partial, &path)?;
            platform::sync_dir(&dir)?;
            platform::sync_dir(&self.root)
        })();
        if written.is_err() {
            // Best effort: what stays is never taken for an attachment.
            let _ = std::fs::remove_file(&partial);
        }
        written.map_err(StoreError::io(&path)).map(|()| hash)
    }

    /// The content with this hash, whole and unaltered; `None` when it is not here.
    ///
    /// # Errors
    /// What the file system says, or that the content was altered.
    pub fn read(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(hash);
        let content = match std::fs::read(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(path)(error)),
        };
        if sha256(&content) == *hash {
            return Ok(Some(content));
        }
        let altered = std::io::Error::new(std::io::ErrorKind::InvalidData, "la pièce jointe a été modifiée");
        Err(StoreError::io(path)(altered))
    }

    /// Removes the content with this hash; nothing happens when it is not here.
    ///
    /// # Errors
    /// What the file system says.
    pub fn remove(&self, hash: &Hash) -> Result<(), StoreError> {
        let path = self.path(hash);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path)(error)),
            _ => Ok(()),
        }
    }

    /// Whether content with this hash and length is here.
    pub fn has(&self, hash: &Hash, len: u64) -> bool {
        std::fs::metadata(self.path(hash)).is_ok_and(|m| m.len() == len)
    }
}
