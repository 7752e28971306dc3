//! Thousands of losses at once: who is down in the end, without time and without explanations.
//!
//! One bit is one scenario: 2,048 of them, a *lane*, go through the network together, each node's members first. Most
//! nodes are down in few scenarios or none: each lane has a *fold*, its words laid over each other in one, and the folds of
//! a region stay in the processor's second cache. A group is judged on folds first: what cannot fail there fails nowhere,
//! and only then are lanes read, which are far away. A group that bears no loss is a union; any other counts its members
//! down with a bit-sliced adder (a column of carry-save adders, as for population counts). Mutual dependencies are gone
//! over until nothing changes.

use crate::order::Order;
use crate::rows::Rows;
use crate::workers::{self, Stop};
use crate::{HOLDS_FOREVER, Network};

/// Words of a lane: 64 scenarios each. Measured on a region: much faster than 8, no slower than 64. A lane takes 256 bytes for
/// each node and thread.
const WORDS: usize = 32;
/// Scenarios that go through the network together.
const LANE: usize = 64 * WORDS;
/// Places read ahead together.
const AHEAD: u32 = 64;
/// Words that memory brings together.
const LINE: usize = 8;
/// The scenarios in which a node is down.
type Lane = [u64; WORDS];

/// A network made ready for many losses. Nodes have a place: their number in an order where members come first.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The place of each node.
    place: Vec<u32>,
    /// The places that begin and end each component.
    components: Vec<(u32, u32)>,
    /// By place: the places of those whose loss alone stops it.
    any: Rows<u32>,
    /// By place: its groups that bear losses, in `members`.
    groups: Rows<u32>,
    members: Rows<u32>,
    spare: Vec<u32>,
}

/// What one thread writes on.
#[derive(Default)]
struct Pass {
    /// By place: the words of its lane laid over each other. Zero: up in all scenarios.
    folds: Vec<u64>,
    /// By place: where it is down; void, whatever is written, where the fold is zero.
    lanes: Vec<Lane>,
    /// The members down somewhere of the group being judged.
    few: Vec<u32>,
}

impl Pass {
    fn clear(&mut self, places: usize) {
        self.folds.clear();
        self.folds.resize(places, 0);
        self.lanes.resize(places, [0; WORDS]);
    }

    fn lane(&self, place: u32) -> Lane {
        let place = place as usize;
        if self.folds[place] == 0 { [0; WORDS] } else { self.lanes[place] }
    }

    /// Says that the node of a place is lost in a scenario.
    fn lose(&mut self, place: u32, bit: usize) {
        let mut lane = [0; WORDS];
        lane[bit / 64] = 1 << (bit % 64);
        self.add(place, &lane);
    }

    /// Adds scenarios in which the node of a place is down; whether any is new.
    fn add(&mut self, place: u32, more: &Lane) -> bool {
        let more_fold = more.iter().fold(0, |fold, word| fold | word);
        if more_fold == 0 {
            return false;
        }
        let (fold, lane) = (&mut self.folds[place as usize], &mut self.lanes[place as usize]);
        if *fold == 0 {
            (*fold, *lane) = (more_fold, *more);
            return true;
        }
        let new = lane.iter().zip(more).any(|(word, more)| more & !word != 0);
        *fold |= more_fold;
        join(lane, more);
        new
    }

    /// Gathers the members down somewhere. Each is written, and kept if it is one: there is nothing for the processor to
    /// guess.
    fn gather(&mut self, members: &[u32]) {
        self.few.resize(members.len() + 1, 0);
        let mut count = 0;
        for member in members {
            self.few[count] = *member;
            count += usize::from(self.folds[*member as usize] != 0);
        }
        self.few.truncate(count);
    }

    /// Adds to `down` the scenarios in which any member is.
    fn any(&mut self, members: &[u32], down: &mut Lane) {
        self.gather(members);
        for member in &self.few {
            join(down, &self.lanes[*member as usize]);
        }
    }

