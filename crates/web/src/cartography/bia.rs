//! Impact analysis (BIA): harm by horizon and criterion, with who validated it.

mod acts;
mod grid;
mod one;
mod words;

use crate::app::Shared;
use axum::Router;
use axum::routing::{get, post};
use domain::cartography::event::review::HARM_LEVELS;
use maud::{Markup, html};

/// Address of the grid.
const PATH: &str = "/carte/bia";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/bia", get(grid::show))
        .route("/carte/bia/{id}", get(one::show))
        .route("/journaux/{journal}/carte/bia/{id}", post(acts::judge))
        .route("/journaux/{journal}/carte/bia/{id}/dmia", post(acts::take_bound))
}

/// A cell of a heat table: ink goes where harm is, the number is in every cell, a dash where nobody judged.
fn cell(level: Option<u8>) -> Markup {
    html! { @match level {
        Some(level) => td class={ "c g" (level.min(4)) } title=(words::level(level)) { (level) span.out { " " (words::level(level)) } },
        None => td.c.na title="non jugé" { "–" span.out { " non jugé" } },
    } }
}

/// What the numbers mean.
fn key() -> Markup {
    html! { p.small.heatkey {
        @for (level, word) in HARM_LEVELS.iter().enumerate() { span { span class={ "swatch g" (level) } aria-hidden="true" { (level) } " " (word) } }
        span { span.swatch.na aria-hidden="true" { "–" } " non jugé" }
    } }
}
