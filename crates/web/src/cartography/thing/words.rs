//! A record of the map in words, field by field: to be shown, compared with another version, and exported.

use crate::cartography::duration;
use crate::history::Words;
use crate::situation::words::begun;
use domain::State;
use domain::cartography::event::{ActivitySet, AssetSet, ExchangeSet};
use domain::cartography::kind::AssetKind;
use domain::cartography::need::{Need, Relation};
use domain::cartography::{Activity, Asset, Cartography, PRIORITIES, Thing};
use journal::SubjectId;

/// An activity or an element, even taken off the map.
pub(in crate::cartography) fn ever<'a>(map: &'a Cartography, id: &SubjectId) -> Option<Thing<'a>> {
    let activity = map.activities.get(id).map(|activity| Thing::Activity(activity));
    activity.or_else(|| map.assets.get(id).map(|asset| Thing::Asset(asset)))
}

/// Its name; when it is not on the map any more, that is said.
pub(in crate::cartography) fn name(map: &Cartography, id: &SubjectId) -> String {
    match (map.thing(id), ever(map, id)) {
        (Some(thing), _) => thing.name().to_owned(),
        (None, Some(thing)) => format!("{} (retiré de la carte)", thing.name()),
        (None, None) => "élément inconnu".to_owned(),
    }
}

/// A tolerable delay, or nothing.
fn delay(minutes: Option<u32>) -> String {
    minutes.map(duration).unwrap_or_default()
}

/// How much and how long, after the names: `au moins 1 sur 2, tient 4 h`.
pub(in crate::cartography) fn terms(need: &Need) -> String {
    let mut terms = Vec::new();
    if need.any.len() > 1 {
        terms.push(format!("au moins {} sur {}", need.at_least, need.any.len()));
    }
    match (need.holds_minutes, need.degrades) {
        (Some(minutes), _) => terms.push(format!("tient {}", duration(minutes))),
        (None, true) => terms.push("seulement dégradé sans".to_owned()),
        (None, false) => {}
    }
    terms.join(", ")
}

/// A need on one line.
pub(in crate::cartography) fn need(map: &Cartography, need: &Need) -> String {
    let names: Vec<String> = need.any.iter().map(|id| name(map, id)).collect();
    let mut words = match need.relation {
        Relation::Needs => names.join(", "),
        Relation::HostedOn => format!("hébergé sur {}", names.join(", ")),
    };
    let terms = terms(need);
    if !terms.is_empty() {
        words.push_str(&format!(" ({terms})"));
    }
    if !need.why.is_empty() {
        words.push_str(&format!(" : {}", need.why));
    }
    words
}

fn needs(map: &Cartography, all: &[Need]) -> String {
    all.iter().map(|one| need(map, one)).collect::<Vec<_>>().join(" ; ")
}

/// A care priority with its meaning.
pub(in crate::cartography) fn priority(priority: u8) -> String {
    let meaning = PRIORITIES.iter().find(|(n, _)| *n == priority).map_or("", |(_, meaning)| meaning);
    format!("{priority} : {meaning}")
}

/// The hypothesis « survit à l’attaque ».
pub(in crate::cartography) fn survives(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "oui",
        Some(false) => "non",
        None => "",
    }
}

fn unit(state: &State, id: Option<SubjectId>) -> String {
    id.map(|id| state.register.units.get(&id).map_or_else(|| "unité retirée".to_owned(), |unit| unit.name.clone()))
        .unwrap_or_default()
}

fn provider(state: &State, id: Option<SubjectId>) -> String {
    let known = |id| state.register.providers.get(id).map_or_else(|| "prestataire retiré".to_owned(), |p| p.name.clone());
    id.as_ref().map(known).unwrap_or_default()
}

/// An activity.
pub(in crate::cartography) fn activity(set: &ActivitySet, state: &State) -> Words {
    vec![
        ("Nom", set.name.clone()),
        ("Priorité de soin", priority(set.priority)),
        ("DMIA", delay(set.mtpd_minutes)),
        ("RTO visé", delay(set.rto_minutes)),
        ("PDMA", delay(set.rpo_minutes)),
        ("Unité", unit(state, set.unit)),
        ("Qui en répond", set.owner.clone().unwrap_or_default()),
        ("Description", set.description.clone()),
        ("A besoin de", needs(&state.cartography, &set.needs)),
        ("Dans d’autres outils", set.external.join(", ")),
    ]
}

