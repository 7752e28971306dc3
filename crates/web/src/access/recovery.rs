//! Recovery at three in the morning: two people vouch for somebody who cannot enter, and read them words that open once.

use super::own::chosen;
use super::secrets::{heard, spoken};
use super::{address, print_of, problem, problem_of, received, recorded, tabs, then};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::Sent;
use crate::crisis::stamps;
use crate::form::Fields;
use crate::record::record;
use crate::session::{Visitor, on_disk};
use crate::shell::{Page, Place};
use crate::sign_in::crowded;
use crate::throttle::Attempt;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::access::event::{RecoveryAsked, RecoveryGranted, RecoveryUsed};
use domain::access::{RECOVERY_MS, Recovery};
use journal::write::Author;
use journal::{ActorId, Auth, EntryId, RequestId, SubjectId};
use maud::{Markup, html};
use store::access::{Entered, Recovery as Kept};

/// Enters with the words that two people had read out, and a new password.
pub(crate) async fn enter(shared: &Shared, fields: &Fields, from: &str) -> Result<Entered, Fault> {
    let login = fields.get("login").trim().to_lowercase();
    if login.is_empty() {
        return Err(Fault::malformed("Tapez aussi votre identifiant, en haut de la page.").about("words"));
    }
    let new = chosen(shared, &login, fields)?;
    // A key of its own: a flood on the password must not close this way in.
    let attempt = Attempt::new(&format!("secours {login}"), from);
    let pace = attempt.check(shared)?;
    let found = shared.access.find(&login).map_err(|error| Fault::from(&error))?;
    let actor = found.as_ref().map(|credential| credential.actor);
    let kept = match actor {
        Some(actor) => shared.access.recovery(&actor, shared.now()).map_err(|error| Fault::from(&error))?,
        None => None,
    };
    let phc = kept.as_ref().map(|kept| kept.phc.clone());
    let right = shared.passwords.check(heard(fields.get("words")), phc).await.ok_or_else(crowded)?;
    let note =
        move |shared: &Inner| if right { attempt.succeeded(shared) } else { attempt.failed(shared, pace, actor.is_some()) };
    on_disk(shared, note).await.map_err(|error| Fault::from(&error))?;
    let sentence = "Ces mots n’ouvrent rien : ils valent un quart d’heure et une seule fois. Faites-les relire, ou demandez un nouveau secours.";
    let wrong = Fault::new(StatusCode::UNAUTHORIZED, "wrong_words", sentence).about("words");
    let (actor, kept) = actor.zip(kept).filter(|_| right).ok_or_else(|| pace.wrong(wrong))?;
    come_back(shared, actor, &kept, &new).await?;
    Ok(Entered { actor, auth: Auth::Password, must_change: false })
}

async fn come_back(shared: &Shared, actor: ActorId, kept: &Kept, new: &str) -> Result<(), Fault> {
    let phc = print_of(shared, new).await?;
    let author = Author { actor, auth: Auth::BreakGlass };
    let draft = Event::RecoveryUsed(RecoveryUsed { asked: kept.asked }).draft(SubjectId(actor.0));
    let request = RequestId(shared.env.bytes());
    record(shared, &shared.ledger.view(), author, request, vec![draft]).await.map_err(|fault| fault.about("words"))?;
    then(shared, move |shared| {
        shared.access.choose_password(&actor, &phc)?;
        shared.access.drop_recovery(&actor)?;
        shared.access.close_sessions_of(&actor, None)
    })
    .await
}

/// The fields at the door.
pub(crate) fn at_the_door(fault: Option<&Fault>) -> Markup {
    let about = |name: &str| fault.is_some_and(|f| f.on(name).is_some());
    let field = |name: &str, label: &str, kind: &str, complete: &str| {
        html! { p.field { label for=(name) { (label) } input id=(name) name=(name) type=(kind) autocomplete=(complete) autocapitalize="none" spellcheck="false"; } }
    };
    html! {
        details.other-way open[["words", "new", "again"].into_iter().any(about)] {
            summary { "Je ne peux pas entrer" }
            p.muted { (fr("Appelez deux collègues qui sont dans Plan Blanc : à la page « Secours à deux », l’un demande, l’autre accorde et vous lit quatre mots. \
                Tapez votre identifiant en haut, les mots ici.")) }
            (field("words", "Les quatre mots", "text", "off"))
            (field("new", "Nouveau mot de passe", "password", "new-password"))
            (field("again", "Le même, encore une fois", "password", "new-password"))
            p { button.btn.ghost { "Entrer avec ces mots" } }
        }
    }
}

