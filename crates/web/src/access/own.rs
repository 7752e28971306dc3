//! One's own account: changing the password, leaving everywhere.

use super::{print_of, problem_of, then};
use crate::answer::{Fault, bare, see_other, wants_json};
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::form::{Fields, Files};
use crate::password::{PASSWORD_CHARS_MIN, not_obvious};
use crate::record::{record, request_id};
use crate::session::{self, Closed, Visitor};
use crate::shell::{Page, Place};
use crate::sign_in::{address, authenticate, set_cookie, turned_away};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::access::event::{PasswordChanged, SessionsEnded};
use journal::SubjectId;
use maud::{Markup, html};

/// `GET /compte`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, None)
}

fn page(shared: &Inner, visitor: &Visitor, fault: Option<&Fault>) -> Response {
    let status = fault.map_or(StatusCode::OK, |f| f.status);
    if visitor.must_change {
        let body = html! {
            p.lead { (fr("Le mot de passe que l’on vous a donné ne sert qu’une fois : choisissez le vôtre.")) }
            (password_form(shared, visitor, fault))
            form method="post" action="/deconnexion" { button.link { "Plus tard : sortir" } }
        };
        return (status, bare("Choisir mon mot de passe", &body)).into_response();
    }
    let page = Page::new(shared, visitor, Place::Elsewhere, "Mon compte");
    let sessions = shared.access.sessions(shared.now()).remove(&visitor.actor).unwrap_or_default();
    let hours = |ms: i64| if ms < 3_600_000 { format!("{} minutes", ms / 60_000) } else { format!("{} heures", ms / 3_600_000) };
    let body = html! {
        div.roomhead { h1 { "Mon compte" } span.muted { (fr(&visitor.view.state.register.name(&visitor.actor))) ", " (visitor.role.label()) } }
        p.lead { (plural(sessions.len() as u64, "session est ouverte", "sessions sont ouvertes")) " à votre nom. Sans geste de votre part, celle-ci se verrouille au bout de "
            (hours(visitor.lock_ms())) "." }
        div.forms {
            section { h2.rule { "Mot de passe" }
                @if shared.settings.demo { p.muted { "La démonstration n’a pas de mots de passe." } }
                @else { (password_form(shared, visitor, fault)) } }
            section { h2.rule { "Sortir" }
                form method="post" action={ "/journaux/" (shared.ledger.id()) "/compte/sorties" } {
                    (stamps(shared, visitor))
                    p { (fr("Un poste resté ouvert ailleurs, un téléphone égaré : fermez tout, puis entrez de nouveau.")) }
                    p { button.btn.ghost { "Sortir de toutes mes sessions" } } }
                form method="post" action="/verrouiller" { p { button.btn.ghost { "Verrouiller cette session" } } } }
        }
    };
    (status, page.render(&body)).into_response()
}

fn password_form(shared: &Inner, visitor: &Visitor, fault: Option<&Fault>) -> Markup {
    let field = |name: &str, label: &str, complete: &str| {
        html! { p.field { label for=(name) { (fr(label)) }
        input id=(name) name=(name) type="password" autocomplete=(complete) required
            aria-invalid=[fault.and_then(|f| f.on(name)).map(|_| "true")];
        @if let Some(sentence) = fault.and_then(|f| f.on(name)) { span.error role="alert" { (fr(sentence)) } } } }
    };
    html! {
        form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/compte/mot-de-passe" } {
            (stamps(shared, visitor))
            (problem_of(fault))
            (field("old", "Mot de passe actuel", "current-password"))
            (field("new", "Nouveau mot de passe", "new-password"))
            p.small.muted { (fr(&format!("{PASSWORD_CHARS_MIN} signes au moins, ceux que vous voulez : trois ou quatre mots sans lien se retiennent bien."))) }
            (field("again", "Le même, encore une fois", "new-password"))
            p { button.btn { "Changer de mot de passe" } }
        }
    }
}

