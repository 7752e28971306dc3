//! Why something is hit: the shortest explanation, with the words of each link.

use super::{Net, Why};
use crate::cartography::need::Need;
use crate::cartography::{Cartography, Exchange, Thing};
use impact::{Outcome, Step};

/// What links one step of an explanation to the next.
#[derive(Debug, Clone, Copy)]
pub enum Because<'a> {
    /// This need is not met any more.
    Need(&'a Need),
    /// This interface is cut.
    Exchange(&'a Exchange),
}

/// One step of an explanation, from what is explained to what was lost.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// The activity or the element.
    pub thing: Thing<'a>,
    /// When it went down (degraded, for the first one), in minutes.
    pub at: u32,
    /// Why; `None` at the end: it was lost.
    pub because: Option<Because<'a>>,
}

impl Net {
    /// Why it stops, or why it is degraded when it does not stop: itself first, what was lost last. Empty when it is not hit.
    pub fn explanation<'a>(&self, map: &'a Cartography, outcome: &Outcome, number: u32) -> Vec<Link<'a>> {
        self.steps(outcome, number).into_iter().filter_map(|step| self.worded(map, step)).collect()
    }

    /// The same by numbers.
    pub fn steps(&self, outcome: &Outcome, number: u32) -> Vec<Step> {
        let down = outcome.path_down(number);
        if down.is_empty() { outcome.path(number) } else { down }
    }

    fn worded<'a>(&self, map: &'a Cartography, step: Step) -> Option<Link<'a>> {
        let thing = map.thing(self.ids.get(step.node as usize)?)?;
        let why = step.group.and_then(|group| self.groups.get(group as usize));
        let because = match why {
            Some(Why::Need(place)) => thing.needs().get(*place).map(Because::Need),
            Some(Why::Exchange(id)) => map.exchange(id).map(Because::Exchange),
            None => None,
        };
        Some(Link { thing, at: step.at, because })
    }
}
