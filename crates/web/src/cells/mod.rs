//! The cells of a crisis: who sits where, how often, and when next.

mod acts;
mod one;
mod page;
mod summary;

pub(crate) use summary::{head, meetings};

use crate::app::Shared;
use axum::Router;
use axum::routing::{get, post};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/journaux/{journal}/crises/{crisis}/cellules", get(page::show).post(acts::set_up))
        .route("/journaux/{journal}/crises/{crisis}/cellules/{cell}", get(one::show).post(acts::change))
        .route("/journaux/{journal}/crises/{crisis}/cellules/{cell}/membres", post(acts::member))
        .route("/journaux/{journal}/crises/{crisis}/cellules/{cell}/membres/{member}/depart", post(acts::leave))
        .route("/journaux/{journal}/crises/{crisis}/cellules/{cell}/reunion", post(acts::met))
        .route("/journaux/{journal}/crises/{crisis}/cellules/{cell}/lever", post(acts::stand_down))
}
