//! What pages ask of a long log, kept up at each line: forty thousand lines are not read again for each page.

use super::event::EntryType;
use super::line::LogEntry;
use imbl::{OrdSet, Vector};
use journal::ActorId;
use journal::clock::WALL_TOLERANCE_MS;

/// Derived from the log alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Places of what is still to be done or answered.
    pub(super) open: OrdSet<u64>,
    /// Who typed lines.
    pub(super) typists: OrdSet<ActorId>,
    by_type: [u64; EntryType::ALL.len()],
    walls: Walls,
}

impl Tally {
    /// Takes in the line just added at a place.
    pub(super) fn add(&mut self, place: u64, line: &LogEntry) {
        if line.is_open_task() {
            self.open.insert(place);
        }
        self.typists.insert(line.typist);
        if let Some(count) = self.by_type.get_mut(line.entry_type as usize) {
            *count += 1;
        }
        self.walls.add(line.wall);
    }

    /// Lines of a type.
    pub(super) fn of_type(&self, entry_type: EntryType) -> u64 {
        self.by_type.get(entry_type as usize).copied().unwrap_or(0)
    }

    /// See [`super::Crisis::contradicted_since`].
    pub(super) fn contradicted_since(&self, place: usize) -> Vec<bool> {
        self.walls.contradicted_since(place)
    }
}

/// Wall times of the lines, and a longest run of them that never goes back: [`journal::clock::contradicted`], kept up
/// line by line (patience sorting; Fredman 1975).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Walls {
    steps: Vector<Step>,
    /// For each length, the place where a run of that length ends lowest.
    tails: Vector<u32>,
    max: Option<i64>,
    /// Whether a time went back by more than clocks may disagree.
    disordered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    wall: i64,
    /// The line before it in the longest run that it ends.
    before: Option<u32>,
}

impl Walls {
    fn add(&mut self, wall: i64) {
        self.disordered |= self.max.is_some_and(|max| wall < max.saturating_sub(WALL_TOLERANCE_MS));
        self.max = self.max.max(Some(wall));
        let place = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        let rank = self.rank(wall);
        let before = rank.checked_sub(1).and_then(|shorter| self.tails.get(shorter).copied());
        self.steps.push_back(Step { wall, before });
        if rank < self.tails.len() {
            self.tails.set(rank, place);
        } else {
            self.tails.push_back(place);
        }
    }

    fn wall(&self, place: u32) -> i64 {
        self.steps.get(place as usize).map_or(i64::MIN, |step| step.wall)
    }

    /// How many runs end no higher than this.
    fn rank(&self, wall: i64) -> usize {
        if self.tails.last().is_none_or(|last| self.wall(*last) <= wall) {
            return self.tails.len();
        }
        let (mut low, mut high) = (0, self.tails.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let fits = self.tails.get(middle).is_some_and(|tail| self.wall(*tail) <= wall);
            if fits { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn contradicted_since(&self, first: usize) -> Vec<bool> {
        if !self.disordered {
            return Vec::new();
        }
        // The longest run, from its end down to the last place before the first one asked for.
        let mut kept = Vec::new();
        let mut below = None;
        let mut cursor = self.tails.last().copied();
        while let Some(place) = cursor {
            if (place as usize) < first {
                below = Some(self.wall(place));
                break;
            }
            kept.push(place as usize);
            cursor = self.steps.get(place as usize).and_then(|step| step.before);
        }
        let mut out = Vec::with_capacity(self.steps.len().saturating_sub(first));
        let asked = (first..self.steps.len()).filter_map(|place| Some((place, self.steps.get(place)?)));
        for (place, step) in asked {
            if kept.last() == Some(&place) {
                kept.pop();
                below = Some(step.wall);
                out.push(false);
                continue;
            }
            let too_early = below.is_some_and(|b: i64| step.wall < b.saturating_sub(WALL_TOLERANCE_MS));
            let above = kept.last().and_then(|next| self.steps.get(*next)).map(|next| next.wall);
            out.push(too_early || above.is_some_and(|a| step.wall > a.saturating_add(WALL_TOLERANCE_MS)));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    proptest! {
        /// Clocks that jump by hours: the same as working everything out at once, from any line on.
        #[test]
        fn badges_kept_up_line_by_line_are_those_worked_out_at_once(jumps in prop::collection::vec(-3..4_i64, 0..120), from in 0..120_usize) {
            let mut clock = 0;
            let walls: Vec<i64> = jumps.iter().map(|jump| { clock += jump * HOUR / 4; clock }).collect();
            let mut kept_up = Walls::default();
            walls.iter().for_each(|wall| kept_up.add(*wall));
            let expected = journal::clock::contradicted(&walls);
            let from = from.min(walls.len());
            let found = kept_up.contradicted_since(from);
            if found.is_empty() {
                prop_assert!(!expected[from..].contains(&true));
            } else {
                prop_assert_eq!(found, &expected[from..]);
            }
        }
    }
}
