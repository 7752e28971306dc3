//! State of the accounts after an event. Total: anything may come, in any order, from anybody.

use super::event::{
    AccountBlocked, AccountOpened, AccountUnblocked, AttemptRefused, CodeUsed, CodesIssued, CodesRevoked, PasswordChanged,
    PasswordGiven, RecoveryAsked, RecoveryGranted, RecoveryUsed, SessionsEnded,
};
use super::{ACTS_KEPT_MAX, Access, Act, Did, Grant, RECOVERY_MS, Recovery, Series};
use crate::access::check::VOUCHER_RANK;
use crate::capability::Applies;
use crate::register::Role;
use crate::state::State;
use imbl::OrdMap;
use journal::authority::ADMIN_RANK;
use journal::engine::PROGRAM;
use journal::{ActorId, Auth, AuthorityAct, Seen, Standing};

impl Access {
    fn remember(&mut self, entry: &Seen<'_>, about: Option<ActorId>, counts: bool, did: Did) {
        let act = Act { id: entry.id, wall: entry.header.wall, by: entry.header.author, about, counts, did };
        self.acts.push_back(act);
        if self.acts.len() > ACTS_KEPT_MAX {
            self.acts.pop_front();
        }
    }
}

fn subject(entry: &Seen<'_>) -> ActorId {
    ActorId(entry.header.subject.0)
}

fn is_own(entry: &Seen<'_>) -> bool {
    entry.standing.has_authority() && subject(entry) == entry.header.author
}

/// Roles and devices: the register applies them, the audit remembers them.
pub(crate) fn act(access: &mut Access, entry: &Seen<'_>, act: &AuthorityAct) {
    let counts = entry.standing.has_authority();
    let (about, did) = match act {
        AuthorityAct::RoleGranted { actor, role, .. } => (Some(*actor), Did::RoleGranted(role.clone())),
        AuthorityAct::RoleWithdrawn { actor, reason } => (Some(*actor), Did::RoleWithdrawn(reason.clone())),
        AuthorityAct::DeviceRevoked { device, reason } => {
            if counts {
                access.devices_revoked.insert(*device, reason.clone());
            }
            (None, Did::DeviceRevoked(*device, reason.clone()))
        }
        AuthorityAct::ErasureAsked { .. } | AuthorityAct::Erased { .. } => return,
    };
    access.remember(entry, about, counts, did);
}

/// An act of whoever manages accounts.
fn managed(state: &mut State, entry: &Seen<'_>, did: Did, change: impl FnOnce(&mut Access, ActorId)) {
    let counts = entry.standing.has_rank(ADMIN_RANK);
    if counts {
        change(&mut state.access, subject(entry));
    }
    state.access.remember(entry, Some(subject(entry)), counts, did);
}

impl Applies for AccountOpened {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        managed(state, entry, Did::AccountOpened(self.login.clone()), |access, actor| {
            access.opened.insert(actor, self.login);
        });
    }
}

impl Applies for AccountBlocked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        managed(state, entry, Did::AccountBlocked(self.reason.clone()), |access, actor| {
            access.blocked.insert(actor, self.reason);
        });
    }
}

impl Applies for AccountUnblocked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        managed(state, entry, Did::AccountUnblocked, |access, actor| {
            access.blocked.remove(&actor);
        });
    }
}

impl Applies for PasswordGiven {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        managed(state, entry, Did::PasswordGiven, |_, _| {});
    }
}

impl Applies for PasswordChanged {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        state.access.remember(entry, Some(subject(entry)), is_own(entry), Did::PasswordChanged);
    }
}

impl Applies for SessionsEnded {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let counts = is_own(entry) || entry.standing.has_rank(ADMIN_RANK);
        state.access.remember(entry, Some(subject(entry)), counts, Did::SessionsEnded);
    }
}

impl Applies for CodesIssued {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        managed(state, entry, Did::CodesIssued(self.series.clone(), self.count), |access, actor| {
            let header = entry.header;
            let new = Series {
                actor,
                count: self.count,
                issued_by: header.author,
                issued_at: header.wall,
                revoked: false,
                used: OrdMap::new(),
            };
            access.series.entry(self.series).or_insert(new);
        });
    }
}

impl Applies for CodesRevoked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        managed(state, entry, Did::CodesRevoked(self.series.clone(), self.reason), |access, _| {
            if let Some(series) = access.series.get_mut(&self.series) {
                series.revoked = true;
            }
        });
    }
}

impl Applies for CodeUsed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let counts = is_own(entry) && entry.header.auth == Auth::BreakGlass;
        if counts {
            let header = entry.header;
            let unknown = Series {
                actor: header.author,
                count: 0,
                issued_by: PROGRAM,
                issued_at: header.wall,
                revoked: false,
                used: OrdMap::new(),
            };
            let series = state.access.series.entry(self.series.clone()).or_insert(unknown);
            series.used.entry(self.number).or_insert(header.wall);
        }
        state.access.remember(entry, Some(subject(entry)), counts, Did::CodeUsed(self.series, self.number));
    }
}

/// Whether an entry's author may vouch for its subject.
fn vouches(entry: &Seen<'_>) -> bool {
    entry.standing.has_rank(Role::Member.rank()) && subject(entry) != entry.header.author
}

impl Applies for RecoveryAsked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let counts = vouches(entry);
        if counts {
            let recovery = Recovery {
                id: entry.id,
                actor: subject(entry),
                asked_by: entry.header.author,
                asked_at: entry.header.wall,
                reason: self.reason.clone(),
                granted: None,
                used_at: None,
            };
            state.access.recoveries.insert(entry.id, recovery);
        }
        state.access.remember(entry, Some(subject(entry)), counts, Did::RecoveryAsked(self.reason));
    }
}

impl Applies for RecoveryGranted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let counts = vouches(entry) && grant(state, entry, &self);
        state.access.remember(entry, Some(subject(entry)), counts, Did::RecoveryGranted);
    }
}

fn grant(state: &mut State, entry: &Seen<'_>, granted: &RecoveryGranted) -> bool {
    let rank = |actor: &ActorId| state.register.role(actor).map_or(0, Role::rank);
    let (by, at) = (entry.header.author, entry.header.wall);
    let Some(recovery) = state.access.recoveries.get(&granted.asked) else { return false };
    let vouchers = rank(&by).max(rank(&recovery.asked_by));
    let same = recovery.actor != subject(entry) || recovery.asked_by == by;
    if same || recovery.granted.is_some() || vouchers < VOUCHER_RANK || at.saturating_sub(recovery.asked_at) >= RECOVERY_MS {
        return false;
    }
    let above = rank(&recovery.actor) > vouchers;
    if let Some(recovery) = state.access.recoveries.get_mut(&granted.asked) {
        recovery.granted = Some(Grant { id: entry.id, by, at, above });
    }
    true
}

impl Applies for RecoveryUsed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let wall = entry.header.wall;
        let mut counts = is_own(entry);
        if let Some(recovery) = state.access.recoveries.get_mut(&self.asked).filter(|r| counts && r.actor == entry.header.author)
        {
            recovery.used_at.get_or_insert(wall);
        } else {
            counts = false;
        }
        state.access.remember(entry, Some(subject(entry)), counts, Did::RecoveryUsed);
    }
}

impl Applies for AttemptRefused {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        // The program holds no role: its word counts where its device's does.
        let struck = matches!(entry.standing, Standing::DeviceRevoked | Standing::Forked);
        if entry.header.author == PROGRAM {
            state.access.remember(entry, Some(subject(entry)), !struck, Did::AttemptRefused(self.kind, self.code));
        }
    }
}
