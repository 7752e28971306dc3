//! A first list of activities and applications by kind of establishment: each item is accepted, adapted or refused.

use super::acts::{act, mtpd};
use super::duration;
use super::page::base;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::Sent;
use crate::crisis::scene::{made, wrong};
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use content::starter::{Starter, all, of};
use domain::Event;
use domain::cartography::event::{ActivitySet, ApplicationSet};
use domain::cartography::{Cartography, PRIORITIES};
use journal::SubjectId;
use journal::write::Draft;
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    genre: Option<String>,
}

/// `GET …/carte/liste-type`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match visitor.journal(&shared, &journal) {
        Ok(_) => page(&shared, &visitor, asked.genre.as_deref(), Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// The list asked for, else that of the establishment's kind.
fn chosen(visitor: &Visitor, asked: Option<&str>) -> Option<&'static Starter> {
    let kind = visitor.view.state.register.kind.map(|kind| kind.content_kind());
    asked.and_then(of).or_else(|| kind.and_then(of)).or_else(|| all().first())
}

fn page(shared: &Shared, visitor: &Visitor, asked: Option<&str>, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Prepare, "Liste type");
    let list = chosen(visitor, filled.fields.map(|f| f.get("genre")).or(asked));
    let body = html! {
        div.roomhead { h1 { "Partir d’une liste type" } nav.crumbs aria-label="Carte" { a href="/carte/activites" { "Toutes les activités" } } }
        p.lead { (fr("Cochez ce qui existe chez vous, corrigez le nom, la priorité, la durée : tout s’enregistre en une fois.")) }
        form.bar method="get" action={ (base(&page)) "/liste-type" } {
            label { "Établissement " select name="genre" { @for one in all() { option value=(one.key) selected[list.is_some_and(|l| l.key == one.key)] { (fr(&one.title)) } } } }
            button.btn.ghost.small { "Voir cette liste" }
        }
        @if let Some(list) = list { @if visitor.may_write() { (form(&page, list, filled)) } @else { p.empty { "Un observateur ne change pas la carte." } } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// Whether an item is ticked: as typed, else when it is not on the map yet.
fn ticked(filled: Filled<'_>, field: &str, on_map: bool) -> bool {
    filled.fields.map_or(!on_map, |fields| fields.get(field) == "1")
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn application_named(map: &Cartography, name: &str) -> Option<SubjectId> {
    map.by_name().into_iter().find(|a| same(&a.now().name, name)).map(|a| a.id)
}

fn activity_named(map: &Cartography, name: &str) -> bool {
    map.by_priority().iter().any(|a| same(&a.now().name, name))
}

fn form(page: &Page<'_>, list: &Starter, filled: Filled<'_>) -> Markup {
    html! {
        form method="post" action={ (base(page)) "/liste-type" } {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="genre" value=(list.key);
            (filled.refusal(&[]))
            p.small.muted { (fr("Source : ")) (fr(&list.source)) ", édition du " (list.edition) ", " (list.status.label()) "." }
            (activities(page, list, filled))
            (applications(page, list, filled))
            p { button.btn { "Mettre sur la carte ce qui est coché" } }
        }
    }
}

fn activities(page: &Page<'_>, list: &Starter, filled: Filled<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    html! {
        section.panel aria-labelledby="types-activites" {
            header { h2 #types-activites { "Activités" } span.muted.small { (list.activities.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Liste type" { table.starter {
                thead { tr { th { "Prendre" } th { "Activité" } th { "Priorité" } th { "DMIA" } th { "Applications nécessaires" } } }
                tbody { @for item in &list.activities {
                    @let (on_map, field) = (activity_named(map, &item.name), |what: &str| format!("{what}-{}", item.key));
                    tr {
                        td { input type="checkbox" name=(field("a")) value="1" aria-label={ "Prendre " (item.name) } checked[ticked(filled, &field("a"), on_map)];
                            @if on_map { " " span.small.muted { "déjà là" } } }
                        td { input name=(field("nom")) value=(filled.value(&field("nom"), &item.name)) aria-label={ "Nom de " (item.name) } autocomplete="off"; }
                        td { select name=(field("priorite")) aria-label={ "Priorité de " (item.name) } { @let known = filled.value(&field("priorite"), &item.priority.to_string());
                            @for (n, meaning) in PRIORITIES { option value=(n) selected[n.to_string() == known] { (n) " : " (meaning) } } } }
                        td { input.count name=(field("dmia")) value=(filled.value(&field("dmia"), &duration(item.mtpd_minutes))) aria-label={ "DMIA de " (item.name) } autocomplete="off"; }
                        td.small { (fr(&names(list, &item.needs))) }
                    }
                } }
            } }
        }
    }
}

fn names(list: &Starter, needs: &[String]) -> String {
    let found = needs.iter().filter_map(|key| list.applications.iter().find(|a| a.key == *key));
    found.map(|a| a.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn applications(page: &Page<'_>, list: &Starter, filled: Filled<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    html! {
        section.panel aria-labelledby="types-applications" {
            header { h2 #types-applications { "Applications" } span.muted.small { (list.applications.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Liste type" { table.starter {
                thead { tr { th { "Prendre" } th { "Application" } } }
                tbody { @for item in &list.applications {
                    @let (on_map, field) = (application_named(map, &item.name).is_some(), |what: &str| format!("{what}-{}", item.key));
                    tr {
                        td { input type="checkbox" name=(field("p")) value="1" aria-label={ "Prendre " (item.name) } checked[ticked(filled, &field("p"), on_map)];
                            @if on_map { " " span.small.muted { "déjà là" } } }
                        td { input name=(field("app")) value=(filled.value(&field("app"), &item.name)) aria-label={ "Nom de " (item.name) } autocomplete="off"; }
                    }
                } }
            } }
        }
    }
}

/// `POST …/carte/liste-type`: everything ticked, as one request.
pub(super) async fn adopt(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let back = shared.clone();
    act(&shared, &journal, request, adopted, move |sent, fault| page(&back, &sent.visitor, None, Filled::of(&sent.fields, fault)))
        .await
}

fn adopted(sent: &Sent) -> Result<Vec<Draft>, Fault> {
    let fields = &sent.fields;
    let list = of(fields.get("genre")).ok_or_else(|| wrong("genre", "Cette liste n’existe pas : choisissez-en une."))?;
    let map = &sent.visitor.view.state.cartography;
    let mut drafts = Vec::new();
    let mut known: Vec<(&str, SubjectId)> = Vec::new();
    for item in &list.applications {
        if fields.get(&format!("p-{}", item.key)) == "1" {
            let (id, name) = (made(fields, "application", &item.key), fields.get(&format!("app-{}", item.key)).trim().to_owned());
            drafts.push(Event::ApplicationSet(ApplicationSet { name, ..ApplicationSet::default() }).draft(id));
            known.push((&item.key, id));
        } else if let Some(id) = application_named(map, &item.name) {
            known.push((&item.key, id));
        }
    }
    for item in list.activities.iter().filter(|item| fields.get(&format!("a-{}", item.key)) == "1") {
        let typed = |what: &str| fields.get(&format!("{what}-{}", item.key)).trim().to_owned();
        let name = typed("nom");
        let set = ActivitySet {
            priority: typed("priorite")
                .parse()
                .map_err(|_| wrong("priority", format!("{name} : choisissez une priorité de 1 à 5.")))?,
            mtpd_minutes: mtpd(Some(typed("dmia")).filter(|text| !text.is_empty()), "mtpd").map_err(|mut fault| {
                fault.sentence = format!("{name} : {}", fault.sentence);
                fault
            })?,
            needs: item.needs.iter().filter_map(|key| known.iter().find(|(k, _)| k == key).map(|(_, id)| *id)).collect(),
            name,
            ..ActivitySet::default()
        };
        drafts.push(Event::ActivitySet(set).draft(made(fields, "activity", &item.key)));
    }
    if drafts.is_empty() {
        return Err(wrong("genre", "Rien n’est coché : rien n’a été enregistré."));
    }
    Ok(drafts)
}
