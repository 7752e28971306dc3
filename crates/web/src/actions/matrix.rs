//! Where the fastest gain is: actions by priority and complexity.

use super::path_of;
use super::words::{COMPLEXITIES, PRIORITIES};
use crate::typography::fr;
use domain::actions::event::Status;
use domain::actions::{Action, complexity_letters, priority_letters};
use maud::{Markup, html};

/// Most actions named in one cell; the others are counted.
const CELL_MAX: usize = 8;

/// Actions by priority (rows, AAA first) and complexity (columns, X first): one begins at the top left. What was given up
/// is not there; what is done is marked.
pub(super) fn matrix(actions: &[&Action]) -> Markup {
    let of = |priority: u8, complexity: u8| -> Vec<&Action> {
        let there = actions.iter().copied().filter(|action| action.now().status != Status::Dropped);
        there.filter(|action| (action.now().priority, action.now().complexity) == (priority, complexity)).collect()
    };
    html! {
        table.matrix {
            caption.out { "Actions par priorité et par complexité" }
            thead { tr { td {} @for (complexity, words) in COMPLEXITIES { th scope="col" { (complexity_letters(complexity)) ", " (words) } } } }
            tbody { @for (priority, words) in PRIORITIES { tr {
                th scope="row" { b { (priority_letters(priority)) } " " span.small { (words) } }
                @for (complexity, words) in COMPLEXITIES {
                    @let there = of(priority, complexity);
                    td data-label={ (complexity_letters(complexity)) ", " (words) } { @if !there.is_empty() { (cell(&there, priority, complexity)) } }
                }
            } } }
        }
    }
}

fn cell(actions: &[&Action], priority: u8, complexity: u8) -> Markup {
    // What is still to be done is named first.
    let (open, done): (Vec<&Action>, Vec<&Action>) = actions.iter().partition(|action| action.is_open());
    let more = actions.len().saturating_sub(CELL_MAX);
    let all = format!("{}?statut=tout&priorite={priority}&complexite={complexity}", super::PATH);
    html! {
        ul.plain { @for action in open.iter().chain(&done).take(CELL_MAX) {
            li.done[!action.is_open()] { a href=(path_of(&action.id)) { b { (action.number) } " " (fr(&action.now().title)) }
                @if !action.is_open() { " " span.st.ok.small { "fait" } } } } }
        @if more > 0 { a.small href=(all) { "et " (crate::today::plural(more as u64, "autre", "autres")) } }
    }
}
