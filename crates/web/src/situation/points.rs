//! The points told outside: to the SAMU, to the ARS. The text is proposed from the board, changed by people, sent by them.

use super::values::fill;
use crate::app::Shared;
use crate::attachments;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome, Scene, act};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use content::points::Point;
use domain::Event;
use domain::situation::Sent;
use domain::situation::event::PointSent;
use maud::{Markup, html};
use serde::Deserialize;

/// Ways a point leaves the house.
const CHANNELS: [&str; 5] = ["téléphone", "courriel", "coursier", "messagerie de santé", "radio"];
/// Lines of the text's field.
const TEXT_ROWS: u8 = 16;

/// Which model the address asks for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    modele: Option<String>,
}

/// `GET …/points`: those sent, and the form of the next one.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, asked.modele.as_deref(), Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

pub(super) fn page(scene: &Scene<'_>, model: Option<&str>, filled: Filled<'_>) -> Response {
    let mut sent: Vec<&Sent> = scene.situation().map(|s| s.points.iter().collect()).unwrap_or_default();
    sent.sort_by_key(|s| s.point.sent_at);
    let chosen = filled.fields.map(|f| f.get("model")).or(model).and_then(content::points::get);
    let body = html! {
        div.roomhead { h1 { "Points au SAMU et à l’ARS" }
            nav.crumbs aria-label="Crise" { a href=(scene.room) { "Salle de crise" } " · " a href={ (scene.room) "/offre" } { "Offre de soins" } } }
        p.lead { (fr(&last_sent(scene, &sent))) }
        @if scene.may_write() { (models(scene, chosen)) @if chosen.is_some() || filled.fields.is_some() { (form(scene, chosen, filled)) } }
        (list(scene, &sent))
    };
    scene.page("Points au SAMU et à l’ARS", filled.fault, &body)
}

fn last_sent(scene: &Scene<'_>, sent: &[&Sent]) -> String {
    match sent.last() {
        None => "Aucun point n’a encore été envoyé dehors.".to_owned(),
        Some(last) => {
            format!("Dernier point : {}, {}, par {}.", last.point.to, scene.short(last.point.sent_at), last.point.channel)
        }
    }
}

fn models(scene: &Scene<'_>, chosen: Option<&Point>) -> Markup {
    html! {
        nav.btns aria-label="Préparer un point" {
            @for model in content::points::all() {
                a.btn.ghost href={ (scene.room) "/points?modele=" (model.key) "#texte-point" } aria-current=[chosen.filter(|c| c.key == model.key).map(|_| "true")] { (fr(&model.title)) } }
        }
        @if let Some(model) = chosen { p.small.muted { (fr(&model.when)) " " (fr("Source : ")) (fr(&model.source)) ", " (model.status.label()) "." } }
    }
}

/// The model's text with what is known; `numéro` counts the points already sent to the same.
fn proposed(scene: &Scene<'_>, model: &Point, to: &str) -> String {
    let before = scene.situation().map_or(0, |s| s.points.iter().filter(|p| p.point.to == to).count());
    let rhythm = scene.situation().and_then(|_| scene.cells()?.sitting().first()?.next_at);
    fill(scene, &model.template, |name| match name {
        "numéro" => Some((before + 1).to_string()),
        "prochain_point" => rhythm.map(|at| format!("après la réunion de {}", scene.short(at))),
        _ => None,
    })
}

/// The name of whom a model is for: the register's partner, else the shipped one.
fn addressee(scene: &Scene<'_>, model: &Point) -> (String, String) {
    let partner = scene.state.register.partners.iter().map(|(_, p)| p).find(|p| p.code == model.partner);
    let shipped = || content::partners::all().iter().find(|p| p.key == model.partner).map(|p| p.name.clone());
    match partner {
        Some(partner) => (partner.name.clone(), partner.phone.clone()),
        None => (shipped().unwrap_or_else(|| model.partner.to_uppercase()), String::new()),
    }
}

