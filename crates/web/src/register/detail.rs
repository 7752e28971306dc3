//! The page of a record: its values, two versions side by side when two people rewrote it at once, and its history.

use super::look::{Look, Of};
use super::sheet::{Column, Input, Sheet};
use super::{keep, list_path, look, nav, page, path_of, write_path};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::{ids, seen, sent};
use crate::crisis::stamps;
use crate::session::Visitor;
use crate::shell::Page;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::register::event::Set;
use domain::register::table::{Record, live};
use domain::versions::Write;
use journal::SubjectId;
use maud::{Markup, html};

/// Most versions of the history on one page.
const HISTORY_MAX: usize = 100;

/// `GET /annuaire/{kind}/{id}`.
pub(super) async fn show<T: Sheet>(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let record = T::record(&visitor.view.state.register, &id).ok_or_else(Fault::not_found)?;
    let last = record.all().rev().find_map(|write| write.value.clone()).unwrap_or_default();
    let title = last.title(&Look::new(&visitor.view.state.register, visitor.now));
    let page = page(&shared, &visitor, &title);
    let look = look(&page);
    let there = live(record).map(|(_, value)| value);
    let survivors = record.survivors();
    let body = html! {
        (nav(&list_path::<T>()))
        div.roomhead { h1.long { (fr(&title)) }
            @if T::may_change(&visitor) { a.btn href={ (path_of::<T>(&id)) "/modifier" } {
                @if there.is_some() { "Modifier" } @else { "Remettre dans l’annuaire" } } } }
        @match there {
            Some(value) => {
                (statuses(value, &id, &look))
                @if survivors.len() > 1 { (conflict::<T>(&page, &look, &id, &survivors)) }
                @else { (values(value, &look)) }
                (value.acts(&id, &look, &page))
            }
            None => p.lead { "Cette fiche a été retirée de l’annuaire. Son histoire reste." },
        }
        (history(&page, &look, record))
        @if there.is_some() && T::may_change(&visitor) { (removal::<T>(&page, &id, record)) }
    };
    Ok(page.render(&body).into_response())
}

/// What is wrong with a record.
pub(super) fn statuses<T: Sheet>(value: &T, id: &SubjectId, look: &Look<'_>) -> Markup {
    html! { @for (mark, words) in value.status(id, look) { p.tight { span class={ "st " (mark) } { (fr(&words)) } } } }
}

fn values<T: Sheet>(value: &T, look: &Look<'_>) -> Markup {
    html! {
        dl.kv { @for column in T::COLUMNS {
            @let words = (column.show)(value, look);
            @if !words.is_empty() && column.name != "key" { dt { (column.head) } dd { (cell(column, value, &words, look)) } }
        } }
    }
}

/// A value, as a link where there is something to follow or to call.
pub(super) fn cell<T: Sheet>(column: &Column<T>, _: &T, words: &str, look: &Look<'_>) -> Markup {
    match column.input {
        Input::Phone => phone(words),
        Input::Email if words.contains('@') => html! { a href={ "mailto:" (words) } { (words) } },
        Input::Ref(of) | Input::Name(of) => named(of, words, look),
        Input::People(_) => html! { @for (at, name) in words.split(" ; ").enumerate() {
        @if at > 0 { br; } (named(Of::Person, name, look)) } },
        _ => html! { (fr(words)) },
    }
}

fn named(of: Of, words: &str, look: &Look<'_>) -> Markup {
    let slug = match of {
        Of::Place => "lieux",
        Of::Unit => "unites",
        Of::Person => "personnes",
    };
    match look.find(of, words) {
        Ok(Some(id)) => html! { a href={ "/annuaire/" (slug) "/" (id) } { (fr(words)) } },
        _ => html! { (fr(words)) },
    }
}

/// A number to call: digits and the plus sign, as far as the first letter (« poste 4512 » is dialled by hand).
pub(super) fn phone(words: &str) -> Markup {
    let digits: String = words.chars().take_while(|c| !c.is_alphabetic()).filter(|c| c.is_ascii_digit() || *c == '+').collect();
    html! { @if digits.is_empty() { (words) } @else { a.tel href={ "tel:" (digits) } { (words.replace(' ', "\u{a0}")) } } }
}

