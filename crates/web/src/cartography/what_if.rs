//! « Et si ? »: tick what is lost, see activities fall over time, with the reasons.

mod answer;
mod asked;
mod choose;
mod compare;
mod course;
mod remedy;
mod scenario;
mod why;

use super::map::drawing::{Options, drawing};
use super::net::net;
use super::{duration, head};
use crate::app::{Inner, Shared};
use crate::fields::Filled;
use crate::local::Local;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::urgence::running;
use asked::Asked;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::cartography::network::{Fate, Net};
use impact::Outcome;
use journal::SubjectId;
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where the question is asked.
pub(super) const PATH: &str = "/carte/et-si";
/// Most activities and elements drawn beside the answer: beyond, the map page shows a part of them.
const DRAWN_MAX: usize = 400;

/// What an address asks; what cannot be read asks nothing.
type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/et-si", get(show))
        .route("/carte/et-si/comparer", get(compare::show))
        .route("/journaux/{journal}/carte/scenarios", post(scenario::add))
        .route("/journaux/{journal}/carte/scenarios/{id}", post(scenario::change))
        .route("/journaux/{journal}/carte/scenarios/{id}/retirer", post(scenario::remove))
}

/// `GET /carte/et-si`.
async fn show(State(shared): State<Shared>, visitor: Visitor, query: Pairs) -> Response {
    let pairs = query.map_or_else(|_| Vec::new(), |Query(pairs)| pairs);
    page(&shared, &visitor, &pairs, Filled::BLANK)
}

/// A question and its answer.
struct Scene<'a> {
    page: Page<'a>,
    asked: Asked,
    net: Arc<Net>,
    lost: Vec<SubjectId>,
    outcome: Outcome,
    /// When the crisis that runs began, when clock times are wanted too.
    began: Option<i64>,
}

impl<'a> Scene<'a> {
    fn new(shared: &'a Inner, visitor: &'a Visitor, pairs: &[(String, String)]) -> Self {
        let page = Page::new(shared, visitor, Place::Prepare, "Et si ?");
        let state = &visitor.view.state;
        let asked = Asked::read(state, pairs);
        let net = net(shared, visitor);
        let lost = asked.lost(state);
        let outcome = net.what_if(&lost);
        let began = running(state).filter(|_| asked.clock).map(|crisis| crisis.occurred_at);
        Self { page, asked, net, lost, outcome, began }
    }

    fn map(&self) -> &'a domain::cartography::Cartography {
        &self.page.visitor.view.state.cartography
    }

    /// `aussitôt`, `après 4 h`, and the clock time when it is wanted.
    fn moment(&self, minutes: u32) -> String {
        let said = if minutes == 0 { "aussitôt".to_owned() } else { format!("après {}", duration(minutes)) };
        match self.clock(minutes) {
            Some(clock) => format!("{said} ({clock})"),
            None => said,
        }
    }

    fn clock(&self, minutes: u32) -> Option<String> {
        let at = self.began?.saturating_add(i64::from(minutes) * 60_000);
        let local: &Local = &self.page.local;
        Some(local.short(at, self.page.now))
    }
}

/// The page; the form that saves a scenario comes back filled in.
fn page(shared: &Inner, visitor: &Visitor, pairs: &[(String, String)], filled: Filled<'_>) -> Response {
    let scene = Scene::new(shared, visitor, pairs);
    let fates = scene.net.fates(scene.map(), &scene.outcome);
    let title = scene.asked.open(scene.map()).map_or_else(|| "Et si ?".to_owned(), |open| format!("Et si ? {}", open.now().name));
    let body = html! {
        (head(&title, PATH))
        @if scene.net.ids.is_empty() { (nothing()) }
        @else {
            p.lead { (fr(&answer::sentence(&scene, &fates))) }
            (choose::printed(&scene))
            (choose::bar(&scene))
            @if !scene.lost.is_empty() { (answered(&scene, &fates)) }
            (scenario::section(&scene, filled))
        }
    };
    let status = filled.fault.map_or(StatusCode::OK, |fault| fault.status);
    (status, scene.page.render(&body)).into_response()
}

fn nothing() -> Markup {
    html! {
        p.lead { (fr("La carte est vide : décrivez d’abord ce que font les soins et de quoi ils ont besoin.")) }
        p.btns { a.btn href="/carte/archetype" { "Partir d’une carte type" } a.btn.ghost href="/carte/import" { "Importer un fichier" } }
    }
}

fn answered(scene: &Scene<'_>, fates: &[Fate<'_>]) -> Markup {
    html! {
        div.whatif {
            div.whatif-answer {
                (answer::section(scene, fates))
                (why::section(scene, fates))
            }
            div.whatif-picture {
                (course::section(scene, fates))
                (picture(scene))
            }
        }
        div.whatif-below {
            (remedy::section(scene, fates))
            (remedy::thinned(scene))
            (answer::others(scene))
        }
    }
}

/// The map of what is lost and what it hits; of the whole map when it is small.
fn picture(scene: &Scene<'_>) -> Markup {
    let hit: BTreeSet<SubjectId> =
        scene.outcome.hit().iter().filter_map(|number| scene.net.ids.get(*number as usize)).copied().collect();
    let whole = scene.net.ids.len() <= DRAWN_MAX;
    if !whole && hit.len() > DRAWN_MAX {
        let sentence =
            format!("{} activités et éléments sont touchés : trop pour un dessin lisible. Le tableau les donne tous.", hit.len());
        return html! { section.panel aria-labelledby="dessin" { header { h2 #dessin { "Sur la carte" } } p.empty { (fr(&sentence)) } } };
    }
    let options = Options {
        lost: &scene.lost,
        at: Some(scene.asked.at),
        chosen: scene.asked.why,
        only: (!whole).then_some(&hit),
        linked: true,
        ..Options::default()
    };
    let drawing = drawing(&scene.page.visitor.view.state, &scene.net, Some(&scene.outcome), &options);
    let svg = pictures::map::svg(&drawing, &pictures::map::lay_out(&drawing), false);
    html! {
        section.panel aria-labelledby="dessin" {
            header { h2 #dessin { "Sur la carte, " (fr(&scene.moment(scene.asked.at))) } span.small.muted { "chaque élément a besoin de ce qui est relié à sa droite" } }
            div.scrollx.plan tabindex="0" role="group" aria-label="Carte" { (PreEscaped(svg)) }
        }
    }
}
