//! The whole log: to print, and as a sheet.

use super::log::Lines;
use super::scene::Scene;
use crate::answer::Fault;
use crate::app::Shared;
use crate::journal_page::head_words;
use crate::session::Visitor;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::crisis::LogEntry;
use maud::{Markup, html};

/// Texts that a spreadsheet would compute instead of showing begin with one of these.
const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];
/// Heads of the sheet.
const HEADS: [&str; 16] = [
    "N°",
    "Heure du fait",
    "Heure de saisie",
    "Type",
    "Texte",
    "Texte d’origine",
    "Dit par",
    "Saisi par",
    "Responsable",
    "Échéance",
    "Clos à",
    "À revoir à",
    "Met en œuvre",
    "Activité",
    "Mentions",
    "Empreinte",
];

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    let scene = match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => scene,
        Err(fault) => return fault.into_response(),
    };
    let lines =
        Lines { crisis: scene.crisis, register: &scene.state.register, local: &scene.local, room: &scene.room, now: scene.now };
    let body = html! {
        div.roomhead { h1 { "Main courante" } a.noprint href=(scene.room) { "Salle de crise" }
            a.noprint href={ (scene.room) "/main-courante.csv" } { "Exporter (CSV)" }
            button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" } }
        p.lead { (fr(&scene.state.register.establishment)) (fr(" : ")) (fr(&scene.crisis.title)) ", "
            (plural(scene.crisis.log.len() as u64, "entrée", "entrées")) ", du " (scene.local.day_and_time(scene.crisis.occurred_at)) " au "
            (scene.local.day_and_time(scene.now)) "." }
        (lines.all())
        (established(&scene))
    };
    scene.page("Main courante", None, &body)
}

/// « Établi le … par … » and the words that stand for everything written so far: a witness on paper.
pub(super) fn established(scene: &Scene<'_>) -> Markup {
    let words = head(scene);
    html! {
        p.established { "Établi le " (scene.local.long_date(scene.now)) " à " (scene.local.time(scene.now)) " par "
            (fr(&scene.state.register.name(&scene.visitor.actor))) "."
            @if let Some(words) = &words { br; (fr("Mots du journal : ")) span.mono.words { (words) } } }
    }
}

/// The words of the journal's head.
pub(super) fn head(scene: &Scene<'_>) -> Option<String> {
    let view = &scene.visitor.view;
    view.head.as_ref().or_else(|| view.heads.last()).map(head_words)
}

/// `GET …/main-courante.csv`.
pub(super) async fn csv(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let scene = Scene::of(&shared, &visitor, &journal, &id)?;
    let failed = |_| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Le tableau n’a pas pu être écrit : recommencez.");
    let bytes = sheet(&scene).map_err(failed)?;
    let name = format!("main-courante-{}.csv", scene.local.date(scene.now));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// In UTF-8 with its mark and semicolons, as French spreadsheets expect; no cell is computed.
fn sheet(scene: &Scene<'_>) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(HEADS)?;
    let contradicted = scene.crisis.contradicted_since(0);
    for (place, entry) in scene.crisis.log.iter().enumerate() {
        let cells = row(scene, place, entry, contradicted.get(place).copied().unwrap_or(false));
        writer.write_record(cells.iter().map(|cell| shown(cell)))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// An apostrophe before what a spreadsheet would compute.
fn shown(cell: &str) -> String {
    if cell.starts_with(FORMULA_STARTS) { format!("'{cell}") } else { cell.to_owned() }
}

fn row(scene: &Scene<'_>, place: usize, entry: &LogEntry, contradicted: bool) -> [String; 16] {
    let register = &scene.state.register;
    let when = |at: i64| scene.local.machine(at).replace('T', " ");
    let maybe = |at: Option<i64>| at.map(when).unwrap_or_default();
    let assigned = entry.assigned();
    let closed = entry.closed_by.and_then(|id| scene.crisis.entry(&id)).map(LogEntry::happened_at);
    let original = entry.text.as_ref().filter(|text| text.is_rewritten()).map(|text| text.first().value.to_string());
    let decision = entry.carries_out.and_then(|id| scene.crisis.entry(&id)).and_then(LogEntry::words).unwrap_or_default();
    let mentions: Vec<String> = super::badges::of(entry, contradicted).into_iter().map(|(_, words)| words).collect();
    [
        (place + 1).to_string(),
        when(entry.happened_at()),
        when(entry.wall),
        entry.entry_type.label().to_owned(),
        entry.words().unwrap_or("(texte effacé)").to_owned(),
        original.unwrap_or_default(),
        entry.speaker.clone().unwrap_or_else(|| register.name(&entry.typist)),
        register.name(&entry.typist),
        assigned.owner.unwrap_or_default(),
        maybe(assigned.due_at),
        maybe(closed),
        maybe(assigned.review_at),
        decision.to_owned(),
        entry.activity.and_then(|id| super::filter::name_of(scene.visitor, &id)).unwrap_or_default(),
        mentions.join(", "),
        entry.id.to_string(),
    ]
}
