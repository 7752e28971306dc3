//! The archetypes: provenance and words, then what their links say: known ends, possible counts, no loop on oneself, and a
//! way from every activity down to power or the network.

use super::items::{Findings, Item, SENTENCE_CHARS_MAX};
use crate::archetypes::wanted::Wanted;
use crate::archetypes::{self, Archetype};
use domain::cartography::check::MTPD_MINUTES_MAX;
use domain::cartography::kind::AssetKind;
use domain::crisis::check::LABEL_CHARS_MAX;
use domain::register::check::NAME_CHARS_MAX;
use domain::register::event::EstablishmentKind;
use std::collections::BTreeSet;

const FILE: &str = "archetypes";
/// Longest clause that says why: it is read on one line of a path.
const WHY_CHARS_MAX: usize = 60;

pub(super) fn lint(findings: &mut Findings) {
    let mut all = Vec::new();
    for (kind, text) in archetypes::FILES {
        match archetypes::parse(text) {
            Ok(archetype) if archetype.key == kind => all.push(archetype),
            Ok(archetype) => findings.say(FILE, &archetype.key, format_args!("est dans le fichier {kind}")),
            Err(why) => findings.say(FILE, kind, why),
        }
    }
    for archetype in &all {
        one(findings, archetype);
    }
    let items: Vec<Item<'_>> = all.iter().map(item).collect();
    findings.items(FILE, &items);
}

fn item(archetype: &Archetype) -> Item<'_> {
    Item {
        key: &archetype.key,
        source: &archetype.source,
        edition: &archetype.edition,
        status: Some(archetype.status),
        texts: vec![("title", archetype.title.as_str(), LABEL_CHARS_MAX)],
        kinds: Vec::new(),
    }
}

fn one(findings: &mut Findings, archetype: &Archetype) {
    if EstablishmentKind::from_name(&archetype.key).is_none() {
        findings.say(FILE, &archetype.key, "n’est pas un type d’établissement");
    }
    let keys: BTreeSet<String> = archetype.items().map(|item| item.key().to_owned()).collect();
    let (mut seen, mut names) = (BTreeSet::new(), BTreeSet::new());
    for item in archetype.items() {
        let place = format!("{}, {}", archetype.key, item.key());
        findings.name(FILE, item.key());
        findings.text(FILE, &place, item.name(), NAME_CHARS_MAX);
        if !seen.insert(item.key()) {
            findings.say(FILE, &place, "clé répétée");
        }
        let sort = matches!(item, archetypes::Item::Activity(_));
        if !names.insert((sort, item.name().to_lowercase())) {
            findings.say(FILE, &place, "nom répété");
        }
        item.needs().iter().for_each(|need| link(findings, &place, item.key(), need, &keys));
    }
    values(findings, archetype, &keys);
    for activity in archetype.activities.iter().filter(|activity| !is_fed(archetype, &activity.key)) {
        let place = format!("{}, {}", archetype.key, activity.key);
        findings.say(FILE, &place, "ne mène ni à l’énergie ni à un réseau");
    }
}

fn link(findings: &mut Findings, place: &str, own: &str, need: &Wanted, keys: &BTreeSet<String>) {
    need.any.iter().for_each(|key| findings.known(FILE, place, key, keys));
    if need.any.iter().any(|key| key == own) {
        findings.say(FILE, place, "a besoin de soi-même");
    }
    if need.at_least == 0 || need.at_least as usize > need.any.len() {
        findings.say(FILE, place, format_args!("au moins {} parmi {}", need.at_least, need.any.len()));
    }
    if !need.why.is_empty() {
        findings.text(FILE, place, &need.why, WHY_CHARS_MAX);
    }
}

