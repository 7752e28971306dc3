//! One simulated establishment: what happens to it, step by step, all of it drawn from one seed.

use crate::book::{Book, Broken};
use crate::chance::Chance;
use crate::clock::START_MS;
use crate::disk::Disk;
use crate::faults::Fault;
use crate::figures::Figures;
use crate::founding::{device, found_on};
use crate::network::{Message, Network};
use crate::people::{PEOPLE, Sight, drafts, open, somebody};
use crate::replica::{CrashPoint, Replica, load};
use crate::thief;
use crate::writer::{Answer, Submission};
use journal::certificate::{Mode, Origin};
use journal::write::Author;
use journal::{Auth, ChainId, Entry, EntryId, Nonce, PublicKey, RequestId, SigningKey, bundle};
use std::collections::{BTreeMap, BTreeSet};

/// An older state of a replica's data.
#[derive(Debug, Clone)]
struct Backup {
    image: Vec<u8>,
    guard: BTreeMap<ChainId, (u64, EntryId)>,
}

/// Who hears what happens, step by step; nobody costs nothing.
pub type Tell<'a> = Option<&'a mut dyn FnMut(String)>;

/// One establishment.
pub struct World<'a> {
    pub(crate) chance: Chance,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) network: Network,
    pub(crate) book: Book,
    pub(crate) figures: Figures,
    backups: Vec<(usize, Backup)>,
    /// Requests without an answer yet, by replica.
    pending: Vec<(usize, Submission)>,
    devices: Vec<PublicKey>,
    true_ms: i64,
    tell: Tell<'a>,
}

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Write,
    Retry,
    Send,
    Arrive,
    PowerCut,
    PowerBack,
    Part,
    Heal,
    SetClock,
    Backup,
    Restore,
    FillDisk,
    BreakSync,
    Steal,
    Refold,
}

/// How many entries somebody sends who sends only the news.
const TAIL: usize = 3;

const STEPS: [(u32, Step); 15] = [
    (42, Step::Write),
    (5, Step::Retry),
    (30, Step::Send),
    (34, Step::Arrive),
    (4, Step::PowerCut),
    (10, Step::PowerBack),
    (1, Step::Part),
    (3, Step::Heal),
    (1, Step::SetClock),
    (4, Step::Backup),
    (1, Step::Restore),
    (1, Step::FillDisk),
    (1, Step::BreakSync),
    (6, Step::Steal),
    (3, Step::Refold),
];

impl<'a> World<'a> {
    /// Founds an establishment on one device and enrols the others.
    pub fn found(seed: u64, fault: Fault, tell: Tell<'a>) -> Result<Self, Broken> {
        let mut chance = Chance::new(seed);
        let sizes = [(30, 3), (20, 4), (15, 5), (12, 6), (9, 8), (8, 10), (6, 12)];
        let count: usize = chance.weighted(&sizes, 3);
        let root = SigningKey::from_bytes(&chance.bytes());
        let origin =
            Origin { root: PublicKey(root.verifying_key().to_bytes()), mode: Mode::Exercise, nonce: Nonce(chance.bytes()) };
        let mut replicas: Vec<Replica> = (0..count).map(|n| device(n, &root, origin, fault, &mut chance)).collect();
        found_on(&mut replicas[0]);
        let image = replicas[0].disk.image();
        for replica in &mut replicas[1..] {
            replica.disk.restore(image.clone());
        }
        let network = Network::new(&mut chance);
        let book = Book { kept: vec![BTreeMap::new(); count], ..Book::default() };
        let devices = replicas.iter().map(Replica::key).collect();
        let figures = Figures { replicas: count as u64, ..Figures::default() };
        let (backups, pending) = (Vec::new(), Vec::new());
        let mut world = Self { chance, replicas, network, book, figures, backups, pending, devices, true_ms: START_MS, tell };
        for at in 0..count {
            world.start(at)?;
        }
        let opened = open(&mut world.chance);
        let author = Author { actor: PEOPLE[0].0, auth: Auth::Password };
        world.submit(0, vec![Submission { request: RequestId([1; 16]), author, drafts: vec![opened] }])?;
        Ok(world)
    }

