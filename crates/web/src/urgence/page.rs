//! The page of somebody alone on duty.

use super::contacts::{self, Contact, dialled};
use crate::answer::Fault;
use crate::app::Inner;
use crate::crisis::{room_path, stamps};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use content::urgence::{Section, Sheet};
use domain::crisis::{Crisis, LogEntry};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Lines of the log looked at for what was done already, newest first.
const LINES_LOOKED_AT_MAX: usize = 5_000;
/// Lines of the log shown at the end.
const LINES_SHOWN: usize = 10;
/// The kind of establishment whose sheet is shown when nobody said what it is.
const USUAL_KIND: &str = "ehpad";

/// What the page shows.
struct Urgence<'a> {
    page: Page<'a>,
    /// The crisis that runs.
    crisis: Option<&'a Crisis>,
    /// What was done, by the words that say so: the last line of each.
    done: BTreeMap<&'a str, &'a LogEntry>,
    /// Whether ticks and notes are offered.
    acts: bool,
}

pub(super) fn show(shared: &Inner, visitor: &Visitor, typed: &str, fault: Option<&Fault>) -> Response {
    let state = &visitor.view.state;
    let crisis = super::running(state);
    let page = Page::new(shared, visitor, Place::Crisis, "Urgence");
    let page = match crisis {
        Some(crisis) => page.about(crisis),
        None => page,
    };
    let lines = crisis.iter().flat_map(|crisis| crisis.log.iter().rev().take(LINES_LOOKED_AT_MAX));
    let mut done = BTreeMap::new();
    for line in lines {
        if let Some(words) = line.words() {
            done.entry(words).or_insert(line);
        }
    }
    let acts = crisis.is_some() && visitor.may_write();
    let shown = Urgence { page, crisis, done, acts };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    (status, shown.page.render(&shown.body(typed, fault))).into_response()
}

