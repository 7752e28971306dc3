//! The tree of places: région > groupement > entité juridique > site.
//!
//! Merged laptops may make any tangle of parents. Reading it is total: a place whose parents are missing, removed, or
//! lead back to itself hangs at the top, marked as an orphan.

use super::Register;
use super::event::Place;
use journal::SubjectId;
use std::collections::{BTreeMap, BTreeSet};

/// A place in the order of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch<'a> {
    /// Which place.
    pub id: SubjectId,
    /// Its values.
    pub place: &'a Place,
    /// How deep it hangs, from 0.
    pub depth: usize,
    /// Whether it names a parent that is not there or that leads back to it.
    pub orphan: bool,
}

impl Register {
    /// All places, each below its parent, widest level first, then by name.
    pub fn tree(&self) -> Vec<Branch<'_>> {
        let mut children: BTreeMap<Option<SubjectId>, Vec<(SubjectId, &Place)>> = BTreeMap::new();
        for (id, place) in self.places.iter() {
            let parent = place.parent.filter(|_| self.hangs(*id));
            children.entry(parent).or_default().push((*id, place));
        }
        for siblings in children.values_mut() {
            siblings.sort_by(|(a, x), (b, y)| (x.level, &x.name, a).cmp(&(y.level, &y.name, b)));
        }
        let mut tree = Vec::new();
        let mut waiting: Vec<(SubjectId, &Place, usize)> = Vec::new();
        let below = |id: Option<SubjectId>| children.get(&id).into_iter().flatten().rev();
        waiting.extend(below(None).map(|(id, place)| (*id, *place, 0)));
        while let Some((id, place, depth)) = waiting.pop() {
            tree.push(Branch { id, place, depth, orphan: depth == 0 && place.parent.is_some() });
            waiting.extend(below(Some(id)).map(|(id, place)| (*id, *place, depth + 1)));
        }
        tree
    }

    /// Whether a place's parents lead up to a place without a parent.
    fn hangs(&self, id: SubjectId) -> bool {
        let mut met = BTreeSet::new();
        let mut at = id;
        while met.insert(at) {
            let Some(place) = self.places.get(&at) else { return false };
            let Some(parent) = place.parent else { return true };
            at = parent;
        }
        false
    }

    /// Whether a place would hang below itself under this parent.
    pub fn would_loop(&self, id: SubjectId, parent: SubjectId) -> bool {
        let mut met = BTreeSet::from([id]);
        let mut at = Some(parent);
        while let Some(place) = at {
            if !met.insert(place) {
                return true;
            }
            at = self.places.get(&place).and_then(|p| p.parent);
        }
        false
    }

    /// The name of the place a unit is in; empty when none is named or it was removed.
    pub fn place_name(&self, id: Option<SubjectId>) -> &str {
        id.and_then(|id| self.places.get(&id)).map_or("", |place| &place.name)
    }
}
