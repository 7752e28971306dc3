//! Which actions a board follows, ticked in one list.

use super::words::levels;
use super::{BOARDS, board, find_board};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::Outcome;
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::shell::Page;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::actions::event::ActionSet;
use domain::actions::{Action, Board};
use journal::write::Draft;
use maud::{Markup, html};

/// The list to tick: actions of the plan, those that are open first.
pub(super) fn form(page: &Page<'_>, board: &Board, path: &str, filled: Filled<'_>) -> Markup {
    let mut all = page.visitor.view.state.actions.in_order();
    all.sort_by_key(|action| !action.is_open());
    let follows = |action: &Action| match filled.fields {
        Some(fields) => fields.texts.iter().any(|(name, value)| name == "action" && *value == action.id.to_string()),
        None => action.now().boards.contains(&board.id),
    };
    let none = all.iter().all(|action| !follows(action));
    html! { @if !all.is_empty() {
        details.removal open[none || filled.fault.is_some()] {
            summary { "Choisir les actions qu’elle suit" }
            form.stacked.wide method="post" action={ (path) "/suivi" } {
                (stamps(page.shared, page.visitor))
                (filled.refusal(&[]))
                fieldset.plan-ticks.down { legend.out { "Actions suivies" } div { @for action in &all {
                    // What was shown is repeated, so that an action which came meanwhile is left as it is.
                    input type="hidden" name="vue" value=(action.id);
                    label.check { input type="checkbox" name="action" value=(action.id) checked[follows(action)];
                        span { b { (action.number) } " " (fr(&action.now().title)) " " span.small.muted { (levels(action.now())) @if !action.is_open() { ", " (action.now().status.label()) } } } }
                } } }
                p { button.btn.ghost { "Enregistrer ce qu’elle suit" } }
            }
        }
    } }
}

/// Actions whose boards change: followed from now on, or no more.
fn drafts(sent: &Sent, board: &Board) -> Vec<Draft> {
    let named = |name: &str, id: &str| sent.fields.texts.iter().any(|(key, value)| key == name && value == id);
    let plan = sent.visitor.view.state.actions.in_order();
    let changed = plan.into_iter().filter_map(|action| {
        let (id, set) = (action.id.to_string(), action.now());
        let (follows, ticked) = (set.boards.contains(&board.id), named("action", &id));
        if follows == ticked || !named("vue", &id) {
            return None;
        }
        let mut boards = set.boards.clone();
        if ticked {
            boards.push(board.id)
        } else {
            boards.retain(|one| *one != board.id)
        }
        // Whoever ticks a box settles nothing: an action in conflict keeps its other versions.
        let supersedes = vec![action.described.current().id];
        Some(Event::ActionSet(ActionSet { boards, supersedes, ..set.clone() }).draft(action.id))
    });
    changed.collect()
}

/// `POST …/actions/instances/{id}/suivi`.
pub(super) async fn choose(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let found = sent.visitor.journal(&shared, &journal).and_then(|_| find_board(&sent.visitor, &id));
    let drafts = match found {
        Ok(board) => drafts(&sent, board),
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let next = format!("{BOARDS}/{id}");
    if drafts.is_empty() && sent.same_author().is_ok() && !sent.json {
        return see_other(&next);
    }
    let back = |sent: &Sent, fault: &Fault| {
        let filled = Filled::of(&sent.fields, fault);
        board::page(&shared, &sent.visitor, &id, "suivi", filled).unwrap_or_else(IntoResponse::into_response)
    };
    concluded(&shared, &journal, &sent, |_| Ok(Outcome { drafts, next }), back).await
}
