//! From a form to the journal: the one place where pages and API hand a request to the writer.

use crate::answer::Fault;
use crate::app::Inner;
use domain::State;
use journal::RequestId;
use journal::entry::{BODY_BYTES_MAX, sha256};
use journal::write::{Author, Draft};
use std::sync::Arc;
use store::{Receipt, Ruled, StoreError, Submission, SubmitError, View};

/// Records a request and waits until it is on disk.
pub(crate) async fn record(
    shared: &Inner,
    view: &View<State>,
    author: Author,
    request: RequestId,
    drafts: Vec<Draft>,
) -> Result<Receipt, Fault> {
    if drafts.iter().any(|d| d.body.len() > BODY_BYTES_MAX) {
        // No entry is that long: the rules say why better than the writer would.
        drafts.iter().try_for_each(|draft| view.state.check(&author, draft))?;
    }
    let (tell, told) = tokio::sync::oneshot::channel();
    shared.ledger.submit(Submission { request, author, drafts }, move |outcome| {
        // Nobody listens any more when the browser went away; the entry is recorded all the same.
        let _ = tell.send(outcome);
    });
    let outcome = told.await.unwrap_or_else(|_| Err(SubmitError::Store(Arc::new(StoreError::Busy))));
    outcome.map_err(Fault::from)
}

/// The request id of a form: the one it carries, else one that its content names, so that the same form sent twice is
/// the same request. Forms in regions that many people share carry none.
pub(crate) fn request_id(carried: &str, author: &Author, draft: &Draft) -> RequestId {
    carried.parse().unwrap_or_else(|_| {
        let parts: [&[u8]; 5] = [author.actor.as_bytes(), draft.subject.as_bytes(), draft.kind.as_bytes(), b"\0", &draft.body];
        let mut id = [0; RequestId::LEN];
        id.copy_from_slice(&sha256(&parts.concat()).as_bytes()[..RequestId::LEN]);
        RequestId(id)
    })
}
