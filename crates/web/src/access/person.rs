//! One person's account: role, first password, block, sessions, dismissal.

use super::people::{first_again, role_field, seen, state};
use super::secrets::spoken;
use super::{address, administrator, print_of, problem_of, received, recorded, tabs, then};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::Sent;
use crate::crisis::stamps;
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::access::event::{AccountBlocked, AccountUnblocked, PasswordGiven, SessionsEnded};
use domain::register::Role;
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, SubjectId};
use maud::{Markup, html};
use store::access::Account;

/// What a form of this page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Role,
    Dismiss,
    Block,
    Unblock,
    Password,
    Sessions,
}

const DEEDS: [(&str, Deed); 6] = [
    ("role", Deed::Role),
    ("ecarter", Deed::Dismiss),
    ("bloquer", Deed::Block),
    ("rouvrir", Deed::Unblock),
    ("mot-de-passe", Deed::Password),
    ("sessions", Deed::Sessions),
];

/// What the page shows besides the account.
#[derive(Default)]
struct Shown<'a> {
    fields: Fields,
    fault: Option<(&'a str, Fault)>,
    password: Option<&'a str>,
}

/// `GET /comptes/{actor}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(actor): Path<String>) -> Response {
    match actor.parse() {
        Ok(actor) => page(&shared, &visitor, actor, &Shown::default()),
        Err(_) => Fault::not_found().into_response(),
    }
}

/// The page after a first password was made: it is shown this once.
pub(super) fn with_password(shared: &Inner, visitor: &Visitor, actor: ActorId, password: &str) -> Response {
    page(shared, visitor, actor, &Shown { password: Some(password), ..Shown::default() })
}

fn page(shared: &Inner, visitor: &Visitor, actor: ActorId, shown: &Shown<'_>) -> Response {
    if let Err(fault) = administrator(visitor) {
        return fault.into_response();
    }
    // What has just been recorded is later than what the visitor came with.
    let fresh = shared.ledger.view();
    let view = if visitor.replayed.is_some() { &visitor.view } else { &fresh };
    let Some(person) = view.state.register.people.get(&actor) else { return Fault::not_found().into_response() };
    let account = match shared.access.account(&actor) {
        Ok(account) => account,
        Err(error) => return Fault::from(&error).into_response(),
    };
    let name = view.state.register.name(&actor);
    let page = Page::new(shared, visitor, Place::Proof, &name);
    let body = html! {
        div.roomhead { h1 { (fr(&name)) } @if !person.function.is_empty() { span.muted { (fr(&person.function)) } } }
        (tabs(visitor, "/comptes"))
        @if let Some(password) = shown.password { (first_password(&name, account.as_ref(), password)) }
        (facts(&page, actor, person.role, account.as_ref()))
        @if visitor.may_administer() {
            div.forms { (forms(&page, actor, person.role, account.as_ref(), shown)) }
        }
    };
    (shown.fault.as_ref().map_or(StatusCode::OK, |(_, fault)| fault.status), page.render(&body)).into_response()
}

