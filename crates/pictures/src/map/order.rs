//! Rows in the order that crosses the fewest lines: barycentre sweeps (Sugiyama, Tagawa, Toda 1981), then sifting
//! (Matuszewski, Schönfeld, Molitor 1999), with lines weighted by what they tell.

use super::rows::{Grid, Kind};
use super::{Drawing, Stroke};
use std::collections::BTreeMap;

/// Sweeps from left to right and back.
const SWEEPS: usize = 10;
/// Rounds of sifting over all lanes.
const ROUNDS: usize = 3;
/// Longest lane whose rows are sifted: it costs the square of this.
const SIFTED_ROWS_MAX: usize = 800;

/// What crossing a line costs: those that explain most of all.
fn weight(stroke: Stroke) -> u64 {
    match stroke {
        Stroke::Explains | Stroke::Chosen => 6,
        Stroke::Hit => 2,
        Stroke::Ghost => 1,
    }
}

/// A neighbour in the next lane, and the weight of the line to it.
type Ends = Vec<Vec<(usize, u64)>>;

/// What a row must respect: its rank first, then its place among the kept.
#[derive(Clone, Copy)]
struct Rule {
    pass: bool,
    rank: u32,
    kept: Option<usize>,
}

impl Rule {
    /// Whether `self` must stay above `other`.
    fn above(self, other: Self) -> bool {
        if self.pass || other.pass {
            return false;
        }
        self.rank < other.rank
            || (self.rank == other.rank && matches!((self.kept, other.kept), (Some(mine), Some(theirs)) if mine < theirs))
    }
}

struct Sorter {
    left: Ends,
    right: Ends,
    rules: Vec<Rule>,
    place: Vec<usize>,
}

/// Rows of each lane, from top to bottom.
pub(super) fn sort(drawing: &Drawing, grid: &Grid) -> Vec<Vec<usize>> {
    let mut sorter = Sorter::new(drawing, grid);
    let mut lanes: Vec<Vec<usize>> = vec![Vec::new(); drawing.lanes.len()];
    for (at, row) in grid.rows.iter().enumerate() {
        if let Some(lane) = lanes.get_mut(row.lane) {
            lane.push(at);
        }
    }
    for lane in &mut lanes {
        sorter.respect(lane, &[]);
        sorter.note(lane);
    }
    let mut best = (sorter.crossings(&lanes), lanes.clone());
    for sweep in 0..SWEEPS {
        sorter.sweep(&mut lanes, sweep % 2 == 0);
        let crossings = sorter.crossings(&lanes);
        if crossings < best.0 {
            best = (crossings, lanes.clone());
        }
    }
    lanes = best.1;
    lanes.iter().for_each(|lane| sorter.note(lane));
    for _ in 0..ROUNDS {
        let moved = (0..lanes.len()).fold(false, |moved, at| sorter.sift(&mut lanes[at]) | moved);
        if !moved {
            break;
        }
    }
    lanes
}

impl Sorter {
    fn new(drawing: &Drawing, grid: &Grid) -> Self {
        let count = grid.rows.len();
        let (mut left, mut right): (Ends, Ends) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for line in &grid.lines {
            right[line.left].push((line.right, weight(line.stroke)));
            left[line.right].push((line.left, weight(line.stroke)));
        }
        let kept: BTreeMap<&str, usize> = drawing.kept.iter().enumerate().rev().map(|(at, key)| (key.as_str(), at)).collect();
        let rule = |(at, row): (usize, &super::rows::Row)| {
            let node = drawing.nodes.get(at).filter(|_| row.kind == Kind::Node);
            Rule {
                pass: node.is_none(),
                rank: node.and_then(|n| n.rank).unwrap_or(u32::MAX),
                kept: node.and_then(|n| kept.get(n.key.as_str()).copied()),
            }
        };
        let rules = grid.rows.iter().enumerate().map(rule).collect();
        Self { left, right, rules, place: vec![0; count] }
    }

    fn note(&mut self, lane: &[usize]) {
        for (at, row) in lane.iter().enumerate() {
            self.place[*row] = at;
        }
    }

