//! Functions and partners that ship with the program: adopting them copies them into the register, where they are filled in.

use super::look::{Look, fold};
use super::sheet::Sheet;
use super::{drawn, keep, write_path};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::sent;
use crate::crisis::stamps;
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::register::event::{EstablishmentKind, Function, Partner, Set};
use domain::register::{Register, function_id};
use journal::SubjectId;
use journal::write::Draft;
use maud::{Markup, html};

/// A subject of its own for each shipped partner, so that two laptops that adopt it speak of one.
fn partner_id(key: &str) -> SubjectId {
    drawn("partner", key, 0)
}

fn kind(register: &Register) -> &'static str {
    register.kind.map_or(EstablishmentKind::Autre.content_kind(), EstablishmentKind::content_kind)
}

/// Shipped functions that the register does not have and never had: one that was removed stays removed.
fn functions_left(register: &Register) -> Vec<&'static content::functions::Function> {
    let known = |key: &str| register.functions.record(&function_id(key)).is_some();
    content::functions::of(kind(register)).filter(|function| !known(&function.key)).collect()
}

fn partners_left(register: &Register) -> Vec<&'static content::partners::Partner> {
    let same = |name: &str| register.partners.iter().any(|(_, partner)| fold(&partner.name) == fold(name));
    let known = |partner: &&content::partners::Partner| {
        register.partners.record(&partner_id(&partner.key)).is_some() || same(&partner.name)
    };
    content::partners::of(kind(register)).filter(|partner| !known(partner)).collect()
}

fn offer(page: &Page<'_>, what: &str, left: u64, one: &str, many: &str, words: &str) -> Markup {
    html! {
        form.adopt method="post" action=(write_path(page.shared, &format!("usuels/{what}"))) {
            (stamps(page.shared, page.visitor))
            p { button.btn.ghost { "Reprendre " (plural(left, one, many)) } " " span.small.muted { (fr(words)) } }
        }
    }
}

/// Offers the functions that are not there yet.
pub(super) fn functions(look: &Look<'_>, page: &Page<'_>) -> Markup {
    let left = functions_left(look.register).len() as u64;
    html! { @if left > 0 && Function::may_change(page.visitor) {
    (offer(page, Function::SLUG, left, "fonction usuelle", "fonctions usuelles",
        "Avec leur mission et leur place dans la chaîne d’alerte ; vous dites ensuite qui les tient.")) } }
}

/// Offers the partners that are not there yet.
pub(super) fn partners(look: &Look<'_>, page: &Page<'_>) -> Markup {
    let left = partners_left(look.register).len() as u64;
    html! { @if left > 0 && Partner::may_change(page.visitor) {
    (offer(page, Partner::SLUG, left, "partenaire usuel", "partenaires usuels",
        "Avec pourquoi et quand les appeler ; les numéros sont à remplir et à vérifier.")) } }
}

fn function_drafts(register: &Register) -> Vec<Draft> {
    let kind = kind(register);
    let place = |function: &content::functions::Function| {
        let chain = content::functions::of(kind).filter(|f| f.in_alert_chain);
        chain.enumerate().find(|(_, f)| f.key == function.key).and_then(|(at, _)| u16::try_from(at + 1).ok())
    };
    let event = |shipped: &content::functions::Function| {
        let function = Function {
            key: shipped.key.clone(),
            label: shipped.label.clone(),
            mission: shipped.mission.clone(),
            mandatory: shipped.mandatory_in.iter().any(|k| k == kind),
            in_alert_chain: shipped.in_alert_chain,
            rank: place(shipped).unwrap_or(0),
            ..Function::default()
        };
        Event::FunctionSet(Set::new(function)).draft(function_id(&shipped.key))
    };
    functions_left(register).into_iter().map(event).collect()
}

fn partner_drafts(register: &Register) -> Vec<Draft> {
    let event = |shipped: &content::partners::Partner| {
        let partner = Partner {
            name: shipped.name.clone(),
            code: shipped.key.clone(),
            kind: shipped.family.clone(),
            why: shipped.why.clone(),
            when_to_call: shipped.when_to_call.clone(),
            phone: shipped.number.clone(),
            notes: shipped.hint.clone(),
            ..Partner::default()
        };
        Event::PartnerSet(Set::new(partner)).draft(partner_id(&shipped.key))
    };
    partners_left(register).into_iter().map(event).collect()
}

/// `POST /journaux/{journal}/annuaire/usuels/{what}`.
pub(super) async fn adopt(
    State(shared): State<Shared>,
    Path((journal, what)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let register = &sent.visitor.view.state.register;
    let drafts = sent.visitor.journal(&shared, &journal).and_then(|_| sent.same_author()).and_then(|()| match what.as_str() {
        Function::SLUG => Ok(function_drafts(register)),
        Partner::SLUG => Ok(partner_drafts(register)),
        _ => Err(Fault::not_found()),
    });
    let next = format!("/annuaire/{what}");
    let outcome = match drafts {
        // Sent twice: they are all there.
        Ok(drafts) if drafts.is_empty() => return see_other(&next),
        Ok(drafts) => keep(&shared, &sent, drafts).await,
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(_) => see_other(&next),
        Err(fault) => fault.into_response(),
    }
}
