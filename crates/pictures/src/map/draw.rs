//! The picture as SVG: edges first, from the faintest, then lanes and nodes. Nothing is styled in place.

use super::ends::{self, BESIDE_PX, GAP_PX};
use super::place::{BOX_PX, Column, HEAD_PX, HEAD_RULE_Y, LABEL_PX, NOTE_GAP_PX, NOTE_PX, Places};
use super::rows::{Grid, Kind, Line};
use super::{Drawing, Mark, Node, Stroke, Weight};
use crate::text::{escaped, fitted, width};
use std::fmt::Write;

/// The style of a picture in a file of its own.
const STYLE: &str = include_str!("standalone.css");
/// Words stand this much above their rule, and a node begins so much above it.
const BASELINE_PX: i32 = 7;
const NODE_PX: i32 = 26;
/// Radius of a bracket's corners.
const RADIUS_PX: i32 = 8;
/// The head of a lane may run on over the gutter to its right.
const HEAD_OVER_PX: i32 = 56;
/// More lines than this are drawn fainter: what one node needs is then read by pointing at it.
const DENSE_LINES: usize = 250;
/// Height of the heads of lanes, with what is said under them.
const HEADS_PX: i32 = 54;
/// Around the picture, for strokes and focus marks.
const MARGIN_PX: i32 = 6;

/// The whole picture.
pub(super) fn svg(drawing: &Drawing, grid: &Grid, places: &Places, standalone: bool) -> String {
    let mut out = String::with_capacity(256 * (drawing.nodes.len() + grid.lines.len()) + 2048);
    let (wide, high) = (places.width + 2 * MARGIN_PX, places.height + MARGIN_PX);
    let kind = kind(drawing, grid, wide < high);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map{kind}\" width=\"{wide}\" height=\"{high}\" viewBox=\"-{MARGIN_PX} 0 {wide} {high}\" \
         role=\"group\" font-family=\"Noto Sans, system-ui, sans-serif\" font-size=\"{LABEL_PX}\"><title>{}</title><desc>{}</desc>",
        escaped(&drawing.title),
        escaped(&description(drawing)),
    );
    if standalone {
        let _ =
            write!(out, "<style>{STYLE}</style><rect class=\"paper\" x=\"-{MARGIN_PX}\" width=\"{wide}\" height=\"{high}\"/>");
    }
    edges(&mut out, grid, places);
    // In one group with paper behind, so that a page can keep the heads in sight while the rest scrolls.
    let _ = write!(out, "<g class=\"heads\"><rect class=\"head\" x=\"-{MARGIN_PX}\" width=\"{wide}\" height=\"{HEADS_PX}\"/>");
    for (at, column) in places.columns.iter().enumerate() {
        head(&mut out, drawing, at, *column);
    }
    out.push_str("</g>");
    // In reading order: lane after lane, from top to bottom; so goes the focus too.
    let mut nodes: Vec<(usize, i32, usize)> =
        drawing.nodes.iter().enumerate().filter_map(|(at, n)| Some((n.lane, places.y.get(at).copied().flatten()?, at))).collect();
    nodes.sort_unstable();
    for (lane, y, at) in nodes {
        if let (Some(node), Some(column)) = (drawing.nodes.get(at), places.columns.get(lane)) {
            draw_node(&mut out, at, node, Spot { column: *column, y, indent: places.indent });
        }
    }
    out.push_str("</svg>");
    out
}

/// Classes of the whole. `calm`: nothing is lost, edges may be as clear as words; `dense`: they are many, or some of them
/// stand out, and the others step back; `tall`: higher than wide, it prints on several sheets.
fn kind(drawing: &Drawing, grid: &Grid, tall: bool) -> String {
    let calm = drawing.nodes.iter().all(|node| node.weight != Weight::Lost);
    let dense = grid.lines.len() > DENSE_LINES || drawing.edges.iter().any(|edge| edge.stroke != Stroke::Ghost);
    let classes = [(calm, " calm"), (calm && dense, " dense"), (tall, " tall")];
    classes.into_iter().filter(|(holds, _)| *holds).map(|(_, class)| class).collect()
}

