//! The facilitator's console: the chronogramme, the inject chosen with what players see, and what helps to conduct.

use super::{Here, clock, fragment, picture, selected, table, tools, view};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::fields::Filled;
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::Played;
use domain::exercise::event::Part;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize, Default, Clone)]
pub(super) struct Asked {
    /// Key of the inject chosen.
    #[serde(default)]
    pub(super) stimulus: String,
    /// The team whose inbox is seen.
    #[serde(default)]
    pub(super) vue: String,
    /// Whether the whole chronogramme is shown.
    #[serde(default)]
    pub(super) tout: String,
    fragment: Option<String>,
}

impl Asked {
    /// The console with this inject chosen.
    pub(super) fn about(stimulus: &str) -> Self {
        Self { stimulus: stimulus.to_owned(), ..Self::default() }
    }

    /// The same console with another inject.
    pub(super) fn choosing(&self, stimulus: &str) -> String {
        Self { stimulus: stimulus.to_owned(), ..self.clone() }.address()
    }

    /// The same console with another team's view.
    pub(super) fn seeing(&self, team: &str) -> String {
        Self { vue: team.to_owned(), ..self.clone() }.address()
    }

    /// The same console with the whole chronogramme, or without.
    pub(super) fn unfolding(&self, all: bool) -> String {
        Self { tout: if all { "1" } else { "" }.to_owned(), ..self.clone() }.address()
    }

    fn address(&self) -> String {
        let pairs = [("stimulus", &self.stimulus), ("vue", &self.vue), ("tout", &self.tout)];
        let set: Vec<String> = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", percent(v))).collect();
        if set.is_empty() { "/console".to_owned() } else { format!("/console?{}", set.join("&")) }
    }
}

/// `GET /console`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Facilitator])?;
    if asked.fragment.is_some() {
        let page = Page::new(&shared, &visitor, Place::Exercise, "Console");
        return Ok(fragment(&body(&page, &here, asked, Filled::BLANK)));
    }
    Ok(page(&shared, &visitor, asked, Filled::BLANK))
}

/// The console, with a form filled in after a refusal.
pub(super) fn page(shared: &Inner, visitor: &Visitor, asked: Asked, filled: Filled<'_>) -> Response {
    let here = match Here::of(shared, visitor, &[Part::Facilitator]) {
        Ok(here) => here,
        Err(fault) => return fault.into_response(),
    };
    let page = Page::new(shared, visitor, Place::Exercise, "Console d’animation");
    let status = filled.fault.map_or(StatusCode::OK, |fault| fault.status);
    (status, page.render(&body(&page, &here, asked, filled))).into_response()
}

/// Fields with a place of their own for what was refused.
const BESIDE: [&str; 9] = ["text", "title", "from", "channel", "to", "minute", "reason", "note", "remarque"];

fn body(page: &Page<'_>, here: &Here<'_>, asked: Asked, filled: Filled<'_>) -> Markup {
    let chosen = chosen(here, &asked);
    // The inject stays the one that is read aloud, whatever becomes due meanwhile.
    let asked = Asked { stimulus: chosen.map(|p| p.inject().key.clone()).unwrap_or_default(), ..asked };
    html! {
        div.console data-live=(asked.address()) data-live-parts="tout" {
            h1.out { "Console d’animation" }
            (filled.refusal(&BESIDE))
            (clock::head(page, here))
            (picture::show(here, &asked))
            div.three {
                section.pane-chrono aria-labelledby="titre-chrono" { (table::show(page, here, &asked)) }
                section.pane-stimulus aria-label="Stimulus choisi" {
                    (selected::show(page, here, chosen, &asked, filled))
                    (view::show(page, here, chosen, &asked))
                }
                section.pane-outils aria-label="Outils" { (tools::show(page, here, &asked, filled)) }
            }
        }
    }
}

/// The inject asked for, else the next one, else the last.
fn chosen<'a>(here: &Here<'a>, asked: &Asked) -> Option<&'a Arc<Played>> {
    let known = here.exercise.injects.get(&asked.stimulus).filter(|p| !p.removed);
    known.or_else(|| here.exercise.coming().first().copied()).or_else(|| here.exercise.chronogramme().last().copied())
}
