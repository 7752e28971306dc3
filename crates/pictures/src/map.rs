//! A map of dependencies: lanes are columns, each node needs what is linked to its right; what it needs elsewhere, an
//! arrow points at.

mod draw;
mod ends;
mod order;
mod place;
mod rows;

use rows::Grid;

/// How a thing works, as drawn: shape, word and colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing to say.
    #[default]
    None,
    /// ● works.
    Normal,
    /// ▲ degraded.
    Degraded,
    /// ■ stopped.
    Stopped,
    /// → done elsewhere.
    Moved,
    /// ◆ enclave.
    Enclave,
    /// ○ unknown.
    Unknown,
}

/// How strongly a node is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weight {
    /// As everything else.
    #[default]
    Plain,
    /// Lost: the only filled box.
    Lost,
    /// Hit by what was lost.
    Hit,
    /// Chosen by the reader, or on the chosen path.
    Chosen,
    /// Not concerned, faded on purpose (it is in the table beside).
    Faded,
}

/// How strongly an edge is drawn, from the faintest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stroke {
    /// Not concerned.
    #[default]
    Ghost,
    /// Hit, but explains nothing.
    Hit,
    /// Explains a node that is hit.
    Explains,
    /// On the chosen path.
    Chosen,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its head.
    pub title: String,
    /// What is said under the head, e.g. « 12 touchées sur 15 ».
    pub note: String,
}

/// A node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// What names it from one version to the next.
    pub key: String,
    /// Its lane.
    pub lane: usize,
    /// Its name.
    pub label: String,
    /// What stands at the right end of its rule, e.g. « 4 h ».
    pub note: String,
    /// How it works.
    pub mark: Mark,
    /// How strongly it is drawn.
    pub weight: Weight,
    /// Where a click leads.
    pub href: String,
    /// Rows of a lane are sorted by this first (activities: status, then DMIA); nodes of the same rank are free.
    pub rank: Option<u32>,
}

/// `from` needs `to`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Edge {
    /// The node that needs.
    pub from: usize,
    /// What it needs.
    pub to: usize,
    /// How strongly it is drawn.
    pub stroke: Stroke,
    /// One of several, of which fewer are enough.
    pub redundant: bool,
}

/// What to draw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The conclusion, for who does not see it.
    pub title: String,
    /// Columns, from left to right.
    pub lanes: Vec<Lane>,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Edges.
    pub edges: Vec<Edge>,
    /// Keys in the order to keep; others find their place among them.
    pub kept: Vec<String>,
}

/// Where things are: made by [`lay_out`], for the drawing it was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Nodes of each lane, from top to bottom.
    pub order: Vec<Vec<usize>>,
    /// The same with the empty rows where edges pass.
    rows: Vec<Vec<usize>>,
}

impl Layout {
    /// Keys of all nodes, lane after lane, from top to bottom: what `kept` takes.
    pub fn keys<'a>(&self, drawing: &'a Drawing) -> Vec<&'a str> {
        self.order.iter().flatten().filter_map(|at| drawing.nodes.get(*at)).map(|n| n.key.as_str()).collect()
    }
}

/// Finds the place of everything: lanes are given, rows cross as few lines as possible. The same drawing is always laid
/// out the same way. Nodes of a lane that does not exist are left out.
pub fn lay_out(drawing: &Drawing) -> Layout {
    let grid = Grid::new(drawing);
    let rows = order::sort(drawing, &grid);
    let nodes = |lane: &Vec<usize>| lane.iter().copied().filter(|row| *row < drawing.nodes.len()).collect();
    Layout { order: rows.iter().map(nodes).collect(), rows }
}

/// The picture. `standalone`: with its own style sheet, for a file.
///
/// Classes, to be styled by the page: see the style sheet of the standalone picture, `map/standalone.css`.
pub fn svg(drawing: &Drawing, layout: &Layout, standalone: bool) -> String {
    let grid = Grid::new(drawing);
    let places = place::Places::new(drawing, &grid, &layout.rows);
    draw::svg(drawing, &grid, &places, standalone)
}
