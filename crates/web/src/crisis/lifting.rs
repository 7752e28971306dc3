//! Levée: the direction lifts a crisis once it has seen what remains, or opens it again. The log still takes entries.

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
use domain::crisis::event::{Closed, Reopened};
use domain::crisis::{Step, Turn};
use domain::register::Role;
use domain::situation::event::Status;
use maud::{Markup, html};

/// Why a crisis was lifted or opened again.
pub(super) fn reason(turn: &Turn) -> &str {
    match &turn.step {
        Step::Lifted(closed) => &closed.reason,
        Step::Reopened(reason) => reason,
    }
}

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
    let lifted = scene.crisis.lifted();
    let title = if lifted.is_some() { "Crise levée" } else { "Lever la crise" };
    let body = html! {
        div.roomhead { h1 { (title) } a.noprint href=(scene.room) { "Salle de crise" } }
        @match lifted.and_then(|turn| Some((turn, turn.lifting()?))) {
            Some((turn, closed)) => (told(scene, turn, closed)),
            None => p.lead { "Regardez ce qui reste avant de lever. La main courante reste ouverte, rien ne s’efface." },
        }
        (remains(scene))
        @if scene.may_write() && scene.visitor.role == Role::Direction {
            @if lifted.is_some() { (reopening(scene, filled)) } @else { (lifting(scene, filled)) }
        } @else if scene.may_write() { p { (filled.refusal(&[])) "Seule la direction lève ou rouvre une crise." } }
    };
    scene.page(title, filled.fault, &body)
}

fn told(scene: &Scene<'_>, turn: &Turn, closed: &Closed) -> Markup {
    html! {
        p.lead { "Levée le " (scene.local.day_and_time(turn.wall)) ", décidée par " (fr(&closed.decided_by)) "." }
        dl.kv { dt { "Pourquoi" } dd.x { (fr(&closed.reason)) } dt { "Reste à faire" } dd.x { (fr(&closed.remains)) }
            dt { "Noté par" } dd { (fr(&scene.state.register.name(&turn.by))) } }
    }
}

/// What is still open, running or not normal.
fn remains(scene: &Scene<'_>) -> Markup {
    let open = scene.crisis.open_tasks();
    let late = open.iter().filter(|t| t.is_late(scene.now)).count();
    let board = scene.board();
    let off: Vec<_> = board.activities.iter().filter(|a| a.line.status() != Status::Normal).collect();
    html! {
        section.panel.wide aria-labelledby="ouvertes" {
            header { h2 #ouvertes { "Actions, décisions et questions ouvertes" } span.muted.small { (open.len()) @if late > 0 { ", dont " b.down { (late) " en retard" } } } }
            @if open.is_empty() { p.empty { "Rien d’ouvert." } }
            @for task in &open { p.rowline { a href={ (scene.room) "/entrees/" (task.id) } { (fr(task.words().unwrap_or_default())) } " "
                span.muted { (task.entry_type.label()) @if let Some(owner) = task.assigned().owner { ", " (fr(&owner)) }
                    @if let Some(due) = task.assigned().due_at { ", avant " (scene.short(due)) } } } }
        }
        section.panel.wide aria-labelledby="courent" { header { h2 #courent { "Échéances légales" } } (legal::summary(scene)) }
        section.panel.wide aria-labelledby="activites" {
            header { h2 #activites { "Activités qui ne sont pas normales" } span.muted.small { (off.len()) } }
            @if board.activities.is_empty() { p.empty { "Aucune activité n’est décrite sur la carte." } }
            @else if off.is_empty() { p.empty { "Toutes les activités sont normales." } }
            @for activity in &off { p.rowline { (fr(activity.line.name)) " " span.muted { (activity.line.status().label()) } } }
            @let waiting = scene.crisis.awaiting_approval().len();
            @if waiting > 0 { p { span.st.warn { (plural(waiting as u64, "acte à confirmer", "actes à confirmer")) } } }
        }
    }
}

fn lifting(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    let me = scene.state.register.name(&scene.visitor.actor);
    html! {
        section.panel.wide.noprint aria-labelledby="lever" { header { h2 #lever { "Lever" } }
            form.stacked method="post" action={ (scene.room) "/levee" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["reason", "remains", "decided_by"]))
                (filled.long(&Text { name: "reason", label: "Pourquoi la crise peut être levée", required: true, ..Text::default() }, 3))
                (filled.long(&Text { name: "remains", label: "Ce qui reste à faire pour revenir à la normale", required: true, ..Text::default() }, 3))
                (filled.text(&Text { name: "decided_by", label: "Qui en a décidé", known: &me, required: true, ..Text::default() }))
                p { button.btn { "Lever la crise" } }
            } }
    }
}

fn reopening(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    html! {
        section.panel.wide.noprint aria-labelledby="rouvrir" { header { h2 #rouvrir { "Rouvrir" } }
            form.stacked method="post" action={ (scene.room) "/rouvrir" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["reason"]))
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                p { button.btn.alarm { "Rouvrir la crise" } }
            } }
    }
}

/// `POST …/levee`.
pub(super) async fn lift(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let text = |name: &str| fields.get(name).trim().to_owned();
        let closed = Closed { reason: text("reason"), remains: text("remains"), decided_by: text("decided_by") };
        Ok(Outcome { drafts: vec![Event::CrisisClosed(closed).draft(scene.crisis.id)], next: format!("{}/levee", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}

/// `POST …/rouvrir`.
pub(super) async fn reopen(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let reopened = Reopened { reason: fields.get("reason").trim().to_owned() };
        Ok(Outcome { drafts: vec![Event::CrisisReopened(reopened).draft(scene.crisis.id)], next: scene.room.clone() })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}
