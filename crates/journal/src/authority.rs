//! Who may do what, judged from the entries alone, the same on every replica.
//!
//! Authority acts fold before everything else. An act counts with the knowledge its author had (its causal past),
//! less what a revocation it did not know of takes away ("strong removal": an act concurrent with its author's
//! revocation is kept, without authority). Of two revocations aimed at each other, the senior author's holds; between
//! equals, the first in the total order. Longer cycles are settled in that same order of seniority, see `settle`.

mod settle;

use crate::dag::Dag;
use crate::id::{ActorId, EntryId, PublicKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Rank from which an author may grant, withdraw, revoke and erase.
pub const ADMIN_RANK: u8 = 50;
/// Most characters of a role's name or of a reason.
pub const TEXT_CHARS_MAX: usize = 500;

/// An act of authority; the variant's name gives the kind, see [`AuthorityAct::KINDS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AuthorityAct {
    /// An actor holds a role (replacing the one before).
    RoleGranted {
        /// Who.
        actor: ActorId,
        /// Name of the role, known to the floors above.
        role: String,
        /// Its seniority.
        rank: u8,
    },
    /// An actor holds no role any more.
    RoleWithdrawn {
        /// Who.
        actor: ActorId,
        /// Why, for people.
        reason: String,
    },
    /// A device signs nothing that counts any more, for ever.
    DeviceRevoked {
        /// Its key.
        device: PublicKey,
        /// Why, for people.
        reason: String,
    },
    /// First of two signers: asks that a body be dropped.
    ErasureAsked {
        /// Whose body.
        entry: EntryId,
        /// Why, for people.
        reason: String,
    },
    /// Second signer: the body is dropped everywhere.
    Erased {
        /// Whose body.
        entry: EntryId,
        /// The request it grants.
        asked: EntryId,
    },
}

impl AuthorityAct {
    /// Kinds of the acts, in the order of the variants.
    pub const KINDS: [&'static str; 5] = [
        "authority.role_granted",
        "authority.role_withdrawn",
        "authority.device_revoked",
        "authority.erasure_asked",
        "authority.erased",
    ];

    /// The kind of this act.
    pub fn kind(&self) -> &'static str {
        Self::KINDS[match self {
            Self::RoleGranted { .. } => 0,
            Self::RoleWithdrawn { .. } => 1,
            Self::DeviceRevoked { .. } => 2,
            Self::ErasureAsked { .. } => 3,
            Self::Erased { .. } => 4,
        }]
    }

    /// Reads an act; `None` for another kind, a newer version, an overlong text or a body that is not one.
    pub fn decode(kind: &str, version: u16, body: &[u8]) -> Option<Self> {
        if version != 1 || !Self::KINDS.contains(&kind) {
            return None;
        }
        let act: Self = serde_json::from_slice(body).ok()?;
        (act.kind() == kind && act.text().chars().count() <= TEXT_CHARS_MAX).then_some(act)
    }

    fn text(&self) -> &str {
        match self {
            Self::RoleGranted { role: text, .. }
            | Self::RoleWithdrawn { reason: text, .. }
            | Self::DeviceRevoked { reason: text, .. }
            | Self::ErasureAsked { reason: text, .. } => text,
            Self::Erased { .. } => "",
        }
    }
}

/// What an entry is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its author had a role of this rank.
    Full {
        /// Seniority of the role.
        rank: u8,
    },
    /// Written by the program itself on an enrolled device (opening of a chain, merge).
    Program,
    /// Its author had no role, or none that allows this act of authority.
    NoRole,
    /// Its author's role was withdrawn without their knowing.
    AuthorRevoked,
    /// Its device was revoked.
    DeviceRevoked,
    /// Its chain has two histories from here on.
    Forked,
    /// Other entries of its atomic request have not arrived.
    Partial,
}

impl Standing {
    /// Whether the entry may change anything beyond being shown.
    pub fn has_authority(self) -> bool {
        matches!(self, Self::Full { .. } | Self::Program)
    }

    /// Whether its author had a role of this rank at least, or was the program itself. An entry that came by a merge was
    /// checked by nobody: what only some may do is judged by this.
    pub fn has_rank(self, rank: u8) -> bool {
        match self {
            Self::Full { rank: held } => held >= rank,
            other => other == Self::Program,
        }
    }
}

#[derive(Debug, Clone)]
struct Act {
    index: u32,
    writer: Writer,
    act: AuthorityAct,
}

