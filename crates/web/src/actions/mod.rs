//! The action plan: what is to be mended, the fastest gain first; the boards that follow it; sheets that leave.

mod acts;
mod board;
mod boards;
mod export;
mod filter;
mod follow;
mod form;
mod list;
mod matrix;
mod one;
mod prefill;
mod template;
mod words;

pub(crate) use words::short as summary;

use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::subject;
use crate::session::Visitor;
use crate::shell::Page;
use crate::typography::fr;
use axum::Router;
use axum::routing::{get, post};
use domain::actions::{Action, Board};
use journal::SubjectId;
use maud::{Markup, html};

/// The plan.
pub(crate) const PATH: &str = "/actions";
/// The boards.
const BOARDS: &str = "/actions/instances";
/// The reference actions.
const TEMPLATE: &str = "/actions/modele";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/actions", get(list::show))
        .route("/actions/nouvelle", get(form::new))
        .route("/actions/export.xlsx", get(export::xlsx))
        .route("/actions/export.csv", get(export::csv))
        .route("/actions/export.ods", get(export::ods))
        .route("/actions/modele", get(template::show))
        .route("/actions/modele/{key}", get(template::one))
        .route("/actions/instances", get(boards::show))
        .route("/actions/instances/{id}", get(board::show))
        .route("/actions/{id}", get(one::show))
        .route("/journaux/{journal}/actions", post(acts::add))
        .route("/journaux/{journal}/actions/modele", post(template::adopt_all))
        .route("/journaux/{journal}/actions/modele/{key}", post(template::adopt))
        .route("/journaux/{journal}/actions/instances", post(boards::add))
        .route("/journaux/{journal}/actions/instances/{id}", post(board::change))
        .route("/journaux/{journal}/actions/instances/{id}/suivi", post(follow::choose))
        .route("/journaux/{journal}/actions/instances/{id}/presentation", post(board::present))
        .route("/journaux/{journal}/actions/{id}", get(form::edit).post(acts::change))
        .route("/journaux/{journal}/actions/{id}/etat", post(acts::progress))
        .route("/journaux/{journal}/actions/{id}/retirer", post(acts::remove))
}

/// Pages of the plan, as the navigation beside their title lists them.
const TABS: [(&str, &str); 3] = [("Plan", PATH), ("Instances", BOARDS), ("Actions de référence", TEMPLATE)];

/// The title of a page of the plan, with the way to the others.
fn head(title: &str, here: &str) -> Markup {
    html! {
        div.roomhead { h1 { (fr(title)) }
            nav.sub aria-label="Plan d’actions" { @for (name, path) in TABS { a href=(path) aria-current=[(path == here).then_some("page")] { (fr(name)) } } } }
    }
}

/// Where forms of the plan post.
fn base(page: &Page<'_>) -> String {
    format!("/journaux/{}/actions", page.shared.ledger.id())
}

/// Where an action is read.
pub(crate) fn path_of(id: &SubjectId) -> String {
    format!("{PATH}/{id}")
}

/// An action that is, or was, on the plan.
fn find<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Action, Fault> {
    visitor.view.state.actions.ever(&subject(id)?).ok_or_else(Fault::not_found)
}

/// A board that follows, or followed, actions.
fn find_board<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Board, Fault> {
    let found = visitor.view.state.actions.boards.get(&subject(id)?);
    found.map(|board| &**board).ok_or_else(Fault::not_found)
}
