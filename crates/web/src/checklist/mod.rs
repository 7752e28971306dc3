//! Lists of gestures by function: mine beside the room, all of them on a page.

mod adopt;
mod column;
mod page;
mod ticks;

pub(crate) use adopt::{AT_OPENING, shipped};
pub(crate) use column::{column, functions_of};

use crate::app::Shared;
use crate::crisis::scene::Scene;
use adopt::missing;
use axum::Router;
use axum::routing::{get, post};
use domain::checklist::Checklists;

pub(crate) fn routes() -> Router<Shared> {
    let at = |path: &str| format!("/journaux/{{journal}}/crises/{{crisis}}{path}");
    Router::new()
        .route(&at("/gestes"), get(page::show))
        .route(&at("/gestes/reprendre"), post(adopt::adopt))
        .route(&at("/gestes/nouvelle"), post(adopt::write))
        .route(&at("/gestes/{list}/cocher"), post(ticks::tick))
}

/// The lists of a crisis, once one was adopted.
fn of<'a>(scene: &Scene<'a>) -> Option<&'a Checklists> {
    scene.state.checklists.get(&scene.crisis.id)
}
