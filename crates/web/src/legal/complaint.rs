//! The complaint file: questions answered over time, facts from the log, evidence with its fingerprints; one document to print.

use super::of;
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::crisis::scene::{Outcome, Scene, act, seen};
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::form::Fields;
use crate::session::Visitor;
use crate::sign_in::newline_kept;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use content::complaint::{Question, complaint};
use domain::Event;
use domain::legal::event::ComplaintAnswered;
use domain::versions::Versions;
use maud::{Markup, html};

/// A form of this page that came back: the name of its question (or `pieces`), its fields, why it was refused.
pub(super) type Refill<'a> = Option<(&'a str, &'a Fields, &'a Fault)>;

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, None),
        Err(fault) => fault.into_response(),
    }
}

pub(super) fn page(scene: &Scene<'_>, refill: Refill<'_>) -> Response {
    let shipped = complaint();
    let answers = of(scene).map_or(0, |legal| legal.complaint.len());
    let body = html! {
        div.roomhead { h1 { "Dossier de plainte" }
            a.noprint href={ (scene.room) "/echeances/plainte" } { "Échéance et texte de la plainte" }
            button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" } }
        p.lead { (fr(&scene.state.register.establishment)) (fr(" : ")) (fr(&scene.crisis.title)) ", connu le "
            (scene.local.day_and_time(scene.crisis.known_at)) ". " (answers) " réponses sur " (shipped.question.len()) "." }
        p { (fr(&shipped.intro)) }
        section.panel.wide aria-labelledby="questions" {
            header { h2 #questions { "Les faits, en neuf questions" } }
            @for (number, question) in shipped.question.iter().enumerate() { (asked(scene, number + 1, question, refill)) }
        }
        (chronology(scene))
        (super::evidence::section(scene, refill))
        (super::claims::list(scene))
        (how(scene))
    };
    scene.page("Dossier de plainte", refill.map(|(_, _, fault)| fault), &body)
}

fn asked(scene: &Scene<'_>, number: usize, question: &Question, refill: Refill<'_>) -> Markup {
    let known = of(scene).and_then(|legal| legal.complaint.get(&question.key));
    let refill = refill.filter(|(key, ..)| *key == question.key);
    let text = match (refill, known) {
        (Some((_, fields, _)), _) => fields.get("answer").to_owned(),
        (None, Some(known)) => known.current().value.answer.clone(),
        (None, None) => String::new(),
    };
    let id = format!("r-{}", question.key);
    html! {
        article.question {
            h3 { (number) ". " (fr(&question.text)) }
            @match known { Some(known) => (answers(scene, known)), None => p.blank { span.noprint.muted { "Pas encore de réponse." } } }
            @if scene.may_write() {
                details.noprint open[refill.is_some()] { summary { @if known.is_some() { "Compléter la réponse" } @else { "Répondre" } }
                    form.stacked method="post" action={ (scene.room) "/plainte/" (question.key) } {
                        (stamps(scene.shared, scene.visitor))
                        input type="hidden" name="supersedes" value=(ids(&known.map(Versions::seen).unwrap_or_default()));
                        @if let Some((_, _, fault)) = refill { p.error role="alert" { (fr(&fault.sentence)) } }
                        p.field { label for=(id) { "Réponse" } textarea id=(id) name="answer" rows="5" aria-describedby={ (id) "-a" } { (newline_kept(&text)) }
                            span.small.muted id={ (id) "-a" } { (fr(&question.help)) } }
                        p { button.btn.ghost { "Enregistrer la réponse" } }
                    } }
            }
        }
    }
}

fn answers(scene: &Scene<'_>, known: &Versions<ComplaintAnswered>) -> Markup {
    let shown = known.survivors();
    let conflict = shown.len() > 1;
    html! {
        @if conflict { p { span.st.small.down { "conflit (" (shown.len()) ")" } (fr(" Deux réponses ont été écrites à part : gardez-en une.")) } }
        @for write in &shown {
            p.x { (fr(&write.value.answer)) }
            p.by { (fr(&scene.state.register.name(&write.by))) ", le " (scene.local.day_and_time(write.wall))
                @if known.is_rewritten() { ", version " (known.all().count()) } }
        }
    }
}

/// What the log says that a complaint needs: the times, then the decisions and what was done.
fn chronology(scene: &Scene<'_>) -> Markup {
    let crisis = scene.crisis;
    let mut lines: Vec<_> = crisis.decisions().filter(|e| e.standing.has_authority() && e.text.is_some()).collect();
    lines.sort_by_key(|e| e.happened_at());
    html! {
        section.panel.wide aria-labelledby="chronologie" {
            header { h2 #chronologie { "Chronologie tirée de la main courante" } a.small.noprint href={ (scene.room) "/main-courante" } { "Toute la main courante" } }
            table { tbody {
                tr { td { (scene.local.day_and_time(crisis.occurred_at)) } td { "Début estimé" } }
                @if let Some(at) = crisis.detected_at { tr { td { (scene.local.day_and_time(at)) } td { "Premier signe vu" } } }
                tr { td { (scene.local.day_and_time(crisis.known_at)) } td { "Connu de l’établissement" } }
                tr { td { (scene.local.day_and_time(crisis.opened_wall)) } td { "Crise ouverte" } }
                @for line in lines { tr {
                    td { (scene.local.day_and_time(line.happened_at())) }
                    td { (fr("Décision : ")) (fr(line.words().unwrap_or_default())) " " span.by { (fr(&line.speaker.clone().unwrap_or_else(|| scene.state.register.name(&line.typist)))) } }
                } }
            } }
        }
    }
}

fn how(scene: &Scene<'_>) -> Markup {
    let shipped = complaint();
    html! {
        section.panel.wide.noprint aria-labelledby="comment" {
            header { h2 #comment { "Comment porter plainte" } }
            @for way in &shipped.way { h3 { (fr(&way.title)) } p { (fr(&way.text)) } }
            h3 { "Pourquoi" } ul { @for line in &shipped.reason { li { (fr(&line.text)) } } }
            p.small.muted { (fr("Source : ")) (fr(&shipped.source)) ", édition du " (shipped.edition)
                @if let Some(status) = shipped.status { ", " (status.label()) } }
            p { a href={ (scene.room) "/revendications" } { "Revendications de l’attaquant" } }
        }
    }
}

/// `POST …/plainte/{key}`.
pub(super) async fn answer(
    State(shared): State<Shared>,
    Path((journal, id, key)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let question = content::complaint::question(&key).ok_or_else(Fault::not_found)?;
        let answered = ComplaintAnswered {
            key: question.key.clone(),
            question: question.text.clone(),
            answer: fields.get("answer").trim().to_owned(),
            supersedes: seen(fields),
        };
        let drafts = vec![Event::ComplaintAnswered(answered).draft(scene.crisis.id)];
        Ok(Outcome { drafts, next: format!("{}/plainte#r-{}", scene.room, question.key) })
    };
    let give_back = |scene: &Scene<'_>, fields: &Fields, fault: &Fault| page(scene, Some((&key, fields, fault)));
    act(&shared, (journal, id), request, decide, give_back).await
}

/// What came back of the form of that name.
pub(super) fn filled<'a>(refill: Refill<'a>, name: &str) -> Filled<'a> {
    refill.filter(|(key, ..)| *key == name).map_or(Filled::BLANK, |(_, fields, fault)| Filled::of(fields, fault))
}
