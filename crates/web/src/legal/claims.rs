//! What extortioners claim, and the deadlines they set. Nobody negotiates here.

use super::column::hours;
use super::evidence::named_by;
use super::of;
use crate::app::Shared;
use crate::attachments;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome, Scene, act, seen};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::legal::event::ClaimNoted;
use domain::versions::Versions;
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

fn page(scene: &Scene<'_>, filled: Filled<'_>) -> Response {
    let body = html! {
        div.roomhead { h1 { "Revendications" } a.noprint href={ (scene.room) "/plainte" } { "Dossier de plainte" } a.noprint href=(scene.room) { "Salle de crise" } }
        p.lead { (rule()) }
        (list(scene))
        @if scene.may_write() { (form(scene, filled)) }
    };
    scene.page("Revendications", filled.fault, &body)
}

/// The gesture that ships with the decision tree: do not answer, do not pay.
fn rule() -> Markup {
    let gestures = content::tree::tree().outcome.iter().flat_map(|outcome| &outcome.gestures);
    let shipped = gestures.into_iter().find(|gesture| gesture.key == "ne_pas_payer").map(|gesture| gesture.text.as_str());
    html! { (fr(shipped.unwrap_or("On ne négocie pas, on ne paie pas."))) " Notez ce qui est demandé, gardez les preuves, transmettez-les aux enquêteurs." }
}

/// All claims, with the time left before what they threaten.
pub(super) fn list(scene: &Scene<'_>) -> Markup {
    let noted = of(scene).map(domain::legal::Legal::claims_noted).unwrap_or_default();
    html! {
        section.panel.wide aria-labelledby="notees" {
            header { h2 #notees { "Ce qui est réclamé" } span.muted.small { (noted.len()) } }
            @if noted.is_empty() { p.empty { "Aucune revendication notée." } }
            @for claim in noted { (row(scene, claim)) }
        }
    }
}

fn row(scene: &Scene<'_>, claim: &Versions<ClaimNoted>) -> Markup {
    let told = &claim.current().value;
    html! {
        div.clock.full {
            b.title { (fr(&told.claimant)) @if !told.amount.is_empty() { ", " (fr(&told.amount)) } }
            span.left { @match told.deadline {
                Some(at) if at < scene.now => { "délai fixé passé depuis " (hours(scene.now.saturating_sub(at))) }
                Some(at) => { b { (hours(at.saturating_sub(scene.now))) } " " span.small.muted { "avant " (scene.short(at)) } }
                None => span.muted { "sans délai annoncé" },
            } }
            span.who.x { (fr(&told.demand)) }
            span.who.small { @if !told.channel.is_empty() { (fr("vu : ")) (fr(&told.channel)) ", " } "noté par "
                (fr(&scene.state.register.name(&claim.current().by))) " à " (scene.short(claim.current().wall))
                @for piece in &told.attachments { ", " a href=(attachments::link(piece)) { (piece.name) } }
                @if claim.is_conflict() { " " span.st.small.down { "conflit (" (claim.survivors().len()) ")" } } }
        }
    }
}

fn form(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    html! {
        section.panel.wide.noprint aria-labelledby="noter" {
            header { h2 #noter { "Noter une revendication" } }
            form.stacked method="post" enctype="multipart/form-data" action={ (scene.room) "/revendications" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["claimant", "demand", "amount", "channel", "deadline"]))
                (filled.text(&Text { name: "claimant", label: "Qui signe", required: true, ..Text::default() }))
                (filled.long(&Text { name: "demand", label: "Ce qu’ils disent, recopié exactement", required: true, ..Text::default() }, 4))
                (filled.text(&Text { name: "amount", label: "Somme, telle qu’écrite", ..Text::default() }))
                (filled.text(&Text { name: "channel", label: "Vu où", example: Some("message sur les postes, site, courriel"), ..Text::default() }))
                (filled.text(&Text { name: "deadline", label: "Délai qu’ils fixent", example: Some("+10j ou 01/12 12:00"), ..Text::default() }))
                p.field { label for="captures" { "Captures d’écran" } input #captures type="file" name="files" multiple; }
                p { button.btn { "Noter la revendication" } }
            }
        }
    }
}

/// `POST …/revendications`.
pub(super) async fn note(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let noted = ClaimNoted {
            claim: named_by(fields, "claim"),
            claimant: fields.get("claimant").trim().to_owned(),
            demand: fields.get("demand").trim().to_owned(),
            amount: fields.filled("amount").unwrap_or_default(),
            channel: fields.filled("channel").unwrap_or_default(),
            deadline: moment(fields, "deadline", &scene.local, scene.shared.now(), true)?,
            attachments: fields.files.clone(),
            supersedes: seen(fields),
        };
        let drafts = vec![Event::ClaimNoted(noted).draft(scene.crisis.id)];
        Ok(Outcome { drafts, next: format!("{}/revendications", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}
