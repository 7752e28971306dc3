//! Verification: recomputes everything that was stored and names what does not hold.
//!
//! Fed with stored rows in the order of their numbers, it checks each one alone (form, id, signature, body), then all
//! together (previous entries, dependencies, order, batches, lawful erasures). Forks, revoked devices and clocks are
//! not flaws: they are kept and badged.

use crate::certificate::ChainOpened;
use crate::engine::Journal;
use crate::entry::{BODY_BYTES_MAX, Body, Entry, entry_id, is_signed};
use crate::header::{Header, Part};
use crate::id::{ChainId, EntryId, JournalId, PublicKey, RequestId, Signature};
use std::collections::{BTreeMap, BTreeSet};

/// A row as found in the store.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// Its number.
    pub row: i64,
    /// The id it claims.
    pub id: Vec<u8>,
    /// The signed bytes.
    pub header: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// Salt and body, unless dropped.
    pub body: Option<(Vec<u8>, Vec<u8>)>,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Flaw {
    /// The id is not the hash of the header.
    #[error("l’en-tête a été modifié : son empreinte n’est plus celle de l’entrée")]
    Id,
    /// The header cannot be read.
    #[error("l’en-tête est illisible ({0})")]
    Header(String),
    /// Another establishment's or exercise's.
    #[error("l’entrée appartient à un autre journal")]
    OtherJournal,
    /// The chain has no valid certificate.
    #[error("aucun poste enrôlé par l’établissement ne répond de cette chaîne")]
    NoCertificate,
    /// The signature is not the device's.
    #[error("la signature est fausse : l’entrée n’a pas été écrite par le poste qu’elle nomme")]
    Signature,
    /// The body or its salt was changed.
    #[error("le texte ou son sel a été modifié après signature")]
    Body,
    /// The body is gone, or never came, and nobody lawfully erased it.
    #[error("le texte manque, sans effacement signé par deux personnes")]
    BodyMissing,
    /// An entry it follows is gone.
    #[error("une entrée qui la précède a disparu : {0}")]
    Missing(EntryId),
    /// Its rank does not follow its predecessor's.
    #[error("le chaînage est rompu : elle ne suit pas l’entrée qu’elle nomme")]
    Link,
    /// It stands before an entry it follows.
    #[error("l’ordre des lignes a été changé : elle est rangée avant une entrée qu’elle suit")]
    Order,
    /// It ends its chain and part of its request is missing: the end was cut, or has not come yet.
    #[error(
        "il manque une partie de la saisie à laquelle elle appartient : la fin de la chaîne a été coupée, ou n’est pas encore arrivée"
    )]
    Batch,
    /// It stands among those that wait for an entry, and that entry is here.
    #[error("l’entrée est rangée parmi celles qui en attendent une autre, alors que rien ne lui manque")]
    Waiting,
    /// The same entry twice.
    #[error("l’entrée figure deux fois")]
    Twice,
    /// A column beside the signed bytes says something else.
    #[error("la colonne « {0} » ne dit pas ce qui a été signé")]
    Column(&'static str),
    /// The row cannot be read from the file.
    #[error("la ligne est illisible dans le fichier ({0})")]
    Unreadable(String),
    /// An attachment is gone or is not the one that was signed.
    #[error("la pièce jointe {0} a disparu ou a été modifiée")]
    Blob(String),
    /// A later witness knows an entry that is not here.
    #[error("un témoin ({0}) connaît cette entrée, absente d’ici : la fin du journal a été coupée ou réécrite")]
    Witness(String),
}

/// One flaw and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Row number in the store, when there is a row.
    pub row: Option<i64>,
    /// The entry, as far as it is known.
    pub entry: Option<EntryId>,
    /// Its chain and rank, as far as they are known.
    pub place: Option<(ChainId, u64)>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Report {
    /// Rows examined.
    pub entries: usize,
    /// Flaws, in the order of rows; empty when whole.
    pub findings: Vec<Finding>,
    /// Ids of all entries found under their own hash.
    pub ids: BTreeSet<EntryId>,
    /// Chains that fork, with the first forked rank.
    pub forks: Vec<(ChainId, u64)>,
    /// Bodies lawfully erased.
    pub erased: usize,
    /// Attachments that entries name.
    pub blobs: BTreeMap<crate::id::Hash, (u64, EntryId)>,
}

#[derive(Clone)]
struct Line {
    row: i64,
    id: EntryId,
    chain: ChainId,
    seq: u64,
    parents: Vec<EntryId>,
    prev: Option<EntryId>,
    request: RequestId,
    part: Part,
    has_body: bool,
}

/// Checks a journal row by row.
#[derive(Clone)]
pub struct Verifier {
    journal: Journal,
    devices: BTreeMap<ChainId, PublicKey>,
    unsigned: Vec<(usize, Signature)>,
    lines: Vec<Line>,
    parked: Vec<Entry>,
    report: Report,
}

