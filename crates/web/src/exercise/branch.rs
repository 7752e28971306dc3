//! The branches of exercises: opened when somebody enters or when the program starts, served below an address of their
//! own by the same pages, and conducted until their end.

mod conductor;
mod dispatch;
mod found;
mod links;

pub(crate) use dispatch::{ADDRESS, layer};
pub(crate) use found::open as found;
pub(crate) use links::below;

use crate::app::{App, Inner, Shared, pages};
use crate::session::on_disk;
use axum::Router;
use domain::State;
use domain::exercise::Exercise;
use journal::{JournalId, SubjectId};
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use store::{Ledger, Options, StoreError};
use tokio::sync::Mutex;

/// What a served branch knows of where it comes from.
pub(crate) struct Branch {
    /// The exercise that is played.
    pub(crate) exercise: SubjectId,
    /// What its addresses begin with, e.g. `/exercice/0123…`.
    pub(crate) prefix: String,
    home: Weak<Inner>,
}

impl Branch {
    /// The establishment; `None` once it is closing.
    pub(crate) fn home(&self) -> Option<Shared> {
        self.home.upgrade()
    }
}

/// A branch that is open.
pub(crate) struct Running {
    pub(crate) shared: Shared,
    router: Router,
    conductor: tokio::task::JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.conductor.abort();
        self.shared.hub.close();
    }
}

/// The branches of an establishment, by their journals.
#[derive(Default)]
pub(crate) struct Branches {
    open: Mutex<BTreeMap<JournalId, Arc<Running>>>,
    /// Streams end with the establishment's.
    hubs: std::sync::Mutex<Vec<Weak<Inner>>>,
}

impl Branches {
    /// Ends the live streams of all branches.
    pub(crate) fn close(&self) {
        let hubs = self.hubs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hubs.iter().filter_map(Weak::upgrade).for_each(|shared| shared.hub.close());
    }

    fn remember(&self, shared: &Shared) {
        let mut hubs = self.hubs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hubs.retain(|one| one.strong_count() > 0);
        hubs.push(Arc::downgrade(shared));
    }
}

/// The exercise whose branch is this journal.
pub(crate) fn of_journal<'a>(state: &'a State, id: &JournalId) -> Option<&'a Exercise> {
    state.exercises.all.values().find(|e| e.opened.as_ref().is_some_and(|opened| opened.what.branch == *id))
}

/// Address of a branch's pages.
pub(crate) fn prefix(id: &JournalId) -> String {
    format!("{ADDRESS}{id}")
}

/// The branch of this journal, opened if need be; `None` when no exercise has it.
pub(crate) async fn running(home: &Shared, id: JournalId) -> Result<Option<Arc<Running>>, StoreError> {
    let mut open = home.branches.open.lock().await;
    if let Some(running) = open.get(&id) {
        return Ok(Some(running.clone()));
    }
    let view = home.ledger.view();
    let Some(exercise) = of_journal(&view.state, &id) else { return Ok(None) };
    let (exercise, heads) = (exercise.id, exercise.opened.as_ref().map(|o| o.what.heads.clone()).unwrap_or_default());
    let ledger = on_disk(home, move |home| {
        let base = home.ledger.known_with(&heads)?.state.branch(&exercise);
        let folder = home.ledger.folder().branch(&exercise.to_string());
        Ledger::open_on(&folder, base, home.env.clone(), Options::default())
    });
    let branch = Branch { exercise, prefix: prefix(&id), home: Arc::downgrade(home) };
    let app = App::of_branch(home, Arc::new(ledger.await?), branch);
    home.branches.remember(&app.0);
    let conductor = tokio::spawn(conductor::conduct(app.0.clone()));
    let running = Arc::new(Running { shared: app.0.clone(), router: pages(app), conductor });
    open.insert(id, running.clone());
    Ok(Some(running))
}

/// Opens the branches of all exercises under way: their injects are due whether somebody looks or not.
pub(crate) async fn resume(home: Shared) {
    let view = home.ledger.view();
    let ids: Vec<JournalId> = view.state.exercises.open().iter().filter_map(|e| Some(e.opened.as_ref()?.what.branch)).collect();
    for id in ids {
        if let Err(error) = running(&home, id).await {
            tracing::error!(%error, branch = %id, "an exercise under way could not be opened");
        }
    }
}