impl Urgence<'_> {
    fn body(&self, typed: &str, fault: Option<&Fault>) -> Markup {
        let register = &self.page.visitor.view.state.register;
        let kind = register.kind.map_or(USUAL_KIND, |kind| kind.content_kind());
        let sheet = content::urgence::of(kind);
        let refused = fault.filter(|fault| fault.field.is_none());
        html! {
            div.urgence {
                h1 { (fr(sheet.map_or("Urgence", |sheet| sheet.title.as_str()))) }
                @if let Some(fault) = refused { p.error role="alert" { (fr(&fault.sentence)) } }
                @if let Some(sheet) = sheet { p.lead { (fr(&sheet.intro)) } }
                @if self.crisis.is_none() { (self.opening()) }
                (self.calls(&self.whom()))
                @for section in sheet.iter().flat_map(|sheet| &sheet.sections) { (self.section(section)) }
                @if let Some(crisis) = self.crisis { (self.last(crisis)) }
                @if let Some(sheet) = sheet { (source(sheet)) }
                @if let (true, Some(crisis)) = (self.acts, self.crisis) { (self.note(crisis, typed, fault)) }
            }
        }
    }

    /// One button, before anything else.
    fn opening(&self) -> Markup {
        let page = &self.page;
        html! {
            @if page.visitor.may_write() {
                form method="post" action={ "/journaux/" (page.shared.ledger.id()) "/urgence" } {
                    (stamps(page.shared, page.visitor))
                    button.btn.alarm { "Ça ne marche plus" (fr(" : ")) "ouvrir" }
                }
                p.muted { "Un doute suffit. L’heure est notée, vous cochez ensuite ce que vous faites." }
            } @else { p.muted { "Vous lisez sans écrire" (fr(" : ")) "prévenez la personne de garde, c’est elle qui ouvre." } }
        }
    }

    /// Whom to call: everybody of the list but oneself.
    fn whom(&self) -> Vec<Contact> {
        let register = &self.page.visitor.view.state.register;
        let me = register.name(&self.page.visitor.actor);
        let mut all = contacts::in_order(register, self.page.now);
        all.retain(|contact| contact.who != me);
        all
    }

    fn calls(&self, all: &[Contact]) -> Markup {
        let now = self.page.now;
        let alone = self.page.visitor.view.state.register.on_duty(now).is_empty();
        html! {
            section.panel aria-labelledby="qui" {
                header { h2 #qui { "Qui appeler, dans cet ordre" } }
                @if alone { p.empty { "Aucune astreinte n’est inscrite pour cette heure"
                    (fr(" : ")) "suivez la liste, ou la feuille près du téléphone." } }
                ol.calls { @for (at, contact) in all.iter().enumerate() { (self.contact(contact, &format!("qui-{at}"))) } }
            }
        }
    }

    fn contact(&self, contact: &Contact, place: &str) -> Markup {
        let words = contact.called();
        html! {
            li id=(place) {
                div.who { b { (fr(&contact.who)) } @if !contact.what.is_empty() { " " span.muted { (fr(&contact.what)) } }
                    @if !contact.hint.is_empty() { br; span.small.muted { (fr(&contact.hint)) } } }
                div.dial {
                    @for phone in &contact.phones { a.btn.ghost href={ "tel:" (dialled(phone)) } {
                        span.out { "Appeler " (contact.who) (fr(" : ")) } (phone) } }
                    @if contact.phones.is_empty() { span.warn { "▲ numéro non renseigné" } }
                    @if contact.unverified { span.small.muted { "numéro jamais vérifié ici" } }
                    @if !contact.phones.is_empty() { (self.tick("call", &words, "Appelé", place)) }
                }
            }
        }
    }

    fn section(&self, section: &Section) -> Markup {
        let called = contacts::named(&self.page.visitor.view.state.register, &section.call);
        let id = format!("s-{}", section.key);
        html! {
            section.panel aria-labelledby=(id) {
                header { h2 id=(id) { (fr(&section.title)) } }
                // Whom to call first is the list above; here, whom this matter needs besides.
                @if section.key != "appeler" && !called.is_empty() {
                    ul.calls { @for (at, contact) in called.iter().enumerate() {
                        (self.contact(contact, &format!("{}-{at}", section.key))) } }
                }
                ul.gestures { @for gesture in &section.gestures { (self.gesture(&format!("{}_{}", section.key, gesture.key), &gesture.text)) } }
            }
        }
    }

    fn gesture(&self, place: &str, text: &str) -> Markup {
        let words = format!("Fait : {text}");
        let done = self.done.get(words.as_str());
        html! {
            li.done[done.is_some()] id=(place) {
                span { (fr(text)) }
                (self.tick("fact", &words, "Fait", place))
            }
        }
    }

    /// When it was done and by whom, else the button that says so.
    fn tick(&self, entry_type: &str, words: &str, button: &str, place: &str) -> Markup {
        let Some(crisis) = self.crisis else { return html! {} };
        let room = room_path(self.page.shared, crisis);
        if let Some(line) = self.done.get(words) {
            let by = self.page.visitor.view.state.register.name(&line.typist);
            return html! { a.st.ok.when href={ (room) "/entrees/" (line.id) } {
            (button) " à " (self.page.local.short(line.happened_at(), self.page.now)) span.small.muted { (fr(&by)) } } };
        }
        html! { @if self.acts {
            form method="post" action={ (room) "/urgence" } {
                (stamps(self.page.shared, self.page.visitor))
                input type="hidden" name="type" value=(entry_type);
                input type="hidden" name="text" value=(words);
                input type="hidden" name="place" value=(place);
                button.btn.ghost { span.box aria-hidden="true" {} (button) span.out { (fr(" : ")) (words) } }
            }
        } }
    }

    fn last(&self, crisis: &Crisis) -> Markup {
        let local = &self.page.local;
        let room = room_path(self.page.shared, crisis);
        html! {
            section.panel aria-labelledby="ecrit" {
                header { h2 #ecrit { "Ce qui est écrit" } a.more.small href=(room) { "Tout lire" } }
                @if crisis.log.is_empty() { p.empty { "Rien encore. Ce que vous cochez et notez s’écrit ici, avec l’heure." } }
                ol.lines { @for line in crisis.log.iter().rev().take(LINES_SHOWN) { li {
                    a href={ (room) "/entrees/" (line.id) } { (local.short(line.happened_at(), self.page.now)) } " "
                    span { (fr(line.words().unwrap_or("Texte effacé à la demande de deux personnes."))) } " "
                    span.small.muted { (fr(&self.page.visitor.view.state.register.name(&line.typist))) }
                } } }
            }
        }
    }

    /// Always within reach of the thumb.
    fn note(&self, crisis: &Crisis, typed: &str, fault: Option<&Fault>) -> Markup {
        let problem = fault.and_then(|fault| fault.on("text"));
        html! {
            form.note method="post" action={ (room_path(self.page.shared, crisis)) "/urgence" } {
                (stamps(self.page.shared, self.page.visitor))
                input type="hidden" name="note" value="1";
                @if let Some(sentence) = problem { p.error #e-note role="alert" { (fr(sentence)) } }
                label for="note" { "Noter ce que je vois, ce que je fais" }
                div.line {
                    textarea #note name="text" rows="1" aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "e-note")] {
                        (crate::sign_in::newline_kept(typed)) }
                    button.btn { "Noter" }
                }
            }
        }
    }
}

fn source(sheet: &Sheet) -> Markup {
    let words = format!("{}. Source : {}, édition du {} ({}).", sheet.title, sheet.source, sheet.edition, sheet.status.label());
    html! { p.small.muted { (fr(&words)) } }
}
