//! The linter: counts what ships and names what is wrong with it.

use crate::{demo, stamp};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;

/// What ships, and what is wrong with it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Exercise kits.
    pub kits: Vec<Kit>,
    /// Frameworks.
    pub frameworks: Vec<Framework>,
    /// Degraded-mode sheets.
    pub sheets: usize,
    /// Demonstration establishments.
    pub demos: Vec<DemoCount>,
    /// Facts that content may name.
    pub facts: usize,
    /// Number of problems.
    pub warnings: usize,
    /// The problems, in words.
    pub problems: Vec<String>,
}

/// A kit's count.
#[derive(Debug, Clone, Serialize)]
pub struct Kit {
    /// Its id.
    pub id: String,
    /// Its injects.
    pub injects: usize,
}

/// A framework's count.
#[derive(Debug, Clone, Serialize)]
pub struct Framework {
    /// Its id.
    pub id: String,
    /// Its requirements.
    pub items: usize,
}

/// A demonstration's count.
#[derive(Debug, Clone, Serialize)]
pub struct DemoCount {
    /// Its id.
    pub id: String,
    /// Its people.
    pub people: usize,
    /// Its log entries.
    pub entries: usize,
}

/// Checks everything that ships.
pub fn lint() -> Report {
    let mut report = Report { facts: domain::facts::all().count(), ..Report::default() };
    for (id, text) in demo::SHIPPED {
        match demo::parse(text) {
            Ok(demo) => {
                report.problems.extend(problems(id, &demo));
                report.demos.push(DemoCount { id: id.to_owned(), people: demo.people.len(), entries: demo.entries.len() });
            }
            Err(why) => report.problems.push(format!("{id} : {why}")),
        }
    }
    report.warnings = report.problems.len();
    report
}

fn problems(id: &str, demo: &demo::Demo) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{id} : {what}"));
    let edition = demo.establishment.edition.parse::<Date>();
    if edition.is_err() {
        say("la date d’édition n’est pas une date".to_owned());
    }
    if demo.establishment.source.is_empty() || demo.establishment.status.is_empty() {
        say("la source ou le statut manque".to_owned());
    }
    let people: BTreeSet<&str> = demo.people.iter().map(|p| p.key.as_str()).collect();
    if people.len() != demo.people.len() {
        say("deux personnes ont la même clé".to_owned());
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut last = i64::MIN;
    for entry in &demo.entries {
        for text in [Some(&entry.text), entry.speaker.as_ref(), entry.owner.as_ref()].into_iter().flatten() {
            typography(text).into_iter().for_each(|what| say(format!("{} : {what}", entry.key)));
        }
        if let Err(what) = stamp::fill(&entry.text, edition.clone().unwrap_or_default()) {
            say(format!("{} : {what}", entry.key));
        }
        if entry.at < last {
            say(format!("{} : l’heure recule", entry.key));
        }
        last = entry.at;
        if !people.contains(entry.typist.as_str()) {
            say(format!("{} : « {} » n’est pas une personne", entry.key, entry.typist));
        }
        for named in entry.closes.iter().chain(&entry.corrects).filter(|k| !seen.contains(k.as_str())) {
            say(format!("{} : « {named} » ne vient pas avant", entry.key));
        }
        if !seen.insert(&entry.key) {
            say(format!("{} : clé répétée", entry.key));
        }
    }
    found
}

/// What a French reader would mend.
fn typography(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.contains('\'') {
        found.push("apostrophe droite : écrivez ’".to_owned());
    }
    if text.contains('"') {
        found.push("guillemets droits : écrivez « »".to_owned());
    }
    if text.matches('«').count() != text.matches('»').count() {
        found.push("guillemets non fermés".to_owned());
    }
    if text.trim() != text || text.contains("  ") {
        found.push("espaces en trop".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_clean() {
        let report = lint();
        assert_eq!(report.problems, Vec::<String>::new());
        assert_eq!(report.demos[0].entries, 150);
    }

    #[test]
    fn problems_are_named() {
        let text = crate::demo::SHIPPED[0].1.replace("typist = \"lenoir\"", "typist = \"personne\"").replace('’', "'");
        let found = crate::demo::parse(&text).map(|demo| problems("essai", &demo)).unwrap_or_default();
        assert!(found.iter().any(|p| p.contains("« personne » n’est pas une personne")));
        assert!(found.iter().any(|p| p.contains("apostrophe droite")));
    }
}
