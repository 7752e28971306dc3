//! A list of records: filtered, sorted and cut into pages by its address, so that it works without a script.

use super::detail::cell;
use super::look::{Look, fold};
use super::sheet::{Column, Input, Sheet};
use super::{list_path, look, nav, page, path_of};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::{Visitor, percent};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use journal::SubjectId;
use maud::{Markup, html};
use serde::Deserialize;

/// Most rows on one page.
pub(super) const ROWS_MAX: usize = 100;
/// Most characters of a filter that count.
const FILTER_CHARS_MAX: usize = 100;

/// How a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Words that every row shown holds.
    #[serde(default)]
    q: String,
    /// Column it is sorted by, `nom` or a column's name, after a minus sign when from the end.
    #[serde(default)]
    tri: String,
    /// Page, from 1.
    #[serde(default)]
    page: Option<usize>,
}

/// `GET /annuaire/{kind}?q=&tri=&page=`.
pub(super) async fn show<T: Sheet>(
    State(shared): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let page = page(&shared, &visitor, T::TITLE);
    let look = look(&page);
    let body = html! {
        (head::<T>(&page))
        (T::intro(&look, &page))
        (table::<T>(&look, &asked, &T::all(look.register)))
        (exchange::<T>(&visitor))
    };
    Ok(page.render(&body).into_response())
}

/// Title and the one act of the page.
pub(super) fn head<T: Sheet>(page: &Page<'_>) -> Markup {
    html! {
        (nav(&list_path::<T>()))
        div.roomhead { h1 { (T::TITLE) }
            @if T::may_change(page.visitor) { a.btn href={ (list_path::<T>()) "/nouveau" } { (T::ADD) } } }
    }
}

/// Sheets in and out.
pub(super) fn exchange<T: Sheet>(visitor: &Visitor) -> Markup {
    let path = list_path::<T>();
    html! {
        p.small.exchange { "Tableau" (fr(" : "))
            a href={ (path) "/export/" (T::SLUG) ".xlsx" } { "exporter (XLSX)" } " · "
            a href={ (path) "/export/" (T::SLUG) ".csv" } { "exporter (CSV)" } " · "
            a href={ (path) "/export/modele-" (T::SLUG) ".xlsx" } { "modèle à remplir" }
            @if T::may_change(visitor) { " · " a href={ (path) "/import" } { "importer" } } }
    }
}

/// One row as text, to filter and sort by.
struct Row<'a, T> {
    id: SubjectId,
    value: &'a T,
    folded: String,
    title: String,
}

/// The table, with its filter.
pub(super) fn table<T: Sheet>(look: &Look<'_>, asked: &Asked, all: &[(SubjectId, &T)]) -> Markup {
    if all.is_empty() {
        return html! { p.empty { (fr(T::EMPTY)) } };
    }
    let filter: String = asked.q.trim().chars().take(FILTER_CHARS_MAX).collect();
    let words: Vec<String> = fold(&filter).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let mut rows: Vec<Row<'_, T>> = all.iter().map(|(id, value)| row(*id, *value, look)).collect();
    rows.retain(|row| words.iter().all(|word| row.folded.contains(word.as_str())));
    sort(&mut rows, &asked.tri, look);
    let pages = rows.len().div_ceil(ROWS_MAX).max(1);
    let at = asked.page.unwrap_or(1).clamp(1, pages);
    let shown: Vec<&Column<T>> = T::SHOWN.iter().filter_map(|name| T::COLUMNS.iter().find(|c| c.name == *name)).collect();
    let with_status = rows.iter().any(|row| !row.value.status(&row.id, look).is_empty());
    html! {
        form.regfilter method="get" action=(list_path::<T>()) role="search" {
            label for="filtre" { "Mots à trouver" }
            input #filtre type="search" name="q" value=(filter) autocomplete="off";
            @if !asked.tri.is_empty() { input type="hidden" name="tri" value=(asked.tri); }
            button.btn.ghost { "Filtrer" }
            span.muted.small { @if words.is_empty() { (plural(rows.len() as u64, "fiche", "fiches")) }
                @else { (rows.len()) " sur " (all.len()) } }
        }
        @if rows.is_empty() { p.empty { "Aucune fiche ne contient ces mots. " a href=(list_path::<T>()) { "Tout voir" } } }
        @else {
            table.reg {
                thead { tr { (sortable::<T>("nom", "Nom", asked))
                    @if with_status { th scope="col" { "État" } }
                    @for column in &shown { (sortable::<T>(column.name, column.head, asked)) } } }
                tbody { @for row in rows.iter().skip((at - 1) * ROWS_MAX).take(ROWS_MAX) { (line(row, &shown, with_status, look)) } }
            }
            (pager::<T>(asked, at, pages))
        }
    }
}

