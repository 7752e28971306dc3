//! Describing an activity or an element: a new one, one that is there, a copy, or one version of a conflict.

mod form;
mod needs;
mod read;

use super::acts;
use super::thing::words::ever;
use super::{base, head, thing_path};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::scene::{made, seen, subject};
use crate::fields::Filled;
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::{Node, Thing};
use domain::versions::Versions;
use domain::{Event, State as Journal};
pub(super) use form::proposed;
use journal::write::Draft;
use journal::{EntryId, SubjectId};
use maud::{Markup, html};
use serde::Deserialize;

/// Care priority proposed for a new activity.
const PRIORITY: u8 = 2;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/journaux/{journal}/carte/elements", get(new_element).post(acts::add_element))
        .route("/journaux/{journal}/carte/elements/{id}", get(element).post(acts::change))
}

/// The values of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Activity(ActivitySet),
    Asset(AssetSet),
}

/// What a form describes.
#[derive(Debug, Clone)]
pub(super) struct Edited {
    /// None for a new one.
    id: Option<SubjectId>,
    value: Value,
    /// Versions before the author's eyes.
    seen: Vec<EntryId>,
    /// The version it started from, when not the current one.
    version: Option<EntryId>,
    /// Whether saving the same values would change nothing.
    settled: bool,
}

impl Value {
    fn name(&self) -> &str {
        match self {
            Self::Activity(set) => &set.name,
            Self::Asset(set) => &set.name,
        }
    }
}

impl Edited {
    pub(super) fn new_activity() -> Self {
        Self::fresh(Value::Activity(ActivitySet { priority: PRIORITY, ..ActivitySet::default() }))
    }

    pub(super) fn new_element(kind: AssetKind) -> Self {
        Self::fresh(Value::Asset(AssetSet { kind, ..AssetSet::default() }))
    }

    fn fresh(value: Value) -> Self {
        Self { id: None, value, seen: Vec::new(), version: None, settled: false }
    }

    /// One that is, or was, on the map; its values those of a version when one is named.
    pub(super) fn of(visitor: &Visitor, id: &str, version: &str) -> Result<Self, Fault> {
        fn at<T: Clone>(described: &Versions<T>, version: Option<EntryId>) -> T {
            let asked = version.and_then(|id| described.all().find(|write| write.id == id));
            asked.unwrap_or_else(|| described.current()).value.clone()
        }
        fn settled<T>(node: &Node<T>) -> bool {
            node.removed.is_none() && !node.described.is_conflict()
        }
        let id = subject(id)?;
        let version = version.parse().ok();
        let thing = ever(&visitor.view.state.cartography, &id).ok_or_else(Fault::not_found)?;
        let (value, seen, settled) = match thing {
            Thing::Activity(a) => (Value::Activity(at(&a.described, version)), a.described.seen(), settled(a)),
            Thing::Asset(a) => (Value::Asset(at(&a.described, version)), a.described.seen(), settled(a)),
        };
        Ok(Self { id: Some(id), value, seen, version, settled })
    }

    /// A copy to be described under another name: what other tools or an archetype say of the first is not true of it.
    fn copied(self) -> Self {
        let value = match self.value {
            Value::Activity(set) => {
                let name = format!("{} (copie)", set.name);
                Value::Activity(ActivitySet { name, external: Vec::new(), origin: None, supersedes: Vec::new(), ..set })
            }
            Value::Asset(set) => {
                let name = format!("{} (copie)", set.name);
                Value::Asset(AssetSet { name, external: Vec::new(), origin: None, supersedes: Vec::new(), ..set })
            }
        };
        Self::fresh(value)
    }

