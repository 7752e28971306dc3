//! The numbers in the titles, on the phone's tabs and at the foot; each is replaced in place when it changes.

use super::log::Lines;
use super::situation::foot;
use crate::today::plural;
use domain::State;
use maud::{Markup, html};
use store::View;

/// Numbers of a crisis now.
pub(super) struct Counts {
    entries: u64,
    open: u64,
    late: u64,
    incomplete: u64,
}

impl Counts {
    pub(super) fn of(lines: &Lines<'_>) -> Self {
        let open = lines.crisis.open_tasks();
        let count = |of: &dyn Fn(&domain::crisis::LogEntry) -> bool| open.iter().filter(|t| of(t)).count() as u64;
        Self {
            entries: lines.crisis.log.len() as u64,
            open: open.len() as u64,
            late: count(&|t| t.is_late(lines.now)),
            incomplete: count(&|t| t.is_incomplete()),
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

    /// On the tabs: log, things to do, situation.
    pub(super) fn tabs(&self) -> [Markup; 3] {
        [
            html! { span.n data-live-key="o-log" { (plural(self.entries, "entrée", "entrées")) } },
            html! { span.n data-live-key="o-afaire" {
            @if self.late > 0 { b.down { (self.late) " en retard" } } @else { (plural(self.open, "ouverte", "ouvertes")) } } },
            html! { span.n data-live-key="o-situation" {
            @if self.incomplete > 0 { (self.incomplete) " à compléter" } @else { "rien à compléter" } } },
        ]
    }
}

pub(super) fn foot_line(lines: &Lines<'_>, view: &View<State>) -> Markup {
    html! { p.foot data-live-key="pied" { (foot(lines, view)) } }
}

/// All of them, for a browser that asks again.
pub(super) fn region(lines: &Lines<'_>, view: &View<State>) -> Markup {
    let counts = Counts::of(lines);
    html! { (counts.log()) (counts.tasks()) @for tab in counts.tabs() { (tab) } (foot_line(lines, view)) }
}