fn row<'a, T: Sheet>(id: SubjectId, value: &'a T, look: &Look<'_>) -> Row<'a, T> {
    let all: Vec<String> = T::COLUMNS.iter().map(|column| (column.show)(value, look)).collect();
    Row { id, value, folded: fold(&all.join(" ")), title: value.title(look) }
}

fn line<T: Sheet>(row: &Row<'_, T>, shown: &[&Column<T>], with_status: bool, look: &Look<'_>) -> Markup {
    let conflict = T::record(look.register, &row.id).is_some_and(|record| record.survivors().len() > 1);
    html! {
        tr {
            th scope="row" { a href=(path_of::<T>(&row.id)) { (fr(&row.title)) }
                @if conflict { " " span.st.warn.small { "conflit" } } }
            @if with_status { td data-label="État" { (super::detail::statuses(row.value, &row.id, look)) } }
            @for column in shown {
                @let words = (column.show)(row.value, look);
                td.n[matches!(column.input, Input::Number)] data-label=(column.head) { (cell(column, row.value, &words, look)) }
            }
        }
    }
}

fn sort<T: Sheet>(rows: &mut [Row<'_, T>], by: &str, look: &Look<'_>) {
    let (name, backwards) = by.strip_prefix('-').map_or((by, false), |name| (name, true));
    if name == "nom" {
        rows.sort_by_cached_key(|row| fold(&row.title));
    } else if let Some(column) = T::COLUMNS.iter().find(|c| c.name == name) {
        rows.sort_by_cached_key(|row| {
            let words = (column.show)(row.value, look);
            let number = if matches!(column.input, Input::Number) { words.parse::<u64>().unwrap_or(0) } else { 0 };
            let words = if matches!(column.input, Input::Day) {
                super::sheet::day(&words).ok().flatten().map(|d| d.to_string())
            } else {
                Some(fold(&words))
            };
            (number, words.unwrap_or_default(), fold(&row.title))
        });
    } else {
        return;
    }
    if backwards {
        rows.reverse();
    }
}

/// A head that sorts, and says by which column rows are sorted.
fn sortable<T: Sheet>(name: &str, head: &str, asked: &Asked) -> Markup {
    let order = match asked.tri.as_str() {
        tri if tri == name => Some("ascending"),
        tri if tri.strip_prefix('-') == Some(name) => Some("descending"),
        _ => None,
    };
    let next = if order == Some("ascending") { format!("-{name}") } else { name.to_owned() };
    html! {
        th scope="col" aria-sort=[order] { a href={ (list_path::<T>()) "?tri=" (percent(&next)) "&q=" (percent(&asked.q)) } { (head) }
            @match order { Some("ascending") => span aria-hidden="true" { " ▲" }, Some(_) => span aria-hidden="true" { " ▼" }, None => "" } }
    }
}

fn pager<T: Sheet>(asked: &Asked, at: usize, pages: usize) -> Markup {
    let link = |page: usize| format!("{}?tri={}&q={}&page={page}", list_path::<T>(), percent(&asked.tri), percent(&asked.q));
    html! {
        @if pages > 1 {
            nav.pager aria-label="Pages" {
                @if at > 1 { a href=(link(at - 1)) rel="prev" { "Page précédente" } }
                span { "Page " (at) " sur " (pages) }
                @if at < pages { a href=(link(at + 1)) rel="next" { "Page suivante" } }
            }
        }
    }
}
