//! What the impact analysis says, in words: the meaning of each level, and the gap with the declared DMIA.

use crate::cartography::duration;
use domain::cartography::event::review::{BiaSet, Criterion, HARM_LEVELS, Horizon};

/// What each level means for each criterion: a scale that this program proposes, worst last. An establishment that has its own
/// writes it in the notes.
pub(super) const MEANINGS: [(Criterion, [&str; 5]); 4] = [
    (
        Criterion::Care,
        [
            "aucun effet sur les soins",
            "inconfort ou attente, sans conséquence",
            "soins reportés, surveillance renforcée",
            "perte de chance, transferts de patients",
            "décès ou séquelles possibles",
        ],
    ),
    (
        Criterion::Legal,
        [
            "aucune obligation manquée",
            "retard que l’on régularise",
            "manquement à signaler à une autorité",
            "mise en demeure, sanction ou contentieux probables",
            "responsabilité pénale, autorisation menacée",
        ],
    ),
    (
        Criterion::Financial,
        [
            "aucune perte",
            "perte absorbée par le service",
            "perte absorbée par l’établissement",
            "budget de l’année compromis",
            "paie ou trésorerie compromises",
        ],
    ),
    (
        Criterion::Image,
        [
            "rien ne se voit",
            "plaintes isolées",
            "presse locale, inquiétude des patients",
            "presse nationale, patients qui se détournent",
            "confiance perdue durablement",
        ],
    ),
];

/// Cells of an analysis: criteria by horizons.
pub(super) const CELLS: usize = Criterion::ALL.len() * Horizon::ALL.len();

/// How many cells were judged.
pub(super) fn judged(bia: &BiaSet) -> usize {
    let cells = Criterion::ALL.into_iter().flat_map(|c| Horizon::ALL.into_iter().map(move |h| (c, h)));
    cells.filter(|(criterion, horizon)| bia.level(*criterion, *horizon).is_some()).count()
}

/// The word of a level.
pub(super) fn level(level: u8) -> &'static str {
    HARM_LEVELS.get(usize::from(level)).copied().unwrap_or_default()
}

/// Cells nobody judged for an interruption shorter than this one: harm may come sooner than the bound says.
fn unjudged_before(bia: &BiaSet, bound: Horizon) -> usize {
    let shorter = Horizon::ALL.into_iter().filter(|horizon| *horizon < bound);
    shorter.map(|horizon| Criterion::ALL.into_iter().filter(|c| bia.level(*c, horizon).is_none()).count()).sum()
}

/// Where the declared DMIA stands beside what was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    /// Class of the mark.
    pub(super) class: &'static str,
    /// In words.
    pub(super) words: String,
    /// Whether the declared DMIA is longer than harm allows, or missing although harm is known.
    pub(super) open: bool,
}

impl Gap {
    fn new(class: &'static str, words: String, open: bool) -> Self {
        Self { class, words, open }
    }

    /// Of an activity that declares so much, judged so.
    pub(super) fn of(declared: Option<u32>, bia: Option<&BiaSet>) -> Self {
        let Some(bia) = bia.filter(|bia| judged(bia) > 0) else { return Self::new("unknown", "à juger".to_owned(), false) };
        let Some(bound) = bia.bound() else { return Self::none(declared, CELLS - judged(bia)) };
        let missing = unjudged_before(bia, bound);
        let word = level(bia.worst(bound).unwrap_or_default());
        // Harm that nobody judged sooner may come sooner: never reassure by default.
        let harm = match missing {
            0 => format!("dommage {word} dès {}", bound.label()),
            _ => format!("dommage {word} à {} au plus tard", bound.label()),
        };
        match declared {
            None => Self::new("warn", format!("DMIA non déclarée, {harm}"), true),
            Some(minutes) if minutes > bound.minutes() => {
                Self::new("down", format!("DMIA déclarée {}, {harm}", duration(minutes)), true)
            }
            Some(_) if missing > 0 => Self::new("unknown", format!("{harm} : {} avant", cells(missing)), false),
            Some(_) => Self::new("ok", format!("cohérente : {harm}"), false),
        }
    }

    fn none(declared: Option<u32>, missing: usize) -> Self {
        let last = Horizon::Month.label();
        match (missing, declared) {
            (0, Some(_)) => Self::new("ok", format!("aucun dommage grave à {last}"), false),
            (0, None) => Self::new("unknown", format!("aucun dommage grave à {last}, DMIA non déclarée"), false),
            (missing, _) => Self::new("unknown", format!("aucun dommage grave jugé : {}", cells(missing)), false),
        }
    }
}

/// A number stays with its unit: « 1 semaine », « 4 h ».
pub(super) fn tied(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_digit = false;
    for c in text.chars() {
        out.push(if c == ' ' && after_digit { '\u{a0}' } else { c });
        after_digit = c.is_ascii_digit();
    }
    out
}

/// `3 cases non jugées`.
fn cells(missing: usize) -> String {
    crate::today::plural(missing as u64, "case non jugée", "cases non jugées")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cartography::event::review::Harm;

    fn bia(levels: [Option<u8>; 6]) -> BiaSet {
        let mut harms = Vec::new();
        for criterion in Criterion::ALL {
            for (horizon, level) in Horizon::ALL.into_iter().zip(levels) {
                harms.extend(level.map(|level| Harm { criterion, horizon, level }));
            }
        }
        BiaSet { harms, ..BiaSet::default() }
    }

    #[test]
    fn the_gap_is_said_and_what_nobody_judged_never_reassures() {
        let full = bia([Some(1), Some(3), Some(3), Some(4), Some(4), Some(4)]);
        let gap = |declared, bia: &BiaSet| Gap::of(declared, Some(bia));
        assert_eq!(gap(Some(1_440), &full).words, "DMIA déclarée 24 h, dommage grave dès 4 h");
        assert!(gap(Some(1_440), &full).open && gap(None, &full).open && !gap(Some(240), &full).open);
        assert_eq!((gap(Some(240), &full).class, gap(Some(120), &full).class), ("ok", "ok"));
        assert_eq!(gap(None, &full).words, "DMIA non déclarée, dommage grave dès 4 h");
        let partly = bia([None, None, None, Some(4), None, None]);
        assert_eq!(gap(Some(60), &partly).words, "dommage critique à 72 h au plus tard : 12 cases non jugées avant");
        assert_eq!(gap(Some(60), &partly).class, "unknown");
        let light = bia([Some(0), None, None, None, None, None]);
        assert_eq!(gap(Some(60), &light).words, "aucun dommage grave jugé : 20 cases non jugées");
        assert_eq!(gap(Some(60), &bia([Some(2); 6])).class, "ok");
        assert_eq!(Gap::of(Some(60), None).words, "à juger");
        assert_eq!(Gap::of(Some(60), Some(&BiaSet::default())).words, "à juger");
    }
}
