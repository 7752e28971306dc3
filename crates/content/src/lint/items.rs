//! Clocks, checklists, functions, partners and the rest: each item on its own, then what they say of each other.

use super::words::typography;
use super::{ItemCount, actions, archetypes};
use crate::shipped::{KINDS, Line, Status, entries};
use crate::{checklists, clocks, complaint, functions, partners, placeholders, points, tree, urgence};
use domain::crisis::check::{LABEL_CHARS_MAX, TEXT_CHARS_MAX};
use domain::legal::check::DECLARATION_CHARS_MAX;
use domain::legal::event::Starts;
use domain::register::check::NAME_CHARS_MAX;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Most characters of a gesture: two lines on a phone held at arm's length.
const GESTURE_CHARS_MAX: usize = 120;
/// Most characters of a sentence that explains.
pub(super) const SENTENCE_CHARS_MAX: usize = 320;
/// Fewest and most gestures of a checklist: beyond, nobody reads to the end.
const GESTURES: std::ops::RangeInclusive<usize> = 7..=14;
/// Questions of a complaint file.
const COMPLAINT_QUESTIONS: usize = 9;

/// For files whose items concern every kind of establishment.
const NO_KINDS: &[String] = &[];

/// What the linter reads of any item.
pub(super) struct Item<'a> {
    pub(super) key: &'a str,
    pub(super) source: &'a str,
    pub(super) edition: &'a str,
    pub(super) status: Option<Status>,
    /// Each text with its name and its longest length in characters.
    pub(super) texts: Vec<(&'static str, &'a str, usize)>,
    pub(super) kinds: Vec<&'a str>,
}

/// What is wrong, file by file.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) problems: Vec<String>,
    pub(super) counts: Vec<ItemCount>,
}

impl Findings {
    pub(super) fn say(&mut self, file: &str, key: &str, what: impl std::fmt::Display) {
        self.problems.push(format!("{file}, {key} : {what}"));
    }

    /// Reads a file of `[[entry]]` items and checks each.
    pub(super) fn file<T: DeserializeOwned>(&mut self, file: &'static str, text: &str, view: impl Fn(&T) -> Item<'_>) -> Vec<T> {
        let read = entries::<T>(text).unwrap_or_else(|why| {
            self.say(file, "lecture", why);
            Vec::new()
        });
        let items: Vec<Item<'_>> = read.iter().map(view).collect();
        self.items(file, &items);
        read
    }

    /// Checks the items of a file: provenance, words, names.
    pub(super) fn items(&mut self, file: &'static str, items: &[Item<'_>]) {
        let mut keys = BTreeSet::new();
        for item in items {
            if !keys.insert(item.key) {
                self.say(file, item.key, "clé répétée");
            }
            self.item(file, item);
        }
        let to_confirm = items.iter().filter(|item| item.status == Some(Status::ToConfirm)).count();
        self.counts.push(ItemCount { id: file.to_owned(), items: items.len(), to_confirm });
    }

    fn item(&mut self, file: &str, item: &Item<'_>) {
        self.name(file, item.key);
        if item.source.trim().is_empty() || item.status.is_none() {
            self.say(file, item.key, "la source ou le statut manque");
        }
        if item.edition.parse::<Date>().is_err() {
            self.say(file, item.key, "la date d’édition n’est pas une date");
        }
        for kind in item.kinds.iter().filter(|kind| !KINDS.contains(kind)) {
            self.say(file, item.key, format_args!("« {kind} » n’est pas un type d’établissement"));
        }
        for (field, text, chars_max) in &item.texts {
            self.text(file, &format!("{}, {field}", item.key), text, *chars_max);
        }
    }

    pub(super) fn name(&mut self, file: &str, key: &str) {
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            self.say(file, key, "une clé s’écrit en minuscules sans accent");
        }
    }

    pub(super) fn text(&mut self, file: &str, key: &str, text: &str, chars_max: usize) {
        if text.trim().is_empty() {
            self.say(file, key, "texte vide");
        }
        if text.chars().count() > chars_max {
            self.say(file, key, format_args!("plus de {chars_max} caractères"));
        }
        for what in typography(text) {
            self.say(file, key, what);
        }
        for name in placeholders::names(text).into_iter().filter(|name| !placeholders::NAMES.contains(name)) {
            self.say(file, key, format_args!("« {{{name}}} » n’est pas connu"));
        }
    }

    fn lines(&mut self, file: &str, key: &str, lines: &[Line]) {
        let mut keys = BTreeSet::new();
        for line in lines {
            let place = format!("{key}, {}", line.key);
            self.name(file, &line.key);
            self.text(file, &place, &line.text, GESTURE_CHARS_MAX);
            if !keys.insert(line.key.as_str()) {
                self.say(file, &place, "clé répétée");
            }
        }
    }

    pub(super) fn known(&mut self, file: &str, key: &str, named: &str, known: &BTreeSet<String>) {
        if !known.contains(named) {
            self.say(file, key, format_args!("« {named} » n’existe pas"));
        }
    }
}

