//! One board: one page to print and to sign, with the actions that it follows, late ones first; and « présenté le… ».

use super::boards::{self, typed};
use super::form::today;
use super::words::{board_fields, levels, mark, short};
use super::{BOARDS, base, find_board, follow, head, path_of};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, wrong};
use crate::crisis::stamps;
use crate::days::{self, shown};
use crate::fields::{Filled, Text};
use crate::history;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::actions::event::{BoardSet, Presented, Status};
use domain::actions::{Action, Board, Counts, Presentation};
use domain::register::day::Day;
use maud::{Markup, html};

/// Most presentations listed; the others are counted.
const PRESENTED_SHOWN_MAX: usize = 12;

/// `GET /actions/instances/{id}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&shared, &visitor, &id, "", Filled::BLANK)
}

/// The page; `act` names the form that comes back filled in.
pub(super) fn page(shared: &Inner, visitor: &Visitor, id: &str, act: &str, filled: Filled<'_>) -> Result<Response, Fault> {
    let board = find_board(visitor, id)?;
    let title = format!("{} : plan d’actions", board.now().name);
    let page = Page::new(shared, visitor, Place::Proof, &title);
    let followed = visitor.view.state.actions.followed_by(&board.id);
    let path = format!("{}/instances/{}", base(&page), board.id);
    let mine = |name: &str| if act == name { filled } else { Filled::BLANK };
    let writes = visitor.may_write();
    let body = html! {
        (head(&title, BOARDS))
        p.lead { (fr(&answer(&page, board, &followed))) }
        p.btns.noprint { button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" } }
        (history::conflict(&page, &board.described, board_fields, BOARDS))
        (followed_now(&page, &followed))
        (since(&page, board, &followed))
        (signature(&page, board))
        @if writes && board.is_sitting() { (presenting(&page, &path, mine("presentation"))) }
        (shown_before(&page, board))
        @if writes {
            @if board.is_sitting() { (follow::form(&page, board, &path, mine("suivi"))) }
            details.removal open[act == "reglages" || board.described.is_conflict()] { summary { "Modifier l’instance" } (boards::form(&page, &path, Some(board), mine("reglages"))) }
        }
    };
    Ok((filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response())
}

fn answer(page: &Page<'_>, board: &Board, followed: &[&Action]) -> String {
    let counts = Counts::of(followed.iter().copied(), days::today(page));
    let plan = match followed.len() {
        0 => "Elle ne suit encore aucune action : choisissez-les plus bas.".to_owned(),
        _ => format!("{}.", short(&counts)),
    };
    let set = board.now();
    let mut told = vec![plan];
    if !board.is_sitting() {
        told.insert(0, "Cette instance ne suit plus d’action.".to_owned());
    }
    if !set.looks_at.is_empty() {
        told.push(format!("Elle regarde : {}.", set.looks_at.trim_end_matches('.')));
    }
    match (set.next_meeting, set.rhythm.as_str()) {
        (Some(on), "") => told.push(format!("Prochaine réunion le {}.", shown(on))),
        (Some(on), rhythm) => told.push(format!("Prochaine réunion le {} ({rhythm}).", shown(on))),
        (None, "") => {}
        (None, rhythm) => told.push(format!("Elle se réunit {rhythm}.")),
    }
    told.join(" ")
}

/// What it follows, late ones first; what was given up is not listed.
fn followed_now(page: &Page<'_>, followed: &[&Action]) -> Markup {
    let today = days::today(page);
    let alive = || followed.iter().copied().filter(|action| action.now().status != Status::Dropped);
    let mut rows: Vec<&Action> = alive().collect();
    rows.sort_by_key(|action| (!action.is_late(today), !action.is_open()));
    html! { @if !rows.is_empty() {
        section.panel.wide aria-labelledby="suivies" {
            header { h2 #suivies { "Les actions suivies" } span.muted.small { (fr(&format!("au {}", shown(today)))) " · les retards d’abord" } }
            table.reg.boardlist {
                thead { tr { th.n scope="col" { "N°" } th scope="col" { "Action" } th scope="col" { "Priorité" } th scope="col" { "Pilote" } th scope="col" { "Échéance" } th.n scope="col" { "Avancement" } th scope="col" { "État" } } }
                tbody { @for action in rows {
                    @let set = action.now();
                    tr {
                        td.n data-label="N°" { (action.number) }
                        th scope="row" { a href=(path_of(&action.id)) { (fr(&set.title)) } @if !set.comment.is_empty() { span.from.small.muted { (fr(&set.comment)) } } }
                        td.levels data-label="Priorité" { (levels(set)) }
                        td data-label="Pilote" { @if set.owner.is_empty() { span.st.unknown { "personne" } } @else { (fr(&set.owner)) } }
                        td.day data-label="Échéance" { @match set.due { Some(due) => (shown(due)), None => span.muted { "sans date" } } }
                        td.n data-label="Avancement" { (fr(&format!("{} %", set.progress))) }
                        td data-label="État" { (mark(action, today)) }
                    }
                } }
            }
        }
    } }
}

/// What changed since the board last saw the plan.
fn since(page: &Page<'_>, board: &Board, followed: &[&Action]) -> Markup {
    let Some(last) = board.last_presented() else { return html! {} };
    let new: Vec<&Action> = followed.iter().copied().filter(|action| action.described.first().wall > last.wall).collect();
    let settled = |status: Status| -> Vec<&Action> {
        let changed = |action: &&&Action| action.now().status == status && action.described.current().wall > last.wall;
        let before = |action: &Action| action.described.all().any(|w| w.wall <= last.wall && w.value.status == status);
        followed.iter().filter(changed).copied().filter(|action| !before(action)).collect()
    };
    let lists = [("Décidées", new), ("Faites", settled(Status::Done)), ("Abandonnées", settled(Status::Dropped))];
    html! {
        section.panel.wide aria-labelledby="depuis" {
            header { h2 #depuis { "Depuis la dernière présentation" } span.muted.small { "le " (shown(last.on)) } }
            @if lists.iter().all(|(_, actions)| actions.is_empty()) { p.empty { "Rien de nouveau, rien de fait, rien d’abandonné." } }
            @else { dl.kv { @for (words, actions) in &lists { @if !actions.is_empty() {
                dt { (words) " (" (actions.len()) ")" }
                dd { @for (at, action) in actions.iter().enumerate() { @if at > 0 { (fr(" ; ")) } "n° " (action.number) " " (fr(&action.now().title))
                    @if action.now().status == Status::Dropped && *words == "Abandonnées" { (fr(&format!(" ({})", action.now().comment))) } } }
            } } } }
            @if !last.note.is_empty() { p { "Demandé alors" (fr(" : ")) (fr(&last.note)) } }
            p.small.muted { (fr(&format!("Ce jour-là : {}.", short(&last.counts)))) " " (page.visitor.view.state.register.name(&last.by)) }
        }
    }
}

/// The line to sign, on paper.
fn signature(page: &Page<'_>, board: &Board) -> Markup {
    let chair =
        if board.now().chair.is_empty() { "La présidence".to_owned() } else { format!("La présidence, {}", board.now().chair) };
    let register = &page.visitor.view.state.register;
    html! {
        section.onpaper aria-label="Signatures" {
            p.small { (fr(&format!("{} – plan d’actions présenté à l’instance {}, page établie le {}.", register.establishment, board.now().name, page.local.full_day_and_time(page.now)))) }
            div.signatures { p { (fr(&chair)) ", le" } p { "Qui a présenté, le" } }
        }
    }
}

fn presenting(page: &Page<'_>, path: &str, filled: Filled<'_>) -> Markup {
    let today = days::today(page).to_string();
    html! {
        section.panel.wide.noprint aria-labelledby="presenter" {
            header { h2 #presenter { "Noter qu’elle a vu le plan" } }
            form.stacked method="post" action={ (path) "/presentation" } {
                (stamps(page.shared, page.visitor))
                (filled.refusal(&["on", "note"]))
                (days::field(filled, "on", "Présenté le", &today, Some("les nombres de maintenant sont gardés avec cette date")))
                (filled.long(&Text { name: "note", label: "Ce qu’elle a demandé", hint: Some("arbitrages, délais accordés, actions à ajouter"), ..Text::default() }, 3))
                p.btns { button.btn { "Enregistrer la présentation" } }
            }
        }
    }
}

fn shown_before(page: &Page<'_>, board: &Board) -> Markup {
    let mut all: Vec<&Presentation> = board.presented.iter().collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.on, one.wall)));
    let more = all.len().saturating_sub(PRESENTED_SHOWN_MAX);
    html! { @if !all.is_empty() {
        section.panel.wide.noprint aria-labelledby="avant" {
            header { h2 #avant { "Ce qu’elle a vu" } span.muted.small { (all.len()) } }
            ul.history { @for one in all.iter().take(PRESENTED_SHOWN_MAX) { li {
                b { (shown(one.on)) } (fr(" : ")) (fr(&short(&one.counts))) ". "
                @if !one.note.is_empty() { (fr(&one.note)) " " }
                span.small.muted { "noté par " (fr(&page.visitor.view.state.register.name(&one.by))) ", " (page.local.day_and_time(one.wall)) }
            } } }
            @if more > 0 { p.small.muted { "et " (plural(more as u64, "autre", "autres")) } }
        }
    } }
}

/// `POST …/actions/instances/{id}`.
pub(super) async fn change(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    on_board(&shared, &journal, &id, request, "reglages", |sent, _| {
        typed(&sent.fields).map(|set: BoardSet| vec![Event::BoardSet(set)])
    })
    .await
}

/// `POST …/actions/instances/{id}/presentation`.
pub(super) async fn present(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let decide = |sent: &Sent, board: &Board| {
        let today = today(&sent.visitor);
        let text = sent.fields.filled("on").ok_or_else(|| wrong("on", "Dites quel jour l’instance a vu le plan."))?;
        let on: Day = days::typed(&text).ok_or_else(|| wrong("on", "Ce jour n’existe pas : écrivez par exemple 21/12/2026."))?;
        if on > today {
            return Err(wrong("on", "Ce jour n’est pas encore venu : notez la présentation une fois faite."));
        }
        let counts = Counts::of(sent.visitor.view.state.actions.followed_by(&board.id), today);
        Ok(vec![Event::PlanPresented(Presented { on, counts, note: sent.fields.get("note").trim().replace("\r\n", "\n") })])
    };
    on_board(&shared, &journal, &id, request, "presentation", decide).await
}

/// What is common to the forms of one board.
async fn on_board(
    shared: &Shared,
    journal: &str,
    id: &str,
    request: Request,
    name: &'static str,
    decide: impl FnOnce(&Sent, &Board) -> Result<Vec<Event>, Fault>,
) -> Response {
    let sent = match sent(shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let board = find_board(&sent.visitor, id)?;
        let drafts = decide(sent, board)?.iter().map(|event| event.draft(board.id)).collect();
        Ok(Outcome { drafts, next: format!("{BOARDS}/{}", board.id) })
    };
    let back = |sent: &Sent, fault: &Fault| {
        let filled = Filled::of(&sent.fields, fault);
        page(shared, &sent.visitor, id, name, filled).unwrap_or_else(IntoResponse::into_response)
    };
    concluded(shared, journal, &sent, decide, back).await
}
