//! The JSON API: the same events as the pages, under `/api/v1`.

mod read;
mod write;

use crate::answer::Fault;
use crate::app::Shared;
use crate::limits::{ATTACHMENT_BYTES_MAX, JSON_BYTES_MAX};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub(crate) fn routes() -> Router<Shared> {
    let blobs = post(write::blob).layer(DefaultBodyLimit::max(ATTACHMENT_BYTES_MAX));
    Router::new()
        .route("/sessions", post(write::sign_in))
        .route("/journals/{journal}", get(read::journal))
        .route("/journals/{journal}/entries", get(read::entries))
        .route("/journals/{journal}/crises", get(read::crises))
        .route("/journals/{journal}/crises/{crisis}", get(read::crisis))
        .route("/journals/{journal}/requests", post(write::requests))
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
        .route("/journals/{journal}/blobs", blobs)
}

/// A fault, as JSON.
#[derive(Debug)]
struct JsonFault(Fault);

impl<T: Into<Fault>> From<T> for JsonFault {
    fn from(fault: T) -> Self {
        Self(fault.into())
    }
}

impl IntoResponse for JsonFault {
    fn into_response(self) -> Response {
        self.0.json()
    }
}

type Answer = Result<Response, JsonFault>;

async fn not_found() -> JsonFault {
    Fault::not_found().into()
}

async fn not_allowed() -> JsonFault {
    Fault::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Cette adresse ne connaît pas cette méthode.").into()
}
