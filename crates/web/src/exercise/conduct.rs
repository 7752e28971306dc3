//! In the branch: the console, the inbox of imitation channels, the observers’ grid, the comms check, the hot debrief.

mod acts;
mod band;
mod clock;
mod console;
mod grid;
mod inbox;
mod meeting;
mod picture;
mod selected;
mod tools;

pub(crate) use band::{entrances, show as band, stopped};

use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::session::Visitor;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::State;
use domain::exercise::event::Part;
use domain::exercise::event::scenario::Inject;
use domain::exercise::{Exercise, fill};
use maud::Markup;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/horloge", get(band::look))
        .route("/console", get(console::show))
        .route("/boite", get(inbox::show))
        .route("/boite/{key}", get(inbox::one))
        .route("/briefing", get(inbox::briefing))
        .route("/grille", get(grid::show))
        .route("/appel", get(meeting::check))
        .route("/debriefing", get(meeting::debrief))
        .route("/arret", get(meeting::stop))
        .route("/journaux/{journal}/exercice/{act}", post(acts::act))
}

/// Somebody in the exercise that is played here.
pub(super) struct Here<'a> {
    pub(super) shared: &'a Inner,
    pub(super) visitor: &'a Visitor,
    pub(super) exercise: &'a Exercise,
    pub(super) part: Part,
}

impl<'a> Here<'a> {
    /// Those who take part in one of these ways; to all others there is no such page.
    pub(super) fn of(shared: &'a Inner, visitor: &'a Visitor, parts: &[Part]) -> Result<Self, Fault> {
        let exercise = played(shared, &visitor.view.state).ok_or_else(Fault::not_found)?;
        let part = exercise.part(&visitor.actor).filter(|part| parts.contains(part)).ok_or_else(Fault::not_found)?;
        Ok(Self { shared, visitor, exercise, part })
    }

    pub(super) fn state(&self) -> &'a State {
        &self.visitor.view.state
    }

    pub(super) fn now(&self) -> i64 {
        self.visitor.now
    }

    /// Where a form of the exercise is sent.
    pub(super) fn act(&self, act: &str) -> String {
        format!("/journaux/{}/exercice/{act}", self.shared.ledger.id())
    }

    /// A text of the kit with the words of the establishment.
    pub(super) fn filled(&self, text: &str) -> String {
        fill::fill(text, &self.exercise.scenario().parameters)
    }

    /// Teams of an inject, in words.
    pub(super) fn teams(&self, inject: &Inject) -> String {
        if inject.to.is_empty() {
            return "tous".to_owned();
        }
        let teams = &self.exercise.scenario().teams;
        let name = |key: &String| teams.iter().find(|team| team.key == *key).map_or(key.clone(), |team| team.name.clone());
        inject.to.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn name(&self, actor: &journal::ActorId) -> String {
        self.state().register.name(actor)
    }
}

/// The exercise that is played in this journal, when it is a branch.
pub(super) fn played<'a>(shared: &Inner, state: &'a State) -> Option<&'a Exercise> {
    state.exercises.all.get(&shared.branch.as_ref()?.exercise)
}

/// Exercise time in words, `T+01:12`, of milliseconds after DEBEX.
pub(super) fn t_plus(offset_ms: i64) -> String {
    let minutes = offset_ms.div_euclid(60_000);
    format!("T+{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The regions of a page alone, for a page that follows.
fn fragment(body: &Markup) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body.0.clone()).into_response()
}
