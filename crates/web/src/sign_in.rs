//! The door: signing in, signing out, and giving back what was typed when a session ended or locked meanwhile.

use crate::access::{codes, lock, recovery};
use crate::answer::{Fault, bare, see_other};
use crate::app::{Inner, Neighbour, Shared};
use crate::crisis;
use crate::form::{Fields, Files};
use crate::session::{self, Closed, blocked, on_disk, visitor_of};
use crate::throttle::Attempt;
use crate::trust::TRUST_PATH;
use crate::typography::fr;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::register::Role;
use journal::{Auth, Hash};
use maud::{Markup, html};
use serde::Deserialize;
use std::net::SocketAddr;
use store::access::Entered;

/// Prefix of the fields that carry a text through the door.
const KEPT: &str = "garde.";
/// Fields that are not a person's words.
const STAMPS: [&str; 5] = ["request", "author", "journal", "supersedes", "typed_at"];

/// Texts in the hands of the door, under the names of its form.
pub(crate) type Kept = Vec<(String, String)>;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    pub(crate) vers: String,
}

pub(crate) async fn show(State(shared): State<Shared>, Query(wanted): Query<Wanted>, headers: HeaderMap) -> Response {
    let locked = session::token(&shared, &headers).is_some_and(|token| visitor_of(&shared, token).err() == Some(Closed::Locked));
    if locked {
        return see_other(&format!("/verrou?vers={}", session::percent(&wanted.vers)));
    }
    door(&shared, StatusCode::OK, &wanted.vers, &[], None)
}

/// What becomes of a form whose sender is not in: no word of it is lost.
pub(crate) async fn turned_away(shared: &Shared, closed: Closed, request: Request, json: bool) -> Response {
    if json {
        return closed.fault().json();
    }
    let path = request.uri().path().to_owned();
    let token = session::token(shared, request.headers());
    let fields = match Fields::read(shared, request, Files::Drop).await {
        Ok(fields) => fields,
        Err(fault) => return fault.into_response(),
    };
    match (closed, token) {
        (Closed::Nobody, _) | (_, None) => door_keeping(shared, &path, &fields),
        (Closed::Locked, Some(token)) => lock::keeping(shared, &token, &path, &keep(&fields)),
        (Closed::MustChange, _) => see_other("/compte"),
        (Closed::NoRole | Closed::Blocked, _) => given_back(Some(&closed.fault()), &path, &fields),
    }
}

fn keep(fields: &Fields) -> Kept {
    fields.texts.iter().map(|(name, value)| (format!("{KEPT}{name}"), value.clone())).collect()
}

/// The texts that a form of the door carries.
pub(crate) fn kept(fields: &Fields) -> Kept {
    fields.texts.iter().filter(|(name, _)| name.starts_with(KEPT)).cloned().collect()
}

/// Hidden fields that carry texts through the door.
pub(crate) fn carried(kept: &[(String, String)]) -> Markup {
    html! { @for (name, value) in kept { textarea name=(name) hidden { (newline_kept(value)) } } }
}

/// The door with a typed text in its hands: shown instead of losing it when a session has ended.
fn door_keeping(shared: &Inner, path: &str, fields: &Fields) -> Response {
    let sentence = "Votre session est fermée. Le texte que vous avez tapé est gardé : connectez-vous, il vous sera rendu. \
        Les pièces jointes seront à choisir de nouveau.";
    let fault = Fault::new(StatusCode::UNAUTHORIZED, "signed_out", sentence);
    door(shared, StatusCode::UNAUTHORIZED, path, &keep(fields), Some(&fault))
}

/// Where somebody who has just come in goes: to the page they wanted, or back to the text they had typed.
pub(crate) fn come_in(shared: &Shared, token: Hash, wanted: &str, kept: Kept) -> Response {
    let texts = kept.into_iter().map(|(name, value)| (name[KEPT.len()..].to_owned(), value)).collect();
    let fields = Fields { texts, ..Fields::default() };
    match visitor_of(shared, token) {
        Ok(visitor) if !fields.texts.is_empty() => crisis::resume(shared, &visitor, wanted, fields),
        Err(closed @ (Closed::NoRole | Closed::Blocked)) if !fields.texts.is_empty() => {
            given_back(Some(&closed.fault()), wanted, &fields)
        }
        Err(Closed::MustChange) => see_other("/compte"),
        _ if is_local(wanted) && wanted != "/" => see_other(wanted),
        Ok(visitor) => see_other(crate::urgence::landing(&visitor)),
        _ => see_other("/"),
    }
}