fn first_password(name: &str, account: Option<&Account>, password: &str) -> Markup {
    html! {
        section.panel.wide.once aria-labelledby="premier" {
            header { h2 #premier { "Premier mot de passe de " (fr(name)) } }
            p.secret.mono { (password) }
            p { (fr("Identifiant : ")) b.mono { (account.map_or("", |a| a.login.as_str())) } (fr(". Lisez-lui ces quatre mots, tirets compris, ou notez-les sur un papier à détruire. \
                Ils ne seront plus montrés ; le premier écran demandera d’en choisir un autre.")) }
        }
    }
}

fn facts(page: &Page<'_>, actor: ActorId, role: Option<Role>, account: Option<&Account>) -> Markup {
    let sessions = page.shared.access.sessions(page.shared.now());
    let access = &page.shared.ledger.view().state.access;
    html! {
        dl.kv {
            dt { "État" } dd { (state(page, &actor, account)) @if let Some(reason) = access.blocked.get(&actor) { (fr(" : ")) (fr(reason)) } }
            dt { "Rôle" } dd { (role.map_or("aucun", Role::label)) }
            dt { "Identifiant" } dd { (account.map_or("–", |a| a.login.as_str())) }
            dt { "Vu" } dd { (seen(page, account, sessions.get(&actor))) }
            dt { "Sessions" } dd { (plural(sessions.get(&actor).map_or(0, Vec::len) as u64, "ouverte", "ouvertes")) }
        }
    }
}

/// A form of this page, with the sentence of its own refusal.
fn form(page: &Page<'_>, actor: ActorId, act: &str, shown: &Shown<'_>, title: &str, body: &Markup) -> Markup {
    let fault = shown.fault.as_ref().filter(|(failed, _)| *failed == act).map(|(_, fault)| fault);
    html! {
        form method="post" action=(address(page.shared, &format!("/{actor}/{act}"))) {
            h2.ruled { (title) }
            (stamps(page.shared, page.visitor))
            (problem_of(fault))
            (body)
        }
    }
}

fn forms(page: &Page<'_>, actor: ActorId, role: Option<Role>, account: Option<&Account>, shown: &Shown<'_>) -> Markup {
    let fault = |act: &str| shown.fault.as_ref().filter(|(failed, _)| *failed == act).map(|(_, fault)| fault);
    let none = Fields::default();
    let fields = |act: &str| if fault(act).is_some() { &shown.fields } else { &none };
    let blocked = page.shared.ledger.view().state.access.blocked.contains_key(&actor);
    let reason = |act: &str, hint: &str| {
        html! { (line_as(fields(act), fault(act), act, "Raison", hint)) }
    };
    html! {
        (form(page, actor, "role", shown, "Changer de rôle", &html! {
            (role_field(role.map_or("", Role::name), fault("role"), false))
            p { button.btn { "Donner ce rôle" } } }))
        @if account.is_some() {
            (form(page, actor, "mot-de-passe", shown, "Nouveau premier mot de passe", &html! {
                p.muted { (fr("Quatre mots montrés une fois, à changer à la première entrée. Ses sessions ouvertes se ferment.")) }
                p { button.btn.ghost { "Faire un mot de passe" } } }))
            (form(page, actor, "sessions", shown, "Fermer ses sessions", &html! {
                p.muted { (fr("Elle devra entrer de nouveau. Ce qu’elle est en train de taper lui sera rendu.")) }
                p { button.btn.ghost { "Fermer toutes ses sessions" } } }))
            @if blocked {
                (form(page, actor, "rouvrir", shown, "Rouvrir le compte", &html! { p { button.btn.ghost { "Rouvrir" } } }))
            } @else {
                (form(page, actor, "bloquer", shown, "Bloquer le compte", &html! {
                    (reason("bloquer", "mot de passe volé, absence longue… Le rôle reste."))
                    p { button.btn.ghost { "Bloquer" } } }))
            }
        }
        @if role.is_some() {
            (form(page, actor, "ecarter", shown, "Retirer son rôle", &html! {
                (reason("ecarter", "départ, changement de service… Ses sessions se ferment aussitôt ; ce qu’elle a écrit reste."))
                p { button.btn.ghost { "Retirer le rôle" } } }))
        }
    }
}

/// A reason, under an id of its own: the page has several.
fn line_as(fields: &Fields, fault: Option<&Fault>, act: &str, label: &str, hint: &str) -> Markup {
    let id = format!("raison-{act}");
    html! { p.field { label for=(id) { (label) }
    input id=(id) name="reason" value=(fields.get("reason")) autocomplete="off" required
        aria-invalid=[fault.and_then(|f| f.on("reason")).map(|_| "true")];
    span.small.muted { (fr(hint)) }
    @if let Some(sentence) = fault.and_then(|f| f.on("reason")) { span.error role="alert" { (fr(sentence)) } } } }
}

/// `POST …/comptes/{actor}/{act}`.
pub(super) async fn act(
    State(shared): State<Shared>,
    Path((journal, actor, act)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let deed = DEEDS.into_iter().find(|(name, _)| *name == act);
    let (Ok(actor), Some((name, deed))) = (actor.parse::<ActorId>(), deed) else { return Fault::not_found().into_response() };
    if !sent.visitor.present().state.register.people.contains_key(&actor) {
        return Fault::not_found().into_response();
    }
    match done(&shared, &sent, actor, deed).await {
        Ok(Some(password)) => with_password(&shared, &sent.visitor, actor, &password),
        Ok(None) => see_other(&format!("/comptes/{actor}")),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => {
            page(&shared, &sent.visitor, actor, &Shown { fields: sent.fields, fault: Some((name, fault)), password: None })
        }
    }
}

fn draft(sent: &Sent, actor: ActorId, deed: Deed) -> Result<Draft, Fault> {
    let reason = sent.fields.get("reason").trim().to_owned();
    let event = match deed {
        Deed::Role => {
            let role = Role::from_name(sent.fields.get("role"));
            let role = role.ok_or_else(|| Fault::malformed("Choisissez un rôle de la liste.").about("role"))?;
            return Ok(Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() }));
        }
        Deed::Dismiss => return Ok(Draft::of_act(&AuthorityAct::RoleWithdrawn { actor, reason })),
        Deed::Block => Event::AccountBlocked(AccountBlocked { reason }),
        Deed::Unblock => Event::AccountUnblocked(AccountUnblocked {}),
        Deed::Password => Event::PasswordGiven(PasswordGiven {}),
        Deed::Sessions => Event::SessionsEnded(SessionsEnded {}),
    };
    Ok(event.draft(SubjectId(actor.0)))
}

/// Records, then does; a first password to show, when there is one.
async fn done(shared: &Shared, sent: &Sent, actor: ActorId, deed: Deed) -> Result<Option<String>, Fault> {
    let draft = draft(sent, actor, deed)?;
    if deed == Deed::Password {
        return new_password(shared, sent, actor, draft).await.map(Some);
    }
    recorded(shared, sent, vec![draft]).await?;
    if matches!(deed, Deed::Dismiss | Deed::Block | Deed::Sessions) {
        then(shared, move |shared| {
            shared.access.close_sessions_of(&actor, None)?;
            shared.access.drop_recovery(&actor)
        })
        .await?;
    }
    Ok(None)
}

async fn new_password(shared: &Shared, sent: &Sent, actor: ActorId, draft: Draft) -> Result<String, Fault> {
    let account = shared.access.account(&actor).map_err(|error| Fault::from(&error))?;
    if account.is_none() {
        return Err(Fault::malformed("Cette personne n’a pas de compte : ouvrez-lui en un, à la page « Personnes et rôles »."));
    }
    let password = spoken(shared.env.bytes());
    let phc = print_of(shared, &password).await?;
    let receipt = recorded(shared, sent, vec![draft]).await?;
    let given = then(shared, move |shared| {
        if receipt.replayed {
            return first_again(shared, &actor, &phc);
        }
        shared.access.give_password(&actor, &phc)?;
        shared.access.close_sessions_of(&actor, None)
    });
    given.await.map(|()| password)
}