/// Makes the linter's view of an item that has the usual fields.
macro_rules! view {
    ($item:expr, $kinds:expr, [$($field:ident / $max:expr),+]) => {
        Item {
            key: &$item.key,
            source: &$item.source,
            edition: &$item.edition,
            status: Some($item.status),
            texts: vec![$((stringify!($field), $item.$field.as_str(), $max)),+],
            kinds: $kinds.iter().map(String::as_str).collect(),
        }
    };
}

/// What every shipped data file holds but the demonstrations, and what is wrong with it.
pub(super) fn lint() -> (Vec<ItemCount>, Vec<String>) {
    let mut findings = Findings::default();
    let functions = findings.file("functions", functions::FILE, |f: &functions::Function| {
        view!(f, f.kinds, [label / NAME_CHARS_MAX, mission / SENTENCE_CHARS_MAX, source / LABEL_CHARS_MAX])
    });
    let partners = findings.file("partners", partners::FILE, |p: &partners::Partner| {
        let long = SENTENCE_CHARS_MAX;
        view!(p, p.kinds, [name / NAME_CHARS_MAX, family / NAME_CHARS_MAX, why / long, when_to_call / long, hint / long])
    });
    let functions: BTreeSet<String> = functions.into_iter().map(|f| f.key).collect();
    let partners: BTreeSet<String> = partners.into_iter().map(|p| p.key).collect();
    clocks_file(&mut findings, clocks::FILE, &functions, &partners);
    checklists_file(&mut findings, checklists::FILE, &functions);
    let points = findings.file("points", points::FILE, |p: &points::Point| {
        view!(p, NO_KINDS, [title / LABEL_CHARS_MAX, when / SENTENCE_CHARS_MAX, template / DECLARATION_CHARS_MAX])
    });
    points.iter().for_each(|p| findings.known("points", &p.key, &p.partner, &partners));
    urgence_file(&mut findings, urgence::FILE, &functions, &partners);
    archetypes::lint(&mut findings);
    actions::lint(&mut findings, crate::actions::FILE);
    tree_file(&mut findings, tree::FILE);
    complaint_file(&mut findings, complaint::FILE);
    (findings.counts, findings.problems)
}

fn clocks_file(findings: &mut Findings, text: &str, functions: &BTreeSet<String>, partners: &BTreeSet<String>) {
    let file = "clocks";
    let clocks = findings.file(file, text, |c: &clocks::Clock| {
        let (label, long) = (LABEL_CHARS_MAX, SENTENCE_CHARS_MAX);
        view!(
            c,
            c.kinds,
            [
                title / label,
                what / long,
                whom / label,
                contact / label,
                delay_words / label,
                basis / label,
                template / DECLARATION_CHARS_MAX
            ]
        )
    });
    let keys: BTreeSet<String> = clocks.iter().map(|c| c.key.clone()).collect();
    for clock in &clocks {
        findings.known(file, &clock.key, &clock.who, functions);
        if !clock.partner.is_empty() {
            findings.known(file, &clock.key, &clock.partner, partners);
        }
        if let Starts::After(other) = &clock.starts {
            findings.known(file, &clock.key, other, &keys);
        }
        if !clock.concerns.is_empty() {
            findings.text(file, &clock.key, &clock.concerns, LABEL_CHARS_MAX);
        }
    }
}

