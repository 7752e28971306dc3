//! Before the exercise: the list, the kits, what each establishment fills in, the chronogramme, the people, the documents.

mod acts;
mod chronogramme;
mod conflict;
mod context;
mod criteria;
mod documents;
mod frame;
mod inject;
mod kits;
mod list;
mod one;
mod people;
mod preparation;
mod source;
mod suggest;

use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::form::Fields;
use crate::limits::MULTIPART_BYTES_MAX;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::exercise::event::Part;
use domain::exercise::event::scenario::Inject;
use domain::exercise::{Exercise, fill};
use domain::register::Role;
use journal::SubjectId;
use maud::{Markup, html};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/exercices", get(list::show))
        .route("/exercices/kits", get(kits::list))
        .route("/exercices/kits/{key}", get(kits::show))
        .route("/exercices/{id}", get(one::show))
        .route("/exercices/{id}/cadre", get(frame::show))
        .route("/exercices/{id}/contexte", get(context::show))
        .route("/exercices/{id}/chronogramme", get(chronogramme::show))
        .route("/exercices/{id}/chronogramme/{key}", get(inject::show))
        .route("/exercices/{id}/criteres", get(criteria::show))
        .route("/exercices/{id}/participants", get(people::show))
        .route("/exercices/{id}/preparation", get(preparation::show))
        .route("/exercices/{id}/documents/{kind}", get(documents::show))
        .route("/journaux/{journal}/exercices", post(source::plan))
        .route("/journaux/{journal}/exercices/{id}/{act}", post(acts::act).layer(DefaultBodyLimit::max(MULTIPART_BYTES_MAX)))
}

/// Whether somebody may plan an exercise.
fn plans(visitor: &Visitor) -> bool {
    visitor.may_write() && visitor.role.rank() >= Role::Secretary.rank()
}

/// An exercise that somebody prepares; to all others there is no such page.
pub(super) struct Prepared<'a> {
    shared: &'a Inner,
    visitor: &'a Visitor,
    exercise: &'a Exercise,
}

impl<'a> Prepared<'a> {
    pub(super) fn of(shared: &'a Inner, visitor: &'a Visitor, id: &str) -> Result<Self, Fault> {
        let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
        let all = &visitor.view.state.exercises.all;
        let exercise = all.get(&id).filter(|e| shared.branch.is_none() && e.is_run_by(&visitor.actor));
        Ok(Self { shared, visitor, exercise: exercise.ok_or_else(Fault::not_found)? })
    }

    /// Whether it can still be changed.
    fn is_open_to_change(&self) -> bool {
        self.exercise.opened.is_none() && self.exercise.cancelled.is_none() && self.visitor.may_write()
    }

    fn path(&self) -> String {
        super::path(self.exercise.id)
    }

    /// Where a form about it is sent.
    fn act(&self, act: &str) -> String {
        format!("/journaux/{}/exercices/{}/{act}", self.shared.ledger.id(), self.exercise.id)
    }

    /// A team's name.
    fn team(&self, key: &str) -> &'a str {
        let found = self.exercise.scenario().teams.iter().find(|team| team.key == key);
        found.map_or("équipe retirée", |team| team.name.as_str())
    }

    fn filled(&self, text: &str) -> String {
        fill::fill(text, &self.exercise.scenario().parameters)
    }

    fn teams(&self, inject: &Inject) -> String {
        if inject.to.is_empty() {
            return "tous".to_owned();
        }
        inject.to.iter().map(|key| self.team(key)).collect::<Vec<_>>().join(", ")
    }

    /// A page of it, with the way back above.
    fn page(&self, title: &str, status: StatusCode, body: impl FnOnce(&Page<'_>) -> Markup) -> Response {
        let page = Page::new(self.shared, self.visitor, Place::Exercise, title);
        let changed = self.is_open_to_change();
        let body = html! {
            p.crumb { a href="/exercices" { "Exercices" } " · " a href=(self.path()) { (fr(&self.exercise.scenario().title)) } }
            @if !changed { p.notice { (fr("L’exercice est ouvert ou annulé : cette page se lit, elle ne se change plus.")) } }
            (conflict::notice(self))
            (body(&page))
        };
        (status, page.render(&body)).into_response()
    }
}

/// A text of a form: browsers send line ends as CRLF, the journal keeps one form.
fn prose(fields: &Fields, name: &str) -> String {
    fields.get(name).replace("\r\n", "\n").trim().to_owned()
}

/// What a summary says of somebody's part.
fn part_words(exercise: &Exercise, visitor: &Visitor) -> Option<String> {
    let part = exercise.part(&visitor.actor)?;
    let team = exercise.team(&visitor.actor).and_then(|key| exercise.scenario().teams.iter().find(|team| team.key == key));
    Some(match (part, team) {
        (Part::Player, Some(team)) => format!("Vous jouez dans l’équipe « {} ».", team.name),
        _ => format!("Vous êtes {}.", part.label()),
    })
}
