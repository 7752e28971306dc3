//! After the exercise: the report, its findings, its exports.
//!
//! What was played is read in the branch; what is said of it afterwards is recorded in the establishment's journal.

mod criteria;
mod export;
mod findings;
mod page;
mod timeline;
mod words;

pub(super) use criteria::target;
pub(crate) use criteria::{measured, reading};

use super::branch::{self, Running};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::session::Visitor;
use axum::Router;
use axum::routing::{get, post};
use domain::State;
use domain::crisis::Crisis;
use domain::exercise::Exercise;
use domain::exercise::event::outcome::Results;
use domain::register::Role;
use journal::{EntryId, SubjectId};
use std::sync::Arc;
use store::View;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/exercices/{id}/retex", get(page::show))
        .route("/exercices/{id}/retex.xlsx", get(export::xlsx))
        .route("/exercices/{id}/retex/texte", get(words::show))
        .route("/exercices/{id}/retex/constat", get(findings::form))
        .route("/journaux/{journal}/exercices/{id}/retex", post(words::set))
        .route("/journaux/{journal}/exercices/{id}/constats", post(findings::set))
}

/// Page of the report.
fn path(id: SubjectId) -> String {
    format!("{}/retex", super::path(id))
}

/// An exercise that is over: what was played, and what is said of it.
struct Told {
    exercise: Exercise,
    played: Arc<View<State>>,
    /// What the addresses of its room begin with.
    prefix: String,
    branch: Shared,
}

impl Told {
    fn state(&self) -> &State {
        &self.played.state
    }

    /// The exercise as it was played.
    fn inside(&self) -> &Exercise {
        self.state().exercises.played_here().unwrap_or(&self.exercise)
    }

    fn results(&self) -> Results {
        self.exercise.closed.as_ref().map(|closed| closed.what.results.clone()).unwrap_or_default()
    }

    /// The crisis that was played; the last one, when there were several.
    fn crisis(&self) -> Option<&Crisis> {
        self.state().latest_crisis()
    }

    /// The room as it was at a moment (milliseconds since 1970).
    fn replay(&self, page: &crate::shell::Page<'_>, at: i64) -> String {
        let room = self.crisis().map_or("/".to_owned(), |crisis| crate::crisis::room_path(&self.branch, crisis));
        format!("{}{room}?a={}", self.prefix, crate::replay::minute_address(&page.local, at))
    }

    /// A line of the log that was written.
    fn line(&self, entry: EntryId) -> Option<String> {
        let crisis = self.crisis().filter(|crisis| crisis.log.iter().any(|line| line.id == entry))?;
        Some(format!("{}{}/entrees/{entry}", self.prefix, crate::crisis::room_path(&self.branch, crisis)))
    }

    /// When exercise time reached an offset, milliseconds since 1970.
    fn moment(&self, minutes: i64) -> Option<i64> {
        self.inside().clock.reaches(minutes * domain::exercise::MINUTE_MS)
    }
}

/// Whether somebody reads reports: those who took part, and those who may plan.
fn reads(exercise: &Exercise, visitor: &Visitor) -> bool {
    exercise.part(&visitor.actor).is_some() || visitor.role.rank() >= Role::Secretary.rank()
}

/// Whether somebody writes this report.
fn writes(exercise: &Exercise, visitor: &Visitor) -> bool {
    let plans = visitor.role.rank() >= Role::Secretary.rank();
    visitor.may_write() && (exercise.is_run_by(&visitor.actor) || plans)
}

/// The exercise an address names, once it is closed.
async fn told(shared: &Shared, visitor: &Visitor, id: &str) -> Result<Told, Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let exercise = closed(shared, visitor, id)?;
    let opened = exercise.opened.as_ref().ok_or_else(Fault::not_found)?;
    let running = branch::running(shared, opened.what.branch).await.map_err(|error| Fault::from(&error))?;
    let running: Arc<Running> = running.ok_or_else(Fault::not_found)?;
    let (branch, played) = (running.shared.clone(), running.shared.ledger.view());
    Ok(Told { exercise, played, prefix: branch::prefix(&branch.ledger.id()), branch })
}

fn closed(shared: &Inner, visitor: &Visitor, id: SubjectId) -> Result<Exercise, Fault> {
    let exercise = visitor.view.state.exercises.all.get(&id).filter(|_| shared.branch.is_none()).ok_or_else(Fault::not_found)?;
    if exercise.closed.is_none() || !reads(exercise, visitor) {
        return Err(Fault::not_found());
    }
    Ok(exercise.clone())
}
