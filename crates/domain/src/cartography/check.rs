//! May this be recorded on the map, now, by this author?

use super::event::{ActivitySet, ApplicationSet, Removed};
use super::{Activity, Application, Node};
use crate::capability::{Asked, Checked};
use crate::crisis::check::LABEL_CHARS_MAX;
use crate::refusal::{Refusal, text_within};
use crate::register::check::NAME_CHARS_MAX;
use crate::versions::rewritten;

/// Most activities, and most applications, ever described in one journal.
pub const NODES_MAX: usize = 5_000;
/// Most applications one activity needs.
pub const NEEDS_MAX: usize = 100;
/// Longest tolerable interruption that means anything: a year, in minutes.
pub const MTPD_MINUTES_MAX: u32 = 366 * 24 * 60;

fn room(known: bool, count: usize) -> Result<(), Refusal> {
    if known || count < NODES_MAX {
        return Ok(());
    }
    Err(Refusal::new("too_many_nodes", format!("La carte compte {NODES_MAX} éléments de chaque sorte au plus.")))
}

/// A name that another one bears already leads to errors at night.
fn unnamed<'a>(mut others: impl Iterator<Item = &'a str>, name: &str) -> Result<(), Refusal> {
    let name = name.trim().to_lowercase();
    if others.any(|other| other.trim().to_lowercase() == name) {
        let sentence = "Ce nom est déjà sur la carte : donnez-en un autre, ou modifiez celui qui y est.";
        return Err(Refusal::field("name_taken", "name", sentence));
    }
    Ok(())
}

fn described<T>(node: Option<&std::sync::Arc<Node<T>>>) -> Option<&crate::versions::Versions<T>> {
    node.map(|n| &n.described)
}

impl Checked for ActivitySet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let map = &asked.state.cartography;
        let known = map.activities.get(&asked.subject);
        rewritten(described(known), &self.supersedes)?;
        room(known.is_some(), map.activities.len())?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        let others = map.by_priority().into_iter().filter(|a: &&Activity| a.id != asked.subject);
        unnamed(others.map(|a| a.now().name.as_str()), &self.name)?;
        if !(1..=5).contains(&self.priority) {
            return Err(Refusal::field("bad_priority", "priority", "La priorité va de 1 (vital) à 5 (peut attendre)."));
        }
        if self.mtpd_minutes.is_some_and(|m| !(1..=MTPD_MINUTES_MAX).contains(&m)) {
            return Err(Refusal::field("bad_mtpd", "mtpd", "La DMIA va d’une minute à un an : par exemple 30 min, 4 h ou 3 j."));
        }
        self.owner.as_ref().map_or(Ok(()), |owner| text_within("owner", owner, LABEL_CHARS_MAX))?;
        if self.needs.len() > NEEDS_MAX || self.needs.iter().any(|id| !map.applications.contains_key(id)) {
            let sentence = format!("Une application choisie n’est pas sur la carte, ou il y en a plus de {NEEDS_MAX}.");
            return Err(Refusal::field("unknown_application", "needs", sentence));
        }
        Ok(())
    }
}

impl Checked for ApplicationSet {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let map = &asked.state.cartography;
        let known = map.applications.get(&asked.subject);
        rewritten(described(known), &self.supersedes)?;
        room(known.is_some(), map.applications.len())?;
        text_within("name", &self.name, NAME_CHARS_MAX)?;
        let others = map.by_name().into_iter().filter(|a: &&Application| a.id != asked.subject);
        unnamed(others.map(|a| a.now().name.as_str()), &self.name)
    }
}

impl Checked for Removed {
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        asked.writes()?;
        let map = &asked.state.cartography;
        if map.activity(&asked.subject).is_none() && map.application(&asked.subject).is_none() {
            return Err(Refusal::new("not_on_map", "Cet élément n’est pas, ou n’est plus, sur la carte."));
        }
        text_within("reason", &self.reason, LABEL_CHARS_MAX)
    }
}
