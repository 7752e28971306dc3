//! All lists of a crisis, mine first; others to take over, or to write.

use super::column::{functions_of, row};
use super::{missing, of};
use crate::app::Shared;
use crate::crisis::scene::Scene;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::legal::function_label;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::checklist::List;
use domain::checklist::event::ListAdopted;
use maud::{Markup, html};

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

pub(super) fn page(scene: &Scene<'_>, filled: Filled<'_>) -> Response {
    let mine = functions_of(scene.visitor);
    let mut lists: Vec<&List> = of(scene).map(|all| all.in_order()).unwrap_or_default();
    lists.sort_by_key(|list| !mine.contains(&list.words().function));
    let absent = missing(scene);
    let (done, all) = lists.iter().map(|list| list.progress()).fold((0, 0), |(d, a), (x, y)| (d + x, a + y));
    let body = html! {
        div.roomhead { h1 { "Gestes réflexes" } a.noprint href=(scene.room) { "Salle de crise" }
            button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" } }
        @if lists.is_empty() { p.lead { "Aucune liste dans cette salle. Une liste dit à chacun quoi faire d’abord." } (adopt_all(scene)) }
        @else { p.lead { (done) " gestes cochés sur " (all) ", en " (crate::today::plural(lists.len() as u64, "liste", "listes")) "." } }
        @if filled.fields.is_none() { (filled.refusal(&[])) }
        div.lists { @for list in &lists { (shown(scene, list, mine.contains(&list.words().function))) } }
        @if scene.may_write() { (others(scene, &absent, lists.is_empty())) (own(scene, filled)) }
    };
    scene.page("Gestes réflexes", filled.fault, &body)
}

fn shown(scene: &Scene<'_>, list: &List, mine: bool) -> Markup {
    let words = list.words();
    let (done, all) = list.progress();
    html! {
        section.panel.wide.list id=(list.id()) aria-labelledby={ "t-" (list.id()) } {
            header { h2 id={ "t-" (list.id()) } { (fr(&words.title)) } span.muted.small { (done) " sur " (all) @if mine { ", ma liste" } }
                span.muted.small.more { (fr(function_label(&scene.state.register, &words.function))) } }
            @for gesture in &words.gestures { (row(scene, list, gesture, false)) }
            @if !words.source.is_empty() { p.small.muted { (fr(&words.source)) @if !words.edition.is_empty() { ", édition du " (words.edition) }
                @if !words.status.is_empty() { ", " (words.status) } } }
        }
    }
}

fn adopt_all(scene: &Scene<'_>) -> Markup {
    html! { @if scene.may_write() {
        form method="post" action={ (scene.room) "/gestes/reprendre" } { (stamps(scene.shared, scene.visitor))
            p { button.btn { "Reprendre les listes livrées" } } }
    } }
}

fn others(scene: &Scene<'_>, absent: &[ListAdopted], none: bool) -> Markup {
    html! { @if !absent.is_empty() && !none {
        details.noprint { summary { "Reprendre une autre liste livrée (" (absent.len()) ")" }
            table { tbody { @for list in absent { tr {
                td { (fr(&list.title)) } td.muted { (crate::today::plural(list.gestures.len() as u64, "geste", "gestes")) }
                td.n { form method="post" action={ (scene.room) "/gestes/reprendre" } { (stamps(scene.shared, scene.visitor))
                    input type="hidden" name="key" value=(list.key);
                    button.btn.ghost.small aria-label={ "Reprendre : " (list.title) } { "Reprendre" } } }
            } } } }
        }
    } }
}

fn own(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    let register = &scene.state.register;
    let mut functions: Vec<(String, String)> = content::functions::of(crate::legal::kind(register))
        .map(|f| (f.key.clone(), function_label(register, &f.key).to_owned()))
        .collect();
    for (_, function) in register.functions.iter() {
        if functions.iter().all(|(key, _)| *key != function.key) {
            functions.push((function.key.clone(), function.label.clone()));
        }
    }
    html! {
        details.noprint open[filled.fields.is_some()] { summary { "Écrire une liste" }
            form.stacked method="post" action={ (scene.room) "/gestes/nouvelle" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["title", "function", "gestures"]))
                (filled.text(&Text { name: "title", label: "Titre", required: true, ..Text::default() }))
                (filled.choice("function", "Pour qui", "", &functions))
                (filled.long(&Text { name: "gestures", label: "Gestes, un par ligne", required: true, ..Text::default() }, 6))
                p { button.btn.ghost { "Mettre cette liste dans la salle" } }
            } }
    }
}
