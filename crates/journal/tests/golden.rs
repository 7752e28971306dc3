//! The bytes that are for ever. A journal written today must be read, and its signatures hold, in thirty years: if one
//! of these tests fails, the program is wrong, not the file.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use journal::bundle;
use journal::certificate::{Certificate, ChainOpened, Lost, Mode, OpeningReason, Origin, chain_id};
use journal::entry::{Body, Entry, entry_id};
use journal::header::{Auth, BlobRef, Header, Part};
use journal::id::{from_hex, to_hex};
use journal::witness::Witness;
use journal::{ActorId, ChainId, EntryId, Hash, JournalId, Nonce, RequestId, SubjectId, words};
use support::{key, public};

/// Bytes of a file under `tests/golden`, written there in hexadecimal, on lines of any length.
macro_rules! golden {
    ($name:literal) => {
        from_hex(&include_str!(concat!("golden/", $name, ".hex")).split_whitespace().collect::<String>()).unwrap()
    };
}

fn is_golden(bytes: &[u8], golden: &[u8]) {
    assert_eq!(to_hex(bytes), to_hex(golden));
}

fn body() -> Body {
    Body { salt: [0xA5; 16], bytes: "{\"text\":\"Écran noir à l’accueil\"}".as_bytes().to_vec() }
}

fn minimal() -> Header {
    let empty = Body { salt: [0; 16], bytes: b"{}".to_vec() };
    Header {
        journal: JournalId([0x11; 16]),
        chain: ChainId([0x22; 16]),
        seq: 0,
        prev: None,
        deps: Vec::new(),
        auth_head: None,
        hlc: 0,
        wall: 0,
        author: ActorId([0; 16]),
        auth: Auth::None,
        kind: "journal.chain_opened".to_owned(),
        kind_version: 1,
        subject: SubjectId([0; 16]),
        request: RequestId([0x33; 16]),
        part: Part::ONLY,
        body_hash: empty.hash(),
        body_len: 2,
        blobs: Vec::new(),
    }
}

fn full() -> Header {
    Header {
        journal: JournalId([0x11; 16]),
        chain: ChainId([0x22; 16]),
        seq: 70_000,
        prev: Some(EntryId([0x44; 32])),
        deps: vec![EntryId([0x55; 32]), EntryId([0x66; 32])],
        auth_head: Some(EntryId([0x77; 32])),
        hlc: (1_800_000_000_123 << 16) | 7,
        wall: -62_135_596_800_000,
        author: ActorId([0x88; 16]),
        auth: Auth::BreakGlass,
        kind: "crisis.entry_logged".to_owned(),
        kind_version: 300,
        subject: SubjectId([0x99; 16]),
        request: RequestId([0xAA; 16]),
        part: Part { index: 1, count: 256 },
        body_hash: body().hash(),
        body_len: u32::try_from(body().bytes.len()).unwrap(),
        blobs: vec![BlobRef { hash: Hash([0xBB; 32]), len: 0 }, BlobRef { hash: Hash([0xCC; 32]), len: 26_214_400 }],
    }
}

fn origin() -> Origin {
    Origin { root: public(&key(1)), mode: Mode::Real, nonce: Nonce([0; 16]) }
}

#[test]
fn a_header_with_nothing_optional() {
    is_golden(&minimal().encode(), &golden!("header_minimal"));
    assert_eq!(Header::decode(&golden!("header_minimal")), Ok(minimal()));
}

#[test]
fn a_header_with_everything() {
    is_golden(&full().encode(), &golden!("header_full"));
    assert_eq!(Header::decode(&golden!("header_full")), Ok(full()));
}

#[test]
fn the_id_of_an_entry_and_its_signature() {
    let entry = Entry::sign(full(), body(), &key(3));
    is_golden(&entry.id.0, &golden!("entry_id"));
    is_golden(&entry.signature.0, &golden!("entry_signature"));
    is_golden(&body().hash().0, &golden!("body_hash"));
    assert_eq!(entry_id(&golden!("header_full")), entry.id);
    assert!(entry.is_signed_by(&public(&key(3))));
    assert!(!entry.is_signed_by(&public(&key(4))));
}

#[test]
fn the_id_of_a_journal() {
    is_golden(&origin().journal_id().0, &golden!("journal_id_real"));
    let exercise = Origin { mode: Mode::Exercise, nonce: Nonce([9; 16]), ..origin() };
    is_golden(&exercise.journal_id().0, &golden!("journal_id_exercise"));
}

#[test]
fn the_id_of_a_chain() {
    is_golden(&chain_id(&public(&key(2)), &RequestId([0x33; 16])).0, &golden!("chain_id"));
}

#[test]
fn the_certificate_of_a_device_and_the_opening_of_a_chain() {
    let certificate = Certificate::issue(&key(1), public(&key(2)), "poste de garde n° 1", 1_800_000_000_000, true);
    assert!(certificate.is_genuine());
    let lost = Lost { chain: ChainId([0x22; 16]), seq: 12, id: EntryId([0x44; 32]) };
    let opened = ChainOpened {
        origin: origin(),
        branch_of: vec![EntryId([0x55; 32])],
        certificate,
        reason: OpeningReason::Restored,
        lost: Some(lost),
    };
    let golden = include_str!("golden/chain_opened.json").trim_end();
    assert_eq!(serde_json::to_string(&opened).unwrap(), golden);
    assert_eq!(serde_json::from_str::<ChainOpened>(golden).unwrap(), opened);
    let header =
        Header { journal: origin().journal_id(), chain: chain_id(&public(&key(2)), &RequestId([0x33; 16])), ..minimal() };
    assert_eq!(opened.proves(&header), Some(public(&key(2))));
}

#[test]
fn the_words_of_a_head() {
    let id = EntryId::from_slice(&golden!("entry_id")).unwrap();
    let golden = include_str!("golden/head_words.txt").trim_end();
    assert_eq!(words::words(&id).join(" "), golden);
    assert_eq!(words::prefix(golden).unwrap(), id.0[..10]);
    let digest = journal::entry::sha256(include_str!("../src/words.txt").as_bytes());
    is_golden(&digest.0, &golden!("words_sha256"));
}

#[test]
fn a_bundle_with_an_entry_whose_words_were_erased() {
    let whole = Entry::sign(full(), body(), &key(3));
    let bare = Entry { body: None, ..whole.clone() };
    let bytes = bundle::encode(JournalId([0x11; 16]), [&whole, &bare].into_iter());
    is_golden(&bytes, &golden!("bundle"));
    let golden = golden!("bundle");
    let reader = bundle::Reader::new(&golden).unwrap();
    assert_eq!(reader.journal, JournalId([0x11; 16]));
    assert_eq!(reader.collect::<Result<Vec<_>, _>>().unwrap(), [whole, bare]);
}

#[test]
fn a_witness() {
    let heads = vec![EntryId([0x44; 32]), EntryId([0x55; 32])];
    let witness = Witness::sign(JournalId([0x11; 16]), heads, Hash([0xDD; 32]), 312, 1_800_000_000_000, &key(3));
    let golden = include_str!("golden/witness.json").trim_end();
    assert_eq!(serde_json::to_string(&witness).unwrap(), golden);
    assert!(serde_json::from_str::<Witness>(golden).unwrap().is_genuine());
}
