//! The linter: counts what ships and names what is wrong with it.

mod actions;
mod archetypes;
mod demos;
mod items;
mod kits;
mod words;

use crate::demo;
use serde::Serialize;

/// What ships, and what is wrong with it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Exercise kits.
    pub kits: Vec<Kit>,
    /// Frameworks.
    pub frameworks: Vec<Framework>,
    /// Degraded-mode sheets.
    pub sheets: usize,
    /// What a crisis takes over: clocks, checklists, functions, partners…
    pub items: Vec<ItemCount>,
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

/// How many items a data file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemCount {
    /// The file, without its ending.
    pub id: String,
    /// Its items.
    pub items: usize,
    /// Those still « à confirmer ».
    pub to_confirm: usize,
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
    /// Its other events.
    pub acts: usize,
}

/// Checks everything that ships.
pub fn lint() -> Report {
    let mut report = Report { facts: domain::facts::all().count(), ..Report::default() };
    let (items, mut problems) = items::lint();
    report.items = items;
    let mut findings = items::Findings::default();
    report.kits = kits::lint(&mut findings);
    report.items.extend(findings.counts);
    problems.extend(findings.problems);
    for (id, text) in demo::SHIPPED {
        match demo::parse(text) {
            Ok(demo) => {
                problems.extend(demos::problems(id, &demo));
                let (people, entries, acts) = (demo.people.len(), demo.entries.len(), demo.acts.len());
                report.demos.push(DemoCount { id: id.to_owned(), people, entries, acts });
            }
            Err(why) => problems.push(format!("{id} : {why}")),
        }
    }
    for (id, text) in demo::exercise::SHIPPED {
        match demo::exercise::parse(text).and_then(|one| Ok((demo::load(&one.demo)?, one))) {
            Ok((mut demo, one)) => {
                (demo.entries, demo.acts) = (one.entries, one.acts);
                demo.acts.extend(one.after);
                problems.extend(demos::problems(id, &demo));
            }
            Err(why) => problems.push(format!("{id} : {why}")),
        }
    }
    report.warnings = problems.len();
    report.problems = problems;
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_clean() {
        let report = lint();
        assert_eq!(report.problems, Vec::<String>::new());
        assert_eq!(report.demos[0].entries, 150);
        assert!(report.items.iter().all(|file| file.items > 0), "{:?}", report.items);
    }
}
