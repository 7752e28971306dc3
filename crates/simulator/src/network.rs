//! A network that loses, doubles, reorders, spoils and strips what it carries, and falls apart.

use crate::chance::Chance;
use std::collections::BTreeSet;

/// A bundle on its way (a socket, a stick, an e-mail: the same to the journal).
#[derive(Debug, Clone)]
pub struct Message {
    /// From which replica.
    pub from: usize,
    /// To which.
    pub to: usize,
    /// The bundle.
    pub bytes: Vec<u8>,
    /// Whether it was spoilt on the way.
    pub spoilt: bool,
}

/// The network.
#[derive(Debug, Clone)]
pub struct Network {
    in_flight: Vec<Message>,
    cut: BTreeSet<(usize, usize)>,
    /// Messages lost out of a hundred.
    pub loss_percent: u32,
    /// Messages that arrive twice out of a hundred.
    pub double_percent: u32,
    /// Messages with a bit flipped out of a hundred.
    pub spoil_percent: u32,
}

impl Network {
    /// A network as bad as chance makes it.
    pub fn new(chance: &mut Chance) -> Self {
        Self {
            in_flight: Vec::new(),
            cut: BTreeSet::new(),
            loss_percent: u32::try_from(chance.below(51)).unwrap_or(0),
            double_percent: u32::try_from(chance.below(31)).unwrap_or(0),
            spoil_percent: u32::try_from(chance.below(11)).unwrap_or(0),
        }
    }

    /// Cuts the network in two at random.
    pub fn part(&mut self, replicas: usize, chance: &mut Chance) {
        let sides: Vec<bool> = (0..replicas).map(|_| chance.percent(50)).collect();
        let apart = |a: usize, b: usize| sides.get(a) != sides.get(b);
        self.cut = (0..replicas).flat_map(|a| (0..replicas).map(move |b| (a, b))).filter(|(a, b)| apart(*a, *b)).collect();
    }

    /// Joins everybody again.
    pub fn heal(&mut self) {
        self.cut.clear();
    }

    /// Whether two replicas are cut off from each other.
    pub fn is_cut(&self, a: usize, b: usize) -> bool {
        self.cut.contains(&(a, b))
    }

    /// Sends; says whether anything is on its way.
    pub fn send(&mut self, mut message: Message, chance: &mut Chance) -> bool {
        if self.is_cut(message.from, message.to) || chance.percent(self.loss_percent) {
            return false;
        }
        if !message.bytes.is_empty() && chance.percent(self.spoil_percent) {
            message.spoilt = true;
            let at = chance.below(message.bytes.len());
            match chance.below(3) {
                0 => message.bytes.truncate(at),
                _ => message.bytes[at] ^= 1 << chance.below(8),
            }
        }
        if chance.percent(self.double_percent) {
            self.in_flight.push(message.clone());
        }
        self.in_flight.push(message);
        true
    }

    /// Something that arrives now, in no particular order.
    pub fn arrival(&mut self, chance: &mut Chance) -> Option<Message> {
        let able: Vec<usize> =
            (0..self.in_flight.len()).filter(|at| !self.is_cut(self.in_flight[*at].from, self.in_flight[*at].to)).collect();
        chance.pick(&able).map(|at| self.in_flight.swap_remove(*at))
    }
}
