//! The audit: everything done about roles, accounts, codes and devices, by whom and when.

use super::{administrator, named, tabs};
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::access::{Act, Did};
use domain::register::Role;
use journal::engine::PROGRAM;
use maud::html;

/// Most acts on one page.
const SHOWN_MAX: usize = 500;

/// `GET /comptes/audit`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    if let Err(fault) = administrator(&visitor) {
        return fault.into_response();
    }
    let page = Page::new(&shared, &visitor, Place::Proof, "Journal des accès");
    let acts = &visitor.view.state.access.acts;
    let refused = acts.iter().filter(|act| matches!(act.did, Did::AttemptRefused(..))).count() as u64;
    let body = html! {
        div.roomhead { h1 { "Journal des accès" } }
        (tabs(&visitor, "/comptes/audit"))
        p.lead { (plural(acts.len() as u64, "acte", "actes")) (fr(" sur les rôles, les comptes, les codes et les postes ; "))
            (plural(refused, "tentative refusée", "tentatives refusées")) ". Aucun rôle ne peut en retirer une ligne." }
        section.panel.wide aria-labelledby="actes" {
            header { h2 #actes { "Le plus récent d’abord" } }
            div.scrollx tabindex="0" role="group" aria-labelledby="actes" { table.audit {
                thead { tr { th { "Quand" } th { "Qui" } th { "Quoi" } th.hide-s { "Entrée" } } }
                tbody { @for act in acts.iter().rev().take(SHOWN_MAX) {
                    tr.struck[!act.counts] {
                        td { (page.local.day_and_time(act.wall)) }
                        td { @if act.by == PROGRAM { "le programme" } @else { (named(&page, &act.by)) } }
                        td.x { (fr(&deed(&page, act))) @if !act.counts { " " span.small { "(sans le droit de le faire : sans effet)" } } }
                        td.mono.small.hide-s title=(act.id) { (act.id.short()) }
                    }
                } }
            } }
            @if acts.len() > SHOWN_MAX { p.muted { "Les " (SHOWN_MAX) " derniers ; tous sont au journal." } }
        }
    };
    page.render(&body).into_response()
}

/// What was done, its author named elsewhere.
fn deed(page: &Page<'_>, act: &Act) -> String {
    let register = &page.visitor.view.state.register;
    let who = act.about.map(|actor| register.name(&actor)).unwrap_or_default();
    match &act.did {
        Did::RoleGranted(role) => {
            let role = Role::from_name(role).map_or_else(|| role.clone(), |known| known.label().to_owned());
            format!("a donné à {who} le rôle « {role} »")
        }
        Did::RoleWithdrawn(reason) => format!("a retiré son rôle à {who} : {reason}"),
        Did::DeviceRevoked(device, reason) => {
            let chains = &page.visitor.view.chains;
            let named = chains.iter().find(|c| c.key == *device).map_or_else(|| device.to_string(), |c| c.device.clone());
            format!("a révoqué le poste « {named} » : {reason}")
        }
        Did::AccountOpened(login) => format!("a ouvert un compte à {who}, identifiant {login}"),
        Did::AccountBlocked(reason) => format!("a bloqué le compte de {who} : {reason}"),
        Did::AccountUnblocked => format!("a rouvert le compte de {who}"),
        Did::PasswordGiven => format!("a donné un premier mot de passe à {who}"),
        Did::PasswordChanged => "a changé son mot de passe".to_owned(),
        Did::SessionsEnded if act.about == Some(act.by) => "est sorti de toutes ses sessions".to_owned(),
        Did::SessionsEnded => format!("a fermé les sessions de {who}"),
        Did::CodesIssued(series, count) => {
            format!("a émis la feuille {series}, {} pour {who}", plural(u64::from(*count), "code d’urgence", "codes d’urgence"))
        }
        Did::CodesRevoked(series, reason) => format!("a annulé la feuille de codes {series} : {reason}"),
        Did::CodeUsed(series, number) => format!("est entré avec le code d’urgence {series}-{number:02}"),
        Did::RecoveryAsked(reason) => format!("a demandé un secours pour {who} : {reason}"),
        Did::RecoveryGranted => format!("a accordé le secours demandé pour {who}"),
        Did::RecoveryUsed => "est revenu par un secours à deux, avec un nouveau mot de passe".to_owned(),
        Did::AttemptRefused(kind, code) => format!("a refusé à {who} un acte que son rôle ne permet pas ({kind}, {code})"),
    }
}
