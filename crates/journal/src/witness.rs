//! Witnesses: what somebody outside the journal remembers of it. They expose a tail that the holder of the key cut
//! or rewrote, which no chain of hashes can do alone.

use crate::entry::is_signed;
use crate::id::{EntryId, Hash, JournalId, PublicKey, Signature};
use crate::words;
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Most entries one witness file may name.
pub const WITNESS_ENTRIES_MAX: usize = 1_000_000;

/// A signed statement: "at this moment the journal ended with these entries".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// Which journal.
    pub journal: JournalId,
    /// Its heads, ascending.
    pub heads: Vec<EntryId>,
    /// Root of the state, for comparing replicas.
    pub state_root: Hash,
    /// Entries known.
    pub entries: u64,
    /// Milliseconds since 1970 by the witness's clock.
    pub wall: i64,
    /// The device that states it.
    pub device: PublicKey,
    /// Its signature over the fields above.
    pub signature: Signature,
}

impl Witness {
    /// States the heads of a journal.
    pub fn sign(journal: JournalId, heads: Vec<EntryId>, state_root: Hash, entries: u64, wall: i64, device: &SigningKey) -> Self {
        let mut witness = Self {
            journal,
            heads,
            state_root,
            entries,
            wall,
            device: PublicKey(device.verifying_key().to_bytes()),
            signature: Signature([0; 64]),
        };
        witness.signature = Signature(device.sign(&witness.message()).to_bytes());
        witness
    }

    fn message(&self) -> Vec<u8> {
        let mut hasher = Sha256::new().chain_update(b"planblanc-witness-1").chain_update(self.journal.0);
        for head in &self.heads {
            hasher.update(head.0);
        }
        let tail = hasher
            .chain_update(self.state_root.0)
            .chain_update(self.entries.to_be_bytes())
            .chain_update(self.wall.to_be_bytes())
            .chain_update(self.device.0);
        tail.finalize().to_vec()
    }

    /// Whether the device it names signed it.
    pub fn is_genuine(&self) -> bool {
        is_signed(&self.device, &self.message(), &self.signature)
    }
}

/// What a witness file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Testimony {
    /// A signed statement.
    Signed(Witness),
    /// Eight words copied from paper: the first 80 bits of one entry's id.
    Words([u8; 10]),
}

impl Testimony {
    /// Reads a witness file: JSON of a [`Witness`], or words.
    ///
    /// # Errors
    /// A sentence that says what the file should contain.
    pub fn read(text: &str) -> Result<Self, String> {
        if !text.trim_start().starts_with('{') {
            let bits =
                words::prefix(text).map_err(|why| format!("Le témoin n’est ni un fichier scellé ni huit mots ({why})."))?;
            return Ok(Self::Words(bits));
        }
        let witness: Witness = serde_json::from_str(text).map_err(|why| format!("Le fichier témoin est illisible ({why})."))?;
        if witness.heads.len() > WITNESS_ENTRIES_MAX {
            return Err("Le fichier témoin nomme trop d’entrées.".to_owned());
        }
        if !witness.is_genuine() {
            return Err("Le fichier témoin a été modifié : sa signature est fausse.".to_owned());
        }
        Ok(Self::Signed(witness))
    }

    /// What this testimony knows and the journal lacks: entry ids, or the words themselves.
    ///
    /// # Errors
    /// The witness is about another journal.
    pub fn missing_from(
        &self,
        journal: JournalId,
        ids: &std::collections::BTreeSet<EntryId>,
    ) -> Result<Vec<Option<EntryId>>, String> {
        match self {
            Self::Signed(witness) if witness.journal != journal => Err("Ce témoin parle d’un autre journal.".to_owned()),
            Self::Signed(witness) => Ok(witness.heads.iter().filter(|id| !ids.contains(*id)).copied().map(Some).collect()),
            Self::Words(bits) => {
                let known = ids.iter().any(|id| id.0[..bits.len()] == bits[..]);
                Ok(if known { Vec::new() } else { vec![None] })
            }
        }
    }
}
