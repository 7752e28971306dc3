//! What every page of an exercise says at its top; and what the establishment says of an exercise that is open.

use super::super::branch;
use super::{Here, clock, inbox, played};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::session::Visitor;
use crate::typography::fr;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use maud::{Markup, html};
use serde_json::json;

/// The band of an exercise: what it is, its clock, where one goes.
pub(crate) fn show(shared: &Inner, visitor: &Visitor) -> Option<Markup> {
    let exercise = played(shared, &visitor.view.state)?;
    let part = exercise.part(&visitor.actor);
    let unread = inbox::unread(exercise, &visitor.actor);
    Some(html! {
        div.band.exercise.of-branch role="region" aria-label="Exercice" {
            b { "EXERCICE" }
            span.what { (fr(&exercise.scenario().title)) }
            @if exercise.clock.began_at().is_some() { (clock::time(exercise, visitor.now)) } @else { span { (fr(exercise.clock.run().label())) } }
            nav aria-label="Exercice" {
                @match part {
                    Some(Part::Facilitator) => { a href="/console" { "Console" } a href="/grille" { "Grille" } },
                    Some(Part::Player) => a href="/boite" { (fr("Boîte")) @if unread > 0 { " " b.n { (unread) } } },
                    Some(Part::Observer) => a href="/grille" { "Grille" },
                    None => {},
                }
                @if part.is_some() {
                    a href="/briefing" { "Briefing" }
                    @if exercise.clock.began_at().is_none() { a href="/appel" { "Appel" } }
                    @if exercise.clock.run().is_over() { a href="/debriefing" { (fr("Débriefing")) } }
                    @else { a href="/arret" { (fr("Urgence réelle")) } }
                }
                a data-home href="/" { "Sortir" span.hide-s { (fr(" de l’exercice")) } }
            }
        }
    })
}

/// What everybody sees once a real emergency has stopped the exercise.
pub(crate) fn stopped(shared: &Inner, visitor: &Visitor) -> Option<Markup> {
    let exercise = played(shared, &visitor.view.state)?;
    let why = exercise.clock.stopped()?;
    Some(html! {
        div.stopped role="alert" {
            p.big { (fr("URGENCE RÉELLE : EXERCICE ARRÊTÉ")) }
            p { (fr(why)) }
            p { a data-home href="/" { (fr("Aller à la vraie salle")) } }
        }
    })
}

/// `GET /horloge`: what the band says now, for pages that follow nothing else, and whether everything was stopped.
pub(super) async fn look(State(shared): State<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &Part::ALL)?;
    let band = show(&shared, &visitor).unwrap_or_default().into_string();
    let band = shared.branch.as_ref().map_or(band.clone(), |branch| branch::below(&band, &branch.prefix));
    Ok(Json(json!({ "stopped": here.exercise.clock.stopped().is_some(), "band": band })).into_response())
}

/// In the establishment: the exercises that somebody may enter now.
pub(crate) fn entrances(shared: &Inner, visitor: &Visitor) -> Markup {
    if shared.branch.is_some() {
        return html! {};
    }
    let open = visitor.view.state.exercises.open();
    let mine = open.iter().filter_map(|e| Some((e, e.opened.as_ref()?.what.branch, e.part(&visitor.actor)?)));
    html! {
        @for (exercise, journal, part) in mine {
            p.notice { b { "Exercice ouvert" } (fr(" : ")) (fr(&exercise.scenario().title)) ". "
                a href={ (branch::prefix(&journal)) (landing(part)) } { (fr("Entrer comme ")) (part.label()) } }
        }
    }
}

/// The first page of somebody in an exercise.
pub(crate) fn landing(part: Part) -> &'static str {
    match part {
        Part::Facilitator => "/console",
        Part::Player => "/boite",
        Part::Observer => "/grille",
    }
}
