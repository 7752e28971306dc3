//! Harm as an interruption lasts: one small curve per criterion, over named horizons and named levels.
//!
//! Horizons are equally spaced: they are judgements, not a scale of time. Between two judged points the line is a monotone
//! cubic (F. N. Fritsch and R. E. Carlson, « Monotone piecewise cubic interpolation », 1980): it never says more harm, nor
//! less, than was judged. It breaks where nobody judged.

use crate::text::escaped;
use std::fmt::Write;

/// Side to side, in pixels.
const WIDTH_PX: u16 = 330;
/// Between two levels, in pixels.
const LEVEL_PX: u16 = 26;
/// Left of the first horizon: the names of the levels.
const LEFT_PX: u16 = 70;
/// Right of the last one: half its name.
const RIGHT_PX: u16 = 32;
const TOP_PX: u16 = 14;
/// Under the axis: the names of the horizons.
const BOTTOM_PX: u16 = 24;
/// Axes and notes.
const NOTE_PX: u16 = 12;
const DOT_PX: &str = "3.5";

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    /// The conclusion, read instead of the picture.
    pub title: &'a str,
    /// Names of the horizons, nearest first.
    pub horizons: &'a [&'a str],
    /// Names of the levels, from none to the worst.
    pub levels: &'a [&'a str],
    /// The level judged at each horizon; `None`: nobody judged.
    pub judged: &'a [Option<u8>],
    /// From this level on, harm is not tolerable: its first point is named.
    pub intolerable: u8,
}

struct Frame {
    step: f64,
    floor: f64,
}

impl Frame {
    fn of(curve: &Curve<'_>) -> Self {
        let gaps = u16::try_from(curve.horizons.len().saturating_sub(1)).unwrap_or(1).max(1);
        let levels = u16::try_from(curve.levels.len().saturating_sub(1)).unwrap_or(1).max(1);
        let step = f64::from(WIDTH_PX - LEFT_PX - RIGHT_PX) / f64::from(gaps);
        Self { step, floor: f64::from(TOP_PX.saturating_add(levels.saturating_mul(LEVEL_PX))) }
    }

    fn x(&self, at: usize) -> f64 {
        f64::from(LEFT_PX) + self.step * f64::from(u16::try_from(at).unwrap_or(u16::MAX))
    }

    fn y(&self, level: u8) -> f64 {
        self.floor - f64::from(u16::from(level) * LEVEL_PX)
    }
}

/// The curve as SVG, styled by the page's sheet (classes `rule`, `limit`, `line`, `dot`).
pub fn svg(curve: &Curve<'_>) -> String {
    let frame = Frame::of(curve);
    let high = frame.floor + f64::from(BOTTOM_PX);
    let mut out = String::with_capacity(2048);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"harm\" width=\"{WIDTH_PX}\" height=\"{high}\" \
         viewBox=\"0 0 {WIDTH_PX} {high}\" role=\"img\" font-size=\"{NOTE_PX}\"><title>{}</title>",
        escaped(curve.title)
    );
    axes(&mut out, curve, &frame);
    for run in runs(curve.judged) {
        line(&mut out, &run, &frame);
    }
    for (at, level) in points(curve.judged) {
        let worst = if level >= curve.intolerable { " worst" } else { "" };
        let _ =
            write!(out, "<circle class=\"dot{worst}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{DOT_PX}\"/>", frame.x(at), frame.y(level));
    }
    first_intolerable(&mut out, curve, &frame);
    out.push_str("</svg>");
    out
}

fn points(judged: &[Option<u8>]) -> impl Iterator<Item = (usize, u8)> {
    judged.iter().enumerate().filter_map(|(at, level)| Some((at, (*level)?)))
}

/// Points judged one after the other.
fn runs(judged: &[Option<u8>]) -> Vec<Vec<(usize, u8)>> {
    let mut runs: Vec<Vec<(usize, u8)>> = Vec::new();
    for (at, level) in points(judged) {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last + 1 == at) => run.push((at, level)),
            _ => runs.push(vec![(at, level)]),
        }
    }
    runs
}

fn axes(out: &mut String, curve: &Curve<'_>, frame: &Frame) {
    let right = WIDTH_PX - RIGHT_PX;
    for (level, name) in (0_u8..).zip(curve.levels) {
        let (y, class) = (frame.y(level), if level == curve.intolerable { "rule limit" } else { "rule" });
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{LEFT_PX} {y:.1}H{right}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{} {level}</text>",
            LEFT_PX - 10,
            y + 4.0,
            escaped(name)
        );
    }
    for (at, name) in curve.horizons.iter().enumerate() {
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            frame.x(at),
            frame.floor + f64::from(BOTTOM_PX) - 4.0,
            escaped(name)
        );
    }
}

