//! How an establishment begins: devices, keys, certificates, and the founding request.

use crate::chance::Chance;
use crate::clock::{Clock, START_MS};
use crate::disk::{Disk, Transaction};
use crate::faults::Fault;
use crate::people::founding;
use crate::replica::{Replica, Running};
use journal::certificate::{Certificate, ChainOpened, OpeningReason, Origin};
use journal::write::{Author, Draft, Pen};
use journal::{Fold, Journal, PublicKey, RequestId, SigningKey, fold};
use std::collections::BTreeMap;

/// A device with a key, a certificate and a clock of its own, and an empty disk.
pub(crate) fn device(number: usize, root: &SigningKey, origin: Origin, fault: Fault, chance: &mut Chance) -> Replica {
    let device = SigningKey::from_bytes(&chance.bytes());
    let key = PublicKey(device.verifying_key().to_bytes());
    Replica {
        number,
        certificate: Certificate::issue(root, key, &format!("poste {number}"), START_MS, number == 0),
        device,
        origin,
        disk: Disk::default(),
        guard: BTreeMap::new(),
        guard_before: BTreeMap::new(),
        restored: false,
        clock: Clock::new(chance),
        hostile: chance.percent(20),
        rolled_back: false,
        crash_at: None,
        chance: Chance::new(chance.next()),
        fault,
        running: None,
        true_ms: START_MS,
    }
}

/// The founding request on an empty disk.
pub(crate) fn found_on(replica: &mut Replica) {
    let request = RequestId(replica.chance.bytes());
    let journal = Journal::new(replica.origin.journal_id(), domain::State::NEVER_ERASED);
    let pen = Pen::opening(replica.device.clone(), &request);
    let state = domain::State::default();
    let mut running = Running { journal, state, pen, read_only: false, stored: BTreeMap::new() };
    let certificate = replica.certificate.clone();
    let opened =
        ChainOpened { origin: replica.origin, branch_of: Vec::new(), certificate, reason: OpeningReason::Founded, lost: None };
    let drafts = std::iter::once(Draft::of_opening(&opened)).chain(founding()).collect();
    let taken = replica.stamp(&mut running, Author::PROGRAM, request, drafts);
    fold::absorb(&mut running.state, &mut running.journal, taken.clone());
    // An empty disk with room takes it.
    let _ = replica.commit(&mut running, taken, Transaction::default());
}
