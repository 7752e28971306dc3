//! The list of evidence: what it is, where it is kept, who holds it, and the fingerprint of its content.

use super::complaint::{Refill, filled, page};
use super::of;
use crate::app::Shared;
use crate::attachments;
use crate::crisis::moment;
use crate::crisis::scene::{Outcome, Scene, act, seen};
use crate::crisis::stamps;
use crate::fields::Text;
use crate::form::Fields;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use domain::Event;
use domain::legal::event::EvidenceListed;
use journal::SubjectId;
use journal::entry::sha256;
use maud::{Markup, html};

/// Name of its form among those of the page.
const FORM: &str = "pieces";

pub(super) fn section(scene: &Scene<'_>, refill: Refill<'_>) -> Markup {
    let listed = of(scene).map(domain::legal::Legal::evidence_listed).unwrap_or_default();
    html! {
        section.panel.wide #pieces aria-labelledby="titre-pieces" {
            header { h2 #titre-pieces { "Inventaire des pièces" } span.muted.small { (listed.len()) } }
            @if listed.is_empty() { p.empty { "Aucune pièce. Photographiez les écrans, gardez le message de rançon tel quel, copiez les journaux, puis inscrivez-les ici." } }
            @else { div.scrollx tabindex="0" role="group" aria-label="Pièces" { table {
                thead { tr { th scope="col" { "N°" } th scope="col" { "Pièce" } th scope="col" { "Gardée" } th scope="col" { "Prise le" } th scope="col" { "Empreinte SHA-256" } } }
                tbody { @for (number, piece) in listed.iter().enumerate() {
                    @let now = &piece.current().value;
                    tr { td { (number + 1) }
                        td { b { (fr(&now.label)) } @if !now.note.is_empty() { br; span.small { (fr(&now.note)) } }
                            @if piece.is_conflict() { " " span.st.small.down { "conflit (" (piece.survivors().len()) ")" } } }
                        td { (fr(&now.place)) ", " (fr(&now.held_by)) }
                        td { @if let Some(at) = now.taken_at { (scene.local.day_and_time(at)) } @else { "–" } }
                        td { @for file in &now.attachments { a href=(attachments::link(file)) { (file.name) } br; span.mono.small.hash { (file.hash) } br; }
                            @if now.attachments.is_empty() { "–" } } }
                } }
            } } }
            @if scene.may_write() { (form(scene, refill)) }
            (reminder())
        }
    }
}

fn reminder() -> Markup {
    html! { details.noprint { summary { "Ce qu’il faut penser à garder" }
    ul { @for line in &content::complaint::complaint().evidence { li { (fr(&line.text)) } } } } }
}

fn form(scene: &Scene<'_>, refill: Refill<'_>) -> Markup {
    let filled = filled(refill, FORM);
    html! {
        details.noprint open[filled.fields.is_some()] { summary { "Inscrire une pièce" }
            form.stacked method="post" enctype="multipart/form-data" action={ (scene.room) "/plainte/pieces" } {
                (stamps(scene.shared, scene.visitor))
                (filled.refusal(&["label", "place", "held_by", "taken_at", "note"]))
                (filled.text(&Text { name: "label", label: "Ce que c’est", example: Some("Photo de l’écran du poste 12"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "place", label: "Où elle est gardée", example: Some("Coffre de la direction, enveloppe 3"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "held_by", label: "Sous la garde de qui", required: true, ..Text::default() }))
                (filled.text(&Text { name: "taken_at", label: "Prise quand", example: Some("05:40 ou 21/11 05:40"), ..Text::default() }))
                (filled.text(&Text { name: "note", label: "Précision", ..Text::default() }))
                p.field { label for="fichiers" { "Fichier, s’il peut être copié ici" } input #fichiers type="file" name="files" multiple;
                    span.small.muted { "Son empreinte est calculée et imprimée avec le dossier." } }
                p { button.btn.ghost { "Inscrire la pièce" } }
            } }
    }
}

/// `POST …/plainte/pieces`.
pub(super) async fn list(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let listed = EvidenceListed {
            evidence: named_by(fields, "evidence"),
            label: fields.get("label").trim().to_owned(),
            place: fields.get("place").trim().to_owned(),
            held_by: fields.get("held_by").trim().to_owned(),
            taken_at: moment(fields, "taken_at", &scene.local, scene.shared.now(), false)?,
            note: fields.filled("note").unwrap_or_default(),
            attachments: fields.files.clone(),
            supersedes: seen(fields),
        };
        let drafts = vec![Event::EvidenceListed(listed).draft(scene.crisis.id)];
        Ok(Outcome { drafts, next: format!("{}/plainte#pieces", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page(scene, Some((FORM, fields, fault)))).await
}

/// The id of a new item, named by the request so that the same form sent twice adds one.
pub(super) fn named_by(fields: &Fields, what: &str) -> SubjectId {
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&sha256(format!("{what} {}", fields.get("request")).as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}