/// All authority acts, and what they amount to.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    /// In the total order.
    acts: Vec<Act>,
    settled: bool,
    valid: BTreeSet<u32>,
    erased: BTreeSet<EntryId>,
    erased_once: BTreeSet<EntryId>,
    /// Entries that some act, valid or not, says were erased.
    erasures: BTreeSet<EntryId>,
    grants: BTreeMap<ActorId, Vec<usize>>,
    withdrawals: BTreeMap<ActorId, Vec<u32>>,
    revocations: BTreeMap<PublicKey, Vec<u32>>,
}

/// Who wrote an entry, for [`Authority`].
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    /// The person.
    pub author: ActorId,
    /// The device.
    pub device: PublicKey,
    /// Whether the entry is part of the request that founded the journal, on a founder's device.
    pub genesis: bool,
}

impl Authority {
    /// Takes an act in; what it amounts to is settled at the next question.
    pub fn insert(&mut self, dag: &Dag, index: u32, writer: Writer, act: AuthorityAct) {
        if let AuthorityAct::Erased { entry, .. } = &act {
            self.erasures.insert(*entry);
        }
        let key = dag.node(index).key();
        let at = self.acts.partition_point(|a| dag.node(a.index).key() < key);
        self.acts.insert(at, Act { index, writer, act });
        self.settled = false;
    }

    /// To be called when a chain was found to fork: its acts count no more.
    pub fn unsettle(&mut self) {
        self.settled = false;
    }

    /// Whether an act can change the worth of entries already judged: all but a grant.
    pub fn reaches_back(act: &AuthorityAct) -> bool {
        !matches!(act, AuthorityAct::RoleGranted { .. } | AuthorityAct::ErasureAsked { .. })
    }

    /// Whether any act takes authority away.
    pub fn has_strikes(&self) -> bool {
        self.acts.iter().any(|a| Self::reaches_back(&a.act))
    }

    /// The last act in the total order, for `auth_head`.
    pub fn head(&self, dag: &Dag) -> Option<EntryId> {
        self.acts.last().map(|a| dag.node(a.index).id)
    }

    /// Bodies asked to be dropped by one person and dropped by another, both with authority.
    pub fn erased(&mut self, dag: &Dag) -> &BTreeSet<EntryId> {
        self.settle(dag);
        &self.erased
    }

    /// The same, and those whose erasure lost its authority since: a replica may have dropped them in good faith.
    pub fn erased_once(&mut self, dag: &Dag) -> &BTreeSet<EntryId> {
        self.settle(dag);
        &self.erased_once
    }

    /// Whether one entry's body must be dropped; costs nothing where nobody speaks of it.
    pub fn is_erased(&mut self, dag: &Dag, id: &EntryId) -> bool {
        self.erasures.contains(id) && self.erased(dag).contains(id)
    }

    /// Whether an act counts.
    pub fn is_valid(&mut self, dag: &Dag, index: u32) -> bool {
        self.settle(dag);
        self.valid.contains(&index)
    }

    /// What an entry is worth.
    pub fn standing(&mut self, dag: &Dag, index: u32, author: ActorId, device: PublicKey) -> Standing {
        self.settle(dag);
        if dag.is_forked(index) {
            return Standing::Forked;
        }
        if self.device_struck(dag, index, &device) {
            return Standing::DeviceRevoked;
        }
        if self.author_struck(dag, index, &author) {
            return Standing::AuthorRevoked;
        }
        self.rank_at(dag, index, &author).map_or(Standing::NoRole, |rank| Standing::Full { rank })
    }

    fn device_struck(&self, dag: &Dag, index: u32, device: &PublicKey) -> bool {
        let struck = |by: &u32| *by != index && !dag.precedes(index, *by);
        self.revocations.get(device).is_some_and(|all| all.iter().any(struck))
    }

    fn author_struck(&self, dag: &Dag, index: u32, author: &ActorId) -> bool {
        self.withdrawals.get(author).is_some_and(|all| all.iter().any(|by| dag.concurrent(index, *by)))
    }

    /// Rank of an actor as known to an entry (entries of the founding request know its grants).
    fn rank_at(&self, dag: &Dag, index: u32, actor: &ActorId) -> Option<u8> {
        match self.acts[self.grant_at(dag, index, actor)?].act {
            AuthorityAct::RoleGranted { rank, .. } => Some(rank),
            _ => None,
        }
    }

    /// The last valid act about an actor's role that an entry knew.
    fn grant_at(&self, dag: &Dag, index: u32, actor: &ActorId) -> Option<usize> {
        let known = |at: &&usize| {
            let act = &self.acts[**at];
            self.valid.contains(&act.index) && dag.precedes(act.index, index)
        };
        self.grants.get(actor)?.iter().rev().find(known).copied()
    }
}
