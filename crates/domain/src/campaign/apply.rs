//! State of the campaigns after an event. Total: anything may come, in any order, from anybody.

use super::event::{Answered, CampaignSet, Excused, Planned, ResultReceived, TargetsSet};
use super::{Campaign, Followed, Received, check};
use crate::capability::Applies;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::OrdMap;
use journal::Seen;
use std::sync::Arc;

fn counts(entry: &Seen<'_>) -> bool {
    entry.standing.has_rank(Role::Secretary.rank())
}

/// The campaign an entry is about, when its author may organise.
fn of<'a>(state: &'a mut State, entry: &Seen<'_>) -> Option<&'a mut Campaign> {
    if counts(entry) { state.campaigns.all.get_mut(&entry.header.subject) } else { None }
}

fn followed<'a>(state: &'a mut State, entry: &Seen<'_>, finess: &str) -> Option<&'a mut Followed> {
    of(state, entry)?.targets.get_mut(finess).map(Arc::make_mut)
}

impl Applies for CampaignSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !counts(entry) {
            return;
        }
        let (id, order) = (entry.header.subject, state.campaigns.all.len() as u64);
        let seen = self.supersedes.clone();
        if let Some(known) = state.campaigns.all.get_mut(&id) {
            known.set.write(entry, self, seen);
        } else if state.campaigns.all.len() < check::CAMPAIGNS_MAX {
            let campaign = Campaign { id, order, set: Versions::new(entry, self), targets: OrdMap::new() };
            state.campaigns.all.insert(id, campaign);
        }
    }
}

impl Applies for TargetsSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(campaign) = of(state, entry) else { return };
        for target in self.targets.into_iter().filter(|target| check::is_finess(&target.finess)) {
            if let Some(known) = campaign.targets.get_mut(&target.finess) {
                Arc::make_mut(known).target = target;
            } else if campaign.targets.len() < check::TARGETS_MAX {
                campaign.targets.insert(target.finess.clone(), Arc::new(Followed { target, ..Followed::default() }));
            }
        }
    }
}

impl Applies for Planned {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(followed) = followed(state, entry, &self.finess) {
            followed.planned = self.at.map(|at| (at, self.place));
        }
    }
}

impl Applies for Answered {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(followed) = followed(state, entry, &self.finess) {
            followed.answers.extend(self.answers);
        }
    }
}

impl Applies for ResultReceived {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(followed) = followed(state, entry, &self.finess) else { return };
        // The newest exercise counts, whatever the order in which files came.
        if followed.result.as_ref().is_some_and(|known| known.results.ended_at >= self.results.ended_at) {
            return;
        }
        followed.result = Some(Received {
            results: Arc::new(self.results),
            signed_by: self.signed_by,
            root: self.root,
            by: entry.header.author,
            wall: entry.header.wall,
        });
    }
}

impl Applies for Excused {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(followed) = followed(state, entry, &self.finess) {
            followed.excused = (!self.reason.trim().is_empty()).then_some(self.reason);
        }
    }
}
