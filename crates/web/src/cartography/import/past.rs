//! One import: what it brought, what became of it since, and taking it back.

use super::dry_run::named;
use super::{HOME, Window, home, past_path, system_label};
use crate::answer::Fault;
use crate::app::Shared;
use crate::cartography::{base, head};
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::subject;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cartography::event::batch::ImportUndone;
use domain::cartography::{Cartography, Import, Node, Removal};
use journal::{ActorId, EntryId, SubjectId};
use maud::{Markup, html};
use serde::Deserialize;

/// What became of a record since the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    /// As the import wrote it.
    AsImported,
    /// Somebody described it again, at that time.
    Changed(ActorId, i64),
    /// The import was taken back: it is as it was before.
    AsBefore,
    /// The import was taken back: nothing was left of it.
    TakenBack,
    /// Somebody took it off.
    Removed(ActorId, i64),
}

/// A record of the import.
struct Told {
    name: String,
    kind: &'static str,
    /// Where it is described, when it is on the map.
    path: Option<String>,
    /// Whether it was not known before.
    new: bool,
    since: Since,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    page: Option<usize>,
}

/// `GET /carte/imports/{id}`.
pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match find(&visitor, &id) {
        Ok(import) => page(&Page::new(&shared, &visitor, Place::Prepare, &import.source.name), import, asked.page, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

fn find<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Import, Fault> {
    let found = visitor.view.state.cartography.imports.get(&subject(id)?);
    found.map(|import| &**import).ok_or_else(Fault::not_found)
}

fn page(page: &Page<'_>, import: &Import, asked: Option<usize>, filled: Filled<'_>) -> Response {
    let told = told(&page.visitor.view.state.cartography, import);
    let body = html! {
        (head("Import et export", HOME))
        h2.step { "Import" (fr(" : ")) (fr(&import.source.name)) }
        (filled.refusal(&["reason"]))
        p.lead { (fr(&answer(page, import, &told))) }
        (facts(page, import))
        (undoing(page, import, &told, filled))
        (list(page, import, &told, asked))
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn answer(page: &Page<'_>, import: &Import, told: &[Told]) -> String {
    let register = &page.visitor.view.state.register;
    match &import.undone {
        None => format!("{}.", home::created(import)),
        Some(Removal { by, wall, reason, .. }) => {
            let (when, who) = (page.local.full_day_and_time(*wall), register.name(by));
            let kept = told.iter().filter(|one| matches!(one.since, Since::Changed(..))).count() as u64;
            let kept = match kept {
                0 => "rien n’avait été changé depuis".to_owned(),
                n => plural(n, "fiche changée depuis a été gardée", "fiches changées depuis ont été gardées"),
            };
            format!("Annulé le {when} par {who} ; {kept}. Raison : {reason}")
        }
    }
}

fn facts(page: &Page<'_>, import: &Import) -> Markup {
    let source = &import.source;
    html! { dl.kv {
        dt { "Le" } dd { (page.local.full_day_and_time(import.wall)) " par " (fr(&page.visitor.view.state.register.name(&import.by))) }
        dt { "Outil" } dd { (fr(&system_label(&source.system))) @if !source.edition.is_empty() { ", édition du " (source.edition) } }
        @if let Some(hash) = &source.sha256 { dt { "Empreinte SHA-256" } dd.hash.mono { (hash) } }
        dt { "Dans le journal" } dd { (plural(import.entries.len() as u64, "entrée", "entrées")) @if import.entries.len() > 1 { ", enregistrées d’un coup" } }
    } }
}

/// What became of a record; `None` when the import never wrote it.
fn since<T>(node: &Node<T>, import: &Import) -> Option<(bool, Since)> {
    let writes: Vec<EntryId> = node.described.all().map(|write| write.id).collect();
    let mine = writes.iter().position(|id| import.entries.contains(id))?;
    let current = node.described.current();
    let shown = writes.iter().position(|id| *id == current.id)?;
    let back = import.undone.as_ref();
    let since = match &node.removed {
        Some(removal) if back.is_some_and(|undone| undone.id == removal.id) => Since::TakenBack,
        Some(removal) => Since::Removed(removal.by, removal.wall),
        None if import.entries.contains(&current.id) => Since::AsImported,
        None if shown < mine => Since::AsBefore,
        None => Since::Changed(current.by, current.wall),
    };
    Some((mine == 0, since))
}

/// Records of the import, in its order.
fn told(map: &Cartography, import: &Import) -> Vec<Told> {
    let one = |id: &SubjectId| {
        let (name, kind, (new, since)) = if let Some(node) = map.activities.get(id) {
            (node.now().name.clone(), "activité", since(node, import)?)
        } else if let Some(node) = map.assets.get(id) {
            (node.now().name.clone(), node.now().kind.label(), since(node, import)?)
        } else {
            let node = map.exchanges.get(id)?;
            (node.now().name.clone(), "interface", since(node, import)?)
        };
        Some(Told { name, kind, path: named(map, id).map(|named| named.path), new, since })
    };
    import.described.iter().filter_map(one).collect()
}

fn list(page: &Page<'_>, import: &Import, told: &[Told], asked: Option<usize>) -> Markup {
    let window = Window::of(told.len(), asked);
    html! {
        section.panel.wide aria-labelledby="fiches" {
            header { h2 #fiches { "Ce qu’il a apporté" } span.muted.small { (told.len()) } }
            table.reg {
                thead { tr { th scope="col" { "Fiche" } th scope="col" { "Nature" } th scope="col" { "Par cet import" } th scope="col" { "Depuis" } } }
                tbody { @for one in window.slice(told) { tr {
                    th scope="row" { @if let Some(path) = &one.path { a href=(path) { (fr(&one.name)) } } @else { (fr(&one.name)) } }
                    td data-label="Nature" { (fr(one.kind)) }
                    td data-label="Par cet import" { @if one.new { "créée" } @else { "modifiée" } }
                    td data-label="Depuis" { (words(page, one.since)) }
                } } }
            }
            (window.pager(&format!("{}?", past_path(&import.id))))
        }
    }
}

fn words(page: &Page<'_>, since: Since) -> Markup {
    let who = |by: &ActorId, wall: i64| {
        format!("par {} le {}", page.visitor.view.state.register.name(by), page.local.full_day_and_time(wall))
    };
    html! { @match since {
        Since::AsImported => span.muted { "telle quelle" },
        Since::Changed(by, wall) => { "changée " (fr(&who(&by, wall))) },
        Since::AsBefore => "remise comme avant",
        Since::TakenBack => "retirée par l’annulation",
        Since::Removed(by, wall) => { "retirée de la carte " (fr(&who(&by, wall))) },
    } }
}

/// What taking it back would do.
fn undoing(page: &Page<'_>, import: &Import, told: &[Told], filled: Filled<'_>) -> Markup {
    let count = |such: &dyn Fn(&Told) -> bool| told.iter().filter(|one| such(one)).count();
    let off = count(&|one| one.new && one.since == Since::AsImported);
    let back = count(&|one| !one.new && one.since == Since::AsImported);
    let kept = count(&|one| matches!(one.since, Since::Changed(..)));
    html! { @if page.visitor.may_write() && import.undone.is_none() {
        details.removal open[filled.fault.is_some()] {
            summary { "Annuler cet import" }
            form.stacked method="post" action={ (base(page)) "/imports/" (import.id) "/annuler" } {
                (stamps(page.shared, page.visitor))
                ul {
                    li { (fr(&plural(off as u64, "fiche qu’il a créée quitte la carte", "fiches qu’il a créées quittent la carte"))) }
                    li { (fr(&plural(back as u64, "fiche redevient ce qu’elle était avant", "fiches redeviennent ce qu’elles étaient avant"))) }
                    li { @if kept == 0 { "personne n’a rien changé depuis" } @else { (fr(&plural(kept as u64, "fiche changée depuis est gardée telle quelle", "fiches changées depuis sont gardées telles quelles"))) } }
                }
                p.small.muted { (fr("Tout reste dans l’historique.")) }
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, example: Some("mauvais fichier"), ..Text::default() }))
                p { button.btn.ghost { "Annuler cet import" } }
            }
        }
    } }
}

/// `POST …/carte/imports/{id}/annuler`.
pub(super) async fn undo(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let found = sent.visitor.journal(&shared, &journal).and_then(|_| find(&sent.visitor, &id));
    let import = match found {
        Ok(import) => import,
        Err(fault) => return fault.into_response(),
    };
    match taken_back(&shared, &sent, import).await {
        Ok(()) => crate::answer::see_other(&past_path(&import.id)),
        Err(fault) if fault.status == StatusCode::FORBIDDEN => fault.into_response(),
        Err(fault) => {
            let shown = Page::new(&shared, &sent.visitor, Place::Prepare, &import.source.name);
            page(&shown, import, None, Filled::of(&sent.fields, &fault))
        }
    }
}

async fn taken_back(shared: &Shared, sent: &Sent, import: &Import) -> Result<(), Fault> {
    sent.same_author()?;
    let reason = sent.fields.get("reason").trim().to_owned();
    sent.record_all(shared, vec![Event::ImportUndone(ImportUndone { reason }).draft(import.id)]).await.map(|_| ())
}
