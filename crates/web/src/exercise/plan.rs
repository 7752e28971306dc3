//! Before the exercise: the list, the kits, what each establishment fills in, the chronogramme, the people, the documents.

use crate::app::Shared;
use axum::Router;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
}
