//! What is on the map: activities, elements, interfaces, scenarios.

use super::Seeking;
use super::found::{Group, Hit};
use super::records::joined;
use crate::cartography::thing_path;
use domain::cartography::Asset;
use domain::cartography::Thing;
use journal::SubjectId;

/// Most names told beside a hit.
const NAMES_MAX: usize = 5;

pub(super) fn groups<'q>(seeking: &Seeking<'q>) -> [Group<'q>; 5] {
    let applications = elements(seeking, ("applications", "Applications"), |asset| asset.now().kind.is_application());
    let others = elements(seeking, ("elements", "Éléments de la carte"), |asset| !asset.now().kind.is_application());
    [activities(seeking), applications, others, exchanges(seeking), scenarios(seeking)]
}

fn names(names: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = names.collect();
    let more = all.len().saturating_sub(NAMES_MAX);
    let told = all[..all.len() - more].join(", ");
    if more > 0 { format!("{told} et {more} autres") } else { told }
}

fn activities<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "activites", "Activités");
    let map = &seeking.state().cartography;
    for activity in map.by_priority() {
        let set = activity.now();
        let needed = set.needs.iter().flat_map(|need| &need.any).filter_map(|id| Some(map.thing(id)?.name().to_owned()));
        let needs: Vec<String> = needed.collect();
        let owner = set.owner.as_deref().unwrap_or_default();
        let unit = set.unit.and_then(|id| seeking.register().units.get(&id)).map_or("", |unit| &unit.name);
        group.look(&set.name, &[owner, &needs.join(", "), unit, &set.description], || Hit {
            title: set.name.clone(),
            detail: joined(&[
                unit,
                owner,
                &if needs.is_empty() { String::new() } else { format!("besoins : {}", names(needs.into_iter())) },
            ]),
            href: seeking.of_thing(activity.id),
        });
    }
    group
}

fn elements<'q>(seeking: &Seeking<'q>, (key, title): (&'static str, &'static str), such: impl Fn(&Asset) -> bool) -> Group<'q> {
    let mut group = Group::new(seeking.query, key, title);
    let map = &seeking.state().cartography;
    for asset in map.assets().into_iter().filter(|asset| such(asset)) {
        let set = asset.now();
        let provider = set.provider.and_then(|id| seeking.register().providers.get(&id)).map_or("", |provider| &provider.name);
        let owner = set.owner.as_deref().unwrap_or_default();
        let external = set.external.join(" ");
        group.look(&set.name, &[provider, owner, &set.zone, set.kind.label(), &set.description, &external], || {
            let needed = names(map.dependants(&asset.id).iter().map(|thing| thing.name().to_owned()));
            let needed = if needed.is_empty() { String::new() } else { format!("sert à : {needed}") };
            let detail = joined(&[set.kind.label(), &set.zone, provider, owner, &needed]);
            Hit { title: set.name.clone(), detail, href: seeking.of_thing(asset.id) }
        });
    }
    group
}

fn exchanges<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "interfaces", "Interfaces");
    let map = &seeking.state().cartography;
    let name = |id: &SubjectId| map.thing(id).map_or("", Thing::name);
    for exchange in map.exchanges() {
        let set = exchange.now();
        let (source, target) = (name(&set.source), name(&set.target));
        group.look(&set.name, &[source, target, &set.protocol, &set.fallback], || Hit {
            title: set.name.clone(),
            detail: joined(&[&format!("{source} → {target}"), &set.protocol, if set.critical { "critique" } else { "" }]),
            href: format!("/carte/interfaces#{}", exchange.id),
        });
    }
    group
}

fn scenarios<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "scenarios", "Scénarios");
    let map = &seeking.state().cartography;
    for scenario in map.scenarios() {
        let set = scenario.now();
        let lost: Vec<&str> = set.lost.iter().filter_map(|id| map.thing(id)).map(Thing::name).collect();
        group.look(&set.name, &[&set.note, &lost.join(", ")], || {
            let lost_now: Vec<String> = set.lost.iter().map(|id| format!("perdu={id}")).collect();
            let detail = format!("perdu : {}", names(lost.iter().map(|&name| name.to_owned())));
            Hit { title: set.name.clone(), detail, href: format!("/carte/et-si?{}", lost_now.join("&")) }
        });
    }
    group
}

impl Seeking<'_> {
    /// The page of an activity or an element: how it works now when a crisis runs, else its place on the map.
    fn of_thing(&self, id: SubjectId) -> String {
        match crate::urgence::running(self.state()) {
            Some(crisis) => format!("{}/situation/{id}", crate::crisis::room_path(self.shared, crisis)),
            None => thing_path(&id),
        }
    }
}
