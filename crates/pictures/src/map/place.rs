//! Where lanes and rows stand, in pixels: rows as close as possible to what they are linked to, never closer to each
//! other than their words allow.

use super::rows::{Grid, Kind, Line};
use super::{Drawing, Node, Weight};
use crate::text::width;
use std::collections::BTreeMap;

/// Size of labels, and of what stands at the end of a rule or under a head.
pub(super) const LABEL_PX: u32 = 13;
pub(super) const NOTE_PX: u32 = 12;
/// Size of the heads of lanes.
pub(super) const HEAD_PX: u32 = 14;
/// Room for the mark before a label.
pub(super) const MARK_PX: i32 = 17;
/// The 2 px rule under the head of a lane.
pub(super) const HEAD_RULE_Y: i32 = 28;
/// The rule of the first row.
const TOP_Y: i32 = 86;
const BOTTOM_PX: i32 = 14;
/// Between a label and what stands at the end of its rule.
pub(super) const NOTE_GAP_PX: i32 = 10;
/// Around the words of a lost node's box.
pub(super) const BOX_PX: i32 = 9;
const LANE_PX_MIN: i32 = 128;
const LANE_PX_MAX: i32 = 248;
/// A lane grows up to this for the names that tell the story: what is lost or chosen, then what is hit.
const TOLD_PX_MAX: i32 = 420;
const HIT_PX_MAX: i32 = 320;
/// Between lanes: more where more lines pass, one pixel for every third of them.
const GUTTER_PX: i32 = 72;
const GUTTER_PX_MAX: i32 = 150;
/// From one node to the next: as much as the height below allows, between these.
const PITCH_PX_MIN: i32 = 28;
const PITCH_PX_MAX: i32 = 46;
const HEIGHT_PX: i32 = 740;
/// From an edge that passes to the node below it, whose words stand above its rule; to what else is below.
const PASS_TO_NODE_PX: i32 = 27;
const NODE_TO_PASS_PX: i32 = 12;
const PASS_TO_PASS_PX: i32 = 8;
/// Brackets: from the end of the rule to the first one, then from one to the next.
const BRACKET_PX: i32 = 16;
const TRACK_PX: i32 = 7;
const TRACKS_MAX: usize = 10;
/// How often each lane draws closer to its neighbours.
const PASSES: usize = 6;

/// A lane's column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Column {
    pub(super) left: i32,
    pub(super) right: i32,
}

/// Where everything is.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) columns: Vec<Column>,
    /// The rule of each row; `None` for rows that are not drawn.
    pub(super) y: Vec<Option<i32>>,
    /// Where the brackets towards a node stand.
    pub(super) bracket_x: BTreeMap<usize, i32>,
    pub(super) width: i32,
    pub(super) height: i32,
    /// Room before labels: none when nothing is marked.
    pub(super) indent: i32,
}

impl Places {
    /// Places the rows in this order. What the order forgets comes last.
    pub(super) fn new(drawing: &Drawing, grid: &Grid, order: &[Vec<usize>]) -> Self {
        let lanes = completed(drawing, grid, order);
        let mut places = Self { y: vec![None; grid.rows.len()], ..Self::default() };
        if drawing.nodes.iter().any(|n| n.mark != super::Mark::None) {
            places.indent = MARK_PX;
        }
        let bottom = places.rows(grid, &lanes);
        places.height = bottom + BOTTOM_PX;
        places.lanes(drawing, grid);
        places
    }

    fn rows(&mut self, grid: &Grid, lanes: &[Vec<usize>]) -> i32 {
        let nodes = |lane: &Vec<usize>| lane.iter().filter(|row| grid.rows[**row].kind == Kind::Node).count();
        let most = i32::try_from(lanes.iter().map(nodes).max().unwrap_or(0)).unwrap_or(i32::MAX).max(1);
        let pitch = (HEIGHT_PX / most).clamp(PITCH_PX_MIN, PITCH_PX_MAX);
        let offsets: Vec<Vec<i32>> = lanes.iter().map(|lane| offsets(grid, lane, pitch)).collect();
        let tallest = offsets.iter().filter_map(|o| o.last()).max().copied().unwrap_or(0);
        let mut wanted = Pull::new(grid, lanes, &offsets, tallest);
        for pass in 0..PASSES {
            for step in 0..lanes.len() {
                let at = if pass % 2 == 0 { lanes.len() - 1 - step } else { step };
                wanted.settle(&lanes[at], &offsets[at], tallest);
            }
        }
        for row in lanes.iter().flatten() {
            self.y[*row] = Some(TOP_Y + wanted.y[*row]);
        }
        TOP_Y + tallest
    }

    fn lanes(&mut self, drawing: &Drawing, grid: &Grid) {
        let mut left = 0;
        for (at, lane) in drawing.lanes.iter().enumerate() {
            let words = |n: &Node| {
                let boxed = if n.weight == Weight::Lost { 2 * BOX_PX } else { 0 };
                let note = if n.note.is_empty() { 0 } else { width(&n.note, NOTE_PX) + NOTE_GAP_PX };
                let most = match n.weight {
                    Weight::Lost | Weight::Chosen => TOLD_PX_MAX,
                    Weight::Hit => HIT_PX_MAX,
                    Weight::Plain | Weight::Faded => LANE_PX_MAX,
                };
                (self.indent + width(&n.label, LABEL_PX) + note + boxed).min(most)
            };
            let widest = drawing.nodes.iter().filter(|n| n.lane == at).map(words).max().unwrap_or(0);
            let right = left + widest.max(width(&lane.title, HEAD_PX).min(LANE_PX_MAX)).max(LANE_PX_MIN);
            self.columns.push(Column { left, right });
            let brackets: Vec<&Line> = grid.brackets.iter().filter(|b| grid.rows[b.right].lane == at).collect();
            let tracks = self.tracks(&brackets, right);
            let room = if tracks == 0 { 0 } else { BRACKET_PX + TRACK_PX * tracks };
            self.width = right + room;
            let lines = grid.lines.iter().filter(|line| grid.rows[line.left].lane == at).count();
            left = right + room + i32::try_from(lines / 3).unwrap_or(GUTTER_PX_MAX).clamp(GUTTER_PX, GUTTER_PX_MAX);
        }
    }

