//! Situation: what can be said truly from the log.

use super::log::{Filter, Lines};
use crate::journal_page::{devices, head_words};
use crate::today::plural;
use domain::State;
use domain::crisis::event::EntryType;
use maud::{Markup, html};
use store::View;

/// The region.
pub(super) fn show(lines: &Lines<'_>, view: &View<State>) -> Markup {
    let crisis = lines.crisis;
    let open = crisis.open_tasks();
    let late = open.iter().filter(|t| t.is_late(lines.now)).count();
    let incomplete = open.iter().filter(|t| t.is_incomplete()).count();
    let questions = open.iter().filter(|t| t.entry_type == EntryType::Question).count();
    let of_type = |wanted: EntryType| crisis.log.iter().filter(|e| e.entry_type == wanted).count();
    html! {
        div #situation-faits data-live-key="situation" {
            table {
                (watch("Actions et décisions en retard", late, "down"))
                (watch("À compléter (responsable, échéance)", incomplete, "warn"))
                (watch("Questions sans réponse", questions, "warn"))
            }
            h3 { "Main courante" }
            table { @for entry_type in EntryType::ALL {
                @let count = of_type(entry_type);
                @let filter = Filter { entry_type: Some(entry_type), ..Filter::default() };
                tr { td { @if count > 0 { a href={ (lines.room) (filter.query()) } { (capital(entry_type)) } } @else { (capital(entry_type)) } }
                    td.n { (count) } }
            } }
            h3 { "Journal" }
            p { (plural(view.entries, "entrée signée", "entrées signées")) ", "
                (plural(devices(view) as u64, "poste", "postes")) ". " a href="/journal" { "Le vérifier" } }
            p.small.only-s { (foot(lines, view)) }
        }
    }
}

/// A number to watch: marked when it is not zero, in words and shape as well as colour.
fn watch(label: &str, count: usize, mark: &str) -> Markup {
    html! { tr { td { (label) } td.n { @if count > 0 { span class={ "st " (mark) } { (count) } } @else { "0" } } } }
}

/// Names of types, in the plural.
pub(super) fn capital(entry_type: EntryType) -> &'static str {
    match entry_type {
        EntryType::Fact => "Faits",
        EntryType::Decision => "Décisions",
        EntryType::Action => "Actions",
        EntryType::Question => "Questions",
        EntryType::Call => "Appels",
        EntryType::Message => "Messages",
    }
}

/// The line at the foot of the room: the words that stand for everything written so far.
pub(super) fn foot(lines: &Lines<'_>, view: &View<State>) -> Markup {
    let Some(head) = view.head.as_ref().or_else(|| view.heads.last()) else { return html! {} };
    html! {
        "Mots du journal"
        @if let Some(at) = view.head_wall { " à " (lines.local.short(at, lines.now)) }
        (crate::typography::fr(" : ")) span.mono { (head_words(head)) }
    }
}
