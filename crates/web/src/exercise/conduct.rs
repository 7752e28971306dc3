//! In the branch: the console, the inbox of imitation channels, the observers’ grid, the comms check, the hot debrief.

mod acts;
mod band;
mod clock;
mod console;
mod debrief;
mod grid;
mod home;
mod inbox;
mod meeting;
mod message;
mod picture;
mod selected;
mod table;
mod tools;
mod view;

pub(crate) use band::{entrances, hides, is_stopped, landing, show as band};
pub(crate) use home::show as home;

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
use domain::exercise::{Exercise, Played, concerns, fill};
use journal::RequestId;
use journal::entry::sha256;
use maud::{Markup, html};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/horloge", get(band::look))
        .route("/console", get(console::show))
        .route("/boite", get(inbox::show))
        .route("/boite/{key}", get(message::show))
        .route("/boite/{key}/pieces/{hash}/{name}", get(message::piece))
        .route("/briefing", get(meeting::briefing))
        .route("/grille", get(grid::show))
        .route("/appel", get(meeting::check))
        .route("/debriefing", get(debrief::show))
        .route("/arret", get(meeting::stop))
        .route("/journaux/{journal}/exercice/{act}", post(acts::act))
}

/// Somebody in the exercise that is played here.
pub(super) struct Here<'a> {
    pub(super) shared: &'a Inner,
    pub(super) visitor: &'a Visitor,
    pub(super) exercise: &'a Exercise,
    pub(super) part: Part,
    /// Whether it was closed in the establishment's journal: its room is read, nothing is written there.
    pub(super) closed: bool,
}

impl<'a> Here<'a> {
    /// Those who take part in one of these ways; to all others there is no such page.
    pub(super) fn of(shared: &'a Inner, visitor: &'a Visitor, parts: &[Part]) -> Result<Self, Fault> {
        let exercise = played(shared, &visitor.view.state).ok_or_else(Fault::not_found)?;
        let part = exercise.part(&visitor.actor).filter(|part| parts.contains(part)).ok_or_else(Fault::not_found)?;
        Ok(Self { shared, visitor, exercise, part, closed: closed(shared, exercise) })
    }

    /// Whether anything may be done: not in the past, not once it is closed.
    pub(super) fn acts(&self) -> bool {
        !self.closed && self.visitor.replayed.is_none()
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

    /// A form of a page that follows. Its request is named by what the page knew: sent twice, it is one; and the page is not drawn
    /// anew for nothing.
    pub(super) fn form(&self, act: &str, about: &str, inner: &Markup) -> Markup {
        html! {
            form method="post" action=(self.act(act)) data-quick {
                input type="hidden" name="request" value=(self.request(act, about));
                input type="hidden" name="author" value=(self.visitor.actor);
                (inner)
            }
        }
    }

    fn request(&self, act: &str, about: &str) -> RequestId {
        let (journal, known, actor) = (self.shared.ledger.id(), self.visitor.view.entries, self.visitor.actor);
        let name = format!("form {journal} {actor} {known} {act} {about}");
        let mut id = [0; RequestId::LEN];
        id.copy_from_slice(&sha256(name.as_bytes()).as_bytes()[..RequestId::LEN]);
        RequestId(id)
    }

    /// How many of those an inject is for have opened it, and how many they are.
    pub(super) fn readers(&self, played: &Played) -> (usize, usize) {
        let players = self.exercise.taking_part(Part::Player);
        let mine = players.filter(|(_, player)| concerns(played.inject(), &player.set.team));
        mine.fold((0, 0), |(read, all), (actor, _)| (read + usize::from(played.read_by.contains_key(actor)), all + 1))
    }

    /// Name of a team.
    pub(super) fn team(&self, key: &str) -> &'a str {
        self.exercise.scenario().teams.iter().find(|team| team.key == key).map_or("", |team| team.name.as_str())
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
        inject.to.iter().map(|key| self.team(key)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn name(&self, actor: &journal::ActorId) -> String {
        self.state().register.name(actor)
    }
}

/// The exercise that is played in this journal, when it is a branch.
pub(super) fn played<'a>(shared: &Inner, state: &'a State) -> Option<&'a Exercise> {
    state.exercises.all.get(&shared.branch.as_ref()?.exercise)
}

/// Whether an exercise was closed in the journal of its establishment.
fn closed(shared: &Inner, exercise: &Exercise) -> bool {
    let home = shared.branch.as_ref().and_then(super::branch::Branch::home);
    home.is_some_and(|home| home.ledger.view().state.exercises.all.get(&exercise.id).is_some_and(|e| e.closed.is_some()))
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
