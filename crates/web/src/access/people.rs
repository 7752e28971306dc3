//! People and roles: who may enter, with what role, when they were last seen; opening an account.

use super::secrets::spoken;
use super::{address, administrator, line, person, print_of, problem, problem_of, received, recorded, tabs, then};
use crate::answer::Fault;
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
use domain::access::event::AccountOpened;
use domain::register::Role;
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, SubjectId};
use maud::{Markup, html};
use std::collections::BTreeMap;
use store::StoreError;
use store::access::{Account, Session};

/// `GET /comptes`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, &Fields::default(), None)
}

fn page(shared: &Inner, visitor: &Visitor, fields: &Fields, fault: Option<&Fault>) -> Response {
    if let Err(fault) = administrator(visitor) {
        return fault.into_response();
    }
    let accounts: BTreeMap<ActorId, Account> = match shared.access.accounts() {
        Ok(accounts) => accounts.into_iter().map(|account| (account.actor, account)).collect(),
        Err(error) => return Fault::from(&error).into_response(),
    };
    let page = Page::new(shared, visitor, Place::Proof, "Comptes");
    let register = &visitor.view.state.register;
    let without = accounts.keys().filter(|actor| register.role(actor).is_none()).count() as u64;
    let body = html! {
        div.roomhead { h1 { "Comptes" } }
        (tabs(visitor, "/comptes"))
        p.lead { (plural(accounts.len() as u64, "compte", "comptes"))
            @if without > 0 { (fr(" ; ")) span.warn { (plural(without, "n’a pas de rôle et n’ouvre rien", "n’ont pas de rôle et n’ouvrent rien")) } }
            ". Chaque changement est inscrit au journal, avec le nom de qui l’a fait." }
        (list(&page, &accounts))
        @if visitor.may_administer() { (open_form(&page, &accounts, fields, fault)) }
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn list(page: &Page<'_>, accounts: &BTreeMap<ActorId, Account>) -> Markup {
    let register = &page.visitor.view.state.register;
    let sessions = page.shared.access.sessions(page.shared.now());
    let shown = |actor: &ActorId, role: Option<Role>| role.is_some() || accounts.contains_key(actor);
    let mut people: Vec<_> = register.people.iter().filter(|(actor, person)| shown(actor, person.role)).collect();
    people.sort_by_key(|(_, person)| (std::cmp::Reverse(person.role.map_or(0, Role::rank)), person.name.to_lowercase()));
    html! {
        section.panel.wide aria-labelledby="personnes-roles" {
            header { h2 #personnes-roles { "Personnes et rôles" } span.muted.small { (people.len()) } }
            div.scrollx tabindex="0" role="group" aria-labelledby="personnes-roles" { table.accounts {
                thead { tr { th { "Personne" } th { "Rôle" } th.hide-s { "Identifiant" } th { "État" } th.hide-s { "Vu" } th.n.hide-s { "Sessions" } } }
                tbody { @for (actor, person) in people {
                    @let open = sessions.get(actor).map_or(0, Vec::len);
                    tr {
                        td { a href={ "/comptes/" (actor) } { (fr(&register.name(actor))) } @if !person.function.is_empty() { br; span.small.muted { (fr(&person.function)) } } }
                        td { @match person.role { Some(role) => (fr(role.label())), None => span.st.unknown { "sans rôle" } } }
                        td.hide-s { (accounts.get(actor).map_or("–", |a| a.login.as_str())) }
                        td { (state(page, actor, accounts.get(actor))) }
                        td.hide-s { (seen(page, accounts.get(actor), sessions.get(actor))) }
                        td.n.hide-s { (open) }
                    }
                } }
            } }
        }
    }
}

/// What an account is worth now: shape, word, colour.
pub(super) fn state(page: &Page<'_>, actor: &ActorId, account: Option<&Account>) -> Markup {
    let blocked = page.visitor.view.state.access.blocked.contains_key(actor);
    html! { @match account {
        _ if blocked => span.st.down { "bloqué" },
        None => span.st.unknown { "sans compte" },
        Some(account) if account.must_change => span.st.warn { "premier mot de passe" },
        Some(account) if !account.has_password && !page.shared.settings.demo => span.st.warn { "sans mot de passe" },
        Some(_) => span.st.ok { "ouvert" },
    } }
}

/// When they last gave a sign of life.
pub(super) fn seen(page: &Page<'_>, account: Option<&Account>, sessions: Option<&Vec<Session>>) -> String {
    let live = sessions.and_then(|all| all.iter().map(|s| s.seen_at.max(s.acted_at)).max());
    match account.and_then(|a| a.seen_at).max(live) {
        Some(at) => format!("le {}", page.local.day_and_time(at)),
        None => "jamais".to_owned(),
    }
}

fn open_form(page: &Page<'_>, accounts: &BTreeMap<ActorId, Account>, fields: &Fields, fault: Option<&Fault>) -> Markup {
    let register = &page.visitor.view.state.register;
    let mut without: Vec<_> = register.present().filter(|(actor, _)| !accounts.contains_key(*actor)).collect();
    without.sort_by_key(|(_, person)| person.name.to_lowercase());
    html! {
        section.panel.wide aria-labelledby="ouvrir" {
            header { h2 #ouvrir { "Ouvrir un compte" } }
            (problem_of(fault))
            @if without.is_empty() {
                p.empty { (fr("Tout l’annuaire a un compte. Pour quelqu’un d’autre, inscrivez d’abord cette personne à l’annuaire.")) }
            } @else {
                form.stacked method="post" action=(address(page.shared, "")) {
                    (stamps(page.shared, page.visitor))
                    p.field { label for="f-person" { "Personne de l’annuaire" }
                        select #f-person name="person" { @for (actor, person) in without {
                            option value=(actor) selected[fields.get("person") == actor.to_string()] {
                                (person.name) @if !person.function.is_empty() { " – " (person.function) }
                                @if let Some(role) = person.role { " (" (role.label()) ")" } } } }
                        (problem(fault, "person")) }
                    (role_field(fields.get("role"), fault, true))
                    (line(fields, fault, "login", "Identifiant", "ce qu’elle tapera pour entrer, par exemple c.lenoir"))
                    p { button.btn { "Ouvrir le compte" } }
                }
            }
        }
    }
}

/// The roles, by what each may do.
pub(super) fn role_field(chosen: &str, fault: Option<&Fault>, kept: bool) -> Markup {
    html! {
        p.field { label for="f-role" { "Rôle" }
            select #f-role name="role" {
                @if kept { option value="" selected[chosen.is_empty()] { "celui qu’elle tient déjà" } }
                @for role in Role::ALL { option value=(role.name()) selected[role.name() == chosen] { (role.label()) " : " (may(role)) } }
            }
            (problem(fault, "role")) }
    }
}

fn may(role: Role) -> &'static str {
    match role {
        Role::Observer => "lit tout, n’écrit rien",
        Role::Member => "écrit la main courante et les tableaux",
        Role::Solo => "conduit seul, la nuit, dans un petit établissement",
        Role::Secretary => "tient la main courante, peut rouvrir un accès à deux",
        Role::Administrator => "gère aussi les comptes, les rôles et l’annuaire",
        Role::Direction => "décide, lève la crise, gère les comptes",
    }
}

