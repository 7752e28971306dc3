//! Accounts: who may enter, with what, since when; emergency codes, recovery by two people, the audit of it all.

mod audit;
pub(crate) mod codes;
mod devices;
pub(crate) mod lock;
mod own;
mod people;
mod person;
pub(crate) mod recovery;
pub mod secrets;

pub(crate) use devices::revocation;

use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, sent};
use crate::form::Fields;
use crate::record::{record, request_id};
use crate::session::{Visitor, on_disk};
use crate::shell::Page;
use crate::typography::fr;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::access::{Act, Did};
use journal::ActorId;
use journal::write::Draft;
use maud::{Markup, html};
use store::{Receipt, StoreError};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/comptes", get(people::show))
        .route("/comptes/audit", get(audit::show))
        .route("/comptes/codes", get(codes::show))
        .route("/comptes/secours", get(recovery::show))
        .route("/comptes/{actor}", get(person::show))
        .route("/journaux/{journal}/comptes", post(people::open))
        .route("/journaux/{journal}/comptes/codes", post(codes::issue))
        .route("/journaux/{journal}/comptes/codes/{series}/annuler", post(codes::revoke))
        .route("/journaux/{journal}/comptes/secours", post(recovery::ask))
        .route("/journaux/{journal}/comptes/secours/{entry}/accorder", post(recovery::grant))
        .route("/journaux/{journal}/comptes/{actor}/{act}", post(person::act))
        .route("/journaux/{journal}/postes/{key}/revoquer", post(devices::revoke))
        .route("/compte", get(own::show))
        .route("/journaux/{journal}/compte/mot-de-passe", post(own::password))
        .route("/journaux/{journal}/compte/sorties", post(own::leave_everywhere))
        .route("/verrou", get(lock::show).post(lock::unlock))
        .route("/verrouiller", post(lock::lock))
        .route("/presence", get(lock::presence).post(lock::still_here))
}

/// Reads a form of this journal, sent by whoever began it.
async fn received(shared: &Shared, journal: &str, request: Request) -> Result<Sent, Response> {
    let sent = sent(shared, request).await?;
    let right = sent.visitor.journal(shared, journal).and_then(|_| sent.same_author());
    match right {
        Ok(()) => Ok(sent),
        Err(fault) if sent.json => Err(fault.json()),
        Err(fault) => Err(fault.into_response()),
    }
}

/// Records what a form asked for, all or nothing.
async fn recorded(shared: &Inner, sent: &Sent, drafts: Vec<Draft>) -> Result<Receipt, Fault> {
    let author = sent.visitor.author();
    let first = drafts.first().ok_or_else(Fault::not_found)?;
    let request = request_id(sent.fields.get("request"), &author, first);
    record(shared, sent.visitor.present(), author, request, drafts).await
}

/// What follows in the accounts' own database, once the journal has it.
async fn then(shared: &Shared, work: impl FnOnce(&Inner) -> Result<(), StoreError> + Send + 'static) -> Result<(), Fault> {
    on_disk(shared, work).await.map_err(|error| {
        let mut fault = Fault::from(&error);
        fault.sentence.push_str(" C’est noté au journal, mais pas encore fait : recommencez.");
        fault
    })
}