/// Values and texts of each sort of item.
fn values(findings: &mut Findings, archetype: &Archetype, keys: &BTreeSet<String>) {
    let place = |key: &str| format!("{}, {key}", archetype.key);
    for activity in &archetype.activities {
        let (at, bounds) = (place(&activity.key), 1..=MTPD_MINUTES_MAX);
        let rpo = activity.rpo.is_none_or(|rpo| bounds.contains(&rpo.minutes));
        if !(1..=5).contains(&activity.priority) || !bounds.contains(&activity.mtpd.minutes) || !rpo {
            findings.say(FILE, &at, "priorité ou durée hors des bornes");
        }
        findings.text(FILE, &at, &activity.description, SENTENCE_CHARS_MAX);
    }
    for asset in &archetype.assets {
        let at = place(&asset.key);
        asset.managed_by.iter().for_each(|by| findings.known(FILE, &at, by, keys));
        for text in [&asset.description, &asset.zone, &asset.survives_why].into_iter().filter(|text| !text.is_empty()) {
            findings.text(FILE, &at, text, SENTENCE_CHARS_MAX);
        }
        if !asset.survives_why.is_empty() && asset.survives.is_none() {
            findings.say(FILE, &at, "dit pourquoi sans dire si cela survit");
        }
    }
    for exchange in &archetype.exchanges {
        let at = place(&exchange.key);
        for end in [Some(&exchange.source), Some(&exchange.target), exchange.via.as_ref()].into_iter().flatten() {
            findings.known(FILE, &at, end, keys);
        }
        if exchange.source == exchange.target {
            findings.say(FILE, &at, "relie un élément à lui-même");
        }
        findings.text(FILE, &at, &exchange.fallback, SENTENCE_CHARS_MAX);
    }
}

/// Whether what an activity needs leads, step by step, to power or a network.
fn is_fed(archetype: &Archetype, key: &str) -> bool {
    use AssetKind::{Link, Network, Power, Router, Switch};
    let feeds = |key: &str| {
        let asset = archetype.assets.iter().find(|asset| asset.key == key);
        asset.is_some_and(|asset| matches!(asset.kind, Power | Network | Link | Switch | Router))
    };
    let (mut seen, mut next) = (BTreeSet::new(), vec![key]);
    while let Some(key) = next.pop() {
        if feeds(key) {
            return true;
        }
        if seen.insert(key) {
            let needs = archetype.item(key).map(archetypes::Item::needs).unwrap_or_default();
            next.extend(needs.iter().flat_map(|need| &need.any).map(String::as_str));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_archetype_is_named() {
        let text = archetypes::FILES[0].1;
        for (good, bad, fault) in [
            ("priority = 1", "priority = 6", "hors des bornes"),
            ("dmia = \"1 h\"", "dmia = \"600 j\"", "hors des bornes"),
            ("\"regulation_app ~", "\"regulation ~", "« regulation » n’existe pas"),
            ("\"> grappe : tourne sur\", \"bases", "\"dpi : tourne sur\", \"bases", "a besoin de soi-même"),
            ("\"> dc_a | dc_b", "\"> 3/ dc_a | dc_b", "au moins 3 parmi 2"),
            ("key = \"samu\"", "key = \"urgences\"", "clé répétée"),
            ("name = \"SAMU\"", "name = \"Urgences\"", "nom répété"),
            ("source = \"identites\", target = \"dpi\"", "source = \"dpi\", target = \"dpi\"", "à lui-même"),
            ("managed_by = \"editeur_dpi\"", "managed_by = \"editeur\"", "« editeur » n’existe pas"),
            ("reçoit les appels du 15 par", "reçoit l\u{27}appel par", "apostrophe"),
        ] {
            assert!(text.contains(good), "nothing to spoil: {good}");
            let mut findings = Findings::default();
            one(&mut findings, &archetypes::parse(&text.replacen(good, bad, 1)).expect("reads"));
            let told = findings.problems.join("\n");
            assert!(told.contains(fault), "{bad}: {told}");
        }
        assert!(
            archetypes::parse(&text.replacen("dmia = \"1 h\"", "dmia = \"vite\"", 1)).is_err_and(|told| told.contains("vite"))
        );
    }

    #[test]
    fn an_activity_that_nothing_feeds_is_named() {
        let mut archetype = archetypes::parse(archetypes::FILES[0].1).expect("reads");
        archetype.activities[0].needs.clear();
        let mut findings = Findings::default();
        one(&mut findings, &archetype);
        assert_eq!(findings.problems.len(), 1, "{:?}", findings.problems);
    }
}
