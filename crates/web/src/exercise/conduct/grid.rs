//! The observers’ grid, for a telephone held in one hand: three grades for each criterion, a remark with its time.

use super::{Here, clock, fragment};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use domain::exercise::event::conduct::{Grade, Tone};
use domain::exercise::event::scenario::Criterion;
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    fragment: Option<String>,
}

const WATCHES: [Part; 2] = [Part::Observer, Part::Facilitator];

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
    html! {
        div.grid-page data-live="/grille" data-live-parts="tout" {
            h1 { "Grille d’observation" }
            p.lead { (fr("Regardez, notez, taisez-vous. Les joueurs ne voient pas cette page. On juge un critère, jamais une personne.")) }
            p #grille-horloge data-live-key="grille-horloge" { (clock::time(here.exercise, here.now())) " " (clock::state(here.exercise.clock.run())) }
            (filled.refusal(&["text"]))
            (remark(here, filled))
            (mine(page, here))
            h2 { (fr("Critères ")) span.small.muted { (criteria.len()) } }
            @for criterion in criteria { (one(page, here, criterion)) }
        }
    }
}

fn one(page: &Page<'_>, here: &Here<'_>, criterion: &Criterion) -> Markup {
    let said = here.exercise.observed.get(&criterion.key).and_then(|by| by.get(&here.visitor.actor));
    html! {
        section.judge aria-labelledby={ "c-" (criterion.key) } {
            h3 id={ "c-" (criterion.key) } { (fr(&criterion.title)) }
            p { (fr(&here.filled(&criterion.look))) }
            form method="post" action=(here.act("juger")) { (stamps(here.shared, here.visitor))
                input type="hidden" name="criterion" value=(criterion.key);
                p.field { label.out for={ "r-" (criterion.key) } { "Remarque" }
                    input id={ "r-" (criterion.key) } name="remark" maxlength="1000" autocomplete="off" placeholder="Ce que vous avez vu, facultatif"
                        value=(said.map_or("", |said| said.what.remark.as_str())); }
                div.grades { @for grade in Grade::ALL {
                    button.btn.ghost name="grade" value=(grade.name()) aria-pressed=(if said.is_some_and(|s| s.what.grade == grade) { "true" } else { "false" }) {
                        (grade.sign()) " " (fr(grade.label())) }
                } }
            }
            @if let Some(said) = said { p.small.muted { (fr("Noté à ")) (page.local.time(said.wall)) (fr(" : ")) (fr(said.what.grade.label())) } }
        }
    }
}

fn remark(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    html! {
        form.panel method="post" action=(here.act("remarque")) { (stamps(here.shared, here.visitor))
            input type="hidden" name="retour" value="grille";
            (filled.text(&Text { name: "text", label: "Une remarque, tout de suite", example: Some("Deux personnes écrivent la même chose"), required: true, ..Text::default() }))
            p.field { label for="at" { (fr("Heure, si ce n’est pas maintenant")) } input.short #at name="at" placeholder="10:05" autocomplete="off"; (filled.beside("at")) }
            div.grades.two-wide {
                button.btn.ghost name="tone" value=(Tone::Positive.name()) { (fr("● Point fort")) }
                button.btn.ghost name="tone" value=(Tone::Negative.name()) { (fr("▲ À revoir")) }
            }
        }
    }
}

/// What this observer has remarked.
fn mine(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let own: Vec<_> = here.exercise.remarks.iter().filter(|said| said.by == here.visitor.actor).collect();
    html! {
        ul.plain.lines #mes-remarques data-live-key="mes-remarques" { @for said in own.iter().rev().take(5) { li {
            span.small.muted { (page.local.time(said.what.at.unwrap_or(said.wall))) " " (fr(said.what.tone.label())) } " " (fr(&said.what.text))
        } } }
    }
}
