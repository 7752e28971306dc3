//! The conductor: plays each inject at its time, exactly once. It remembers nothing: what is due follows from the journal, and
//! an inject that was played by hand meanwhile, or before a crash, is refused a second time by the rules.

use crate::app::Shared;
use crate::record::request_named;
use domain::Event;
use domain::exercise::event::conduct::InjectFired;
use journal::write::Author;
use journal::{JournalId, RequestId, SubjectId};
use std::time::Duration;
use store::{Submission, SubmitError};

/// The wall clock is looked at again after this long at most: somebody may set it.
const LOOKED_AT: Duration = Duration::from_millis(500);
/// After a refusal by the rules, it is looked at again this much later.
const REFUSED_AFTER: Duration = Duration::from_millis(20);
/// After a refusal of the store (a full disk), it is tried again this much later.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Plays what is due until the exercise is over.
pub(super) async fn conduct(shared: Shared) {
    let Some(exercise) = shared.branch.as_ref().map(|branch| branch.exercise) else { return };
    let mut versions = shared.hub.versions().subscribe();
    loop {
        versions.borrow_and_update();
        let next = {
            let view = shared.ledger.view();
            let Some(played) = view.state.exercises.all.get(&exercise) else { return };
            if played.clock.run().is_over() {
                return;
            }
            let due: Vec<String> = played.due(shared.now()).iter().map(|p| p.inject().key.clone()).collect();
            if due.is_empty() { Ok(played.next_due()) } else { Err(due) }
        };
        match next {
            Err(due) => {
                if let Some(wait) = fire(&shared, exercise, due).await {
                    tokio::time::sleep(wait).await;
                }
            }
            Ok(next) => {
                let wait = next.map_or(i64::MAX, |at| at - shared.now()).max(0);
                let wait = Duration::from_millis(wait.unsigned_abs()).min(LOOKED_AT);
                tokio::select! {
                    () = tokio::time::sleep(wait) => (),
                    _ = versions.changed() => (),
                }
            }
        }
    }
}

/// Plays these injects, in order; how long to wait before looking again, when one was not taken.
async fn fire(shared: &Shared, exercise: SubjectId, due: Vec<String>) -> Option<Duration> {
    let mut wait = None;
    for key in due {
        let request = request(shared.ledger.id(), exercise, &key);
        let fired = InjectFired { key, at: shared.now(), by_hand: false };
        let draft = Event::InjectFired(fired).draft(exercise);
        let submission = Submission { request, author: Author::PROGRAM, drafts: vec![draft] };
        let (tell, told) = tokio::sync::oneshot::channel();
        shared.ledger.submit(submission, move |outcome| {
            let _ = tell.send(outcome);
        });
        match told.await {
            Ok(Ok(_)) => {}
            // Played by hand, skipped or shifted in between: the next look at the journal knows, and others may be due.
            Ok(Err(SubmitError::Refused(refusal))) => {
                tracing::info!(%refusal, "an inject was not played");
                wait = wait.or(Some(REFUSED_AFTER));
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "an inject could not be recorded");
                return Some(AGAIN_AFTER);
            }
            Err(_) => return Some(AGAIN_AFTER),
        }
    }
    wait
}

/// The name of the request that plays an inject: the same after a crash.
fn request(journal: JournalId, exercise: SubjectId, key: &str) -> RequestId {
    request_named(format!("inject {journal} {exercise} {key}").as_bytes())
}
