//! The situation board: the column of the room.

use super::sentence;
use super::words::{lasting, mark};
use crate::crisis::acts::ids;
use crate::crisis::scene::Scene;
use crate::today::plural;
use crate::typography::fr;
use domain::situation::board::{ActivityLine, ApplicationLine, Board, Line};
use domain::situation::event::Status;
use journal::SubjectId;
use maud::{Markup, html};

const DAY_MS: i64 = 24 * 3_600_000;
/// Names shown of what an application drags down.
const DRAGGED_NAMES_MAX: usize = 2;

/// Address of the page of one activity or application in this crisis.
pub(crate) fn path(scene: &Scene<'_>, about: &SubjectId) -> String {
    format!("{}/situation/{about}", scene.room)
}

/// Enough of an id to name a line within a page.
fn short(id: &SubjectId) -> String {
    journal::id::to_hex(&id.as_bytes()[..8])
}

/// The region: the sentence, the activities, the applications. Every child has an id, so that the script replaces only what changed.
pub(crate) fn column(scene: &Scene<'_>, may_write: bool) -> Markup {
    let board = scene.board();
    html! {
        div #situation-tableau data-live-key="situation" {
            p #situation-phrase .told { (sentence::show(&board, &scene.local, scene.now)) }
            @if board.activities.is_empty() { (empty(may_write)) } @else {
                p #situation-tetes .heads aria-hidden="true" { span { "Activité" } span { "État" } span { "Depuis" } span { "Tient jusqu’à" } }
                ul #activites .board { @for activity in &board.activities { (activity_row(scene, activity, may_write)) } }
            }
            @if !board.applications.is_empty() {
                h3 #situation-applications { "Applications" (down_count(&board)) }
                ul #applications .board { @for application in &board.applications { (application_row(scene, application, may_write)) } }
            }
        }
    }
}

fn down_count(board: &Board<'_>) -> Markup {
    let down = board.applications.iter().filter(|a| a.line.status() == Status::Stopped).count();
    html! { @if down > 0 { " " span.muted.small { (plural(down as u64, "arrêtée", "arrêtées")) } } }
}

/// The board teaches what to do when nothing is on the map.
pub(crate) fn empty(may_write: bool) -> Markup {
    html! {
        p #situation-vide .empty {
            (fr("Aucune activité n’est sur la carte : sans elle, personne ne voit ce qui tient et jusqu’à quand. "))
            @if may_write { a href="/carte/archetype" { "Partir d’une carte type" } (fr(" ou en ajouter une : deux minutes suffisent.")) }
            @else { "La direction ou l’administrateur peut partir d’une carte type." }
        }
    }
}

/// The quick form: a status is one press; the limit is worked out unless it is typed.
pub(crate) fn quick_form() -> Markup {
    html! {
        form.quick method="post" data-quick data-using {
            input type="hidden" name="from" value="room";
            input type="hidden" name="propose" value="1";
            input type="hidden" name="supersedes";
            div.btns { @for status in Status::ALL {
                button.btn.ghost.small name="status" value=(status.name()) { span class={ "st " (super::words::class(status)) } { (status.label()) } } } }
            div.fields {
                label { span { "Tient jusqu’à" } input name="holds_until" placeholder="d’après la DMIA" autocomplete="off"; }
                label { span { "En quelques mots" } input name="note" autocomplete="off"; }
            }
            p.small { a data-page { "Tout dire, historique" } " · " button.link type="button" data-close { "Fermer" } }
        }
    }
}

fn activity_row(scene: &Scene<'_>, activity: &ActivityLine<'_>, may_write: bool) -> Markup {
    let line = &activity.line;
    html! {
        li.row.past[line.is_past_hold(scene.now)] id={ "s-" (short(&line.id)) } data-seen=[seen(line, may_write)] data-about=[name(line, may_write)] {
            a.nm href=(path(scene, &line.id)) data-declare[may_write] { (fr(line.name)) @if activity.activity.is_none() { span.muted.small { " hors carte" } } }
            span.stt { (mark(line.status())) (conflict(line)) }
            span.since { @if let Some(last) = line.last() { span.out { "depuis " } (begun(scene, last.since())) } @else { "–" } }
            span.hold { (hold(scene, line)) (review(scene, line)) }
        }
    }
}