/// `POST …/comptes`.
pub(super) async fn open(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    match open_account(&shared, &sent).await {
        Ok((actor, password)) => person::with_password(&shared, &sent.visitor, actor, &password),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => page(&shared, &sent.visitor, &sent.fields, Some(&fault)),
    }
}

async fn open_account(shared: &Shared, sent: &Sent) -> Result<(ActorId, String), Fault> {
    let unknown = || Fault::malformed("Choisissez une personne de la liste.").about("person");
    let actor: ActorId = sent.fields.get("person").parse().map_err(|_| unknown())?;
    let login = sent.fields.get("login").trim().to_lowercase();
    let held = sent.visitor.present().state.register.role(&actor);
    let role = match sent.fields.get("role") {
        "" if held.is_none() => {
            return Err(Fault::malformed("Choisissez un rôle : cette personne n’en a pas encore.").about("role"));
        }
        "" => None,
        name => Some(Role::from_name(name).ok_or_else(|| Fault::malformed("Ce rôle n’existe pas.").about("role"))?),
    };
    let taken = shared.access.find(&login).map_err(|error| Fault::from(&error))?.is_some_and(|found| found.actor != actor);
    if taken {
        let sentence = "Cet identifiant est déjà pris : ajoutez un chiffre ou l’initiale du prénom.";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "login_taken", sentence).about("login"));
    }
    let granted = role.filter(|role| held != Some(*role));
    let granted = granted.map(|role| AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() });
    let opened = Event::AccountOpened(AccountOpened { login: login.clone() }).draft(SubjectId(actor.0));
    let drafts: Vec<Draft> = granted.iter().map(Draft::of_act).chain([opened]).collect();
    let password = spoken(shared.env.bytes());
    let phc = print_of(shared, &password).await?;
    let receipt = recorded_again(shared, sent, drafts, &login, actor).await?;
    let made = then(shared, move |shared| match shared.access.open_account(actor, &login, &phc) {
        Err(StoreError::AccountExists(_)) if receipt => first_again(shared, &actor, &phc),
        outcome => outcome,
    });
    made.await.map(|()| (actor, password))
}

/// Records; true for a form sent twice. What the first one granted is not in the drafts of the second.
async fn recorded_again(shared: &Shared, sent: &Sent, drafts: Vec<Draft>, login: &str, actor: ActorId) -> Result<bool, Fault> {
    match recorded(shared, sent, drafts).await {
        Ok(receipt) => Ok(receipt.replayed),
        Err(fault) if fault.code == "request_reused" => {
            let state = &shared.ledger.view().state;
            let same = state.access.opened.get(&actor).is_some_and(|opened| opened == login);
            if same { Ok(true) } else { Err(fault) }
        }
        Err(fault) => Err(fault),
    }
}

/// A form sent twice: the first password was lost with the first answer, and nobody has used it yet.
pub(super) fn first_again(shared: &Inner, actor: &ActorId, phc: &str) -> Result<(), StoreError> {
    if shared.access.account(actor)?.is_some_and(|account| account.must_change) {
        shared.access.give_password(actor, phc)?;
    }
    Ok(())
}
