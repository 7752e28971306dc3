//! The legal side of a crisis: delays that run, declarations, complaint, evidence, claims.

mod claims;
mod closing;
mod column;
mod complaint;
mod deadlines;
mod declaration;
mod evidence;
mod obligation;
mod own;
mod shipped;
mod who;

pub(crate) use column::{column, summary};
pub(crate) use declaration::value as placeholder;
pub(crate) use shipped::{clocks, kind};
pub(crate) use who::label as function_label;

use crate::app::Shared;
use crate::crisis::scene::Scene;
use crate::session::percent;
use axum::Router;
use axum::routing::{get, post};
use domain::legal::Legal;
use domain::legal::event::Outcome;
use shipped::missing;

pub(crate) fn routes() -> Router<Shared> {
    let at = |path: &str| format!("/journaux/{{journal}}/crises/{{crisis}}{path}");
    Router::new()
        .route(&at("/echeances"), get(deadlines::show))
        .route(&at("/echeances/reprendre"), post(shipped::adopt))
        .route(&at("/echeances/nouvelle"), post(own::add))
        .route(&at("/echeances/{key}"), get(obligation::show))
        .route(&at("/echeances/{key}/clore"), post(closing::close))
        .route(&at("/echeances/{key}/dater"), post(own::date))
        .route(&at("/plainte"), get(complaint::show))
        .route(&at("/plainte/{key}"), post(complaint::answer))
        .route(&at("/plainte/pieces"), post(evidence::list))
        .route(&at("/revendications"), get(claims::show).post(claims::note))
}

/// The legal side of a crisis, once something was recorded there.
pub(crate) fn of<'a>(scene: &Scene<'a>) -> Option<&'a Legal> {
    scene.state.legal.get(&scene.crisis.id)
}

/// Address of an obligation.
fn link(scene: &Scene<'_>, key: &str) -> String {
    format!("{}/echeances/{}", scene.room, percent(key))
}

/// How an obligation ended, in a word.
fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => "fait",
        Outcome::NotApplicable => "sans objet",
        Outcome::Reopened => "rouvert",
    }
}
