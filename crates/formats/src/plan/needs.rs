//! Needs of the file beside those of the map: added or updated, never removed.

use crate::words::duration;
use domain::cartography::need::{Need, Relation};
use journal::SubjectId;
use std::collections::BTreeSet;

/// Needs after the file was heard.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) needs: Vec<Need>,
    /// What differs, in words.
    pub(super) differs: Vec<String>,
    /// Needs of the map of which the file says nothing.
    pub(super) kept: Vec<Need>,
}

fn same_members(a: &Need, b: &Need) -> bool {
    let set = |need: &Need| need.any.iter().copied().collect::<BTreeSet<SubjectId>>();
    a.any.len() == b.any.len() && (a.any == b.any || set(a) == set(b))
}

/// What the file says of a need that is there; what it does not say stays.
fn update(known: &mut Need, told: &Need) {
    if told.any.len() > 1 {
        known.at_least = told.at_least;
    }
    if told.relation == Relation::HostedOn {
        known.relation = Relation::HostedOn;
    }
    if told.holds_minutes.is_some() {
        known.holds_minutes = told.holds_minutes;
    }
    known.degrades |= told.degrades;
    if !told.why.is_empty() {
        known.why.clone_from(&told.why);
    }
}

/// Puts the needs that a file tells of one thing beside those that the map has.
pub(super) fn merged(map: &[Need], file: &[Need], name: &dyn Fn(&SubjectId) -> String) -> Merged {
    let mut merged = Merged { needs: map.to_vec(), ..Merged::default() };
    let mut heard = vec![false; map.len()];
    let mut left = Vec::new();
    for told in file {
        let Some(at) = merged.needs.iter().position(|known| same_members(known, told)) else {
            left.push(told);
            continue;
        };
        if let Some(heard) = heard.get_mut(at) {
            *heard = true;
        }
        merged.update(at, told, name);
    }
    for told in left {
        merged.add(told, &mut heard, name);
    }
    merged.kept = merged.needs.iter().zip(&heard).filter(|(_, heard)| !**heard).map(|(need, _)| need.clone()).collect();
    merged.needs.retain(|need| !need.any.is_empty());
    merged.kept.retain(|need| !need.any.is_empty());
    merged
}

impl Merged {
    fn update(&mut self, at: usize, told: &Need, name: &dyn Fn(&SubjectId) -> String) {
        let Some(known) = self.needs.get_mut(at) else { return };
        let before = known.clone();
        update(known, told);
        if *known != before {
            self.differs.push(format!("{} → {}", words(&before, name), words(known, name)));
        }
    }

    fn add(&mut self, told: &Need, heard: &mut [bool], name: &dyn Fn(&SubjectId) -> String) {
        // Said twice in the file.
        if let Some(at) = self.needs.iter().skip(heard.len()).position(|known| same_members(known, told)) {
            return self.update(heard.len() + at, told, name);
        }
        let on_map = |(at, _): &(usize, &Need)| *at < heard.len();
        if let [one] = told.any.as_slice() {
            // Somebody wrote on the map that others stand in for it: the plain link of the file says no more.
            if let Some((at, _)) = self.needs.iter().enumerate().filter(on_map).find(|(_, known)| known.any.contains(one)) {
                heard[at] = true;
                return;
            }
        } else if let Some(at) = self.overlapping(told, heard) {
            heard[at] = true;
            let mut more = told.clone();
            if let Some(known) = self.needs.get_mut(at) {
                let new: Vec<SubjectId> = more.any.iter().filter(|id| !known.any.contains(id)).copied().collect();
                let before = words(known, name);
                known.any.extend(new);
                more.any.clone_from(&known.any);
                update(known, &more);
                self.differs.push(format!("{before} → {}", words(known, name)));
            }
            return;
        }
        self.absorb(told, heard, name);
        self.differs.push(format!("+ {}", words(told, name)));
        self.needs.push(told.clone());
    }

