//! The page of legal delays: all that run, the most urgent first, then those that are closed.

use super::column::left;
use super::{link, missing, of, outcome, who};
use crate::app::Shared;
use crate::crisis::scene::Scene;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::legal::{Clock, Due};
use maud::{Markup, html};

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// The page; its form for one's own obligations filled in when it was refused.
pub(super) fn page(scene: &Scene<'_>, filled: Filled<'_>) -> Response {
    let running = of(scene).map(|legal| legal.running(scene.crisis)).unwrap_or_default();
    let closed = of(scene).map(domain::legal::Legal::closed).unwrap_or_default();
    let late = running.iter().filter(|(_, due)| due.is_late(scene.now)).count();
    let absent = missing(scene);
    let body = html! {
        div.roomhead { h1 { "Échéances légales" }
            a href=(scene.room) { "Salle de crise" } a href={ (scene.room) "/plainte" } { "Dossier de plainte" }
            a href={ (scene.room) "/revendications" } { "Revendications" } }
        p.lead { (fr(&answer(running.len(), late))) " Les délais courent depuis que l’incident est connu, le "
            (scene.local.day_and_time(scene.crisis.known_at)) "." @if scene.may_write() { " " a href={ (scene.room) "/cadre" } { "Corriger cette heure" } } }
        @if !absent.is_empty() { (adopt(scene, absent.len())) }
        @if !running.is_empty() { section.panel.wide aria-labelledby="courent" {
            header { h2 #courent { "À faire" } span.muted.small { (running.len()) } }
            @for (clock, due) in &running { (row(scene, clock, due)) }
        } }
        @if !closed.is_empty() { section.panel.wide aria-labelledby="closes" {
            header { h2 #closes { "Closes" } span.muted.small { (closed.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Échéances closes" { table { tbody { @for clock in &closed { (proof(scene, clock)) } } } }
        } }
        @if scene.may_write() { (add(scene, filled)) }
    };
    scene.page("Échéances légales", filled.fault, &body)
}

fn row(scene: &Scene<'_>, clock: &Clock, due: &Due) -> Markup {
    let words = clock.words();
    html! {
        div.clock.full.late[due.is_late(scene.now)] {
            a.title href=(link(scene, clock.key())) { (fr(&words.title)) }
            span.left { (left(scene, clock, due)) }
            span.who { @if !words.what.is_empty() { (fr(&words.what)) } @if !words.condition.is_empty() { " " span.muted { (fr("Concerne : ")) (fr(&words.condition)) "." } } }
            span.who.small { @if !words.who.is_empty() { (who::show(&scene.state.register, &words.who)) } @if !words.whom.is_empty() { " → " (fr(&words.whom)) } }
        }
    }
}

fn proof(scene: &Scene<'_>, clock: &Clock) -> Markup {
    let Some(end) = clock.ending() else { return html! {} };
    let conflict = clock.endings_in_conflict().len();
    html! { tr {
        th scope="row" { a href=(link(scene, clock.key())) { (fr(&clock.words().title)) } }
        td { (outcome(end.value.outcome)) " le " (scene.local.day_and_time(end.value.at)) @if conflict > 1 { " " span.st.small.down { "conflit (" (conflict) ")" } } }
        td { @if !end.value.reference.is_empty() { "n° " (end.value.reference) } @else { (fr(&end.value.reason)) } }
        td { (fr(&end.value.by)) }
    } }
}

fn answer(running: usize, late: usize) -> String {
    match (running, late) {
        (0, _) => "Aucune échéance ne court.".to_owned(),
        (_, 0) => format!("{}, aucune en retard.", crate::today::plural(running as u64, "échéance court", "échéances courent")),
        _ => {
            format!("{} à faire maintenant, sur {running}.", crate::today::plural(late as u64, "échéance est", "échéances sont"))
        }
    }
}

fn adopt(scene: &Scene<'_>, count: usize) -> Markup {
    html! {
        @if scene.may_write() {
            form.noprint method="post" action={ (scene.room) "/echeances/reprendre" } {
                (stamps(scene.shared, scene.visitor))
                p { (crate::today::plural(count as u64, "échéance livrée n’est pas suivie.", "échéances livrées ne sont pas suivies.")) " "
                    button.btn.ghost.small { "Reprendre les échéances livrées" } }
            }
        }
    }
}

fn add(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    html! {
        details.noprint open[filled.fields.is_some()] { summary { "Ajouter une échéance" }
            form.stacked method="post" action={ (scene.room) "/echeances/nouvelle" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["title", "due_at", "what", "whom", "who"]))
                (filled.text(&Text { name: "title", label: "Quelle obligation", required: true, ..Text::default() }))
                (filled.text(&Text { name: "due_at", label: "Heure limite", example: Some("+3j ou 24/11 12:00"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "what", label: "Ce qu’il faut faire", ..Text::default() }))
                (filled.text(&Text { name: "whom", label: "À qui", ..Text::default() }))
                (filled.text(&Text { name: "who", label: "Par qui", ..Text::default() }))
                p { button.btn.ghost { "Ajouter l’échéance" } }
            } }
    }
}
