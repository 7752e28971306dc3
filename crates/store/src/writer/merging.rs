//! Taking in what another replica wrote.

use super::{Shared, Writer};
use crate::error::StoreError;
use crate::ledger::MergeReport;
use crate::{Ruled, rows};
use journal::certificate::OpeningReason;
use journal::write::{Author, Draft};
use journal::{Entry, Offer, RequestId, Taken, fold};

impl<F: Ruled> Writer<F> {
    pub(super) fn merge(&mut self, entries: Vec<Entry>, shared: &Shared<F>) -> Result<MergeReport, StoreError> {
        if let Some(why) = self.refusal() {
            return Err(why);
        }
        let mut report = MergeReport::default();
        let (mut taken, mut completed) = (Vec::new(), Vec::new());
        // Words that an entry among the others may give back come last.
        let (bare, others): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|e| self.journal.lacks_body(&e.id));
        for entry in others.into_iter().chain(bare) {
            let id = entry.id;
            match self.journal.offer(entry) {
                Offer::Accepted(more) => taken.extend(more),
                Offer::Completed(one) => completed.push(one.entry),
                Offer::Known => report.known += 1,
                Offer::Parked(_) => {}
                Offer::Refused(why) => report.refused.push((id, why.to_string())),
            }
        }
        report.accepted = taken.len() + completed.len();
        report.parked = self.journal.parked().count();
        let written = self.store_merged(&report, taken, &completed);
        let taken = written.map_err(|error| self.discard(error, shared))?;
        self.fold_merged(taken);
        self.publish(shared);
        Ok(report)
    }

    /// Stores what a merge brought, with an entry of our own that says so.
    fn store_merged(
        &mut self,
        report: &MergeReport,
        mut taken: Vec<Taken>,
        completed: &[Entry],
    ) -> Result<Vec<Taken>, StoreError> {
        let merged = Draft::of_merge(&taken, report.parked);
        let first = rows::last_number(&self.connection)? + 1;
        let brought = first..=first - 1 + i64::try_from(taken.len()).unwrap_or(0);
        let forked = self.journal.dag().forked_at(&self.pen.chain).is_some();
        let before = forked.then(|| (self.pen.chain, self.guard.take()));
        let written = (|| {
            if forked {
                // Somebody else continued our chain: what we write there from now on would have no authority.
                taken.extend(self.new_chain(OpeningReason::Forked, None)?);
            }
            if let Some(merged) = merged {
                taken.extend(self.stamp(Author::PROGRAM, RequestId(self.env.bytes()), vec![merged]));
            }
            let parked: Vec<Entry> = self.journal.parked().cloned().collect();
            self.commit(&taken, |connection| {
                completed.iter().try_for_each(|entry| rows::add_body(connection, entry, first))?;
                if !brought.is_empty() {
                    rows::note_merged(connection, &brought)?;
                }
                rows::set_parked(connection, parked.iter())
            })
        })();
        if let (Err(_), Some(before)) = (&written, before) {
            (self.pen.chain, self.guard) = before;
        }
        written.map(|()| taken)
    }

    fn fold_merged(&mut self, taken: Vec<Taken>) {
        if self.journal.must_refold() {
            return self.refold();
        }
        fold::absorb(&mut self.state, &mut self.journal, taken);
    }
}
