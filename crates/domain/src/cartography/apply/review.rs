//! Impact analyses and reviews.

use super::counts;
use crate::capability::Applies;
use crate::cartography::event::review::{BiaSet, HARM_LEVELS, ReviewAsked, Reviewed};
use crate::cartography::review::{Asking, Review};
use crate::state::State;
use crate::versions::Versions;
use journal::Seen;
use std::sync::Arc;

impl Applies for BiaSet {
    fn apply(mut self, state: &mut State, entry: &Seen<'_>) {
        if !counts(entry) {
            return;
        }
        self.harms.retain(|harm| usize::from(harm.level) < HARM_LEVELS.len());
        state.cartography.revision += 1;
        let (supersedes, analyses) = (self.supersedes.clone(), &mut state.cartography.analyses);
        if let Some(known) = analyses.get_mut(&entry.header.subject) {
            Arc::make_mut(known).write(entry, self, supersedes);
        } else {
            analyses.insert(entry.header.subject, Arc::new(Versions::new(entry, self)));
        }
    }
}

impl Applies for Reviewed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !counts(entry) {
            return;
        }
        state.cartography.revision += 1;
        for id in self.about {
            let (by, note) = (self.by.clone(), self.note.clone());
            let review = Review { id: entry.id, on: self.on, by, author: entry.header.author, note };
            let reviews = &mut state.cartography.reviews;
            if reviews.get(&id).is_none_or(|known| known.on <= review.on) {
                reviews.insert(id, review);
            }
        }
    }
}

impl Applies for ReviewAsked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !counts(entry) {
            return;
        }
        state.cartography.revision += 1;
        let (by, wall) = (entry.header.author, entry.header.wall);
        for id in self.about {
            let (of, note) = (self.of.clone(), self.note.clone());
            state.cartography.asked.insert(id, Asking { id: entry.id, of, due_on: self.due_on, by, wall, note });
        }
    }
}
