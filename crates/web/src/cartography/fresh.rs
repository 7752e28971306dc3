//! Coverage and freshness: what nobody reviewed for a year, who is asked to, and what does not hold together.

mod acts;
mod coverage;
mod faults;
mod list;
mod records;
mod request;

use super::head;
use crate::app::{Inner, Shared};
use crate::days;
use crate::fields::Filled;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;
use records::{Asked, Record};

/// Address of the page.
const PATH: &str = "/carte/fraicheur";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/fraicheur", get(show))
        .route("/carte/fraicheur/demande", get(request::show))
        .route("/journaux/{journal}/carte/fraicheur/relue", post(acts::reviewed))
        .route("/journaux/{journal}/carte/fraicheur/demander", post(acts::ask))
}

/// `GET /carte/fraicheur`.
async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    page(&shared, &visitor, &asked, Filled::BLANK)
}

/// The page; a refused form comes back filled in.
fn page(shared: &Inner, visitor: &Visitor, asked: &Asked, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Prepare, "Fraîcheur de la carte");
    let (map, today) = (&visitor.view.state.cartography, days::today(&page));
    let things = map.things();
    let due = Record::due(map, &things, today);
    let body = html! {
        (head("Fraîcheur de la carte", PATH))
        p.lead { (fr(&answer(things.len(), &due))) }
        @if things.is_empty() {
            p.empty { (fr("La carte est vide : il n’y a rien à relire.")) }
            @if visitor.may_write() { p { a.btn href="/carte/archetype" { "Partir d’une carte type" } } }
        } @else {
            (coverage::section(map, &things, today))
            (list::section(&page, &due, asked, filled))
            (faults::sections(map, &things))
        }
    };
    (filled.fault.map_or(StatusCode::OK, |fault| fault.status), page.render(&body)).into_response()
}

/// Every record that the list below counts, and why it is there.
fn answer(all: usize, due: &[Record<'_>]) -> String {
    let stale = due.iter().filter(|record| record.stale).count();
    let (count, only_asked) = (due.len() as u64, (due.len() - stale) as u64);
    let late = due.iter().filter(|record| record.is_late()).count() as u64;
    let mut said = match (all, stale, only_asked) {
        (0, _, _) => return "Rien n’est encore sur la carte.".to_owned(),
        (_, 0, 0) => "Toutes les fiches ont été relues depuis moins d’un an.".to_owned(),
        (_, 0, asked) => format!(
            "Toutes les fiches ont été relues depuis moins d’un an ; {} malgré tout.",
            plural(asked, "relecture est demandée", "relectures sont demandées")
        ),
        (all, 1, 0) => format!("1 fiche à relire sur {all} : personne ne l’a relue depuis un an."),
        (all, _, 0) => format!("{count} fiches à relire sur {all} : personne ne les a relues depuis un an."),
        (all, stale, asked) => {
            let unread = if stale == 1 { "que personne n’a relue" } else { "que personne n’a relues" };
            format!(
                "{count} fiches à relire sur {all} : {stale} {unread} depuis un an, {asked} de plus dont la relecture est demandée."
            )
        }
    };
    if late > 0 {
        said.push_str(&format!(" {} en retard.", plural(late, "relecture demandée est", "relectures demandées sont")));
    }
    said
}
