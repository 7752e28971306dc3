//! Bytes as a history: the graph, the batches, the authority and the fold of a journal under anything that three
//! devices could sign. Signatures are left out: they are checked elsewhere, and would hide the rest.

use journal::certificate::{Certificate, ChainOpened, Mode, OpeningReason, Origin, chain_id};
use journal::entry::{BODY_BYTES_MAX, entry_id};
use journal::fold;
use journal::header::Part;
use journal::write::Draft;
use journal::{
    ActorId, Auth, AuthorityAct, Body, ChainId, Entry, EntryId, Fold, Hash, Header, Journal, JournalId, Nonce, Offer, PublicKey,
    RequestId, Seen, Signature, SubjectId, Taken,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Most entries read from one input.
const ENTRIES_MAX: usize = 64;
/// Bytes that describe one entry.
const ENTRY_LEN: usize = 8;
const DEVICES: u8 = 3;
const ACTORS: u8 = 5;

/// Remembers what it was shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shown(Vec<(EntryId, String, bool)>);

impl Fold for Shown {
    const NEVER_ERASED: &'static [&'static str] = &["kept.kind"];

    fn apply(&mut self, entry: &Seen<'_>) {
        self.0.push((entry.id, format!("{:?}", entry.standing), entry.body.is_some()));
    }

    fn root(&self) -> Hash {
        journal::entry::sha256(format!("{:?}", self.0).as_bytes())
    }
}

/// What all scripts start with: the keys are signed once, signing being slow.
struct House {
    origin: Origin,
    openings: Vec<(ChainId, RequestId, ChainOpened)>,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let key = |n: u8| journal::SigningKey::from_bytes(&[n; 32]);
    let public = |n: u8| PublicKey(key(n).verifying_key().to_bytes());
    let origin = Origin { root: public(100), mode: Mode::Exercise, nonce: Nonce([0; 16]) };
    let opening = |n: u8| {
        let request = RequestId([n; 16]);
        let certificate = Certificate::issue(&key(100), public(n), "poste", 0, n == 0);
        let reason = if n == 0 { OpeningReason::Founded } else { OpeningReason::NewDevice };
        let opened = ChainOpened { origin, branch_of: Vec::new(), certificate, reason, lost: None };
        (chain_id(&public(n), &request), request, opened)
    };
    House { origin, openings: (0..DEVICES).map(opening).collect() }
});

struct Script {
    journal: JournalId,
    entries: Vec<Entry>,
}

impl Script {
    fn founded() -> Self {
        let mut script = Self { journal: HOUSE.origin.journal_id(), entries: Vec::new() };
        let grant = |actor: u8, rank: u8| AuthorityAct::RoleGranted { actor: actor_of(actor), role: String::new(), rank };
        let acts = [Draft::of_act(&grant(1, 80)), Draft::of_act(&grant(2, 60)), Draft::of_act(&grant(3, 20))];
        let opening = Draft::of_opening(&HOUSE.openings[0].2);
        for (index, draft) in (0u16..).zip(std::iter::once(opening).chain(acts)) {
            let prev = script.entries.len().checked_sub(1);
            script.sign(0, draft, ActorId([0; 16]), prev, Vec::new(), 1, Some((HOUSE.openings[0].1, Part { index, count: 4 })));
        }
        for device in 1..DEVICES {
            let (_, request, opened) = &HOUSE.openings[usize::from(device)];
            let known = vec![script.entries[3].id];
            let batch = Some((*request, Part::ONLY));
            script.sign(device, Draft::of_opening(opened), ActorId([0; 16]), None, known, 1, batch);
        }
        script
    }

    #[expect(clippy::too_many_arguments, reason = "one entry has as many parts")]
    fn sign(
        &mut self,
        device: u8,
        draft: Draft,
        author: ActorId,
        prev: Option<usize>,
        mut deps: Vec<EntryId>,
        hlc: u64,
        batch: Option<(RequestId, Part)>,
    ) {
        let prev = prev.map(|at| &self.entries[at]);
        let (prev_id, seq) = (prev.map(|p| p.id), prev.map_or(0, |p| p.header.seq + 1));
        deps.retain(|id| Some(*id) != prev_id);
        deps.sort_unstable();
        deps.dedup();
        let mut salt = [0; 16];
        salt[..8].copy_from_slice(&(self.entries.len() as u64).to_be_bytes());
        let body = Body { salt, bytes: draft.body };
        let (request, part) = batch.unwrap_or((RequestId(salt), Part::ONLY));
        let header = Header {
            journal: self.journal,
            chain: HOUSE.openings[usize::from(device)].0,
            seq,
            prev: prev_id,
            deps,
            auth_head: None,
            hlc,
            wall: 0,
            author,
            auth: Auth::None,
            kind: draft.kind,
            kind_version: draft.kind_version,
            subject: draft.subject,
            request,
            part,
            body_hash: body.hash(),
            body_len: u32::try_from(body.bytes.len().min(BODY_BYTES_MAX)).unwrap_or(0),
            blobs: Vec::new(),
        };
        let header_bytes = header.encode();
        let id = entry_id(&header_bytes);
        self.entries.push(Entry { id, header, header_bytes, signature: Signature([0; 64]), body: Some(body) });
    }