    /// Orders a lane by the wishes of its rows (a row without one stays where it was), within the rules.
    fn respect(&self, lane: &mut Vec<usize>, wishes: &[f64]) {
        let wish = |row: usize| wishes.get(row).copied().unwrap_or(0.0);
        let (mut nodes, mut passes): (Vec<usize>, Vec<usize>) = lane.iter().partition(|row| !self.rules[**row].pass);
        nodes.sort_by(|a, b| self.rules[*a].rank.cmp(&self.rules[*b].rank).then(wish(*a).total_cmp(&wish(*b))));
        // The kept exchange places among themselves until they stand as they stood.
        let slots: Vec<usize> = (0..nodes.len()).filter(|at| self.rules[nodes[*at]].kept.is_some()).collect();
        let mut kept: Vec<usize> = slots.iter().map(|at| nodes[*at]).collect();
        kept.sort_by_key(|row| (self.rules[*row].rank, self.rules[*row].kept));
        for (slot, row) in slots.into_iter().zip(kept) {
            nodes[slot] = row;
        }
        passes.sort_by(|a, b| wish(*a).total_cmp(&wish(*b)));
        lane.clear();
        let mut passes = passes.into_iter().peekable();
        for node in nodes {
            while let Some(pass) = passes.next_if(|pass| wish(*pass) < wish(node)) {
                lane.push(pass);
            }
            lane.push(node);
        }
        lane.extend(passes);
    }

    fn sweep(&mut self, lanes: &mut [Vec<usize>], rightwards: bool) {
        let mut wishes = vec![0.0; self.rules.len()];
        for step in 0..lanes.len() {
            let at = if rightwards { step } else { lanes.len() - 1 - step };
            let beside = if rightwards { at.checked_sub(1) } else { Some(at + 1) };
            let Some(beside) = beside.and_then(|beside| lanes.get(beside)).map(Vec::len) else { continue };
            let scale = ratio(lanes[at].len(), beside.max(1));
            for row in &lanes[at] {
                let ends = if rightwards { &self.left[*row] } else { &self.right[*row] };
                let total: u64 = ends.iter().map(|(_, weight)| weight).sum();
                let sum: u64 = ends.iter().map(|(end, weight)| self.place[*end] as u64 * weight).sum();
                wishes[*row] = if total == 0 { ratio(self.place[*row], 1) } else { ratio_u64(sum, total) * scale };
            }
            self.respect(&mut lanes[at], &wishes);
            self.note(&lanes[at]);
        }
    }

    /// Weighted crossings between all neighbouring lanes, in O(lines × log rows).
    fn crossings(&self, lanes: &[Vec<usize>]) -> u64 {
        let mut total = 0;
        for (at, lane) in lanes.iter().enumerate() {
            let Some(next) = lanes.get(at + 1) else { break };
            let mut below = vec![0_u64; next.len() + 1];
            let mut sum = 0;
            for row in lane {
                let mut ends: Vec<(usize, u64)> = self.right[*row].iter().map(|(end, w)| (self.place[*end], *w)).collect();
                ends.sort_unstable();
                for (end, weight) in &ends {
                    total += weight * (sum - prefix(&below, *end));
                }
                for (end, weight) in ends {
                    add(&mut below, end, weight);
                    sum += weight;
                }
            }
        }
        total
    }

    /// Tries every allowed place for every row of a lane; says whether one moved.
    fn sift(&mut self, lane: &mut [usize]) -> bool {
        if lane.len() > SIFTED_ROWS_MAX {
            return false;
        }
        let sorted = |ends: &Ends, row: usize| {
            let mut places: Vec<(usize, u64)> = ends[row].iter().map(|(end, w)| (self.place[*end], *w)).collect();
            places.sort_unstable();
            places
        };
        let ends: BTreeMap<usize, [Vec<(usize, u64)>; 2]> =
            lane.iter().map(|row| (*row, [sorted(&self.left, *row), sorted(&self.right, *row)])).collect();
        // By place in the lane at the start: a lookup in a vector is what the square is made of.
        let start = lane.to_vec();
        let ends: Vec<&[Vec<(usize, u64)>; 2]> = start.iter().filter_map(|row| ends.get(row)).collect();
        let mut order: Vec<usize> = (0..start.len()).collect();
        let mut moved = false;
        for row in 0..start.len() {
            let Some(at) = order.iter().position(|r| *r == row) else { continue };
            let best = self.best_place(&start, &ends, &order, at);
            if best != at {
                moved = true;
                let row = order.remove(at);
                order.insert(best, row);
            }
        }
        for (at, row) in order.into_iter().enumerate() {
            lane[at] = start[row];
        }
        self.note(lane);
        moved
    }

