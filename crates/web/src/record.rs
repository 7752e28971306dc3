//! From a form to the journal: the one place where pages and API hand a request to the writer.

use crate::answer::Fault;
use crate::app::Inner;
use domain::State;
use domain::access::event::AttemptRefused;
use domain::access::{ATTEMPTS_HOURLY_MAX, HOUR_MS, RIGHTS};
use domain::{Event, Refusal};
use journal::engine::PROGRAM;
use journal::entry::{BODY_BYTES_MAX, sha256};
use journal::write::{Author, Draft};
use journal::{RequestId, SubjectId};
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
    let kind = drafts.first().map(|draft| draft.kind.clone()).unwrap_or_default();
    let (tell, told) = tokio::sync::oneshot::channel();
    shared.ledger.submit(Submission { request, author, drafts }, move |outcome| {
        // Nobody listens any more when the browser went away; the entry is recorded all the same.
        let _ = tell.send(outcome);
    });
    let outcome = told.await.unwrap_or_else(|_| Err(SubmitError::Store(Arc::new(StoreError::Busy))));
    if let Err(SubmitError::Refused(refusal)) = &outcome {
        note_refused(shared, &author, kind, refusal);
    }
    outcome.map_err(Fault::from)
}

/// Somebody tried what their role forbids: the program notes it in the journal, a few times an hour at most, and nobody
/// waits for it.
fn note_refused(shared: &Inner, author: &Author, kind: String, refusal: &Refusal) {
    if !RIGHTS.contains(&refusal.code) || author.actor == PROGRAM {
        return;
    }
    let now = shared.now();
    let attempts = shared.ledger.view().state.access.attempts_in_hour(&author.actor, now);
    if attempts >= ATTEMPTS_HOURLY_MAX {
        return;
    }
    let refused = AttemptRefused { kind, code: refusal.code.to_owned() };
    let draft = Event::AttemptRefused(refused).draft(SubjectId(author.actor.0));
    // Named by its rank in the hour: attempts made at the same moment are one, and never more than the limit.
    let name = format!("refused {} {} {attempts}", author.actor, now.div_euclid(HOUR_MS));
    let submission = Submission { request: request_named(name.as_bytes()), author: Author::PROGRAM, drafts: vec![draft] };
    shared.ledger.submit(submission, |outcome| {
        if let Err(error) = outcome {
            tracing::info!(%error, "a refused attempt was not noted");
        }
    });
}

/// The request id of a form: the one it carries, else one that its content names, so that the same form sent twice is
/// the same request. Forms in regions that many people share carry none.
pub(crate) fn request_id(carried: &str, author: &Author, draft: &Draft) -> RequestId {
    carried.parse().unwrap_or_else(|_| {
        let parts: [&[u8]; 5] = [author.actor.as_bytes(), draft.subject.as_bytes(), draft.kind.as_bytes(), b"\0", &draft.body];
        request_named(&parts.concat())
    })
}

/// The request id that a name makes: the same name is the same request, after a crash too.
pub(crate) fn request_named(name: &[u8]) -> RequestId {
    let mut id = [0; RequestId::LEN];
    id.copy_from_slice(&sha256(name).as_bytes()[..RequestId::LEN]);
    RequestId(id)
}
