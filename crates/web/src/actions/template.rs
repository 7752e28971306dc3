//! The reference actions: taken all at once or one by one, adapted before; what was taken is marked.

use super::acts::described;
use super::form::{self, Edited, today};
use super::{PATH, TEMPLATE, base, head, path_of};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, made};
use crate::crisis::stamps;
use crate::days::{self, shown};
use crate::fields::Filled;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use content::actions::{Action as Reference, all, get};
use domain::Event;
use domain::actions::event::{ActionsAdopted, Adopted};
use domain::actions::{Actions, action_id, complexity_letters, priority_letters};
use maud::{Markup, html};

/// The subject of a reference action on the plan: whoever takes it, on any laptop, takes the same.
fn id_of(reference: &Reference) -> journal::SubjectId {
    action_id("template", &reference.key)
}

/// Those that nobody ever took: one that was taken off stays off.
fn left(plan: &Actions) -> Vec<&'static Reference> {
    all().iter().filter(|reference| plan.of_template(&reference.key).is_none()).collect()
}

/// `GET /actions/modele`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    shown_page(&shared, &visitor, Filled::BLANK)
}

fn shown_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Proof, "Actions de référence");
    let left = left(&visitor.view.state.actions).len();
    let body = html! {
        (head("Actions de référence", TEMPLATE))
        p.lead { (fr(&answer(left))) }
        (filled.refusal(&[]))
        @if visitor.may_write() && left > 0 {
            form.adopt method="post" action={ (base(&page)) "/modele" } {
                (stamps(shared, visitor))
                p.btns { button.btn { "Reprendre " (plural(left as u64, "action", "actions")) }
                    span.small.muted { (fr("Avec l’échéance proposée pour chacune ; tout se change ensuite, et vous dites qui s’en charge.")) } }
            }
        }
        ol.references { @for reference in all() { (item(&page, reference)) } }
        @if let Some(first) = all().first() { p.small.muted { (fr(&format!("Source : {}. Édition du {}, statut : {}.", first.source, written(&first.edition), first.status.label()))) } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn written(edition: &str) -> String {
    days::typed(edition).map_or_else(|| edition.to_owned(), shown)
}

fn answer(left: usize) -> String {
    let total = all().len();
    match total - left {
        0 => format!("{total} actions reviennent après presque tous les exercices. Aucune n’est encore au plan."),
        taken if left == 0 => format!("Les {taken} actions de référence ont été reprises."),
        taken => format!(
            "{} sur {total} ; {left} à reprendre ou à laisser.",
            plural(taken as u64, "action reprise", "actions reprises")
        ),
    }
}

fn item(page: &Page<'_>, reference: &Reference) -> Markup {
    let plan = &page.visitor.view.state.actions;
    let taken = plan.of_template(&reference.key);
    let due = days::today(page).plus_days(i64::from(reference.delay_days));
    html! {
        li #(reference.key) {
            h2 { (fr(&reference.title)) }
            p.small.muted { "Priorité " (priority_letters(reference.priority)) ", complexité " (complexity_letters(reference.complexity)) ", " (fr(&format!("échéance proposée : {}", shown(due)))) }
            p { (fr(&reference.detail)) }
            p { b { "Fait quand" } (fr(" : ")) (fr(&reference.proof)) }
            @match taken {
                Some(action) if action.removed.is_none() => p { span.st.ok { "reprise" } " " a href=(path_of(&action.id)) { "Action n° " (action.number) } },
                Some(action) => p { span.st.dropped { "retirée" } " " a href=(path_of(&action.id)) { "Action n° " (action.number) } @if page.visitor.may_write() { " · " a href={ (TEMPLATE) "/" (reference.key) } { "La reprendre" } } },
                None => @if page.visitor.may_write() { p { a href={ (TEMPLATE) "/" (reference.key) } { "Adapter et reprendre" } } },
            }
        }
    }
}

/// What the form of a reference action begins with.
fn edited(visitor: &Visitor, key: &str) -> Result<Edited, Fault> {
    let reference = get(key).ok_or_else(Fault::not_found)?;
    let plan = &visitor.view.state.actions;
    // Taken once, it has an id; taken off, it comes back under the same.
    let known = plan.of_template(key);
    let id = known.map_or_else(|| id_of(reference), |action| action.id);
    let known = known.or_else(|| plan.ever(&id));
    Ok(Edited::reference(&reference.key, id, reference.adopted(today(visitor)), known))
}

/// `GET /actions/modele/{key}`: adapted before it is taken.
pub(super) async fn one(State(shared): State<Shared>, visitor: Visitor, Path(key): Path<String>) -> Response {
    if let Some(action) = visitor.view.state.actions.of_template(&key).filter(|action| action.removed.is_none()) {
        return see_other(&path_of(&action.id));
    }
    match edited(&visitor, &key) {
        Ok(edited) => form::page(&shared, &visitor, &edited, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// `POST …/actions/modele/{key}`.
pub(super) async fn adopt(
    State(shared): State<Shared>,
    Path((journal, key)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let taken = sent.visitor.view.state.actions.of_template(&key).filter(|action| action.removed.is_none());
    if let Some(action) = taken.filter(|_| !sent.json && sent.visitor.journal(&shared, &journal).is_ok()) {
        // Sent twice, or taken by somebody else meanwhile: it is there.
        return see_other(&path_of(&action.id));
    }
    let edited = edited(&sent.visitor, &key);
    described(&shared, &journal, &sent, edited).await
}

/// `POST …/actions/modele`: all that nobody took yet.
pub(super) async fn adopt_all(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let today = today(&sent.visitor);
    let left = left(&sent.visitor.view.state.actions);
    if left.is_empty() && !sent.json && sent.visitor.journal(&shared, &journal).is_ok() {
        return see_other(PATH);
    }
    let decide = |sent: &Sent| {
        let adopted = |reference: &&Reference| Adopted { id: id_of(reference), action: reference.adopted(today) };
        let event = Event::ActionsAdopted(ActionsAdopted { actions: left.iter().map(adopted).collect() });
        Ok(Outcome { drafts: vec![event.draft(made(&sent.fields, "adoption", "template"))], next: PATH.to_owned() })
    };
    let back = |sent: &Sent, fault: &Fault| shown_page(&shared, &sent.visitor, Filled::of(&sent.fields, fault));
    concluded(&shared, &journal, &sent, decide, back).await
}
