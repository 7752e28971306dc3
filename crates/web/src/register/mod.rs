//! The living register: who is there, who is called, at which number; read by all, changed by those who administer.

mod adopt;
mod detail;
mod duty;
mod establishment;
mod exchange;
mod field;
mod forms;
mod functions;
mod kinds;
mod list;
mod look;
mod overview;
mod partners;
mod places;
mod sheet;

use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::Sent;
use crate::form::Fields;
use crate::record::{record, request_id};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use domain::register::event::{Card, Function, Partner, Place as Site, Provider, Turn, Unit};
use journal::SubjectId;
use journal::entry::sha256;
use journal::write::Draft;
use look::Look;
use maud::{Markup, html};
use sheet::Sheet;
use store::Receipt;

pub(crate) use exchange::Pending;
pub(crate) use exchange::write::{Sheetful, leave};

/// Pages of the register, in the order of the screen.
const PAGES: [(&str, &str); 9] = [
    ("Vue d’ensemble", "/annuaire"),
    ("Chaîne d’alerte", "/annuaire/chaine-alerte"),
    ("Fonctions", "/annuaire/fonctions"),
    ("Astreintes", "/annuaire/astreintes"),
    ("Personnes", "/annuaire/personnes"),
    ("Partenaires", "/annuaire/partenaires"),
    ("Prestataires", "/annuaire/prestataires"),
    ("Unités", "/annuaire/unites"),
    ("Lieux", "/annuaire/lieux"),
];

pub(crate) fn routes() -> Router<Shared> {
    let upload = DefaultBodyLimit::max(exchange::UPLOAD_BYTES_MAX);
    Router::new()
        .route("/annuaire", get(overview::show))
        .route("/annuaire/chaine-alerte", get(functions::chain))
        .route("/annuaire/etablissement", get(establishment::show))
        .route("/journaux/{journal}/annuaire/etablissement", post(establishment::name))
        .route("/journaux/{journal}/annuaire/usuels/{what}", post(adopt::adopt))
        .route("/journaux/{journal}/annuaire/partenaires/{id}/verifier", post(partners::verified))
        .merge(routes_of::<Site>(get(places::show), &upload))
        .merge(routes_of::<Unit>(get(list::show::<Unit>), &upload))
        .merge(routes_of::<Card>(get(list::show::<Card>), &upload))
        .merge(routes_of::<Function>(get(list::show::<Function>), &upload))
        .merge(routes_of::<Turn>(get(duty::show), &upload))
        .merge(routes_of::<Partner>(get(list::show::<Partner>), &upload))
        .merge(routes_of::<Provider>(get(list::show::<Provider>), &upload))
}

/// Addresses of one kind of record.
fn routes_of<T: Sheet>(list: MethodRouter<Shared>, upload: &DefaultBodyLimit) -> Router<Shared> {
    let read = format!("/annuaire/{}", T::SLUG);
    let write = format!("/journaux/{{journal}}/annuaire/{}", T::SLUG);
    Router::new()
        .route(&read, list)
        .route(&format!("{read}/nouveau"), get(forms::new::<T>))
        .route(&format!("{read}/import"), get(exchange::page::show::<T>))
        .route(&format!("{read}/export/{{file}}"), get(exchange::write::download::<T>))
        .route(&format!("{read}/{{id}}"), get(detail::show::<T>))
        .route(&format!("{read}/{{id}}/modifier"), get(forms::edit::<T>))
        .route(&write, post(forms::add::<T>))
        .route(&format!("{write}/import"), post(exchange::page::upload::<T>).layer(*upload))
        .route(&format!("{write}/import/{{token}}"), post(exchange::page::confirm::<T>))
        .route(&format!("{write}/{{id}}"), post(forms::change::<T>))
        .route(&format!("{write}/{{id}}/retirer"), post(detail::remove::<T>))
}

/// Where the list of a kind is.
fn list_path<T: Sheet>() -> String {
    format!("/annuaire/{}", T::SLUG)
}

/// Where the page of a record is.
fn path_of<T: Sheet>(id: &SubjectId) -> String {
    format!("/annuaire/{}/{id}", T::SLUG)
}

/// Where a kind of record is written.
fn write_path(shared: &Inner, slug: &str) -> String {
    format!("/journaux/{}/annuaire/{slug}", shared.ledger.id())
}

/// A page of the register.
fn page<'a>(shared: &'a Inner, visitor: &'a Visitor, title: &'a str) -> Page<'a> {
    Page::new(shared, visitor, Place::Prepare, title)
}

fn look<'a>(page: &'a Page<'_>) -> Look<'a> {
    Look::new(&page.visitor.view.state.register, page.now)
}

/// Links to the pages of the register.
fn nav(here: &str) -> Markup {
    html! {
        nav.regnav aria-label="Annuaire" {
            @for (words, path) in PAGES { a href=(path) aria-current=[(path == here).then_some("page")] { (words) } }
        }
    }
}

/// An id that the same form, sent twice, draws twice.
fn drawn(kind: &str, request: &str, at: usize) -> SubjectId {
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(format!("{kind} {request} {at}").as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}

/// Records a form, all or nothing.
async fn keep(shared: &Inner, sent: &Sent, drafts: Vec<Draft>) -> Result<Receipt, Fault> {
    let author = sent.visitor.author();
    let nothing = || Fault::malformed("Il n’y a rien à enregistrer.");
    let request = request_id(sent.fields.get("request"), &author, drafts.first().ok_or_else(nothing)?);
    record(shared, &sent.visitor.view, author, request, drafts).await
}

/// Gives a form back to its author after they signed in again.
pub(crate) fn resume(shared: &Inner, visitor: &Visitor, below: &[&str], fields: &Fields) -> Response {
    let (slug, id) = match below {
        [slug] => (*slug, None),
        [slug, id] => (*slug, id.parse().ok()),
        _ => return crate::answer::see_other("/annuaire"),
    };
    let page = match slug {
        "etablissement" => Ok(establishment::page(shared, visitor, Some(fields), &forms::Wrong::default())),
        Site::SLUG => forms::given_back::<Site>(shared, visitor, id, fields),
        Unit::SLUG => forms::given_back::<Unit>(shared, visitor, id, fields),
        Card::SLUG => forms::given_back::<Card>(shared, visitor, id, fields),
        Function::SLUG => forms::given_back::<Function>(shared, visitor, id, fields),
        Turn::SLUG => forms::given_back::<Turn>(shared, visitor, id, fields),
        Partner::SLUG => forms::given_back::<Partner>(shared, visitor, id, fields),
        Provider::SLUG => forms::given_back::<Provider>(shared, visitor, id, fields),
        _ => Err(Fault::not_found()),
    };
    page.unwrap_or_else(IntoResponse::into_response)
}
