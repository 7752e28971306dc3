//! « On attend votre décision »: questions put to the reader, acts to approve, decisions to look at again.

use super::scene::Scene;
use crate::typography::fr;
use domain::crisis::LogEntry;
use domain::crisis::event::EntryType;
use domain::register::Role;
use journal::ActorId;
use journal::authority::ADMIN_RANK;
use maud::{Markup, html};

/// Shown one by one; the others are in « À faire ».
const SHOWN_MAX: usize = 3;

/// What is awaited.
enum Awaited<'a> {
    Answer(&'a LogEntry),
    Approval(&'a LogEntry),
    Review(&'a LogEntry),
}

/// Whether a question is put to the reader: by their name or what they do; the direction also answers what is put to it, or to nobody.
fn is_asked(scene: &Scene<'_>, question: &LogEntry) -> bool {
    let direction = scene.visitor.role == Role::Direction;
    let Some(owner) = question.assigned().owner else { return direction };
    let owner = owner.to_lowercase();
    let me = scene.visitor.person();
    let names = me.into_iter().flat_map(|p| [&p.name, &p.function]).map(|name| name.to_lowercase());
    names.into_iter().any(|name| !name.is_empty() && name == owner) || (direction && owner.starts_with("direct"))
}

fn awaited<'a>(scene: &Scene<'a>) -> Vec<Awaited<'a>> {
    let (role, crisis) = (scene.visitor.role, scene.crisis);
    if !role.may_write() {
        return Vec::new();
    }
    let mut all: Vec<Awaited<'a>> = Vec::new();
    if role.rank() >= ADMIN_RANK {
        all.extend(crisis.awaiting_approval().into_iter().map(Awaited::Approval));
    }
    let open = crisis.open_tasks().into_iter();
    all.extend(open.filter(|t| t.entry_type == EntryType::Question && is_asked(scene, t)).map(Awaited::Answer));
    if role == Role::Direction {
        all.extend(crisis.to_review(scene.now).into_iter().map(Awaited::Review));
    }
    all
}

/// How many things wait for the reader.
pub(super) fn count(scene: &Scene<'_>) -> usize {
    awaited(scene).len()
}

/// The region; it may stand in two places of the page, so nothing in it has an id.
pub(super) fn show(scene: &Scene<'_>) -> Markup {
    let all = awaited(scene);
    html! {
        div data-live-key="attend" {
            @if !all.is_empty() {
                section.panel aria-label="On attend votre décision" {
                    header { h2 { "On attend votre décision" } span.muted.small { (all.len()) } }
                    @for one in all.iter().take(SHOWN_MAX) { (row(scene, one)) }
                    @if all.len() > SHOWN_MAX { p.small.muted { "et " (all.len() - SHOWN_MAX) " de plus dans la main courante" } }
                }
            }
        }
    }
}

fn row(scene: &Scene<'_>, one: &Awaited<'_>) -> Markup {
    let (entry, word, anchor) = match one {
        Awaited::Answer(entry) => (entry, "Décider…", "clore"),
        Awaited::Approval(entry) => (entry, "Approuver…", "confirmer"),
        Awaited::Review(entry) => (entry, "Revoir…", "attribuer"),
    };
    let path = format!("{}/entrees/{}", scene.room, entry.id);
    let said = entry.speaker.clone().unwrap_or_else(|| scene.state.register.name(&entry.typist));
    let caller = entry.speaker.as_ref().map_or(Some(entry.typist), |name| named(scene, name));
    html! {
        div.awaited {
            p.x { b { (fr(entry.words().unwrap_or_default())) } }
            p.by { (fr(&said)) ", " (scene.short(entry.happened_at()))
                @match one {
                    Awaited::Answer(_) => {},
                    Awaited::Approval(_) => " · fait avant d’être approuvé",
                    Awaited::Review(_) => " · décision à revoir",
                } }
            @if scene.may_write() {
                p.btns { a.btn.small href={ (path) "#" (anchor) } { (word) }
                    @if let Some(number) = caller.and_then(|actor| number(scene, &actor)) {
                        a.small href={ "tel:" (number.replace(' ', "")) } { "Appeler " (fr(&said)) } } }
            }
        }
    }
}

/// Whom the register knows by this name.
fn named(scene: &Scene<'_>, name: &str) -> Option<ActorId> {
    scene.state.register.people.iter().find(|(_, person)| person.name == name).map(|(actor, _)| *actor)
}

/// The number that rings when the switchboard is down, else the other one.
fn number(scene: &Scene<'_>, actor: &ActorId) -> Option<String> {
    let card = scene.state.register.people.get(actor)?.card()?;
    [&card.mobile, &card.phone].into_iter().find(|n| !n.is_empty()).cloned()
}
