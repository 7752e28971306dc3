//! Choosing what is lost: one by one, by name, by ticks, or a whole set.

use super::asked::{Asked, Set, proposal};
use super::{PATH, Scene};
use crate::cartography::thing_path;
use crate::situation::words::{inside, listed};
use crate::today::plural;
use crate::typography::fr;
use crate::urgence::running;
use domain::cartography::kind::{AssetKind, View};
use domain::cartography::names::folded;
use domain::cartography::{Cartography, Thing};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// Most names proposed while typing: beyond, the name is typed whole.
const PROPOSED_MAX: usize = 2_000;
/// Most boxes to tick.
const TICKS_MAX: usize = 600;
/// Most losses shown one by one.
const CHIPS_MAX: usize = 40;

/// What is lost, and the ways to change it.
pub(super) fn bar(scene: &Scene<'_>) -> Markup {
    let (asked, map) = (&scene.asked, scene.map());
    html! {
        div.whatif-bar.screen {
            span.label { "Si tombe" @if scene.lost.len() > 1 { "nt" } }
            @for id in asked.ids.iter().take(CHIPS_MAX) { @if let Some(thing) = map.thing(id) {
                span.lost { a href=(thing_path(id)) { (fr(thing.name())) } " " a.small href=(asked.without(id).address()) aria-label={ "Retirer " (thing.name()) } { "retirer" } }
            } }
            @if asked.ids.len() > CHIPS_MAX { span.muted { "et " (asked.ids.len() - CHIPS_MAX) " autres" } }
            @for set in &asked.sets {
                span.lost { (fr(&set.label())) " (" (set.members(&scene.page.visitor.view.state).len()) ") " a.small href=(asked.without_set(set).address()) aria-label={ "Retirer : " (set.label()) } { "retirer" } }
            }
            (add(scene))
        }
        (warnings(asked, map))
        (ticks(scene))
        @if let Some(link) = declared(scene) { (link) }
    }
}

/// On paper, where the fields are not: the same, in a sentence.
pub(super) fn printed(scene: &Scene<'_>) -> Markup {
    let (asked, map) = (&scene.asked, scene.map());
    let names = asked.ids.iter().take(CHIPS_MAX).filter_map(|id| map.thing(id)).map(|thing| inside(thing.name()));
    let rest = asked.ids.len().saturating_sub(CHIPS_MAX);
    let rest = (rest > 0).then(|| plural(rest as u64, "autre élément", "autres éléments"));
    let sets = asked.sets.iter().map(|set| format!("{} ({})", set.label(), set.members(&scene.page.visitor.view.state).len()));
    let said: Vec<String> = names.chain(rest).chain(sets).collect();
    let verb = if scene.lost.len() > 1 { "tombent" } else { "tombe" };
    html! {
        @if !said.is_empty() { p.whatif-printed { "Si " (verb) (fr(" : ")) b { (fr(&listed(&said))) } "." } }
    }
}

fn add(scene: &Scene<'_>) -> Markup {
    let (asked, map) = (&scene.asked, scene.map());
    let wrong = (!asked.unread.is_empty()).then_some("true");
    let sets = sets(scene);
    html! {
        form.add action=(PATH) data-whatif {
            (asked.hidden(&[]))
            p.field { label for="ajouter" { "Ajouter par son nom" }
                input #ajouter name="ajouter" list="elements" autocomplete="off" placeholder="un composant…" value=(asked.unread) aria-invalid=[wrong] aria-describedby=[wrong.map(|_| "e-ajouter")]; }
            @if !sets.is_empty() {
                p.field { label for="tout" { "ou tout un ensemble" }
                    select #tout name="tout" { option value="" { "–" }
                        @for (group, options) in &sets { optgroup label=(fr(group)) { @for (value, words) in options { option value=(value) { (fr(words)) } } } } } }
            }
            button.btn { "Voir" }
            datalist #elements { @for words in proposals(map) { option value=(words) {} } }
        }
    }
}

/// Names to choose from; with what they are when two things bear the same.
fn proposals(map: &Cartography) -> Vec<String> {
    let things = map.things();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for thing in &things {
        *count.entry(folded(thing.name())).or_default() += 1;
    }
    let words = |thing: &Thing<'_>| proposal(*thing, count.get(&folded(thing.name())) == Some(&1));
    // What is lost is seldom an activity: those come last.
    let (activities, elements): (Vec<Thing<'_>>, Vec<Thing<'_>>) = things.iter().partition(|t| matches!(t, Thing::Activity(_)));
    elements.iter().chain(&activities).take(PROPOSED_MAX).map(words).collect()
}

type Choices = Vec<(String, String)>;

