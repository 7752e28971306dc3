//! The proposals on the page: those to decide, then those decided.

use super::desk::{Desk, Standing, Taken};
use super::take::{LATER, REFUSE, TAKE, field};
use crate::cartography::{duration, thing_path};
use crate::fields::Filled;
use crate::shell::Page;
use crate::situation::words::inside;
use crate::typography::fr;
use content::archetypes::wanted::Wanted;
use content::archetypes::{Archetype, Item};
use domain::cartography::PRIORITIES;
use domain::cartography::kind::View;
use domain::cartography::need::Relation;
use journal::ActorId;
use maud::{Markup, html};

/// What is to be decided, view by view.
pub(super) fn open(desk: &Desk<'_>, filled: Filled<'_>, writes: bool) -> Markup {
    let open: Vec<Item<'static>> =
        desk.all.iter().filter(|(_, standing)| matches!(standing, Standing::Open)).map(|(item, _)| *item).collect();
    let of_view = |view: View| -> Vec<Item<'static>> {
        open.iter().copied().filter(|item| matches!(item, Item::Asset(asset) if asset.kind.view() == view)).collect()
    };
    let activities: Vec<Item<'static>> = open.iter().copied().filter(|item| matches!(item, Item::Activity(_))).collect();
    let exchanges: Vec<Item<'static>> = open.iter().copied().filter(|item| matches!(item, Item::Exchange(_))).collect();
    html! {
        (section(desk, "activites", "Activités", &activities, filled, writes))
        @for view in View::ALL { (section(desk, view.name(), view.label(), &of_view(view), filled, writes)) }
        (section(desk, "interfaces", "Interfaces", &exchanges, filled, writes))
    }
}

fn section(desk: &Desk<'_>, id: &str, title: &str, items: &[Item<'static>], filled: Filled<'_>, writes: bool) -> Markup {
    html! { @if !items.is_empty() {
        section.panel.wide aria-labelledby={ "p-" (id) } {
            header { h2 id={ "p-" (id) } { (title) } span.muted.small { (items.len()) } }
            ul.offers { @for item in items { li {
                @if writes { (choice(*item, filled)) }
                div.offer { (said(desk.archetype, *item)) @if writes { (adapting(*item, filled)) } }
            } } }
        }
    } }
}

fn choice(item: Item<'_>, filled: Filled<'_>) -> Markup {
    let name = field("choix", item.key());
    let chosen = filled.value(&name, TAKE);
    html! { select name=(name) aria-label={ "Choix pour " (fr(item.name())) } {
        @for (value, words) in [(TAKE, "Prendre"), (REFUSE, "Refuser"), (LATER, "Plus tard")] {
            option value=(value) selected[chosen == value] { (words) }
        }
    } }
}

/// What is proposed, in words.
fn said(archetype: &Archetype, item: Item<'_>) -> Markup {
    let (facts, more) = match item {
        Item::Activity(activity) => {
            let rpo = activity.rpo.map(|rpo| format!(", PDMA {}", duration(rpo.minutes))).unwrap_or_default();
            (
                format!("priorité {}, DMIA {}{rpo}", activity.priority, duration(activity.mtpd.minutes)),
                activity.description.as_str(),
            )
        }
        Item::Asset(asset) => {
            let zone = if asset.zone.is_empty() { String::new() } else { format!(", zone {}", asset.zone) };
            let survives = match asset.survives {
                Some(true) => ", survivrait à l’attaque",
                Some(false) => ", ne survivrait pas à l’attaque",
                None => "",
            };
            (format!("{}{zone}{survives}", asset.kind.label()), asset.description.as_str())
        }
        Item::Exchange(exchange) => {
            let name = |key: &str| named(archetype, key);
            let via = exchange.via.as_deref().map(|via| format!(" par {}", name(via))).unwrap_or_default();
            let protocol = if exchange.protocol.is_empty() { String::new() } else { format!(" ({})", exchange.protocol) };
            let said = format!("de {} vers {}{via}{protocol}", name(&exchange.source), name(&exchange.target));
            (said, exchange.fallback.as_str())
        }
    };
    html! {
        p.head { strong { (fr(item.name())) } " " span.small.muted { (fr(&facts)) } }
        @if !more.is_empty() { p.small { @if matches!(item, Item::Exchange(_)) { (fr("Si elle est coupée : ")) } (fr(more)) } }
        @if !item.needs().is_empty() { p.small.muted { (fr(&needs(archetype, item.needs()))) } }
    }
}

fn named(archetype: &Archetype, key: &str) -> String {
    archetype.item(key).map(|item| inside(item.name())).unwrap_or_default()
}

/// What something needs, in one line.
fn needs(archetype: &Archetype, all: &[Wanted]) -> String {
    let words = |need: &Wanted| {
        let names: Vec<String> = need.any.iter().map(|key| named(archetype, key)).collect();
        let names = match need.at_least {
            0 | 1 => names.join(" ou "),
            least => format!("{least} parmi {}", names.join(", ")),
        };
        match need.holds_minutes {
            Some(minutes) => format!("{names} (tient {} sans)", duration(minutes)),
            None if need.degrades => format!("{names} (dégradé sans)"),
            None => names,
        }
    };
    let of = |relation: Relation| -> Vec<String> { all.iter().filter(|need| need.relation == relation).map(words).collect() };
    let (needed, hosts) = (of(Relation::Needs), of(Relation::HostedOn));
    let mut said = Vec::new();
    if !hosts.is_empty() {
        said.push(format!("Hébergé sur : {}.", hosts.join(", ")));
    }
    if !needed.is_empty() {
        said.push(format!("A besoin de : {}.", needed.join(", ")));
    }
    said.join(" ")
}

