//! One obligation: what to do, who, whom to reach, the text ready to send, and the proof that it was sent.

use super::column::left;
use super::declaration::text;
use super::{link, of, outcome, who};
use crate::answer::Fault;
use crate::app::Shared;
use crate::attachments;
use crate::crisis::acts::ids;
use crate::crisis::scene::Scene;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::legal::Clock;
use domain::legal::event::Delay;
use maud::{Markup, html};

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id, key)): Path<(String, String, String)>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, &key, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// The page, the form that was refused filled in.
pub(super) fn page(scene: &Scene<'_>, key: &str, filled: Filled<'_>) -> Response {
    let Some(clock) = of(scene).and_then(|legal| legal.clocks.get(key)) else { return Fault::not_found().into_response() };
    let words = clock.words();
    let register = &scene.state.register;
    let due = of(scene).map(|legal| legal.due(clock, scene.crisis)).filter(|_| clock.is_running());
    let body = html! {
        div.roomhead { h1 { (fr(&words.title)) }
            span.left { @match (&due, clock.ending()) {
                (Some(due), _) => (left(scene, clock, due)),
                (None, Some(end)) => span.st.ok { (outcome(end.value.outcome)) },
                (None, None) => {},
            } }
            a.noprint href={ (scene.room) "/echeances" } { "Toutes les échéances" } }
        @if !words.what.is_empty() { p.lead { (fr(&words.what)) } }
        (conflict(scene, clock))
        @if !clock.is_running() { (too_late(filled)) }
        dl.kv {
            @if !words.who.is_empty() { dt { "Qui" } dd { (who::show(register, &words.who)) } }
            @if !words.whom.is_empty() { dt { "À qui" } dd { (fr(&words.whom)) } }
            @if !words.contact.is_empty() { dt { "Joindre" } dd { (fr(&words.contact)) " " (who::partner(register, clock.key())) } }
            @if !words.condition.is_empty() { dt { "Concerne" } dd { (fr(&words.condition)) } }
            @if !words.delay_words.is_empty() { dt { "Délai" } dd { (fr(&words.delay_words)) } }
            @if !words.basis.is_empty() { dt { "Règle" } dd { (fr(&words.basis)) } }
            @if !words.source.is_empty() { dt { "Source" } dd { (fr(&words.source)) ", édition du " (words.edition) ", " (words.status) } }
        }
        @match clock.ending() {
            Some(_) => (proof(scene, clock, filled)),
            None => (open(scene, clock, filled)),
        }
    };
    scene.page(&words.title, filled.fault, &body)
}

fn conflict(scene: &Scene<'_>, clock: &Clock) -> Markup {
    let both = clock.endings_in_conflict();
    html! { @if !both.is_empty() {
        p { span.st.down { "conflit (" (both.len()) ")" } (fr(" Deux personnes l’ont close sans se voir :"))
            @for end in &both { br; (outcome(end.value.outcome)) " à " (scene.short(end.value.at)) ", " (fr(&end.value.by))
                @if !end.value.reference.is_empty() { ", n° " (end.value.reference) } } }
    } }
}

/// What proves that it was done; and how to take it back.
fn proof(scene: &Scene<'_>, clock: &Clock, filled: Filled<'_>) -> Markup {
    let Some(end) = clock.ending() else { return html! {} };
    let told = &end.value;
    html! {
        dl.kv {
            dt { "Clos" } dd { (outcome(told.outcome)) " le " (scene.local.day_and_time(told.at)) " par " (fr(&told.by))
                ", noté par " (fr(&scene.state.register.name(&end.by))) " à " (scene.short(end.wall)) }
            @if !told.channel.is_empty() { dt { "Par" } dd { (fr(&told.channel)) } }
            @if !told.reference.is_empty() { dt { "Numéro reçu" } dd { (told.reference) } }
            @if !told.reason.is_empty() { dt { "Motif" } dd { (fr(&told.reason)) } }
            @for piece in &told.attachments { dt { "Pièce" } dd { a href=(attachments::link(piece)) { (piece.name) }
                " " span.by { "(" (attachments::size(piece.len)) ", SHA-256 " span.mono.hash { (piece.hash) } ")" } } }
        }
        @if !told.text.is_empty() { details { summary { "Texte envoyé" } pre.letter { (told.text) } } }
        @if scene.may_write() { (reopen(scene, clock, filled)) }
    }
}

fn reopen(scene: &Scene<'_>, clock: &Clock, filled: Filled<'_>) -> Markup {
    let filled = only(filled, "reopened");
    html! {
        details.noprint open[filled.fields.is_some()] { summary { (fr("Rouvrir : ce n’était pas fait")) }
            form.stacked method="post" action={ (link(scene, clock.key())) "/clore" } {
                (hidden(scene, clock)) input type="hidden" name="outcome" value="reopened";
                (filled.refusal(&["reason"]))
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                p { button.btn.ghost { "Rouvrir cette échéance" } }
            } }
    }
}

