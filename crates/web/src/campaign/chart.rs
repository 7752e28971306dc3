//! How a campaign advances: exercises done and planned, day after day.

use crate::local::Local;
use crate::typography::fr;
use domain::campaign::Campaign;
use maud::{Markup, html};

const WIDTH: i64 = 720;
const HEIGHT: i64 = 190;
const LEFT: i64 = 34;
const BOTTOM: i64 = 160;
const TOP: i64 = 14;

/// Steps of a count that grows: where it is after each moment.
fn steps(mut moments: Vec<i64>, x: impl Fn(i64) -> i64, y: impl Fn(usize) -> i64, from: usize) -> String {
    moments.sort_unstable();
    let mut path = format!("M{LEFT} {}", y(from));
    for (n, at) in moments.iter().enumerate() {
        path.push_str(&format!(" H{} V{}", x(*at), y(from + n + 1)));
    }
    path
}

/// The chart, with the same in one sentence.
pub(super) fn show(campaign: &Campaign, local: &Local, now: i64) -> Markup {
    let set = campaign.now();
    let counts = campaign.counts(now);
    let asked = counts.asked().max(1);
    let span = (set.until - set.from).max(1);
    let x = |at: i64| LEFT + (at.clamp(set.from, set.until) - set.from) * (WIDTH - LEFT - 10) / span;
    let y = |count: usize| BOTTOM - i64::try_from(count * usize::try_from(BOTTOM - TOP).unwrap_or(1) / asked).unwrap_or(0);
    let followed = campaign.followed();
    let done: Vec<i64> = followed.iter().filter_map(|f| Some(f.result.as_ref()?.results.began_at)).collect();
    let ahead: Vec<i64> = followed
        .iter()
        .filter(|f| f.result.is_none())
        .filter_map(|f| f.planned.as_ref().map(|p| p.0))
        .filter(|at| *at >= now)
        .collect();
    let (count, later) = (done.len(), ahead.len());
    html! {
        figure.burn {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label={ (count) " exercices faits, " (later) " prévus, sur " (asked) } {
                line.goal x1=(LEFT) x2=(WIDTH - 10) y1=(y(asked)) y2=(y(asked)) {}
                text x="0" y=(y(asked) + 4) { (asked) }
                text x="0" y=(BOTTOM + 4) { "0" }
                line.axis x1=(LEFT) x2=(WIDTH - 10) y1=(BOTTOM) y2=(BOTTOM) {}
                path.done d=(steps(done, x, y, 0)) {}
                path.ahead d={ "M" (x(now)) " " (y(count)) (steps(ahead, x, y, count).trim_start_matches(|c: char| !c.is_whitespace()).trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit() || c == '-')) } {}
                line.now x1=(x(now)) x2=(x(now)) y1=(TOP - 8) y2=(BOTTOM) {}
                text x=(LEFT) y=(BOTTOM + 22) { (local.day(set.from)) }
                text x=(WIDTH - 10) y=(BOTTOM + 22) text-anchor="end" { (local.day(set.until)) }
            }
            figcaption.small.muted { (fr("Trait plein : exercices joués. Pointillé : exercices prévus. Ligne du haut : tous les établissements attendus.")) }
        }
    }
}
