//! Who described a record, when and how; versions that nobody compared yet.

use crate::shell::Page;
use crate::typography::fr;
use domain::versions::{Versions, Write};
use maud::{Markup, html};

/// Fields with their values, empty where nobody said.
pub(crate) type Words = Vec<(&'static str, String)>;

/// Most descriptions of the history on one page.
const HISTORY_MAX: usize = 50;

/// Two versions that nobody compared yet, side by side; `edit` is where one starts from one of them.
pub(crate) fn conflict<T>(page: &Page<'_>, described: &Versions<T>, words: impl Fn(&T) -> Words, edit: &str) -> Markup {
    let survivors = described.survivors();
    if survivors.len() < 2 {
        return html! {};
    }
    let columns: Vec<Words> = survivors.iter().map(|write| words(&write.value)).collect();
    let fields: Vec<&str> = columns.first().map(|words| words.iter().map(|(field, _)| *field).collect()).unwrap_or_default();
    let value = |column: usize, field: usize| columns[column].get(field).map_or("", |(_, value)| value.as_str());
    html! {
        section.panel.wide aria-labelledby="conflit" {
            header { h2 #conflit { span.st.warn { "Conflit (" (survivors.len()) ")" } } }
            p { (fr("Deux personnes ont changé cette fiche sans se voir. Rien n’est perdu : partez de la version juste, complétez-la, enregistrez.")) }
            div.scrollx tabindex="0" role="group" aria-label="Versions" { table {
                thead { tr { th scope="col" { "Champ" } @for write in &survivors {
                    th scope="col" { (by(page, write)) } } } }
                tbody {
                    @for (at, field) in fields.iter().enumerate() {
                        @let differ = (1..columns.len()).any(|column| value(column, at) != value(0, at));
                        @if differ { tr.differs { th scope="row" { (fr(field)) }
                            @for column in 0..columns.len() { td { b { (fr(said(value(column, at)))) } } } } }
                    }
                    @if page.visitor.may_write() { tr { th scope="row" { "Régler" }
                        @for write in &survivors { td { a href={ (edit) "?version=" (write.id) } { "Partir de celle-ci" } } } } }
                }
            } }
        }
    }
}

fn by<T>(page: &Page<'_>, write: &Write<T>) -> Markup {
    html! { (fr(&page.visitor.view.state.register.name(&write.by))) ", " (page.local.day_and_time(write.wall)) }
}

fn said(value: &str) -> &str {
    if value.is_empty() { "(rien)" } else { value }
}

/// Who wrote what, newest first.
pub(crate) fn history<T>(page: &Page<'_>, described: &Versions<T>, words: impl Fn(&T) -> Words) -> Markup {
    let all: Vec<&Write<T>> = described.all().collect();
    let changes = |at: usize| {
        let before = all[at].supersedes.last().and_then(|id| all.iter().find(|write| write.id == *id));
        let before = before.map(|write| words(&write.value)).unwrap_or_default();
        let old = |field: &str| before.iter().find(|(f, _)| *f == field).map(|(_, v)| v.clone()).unwrap_or_default();
        let after = words(&all[at].value).into_iter().map(|(field, value)| (field, old(field), value));
        after.filter(|(_, old, new)| old != new).collect::<Vec<_>>()
    };
    html! {
        section.panel aria-labelledby="histoire" {
            header { h2 #histoire { "Histoire de la fiche" } span.muted.small { (all.len()) } }
            ul.history { @for at in (0..all.len()).rev().take(HISTORY_MAX) {
                li { span.muted { (by(page, all[at])) (fr(" : ")) }
                    @if all[at].supersedes.is_empty() { "décrit" } @else {
                        @let changes = changes(at);
                        @if changes.is_empty() { "enregistré tel quel" }
                        @for (n, (field, before, after)) in changes.iter().enumerate() {
                            @if n > 0 { (fr(" ; ")) } (fr(field)) " " @if !before.is_empty() { del { (fr(before)) } " → " } b { (fr(said(after))) } }
                    } }
            } }
        }
    }
}
