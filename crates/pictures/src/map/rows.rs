//! What stands in the lanes: a row for each node, and an empty one where edges pass a lane on their way.

use super::{Drawing, Stroke};
use std::collections::BTreeMap;

/// What a row is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A node, by its number.
    Node,
    /// Edges pass here.
    Pass,
}

/// A row of a lane. Those of nodes come first and have the node's number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) lane: usize,
    pub(super) kind: Kind,
}

/// Edges that are drawn as one line: all towards one node, from one row to the next or along one row.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The row on the left.
    pub(super) left: usize,
    /// The row on the right; of brackets, the row that is needed.
    pub(super) right: usize,
    /// The strongest of its edges.
    pub(super) stroke: Stroke,
    /// Whether all its edges are one of several that are enough.
    pub(super) redundant: bool,
    /// The nodes that need.
    pub(super) from: Vec<usize>,
    /// The node that is needed.
    pub(super) to: usize,
    /// Against the reading direction: what is on the right needs what is on the left.
    pub(super) back: bool,
}

/// Everything that takes room.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) rows: Vec<Row>,
    /// From lane to lane.
    pub(super) lines: Vec<Line>,
    /// Along empty rows: `left` and `right` are the same row.
    pub(super) passes: Vec<Line>,
    /// Within a lane.
    pub(super) brackets: Vec<Line>,
}

#[derive(Default)]
struct Lines {
    places: BTreeMap<(usize, usize, usize, bool), usize>,
    all: Vec<Line>,
}

impl Lines {
    fn add(&mut self, line: Line) {
        let key = (line.left, line.right, line.to, line.back);
        if let Some(known) = self.places.get(&key).and_then(|at| self.all.get_mut(*at)) {
            known.stroke = known.stroke.max(line.stroke);
            known.redundant &= line.redundant;
            known.from.extend(line.from);
        } else {
            self.places.insert(key, self.all.len());
            self.all.push(line);
        }
    }
}

impl Grid {
    /// The rows of a drawing. Edges of nodes that are not there, and of a node to itself, are not drawn.
    pub(super) fn new(drawing: &Drawing) -> Self {
        let row = |n: &super::Node| Row { lane: n.lane, kind: Kind::Node };
        let mut rows: Vec<Row> = drawing.nodes.iter().map(row).collect();
        let mut passing: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
        let (mut lines, mut passes, mut brackets) = (Lines::default(), Lines::default(), Lines::default());
        let drawn = |at: usize| drawing.nodes.get(at).map(|n| n.lane).filter(|lane| *lane < drawing.lanes.len());
        for edge in &drawing.edges {
            let (Some(from), Some(to)) = (drawn(edge.from), drawn(edge.to)) else { continue };
            let line = |left: usize, right: usize, back: bool| Line {
                left,
                right,
                stroke: edge.stroke,
                redundant: edge.redundant,
                from: vec![edge.from],
                to: edge.to,
                back,
            };
            if from == to {
                if edge.from != edge.to {
                    brackets.add(line(edge.from, edge.to, false));
                }
                continue;
            }
            let back = to < from;
            let (first, last) = if back { (edge.to, edge.from) } else { (edge.from, edge.to) };
            let mut left = first;
            for lane in from.min(to) + 1..from.max(to) {
                let pass = *passing.entry((edge.to, lane, back)).or_insert_with(|| {
                    rows.push(Row { lane, kind: Kind::Pass });
                    rows.len() - 1
                });
                lines.add(line(left, pass, back));
                passes.add(line(pass, pass, back));
                left = pass;
            }
            lines.add(line(left, last, back));
        }
        Self { rows, lines: lines.all, passes: passes.all, brackets: brackets.all }
    }
}
