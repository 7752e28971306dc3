//! The establishment itself: name, kind, FINESS, time zone.

use super::field::beside;
use super::forms::{Wrong, may};
use super::kinds::place::{kind, kinds, zone};
use super::look::Of;
use super::{keep, look, nav, write_path};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, ids, seen, sent};
use crate::crisis::stamps;
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::Page;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::register::event::{EstablishmentKind, EstablishmentNamed, Place};
use journal::SubjectId;
use maud::{Markup, html};

/// Name, label and hint of each field.
const FIELDS: [(&str, &str, &str); 6] = [
    ("name", "Nom", ""),
    ("time_zone", "Fuseau horaire", "Europe/Paris, Indian/Reunion, America/Martinique…"),
    ("finess", "FINESS", "neuf caractères"),
    ("address", "Adresse", ""),
    ("phone", "Téléphone", "le standard"),
    ("place", "Place dans l’arbre", "le lieu de l’annuaire qui est cet établissement"),
];

/// `GET /annuaire/etablissement`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, None, &Wrong::default())
}

fn current(visitor: &Visitor) -> EstablishmentNamed {
    visitor.view.state.register.identity.as_deref().map(|identity| identity.current().value.clone()).unwrap_or_default()
}

fn value(named: &EstablishmentNamed, name: &str, look: &super::look::Look<'_>) -> String {
    match name {
        "name" => named.name.clone(),
        "time_zone" => named.time_zone.clone(),
        "finess" => named.finess.clone(),
        "address" => named.address.clone(),
        "phone" => named.phone.clone(),
        _ => look.label(Of::Place, named.place),
    }
}

/// The page, filled in with what came back.
pub(super) fn page(shared: &Inner, visitor: &Visitor, fields: Option<&Fields>, wrong: &Wrong) -> Response {
    let page = super::page(shared, visitor, "Établissement");
    let look = look(&page);
    let named = current(visitor);
    let body = html! {
        (nav("/annuaire/lieux"))
        div.roomhead { h1 { (fr(&named.name)) } a href="/annuaire/lieux" { "Les lieux" } }
        (conflict(&page))
        @if may::<Place>(visitor).is_ok() { (form(&page, &named, fields, wrong)) }
        @else { dl.kv {
            @for (name, label, _) in FIELDS { @let words = value(&named, name, &look); @if !words.is_empty() { dt { (label) } dd { (fr(&words)) } } }
            @if let Some(kind) = named.kind { dt { "Type" } dd { (kind.label()) } }
        } }
    };
    (wrong.status, page.render(&body)).into_response()
}

fn conflict(page: &Page<'_>) -> Markup {
    let Some(identity) = page.visitor.view.state.register.identity.as_deref() else { return html! {} };
    let survivors = identity.survivors();
    html! {
        @if survivors.len() > 1 {
            p { span.st.warn { "conflit (" (survivors.len()) ")" } " " (fr("Deux personnes ont changé cette fiche sans se voir : vérifiez-la et enregistrez."))  }
            ul { @for write in survivors { li { (fr(&write.value.name)) ", " (write.value.finess) ", " (write.value.time_zone) " "
                span.muted { (fr(&page.visitor.view.state.register.name(&write.by))) ", " (page.local.day_and_time(write.wall)) } } } }
        }
    }
}

fn form(page: &Page<'_>, named: &EstablishmentNamed, fields: Option<&Fields>, wrong: &Wrong) -> Markup {
    let look = look(page);
    let supersedes = fields.map(|f| f.get("supersedes").to_owned());
    let standing = || page.visitor.view.state.register.identity.as_deref().map(|i| ids(&i.seen())).unwrap_or_default();
    let shown = |name: &str| fields.map_or_else(|| value(named, name, &look), |f| f.get(name).to_owned());
    let chosen = fields.map_or_else(|| named.kind.map_or("", EstablishmentKind::label).to_owned(), |f| f.get("kind").to_owned());
    html! {
        form.stacked.wide method="post" action=(write_path(page.shared, "etablissement")) {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="supersedes" value=(supersedes.unwrap_or_else(standing));
            @if let Some(why) = &wrong.whole { p.error role="alert" { (fr(why)) } }
            div.fields {
                @for (name, label, hint) in FIELDS {
                    p.field { label for={ "f-" (name) } { (label) }
                        input id={ "f-" (name) } name=(name) value=(shown(name)) autocomplete="off" list=[(name == "place").then_some("d-lieux")]
                            aria-invalid=[wrong.on(name).map(|_| "true")] aria-describedby={ "h-" (name) " e-" (name) };
                        (beside(name, hint, wrong.on(name))) }
                }
                p.field { label for="f-kind" { "Type d’établissement" }
                    select #f-kind name="kind" aria-describedby="h-kind e-kind" {
                        option value="" { "à choisir" }
                        @for words in kinds() { option value=(words) selected[words == chosen] { (words) } }
                    }
                    (beside("kind", "les fonctions et les partenaires proposés en dépendent", wrong.on("kind"))) }
            }
            datalist #d-lieux { @for label in look.all(Of::Place) { option value=(label) {} } }
            p.btns { button.btn { "Enregistrer" } }
        }
    }
}

/// `POST /journaux/{journal}/annuaire/etablissement`.
pub(super) async fn name(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    if let Err(fault) = sent.visitor.journal(&shared, &journal) {
        return fault.into_response();
    }
    match named(&shared, &sent).await {
        Ok(()) => see_other("/annuaire/etablissement"),
        Err(wrong) if wrong.status == StatusCode::FORBIDDEN => {
            Fault::new(wrong.status, "not_administrator", wrong.whole.unwrap_or_default()).into_response()
        }
        Err(wrong) => page(&shared, &sent.visitor, Some(&sent.fields), &wrong),
    }
}

async fn named(shared: &Inner, sent: &Sent) -> Result<(), Wrong> {
    sent.same_author()?;
    let draft = {
        let look = super::look::Look::new(&sent.visitor.view.state.register, shared.now());
        let text = |name: &str| sent.fields.get(name).trim().to_owned();
        let wrong = |name: &'static str| move |why: String| Wrong::field(name, why);
        zone(&text("time_zone")).map_err(wrong("time_zone"))?;
        let named = EstablishmentNamed {
            name: text("name"),
            time_zone: text("time_zone"),
            kind: kind(&text("kind")).map_err(wrong("kind"))?,
            finess: text("finess"),
            address: text("address"),
            phone: text("phone"),
            place: look.find(Of::Place, &text("place")).map_err(wrong("place"))?,
            supersedes: seen(&sent.fields),
        };
        if named.name == current(&sent.visitor).name
            && named == (EstablishmentNamed { supersedes: named.supersedes.clone(), ..current(&sent.visitor) })
            && may::<Place>(&sent.visitor).is_ok()
        {
            return Ok(());
        }
        Event::EstablishmentNamed(named).draft(SubjectId([0; 16]))
    };
    keep(shared, sent, vec![draft]).await?;
    Ok(())
}
