//! What every decoder must survive: one function for each, fed by the fuzz targets (`fuzz/`) and by the tests.
//!
//! Each takes any bytes, never falls, and panics only where what was read is not what was written.

use domain::event::Event;
use domain::{State, facts};
use journal::bundle::{self, Reader};
use journal::certificate::ChainOpened;
use journal::header::Part;
use journal::id::to_hex;
use journal::witness::Testimony;
use journal::write::{Author, Draft};
use journal::{
    ActorId, Auth, AuthorityAct, ChainId, Entry, EntryId, Fold, Hash, Header, JournalId, RequestId, Seen, Standing, SubjectId,
    words,
};
use store::Ruled;

/// A decoder and the function that feeds it.
pub type Decoder = (&'static str, fn(&[u8]));

/// All of them, by the names of the fuzz targets.
pub const ALL: [Decoder; 9] = [
    ("header_decode", header_decode),
    ("bundle_read", bundle_read),
    ("chain_opened_json", chain_opened_json),
    ("authority_act_json", authority_act_json),
    ("witness_read", witness_read),
    ("words_prefix", words_prefix),
    ("event_decode", event_decode),
    ("fold_apply", fold_apply),
    ("journal_take", crate::script::journal_take),
];

/// Feeds one of them, for its fuzz target.
pub fn feed(name: &str, data: &[u8]) {
    for (known, decoder) in ALL {
        if known == name {
            decoder(data);
        }
    }
}

/// A header that is read was written in exactly these bytes.
pub fn header_decode(data: &[u8]) {
    if let Ok(header) = Header::decode(data) {
        assert_eq!(header.encode(), data);
    }
}

/// What can be read of a bundle can be written and read again, and every entry in it is whole.
pub fn bundle_read(data: &[u8]) {
    let Ok(reader) = Reader::new(data) else { return };
    let journal = reader.journal;
    let entries: Vec<Entry> = reader.filter_map(Result::ok).collect();
    for entry in &entries {
        assert_eq!(Header::decode(&entry.header_bytes).as_ref(), Ok(&entry.header));
        assert!(entry.check().is_ok() || entry.body.is_none());
    }
    let again = bundle::encode(journal, entries.iter());
    let read: Vec<Entry> = Reader::new(&again).into_iter().flatten().filter_map(Result::ok).collect();
    assert_eq!(read, entries);
}

/// The opening of a chain reads back, and proves nothing for a chain that is not the device's.
pub fn chain_opened_json(data: &[u8]) {
    let Ok(opened) = serde_json::from_slice::<ChainOpened>(data) else { return };
    assert_eq!(json_again(&opened), Some(opened.clone()));
    assert_eq!(opened.proves(&header("journal.chain_opened", 1, [0; 4])), None);
}

/// An act reads back under its own kind, and under no other.
pub fn authority_act_json(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    let kind = AuthorityAct::KINDS[usize::from(*first) % AuthorityAct::KINDS.len()];
    let Some(act) = AuthorityAct::decode(kind, 1, body) else { return };
    assert_eq!(act.kind(), kind);
    let body = Draft::of_act(&act).body;
    assert_eq!(AuthorityAct::decode(kind, 1, &body), Some(act));
    assert_eq!(AuthorityAct::decode(kind, 2, &body), None);
}

/// A witness that is read is genuine.
pub fn witness_read(data: &[u8]) {
    match Testimony::read(&String::from_utf8_lossy(data)) {
        Ok(Testimony::Signed(witness)) => assert!(witness.is_genuine()),
        Ok(Testimony::Words(bits)) => same_words(&bits),
        Err(why) => assert!(!why.is_empty()),
    }
}

/// Words that are read are those of the bits they stand for.
pub fn words_prefix(data: &[u8]) {
    if let Ok(bits) = words::prefix(&String::from_utf8_lossy(data)) {
        same_words(&bits);
    }
}

fn same_words(bits: &[u8; 10]) {
    let mut id = [0; 32];
    id[..bits.len()].copy_from_slice(bits);
    assert_eq!(words::prefix(&words::words(&EntryId(id)).join("-")).as_ref(), Ok(bits));
}

/// An event reads back under its own kind.
pub fn event_decode(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    let (kind, version) = Event::KINDS[usize::from(*first) % Event::KINDS.len()];
    let Some(event) = Event::decode(kind, version, body) else { return };
    assert_eq!(event.kind(), kind);
    let draft = event.draft(SubjectId([0; 16]));
    assert_eq!(Event::decode(kind, version, &draft.body), Some(event));
}

/// The fold takes anything, in any order, twice, from anybody, and comes to the same state; everything that people and
/// facts ask of that state has an answer. Input: entries of a few bytes of head, each with its length and its body.
pub fn fold_apply(data: &[u8]) {
    let entries = entries(data);
    let mut state = State::default();
    let mut twin = State::default();
    for (id, header, body, standing) in &entries {
        let seen = Seen { id: *id, header, body: body.as_deref(), standing: *standing };
        state.apply(&seen);
        twin.apply(&seen);
    }
    assert_eq!(to_hex(&state.root().0), to_hex(&twin.root().0));
    for crisis in state.crises.values() {
        let _ = (crisis.open_tasks().len(), crisis.contradicted_since(0).len());
        for line in &crisis.log {
            let _ = (line.words().map(str::len), line.assigned(), line.happened_at());
        }
    }
    for (at, now) in facts::all().flat_map(|fact| [i64::MIN, -1, 0, i64::MAX].map(|now| (fact, now))) {
        let _ = (at.compute)(&state, now);
    }
    for (_, header, body, _) in &entries {
        let author = Author { actor: header.author, auth: Auth::Password };
        let draft = Draft::json(&header.kind, header.subject, &0);
        // A refusal is an answer.
        let _ = state.check(&author, &Draft { body: body.clone().unwrap_or_default(), ..draft });
    }
}

type Seed = (EntryId, Header, Option<Vec<u8>>, Standing);

fn entries(mut data: &[u8]) -> Vec<Seed> {
    let mut found = Vec::new();
    while let Some((head, rest)) = data.split_at_checked(8) {
        let len = usize::from(head[7]) * 2;
        let (body, rest) = rest.split_at(len.min(rest.len()));
        data = rest;
        let kinds = Event::KINDS.len() + AuthorityAct::KINDS.len() + 1;
        let kind = match usize::from(head[0]) % kinds {
            at if at < Event::KINDS.len() => Event::KINDS[at].0,
            at => AuthorityAct::KINDS.get(at - Event::KINDS.len()).unwrap_or(&"unknown.kind"),
        };
        let header = header(kind, 1 + u16::from(head[1] > 250), [head[2], head[3], head[4], head[5]]);
        let body = (head[6] < 240).then(|| body.to_vec());
        found.push((EntryId([head[5] % 16; 32]), header, body, standing(head[6])));
    }
    found
}

fn standing(of: u8) -> Standing {
    match of % 8 {
        0 => Standing::NoRole,
        1 => Standing::AuthorRevoked,
        2 => Standing::DeviceRevoked,
        3 => Standing::Forked,
        4 => Standing::Partial,
        5 => Standing::Program,
        _ => Standing::Full { rank: of },
    }
}

/// A header about one of a few subjects, by one of a few people.
fn header(kind: &str, kind_version: u16, [subject, author, wall, id]: [u8; 4]) -> Header {
    Header {
        journal: JournalId([0; 16]),
        chain: ChainId([0; 16]),
        seq: u64::from(id),
        prev: None,
        deps: Vec::new(),
        auth_head: None,
        hlc: 0,
        wall: match wall {
            0 => i64::MIN,
            255 => i64::MAX,
            wall => i64::from(wall) * 1_000_000,
        },
        author: ActorId([author % 4; 16]),
        auth: Auth::Password,
        kind: kind.to_owned(),
        kind_version,
        subject: SubjectId([subject % 4; 16]),
        request: RequestId([0; 16]),
        part: Part::ONLY,
        body_hash: Hash([0; 32]),
        body_len: 0,
        blobs: Vec::new(),
    }
}

fn json_again<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> Option<T> {
    serde_json::from_slice(&serde_json::to_vec(value).ok()?).ok()
}
