//! An establishment for tests: fixed keys, fixed chance, as many desks as asked for, and a fold that forgets nothing.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by several test programs, none of which uses it all"
)]

use journal::certificate::{Certificate, ChainOpened, Mode, OpeningReason, Origin, chain_id};
use journal::entry::sha256;
use journal::write::{Author, Circumstances, Draft, Pen};
use journal::{
    ActorId, Auth, AuthorityAct, Entry, EntryId, Fold, Hash, Header, Journal, JournalId, Nonce, Offer, PublicKey, RequestId,
    Seen, SigningKey, Standing, SubjectId, Taken, fold,
};
use std::collections::BTreeMap;

pub const NOON: i64 = 1_800_000_000_000;
pub const DIRECTOR: ActorId = ActorId([1; 16]);
pub const ADMIN: ActorId = ActorId([2; 16]);
pub const OTHER_ADMIN: ActorId = ActorId([3; 16]);
pub const MEMBER: ActorId = ActorId([4; 16]);
pub const NOBODY: ActorId = ActorId([9; 16]);

pub fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

pub fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

pub fn root() -> SigningKey {
    key(200)
}

pub fn origin() -> Origin {
    Origin { root: public(&root()), mode: Mode::Exercise, nonce: Nonce([7; 16]) }
}

pub fn house() -> JournalId {
    origin().journal_id()
}

pub fn opening(device: &SigningKey, founder: bool) -> ChainOpened {
    let reason = if founder { OpeningReason::Founded } else { OpeningReason::NewDevice };
    let certificate = Certificate::issue(&root(), public(device), "poste", NOON, founder);
    ChainOpened { origin: origin(), branch_of: Vec::new(), certificate, reason, lost: None }
}

pub fn grant(actor: ActorId, rank: u8) -> AuthorityAct {
    AuthorityAct::RoleGranted { actor, role: "role".to_owned(), rank }
}

pub fn withdraw(actor: ActorId) -> AuthorityAct {
    AuthorityAct::RoleWithdrawn { actor, reason: "test".to_owned() }
}

pub fn note(text: &str) -> Draft {
    Draft::json("crisis.entry_logged", SubjectId([5; 16]), &text)
}

pub fn decision(text: &str) -> Draft {
    Draft::json("crisis.decision_taken", SubjectId([5; 16]), &text)
}

pub fn person(actor: ActorId) -> Author {
    Author { actor, auth: Auth::Password }
}

/// Remembers every entry in the order applied, with its worth and its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub Vec<(EntryId, String, Option<Vec<u8>>)>);

impl Fold for Tally {
    const NEVER_ERASED: &'static [&'static str] = &["crisis.decision_taken"];

    fn apply(&mut self, entry: &Seen<'_>) {
        self.0.push((entry.id, format!("{:?}", entry.standing), entry.body.map(<[u8]>::to_vec)));
    }

    fn root(&self) -> Hash {
        sha256(format!("{:?}", self.0).as_bytes())
    }
}

/// A replica with its pen; keeps up its fold as the store does, without a disk.
#[derive(Clone)]
pub struct Desk {
    pub journal: Journal,
    pub pen: Pen,
    pub state: Tally,
    pub stored: BTreeMap<EntryId, Entry>,
    pub wall: i64,
    chance: u64,
}

impl Desk {
    /// A desk that has not opened its chain.
    pub fn blank(n: u8) -> Self {
        let device = key(n);
        let chain = chain_id(&public(&device), &RequestId([n; 16]));
        Self {
            journal: Journal::new(house(), Tally::NEVER_ERASED),
            pen: Pen { device, chain },
            state: Tally::default(),
            stored: BTreeMap::new(),
            wall: NOON,
            chance: u64::from(n) << 32,
        }
    }

    /// Founds the establishment: a director, two administrators and a member.
    pub fn founder() -> Self {
        let mut desk = Self::blank(1);
        let acts = [grant(DIRECTOR, 80), grant(ADMIN, 60), grant(OTHER_ADMIN, 60), grant(MEMBER, 20)];
        let drafts = std::iter::once(Draft::of_opening(&opening(&desk.pen.device, true)));
        desk.batch(Author::PROGRAM, RequestId([1; 16]), drafts.chain(acts.iter().map(Draft::of_act)).collect());
        desk
    }

    /// A desk enrolled after learning all that `teacher` knows.
    pub fn enrolled(n: u8, teacher: &Desk) -> Self {
        let mut desk = Self::blank(n);
        desk.learn_all(teacher);
        let opened = Draft::of_opening(&opening(&desk.pen.device, false));
        desk.batch(Author::PROGRAM, RequestId([n; 16]), vec![opened]);
        desk
    }

    pub fn random(&mut self) -> [u8; 16] {
        self.chance += 1;
        let mut out = [0; 16];
        out.copy_from_slice(&sha256(&self.chance.to_be_bytes()).0[..16]);
        out
    }