    /// One entry from a few bytes: device, author, what, about whom, after which, knowing which, when, in which batch.
    fn play(&mut self, bytes: &[u8]) {
        let [device, author, what, about, after, knowing, when, batch] = *bytes else { return };
        let device = device % DEVICES;
        let chain = HOUSE.openings[usize::from(device)].0;
        let own: Vec<usize> = (0..self.entries.len()).filter(|at| self.entries[*at].header.chain == chain).collect();
        // Mostly after the last of its chain; else a fork.
        let prev = if after < 230 { own.last() } else { own.get(usize::from(after) % own.len().max(1)) }.copied();
        let all = self.entries.len();
        let at = |n: u8| self.entries[usize::from(n) % all].id;
        let deps = match knowing {
            0..100 => self.entries.iter().map(|e| e.id).collect::<Vec<_>>().split_off(all.saturating_sub(4)),
            100..180 => vec![at(knowing), at(knowing.wrapping_mul(7))],
            _ => Vec::new(),
        };
        let draft = self.draft(what, about);
        let batch = (batch < 80).then_some((RequestId([batch % 4; 16]), Part { index: u16::from(batch / 4 % 3), count: 3 }));
        let batch = batch.map(|(request, part)| (RequestId([request.0[0] | 0x80; 16]), part));
        self.sign(device, draft, actor_of(author), prev, deps, u64::from(when) << 16, batch);
    }

    fn draft(&self, what: u8, about: u8) -> Draft {
        let entry = |n: u8| self.entries[usize::from(n) % self.entries.len()].id;
        let asked = |e: &&Entry| e.header.kind == AuthorityAct::KINDS[3];
        let act = match what % 8 {
            0 => AuthorityAct::RoleGranted { actor: actor_of(about), role: String::new(), rank: about },
            1 => AuthorityAct::RoleWithdrawn { actor: actor_of(about), reason: String::new() },
            2 => AuthorityAct::DeviceRevoked { device: device_of(about), reason: String::new() },
            3 => AuthorityAct::ErasureAsked { entry: entry(about), reason: String::new() },
            4 => match self.entries.iter().rev().find(asked).map(|e| (e.id, e.body.as_ref())) {
                Some((asked, Some(body))) => match AuthorityAct::decode(AuthorityAct::KINDS[3], 1, &body.bytes) {
                    Some(AuthorityAct::ErasureAsked { entry, .. }) => AuthorityAct::Erased { entry, asked },
                    _ => AuthorityAct::Erased { entry: entry(about), asked },
                },
                _ => AuthorityAct::Erased { entry: entry(about), asked: entry(about) },
            },
            5 => return Draft::json("kept.kind", SubjectId([0; 16]), &0),
            _ => return Draft::json("plain.kind", SubjectId([0; 16]), &0),
        };
        Draft::of_act(&act)
    }
}

fn actor_of(n: u8) -> ActorId {
    ActorId([1 + n % ACTORS; 16])
}

fn device_of(n: u8) -> PublicKey {
    HOUSE.openings[usize::from(n % DEVICES)].2.certificate.device
}

/// A replica without a disk, folding as it goes.
struct Desk {
    journal: Journal,
    state: Shown,
    stored: BTreeMap<EntryId, Entry>,
}

impl Desk {
    fn merge<'a>(&mut self, entries: impl Iterator<Item = &'a Entry>) {
        let mut taken: Vec<Taken> = Vec::new();
        for entry in entries {
            match self.journal.restore(entry.clone()) {
                Offer::Accepted(more) => taken.extend(more),
                Offer::Completed(one) => taken.push(*one),
                Offer::Known | Offer::Parked(_) => {}
                Offer::Refused(why) => panic!("refused: {why}"),
            }
        }
        self.stored.extend(taken.iter().map(|one| (one.entry.id, one.entry.clone())));
        if !self.journal.must_refold() {
            return fold::absorb(&mut self.state, &mut self.journal, taken);
        }
        for id in self.journal.drop_erased() {
            if let Some(entry) = self.stored.get_mut(&id) {
                entry.body = None;
            }
        }
        self.state = self.refolded();
        self.journal.mark_folded();
    }

    fn is_as_from_nothing(&mut self) {
        let from_nothing = self.refolded();
        assert_eq!(self.state, from_nothing, "folding as one goes is folding from nothing");
    }

    fn refolded(&mut self) -> Shown {
        let mut state = Shown::default();
        for index in self.journal.order() {
            let entry = &self.stored[&self.journal.dag().node(index).id];
            fold::apply(&mut state, &mut self.journal, index, entry);
        }
        state
    }
}

/// The same entries in two orders of arrival, cut into merges, give the same state, which is the fold from nothing.
pub(crate) fn journal_take(data: &[u8]) {
    let Some((cut, rest)) = data.split_first() else { return };
    let mut script = Script::founded();
    rest.chunks(ENTRY_LEN).take(ENTRIES_MAX).for_each(|bytes| script.play(bytes));
    let cut = 1 + usize::from(cut % 8);
    let blank =
        || Desk { journal: Journal::new(script.journal, Shown::NEVER_ERASED), state: Shown::default(), stored: BTreeMap::new() };
    let (mut forwards, mut backwards) = (blank(), blank());
    for merge in script.entries.chunks(cut) {
        forwards.merge(merge.iter());
        forwards.is_as_from_nothing();
    }
    for merge in script.entries.rchunks(cut) {
        backwards.merge(merge.iter());
        backwards.is_as_from_nothing();
    }
    for desk in [&mut forwards, &mut backwards] {
        desk.merge(script.entries.iter());
        assert_eq!(desk.journal.parked().count(), 0);
        assert_eq!(desk.journal.dag().len(), script.entries.len());
    }
    assert_eq!(forwards.state, backwards.state, "same entries, same state");
}