    /// Lives through a number of steps.
    pub fn live(&mut self) -> Result<(), Broken> {
        let steps = 50 + self.chance.below(91);
        for _ in 0..steps {
            self.true_ms += self.chance.between(0, 120_000);
            let up: Vec<usize> = (0..self.replicas.len()).filter(|at| self.replicas[*at].running.is_some()).collect();
            let at = self.chance.pick(&up).copied().unwrap_or(0);
            self.replicas[at].true_ms = self.true_ms;
            let step = self.chance.weighted(&STEPS, Step::Write);
            self.step(step, at)?;
        }
        Ok(())
    }

    /// Every entry that reached a disk.
    pub fn into_history(self) -> Vec<Entry> {
        self.book.signed.into_values().collect()
    }

    pub(crate) fn say(&mut self, what: impl FnOnce() -> String) {
        if let Some(tell) = &mut self.tell {
            tell(what());
        }
    }

    fn step(&mut self, step: Step, at: usize) -> Result<(), Broken> {
        match step {
            Step::Write => self.write(at),
            Step::Retry => self.retry(),
            Step::Send => self.send(at),
            Step::Arrive => self.arrive(),
            Step::PowerCut => self.power_cut(at),
            Step::PowerBack => self.power_back(),
            Step::Backup => self.back_up(at),
            Step::Restore => self.restore(),
            Step::Steal => self.steal(at),
            Step::Refold => self.folds_as_from_nothing(at),
            Step::Part => {
                self.say(|| "the network parts".to_owned());
                self.network.part(self.replicas.len(), &mut self.chance);
                Ok(())
            }
            Step::Heal => {
                self.say(|| "the network heals and disks are emptied".to_owned());
                self.network.heal();
                self.replicas.iter_mut().for_each(|r| r.disk.full = false);
                Ok(())
            }
            Step::SetClock => {
                self.say(|| format!("the clock of {at} is set"));
                self.replicas[at].clock.jump(&mut self.chance);
                Ok(())
            }
            Step::FillDisk => {
                self.replicas[at].disk.full = true;
                self.say(|| format!("the disk of {at} is full"));
                Ok(())
            }
            Step::BreakSync => {
                self.say(|| format!("the next sync of {at} fails"));
                self.replicas[at].disk.sync_fails = true;
                Ok(())
            }
        }
    }

    fn start(&mut self, at: usize) -> Result<(), Broken> {
        self.replicas[at].start();
        self.observe(at)
    }

    pub(crate) fn observe(&mut self, at: usize) -> Result<(), Broken> {
        match &mut self.replicas[at].running {
            Some(running) => self.book.observe(at, running),
            None => Ok(()),
        }
    }