    fn best_place(&self, rows: &[usize], ends: &[&[Vec<(usize, u64)>; 2]], order: &[usize], at: usize) -> usize {
        let row = order[at];
        let rule = |r: usize| self.rules[rows[r]];
        // How many crossings fewer (or more) when `above` and `below` stand so rather than exchanged.
        let gain = |above: usize, below: usize| -> i64 { (0..2).map(|side| pair(&ends[above][side], &ends[below][side])).sum() };
        let (mut best, mut least, mut sum) = (at, 0, 0);
        for up in (0..at).rev() {
            if rule(order[up]).above(rule(row)) {
                break;
            }
            sum += gain(row, order[up]);
            if sum < least {
                (best, least) = (up, sum);
            }
        }
        sum = 0;
        for (down, other) in order.iter().enumerate().skip(at + 1) {
            if rule(row).above(rule(*other)) {
                break;
            }
            sum += gain(*other, row);
            if sum < least {
                (best, least) = (down, sum);
            }
        }
        best
    }
}

/// Crossings between the lines of two rows when `above` stands above, minus those when it stands below. Both sorted.
fn pair(above: &[(usize, u64)], below: &[(usize, u64)]) -> i64 {
    let (mut crossed, mut straight) = (0, 0);
    let (mut before, mut ties, mut at) = (0, 0, 0);
    let total: u64 = below.iter().map(|(_, w)| w).sum();
    let mut place = None;
    for (end, weight) in above {
        if place != Some(*end) {
            place = Some(*end);
            before += ties;
            ties = 0;
            while let Some((_, w)) = below.get(at).filter(|(other, _)| other < end) {
                before += w;
                at += 1;
            }
            while let Some((_, w)) = below.get(at).filter(|(other, _)| other == end) {
                ties += w;
                at += 1;
            }
        }
        crossed += weight * before;
        straight += weight * (total - before - ties);
    }
    i64::try_from(crossed).unwrap_or(i64::MAX / 4) - i64::try_from(straight).unwrap_or(i64::MAX / 4)
}

/// Sum of the first `end + 1` (a Fenwick tree).
fn prefix(tree: &[u64], end: usize) -> u64 {
    let (mut at, mut sum) = (end + 1, 0);
    while at > 0 {
        sum += tree[at];
        at &= at - 1;
    }
    sum
}

fn add(tree: &mut [u64], at: usize, weight: u64) {
    let mut at = at + 1;
    while at < tree.len() {
        tree[at] += weight;
        at += at & at.wrapping_neg();
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a picture are few")]
fn ratio(a: usize, b: usize) -> f64 {
    a as f64 / b as f64
}

#[expect(clippy::cast_precision_loss, reason = "places of rows, summed with small weights")]
fn ratio_u64(a: u64, b: u64) -> f64 {
    a as f64 / b as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchanging_two_rows_is_judged_by_what_it_crosses() {
        assert_eq!(pair(&[(1, 1)], &[(0, 1)]), 1);
        assert_eq!(pair(&[(0, 1)], &[(1, 6)]), -6);
        assert_eq!(pair(&[(0, 1), (2, 1)], &[(1, 1)]), 0);
        assert_eq!(pair(&[(1, 2)], &[(1, 3)]), 0, "lines that meet do not cross");
        assert_eq!(pair(&[(1, 1), (1, 1), (2, 1)], &[(1, 1), (3, 1)]), 1 - 3);
        assert_eq!(pair(&[], &[(3, 1)]), 0);
    }
}
