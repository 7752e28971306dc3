//! What somebody who holds the key can rewrite, and what others remember of it.

use crate::hospital::{Hospital, copy_dir, env, fill, verify};
use domain::State;
use journal::verify::Flaw;
use journal::witness::{Testimony, Witness};
use journal::{EntryId, Fold, words};
use std::path::PathBuf;
use store::verify::Against;
use store::{Ledger, Options, backup, exchange};

/// What others remember of a journal.
struct Witnesses {
    signed: Testimony,
    words: Testimony,
    copy: PathBuf,
    bundle: Vec<u8>,
    last: EntryId,
    ids: Vec<EntryId>,
}

impl Witnesses {
    fn of(hospital: &Hospital) -> Self {
        let ledger = hospital.open();
        let (view, id) = (ledger.view(), ledger.id());
        let device = hospital.folder.read_key("device.key").unwrap();
        let witness = Witness::sign(id, view.heads.clone(), view.state.root(), view.entries, 0, &device);
        let last = view.head.unwrap();
        drop(ledger);
        let copy = hospital.path("sauvegarde du soir");
        backup::backup(&hospital.folder, &copy, 0, |_, _| {}).unwrap();
        Self {
            signed: Testimony::read(&serde_json::to_string(&witness).unwrap()).unwrap(),
            words: Testimony::read(&words::words(&last).join(" ")).unwrap(),
            copy,
            bundle: exchange::export(&hospital.folder).unwrap(),
            last,
            ids: hospital.entries().iter().map(|e| e.id).collect(),
        }
    }

    fn all(&self) -> Vec<(String, Against)> {
        let (journal, ids) = exchange::known_by(&self.copy.join("journal.db")).unwrap();
        let sent = exchange::read(&self.bundle, None).unwrap().entries.iter().map(|e| e.id).collect();
        vec![
            ("témoin".to_owned(), Against::Testimony(self.signed.clone())),
            ("mots".to_owned(), Against::Testimony(self.words.clone())),
            ("sauvegarde".to_owned(), Against::Entries(journal, ids)),
            ("export".to_owned(), Against::Entries(journal, sent)),
        ]
    }
}

#[test]
fn a_tail_cut_or_rewritten_with_the_key_is_exposed_by_every_later_witness() {
    for rewritten in [false, true] {
        let hospital = Hospital::founded();
        fill(&hospital.open(), 10);
        copy_dir(hospital.folder.path(), &hospital.path("avant"));
        let cut = fill(&hospital.open(), 5);
        let witnesses = Witnesses::of(&hospital);
        assert_eq!(hospital.verified_against(&witnesses.all()).findings, [], "while nothing was touched");
        std::fs::copy(hospital.path("avant/journal.db"), hospital.folder.journal_db()).unwrap();
        if rewritten {
            // The program itself, held by somebody who keeps the memory of this machine out of its sight.
            let ledger = Ledger::<State>::open(&hospital.folder, env(), Options::default()).unwrap();
            fill(&ledger, 5);
        }
        assert_eq!(verify(&hospital.folder, None, &[]).unwrap().findings, [], "nothing inside can tell");
        let memory = hospital.verified().findings;
        assert_eq!(memory.iter().map(|f| f.entry).collect::<Vec<_>>(), [Some(witnesses.last)], "this machine remembers");
        for (name, against) in witnesses.all() {
            let findings = verify(&hospital.folder, None, &[(name.clone(), against)]).unwrap().findings;
            assert!(findings.iter().all(|f| f.flaw == Flaw::Witness(name.clone())) && !findings.is_empty());
            let named: Vec<_> = findings.iter().filter_map(|f| f.entry).collect();
            match name.as_str() {
                "témoin" => assert_eq!(named, [witnesses.last]),
                "mots" => assert_eq!((named.len(), findings.len()), (0, 1)),
                _ => assert!(cut.iter().all(|id| named.contains(id)) && named.iter().all(|id| witnesses.ids.contains(id))),
            }
        }
    }
}

#[test]
fn a_witness_of_another_journal_or_changed_is_told_apart() {
    let (hospital, other) = (Hospital::founded(), Hospital::founded());
    let foreign = Witnesses::of(&other);
    for (name, against) in foreign.all().into_iter().filter(|(name, _)| name != "mots") {
        let why = verify(&hospital.folder, None, &[(name, against)]).err().unwrap().to_string();
        assert!(why.contains("autre journal"), "{why}");
    }
    let Testimony::Signed(mut witness) = foreign.signed else { panic!("a signed one") };
    witness.entries += 1;
    let why = Testimony::read(&serde_json::to_string(&witness).unwrap()).unwrap_err();
    assert!(why.contains("signature est fausse"), "{why}");
}
