//! One activity or element: what it needs, what needs it, what falls with it, whom to call.

mod calls;
pub(super) mod links;
pub(super) mod touched;
pub(super) mod words;

use super::{base, edit, head, page};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::scene::subject;
use crate::crisis::stamps;
use crate::days;
use crate::fields::{Filled, Text};
use crate::history::{self, Words};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::mark;
use crate::today::plural;
use crate::typography::fr;
use crate::urgence::running;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::cartography::Thing;
use domain::cartography::event::Origin;
use domain::register::day::Day;
use domain::situation::event::Status;
use journal::SubjectId;
use maud::{Markup, html};
use touched::Fall;

/// Most names of dependants repeated before something is taken off.
const DEPENDANTS_NAMED_MAX: usize = 20;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/carte/elements/{id}", get(show)).merge(edit::routes()).merge(page::routes())
}

/// `GET /carte/elements/{id}`.
async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    shown(&shared, &visitor, &id, Filled::BLANK)
}

/// The page; the form that takes it off the map comes back filled in.
pub(super) fn shown(shared: &Inner, visitor: &Visitor, id: &str, filled: Filled<'_>) -> Result<Response, Fault> {
    let id = subject(id)?;
    let map = &visitor.view.state.cartography;
    let thing = words::ever(map, &id).ok_or_else(Fault::not_found)?;
    let page = Page::new(shared, visitor, Place::Prepare, thing.name());
    let fall = Fall::of(&page, id);
    let dependants = map.dependants(&id);
    let there = words::removal(thing).is_none();
    let body = html! {
        (head(thing.name(), "/carte/activites"))
        (state_now(&page, &id))
        @if there { p.lead { (fr(&words::what(thing))) ". " (fr(&fall.sentence(map, thing.name()))) } } @else { (gone(&page, thing)) }
        (doors(&page, thing, there))
        (conflict(&page, thing))
        div.twocol.thing-sheet {
            div { (facts(&page, thing)) (calls::section(&page, thing)) (links::scenarios(&page, &id)) }
            div { (links::needs(&page, thing)) (links::needed_by(&page, &id, &dependants)) (links::exchanges(&page, &id)) }
        }
        @if there { (fall.table(map)) }
        (history_of(&page, thing))
        @if there && visitor.may_write() { (removal(&page, thing, &fall, &dependants, filled)) }
    };
    Ok((filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response())
}

/// How it works in the crisis that runs.
fn state_now(page: &Page<'_>, id: &SubjectId) -> Markup {
    let state = &page.visitor.view.state;
    let Some(crisis) = running(state) else { return html! {} };
    let status = state.situations.get(&crisis.id).map_or(Status::Unknown, |situation| situation.status(id));
    let path = format!("{}/situation/{id}", crate::crisis::room_path(page.shared, crisis));
    html! { p.nowin { "Dans la crise en cours" (fr(" : ")) (mark(status)) " " a href=(path) { "voir ou déclarer son état" } } }
}

fn gone(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let Some(removal) = words::removal(thing) else { return html! {} };
    let by = page.visitor.view.state.register.name(&removal.by);
    html! { p.lead { "Retiré de la carte le " (page.local.day_and_time(removal.wall)) " par " (fr(&by)) (fr(" : ")) (fr(&removal.reason)) (fr(" ; "))
    "l’enregistrer de nouveau l’y remet." } }
}

/// Where one goes from here.
fn doors(page: &Page<'_>, thing: Thing<'_>, there: bool) -> Markup {
    let (id, base) = (thing.id(), base(page));
    let copy = if matches!(thing, Thing::Activity(_)) { "activites" } else { "elements" };
    html! { p.btns.doors {
        @if page.visitor.may_write() { a.btn href={ (base) "/elements/" (id) } { @if there { "Modifier" } @else { "Remettre sur la carte" } } }
        @if there {
            a.btn.ghost href={ "/carte/et-si?perdu=" (id) } { (fr("Et s’il tombe ?")) }
            a.btn.ghost href={ "/carte/plan?voisins=" (id) } { "Le voir sur le plan" }
            @if let Thing::Activity(_) = thing {
                a href={ "/carte/criticite/" (id) } { "Ce qui l’arrête" }
                a href={ "/carte/bia/" (id) } { "Son bilan d’impact" }
                @if let Some(unit) = thing.unit().filter(|unit| page.visitor.view.state.register.units.get(unit).is_some()) {
                    a href={ "/carte/unites/" (unit) } { "La feuille de son unité" } }
            }
            @if page.visitor.may_write() { a href={ (base) "/" (copy) "?copie=" (id) } { "Dupliquer" } }
        }
    } }
}

fn in_words(page: &Page<'_>, thing: Thing<'_>) -> Words {
    let state = &page.visitor.view.state;
    match thing {
        Thing::Activity(activity) => words::activity(activity.now(), state),
        Thing::Asset(asset) => words::asset(asset.now(), state),
    }
}

/// Where the form is that settles it.
fn form_path(page: &Page<'_>, id: &SubjectId) -> String {
    format!("{}/elements/{id}", base(page))
}

fn conflict(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let (state, path) = (&page.visitor.view.state, form_path(page, &thing.id()));
    match thing {
        Thing::Activity(a) => history::conflict(page, &a.described, |set| words::activity(set, state), &path),
        Thing::Asset(a) => history::conflict(page, &a.described, |set| words::asset(set, state), &path),
    }
}

fn history_of(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let state = &page.visitor.view.state;
    match thing {
        Thing::Activity(a) => history::history(page, &a.described, |set| words::activity(set, state)),
        Thing::Asset(a) => history::history(page, &a.described, |set| words::asset(set, state)),
    }
}

/// Where a record comes from, in words.
pub(super) fn origin(origin: &Origin) -> String {
    // An edition is a day, or whatever an imported file called it.
    let edition = days::typed(&origin.edition).map_or_else(|| origin.edition.clone(), |day| format!("du {}", days::shown(day)));
    let edition = if edition.is_empty() { edition } else { format!(", édition {edition}") };
    let kept = if origin.adapted { "adapté ici" } else { "repris tel quel, à confirmer" };
    match origin.source.strip_prefix("archetype:") {
        Some(_) => format!("proposé par une carte type{edition} ; {kept}"),
        None => format!("importé ({}{edition}) ; {kept}", origin.source),
    }
}

/// What it is, field by field; what nobody said is said too where it matters.
fn facts(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let needed = ["DMIA", "Qui en répond", "Survit à l’attaque"];
    let rows = in_words(page, thing).into_iter().filter(|(field, _)| !["Nom", "A besoin de"].contains(field));
    html! {
        section.panel aria-labelledby="fiche" {
            header { h2 #fiche { "Ce que c’est" } }
            dl.kv {
                dt { "Vue" } dd { a href={ "/carte/activites?vue=" (page::section_of(thing).name()) } { (fr(page::section_of(thing).label())) } }
                @for (field, value) in rows {
                    @if !value.is_empty() { dt { (fr(field)) } dd { (fr(&value)) } }
                    @else if needed.contains(&field) { dt { (fr(field)) } dd { span.st.unknown { "personne ne l’a dit" } } }
                }
                dt { "Relu le" } dd { (read_again(page, thing)) }
                @if let Some(from) = map.origin(&thing.id()) { dt { "Provenance" } dd { (fr(&origin(from))) } }
            }
        }
    }
}

/// When somebody last found it true, and whether that was long ago.
pub(super) fn read_again(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let stale = map.is_stale(thing, Day::of_ms(page.now));
    html! {
        @match map.fresh_on(thing) { Some(day) => (written(day)), None => "jamais" }
        @if stale { " " span.st.small.warn { "à relire" } }
        @if let Some(asked) = map.awaited(&thing.id()) { " " span.small.muted { (fr(&format!("demandé à {} pour le {}", asked.of, written(asked.due_on)))) } }
    }
}

/// `21/11/2026`.
pub(super) fn written(day: Day) -> String {
    let text = day.to_string();
    let parts: Vec<&str> = text.split('-').rev().collect();
    parts.join("/")
}

/// The form that takes it off the map, after what depends on it.
fn removal(page: &Page<'_>, thing: Thing<'_>, fall: &Fall, dependants: &[Thing<'_>], filled: Filled<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let names: Vec<&str> = dependants.iter().take(DEPENDANTS_NAMED_MAX).map(|thing| thing.name()).collect();
    let more = dependants.len().saturating_sub(DEPENDANTS_NAMED_MAX);
    html! {
        details.removal open[filled.fault.is_some()] {
            summary { "Retirer de la carte" }
            @if dependants.is_empty() { p { "Rien d’autre sur la carte ne dit en avoir besoin." } }
            @else {
                p { span.st.warn { (plural(dependants.len() as u64, "élément dit", "éléments disent")) " en avoir besoin" } (fr(" : ")) (fr(&names.join(", ")))
                    @if more > 0 { (fr(&format!(" et {more} de plus"))) } "." }
                p.small.muted { "Leurs fiches le nommeront encore, mais ce lien ne comptera plus : " (plural(fall.fates(map).len() as u64, "activité dépend", "activités dépendent")) " de lui aujourd’hui." }
            }
            form.stacked method="post" action={ (form_path(page, &thing.id())) "/retirer" } {
                (stamps(page.shared, page.visitor))
                (filled.refusal(&["reason"]))
                p.small.muted { "Ce qui en a été dit reste dans l’histoire, et l’enregistrer de nouveau l’y remet." }
                (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                p { button.btn.ghost { "Retirer de la carte" } }
            }
        }
    }
}