/// Two versions that nobody compared yet.
fn conflict<T: Sheet>(page: &Page<'_>, look: &Look<'_>, id: &SubjectId, survivors: &[&Write<Option<T>>]) -> Markup {
    let words = |write: &Write<Option<T>>, column: &Column<T>| {
        write.value.as_ref().map(|value| (column.show)(value, look)).unwrap_or_default()
    };
    let differ = |column: &Column<T>| survivors.iter().any(|write| words(write, column) != words(survivors[0], column));
    html! {
        section.panel.wide aria-labelledby="conflit" {
            header { h2 #conflit { "Conflit (" (survivors.len()) ")" } }
            p { (fr("Deux personnes ont changé cette fiche sans se voir. Rien n’est perdu : partez de la version juste, complétez-la, enregistrez.")) }
            div.scrollx tabindex="0" role="group" aria-label="Versions" { table {
                thead { tr { th scope="col" { "Champ" } @for write in survivors {
                    th scope="col" { (fr(&look.register.name(&write.by))) ", " (page.local.day_and_time(write.wall)) } } } }
                tbody {
                    @for column in T::COLUMNS {
                        @let other = differ(column);
                        tr.differs[other] { th scope="row" { (column.head) }
                            @for write in survivors { td { @if other { b { (fr(&words(write, column))) } } @else { (fr(&words(write, column))) } } } }
                    }
                    @if T::may_change(page.visitor) { tr { th scope="row" { "Régler" } @for write in survivors { td {
                        @if write.value.is_some() { a href={ (path_of::<T>(id)) "/modifier?version=" (write.id) } { "Partir de celle-ci" } }
                        @else { "retirée" } } } } }
                }
            } }
        }
    }
}

/// Who wrote what, newest first.
fn history<T: Sheet>(page: &Page<'_>, look: &Look<'_>, record: &Record<T>) -> Markup {
    let all: Vec<&Write<Option<T>>> = record.all().collect();
    let changes = |at: usize| {
        let before = all[at].supersedes.last().and_then(|id| all.iter().find(|w| w.id == *id)).and_then(|w| w.value.as_ref());
        let after = all[at].value.as_ref()?;
        let words = |value: Option<&T>, column: &Column<T>| value.map(|v| (column.show)(v, look)).unwrap_or_default();
        let changed = |c: &&Column<T>| words(before, c) != words(Some(after), c);
        Some(T::COLUMNS.iter().filter(changed).map(|c| (c.head, words(before, c), words(Some(after), c))).collect::<Vec<_>>())
    };
    html! {
        section.panel.wide aria-labelledby="histoire" {
            header { h2 #histoire { "Histoire de la fiche" } }
            ul.history { @for at in (0..all.len()).rev().take(HISTORY_MAX) {
                li { span.muted { (page.local.day_and_time(all[at].wall)) ", " (fr(&look.register.name(&all[at].by))) (fr(" : ")) }
                    @match changes(at) {
                        None => "retirée de l’annuaire",
                        Some(_) if at == 0 => "ajoutée",
                        Some(changes) if changes.is_empty() => "confirmée telle quelle",
                        Some(changes) => @for (n, (head, before, after)) in changes.into_iter().enumerate() {
                            @if n > 0 { (fr(" ; ")) } (head) " " @if !before.is_empty() { del { (fr(&before)) } " → " } b { (fr(if after.is_empty() { "(vide)" } else { &after })) } },
                    } }
            } }
        }
    }
}

fn removal<T: Sheet>(page: &Page<'_>, id: &SubjectId, record: &Record<T>) -> Markup {
    html! {
        details.removal {
            summary { "Retirer cette fiche" }
            form method="post" action=(write_path(page.shared, &format!("{}/{id}/retirer", T::SLUG))) {
                (stamps(page.shared, page.visitor))
                input type="hidden" name="supersedes" value=(ids(&record.seen()));
                p { "Elle ne sera plus proposée ni comptée ; son histoire reste, et on peut la remettre." }
                p { button.btn.ghost { "Retirer de l’annuaire" } }
            }
        }
    }
}

/// `POST …/{id}/retirer`.
pub(super) async fn remove<T: Sheet>(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let known = |id: &SubjectId| T::record(&sent.visitor.view.state.register, id).is_some();
    let found = sent.visitor.journal(&shared, &journal).and_then(|_| id.parse().map_err(|_| Fault::not_found()));
    let outcome = match found {
        Ok(id) if known(&id) => {
            let draft = T::event(Set { value: None, supersedes: seen(&sent.fields) }).draft(id);
            match sent.same_author() {
                Ok(()) => keep(&shared, &sent, vec![draft]).await,
                Err(fault) => Err(fault),
            }
        }
        Ok(_) => Err(Fault::not_found()),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(_) => see_other(&list_path::<T>()),
        Err(fault) => fault.into_response(),
    }
}
