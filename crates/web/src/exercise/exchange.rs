//! Chronogrammes and kits as files: import with a dry run, export.

use crate::app::Shared;
use axum::Router;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
}
