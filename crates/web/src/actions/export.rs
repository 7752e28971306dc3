//! The whole plan as a sheet, in the layout of a quality and safety improvement programme (PAQSS).

use super::form::today;
use super::words::{boards, origin};
use crate::answer::Fault;
use crate::local::Local;
use crate::session::Visitor;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::actions::{Action, complexity_letters, priority_letters};
use formats::table::{Cell, Table};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const CSV: &str = "text/csv; charset=utf-8";

const HEADS: [&str; 13] = [
    "N°",
    "Axe / origine",
    "Action",
    "Description",
    "Priorité",
    "Complexité",
    "Pilote",
    "Échéance",
    "Avancement",
    "Statut",
    "Instances de suivi",
    "Commentaire",
    "Dernière mise à jour",
];

/// `GET /actions/export.xlsx`.
pub(super) async fn xlsx(visitor: Visitor) -> Result<Response, Fault> {
    leave(&visitor, "xlsx", XLSX, Table::xlsx)
}

/// `GET /actions/export.ods`.
pub(super) async fn ods(visitor: Visitor) -> Result<Response, Fault> {
    leave(&visitor, "ods", ODS, Table::ods)
}

/// `GET /actions/export.csv`.
pub(super) async fn csv(visitor: Visitor) -> Result<Response, Fault> {
    leave(&visitor, "csv", CSV, |table| Ok(table.csv()))
}

fn leave(
    visitor: &Visitor,
    extension: &str,
    kind: &'static str,
    write: impl FnOnce(&Table) -> Result<Vec<u8>, String>,
) -> Result<Response, Fault> {
    let table = table(visitor);
    let failed = |sentence| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence);
    let bytes = write(&table).map_err(failed)?;
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"plan-d-actions-{}.{extension}\"", table.made_on)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Every action of the plan, in the default order.
fn table(visitor: &Visitor) -> Table {
    let local = Local::of(&visitor.view.state.register.time_zone);
    let rows = visitor.view.state.actions.in_order().into_iter().map(|action| row(action, visitor, &local)).collect();
    Table { title: "Plan d’actions".to_owned(), made_on: today(visitor), heads: HEADS.to_vec(), rows }
}

fn row(action: &Action, visitor: &Visitor, local: &Local) -> Vec<Cell> {
    let (set, text) = (action.now(), |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) });
    let updated = local.date(action.described.current().wall).to_string().parse().map_or(Cell::Empty, Cell::Day);
    vec![
        Cell::Number(u32::try_from(action.number).unwrap_or(u32::MAX)),
        text(&origin(&set.origin)),
        text(&set.title),
        text(&set.detail),
        text(priority_letters(set.priority)),
        text(complexity_letters(set.complexity)),
        text(&set.owner),
        set.due.map_or(Cell::Empty, Cell::Day),
        Cell::Percent(set.progress),
        text(set.status.label()),
        text(&boards(&visitor.view.state, &set.boards)),
        text(&set.comment),
        updated,
    ]
}
