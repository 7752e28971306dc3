//! What an element that is down drags with it, worked out from the map: proposed, never declared by itself.

use super::board::path;
use super::declare::AboutPath;
use super::thing::Thing as About;
use super::words::mark;
use crate::answer::Fault;
use crate::app::Shared;
use crate::cartography::{duration, net};
use crate::crisis::acts::ids;
use crate::crisis::scene::{Outcome, Scene, act, wrong};
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::form::Fields;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use domain::Event;
use domain::cartography::Thing;
use domain::cartography::network::Net;
use domain::situation::event::{Status, StatusDeclared};
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeSet;

const MINUTE_MS: i64 = 60_000;
/// Most things proposed at once, activities first: nobody reads more, and the map shows all.
const DRAGGED_MAX: usize = 200;
/// From so many rows on, the button stands above them too.
const LONG: usize = 10;

/// Something that falls with what is down.
struct Dragged<'a> {
    thing: Thing<'a>,
    /// What is proposed: stopped, or degraded.
    status: Status,
    /// When it stops, in minutes after the cause; `None`: degraded without a known limit.
    stops_at: Option<u32>,
    /// When its interruption becomes intolerable.
    limit_at: Option<u32>,
    /// Through what, from the nearest to the cause.
    through: Vec<String>,
}

/// Everything that falls because this is down: alone, or because its spare was already stopped.
fn dragged<'a>(scene: &Scene<'a>, cause: SubjectId) -> Vec<Dragged<'a>> {
    let map = &scene.state.cartography;
    let net = net(scene.shared, scene.visitor);
    let declared = scene.situation().into_iter().flat_map(|s| s.declared.iter());
    let stopped = declared.filter(|(id, d)| **id != cause && d.current().value.status == Status::Stopped).map(|(id, _)| *id);
    let others: Vec<SubjectId> = stopped.collect();
    let together: Vec<SubjectId> = others.iter().copied().chain([cause]).collect();
    let (alone, without, all) = (net.what_if(&[cause]), net.what_if(&others), net.what_if(&together));
    let lost: BTreeSet<SubjectId> = together.iter().copied().collect();
    let falls = |number: &&u32| alone.hit_at(**number).is_some() || without.hit_at(**number).is_none();
    let mut found: Vec<Dragged<'a>> = all
        .hit()
        .iter()
        .filter(falls)
        .filter_map(|number| {
            let thing = map.thing(net.ids.get(*number as usize)?).filter(|thing| !lost.contains(&thing.id()))?;
            let (hit_at, stops_at) = (all.hit_at(*number)?, all.down_at(*number));
            let status = if stops_at == Some(hit_at) { Status::Stopped } else { Status::Degraded };
            let mtpd = if let Thing::Activity(activity) = thing { activity.now().mtpd_minutes } else { None };
            let limit_at = mtpd.map(|minutes| stops_at.unwrap_or(hit_at).saturating_add(minutes));
            Some(Dragged { thing, status, stops_at, limit_at, through: through(&net, scene, &all.path(*number)) })
        })
        .collect();
    let rank = |d: &Dragged<'_>| match d.thing {
        Thing::Activity(activity) => (0, u32::from(activity.now().priority), d.limit_at.unwrap_or(u32::MAX)),
        Thing::Asset(asset) => (1, u32::from(!asset.now().kind.is_application()), 0),
    };
    found.sort_by_key(rank);
    found.truncate(DRAGGED_MAX);
    found
}

/// Names on the path, without the thing itself.
fn through(net: &Net, scene: &Scene<'_>, path: &[impact::Step]) -> Vec<String> {
    let name = |step: &impact::Step| Some(scene.state.cartography.thing(net.ids.get(step.node as usize)?)?.name().to_owned());
    path.iter().skip(1).filter_map(name).collect()
}

/// What it drags down, as a form that declares it.
pub(super) fn panel(scene: &Scene<'_>, about: &About<'_>, filled: Filled<'_>) -> Markup {
    let found = dragged(scene, about.line.id);
    if found.is_empty() && about.activity.is_some() {
        return html! {};
    }
    let down = matches!(about.line.status(), Status::Stopped | Status::Degraded);
    let activities = found.iter().filter(|d| matches!(d.thing, Thing::Activity(_))).count();
    html! {
        section.panel #entraine aria-labelledby="entraine-titre" {
            header { h2 #entraine-titre { "Ce qui tombe avec" } span.muted.small { (found.len()) } }
            @if found.is_empty() { p.empty { "Rien sur la carte ne dit en avoir besoin. " a href={ "/carte/elements/" (about.line.id) } { "Vérifier ses liens" } } }
            @else {
                form method="post" action={ (path(scene, &about.line.id)) "/entraine" } {
                    @if scene.may_write() { (stamps(scene.shared, scene.visitor)) }
                    @if down { p { (fr(&format!("D’après la carte : {} et {}. Dites ce qu’il en est : rien ne se déclare seul.", plural(activities as u64, "activité", "activités"), plural((found.len() - activities) as u64, "élément", "éléments")))) } }
                    (filled.beside("entraine"))
                    @if scene.may_write() && found.len() > LONG { p { button.btn.ghost { "Déclarer ce qui est choisi" } } }
                    div.scrollx tabindex="0" role="group" aria-label="Ce qui tombe avec" { table {
                        thead { tr { th { "Activité ou élément" } th { "État déclaré" } th { "D’après la carte" } @if scene.may_write() { th { "Devient" } } } }
                        tbody { @for one in &found { (row(scene, one, down, begun(scene, about))) } } } }
                    @if scene.may_write() { p { button.btn.ghost { "Déclarer ce qui est choisi" } } }
                }
            }
        }
    }
}

