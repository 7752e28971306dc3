//! The lock: a session that nobody acts in closes its pages until the same person says who they are again.

use crate::answer::{Fault, bare, see_other, wants_json};
use crate::app::{Inner, Shared};
use crate::form::{Fields, Files};
use crate::session::{self, Closed, on_disk};
use crate::sign_in::{Kept, Wanted, address, authenticate, carried, come_in, kept};
use crate::typography::fr;
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use journal::{ActorId, Hash};
use maud::{Markup, html};
use serde_json::json;
use store::access::Session;

/// `GET /verrou`: who is waited for. `?fragment=1`: the form alone, for a page that keeps what is typed behind it.
pub(super) async fn show(State(shared): State<Shared>, Query(wanted): Query<Wanted>, request: Request) -> Response {
    let Some((_, session)) = known(&shared, request.headers()) else { return see_other("/connexion") };
    if request.uri().query().is_some_and(|query| query.contains("fragment=")) {
        return form(&shared, session.entered.actor, "", &[], None).into_response();
    }
    page(&shared, StatusCode::OK, session.entered.actor, &wanted.vers, &[], None)
}

fn known(shared: &Shared, headers: &HeaderMap) -> Option<(Hash, Session)> {
    let token = session::token(shared, headers)?;
    Some((token, shared.access.session(&token, shared.now())?))
}

/// The lock with a typed text in its hands.
pub(crate) fn keeping(shared: &Inner, token: &Hash, path: &str, kept: &Kept) -> Response {
    let Some(session) = shared.access.session(token, shared.now()) else { return see_other("/connexion") };
    let sentence = "Votre session s’est verrouillée. Le texte que vous avez tapé est gardé : il vous sera rendu. \
        Les pièces jointes seront à choisir de nouveau.";
    let fault = Fault::new(StatusCode::UNAUTHORIZED, "locked", sentence);
    page(shared, StatusCode::UNAUTHORIZED, session.entered.actor, path, kept, Some(&fault))
}

fn page(
    shared: &Inner,
    status: StatusCode,
    actor: ActorId,
    wanted: &str,
    kept: &[(String, String)],
    fault: Option<&Fault>,
) -> Response {
    let body = html! {
        (form(shared, actor, wanted, kept, fault))
        form method="post" action="/deconnexion" { button.link { "Ce n’est pas moi : sortir et changer de compte" } }
    };
    (status, bare("Session verrouillée", &body)).into_response()
}

fn form(shared: &Inner, actor: ActorId, wanted: &str, kept: &[(String, String)], fault: Option<&Fault>) -> Markup {
    let name = shared.ledger.view().state.register.name(&actor);
    html! {
        form.door method="post" action="/verrou" enctype="multipart/form-data" {
            @if let Some(fault) = fault { p.error role="alert" { (fr(&fault.sentence)) } }
            p.lead { "Cette session est à " b { (fr(&name)) } "." }
            input type="hidden" name="vers" value=(wanted);
            (carried(kept))
            @if !shared.settings.demo {
                p.field { label for="verrou-password" { "Mot de passe" }
                    input #verrou-password name="password" type="password" autocomplete="current-password" autofocus; }
                details { summary { "J’ai un code d’urgence" }
                    p.field { label for="verrou-code" { "Code d’urgence" }
                        input #verrou-code.mono name="code" autocomplete="off" autocapitalize="characters" spellcheck="false"; } }
            }
            p { button.btn { "Reprendre" } }
        }
    }
}

/// `POST /verrou`.
pub(super) async fn unlock(State(shared): State<Shared>, request: Request) -> Response {
    let json = wants_json(request.headers());
    let address = address(&request);
    let Some((token, session)) = known(&shared, request.headers()) else {
        return if json { Fault::signed_out().json() } else { see_other("/connexion") };
    };
    let fields = match Fields::read(&shared, request, Files::Drop).await {
        Ok(fields) => fields,
        Err(fault) => return fault.into_response(),
    };
    let (actor, kept) = (session.entered.actor, kept(&fields));
    let opened = match prove(&shared, actor, &fields, &address).await {
        Ok(()) => {
            let now = shared.now();
            on_disk(&shared, move |shared| shared.access.lock(&token, false, now)).await.map_err(|error| Fault::from(&error))
        }
        Err(fault) => Err(fault),
    };
    match opened {
        Ok(()) if json => StatusCode::NO_CONTENT.into_response(),
        Ok(()) => come_in(&shared, token, fields.get("vers"), kept),
        Err(fault) if json => fault.json(),
        Err(fault) => page(&shared, fault.status, actor, fields.get("vers"), &kept, Some(&fault)),
    }
}

/// The same person, by their password or another of their codes; in a demonstration, by one click.
async fn prove(shared: &Shared, actor: ActorId, fields: &Fields, address: &str) -> Result<(), Fault> {
    if shared.settings.demo {
        return Ok(());
    }
    if fields.filled("code").is_some() {
        return super::codes::enter_as(shared, fields.get("code"), address, Some(actor)).await.map(|_| ());
    }
    let account = shared.access.account(&actor).map_err(|error| Fault::from(&error))?;
    let account = account.ok_or_else(Fault::signed_out)?;
    let found = authenticate(shared, &account.login, fields.get("password"), address).await;
    found.map(|_| ()).map_err(|fault| match fault.code {
        "wrong_password" => {
            Fault::new(fault.status, fault.code, "Ce n’est pas votre mot de passe : recommencez. Rien n’est perdu.")
        }
        _ => fault,
    })
}

/// `POST /verrouiller`: now.
pub(super) async fn lock(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let Some((token, _)) = known(&shared, &headers) else { return see_other("/connexion") };
    let now = shared.now();
    if let Err(error) = on_disk(&shared, move |shared| shared.access.lock(&token, true, now)).await {
        tracing::warn!(%error, "a lock may not outlive the program");
    }
    if wants_json(&headers) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let site = |referer: &str| referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    let from = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(site).unwrap_or_default();
    see_other(&format!("/verrou?vers={}", session::percent(&from)))
}

/// `GET /presence`: how long before the lock. To ask is no act.
pub(super) async fn presence(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    answer(&shared, &headers, false)
}

/// `POST /presence`: a key was pressed, a page was touched.
pub(super) async fn still_here(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    answer(&shared, &headers, true)
}

fn answer(shared: &Shared, headers: &HeaderMap, act: bool) -> Response {
    let token = session::token(shared, headers).ok_or(Closed::Nobody);
    let visitor = match token.and_then(|token| session::entering(shared, token, act)) {
        Ok(visitor) => visitor,
        Err(closed) => return closed.fault().json(),
    };
    let session = shared.access.session(&visitor.token, visitor.now);
    let left = session.map_or(0, |session| session::left_ms(&session, visitor.role, visitor.now));
    Json(json!({ "left_ms": left })).into_response()
}