    /// Gives each node that others of its lane need a track of its own on the right, where brackets do not overlap.
    fn tracks(&mut self, brackets: &[&Line], right: i32) -> i32 {
        let mut spans: BTreeMap<usize, (i32, i32)> = BTreeMap::new();
        for bracket in brackets {
            let (Some(from), Some(to)) = (self.y[bracket.left], self.y[bracket.right]) else { continue };
            let span = spans.entry(bracket.to).or_insert((to, to));
            *span = (span.0.min(from), span.1.max(from));
        }
        let mut sorted: Vec<(i32, i32, usize)> = spans.into_iter().map(|(to, (top, bottom))| (top, bottom, to)).collect();
        sorted.sort_unstable();
        let mut ends: Vec<i32> = Vec::new();
        for (top, bottom, to) in sorted {
            let free = ends.iter().position(|end| *end < top);
            let track = free.unwrap_or_else(|| ends.len().min(TRACKS_MAX - 1));
            match ends.get_mut(track) {
                Some(end) => *end = bottom,
                None => ends.push(bottom),
            }
            let track = i32::try_from(track).unwrap_or(0);
            self.bracket_x.insert(to, right + BRACKET_PX + TRACK_PX * track);
        }
        i32::try_from(ends.len()).unwrap_or(0)
    }
}

/// The order, without what is not there, what comes twice, and what is of another lane; with what it forgot.
fn completed(drawing: &Drawing, grid: &Grid, order: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; grid.rows.len()];
    let mut lanes = vec![Vec::new(); drawing.lanes.len()];
    let given = order.iter().flatten().copied().filter(|row| *row < grid.rows.len());
    for row in given.chain(0..grid.rows.len()) {
        if !seen[row]
            && let Some(lane) = lanes.get_mut(grid.rows[row].lane)
        {
            seen[row] = true;
            lane.push(row);
        }
    }
    lanes
}

/// How far below the first row each row is at the least.
fn offsets(grid: &Grid, lane: &[usize], pitch: i32) -> Vec<i32> {
    let mut at = 0;
    let mut above = None;
    let place = |row: &usize| {
        let kind = grid.rows[*row].kind;
        at += match (above, kind) {
            (None, _) => 0,
            (Some(Kind::Node), Kind::Node) => pitch,
            (Some(Kind::Pass), Kind::Node) => PASS_TO_NODE_PX,
            (Some(Kind::Node), Kind::Pass) => NODE_TO_PASS_PX,
            (Some(Kind::Pass), Kind::Pass) => PASS_TO_PASS_PX,
        };
        above = Some(kind);
        at
    };
    lane.iter().map(place).collect()
}

/// What pulls each row up and down.
struct Pull {
    y: Vec<i32>,
    ends: Vec<Vec<(usize, i64)>>,
}

impl Pull {
    /// Begins with every lane spread over the whole height.
    fn new(grid: &Grid, lanes: &[Vec<usize>], offsets: &[Vec<i32>], tallest: i32) -> Self {
        let mut y = vec![0; grid.rows.len()];
        for (lane, offsets) in lanes.iter().zip(offsets) {
            let last = i64::from(offsets.last().copied().unwrap_or(0).max(1));
            for (row, offset) in lane.iter().zip(offsets) {
                let spread = i64::from(*offset) * i64::from(tallest) / last;
                y[*row] = i32::try_from(spread).unwrap_or(*offset);
            }
        }
        let mut ends = vec![Vec::new(); grid.rows.len()];
        let passing = |row: usize| grid.rows[row].kind == Kind::Pass;
        for line in &grid.lines {
            // A line that passes should be straight: it pulls more.
            let pull = if passing(line.left) || passing(line.right) { 4 } else { 1 };
            ends[line.left].push((line.right, pull));
            ends[line.right].push((line.left, pull));
        }
        Self { y, ends }
    }

    /// Moves the rows of a lane as close as they can be to what they are linked to (weighted isotonic regression by
    /// pooling adjacent violators), half of the way for nodes, so that lanes stay evenly filled.
    fn settle(&mut self, lane: &[usize], offsets: &[i32], tallest: i32) {
        let slack = i64::from(tallest - offsets.last().copied().unwrap_or(0)).max(0);
        let mut pools: Vec<(i64, i64, usize)> = Vec::new();
        for (row, offset) in lane.iter().zip(offsets) {
            let own = i64::from(self.y[*row]);
            let total: i64 = self.ends[*row].iter().map(|(_, pull)| pull).sum();
            let sum: i64 = self.ends[*row].iter().map(|(end, pull)| i64::from(self.y[*end]) * pull).sum();
            let wish = if total == 0 { own } else { (own + sum / total) / 2 };
            let weight = total.max(1);
            let mut pool = ((wish - i64::from(*offset)) * weight, weight, 1);
            while let Some(last) = pools.pop_if(|last| last.0 * pool.1 > pool.0 * last.1) {
                pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
            }
            pools.push(pool);
        }
        let mut rows = lane.iter().zip(offsets);
        for (sum, weight, count) in pools {
            let base = (sum / weight).clamp(0, slack);
            for (row, offset) in rows.by_ref().take(count) {
                self.y[*row] = offset + i32::try_from(base).unwrap_or(0);
            }
        }
    }
}
