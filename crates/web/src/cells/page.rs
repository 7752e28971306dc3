//! All the cells of a crisis, and setting one up.

use crate::app::Shared;
use crate::crisis::scene::Scene;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::situation::words::ahead;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::cells::Cell;
use domain::cells::event::{CellKind, Rhythm};
use maud::{Markup, html};

/// Rhythms proposed, with their words.
pub(super) const RHYTHMS: [(Rhythm, &str); 5] = [
    (Rhythm { times: 2, days: 1 }, "deux fois par jour"),
    (Rhythm { times: 1, days: 1 }, "une fois par jour"),
    (Rhythm { times: 4, days: 1 }, "toutes les six heures"),
    (Rhythm { times: 3, days: 7 }, "trois fois par semaine"),
    (Rhythm { times: 1, days: 7 }, "une fois par semaine"),
];

/// A rhythm as a form sends it.
pub(super) fn rhythm_name(rhythm: Rhythm) -> String {
    format!("{}/{}", rhythm.times, rhythm.days)
}

/// A rhythm in words.
pub(super) fn rhythm_words(rhythm: Rhythm) -> String {
    let known = RHYTHMS.iter().find(|(r, _)| *r == rhythm).map(|(_, words)| (*words).to_owned());
    known.unwrap_or_else(|| format!("{} fois en {}", rhythm.times, plural(u64::from(rhythm.days), "jour", "jours")))
}

/// `GET …/cellules`.
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
    let none = domain::cells::Cells::default();
    let cells = scene.cells().unwrap_or(&none);
    let (sitting, ended) = (cells.sitting(), cells.stood_down());
    let body = html! {
        div.roomhead { h1 { "Cellules de crise" } nav.crumbs aria-label="Crise" { a href=(scene.room) { "Salle de crise" } } }
        p.lead { (fr(&answer(scene, &sitting))) }
        section.panel aria-labelledby="en-place" {
            header { h2 #en-place { "En place" } span.muted.small { (sitting.len()) } }
            @if sitting.is_empty() { p.empty { "Aucune cellule n’est installée. Une personne suffit pour commencer : installez la cellule décisionnelle, le reste viendra." } }
            @else { (table(scene, &sitting)) }
        }
        @if scene.may_write() { (form(scene, &sitting, filled)) }
        @if !ended.is_empty() {
            section.panel aria-labelledby="levees" { header { h2 #levees { "Levées" } span.muted.small { (ended.len()) } } (table(scene, &ended)) }
        }
    };
    scene.page("Cellules de crise", filled.fault, &body)
}

fn answer(scene: &Scene<'_>, sitting: &[&Cell]) -> String {
    let next = sitting.iter().filter_map(|c| Some((c.next_at?, c.set().name.as_str()))).min();
    match next {
        Some((at, name)) if at < scene.now => format!("{name} devait se réunir le {}.", scene.local.day_and_time(at)),
        Some((at, name)) => format!("Prochaine réunion : {name}, à {}.", scene.short(at)),
        None if sitting.is_empty() => "Personne ne siège encore.".to_owned(),
        None => "Aucune réunion n’est prévue.".to_owned(),
    }
}

fn table(scene: &Scene<'_>, cells: &[&Cell]) -> Markup {
    html! {
        div.scrollx tabindex="0" role="group" aria-label="Cellules" { table {
            thead { tr { th { "Cellule" } th { "Prochaine réunion" } th { "Rythme" } th { "Lieu, téléphone" } th { "De quart maintenant" } th.n { "Réunions" } } }
            tbody { @for cell in cells { @let set = cell.set(); tr {
                td { a href={ (scene.room) "/cellules/" (cell.id) } { (fr(&set.name)) } @if cell.settings.is_conflict() { " " span.st.small.warn { "conflit (" (cell.settings.survivors().len()) ")" } } }
                td { @match (&cell.ended, cell.next_at) {
                    (Some(ended), _) => { "levée " (scene.short(ended.wall)) },
                    (None, Some(at)) => { b { (scene.short(at)) } " " (ahead(at, scene.now)) },
                    (None, None) => "–",
                } }
                td { @if let Some(rhythm) = set.rhythm { (rhythm_words(rhythm)) } @else { "–" } }
                td { (fr(&set.room)) @if !set.phone.is_empty() { " " span.phone { (fr(&set.phone)) } } }
                td { (fr(&cell.on_turn(scene.now).iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(", "))) }
                td.n { (cell.meetings.len()) }
            } } }
        } }
    }
}

/// Setting up a cell: its kind proposes the rest.
fn form(scene: &Scene<'_>, sitting: &[&Cell], filled: Filled<'_>) -> Markup {
    let missing = CellKind::ALL.into_iter().find(|kind| sitting.iter().all(|c| c.set().kind != *kind)).unwrap_or(CellKind::Other);
    let kinds: Vec<(String, String)> = CellKind::ALL.iter().map(|k| (k.name().to_owned(), k.label().to_owned())).collect();
    html! {
        section.panel aria-labelledby="installer" {
            header { h2 #installer { "Installer une cellule" } }
            form.stacked method="post" action={ (scene.room) "/cellules" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["kind", "name", "room", "phone", "rhythm", "next_at"]))
                (filled.choice("kind", "Quelle cellule", missing.name(), &kinds))
                (filled.text(&Text { name: "name", label: "Nom, si ce n’est pas le nom habituel", hint: Some("vide : le nom ci-dessus"), ..Text::default() }))
                (settings(scene, filled, None))
                p { button.btn { "Installer" } }
            }
        }
    }
}

/// The fields that a cell's page shares.
pub(super) fn settings(scene: &Scene<'_>, filled: Filled<'_>, cell: Option<&Cell>) -> Markup {
    let set = cell.map(Cell::set);
    let next = cell.and_then(|c| c.next_at).map(|at| scene.typed(at)).unwrap_or_default();
    let usual = if cell.is_none() { "usual".to_owned() } else { String::new() };
    let known = set.and_then(|s| s.rhythm).map(rhythm_name).unwrap_or(usual);
    let mut rhythms: Vec<(String, String)> = RHYTHMS.iter().map(|(r, words)| (rhythm_name(*r), (*words).to_owned())).collect();
    if let Some(own) = set.and_then(|s| s.rhythm).filter(|own| RHYTHMS.iter().all(|(r, _)| r != own)) {
        rhythms.push((rhythm_name(own), rhythm_words(own)));
    }
    if cell.is_none() {
        rhythms.insert(0, ("usual".to_owned(), "le rythme habituel de cette cellule".to_owned()));
    }
    rhythms.push((String::new(), "quand il le faut".to_owned()));
    html! {
        (filled.text(&Text { name: "room", label: "Lieu", known: set.map_or("", |s| s.room.as_str()), example: Some("salle Ambroise"), ..Text::default() }))
        (filled.text(&Text { name: "phone", label: "Téléphone", known: set.map_or("", |s| s.phone.as_str()), example: Some("poste 4012"), ..Text::default() }))
        (filled.choice("rhythm", "Rythme", &known, &rhythms))
        (filled.text(&Text { name: "next_at", label: "Prochaine réunion", known: &next, example: Some("15:00 ou +2h"), hint: Some("l’heure à laquelle la salle l’attend"), ..Text::default() }))
    }
}
