//! Imports and archetypes: many records in one entry, and taking an import back.

use super::{Described, counts, removal};
use crate::capability::Applies;
use crate::cartography::event::batch::{ImportUndone, Line, MapImported, ProposalsDeclined, Record};
use crate::cartography::event::{ActivitySet, AssetSet, ExchangeSet, Origin};
use crate::cartography::{Cartography, Declined, Import, Removal};
use crate::state::State;
use imbl::Vector;
use journal::{EntryId, Seen, SubjectId};
use std::sync::Arc;

fn declined_key(source: &str, key: &str) -> String {
    format!("{source}/{key}")
}

impl Cartography {
    /// Whether a proposal was refused, and by whom.
    pub fn declined(&self, source: &str, key: &str) -> Option<&Declined> {
        self.declined.get(&declined_key(source, key))
    }

    fn line(&mut self, entry: &Seen<'_>, line: Line) -> bool {
        match line.set {
            Record::Activity(set) => {
                self.taken(set.origin.as_ref());
                self.describe(entry, line.id, set)
            }
            Record::Asset(set) => {
                self.taken(set.origin.as_ref());
                self.describe(entry, line.id, set)
            }
            Record::Exchange(set) => self.describe(entry, line.id, set),
        }
    }

    /// Who takes a proposal no longer refuses it.
    fn taken(&mut self, origin: Option<&Origin>) {
        if let Some(origin) = origin {
            self.declined.remove(&declined_key(&origin.source, &origin.key));
        }
    }

    fn take_back<T: Described>(&mut self, id: SubjectId, entries: &Vector<EntryId>, removal: &Removal) {
        let mut names = std::mem::take(&mut self.names);
        if let Some(node) = T::table(self).get_mut(&id) {
            let node = Arc::make_mut(node);
            let old = node.now();
            names.leave(id, old.bearer(), old.name(), old.external());
            if !node.described.take_back(entries) {
                node.removed.get_or_insert_with(|| removal.clone());
            }
            if node.removed.is_none() {
                let now = node.now();
                names.take(id, now.bearer(), now.name(), now.external());
            }
        }
        self.names = names;
    }
}

impl Applies for MapImported {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !counts(entry) {
            return;
        }
        let (map, id) = (&mut state.cartography, entry.header.subject);
        map.revision += 1;
        let ids: Vec<SubjectId> = self.lines.iter().map(|line| line.id).collect();
        let created = self.lines.into_iter().map(|line| u32::from(map.line(entry, line))).sum::<u32>();
        let import = map.imports.entry(id).or_insert_with(|| {
            let (by, wall) = (entry.header.author, entry.header.wall);
            let source = self.source;
            Arc::new(Import { id, source, by, wall, entries: Vector::new(), described: Vector::new(), created: 0, undone: None })
        });
        let import = Arc::make_mut(import);
        if !import.entries.contains(&entry.id) {
            import.entries.push_back(entry.id);
            import.described.extend(ids);
            import.created = import.created.saturating_add(created);
        }
    }
}

impl Applies for ImportUndone {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let map = &mut state.cartography;
        let Some(import) = map.imports.get(&entry.header.subject).filter(|import| counts(entry) && import.undone.is_none())
        else {
            return;
        };
        let (import, removal) = (import.clone(), removal(entry, &self.reason));
        map.revision += 1;
        for id in &import.described {
            map.take_back::<ActivitySet>(*id, &import.entries, &removal);
            map.take_back::<AssetSet>(*id, &import.entries, &removal);
            map.take_back::<ExchangeSet>(*id, &import.entries, &removal);
        }
        if let Some(known) = map.imports.get_mut(&entry.header.subject) {
            Arc::make_mut(known).undone = Some(removal);
        }
    }
}

impl Applies for ProposalsDeclined {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if counts(entry) {
            for key in &self.keys {
                let declined = Declined { by: entry.header.author, wall: entry.header.wall, reason: self.reason.clone() };
                state.cartography.declined.insert(declined_key(&self.source, key), declined);
            }
        }
    }
}