fn checklists_file(findings: &mut Findings, text: &str, functions: &BTreeSet<String>) {
    let file = "checklists";
    let lists = findings
        .file(file, text, |l: &checklists::Checklist| view!(l, l.kinds, [title / LABEL_CHARS_MAX, moment / NAME_CHARS_MAX]));
    for list in &lists {
        findings.known(file, &list.key, &list.function, functions);
        findings.lines(file, &list.key, &list.items);
        if !GESTURES.contains(&list.items.len()) {
            let (least, most) = (GESTURES.start(), GESTURES.end());
            findings.say(file, &list.key, format_args!("{} gestes : il en faut de {least} à {most}", list.items.len()));
        }
    }
}

fn urgence_file(findings: &mut Findings, text: &str, functions: &BTreeSet<String>, partners: &BTreeSet<String>) {
    let file = "urgence";
    let sheets =
        findings.file(file, text, |s: &urgence::Sheet| view!(s, s.kinds, [title / LABEL_CHARS_MAX, intro / SENTENCE_CHARS_MAX]));
    let callable: BTreeSet<String> = functions.union(partners).cloned().collect();
    for sheet in &sheets {
        let mut keys = BTreeSet::new();
        for section in &sheet.sections {
            let place = format!("{}, {}", sheet.key, section.key);
            findings.text(file, &place, &section.title, NAME_CHARS_MAX);
            findings.lines(file, &place, &section.gestures);
            section.call.iter().for_each(|named| findings.known(file, &place, named, &callable));
            if !keys.insert(section.key.as_str()) {
                findings.say(file, &place, "clé répétée");
            }
        }
    }
}

fn tree_file(findings: &mut Findings, text: &str) {
    let file = "tree";
    let tree = match tree::parse(text) {
        Ok(tree) => tree,
        Err(why) => return findings.say(file, "lecture", why),
    };
    let texts = vec![("title", tree.title.as_str(), LABEL_CHARS_MAX), ("intro", tree.intro.as_str(), SENTENCE_CHARS_MAX)];
    let (source, edition) = (tree.source.as_str(), tree.edition.as_str());
    findings.items(file, &[Item { key: "arbre", source, edition, status: tree.status, texts, kinds: Vec::new() }]);
    let mut steps: BTreeSet<String> = BTreeSet::new();
    for key in tree.node.iter().map(|n| &n.key).chain(tree.outcome.iter().map(|o| &o.key)) {
        if !steps.insert(key.clone()) {
            findings.say(file, key, "clé répétée");
        }
    }
    let mut reached: BTreeSet<&str> = BTreeSet::from([tree.first.as_str()]);
    for node in &tree.node {
        findings.text(file, &node.key, &node.question, LABEL_CHARS_MAX);
        findings.text(file, &node.key, &node.help, SENTENCE_CHARS_MAX);
        for next in [&node.yes, &node.no, &node.unsure] {
            findings.known(file, &node.key, next, &steps);
            reached.insert(next);
        }
    }
    for outcome in &tree.outcome {
        findings.text(file, &outcome.key, &outcome.sentence, LABEL_CHARS_MAX);
        findings.lines(file, &outcome.key, &outcome.gestures);
    }
    findings.known(file, "first", &tree.first, &steps);
    steps.iter().filter(|key| !reached.contains(key.as_str())).for_each(|key| findings.say(file, key, "rien n’y mène"));
}

