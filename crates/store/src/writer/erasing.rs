//! Attachments of erased entries.

use super::Writer;
use crate::blobs::Blobs;
use crate::error::StoreError;
use crate::{Ruled, rows};
use journal::{EntryId, Hash};
use std::collections::BTreeSet;

impl<F: Ruled> Writer<F> {
    /// Removes what a crash left of earlier erasures.
    pub(crate) fn finish_erasures(&mut self) {
        let erased: Vec<EntryId> = self.journal.erased().into_iter().collect();
        if !erased.is_empty()
            && let Err(error) = self.drop_blobs(&erased)
        {
            tracing::warn!(%error, "an erased attachment stays on the disk until the next start");
        }
    }

    /// Removes the attachments that only erased entries name. Reads every header: erasures are rare.
    pub(super) fn drop_blobs(&self, erased: &[EntryId]) -> Result<(), StoreError> {
        let (mut gone, mut kept) = (BTreeSet::<Hash>::new(), BTreeSet::<Hash>::new());
        rows::in_order(&self.connection, |stored| {
            if let Ok(entry) = stored.entry {
                let named = entry.header.blobs.iter().map(|b| b.hash);
                if erased.contains(&entry.id) {
                    gone.extend(named)
                } else if entry.body.is_some() {
                    kept.extend(named)
                }
            }
            Ok::<(), StoreError>(())
        })?;
        gone.difference(&kept).try_for_each(|hash| Blobs::of(&self.folder).remove(hash))
    }
}
