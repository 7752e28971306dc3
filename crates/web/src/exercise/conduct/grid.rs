//! The observers’ grid, for a telephone held in one hand: three grades for each criterion, a remark with its time.

use super::{Here, clock, fragment};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use domain::exercise::event::conduct::{Grade, Observed, Tone};
use domain::exercise::event::scenario::Criterion;
use domain::exercise::{Exercise, Said};
use journal::ActorId;
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    fragment: Option<String>,
}

const WATCHES: [Part; 2] = [Part::Observer, Part::Facilitator];
/// One's own last remarks shown.
const REMARKS_MAX: usize = 5;

/// `GET /grille`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &WATCHES)?;
    if asked.fragment.is_some() {
        let page = Page::new(&shared, &visitor, Place::Exercise, "Grille");
        return Ok(fragment(&body(&page, &here, Filled::BLANK)));
    }
    Ok(page(&shared, &visitor, Filled::BLANK))
}

/// The grid, with a form filled in after a refusal.
pub(super) fn page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    let here = match Here::of(shared, visitor, &WATCHES) {
        Ok(here) => here,
        Err(fault) => return fault.into_response(),
    };
    let page = Page::new(shared, visitor, Place::Exercise, "Grille d’observation");
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body(&page, &here, filled))).into_response()
}

fn body(page: &Page<'_>, here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let criteria: Vec<&Criterion> = here.exercise.scenario().criteria.iter().filter(|c| !c.look.is_empty()).collect();
    let done = criteria.iter().filter(|c| own(here.exercise, c, &here.visitor.actor).is_some()).count();
    html! {
        div.grid-page data-live="/grille" data-live-parts="tout" {
            h1 { "Grille d’observation" }
            p.lead { (fr("Regardez, notez, taisez-vous. On juge un critère, jamais une personne ; les joueurs ne voient pas cette page.")) }
            p #grille-etat data-live-key="grille-etat" { (clock::state(here.exercise.clock.run())) " " (fr(&format!("{} par vous sur {}", plural(done as u64, "critère jugé", "critères jugés"), criteria.len()))) }
            (filled.refusal(&["text", "at", "remark"]))
            @if here.acts() { (remark(here, filled)) }
            (mine(page, here))
            @if criteria.is_empty() { p.empty { (fr("Ce scénario ne donne pas de critère à regarder : notez des remarques.")) } }
            div.criteria-list #criteres data-live-key="criteres" { @for criterion in criteria { (one(page, here, criterion, filled)) } }
        }
    }
}

/// What somebody judged of a criterion last.
fn own<'a>(exercise: &'a Exercise, criterion: &Criterion, actor: &ActorId) -> Option<&'a Said<Observed>> {
    exercise.observed.get(&criterion.key).and_then(|by| by.get(actor))
}

fn one(page: &Page<'_>, here: &Here<'_>, criterion: &Criterion, filled: Filled<'_>) -> Markup {
    let said = own(here.exercise, criterion, &here.visitor.actor);
    let key = &criterion.key;
    let refused = filled.fields.is_some_and(|fields| fields.get("criterion") == key);
    let filled = if refused { filled } else { Filled::BLANK };
    html! {
        section.judge id={ "c-" (key) } aria-labelledby={ "t-" (key) } {
            h2 id={ "t-" (key) } { (fr(&criterion.title)) }
            p { (fr(&here.filled(&criterion.look))) }
            @if here.acts() { (here.form("juger", key, &html! {
                input type="hidden" name="criterion" value=(key);
                p.field { label.out for={ "r-" (key) } { "Remarque, facultatif" }
                    input id={ "r-" (key) } name="remark" autocomplete="off" placeholder="Ce que vous avez vu, facultatif"
                        value=(filled.value("remark", said.map_or("", |said| said.what.remark.as_str()))); (filled.beside("remark")) }
                div.grades { @for grade in Grade::ALL {
                    button.btn.ghost id={ (grade.name()) "-" (key) } name="grade" value=(grade.name()) aria-pressed=(if said.is_some_and(|s| s.what.grade == grade) { "true" } else { "false" }) {
                        span aria-hidden="true" { (grade.sign()) } " " (fr(grade.label())) }
                } }
            })) }
            @if let Some(said) = said { p.small.muted { (fr("Noté à ")) (page.local.time(said.wall)) (fr(" : ")) (fr(said.what.grade.label()))
                @if !here.acts() && !said.what.remark.is_empty() { ", " (fr(&said.what.remark)) } } }
        }
    }
}

fn remark(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let mine = filled.fields.is_some_and(|fields| !fields.get("tone").is_empty());
    let filled = if mine { filled } else { Filled::BLANK };
    html! {
        div #remarquer data-live-key="remarquer" { (here.form("remarque", "grille", &html! {
            input type="hidden" name="retour" value="grille";
            (filled.text(&Text { name: "text", label: "Une remarque, tout de suite", example: Some("Deux personnes écrivent la même chose"), required: true, ..Text::default() }))
            p.field { label for="at" { (fr("Heure, si ce n’est pas maintenant")) } input.short #at name="at" placeholder="10:05" autocomplete="off" value=(filled.value("at", "")); (filled.beside("at")) }
            div.grades.two-wide {
                button.btn.ghost #point-fort name="tone" value=(Tone::Positive.name()) { (fr("● Point fort")) }
                button.btn.ghost #a-revoir name="tone" value=(Tone::Negative.name()) { (fr("▲ À revoir")) }
            }
        })) }
    }
}

/// What this observer has remarked.
fn mine(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let own: Vec<_> = here.exercise.remarks.iter().filter(|said| said.by == here.visitor.actor).collect();
    html! {
        ul.plain.lines #mes-remarques data-live-key="mes-remarques" { @for said in own.iter().rev().take(REMARKS_MAX) { li id={ "m-" (said.id) } {
            span.small.muted { (page.local.time(said.what.at.unwrap_or(said.wall))) " " }
            span class={ "st " (if said.what.tone == Tone::Positive { "ok" } else { "warn" }) } { (fr(said.what.tone.label())) } " " span.x { (fr(&said.what.text)) }
        } } }
    }
}
