//! A need in one short line, as archetypes and demonstrations write it.
//!
//! `dpi` is the plain need: without it one stops at once. `dpi ~ 4 h` holds four hours in degraded mode, `dpi ~` goes on
//! degraded without a known limit. `a | b` takes either, `2/ a | b | c` takes two at least. `> grappe` is hosted on it.
//! Words after a colon say why, and follow the name of who needs: `dpi ~ 4 h : prescrit dans`.

use domain::cartography::need::{Need, Relation};
use journal::SubjectId;
use serde::Deserialize;

/// A delay as written: `30 min`, `4 h`, `3 j`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Delay {
    /// In minutes.
    pub minutes: u32,
}

/// A need, what is needed being named by keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Wanted {
    /// Keys of what is needed; several stand in for each other.
    pub any: Vec<String>,
    /// How many of them are enough at the least.
    pub at_least: u32,
    /// How long one holds without, in minutes.
    pub holds_minutes: Option<u32>,
    /// Without it one is degraded and does not stop, unless `holds_minutes` says when.
    pub degrades: bool,
    /// Needed, or hosted on.
    pub relation: Relation,
    /// Why, or empty.
    pub why: String,
}

impl TryFrom<String> for Delay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("« {text} » n’est pas une durée : 30 min, 4 h ou 3 j");
        let (count, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let factor = match unit {
            "min" => 1,
            "h" => 60,
            "j" => 24 * 60,
            _ => return Err(wrong()),
        };
        let minutes = count.parse::<u32>().ok().and_then(|count| count.checked_mul(factor)).ok_or_else(wrong)?;
        Ok(Self { minutes })
    }
}

impl TryFrom<String> for Wanted {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (link, why) = text.split_once(" : ").unwrap_or((&text, ""));
        let (link, relation) = match link.strip_prefix("> ") {
            Some(link) => (link, Relation::HostedOn),
            None => (link, Relation::Needs),
        };
        let (link, holds) = link.split_once('~').map_or((link, None), |(link, holds)| (link, Some(holds.trim())));
        let holds_minutes = match holds {
            None | Some("") => None,
            Some(delay) => Some(Delay::try_from(delay.to_owned())?.minutes),
        };
        let (at_least, link) = match link.split_once('/') {
            Some((count, link)) => (count.trim().parse().map_err(|_| format!("« {text} » : combien au moins ?"))?, link),
            None => (1, link),
        };
        let any: Vec<String> = link.split('|').map(|key| key.trim().to_owned()).collect();
        if any.iter().any(|key| key.is_empty() || key.contains(' ')) {
            return Err(format!("« {text} » n’est pas un besoin"));
        }
        Ok(Self { any, at_least, holds_minutes, degrades: holds.is_some(), relation, why: why.to_owned() })
    }
}

impl Wanted {
    /// The need, as far as `id` knows what it names; `None` when it knows nothing of it. What is not known is left out, and
    /// no more is asked for than what remains.
    pub fn linked(&self, id: impl Fn(&str) -> Option<SubjectId>) -> Option<Need> {
        let any: Vec<SubjectId> = self.any.iter().filter_map(|key| id(key)).collect();
        let count = u32::try_from(any.len()).ok().filter(|count| *count > 0)?;
        let (holds_minutes, degrades) = (self.holds_minutes, self.degrades);
        let (relation, why) = (self.relation, self.why.clone());
        Some(Need { any, at_least: self.at_least.min(count), holds_minutes, degrades, relation, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Result<Wanted, String> {
        Wanted::try_from(text.to_owned())
    }

    #[test]
    fn a_short_line_says_a_whole_need() {
        let full = wanted("> 2/ a | b | c ~ 4 h : est hébergé par").expect("read");
        assert_eq!((full.any, full.at_least, full.holds_minutes), (vec!["a".into(), "b".into(), "c".into()], 2, Some(240)));
        assert_eq!((full.relation, full.why.as_str()), (Relation::HostedOn, "est hébergé par"));
        let plain = wanted("dpi").expect("read");
        assert_eq!((plain.at_least, plain.degrades, plain.holds_minutes), (1, false, None));
        let degraded = wanted("dpi ~ : reçoit par").expect("read");
        assert!(degraded.degrades && degraded.holds_minutes.is_none() && degraded.why == "reçoit par");
    }

    #[test]
    fn what_is_not_a_need_is_refused() {
        for text in ["", "a |", "x/ a", "a b", "a ~ bientôt", "a ~ 4", "a ~ 99999999 j"] {
            assert!(wanted(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_refused_is_left_out_of_needs() {
        let id = |key: &str| (key != "b").then_some(SubjectId([1; 16]));
        let two = wanted("2/ a | b").expect("read").linked(id).expect("one remains");
        assert_eq!((two.any.len(), two.at_least), (1, 1));
        assert_eq!(wanted("b").expect("read").linked(id), None);
    }
}