    /// Adds to `down` the scenarios in which more members than `spare` are.
    fn more_than(&mut self, spare: u32, members: &[u32], down: &mut Lane) {
        self.gather(members);
        if self.few.len() <= spare as usize {
            return;
        }
        let folds = self.few.iter().map(|member| std::array::from_ref(&self.folds[*member as usize]));
        if outnumber(folds, self.few.len(), spare) == [0] {
            return;
        }
        let lanes = self.few.iter().map(|member| &self.lanes[*member as usize]);
        join(down, &outnumber(lanes, self.few.len(), spare));
    }
}

/// Which targets are down in which scenarios.
#[derive(Debug, Clone, Default)]
pub struct Downs {
    targets: usize,
    turns: Turns,
    /// For each lane of scenarios, one lane per target.
    lanes: Vec<Vec<Lane>>,
}

impl Downs {
    /// Whether the target of that place in the list of targets is down in that scenario.
    pub fn down(&self, target: usize, scenario: usize) -> bool {
        let Some(turn) = self.turns.of.get(scenario).map(|turn| *turn as usize) else {
            return false;
        };
        let lane = self.lanes.get(turn / LANE).and_then(|lanes| lanes.get(target));
        lane.is_some_and(|lane| lane[turn % LANE / 64] >> (turn % 64) & 1 == 1)
    }

    /// How many targets there are.
    pub fn targets(&self) -> usize {
        self.targets
    }

    /// In which scenarios a target is down, ascending.
    pub fn scenarios(&self, target: usize) -> impl Iterator<Item = usize> {
        let lanes = self.lanes.iter().enumerate().filter_map(|(at, lanes)| Some((at, lanes.get(target)?)));
        let turns = lanes.flat_map(|(at, lane)| bits(lane).map(move |bit| at * LANE + bit));
        let mut scenarios: Vec<usize> = turns.map(|turn| self.turns.scenarios[turn] as usize).collect();
        scenarios.sort_unstable();
        scenarios.into_iter()
    }
}

/// In which order scenarios go through the network: by their first place, so that those of a lane hit the same nodes and
/// begin late together.
#[derive(Debug, Clone, Default)]
struct Turns {
    /// By turn: the scenario.
    scenarios: Vec<u32>,
    /// By scenario: its turn.
    of: Vec<u32>,
}

/// The places of the ones of a lane.
fn bits(lane: &Lane) -> impl Iterator<Item = usize> {
    lane.iter().enumerate().flat_map(|(at, word)| crate::bits::ones(*word).map(move |bit| at * 64 + bit as usize))
}

impl Network {
    /// The network made ready for many losses: worth it from some tens of scenarios on.
    pub fn batch(&self) -> Batch {
        let order = Order::of(self.nodes, |node| self.needs.row(node));
        let mut place = vec![0_u32; self.nodes as usize];
        for (node, at) in order.nodes.iter().zip(0..) {
            place[*node as usize] = at;
        }
        let components = order.components().scan(0_u32, |begin, component| {
            let span = (*begin, *begin + u32::try_from(component.len()).unwrap_or(u32::MAX));
            *begin = span.1;
            Some(span)
        });
        let components = components.collect();
        let rows = self.nodes as usize;
        let at = |node: u32| place[node as usize];
        let stopping = (0..).zip(&self.groups).filter(|(_, group)| group.holds != HOLDS_FOREVER);
        let single = stopping.clone().filter(|(_, group)| group.spare == 0);
        let single =
            single.flat_map(|(number, group)| self.members.row(number).iter().map(|member| (at(group.owner), at(*member))));
        // Turned twice: each once, and in the order of memory.
        let any = Rows::of(rows, single).turned(rows).turned(rows);
        let mut bearing: Vec<u32> = stopping.filter(|(_, group)| group.spare > 0).map(|(number, _)| number).collect();
        // In the order in which they will be read.
        bearing.sort_by_key(|number| at(self.groups[*number as usize].owner));
        let numbered = || (0_u32..).zip(&bearing);
        let groups = Rows::of(rows, numbered().map(|(new, old)| (at(self.groups[*old as usize].owner), new)));
        let members = numbered().flat_map(|(new, old)| self.members.row(*old).iter().map(move |member| (new, at(*member))));
        let members = Rows::of(bearing.len(), members);
        let spare = bearing.iter().map(|old| self.groups[*old as usize].spare).collect();
        Batch { place, components, any, groups, members, spare }
    }
}

