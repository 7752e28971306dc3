//! Every bit of what is stored of an entry, flipped one at a time: each is named, with the right entry.

use crate::hospital::Hospital;
use domain::State;
use journal::certificate::CHAIN_OPENED;
use journal::verify::{Flaw, Stored, Verifier};
use journal::{EntryId, Fold, Header, JournalId};
use std::sync::atomic::{AtomicUsize, Ordering};

fn rows(hospital: &Hospital) -> Vec<Stored> {
    let connection = hospital.database();
    let mut statement = connection
        .prepare("SELECT e.n, id, header, signature, salt, body FROM entry e LEFT JOIN body b ON b.n = e.n ORDER BY e.n")
        .unwrap();
    let row = |row: &rusqlite::Row<'_>| {
        let body = row.get::<_, Option<Vec<u8>>>(4)?.zip(row.get::<_, Option<Vec<u8>>>(5)?);
        Ok(Stored { row: row.get(0)?, id: row.get(1)?, header: row.get(2)?, signature: row.get(3)?, body })
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// One entry, with or without the openings of all chains: what its verification alone says of it, its place in the
/// graph apart (its parents are left out).
struct Bench {
    others: Verifier,
    nothing: Verifier,
    sound: Stored,
    id: EntryId,
}

impl Bench {
    fn new(journal: JournalId, openings: &[Stored], sound: &Stored) -> Self {
        let nothing = Verifier::new(journal, State::NEVER_ERASED);
        let mut others = nothing.clone();
        openings.iter().filter(|o| o.row != sound.row).for_each(|o| others.row(o.clone()));
        let bench = Self { others, nothing, sound: sound.clone(), id: EntryId::from_slice(&sound.id).unwrap() };
        assert!(![true, false].iter().any(|certified| bench.names(sound.clone(), *certified)), "sound as it is");
        bench
    }

    /// Whether what is wrong is named. Without the openings no signature can be judged, which takes nine tenths of the
    /// time: a change of anything else is named even so.
    fn names(&self, stored: Stored, certified: bool) -> bool {
        let mut verifier = if certified { self.others.clone() } else { self.nothing.clone() };
        verifier.row(stored);
        let place = (Some(self.sound.row), Some(self.id));
        let own = |flaw: &Flaw| !matches!(flaw, Flaw::Missing(_) | Flaw::Batch | Flaw::BodyMissing | Flaw::NoCertificate);
        verifier.finish().findings.iter().any(|f| (f.row, f.entry) == place && own(&f.flaw))
    }

    /// Flips every bit of one part, or one of `step`; returns how many.
    fn flip(&self, part: Part, step: usize, certified: bool) -> usize {
        let mut stored = self.sound.clone();
        let bits = part(&mut stored).map_or(0, |bytes| bytes.len() * 8);
        for bit in (0..bits).step_by(step) {
            let mut flipped = stored.clone();
            if let Some(bytes) = part(&mut flipped) {
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            assert!(self.names(flipped, certified), "row {}, bit {bit} of {bits}", self.sound.row);
        }
        bits.div_ceil(step)
    }

    /// Cuts and lengthens one part.
    fn resize(&self, part: Part) {
        let change: [fn(&mut Vec<u8>); 4] = [Vec::clear, |b| b.push(0), |b| b.truncate(b.len() - 1), |b| b.insert(0, 0)];
        for change in change {
            let mut stored = self.sound.clone();
            let Some(bytes) = part(&mut stored) else { return };
            change(bytes);
            assert!(self.names(stored, true), "row {}", self.sound.row);
        }
    }
}

type Part = fn(&mut Stored) -> Option<&mut Vec<u8>>;
const ID: Part = |s| Some(&mut s.id);
const HEADER: Part = |s| Some(&mut s.header);
const SIGNATURE: Part = |s| Some(&mut s.signature);
const SALT: Part = |s| s.body.as_mut().map(|b| &mut b.0);
const BODY: Part = |s| s.body.as_mut().map(|b| &mut b.1);

/// Works through all rows on all cores.
fn all_rows(work: impl Fn(&Bench) -> usize + Sync) -> usize {
    let hospital = Hospital::after_a_crisis();
    let rows = rows(&hospital);
    assert_eq!(rows.len(), 300);
    let headers: Vec<Header> = rows.iter().map(|r| Header::decode(&r.header).unwrap()).collect();
    let openings = rows.iter().zip(&headers).filter(|(_, h)| h.kind == CHAIN_OPENED).map(|(r, _)| r.clone());
    let openings: Vec<Stored> = openings.collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let bench = Bench::new(headers[0].journal, &openings, row);
                    done.fetch_add(work(&bench), Ordering::Relaxed);
                }
            });
        }
    });
    done.into_inner()
}

#[test]
fn every_bit_of_headers_signatures_salts_and_bodies() {
    // An id is a copy of what follows from the header: some of its bits stand for all.
    let parts = [(ID, 7, true), (HEADER, 1, false), (SIGNATURE, 1, true), (SALT, 1, false), (BODY, 1, false)];
    let flips = all_rows(|bench| parts.into_iter().map(|(part, step, certified)| bench.flip(part, step, certified)).sum());
    println!("{flips} bits flipped, {flips} named");
    assert!(flips > 950_000, "{flips}");
}

#[test]
fn every_part_cut_or_lengthened() {
    all_rows(|bench| {
        [ID, HEADER, SIGNATURE, SALT, BODY].into_iter().for_each(|part| bench.resize(part));
        1
    });
}
