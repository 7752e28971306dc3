//! The page of one cell: meeting, rota, settings.

use super::page::{rhythm_words, settings};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::crisis::scene::{Scene, subject};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::situation::words::ahead;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::cells::event::{CellKind, MemberSet};
use domain::cells::{Cell, Gap};
use maud::{Markup, html};

pub(super) type CellPath = Path<(String, String, String)>;

/// The cell that an address names.
pub(super) fn find<'a>(scene: &Scene<'a>, cell: &str) -> Result<&'a Cell, Fault> {
    let id = subject(cell)?;
    scene.cells().and_then(|cells| cells.all.get(&id)).ok_or_else(Fault::not_found)
}

/// `GET …/cellules/{cell}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path((journal, id, cell)): CellPath) -> Response {
    let found =
        Scene::of(&shared, &visitor, &journal, &id).and_then(|scene| Ok(page(&scene, find(&scene, &cell)?, "", Filled::BLANK)));
    found.unwrap_or_else(IntoResponse::into_response)
}

/// The page; `act` names the form that is filled in.
pub(super) fn page(scene: &Scene<'_>, cell: &Cell, act: &str, filled: Filled<'_>) -> Response {
    let mine = |name: &str| if act == name { filled } else { Filled::BLANK };
    let writes = scene.may_write();
    let body = html! {
        div.roomhead { h1 { (fr(&cell.set().name)) }
            nav.crumbs aria-label="Crise" { a href=(scene.room) { "Salle de crise" } " · " a href={ (scene.room) "/cellules" } { "Toutes les cellules" } } }
        (now(scene, cell))
        @if !["", "membres", "reunion", "lever"].contains(&act) { (filled.refusal(&[])) }
        div.split {
            div {
                (meeting(scene, cell, mine("reunion")))
                (held(scene, cell))
            }
            div {
                (rota(scene, cell, mine("membres")))
                @if writes { (change(scene, cell, mine(""))) (stand_down(scene, cell, mine("lever"))) }
            }
        }
        datalist #personnes { @for (_, person) in scene.state.register.present() { option value=(person.name) {} } }
    };
    scene.page(&cell.set().name, filled.fault, &body)
}

fn now(scene: &Scene<'_>, cell: &Cell) -> Markup {
    let set = cell.set();
    html! {
        p.lead {
            @if let Some(ended) = &cell.ended { "Levée le " (scene.local.day_and_time(ended.wall)) (fr(" : ")) (fr(&ended.reason)) ". " }
            @else { @match cell.next_at {
                Some(at) => { "Prochaine réunion à " b { (scene.short(at)) } ", " (ahead(at, scene.now)) ". " },
                None => "Aucune réunion n’est prévue. ",
            } }
            @if let Some(rhythm) = set.rhythm { (crate::situation::words::begun(&rhythm_words(rhythm))) ". " }
            @if !set.room.is_empty() { (fr(&crate::situation::words::begun(&set.room))) ". " } @if !set.phone.is_empty() { "Téléphone " (fr(&set.phone)) ". " }
        }
        @if cell.settings.is_conflict() {
            p { span.st.warn { "conflit (" (cell.settings.survivors().len()) ")" } " Deux personnes ont changé cette cellule sans se voir : vérifiez les réglages et enregistrez-les." }
        }
    }
}

/// When the next meeting is proposed, from the rhythm.
pub(super) fn proposed(scene: &Scene<'_>, cell: &Cell, from: i64) -> Option<i64> {
    match cell.set().rhythm?.gap() {
        // The same clock time, whatever the clock change between.
        Gap::Days(days) => scene.local.later(&format!("+{days}j"), from),
        Gap::Minutes(minutes) => scene.local.later(&format!("+{minutes}min"), from),
    }
}

fn meeting(scene: &Scene<'_>, cell: &Cell, filled: Filled<'_>) -> Markup {
    if !scene.may_write() || cell.ended.is_some() {
        return html! {};
    }
    let next = proposed(scene, cell, cell.next_at.filter(|at| *at <= scene.now).unwrap_or(scene.now));
    let next = next.filter(|at| *at > scene.now).map(|at| scene.typed(at)).unwrap_or_default();
    html! {
        section.panel aria-labelledby="reunion" {
            header { h2 #reunion { "Elle s’est réunie" } }
            form.stacked method="post" action={ (scene.room) "/cellules/" (cell.id) "/reunion" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["at", "summary", "next_at"]))
                (filled.text(&Text { name: "at", label: "À", example: Some("15:00"), hint: Some("vide : maintenant"), ..Text::default() }))
                (filled.long(&Text { name: "summary", label: "Ce qui en ressort", hint: Some("les décisions se notent aussi dans la main courante ; aucun nom de patient"), required: true, ..Text::default() }, 3))
                (filled.text(&Text { name: "next_at", label: "Prochaine réunion", known: &next, example: Some("15:00 ou +12h"), hint: Some("proposée d’après le rythme"), ..Text::default() }))
                p { button.btn { "Noter la réunion" } }
            }
        }
    }
}