/// An element.
pub(in crate::cartography) fn asset(set: &AssetSet, state: &State) -> Words {
    let map = &state.cartography;
    vec![
        ("Nom", set.name.clone()),
        ("Genre", set.kind.label().to_owned()),
        ("Description", set.description.clone()),
        ("Système essentiel (SIE)", if set.essential { "oui".to_owned() } else { String::new() }),
        ("Zone réseau", set.zone.clone()),
        ("Survit à l’attaque", survives(set.survives).to_owned()),
        ("Parce que", set.survives_why.clone()),
        ("Qui en répond", set.owner.clone().unwrap_or_default()),
        ("Prestataire", provider(state, set.provider)),
        ("Géré par", set.managed_by.map(|id| name(map, &id)).unwrap_or_default()),
        ("Unité", unit(state, set.unit)),
        ("DMIA", delay(set.mtpd_minutes)),
        ("RTO", delay(set.rto_minutes)),
        ("PDMA", delay(set.rpo_minutes)),
        ("A besoin de", needs(map, &set.needs)),
        ("Dans d’autres outils", set.external.join(", ")),
    ]
}

/// An interface.
pub(in crate::cartography) fn exchange(set: &ExchangeSet, state: &State) -> Words {
    let map = &state.cartography;
    let yes = |is: bool| if is { "oui".to_owned() } else { "non".to_owned() };
    vec![
        ("Nom", set.name.clone()),
        ("Source", name(map, &set.source)),
        ("Destination", name(map, &set.target)),
        ("Par", set.via.map(|id| name(map, &id)).unwrap_or_default()),
        ("Protocole", set.protocol.clone()),
        ("Critique pour la destination", yes(set.critical)),
        ("Dans les deux sens", yes(set.both_ways)),
        ("Si elle est coupée", set.fallback.clone()),
        ("Dans d’autres outils", set.external.join(", ")),
    ]
}

/// What is between a name and what it is, in fields where people choose an element.
const BETWEEN: &str = " · ";

/// How an element is named where one is chosen by typing: its name and what it is.
pub(in crate::cartography) fn label(map: &Cartography, id: &SubjectId) -> String {
    match (map.thing(id), ever(map, id)) {
        (Some(thing), _) => {
            let label = format!("{}{BETWEEN}{}", thing.name(), thing.kind_label());
            // Two that a merge left with one name are told apart by their id.
            if chosen(map, &label) == Ok(*id) { label } else { format!("{label}{BETWEEN}{id}") }
        }
        (None, Some(thing)) => format!("{} (retiré de la carte)", thing.name()),
        (None, None) => id.to_string(),
    }
}

/// The element that a text names: as [`label`] writes it, a bare name that only one bears, or an id.
///
/// # Errors
/// The sentence for the screen.
pub(in crate::cartography) fn chosen(map: &Cartography, text: &str) -> Result<SubjectId, String> {
    use domain::cartography::names::Bearer;
    let text = text.trim();
    let last = text.rsplit_once(BETWEEN).map_or(text, |(_, last)| last);
    if let Ok(id) = last.parse::<SubjectId>() {
        return Ok(id);
    }
    let bearer = |kind: &str| match kind {
        "activité" => Some(Bearer::Activity),
        kind => AssetKind::ALL.iter().find(|k| k.label() == kind).map(|k| Bearer::Asset(*k)),
    };
    let exact = text.rsplit_once(BETWEEN).and_then(|(name, kind)| map.names.named(bearer(kind)?, name));
    if let Some(id) = exact {
        return Ok(id);
    }
    let all = std::iter::once(Bearer::Activity).chain(AssetKind::ALL.iter().map(|kind| Bearer::Asset(*kind)));
    let found: Vec<SubjectId> = all.filter_map(|bearer| map.names.named(bearer, text)).collect();
    let short: String = text.chars().take(80).collect();
    match found.as_slice() {
        [id] => Ok(*id),
        [] => Err(format!("« {short} » n’est pas sur la carte : choisissez dans la liste, ou ajoutez-le d’abord.")),
        several => {
            let kinds: Vec<&str> = several.iter().filter_map(|id| map.thing(id)).map(Thing::kind_label).collect();
            Err(format!("Plusieurs s’appellent « {short} » ({}) : choisissez dans la liste.", kinds.join(", ")))
        }
    }
}

/// What it is, at the head of a sentence.
pub(in crate::cartography) fn what(thing: Thing<'_>) -> String {
    match thing {
        Thing::Activity(activity) => format!("Activité de priorité {}", priority(activity.now().priority)),
        Thing::Asset(asset) => begun(asset.now().kind.label()),
    }
}

/// A record taken off the map, by whom and why.
pub(in crate::cartography) fn removal(thing: Thing<'_>) -> Option<&domain::cartography::Removal> {
    match thing {
        Thing::Activity(Activity { removed, .. }) | Thing::Asset(Asset { removed, .. }) => removed.as_ref(),
    }
}