/// Gives a text back as it was typed, where no form can take it again.
pub(crate) fn given_back(fault: Option<&Fault>, path: &str, fields: &Fields) -> Response {
    let words = fields.texts.iter().filter(|(name, value)| !STAMPS.contains(&name.as_str()) && !value.trim().is_empty());
    let words: Vec<&str> = words.map(|(_, value)| value.as_str()).collect();
    let body = html! {
        @if let Some(fault) = fault { p.error role="alert" { (fr(&fault.sentence)) } }
        @if !words.is_empty() {
            p { (fr("Voici ce que vous aviez tapé ; rien n’en a été enregistré. Copiez-le pour ne pas le perdre.")) }
            @for (at, text) in words.iter().enumerate() {
                p.field { label for={ "rendu-" (at) } { "Texte " (at + 1) }
                    textarea id={ "rendu-" (at) } readonly rows="3" { (newline_kept(text)) } }
            }
        }
        @let back = if is_local(path) && !path.starts_with("/journaux/") { path } else { "/" };
        p { a href=(back) { "Reprendre" } @if fault.is_some() { " · " a href="/connexion" { "Changer de compte" } } }
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    (status, bare("Votre texte vous est rendu", &body)).into_response()
}

pub(crate) async fn enter(State(shared): State<Shared>, request: Request) -> Response {
    let address = address(&request);
    let fields = match Fields::read(&shared, request, Files::Drop).await {
        Ok(fields) => fields,
        Err(fault) => return fault.into_response(),
    };
    let kept = kept(&fields);
    let wanted = fields.get("vers").to_owned();
    let entered = match fields.get("compte") {
        chosen if shared.settings.demo && !chosen.is_empty() => demo_account(&shared, chosen),
        _ if fields.filled("words").is_some() => recovery::enter(&shared, &fields, &address).await,
        _ if fields.filled("code").is_some() => codes::enter(&shared, fields.get("code"), &address).await,
        _ => authenticate(&shared, fields.get("login"), fields.get("password"), &address).await,
    };
    let entered = match entered {
        Ok(entered) => entered,
        Err(fault) => return door(&shared, fault.status, &wanted, &kept, Some(&fault)),
    };
    let (token, cookie) = match session::open(&shared, entered).await {
        Ok(opened) => opened,
        Err(error) => return Fault::from(&error).into_response(),
    };
    let mut response = come_in(&shared, token, &wanted, kept);
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
pub(crate) async fn authenticate(shared: &Shared, login: &str, password: &str, address: &str) -> Result<Entered, Fault> {
    let attempt = Attempt::new(login, address);
    let pace = attempt.check(shared)?;
    let found = shared.access.find(login).map_err(|error| Fault::from(&error))?;
    let phc = found.as_ref().and_then(|credential| credential.phc.clone());
    let right = shared.passwords.check(password.to_owned(), phc).await.ok_or_else(crowded)?;
    let known = found.is_some();
    let note = move |shared: &Inner| if right { attempt.succeeded(shared) } else { attempt.failed(shared, pace, known) };
    on_disk(shared, note).await.map_err(|error| Fault::from(&error))?;
    let wrong =
        Fault::new(StatusCode::UNAUTHORIZED, "wrong_password", "Identifiant ou mot de passe inconnu : vérifiez les deux.");
    let credential = found.filter(|_| right).ok_or_else(|| pace.wrong(wrong))?;
    if shared.ledger.view().state.access.blocked.contains_key(&credential.actor) {
        return Err(blocked());
    }
    Ok(Entered { actor: credential.actor, auth: Auth::Password, must_change: credential.must_change })
}

pub(crate) fn crowded() -> Fault {
    let sentence = "Trop de personnes se connectent en même temps : réessayez dans quelques secondes.";
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence)
}

fn demo_account(shared: &Inner, chosen: &str) -> Result<Entered, Fault> {
    let accounts = shared.access.accounts().map_err(|error| Fault::from(&error))?;
    let found = accounts.iter().find(|account| chosen.parse() == Ok(account.actor));
    let account = found.ok_or_else(|| Fault::malformed("Ce compte n’existe pas : choisissez-en un de la liste."))?;
    if shared.ledger.view().state.access.blocked.contains_key(&account.actor) {
        return Err(blocked());
    }
    Ok(Entered { actor: account.actor, auth: Auth::None, must_change: false })
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
            (carried(kept))
            @if shared.settings.demo { (demo_accounts(shared)) } @else { (credentials()) }
            (codes::at_the_door(fault))
            @if !shared.settings.demo { (recovery::at_the_door(fault)) }
        }
        @if !shared.settings.neighbours.is_empty() { (neighbours(&shared.settings.neighbours)) }
        @if shared.settings.trust.is_some() {
            p.small { (fr("Le navigateur avertit ? ")) a href=(TRUST_PATH) { "Faire confiance à ce serveur" } }
        }
    };
    (status, bare("Se connecter", &body)).into_response()
}

/// Doors of the other establishments of the demonstration.
fn neighbours(all: &[Neighbour]) -> Markup {
    html! {
        nav aria-labelledby="voisins" {
            h2.role #voisins { "Autres établissements de la démonstration" }
            ul.people { @for other in all { li { a href=(other.address) { (fr(&other.name)) } } } }
        }
    }
}

/// HTML drops one newline at the start of a text area.
pub(crate) fn newline_kept(text: &str) -> Markup {
    html! { @if text.starts_with('\n') { "\n" } (text) }
}

fn credentials() -> Markup {
    html! {
        p.field { label for="login" { "Identifiant" }
            input #login name="login" autocomplete="username" autocapitalize="none" autofocus; }
        p.field { label for="password" { "Mot de passe" }
            input #password name="password" type="password" autocomplete="current-password"; }
        p { button.btn { "Entrer" } }
    }
}

/// Everybody who may enter, by role, the most senior first.
fn demo_accounts(shared: &Inner) -> Markup {
    let view = shared.ledger.view();
    let register = &view.state.register;
    let accounts = shared.access.accounts().unwrap_or_default();
    let with = |role: Option<Role>| accounts.iter().filter(move |a| register.role(&a.actor) == role).collect::<Vec<_>>();
    let roles = Role::ALL.into_iter().rev().map(Some).chain([None]);
    html! {
        p.lead { (fr("Démonstration : ")) b { (register.establishment) } ", un établissement inventé. Choisissez qui vous êtes." }
        @for (role, people) in roles.map(|role| (role, with(role))).filter(|(_, people)| !people.is_empty()) {
            h2.role { (fr(&role.map_or("sans rôle".to_owned(), |role| role.label().to_owned())))
                @if role == Some(Role::Observer) { span.muted.small { "lit sans écrire" } } }
            ul.people {
                @for account in people {
                    @let function = register.people.get(&account.actor).map_or("", |p| p.function.as_str());
                    li { button name="compte" value=(account.actor) {
                        b { (fr(&register.name(&account.actor))) } span.muted { (fr(function)) }
                    } }
                }
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
