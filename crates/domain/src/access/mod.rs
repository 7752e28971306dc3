//! Accounts: who may sign in, emergency codes, recovery by two people, and everything that was done about it.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use crate::register::Register;
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, PublicKey};
use serde::Serialize;

/// How long a recovery may be granted once asked, and its words used once granted (milliseconds).
pub const RECOVERY_MS: i64 = 15 * 60_000;
/// How long what is out of the ordinary is shown to everybody (milliseconds).
pub const SHOWN_MS: i64 = 24 * 3_600_000;
/// Most acts kept in sight; all of them stay in the journal.
pub const ACTS_KEPT_MAX: usize = 10_000;
/// Most refused attempts of one person recorded in an hour: an audit, not a way to fill the journal.
pub const ATTEMPTS_HOURLY_MAX: usize = 5;
/// The hour in which they are counted (milliseconds).
pub const HOUR_MS: i64 = 3_600_000;

/// Codes of refusals that mean « your role does not allow this ».
pub const RIGHTS: [&str; 8] =
    ["observer", "no_role", "not_administrator", "not_direction", "not_secretary", "senior", "own_rank", "program_only"];

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Gave a role, by its name.
    RoleGranted(String),
    /// Took the role away, for this reason.
    RoleWithdrawn(String),
    /// Struck a device, for this reason.
    DeviceRevoked(PublicKey, String),
    /// Opened an account under this login.
    AccountOpened(String),
    /// Blocked it, for this reason.
    AccountBlocked(String),
    /// Unblocked it.
    AccountUnblocked,
    /// Gave a first password.
    PasswordGiven,
    /// Chose their own password.
    PasswordChanged,
    /// Ended all sessions.
    SessionsEnded,
    /// Made a sheet of so many codes.
    CodesIssued(String, u8),
    /// Withdrew a sheet, for this reason.
    CodesRevoked(String, String),
    /// Entered with a code of a sheet.
    CodeUsed(String, u8),
    /// Vouched first, for this reason.
    RecoveryAsked(String),
    /// Vouched second.
    RecoveryGranted,
    /// Came back with the words.
    RecoveryUsed,
    /// Was refused: kind of entry, code of the refusal.
    AttemptRefused(String, String),
}

/// One act, as the audit shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// Its entry.
    pub id: EntryId,
    /// When its writer's clock said, milliseconds since 1970.
    pub wall: i64,
    /// Who.
    pub by: ActorId,
    /// To whom, unless to a device.
    pub about: Option<ActorId>,
    /// Whether its author had the right: without it, it is shown and changes nothing.
    pub counts: bool,
    /// What.
    pub did: Did,
}

/// A sheet of emergency codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    /// Who enters with them.
    pub actor: ActorId,
    /// How many; 0 when the sheet was made outside the journal, by the command on the server's machine.
    pub count: u8,
    /// Who made it.
    pub issued_by: ActorId,
    /// When, milliseconds since 1970.
    pub issued_at: i64,
    /// Whether it opens nothing any more.
    pub revoked: bool,
    /// When each code served.
    pub used: OrdMap<u8, i64>,
}

impl Series {
    /// Codes that still open.
    pub fn left(&self) -> usize {
        if self.revoked { 0 } else { usize::from(self.count).saturating_sub(self.used.len()) }
    }
}

/// The grant of a recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// Its entry.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// Whether the person helped is senior to both who vouched.
    pub above: bool,
}

/// Somebody who cannot enter, and who vouches for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recovery {
    /// The entry that asked.
    pub id: EntryId,
    /// The person locked out.
    pub actor: ActorId,
    /// Who asked.
    pub asked_by: ActorId,
    /// When, milliseconds since 1970.
    pub asked_at: i64,
    /// What happened.
    pub reason: String,
    /// Who granted.
    pub granted: Option<Grant>,
    /// When a new password was chosen, milliseconds since 1970.
    pub used_at: Option<i64>,
}

impl Recovery {
    /// Whether a second person may still grant it.
    pub fn waits(&self, now: i64) -> bool {
        self.granted.is_none() && now.saturating_sub(self.asked_at) < RECOVERY_MS
    }

    /// Whether its words may still be used.
    pub fn is_open(&self, now: i64) -> bool {
        self.used_at.is_none() && self.granted.as_ref().is_some_and(|grant| now.saturating_sub(grant.at) < RECOVERY_MS)
    }
}

/// Accounts, as the journal knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Logins, as opened.
    pub opened: OrdMap<ActorId, String>,
    /// Who may not sign in, and why.
    pub blocked: OrdMap<ActorId, String>,
    /// Devices whose entries count no more.
    pub devices_revoked: OrdMap<PublicKey, String>,
    /// Sheets of codes, by serial.
    pub series: OrdMap<String, Series>,
    /// Recoveries, by the entry that asked.
    pub recoveries: OrdMap<EntryId, Recovery>,
    /// Everything done, oldest first, the last [`ACTS_KEPT_MAX`].
    pub acts: Vector<Act>,
}

impl Access {
    /// Acts of the last while that everybody should know of: codes used, recoveries of somebody senior.
    pub fn noteworthy(&self, now: i64) -> impl Iterator<Item = &Act> {
        let recent = move |act: &&Act| act.counts && now.saturating_sub(act.wall) < SHOWN_MS;
        self.acts.iter().rev().filter(recent).filter(|act| match &act.did {
            Did::CodeUsed(..) => true,
            Did::RecoveryGranted => self.grant(&act.id).is_some_and(|grant| grant.above),
            _ => false,
        })
    }

    fn grant(&self, id: &EntryId) -> Option<&Grant> {
        self.recoveries.values().filter_map(|r| r.granted.as_ref()).find(|grant| grant.id == *id)
    }

    /// Refused attempts of somebody in the hour that holds this moment.
    pub fn attempts_in_hour(&self, actor: &ActorId, now: i64) -> usize {
        let hour = now.div_euclid(HOUR_MS);
        let of = |act: &&Act| act.about == Some(*actor) && matches!(act.did, Did::AttemptRefused(..));
        self.acts
            .iter()
            .rev()
            .take_while(|act| act.wall > now - 2 * HOUR_MS)
            .filter(of)
            .filter(|act| act.wall.div_euclid(HOUR_MS) == hour)
            .count()
    }

    /// People who may sign in and hold no role.
    pub fn without_role<'a>(&'a self, register: &'a Register) -> impl Iterator<Item = &'a ActorId> {
        self.opened.keys().filter(|actor| register.role(actor).is_none() && !self.blocked.contains_key(*actor))
    }
}