/// The slope at each point: the harmonic mean of those beside it, none at a turn.
fn slopes(run: &[(usize, u8)]) -> Vec<f64> {
    let rises: Vec<f64> = run.windows(2).map(|pair| f64::from(pair[1].1) - f64::from(pair[0].1)).collect();
    let slope = |at: usize| match (at.checked_sub(1).and_then(|before| rises.get(before)), rises.get(at)) {
        (Some(before), Some(after)) if before * after > 0.0 => 2.0 * before * after / (before + after),
        (Some(_), Some(_)) => 0.0,
        (Some(only), None) | (None, Some(only)) => *only,
        (None, None) => 0.0,
    };
    (0..run.len()).map(slope).collect()
}

fn line(out: &mut String, run: &[(usize, u8)], frame: &Frame) {
    let Some((first, level)) = run.first().filter(|_| run.len() > 1) else { return };
    let slopes = slopes(run);
    let _ = write!(out, "<path class=\"line\" d=\"M{:.1} {:.1}", frame.x(*first), frame.y(*level));
    for (pair, slope) in run.windows(2).zip(slopes.windows(2)) {
        let third = frame.step / 3.0;
        let ((x0, y0), (x1, y1)) = ((frame.x(pair[0].0), frame.y(pair[0].1)), (frame.x(pair[1].0), frame.y(pair[1].1)));
        let lift = |slope: f64| slope * f64::from(LEVEL_PX) / 3.0;
        let _ = write!(
            out,
            "C{:.1} {:.1} {:.1} {:.1} {x1:.1} {y1:.1}",
            x0 + third,
            y0 - lift(slope[0]),
            x1 - third,
            y1 + lift(slope[1])
        );
    }
    out.push_str("\"/>");
}

/// Names the first intolerable point: below it on the right, where a rising line leaves room, or above it on the left.
fn first_intolerable(out: &mut String, curve: &Curve<'_>, frame: &Frame) {
    let Some((at, level)) = points(curve.judged).find(|(_, level)| *level >= curve.intolerable) else { return };
    let name = curve.levels.get(usize::from(level)).copied().unwrap_or_default();
    let horizon = curve.horizons.get(at).copied().unwrap_or_default();
    let left = at * 2 > curve.horizons.len();
    let (dx, dy, anchor) = if left { (-8.0, -7.0, "end") } else { (8.0, 17.0, "start") };
    let _ = write!(
        out,
        "<text class=\"told\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{} dès {}</text>",
        frame.x(at) + dx,
        frame.y(level) + dy,
        escaped(name),
        escaped(horizon)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const HORIZONS: [&str; 6] = ["1 h", "4 h", "24 h", "72 h", "1 sem.", "1 mois"];
    const LEVELS: [&str; 5] = ["nul", "faible", "sensible", "grave", "critique"];

    fn drawn(judged: &[Option<u8>]) -> String {
        svg(&Curve { title: "Soins <grave>", horizons: &HORIZONS, levels: &LEVELS, judged, intolerable: 3 })
    }

    #[test]
    fn the_line_breaks_where_nobody_judged_and_names_the_first_intolerable_point() {
        let svg = drawn(&[Some(0), Some(1), None, Some(3), Some(4), Some(4)]);
        assert_eq!(svg.matches("class=\"line\"").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 5);
        assert!(svg.contains("grave dès 72 h") && svg.contains("Soins &lt;grave&gt;"), "{svg}");
        let none = drawn(&[None; 6]);
        assert!(!none.contains("<circle") && !none.contains("class=\"line\"") && none.contains("critique 4"));
        assert_eq!(drawn(&[Some(2), None, None, None, None, None]).matches("class=\"line\"").count(), 0, "a lone point");
    }

    #[test]
    fn a_line_never_says_more_nor_less_than_was_judged() {
        for levels in [[0, 0, 1, 4, 4, 4], [0, 1, 2, 3, 4, 4], [0, 4, 4, 4, 4, 4], [3, 1, 4, 0, 2, 2]] {
            let run: Vec<(usize, u8)> = levels.iter().copied().enumerate().collect();
            let slopes = slopes(&run);
            for (pair, slope) in run.windows(2).zip(slopes.windows(2)) {
                let (low, high) = (f64::from(pair[0].1.min(pair[1].1)), f64::from(pair[0].1.max(pair[1].1)));
                let inner = [f64::from(pair[0].1) + slope[0] / 3.0, f64::from(pair[1].1) - slope[1] / 3.0];
                assert!(inner.iter().all(|y| (low..=high).contains(y)), "{levels:?}: {inner:?} outside {low}..{high}");
            }
        }
    }
}
