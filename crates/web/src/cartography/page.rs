//! All activities by care priority, and the applications.

use super::duration;
use crate::app::Shared;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::inside;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::{Activity, Cartography, PRIORITIES};
use maud::{Markup, html};

/// `GET /carte/activites`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&Page::new(&shared, &visitor, Place::Prepare, "Activités"), Filled::BLANK)
}

/// The page; the form that adds an application comes back filled in.
pub(super) fn page(page: &Page<'_>, filled: Filled<'_>) -> Response {
    let map = &page.visitor.view.state.cartography;
    let base = base(page);
    let (activities, writes) = (map.by_priority(), page.visitor.may_write());
    let body = html! {
        div.roomhead { h1 { "Activités et applications" } }
        p.lead { (fr(&answer(map))) }
        @if writes { p.btns {
            a.btn href={ (base) "/liste-type" } { "Partir d’une liste type" }
            a.btn.ghost href={ (base) "/activites" } { "Ajouter une activité" }
        } }
        (by_priority(page, &activities))
        (applications(page, filled))
    };
    let status = filled.fault.map_or(StatusCode::OK, |f| f.status);
    (status, page.render(&body)).into_response()
}

/// Addresses that write begin with this.
pub(super) fn base(page: &Page<'_>) -> String {
    format!("/journaux/{}/carte", page.shared.ledger.id())
}

fn answer(map: &Cartography) -> String {
    let activities = map.by_priority();
    let vital = activities.iter().filter(|a| a.now().priority == 1).count();
    let without = activities.iter().filter(|a| a.now().mtpd_minutes.is_none()).count();
    if activities.is_empty() {
        return "Aucune activité n’est décrite. C’est par elles que commence une crise : que fait-on, dans quel ordre, combien de temps tient-on ?".to_owned();
    }
    let mut said = format!(
        "{}, dont {}.",
        plural(activities.len() as u64, "activité", "activités"),
        plural(vital as u64, "vitale", "vitales")
    );
    if without > 0 {
        said.push_str(&format!(
            " {} sans durée maximale d’interruption (DMIA) : leur limite ne pourra pas être proposée.",
            plural(without as u64, "reste", "restent")
        ));
    }
    said
}

fn by_priority(page: &Page<'_>, activities: &[&Activity]) -> Markup {
    html! {
        section.panel aria-labelledby="activites" {
            header { h2 #activites { "Activités par priorité de soin" } span.muted.small { (activities.len()) } }
            @if activities.is_empty() { p.empty { "Une liste type se corrige en quelques minutes : chaque ligne s’accepte, s’adapte ou se refuse." } }
            @for (priority, meaning) in PRIORITIES {
                @let mine: Vec<&&Activity> = activities.iter().filter(|a| a.now().priority == priority).collect();
                @if !mine.is_empty() {
                    h3 { (priority) " " span.muted.small { (meaning) } }
                    div.scrollx tabindex="0" role="group" aria-label="Carte" { table { thead { tr { th { "Activité" } th { "DMIA" } th { "Unité" } th { "Qui en répond" } th { "Applications nécessaires" } } }
                        tbody { @for activity in mine { (row(page, activity)) } } } }
                }
            }
        }
    }
}

fn row(page: &Page<'_>, activity: &Activity) -> Markup {
    let state = &page.visitor.view.state;
    let now = activity.now();
    let needs: Vec<String> =
        now.needs.iter().filter_map(|id| state.cartography.application(id)).map(|a| inside(&a.now().name)).collect();
    let unit = now.unit.and_then(|id| state.register.units.get(&id));
    html! { tr {
        td { @if page.visitor.may_write() { a href={ (base(page)) "/activites/" (activity.id) } { (fr(&now.name)) } } @else { (fr(&now.name)) }
            @if activity.described.is_conflict() { " " span.st.small.warn { "conflit (" (activity.described.survivors().len()) ")" } } }
        td { @match now.mtpd_minutes { Some(minutes) => (fr(&duration(minutes))), None => span.st.unknown { "inconnue" } } }
        td { @if let Some(unit) = unit { (fr(&unit.name)) } @else { "–" } }
        td { (fr(now.owner.as_deref().unwrap_or("–"))) }
        td { @if needs.is_empty() { span.muted { "aucune déclarée" } } @else { (fr(&needs.join(", "))) } }
    } }
}

fn applications(page: &Page<'_>, filled: Filled<'_>) -> Markup {
    let state = &page.visitor.view.state;
    let all = state.cartography.by_name();
    html! {
        section.panel aria-labelledby="applications" {
            header { h2 #applications { "Applications" } span.muted.small { (all.len()) } }
            @if all.is_empty() { p.empty { "Aucune application n’est décrite : sans elles, on ne saura pas ce qu’une panne entraîne." } }
            @else { div.scrollx tabindex="0" role="group" aria-label="Carte" { table { thead { tr { th { "Application" } th { "Fournisseur" } th { "Activités qui en ont besoin" } } }
                tbody { @for application in &all { tr {
                    td { @if page.visitor.may_write() { a href={ (base(page)) "/applications/" (application.id) } { (fr(&application.now().name)) } } @else { (fr(&application.now().name)) }
                        @if application.described.is_conflict() { " " span.st.small.warn { "conflit (" (application.described.survivors().len()) ")" } } }
                    td { @if let Some(provider) = application.now().provider.and_then(|id| state.register.providers.get(&id)) { (fr(&provider.name)) } @else { "–" } }
                    td { @let names: Vec<String> = state.cartography.needing(&application.id).iter().map(|a| inside(&a.now().name)).collect();
                        @if names.is_empty() { span.muted { "aucune déclarée" } } @else { (fr(&names.join(", "))) } }
                } } } } } }
            @if page.visitor.may_write() {
                form.bar method="post" action={ (base(page)) "/applications" } {
                    (stamps(page.shared, page.visitor))
                    (filled.refusal(&["name"]))
                    (filled.text(&Text { name: "name", label: "Ajouter une application", required: true, ..Text::default() }))
                    button.btn.ghost { "Ajouter" }
                }
            }
        }
    }
}
