//! Which chain this device writes: its own again when the outside memory agrees, else a new one.

use super::Writer;
use crate::Ruled;
use crate::error::StoreError;
use crate::guard::{self, Guard, Memory};
use crate::{load, rows};
use journal::certificate::{Certificate, ChainOpened, Lost, OpeningReason, chain_id};
use journal::write::{Author, Draft};
use journal::{ChainId, EntryId, PublicKey, RequestId, Taken, fold};
use std::collections::BTreeSet;

impl<F: Ruled> Writer<F> {
    /// Takes a chain: now, or when there is room for its opening. Goes on for reading only when the disk refuses it.
    ///
    /// # Errors
    /// What is not of the disk: a key that is missing.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        let taken = self.take_chain();
        self.chain_due = matches!(taken, Err(StoreError::Full));
        let Err(error) = taken else { return Ok(()) };
        // What was stamped and not stored is not shown.
        let loaded = load::load(&self.connection, self.journal.id(), &self.base)?;
        (self.journal, self.state) = (loaded.journal, loaded.state);
        match error {
            StoreError::Full => {}
            StoreError::Failed(_) | StoreError::Sqlite(_) | StoreError::Damaged(_) => self.read_only = Some(error.to_string()),
            other => return Err(other),
        }
        Ok(())
    }

    /// Continues this device's chain when the outside witness agrees, else opens a new one.
    fn take_chain(&mut self) -> Result<(), StoreError> {
        let key = PublicKey(self.pen.device.verifying_key().to_bytes());
        let ours: Vec<ChainId> = self.journal.chains().iter().filter(|(_, c)| c.device == key).map(|(id, _)| *id).collect();
        let restored = rows::meta(&self.connection, "restored")?.is_some();
        let straight: Vec<ChainId> = ours.iter().filter(|chain| self.journal.dag().forked_at(chain).is_none()).copied().collect();
        let memories = self.guard_dir.as_ref().map_or(Vec::new(), |dir| guard::memories(dir, &self.journal.id()));
        let (here, elsewhere): (Vec<_>, Vec<_>) = memories.into_iter().partition(|memory| memory.place == self.place);
        let mut lost = self.undeclared_losses(here.iter());
        if lost.is_empty() && !restored && self.continue_chain(&straight, &here) {
            return Ok(());
        }
        // A folder that was moved, copied or restored: what was written elsewhere concerns it too.
        lost.extend(self.undeclared_losses(elsewhere.iter().filter(|memory| ours.contains(&memory.chain))));
        if lost.is_empty() && !restored && self.continue_chain(&straight, &elsewhere) {
            return Ok(());
        }
        let reason = match (ours.is_empty(), restored, straight.is_empty()) {
            (true, ..) => OpeningReason::NewDevice,
            (_, true, _) => OpeningReason::Restored,
            (_, _, true) => OpeningReason::Forked,
            _ => OpeningReason::WitnessMismatch,
        };
        // An opening declares one loss: as many openings as chains that lost their end.
        loop {
            let taken = self.new_chain(reason, lost.pop())?;
            self.commit(&taken, |connection| rows::set_meta(connection, "restored", None))?;
            fold::absorb(&mut self.state, &mut self.journal, taken);
            if lost.is_empty() {
                return Ok(());
            }
        }
    }

    /// What memories know, the database lacks, and no opening has declared yet.
    fn undeclared_losses<'a>(&self, memories: impl Iterator<Item = &'a Memory>) -> Vec<Lost> {
        let declared: BTreeSet<EntryId> =
            self.journal.chains().values().filter_map(|c| c.opened.lost.as_ref()).map(|lost| lost.id).collect();
        let lost = memories.filter(|m| m.is_worth_keeping() && !self.remembers(m) && !declared.contains(&m.id));
        lost.map(|m| Lost { chain: m.chain, seq: m.seq, id: m.id }).collect()
    }

    /// Goes on with a chain whose memory agrees; without guards, with any.
    fn continue_chain(&mut self, straight: &[ChainId], memories: &[Memory]) -> bool {
        let Some(dir) = &self.guard_dir else {
            self.pen.chain = straight.last().copied().unwrap_or(self.pen.chain);
            return !straight.is_empty();
        };
        let known = memories.iter().filter(|memory| straight.contains(&memory.chain));
        let agreeing = known.filter_map(|m| match Guard::take(dir, &m.chain, false) {
            // As it is now that nobody else can write it.
            Some((guard, Some(memory))) if self.remembers(&memory) => Some((m.chain, Some(guard))),
            _ => None,
        });
        let first = agreeing.into_iter().next();
        let found = first.is_some();
        if let Some(first) = first {
            (self.pen.chain, self.guard) = first;
        }
        found
    }

    /// Whether the database holds what the witness saw.
    fn remembers(&self, memory: &Memory) -> bool {
        self.journal.dag().index(&memory.id).is_some()
    }

    /// Opens a new chain of this device; not stored yet.
    pub(super) fn new_chain(&mut self, reason: OpeningReason, lost: Option<Lost>) -> Result<Vec<Taken>, StoreError> {
        let key = PublicKey(self.pen.device.verifying_key().to_bytes());
        let known = self.journal.chains().values().find(|c| c.device == key).or_else(|| self.journal.chains().values().next());
        let Some(model) = known.map(|c| c.opened.clone()) else {
            return Err(StoreError::NoJournal(self.folder.path().to_owned()));
        };
        let certificate = if model.certificate.device == key {
            model.certificate
        } else {
            Certificate::issue(&self.folder.read_key("root.key")?, key, "poste ajouté", (self.env.now_ms)(), false)
        };
        let request = RequestId(self.env.bytes());
        self.pen.chain = chain_id(&key, &request);
        self.guard = self.guard_dir.as_ref().and_then(|dir| Guard::take(dir, &self.pen.chain, true)).map(|(guard, _)| guard);
        if self.guard_dir.is_some() && self.guard.is_none() {
            tracing::warn!("no outside witness can be written: a restored folder will not be noticed");
        }
        let opened = ChainOpened { origin: model.origin, branch_of: model.branch_of, certificate, reason, lost };
        Ok(self.stamp(Author::PROGRAM, request, vec![Draft::of_opening(&opened)]))
    }
}