fn application_row(scene: &Scene<'_>, application: &ApplicationLine<'_>, may_write: bool) -> Markup {
    let line = &application.line;
    let note = line.last().and_then(|last| last.value.note.as_deref());
    html! {
        li.row.app id={ "s-" (short(&line.id)) } data-seen=[seen(line, may_write)] data-about=[name(line, may_write)] {
            a.nm href=(path(scene, &line.id)) data-declare[may_write] { (fr(line.name)) }
            span.stt { (mark(line.status())) (conflict(line)) }
            span.drag { (dragged(scene, application)) @if let Some(note) = note { " " span.note { (fr(note)) } } (review(scene, line)) }
        }
    }
}

/// What an application drags down; the way to say so when it is down and they were not declared.
fn dragged(scene: &Scene<'_>, application: &ApplicationLine<'_>) -> Markup {
    let status = application.line.status();
    if application.needed_by.is_empty() || status == Status::Normal {
        return html! {};
    }
    let down = matches!(status, Status::Stopped | Status::Degraded);
    let names: Vec<String> =
        application.needed_by.iter().take(DRAGGED_NAMES_MAX).map(|a| super::words::inside(&a.now().name)).collect();
    let count = application.needed_by.len();
    let words =
        if count <= DRAGGED_NAMES_MAX { super::words::listed(&names) } else { plural(count as u64, "activité", "activités") };
    html! { @if down { a href={ (path(scene, &application.line.id)) "#entraine" } { "entraîne " (fr(&words)) } } @else { "sert à " (fr(&words)) } }
}

/// Declarations the reader has before their eyes, for the quick form that the script opens in the row.
fn seen(line: &Line<'_>, may_write: bool) -> Option<String> {
    may_write.then(|| line.declared.map(|d| ids(&d.seen())).unwrap_or_default())
}

fn name(line: &Line<'_>, may_write: bool) -> Option<String> {
    may_write.then(|| line.name.to_owned())
}

/// « conflit (2) ».
pub(crate) fn conflict(line: &Line<'_>) -> Markup {
    let count = line.conflicting();
    html! { @if count > 0 { " " span.st.small.warn { "conflit (" (count) ")" } } }
}

/// Since when, in the narrow column: the clock time within a day, the day beyond.
fn begun(scene: &Scene<'_>, at: i64) -> String {
    if scene.now.saturating_sub(at) < DAY_MS { scene.local.time(at) } else { scene.local.day(at) }
}

/// A moment to come: the clock time alone within a day, since it comes once only.
pub(crate) fn near(scene: &Scene<'_>, at: i64) -> String {
    if (0..DAY_MS).contains(&at.saturating_sub(scene.now)) { scene.local.time(at) } else { scene.short(at) }
}

/// Until when care holds, as a clock time; how long ago that passed.
pub(crate) fn hold(scene: &Scene<'_>, line: &Line<'_>) -> Markup {
    let Some(until) = line.holds_until() else { return html! { "–" } };
    html! {
        @if line.is_past_hold(scene.now) {
            b.down { "dépassé" } span.small.down { " depuis " (fr(&lasting(scene.now.saturating_sub(until)))) }
        } @else { span.out { "tient jusqu’à " } (near(scene, until)) }
    }
}

/// When to look again, when that has come.
pub(crate) fn review(scene: &Scene<'_>, line: &Line<'_>) -> Markup {
    let late = line.review_at().filter(|_| line.is_review_late(scene.now));
    html! { @if let Some(at) = late { span.small.warn.rev { " à revoir depuis " (scene.short(at)) } } }
}
