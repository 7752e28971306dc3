//! Who is called as soon as a crisis is suspected, in order: the page that is printed for the mallette.

use super::detail::phone;
use super::look::Look;
use super::{look, nav, page, path_of};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::register::DPO;
use domain::register::alarms::Lack;
use domain::register::event::{Card, Function, Partner};
use journal::{ActorId, SubjectId};
use maud::{Markup, html};

/// Families of partners that are called in the first hour, printed below the chain.
const PARTNERS_PRINTED_MAX: usize = 12;

/// What is wrong with the functions, in sentences.
pub(super) fn alarms(look: &Look<'_>) -> Markup {
    let register = look.register;
    let lacking = |lack: Lack| register.functions_lacking(lack);
    let names = |functions: &[(SubjectId, &Function)]| {
        html! { @for (at, (id, function)) in functions.iter().enumerate() {
        @if at > 0 { ", " } a href=(path_of::<Function>(id)) { (fr(&function.label)) } } }
    };
    if register.functions.count() == 0 {
        return html! {};
    }
    let (empty, silent, alone) = (lacking(Lack::Holder), lacking(Lack::Phone), lacking(Lack::Deputy));
    let dpo = register.function(DPO);
    html! {
        ul.alarms {
            @if dpo.is_none_or(|f| !f.in_alert_chain) {
                li { span.st.down { "DPO hors de la chaîne d’alerte" } " " (fr("le délai de 72 h vers la CNIL court dès qu’on sait : il doit être appelé dès le doute. "))
                    @match dpo { Some(_) => a href=(path_of::<Function>(&domain::register::function_id(DPO))) { "L’y mettre" }, None => "Ajoutez cette fonction." } } }
            @if !empty.is_empty() { li { span.st.down { (plural(empty.len() as u64, "fonction sans titulaire", "fonctions sans titulaire")) } (fr(" : ")) (names(&empty)) "." } }
            @if !silent.is_empty() { li { span.st.down { (plural(silent.len() as u64, "titulaire sans téléphone", "titulaires sans téléphone")) } (fr(" : ")) (names(&silent)) "." } }
            @if !alone.is_empty() { li { span.st.warn { (plural(alone.len() as u64, "fonction sans suppléant", "fonctions sans suppléant")) } (fr(" : ")) (names(&alone)) "." } }
        }
    }
}

/// `GET /annuaire/chaine-alerte`.
pub(super) async fn chain(State(shared): State<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    let page = page(&shared, &visitor, "Chaîne d’alerte");
    let look = look(&page);
    let chain = look.register.alert_chain();
    let body = html! {
        (nav("/annuaire/chaine-alerte"))
        div.roomhead { h1 { "Chaîne d’alerte" }
            span.muted { "au " (page.local.long_date(page.now)) ", " (page.local.time(page.now)) } }
        p.lead { (fr("Dès le doute, appelez dans cet ordre. Si le titulaire ne répond pas, appelez le suppléant, puis continuez.")) }
        div.screen { (alarms(&look)) }
        @if chain.is_empty() {
            p.empty { (fr("Personne dans la chaîne d’alerte. Ouvrez les fonctions, et dites lesquelles on appelle dès le doute : "))
                a href="/annuaire/fonctions" { "voir les fonctions" } "." }
        } @else {
            ol.chain { @for (id, function) in &chain { (link(&look, id, function)) } }
        }
        (on_duty(&look))
        (outside(&look))
        p.small.muted.screen { "Imprimez cette page et rangez-la dans la mallette de crise. Elle porte la date du jour : la précédente se jette." }
    };
    Ok(page.render(&body).into_response())
}

/// One function of the chain: the holder, then the deputies.
fn link(look: &Look<'_>, id: &SubjectId, function: &Function) -> Markup {
    let register = look.register;
    let holder = register.holder(function);
    html! {
        li {
            h2.long { a href=(path_of::<Function>(id)) { (fr(&function.label)) } }
            @if !function.mission.is_empty() { p.small.muted { (fr(&function.mission)) } }
            ul.calls {
                @match holder {
                    Some(actor) => (called(look, actor, "titulaire")),
                    None => li { span.st.down { "personne ne tient cette fonction" } },
                }
                @for deputy in register.deputies(function) { (called(look, deputy, "suppléant")) }
            }
        }
    }
}

fn called(look: &Look<'_>, actor: ActorId, as_what: &str) -> Markup {
    let phones = look.register.phones(&actor);
    html! {
        li { a.who href=(path_of::<Card>(&SubjectId(actor.0))) { (fr(&look.register.name(&actor))) } " " span.muted.small { (as_what) }
            span.phones { @for number in &phones { (phone(number)) " " }
                @if phones.is_empty() { span.st.down.small { "aucun téléphone" } } } }
    }
}

fn on_duty(look: &Look<'_>) -> Markup {
    let turns = look.register.on_duty(look.now);
    html! {
        @if !turns.is_empty() {
            section.panel.wide aria-labelledby="garde" {
                header { h2 #garde { "D’astreinte en ce moment" } }
                ul.calls { @for (_, turn) in turns { (super::duty::called(look, turn)) } }
            }
        }
    }
}

/// Outside numbers, those verified first: the page is read when nothing else can be.
fn outside(look: &Look<'_>) -> Markup {
    let mut partners: Vec<(SubjectId, &Partner)> = look.register.partners.iter().map(|(id, p)| (*id, p)).collect();
    partners.retain(|(_, partner)| !partner.phone.is_empty());
    partners.sort_by_key(|(id, partner)| (look.register.verification(id).is_none(), partner.kind.clone(), partner.name.clone()));
    html! {
        @if !partners.is_empty() {
            section.panel.wide aria-labelledby="dehors" {
                header { h2 #dehors { "Au dehors" } span.more.small { a href="/annuaire/partenaires" { "tous les partenaires" } } }
                ul.calls { @for (id, partner) in partners.iter().take(PARTNERS_PRINTED_MAX) {
                    li { a.who href=(path_of::<Partner>(id)) { (fr(&partner.name)) } " " span.muted.small { (fr(&partner.when_to_call)) }
                        span.phones { (phone(&partner.phone)) @if !partner.phone_2.is_empty() { " " (phone(&partner.phone_2)) } } } } }
            }
        }
    }
}
