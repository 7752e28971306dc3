//! One header has one form: every other encoding of it is refused, and no bit of it can change unnoticed.
#![allow(missing_docs, clippy::unwrap_used)]

use journal::entry::entry_id;
use journal::header::{BLOBS_MAX, BadHeader, DEPS_MAX, HEADER_BYTES_MAX, Header, KIND_BYTES_MAX, PARTS_MAX, Part, is_kind};
use journal::id::from_hex;
use journal::{BlobRef, EntryId, Hash, bundle};
use minicbor::Decoder;
use std::ops::Range;

fn golden(name: &str) -> Vec<u8> {
    let text = match name {
        "minimal" => include_str!("golden/header_minimal.hex"),
        "full" => include_str!("golden/header_full.hex"),
        _ => include_str!("golden/bundle.hex"),
    };
    from_hex(&text.split_whitespace().collect::<String>()).unwrap()
}

fn headers() -> [Vec<u8>; 2] {
    [golden("minimal"), golden("full")]
}

fn refused(bytes: &[u8], what: &str) {
    assert!(Header::decode(bytes).is_err(), "{what} was taken");
}

/// Pairs of a map by the place of their key and of their value.
fn pairs(bytes: &[u8]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut decoder = Decoder::new(bytes);
    let count = decoder.map().unwrap().unwrap();
    let mut skip = || {
        let start = decoder.position();
        decoder.skip().unwrap();
        start..decoder.position()
    };
    (0..count).map(|_| (skip(), skip())).collect()
}

/// Places of the heads (type and length) of all items, nested ones included.
fn heads(bytes: &[u8]) -> Vec<usize> {
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        found.push(at);
        let (kind, argument) = (bytes[at] >> 5, bytes[at] & 31);
        let (len, value) = match argument {
            24 => (1, usize::from(bytes[at + 1])),
            25 => (2, usize::from(u16::from_be_bytes([bytes[at + 1], bytes[at + 2]]))),
            26 => (4, 0),
            27 => (8, 0),
            small => (0, usize::from(small)),
        };
        at += 1 + len + if matches!(kind, 2 | 3) { value } else { 0 };
    }
    found
}

fn replaced(bytes: &[u8], range: Range<usize>, with: &[u8]) -> Vec<u8> {
    [&bytes[..range.start], with, &bytes[range.end..]].concat()
}

/// The head at a place, with its argument written on `len` bytes instead of the fewest.
fn longer_head(bytes: &[u8], at: usize, len: usize) -> Option<Vec<u8>> {
    let argument = bytes[at] & 31;
    let old = match argument {
        24..=27 => 1 << (argument - 24),
        _ => 0,
    };
    if len <= old {
        return None;
    }
    let mut value = [0; 8];
    match old {
        0 => value[7] = argument,
        old => value[8 - old..].copy_from_slice(&bytes[at + 1..=at + old]),
    }
    let marker = 24 + u8::try_from(len.trailing_zeros()).unwrap();
    let head = [&[bytes[at] & 0xE0 | marker], &value[8 - len..]].concat();
    Some(replaced(bytes, at..at + 1 + old, &head))
}

