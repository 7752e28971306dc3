//! What every page of a crisis begins with: whose crisis, which state, at which moment; and what its forms have in common.

use super::acts::sent;
use super::{crisis, room_path};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::form::Fields;
use crate::local::Local;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::State;
use domain::cells::Cells;
use domain::crisis::Crisis;
use domain::situation::Situation;
use domain::situation::board::Board;
use journal::entry::sha256;
use journal::write::Draft;
use journal::{EntryId, SubjectId};
use maud::Markup;

/// A crisis as a page shows it.
pub(crate) struct Scene<'a> {
    pub(crate) shared: &'a Inner,
    pub(crate) visitor: &'a Visitor,
    pub(crate) state: &'a State,
    pub(crate) crisis: &'a Crisis,
    pub(crate) local: Local,
    /// Address of the room.
    pub(crate) room: String,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
}

impl<'a> Scene<'a> {
    /// The crisis that an address names, in the journal served.
    pub(crate) fn of(shared: &'a Inner, visitor: &'a Visitor, journal: &str, id: &str) -> Result<Self, Fault> {
        let state = &visitor.view.state;
        Ok(Self::at(shared, visitor, crisis(shared, visitor, state, journal, id)?))
    }

    pub(crate) fn at(shared: &'a Inner, visitor: &'a Visitor, crisis: &'a Crisis) -> Self {
        let state = &visitor.view.state;
        let (local, room) = (Local::of(&state.register.time_zone), room_path(shared, crisis));
        Self { shared, visitor, state, crisis, local, room, now: visitor.now }
    }

    pub(crate) fn may_write(&self) -> bool {
        self.visitor.may_write()
    }

    pub(crate) fn situation(&self) -> Option<&'a Situation> {
        self.state.situations.get(&self.crisis.id)
    }

    pub(crate) fn cells(&self) -> Option<&'a Cells> {
        self.state.cells.get(&self.crisis.id)
    }

    pub(crate) fn board(&self) -> Board<'a> {
        Board::of(self.state, &self.crisis.id)
    }

    /// A page about this crisis, refused or not.
    pub(crate) fn page(&self, title: &str, fault: Option<&Fault>, body: &Markup) -> Response {
        let status = fault.map_or(StatusCode::OK, |f| f.status);
        let page = Page::new(self.shared, self.visitor, Place::Crisis, title).about(self.crisis);
        (status, page.render(body)).into_response()
    }

    /// A moment as beside others: the time, and the day when it is another than today.
    pub(crate) fn short(&self, ms: i64) -> String {
        self.local.short(ms, self.now)
    }

    /// A moment as a field takes it back: the day is always said, so that nothing is guessed.
    pub(crate) fn typed(&self, ms: i64) -> String {
        format!("{} {}", self.local.day(ms), self.local.time(ms))
    }
}

/// What a form comes to: what is recorded, as one request, and the page after it.
pub(crate) struct Outcome {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) next: String,
}

/// A form about a crisis: who sent it is checked, `decide` says what it records, `give_back` is the form filled in when refused.
pub(crate) async fn act(
    shared: &Shared,
    (journal, id): (String, String),
    request: Request,
    decide: impl FnOnce(&Scene<'_>, &Fields) -> Result<Outcome, Fault>,
    give_back: impl FnOnce(&Scene<'_>, &Fields, &Fault) -> Response,
) -> Response {
    let sent = match sent(shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let scene = match Scene::of(shared, &sent.visitor, &journal, &id) {
        Ok(scene) => scene,
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return super::elsewhere(&sent.fields, &fault),
    };
    let decided = sent.same_author().and_then(|()| sent.fields.fault.clone().map_or(Ok(()), Err));
    let outcome = match decided.and_then(|()| decide(&scene, &sent.fields)) {
        Ok(outcome) => sent.record_all(shared, outcome.drafts).await.map(|receipt| sent.done(&receipt, &outcome.next)),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(response) => response,
        Err(fault) if sent.json => fault.json(),
        Err(fault) => give_back(&scene, &sent.fields, &fault),
    }
}

/// The id an address names.
pub(crate) fn subject(text: &str) -> Result<SubjectId, Fault> {
    text.parse().map_err(|_| Fault::not_found())
}

/// The versions the author of a form had before their eyes.
pub(crate) fn seen(fields: &Fields) -> Vec<EntryId> {
    fields.get("supersedes").split(',').filter_map(|id| id.parse().ok()).collect()
}

/// A field that says what is wrong, with a sentence beside it.
pub(crate) fn wrong(name: &str, sentence: impl Into<String>) -> Fault {
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_field", sentence).about(name)
}

/// The id of something new, that the request and its name make: the same form sent twice names the same thing.
pub(crate) fn made(fields: &Fields, what: &str, name: &str) -> SubjectId {
    let text = format!("{what} {} {name}", fields.get("request"));
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(text.as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}
