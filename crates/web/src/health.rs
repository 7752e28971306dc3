//! `GET /healthz`, for scripts and supervisors.

use crate::app::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(crate) async fn show(State(shared): State<Shared>) -> Response {
    let view = shared.ledger.view();
    let read_only = view.read_only.is_some();
    let body = Json(json!({
        "status": if read_only { "read_only" } else { "ok" },
        "entries": view.entries,
        "read_only": read_only,
        "version": env!("CARGO_PKG_VERSION"),
    }));
    let status = if read_only { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, body).into_response()
}