fn held(scene: &Scene<'_>, cell: &Cell) -> Markup {
    html! {
        section.panel aria-labelledby="tenues" {
            header { h2 #tenues { "Réunions tenues" } span.muted.small { (cell.meetings.len()) } }
            @if cell.meetings.is_empty() { p.empty { "Aucune réunion notée." } }
            ul.plain { @for meeting in cell.meetings.iter().rev() {
                li { b { (scene.short(meeting.at)) } " " span.x { (fr(&meeting.summary)) } " " span.by { (fr(&scene.state.register.name(&meeting.by))) } } } }
        }
    }
}

/// `08:00 à 20:00`, `depuis 08:00`, or nothing for who is always there.
fn turn(scene: &Scene<'_>, member: &MemberSet) -> String {
    match (member.from, member.until) {
        (Some(from), Some(until)) => format!("{} à {}", scene.short(from), scene.short(until)),
        (Some(from), None) => format!("à partir de {}", scene.short(from)),
        (None, Some(until)) => format!("jusqu’à {}", scene.short(until)),
        (None, None) => "sans tour".to_owned(),
    }
}

fn rota(scene: &Scene<'_>, cell: &Cell, filled: Filled<'_>) -> Markup {
    let members = cell.members();
    let on_turn = cell.on_turn(scene.now);
    let writes = scene.may_write();
    html! {
        section.panel aria-labelledby="membres" {
            header { h2 #membres { "Membres et tours" } span.muted.small { (members.len()) } }
            @if members.is_empty() { p.empty { "Personne n’est inscrit. Les noms de l’annuaire se proposent, les autres s’écrivent." } }
            @else { div.scrollx tabindex="0" role="group" aria-label="Tours" { table {
                thead { tr { th { "Qui" } th { "Fait quoi" } th { "Tour" } th { "Maintenant" } @if writes { th { span.out { "Départ" } } } } }
                tbody { @for member in &members { tr {
                    td { (fr(&member.name)) } td { (fr(&member.duty)) } td { (turn(scene, member)) }
                    td { @if on_turn.iter().any(|m| m.member == member.member) { span.st.ok { "de quart" } } @else { "–" } }
                    @if writes { td { form.in-line method="post" action={ (scene.room) "/cellules/" (cell.id) "/membres/" (member.member) "/depart" } {
                        (stamps(scene.shared, scene.visitor))
                        input type="hidden" name="supersedes" value=(cell.rota.get(&member.member).map(|v| ids(&v.seen())).unwrap_or_default());
                        button.link.small aria-label={ "Retirer " (member.name) } { "Retirer" } } } }
                } } }
            } } }
            @if writes && cell.ended.is_none() { (add_member(scene, cell, filled)) }
        }
    }
}

fn add_member(scene: &Scene<'_>, cell: &Cell, filled: Filled<'_>) -> Markup {
    html! {
        form.stacked method="post" action={ (scene.room) "/cellules/" (cell.id) "/membres" } {
            (stamps(scene.shared, scene.visitor))
            (filled.refusal(&["member", "duty", "from", "until"]))
            div.fields {
                (filled.text(&Text { name: "member", label: "Qui", list: Some("personnes"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "duty", label: "Fait quoi", example: Some("secrétaire"), ..Text::default() }))
                (filled.text(&Text { name: "from", label: "Début du tour", example: Some("20:00"), ..Text::default() }))
                (filled.text(&Text { name: "until", label: "Fin du tour", example: Some("08:00"), ..Text::default() }))
            }
            p { button.btn.ghost { "Ajouter" } }
        }
    }
}

fn change(scene: &Scene<'_>, cell: &Cell, filled: Filled<'_>) -> Markup {
    let kinds: Vec<(String, String)> = CellKind::ALL.iter().map(|k| (k.name().to_owned(), k.label().to_owned())).collect();
    html! {
        details open[filled.fields.is_some() || cell.settings.is_conflict()] {
            summary { @if cell.ended.is_some() { "Réinstaller cette cellule" } @else { "Réglages" } }
            form.stacked method="post" action={ (scene.room) "/cellules/" (cell.id) } {
                (stamps(scene.shared, scene.visitor))
                input type="hidden" name="supersedes" value=(ids(&cell.settings.seen()));
                (filled.refusal(&["kind", "name", "room", "phone", "rhythm", "next_at"]))
                (filled.choice("kind", "Quelle cellule", cell.set().kind.name(), &kinds))
                (filled.text(&Text { name: "name", label: "Nom", known: &cell.set().name, required: true, ..Text::default() }))
                (settings(scene, filled, Some(cell)))
                p { button.btn.ghost { "Enregistrer les réglages" } }
            }
        }
    }
}

fn stand_down(scene: &Scene<'_>, cell: &Cell, filled: Filled<'_>) -> Markup {
    html! { @if cell.ended.is_none() {
        details open[filled.fields.is_some()] {
            summary { "Lever cette cellule" }
            form.stacked method="post" action={ (scene.room) "/cellules/" (cell.id) "/lever" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["reason"]))
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                p { button.btn.ghost { "Lever la cellule" } }
            }
        }
    } }
}
