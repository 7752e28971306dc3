//! The chronogramme being written: on a time line and in a table.

use super::super::conduct::t_plus;
use super::super::picture::{self, Dot, Shape};
use super::Prepared;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::{Visitor, percent};
use crate::shell::Page;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::event::scenario::{Inject, Level};
use domain::exercise::{Exercise, MINUTE_MS, Played, natural};
use maud::{Markup, html};

/// `GET /exercices/{id}/chronogramme`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(page(&Prepared::of(&shared, &visitor, &id)?, Filled::BLANK))
}

/// Every inject that was not taken out, whatever its level: by minute, those in reserve last.
pub(super) fn all<'a>(prepared: &Prepared<'a>) -> Vec<&'a Inject> {
    let mut all: Vec<&Inject> = prepared.exercise.injects.values().filter(|p| !p.removed).map(|p| p.inject()).collect();
    all.sort_by_key(|inject| (inject.at.unwrap_or(u32::MAX), natural(&inject.key)));
    all
}

/// Those due at a minute, in the order of their minutes: what a shift moves.
pub(super) fn timed(exercise: &Exercise) -> Vec<&Played> {
    let mut all: Vec<&Played> =
        exercise.injects.values().map(|p| &**p).filter(|p| !p.removed && p.inject().at.is_some()).collect();
    all.sort_by_key(|p| (p.inject().at, natural(&p.inject().key)));
    all
}

fn address(prepared: &Prepared<'_>, inject: &Inject) -> String {
    format!("{}/chronogramme/{}", prepared.path(), percent(&inject.key))
}

pub(super) fn page(prepared: &Prepared<'_>, filled: Filled<'_>) -> Response {
    let all = all(prepared);
    let scenario = prepared.exercise.scenario();
    let played = all.iter().filter(|inject| inject.level <= scenario.level).count();
    let dots: Vec<Dot> = all.iter().filter_map(|inject| dot(prepared, inject)).collect();
    prepared.page("Chronogramme", filled.fault.map_or(StatusCode::OK, |f| f.status), |page| html! {
        h1 { "Chronogramme" }
        p.lead { (fr(&format!("{} stimuli, dont {played} joués au niveau {}, de DEBEX à la minute {}.", all.len(), scenario.level.label(), scenario.minutes))) }
        (filled.refusal(&["de", "minutes"]))
        p.btns.no-print {
            @if prepared.is_open_to_change() {
                a.btn.ghost href={ (prepared.path()) "/chronogramme/nouveau" } { "Ajouter un stimulus" }
                a.btn.ghost href={ (prepared.path()) "/import" } { "Importer un fichier" }
            }
            a.btn.ghost href={ (prepared.path()) "/chronogramme.xlsx" } { "XLSX" }
            a.btn.ghost href={ (prepared.path()) "/kit.planblanc-kit" } { (fr("En faire un kit")) }
            a.btn.ghost href={ (prepared.path()) "/documents/chronogramme" } { "Imprimer" }
        }
        @if !dots.is_empty() { (picture::show(scenario, &dots, None)) (key()) }
        @if all.is_empty() { p.muted { (fr("Aucun stimulus encore : ajoutez-en un, ou importez un tableur.")) } }
        @else { (table(page, prepared, &all)) }
        @if prepared.is_open_to_change() && !all.is_empty() { (shift(prepared, filled)) }
    })
}

fn class(level: Level) -> &'static str {
    match level {
        Level::Beginner => "beginner",
        Level::Intermediate => "intermediate",
        Level::Advanced => "advanced",
    }
}

/// What the dots mean: the level from which an inject is played.
fn key() -> Markup {
    html! {
        p.small.muted.chrono-key { (fr("Niveau à partir duquel un stimulus est joué : "))
            @for level in Level::ALL {
                span { svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" { g class={ "dot " (class(level)) } { circle cx="7" cy="7" r="4.5" {} } } " " (level.label()) } } }
    }
}

fn dot(prepared: &Prepared<'_>, inject: &Inject) -> Option<Dot> {
    Some(Dot {
        key: inject.key.clone(),
        title: prepared.filled(&inject.title),
        minute: inject.at?,
        channel: inject.channel,
        class: class(inject.level),
        word: inject.level.label().to_owned(),
        shape: Shape::Coming,
        href: address(prepared, inject),
        chosen: false,
    })
}

fn table(page: &Page<'_>, prepared: &Prepared<'_>, all: &[&Inject]) -> Markup {
    let scenario = prepared.exercise.scenario();
    html! {
        div.scrollx tabindex="0" role="group" aria-label="Stimuli" {
            table.chrono-edit { caption.out { "Stimuli, par minute" }
                thead { tr { th scope="col" { "N°" } th scope="col" { "Temps" } th scope="col" { "Stimulus" } th scope="col" { "Canal" } th scope="col" { "De" } th scope="col" { "Pour" } th scope="col" { (fr("Réaction attendue")) } th scope="col" { "Niveau" } } }
                tbody { @for inject in all { tr.off[inject.level > scenario.level] {
                    td data-label="N°" { (inject.key) }
                    td.when data-label="Temps" { @match inject.at {
                        Some(at) => { b { (at) " min" } br; span.small.muted { (t_plus(i64::from(at) * MINUTE_MS)) } @if let Some(debex) = scenario.planned_at { br; span.small.muted { (page.local.time(debex + i64::from(at) * MINUTE_MS)) } } },
                        None => { (fr("réserve")) @if !inject.contingency_for.is_empty() { br; span.small.muted { "si " (inject.contingency_for) (fr(" sans réaction")) } } },
                    } }
                    th scope="row" { a href=(address(prepared, inject)) { (fr(&prepared.filled(&inject.title))) } @if inject.noise { br; span.small.muted { "ambiance" } } }
                    td data-label="Canal" { (fr(inject.channel.label())) } td data-label="De" { (fr(&prepared.filled(&inject.from))) } td data-label="Pour" { (fr(&prepared.teams(inject))) }
                    td.small.wide data-label="Réaction attendue" { (fr(&prepared.filled(&inject.expected))) @if let Some(within) = inject.within { span.muted { " (" (within) " min)" } } }
                    td.small data-label="Niveau" { (inject.level.label()) @if inject.level > scenario.level { br; "non joué" } @if is_torn(prepared, inject) { br; span.st.warn { "conflit" } } }
                } } }
            }
        }
    }
}

fn is_torn(prepared: &Prepared<'_>, inject: &Inject) -> bool {
    prepared.exercise.injects.get(&inject.key).is_some_and(|p| p.written.is_conflict())
}

/// Moves an inject and all that follow.
fn shift(prepared: &Prepared<'_>, filled: Filled<'_>) -> Markup {
    let timed: Vec<(String, String)> = timed(prepared.exercise)
        .into_iter()
        .map(|p| {
            (
                p.inject().key.clone(),
                format!("{}. {} ({} min)", p.inject().key, prepared.filled(&p.inject().title), p.inject().at.unwrap_or(0)),
            )
        })
        .collect();
    html! {
        @if !timed.is_empty() { details.no-print open[filled.fault.is_some()] { summary { (fr("Décaler toute la suite")) }
            form.stacked method="post" action=(prepared.act("decalage")) { (stamps(prepared.shared, prepared.visitor))
                (filled.choice("de", "À partir de", "", &timed))
                (filled.text(&Text { name: "minutes", label: "De combien de minutes", example: Some("5, ou -5"), hint: Some("Les stimuli en réserve ne bougent pas."), required: true, ..Text::default() }))
                button.btn.ghost { (fr("Décaler")) }
            }
        } }
    }
}
