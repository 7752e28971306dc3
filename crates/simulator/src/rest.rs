//! When everything is repaired and everybody has met: what must be true then.

use crate::book::Broken;
use crate::faults::Fault;
use crate::replica::{Running, load, refolded};
use crate::world::World;
use journal::verify::{Flaw, Report, Stored, Verifier};
use journal::{AuthorityAct, ChainId, Entry, EntryId, Fold, Standing, bundle};
use std::collections::{BTreeMap, BTreeSet};

/// Most rounds in which everybody gives everybody what they lack before all must be still.
const ROUNDS_MAX: usize = 8;

impl World<'_> {
    /// Repairs everything and lets everybody exchange until nothing changes.
    pub fn settle(&mut self) -> Result<(), Broken> {
        self.network.heal();
        for at in 0..self.replicas.len() {
            let replica = &mut self.replicas[at];
            (replica.disk.full, replica.disk.sync_fails, replica.crash_at) = (false, false, None);
            if replica.running.as_ref().is_none_or(|r| r.read_only) || self.chance.percent(20) {
                replica.crash();
                replica.start();
            }
            self.tamper(at);
            self.observe(at)?;
        }
        for _ in 0..ROUNDS_MAX {
            let mut moved = 0;
            for at in 1..self.replicas.len() {
                moved += self.give(at, 0)?;
            }
            for at in 1..self.replicas.len() {
                moved += self.give(0, at)?;
            }
            if moved == 0 {
                return Ok(());
            }
        }
        Err(Broken::new(0, "after everybody has met everybody many times, something still moves"))
    }

    /// The faulty program that edits what it stored.
    fn tamper(&mut self, at: usize) {
        let replica = &mut self.replicas[at];
        if replica.fault != Fault::EditsWhatIsStored {
            return;
        }
        let Some(running) = &mut replica.running else { return };
        let edited = running.stored.values_mut().filter(|e| e.header.kind == "crisis.entry_logged").find_map(|e| e.body.as_mut());
        if let Some(body) = edited {
            body.bytes.push(b' ');
        }
    }

    /// Gives what the other lacks; returns how much it took in.
    fn give(&mut self, from: usize, to: usize) -> Result<usize, Broken> {
        let (Some(giver), Some(taker)) = (&self.replicas[from].running, &self.replicas[to].running) else {
            return Err(Broken::new(1, "a replica does not start"));
        };
        let lacks = |e: &&Entry| taker.stored.get(&e.id).is_none_or(|there| there.body.is_none() && e.body.is_some());
        let entries: Vec<&Entry> =
            giver.journal.dag().nodes().iter().filter_map(|n| giver.stored.get(&n.id)).filter(lacks).collect();
        if entries.is_empty() {
            return Ok(0);
        }
        let bytes = bundle::encode(giver.journal.id(), entries.into_iter());
        let merged =
            self.replicas[to].merge(&bytes).map_err(|why| Broken::new(1, format!("a sound replica stopped: {why:?}")))?;
        if merged.damaged > 0 || !merged.refused.is_empty() {
            return Err(Broken::new(5, format!("replica {to} refused what {from} gave: {merged:?}")));
        }
        self.observe(to)?;
        Ok(merged.accepted)
    }

    /// Whether a replica's state is what its entries fold to from nothing.
    pub(crate) fn folds_as_from_nothing(&mut self, at: usize) -> Result<(), Broken> {
        let Some(running) = &mut self.replicas[at].running else { return Ok(()) };
        let from_nothing = refolded(&mut running.journal.clone(), &running.stored);
        if from_nothing.root() != running.state.root() {
            return Err(Broken::new(4, format!("replica {at} folded as it went to something else than from nothing")));
        }
        Ok(())
    }

    /// Checks all promises.
    pub fn check(&mut self) -> Result<(), Broken> {
        // All hold the same bytes, and signatures are most of the work: mostly, `verify` reads one replica of them.
        let (all, one) = (self.chance.percent(10), self.chance.below(self.replicas.len()));
        for at in 0..self.replicas.len() {
            self.folds_as_from_nothing(at)?;
            self.agrees_with_the_first(at)?;
            self.reads_back(at)?;
            self.badges(at)?;
            if all || at == one {
                self.verifies(at)?;
            }
        }
        self.nothing_acknowledged_is_lost()?;
        self.count();
        Ok(())
    }

    fn first(&self) -> Result<&Running, Broken> {
        self.replicas.first().and_then(|r| r.running.as_ref()).ok_or_else(|| Broken::new(1, "a replica does not start"))
    }

    fn agrees_with_the_first(&self, at: usize) -> Result<(), Broken> {
        let first = self.first()?;
        let Some(other) = &self.replicas[at].running else { return Err(Broken::new(1, "a replica does not start")) };
        let differ = |what: &str| Err(Broken::new(4, format!("replicas 0 and {at} hold different {what}")));
        let order = |r: &Running| -> Vec<_> { r.journal.order().iter().map(|i| r.journal.dag().node(*i).key()).collect() };
        if order(first) != order(other) {
            return differ("entries, or in another order");
        }
        if first.journal.dag().heads() != other.journal.dag().heads() {
            return differ("heads");
        }
        for chain in first.journal.dag().chains().filter(|c| first.journal.dag().forked_at(c).is_some()) {
            let device = first.journal.chains().get(chain).map(|c| c.device);
            if !self.replicas.iter().any(|r| Some(r.key()) == device && (r.hostile || r.rolled_back)) {
                return Err(Broken::new(1, format!("an honest device wrote two histories of chain {chain}")));
            }
        }
        let (mut a, mut b) = (first.journal.clone(), other.journal.clone());
        for id in first.stored.keys() {
            let (Some(i), Some(j)) = (a.dag().index(id), b.dag().index(id)) else { return differ("entries") };
            if a.standing(i) != b.standing(j) {
                return differ(&format!("opinions of {}", id.short()));
            }
            if first.stored.get(id) != other.stored.get(id) {
                return differ(&format!("words or signatures of {}", id.short()));
            }
        }
        if a.erased() != b.erased() {
            return differ("erasures");
        }
        if first.state.root() != other.state.root() { differ("states of the same entries") } else { Ok(()) }
    }

    /// What is on disk alone gives the same state, without the program that wrote it.
    fn reads_back(&self, at: usize) -> Result<(), Broken> {
        let replica = &self.replicas[at];
        let (journal, state, _) = load(replica.origin.journal_id(), &replica.disk.read());
        let same = replica
            .running
            .as_ref()
            .is_some_and(|r| r.state.root() == state.root() && r.journal.dag().len() == journal.dag().len());
        if same { Ok(()) } else { Err(Broken::new(1, format!("the disk of {at} does not hold what it shows"))) }
    }

    fn verifies(&self, at: usize) -> Result<(), Broken> {
        let replica = &self.replicas[at];
        let Some(running) = &replica.running else { return Ok(()) };
        let report = verified(running);
        let thieves: BTreeSet<ChainId> = {
            let hostile: BTreeSet<_> = self.replicas.iter().filter(|r| r.hostile).map(crate::replica::Replica::key).collect();
            running.journal.chains().iter().filter(|(_, c)| hostile.contains(&c.device)).map(|(id, _)| *id).collect()
        };
        let excused = |finding: &journal::verify::Finding| match finding.flaw {
            // A thief may leave a request unfinished at the end of the chain they hold, and a restore may lose its end.
            Flaw::Batch => finding.place.is_some_and(|(chain, _)| thieves.contains(&chain) || self.lost_its_end(&chain)),
            // Stripped on the way, and the only one who had the words was put back to before them.
            Flaw::BodyMissing => finding.entry.is_some_and(|id| self.nobody_has_the_words(&id)),
            _ => false,
        };
        match report.findings.iter().find(|finding| !excused(finding)) {
            Some(flaw) => Err(Broken::new(3, format!("verify names a flaw on {at} where nobody tampered: {flaw:?}"))),
            None => Ok(()),
        }
    }

    fn lost_its_end(&self, chain: &ChainId) -> bool {
        let signed = self.book.lost.iter().filter_map(|id| self.book.signed.get(id));
        signed.into_iter().any(|entry| entry.header.chain == *chain)
    }

    fn nobody_has_the_words(&self, id: &EntryId) -> bool {
        self.replicas.iter().filter_map(|r| r.running.as_ref()).all(|r| r.stored.get(id).is_none_or(|e| e.body.is_none()))
    }

    /// Forks and revocations that hold are badged on every entry they reach, and on no other.
    fn badges(&mut self, at: usize) -> Result<(), Broken> {
        let Some(running) = &mut self.replicas[at].running else { return Ok(()) };
        let wrong = |id: &EntryId, what: &str| Err(Broken::new(5, format!("entry {} of replica {at} {what}", id.short())));
        let ids: Vec<EntryId> = running.stored.keys().copied().collect();
        let mut strikes = Vec::new();
        let mut standings = BTreeMap::new();
        for id in &ids {
            let (Some(index), Some(standing)) = (running.journal.dag().index(id), running.standing(id)) else { continue };
            let entry = &running.stored[id];
            standings.insert(*id, (index, standing));
            let forked = running.journal.dag().is_forked(index);
            if forked != (standing == Standing::Forked) && standing != Standing::Partial {
                return wrong(id, "is badged as forked where its chain is straight, or the reverse");
            }
            let act =
                entry.body.as_ref().and_then(|b| AuthorityAct::decode(&entry.header.kind, entry.header.kind_version, &b.bytes));
            strikes.extend(act.filter(|_| standing.has_authority()).map(|act| (index, act)));
        }
        for (id, (index, standing)) in &standings {
            let header = &running.stored[id].header;
            let device = running.journal.chains().get(&header.chain).map(|c| c.device);
            let dag = running.journal.dag();
            let struck = strikes.iter().any(|(by, act)| match act {
                AuthorityAct::DeviceRevoked { device: d, .. } => Some(*d) == device && by != index && !dag.precedes(*index, *by),
                AuthorityAct::RoleWithdrawn { actor, .. } => *actor == header.author && dag.concurrent(*index, *by),
                _ => false,
            });
            if struck && standing.has_authority() {
                return wrong(id, "keeps its authority against a revocation that holds");
            }
            let revoked = matches!(standing, Standing::DeviceRevoked | Standing::AuthorRevoked);
            if revoked && !struck {
                return wrong(id, "lost its authority without a revocation that holds");
            }
        }
        Ok(())
    }

    fn nothing_acknowledged_is_lost(&mut self) -> Result<(), Broken> {
        let first = self.first()?;
        let missing: Vec<EntryId> =
            self.book.acknowledged.keys().filter(|id| first.journal.dag().index(id).is_none()).copied().collect();
        if let Some(id) = missing.iter().find(|id| !self.book.lost.contains(*id)) {
            return Err(Broken::new(1, format!("acknowledged entry {} is nowhere", id.short())));
        }
        // Only what was lost with a restored replica may be waited for.
        for entry in self.replicas.iter().filter_map(|r| r.running.as_ref()).flat_map(|r| r.journal.parked()) {
            let known = |id: &EntryId| self.book.lost.contains(id) || !self.book.signed.contains_key(id);
            let first = self.first()?;
            let parents = entry.header.prev.iter().chain(&entry.header.deps);
            if parents.filter(|id| first.journal.dag().index(id).is_none()).any(|id| !known(id)) {
                return Err(Broken::new(5, format!("entry {} waits for one that was never lost", entry.id.short())));
            }
        }
        self.figures.lost += missing.len() as u64;
        Ok(())
    }

    fn count(&mut self) {
        let Some(running) = self.replicas.first_mut().and_then(|r| r.running.as_mut()) else { return };
        let figures = &mut self.figures;
        figures.entries += running.journal.dag().len() as u64;
        figures.forks += running.journal.dag().chains().filter(|c| running.journal.dag().forked_at(c).is_some()).count() as u64;
        figures.erased += running.journal.erased().len() as u64;
        figures.orphans += running.journal.parked().count() as u64;
        let ids: Vec<EntryId> = running.stored.keys().copied().collect();
        figures.stripped += ids.iter().filter(|id| running.standing(id).is_some_and(|s| !s.has_authority())).count() as u64;
    }
}

/// What `verify` says of what a replica stores, in the order it came.
fn verified(running: &Running) -> Report {
    let mut verifier = Verifier::new(running.journal.id(), domain::State::NEVER_ERASED);
    for (row, node) in (1..).zip(running.journal.dag().nodes()) {
        if let Some(entry) = running.stored.get(&node.id) {
            verifier.row(Stored {
                row,
                id: entry.id.0.to_vec(),
                header: entry.header_bytes.clone(),
                signature: entry.signature.0.to_vec(),
                body: entry.body.as_ref().map(|b| (b.salt.to_vec(), b.bytes.clone())),
            });
        }
    }
    verifier.finish()
}
