//! À faire: what is late first, then what lacks an owner or a due time, then by due time; and the questions still open.

use super::log::{Lines, short};
use crate::local::late_by;
use crate::typography::fr;
use domain::crisis::LogEntry;
use domain::crisis::event::EntryType;
use maud::{Markup, html};

/// Most incomplete tasks completed in place; the others are completed on their own page.
const ASKED_MAX: usize = 20;

/// The region. `may_write`: whether the forms are shown.
pub(super) fn show(lines: &Lines<'_>, may_write: bool) -> Markup {
    let open = lines.crisis.open_tasks();
    let (questions, acts): (Vec<&LogEntry>, Vec<&LogEntry>) = open.into_iter().partition(|t| t.entry_type == EntryType::Question);
    let (late, acts): (Vec<&LogEntry>, Vec<&LogEntry>) = acts.into_iter().partition(|t| t.is_late(lines.now));
    let (incomplete, complete): (Vec<&LogEntry>, Vec<&LogEntry>) = acts.into_iter().partition(|t| t.is_incomplete());
    let acts: Vec<&LogEntry> = late.into_iter().chain(incomplete).chain(complete).collect();
    html! {
        div #afaire data-live-key="afaire" {
            @if acts.is_empty() {
                p #rien .empty { "Rien à faire pour l’instant. Une action se note avec " kbd { "/a" } ", un responsable avec " kbd { "@" }
                    ", une échéance avec " kbd { "+2h" } "." }
            }
            div #taches { @for (place, task) in acts.iter().enumerate() { (row(lines, task, may_write, place < ASKED_MAX)) } }
            @if !questions.is_empty() {
                div #questions {
                    h3 #questions-titre { "Questions ouvertes " span.muted.small { (questions.len()) } }
                    @for question in questions { (row(lines, question, may_write, false)) }
                }
            }
        }
    }
}

fn row(lines: &Lines<'_>, task: &LogEntry, may_write: bool, asked: bool) -> Markup {
    let assigned = task.assigned();
    let late = task.is_late(lines.now);
    let question = task.entry_type == EntryType::Question;
    let path = format!("{}/entrees/{}", lines.room, task.id);
    let words = task.words().unwrap_or_default();
    html! {
        div.task.late[late] id={ "t-" (short(&task.id)) } {
            @if may_write && !question {
                form method="post" action={ (path) "/clore" } data-quick {
                    input type="hidden" name="from" value="room";
                    button.tick id={ "fait-" (short(&task.id)) } aria-label={ "Marquer fait : " (words) } title="Marquer fait" {}
                }
            } @else { span {} }
            div.what {
                a href=(path) { (fr(words)) }
                @if let Some(owner) = &assigned.owner { br; span.muted.small { (fr(owner)) } }
                @if task.is_incomplete() { (ask(lines, task, &path, may_write && asked)) }
                @if question && may_write { " " a.small href={ (path) "#clore" } { "Répondre" } }
            }
            span.due { @if let Some(due) = assigned.due_at {
                @if late { (late_by(due, lines.now)) } @else { (lines.local.short(due, lines.now)) }
            } }
        }
    }
}

/// Asks at once for what is missing.
fn ask(lines: &Lines<'_>, task: &LogEntry, path: &str, may_write: bool) -> Markup {
    let assigned = task.assigned();
    let seen = task.assignment.as_ref().map(|a| a.seen()).unwrap_or_default();
    if !may_write {
        return html! { " " span.st.small.warn { "à compléter" } };
    }
    let due = assigned.due_at.map(|due| lines.local.short(due, lines.now)).unwrap_or_default();
    html! {
        form.ask method="post" action={ (path) "/attribuer" } data-quick {
            span.st.small.warn { @if task.entry_type == EntryType::Decision { "décision " } "à compléter" }
            input type="hidden" name="from" value="room";
            input type="hidden" name="supersedes" value=(super::acts::ids(&seen));
            input id={ "r-" (short(&task.id)) } name="owner" value=(assigned.owner.as_deref().unwrap_or_default()) placeholder="responsable"
                aria-label="Responsable" list="personnes" autocomplete="off";
            input id={ "d-" (short(&task.id)) } name="due_at" value=(due) placeholder="+2h, 14:30" aria-label="Échéance" autocomplete="off";
            button.btn.ghost.small id={ "c-" (short(&task.id)) } { "Compléter" }
        }
    }
}