impl Batch {
    /// Which of these targets are down in the end of each scenario (the nodes lost in it), by that many threads. `None`
    /// when `stop` said to stop. Nodes that do not exist are never down.
    pub fn down<S: AsRef<[u32]> + Sync>(&self, scenarios: &[S], targets: &[u32], workers: usize, stop: Stop) -> Option<Downs> {
        let read = |pass: &Pass| targets.iter().map(|target| self.lane(pass, *target)).collect();
        let turns = self.turns(scenarios);
        let lanes = self.each(scenarios, &turns, workers, stop, read)?;
        Some(Downs { targets: targets.len(), turns, lanes })
    }

    /// The sum of the weights of the nodes down in the end of each scenario, those lost included; `weights` by node.
    pub fn weights<S: AsRef<[u32]> + Sync>(
        &self,
        scenarios: &[S],
        weights: &[u32],
        workers: usize,
        stop: Stop,
    ) -> Option<Vec<u64>> {
        let heavy: Vec<(u32, u64)> = (0..).zip(weights).filter(|(_, w)| **w > 0).map(|(node, w)| (node, u64::from(*w))).collect();
        let read = |pass: &Pass| {
            let mut sums = vec![0_u64; LANE];
            for (node, weight) in &heavy {
                for bit in bits(&self.lane(pass, *node)) {
                    sums[bit] += weight;
                }
            }
            sums
        };
        let turns = self.turns(scenarios);
        let sums = self.each(scenarios, &turns, workers, stop, read)?.concat();
        Some(turns.of.iter().map(|turn| sums[*turn as usize]).collect())
    }

    fn turns<S: AsRef<[u32]>>(&self, scenarios: &[S]) -> Turns {
        let first = |lost: &S| self.places(lost).min();
        let firsts: Vec<Option<u32>> = scenarios.iter().map(first).collect();
        let mut order: Vec<u32> = (0..).zip(scenarios).map(|(scenario, _)| scenario).collect();
        order.sort_by_key(|scenario| firsts[*scenario as usize]);
        let mut of = vec![0; scenarios.len()];
        for (turn, scenario) in (0..).zip(&order) {
            of[*scenario as usize] = turn;
        }
        Turns { scenarios: order, of }
    }

    /// The places of the nodes lost in a scenario.
    fn places<S: AsRef<[u32]>>(&self, lost: &S) -> impl Iterator<Item = u32> {
        lost.as_ref().iter().filter_map(|node| self.place.get(*node as usize)).copied()
    }

    fn lane(&self, pass: &Pass, node: u32) -> Lane {
        self.place.get(node as usize).map_or([0; WORDS], |place| pass.lane(*place))
    }

    /// Puts the scenarios through, a lane at a time, and reads each lane's end. In the order of turns.
    fn each<S: AsRef<[u32]> + Sync, R: Send>(
        &self,
        scenarios: &[S],
        turns: &Turns,
        workers: usize,
        stop: Stop,
        read: impl Fn(&Pass) -> R + Sync,
    ) -> Option<Vec<R>> {
        let lanes: Vec<&[u32]> = turns.scenarios.chunks(LANE).collect();
        let start = || (Pass::default(), Vec::new());
        let parts = workers::split(workers, lanes.len(), stop, start, |(pass, done): &mut (Pass, Vec<(usize, R)>), at| {
            self.pass(lanes[at].iter().map(|scenario| &scenarios[*scenario as usize]), pass);
            done.push((at, read(pass)));
        });
        let mut done: Vec<(usize, R)> = parts?.into_iter().flat_map(|(_, done)| done).collect();
        done.sort_by_key(|(at, _)| *at);
        Some(done.into_iter().map(|(_, result)| result).collect())
    }

