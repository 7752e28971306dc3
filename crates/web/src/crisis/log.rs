//! The main courante: a window of its lines, newest at the bottom.

use super::badges;
use super::filter::Filter;
use crate::attachments;
use crate::limits::LOG_LINES_MAX;
use crate::local::Local;
use crate::typography::fr;
use domain::crisis::event::EntryType;
use domain::crisis::{Crisis, LogEntry};
use domain::register::Register;
use jiff::civil::Date;
use journal::EntryId;
use maud::{Markup, html};

/// Times of an entry further apart than this are both shown (milliseconds).
const APART_MS: i64 = 60_000;

/// What lines need to be shown.
pub(super) struct Lines<'a> {
    pub(super) crisis: &'a Crisis,
    pub(super) register: &'a Register,
    pub(super) local: &'a Local,
    /// Address of the room.
    pub(super) room: &'a str,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

impl<'a> Lines<'a> {
    /// The lines asked for, oldest first, with their place; and whether older ones exist.
    fn window(&self, filter: &Filter) -> (Vec<(usize, &'a LogEntry)>, bool) {
        let before = filter.before.map(|id| self.crisis.place(&id).unwrap_or(0));
        let end = before.and_then(|place| usize::try_from(place).ok()).unwrap_or(self.crisis.log.len());
        let back = (0..end).rev().filter_map(|place| Some((place, self.crisis.log.get(place)?)));
        let mut lines: Vec<_> =
            back.filter(|(place, entry)| filter.takes(*place as u64, entry)).take(LOG_LINES_MAX + 1).collect();
        let older = lines.len() > LOG_LINES_MAX;
        lines.truncate(LOG_LINES_MAX);
        lines.reverse();
        (lines, older)
    }

    /// The region.
    pub(super) fn show(&self, filter: &Filter) -> Markup {
        let (lines, older) = self.window(filter);
        let first = lines.first().map_or(0, |(place, _)| *place);
        let contradicted = self.crisis.contradicted_since(first);
        let mut day: Option<Date> = None;
        html! {
            div #log data-live-key="log" role="log" aria-label="Main courante" {
                @if let Some((_, first)) = lines.first().filter(|_| older) {
                    p #avant .small.older { a href={ (self.room) (filter.older_than(Some(first.id)).query()) } {
                        "Voir les " (LOG_LINES_MAX) " entrées précédentes" } }
                }
                @if lines.is_empty() { (empty(filter)) }
                ol.log #lignes {
                    @for (place, entry) in &lines {
                        @let date = self.local.date(entry.wall);
                        @if day.replace(date) != Some(date) { li.day id={ "j-" (short(&entry.id)) } { (self.local.long_date(entry.wall)) } }
                        (self.line(entry, contradicted.get(place - first).copied().unwrap_or(false)))
                    }
                }
                @if filter.before.is_some() {
                    p #recentes .small { a href={ (self.room) (filter.older_than(None).query()) } { "Revenir aux dernières entrées" } }
                }
            }
        }
    }

    /// Every line, to print.
    pub(super) fn all(&self) -> Markup {
        let contradicted = self.crisis.contradicted_since(0);
        let mut day: Option<Date> = None;
        html! { ol.log { @for (place, entry) in self.crisis.log.iter().enumerate() {
            @let date = self.local.date(entry.wall);
            @if day.replace(date) != Some(date) { li.day { (self.local.long_date(entry.wall)) } }
            (self.line(entry, contradicted.get(place).copied().unwrap_or(false)))
        } } }
    }

    /// Some lines, in their order.
    pub(super) fn some(&self, entries: &[&LogEntry]) -> Markup {
        html! { ol.log { @for entry in entries { (self.line(entry, false)) } } }
    }

    fn line(&self, entry: &LogEntry, contradicted: bool) -> Markup {
        let happened = entry.happened_at();
        let decision = entry.entry_type == EntryType::Decision;
        html! {
            li.e.decision[decision] id={ "e-" (short(&entry.id)) } {
                a.t href={ (self.room) "/entrees/" (entry.id) } aria-label={ "Entrée de " (self.local.short(happened, entry.wall)) } {
                    time datetime=(self.local.machine(happened)) { (self.local.short(happened, entry.wall)) } }
                span.k { (entry.entry_type.label()) }
                div.w { (self.words(entry)) (self.pieces(entry)) " " (self.by(entry)) (badges::show(&badges::of(entry, contradicted))) }
            }
        }
    }

    /// The words to show now, and the first ones struck through when they were replaced.
    fn words(&self, entry: &LogEntry) -> Markup {
        let Some(text) = &entry.text else { return html! { span.muted { "Texte effacé à la demande de deux personnes." } } };
        if !text.is_rewritten() {
            return html! { span.x { (fr(&text.first().value)) } };
        }
        let survivors = text.survivors();
        let conflict = survivors.len() > 1;
        html! {
            @if survivors.iter().all(|w| w.id != text.first().id) { del.x { (fr(&text.first().value)) } " " }
            @for write in survivors {
                span.x { (fr(&write.value)) } " "
                @if conflict { span.by { "(" (fr(&self.register.name(&write.by))) ", " (self.local.short(write.wall, entry.wall)) ") " } }
            }
        }
    }

    fn pieces(&self, entry: &LogEntry) -> Markup {
        html! { @for piece in &entry.attachments {
            " " a.piece href=(attachments::link(piece)) { (piece.name) } " " span.by { "(" (attachments::size(piece.len)) ")" }
        } }
    }

    /// Who said it, when it was typed if that differs, who is to do it and by when, and what became of it.
    fn by(&self, entry: &LogEntry) -> Markup {
        let assigned = entry.assigned();
        let said = entry.speaker.clone().unwrap_or_else(|| self.register.name(&entry.typist));
        let noted_later = entry.wall.saturating_sub(entry.happened_at()).saturating_abs() >= APART_MS;
        html! {
            span.by {
                (fr(&said))
                @if noted_later { ", noté à " (self.local.time(entry.wall)) }
                (self.correction(entry))
                @if entry.assignment.is_some() && (assigned.owner.is_some() || assigned.due_at.is_some()) {
                    @if entry.entry_type == EntryType::Question { " → posée à " } @else { (fr(" → action : ")) }
                    (fr(assigned.owner.as_deref().unwrap_or("personne")))
                    @if let Some(due) = assigned.due_at { ", avant " (self.local.short(due, entry.wall)) }
                }
                (self.outcome(entry))
                (self.bonds(entry))
            }
        }
    }

    /// The decision it carries out, the actions that carry it out, when it is looked at again, who approved it.
    fn bonds(&self, entry: &LogEntry) -> Markup {
        let decision = entry.carries_out.and_then(|id| self.crisis.entry(&id));
        let actions: Vec<&LogEntry> = entry.carried_out_by.iter().filter_map(|id| self.crisis.entry(id)).collect();
        let link = |entry: &LogEntry| format!("{}/entrees/{}", self.room, entry.id);
        html! {
            @if let Some(decision) = decision { " · pour la décision de " a href=(link(decision)) { (self.local.short(decision.happened_at(), entry.wall)) } }
            @for action in actions { " · " a href=(link(action)) { "action" } (fr(" : ")) (fr(&super::entry_box::excerpt(action.words().unwrap_or_default())))
                @if action.closed_by.is_some() { " (fait)" } @else if action.is_late(self.now) { " (" b.down { "en retard" } ")" } }
            @if let Some(at) = entry.assigned().review_at.filter(|_| entry.is_open_task()) {
                " · " @if at <= self.now { b.warn { "à revoir depuis " (self.local.short(at, self.now)) } } @else { "à revoir à " (self.local.short(at, entry.wall)) } }
            @if let Some(approval) = &entry.approval { " · confirmé à " (self.local.short(approval.wall, entry.wall)) " par " (fr(&self.register.name(&approval.by))) }
        }
    }

    fn correction(&self, entry: &LogEntry) -> Markup {
        let corrected =
            entry.text.as_ref().map(|t| t.survivors()).filter(|s| s.len() == 1).and_then(|s| s.first().copied().cloned());
        let corrected = corrected.filter(|write| write.id != entry.id);
        html! { @if let Some(write) = corrected {
            " · corrigé à " (self.local.short(write.wall, entry.wall)) " par " (fr(&self.register.name(&write.by)))
        } }
    }

    fn outcome(&self, entry: &LogEntry) -> Markup {
        let question = entry.entry_type == EntryType::Question;
        let closing = entry.closed_by.and_then(|id| self.crisis.entry(&id));
        html! {
            @if let Some(closing) = closing {
                " · " @if question { "répondu" } @else { "fait" } " à " (self.local.short(closing.happened_at(), entry.wall))
            } @else if entry.is_late(self.now) { " · " b.down { "en retard" } }
            @else if question && entry.is_open_task() { " · sans réponse" }
        }
    }
}

fn empty(filter: &Filter) -> Markup {
    html! {
        p.empty #vide {
            @if filter.hides() { "Aucune entrée ne répond à ce filtre." }
            @else if filter.before.is_some() { "Aucune entrée avant celle-ci." }
            @else { "La main courante est vide. Notez le premier fait ci-dessous, l’heure et votre nom s’ajoutent seuls." }
        }
    }
}

/// Enough of an id to name a line within a page.
pub(super) fn short(id: &EntryId) -> String {
    journal::id::to_hex(&id.as_bytes()[..8])
}