fn complaint_file(findings: &mut Findings, text: &str) {
    let file = "complaint";
    let complaint = match complaint::parse(text) {
        Ok(complaint) => complaint,
        Err(why) => return findings.say(file, "lecture", why),
    };
    let texts = vec![("intro", complaint.intro.as_str(), TEXT_CHARS_MAX)];
    let (source, edition) = (complaint.source.as_str(), complaint.edition.as_str());
    findings.items(file, &[Item { key: "plainte", source, edition, status: complaint.status, texts, kinds: Vec::new() }]);
    if complaint.question.len() != COMPLAINT_QUESTIONS {
        findings.say(file, "question", format_args!("il en faut {COMPLAINT_QUESTIONS}"));
    }
    for question in &complaint.question {
        findings.text(file, &question.key, &question.text, LABEL_CHARS_MAX);
        findings.text(file, &question.key, &question.help, SENTENCE_CHARS_MAX);
    }
    for way in &complaint.way {
        findings.text(file, &way.key, &way.title, NAME_CHARS_MAX);
        findings.text(file, &way.key, &way.text, SENTENCE_CHARS_MAX);
    }
    findings.lines(file, "evidence", &complaint.evidence);
    findings.lines(file, "reason", &complaint.reason);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the linter says of a file after something in it was spoilt.
    fn said(check: impl Fn(&mut Findings, &str), text: &str, good: &str, bad: &str) -> String {
        assert!(text.contains(good), "nothing to spoil: {good}");
        let mut findings = Findings::default();
        check(&mut findings, &text.replacen(good, bad, 1));
        findings.problems.join("\n")
    }

    fn keys(text: &str) -> BTreeSet<String> {
        text.lines().filter_map(|l| l.strip_prefix("key = \"")?.strip_suffix('"')).map(str::to_owned).collect()
    }

    #[test]
    fn a_bad_clock_is_named() {
        let (functions, partners) = (keys(functions::FILE), keys(partners::FILE));
        let check = |f: &mut Findings, t: &str| clocks_file(f, t, &functions, &partners);
        for (good, bad, fault) in [
            ("who = \"dpo\"", "who = \"personne\"", "« personne » n’existe pas"),
            ("after = \"nis2_notification\"", "after = \"rien\"", "« rien » n’existe pas"),
            ("starts = \"known\"", "starts = \"demain\"", "unknown variant"),
            ("partner = \"cnil\"", "partner = \"cnl\"", "« cnl » n’existe pas"),
            ("{connu}", "{connue}", "« {connue} » n’est pas connu"),
            ("edition = \"2026-11-22\"", "edition = \"bientôt\"", "date d’édition"),
            ("source = \"RGPD, article 33\"", "source = \"\"", "la source ou le statut manque"),
            ("status = \"vérifié\"", "status = \"sûr\"", "unknown variant"),
            ("key = \"cnil\"", "key = \"ars\"", "clé répétée"),
            ("kinds = [\"ch\"", "kinds = [\"hopital\"", "n’est pas un type d’établissement"),
            ("{ hours = 72 }", "{ days = 3 }", "unknown variant"),
        ] {
            assert!(said(check, clocks::FILE, good, bad).contains(fault), "{bad}: {}", said(check, clocks::FILE, good, bad));
        }
    }

    #[test]
    fn a_bad_checklist_is_named() {
        let functions = keys(functions::FILE);
        let check = |f: &mut Findings, t: &str| checklists_file(f, t, &functions);
        let long = format!("text = \"{}", "mot ".repeat(60));
        for (good, bad, fault) in [
            ("function = \"dpo\"", "function = \"délégué\"", "« délégué » n’existe pas"),
            ("key = \"ouvrir\"", "key = \"Ouvrir\"", "en minuscules"),
            ("text = \"", long.as_str(), "plus de 120 caractères"),
            ("items = [\n", "items = []\nautre = [\n", "unknown field"),
        ] {
            let told = said(check, checklists::FILE, good, bad);
            assert!(told.contains(fault), "{bad}: {told}");
        }
    }

    #[test]
    fn a_bad_tree_sheet_or_complaint_is_named() {
        let (functions, partners) = (keys(functions::FILE), keys(partners::FILE));
        let told = said(tree_file, tree::FILE, "unsure = \"fichiers\"", "unsure = \"ailleurs\"");
        assert!(told.contains("« ailleurs » n’existe pas"), "{told}");
        let told = said(tree_file, tree::FILE, "first = \"rancon\"", "first = \"fichiers\"");
        assert!(told.contains("tree, rancon : rien n’y mène"), "{told}");
        let urgence = |f: &mut Findings, t: &str| urgence_file(f, t, &functions, &partners);
        let told = said(urgence, urgence::FILE, "call = [\"pharmacien\"]", "call = [\"voisine\"]");
        assert!(told.contains("« voisine » n’existe pas"), "{told}");
        let told = said(
            complaint_file,
            complaint::FILE,
            "question = [\n",
            "question = [\n{ key = \"x\", text = \"Quoi ?\", help = \"Rien.\" },\n",
        );
        assert!(told.contains("il en faut 9"), "{told}");
    }
}