fn description(drawing: &Drawing) -> String {
    let lanes: Vec<&str> = drawing.lanes.iter().map(|lane| lane.title.as_str()).collect();
    format!(
        "Colonnes, de gauche à droite\u{a0}: {}. Chaque élément a besoin de ce qui est relié à sa droite, et de ce que désigne une flèche.",
        lanes.join(", ")
    )
}

fn edges(out: &mut String, grid: &Grid, places: &Places) {
    let mut all: Vec<(Stroke, &Line, String)> = Vec::new();
    let lane = |row: usize| places.columns.get(grid.rows[row].lane).copied().unwrap_or_default();
    let arrows = ends::arrows(grid, places);
    let aimed = |line: &Line| arrows.get(&(line.to, line.right)).copied();
    for line in &grid.lines {
        let (Some(mut from), Some(mut to)) = (places.y[line.left], places.y[line.right]) else { continue };
        let (mut x, mut end) = (lane(line.left).right, lane(line.right).left);
        let mut tip = String::new();
        if ends::against(line) {
            (x, from) = (x + GAP_PX, aimed(line).unwrap_or(from));
            tip = arrow(x, from);
        }
        if line.back && grid.rows[line.right].kind == Kind::Node {
            (end, to) = (end - GAP_PX, to - BESIDE_PX);
        }
        let middle = i32::midpoint(x, end);
        all.push((line.stroke, line, format!("M{x},{from}C{middle},{from} {middle},{to} {end},{to}{tip}")));
    }
    for line in &grid.passes {
        if let Some(y) = places.y[line.left] {
            all.push((line.stroke, line, format!("M{},{y}H{}", lane(line.left).left, lane(line.left).right)));
        }
    }
    for line in &grid.brackets {
        let at = places.bracket_x.get(&line.to);
        if let (Some(from), Some(to), Some(x)) = (places.y[line.left], aimed(line), at) {
            all.push((line.stroke, line, bracket(lane(line.left).right, *x, from, to)));
        }
    }
    all.sort_by_key(|(stroke, ..)| *stroke);
    out.push_str("<g class=\"edges\" fill=\"none\">");
    for (stroke, line, path) in all {
        let class = match stroke {
            Stroke::Ghost => "f",
            Stroke::Hit => "o",
            Stroke::Explains => "x",
            Stroke::Chosen => "sel",
        };
        let dashes = if line.redundant { " stroke-dasharray=\"5 3\"" } else { "" };
        let from: Vec<String> = line.from.iter().map(ToString::to_string).collect();
        let _ =
            write!(out, "<path class=\"{class}\"{dashes} data-f=\"{}\" data-t=\"{}\" d=\"{path}\"/>", from.join(" "), line.to);
    }
    out.push_str("</g>");
}

/// From a rule to the name of another node of the same lane, on the right, with an arrow towards what is needed.
fn bracket(right: i32, x: i32, from: i32, to: i32) -> String {
    let way = (to - from).signum();
    let radius = RADIUS_PX.min((to - from).abs() / 2);
    let (near, turn) = (x - radius, radius * way);
    format!(
        "M{right},{from}H{near}Q{x},{from} {x},{}V{}Q{x},{to} {near},{to}H{}{}",
        from + turn,
        to - turn,
        right + GAP_PX,
        arrow(right + GAP_PX, to)
    )
}

/// The tip of an arrow to the left.
fn arrow(x: i32, y: i32) -> String {
    format!("M{},{}L{x},{y}L{},{}", x + 5, y - 3, x + 5, y + 3)
}

fn head(out: &mut String, drawing: &Drawing, at: usize, column: Column) {
    let Some(lane) = drawing.lanes.get(at) else { return };
    let room = column.right - column.left + HEAD_OVER_PX;
    let Column { left, right } = column;
    let _ = write!(
        out,
        "<g class=\"lane\"><text class=\"h\" font-size=\"14.25\" font-weight=\"600\" x=\"{left}\" y=\"18\">{}</text>\
         <path class=\"rule\" stroke-width=\"2\" d=\"M{left},{HEAD_RULE_Y}H{right}\"/>\
         <text class=\"ax\" font-size=\"{NOTE_PX}\" x=\"{left}\" y=\"46\">{}</text></g>",
        escaped(&fitted(&lane.title, HEAD_PX, room)),
        escaped(&fitted(&lane.note, NOTE_PX, room)),
    );
}