#[test]
fn numbers_and_lengths_on_more_bytes_than_needed() {
    let mut tried = 0;
    for header in headers() {
        for at in heads(&header) {
            for len in [1, 2, 4, 8] {
                if let Some(longer) = longer_head(&header, at, len) {
                    refused(&longer, "a longer head");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn keys_in_another_order_twice_or_unknown() {
    for header in headers() {
        let pairs = pairs(&header);
        for window in pairs.windows(2) {
            let [(first_key, first_value), (second_key, second_value)] = window else { unreachable!() };
            let swapped = [&header[second_key.start..second_value.end], &header[first_key.start..first_value.end]];
            refused(&replaced(&header, first_key.start..second_value.end, &swapped.concat()), "another order");
        }
        let mut grown = header.clone();
        grown[0] += 1;
        for (key, value) in &pairs {
            let twice = [&header[key.start..value.end], &header[key.start..value.end]].concat();
            refused(&replaced(&grown, key.start..value.end, &twice), "a key twice");
        }
        for unknown in [&[0x14, 0x00][..], &[0x18, 0xFF, 0x00], &[0x20, 0x00], &[0x60, 0x00], &[0xF6, 0xF6], &[0x17, 0x40]] {
            refused(&[&grown, unknown].concat(), "an unknown key");
            refused(&[&header, unknown].concat(), "an unknown key beyond the end");
        }
    }
}

#[test]
fn fields_missing() {
    let optional = [5u8, 6, 7, 16, 19];
    for header in headers() {
        let mut shrunk = header.clone();
        shrunk[0] -= 1;
        for (key, value) in pairs(&header) {
            let without = replaced(&shrunk, key.start..value.end, &[]);
            if optional.contains(&header[key.start]) && header[key.start] != 5 {
                let read = Header::decode(&without).unwrap();
                assert_eq!(read.encode(), without, "an absent optional field is another header, in its one form");
            } else {
                refused(&without, "a missing field");
            }
            refused(&replaced(&header, key.start..value.end, &[]), "a count that does not hold");
        }
    }
}

#[test]
fn values_of_another_type() {
    for header in headers() {
        for (key, value) in pairs(&header) {
            let old = header[value.clone()].to_vec();
            let tagged = [&[0xC0], &old[..]].concat();
            // Bytes as text, a number as a negative one (which the wall clock may be), a list as a map.
            let sibling = if header[key.start] == 9 { tagged.clone() } else { [&[old[0] ^ 0x20], &old[1..]].concat() };
            for other in [&[0xF6][..], &[0xF7], &[0xF4], &[0xF9, 0x3C, 0x00], &[0x80], &[0xA0], &tagged, &sibling] {
                refused(&replaced(&header, value.clone(), other), "another type");
            }
        }
    }
}

#[test]
fn lengths_left_open() {
    for header in headers() {
        refused(&[&[0xBF], &header[1..], &[0xFF]].concat(), "an open map");
        for (_, value) in pairs(&header) {
            let old = &header[value.clone()];
            let chunked = match old[0] >> 5 {
                2 => [&[0x5F], old, &[0xFF]].concat(),
                3 => [&[0x7F], old, &[0xFF]].concat(),
                4 => [&[0x9F], &old[1..], &[0xFF]].concat(),
                _ => continue,
            };
            refused(&replaced(&header, value.clone(), &chunked), "an open length");
        }
    }
}

#[test]
fn empty_values_written_out() {
    let header = golden("minimal");
    let mut grown = header.clone();
    grown[0] += 1;
    let before = |key: u8| pairs(&header).into_iter().find(|(k, _)| header[k.start] > key).unwrap().0.start;
    for (key, value) in [(6, &[0x80][..]), (16, &[0x82, 0x00, 0x01]), (5, &[0xF6]), (7, &[0xF6]), (7, &[0x40])] {
        let pair = [&[key], value].concat();
        refused(&replaced(&grown, before(key)..before(key), &pair), "an empty value");
    }
    refused(&[&grown[..], &[0x13, 0x80]].concat(), "an empty list of attachments");
}

#[test]
fn anything_before_after_or_cut_off() {
    for header in headers() {
        for extra in [0x00, 0xFF, 0xF6, 0x80] {
            refused(&[&header, &[extra][..]].concat(), "a byte more");
            refused(&[&[extra][..], &header].concat(), "a byte before");
        }
        for len in 0..header.len() {
            refused(&header[..len], "a cut header");
        }
    }
    let long = vec![0; HEADER_BYTES_MAX + 1];
    assert_eq!(Header::decode(&long), Err(BadHeader::TooLong));
}

#[test]
fn every_bit_counts() {
    let mut readable = 0;
    for header in headers() {
        let id = entry_id(&header);
        for bit in 0..header.len() * 8 {
            let mut flipped = header.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(read) = Header::decode(&flipped) {
                assert_eq!(read.encode(), flipped, "what is read is what was written");
                assert_ne!(entry_id(&flipped), id);
                assert_ne!(read, Header::decode(&header).unwrap());
                readable += 1;
            }
        }
    }
    assert!(readable > 2_000, "most bits belong to values: {readable}");
}

#[test]
fn other_versions_and_algorithms() {
    for header in headers() {
        let mut newer = header.clone();
        newer[2] = 2;
        assert_eq!(Header::decode(&newer), Err(BadHeader::NewerVersion(2)));
        newer[2] = 0;
        refused(&newer, "version 0");
        let mut other = header.clone();
        other[4] = 2;
        refused(&other, "another algorithm");
    }
}

/// Puts one value out of bounds.
type Spoil = fn(&mut Header);

#[test]
fn values_out_of_bounds() {
    let full = || Header::decode(&golden("full")).unwrap();
    let id = |n: usize| EntryId(std::array::from_fn(|at| u8::try_from(if at == 0 { n >> 8 } else { n & 255 }).unwrap()));
    let blob = BlobRef { hash: Hash([1; 32]), len: 1 };
    let dep = full().deps[0];
    let spoil: [(&str, Spoil); 10] = [
        ("a previous entry at rank 0", |h| h.seq = 0),
        ("no previous entry beyond rank 0", |h| h.prev = None),
        ("the last rank of all", |h| h.seq = u64::MAX),
        ("dependencies out of order", |h| h.deps.reverse()),
        ("a place beyond the batch", |h| h.part = Part { index: 2, count: 2 }),
        ("an empty batch", |h| h.part = Part { index: 0, count: 0 }),
        ("a batch too long", |h| h.part = Part { index: 0, count: PARTS_MAX + 1 }),
        ("a kind in capitals", |h| h.kind = "Crisis".to_owned()),
        ("no kind", |h| h.kind = String::new()),
        ("a kind too long", |h| h.kind = "k".repeat(KIND_BYTES_MAX + 1)),
    ];
    for (what, spoil) in spoil {
        let mut header = full();
        spoil(&mut header);
        refused(&header.encode(), what);
    }
    let many = |n: usize| Header { deps: (0..n).map(id).collect(), ..full() }.encode();
    assert!(Header::decode(&many(DEPS_MAX)).is_ok());
    refused(&many(DEPS_MAX + 1), "too many dependencies");
    refused(&Header { deps: vec![dep, dep], ..full() }.encode(), "a dependency twice");
    refused(&Header { prev: Some(dep), ..full() }.encode(), "the previous entry among the dependencies");
    let blobs = |n: usize| Header { blobs: vec![blob; n], ..full() }.encode();
    assert!(Header::decode(&blobs(BLOBS_MAX)).is_ok());
    refused(&blobs(BLOBS_MAX + 1), "too many attachments");
    let whole = Header {
        deps: (0..DEPS_MAX).map(id).collect(),
        blobs: vec![blob; BLOBS_MAX],
        kind: "k".repeat(KIND_BYTES_MAX),
        ..full()
    };
    assert!(whole.encode().len() <= HEADER_BYTES_MAX, "the largest header allowed can be read back");
}

#[test]
fn names_of_kinds() {
    assert!(is_kind("crisis.entry_logged") && is_kind("a1"));
    assert!(!is_kind("") && !is_kind("é") && !is_kind("a b") && !is_kind("a-b") && !is_kind("A"));
}

#[test]
fn a_bundle_cut_anywhere_gives_what_came_before_the_cut() {
    let whole = golden("bundle");
    let entries = |bytes: &[u8]| bundle::Reader::new(bytes).map(Iterator::collect::<Vec<_>>);
    let all = entries(&whole).unwrap();
    assert!(all.len() == 2 && all.iter().all(Result::is_ok));
    let mut ends = Vec::new();
    for len in 0..whole.len() {
        match entries(&whole[..len]) {
            Err(why) => assert_eq!(why, bundle::BadBundle::NotABundle),
            Ok(read) if read.iter().all(Result::is_ok) => ends.push(read.len()),
            Ok(read) => {
                let (last, before) = read.split_last().unwrap();
                assert_eq!(last, &Err(bundle::BadBundle::Damaged(before.len())));
                assert!(before.iter().zip(&all).all(|(a, b)| a == b));
            }
        }
    }
    assert_eq!(ends, [0, 1], "only a cut between entries goes unnoticed here; heads and witnesses notice it");
}

#[test]
fn a_bit_flipped_in_a_bundle_never_gives_another_entry_under_a_good_signature() {
    let whole = golden("bundle");
    let device = journal::PublicKey(journal::SigningKey::from_bytes(&[3; 32]).verifying_key().to_bytes());
    let good: Vec<_> = bundle::Reader::new(&whole).unwrap().map(Result::unwrap).collect();
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(reader) = bundle::Reader::new(&flipped) else { continue };
        for entry in reader.filter_map(Result::ok).filter(|e| e.is_signed_by(&device)) {
            assert!(good.contains(&entry));
        }
    }
}