impl Verifier {
    /// A verifier for one journal. `never_erased`: as for [`Journal::new`].
    pub fn new(journal: JournalId, never_erased: &'static [&'static str]) -> Self {
        let report = Report {
            entries: 0,
            findings: Vec::new(),
            ids: BTreeSet::new(),
            forks: Vec::new(),
            erased: 0,
            blobs: BTreeMap::new(),
        };
        let journal = Journal::new(journal, never_erased);
        Self { journal, devices: BTreeMap::new(), unsigned: Vec::new(), lines: Vec::new(), parked: Vec::new(), report }
    }

    fn find(&mut self, row: Option<i64>, entry: Option<EntryId>, place: Option<(ChainId, u64)>, flaw: Flaw) {
        self.report.findings.push(Finding { row, entry, place, flaw });
    }

    /// Adds what the store itself noticed about a row.
    pub fn note(&mut self, row: Option<i64>, entry: Option<EntryId>, flaw: Flaw) {
        self.find(row, entry, None, flaw);
    }

    /// Rank in time of an entry examined so far, as its signed header and its past give it.
    pub fn ord(&self, id: &EntryId) -> Option<u64> {
        let dag = self.journal.dag();
        dag.index(id).map(|index| dag.node(index).ord)
    }

    /// Examines one row.
    pub fn row(&mut self, stored: Stored) {
        self.report.entries += 1;
        let (row, has_body) = (stored.row, stored.body.is_some());
        if let Some(entry) = self.read(Some(row), stored) {
            self.admit(row, entry, has_body);
        }
    }

    /// Examines an entry that waits for one it follows.
    pub fn parked(&mut self, stored: Stored) {
        let entry = self.read(None, stored);
        self.parked.extend(entry);
    }

    /// Reads a row and names what is wrong with it alone; `None` when it cannot pass for any entry.
    fn read(&mut self, row: Option<i64>, stored: Stored) -> Option<Entry> {
        let claimed = EntryId::from_slice(&stored.id);
        let id = entry_id(&stored.header);
        let header = match Header::decode(&stored.header) {
            Ok(header) => header,
            Err(bad) => {
                self.find(row, claimed, None, Flaw::Header(bad.to_string()));
                return None;
            }
        };
        let place = Some((header.chain, header.seq));
        let (signature, body) = (Signature::from_slice(&stored.signature), Self::body(&stored, &header));
        let spoilt = body.is_err();
        let signed = signature.unwrap_or(Signature([0; Signature::LEN]));
        let entry = Entry { id, header, header_bytes: stored.header, signature: signed, body: body.unwrap_or_default() };
        let flaw = match () {
            // A sound signature tells which of the two was changed; other entries know it by the other.
            () if claimed != Some(id) && self.is_authentic(&entry) => (Some(id), Flaw::Column("id")),
            () if claimed != Some(id) => (claimed.or(Some(id)), Flaw::Id),
            () if entry.header.journal != self.journal.id() => (Some(id), Flaw::OtherJournal),
            () if signature.is_none() => (Some(id), Flaw::Signature),
            () if spoilt => (Some(id), Flaw::Body),
            () => return Some(entry),
        };
        let goes_on = matches!(flaw.1, Flaw::Column(_) | Flaw::Body);
        self.find(row, flaw.0, place, flaw.1);
        goes_on.then_some(entry)
    }

    fn is_authentic(&self, entry: &Entry) -> bool {
        let proven = || ChainOpened::of(entry).and_then(|opened| opened.proves(&entry.header));
        let device = self.devices.get(&entry.header.chain).copied().or_else(proven);
        device.is_some_and(|device| entry.is_signed_by(&device))
    }

    fn body(stored: &Stored, header: &Header) -> Result<Option<Body>, Flaw> {
        let Some((salt, bytes)) = &stored.body else { return Ok(None) };
        let salt = salt.as_slice().try_into().map_err(|_| Flaw::Body)?;
        let body = Body { salt, bytes: bytes.clone() };
        let same = bytes.len() <= BODY_BYTES_MAX && bytes.len() == header.body_len as usize && body.hash() == header.body_hash;
        if same { Ok(Some(body)) } else { Err(Flaw::Body) }
    }

    fn admit(&mut self, row: i64, entry: Entry, has_body: bool) {
        let header = &entry.header;
        let (id, chain, seq) = (entry.id, header.chain, header.seq);
        if !self.report.ids.insert(id) {
            return self.find(Some(row), Some(id), Some((chain, seq)), Flaw::Twice);
        }
        // With its words, an entry's attachments are erased.
        for blob in header.blobs.iter().filter(|_| has_body) {
            self.report.blobs.insert(blob.hash, (blob.len, id));
        }
        if let Some(device) = ChainOpened::of(&entry).and_then(|opened| opened.proves(header)) {
            self.devices.insert(chain, device);
        }
        self.lines.push(Line {
            row,
            id,
            chain,
            seq,
            parents: header.prev.iter().chain(&header.deps).copied().collect(),
            prev: header.prev,
            request: header.request,
            part: header.part,
            has_body,
        });
        match self.devices.get(&chain) {
            // What cannot be linked is named by `links` below; here it only does not count.
            Some(device) if entry.is_signed_by(device) => _ = self.journal.restore(entry),
            Some(_) => {
                self.find(Some(row), Some(id), Some((chain, seq)), Flaw::Signature);
                // It keeps its place, for those that follow it, and grants or erases nothing.
                let body = entry.body.filter(|_| seq == 0);
                _ = self.journal.restore(Entry { body, ..entry });
            }
            None => self.unsigned.push((self.lines.len() - 1, entry.signature)),
        }
    }

    /// Examines all rows together and concludes.
    pub fn finish(mut self) -> Report {
        self.late_signatures();
        let lines = std::mem::take(&mut self.lines);
        self.links(&lines);
        self.batches(&lines);
        self.waiting();
        let erased = self.journal.erased_once();
        for line in lines.iter().filter(|l| !l.has_body) {
            if erased.contains(&line.id) {
                self.report.erased += 1;
            } else {
                self.find(Some(line.row), Some(line.id), Some((line.chain, line.seq)), Flaw::BodyMissing);
            }
        }
        let forked = |chain: &ChainId| self.journal.dag().forked_at(chain).map(|seq| (*chain, seq));
        self.report.forks = self.journal.dag().chains().filter_map(forked).collect();
        self.report.findings.sort_by_key(|f| f.row.unwrap_or(i64::MAX));
        self.report
    }

    /// Those that wait: of a known device they are signed by it, and something they follow is not here.
    fn waiting(&mut self) {
        for entry in std::mem::take(&mut self.parked) {
            let forged = self.devices.get(&entry.header.chain).is_some_and(|device| !entry.is_signed_by(device));
            let complete = entry.header.prev.iter().chain(&entry.header.deps).all(|id| self.report.ids.contains(id));
            let flaw = match (forged, complete) {
                (true, _) => Flaw::Signature,
                (_, true) => Flaw::Waiting,
                _ => continue,
            };
            self.find(None, Some(entry.id), Some((entry.header.chain, entry.header.seq)), flaw);
        }
    }

    fn late_signatures(&mut self) {
        for (at, signature) in std::mem::take(&mut self.unsigned) {
            let (row, id, chain, seq) = (self.lines[at].row, self.lines[at].id, self.lines[at].chain, self.lines[at].seq);
            let flaw = match self.devices.get(&chain) {
                Some(device) if is_signed(device, &id.0, &signature) => continue,
                Some(_) => Flaw::Signature,
                None => Flaw::NoCertificate,
            };
            self.find(Some(row), Some(id), Some((chain, seq)), flaw);
        }
    }

    fn links(&mut self, lines: &[Line]) {
        let known: BTreeMap<EntryId, &Line> = lines.iter().map(|l| (l.id, l)).collect();
        for line in lines {
            let here = (Some(line.row), Some(line.id), Some((line.chain, line.seq)));
            for parent in &line.parents {
                match known.get(parent) {
                    None => self.find(here.0, here.1, here.2, Flaw::Missing(*parent)),
                    Some(p) if p.row > line.row => self.find(here.0, here.1, here.2, Flaw::Order),
                    Some(_) => {}
                }
            }
            let follows = |p: &&Line| p.chain == line.chain && p.seq + 1 == line.seq;
            if line.prev.and_then(|p| known.get(&p).copied()).is_some_and(|p| !follows(&p)) {
                self.find(here.0, here.1, here.2, Flaw::Link);
            }
        }
    }

    /// Requests cut at the end of a chain. Further back, the chain itself proves that the parts were never written.
    fn batches(&mut self, lines: &[Line]) {
        let mut present: BTreeMap<(ChainId, RequestId, u16), BTreeSet<u16>> = BTreeMap::new();
        for line in lines {
            present.entry((line.chain, line.request, line.part.count)).or_default().insert(line.part.index);
        }
        let followed: BTreeSet<EntryId> = lines.iter().filter_map(|l| l.prev).collect();
        for line in lines.iter().filter(|l| !followed.contains(&l.id)) {
            let here = present.get(&(line.chain, line.request, line.part.count)).map_or(0, BTreeSet::len);
            if here < usize::from(line.part.count) {
                self.find(Some(line.row), Some(line.id), Some((line.chain, line.seq)), Flaw::Batch);
            }
        }
    }
}