/// Whoever changes their own account, a first password still in hand or not.
async fn received(shared: &Shared, journal: &str, request: Request) -> Result<(Visitor, Fields, bool), Response> {
    let json = wants_json(request.headers());
    let token = session::token(shared, request.headers()).ok_or(Closed::Nobody);
    let visitor = match token.and_then(|token| session::entering(shared, token, true)) {
        Ok(visitor) => visitor,
        Err(closed) => return Err(turned_away(shared, closed, request, json).await),
    };
    let fault = |fault: Fault| if json { fault.json() } else { fault.into_response() };
    visitor.journal(shared, journal).map_err(fault)?;
    let fields = Fields::read(shared, request, Files::Drop).await.map_err(fault)?;
    let begun_by = fields.get("author").parse().unwrap_or(visitor.actor);
    if begun_by != visitor.actor {
        return Err(fault(Fault::new(
            StatusCode::CONFLICT,
            "other_author",
            "Cette page a été ouverte par quelqu’un d’autre : rechargez-la.",
        )));
    }
    Ok((visitor, fields, json))
}

/// `POST …/compte/mot-de-passe`.
pub(super) async fn password(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let address = address(&request);
    let (visitor, fields, json) = match received(&shared, &journal, request).await {
        Ok(received) => received,
        Err(response) => return response,
    };
    match change(&shared, &visitor, &fields, &address).await {
        Ok(()) if json => StatusCode::NO_CONTENT.into_response(),
        Ok(()) => see_other(if visitor.must_change { "/" } else { "/compte" }),
        Err(fault) if json => fault.json(),
        Err(fault) => page(&shared, &visitor, Some(&fault)),
    }
}

async fn change(shared: &Shared, visitor: &Visitor, fields: &Fields, address: &str) -> Result<(), Fault> {
    let account = shared.access.account(&visitor.actor).map_err(|error| Fault::from(&error))?.ok_or_else(Fault::signed_out)?;
    let new = chosen(shared, &account.login, fields)?;
    let found = authenticate(shared, &account.login, fields.get("old"), address).await;
    found.map_err(|fault| match fault.code {
        "wrong_password" => Fault::new(fault.status, fault.code, "Ce n’est pas votre mot de passe actuel.").about("old"),
        _ => fault,
    })?;
    if new == fields.get("old") {
        let sentence = "C’est le mot de passe que vous avez déjà : choisissez-en un autre.";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "unchanged", sentence).about("new"));
    }
    let phc = print_of(shared, &new).await.map_err(|fault| fault.about("new"))?;
    own_act(shared, visitor, fields, Event::PasswordChanged(PasswordChanged {})).await?;
    let (actor, token) = (visitor.actor, visitor.token);
    then(shared, move |shared| {
        shared.access.choose_password(&actor, &phc)?;
        shared.access.close_sessions_of(&actor, Some(&token))
    })
    .await
}

/// The new password, typed twice alike, long enough, and not what anybody would try first.
pub(super) fn chosen(shared: &Inner, login: &str, fields: &Fields) -> Result<String, Fault> {
    let new = fields.get("new");
    let refused =
        |field: &str, sentence: String| Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_password", sentence).about(field));
    let (chars, max) = (new.chars().count(), crate::limits::PASSWORD_CHARS_MAX);
    if !(PASSWORD_CHARS_MIN..=max).contains(&chars) {
        return refused("new", format!("Il compte {chars} signes ; il en faut de {PASSWORD_CHARS_MIN} à {max}."));
    }
    if let Err(sentence) = not_obvious(new, login, &shared.ledger.view().state.register.establishment) {
        return refused("new", sentence);
    }
    if new != fields.get("again") {
        return refused("again", "Les deux saisies diffèrent : tapez deux fois le même.".to_owned());
    }
    Ok(new.to_owned())
}

async fn own_act(shared: &Shared, visitor: &Visitor, fields: &Fields, event: Event) -> Result<(), Fault> {
    let (author, draft) = (visitor.author(), event.draft(SubjectId(visitor.actor.0)));
    let request = request_id(fields.get("request"), &author, &draft);
    record(shared, visitor.present(), author, request, vec![draft]).await.map(|_| ())
}

/// `POST …/compte/sorties`.
pub(super) async fn leave_everywhere(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let (visitor, fields, json) = match received(&shared, &journal, request).await {
        Ok(received) => received,
        Err(response) => return response,
    };
    let actor = visitor.actor;
    let done = match own_act(&shared, &visitor, &fields, Event::SessionsEnded(SessionsEnded {})).await {
        Ok(()) => then(&shared, move |shared| shared.access.close_sessions_of(&actor, None)).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => {
            let mut response = see_other("/connexion");
            set_cookie(&mut response, &session::gone(&shared));
            response
        }
        Err(fault) if json => fault.json(),
        Err(fault) => page(&shared, &visitor, Some(&fault)),
    }
}
