//! The search: over everything that who asks may read, by the beginnings of words, without accents.

mod actions;
mod crises;
pub(crate) mod fold;
mod found;
mod log;
mod map;
mod page;
mod records;

use crate::app::{Inner, Shared};
use crate::local::Local;
use crate::session::Visitor;
use axum::Router;
use axum::extract::{Query as Asked, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::register::Register;
use fold::Query;
use found::Group;
use serde::Deserialize;

/// Most characters of a query that count; the field takes no more.
const QUERY_CHARS_MAX: usize = 200;
/// Characters of a long text shown around the first word found.
const EXCERPT_CHARS_MAX: usize = 240;
/// Of which before that word.
const EXCERPT_BEFORE: usize = 60;

#[derive(Deserialize)]
pub(crate) struct Form {
    #[serde(default)]
    q: String,
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/recherche", get(show))
}

/// `GET /recherche?q=`.
async fn show(State(shared): State<Shared>, visitor: Visitor, Asked(form): Asked<Form>) -> Response {
    let sought: String = form.q.trim().chars().take(QUERY_CHARS_MAX).collect();
    let query = Query::new(&sought);
    let seeking = Seeking::new(&shared, &visitor, &query);
    let found = if query.is_empty() { Found::default() } else { seeking.run() };
    page::show(&seeking, &sought, &found).into_response()
}

/// The same, for programs.
pub(crate) fn as_json(shared: &Inner, visitor: &Visitor, sought: &str) -> serde_json::Value {
    let sought: String = sought.trim().chars().take(QUERY_CHARS_MAX).collect();
    let query = Query::new(&sought);
    let found = if query.is_empty() { Found::default() } else { Seeking::new(shared, visitor, &query).run() };
    let hit = |hit: &found::Hit| serde_json::json!({ "title": hit.title, "detail": hit.detail, "href": hit.href });
    let group = |group: &Group<'_>| {
        let hits: Vec<serde_json::Value> = group.best().map(hit).collect();
        serde_json::json!({ "key": group.key, "name": group.name, "total": group.total, "hits": hits })
    };
    let groups: Vec<serde_json::Value> = found.groups.iter().map(group).collect();
    serde_json::json!({ "sought": sought, "groups": groups, "cut": found.cut })
}

/// Who seeks what, where.
struct Seeking<'q> {
    shared: &'q Inner,
    visitor: &'q Visitor,
    query: &'q Query,
    local: Local,
}

/// What answers.
#[derive(Default)]
struct Found<'q> {
    groups: Vec<Group<'q>>,
    /// Whether the oldest lines of the log were not looked at.
    cut: bool,
}

impl<'q> Seeking<'q> {
    fn new(shared: &'q Inner, visitor: &'q Visitor, query: &'q Query) -> Self {
        Self { shared, visitor, query, local: Local::of(&visitor.view.state.register.time_zone) }
    }

    fn state(&self) -> &'q domain::State {
        &self.visitor.view.state
    }

    fn register(&self) -> &'q Register {
        &self.state().register
    }

    /// What answers, names and titles first, then the log.
    fn run(&self) -> Found<'q> {
        let mut groups = records::groups(self);
        let (log, cut) = log::groups(self);
        groups.extend(log);
        groups.retain(|group| group.total > 0);
        Found { groups, cut }
    }

    /// A text on one line, cut around the first word sought when it is long.
    fn excerpt(&self, text: &str) -> String {
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= EXCERPT_CHARS_MAX {
            return line;
        }
        let before: usize =
            self.query.marks(&line).iter().take_while(|(marked, _)| !marked).map(|(_, p)| p.chars().count()).sum();
        let found = before < line.chars().count();
        let skipped = if found { before.saturating_sub(EXCERPT_BEFORE) } else { 0 };
        let mut out = if skipped > 0 { "…".to_owned() } else { String::new() };
        out.extend(line.chars().skip(skipped).take(EXCERPT_CHARS_MAX));
        if line.chars().count() > skipped + EXCERPT_CHARS_MAX {
            out.push('…');
        }
        out
    }
}
