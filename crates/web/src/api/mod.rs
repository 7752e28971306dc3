//! The JSON API: the same events as the pages, under `/api/v1`. One table says which addresses there are; the router and
//! the OpenAPI document are both made from it.

mod document;
mod read;
mod state;
mod write;

use crate::answer::Fault;
use crate::app::Shared;
use crate::limits::{ATTACHMENT_BYTES_MAX, JSON_BYTES_MAX};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

/// Where the API is.
pub(crate) const BASE: &str = "/api/v1";

/// Declares the addresses: method, path, name in the document, handler.
macro_rules! table {
    ($($method:ident $path:literal $name:ident => $router:expr;)+) => {
        /// Method, path below [`BASE`] and name of every operation.
        const OPERATIONS: &[(&str, &str, &str)] = &[$((stringify!($method), $path, stringify!($name))),+];

        fn operations() -> Router<Shared> {
            Router::new()$(.route($path, $router))+
        }
    };
}

table! {
    get "/openapi.json" document => get(document::show);
    post "/sessions" signIn => post(write::sign_in);
    get "/sessions/current" currentSession => get(read::session);
    get "/journals/{journal}" journal => get(read::journal);
    get "/journals/{journal}/entries" entries => get(read::entries);
    post "/journals/{journal}/requests" record => post(write::requests);
    post "/journals/{journal}/blobs" keepBlob => post(write::blob).layer(DefaultBodyLimit::max(ATTACHMENT_BYTES_MAX));
    get "/journals/{journal}/blobs/{hash}" blob => get(read::blob);
    get "/journals/{journal}/crises" crises => get(read::crises);
    get "/journals/{journal}/crises/{crisis}" crisis => get(read::crisis);
    get "/journals/{journal}/crises/{crisis}/log" log => get(read::log);
    get "/journals/{journal}/state/{capability}" state => get(state::capability);
    get "/journals/{journal}/facts" facts => get(state::facts);
    get "/journals/{journal}/search" search => get(read::search);
}

pub(crate) fn routes() -> Router<Shared> {
    let operations = operations().fallback(not_found).method_not_allowed_fallback(not_allowed);
    operations.layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
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
