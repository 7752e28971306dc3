//! When cells meet next, in a line: for the head of the room and for the wall.

use crate::crisis::scene::Scene;
use crate::situation::board::near;
use crate::situation::words::ahead;
use crate::typography::fr;
use domain::cells::Cell;
use maud::{Markup, html};

/// Cells shown in the head of the room; the others are counted.
const HEAD_CELLS_MAX: usize = 1;
/// Cells shown on the wall.
const WALL_CELLS_MAX: usize = 4;

fn sitting<'a>(scene: &Scene<'a>) -> Vec<&'a Cell> {
    scene.cells().map(|cells| cells.sitting()).unwrap_or_default()
}

/// « Cellule décisionnelle : prochain point 15:00, dans 28 min ».
pub(crate) fn head(scene: &Scene<'_>) -> Markup {
    let cells = sitting(scene);
    let page = format!("{}/cellules", scene.room);
    html! {
        span #cellules-tete .cells-head data-live-key="cellules" {
            @if cells.is_empty() { a href=(page) { "Installer une cellule" } }
            @for cell in cells.iter().take(HEAD_CELLS_MAX) { span.cell {
                a href={ (page) "/" (cell.id) } { (fr(&cell.set().name)) } (fr(" : "))
                @match cell.next_at {
                    Some(at) => { b { "prochain point " (near(scene, at)) } " " (ahead(at, scene.now)) },
                    None => span.muted { "pas de prochain point" },
                }
            } }
            @if cells.len() > HEAD_CELLS_MAX { a href=(page) { "et " (cells.len() - HEAD_CELLS_MAX) @if cells.len() == HEAD_CELLS_MAX + 1 { " autre" } @else { " autres" } } }
        }
    }
}

/// The next meetings, as rows.
pub(crate) fn meetings(scene: &Scene<'_>) -> Markup {
    let cells = sitting(scene);
    html! {
        @if cells.is_empty() { p { "Aucune cellule n’est installée." } }
        @for cell in cells.iter().take(WALL_CELLS_MAX) { @let set = cell.set();
            p.meeting { span { (fr(&set.name)) @if !set.room.is_empty() { span.muted { ", " (fr(&set.room)) } } }
                span.at { @match cell.next_at { Some(at) => { b { (near(scene, at)) } " " (ahead(at, scene.now)) }, None => "–" } } }
        }
        @if cells.len() > WALL_CELLS_MAX { p.rest { "Et " (cells.len() - WALL_CELLS_MAX) " autres." } }
    }
}
