//! One action: where it stands, how to move it on, what it is, who changed what.

use super::words::{COMPLEXITIES, PRIORITIES, fields, origin};
use super::{PATH, base, find, head};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::ids;
use crate::crisis::stamps;
use crate::days::{self, shown};
use crate::fields::{Filled, Text};
use crate::history;
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::actions::event::{ActionSet, OriginKind, Status};
use domain::actions::{Action, complexity_letters, priority_letters};
use maud::{Markup, html};

/// `GET /actions/{id}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    shown_page(&shared, &visitor, &id, "", Filled::BLANK)
}

/// The page; `act` names the form that comes back filled in.
pub(super) fn shown_page(shared: &Inner, visitor: &Visitor, id: &str, act: &str, filled: Filled<'_>) -> Result<Response, Fault> {
    let action = find(visitor, id)?;
    let state = &visitor.view.state;
    let page = Page::new(shared, visitor, Place::Proof, &action.now().title);
    let edit = format!("{}/{}", base(&page), action.id);
    let mine = |name: &str| if act == name { filled } else { Filled::BLANK };
    let (writes, there) = (visitor.may_write(), action.removed.is_none());
    let body = html! {
        (head(&action.now().title, ""))
        p.lead { (fr(&answer(&page, action))) }
        @if writes { p.btns { a.btn href=(edit) { @if there { "Modifier" } @else { "Remettre au plan" } } } }
        // The form that was sent is no longer shown: what became of it is said here.
        @if !there { (filled.refusal(&[])) }
        (history::conflict(&page, &action.described, |set: &ActionSet| fields(set, state), &edit))
        div.twocol {
            div { (sheet(&page, action)) }
            div {
                @if writes && there { (moving(&page, action, &edit, mine("etat"))) }
                (history::history(&page, &action.described, |set: &ActionSet| fields(set, state)))
            }
        }
        @if writes && there { (removal(&page, &edit, mine("retirer"))) }
    };
    Ok((filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response())
}

/// Where it stands, in one sentence.
fn answer(page: &Page<'_>, action: &Action) -> String {
    let set = action.now();
    if let Some(removal) = &action.removed {
        let by = page.visitor.view.state.register.name(&removal.by);
        return format!("Retirée du plan le {} par {by} : {}", page.local.day_and_time(removal.wall), removal.reason);
    }
    let words = |levels: [(u8, &'static str); 3], level: u8| levels.into_iter().find(|(l, _)| *l == level).map_or("", |(_, w)| w);
    let levels = format!(
        "Action n° {}, priorité {} ({}), complexité {} ({})",
        action.number,
        priority_letters(set.priority),
        words(PRIORITIES, set.priority),
        complexity_letters(set.complexity),
        words(COMPLEXITIES, set.complexity)
    );
    let owner =
        if set.owner.is_empty() { "personne n’en est chargé".to_owned() } else { format!("confiée à {}", set.owner) };
    match set.status {
        Status::Done => format!("{levels} : faite{}.", set.done_on.map(|on| format!(" le {}", shown(on))).unwrap_or_default()),
        Status::Dropped => format!("{levels} : abandonnée. {}", set.comment),
        Status::ToDo | Status::InProgress => {
            let due = match set.due {
                Some(due) if action.is_late(days::today(page)) => format!("en retard, elle était due le {}", shown(due)),
                Some(due) => format!("due le {}", shown(due)),
                None => "sans échéance".to_owned(),
            };
            let far = if set.progress > 0 { format!(" ({} %)", set.progress) } else { String::new() };
            format!("{levels} : {}{far}, {owner}, {due}.", set.status.label())
        }
    }
}

fn sheet(page: &Page<'_>, action: &Action) -> Markup {
    let (state, set) = (&page.visitor.view.state, action.now());
    let rows =
        fields(set, state).into_iter().filter(|(field, value)| !value.is_empty() && !["Action", "Origine"].contains(field));
    html! {
        section.panel aria-labelledby="fiche" {
            header { h2 #fiche { "Ce que c’est" } }
            dl.kv {
                @for (field, value) in rows { dt { (fr(field)) } dd.x { (fr(&value)) } }
                @if set.owner.is_empty() && action.is_open() { dt { "Pilote" } dd { span.st.unknown { "personne" } } }
                @if set.due.is_none() && action.is_open() { dt { "Échéance" } dd { span.st.unknown { "aucune" } } }
                @if set.boards.is_empty() { dt { "Suivie par" } dd { span.st.unknown { "aucune instance" } } }
                @let from = origin(&set.origin);
                @if !from.is_empty() { dt { "Origine" } dd { (came_from(set, &from)) } }
                @if let Some(reference) = content::actions::get(&set.template) { dt { "Reprise de" } dd { a href={ (super::TEMPLATE) "/" (reference.key) } { (fr(&reference.title)) } } }
            }
        }
    }
}

/// Where it comes from; what comes from an exercise leads to the others of the same.
fn came_from(set: &ActionSet, words: &str) -> Markup {
    let same = match set.origin.reference.split('/').next() {
        Some(reference) if !reference.is_empty() => format!("de={}", percent(reference)),
        _ => format!("origine={}", set.origin.kind.name()),
    };
    html! {
        (fr(words))
        @if set.origin.kind != OriginKind::Other { " " a.small href={ (PATH) "?statut=tout&" (same) "#liste" } { "Celles de même origine" } }
    }
}

/// The form that moves it on.
fn moving(page: &Page<'_>, action: &Action, edit: &str, filled: Filled<'_>) -> Markup {
    let set = action.now();
    let options = Status::ALL.map(|status| (status.name().to_owned(), status.label().to_owned()));
    let today = days::today(page).to_string();
    html! {
        section.panel aria-labelledby="avancer" {
            header { h2 #avancer { (fr("Où en est-elle ?")) } }
            form.stacked method="post" action={ (edit) "/etat" } {
                (stamps(page.shared, page.visitor))
                input type="hidden" name="supersedes" value=(filled.value("supersedes", &ids(&action.described.seen())));
                (filled.refusal(&["status", "progress", "done_on", "comment"]))
                div.fields {
                    (filled.choice("status", "État", set.status.name(), &options))
                    (filled.text(&Text { name: "progress", label: "Avancement, en %", known: &set.progress.to_string(), number: true, ..Text::default() }))
                    (days::field(filled, "done_on", "Faite le", &set.done_on.map(|on| on.to_string()).unwrap_or(today), Some("ne sert que si elle est faite")))
                }
                (filled.long(&Text { name: "comment", label: "Commentaire", known: &set.comment, hint: Some("ce qui la retarde, ce qui reste, pourquoi elle est abandonnée"), ..Text::default() }, 3))
                p { button.btn.ghost { "Enregistrer l’avancement" } }
            }
        }
    }
}

fn removal(page: &Page<'_>, edit: &str, filled: Filled<'_>) -> Markup {
    html! { details.removal open[filled.fault.is_some()] {
        summary { "Retirer du plan" }
        form.stacked method="post" action={ (edit) "/retirer" } {
            (stamps(page.shared, page.visitor))
            (filled.refusal(&["reason"]))
            p.small.muted { (fr("Pour ce qui a été saisi par erreur ou deux fois. Ce que l’on renonce à faire s’abandonne : l’action reste au plan, avec sa raison.")) }
            (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
            p { button.btn.ghost { "Retirer du plan" } }
        }
    } }
}
