//! What a file would change, reckoned once per state of the journal.

use super::{Brought, drawn, unreadable};
use crate::answer::Fault;
use crate::app::Inner;
use crate::pending::Kept;
use domain::State;
use formats::plan::{Change, Plan, plan};
use formats::source::Source;
use journal::entry::sha256;
use journal::{Hash, RequestId, SubjectId};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

/// What a file would change.
pub(super) struct Looked {
    /// The view it was compared with.
    version: u64,
    pub(super) plan: Plan,
    /// Names what would be written: what somebody agreed to is what is recorded.
    pub(super) digest: Hash,
    pub(super) created: usize,
    pub(super) changed: usize,
    pub(super) same: usize,
    /// Rows that cannot be taken.
    pub(super) refused: usize,
}

impl Looked {
    fn of(state: &State, version: u64, source: &Source, token: RequestId) -> Self {
        let fresh = |key: &str| SubjectId(drawn(key, token));
        let plan = plan(state, source, &fresh);
        let count = |change: Change| plan.planned.iter().filter(|planned| planned.change == change).count();
        let refused: BTreeSet<_> = plan.faults.iter().map(|fault| &fault.spot).collect();
        let lines = serde_json::to_vec(&plan.lines).unwrap_or_default();
        Self {
            version,
            digest: sha256(&lines),
            created: count(Change::Created),
            changed: count(Change::Changed),
            same: count(Change::Same),
            refused: refused.len(),
            plan,
        }
    }
}

/// What a file would change now.
pub(super) async fn looked(shared: &Inner, kept: &Kept<Brought>) -> Result<Arc<Looked>, Fault> {
    let view = shared.ledger.view();
    let (content, token) = (kept.content.clone(), kept.token);
    let work = move || {
        let mut last = content.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(looked) = last.as_ref().filter(|looked| looked.version == view.version) {
            return Some(looked.clone());
        }
        let looked = Arc::new(Looked::of(&view.state, view.version, content.source.as_ref()?, token));
        *last = Some(looked.clone());
        Some(looked)
    };
    let outcome = tokio::task::spawn_blocking(work).await;
    outcome.ok().flatten().ok_or_else(|| unreadable("Ce fichier n’a pas pu être comparé à la carte : choisissez-le de nouveau."))
}