    fn sight_and<T>(&mut self, at: usize, look: impl FnOnce(&Sight<'_>, &mut Chance) -> T) -> Option<T> {
        let running = self.replicas[at].running.as_ref()?;
        let known = |(asked, _): &&(EntryId, EntryId)| running.journal.dag().index(asked).is_some();
        let asked: Vec<(EntryId, EntryId)> = self.book.asked.iter().filter(known).copied().collect();
        let sight = Sight { state: &running.state, asked: &asked, devices: &self.devices };
        Some(look(&sight, &mut self.chance))
    }

    fn write(&mut self, at: usize) -> Result<(), Broken> {
        let mut group = Vec::new();
        for _ in 0..=self.chance.below(3) {
            let drafts = self.sight_and(at, drafts).flatten();
            let author = Author { actor: somebody(&mut self.chance), auth: Auth::Password };
            let request = RequestId(self.chance.bytes());
            group.extend(drafts.map(|drafts| Submission { request, author, drafts }));
        }
        if self.chance.percent(4) {
            self.replicas[at].crash_at =
                Some(if self.chance.percent(50) { CrashPoint::BeforeSync } else { CrashPoint::BeforeAnswer });
        }
        self.submit(at, group)
    }

    fn submit(&mut self, at: usize, group: Vec<Submission>) -> Result<(), Broken> {
        if self.replicas[at].running.is_none() {
            return Ok(());
        }
        let answers = self.replicas[at].submit(&group);
        self.replicas[at].crash_at = None;
        for (submission, answer) in group.into_iter().zip(answers) {
            self.say(|| {
                format!("{at} answers {answer:?} to {:?}", submission.drafts.iter().map(|d| &d.kind).collect::<Vec<_>>())
            });
            match answer {
                Answer::Acknowledged(ids) => {
                    self.figures.acknowledged += ids.len() as u64;
                    self.book.acknowledged.extend(ids.into_iter().map(|id| (id, at)));
                }
                Answer::Refused(_) => self.figures.refused += 1,
                Answer::Unknown(_) => self.pending.push((at, submission)),
                Answer::Reused => {}
            }
        }
        if self.replicas[at].running.is_none() {
            self.figures.crashes += 1;
        }
        self.observe(at)
    }

    /// Somebody whose request had no answer sends it again, as often as it takes: it is recorded once.
    fn retry(&mut self) -> Result<(), Broken> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let (at, submission) = self.pending.swap_remove(self.chance.below(self.pending.len()));
        if self.replicas[at].running.is_none() {
            self.pending.push((at, submission));
            return Ok(());
        }
        let (request, parts) = (submission.request, submission.drafts.len());
        self.submit(at, vec![submission])?;
        let Some(running) = &self.replicas[at].running else { return Ok(()) };
        let here =
            running.journal.request(&request).iter().filter(|i| running.journal.dag().node(**i).chain == running.pen.chain);
        let here = here.count();
        if here > parts {
            return Err(Broken::new(1, format!("a request of {parts} entries sent twice is {here} entries on replica {at}")));
        }
        Ok(())
    }

    fn send(&mut self, from: usize) -> Result<(), Broken> {
        let to = self.chance.below(self.replicas.len());
        let Some(running) = self.replicas[from].running.as_ref().filter(|_| from != to) else { return Ok(()) };
        let there = self.replicas[to].running.as_ref().map(|r| &r.stored);
        let mode = self.chance.below(5);
        let mut entries = Vec::new();
        let nodes = running.journal.dag().nodes();
        let tail = nodes.len().saturating_sub(TAIL);
        for (at, node) in nodes.iter().enumerate() {
            let known = there.is_some_and(|there| there.contains_key(&node.id));
            let sent = match mode {
                0 => true,
                1 | 2 => !known,
                // Only the news: what they follow may never come.
                3 => at >= tail,
                _ => self.chance.percent(60),
            };
            entries.extend(running.stored.get(&node.id).filter(|_| sent).cloned());
        }
        if mode == 4 {
            self.chance.shuffle(&mut entries);
        }
        let stripped = self.chance.percent(4);
        if stripped {
            entries.iter_mut().filter(|_| self.chance.percent(30)).for_each(|entry| entry.body = None);
        }
        let bytes = bundle::encode(running.journal.id(), entries.iter());
        let sent = self.network.send(Message { from, to, bytes, spoilt: stripped }, &mut self.chance);
        self.say(|| format!("{from} sends {} entries to {to}: {}", entries.len(), if sent { "on the way" } else { "lost" }));
        Ok(())
    }

