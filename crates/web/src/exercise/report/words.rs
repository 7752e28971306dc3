//! The words of the report: what to remember, what happened, what is recommended, who approves it.

use super::{path, told, writes};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, seen};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::outcome::ReportSet;
use maud::html;

/// `GET /exercices/{id}/retex/texte`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let told = told(&shared, &visitor, &id).await?;
    if !writes(&told.exercise, &visitor) {
        return Err(Fault::not_found());
    }
    let headline = super::page::headline(&told);
    Ok(edit(&shared, &visitor, &told.exercise, &headline, Filled::BLANK))
}

fn edit(shared: &Inner, visitor: &Visitor, exercise: &Exercise, headline: &str, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Texte du RETEX");
    let blank = ReportSet { headline: headline.to_owned(), ..ReportSet::default() };
    let known = exercise.report.as_ref();
    let set = known.map_or(&blank, |report| &report.current().value);
    let seen = known.map(|k| k.seen().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")).unwrap_or_default();
    let conflict = known.filter(|report| report.is_conflict());
    let body = html! {
        p.crumb { a href=(path(exercise.id)) { "RETEX" } }
        h1 { "Texte du RETEX" }
        p.lead { (fr("Les chiffres, la frise et les critères viennent du journal. Ici, vos mots.")) }
        @if conflict.is_some() { p.notice { (fr("Deux personnes ont écrit en même temps : relisez, puis enregistrez le bon texte.")) } }
        (filled.refusal(&["headline", "summary", "recommendations", "restitution", "validated_by"]))
        form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/exercices/" (exercise.id) "/retex" } {
            (stamps(shared, visitor))
            input type="hidden" name="supersedes" value=(seen);
            (filled.long(&Text { name: "headline", label: "Ce qu’il faut retenir, en une ou deux phrases", known: &set.headline, required: true, ..Text::default() }, 2))
            (filled.long(&Text { name: "summary", label: "Ce qui s’est passé", known: &set.summary, ..Text::default() }, 8))
            (filled.long(&Text { name: "recommendations", label: "Préconisations", known: &set.recommendations, hint: Some("Les préconisations des critères manqués sont proposées dans le rapport."), ..Text::default() }, 6))
            (filled.text(&Text { name: "restitution", label: "Jour du débriefing à froid", known: &set.restitution, example: Some("2026-12-15"), ..Text::default() }))
            (filled.text(&Text { name: "validated_by", label: "Validé par", known: &set.validated_by, hint: Some("Vide : le rapport reste un brouillon, et le dit."), ..Text::default() }))
            p.btns { button.btn { "Enregistrer" } }
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// `POST …/exercices/{id}/retex`.
pub(super) async fn set(State(shared): State<Shared>, Path((journal, id)): Path<(String, String)>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let told = match told(&shared, &sent.visitor, &id).await {
        Ok(told) if writes(&told.exercise, &sent.visitor) => told,
        Ok(_) => return Fault::not_found().into_response(),
        Err(fault) => return fault.into_response(),
    };
    let exercise = &told.exercise;
    let decide = |sent: &Sent| {
        let text = |name: &str| sent.fields.get(name).trim().to_owned();
        let set = ReportSet {
            headline: text("headline"),
            summary: text("summary"),
            recommendations: text("recommendations"),
            restitution: text("restitution"),
            validated_by: text("validated_by"),
            supersedes: seen(&sent.fields),
        };
        Ok(Outcome { drafts: vec![Event::ReportSet(set).draft(exercise.id)], next: path(exercise.id) })
    };
    let back = |sent: &Sent, fault: &Fault| edit(&shared, &sent.visitor, exercise, "", Filled::of(&sent.fields, fault));
    concluded(&shared, &journal, &sent, decide, back).await
}
