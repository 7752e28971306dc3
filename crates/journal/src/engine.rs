//! The journal at work: takes entries in, from here or from elsewhere, and says what each is worth.

use crate::authority::{Authority, AuthorityAct, Standing, Writer};
use crate::batches::{Batches, Held};
use crate::certificate::{ChainOpened, OpeningReason};
use crate::dag::{Dag, Key};
use crate::entry::{BadEntry, Entry};
use crate::header::Header;
use crate::id::{ActorId, ChainId, EntryId, JournalId, PublicKey, RequestId};
use crate::parking::{Parking, Waiting};
use std::collections::{BTreeMap, BTreeSet};

/// The author of what the program itself writes.
pub const PROGRAM: ActorId = ActorId([0; 16]);

/// What became of an entry offered to a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// Taken in, with those that were waiting for it: indexes in order.
    Accepted(Vec<Taken>),
    /// Already here, but without its body, which has come now.
    Completed(Box<Taken>),
    /// Already here.
    Known,
    /// Waits for this entry.
    Parked(EntryId),
    /// Not taken, and why.
    Refused(Refused),
}

/// An entry that has just been taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its index in the graph.
    pub index: u32,
    /// The entry itself.
    pub entry: Entry,
}

/// Why an entry was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is unsound in itself.
    #[error(transparent)]
    Unsound(#[from] BadEntry),
    /// It belongs to another establishment or to another exercise.
    #[error("cette entrée appartient à un autre journal")]
    OtherJournal,
    /// No certificate of this establishment covers its chain: kept aside until the signer is trusted.
    #[error("signataire inconnu de cet établissement")]
    UnknownSigner,
    /// It names a previous entry of another chain or rank.
    #[error("le chaînage est rompu")]
    BrokenLink,
    /// Too many entries or bytes wait already.
    #[error("trop d’entrées en attente de leurs précédentes")]
    TooManyParked,
}

/// One run of entries and the device that writes it.
#[derive(Debug, Clone)]
pub struct Chain {
    /// How it was opened, certificate included.
    pub opened: ChainOpened,
    /// The device's key.
    pub device: PublicKey,
}

/// What the fold must know of an entry besides the graph.
#[derive(Debug, Clone, Copy)]
struct Note {
    author: ActorId,
    request: RequestId,
    part_count: u16,
    program: bool,
    act: bool,
    protected: bool,
    has_body: bool,
}

/// A journal in memory: graph, devices, authority; the contents stay in the store.
#[derive(Debug, Clone)]
pub struct Journal {
    id: JournalId,
    never_erased: &'static [&'static str],
    dag: Dag,
    notes: Vec<Note>,
    chains: BTreeMap<ChainId, Chain>,
    authority: Authority,
    requests: BTreeMap<RequestId, Vec<u32>>,
    batches: Batches,
    parking: Parking,
    folded_to: Option<Key>,
    /// Entries below this index were folded.
    folded_len: u32,
    must_refold: bool,
}

