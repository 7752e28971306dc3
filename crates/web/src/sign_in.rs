//! The door: signing in, signing out, and giving back what was typed when a session ended meanwhile.

use crate::answer::{Fault, bare, see_other};
use crate::app::{Inner, Shared};
use crate::crisis;
use crate::form::{Fields, Files};
use crate::session::{self, on_disk, visitor_of};
use crate::throttle::Attempt;
use crate::typography::fr;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::register::Role;
use journal::ActorId;
use maud::{Markup, html};
use serde::Deserialize;
use std::net::SocketAddr;

/// Prefix of the fields that carry a text through the door.
const KEPT: &str = "garde.";

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    vers: String,
}

pub(crate) async fn show(State(shared): State<Shared>, Query(wanted): Query<Wanted>) -> Response {
    door(&shared, StatusCode::OK, &wanted.vers, &[], None)
}

/// The door with a typed text in its hands: shown instead of losing it when a session has ended.
pub(crate) fn door_keeping(shared: &Inner, path: &str, fields: &Fields) -> Response {
    let kept: Vec<_> = fields.texts.iter().map(|(name, value)| (format!("{KEPT}{name}"), value.clone())).collect();
    let sentence = "Votre session est fermée. Le texte que vous avez tapé est gardé : connectez-vous, il vous sera rendu. \
        Les pièces jointes seront à choisir de nouveau.";
    let fault = Fault::new(StatusCode::UNAUTHORIZED, "signed_out", sentence);
    door(shared, StatusCode::UNAUTHORIZED, path, &kept, Some(&fault))
}

pub(crate) async fn enter(State(shared): State<Shared>, request: Request) -> Response {
    let address = address(&request);
    let fields = match Fields::read(&shared, request, Files::Drop).await {
        Ok(fields) => fields,
        Err(fault) => return fault.into_response(),
    };
    let kept: Vec<_> = fields.texts.iter().filter(|(name, _)| name.starts_with(KEPT)).cloned().collect();
    let wanted = fields.get("vers").to_owned();
    let actor = match fields.get("compte") {
        chosen if shared.settings.demo && !chosen.is_empty() => demo_account(&shared, chosen),
        _ => authenticate(&shared, fields.get("login"), fields.get("password"), &address).await,
    };
    let actor = match actor {
        Ok(actor) => actor,
        Err(fault) => return door(&shared, fault.status, &wanted, &kept, Some(&fault)),
    };
    let (token, cookie) = match session::open(&shared, actor).await {
        Ok(opened) => opened,
        Err(error) => return Fault::from(&error).into_response(),
    };
    let mut response = match visitor_of(&shared, token) {
        Ok(visitor) if !kept.is_empty() => {
            let texts = kept.into_iter().map(|(name, value)| (name[KEPT.len()..].to_owned(), value)).collect();
            crisis::resume(&shared, &visitor, &wanted, Fields { texts, ..Fields::default() })
        }
        _ => see_other(if is_local(&wanted) { &wanted } else { "/" }),
    };
    set_cookie(&mut response, &cookie);
    response
}

pub(crate) fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

pub(crate) async fn leave(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if let Some(token) = session::token(&shared, &headers)
        && let Err(error) = on_disk(&shared, move |shared| shared.access.close_session(&token)).await
    {
        tracing::warn!(%error, "a closed session may come back at the next start");
    }
    let mut response = see_other("/connexion");
    set_cookie(&mut response, &session::gone(&shared));
    response
}

/// Where a request comes from.
pub(crate) fn address(request: &Request) -> String {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(|| "local".to_owned(), |peer| peer.0.ip().to_string())
}

/// Checks a login and a password, slower and slower when they are wrong.
pub(crate) async fn authenticate(shared: &Shared, login: &str, password: &str, address: &str) -> Result<ActorId, Fault> {
    let attempt = Attempt::new(login, address);
    attempt.check(shared)?;
    let found = shared.access.find(login).map_err(|error| Fault::from(&error))?;
    let phc = found.as_ref().and_then(|credential| credential.phc.clone());
    let right = shared.passwords.check(password.to_owned(), phc).await.ok_or_else(crowded)?;
    let outcome = on_disk(shared, move |shared| if right { attempt.succeeded(shared) } else { attempt.failed(shared) }).await;
    outcome.map_err(|error| Fault::from(&error))?;
    let wrong =
        || Fault::new(StatusCode::UNAUTHORIZED, "wrong_password", "Identifiant ou mot de passe inconnu : vérifiez les deux.");
    found.filter(|_| right).map(|credential| credential.actor).ok_or_else(wrong)
}

fn crowded() -> Fault {
    let sentence = "Trop de personnes se connectent en même temps : réessayez dans quelques secondes.";
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence)
}

fn demo_account(shared: &Inner, chosen: &str) -> Result<ActorId, Fault> {
    let accounts = shared.access.accounts().map_err(|error| Fault::from(&error))?;
    let found = accounts.iter().find(|account| chosen.parse() == Ok(account.actor));
    found.map(|account| account.actor).ok_or_else(|| Fault::malformed("Ce compte n’existe pas : choisissez-en un de la liste."))
}

/// Whether an address stays on this server.
fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n'])
}

fn door(shared: &Inner, status: StatusCode, wanted: &str, kept: &[(String, String)], fault: Option<&Fault>) -> Response {
    let body = html! {
        @if let Some(fault) = fault { p.error role="alert" { (fr(&fault.sentence)) } }
        form.door method="post" action="/connexion" enctype="multipart/form-data" {
            input type="hidden" name="vers" value=(wanted);
            @for (name, value) in kept { textarea name=(name) hidden { (newline_kept(value)) } }
            @if shared.settings.demo { (demo_accounts(shared)) } @else { (credentials()) }
        }
    };
    (status, bare("Se connecter", &body)).into_response()
}

/// HTML drops one newline at the start of a text area.
pub(crate) fn newline_kept(text: &str) -> Markup {
    html! { @if text.starts_with('\n') { "\n" } (text) }
}

fn credentials() -> Markup {
    html! {
        p.field { label for="login" { "Identifiant" } input #login name="login" autocomplete="username" autofocus required; }
        p.field { label for="password" { "Mot de passe" }
            input #password name="password" type="password" autocomplete="current-password" required; }
        p { button.btn { "Entrer" } }
    }
}

fn demo_accounts(shared: &Inner) -> Markup {
    let view = shared.ledger.view();
    let register = &view.state.register;
    html! {
        p.lead { (fr("Démonstration : ")) b { (register.establishment) } ", un hôpital inventé. Choisissez qui vous êtes." }
        ul.people {
            @for account in shared.access.accounts().unwrap_or_default() {
                @let person = register.people.get(&account.actor);
                li { button name="compte" value=(account.actor) {
                    b { (fr(&register.name(&account.actor))) }
                    span.muted { (person.map_or("", |p| p.function.as_str())) }
                    @if person.is_some_and(|p| p.role == Some(Role::Observer)) { span.muted { "lit sans écrire" } }
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_leads_nowhere_else() {
        assert!(is_local("/journal"));
        for path in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb"] {
            assert!(!is_local(path), "{path:?}");
        }
    }
}