    pub fn batch(&mut self, author: Author, request: RequestId, drafts: Vec<Draft>) -> Vec<Entry> {
        self.wall += 1_000;
        let mut chance = self.random();
        let mut random = |bytes: &mut [u8]| {
            chance = sha256(&chance).0[..16].try_into().unwrap();
            bytes.copy_from_slice(&chance[..bytes.len()]);
        };
        let mut now = Circumstances { wall_ms: self.wall, random: &mut random };
        let taken = self.pen.clone().write(&mut self.journal, author, request, drafts, &mut now);
        for one in &taken {
            fold::apply(&mut self.state, &mut self.journal, one.index, &one.entry);
            self.stored.insert(one.entry.id, one.entry.clone());
        }
        if let Some(last) = taken.last() {
            self.journal.mark_folded_to(last.index);
        }
        self.refold_if_needed();
        taken.into_iter().map(|t| t.entry).collect()
    }

    pub fn write(&mut self, actor: ActorId, draft: Draft) -> Entry {
        let request = RequestId(self.random());
        self.batch(person(actor), request, vec![draft]).remove(0)
    }

    pub fn act(&mut self, actor: ActorId, act: &AuthorityAct) -> Entry {
        self.write(actor, Draft::of_act(act))
    }

    /// Takes in entries as a merge does (without writing an entry of its own).
    pub fn learn<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>) -> Vec<Offer> {
        let offers: Vec<Offer> = entries.into_iter().map(|e| self.journal.offer(e.clone())).collect();
        let mut taken: Vec<Taken> = Vec::new();
        for offer in &offers {
            match offer {
                Offer::Accepted(more) => taken.extend(more.iter().cloned()),
                Offer::Completed(one) => taken.push(Taken::clone(one)),
                _ => {}
            }
        }
        for one in &taken {
            self.stored.insert(one.entry.id, one.entry.clone());
        }
        if !self.refold_if_needed() {
            fold::absorb(&mut self.state, &mut self.journal, taken);
        }
        offers
    }

    pub fn learn_all(&mut self, from: &Desk) -> Vec<Offer> {
        self.learn(&from.entries())
    }

    fn refold_if_needed(&mut self) -> bool {
        let must = self.journal.must_refold();
        if must {
            for id in self.journal.drop_erased() {
                self.stored.get_mut(&id).unwrap().body = None;
            }
            self.state = self.refolded();
            self.journal.mark_folded();
        }
        must
    }

    /// The fold of everything from nothing.
    pub fn refolded(&mut self) -> Tally {
        let mut state = Tally::default();
        for index in self.journal.order() {
            let entry = self.stored[&self.journal.dag().node(index).id].clone();
            fold::apply(&mut state, &mut self.journal, index, &entry);
        }
        state
    }

    /// All entries in the order of acceptance, which is causal.
    pub fn entries(&self) -> Vec<Entry> {
        self.journal.dag().nodes().iter().map(|n| self.stored[&n.id].clone()).collect()
    }

    pub fn standing(&mut self, entry: &Entry) -> Standing {
        let index = self.journal.dag().index(&entry.id).unwrap();
        self.journal.standing(index)
    }

    /// Signs an entry by hand, as a hostile program with this desk's key would.
    pub fn forge(&mut self, draft: Draft, author: ActorId, shape: impl FnOnce(&mut Header)) -> Entry {
        let dag = self.journal.dag();
        let tip = dag.tip(&self.pen.chain).cloned();
        let body = journal::Body { salt: [3; 16], bytes: draft.body };
        let mut header = Header {
            journal: house(),
            chain: self.pen.chain,
            seq: tip.as_ref().map_or(0, |t| t.seq + 1),
            prev: tip.as_ref().map(|t| t.id),
            deps: Vec::new(),
            auth_head: None,
            hlc: journal::clock::hlc(self.wall, dag.highest_ord()),
            wall: self.wall,
            author,
            auth: Auth::Password,
            kind: draft.kind,
            kind_version: draft.kind_version,
            subject: draft.subject,
            request: RequestId([0; 16]),
            part: journal::header::Part::ONLY,
            body_hash: body.hash(),
            body_len: u32::try_from(body.bytes.len()).unwrap(),
            blobs: Vec::new(),
        };
        header.request = RequestId(self.random());
        shape(&mut header);
        Entry::sign(header, body, &self.pen.device)
    }
}

/// Three desks that know each other: the founder's and two more.
pub fn three_desks() -> [Desk; 3] {
    let mut first = Desk::founder();
    let second = Desk::enrolled(2, &first);
    first.learn_all(&second);
    let mut third = Desk::enrolled(3, &first);
    first.learn_all(&third);
    let mut second = second;
    second.learn_all(&first);
    third.learn_all(&first);
    [first, second, third]
}

/// Gives every desk everything until nothing changes.
pub fn meet(desks: &mut [Desk]) {
    for _ in 0..2 {
        for at in 0..desks.len() {
            let all: Vec<Entry> = desks.iter().flat_map(Desk::entries).collect();
            desks[at].learn(&all);
        }
    }
}
