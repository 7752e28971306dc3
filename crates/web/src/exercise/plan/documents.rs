//! The papers of an exercise: the facilitator’s guide and chronogramme, the player’s guide, the observer’s grid.

use super::super::conduct::t_plus;
use super::super::report::target;
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, State};
use domain::exercise::event::Part;
use domain::exercise::event::conduct::Grade;
use domain::exercise::event::scenario::{Inject, Section};
use domain::exercise::{Exercise, MINUTE_MS, fill};
use journal::SubjectId;
use maud::{Markup, html};

/// `GET /exercices/{id}/documents/{kind}`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Markup, Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let exercise = visitor.view.state.exercises.all.get(&id).filter(|_| shared.branch.is_none()).ok_or_else(Fault::not_found)?;
    let part = exercise.part(&visitor.actor).ok_or_else(Fault::not_found)?;
    let (title, readers): (&str, &[Part]) = match kind.as_str() {
        "animateur" => ("Guide de l’animateur", &[Part::Facilitator]),
        "chronogramme" => ("Chronogramme détaillé", &[Part::Facilitator]),
        "joueur" => ("Guide du joueur", &[Part::Facilitator, Part::Player]),
        "observateur" => ("Grille d’observation", &[Part::Facilitator, Part::Observer]),
        _ => return Err(Fault::not_found()),
    };
    if !readers.contains(&part) {
        return Err(Fault::not_found());
    }
    let page = Page::new(&shared, &visitor, Place::Exercise, title);
    let body = html! {
        p.crumb.no-print { a href=(super::super::path(id)) { (fr(&exercise.scenario().title)) } }
        div.paper.exercise-paper {
            (head(&page, exercise, title))
            @match kind.as_str() {
                "animateur" => (sections(exercise, &exercise.scenario().facilitator)),
                "chronogramme" => (chronogramme(&page, exercise)),
                "joueur" => (player(exercise)),
                _ => (grid(exercise)),
            }
        }
    };
    Ok(page.render(&body))
}

fn filled(exercise: &Exercise, text: &str) -> String {
    fill::fill(text, &exercise.scenario().parameters)
}

fn head(page: &Page<'_>, exercise: &Exercise, title: &str) -> Markup {
    let scenario = exercise.scenario();
    html! {
        p.mark { "EXERCICE" }
        h1 { (fr(title)) }
        p.lead { (fr(&scenario.title)) ", " (fr(&page.visitor.view.state.register.establishment))
            @if let Some(at) = scenario.planned_at { ", " (page.local.full_day_and_time(at)) } }
        p.btns.no-print { button.btn.ghost type="button" data-print hidden { "Imprimer" } }
    }
}

pub(super) fn text(exercise: &Exercise, words: &str) -> Markup {
    let words = filled(exercise, words);
    html! {
        @for paragraph in words.split("\n\n") {
            @let items: Vec<&str> = paragraph.lines().filter_map(|line| line.strip_prefix("- ")).collect();
            @let prose: Vec<&str> = paragraph.lines().filter(|line| !line.starts_with("- ")).collect();
            @if !prose.is_empty() { p.kept { (fr(&prose.join("\n"))) } }
            @if !items.is_empty() { ul { @for item in items { li { (fr(item)) } } } }
        }
    }
}

pub(super) fn sections(exercise: &Exercise, all: &[Section]) -> Markup {
    html! { @for one in all { section { h2 { (fr(&one.title)) } (text(exercise, &one.text)) } } }
}

fn player(exercise: &Exercise) -> Markup {
    let scenario = exercise.scenario();
    html! {
        section { h2 { "Briefing" } (text(exercise, &scenario.briefing)) }
        section { h2 { (fr("Équipes")) } ul { @for team in &scenario.teams { li { b { (fr(&team.name)) } @if !team.who.is_empty() { (fr(" : ")) (fr(&team.who)) } } } } }
        (sections(exercise, &scenario.player))
        @if !scenario.glossary.is_empty() { section { h2 { "Glossaire" } dl.kv { @for word in &scenario.glossary { dt { (fr(&word.title)) } dd { (fr(&filled(exercise, &word.text))) } } } } }
    }
}

/// Three boxes for each criterion, and room to write.
fn grid(exercise: &Exercise) -> Markup {
    let scenario = exercise.scenario();
    html! {
        (sections(exercise, &scenario.observer))
        section { h2 { "Grille" }
            div.scrollx tabindex="0" role="group" aria-label="Grille" { table.paper-grid.judged {
                thead { tr { th scope="col" { (fr("Critère")) } @for grade in Grade::ALL { th scope="col" { (fr(grade.label())) } } th scope="col" { "Heure, remarque" } } }
                tbody { @for one in scenario.criteria.iter().filter(|c| !c.look.is_empty()) { tr {
                    th scope="row" { b { (fr(&one.title)) } span.small.muted { ", " (fr(&target(one))) } br; (fr(&filled(exercise, &one.look))) }
                    @for grade in Grade::ALL { td.box { span.out { (fr(grade.label())) } } }
                    td.say {}
                } } }
            } }
        }
        section { h2 { "Remarques" } table.paper-grid { thead { tr { th scope="col" { "Heure" } th scope="col" { (fr("Point fort, ou à revoir")) } th scope="col" { "Ce que j’ai vu" } } } tbody { @for _ in 0..8 { tr.free { td {} td {} td {} } } } } }
    }
}

fn chronogramme(page: &Page<'_>, exercise: &Exercise) -> Markup {
    html! {
        @for played in exercise.chronogramme() {
            @let inject: &Inject = played.inject();
            section.inject {
                h2 { (inject.key) ". " (fr(&filled(exercise, &inject.title))) }
                p { b { @match played.due_minute() {
                        Some(at) => { (t_plus(i64::from(at) * MINUTE_MS)) @if let Some(debex) = exercise.scenario().planned_at { ", " (page.local.time(debex + i64::from(at) * MINUTE_MS)) } },
                        None => { (fr("Réserve")) @if !inject.contingency_for.is_empty() { (fr(&format!(", si le {} reste sans réaction", inject.contingency_for))) } },
                    } }
                    ", " (fr(inject.channel.label())) ", de " (fr(&filled(exercise, &inject.from))) ", pour "
                    @if inject.to.is_empty() { "tous" } @else { (fr(&inject.to.iter().map(|key| exercise.scenario().teams.iter().find(|t| t.key == *key).map_or(key.as_str(), |t| t.name.as_str())).collect::<Vec<_>>().join(", "))) } }
                blockquote.words { (fr(&filled(exercise, &inject.text))) }
                @if !inject.expected.is_empty() { p { b { (fr("Réaction attendue")) } @if let Some(within) = inject.within { " en " (within) " min" } (fr(" : ")) (fr(&filled(exercise, &inject.expected))) } }
                @if !inject.guidance.is_empty() { p { b { "Conseil" } (fr(" : ")) (fr(&filled(exercise, &inject.guidance))) } }
            }
        }
    }
}
