//! The wall: the room for a projector. The same data, huge, read-only; nothing scrolls, so the worst comes first and the rest is counted.

use super::board::{conflict, hold};
use super::sentence;
use super::words::mark;
use crate::app::Shared;
use crate::assets;
use crate::crisis::scene::Scene;
use crate::fragments::{Key, Region};
use crate::local::elapsed;
use crate::session::Visitor;
use crate::typography::fr;
use crate::{cells, legal, replay};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::crisis::LogEntry;
use domain::situation::board::{ActivityLine, Board};
use domain::situation::event::Status;
use journal::certificate::Mode;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;

/// Activities shown one by one.
const ACTIVITIES_MAX: usize = 9;
/// Applications shown one by one.
const APPLICATIONS_MAX: usize = 3;
/// Last decisions shown.
const DECISIONS_MAX: usize = 2;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    fragment: Option<String>,
}

/// `GET …/mur`, and its live region alone with `?fragment=`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let scene = match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => scene,
        Err(fault) if asked.fragment.is_some() => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let region = shared.regions.get(visitor.moment(), Key::of(scene.crisis.id, Region::Wall), || region(&scene).into_string());
    if asked.fragment.is_some() {
        return ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], region).into_response();
    }
    page(&scene, &PreEscaped(String::from_utf8_lossy(&region).into_owned())).into_response()
}

fn page(scene: &Scene<'_>, region: &Markup) -> Markup {
    let exercise = scene.visitor.view.mode == Mode::Exercise;
    let title = if exercise { "EXERCICE – Mur" } else { "Mur" };
    let seen = scene.visitor.replayed.as_deref();
    let page = html! {
        (DOCTYPE)
        html lang="fr" {
            (assets::head(title))
            body.wall.exercise[exercise] data-replay[seen.is_some()] data-actor=(scene.visitor.actor) data-journal=(scene.shared.ledger.id()) data-now=(scene.now) {
                div.band.exercise[exercise].real[!exercise] role="region" aria-label="Crise ouverte" {
                    b { @if exercise { "EXERCICE" } @else { "CRISE RÉELLE" } }
                    span.t data-since=(scene.crisis.occurred_at) { (elapsed(scene.crisis.occurred_at, scene.now)) }
                    span.what { (fr(&scene.crisis.title)) }
                    span.clock data-clock { (scene.local.time(scene.now)) }
                }
                p #avis.notice role="status" aria-live="polite" hidden {}
                @if let Some(seen) = seen { (replay::bar(seen, &scene.local, Some(scene.crisis))) }
                main #contenu tabindex="-1" data-live=[seen.is_none().then(|| format!("{}/mur", scene.room))] data-live-parts="mur" data-crisis=(scene.crisis.id) {
                    h1.out { "Mur de la salle de crise" }
                    (region)
                }
                @if exercise { p.stripe aria-hidden="true" { @for _ in 0..7 { span { "EXERCICE" } } } }
                nav.back aria-label="Retour" { a href=(scene.room) { "Salle de crise" } }
            }
        }
    };
    match seen {
        Some(seen) => PreEscaped(replay::keep_moment(&page.into_string(), seen.address())),
        None => page,
    }
}

/// What follows the state.
pub(crate) fn region(scene: &Scene<'_>) -> Markup {
    let board = scene.board();
    html! {
        div #mur .wall-grid data-live-key="mur" {
            div.first {
                p.told { (sentence::show(&board, &scene.local, scene.now)) }
                h2 { "Activités" }
                @if board.activities.is_empty() { p { "Aucune activité n’est sur la carte." } }
                (activities(scene, &board))
                (applications(&board))
            }
            div.second {
                h2 { "Réunions" }
                (cells::meetings(scene))
                h2 { "Échéances légales" }
                (legal::column(scene))
                h2 { "Dernières décisions" }
                (decisions(scene))
            }
        }
    }
}

fn activities(scene: &Scene<'_>, board: &Board<'_>) -> Markup {
    let worst = board.worst_first(scene.now);
    let (shown, rest) = worst.split_at(worst.len().min(ACTIVITIES_MAX));
    html! {
        table { tbody { @for activity in shown { @let line = &activity.line;
            tr.past[line.is_past_hold(scene.now)] { td.nm { (fr(line.name)) } td { (mark(line.status())) (conflict(line)) } td.hold { (hold(scene, line)) } } } } }
        @if !rest.is_empty() { p.rest { (fr(&counted(rest))) } }
    }
}

/// `Et 48 autres : 30 Normal, 18 Inconnu.`
fn counted(rest: &[ActivityLine<'_>]) -> String {
    let count = |status: Status| rest.iter().filter(|a| a.line.status() == status).count();
    let parts = Status::ALL.map(|status| (count(status), status));
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, status)| format!("{n} {}", status.label().to_lowercase())).collect();
    format!("Et {} autres, état déclaré : {}.", rest.len(), parts.join(", "))
}

/// Applications that are down, with what they drag.
fn applications(board: &Board<'_>) -> Markup {
    let down: Vec<_> = board.applications.iter().filter(|a| a.line.status().gravity() > Status::Unknown.gravity()).collect();
    html! { @if !down.is_empty() {
        h2 { "Applications" }
        table { tbody { @for application in down.iter().take(APPLICATIONS_MAX) {
            tr { td.nm { (fr(application.line.name)) } td { (mark(application.line.status())) }
                td.hold { @let n = application.needed_by.len() as u64; @if n > 0 { "entraîne " (crate::today::plural(n, "activité", "activités")) } } } } } }
        @if down.len() > APPLICATIONS_MAX { p.rest { "Et " (down.len() - APPLICATIONS_MAX) " autres." } }
    } }
}

fn decisions(scene: &Scene<'_>) -> Markup {
    let decisions: Vec<&LogEntry> = scene.crisis.decisions().collect();
    html! {
        @if decisions.is_empty() { p { "Aucune décision notée." } }
        @for decision in decisions.iter().rev().take(DECISIONS_MAX) {
            p.decided { span.t { (scene.short(decision.happened_at())) } " " (fr(decision.words().unwrap_or("Texte effacé."))) }
        }
    }
}
