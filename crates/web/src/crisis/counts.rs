//! The numbers in the titles, on the phone's tabs and at the foot; each is replaced in place when it changes.

use super::scene::Scene;
use crate::journal_page::head_words;
use crate::today::plural;
use domain::situation::event::Status;
use maud::{Markup, html};

/// Numbers of a crisis now.
pub(super) struct Counts {
    entries: u64,
    open: u64,
    late: u64,
    stopped: u64,
    past: u64,
    unknown: u64,
}

impl Counts {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let open = scene.crisis.open_tasks();
        let board = scene.board();
        Self {
            entries: scene.crisis.log.len() as u64,
            open: open.len() as u64,
            late: open.iter().filter(|t| t.is_late(scene.now)).count() as u64,
            stopped: board.count(Status::Stopped) as u64,
            past: board.activities.iter().filter(|a| a.line.is_past_hold(scene.now)).count() as u64,
            unknown: board.count(Status::Unknown) as u64,
        }
    }

    /// Beside the title of the log.
    pub(super) fn log(&self) -> Markup {
        html! { span.muted.small data-live-key="n-log" { (plural(self.entries, "entrée", "entrées")) } }
    }

    /// Beside the title of the things to do.
    pub(super) fn tasks(&self) -> Markup {
        html! { span.muted.small data-live-key="n-afaire" { (self.open) @if self.late > 0 { ", dont " b.down { (self.late) " en retard" } } } }
    }

    /// On the tabs: log, situation, things to do.
    pub(super) fn tabs(&self) -> [Markup; 3] {
        [
            html! { span.n data-live-key="o-log" { (plural(self.entries, "entrée", "entrées")) } },
            html! { span.n data-live-key="o-situation" {
            @if self.past > 0 { b.down { (plural(self.past, "dépassée", "dépassées")) } }
            @else if self.stopped > 0 { (plural(self.stopped, "arrêt", "arrêts")) }
            @else if self.unknown > 0 { (plural(self.unknown, "inconnue", "inconnues")) }
            @else { "aucun arrêt déclaré" } } },
            html! { span.n data-live-key="o-afaire" {
            @if self.late > 0 { b.down { (self.late) " en retard" } } @else { (plural(self.open, "ouverte", "ouvertes")) } } },
        ]
    }
}

/// The line at the foot of the room: the words that stand for everything written so far.
pub(super) fn foot_line(scene: &Scene<'_>) -> Markup {
    let view = &scene.visitor.view;
    html! { p.foot data-live-key="pied" { @if let Some(head) = view.head.as_ref().or_else(|| view.heads.last()) {
        "Mots du journal"
        @if let Some(at) = view.head_wall { " à " (scene.short(at)) }
        (crate::typography::fr(" : ")) span.mono { (head_words(head)) }
        " " a href="/journal" { "Vérifier" }
    } } }
}

/// All of them, for a browser that asks again.
pub(super) fn region(scene: &Scene<'_>) -> Markup {
    let counts = Counts::of(scene);
    html! { (counts.log()) (counts.tasks()) @for tab in counts.tabs() { (tab) } (foot_line(scene)) }
}
