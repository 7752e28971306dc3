//! The demonstrations: people, log lines, and acts that must decode into events.

use super::words::typography;
use crate::demo::script::{self, Stage};
use crate::demo::{Demo, One};
use crate::stamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::entry::sha256;
use journal::{EntryId, SubjectId};
use std::collections::BTreeSet;

/// Beginnings of telephone numbers that France's numbering plan reserves for fiction, and the SAMU's.
const FICTIONAL: [&str; 3] = ["01 99 00", "06 39 98", "15"];

pub(super) fn problems(id: &str, demo: &Demo) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{id} : {what}"));
    let place = &demo.establishment;
    let day = place.edition.parse::<Date>();
    if day.is_err() {
        say("la date d’édition n’est pas une date".to_owned());
    }
    if place.source.is_empty() || place.status.is_empty() {
        say("la source ou le statut manque".to_owned());
    }
    if TimeZone::get(&place.time_zone).is_err() {
        say(format!("« {} » n’est pas un fuseau", place.time_zone));
    }
    let people: BTreeSet<&str> = demo.people.iter().map(|p| p.key.as_str()).collect();
    if people.len() != demo.people.len() {
        say("deux personnes ont la même clé".to_owned());
    }
    let numbers = demo.people.iter().flat_map(|p| [&p.phone, &p.mobile]).chain([&place.phone]);
    for number in numbers.filter(|number| !fictional(number)) {
        say(format!("« {number} » n’est pas un numéro réservé à la fiction"));
    }
    let day = day.unwrap_or_default();
    lines(demo, day, &people, &mut say);
    acts(demo, day, &people, &mut say);
    found
}

fn fictional(number: &str) -> bool {
    number.is_empty() || FICTIONAL.iter().any(|start| number.starts_with(start))
}

fn lines(demo: &Demo, day: Date, people: &BTreeSet<&str>, say: &mut impl FnMut(String)) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut last = i64::MIN;
    for entry in &demo.entries {
        for text in [Some(&entry.text), entry.speaker.as_ref(), entry.owner.as_ref()].into_iter().flatten() {
            typography(text).into_iter().for_each(|what| say(format!("{} : {what}", entry.key)));
        }
        if let Err(what) = stamp::fill(&entry.text, day) {
            say(format!("{} : {what}", entry.key));
        }
        if entry.at < last {
            say(format!("{} : l’heure recule", entry.key));
        }
        last = entry.at;
        if !people.contains(entry.typist.as_str()) {
            say(format!("{} : « {} » n’est pas une personne", entry.key, entry.typist));
        }
        for named in entry.closes.iter().chain(&entry.corrects).chain(&entry.carries_out).filter(|k| !seen.contains(k.as_str())) {
            say(format!("{} : « {named} » ne vient pas avant", entry.key));
        }
        if !seen.insert(&entry.key) {
            say(format!("{} : clé répétée", entry.key));
        }
    }
}

fn acts(demo: &Demo, day: Date, people: &BTreeSet<&str>, say: &mut impl FnMut(String)) {
    let mut last = demo.establishment.founded;
    let mut slots = BTreeSet::new();
    for act in &demo.acts {
        let place = format!("{} à {}", act.kind, act.at);
        if act.at < last {
            say(format!("{place} : l’heure recule"));
        }
        last = act.at;
        if !people.contains(act.by.as_str()) {
            say(format!("{place} : « {} » n’est pas une personne", act.by));
        }
        for one in &act.each {
            body(one).into_iter().for_each(|what| say(format!("{place} : {what}")));
            match decoded(demo, day, act.at, &act.kind, one) {
                Ok(slot) if one.rewrites && !slots.contains(&slot) => say(format!("{place} : ne remplace rien")),
                Ok(slot) => drop(slots.insert(slot)),
                Err(what) => say(format!("{place} : {what}")),
            }
        }
    }
}

/// What is wrong with the words and numbers of a body.
fn body(one: &One) -> Vec<String> {
    let mut texts = Vec::new();
    one.body.values().for_each(|value| words(value, &mut texts));
    let mut found: Vec<String> = texts.into_iter().flat_map(typography).collect();
    let numbers = ["phone", "phone_2"].into_iter().filter_map(|field| one.body.get(field)?.as_str());
    found.extend(numbers.filter(|n| !fictional(n)).map(|n| format!("« {n} » n’est pas un numéro réservé à la fiction")));
    found
}

/// Texts of a body that people read: names of ids and moments are left out.
fn words<'a>(value: &'a toml::Value, texts: &mut Vec<&'a str>) {
    match value {
        toml::Value::String(text) if !text.starts_with(['@', '&']) && !text.starts_with("archetype:") && !text.is_empty() => {
            texts.push(text)
        }
        toml::Value::Array(all) => all.iter().for_each(|one| words(one, texts)),
        toml::Value::Table(table) => table.values().for_each(|one| words(one, texts)),
        _ => {}
    }
}

/// Plays an event on an empty stage: ids are made up, log lines known once typed.
fn decoded(demo: &Demo, day: Date, at: i64, kind: &str, one: &One) -> Result<String, String> {
    let typed = |key: &str| demo.entries.iter().any(|e| e.key == key && e.at < at).then_some(EntryId([0; 32]));
    let subject = |name: &str| SubjectId(std::array::from_fn(|i| sha256(name.as_bytes()).as_bytes()[i]));
    let establishment = &demo.establishment;
    let stage = Stage { t0_ms: 0, day, zone: TimeZone::UTC, establishment, subject: &subject, entry: &typed };
    let played = script::play(kind, one, &stage)?;
    script::event(kind, &played.body)?;
    Ok(played.slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_named() {
        let shipped = crate::demo::SHIPPED[0].1;
        for (good, bad, fault) in [
            ("typist = \"lenoir\"", "typist = \"personne\"", "« personne » n’est pas une personne"),
            ("’", "'", "apostrophe droite"),
            ("by = \"lenoir\"", "by = \"personne\"", "« personne » n’est pas une personne"),
            ("06 39 98", "06 12 34", "réservé à la fiction"),
            ("kind = \"cells.set\"", "kind = \"cells.sat\"", "inconnu"),
            ("status = \"degraded\"", "status = \"lent\"", "mal écrit"),
            ("from = \"cnil\"", "from = \"cnl\"", "n’est pas dans le contenu livré"),
            ("time_zone = \"Europe/Paris\"", "time_zone = \"Europe/Valmont\"", "n’est pas un fuseau"),
        ] {
            assert!(shipped.contains(good), "nothing to spoil: {good}");
            let found = crate::demo::parse(&shipped.replace(good, bad)).map(|demo| problems("essai", &demo)).unwrap_or_default();
            assert!(found.iter().any(|p| p.contains(fault)), "{bad}: {found:?}");
        }
    }
}
