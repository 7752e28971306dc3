//! The reference actions: provenance and words, then levels, delays, and what an action of the plan can hold.

use super::items::{Findings, Item, SENTENCE_CHARS_MAX};
use crate::actions::Action;
use domain::actions::LEVEL_MAX;
use domain::crisis::check::LABEL_CHARS_MAX;
use domain::register::check::NAME_CHARS_MAX;

/// A delay beyond this is a wish.
const DELAY_DAYS_MAX: u16 = 730;

pub(super) fn lint(findings: &mut Findings, text: &str) {
    let file = "actions";
    let actions = findings.file(file, text, |action: &Action| Item {
        key: &action.key,
        source: &action.source,
        edition: &action.edition,
        status: Some(action.status),
        texts: vec![
            ("title", action.title.as_str(), NAME_CHARS_MAX),
            ("detail", action.detail.as_str(), SENTENCE_CHARS_MAX),
            ("proof", action.proof.as_str(), LABEL_CHARS_MAX),
        ],
        kinds: Vec::new(),
    });
    for action in &actions {
        let levels = 1..=LEVEL_MAX;
        if !levels.contains(&action.complexity) || !levels.contains(&action.priority) {
            findings.say(file, &action.key, format_args!("complexité et priorité vont de 1 à {LEVEL_MAX}"));
        }
        if !(1..=DELAY_DAYS_MAX).contains(&action.delay_days) {
            findings.say(file, &action.key, format_args!("le délai va de 1 à {DELAY_DAYS_MAX} jours"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::{FILE, all};
    use domain::actions::{complexity_letters, priority_letters};
    use domain::register::day::Day;

    #[test]
    fn the_ten_actions_are_there_with_their_levels() {
        let levels: Vec<(&str, &str, &str)> =
            all().iter().map(|a| (a.key.as_str(), complexity_letters(a.complexity), priority_letters(a.priority))).collect();
        let expected = [
            ("rtx_01", "XX", "AAA"),
            ("rtx_02", "X", "AAA"),
            ("rtx_03", "XX", "AA"),
            ("rtx_04", "X", "A"),
            ("rtx_05", "XXX", "AAA"),
            ("rtx_06", "X", "AA"),
            ("rtx_07", "XXX", "AAA"),
            ("rtx_08", "XXX", "AA"),
            ("rtx_09", "XX", "AAA"),
            ("rtx_10", "XXX", "AA"),
        ];
        assert_eq!(levels, expected);
        let adopted = all()[1].adopted(Day::of_ms(0));
        assert_eq!(adopted.due.map(|due| due.to_string()).as_deref(), Some("1970-03-02"));
        assert!(adopted.detail.contains("C’est fait quand : chaque mesure porte"), "{}", adopted.detail);
    }

    #[test]
    fn a_bad_action_is_named() {
        for (good, bad, fault) in [
            ("complexity = 2", "complexity = 4", "vont de 1 à 3"),
            ("delay_days = 90", "delay_days = 0", "le délai va de 1"),
            ("key = \"rtx_02\"", "key = \"rtx_01\"", "clé répétée"),
            ("status = \"à confirmer\"", "status = \"sûr\"", "unknown variant"),
            ("edition = \"2026-11-30\"", "edition = \"bientôt\"", "date d’édition"),
            ("source = \"Rédaction", "source = \"\" # \"Rédaction", "la source ou le statut manque"),
            ("proof = \"La mallette", "proof = \"\" # \"La mallette", "texte vide"),
            ("priority = 3\n", "", "missing field"),
        ] {
            assert!(FILE.contains(good), "nothing to spoil: {good}");
            let mut findings = Findings::default();
            lint(&mut findings, &FILE.replacen(good, bad, 1));
            let told = findings.problems.join("\n");
            assert!(told.contains(fault), "{bad}: {told}");
        }
    }
}
