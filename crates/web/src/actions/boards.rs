//! The boards that follow the plan: which, what they look at, when they meet, when they last saw it.

use super::{BOARDS, base, head};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, concluded, ids, seen, sent};
use crate::crisis::scene::{Outcome, made, wrong};
use crate::crisis::stamps;
use crate::days::{self, shown};
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::actions::event::BoardSet;
use domain::actions::{Board, Counts};
use maud::{Markup, html};

const FIELDS: [&str; 5] = ["name", "looks_at", "rhythm", "next_meeting", "chair"];

/// `GET /actions/instances`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, Filled::BLANK)
}

fn page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Proof, "Instances");
    let boards = visitor.view.state.actions.sitting();
    let body = html! {
        (head("Instances", BOARDS))
        p.lead { (fr(&answer(&boards))) }
        @if boards.is_empty() { p.empty { (fr("CODIR, CME, COVIRIS, CSSI, directoire… Inscrivez celles devant qui le plan est rendu : chacune a sa page, à imprimer et à signer, avec les seules actions qu’elle suit.")) } }
        @else { (table(&page, &boards)) }
        @if visitor.may_write() { section.panel.newboard aria-labelledby="inscrire" {
            header { h2 #inscrire { "Inscrire une instance" } }
            (form(&page, &format!("{}/instances", base(&page)), None, filled))
        } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn answer(boards: &[&Board]) -> String {
    let never = boards.iter().filter(|board| board.presented.is_empty()).count() as u64;
    let told = plural(boards.len() as u64, "instance suit le plan", "instances suivent le plan");
    match never {
        _ if boards.is_empty() => "Aucune instance ne suit le plan : personne ne demandera où il en est.".to_owned(),
        0 => format!("{told} ; toutes l’ont déjà vu."),
        never if never == boards.len() as u64 => format!("{told} ; aucune ne l’a encore vu."),
        never => format!("{told} ; {never} ne l’{} pas encore vu.", if never == 1 { "a" } else { "ont" }),
    }
}

fn table(page: &Page<'_>, boards: &[&Board]) -> Markup {
    let (plan, today) = (&page.visitor.view.state.actions, days::today(page));
    html! {
        table.reg {
            thead { tr { th scope="col" { "Instance" } th scope="col" { "Ce qu’elle regarde" } th scope="col" { "Rythme" } th scope="col" { "Prochaine réunion" } th scope="col" { "Actions suivies" } th scope="col" { "Présenté le" } } }
            tbody { @for board in boards {
                @let set = board.now();
                @let counts = Counts::of(plan.followed_by(&board.id), today);
                tr {
                    th scope="row" { a href={ (BOARDS) "/" (board.id) } { (fr(&set.name)) } @if board.described.is_conflict() { " " span.st.small.warn { "conflit (" (board.described.survivors().len()) ")" } } }
                    td data-label="Ce qu’elle regarde" { (fr(&set.looks_at)) }
                    td data-label="Rythme" { (fr(&set.rhythm)) }
                    td data-label="Prochaine réunion" { @match set.next_meeting { Some(on) => { (shown(on)) @if on < today { " " span.st.small.warn { "passée" } } }, None => span.muted { "sans date" } } }
                    td data-label="Actions suivies" { (counts.total) @if counts.total > 0 { (fr(&format!(", {} à mener", counts.open))) } @if counts.late > 0 { " " span.st.small.down { (counts.late) " en retard" } } }
                    td data-label="Présenté le" { @match board.last_presented() { Some(last) => (shown(last.on)), None => span.muted { "jamais" } } }
                }
            } }
        }
    }
}

/// The form of a board; `known` when there is one already.
pub(super) fn form(page: &Page<'_>, action: &str, known: Option<&Board>, filled: Filled<'_>) -> Markup {
    let blank = BoardSet::default();
    let set = known.map_or(&blank, Board::now);
    let versions = known.map(|board| board.described.seen()).unwrap_or_default();
    let removed = filled.fields.map_or(set.removed, |fields| fields.get("removed") == "1");
    html! {
        form.stacked.wide method="post" action=(action) {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="supersedes" value=(filled.value("supersedes", &ids(&versions)));
            (filled.refusal(&FIELDS))
            div.fields {
                (filled.text(&Text { name: "name", label: "Nom", known: &set.name, example: Some("CODIR"), required: true, ..Text::default() }))
                (filled.text(&Text { name: "chair", label: "Présidence", known: &set.chair, list: Some("personnes"), ..Text::default() }))
                (filled.text(&Text { name: "rhythm", label: "Rythme", known: &set.rhythm, example: Some("tous les mois"), ..Text::default() }))
                (days::field(filled, "next_meeting", "Prochaine réunion", &set.next_meeting.map(|on| on.to_string()).unwrap_or_default(), None))
            }
            (filled.long(&Text { name: "looks_at", label: "Ce qu’elle regarde", known: &set.looks_at, example: Some("les retards, et ce qui demande un arbitrage"), ..Text::default() }, 2))
            @if known.is_some() { p.field { label.check { input type="checkbox" name="removed" value="1" checked[removed]; "Elle ne suit plus d’action" } } }
            p { @if known.is_some() { button.btn.ghost { "Enregistrer" } } @else { button.btn { "Inscrire" } } }
            datalist #personnes { @for (_, person) in page.visitor.view.state.register.present() { option value=(person.name) {} } }
        }
    }
}

/// What the form describes.
pub(super) fn typed(fields: &Fields) -> Result<BoardSet, Fault> {
    let text = |name: &str| fields.get(name).trim().replace("\r\n", "\n");
    let day = |text: String| {
        days::typed(&text).ok_or_else(|| wrong("next_meeting", "Ce jour n’existe pas : écrivez par exemple 21/12/2026."))
    };
    Ok(BoardSet {
        name: text("name"),
        looks_at: text("looks_at"),
        rhythm: text("rhythm"),
        next_meeting: fields.filled("next_meeting").map(day).transpose()?,
        chair: text("chair"),
        removed: fields.get("removed") == "1",
        supersedes: seen(fields),
    })
}

/// `POST …/actions/instances`.
pub(super) async fn add(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let set = typed(&sent.fields)?;
        let id = made(&sent.fields, "board", &set.name);
        Ok(Outcome { drafts: vec![Event::BoardSet(set).draft(id)], next: format!("{BOARDS}/{id}") })
    };
    let back = |sent: &Sent, fault: &Fault| page(&shared, &sent.visitor, Filled::of(&sent.fields, fault));
    concluded(&shared, &journal, &sent, decide, back).await
}