/// `GET /comptes/secours`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, &Fields::default(), None)
}

fn page(shared: &Inner, visitor: &Visitor, fields: &Fields, fault: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Proof, "Secours à deux");
    let fresh = shared.ledger.view();
    let view = if visitor.replayed.is_some() { &visitor.view } else { &fresh };
    let mut waiting: Vec<&Recovery> = view.state.access.recoveries.values().filter(|r| r.waits(page.now)).collect();
    waiting.sort_by_key(|recovery| recovery.asked_at);
    let body = html! {
        div.roomhead { h1 { "Secours à deux" } }
        (tabs(visitor, "/comptes/secours"))
        p.lead { (fr("Quelqu’un a perdu son mot de passe et la direction ne répond pas : deux personnes qui l’ont reconnu, à la voix ou en face, lui rouvrent la porte. \
            L’une demande, l’autre accorde ; l’une des deux est au moins secrétaire de cellule.")) }
        (problem_of(fault))
        @if visitor.may_write() {
            section.panel.wide aria-labelledby="attente-secours" {
                header { h2 #attente-secours { "À accorder" } span.muted.small { (waiting.len()) } }
                @if waiting.is_empty() { p.empty { "Aucune demande. Une demande vaut un quart d’heure." } }
                @for recovery in waiting { (waits(&page, recovery)) }
            }
            (ask_form(&page, fields, fault))
        } @else { p.error { "Un observateur ne répond de personne : prévenez le secrétaire de cellule." } }
    };
    (fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn waits(page: &Page<'_>, recovery: &Recovery) -> Markup {
    let register = &page.visitor.view.state.register;
    let mine = recovery.asked_by == page.visitor.actor;
    let about_me = recovery.actor == page.visitor.actor;
    html! {
        div.waits {
            p { b { (fr(&register.name(&recovery.actor))) } (fr(" : ")) (fr(&recovery.reason)) br;
                span.small.muted { "demandé par " (fr(&register.name(&recovery.asked_by))) " à " (page.local.time(recovery.asked_at))
                    ", à accorder avant " (page.local.time(recovery.asked_at.saturating_add(RECOVERY_MS))) } }
            @if mine { p.muted { "Une autre personne doit l’accorder." } }
            @else if about_me { p.muted { "Il s’agit de vous : deux autres personnes en décident." } }
            @else { form method="post" action=(address(page.shared, &format!("/secours/{}/accorder", recovery.id))) {
                (stamps(page.shared, page.visitor))
                button.btn { "J’en réponds : accorder et montrer les mots" } } }
        }
    }
}

fn ask_form(page: &Page<'_>, fields: &Fields, fault: Option<&Fault>) -> Markup {
    let register = &page.visitor.view.state.register;
    let others = register.people.iter().filter(|(actor, person)| **actor != page.visitor.actor && person.role.is_some());
    html! {
        section.panel.wide aria-labelledby="demander" {
            header { h2 #demander { "Demander" } }
            form.stacked method="post" action=(address(page.shared, "/secours")) {
                (stamps(page.shared, page.visitor))
                p.field { label for="f-person" { "Qui ne peut pas entrer" }
                    select #f-person name="person" { @for (actor, person) in others {
                        option value=(actor) selected[fields.get("person") == actor.to_string()] {
                            (register.name(actor)) @if !person.function.is_empty() { " – " (person.function) } } } }
                    (problem(fault, "person")) }
                p.field { label for="f-reason" { "Ce qui s’est passé" }
                    input #f-reason name="reason" value=(fields.get("reason")) autocomplete="off" required
                        aria-invalid=[fault.and_then(|f| f.on("reason")).map(|_| "true")];
                    span.small.muted { (fr("comment vous l’avez reconnu, par exemple « en salle, badge vu »")) }
                    (problem(fault, "reason")) }
                p { button.btn.ghost { "Demander" } }
            }
        }
    }
}

/// `POST …/comptes/secours`.
pub(super) async fn ask(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    match asked(&shared, &sent).await {
        Ok(()) => see_other("/comptes/secours"),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => page(&shared, &sent.visitor, &sent.fields, Some(&fault)),
    }
}

async fn asked(shared: &Shared, sent: &Sent) -> Result<(), Fault> {
    let unknown = || Fault::malformed("Choisissez une personne de la liste.").about("person");
    let actor: ActorId = sent.fields.get("person").parse().map_err(|_| unknown())?;
    has_account(shared, &actor)?;
    let reason = sent.fields.get("reason").trim().to_owned();
    recorded(shared, sent, vec![Event::RecoveryAsked(RecoveryAsked { reason }).draft(SubjectId(actor.0))]).await.map(|_| ())
}

fn has_account(shared: &Inner, actor: &ActorId) -> Result<String, Fault> {
    let account = shared.access.account(actor).map_err(|error| Fault::from(&error))?;
    let none = || {
        Fault::malformed("Cette personne n’a pas de compte : la direction ou l’administrateur peut lui en ouvrir un.")
            .about("person")
    };
    account.map(|account| account.login).ok_or_else(none)
}

/// `POST …/comptes/secours/{entry}/accorder`: shows the words this once.
pub(super) async fn grant(
    State(shared): State<Shared>,
    Path((journal, entry)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match received(&shared, &journal, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let recovery = entry.parse::<EntryId>().ok().and_then(|id| sent.visitor.view.state.access.recoveries.get(&id).cloned());
    let Some(recovery) = recovery else { return Fault::not_found().into_response() };
    match granted(&shared, &sent, &recovery).await {
        Ok((login, words)) => words_page(&shared, &sent.visitor, &recovery, &login, &words),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => page(&shared, &sent.visitor, &Fields::default(), Some(&Fault { field: None, ..fault })),
    }
}

async fn granted(shared: &Shared, sent: &Sent, recovery: &Recovery) -> Result<(String, String), Fault> {
    let now = shared.now();
    let login = has_account(shared, &recovery.actor)?;
    if recovery.used_at.is_some() || now.saturating_sub(recovery.asked_at) >= RECOVERY_MS {
        let sentence = "Cette demande a plus d’un quart d’heure, ou elle a servi : demandez de nouveau.";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "recovery_over", sentence));
    }
    let words = spoken(shared.env.bytes());
    let phc = print_of(shared, &heard(&words)).await?;
    let draft = Event::RecoveryGranted(RecoveryGranted { asked: recovery.id }).draft(SubjectId(recovery.actor.0));
    // Sent twice, it is one grant, and the last words shown are those that open.
    recorded(shared, sent, vec![draft]).await?;
    let (actor, kept) = (recovery.actor, Kept { phc, asked: recovery.id });
    then(shared, move |shared| shared.access.keep_recovery(&actor, &kept, now + RECOVERY_MS)).await?;
    Ok((login, words))
}

fn words_page(shared: &Inner, visitor: &Visitor, recovery: &Recovery, login: &str, words: &str) -> Response {
    let page = Page::new(shared, visitor, Place::Proof, "Mots à lire");
    let name = visitor.view.state.register.name(&recovery.actor);
    let body = html! {
        div.roomhead { h1 { "Mots à lire à " (fr(&name)) } }
        p.secret.mono { (words.replace('-', " · ")) }
        p.lead { (fr("Ils valent jusqu’à ")) b { (page.local.time(page.now + RECOVERY_MS)) } (fr(", une seule fois, et ne seront plus montrés.")) }
        ol {
            li { (fr("À la page d’entrée, taper l’identifiant ")) b.mono { (login) } "." }
            li { (fr("Ouvrir « Je ne peux pas entrer », taper ces quatre mots, puis un nouveau mot de passe deux fois.")) }
        }
        p { a href="/comptes/secours" { "C’est fait" } }
    };
    page.render(&body).into_response()
}
