//! A process killed at any moment, 200 times: nothing acknowledged is lost, and what was not is recorded once.

use crate::child::{self, MARK};
use crate::hospital::{Hospital, SECRETARY, below, env, logged};
use domain::State;
use domain::crisis::event::EntryType;
use journal::write::Author;
use journal::{Auth, EntryId, RequestId};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::time::Duration;
use store::{Folder, Ledger, Options, Submission};

const ROUNDS: usize = 200;
/// A folder serves this many rounds, then another one does: verifying it all takes time.
const ROUNDS_PER_FOLDER: usize = 20;
const WRITERS: usize = 4;

/// What a writer submits under a request id: one to three entries, told by the id itself.
fn submission(request: RequestId) -> Submission {
    let count = 1 + usize::from(request.0[0] % 3);
    let drafts = (0..count).map(|n| logged(EntryType::Fact, &format!("{request}, {n}"))).collect();
    Submission { request, author: Author { actor: SECRETARY, auth: Auth::Password }, drafts }
}

fn options(dir: &Path) -> Options {
    Options { guard_dir: Some(dir.join("guards")), ..Options::default() }
}

/// Several threads write and tell what they try and what was acknowledged, until the process dies.
pub(crate) fn write_until_killed(dir: &Path) {
    let ledger = Ledger::<State>::open(&Folder::at(dir.join("data")), env(), options(dir)).unwrap();
    println!("\n{MARK}ready");
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                loop {
                    let request = crate::hospital::request();
                    println!("{MARK}try {request}");
                    let receipt = ledger.submit_wait(submission(request)).unwrap();
                    let ids: Vec<String> = receipt.entries.iter().map(EntryId::to_string).collect();
                    println!("{MARK}ack {request} {}", ids.join(" "));
                }
            });
        }
    });
}

/// What one process told before it died.
#[derive(Default)]
struct Told {
    tried: BTreeSet<RequestId>,
    acknowledged: BTreeMap<RequestId, Vec<EntryId>>,
}

impl Told {
    fn read(text: &str) -> Self {
        let mut told = Self::default();
        // A line without its end was cut by the kill.
        let lines = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.strip_prefix(MARK));
        for line in lines {
            let mut words = line.split(' ');
            match (words.next(), words.next().and_then(|request| request.parse().ok())) {
                (Some("try"), Some(request)) => _ = told.tried.insert(request),
                (Some("ack"), Some(request)) => {
                    told.acknowledged.insert(request, words.map(|id| id.parse().unwrap()).collect());
                }
                _ => {}
            }
        }
        told
    }
}

fn run_and_kill(dir: &Path, seed: &mut u64) -> Told {
    let mut child = child::command("write until killed", dir).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut text = Vec::new();
    let patience = below(seed, 45);
    if below(seed, 8) > 0 {
        // Once it writes; else it dies while opening.
        let mut some = [0; 64];
        while !String::from_utf8_lossy(&text).contains("ready") {
            let read = output.read(&mut some).unwrap();
            assert!(read > 0, "it ended by itself: {}", String::from_utf8_lossy(&text));
            text.extend(&some[..read]);
        }
    }
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            output.read_to_end(&mut text).unwrap();
        });
        std::thread::sleep(Duration::from_millis(patience));
        child.kill().unwrap();
        reader.join().unwrap();
    });
    child.wait().unwrap();
    Told::read(&String::from_utf8(text).unwrap())
}

/// Reopens after a kill: all that was acknowledged is there, and every request sent again is recorded once.
fn check(hospital: &Hospital, told: &Told) {
    let ledger = hospital.open();
    let view = ledger.view();
    assert_eq!((view.chains.len(), view.read_only.clone()), (1, None), "the same chain goes on");
    drop(view);
    let before = hospital.verified();
    assert_eq!(before.findings, []);
    for (request, ids) in &told.acknowledged {
        assert!(ids.iter().all(|id| before.ids.contains(id)), "acknowledged and lost: {request}");
    }
    for request in &told.tried {
        let again = ledger.submit_wait(submission(*request)).unwrap();
        if let Some(ids) = told.acknowledged.get(request) {
            assert_eq!((&again.entries, again.replayed), (ids, true));
        }
    }
    let recorded: usize = told.tried.iter().map(|request| submission(*request).drafts.len()).sum();
    let new = before.ids.len() + recorded;
    assert!(ledger.view().entries as usize <= new, "nothing twice");
    let texts: Vec<String> = crate::hospital::texts(&ledger);
    assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "nothing twice");
}

#[test]
fn killed_two_hundred_times_under_load_it_loses_nothing() {
    let (mut seed, mut acknowledged, mut in_flight) = (1, 0, 0);
    for _ in 0..ROUNDS / ROUNDS_PER_FOLDER {
        let hospital = Hospital::founded();
        assert_eq!(hospital.guards, hospital.dir.path().join("guards"));
        for _ in 0..ROUNDS_PER_FOLDER {
            let told = run_and_kill(hospital.dir.path(), &mut seed);
            check(&hospital, &told);
            acknowledged += told.acknowledged.len();
            in_flight += told.tried.len() - told.acknowledged.len();
        }
        assert_eq!(hospital.verified().findings, []);
    }
    println!("{ROUNDS} kills, {acknowledged} requests acknowledged, {in_flight} cut short, 0 lost");
    assert!(acknowledged > ROUNDS && in_flight > ROUNDS, "{acknowledged} acknowledged, {in_flight} cut short");
}