/// Fields to adapt a proposal before taking it; out of the way until somebody opens them.
fn adapting(item: Item<'_>, filled: Filled<'_>) -> Markup {
    let names = ["nom", "priorite", "dmia"].map(|what| field(what, item.key()));
    let [name, priority, mtpd] = &names;
    let wrong = filled.fault.is_some_and(|fault| names.iter().any(|name| fault.on(name).is_some()));
    let mut changed = filled.value(name, item.name()) != item.name();
    if let Item::Activity(activity) = item {
        changed |= filled.value(priority, &activity.priority.to_string()) != activity.priority.to_string();
        changed |= filled.value(mtpd, &duration(activity.mtpd.minutes)) != duration(activity.mtpd.minutes);
    }
    html! { details.adapt.screen open[wrong || changed] {
        summary { "Adapter" span.out { " " (fr(item.name())) } }
        div.fields {
            p.field { label for=(name) { "Nom" } input id=(name) name=(name) value=(filled.value(name, item.name())) autocomplete="off"; (filled.beside(name)) }
            @if let Item::Activity(activity) = item {
                @let chosen = filled.value(priority, &activity.priority.to_string());
                p.field { label for=(priority) { "Priorité de soin" }
                    select id=(priority) name=(priority) { @for (n, meaning) in PRIORITIES { option value=(n) selected[n.to_string() == chosen] { (n) " " (fr(meaning)) } } }
                    (filled.beside(priority)) }
                p.field { label for=(mtpd) { "DMIA" } input id=(mtpd) name=(mtpd) value=(filled.value(mtpd, &duration(activity.mtpd.minutes))) autocomplete="off"; (filled.beside(mtpd)) }
            }
        }
    } }
}

/// What was refused or taken off: it can be taken again.
pub(super) fn refusals(page: &Page<'_>, desk: &Desk<'_>, filled: Filled<'_>, writes: bool) -> Markup {
    html! {
        @if desk.redeemable() {
            section.panel.wide aria-labelledby="p-refus" {
                header { h2 #p-refus { "Refusé ou retiré" } }
                ul.offers { @for (item, standing) in &desk.all { @match standing {
                    Standing::Refused(declined) => (refused(*item, "refusé", &when(page, declined.by, declined.wall), &declined.reason, filled, writes)),
                    Standing::Removed(removal) => (refused(*item, "retiré de la carte", &when(page, removal.by, removal.wall), &removal.reason, filled, writes)),
                    _ => {}
                } } }
            }
        }
    }
}

/// What is on the map: who took it, and when.
pub(super) fn taken(page: &Page<'_>, desk: &Desk<'_>) -> Markup {
    let taken = desk.taken();
    html! {
        @if taken > 0 {
            section.panel.wide aria-labelledby="p-pris" {
                header { h2 #p-pris { "Déjà sur la carte" } span.muted.small { (taken) } }
                details open[desk.open() == 0 && !desk.redeemable()] { summary { "Qui a pris quoi, et quand" }
                    ul.offers { @for (item, standing) in &desk.all { @if let Standing::Taken(taken) = standing { (kept(page, desk, *item, *taken)) } } }
                }
            }
        }
    }
}

fn when(page: &Page<'_>, by: ActorId, wall: i64) -> String {
    format!("par {} le {}", page.visitor.view.state.register.name(&by), page.local.day_and_time(wall))
}

fn refused(item: Item<'_>, what: &str, when: &str, why: &str, filled: Filled<'_>, writes: bool) -> Markup {
    let name = field("choix", item.key());
    let again = filled.value(&name, "") == TAKE;
    html! { li {
        @if writes { select name=(name) aria-label={ "Choix pour " (fr(item.name())) } {
            option value="" { "Laisser" } option value=(TAKE) selected[again] { "Reprendre" } } }
        div.offer { p.head { (fr(item.name())) " " span.small.muted { (fr(what)) " " (fr(when)) @if !why.is_empty() { (fr(" : ")) (fr(why)) } } } }
    } }
}

fn kept(page: &Page<'_>, desk: &Desk<'_>, item: Item<'_>, taken: Taken) -> Markup {
    let how = match (taken.from_here, taken.adapted) {
        (true, true) => format!("adapté et pris {}", when(page, taken.by, taken.wall)),
        (true, false) => format!("pris tel quel {}", when(page, taken.by, taken.wall)),
        (false, _) => format!("y était déjà, décrit {}", when(page, taken.by, taken.wall)),
    };
    let keys = item.needs().iter().flat_map(|need| &need.any).filter(|key| desk.on_map(key).is_none());
    let missing: Vec<String> = keys.map(|key| named(desk.archetype, key)).collect();
    let name = desk.map.thing(&taken.id).map_or_else(|| item.name().to_owned(), |thing| thing.name().to_owned());
    html! { li { div.offer { p.head {
        @if desk.map.thing(&taken.id).is_some() { a href=(thing_path(&taken.id)) { (fr(&name)) } } @else { (fr(&name)) }
        " " span.small.muted { (fr(&how)) @if taken.from_here && !missing.is_empty() { (fr(" ; sans ")) (fr(&missing.join(", "))) ", qui n’est pas sur la carte" } }
    } } } }
}