impl Journal {
    /// An empty journal. `never_erased`: kinds whose body can never be dropped (decisions).
    pub fn new(id: JournalId, never_erased: &'static [&'static str]) -> Self {
        Self {
            id,
            never_erased,
            dag: Dag::default(),
            notes: Vec::new(),
            chains: BTreeMap::new(),
            authority: Authority::default(),
            requests: BTreeMap::new(),
            batches: Batches::default(),
            parking: Parking::default(),
            folded_to: None,
            folded_len: 0,
            must_refold: false,
        }
    }

    /// Its id.
    pub fn id(&self) -> JournalId {
        self.id
    }

    /// The causal graph.
    pub fn dag(&self) -> &Dag {
        &self.dag
    }

    /// All chains with their devices.
    pub fn chains(&self) -> &BTreeMap<ChainId, Chain> {
        &self.chains
    }

    /// Entries waiting for a parent.
    pub fn parked(&self) -> impl Iterator<Item = &Entry> {
        self.parking.iter()
    }

    /// Entries of a request, in the order of acceptance.
    pub fn request(&self, request: &RequestId) -> &[u32] {
        self.requests.get(request).map_or(&[], Vec::as_slice)
    }

    /// The author of an entry.
    pub fn author(&self, index: u32) -> ActorId {
        self.notes[index as usize].author
    }

    /// The last authority entry known, for the next header.
    pub fn auth_head(&self) -> Option<EntryId> {
        self.authority.head(&self.dag)
    }

    /// Takes in an entry from elsewhere, wholly checked.
    pub fn offer(&mut self, entry: Entry) -> Offer {
        self.take(entry, true)
    }

    /// Takes in an entry this replica wrote or stored before: form and links are checked, signatures are not
    /// (`verify` checks them all).
    pub fn restore(&mut self, entry: Entry) -> Offer {
        self.take(entry, false)
    }

    fn take(&mut self, entry: Entry, checked: bool) -> Offer {
        let mut ready = vec![Waiting { entry, checked }];
        let mut taken = Vec::new();
        let mut first = None;
        while let Some(next) = ready.pop() {
            let id = next.entry.id;
            let outcome = self.take_one(next, &mut taken);
            if outcome.is_none() {
                ready.extend(self.parking.release(&id));
            }
            first.get_or_insert(outcome);
        }
        first.flatten().unwrap_or(Offer::Accepted(taken))
    }

    /// `None` when taken.
    fn take_one(&mut self, next: Waiting, taken: &mut Vec<Taken>) -> Option<Offer> {
        let Waiting { entry, checked } = next;
        if let Some(index) = self.dag.index(&entry.id) {
            return Some(self.complete(index, entry, checked));
        }
        if self.parking.holds(&entry) {
            return Some(Offer::Known);
        }
        if entry.header.journal != self.id {
            return Some(Offer::Refused(Refused::OtherJournal));
        }
        if checked && let Err(bad) = entry.check() {
            return Some(Offer::Refused(bad.into()));
        }
        if let Some(missing) = self.dag.missing_parent(&entry.header) {
            return Some(self.park(missing, entry, checked));
        }
        if !self.dag.links(&entry.header) {
            return Some(Offer::Refused(Refused::BrokenLink));
        }
        let device = match self.device_of(&entry, checked) {
            Ok(device) => device,
            Err(refused) => return Some(Offer::Refused(refused)),
        };
        if checked && !entry.is_signed_by(&device) {
            return Some(Offer::Refused(BadEntry::Signature.into()));
        }
        taken.push(self.insert(entry, device));
        None
    }

    /// Takes the body of an entry that came without it, or whose erasure does not hold any more.
    fn complete(&mut self, index: u32, entry: Entry, checked: bool) -> Offer {
        let lacks = !self.notes[index as usize].has_body && entry.body.is_some();
        if !lacks || self.is_erased(&entry.id) || (checked && !self.is_sound(&entry)) {
            return Offer::Known;
        }
        self.notes[index as usize].has_body = true;
        self.must_refold |= self.folded_to.is_some();
        Offer::Completed(Box::new(Taken { index, entry }))
    }

    /// Whether an entry of a known chain is whole and signed by its device.
    fn is_sound(&self, entry: &Entry) -> bool {
        let device = self.chains.get(&entry.header.chain).map(|c| c.device);
        entry.check().is_ok() && device.is_some_and(|device| entry.is_signed_by(&device))
    }

    fn park(&mut self, missing: EntryId, entry: Entry, checked: bool) -> Offer {
        let device = self.chains.get(&entry.header.chain).filter(|_| checked).map(|c| c.device);
        if device.is_some_and(|device| !entry.is_signed_by(&device)) {
            return Offer::Refused(BadEntry::Signature.into());
        }
        let waiting = Waiting { entry, checked: checked && device.is_none() };
        if self.parking.put(missing, waiting) { Offer::Parked(missing) } else { Offer::Refused(Refused::TooManyParked) }
    }

    /// The key that must have signed an entry: its chain's, or the one its opening proves.
    fn device_of(&self, entry: &Entry, checked: bool) -> Result<PublicKey, Refused> {
        let header = &entry.header;
        if header.seq > 0 {
            return self.chains.get(&header.chain).map(|c| c.device).ok_or(Refused::UnknownSigner);
        }
        let opened = ChainOpened::of(entry).ok_or(Refused::UnknownSigner)?;
        let device = if checked { opened.proves(header).ok_or(Refused::UnknownSigner)? } else { opened.certificate.device };
        match self.chains.get(&header.chain) {
            Some(known) if known.device != device => Err(Refused::UnknownSigner),
            _ => Ok(device),
        }
    }

    fn insert(&mut self, mut entry: Entry, device: PublicKey) -> Taken {
        let header = &entry.header;
        let was_forked = self.dag.forked_at(&header.chain);
        let index = self.dag.insert(entry.id, header);
        self.requests.entry(header.request).or_default().push(index);
        if header.seq == 0 && !self.chains.contains_key(&header.chain) {
            let opened = ChainOpened::of(&entry);
            self.chains.extend(opened.map(|opened| (header.chain, Chain { opened, device })));
        }
        let act = self.note(&entry, index, device);
        let joined = self.batches.join(&entry.header, index, act);
        let forked = self.dag.forked_at(&entry.header.chain) != was_forked;
        if forked {
            self.authority.unsettle();
        }
        let late = self.folded_to.is_some_and(|to| self.dag.node(index).key() < to);
        let completes_folded = joined.completed.iter().any(|part| *part < self.folded_len);
        let reaches_back = joined.acts.iter().any(|(at, _, act)| self.reaches_back(act, *at, joined.completed.len()));
        self.must_refold |= self.folded_to.is_some() && (late || forked || completes_folded || reaches_back);
        for (at, writer, act) in joined.acts {
            self.authority.insert(&self.dag, at, writer, act);
        }
        if self.is_erased(&entry.id) {
            entry.body = None;
            self.notes[index as usize].has_body = false;
        }
        Taken { index, entry }
    }

    /// Notes what the fold must know of an entry; returns its act of authority, if it is one.
    fn note(&mut self, entry: &Entry, index: u32, device: PublicKey) -> Option<Held> {
        let header = &entry.header;
        let kind = header.kind.as_str();
        let genesis = self.is_founding(header);
        let act = entry.body.as_ref().and_then(|b| AuthorityAct::decode(kind, header.kind_version, &b.bytes));
        self.notes.push(Note {
            author: header.author,
            request: header.request,
            part_count: header.part.count,
            program: header.author == PROGRAM && (genesis || kind.starts_with("journal.")),
            act: act.is_some(),
            protected: header.is_backbone() || self.never_erased.contains(&kind),
            has_body: entry.body.is_some(),
        });
        act.map(|act| (index, Writer { author: header.author, device, genesis }, act))
    }

    /// Whether an act that counts from now on may change the worth of entries judged before: it erases, or somebody had
    /// not heard of it. `siblings`: entries of its own request that came before the last one.
    fn reaches_back(&self, act: &AuthorityAct, index: u32, siblings: usize) -> bool {
        let heads = self.dag.heads();
        let alone = heads.len() == 1 && self.dag.nodes().last().is_some_and(|last| heads.contains(&last.id));
        let since = self.dag.len() - 1 - index as usize;
        let knows_all = alone && since <= siblings;
        match act {
            AuthorityAct::Erased { .. } => true,
            act => Authority::reaches_back(act) && !knows_all,
        }
    }

    /// Whether an entry belongs to the request that opened the founder's first chain.
    fn is_founding(&self, header: &Header) -> bool {
        let Some(chain) = self.chains.get(&header.chain) else { return false };
        let founder = chain.opened.certificate.founder && chain.opened.reason == OpeningReason::Founded;
        let opening = |i: &u32| self.dag.node(*i).seq == 0 && self.dag.node(*i).chain == header.chain;
        founder && self.request(&header.request).iter().any(opening)
    }

    /// What an entry is worth. A body that [`Journal::is_erased`] must be left out of the fold.
    pub fn standing(&mut self, index: u32) -> Standing {
        let note = self.notes[index as usize];
        let chain = self.dag.node(index).chain;
        if !self.batches.is_whole(chain, note.request, note.part_count) {
            return Standing::Partial;
        }
        let Some(device) = self.chains.get(&chain).map(|c| c.device) else { return Standing::NoRole };
        let standing = self.authority.standing(&self.dag, index, note.author, device);
        match standing {
            Standing::NoRole if note.program || self.authority.is_valid(&self.dag, index) => Standing::Program,
            // A role may be too low for what it signed.
            Standing::Full { .. } if note.act && !self.authority.is_valid(&self.dag, index) => Standing::NoRole,
            other => other,
        }
    }

    /// Whether two signers had this entry's body dropped.
    pub fn is_erased(&mut self, id: &EntryId) -> bool {
        self.authority.is_erased(&self.dag, id) && !self.is_protected(id)
    }

    fn is_protected(&self, id: &EntryId) -> bool {
        self.dag.index(id).is_some_and(|index| self.notes[index as usize].protected)
    }

    /// Entries whose body must be dropped.
    pub fn erased(&mut self) -> BTreeSet<EntryId> {
        let erased = self.authority.erased(&self.dag).clone();
        erased.into_iter().filter(|id| !self.is_protected(id)).collect()
    }

    /// The same, and entries whose body a replica may have dropped in good faith before it knew that one of the two
    /// signers had lost their authority. If another replica still has it, it comes back.
    pub fn erased_once(&mut self) -> BTreeSet<EntryId> {
        let erased = self.authority.erased_once(&self.dag).clone();
        erased.into_iter().filter(|id| !self.is_protected(id)).collect()
    }

    /// Whether an entry is here without its body. Of several entries offered together these come last: an act among the
    /// others may say that they are not erased any more.
    pub fn lacks_body(&self, id: &EntryId) -> bool {
        self.dag.index(id).is_some_and(|index| !self.notes[index as usize].has_body)
    }

    /// Entries whose body is still here and must be dropped now; from then on it counts as gone.
    pub fn drop_erased(&mut self) -> Vec<EntryId> {
        let mut dropped = Vec::new();
        for id in self.erased() {
            if let Some(index) = self.dag.index(&id)
                && std::mem::take(&mut self.notes[index as usize].has_body)
            {
                dropped.push(id);
            }
        }
        dropped
    }

    /// To be called when the fold has applied everything accepted so far.
    pub fn mark_folded(&mut self) {
        self.folded_to = self.dag.nodes().iter().map(crate::dag::Node::key).max().max(self.folded_to);
        self.folded_len = u32::try_from(self.dag.len()).unwrap_or(u32::MAX);
        self.must_refold = false;
    }

    /// The same when only `index` was added since, by this replica, knowing everything.
    pub fn mark_folded_to(&mut self, index: u32) {
        self.folded_to = Some(self.dag.node(index).key()).max(self.folded_to);
        self.folded_len = self.folded_len.max(index + 1);
    }

    /// Whether something accepted since then changes what was already applied.
    pub fn must_refold(&self) -> bool {
        self.must_refold
    }

    /// Whether anything ever took authority or words away (a fork, a withdrawal, a revocation, an erasure): entries
    /// folded before it was known must be folded again.
    pub fn has_reached_back(&self) -> bool {
        self.authority.has_strikes() || self.dag.chains().any(|chain| self.dag.forked_at(chain).is_some())
    }

    /// Indexes of all entries in the total order.
    pub fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..u32::try_from(self.dag.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by_key(|index| self.dag.node(*index).key());
        order
    }
}