/// Where a node is drawn.
#[derive(Clone, Copy)]
struct Spot {
    column: Column,
    y: i32,
    indent: i32,
}

fn draw_node(out: &mut String, at: usize, node: &Node, spot: Spot) {
    let Spot { column: Column { left, right }, y, indent } = spot;
    let lost = node.weight == Weight::Lost;
    let class = match (node.weight, node.mark) {
        (Weight::Plain, _) => "n",
        (Weight::Lost, _) => "n lost",
        (Weight::Hit, _) => "n hit",
        (Weight::Chosen, Mark::Degraded | Mark::Stopped) => "n chosen bad",
        (Weight::Chosen, _) => "n chosen",
        (Weight::Faded, _) => "n faded",
    };
    let (tag, link) =
        if node.href.is_empty() { ("g", String::new()) } else { ("a", format!(" href=\"{}\"", escaped(&node.href))) };
    let name = escaped(&spoken(node));
    let _ = write!(out, "<{tag} class=\"{class}\"{link} data-n=\"{at}\"><title>{name}</title>");
    let (top, wide) = (y - NODE_PX + 2, right - left);
    let _ = write!(out, "<rect class=\"box\" x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{NODE_PX}\"/>");
    if !lost {
        let _ = write!(out, "<path class=\"r\" d=\"M{left},{y}H{right}\"/>");
    }
    let edge = if lost { BOX_PX } else { 0 };
    let note = if node.note.is_empty() { 0 } else { width(&node.note, NOTE_PX) + NOTE_GAP_PX };
    let room = wide - indent - note - 2 * edge;
    let base = y - BASELINE_PX;
    out.push_str(&mark(node.mark, left + edge, base));
    let label = escaped(&fitted(&node.label, LABEL_PX, room));
    let x = left + edge + indent;
    let _ = write!(out, "<text x=\"{x}\" y=\"{base}\">{label}</text>");
    if !node.note.is_empty() {
        let shown = escaped(&fitted(&node.note, NOTE_PX, wide / 2));
        let x = right - edge;
        let _ =
            write!(out, "<text class=\"ax\" font-size=\"{NOTE_PX}\" text-anchor=\"end\" x=\"{x}\" y=\"{base}\">{shown}</text>");
    }
    let _ = write!(out, "</{tag}>");
}

/// The name of a node for who does not see it.
fn spoken(node: &Node) -> String {
    let lost = if node.weight == Weight::Lost && node.note != "perdu" { "perdu" } else { "" };
    let words = [node.label.as_str(), node.mark.word(), node.note.as_str(), lost];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

impl Mark {
    /// The state in words, of anything.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Normal => "fonctionne normalement",
            Self::Degraded => "en mode dégradé",
            Self::Stopped => "à l’arrêt",
            Self::Moved => "transféré ailleurs",
            Self::Enclave => "en bulle",
            Self::Unknown => "état inconnu",
        }
    }
}

/// Shapes are drawn: not every font has these characters.
fn mark(mark: Mark, x: i32, base: i32) -> String {
    let (middle, top) = (x + 6, base - 10);
    match mark {
        Mark::None => String::new(),
        Mark::Normal => format!("<circle class=\"okc\" cx=\"{middle}\" cy=\"{}\" r=\"5\"/>", base - 5),
        Mark::Degraded => format!("<path class=\"wn\" d=\"M{x},{base}h12l-6,-10.5z\"/>"),
        Mark::Stopped => format!("<rect class=\"dn\" x=\"{}\" y=\"{top}\" width=\"10\" height=\"10\"/>", x + 1),
        Mark::Moved => {
            format!("<path class=\"mv\" fill=\"none\" stroke-width=\"2\" d=\"M{x},{0}h11m-4,-4l4,4l-4,4\"/>", base - 5)
        }
        Mark::Enclave => format!("<path class=\"is\" d=\"M{x},{}l6,-6l6,6l-6,6z\"/>", base - 5),
        Mark::Unknown => {
            format!("<circle class=\"un\" fill=\"none\" stroke-width=\"1.5\" cx=\"{middle}\" cy=\"{}\" r=\"4.5\"/>", base - 5)
        }
    }
}