/// When the cause began, to the minute; now, when nobody said.
fn begun(scene: &Scene<'_>, cause: &About<'_>) -> i64 {
    cause.line.last().map_or(scene.now - scene.now.rem_euclid(MINUTE_MS), |last| last.since())
}

fn row(scene: &Scene<'_>, one: &Dragged<'_>, down: bool, from: i64) -> Markup {
    let (id, name) = (one.thing.id(), one.thing.name());
    let declared = scene.situation().and_then(|s| s.declared.get(&id));
    let status = declared.map_or(Status::Unknown, |d| d.current().value.status);
    // Proposed only where nobody has said anything graver or finer.
    let proposed = (down && matches!(status, Status::Unknown | Status::Normal)).then_some(one.status);
    html! { tr {
        td { a href=(path(scene, &id)) { (fr(name)) }
            @if matches!(one.thing, Thing::Asset(_)) { " " span.small.muted { (one.thing.kind_label()) } } }
        td { (mark(status)) }
        td.small { (mark(one.status)) (fr(&says(scene, one, from))) }
        @if scene.may_write() { td {
            input type="hidden" name={ "vu-" (id) } value=(declared.map(|d| ids(&d.seen())).unwrap_or_default());
            select name=(id) aria-label={ (name) " devient" } {
                option value="" { "ne change pas" }
                @for option in [Status::Degraded, Status::Stopped, Status::Transferred] {
                    option value=(option.name()) selected[proposed == Some(option)] { (option.label()) } }
            }
        } }
    } }
}

/// When it stops, by the clock, and through what.
fn says(scene: &Scene<'_>, one: &Dragged<'_>, from: i64) -> String {
    let clock = |minutes: u32| scene.local.short(from.saturating_add(i64::from(minutes) * MINUTE_MS), scene.now);
    let mut said = match one.stops_at {
        Some(minutes) if one.status == Status::Degraded => {
            format!(" puis arrêt à {} (après {})", clock(minutes), duration(minutes))
        }
        _ => String::new(),
    };
    if let Some(minutes) = one.limit_at {
        said.push_str(&format!(" ; limite à {}", clock(minutes)));
    }
    if one.through.len() > 1 {
        said.push_str(&format!(" ; par {}", one.through[..one.through.len() - 1].join(", ")));
    }
    said
}

/// `POST …/situation/{about}/entraine`: what falls with it, as one request.
pub(super) async fn drag(State(shared): State<Shared>, Path((journal, id, about)): AboutPath, request: Request) -> Response {
    let back = about.clone();
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let cause = super::declare::find(scene, &about)?;
        let begun = cause.line.last().map(|last| last.since());
        let chosen = dragged(scene, cause.line.id).into_iter().filter_map(|one| {
            let status = Status::from_name(fields.get(&one.thing.id().to_string()))?;
            Some(declared(scene, fields, (&cause, begun), (&one, status)))
        });
        let drafts: Vec<_> = chosen.map(|declared| Event::StatusDeclared(declared).draft(scene.crisis.id)).collect();
        if drafts.is_empty() {
            return Err(wrong("entraine", "Rien n’est choisi : indiquez l’état d’au moins une ligne."));
        }
        Ok(Outcome { drafts, next: scene.room.clone() })
    };
    let again = |scene: &Scene<'_>, fields: &Fields, fault: &Fault| super::declare::give_back(scene, &back, fields, fault);
    act(&shared, (journal, id), request, decide, again).await
}

fn declared(
    scene: &Scene<'_>,
    fields: &Fields,
    (cause, begun): (&About<'_>, Option<i64>),
    (one, status): (&Dragged<'_>, Status),
) -> StatusDeclared {
    let id = one.thing.id();
    let known = scene.situation().and_then(|s| s.declared.get(&id));
    let running = known.map(|d| &d.current().value).filter(|v| v.status.is_limited() && status.is_limited());
    // To the minute: the same form sent twice is the same declaration.
    let from = self::begun(scene, cause);
    let limit = one.limit_at.map(|minutes| from.saturating_add(i64::from(minutes) * MINUTE_MS));
    let supersedes = fields.get(&format!("vu-{id}")).split(',').filter_map(|id| id.parse().ok()).collect();
    StatusDeclared {
        about: id,
        name: one.thing.name().to_owned(),
        status,
        since: known.is_none().then_some(begun).flatten(),
        holds_until: running.and_then(|v| v.holds_until).or(limit).filter(|_| status.is_limited()),
        review_at: None,
        said_by: None,
        note: Some(format!("Entraînée par : {}.", cause.line.name)),
        supersedes,
    }
}
