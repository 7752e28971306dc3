//! What a loss does: who is hit, from when, and why.

use crate::bits::Bits;

/// No member, no group, no moment.
pub(crate) const NONE: u32 = u32::MAX;

/// A node lost at a moment, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// The node.
    pub node: u32,
    /// When, in minutes after the start.
    pub at: u32,
}

/// Why a node is degraded or down: a group of it failed, when this member went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// The group, by its number.
    pub group: u32,
    /// The member whose loss made it fail.
    pub member: u32,
}

/// One step of an explanation, from the node explained towards what was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The node.
    pub node: u32,
    /// The group of that node that failed; `None` at the end: this node was lost.
    pub group: Option<u32>,
    /// When that node went down (or degraded, for the first one).
    pub at: u32,
}

/// A moment and its explanation. The order is that of explanations: the earliest, then the one with the fewest steps,
/// then the one whose nodes have the smallest numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) at: u32,
    /// Steps to what was lost; [`NONE`] when it does not happen.
    pub(crate) steps: u32,
    pub(crate) member: u32,
    pub(crate) group: u32,
}

impl Mark {
    pub(crate) const NEVER: Self = Self { at: NONE, steps: NONE, member: NONE, group: NONE };

    /// The mark of a loss.
    pub(crate) const fn lost(at: u32) -> Self {
        Self { at, steps: 0, member: NONE, group: NONE }
    }

    pub(crate) fn happens(self) -> bool {
        self.steps != NONE
    }

    fn cause(self) -> Option<Cause> {
        (self.member != NONE).then_some(Cause { group: self.group, member: self.member })
    }
}

/// How a node fares. Aligned so that it never lies across two lines of the processor's cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
pub(crate) struct Fate {
    /// First degraded or down.
    pub(crate) hit: Mark,
    pub(crate) down: Mark,
}

/// Who is hit. Takes the room of those hit, plus two bits for every node.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Nodes hit.
    set: Bits,
    /// How many nodes are hit before each word of `set`.
    before: Vec<u32>,
    /// Fates of those hit, by number.
    fates: Vec<Fate>,
    /// In the order of time, then by number.
    hit: Vec<u32>,
}

impl Outcome {
    /// Gathers the fates of the nodes hit, named in the order of time, then by number.
    pub(crate) fn of(nodes: u32, hit: Vec<u32>, fate: impl Fn(u32) -> Fate) -> Self {
        let mut set = Bits::new(nodes);
        for node in &hit {
            set.add(*node);
        }
        let before = set.words().iter().scan(0, |sum, word| {
            let before = *sum;
            *sum += word.count_ones();
            Some(before)
        });
        let before = before.collect();
        let mut fates = Vec::with_capacity(hit.len());
        fates.extend(set.iter().map(fate));
        Self { set, before, fates, hit }
    }

    fn fate(&self, node: u32) -> Option<&Fate> {
        let word = *self.set.words().get(node as usize / 64)?;
        let bit = 1_u64 << (node % 64);
        let rank = self.before[node as usize / 64] + (word & (bit - 1)).count_ones();
        (word & bit != 0).then(|| &self.fates[rank as usize])
    }

    /// When a node goes down, in minutes; `None` when it does not.
    pub fn down_at(&self, node: u32) -> Option<u32> {
        self.fate(node).filter(|fate| fate.down.happens()).map(|fate| fate.down.at)
    }

    /// When a node is first hit (degraded or down), in minutes.
    pub fn hit_at(&self, node: u32) -> Option<u32> {
        self.fate(node).map(|fate| fate.hit.at)
    }

    /// Every node hit, those lost included, in the order of time, then by number.
    pub fn hit(&self) -> &[u32] {
        &self.hit
    }

    /// Why it was first hit; `None` for what was lost and for what is not hit.
    pub fn cause(&self, node: u32) -> Option<Cause> {
        self.fate(node)?.hit.cause()
    }

    /// Why it went down: not always what hit it first. `None` for what was lost and for what does not go down.
    pub fn down_cause(&self, node: u32) -> Option<Cause> {
        self.fate(node)?.down.cause()
    }

    /// The shortest explanation of why a node is hit: itself first, what was lost last. Empty when it is not hit.
    ///
    /// Among the explanations of the earliest moment, one with the fewest steps. Where several losses together made a
    /// group fail, the step leads to the last of them: that group held until then.
    pub fn path(&self, node: u32) -> Vec<Step> {
        self.fate(node).map_or_else(Vec::new, |fate| self.explain(node, fate.hit))
    }

    /// The same for why it goes down. Empty when it does not.
    pub fn path_down(&self, node: u32) -> Vec<Step> {
        self.fate(node).map_or_else(Vec::new, |fate| self.explain(node, fate.down))
    }

    /// Every step is explained by fewer steps than the one before: this ends.
    fn explain(&self, node: u32, mark: Mark) -> Vec<Step> {
        let mut steps = Vec::with_capacity(if mark.happens() { mark.steps as usize + 1 } else { 0 });
        let (mut node, mut mark) = (node, mark);
        while mark.happens() {
            let cause = mark.cause();
            steps.push(Step { node, group: cause.map(|c| c.group), at: mark.at });
            let Some(cause) = cause else { break };
            node = cause.member;
            mark = self.fate(node).map_or(Mark::NEVER, |fate| fate.down);
        }
        steps
    }
}
