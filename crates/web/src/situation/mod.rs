//! What works and what does not, what care is offered, what is told outside, and the wall.

pub(crate) mod board;
mod declare;
mod dragged;
mod offer;
mod page;
mod points;
mod sentence;
mod thing;
mod values;
mod wall;
pub(crate) mod words;

use crate::app::Shared;
use crate::limits::MULTIPART_BYTES_MAX;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub(crate) fn routes() -> Router<Shared> {
    let large = DefaultBodyLimit::max(MULTIPART_BYTES_MAX);
    Router::new()
        .route("/journaux/{journal}/crises/{crisis}/situation", get(page::show))
        .route("/journaux/{journal}/crises/{crisis}/situation/{about}", get(declare::show).post(declare::declare))
        .route("/journaux/{journal}/crises/{crisis}/situation/{about}/entraine", post(dragged::drag))
        .route("/journaux/{journal}/crises/{crisis}/offre", get(offer::show))
        .route("/journaux/{journal}/crises/{crisis}/offre/lits", post(offer::declare))
        .route("/journaux/{journal}/crises/{crisis}/offre/flux", post(offer::count))
        .route("/journaux/{journal}/crises/{crisis}/points", get(points::show).post(points::send).layer(large))
        .route("/journaux/{journal}/crises/{crisis}/mur", get(wall::show))
}