fn hidden(scene: &Scene<'_>, clock: &Clock) -> Markup {
    let seen = clock.endings.as_ref().map(domain::versions::Versions::seen).unwrap_or_default();
    html! { (stamps(scene.shared, scene.visitor)) input type="hidden" name="supersedes" value=(ids(&seen)); }
}

/// The text to send and the form that says it was sent.
fn open(scene: &Scene<'_>, clock: &Clock, filled: Filled<'_>) -> Markup {
    let (letter, blank) = text(scene, clock);
    html! {
        @if clock.words().delay == Delay::Local && scene.may_write() { (dating(scene, clock, filled)) }
        @if !letter.is_empty() {
            @if !blank.is_empty() { p.small { span.st.warn.small { "à compléter à la main" } " " (blank.join(", ")) "." } }
            pre.letter { (letter) }
        }
        @if scene.may_write() {
            p.noprint.btns data-copy hidden { button.btn.ghost.small type="button" { "Copier le texte" } }
            details.noprint open[only(filled, "sent").fields.is_some()] { summary { (fr("C’est fait : noter la preuve")) } (sent(scene, clock, &letter, filled)) }
            details.noprint open[only(filled, "not_applicable").fields.is_some()] { summary { "Sans objet" } (not_applicable(scene, clock, filled)) }
        }
    }
}

fn sent(scene: &Scene<'_>, clock: &Clock, letter: &str, filled: Filled<'_>) -> Markup {
    let filled = only(filled, "sent");
    let named =
        |name: &'static str, label: &'static str, hint: Option<&'static str>| Text { name, label, hint, ..Text::default() };
    html! {
        form.stacked method="post" enctype="multipart/form-data" action={ (link(scene, clock.key())) "/clore" } {
            (hidden(scene, clock)) input type="hidden" name="outcome" value="sent";
            (filled.refusal(&["at", "by", "channel", "reference", "text"]))
            (filled.text(&named("at", "Heure de l’envoi", Some("vide : maintenant"))))
            (filled.text(&named("by", "Par qui", Some("vide : vous"))))
            (filled.text(&named("channel", "Comment", Some("portail, téléphone, courrier remis en main propre…"))))
            (filled.text(&named("reference", "Numéro ou récépissé reçu", None)))
            (filled.long(&Text { name: "text", label: "Texte envoyé", known: letter, ..Text::default() }, 8))
            p.field { label for="pieces" { (fr("Preuve : récépissé, copie d’écran")) } input #pieces type="file" name="files" multiple; }
            p { button.btn.ghost { "Noter que c’est fait" } }
        }
    }
}

fn not_applicable(scene: &Scene<'_>, clock: &Clock, filled: Filled<'_>) -> Markup {
    let filled = only(filled, "not_applicable");
    html! {
        form.stacked method="post" action={ (link(scene, clock.key())) "/clore" } {
            (hidden(scene, clock)) input type="hidden" name="outcome" value="not_applicable";
            (filled.refusal(&["reason"]))
            (filled.text(&Text { name: "reason", label: "Pourquoi elle ne s’applique pas", required: true, ..Text::default() }))
            p { button.btn.ghost { "Noter sans objet" } }
        }
    }
}

fn dating(scene: &Scene<'_>, clock: &Clock, filled: Filled<'_>) -> Markup {
    let filled = only(filled, "");
    let known = clock.words().due_at.map(|at| scene.typed(at)).unwrap_or_default();
    html! {
        form.inline.noprint method="post" action={ (link(scene, clock.key())) "/dater" } {
            (stamps(scene.shared, scene.visitor))
            input type="hidden" name="supersedes" value=(ids(&clock.adopted.seen()));
            (filled.refusal(&["due_at"]))
            (filled.text(&Text { name: "due_at", label: "Date limite locale", known: &known, example: Some("27/11 12:00"), ..Text::default() }))
            button.btn.ghost.small { "Fixer la date" }
        }
    }
}

/// Somebody else closed it first: what was refused, and what was typed, to be compared with the proof below.
fn too_late(filled: Filled<'_>) -> Markup {
    let typed = filled.fields.filter(|fields| fields.get("outcome") != "reopened");
    html! { @if let (Some(fault), Some(fields)) = (filled.fault, typed) {
        p.error role="alert" { (fr(&fault.sentence)) }
        p { (fr("Ce que vous aviez tapé n’est pas enregistré. Le voici :")) }
        pre.letter { @for name in ["at", "by", "channel", "reference", "reason", "text"] { @if let Some(text) = fields.filled(name) { (text) "\n" } } }
    } }
}

/// What came back, if it is of the form with this outcome.
fn only<'a>(filled: Filled<'a>, outcome: &str) -> Filled<'a> {
    if filled.fields.is_some_and(|fields| fields.get("outcome") == outcome) { filled } else { Filled::BLANK }
}
