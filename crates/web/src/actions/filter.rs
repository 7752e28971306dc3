//! Which actions a list shows, in which order, in the words of its address.

use super::PATH;
use crate::search::fold::fold_into;
use crate::session::percent;
use domain::actions::event::{OriginKind, Status};
use domain::actions::{Action, sort};
use domain::register::day::Day;
use serde::Deserialize;

/// In the filter of states: all of them.
pub(super) const ALL: &str = "tout";
/// In the filter of owners: nobody.
pub(super) const NOBODY: &str = "-";

/// How the list is asked for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A state; empty: what is still to be done; [`ALL`].
    pub(super) statut: String,
    /// 1 to 3.
    pub(super) priorite: String,
    /// 1 to 3.
    pub(super) complexite: String,
    /// A board’s id.
    pub(super) instance: String,
    /// A kind of origin.
    pub(super) origine: String,
    /// What finds an origin again: an exercise, with or without one of its findings.
    pub(super) de: String,
    /// An owner, or [`NOBODY`].
    pub(super) pilote: String,
    /// `1`: only what is late.
    pub(super) retard: String,
    /// A column, after a minus sign when from the end; empty: the default order.
    pub(super) tri: String,
    pub(super) page: String,
}

impl Asked {
    /// Whether anything but the state is filtered.
    pub(super) fn narrows(&self) -> bool {
        [&self.priorite, &self.complexite, &self.instance, &self.origine, &self.de, &self.pilote, &self.retard]
            .iter()
            .any(|text| !text.is_empty())
    }

    /// The address of the same list, sorted otherwise or at another page.
    pub(super) fn address(&self, tri: &str, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let pairs = [
            ("statut", self.statut.as_str()),
            ("priorite", &self.priorite),
            ("complexite", &self.complexite),
            ("instance", &self.instance),
            ("origine", &self.origine),
            ("de", &self.de),
            ("pilote", &self.pilote),
            ("retard", &self.retard),
            ("tri", tri),
            ("page", &page),
        ];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", percent(value))).collect();
        if query.is_empty() { format!("{PATH}#liste") } else { format!("{PATH}?{}#liste", query.join("&")) }
    }

    fn keeps(&self, action: &Action, today: Day) -> bool {
        let set = action.now();
        let status = match self.statut.as_str() {
            "" => set.status.is_open(),
            ALL => true,
            name => Status::from_name(name).is_none_or(|status| status == set.status),
        };
        let level = |asked: &str, level: u8| asked.is_empty() || asked.parse() == Ok(level);
        let owner = match self.pilote.as_str() {
            "" => true,
            NOBODY => set.owner.trim().is_empty(),
            name => set.owner == name,
        };
        status
            && level(&self.priorite, set.priority)
            && level(&self.complexite, set.complexity)
            && owner
            && (self.de.is_empty() || set.origin.comes_from(&self.de))
            && (self.retard != "1" || action.is_late(today))
            && (self.instance.is_empty() || set.boards.iter().any(|id| id.to_string() == self.instance))
            && OriginKind::from_name(&self.origine).is_none_or(|kind| kind == set.origin.kind)
    }

    /// What it shows of some actions, sorted.
    pub(super) fn apply<'a>(&self, actions: &[&'a Action], today: Day) -> Vec<&'a Action> {
        let mut kept: Vec<&Action> = actions.iter().copied().filter(|action| self.keeps(action, today)).collect();
        sort(&mut kept);
        let (column, backwards) = self.tri.strip_prefix('-').map_or((self.tri.as_str(), false), |column| (column, true));
        match column {
            "numero" => kept.sort_by_key(|action| action.number),
            "action" => kept.sort_by_cached_key(|action| folded(&action.now().title)),
            // Nobody, and no date, come last.
            "pilote" => kept.sort_by_cached_key(|action| (action.now().owner.is_empty(), folded(&action.now().owner))),
            "echeance" => kept.sort_by_key(|action| (action.now().due.is_none(), action.now().due)),
            "avancement" => kept.sort_by_key(|action| action.now().progress),
            "etat" => kept.sort_by_key(|action| action.now().status),
            _ => return kept,
        }
        if backwards {
            kept.reverse();
        }
        kept
    }
}

fn folded(text: &str) -> String {
    let mut out = String::new();
    fold_into(text, &mut out);
    out
}
