//! The whole situation on one page: table, filters, print.

use super::board::{conflict, empty, hold, path, review};
use super::sentence;
use super::words::mark;
use crate::app::Shared;
use crate::crisis::scene::Scene;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::cartography::PRIORITIES;
use domain::situation::board::{ActivityLine, ApplicationLine, Board, Line};
use domain::situation::event::Status;
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    etat: Option<String>,
    priorite: Option<String>,
}

impl Asked {
    fn status(&self) -> Option<Status> {
        self.etat.as_deref().and_then(Status::from_name)
    }

    fn priority(&self) -> Option<u8> {
        self.priorite.as_deref()?.parse().ok()
    }

    fn takes(&self, activity: &ActivityLine<'_>) -> bool {
        self.status().is_none_or(|s| s == activity.line.status()) && self.priority().is_none_or(|p| p == activity.priority())
    }
}

/// `GET …/situation`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, &asked),
        Err(fault) => fault.into_response(),
    }
}

fn page(scene: &Scene<'_>, asked: &Asked) -> Response {
    let board = scene.board();
    let body = html! {
        div.roomhead { h1 { "Situation" } span.muted { (scene.local.long_date(scene.now)) ", " (scene.local.time(scene.now)) }
            nav.crumbs aria-label="Crise" { a href=(scene.room) { "Salle de crise" } " · " a href={ (scene.room) "/offre" } { "Offre de soins" }
                " · " a href={ (scene.room) "/mur" } { "Mur" } } }
        p.lead { (sentence::show(&board, &scene.local, scene.now)) }
        @if board.activities.is_empty() { (empty(scene.may_write())) } @else { (activities(scene, &board, asked)) }
        @if !board.applications.is_empty() { (applications(scene, &board)) }
    };
    scene.page("Situation", None, &body)
}

/// How many in each state, each a filter.
fn counts(scene: &Scene<'_>, board: &Board<'_>, asked: &Asked) -> Markup {
    html! {
        ul.counts {
            @for status in Status::ALL { @let count = board.count(status); @if count > 0 {
                li { a href={ (scene.room) "/situation?etat=" (status.name()) } aria-current=[(asked.status() == Some(status)).then_some("true")] { (mark(status)) " " (count) } } } }
            @if asked.status().is_some() || asked.priority().is_some() { li { a href={ (scene.room) "/situation" } { "Tout voir" } } }
        }
    }
}

fn activities(scene: &Scene<'_>, board: &Board<'_>, asked: &Asked) -> Markup {
    let shown: Vec<_> = board.activities.iter().filter(|a| asked.takes(a)).collect();
    html! {
        section.panel aria-labelledby="activites-titre" {
            header { h2 #activites-titre { "Activités" } span.muted.small { (plural(shown.len() as u64, "activité", "activités")) " sur " (board.activities.len()) } }
            (counts(scene, board, asked))
            (filter(scene, asked))
            div.scrollx tabindex="0" role="group" aria-label="Situation" { table.wide-table {
                thead { tr { th { "Priorité" } th { "Activité" } th { "État" } th { "Depuis" } th { "Tient jusqu’à" } th { "À revoir" } th { "Qui le dit" } th { "En quelques mots" } } }
                tbody { @for activity in shown { (row(scene, &activity.line, &priority(activity))) } }
            } }
        }
    }
}

fn filter(scene: &Scene<'_>, asked: &Asked) -> Markup {
    html! {
        form.bar method="get" action={ (scene.room) "/situation" } {
            @if let Some(status) = asked.status() { input type="hidden" name="etat" value=(status.name()); }
            label { "Priorité de soin " select name="priorite" { option value="" { "toutes" }
                @for (priority, meaning) in PRIORITIES { option value=(priority) selected[asked.priority() == Some(priority)] { (priority) " : " (meaning) } } } }
            button.btn.ghost.small { "Filtrer" }
        }
    }
}

fn priority(activity: &ActivityLine<'_>) -> String {
    activity.activity.map_or_else(|| "–".to_owned(), |a| a.now().priority.to_string())
}

fn row(scene: &Scene<'_>, line: &Line<'_>, first: &str) -> Markup {
    let last = line.last();
    html! {
        tr.past[line.is_past_hold(scene.now)] {
            td { (first) }
            td { a href=(path(scene, &line.id)) { (fr(line.name)) } }
            td { (mark(line.status())) (conflict(line)) }
            td.when { @if let Some(last) = last { (scene.short(last.since())) } @else { "–" } }
            td.when { (hold(scene, line)) }
            td { @if line.is_review_late(scene.now) { (review(scene, line)) } @else if let Some(at) = line.review_at() { (scene.short(at)) } @else { "–" } }
            td { @if let Some(last) = last { (fr(&last.value.said_by.clone().unwrap_or_else(|| scene.state.register.name(&last.by))))
                @let history = line.declared.map_or(0, |d| d.all().count()); @if history > 1 { " " a.small href={ (path(scene, &line.id)) "#historique" } { (history) " déclarations" } } } @else { "personne" } }
            td { @if let Some(note) = last.and_then(|l| l.value.note.as_deref()) { (fr(note)) } }
        }
    }
}

fn applications(scene: &Scene<'_>, board: &Board<'_>) -> Markup {
    html! {
        section.panel aria-labelledby="applications-titre" {
            header { h2 #applications-titre { "Applications" } span.muted.small { (board.applications.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Situation" { table.wide-table {
                thead { tr { th { "Application" } th { "État" } th { "Depuis" } th { "Activités qui en ont besoin" } th { "En quelques mots" } } }
                tbody { @for application in &board.applications { (application_row(scene, application)) } }
            } }
        }
    }
}

fn application_row(scene: &Scene<'_>, application: &ApplicationLine<'_>) -> Markup {
    let line = &application.line;
    let names: Vec<String> = application.needed_by.iter().map(|a| super::words::inside(&a.now().name)).collect();
    html! { tr {
        td { a href=(path(scene, &line.id)) { (fr(line.name)) } }
        td { (mark(line.status())) (conflict(line)) }
        td { @if let Some(last) = line.last() { (scene.short(last.since())) } @else { "–" } }
        td { @if names.is_empty() { span.muted { "aucune déclarée" } } @else { (names.len()) (fr(" : ")) (fr(&names.join(", "))) } }
        td { @if let Some(note) = line.last().and_then(|l| l.value.note.as_deref()) { (fr(note)) } (review(scene, line)) }
    } }
}