/// The print of a password, kept instead of it.
async fn print_of(shared: &Shared, password: &str) -> Result<String, Fault> {
    let made = shared.passwords.hash(password.to_owned(), shared.env.bytes()).await.ok_or_else(crate::sign_in::crowded)?;
    made.map_err(|sentence| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_password", crate::answer::sentence_case(&sentence)))
}

/// Pages of accounts are for those who manage them.
fn administrator(visitor: &Visitor) -> Result<(), Fault> {
    if visitor.role.rank() >= journal::authority::ADMIN_RANK {
        return Ok(());
    }
    let sentence =
        "Les comptes se gèrent par la direction et l’administrateur : demandez-leur. Votre propre compte est à « Mon compte ».";
    Err(Fault::new(StatusCode::FORBIDDEN, "not_administrator", sentence))
}

/// Where forms about accounts go.
fn address(shared: &Inner, below: &str) -> String {
    format!("/journaux/{}/comptes{below}", shared.ledger.id())
}

/// The pages of accounts, the present one marked.
fn tabs(visitor: &Visitor, here: &str) -> Markup {
    let all = [
        ("/comptes", "Personnes et rôles"),
        ("/comptes/codes", "Codes d’urgence"),
        ("/comptes/secours", "Secours à deux"),
        ("/comptes/audit", "Journal des accès"),
    ];
    html! {
        nav.subnav aria-label="Comptes" {
            @for (path, word) in all { @if path == "/comptes/secours" || administrator(visitor).is_ok() {
                a href=(path) aria-current=[(path == here).then_some("page")] { (word) }
            } }
        }
    }
}

/// The sentence beside a field.
fn problem(fault: Option<&Fault>, name: &str) -> Markup {
    html! { @if let Some(sentence) = fault.and_then(|f| f.on(name)) {
    span.error id={ "e-" (name) } role="alert" { (fr(sentence)) } } }
}

/// The sentence above a form, when it is about no field of it.
fn problem_of(fault: Option<&Fault>) -> Markup {
    html! { @if let Some(fault) = fault.filter(|f| f.field.is_none()) { p.error role="alert" { (fr(&fault.sentence)) } } }
}

/// A line of text with its label; filled in again when refused.
fn line(fields: &Fields, fault: Option<&Fault>, name: &str, label: &str, hint: &str) -> Markup {
    html! { p.field { label for={ "f-" (name) } { (fr(label)) }
    input id={ "f-" (name) } name=(name) value=(fields.get(name)) autocomplete="off" autocapitalize="none"
        aria-invalid=[fault.and_then(|f| f.on(name)).map(|_| "true")];
    @if !hint.is_empty() { span.small.muted { (fr(hint)) } }
    (problem(fault, name)) } }
}

/// Somebody's name, and a link for those who manage accounts.
fn named(page: &Page<'_>, actor: &ActorId) -> Markup {
    let register = &page.visitor.view.state.register;
    let name = register.name(actor);
    html! { @if page.visitor.role.rank() >= journal::authority::ADMIN_RANK && register.people.contains_key(actor) {
    a href={ "/comptes/" (actor) } { (fr(&name)) } } @else { (fr(&name)) } }
}

/// What everybody should know of, for a day: emergency codes that served, recoveries of somebody senior.
pub(crate) fn notices(page: &Page<'_>) -> Markup {
    let state = &page.visitor.view.state;
    let told = |act: &Act| {
        let by = state.register.name(&act.by);
        let about = act.about.map_or_else(|| by.clone(), |actor| state.register.name(&actor));
        let what = match &act.did {
            Did::CodeUsed(series, number) => format!("{about} est entré avec le code d’urgence {series}-{number:02}"),
            _ => format!("Le compte de {about} a été rouvert par deux personnes, dont {by}"),
        };
        format!("{what}, le {}.", page.local.day_and_time(act.wall))
    };
    let acts: Vec<String> = state.access.noteworthy(page.now).map(told).collect();
    html! { @if !acts.is_empty() {
        section.panel.wide aria-labelledby="acces" {
            header { h2 #acces { "Entrées inhabituelles depuis 24 heures" } }
            @for act in &acts { p { span.st.warn { (fr(act)) } } }
            p.small.muted { "Si vous n’en savez rien, prévenez la direction." }
        }
    } }
}

/// What somebody does about their own session, in the menus.
pub(crate) fn own_acts() -> Markup {
    html! {
        a href="/compte" { "Mon compte" }
        a href="/comptes/secours" { "Secours à deux" }
        form method="post" action="/verrouiller" { button.link { "Verrouiller" } }
    }
}