    fn arrive(&mut self) -> Result<(), Broken> {
        let Some(message) = self.network.arrival(&mut self.chance) else { return Ok(()) };
        let Message { from, to, bytes, spoilt } = message;
        if self.replicas[to].running.is_none() {
            return Ok(());
        }
        self.figures.arrived += 1;
        if self.chance.percent(3) {
            self.replicas[to].crash_at = Some(CrashPoint::BeforeSync);
        }
        self.replicas[to].true_ms = self.true_ms;
        let outcome = self.replicas[to].merge(&bytes);
        self.replicas[to].crash_at = None;
        self.figures.crashes += u64::from(self.replicas[to].running.is_none());
        self.say(|| format!("{to} takes in what {from} sent: {outcome:?}"));
        if let Ok(merged) = outcome
            && !spoilt
            && (merged.damaged > 0 || !merged.refused.is_empty())
        {
            return Err(Broken::new(5, format!("replica {to} refused what {from} sent: {merged:?}")));
        }
        self.observe(to)
    }

    fn power_cut(&mut self, at: usize) -> Result<(), Broken> {
        if self.replicas[at].running.is_some() {
            self.say(|| format!("the power of {at} goes"));
            self.figures.crashes += 1;
            self.replicas[at].crash();
        }
        Ok(())
    }

    fn power_back(&mut self) -> Result<(), Broken> {
        let down = self.replicas.iter().position(|r| r.running.as_ref().is_none_or(|running| running.read_only));
        let Some(at) = down else { return Ok(()) };
        self.say(|| format!("{at} starts again"));
        self.replicas[at].true_ms = self.true_ms;
        self.replicas[at].crash();
        self.start(at)
    }

    fn back_up(&mut self, at: usize) -> Result<(), Broken> {
        self.say(|| format!("{at} is backed up"));
        let backup = Backup { image: self.replicas[at].disk.image(), guard: self.replicas[at].guard.clone() };
        self.backups.push((at, backup));
        Ok(())
    }

    /// Puts an older state back: through `restore`, which says so; as a folder copied back, which the memory outside
    /// notices; or as the image of a whole machine, which nobody notices.
    fn restore(&mut self) -> Result<(), Broken> {
        let Some((at, backup)) = self.chance.pick(&self.backups).cloned() else { return Ok(()) };
        self.figures.restores += 1;
        let replica = &mut self.replicas[at];
        replica.running = None;
        replica.disk = Disk::default();
        replica.disk.restore(backup.image);
        let way = self.chance.below(3);
        match way {
            0 => replica.restored = true,
            1 => {}
            _ => {
                (replica.guard, replica.guard_before) = (backup.guard.clone(), backup.guard);
                replica.rolled_back = true;
            }
        }
        let (_, _, stored) = load(replica.origin.journal_id(), &replica.disk.read());
        // The memory outside is not synced: if a power cut took its last write, it may know no more than an old backup.
        replica.rolled_back |= way == 1 && replica.guard.values().all(|(_, id)| stored.contains_key(id));
        self.book.restored(at, &stored.keys().copied().collect());
        let bare: BTreeSet<EntryId> = stored.values().filter(|e| e.body.is_none()).map(|e| e.id).collect();
        self.book.forget_bodies(at, &bare);
        self.say(|| format!("{at} is put back to {} entries, way {way}", stored.len()));
        self.start(at)
    }

    fn steal(&mut self, at: usize) -> Result<(), Broken> {
        if !self.replicas[at].hostile {
            return Ok(());
        }
        let wall = self.replicas[at].clock.now(self.true_ms);
        let (running, device) = (self.replicas[at].running.clone(), self.replicas[at].device.clone());
        let Some(running) = running.filter(|r| !r.read_only) else { return Ok(()) };
        let forged = self.sight_and(at, |sight, chance| thief::forge(&running, &device, sight, wall, chance));
        let Some(entry) = forged else { return Ok(()) };
        self.say(|| format!("the thief of {at} signs {} {}", entry.id.short(), entry.header.kind));
        self.figures.planted += 1;
        if let Ok(merged) = self.replicas[at].plant(entry)
            && !merged.refused.is_empty()
        {
            return Err(Broken::new(5, format!("replica {at} refused a well-formed entry of its own device: {merged:?}")));
        }
        self.observe(at)
    }
}
