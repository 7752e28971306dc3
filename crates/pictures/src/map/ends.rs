//! Where lines meet their nodes. In the reading direction: at the ends of the rule. Against it: beside the name, each
//! with an arrow of its own, so that what a node needs and who needs it never share a point.

use super::place::Places;
use super::rows::{Grid, Line};
use std::collections::BTreeMap;

/// Above the rule: where a line against the reading direction begins, and where the lowest arrow is.
pub(super) const BESIDE_PX: i32 = 7;
/// Between the words of a node and such a line.
pub(super) const GAP_PX: i32 = 3;
/// From one arrow to the next, and from the lowest to the highest: no more than the words of a node.
const ARROW_PX: i32 = 6;
const ARROWS_PX: i32 = 14;

/// The height of each arrow, by what is needed and the row its line comes from. All brackets towards a node share one,
/// which comes from the node's own row.
pub(super) fn arrows(grid: &Grid, places: &Places) -> BTreeMap<(usize, usize), i32> {
    let mut towards: BTreeMap<usize, Vec<(i32, usize)>> = BTreeMap::new();
    let back = grid.lines.iter().filter(|line| against(line));
    for line in back.chain(&grid.brackets) {
        if let Some(y) = places.y.get(line.right).copied().flatten() {
            towards.entry(line.to).or_default().push((y, line.right));
        }
    }
    let mut heights = BTreeMap::new();
    for (to, mut rows) in towards {
        let Some(rule) = places.y.get(to).copied().flatten() else { continue };
        rows.sort_unstable();
        rows.dedup();
        let gaps = i32::try_from(rows.len()).unwrap_or(i32::MAX) - 1;
        let span = gaps.saturating_mul(ARROW_PX).min(ARROWS_PX);
        for ((_, row), above) in rows.into_iter().rev().zip(0..) {
            heights.insert((to, row), rule - BESIDE_PX - span * above / gaps.max(1));
        }
    }
    heights
}

/// Whether a line ends, on its left, at a node that something on the right needs.
pub(super) fn against(line: &Line) -> bool {
    line.back && line.left == line.to
}
