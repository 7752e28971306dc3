//! What is critical and why: weight of what falls, single points of failure, gaps of recovery time.

mod activity;
mod export;
mod restart;
mod rows;
mod table;

use super::net::net;
use super::{duration, head};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::cartography::Cartography;
use domain::cartography::network::Net;
use domain::cartography::network::critical::Critical;
use maud::html;
use rows::{Filter, Row};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where the table is.
pub(super) const PATH: &str = "/carte/criticite";
/// How long losses are computed one by one on a map never ranked before; beyond, only the most needed are.
const RANKED_WITHIN: Duration = Duration::from_secs(2);
/// Threads that rank.
const WORKERS: usize = 2;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/criticite", get(show))
        .route("/carte/criticite/redemarrage", get(restart_order))
        .route("/carte/criticite/export/{file}", get(download))
        .route("/carte/criticite/{activity}", get(of_activity))
}

type Pairs = Vec<(String, String)>;
/// What an address asks; what cannot be read asks nothing.
type Asked = Result<Query<Pairs>, QueryRejection>;

/// Ranking a large map takes a while: on a thread that may take it.
async fn apart(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let busy =
        || Fault::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "busy", "Le calcul n’a pas abouti : rechargez la page.");
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| busy().into_response())
}

/// `GET /carte/criticite`.
async fn show(State(shared): State<Shared>, visitor: Visitor, query: Asked) -> Response {
    let pairs = query.map_or_else(|_| Pairs::new(), |Query(pairs)| pairs);
    apart(move || page(&shared, &visitor, &pairs)).await
}

/// `GET /carte/criticite/redemarrage`.
async fn restart_order(State(shared): State<Shared>, visitor: Visitor) -> Response {
    apart(move || restart::page(&shared, &visitor)).await
}

/// `GET /carte/criticite/export/{file}`: `criticite.csv` or `criticite.xlsx`.
async fn download(State(shared): State<Shared>, visitor: Visitor, Path(file): Path<String>, query: Asked) -> Response {
    let pairs = query.map_or_else(|_| Pairs::new(), |Query(pairs)| pairs);
    apart(move || export::file(&shared, &visitor, &file, &pairs).unwrap_or_else(IntoResponse::into_response)).await
}

/// `GET /carte/criticite/{activity}`.
async fn of_activity(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Response {
    apart(move || activity::page(&shared, &visitor, &id).unwrap_or_else(IntoResponse::into_response)).await
}

/// A map, ranked.
struct Ranked<'a> {
    map: &'a Cartography,
    net: Arc<Net>,
}

impl<'a> Ranked<'a> {
    fn new(shared: &Inner, visitor: &'a Visitor) -> Self {
        Self { map: &visitor.view.state.cartography, net: net(shared, visitor) }
    }

    /// What is critical: ranked once for each state of the map.
    fn critical(&self) -> &Critical {
        let rank = || {
            let end = Instant::now() + RANKED_WITHIN;
            self.net.critical(self.map, WORKERS, &|| Instant::now() > end)
        };
        self.net.kept.get_or_init(rank)
    }
}

fn page(shared: &Inner, visitor: &Visitor, pairs: &[(String, String)]) -> Response {
    let ranked = Ranked::new(shared, visitor);
    let page = Page::new(shared, visitor, Place::Prepare, "Criticité");
    let filter = Filter::read(pairs);
    let all = rows::rows(&ranked);
    let body = html! {
        (head("Criticité", PATH))
        @if all.is_empty() {
            p.lead { (fr("Aucun élément n’est sur la carte : ce qui est critique se lit sur ce dont les activités ont besoin.")) }
            p.btns { a.btn href="/carte/archetype" { "Partir d’une carte type" } a.btn.ghost href="/carte/import" { "Importer un fichier" } }
        } @else {
            p.lead { (fr(&sentence(&ranked, &all))) }
            p.screen { a href="/carte/criticite/redemarrage" { "Dans quel ordre redémarrer" } }
            (table::section(&ranked, &all, &filter))
        }
    };
    page.render(&body).into_response()
}

fn sentence(ranked: &Ranked<'_>, all: &[Row<'_>]) -> String {
    // Activities that others need are in the table too, and counted apart.
    let elements = || all.iter().filter(|row| row.is_element());
    let count = |such: fn(&Row<'_>) -> bool| elements().filter(|row| such(row)).count() as u64;
    let all_elements = elements().count();
    let activities = all.len() - all_elements;
    let (single, maybe, gaps) =
        (count(|row| row.is_single_point()), count(|row| row.might_be_essential()), count(|row| row.gap().is_some()));
    let mut said = match single {
        0 => format!("Aucun des {all_elements} éléments n’arrête à lui seul une activité, d’après les liens déclarés."),
        1 => format!("1 élément sur {all_elements} arrête à lui seul au moins une activité."),
        n => format!("{n} éléments sur {all_elements} arrêtent, chacun à lui seul, au moins une activité."),
    };
    if activities > 0 {
        let word = plural(
            activities as u64,
            "activité dont d’autres ont besoin en arrête",
            "activités dont d’autres ont besoin en arrêtent",
        );
        said.push_str(&format!(" {word} aussi."));
    }
    if maybe > 0 {
        said.push_str(&format!(
            " {} une activité vitale sans être {} (SIE).",
            plural(maybe, "élément arrête", "éléments arrêtent"),
            if maybe == 1 { "classé essentiel" } else { "classés essentiels" }
        ));
    }
    if gaps > 0 {
        said.push_str(&format!(" {} moins vite que les soins n’en ont besoin.", plural(gaps, "se rétablit", "se rétablissent")));
    }
    if !ranked.critical().is_complete() {
        said.push_str(" Cette carte est trop grande pour tout calculer en deux secondes : seuls les éléments dont on a le plus besoin sont classés.");
    }
    said
}