    fn pass<'a, S: AsRef<[u32]> + 'a>(&self, scenarios: impl Iterator<Item = &'a S>, pass: &mut Pass) {
        pass.clear(self.place.len());
        let mut first = u32::MAX;
        for (bit, lost) in scenarios.enumerate() {
            for place in self.places(lost) {
                pass.lose(place, bit);
                first = first.min(place);
            }
        }
        // What comes before the first loss stays up.
        let begin = self.components.partition_point(|(_, end)| *end <= first);
        let mut read = 0;
        for (from, to) in &self.components[begin..] {
            if *from >= read {
                read = *from + AHEAD;
                self.read_ahead(pass, *from, read);
            }
            // Over and over until nothing changes when its nodes need each other.
            loop {
                let changed = (*from..*to).filter(|place| self.settle(pass, *place)).count();
                if changed == 0 || to - from == 1 {
                    break;
                }
            }
        }
    }

    /// Reads the lanes that the nodes of these places will soon ask for: one after the other, each would be waited for;
    /// together, they come together. Changes nothing, and saves a sixth of the time.
    fn read_ahead(&self, pass: &mut Pass, from: u32, to: u32) {
        pass.gather(self.any.rows(from, to));
        let lines = pass.few.iter().flat_map(|member| pass.lanes[*member as usize].chunks(LINE));
        std::hint::black_box(lines.fold(0, |read, line| read ^ line[0]));
    }

    /// Adds the scenarios in which the node of a place is down, given those of its members; whether there are any more.
    fn settle(&self, pass: &mut Pass, place: u32) -> bool {
        let mut down = [0; WORDS];
        pass.any(self.any.row(place), &mut down);
        for group in self.groups.row(place) {
            pass.more_than(self.spare[*group as usize], self.members.row(*group), &mut down);
        }
        pass.add(place, &down)
    }
}

fn join(lane: &mut Lane, more: &Lane) {
    for (word, more) in lane.iter_mut().zip(more) {
        *word |= more;
    }
}

/// Where more of these lanes than `spare` are ones, of `count`.
fn outnumber<'a, const WORDS: usize>(lanes: impl Iterator<Item = &'a [u64; WORDS]>, count: usize, spare: u32) -> [u64; WORDS] {
    match count {
        _ if count == spare as usize + 1 => all(lanes),
        ..8 => counted::<WORDS, 3>(lanes, spare),
        _ => counted::<WORDS, 32>(lanes, spare),
    }
}

/// Where all are ones.
fn all<'a, const WORDS: usize>(lanes: impl Iterator<Item = &'a [u64; WORDS]>) -> [u64; WORDS] {
    let mut all = [u64::MAX; WORDS];
    for lane in lanes {
        for (word, other) in all.iter_mut().zip(lane) {
            *word &= other;
        }
    }
    all
}

/// Where more than `spare` are ones. `PLANES` bits must be enough to count the lanes.
fn counted<'a, const WORDS: usize, const PLANES: usize>(
    lanes: impl Iterator<Item = &'a [u64; WORDS]>,
    spare: u32,
) -> [u64; WORDS] {
    let mut planes = [[0_u64; WORDS]; PLANES];
    for lane in lanes {
        let mut carry = *lane;
        for plane in &mut planes {
            let mut any = 0;
            for (sum, carry) in plane.iter_mut().zip(&mut carry) {
                (*sum, *carry) = (*sum ^ *carry, *sum & *carry);
                any |= *carry;
            }
            if any == 0 {
                break;
            }
        }
    }
    let (mut greater, mut equal) = ([0_u64; WORDS], [u64::MAX; WORDS]);
    for (at, plane) in planes.iter().enumerate().rev() {
        let wanted = if spare >> at & 1 == 1 { u64::MAX } else { 0 };
        for ((greater, equal), plane) in greater.iter_mut().zip(&mut equal).zip(plane) {
            *greater |= *equal & plane & !wanted;
            *equal &= !(plane ^ wanted);
        }
    }
    greater
}
