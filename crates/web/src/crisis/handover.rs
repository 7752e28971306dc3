//! Relève: what the next shift must know, on one page to print and sign, with the words of the journal.

use super::export::{established, head};
use super::log::Lines;
use super::scene::{Outcome, Scene, act};
use super::stamps;
use crate::app::Shared;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::legal;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::crisis::event::{EntryType, HandedOver};
use domain::crisis::{Handover, LogEntry};
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

fn page(scene: &Scene<'_>, filled: Filled<'_>) -> Response {
    let last = scene.crisis.handovers().last();
    let since = last.map_or(0, |h| h.lines);
    let body = html! {
        div.roomhead { h1 { "Relève" } a.noprint href=(scene.room) { "Salle de crise" } a.noprint href={ (scene.room) "/point" } { "Point de situation" }
            button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" } }
        p.lead { (fr(&scene.crisis.title)) ", " (scene.crisis.level.label()) ", " (crate::local::elapsed(scene.crisis.occurred_at, scene.now)) ". "
            @match last { Some(last) => { "Depuis la relève du " (scene.local.day_and_time(last.wall)) ", passée à " (fr(&last.to)) "." }
                None => "Première relève, tout depuis le début." } }
        (decisions(scene, since, usize::MAX))
        (open(scene))
        (changes(scene, last.map_or(i64::MIN, |h| h.wall)))
        section.panel.wide aria-labelledby="delais" { header { h2 #delais { "Échéances légales" } } (legal::summary(scene)) }
        (super::report::meetings(scene))
        (witness(scene))
        @if scene.may_write() { (form(scene, filled)) }
        (past(scene))
    };
    scene.page("Relève", filled.fault, &body)
}

/// Decisions since a place of the log: the last ones, the others counted.
pub(super) fn decisions(scene: &Scene<'_>, since: u64, shown_max: usize) -> Markup {
    let after = |entry: &&LogEntry| scene.crisis.place(&entry.id).is_some_and(|place| place >= since);
    let taken: Vec<&LogEntry> = scene.crisis.decisions().filter(after).collect();
    let (older, shown) = taken.split_at(taken.len().saturating_sub(shown_max));
    html! {
        section.panel.wide aria-labelledby="decisions" {
            header { h2 #decisions { "Décisions" } span.muted.small { (taken.len()) } }
            @if taken.is_empty() { p.empty { "Aucune décision depuis." } }
            @else { (lines(scene).some(shown)) }
            @if !older.is_empty() { p.small { "Et " (crate::today::plural(older.len() as u64, "décision plus ancienne", "décisions plus anciennes"))
                " dans la " a href={ (scene.room) "/main-courante" } { "main courante" } "." } }
        }
    }
}

pub(super) fn lines<'a>(scene: &'a Scene<'a>) -> Lines<'a> {
    Lines { crisis: scene.crisis, register: &scene.state.register, local: &scene.local, room: &scene.room, now: scene.now }
}

fn open(scene: &Scene<'_>) -> Markup {
    let tasks = scene.crisis.open_tasks();
    let (questions, acts): (Vec<&LogEntry>, Vec<&LogEntry>) =
        tasks.into_iter().partition(|t| t.entry_type == EntryType::Question);
    let acts: Vec<&LogEntry> = acts.into_iter().filter(|t| t.entry_type == EntryType::Action).collect();
    html! {
        section.panel.wide aria-labelledby="actions" { header { h2 #actions { "Actions ouvertes" } span.muted.small { (acts.len()) } }
            @if acts.is_empty() { p.empty { "Aucune action ouverte." } } @else { (table(scene, &acts)) } }
        section.panel.wide aria-labelledby="questions" { header { h2 #questions { "Questions sans réponse" } span.muted.small { (questions.len()) } }
            @if questions.is_empty() { p.empty { "Aucune question ouverte." } } @else { (table(scene, &questions)) } }
    }
}

/// Tasks with who and when, late in words.
pub(super) fn table(scene: &Scene<'_>, tasks: &[&LogEntry]) -> Markup {
    html! { table { tbody { @for task in tasks { @let assigned = task.assigned(); tr {
        td.x { (fr(task.words().unwrap_or("texte effacé"))) }
        td { (fr(assigned.owner.as_deref().unwrap_or("personne"))) }
        td.n { @match assigned.due_at { Some(due) => { (scene.short(due)) @if task.is_late(scene.now) { " " b.down { "en retard" } } }, None => "sans échéance" } }
    } } } } }
}

/// What changed of the activities since a moment.
fn changes(scene: &Scene<'_>, since: i64) -> Markup {
    let board = scene.board();
    let changed: Vec<_> = board.activities.iter().filter_map(|a| Some((a, a.line.last().filter(|w| w.wall > since)?))).collect();
    html! {
        section.panel.wide aria-labelledby="changements" { header { h2 #changements { "Activités dont l’état a changé" } span.muted.small { (changed.len()) } }
            @if changed.is_empty() { p.empty { "Aucun changement déclaré depuis." } }
            @else { table { tbody { @for (activity, write) in &changed { tr {
                td { (fr(activity.line.name)) } td { (crate::situation::words::mark(write.value.status)) }
                td { "depuis " (scene.short(write.since())) @if let Some(until) = activity.line.holds_until() { ", tient jusqu’à " (scene.short(until)) } }
                td.muted { (fr(write.value.note.as_deref().unwrap_or_default())) }
            } } } } } }
    }
}

fn witness(scene: &Scene<'_>) -> Markup {
    html! {
        section.panel.wide.witness aria-labelledby="temoin" { header { h2 #temoin { "Témoin" } }
            (established(scene))
            p.small { "Ces mots résument tout ce qui est écrit dans le journal à cet instant. Gardez cette page, elle prouvera plus tard que rien n’a été changé." }
            div.signatures { p { "Qui passe (nom, signature)" } p { "Qui prend (nom, signature)" } } }
    }
}

fn form(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    html! {
        section.panel.wide.noprint aria-labelledby="passer" { header { h2 #passer { "Passer la relève" } }
            form.stacked method="post" action={ (scene.room) "/releve" } {
                (stamps(scene.shared, scene.visitor))
                input type="hidden" name="words" value=(head(scene).unwrap_or_default());
                (filled.refusal(&["to", "summary"]))
                (filled.text(&Text { name: "to", label: "À qui", required: true, list: Some("personnes"), ..Text::default() }))
                (filled.long(&Text { name: "summary", label: "Ce qu’il faut savoir", required: true, ..Text::default() }, 4))
                p { button.btn { "Passer la relève" } }
            }
            datalist #personnes { @for (_, person) in scene.state.register.present() { option value=(person.name) {} } } }
    }
}

/// Earlier hand-overs, with the words printed then.
fn past(scene: &Scene<'_>) -> Markup {
    let name = |h: &Handover| fr(&scene.state.register.name(&h.by)).into_owned();
    html! { @if !scene.crisis.handovers().is_empty() {
        section.panel.wide aria-labelledby="passees" { header { h2 #passees { "Relèves passées" } span.muted.small { (plural(scene.crisis.handovers().len() as u64, "relève", "relèves")) } }
            table { tbody { @for handover in scene.crisis.handovers().iter().rev() { tr {
                td { (scene.local.day_and_time(handover.wall)) } td { (name(handover)) " → " (fr(&handover.to)) }
                td.x { (fr(&handover.summary)) br; span.small { (fr("Mots du journal : ")) span.mono { (handover.words) } } }
            } } } } }
    } }
}

/// `POST …/releve`.
pub(super) async fn hand_over(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let text = |name: &str| fields.get(name).trim().to_owned();
        // The words before the eyes of who hands over; those of now when the page gave none.
        let words = fields.filled("words").or_else(|| head(scene)).unwrap_or_default();
        let handed = HandedOver { cell: None, to: text("to"), summary: text("summary"), words };
        Ok(Outcome { drafts: vec![Event::HandedOver(handed).draft(scene.crisis.id)], next: format!("{}/releve", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}
