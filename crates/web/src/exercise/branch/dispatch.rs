//! From the establishment's addresses to those of a branch: who may pass, and what may not be done from there.

use super::links;
use super::{of_journal, running};
use crate::answer::{Fault, see_other, wants_json};
use crate::app::Shared;
use crate::session;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use domain::register::Role;
use journal::JournalId;
use std::net::SocketAddr;
use tower::ServiceExt;

/// What the addresses of all branches begin with; the branch's journal follows.
pub(crate) const ADDRESS: &str = "/exercice/";

/// What belongs to real life: accounts, and merging journals.
const REAL_ONLY: [&str; 3] = ["/comptes", "/compte", "/journal/fusion"];
/// The same, below the address of a journal.
const REAL_ACTS: [&str; 3] = ["comptes", "compte", "postes"];
/// Where the chronogramme could be read in the raw.
const RAW: [&str; 2] = ["/journal", "/api/"];
/// Always open: who is in, signing out.
const DOORS: [&str; 6] = ["/connexion", "/deconnexion", "/verrou", "/verrouiller", "/presence", "/direct"];

/// Leads requests below [`ADDRESS`] to their branch.
pub(crate) async fn layer(State(home): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(below) = path.strip_prefix(ADDRESS) else { return next.run(request).await };
    let (id, rest) = below.split_once('/').map_or((below, "/"), |(id, _)| (id, &below[id.len()..]));
    let Ok(id) = id.parse::<JournalId>() else { return next.run(request).await };
    let (rest, json) = (rest.to_owned(), wants_json(request.headers()) || rest.starts_with("/api/"));
    match enter(&home, id, &rest, request).await {
        Ok(response) => response,
        Err(fault) if json => fault.json(),
        Err(fault) => fault.into_response(),
    }
}

/// Who may pass: those who take part; once it is closed, also those who may write its report.
async fn enter(home: &Shared, id: JournalId, rest: &str, request: Request) -> Result<Response, Fault> {
    let is_under =
        |all: &[&str]| all.iter().any(|one| rest == *one || rest.starts_with(&format!("{}/", one.trim_end_matches('/'))));
    let view = home.ledger.view();
    let closed = of_journal(&view.state, &id).ok_or_else(Fault::not_found)?.closed.is_some();
    let running = running(home, id).await.map_err(|error| Fault::from(&error))?.ok_or_else(Fault::not_found)?;
    let session = session::token(home, request.headers()).and_then(|token| home.access.session(&token, home.now()));
    if let Some(actor) = session.map(|session| session.entered.actor)
        && !is_under(&DOORS)
    {
        // Whoever was called in after the opening is known in the branch.
        let inside = running.shared.ledger.view();
        let played = inside.state.exercises.played_here().ok_or_else(Fault::not_found)?;
        let part = played.part(&actor);
        let reports = closed && view.state.register.role(&actor).is_some_and(|role| role.rank() >= Role::Secretary.rank());
        let knows = part == Some(Part::Facilitator) || closed;
        if (part.is_none() && !reports) || (!knows && is_under(&RAW)) {
            return Err(Fault::not_found());
        }
        let acts = rest.strip_prefix("/journaux/").and_then(|below| below.split('/').nth(1));
        if acts.is_some_and(|act| REAL_ACTS.contains(&act)) {
            return Err(Fault::not_found());
        }
        if is_under(&REAL_ONLY) {
            return Ok(see_other(rest));
        }
    }
    if closed && !request.method().is_safe() && !is_under(&DOORS) {
        let sentence =
            "Cet exercice est clos : sa salle se relit, rien ne s’y écrit plus. Le RETEX se complète à la page de l’exercice.";
        return Err(Fault::new(StatusCode::CONFLICT, "exercise_closed", sentence));
    }
    let prefix = super::prefix(&id);
    let inner = inner(rest, request).ok_or_else(Fault::not_found)?;
    let answered = match running.router.clone().oneshot(inner).await {
        Ok(answered) => answered,
        Err(never) => match never {},
    };
    Ok(led_below(answered, &prefix).await)
}

/// The same request at the branch's own address; nothing of the establishment's routing goes along.
fn inner(rest: &str, request: Request) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.query().map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"));
    let mut inner = Request::builder().method(parts.method).uri(target.parse::<Uri>().ok()?).body(body).ok()?;
    *inner.headers_mut() = parts.headers;
    if let Some(from) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        inner.extensions_mut().insert(*from);
    }
    Some(inner)
}

async fn led_below(answered: Response, prefix: &str) -> Response {
    let (mut parts, body) = answered.into_parts();
    let location = parts.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).and_then(|to| links::address(to, prefix));
    if let Some(value) = location.and_then(|to| HeaderValue::from_str(&to).ok()) {
        parts.headers.insert(header::LOCATION, value);
    }
    let is_page = parts.headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "cut", "La page n’a pas pu être lue : rechargez-la.")
            .into_response();
    };
    let page = links::below(&String::from_utf8_lossy(&bytes), prefix);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}
