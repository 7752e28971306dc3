//! Exercises: the library of kits, the preparation, the room in which an exercise is played, and its report.
//!
//! Below [`branch::ADDRESS`] an exercise is a whole establishment of its own: the same pages on another journal.

pub(crate) mod branch;
pub(crate) mod conduct;
mod ends;
mod exchange;
mod picture;
mod plan;
mod report;

pub(crate) use exchange::{Chronogrammes, Kits};

pub(crate) use report::{measured as report_measured, reading as report_reading};

use crate::app::Shared;
use axum::Router;
use axum::routing::post;
use journal::SubjectId;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/journaux/{journal}/exercices/{id}/ouvrir", post(ends::open))
        .route("/journaux/{journal}/exercices/{id}/clore", post(ends::close))
        .merge(plan::routes())
        .merge(conduct::routes())
        .merge(exchange::routes())
        .merge(report::routes())
}

/// Page of an exercise, in the establishment.
pub(crate) fn path(id: SubjectId) -> String {
    format!("/exercices/{id}")
}
