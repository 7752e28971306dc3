//! In the branch: the console, the inbox of imitation channels, the observers’ grid, the comms check, the hot debrief.

use crate::app::Shared;
use axum::Router;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
}
