//! What leaves: the map in the forms that other tools read, and the list of what a file got wrong.

use super::look::looked;
use super::{kept, may};
use crate::answer::Fault;
use crate::app::Shared;
use crate::local::Local;
use crate::session::Visitor;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::export::{self, Part};
use formats::sheet::guarded;
use formats::source::Fault as Wrong;

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn failed<E>(_: E) -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Le fichier n’a pas pu être écrit : recommencez.")
}

fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// `GET /carte/import/{token}/refus.csv`: rows that cannot be taken, for who mends the file.
pub(super) async fn refused(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    may(&visitor)?;
    let kept = kept(&shared, &visitor, &token)?;
    let looked = looked(&shared, &kept).await?;
    let bytes = refusals(&looked.plan.faults).map_err(failed)?;
    Ok(file(CSV, "lignes-refusees.csv", bytes))
}

/// In UTF-8 with its mark and semicolons, as French spreadsheets expect.
fn refusals(faults: &[Wrong]) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = Vec::from("\u{feff}");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(["Table", "Ligne", "Colonne", "Ce qui ne va pas"])?;
    for Wrong { spot, column, sentence } in faults {
        let row = if spot.row == 0 { String::new() } else { spot.row.to_string() };
        writer.write_record([guarded(&spot.table), row, guarded(column), guarded(sentence)])?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// `GET /carte/export/{file}`.
pub(super) async fn download(visitor: Visitor, Path(asked): Path<String>) -> Result<Response, Fault> {
    let today = Local::of(&visitor.view.state.register.time_zone).date(visitor.now);
    let view = visitor.view.clone();
    let wanted = asked.clone();
    let written = tokio::task::spawn_blocking(move || written(&view.state, &wanted)).await.map_err(failed)?;
    let (kind, bytes) = written?;
    let (stem, extension) = asked.rsplit_once('.').ok_or_else(Fault::not_found)?;
    Ok(file(kind, &format!("{stem}-{today}.{extension}"), bytes))
}

fn written(state: &domain::State, asked: &str) -> Result<(&'static str, Vec<u8>), Fault> {
    Ok(match asked {
        "carte.xlsx" => (XLSX, export::xlsx(state).map_err(failed)?),
        "activites.csv" => (CSV, export::csv(state, Part::Activities)),
        "elements.csv" => (CSV, export::csv(state, Part::Assets)),
        "liens.csv" => (CSV, export::csv(state, Part::Links)),
        "interfaces.csv" => (CSV, export::csv(state, Part::Exchanges)),
        "mercator.json" => (JSON, export::mercator(state).into_bytes()),
        "carte.json" => (JSON, export::json(state).into_bytes()),
        _ => return Err(Fault::not_found()),
    })
}