fn form(scene: &Scene<'_>, model: Option<&Point>, filled: Filled<'_>) -> Markup {
    let (to, phone) = model.map(|m| addressee(scene, m)).unwrap_or_default();
    let text = model.map(|m| proposed(scene, m, &to)).unwrap_or_default();
    let me = scene.state.register.name(&scene.visitor.actor);
    let hint = if phone.is_empty() { "aucun numéro dans l’annuaire".to_owned() } else { format!("au {phone}") };
    html! {
        section.panel #texte-point aria-labelledby="preparer" {
            header { h2 #preparer { @if let Some(model) = model { (fr(&model.title)) } @else { "Point" } } }
            form.stacked.broad method="post" enctype="multipart/form-data" action={ (scene.room) "/points" } {
                (stamps(scene.shared, scene.visitor))
                input type="hidden" name="model" value=(model.map(|m| m.key.as_str()).unwrap_or_default());
                (filled.refusal(&["text", "to", "channel", "sent_by", "sent_at", "attachments"]))
                (filled.long(&Text { name: "text", label: "Texte", known: &text, hint: Some("complétez les pointillés ; des nombres, jamais un nom de patient"), required: true, ..Text::default() }, TEXT_ROWS))
                p.btns { button.btn.ghost.small type="button" data-copy="text" hidden { "Copier le texte" } button.btn.ghost.small type="button" data-print hidden { "Imprimer" } }
                p { "Envoyez-le, puis dites ici comment : c’est ce qui fait foi." }
                div.fields {
                    (filled.text(&Text { name: "to", label: "Envoyé à", known: &to, hint: Some(&hint), required: true, ..Text::default() }))
                    (filled.text(&Text { name: "channel", label: "Par", known: CHANNELS[0], list: Some("canaux"), required: true, ..Text::default() }))
                    (filled.text(&Text { name: "sent_by", label: "Envoyé par", known: &me, list: Some("personnes"), required: true, ..Text::default() }))
                    (filled.text(&Text { name: "sent_at", label: "À", example: Some("14:30"), hint: Some("vide : maintenant"), ..Text::default() }))
                    p.field { label for="preuve" { "Preuve d’envoi" } input #preuve type="file" name="files" multiple; (filled.beside("attachments"))
                        span.small.muted { "accusé de réception, capture, photo" } }
                }
                p { button.btn { "Noter comme envoyé" } }
                datalist #canaux { @for channel in CHANNELS { option value=(channel) {} } }
                datalist #personnes { @for (_, person) in scene.state.register.present() { option value=(person.name) {} } }
            }
        }
    }
}

fn list(scene: &Scene<'_>, sent: &[&Sent]) -> Markup {
    html! {
        section.panel aria-labelledby="envoyes" {
            header { h2 #envoyes { "Points envoyés" } span.muted.small { (sent.len()) } }
            @if sent.is_empty() { p.empty { "Aucun point envoyé. Le SAMU et l’ARS orientent les patients avec ce que vous leur dites : un premier point, même incomplet, vaut mieux qu’attendre." } }
            @for one in sent.iter().rev() { (sent_row(scene, one)) }
        }
    }
}

fn sent_row(scene: &Scene<'_>, sent: &Sent) -> Markup {
    let point = &sent.point;
    html! {
        details.sent id={ "p-" (journal::id::to_hex(&sent.id.as_bytes()[..8])) } {
            summary { b { (fr(&point.to)) } ", " (scene.short(point.sent_at)) ", par " (fr(&point.channel)) " " span.by { (fr(&point.sent_by))
                ", noté par " (fr(&scene.state.register.name(&sent.by))) } }
            p.words-sent { (fr(&point.text)) }
            @for piece in &point.attachments { p { a.piece href=(attachments::link(piece)) { (piece.name) } " " span.by { "(" (attachments::size(piece.len)) ")" } } }
        }
    }
}

/// `POST …/points`.
pub(super) async fn send(State(shared): State<Shared>, Path(path): Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let text = |name: &str| fields.get(name).trim().to_owned();
        let sent = PointSent {
            to: text("to"),
            channel: text("channel"),
            sent_at: moment(fields, "sent_at", &scene.local, scene.now, false)?.unwrap_or(scene.now),
            sent_by: text("sent_by"),
            text: text("text"),
            attachments: fields.files.clone(),
        };
        Ok(Outcome {
            drafts: vec![Event::PointSent(sent).draft(scene.crisis.id)],
            next: format!("{}/points#envoyes", scene.room),
        })
    };
    act(&shared, path, request, decide, |scene, fields, fault| page(scene, None, Filled::of(fields, fault))).await
}
