//! One entry: who said it and who typed it, when, all its versions, what it is worth, and what may be done with it.

use super::acts::ids;
use super::{badges, crisis, entry, room_path, stamps};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::attachments;
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::sign_in::newline_kept;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::crisis::event::EntryType;
use domain::crisis::{Crisis, LogEntry};
use journal::ActorId;
use maud::{Markup, html};

/// A form of this page to show filled in: its name, its fields, and why it was refused, if it was.
pub(super) type Refill<'a> = Option<(&'a str, &'a Fields, Option<&'a Fault>)>;

pub(crate) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id, line)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let crisis = crisis(&shared, &visitor, &visitor.view.state, &journal, &id)?;
    Ok(page(&shared, &visitor, crisis, entry(crisis, &line)?, None))
}

/// The page.
pub(super) fn page(shared: &Inner, visitor: &Visitor, crisis: &Crisis, entry: &LogEntry, refill: Refill<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Crisis, "Une entrée").about(crisis);
    let status = refill.and_then(|(_, _, fault)| fault).map_or(StatusCode::OK, |f| f.status);
    let room = room_path(shared, crisis);
    let detail = Detail { page: &page, crisis, entry, path: format!("{room}/entrees/{}", entry.id), refill };
    let body = html! {
        div.roomhead { h1 { (entry.entry_type.label()) " de " (page.local.time(entry.happened_at())) }
            a href={ (room) "#e-" (super::log::short(&entry.id)) } { "Revenir à la salle de crise" } }
        (detail.words())
        (detail.facts())
        (detail.carried_out())
        (detail.assignments())
        @if visitor.may_write() { (detail.forms()) }
        @if visitor.may_erase() { div.forms { (detail.erasure()) } }
    };
    (status, page.render(&body)).into_response()
}

struct Detail<'a> {
    page: &'a Page<'a>,
    crisis: &'a Crisis,
    entry: &'a LogEntry,
    path: String,
    refill: Refill<'a>,
}

