//! Point de situation: one page of A4 that says where things stand.

use super::export::established;
use super::handover::{decisions, table};
use super::scene::Scene;
use crate::app::Shared;
use crate::legal;
use crate::local::elapsed;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::crisis::LogEntry;
use domain::situation::event::Status;
use maud::{Markup, html};

/// Most decisions on the page, so that it stays one sheet.
const DECISIONS_MAX: usize = 8;
/// Decisions of this long ago are in the point when nobody handed over since (milliseconds: 12 hours).
const SINCE_MS: i64 = 12 * 3_600_000;

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    let scene = match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => scene,
        Err(fault) => return fault.into_response(),
    };
    let crisis = scene.crisis;
    let tasks = crisis.open_tasks();
    let late: Vec<&LogEntry> = tasks.iter().copied().filter(|t| t.is_late(scene.now)).collect();
    let body = html! {
        div.roomhead { h1 { "Point de situation" } a.noprint href=(scene.room) { "Salle de crise" } a.noprint href={ (scene.room) "/releve" } { "Relève" }
            button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" } }
        p.lead { b { (fr(&crisis.title)) } ", " (crisis.level.label()) ", " (elapsed(crisis.occurred_at, scene.now)) ". " (headline(&scene)) }
        p.small { "Début le " (scene.local.day_and_time(crisis.occurred_at))
            @if let Some(at) = crisis.detected_at { ", premier signe le " (scene.local.day_and_time(at)) }
            ", connu le " (scene.local.day_and_time(crisis.known_at)) "."
            @if let Some(turn) = crisis.lifted() { " " b { "Levée le " (scene.local.day_and_time(turn.wall)) "." } } }
        div.sheet {
            (situation(&scene))
            (offer(&scene))
            section.panel aria-labelledby="delais" { header { h2 #delais { "Échéances légales" } } (legal::summary(&scene)) }
            section.panel aria-labelledby="retards" { header { h2 #retards { "Actions en retard" } span.muted.small { (late.len()) " sur " (tasks.len()) " ouvertes" } }
                @if late.is_empty() { p.empty { "Aucune." } } @else { (table(&scene, &late)) } }
            (meetings(&scene))
        }
        (decisions(&scene, since(&scene), DECISIONS_MAX))
        (established(&scene))
    };
    scene.page("Point de situation", None, &body)
}

/// Place of the log from which decisions are told: the last hand-over of the last twelve hours, else twelve hours ago.
fn since(scene: &Scene<'_>) -> u64 {
    let oldest = scene.now.saturating_sub(SINCE_MS);
    let recent = scene.crisis.handovers().iter().find(|h| h.wall >= oldest).map(|h| h.lines);
    let log = &scene.crisis.log;
    let by_time = || log.iter().rev().take_while(|entry| entry.wall >= oldest).count();
    recent.unwrap_or_else(|| (log.len() - by_time()) as u64)
}

/// What stands, in one sentence. What nobody declared is unknown, never normal.
fn headline(scene: &Scene<'_>) -> Markup {
    let board = scene.board();
    let count = |status| board.count(status);
    let parts: Vec<String> = [
        (Status::Stopped, "arrêtée", "arrêtées"),
        (Status::Degraded, "dégradée", "dégradées"),
        (Status::Transferred, "transférée", "transférées"),
        (Status::Enclave, "en bulle", "en bulle"),
        (Status::Normal, "normale", "normales"),
        (Status::Unknown, "sans nouvelle", "sans nouvelle"),
    ]
    .into_iter()
    .filter(|(status, ..)| count(*status) > 0)
    .map(|(status, one, many)| format!("{} {}", count(status), if count(status) > 1 { many } else { one }))
    .collect();
    html! { @if parts.is_empty() { "Aucune activité n’est décrite sur la carte." } @else { (fr("Activités : ")) (parts.join(", ")) "." } }
}

fn situation(scene: &Scene<'_>) -> Markup {
    let board = scene.board();
    let abnormal = board.worst_first(scene.now).into_iter().filter(|a| a.line.status() != Status::Normal);
    let (unknown, shown): (Vec<_>, Vec<_>) = abnormal.partition(|a| a.line.status() == Status::Unknown);
    let unheard = unknown.iter().map(|a| a.line.name).collect::<Vec<_>>().join(", ");
    html! {
        section.panel aria-labelledby="situation" { header { h2 #situation { "Situation" } span.muted.small { "ce qui n’est pas normal" } }
            @if shown.is_empty() { p.empty { "Rien d’anormal n’est déclaré." } }
            @else { table { tbody { @for activity in &shown { tr {
                td { (fr(activity.line.name)) } td { (crate::situation::words::mark(activity.line.status())) }
                td { @if let Some(last) = activity.line.last() { "depuis " (scene.short(last.since())) } }
                td { @if let Some(until) = activity.line.holds_until() { @if until < scene.now { b.down { "limite dépassée" } } @else { "tient jusqu’à " (scene.short(until)) } } }
            } } } } }
            @if !unheard.is_empty() { p.small { b { (fr("Sans nouvelle : ")) } (fr(&unheard)) "." } } }
    }
}

fn offer(scene: &Scene<'_>) -> Markup {
    let Some(situation) = scene.situation() else { return html! {} };
    let (beds, flows) = (situation.beds(), situation.flows_since(i64::MIN));
    html! { @if beds.units > 0 || !situation.flows.is_empty() {
        section.panel aria-labelledby="offre" { header { h2 #offre { "Offre de soins" } }
            table { tbody {
                @if beds.units > 0 { tr { td { "Lits ouverts, sur " (beds.units) " unités" } td.n { (beds.open) " sur " (beds.open + beds.closed) } } }
                tr { td { "Transferts" } td.n { (flows.transfers) } }
                tr { td { "Réorientations" } td.n { (flows.reorientations) } }
                tr { td { "Interventions annulées" } td.n { (flows.operations_cancelled) } }
                tr { td { "Consultations annulées" } td.n { (flows.consultations_cancelled) } }
            } } }
    } }
}

/// Cells and when they meet next.
pub(super) fn meetings(scene: &Scene<'_>) -> Markup {
    let sitting = scene.cells().map(domain::cells::Cells::sitting).unwrap_or_default();
    html! {
        section.panel.wide aria-labelledby="points" { header { h2 #points { "Prochains points" } }
            @if sitting.is_empty() { p.empty { "Aucune cellule n’est réunie." } }
            @else { table { tbody { @for cell in &sitting { tr {
                td { (fr(&cell.set().name)) } td { (fr(&cell.set().room)) }
                td.n { @match cell.next_at { Some(at) => (scene.short(at)), None => "à fixer" } }
            } } } } } }
    }
}
