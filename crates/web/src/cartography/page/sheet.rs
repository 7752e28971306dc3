//! The list as it is filtered, for a spreadsheet.

use super::asked::Asked;
use super::table::{self, Row, rows};
use crate::answer::Fault;
use crate::app::Shared;
use crate::cartography::thing::words;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::cartography::Thing;

/// What a spreadsheet would compute.
const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];
const HEADS: [&str; 18] = [
    "Identifiant",
    "Vue",
    "Genre",
    "Nom",
    "Priorité",
    "DMIA",
    "RTO",
    "PDMA",
    "Unité",
    "Qui en répond",
    "Prestataire",
    "Zone réseau",
    "Survit à l’attaque",
    "Système essentiel (SIE)",
    "A besoin de",
    "Nombre de dépendants",
    "Relu le",
    "Description",
];

/// `GET /carte/activites.csv`, with the filters of the page.
pub(super) async fn csv(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let page = Page::new(&shared, &visitor, Place::Prepare, "");
    let mut found: Vec<Row<'_>> = rows(&page).into_iter().filter(|row| asked.keeps(&page, row)).collect();
    table::sort(&mut found, &asked);
    let failed = |_| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Le tableau n’a pas pu être écrit : recommencez.");
    let bytes = written(&page, &found).map_err(failed)?;
    let name = format!("carte-{}.csv", page.local.date(page.now));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// In UTF-8 with its mark and semicolons, as French spreadsheets expect; no cell is computed.
fn written(page: &Page<'_>, found: &[Row<'_>]) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(HEADS)?;
    for row in found {
        let cells = cells(page, row);
        writer.write_record(
            cells.iter().map(|cell| if cell.starts_with(FORMULA_STARTS) { format!("'{cell}") } else { cell.clone() }),
        )?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

fn cells(page: &Page<'_>, row: &Row<'_>) -> [String; HEADS.len()] {
    let state = &page.visitor.view.state;
    let said = match row.thing {
        Thing::Activity(activity) => words::activity(activity.now(), state),
        Thing::Asset(asset) => words::asset(asset.now(), state),
    };
    let of =
        |names: &[&str]| said.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| value.clone()).unwrap_or_default();
    [
        row.thing.id().to_string(),
        row.section.label().to_owned(),
        row.thing.kind_label().to_owned(),
        row.thing.name().to_owned(),
        row.activity().map(|activity| activity.now().priority.to_string()).unwrap_or_default(),
        of(&["DMIA"]),
        of(&["RTO", "RTO visé"]),
        of(&["PDMA"]),
        of(&["Unité"]),
        of(&["Qui en répond"]),
        of(&["Prestataire"]),
        of(&["Zone réseau"]),
        of(&["Survit à l’attaque"]),
        of(&["Système essentiel (SIE)"]),
        of(&["A besoin de"]),
        row.needed.to_string(),
        row.fresh.map(|day| day.to_string()).unwrap_or_default(),
        of(&["Description"]),
    ]
}