/// Whole sets: by the hypothesis on the attack, by zone, by place.
fn sets(scene: &Scene<'_>) -> Vec<(&'static str, Choices)> {
    let (state, map) = (&scene.page.visitor.view.state, scene.map());
    let option = |set: Set| {
        let count = set.members(state).len();
        (count > 0 && !scene.asked.sets.contains(&set)).then(|| (set.name(), format!("{} ({count})", set.label())))
    };
    let zones: BTreeSet<&str> =
        map.assets().iter().map(|asset| asset.now().zone.trim()).filter(|zone| !zone.is_empty()).collect();
    let zones = zones.into_iter().take(TICKS_MAX).filter_map(|zone| option(Set::Zone(zone.to_owned())));
    let places = |kind: AssetKind| {
        matches!(kind, AssetKind::Site | AssetKind::Building | AssetKind::Bay | AssetKind::Cluster | AssetKind::Power)
    };
    let places = map
        .of_kind(places)
        .into_iter()
        .take(TICKS_MAX)
        .map(|asset| (asset.id.to_string(), format!("{} ({})", asset.now().name, asset.now().kind.label())));
    let groups = [
        ("L’attaque", [Set::Attack, Set::Unsaid].into_iter().filter_map(option).collect::<Choices>()),
        ("Une zone du réseau", zones.collect()),
        ("Un lieu, avec ce qu’il abrite", places.collect()),
    ];
    groups.into_iter().filter(|(_, options)| !options.is_empty()).collect()
}

/// What the address asks and cannot be had.
fn warnings(asked: &Asked, map: &Cartography) -> Markup {
    let offered = asked.offered(map);
    let unread = if offered.is_empty() {
        format!("« {} » n’est pas sur la carte : choisissez un nom de la liste, ou cochez ci-dessous.", asked.unread)
    } else {
        format!("« {} » ne désigne pas un seul élément : lequel est-ce ?", asked.unread)
    };
    html! {
        @if !asked.unread.is_empty() {
            p.error #e-ajouter role="alert" { (fr(&unread)) @for thing in offered { " " a href=(asked.with(thing.id()).address()) { (fr(thing.name())) " (" (thing.kind_label()) ")" } } }
        }
        @if asked.unknown > 0 {
            p.error role="alert" { (fr(&format!("{} pas, ou plus, sur la carte : la réponse n’en tient pas compte.", plural(asked.unknown as u64, "élément demandé n’est", "éléments demandés ne sont")))) }
        }
        @if asked.too_many > 0 {
            p.error role="alert" { (fr(&format!("500 éléments au plus se choisissent un par un : {} de côté. Prenez plutôt tout un ensemble.", plural(asked.too_many as u64, "est laissé", "sont laissés")))) }
        }
    }
}

/// A box for each element, view by view.
fn ticks(scene: &Scene<'_>) -> Markup {
    let (asked, map) = (&scene.asked, scene.map());
    let things = map.things();
    let many = format!(
        "La carte compte {} éléments, trop pour les cocher un à un : ajoutez-les par leur nom, ou prenez tout un ensemble.",
        things.len()
    );
    let of_view = |view: View| things.iter().filter(move |thing| thing.view() == view && matches!(thing, Thing::Asset(_)));
    html! {
        details.whatif-ticks.screen {
            summary { "Cocher dans la liste" }
            @if things.len() > TICKS_MAX { p.empty { (fr(&many)) } }
            @else {
                form action=(PATH) {
                    (asked.hidden(&["perdu"]))
                    input type="hidden" name="modifie" value="1";
                    @for view in View::ALL { @if of_view(view).next().is_some() {
                        fieldset { legend { (view.label()) }
                            div.names { @for thing in of_view(view) { @let id = thing.id();
                                label { input type="checkbox" name="perdu" value=(id) checked[asked.ids.contains(&id)]; " " (fr(thing.name())) } } } }
                    } }
                    @let activities: Vec<_> = things.iter().filter(|thing| matches!(thing, Thing::Activity(_))).collect();
                    @if !activities.is_empty() {
                        fieldset { legend { "Activités" }
                            div.names { @for thing in activities { @let id = thing.id();
                                label { input type="checkbox" name="perdu" value=(id) checked[asked.ids.contains(&id)]; " " (fr(thing.name())) } } } }
                    }
                    p { button.btn.ghost { "Voir ce que perdre tout cela entraîne" } }
                }
            }
        }
    }
}

/// In a crisis: to begin from what was declared.
fn declared(scene: &Scene<'_>) -> Option<Markup> {
    let state = &scene.page.visitor.view.state;
    running(state)?;
    let count = Set::Declared.members(state).len();
    let begin = Asked::of(Set::Declared);
    let (asked, clock) = (&scene.asked, scene.asked.clock);
    Some(html! { p.small.screen {
        @if count == 0 { (fr("Une crise est ouverte ; aucun élément de la carte n’y est déclaré arrêté.")) }
        @else if !asked.sets.contains(&Set::Declared) { a href=(begin.address()) { "Partir de ce qui est déclaré arrêté (" (count) ")" } }
        @if !scene.lost.is_empty() {
            @if !asked.sets.contains(&Set::Declared) || count == 0 { " · " }
            a href=(asked.with_clock(!clock).address()) { @if clock { "Sans l’heure" } @else { "Avec l’heure, depuis le début de la crise" } } }
    } })
}
