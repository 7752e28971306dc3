//! Describing one activity or one application.

use super::duration;
use super::page::base;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::crisis::scene::subject;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::cartography::event::{ActivitySet, ApplicationSet};
use domain::cartography::{Activity, Application, PRIORITIES};
use domain::versions::Versions;
use maud::{Markup, html};

/// `GET …/carte/activites`: a new one.
pub(super) async fn new_activity(State(shared): State<Shared>, visitor: Visitor, Path(journal): Path<String>) -> Response {
    match visitor.journal(&shared, &journal) {
        Ok(_) => activity_page(&shared, &visitor, None, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// `GET …/carte/activites/{id}`.
pub(super) async fn activity(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    let found = visitor.journal(&shared, &journal).and_then(|_| find_activity(&visitor, &id));
    found.map_or_else(IntoResponse::into_response, |found| activity_page(&shared, &visitor, Some(found), Filled::BLANK))
}

/// `GET …/carte/applications/{id}`.
pub(super) async fn application(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    let found = visitor.journal(&shared, &journal).and_then(|_| find_application(&visitor, &id));
    found.map_or_else(IntoResponse::into_response, |found| application_page(&shared, &visitor, found, Filled::BLANK))
}

pub(super) fn find_activity<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Activity, Fault> {
    let found = visitor.view.state.cartography.activities.get(&subject(id)?);
    found.map(|a| &**a).ok_or_else(Fault::not_found)
}

pub(super) fn find_application<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Application, Fault> {
    let found = visitor.view.state.cartography.applications.get(&subject(id)?);
    found.map(|a| &**a).ok_or_else(Fault::not_found)
}

pub(super) fn activity_page(shared: &Shared, visitor: &Visitor, activity: Option<&Activity>, filled: Filled<'_>) -> Response {
    let title = activity.map_or("Nouvelle activité", |a| a.now().name.as_str());
    let page = Page::new(shared, visitor, Place::Prepare, title);
    let body = html! {
        (crumbs(title))
        @if let Some(activity) = activity { (conflict(&page, &activity.described)) }
        @if visitor.may_write() { (activity_form(&page, activity, filled)) } @else { (cannot()) }
        @if let Some(activity) = activity { (removal(&page, activity.id, activity.removed.as_ref(), filled)) }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn crumbs(title: &str) -> Markup {
    html! { div.roomhead { h1 { (fr(title)) } nav.crumbs aria-label="Carte" { a href="/carte/activites" { "Toutes les activités" } } } }
}

fn cannot() -> Markup {
    html! { p.empty { "Un observateur lit la carte sans la changer." } }
}

fn conflict<T>(page: &Page<'_>, described: &Versions<T>) -> Markup {
    let survivors = described.survivors();
    html! { @if survivors.len() > 1 {
        p { span.st.warn { "conflit (" (survivors.len()) ")" } " Deux personnes l’ont décrite sans se voir : "
            @for (i, write) in survivors.iter().enumerate() { @if i > 0 { ", " } (fr(&page.visitor.view.state.register.name(&write.by))) " (" (page.local.short(write.wall, page.now)) ")" }
            ". Vérifiez ce qui suit et enregistrez." }
    } }
}

fn activity_form(page: &Page<'_>, activity: Option<&Activity>, filled: Filled<'_>) -> Markup {
    let state = &page.visitor.view.state;
    let blank = ActivitySet { priority: 2, ..ActivitySet::default() };
    let now = activity.map_or(&blank, |a| a.now());
    let priorities: Vec<(String, String)> =
        PRIORITIES.iter().map(|(n, meaning)| (n.to_string(), format!("{n} : {meaning}"))).collect();
    let mut units: Vec<(String, String)> =
        state.register.units.iter().map(|(id, unit)| (id.to_string(), unit.name.clone())).collect();
    units.sort_by(|a, b| a.1.cmp(&b.1));
    units.insert(0, (String::new(), "aucune en particulier".to_owned()));
    let mtpd = now.mtpd_minutes.map(duration).unwrap_or_default();
    let needed = |id: &str, known: bool| match filled.fields {
        Some(fields) => fields.texts.iter().any(|(name, value)| name == "needs" && value == id),
        None => known,
    };
    let action = activity.map_or_else(|| format!("{}/activites", base(page)), |a| format!("{}/activites/{}", base(page), a.id));
    html! {
        form.stacked method="post" action=(action) {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="supersedes" value=(activity.map(|a| ids(&a.described.seen())).unwrap_or_default());
            (filled.refusal(&["name", "priority", "mtpd", "unit", "owner", "needs", "reason"]))
            (filled.text(&Text { name: "name", label: "Nom", known: &now.name, required: true, ..Text::default() }))
            (filled.choice("priority", "Priorité de soin", &now.priority.to_string(), &priorities))
            (filled.text(&Text { name: "mtpd", label: "Durée maximale d’interruption admissible (DMIA)", known: &mtpd, example: Some("4 h, 30 min, 3 j"), hint: Some("au-delà, les soins sont en danger ; vide : inconnue"), ..Text::default() }))
            (filled.choice("unit", "Unité", &now.unit.map(|u| u.to_string()).unwrap_or_default(), &units))
            (filled.text(&Text { name: "owner", label: "Qui en répond", known: now.owner.as_deref().unwrap_or_default(), list: Some("personnes"), ..Text::default() }))
            fieldset.checks { legend { "Applications nécessaires" }
                @let applications = state.cartography.by_name();
                @if applications.is_empty() { p.small.muted { "Aucune application sur la carte : ajoutez-les d’abord." } }
                @for application in applications { @let id = application.id.to_string();
                    label { input type="checkbox" name="needs" value=(id) checked[needed(&id, now.needs.contains(&application.id))]; (fr(&application.now().name)) } }
                (filled.beside("needs"))
            }
            p { button.btn { "Enregistrer" } }
            datalist #personnes { @for (_, person) in state.register.present() { option value=(person.name) {} } }
        }
    }
}

pub(super) fn application_page(shared: &Shared, visitor: &Visitor, application: &Application, filled: Filled<'_>) -> Response {
    let now: &ApplicationSet = application.now();
    let page = Page::new(shared, visitor, Place::Prepare, &now.name);
    let mut providers: Vec<(String, String)> =
        visitor.view.state.register.providers.iter().map(|(id, provider)| (id.to_string(), provider.name.clone())).collect();
    providers.sort_by(|a, b| a.1.cmp(&b.1));
    providers.insert(0, (String::new(), "inconnu".to_owned()));
    let body = html! {
        (crumbs(&now.name))
        (conflict(&page, &application.described))
        @if visitor.may_write() {
            form.stacked method="post" action={ (base(&page)) "/applications/" (application.id) } {
                (stamps(shared, visitor))
                input type="hidden" name="supersedes" value=(ids(&application.described.seen()));
                (filled.refusal(&["name", "provider", "reason"]))
                (filled.text(&Text { name: "name", label: "Nom", known: &now.name, required: true, ..Text::default() }))
                (filled.choice("provider", "Fournisseur", &now.provider.map(|p| p.to_string()).unwrap_or_default(), &providers))
                p { button.btn { "Enregistrer" } }
            }
        } @else { (cannot()) }
        (removal(&page, application.id, application.removed.as_ref(), filled))
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn removal(
    page: &Page<'_>,
    id: journal::SubjectId,
    removed: Option<&domain::cartography::Removal>,
    filled: Filled<'_>,
) -> Markup {
    if let Some(removal) = removed {
        let by = page.visitor.view.state.register.name(&removal.by);
        return html! { p { "Retirée de la carte le " (page.local.day_and_time(removal.wall)) " par " (fr(&by)) (fr(" : ")) (fr(&removal.reason)) ". L’enregistrer de nouveau l’y remet." } };
    }
    html! { @if page.visitor.may_write() {
        details.removal open[filled.fault.is_some_and(|f| f.on("reason").is_some())] {
            summary { "Retirer de la carte" }
            form.stacked method="post" action={ (base(page)) "/elements/" (id) "/retirer" } {
                (stamps(page.shared, page.visitor))
                p.small.muted { "Ce qui en a été dit reste dans l’historique." }
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                p { button.btn.ghost { "Retirer" } }
            }
        }
    } }
}
