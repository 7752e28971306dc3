//! Aujourd’hui: what is true now, in sentences read off facts, what comes next, and the one large button.

mod ahead;
mod first_steps;
mod ready;

use crate::app::{Inner, Shared};
use crate::crisis::room_path;
use crate::exercise::conduct;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::urgence;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::crisis::Crisis;
use domain::facts::{Value, find};
use journal::certificate::Mode;
use maud::{Markup, html};

pub(crate) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    if let Some(exercise) = conduct::home(&shared, &visitor) {
        return exercise;
    }
    let page = Page::new(&shared, &visitor, Place::Today, "Aujourd’hui");
    let running = urgence::running(&visitor.view.state);
    let body = html! {
        div.roomhead {
            h1 { "Aujourd’hui" }
            span.muted { (page.local.long_date(page.now)) ", " (page.local.time(page.now)) }
            @match running {
                Some(crisis) => a.btn.alarm href=(room_path(&shared, crisis)) { "Entrer dans la salle de crise" },
                None => @if visitor.may_write() { a.btn.alarm href="/crises/nouvelle" { "Ouvrir une crise" } },
            }
        }
        p.lead { (fr(&answer(&page, running))) }
        (crate::access::notices(&page))
        div.today {
            div {
                (first_steps::show(&page))
                (ready::show(&page, running))
            }
            (ahead::show(&page))
        }
        (older_crises(&shared, &page, running))
    };
    page.render(&body).into_response()
}

/// The sentence that says it all.
fn answer(page: &Page<'_>, running: Option<&Crisis>) -> String {
    let view = &page.visitor.view;
    match (running, view.state.latest_crisis()) {
        (Some(crisis), _) => {
            let what = if view.mode == Mode::Exercise { "Un exercice est en cours" } else { "Une crise est ouverte" };
            format!("{what} : {}, depuis le {}.", crisis.title, page.local.day_and_time(crisis.occurred_at))
        }
        (None, Some(last)) => {
            let when = last.lifted().map(|turn| format!(" le {}", page.local.day_and_time(turn.wall))).unwrap_or_default();
            format!("Aucune crise en cours. La dernière, « {} », a été levée{when}.", last.title)
        }
        (None, None) => "Aucune crise n’est ouverte.".to_owned(),
    }
}

/// A fact that is a number; `None` when nothing can be said yet.
fn number(page: &Page<'_>, fact: &str) -> Option<u64> {
    match find(fact).map(|f| (f.compute)(&page.visitor.view.state, page.now)) {
        Some(Value::Count(n)) => Some(n),
        _ => None,
    }
}

/// `1 action`, `3 actions`.
pub(crate) fn plural(n: u64, one: &str, many: &str) -> String {
    if n < 2 { format!("{n} {one}") } else { format!("{n} {many}") }
}

fn older_crises(shared: &Inner, page: &Page<'_>, running: Option<&Crisis>) -> Markup {
    let mut all: Vec<&Crisis> = page.visitor.view.state.crises.values().collect();
    if all.len() < 2 && (all.is_empty() || running.is_some()) {
        return html! {};
    }
    all.sort_by_key(|c| std::cmp::Reverse((c.order, c.id)));
    html! {
        section.panel.wide aria-labelledby="crises" {
            header { h2 #crises { "Toutes les crises de ce journal" } span.muted.small { (all.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Crises de ce journal" { table {
                thead { tr { th scope="col" { "Crise" } th scope="col" { "Niveau" } th scope="col" { "Début" } th scope="col" { "État" }
                    th.n scope="col" { "Main courante" } } }
                tbody { @for crisis in all { tr {
                    td { a href=(room_path(shared, crisis)) { (fr(&crisis.title)) } }
                    td { (crisis.level.label()) }
                    td { (page.local.day_and_time(crisis.occurred_at)) }
                    td { @match crisis.lifted() {
                        Some(turn) => { "levée le " (page.local.day_and_time(turn.wall)) },
                        None => b { "en cours" },
                    } }
                    td.n { (plural(crisis.log.len() as u64, "entrée", "entrées")) }
                } } }
            } }
            @if running.is_some() && page.visitor.may_write() { p.small { a href="/crises/nouvelle" { "Ouvrir une autre crise" } } }
        }
    }
}