impl Detail<'_> {
    fn name(&self, actor: &ActorId) -> String {
        fr(&self.page.visitor.view.state.register.name(actor)).into_owned()
    }

    fn when(&self, ms: i64) -> String {
        self.page.local.day_and_time(ms)
    }

    /// The words, newest version first, those replaced struck through.
    fn words(&self) -> Markup {
        let Some(text) = &self.entry.text else {
            return html! { p.lead.muted { "Le texte a été effacé à la demande de deux personnes. L’empreinte et la place de l’entrée restent." } };
        };
        let alive: Vec<_> = text.survivors().iter().map(|w| w.id).collect();
        html! {
            ol.versions { @for write in text.all().collect::<Vec<_>>().into_iter().rev() {
                li {
                    @if alive.contains(&write.id) { p.lead.x { (fr(&write.value)) } } @else { p { del.x { (fr(&write.value)) } } }
                    p.by { @if write.id == text.first().id { "saisi" } @else { "corrigé" } " le " (self.when(write.wall)) " par " (self.name(&write.by))
                        ", " span.mono { (write.id.short()) } }
                }
            } }
            @for (id, remark) in &self.entry.remarks {
                p { span.st.small.unknown { "remarque sans autorité" } " " (fr(remark)) " " span.by.mono { (id.short()) } }
            }
            @for piece in &self.entry.attachments {
                p { a.piece href=(attachments::link(piece)) { (piece.name) } " " span.by { "(" (attachments::size(piece.len)) ", SHA-256 "
                    span.mono { (piece.hash) } ")" } }
            }
        }
    }

    fn facts(&self) -> Markup {
        let entry = self.entry;
        let place = self.crisis.place(&entry.id).and_then(|place| usize::try_from(place).ok());
        let contradicted = place.and_then(|p| self.crisis.contradicted_since(p).first().copied()).unwrap_or(false);
        html! {
            dl.kv {
                dt { "Dit par" } dd { (fr(&entry.speaker.clone().unwrap_or_else(|| self.name(&entry.typist)))) }
                dt { "Saisi par" } dd { (self.name(&entry.typist)) ", le " (self.when(entry.wall)) }
                @if let Some(at) = entry.occurred_at { dt { "Heure du fait" } dd { (self.when(at)) } }
                @if let Some(closing) = entry.closed_by.and_then(|id| self.crisis.entry(&id)) {
                    dt { @if entry.entry_type == EntryType::Question { "Répondu" } @else { "Fait" } }
                    dd { (self.when(closing.happened_at())) (fr(" : ")) a href={ (room_path(self.page.shared, self.crisis)) "/entrees/" (closing.id) } {
                        (fr(closing.words().unwrap_or("texte effacé"))) } }
                }
                @for (mark, words) in badges::of(entry, contradicted) {
                    dt { "Mention" } dd { span class={ "st " (mark) } { (words) } " " (badges::meaning(&words).unwrap_or_default()) }
                }
                @if let Some(decision) = entry.carries_out.and_then(|id| self.crisis.entry(&id)) {
                    dt { "Met en œuvre" } dd { a href={ (room_path(self.page.shared, self.crisis)) "/entrees/" (decision.id) } { (fr(decision.words().unwrap_or("décision"))) } }
                }
                @if let Some(activity) = entry.activity.and_then(|id| super::filter::name_of(self.page.visitor, &id)) { dt { "Activité" } dd { (fr(&activity)) } }
                @if let Some(approval) = &entry.approval { dt { "Confirmé" } dd { "par " (self.name(&approval.by)) ", le " (self.when(approval.wall)) } }
                dt { "Empreinte" } dd.mono.small.hash { (entry.id) }
            }
        }
    }

    /// Actions that carry a decision out, and a form to add one.
    fn carried_out(&self) -> Markup {
        let entry = self.entry;
        if entry.entry_type != EntryType::Decision {
            return html! {};
        }
        let actions: Vec<&LogEntry> = entry.carried_out_by.iter().filter_map(|id| self.crisis.entry(id)).collect();
        let room = room_path(self.page.shared, self.crisis);
        html! {
            section.panel.wide aria-labelledby="actions" {
                header { h2 #actions { "Actions qui la mettent en œuvre" } span.muted.small { (actions.len()) } }
                @if actions.is_empty() { p.empty { "Aucune. Une action dit qui fait quoi, et pour quand." } }
                @for action in actions { @let assigned = action.assigned();
                    p.rowline { a href={ (room) "/entrees/" (action.id) } { (fr(action.words().unwrap_or("texte effacé"))) } " "
                        span.muted { (fr(assigned.owner.as_deref().unwrap_or("personne")))
                            @if let Some(due) = assigned.due_at { ", avant le " (self.when(due)) } }
                        " " @if action.closed_by.is_some() { span.st.small.ok { "fait" } } @else if action.is_late(self.page.now) { span.st.small.down { "en retard" } } } }
                @if self.page.visitor.may_write() { (self.new_action(&room)) }
            }
        }
    }

    fn new_action(&self, room: &str) -> Markup {
        html! {
            form.inline.noprint #nouvelle-action method="post" action={ (room) "/entrees" } {
                (stamps(self.page.shared, self.page.visitor))
                input type="hidden" name="entry_type" value="action";
                input type="hidden" name="carries_out" value=(self.entry.id);
                p.field { label for="action-texte" { "Ajouter une action" } input #action-texte name="text" autocomplete="off" required; }
                p.field { label for="action-qui" { "Responsable" } input #action-qui name="owner" autocomplete="off"; }
                p.field { label for="action-quand" { "Échéance" } input #action-quand name="due_at" placeholder="+2h ou 14:30" autocomplete="off"; }
                button.btn.ghost.small { "Ajouter" }
            }
        }
    }

    fn assignments(&self) -> Markup {
        let Some(assignment) = &self.entry.assignment else { return html! {} };
        let alive: Vec<_> = assignment.survivors().iter().map(|w| w.id).collect();
        html! {
            section.panel.wide aria-labelledby="attributions" {
                header { h2 #attributions { "Attribution" } }
                table { @for write in assignment.all() {
                    @let current = alive.contains(&write.id);
                    tr.struck[!current] {
                        td { (fr(write.value.owner.as_deref().unwrap_or("personne"))) }
                        td { @match write.value.due_at { Some(due) => { "avant le " (self.when(due)) }, None => "sans échéance" }
                            @if let Some(at) = write.value.review_at { ", à revoir le " (self.when(at)) } }
                        td.muted { "noté le " (self.when(write.wall)) " par " (self.name(&write.by)) }
                    }
                } }
            }
        }
    }

    fn forms(&self) -> Markup {
        let entry = self.entry;
        html! {
            div.forms {
                @if entry.awaits_approval() && self.page.visitor.may_erase() {
                    (self.form("confirmer", "Fait avant accord", html! {
                        p { "Cet acte a été fait avant que quelqu’un l’approuve. Le confirmer dit qu’il est approuvé, par vous, maintenant." }
                    }, "Confirmer cet acte"))
                }
                @if let Some(text) = &entry.text {
                    (self.form("corriger", "Corriger", html! {
                        input type="hidden" name="supersedes" value=(ids(&text.seen()));
                        (self.area("corriger", "Les mots justes", &text.current().value))
                        p.small.muted { "L’ancien texte reste visible, barré. Rien ne s’efface." }
                    }, "Corriger"))
                }
                @if let Some(assignment) = &entry.assignment {
                    @let assigned = entry.assigned();
                    @let due = assigned.due_at.map(|due| self.page.local.short(due, self.page.now)).unwrap_or_default();
                    (self.form("attribuer", "Attribuer", html! {
                        input type="hidden" name="supersedes" value=(ids(&assignment.seen()));
                        (self.line("attribuer", "owner", "Responsable", assigned.owner.as_deref().unwrap_or_default(), ""))
                        (self.line("attribuer", "due_at", "Échéance", &due, "+2h, 14:30 ou 22/11 14:30"))
                        @if entry.entry_type == EntryType::Decision {
                            @let review = assigned.review_at.map(|at| self.page.local.short(at, self.page.now)).unwrap_or_default();
                            (self.line("attribuer", "review_at", "À revoir", &review, "+4h ou 18:00"))
                        }
                    }, "Attribuer"))
                    @if entry.closed_by.is_none() {
                        @let question = entry.entry_type == EntryType::Question;
                        (self.form("clore", if question { "Répondre" } else { "C’est fait" }, html! {
                            (self.area("clore", if question { "La réponse" } else { "Ce qui a été fait (facultatif)" }, ""))
                        }, if question { "Noter la réponse" } else { "Noter que c’est fait" }))
                    }
                }
            }
        }
    }

    /// For two people of rank: what should never have been written (the name of a patient) can be dropped.
    fn erasure(&self) -> Markup {
        let entry = self.entry;
        if entry.text.is_none() || entry.entry_type == EntryType::Decision {
            return html! {};
        }
        let me = self.page.visitor.actor;
        let Some(ask) = entry.erasure_asks.first() else {
            return self.form("effacer", "Demander l’effacement", html! {
                p.small.muted { "Pour ce qui n’aurait jamais dû être écrit, le nom d’un patient par exemple. Une seconde personne doit l’accorder ; "
                    "la place de l’entrée, son heure et son empreinte restent." }
                (self.line("effacer", "reason", "Motif", "", ""))
            }, "Demander l’effacement");
        };
        let asked = format!("{} l’a demandé le {} : {}", self.name(&ask.by), self.when(ask.wall), ask.reason);
        if ask.by == me {
            return html! { section.panel { header { h2 { "Effacement demandé" } } p { (fr(&asked)) }
            p.muted { "Une seconde personne, de la direction ou administrateur, doit l’accorder." } } };
        }
        self.form("effacer", "Effacement demandé", html! {
            p { (fr(&asked)) }
            p.small.muted { "Une fois accordé, le texte et ses pièces disparaissent de ce journal et de ses copies. On ne revient pas en arrière." }
        }, "Accorder l’effacement")
    }

    fn form(&self, act: &str, title: &str, fields: Markup, button: &str) -> Markup {
        let fault = self.refill.filter(|(name, ..)| *name == act).and_then(|(_, _, fault)| fault);
        html! {
            form.panel #(act) method="post" action={ (self.path) "/" (act) } {
                header { h2 { (title) } }
                (stamps(self.page.shared, self.page.visitor))
                @if let Some(fault) = fault { p.error role="alert" { (fr(&fault.sentence)) } }
                (fields)
                p { button.btn.ghost { (button) } }
            }
        }
    }

    /// What was typed in a field of a form that came back, else its usual value.
    fn value<'b>(&'b self, act: &str, field: &str, usual: &'b str) -> &'b str {
        match self.refill {
            Some((name, fields, _)) if name == act => fields.get(field),
            _ => usual,
        }
    }

    fn area(&self, act: &str, label: &str, usual: &str) -> Markup {
        html! { p.field { label for={ "texte-" (act) } { (label) }
        textarea id={ "texte-" (act) } name="text" rows="3" { (newline_kept(self.value(act, "text", usual))) } } }
    }

    fn line(&self, act: &str, field: &str, label: &str, usual: &str, hint: &str) -> Markup {
        html! { p.field { label for={ "champ-" (field) } { (label) }
        input id={ "champ-" (field) } name=(field) value=(self.value(act, field, usual)) placeholder=(hint) autocomplete="off"; } }
    }
}
