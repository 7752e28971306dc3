//! The facilitator's console: the chronogramme, the inject chosen with what players see, and what helps to conduct.

use super::{Here, clock, fragment, picture, selected, t_plus, tools};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::fields::Filled;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::urgence::running;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::Played;
use domain::exercise::event::Part;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Injects shown around now, before and after.
const AROUND: (usize, usize) = (4, 8);

#[derive(Deserialize, Default, Clone)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) stimulus: String,
    /// The team whose inbox is seen.
    #[serde(default)]
    pub(super) vue: String,
    #[serde(default)]
    pub(super) tout: String,
    pub(super) fragment: Option<String>,
}

/// `GET /console`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Facilitator])?;
    if asked.fragment.is_some() {
        let page = Page::new(&shared, &visitor, Place::Exercise, "Console");
        return Ok(fragment(&body(&page, &here, &asked, Filled::BLANK)));
    }
    Ok(page(&shared, &visitor, &asked, Filled::BLANK))
}

/// The console, with a form filled in after a refusal.
pub(super) fn page(shared: &Inner, visitor: &Visitor, asked: &Asked, filled: Filled<'_>) -> Response {
    let here = match Here::of(shared, visitor, &[Part::Facilitator]) {
        Ok(here) => here,
        Err(fault) => return fault.into_response(),
    };
    let page = Page::new(shared, visitor, Place::Exercise, "Console d’animation");
    let status = filled.fault.map_or(StatusCode::OK, |fault| fault.status);
    (status, page.render(&body(&page, &here, asked, filled))).into_response()
}

fn address(asked: &Asked) -> String {
    let pairs = [("stimulus", &asked.stimulus), ("vue", &asked.vue), ("tout", &asked.tout)];
    let set: Vec<String> =
        pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", crate::session::percent(v))).collect();
    if set.is_empty() { "/console".to_owned() } else { format!("/console?{}", set.join("&")) }
}

fn body(page: &Page<'_>, here: &Here<'_>, asked: &Asked, filled: Filled<'_>) -> Markup {
    let chosen = chosen(here, asked);
    let key = chosen.map(|p| p.inject().key.as_str());
    // What follows live stays on the inject that is shown, whatever comes next.
    let followed = Asked { stimulus: key.unwrap_or_default().to_owned(), ..asked.clone() };
    html! {
        div.console data-live=(address(&followed)) data-live-parts="tout" {
            h1.out { "Console d’animation" }
            (real_crisis(here))
            (filled.refusal(&["text", "title", "minute", "reason", "note"]))
            (clock::head(page, here))
            (picture::show(here, key))
            div.three {
                section.pane-chrono aria-labelledby="titre-chrono" {
                    (table(page, here, asked, key))
                }
                section.pane-stimulus aria-labelledby="titre-stimulus" { (selected::show(page, here, chosen, asked, filled)) }
                section.pane-outils aria-label="Outils" { (tools::show(page, here, filled)) }
            }
        }
    }
}

/// What happens in real life meanwhile.
fn real_crisis(here: &Here<'_>) -> Markup {
    let home = here.shared.branch.as_ref().and_then(super::super::branch::Branch::home);
    let view = home.as_ref().map(|home| home.ledger.view());
    let crisis = view.as_ref().and_then(|view| running(&view.state).map(|crisis| crisis.frame().title.clone()));
    html! {
        div #crise-reelle data-live-key="crise-reelle" {
            @if let Some(title) = crisis {
                p.notice.alarm { b { (fr("Une crise réelle est en cours")) } (fr(" : ")) (fr(&title)) ". "
                    a data-home href="/" { (fr("Y aller")) } " · " a href="/arret" { (fr("Arrêter l’exercice")) } }
            }
        }
    }
}

/// The inject asked for, else the next one.
fn chosen<'a>(here: &Here<'a>, asked: &Asked) -> Option<&'a Arc<Played>> {
    let known = here.exercise.injects.get(&asked.stimulus).filter(|p| !p.removed);
    known.or_else(|| here.exercise.coming().first().copied()).or_else(|| here.exercise.chronogramme().last().copied())
}

fn table(page: &Page<'_>, here: &Here<'_>, asked: &Asked, chosen: Option<&str>) -> Markup {
    let all: Vec<&Arc<Played>> = here.exercise.chronogramme().into_iter().filter(|p| p.due_minute().is_some()).collect();
    let next = all.iter().position(|p| p.is_pending()).unwrap_or(all.len());
    let (from, to) =
        if asked.tout.is_empty() { (next.saturating_sub(AROUND.0), (next + AROUND.1).min(all.len())) } else { (0, all.len()) };
    let rows = all.get(from..to).unwrap_or_default();
    html! {
        h2 #titre-chrono { "Chronogramme " span.small.muted {
            @if asked.tout.is_empty() { "autour de maintenant · " a href="/console?tout=1" { "les " (all.len()) } } @else { a href="/console" { "autour de maintenant" } } } }
        table.chrono-table #chronogramme data-live-key="tableau" {
            thead { tr { th scope="col" { "Temps" } th scope="col" { "N°" } th scope="col" { "Stimulus" } th scope="col" { (fr("État")) } } }
            tbody { @for played in rows { (row(page, here, played, chosen)) } }
        }
    }
}

fn row(page: &Page<'_>, here: &Here<'_>, played: &Played, chosen: Option<&str>) -> Markup {
    let inject = played.inject();
    let (class, word) = picture::status(here, played);
    let readers = here
        .exercise
        .taking_part(Part::Player)
        .filter(|(actor, _)| domain::exercise::concerns(inject, here.exercise.team(actor).unwrap_or_default()));
    let (all, read) =
        readers.fold((0, 0), |(all, read), (actor, _)| (all + 1, read + usize::from(played.read_by.contains_key(actor))));
    html! {
        tr.chosen[chosen == Some(inject.key.as_str())] {
            td { (t_plus(played.due_offset().unwrap_or(0))) }
            td.muted { (inject.key) }
            th scope="row" { a href={ "/console?stimulus=" (inject.key) } { (fr(&here.filled(&inject.title))) }
                br; span.small.muted { (fr(inject.channel.label())) " → " (fr(&here.teams(inject))) } }
            td { span class={ "st " (class) } { (fr(&word)) @if let Some(fired) = &played.fired { " " (page.local.time(fired.what.0)) } }
                @if played.fired.is_some() { br; span.small.muted { "lu " (read) "/" (all) } } }
        }
    }
}
