//! Kits: what the domain itself would refuse, then words, parameters, numbers, and what a facilitator would stumble on.

use super::Kit as Count;
use super::items::{Findings, Item};
use crate::kits::{self, Kit};
use crate::shipped::Status;
use domain::exercise::check::{chronogramme, frame};
use domain::exercise::event::scenario::{Inject, Level, Section};
use domain::exercise::fill::names;
use std::collections::BTreeSet;

const FILE: &str = "kits";
/// Injects of a kit of two hours (EXO: enough to keep three teams busy).
const INJECTS: std::ops::RangeInclusive<usize> = 40..=70;
/// From this length on, a kit is a full exercise, minutes.
const FULL_MINUTES: u32 = 120;
/// Injects of noise are shipped as a kit of this threat: it has nothing to evaluate.
const NOISE: &str = "ambiance";

pub(super) fn lint(findings: &mut Findings) -> Vec<Count> {
    let (mut counts, mut all) = (Vec::new(), Vec::new());
    for (key, text) in kits::FILES {
        match kits::parse(text) {
            Ok(kit) => {
                if kit.key != key || kit.scenario.origin.kit != key {
                    findings.say(FILE, key, "clé différente du nom du fichier");
                }
                one(findings, &kit);
                counts.push(Count { id: kit.key.clone(), injects: kit.injects.len() });
                all.push(kit);
            }
            Err(why) => findings.say(FILE, key, why),
        }
    }
    let items: Vec<Item<'_>> = all.iter().map(item).collect();
    findings.items(FILE, &items);
    counts
}

fn item(kit: &Kit) -> Item<'_> {
    let origin = &kit.scenario.origin;
    Item {
        key: &kit.key,
        source: &origin.source,
        edition: &origin.edition,
        status: match origin.status.as_str() {
            "vérifié" => Some(Status::Verified),
            "à confirmer" => Some(Status::ToConfirm),
            _ => None,
        },
        texts: Vec::new(),
        kinds: kit.kinds.iter().map(String::as_str).collect(),
    }
}

fn one(findings: &mut Findings, kit: &Kit) {
    for refused in [frame(&kit.scenario).err(), chronogramme(&kit.scenario, &kit.injects).err()].into_iter().flatten() {
        findings.say(FILE, &kit.key, refused);
    }
    words(findings, kit);
    parameters(findings, kit);
    if kit.threat != NOISE {
        rhythm(findings, kit);
    }
}

/// Every text that people read, with its place.
fn texts(kit: &Kit) -> Vec<(String, &str)> {
    let s = &kit.scenario;
    let mut all: Vec<(String, &str)> = vec![
        ("titre".to_owned(), &s.title),
        ("sujet".to_owned(), &s.about),
        ("briefing".to_owned(), &s.briefing),
        ("source".to_owned(), &s.origin.source),
    ];
    for (place, items) in [("objectif", &s.objectives), ("débriefing", &s.debrief), ("préparation", &s.preparation)] {
        all.extend(items.iter().map(|item| (format!("{place} {}", item.key), item.text.as_str())));
    }
    let sections: [(&str, &[Section]); 4] =
        [("animateur", &s.facilitator), ("joueur", &s.player), ("glossaire", &s.glossary), ("observateur", &s.observer)];
    for (place, sections) in sections {
        all.extend(
            sections
                .iter()
                .flat_map(|one| [(format!("{place}, {}", one.title), one.text.as_str()), (place.to_owned(), one.title.as_str())]),
        );
    }
    all.extend(
        s.teams
            .iter()
            .flat_map(|t| [(format!("équipe {}", t.key), t.name.as_str()), (format!("équipe {}", t.key), t.who.as_str())]),
    );
    all.extend(s.phases.iter().map(|p| ("phase".to_owned(), p.name.as_str())));
    all.extend(s.parameters.iter().flat_map(|p| {
        [(format!("paramètre {}", p.key), p.label.as_str()), (format!("paramètre {}", p.key), p.otherwise.as_str())]
    }));
    for c in &s.criteria {
        all.extend([&c.title, &c.look, &c.advice].map(|text| (format!("critère {}", c.key), text.as_str())));
    }
    all.extend(kit.injects.iter().flat_map(of_inject));
    all
}

fn of_inject(inject: &Inject) -> [(String, &str); 5] {
    [&inject.title, &inject.from, &inject.text, &inject.guidance, &inject.expected]
        .map(|text| (format!("stimulus {}", inject.key), text.as_str()))
}

fn words(findings: &mut Findings, kit: &Kit) {
    for (place, text) in texts(kit) {
        let address = place.starts_with("stimulus") && text.contains('@') && !text.contains(' ');
        for wrong in super::words::typography(text).into_iter().filter(|_| !address) {
            findings.say(FILE, &format!("{}, {place}", kit.key), wrong);
        }
    }
}

fn parameters(findings: &mut Findings, kit: &Kit) {
    let declared: BTreeSet<&str> = kit.scenario.parameters.iter().map(|p| p.key.as_str()).collect();
    let mut used = BTreeSet::new();
    for (place, text) in texts(kit) {
        for name in names(text) {
            if !declared.contains(name) {
                findings.say(FILE, &format!("{}, {place}", kit.key), format_args!("paramètre inconnu : {name}"));
            }
            used.insert(name);
        }
    }
    for name in declared.difference(&used) {
        findings.say(FILE, &kit.key, format_args!("paramètre jamais utilisé : {name}"));
    }
}

/// What makes an exercise playable: enough to do, never two calls at once to one team, and something to evaluate.
fn rhythm(findings: &mut Findings, kit: &Kit) {
    let full = kit.scenario.minutes >= FULL_MINUTES;
    if full && !INJECTS.contains(&kit.injects.len()) {
        findings.say(FILE, &kit.key, format_args!("{} stimuli : attendu {INJECTS:?}", kit.injects.len()));
    }
    let mut taken = BTreeSet::new();
    for inject in &kit.injects {
        let Some(at) = inject.at else { continue };
        for team in kit.scenario.teams.iter().filter(|team| domain::exercise::concerns(inject, &team.key)) {
            if !taken.insert((at, team.key.as_str())) {
                findings.say(FILE, &kit.key, format_args!("deux stimuli à la minute {at} pour {}", team.key));
            }
        }
    }
    let served: BTreeSet<&str> = kit.injects.iter().map(|inject| inject.objective.as_str()).collect();
    for objective in kit.scenario.objectives.iter().filter(|o| !served.contains(o.key.as_str())) {
        findings.say(FILE, &kit.key, format_args!("objectif sans stimulus : {}", objective.key));
    }
    for criterion in kit.scenario.criteria.iter().filter(|c| c.look.is_empty() || c.advice.is_empty()) {
        findings.say(FILE, &kit.key, format_args!("critère {} sans regard ou sans préconisation", criterion.key));
    }
    if full && kit.at_level(Level::Beginner).count() * 2 < kit.injects.len() {
        findings.say(FILE, &kit.key, "moins de la moitié des stimuli au niveau débutant");
    }
}