    /// What the form records and where one goes then; no draft when nothing changed.
    pub(super) fn drafts(&self, fields: &Fields, state: &Journal) -> Result<(Vec<Draft>, String), Fault> {
        let value = read::value(fields, &self.value, state)?;
        if self.settled && self.version.is_none() && value == self.value {
            return Ok((Vec::new(), self.page()));
        }
        let id = self.id.unwrap_or_else(|| match &value {
            Value::Activity(set) => made(fields, "activity", &set.name),
            Value::Asset(set) => made(fields, "asset", &set.name),
        });
        let changed = value != self.value;
        let supersedes = seen(fields);
        let event = match value {
            Value::Activity(mut set) => {
                set.supersedes = supersedes;
                set.origin.iter_mut().for_each(|origin| origin.adapted |= changed);
                Event::ActivitySet(set)
            }
            Value::Asset(mut set) => {
                set.supersedes = supersedes;
                set.origin.iter_mut().for_each(|origin| origin.adapted |= changed);
                Event::AssetSet(set)
            }
        };
        Ok((vec![event.draft(id)], thing_path(&id)))
    }

    fn page(&self) -> String {
        self.id.map_or_else(|| acts::MAP.to_owned(), |id| thing_path(&id))
    }
}

/// What an address asks of a form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The record that a new one starts from.
    #[serde(default)]
    copie: String,
    /// Kind of the new element.
    #[serde(default)]
    genre: String,
    /// The version to start from.
    #[serde(default)]
    version: String,
}

fn answered(shared: &Inner, visitor: &Visitor, journal: &str, edited: Result<Edited, Fault>) -> Response {
    let edited = visitor.journal(shared, journal).and(edited);
    edited.map_or_else(IntoResponse::into_response, |edited| page(shared, visitor, &edited, Filled::BLANK))
}

/// `GET …/carte/activites?copie=`: a new one.
pub(super) async fn new_activity(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let edited = if asked.copie.is_empty() {
        Ok(Edited::new_activity())
    } else {
        Edited::of(&visitor, &asked.copie, "").map(Edited::copied)
    };
    answered(&shared, &visitor, &journal, edited)
}

/// `GET …/carte/elements?copie=&genre=`: a new one.
async fn new_element(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let kind = AssetKind::from_name(&asked.genre).unwrap_or(AssetKind::Application);
    let edited = if asked.copie.is_empty() {
        Ok(Edited::new_element(kind))
    } else {
        Edited::of(&visitor, &asked.copie, "").map(Edited::copied)
    };
    answered(&shared, &visitor, &journal, edited)
}

/// `GET …/carte/elements/{id}?version=`.
async fn element(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let edited = Edited::of(&visitor, &id, &asked.version);
    answered(&shared, &visitor, &journal, edited)
}

/// `GET …/carte/activites/{id}` and `…/applications/{id}`, where forms were once: the page of the element.
pub(super) async fn moved(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    visitor.journal(&shared, &journal)?;
    Ok(see_other(&thing_path(&subject(&id)?)))
}

/// The page of the form, filled in when refused or when its rows of needs change.
pub(super) fn page(shared: &Inner, visitor: &Visitor, edited: &Edited, filled: Filled<'_>) -> Response {
    let title = match (&edited.id, &edited.value) {
        (Some(_), value) => format!("Modifier : {}", value.name()),
        (None, Value::Activity(_)) => "Nouvelle activité".to_owned(),
        (None, Value::Asset(_)) => "Nouvel élément".to_owned(),
    };
    let page = Page::new(shared, visitor, Place::Prepare, &title);
    let body = html! {
        (head(&title, "/carte/activites"))
        @if let Some(id) = edited.id { p { a href=(thing_path(&id)) { "Revenir à la fiche" } } }
        @if visitor.may_write() { (form::form(&page, edited, filled)) } @else { (cannot()) }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn cannot() -> Markup {
    html! { p.empty { "Un observateur lit la carte sans la changer." } }
}

/// Where the form posts.
fn action(page: &Page<'_>, edited: &Edited) -> String {
    match (&edited.id, &edited.value) {
        (Some(id), _) => format!("{}/elements/{id}", base(page)),
        (None, Value::Activity(_)) => format!("{}/activites", base(page)),
        (None, Value::Asset(_)) => format!("{}/elements", base(page)),
    }
}
