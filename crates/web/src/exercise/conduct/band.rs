//! What every page of an exercise says at its top; and what the establishment says of an exercise that is open.

use super::super::branch;
use super::{Here, clock, inbox, played};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::room_path;
use crate::local::{Local, elapsed};
use crate::session::Visitor;
use crate::typography::fr;
use crate::urgence::running;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::exercise::Exercise;
use domain::exercise::event::Part;
use journal::ActorId;
use journal::certificate::Mode;
use maud::{Markup, html};
use serde_json::json;

/// The head of every page of an exercise: the stop, what happens in real life, the band.
pub(crate) fn show(shared: &Inner, visitor: &Visitor) -> Option<Markup> {
    let exercise = played(shared, &visitor.view.state)?;
    let part = exercise.part(&visitor.actor);
    let local = Local::of(&visitor.view.state.register.time_zone);
    Some(html! {
        (stopped(shared, exercise))
        (real_crisis(shared, visitor, part.is_some() && !exercise.clock.run().is_over()))
        div.band.exercise.of-branch role="region" aria-label="Exercice" {
            b { (fr("EXERCICE – ")) (fr(&exercise.scenario().title)) }
            @if exercise.clock.began_at().is_some() { (clock::time(exercise, visitor.now)) }
            span { (fr(exercise.clock.run().label())) }
            (ways(shared, exercise, visitor, part))
            @if visitor.replayed.is_none() { span.clock data-clock { (local.time(visitor.now)) } }
        }
    })
}

/// Where one goes from here, by what one does.
fn ways(shared: &Inner, exercise: &Exercise, visitor: &Visitor, part: Option<Part>) -> Markup {
    let run = exercise.clock.run();
    let unread = inbox::unread(exercise, &visitor.actor);

    html! {
        nav aria-label="Exercice" {
            @match part {
                Some(Part::Facilitator) => { a href="/console" { "Console" } a href="/grille" { "Grille" } },
                Some(Part::Player) => a href="/boite" { (fr("Boîte")) @if unread > 0 { " " b.n { (unread) span.out { (fr(" à ouvrir")) } } } },
                Some(Part::Observer) => a href="/grille" { "Grille" },
                None => {},
            }
            @if let Some(crisis) = running(&visitor.view.state) {
                a.room-link href=(room_path(shared, crisis)) { "Salle" span.hide-s { (fr(" de crise : ")) (fr(&crisis.title)) } }
            }
            @if part.is_some() {
                a href="/briefing" { "Briefing" }
                @if exercise.clock.began_at().is_none() { a href="/appel" { "Appel" } }
                @if run.is_over() { a href="/debriefing" { (fr("Débriefing")) } } @else { a href="/arret" { "Urgence" span.hide-s { (fr(" réelle")) } } }
            }
            a data-home href="/" { "Sortir" span.hide-s { (fr(" de l’exercice")) } }
        }
    }
}

fn branch_home(shared: &Inner) -> Option<Shared> {
    shared.branch.as_ref().and_then(branch::Branch::home)
}

/// Whether a real emergency has stopped the exercise.
pub(crate) fn is_stopped(shared: &Inner, visitor: &Visitor) -> bool {
    played(shared, &visitor.view.state).is_some_and(|exercise| exercise.clock.stopped().is_some())
}

/// The way to the room of the crisis that runs in real life, with its name; or to opening one.
fn real_room(shared: &Inner) -> Option<(String, String)> {
    let home = branch_home(shared)?;
    let view = home.ledger.view();
    let crisis = running(&view.state)?;
    Some((room_path(&home, crisis), crisis.title.clone()))
}

/// What everybody sees once a real emergency has stopped the exercise.
fn stopped(shared: &Inner, exercise: &Exercise) -> Markup {
    let Some(why) = exercise.clock.stopped() else { return html! {} };
    html! {
        div.stopped role="alert" tabindex="-1" {
            p.big { (fr("URGENCE RÉELLE : EXERCICE ARRÊTÉ")) }
            p.why { (fr(why)) }
            p { (fr("Ce n’est plus un exercice. Plus rien ne se joue ici : posez tout et occupez-vous de l’urgence.")) }
            p.btns {
                @match real_room(shared) {
                    Some((room, title)) => a.btn data-home href=(room) { (fr("Aller à la salle réelle : ")) (fr(&title)) },
                    None => { a.btn data-home href="/crises/nouvelle" { (fr("Ouvrir une crise réelle")) } a.btn data-home href="/" { (fr("Sortir de l’exercice")) } },
                }
            }
        }
    }
}

/// What happens in real life meanwhile: said on every page of the exercise, in red. `stops`: its reader may stop the exercise.
fn real_crisis(shared: &Inner, visitor: &Visitor, stops: bool) -> Markup {
    let Some(home) = branch_home(shared) else { return html! {} };
    let view = home.ledger.view();
    let Some(crisis) = running(&view.state) else { return html! {} };
    // In a demonstration, the establishment's own crisis is invented too: it does not claim to be real.
    let words = if view.mode == Mode::Real { "CRISE RÉELLE EN COURS" } else { "CRISE EN COURS HORS DE L’EXERCICE" };
    html! {
        div.band.real role="region" aria-label="Crise hors de l’exercice" {
            b { (fr(words)) }
            span.t data-since=(crisis.occurred_at) { (elapsed(crisis.occurred_at, visitor.now)) }
            span.what { (fr(&crisis.title)) }
            a data-home href=(room_path(&home, crisis)) { (fr("Y aller")) }
            @if stops { a.next.hide-s href="/arret" { (fr("Arrêter l’exercice")) } }
        }
    }
}

/// Whether players must not know that somebody is there: who runs an exercise or watches it.
pub(crate) fn hides(shared: &Inner, actor: &ActorId) -> bool {
    let view = shared.ledger.view();
    shared.branch.is_some() && played(shared, &view.state).is_none_or(|exercise| exercise.part(actor) != Some(Part::Player))
}

/// `GET /horloge`: what the head of a page says now, and whether everything was stopped.
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
