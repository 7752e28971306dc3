//! A data folder: where things are, who holds it, its keys.

use crate::error::StoreError;
use crate::platform;
use journal::SigningKey;
use journal::certificate::{secret_from_text, secret_to_text};
use std::fs::File;
use std::path::{Path, PathBuf};

/// A data folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    /// The establishment's folder, for a branch: it keeps keys and attachments for both.
    home: Option<PathBuf>,
}

/// Where the branches of a folder are.
pub const BRANCHES: &str = "exercises";

impl Folder {
    /// The folder at a path, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), home: None }
    }

    /// The folder of a branch: below its home, with the same keys and attachments.
    pub fn branch(&self, name: &str) -> Self {
        Self { root: self.root.join(BRANCHES).join(name), home: Some(self.root.clone()) }
    }

    /// Folders of the branches that were founded, by name.
    ///
    /// # Errors
    /// What the file system says.
    pub fn branches(&self) -> Result<Vec<(String, Self)>, StoreError> {
        let dir = self.root.join(BRANCHES);
        if !dir.is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&dir).map_err(StoreError::io(&dir))? {
            let name = entry.map_err(StoreError::io(&dir))?.file_name().to_string_lossy().into_owned();
            let folder = self.branch(&name);
            if folder.has_journal() {
                found.push((name, folder));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The journal's database.
    pub fn journal_db(&self) -> PathBuf {
        self.root.join("journal.db")
    }

    /// Accounts and sessions.
    pub fn access_db(&self) -> PathBuf {
        self.root.join("access.db")
    }

    /// Attachments.
    pub fn blobs(&self) -> PathBuf {
        self.home.as_ref().unwrap_or(&self.root).join("blobs")
    }

    /// Keys.
    pub fn keys(&self) -> PathBuf {
        self.home.as_ref().unwrap_or(&self.root).join("keys")
    }

    /// Whether it holds a journal.
    pub fn has_journal(&self) -> bool {
        self.journal_db().is_file()
    }

    /// Creates the folder and its parts, durably.
    ///
    /// # Errors
    /// What the file system says.
    pub fn create(&self) -> Result<(), StoreError> {
        for dir in [self.root.clone(), self.blobs(), self.keys()] {
            std::fs::create_dir_all(&dir).map_err(StoreError::io(&dir))?;
            platform::sync_dir(platform::parent(&dir)).map_err(StoreError::io(dir))?;
        }
        Ok(())
    }

    /// Takes the folder for writing; the lock falls with the file returned.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another program has it.
    pub fn lock(&self) -> Result<File, StoreError> {
        let path = self.root.join("lock");
        platform::lock_file(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::WouldBlock => StoreError::Locked(self.root.clone()),
            _ => StoreError::io(path)(error),
        })
    }

    /// The secret key under a name, made of `secret` when there is none yet.
    ///
    /// # Errors
    /// What the file system says; an existing key is never overwritten.
    pub fn key_or_new(&self, name: &str, secret: &[u8; 32]) -> Result<SigningKey, StoreError> {
        let path = self.keys().join(name);
        if !path.exists() {
            let text = secret_to_text(&SigningKey::from_bytes(secret));
            platform::write_private(&path, text.as_bytes()).map_err(StoreError::io(path))?;
        }
        self.read_key(name)
    }

    /// Reads a secret key.
    ///
    /// # Errors
    /// [`StoreError::Key`] when it is missing or damaged.
    pub fn read_key(&self, name: &str) -> Result<SigningKey, StoreError> {
        let path = self.keys().join(name);
        let text = std::fs::read_to_string(&path).map_err(|_| StoreError::Key(path.clone()))?;
        secret_from_text(&text).ok_or(StoreError::Key(path))
    }
}
