//! The map, drawn: filters, the picture, the same in a table, and the arrangement that people fix.

mod declared;
pub(crate) mod drawing;
mod filter;
mod kept;
mod page;
mod region;
mod table;

use super::net::net;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::made;
use crate::session::Visitor;
use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Event;
use domain::cartography::event::MapArranged;
use drawing::{Options, drawing};
use filter::Filter;
use journal::SubjectId;
pub(crate) use kept::Plans;

/// Where the map is drawn.
pub(super) const PLAN: &str = "/carte/plan";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/plan", get(show))
        .route("/carte/plan.svg", get(file))
        .route("/journaux/{journal}/carte/plan", get(show_of_journal).post(arrange))
}

/// `GET /carte/plan`.
async fn show(State(shared): State<Shared>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    page::page(&shared, &visitor, query.as_deref().unwrap_or_default(), None)
}

/// `GET /journaux/{journal}/carte/plan`: the same; a form that was refused leads back here.
async fn show_of_journal(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match visitor.journal(&shared, &journal) {
        Ok(_) => page::page(&shared, &visitor, query.as_deref().unwrap_or_default(), None),
        Err(fault) => fault.into_response(),
    }
}

/// `GET /carte/plan.svg`: the picture as a file, with the same filters.
async fn file(State(shared): State<Shared>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let state = &visitor.view.state;
    let net = net(&shared, &visitor);
    let filter = Filter::read(state, &net, query.as_deref().unwrap_or_default());
    if let Some(fault) = filter.fault {
        return fault.into_response();
    }
    let situation = region::situation(&visitor);
    let options = Options { linked: false, situation: situation.as_deref(), ..filter.options() };
    let drawing = drawing(state, &net, None, &options);
    let svg = pictures::map::svg(&drawing, &pictures::map::lay_out(&drawing), true);
    let kind = (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8");
    ([kind, (header::CONTENT_DISPOSITION, "attachment; filename=\"carte.svg\"")], svg).into_response()
}

/// `POST …/carte/plan`: the arrangement of the whole map stays as it is.
async fn arrange(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let ready = sent.visitor.journal(&shared, &journal).and_then(|_| sent.same_author()).and_then(|()| arranged(&shared, &sent));
    let outcome = match ready {
        Ok(event) => {
            let subject = made(&sent.fields, "arrangement", "");
            sent.record_all(&shared, vec![event.draft(subject)]).await
        }
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(receipt) => sent.done(&receipt, PLAN),
        Err(fault) if sent.json => fault.json(),
        Err(fault) if fault.code == "not_found" => fault.into_response(),
        Err(fault) => page::page(&shared, &sent.visitor, "", Some(&fault)),
    }
}

/// The arrangement as an event: the order of everything on the map, as the calm drawing of the whole of it stands.
fn arranged(shared: &Shared, sent: &Sent) -> Result<Event, Fault> {
    let state = &sent.visitor.view.state;
    let net = net(shared, &sent.visitor);
    // What is too large to be drawn whole is fixed as far as it is drawn.
    let drawing = drawing(state, &net, None, &Filter::read(state, &net, "").options());
    let layout = pictures::map::lay_out(&drawing);
    let order: Vec<SubjectId> = layout.keys(&drawing).into_iter().filter_map(|key| key.parse().ok()).collect();
    Ok(Event::MapArranged(MapArranged { order }))
}
