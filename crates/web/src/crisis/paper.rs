//! Re-keying a paper log: type or paste it, look at what was understood, confirm; recorded as one request.

use super::acts::{Sent, sent};
use super::paper_lines::{LINES_MAX, Line, Paper};
use super::scene::Scene;
use super::stamps;
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::crisis::Crisis;
use domain::crisis::event::Logged;
use jiff::civil::Date;
use maud::{Markup, html};

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, Filled::BLANK, &[]),
        Err(fault) => fault.into_response(),
    }
}

/// The page with what was typed before its author signed in again.
pub(super) fn resumed(shared: &Inner, visitor: &Visitor, crisis: &Crisis, fields: &Fields) -> Response {
    page(&Scene::at(shared, visitor, crisis), Filled { fields: Some(fields), fault: None }, &[])
}

/// `POST …/papier`: looked at, then confirmed.
pub(super) async fn take(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let scene = match Scene::of(&shared, &sent.visitor, &journal, &id) {
        Ok(scene) => scene,
        Err(fault) => return super::elsewhere(&sent.fields, &fault),
    };
    let fields = &sent.fields;
    let lines = match day(&scene, fields) {
        Ok(day) => read(&scene, fields, day),
        Err(fault) => return page(&scene, Filled::of(fields, &fault), &[]),
    };
    if fields.get("step") != "record" {
        return page(&scene, Filled { fields: Some(fields), fault: None }, &lines);
    }
    match record(&shared, &sent, &scene, &lines).await {
        Ok(()) => see_other(&scene.room),
        Err(fault) => page(&scene, Filled::of(fields, &fault), &lines),
    }
}

async fn record(shared: &Shared, sent: &Sent, scene: &Scene<'_>, lines: &[Line]) -> Result<(), Fault> {
    sent.same_author()?;
    let unprocessable = |code, sentence: String| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence).about("text");
    if lines.len() > LINES_MAX {
        return Err(unprocessable(
            "too_many",
            format!("Plus de {LINES_MAX} lignes : enregistrez-les en plusieurs fois, page par page."),
        ));
    }
    let mut drafts = Vec::new();
    for line in lines {
        let logged =
            line.read.as_ref().map_err(|why| unprocessable("unreadable_field", format!("Ligne {} : {why}", line.number)))?;
        drafts.push(logged.clone().into_event().draft(scene.crisis.id));
    }
    sent.record_all(shared, drafts).await.map(|_| ())
}

/// Day of the first line: today unless said.
fn day(scene: &Scene<'_>, fields: &Fields) -> Result<Date, Fault> {
    let now = scene.shared.now();
    let Some(text) = fields.filled("day") else { return Ok(scene.local.date(now)) };
    let at = scene.local.parse(&format!("{text} 12:00"), now, false);
    let wrong = || super::scene::wrong("day", format!("« {text} » n’est pas un jour : écrivez 21/11 ou 21/11/2026."));
    at.map(|at| scene.local.date(at)).ok_or_else(wrong)
}

fn read(scene: &Scene<'_>, fields: &Fields, day: Date) -> Vec<Line> {
    let register = &scene.state.register;
    let people: Vec<&str> = register.people.values().map(|p| p.name.as_str()).filter(|name| !name.is_empty()).collect();
    let paper = Paper { local: &scene.local, people: &people, writer: fields.filled("writer"), day, now: scene.shared.now() };
    paper.read(fields.get("text"))
}

fn page(scene: &Scene<'_>, filled: Filled<'_>, lines: &[Line]) -> Response {
    let today = scene.local.day(scene.now);
    let wrong = lines.iter().filter(|line| line.read.is_err()).count();
    let ready = !lines.is_empty() && wrong == 0 && lines.len() <= LINES_MAX;
    let body = html! {
        div.roomhead { h1 { "Reprendre une main courante papier" } a href=(scene.room) { "Salle de crise" } }
        p.lead { "Recopiez les lignes telles qu’elles sont écrites, l’heure d’abord. Rien n’est enregistré avant que vous ayez relu." }
        @if scene.may_write() {
            form.paper method="post" enctype="multipart/form-data" action={ (scene.room) "/papier" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["day", "text"]))
                div.fields {
                    (filled.text(&Text { name: "day", label: "Jour de la première ligne", known: &today, example: Some("21/11"), ..Text::default() }))
                    (filled.text(&Text { name: "writer", label: "Qui tenait le papier", hint: Some("vide : vous"), ..Text::default() }))
                }
                (filled.long(&Text { name: "text", label: "Lignes", example: Some("05:20 Écrans noirs au bloc @Perrin"), required: true, ..Text::default() }, 12))
                (help())
                @if !lines.is_empty() { (preview(scene, lines, wrong)) }
                p.btns {
                    button.btn.ghost[ready] name="step" value="read" { @if lines.is_empty() { "Relire avant d’enregistrer" } @else { "Relire de nouveau" } }
                    @if ready { button.btn name="step" value="record" { "Enregistrer " (plural(lines.len() as u64, "ligne", "lignes")) } }
                }
            }
        } @else { p.error { "Vous lisez la main courante sans y écrire." } }
    };
    scene.page("Reprendre une main courante papier", filled.fault, &body)
}

fn help() -> Markup {
    html! {
        p.small.muted { kbd { "05:20" } " texte " kbd { "@qui" } (fr(" ; ")) kbd { "[d]" } " décision, " kbd { "[a]" } " action, " kbd { "[q]" } " question, "
            kbd { "[p]" } " appel, " kbd { "[m]" } " message, " kbd { "[c]" } " fait avant accord. Une ligne qui commence par un espace continue la précédente, "
            "une date seule, " kbd { "22/11" } ", change de jour. Passé minuit, le jour change seul." }
    }
}

fn preview(scene: &Scene<'_>, lines: &[Line], wrong: usize) -> Markup {
    html! {
        section.panel.wide aria-labelledby="relecture" {
            header { h2 #relecture { "Ce qui a été compris" } span.muted.small { (plural(lines.len() as u64, "ligne", "lignes"))
                @if wrong > 0 { ", dont " b.down { (wrong) " à corriger" } } } }
            div.scrollx tabindex="0" role="group" aria-label="Lignes du cahier" { table {
                thead { tr { th.n scope="col" { "Ligne" } th scope="col" { "Heure" } th scope="col" { "Type" } th scope="col" { "Texte" } th scope="col" { "Dit par" } th scope="col" { "Responsable" } } }
                tbody { @for line in lines { tr { td.n { (line.number) } @match &line.read { Ok(logged) => (understood(scene, logged)), Err(why) => {
                    td.mono.small colspan="2" { (excerpt(&line.typed)) } td colspan="3" { span.error { (fr(why)) } } } } } } }
            } }
        }
    }
}

fn excerpt(typed: &str) -> String {
    super::entry_box::excerpt(typed)
}

fn understood(scene: &Scene<'_>, logged: &Logged) -> Markup {
    html! {
        td { (scene.local.day_and_time(logged.occurred_at.unwrap_or_default())) }
        td { (logged.entry_type.label()) @if logged.to_confirm { ", à confirmer" } }
        td.x { (fr(&logged.text)) }
        td { (fr(logged.speaker.as_deref().unwrap_or("–"))) }
        td { (fr(logged.owner.as_deref().unwrap_or("–"))) @if let Some(due) = logged.due_at { ", avant le " (scene.local.day_and_time(due)) } }
    }
}
