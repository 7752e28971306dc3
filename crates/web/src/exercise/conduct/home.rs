//! The first page of an exercise's branch: where it stands, and the one page that whoever reads it needs.

use super::{Here, clock, landing, t_plus};
use crate::app::Inner;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::response::{IntoResponse, Response};
use domain::exercise::clock::Run;
use domain::exercise::event::Part;
use maud::{Markup, html};

/// `GET /` in a branch, for those who take part; `None` for the others: they read the room as any establishment's.
pub(crate) fn show(shared: &Inner, visitor: &Visitor) -> Option<Response> {
    let here = Here::of(shared, visitor, &Part::ALL).ok()?;
    let page = Page::new(shared, visitor, Place::Today, "Exercice");
    let scenario = here.exercise.scenario();
    let body = html! {
        h1 { (fr(&scenario.title)) }
        p.lead { (fr(&answer(&here, &page))) }
        p { (clock::state(here.exercise.clock.run())) }
        p.btns { a.btn href=(landing(here.part)) { (fr(first(here.part))) } a.btn.ghost href="/briefing" { (fr("Lire le briefing")) } }
        (next(&here))
    };
    Some(page.render(&body).into_response())
}

fn first(part: Part) -> &'static str {
    match part {
        Part::Facilitator => "Ouvrir la console",
        Part::Player => "Ouvrir la boîte de réception",
        Part::Observer => "Ouvrir la grille d’observation",
    }
}

fn answer(here: &Here<'_>, page: &Page<'_>) -> String {
    let clock = &here.exercise.clock;
    let part = match (here.part, here.exercise.team(&here.visitor.actor)) {
        (Part::Player, Some(key)) => format!("Vous jouez dans l’équipe « {} ».", here.team(key)),
        (part, _) => format!("Vous êtes {}.", part.label()),
    };
    let state = match (clock.run(), clock.ended_at()) {
        _ if here.closed => "L’exercice est clos : sa salle se relit, rien ne s’y écrit plus.".to_owned(),
        (Run::Waiting, _) => "L’exercice n’a pas commencé : l’animateur donnera DEBEX.".to_owned(),
        (Run::Running | Run::Paused, _) => format!("L’exercice est à {}.", t_plus(clock.offset_at(here.now()))),
        (_, Some(end)) => format!("L’exercice a pris fin à {}.", page.local.time(end)),
        (_, None) => "L’exercice a pris fin.".to_owned(),
    };
    format!("{part} {state}")
}

/// What is asked of everybody now, before and after.
fn next(here: &Here<'_>) -> Markup {
    let reached = here.exercise.people.get(&here.visitor.actor).is_some_and(|p| p.reached.is_some());
    html! {
        @if here.exercise.clock.began_at().is_none() && !reached { p { (fr("Avant DEBEX : ")) a href="/appel" { (fr("répondre à l’appel")) } "." } }
        @if here.exercise.clock.run().is_over() && !here.closed { p { (fr("Maintenant : ")) a href="/debriefing" { (fr("remplir le débriefing à chaud")) } "." } }
    }
}