    /// The only group of the map, of which the file says nothing else, that shares members with this one: it grew.
    fn overlapping(&self, told: &Need, heard: &[bool]) -> Option<usize> {
        let shares = |known: &Need| known.any.len() > 1 && known.any.iter().any(|id| told.any.contains(id));
        let mut all = self.needs.iter().take(heard.len()).enumerate().filter(|(at, known)| !heard[*at] && shares(known));
        all.next().filter(|_| all.next().is_none()).map(|(at, _)| at)
    }

    /// Plain links of the map to members of a group that the file now tells: the group says them better.
    fn absorb(&mut self, told: &Need, heard: &[bool], name: &dyn Fn(&SubjectId) -> String) {
        for (known, _) in self.needs.iter_mut().zip(heard).filter(|(_, heard)| !**heard) {
            if let [one] = known.any.as_slice()
                && told.any.contains(one)
            {
                self.differs.push(format!("− {} (désormais dans un groupe)", words(known, name)));
                known.any.clear();
            }
        }
    }
}

/// A need in words: « a besoin de Serveur 3 », « est hébergé sur au moins 1 parmi A, B (tient 4 h sans) ».
pub(super) fn words(need: &Need, name: &dyn Fn(&SubjectId) -> String) -> String {
    /// Most names told.
    const NAMES_MAX: usize = 4;
    let mut names: Vec<String> = need.any.iter().take(NAMES_MAX).map(name).collect();
    if need.any.len() > NAMES_MAX {
        names.push("…".to_owned());
    }
    let names = names.join(", ");
    let who = if need.any.len() > 1 { format!("au moins {} parmi {names}", need.at_least) } else { names };
    let holds = match (need.holds_minutes, need.degrades) {
        (Some(minutes), _) => format!(" (tient {} sans)", duration(minutes)),
        (None, true) => " (dégradé sans)".to_owned(),
        (None, false) => String::new(),
    };
    let link = match (need.relation, need.any.len() > 1) {
        (Relation::Needs, true) => "a besoin d’",
        (Relation::Needs, false) => "a besoin de ",
        (Relation::HostedOn, _) => "est hébergé sur ",
    };
    format!("{link}{who}{holds}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> SubjectId {
        SubjectId([n; 16])
    }

    fn any(members: &[u8], at_least: u32) -> Need {
        Need { any: members.iter().map(|n| id(*n)).collect(), at_least, ..Need::default() }
    }

    fn name(id: &SubjectId) -> String {
        id.0[0].to_string()
    }

    #[test]
    fn the_same_file_again_changes_nothing_even_when_groups_overlap() {
        let file = [any(&[1, 2], 1), any(&[2, 3], 1), any(&[2], 1), any(&[4], 1), any(&[4], 1)];
        let first = merged(&[], &file, &name);
        assert_eq!(first.needs, [any(&[1, 2], 1), any(&[2, 3], 1), any(&[2], 1), any(&[4], 1)]);
        let again = merged(&first.needs, &file, &name);
        assert_eq!((again.needs, again.differs.len(), again.kept.len()), (first.needs, 0, 0));
    }

    #[test]
    fn what_a_person_refined_on_the_map_stays() {
        let refined = Need { holds_minutes: Some(60), why: "papier".to_owned(), ..any(&[1, 2], 1) };
        let merged = merged(&[refined.clone(), any(&[9], 1)], &[any(&[1], 1), any(&[2], 1)], &name);
        assert_eq!(merged.needs, [refined, any(&[9], 1)]);
        assert_eq!(merged.kept, [any(&[9], 1)]);
        assert_eq!(merged.differs, Vec::<String>::new());
    }

    #[test]
    fn a_group_takes_the_place_of_its_members_and_grows() {
        let group = merged(&[any(&[1], 1), any(&[3], 1)], &[any(&[1, 2], 1)], &name);
        assert_eq!(group.needs, [any(&[3], 1), any(&[1, 2], 1)]);
        let grown = merged(&[any(&[1, 2], 1)], &[any(&[2, 3, 1], 2)], &name);
        assert_eq!(grown.needs, [any(&[1, 2, 3], 2)]);
        assert_eq!(grown.differs, ["a besoin d’au moins 1 parmi 1, 2 → a besoin d’au moins 2 parmi 1, 2, 3"]);
    }
}
