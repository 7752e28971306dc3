//! The moments that count, on one line: criteria as the journal tells them, findings, and the rhythm of the log behind them.

use super::Told;
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::event::conduct::Tone;
use domain::exercise::event::outcome::{CriterionResult, Measured, Reading};
use maud::{Markup, html};

/// Width and height of the drawing, its own units.
const WIDTH: i64 = 1_000;
const HEIGHT: i64 = 190;
const MARGIN: i64 = 6;
/// Where the line is.
const AXIS: i64 = 98;
/// Height of the tallest bar of the rhythm.
const BAR: i64 = 26;
/// Width that a label takes, and characters of each of its two lines.
const LABEL_WIDTH: i64 = 150;
const LINE_CHARS: usize = 24;
/// Minutes of one bar.
const BIN_MS: i64 = 5 * 60_000;
/// Most bars: a week is not drawn minute by minute.
const BINS_MAX: i64 = 288;

/// Something that happened, at a moment (milliseconds since 1970).
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) at: i64,
    pub(super) text: String,
    pub(super) reading: Reading,
}

impl Moment {
    fn class(&self) -> &'static str {
        match self.reading {
            Reading::Met => "ok",
            Reading::Late => "warn",
            Reading::Missed => "down",
            Reading::Unread => "unknown",
        }
    }
}

/// What there is to see, in order.
pub(super) fn moments(told: &Told, criteria: &[CriterionResult]) -> Vec<Moment> {
    let of_criterion = |result: &CriterionResult| {
        let Measured::Minutes(minutes) = result.measured else { return None };
        Some(Moment { at: told.moment(minutes)?, text: result.title.clone(), reading: result.reading })
    };
    let findings = told.exercise.findings_kept().into_iter().filter_map(|finding| {
        let set = &finding.current().value;
        let reading = if set.tone == Tone::Positive { Reading::Met } else { Reading::Missed };
        Some(Moment { at: set.at?, text: set.text.clone(), reading })
    });
    let mut all: Vec<Moment> = criteria.iter().filter_map(of_criterion).chain(findings).collect();
    all.sort_by_key(|moment| moment.at);
    all
}

/// Cuts a text in two lines at most.
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].chars().count() + word.chars().count() < LINE_CHARS {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        } else if lines.len() < 2 {
            lines.push(word.chars().take(LINE_CHARS).collect());
        } else {
            lines[last].push('…');
            break;
        }
    }
    lines
}

/// The picture, and the same in words.
pub(super) fn show(page: &Page<'_>, told: &Told, moments: &[Moment], (from, to): (i64, i64)) -> Markup {
    let span = (to - from).max(1);
    let x = |at: i64| MARGIN + (at.clamp(from, to) - from) * (WIDTH - 2 * MARGIN) / span;
    // Labels stand above and below in turn, where the one before has ended.
    let mut free = [i64::MIN; 2];
    let placed: Vec<(i64, &Moment, Option<usize>)> = moments
        .iter()
        .enumerate()
        .map(|(n, moment)| {
            let at = x(moment.at);
            let left = at.min(WIDTH - LABEL_WIDTH);
            let side = [n % 2, (n + 1) % 2].into_iter().find(|side| free[*side] <= left);
            if let Some(side) = side {
                free[side] = left + LABEL_WIDTH;
            }
            (at, moment, side)
        })
        .collect();
    html! {
        section.key-moments aria-labelledby="moments" {
            h2 #moments { "Les moments qui comptent " span.small.muted { (fr("en gris, le rythme de la main courante, par 5 min")) } }
            div.scrollx tabindex="0" role="group" aria-label="Frise des moments" {
                svg.frise viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label="Frise : les mêmes moments sont donnés en liste dessous" {
                    @for (left, width, height) in bars(told, from, to) {
                        rect.rhythm x=(left) y=(AXIS - height) width=(width) height=(height) {}
                    }
                    line.axis x1=(MARGIN) x2=(WIDTH - MARGIN) y1=(AXIS) y2=(AXIS) {}
                    line.end x1=(MARGIN) x2=(MARGIN) y1=(AXIS - 6) y2=(AXIS + 6) {}
                    line.end x1=(WIDTH - MARGIN) x2=(WIDTH - MARGIN) y1=(AXIS - 6) y2=(AXIS + 6) {}
                    text.when x=(MARGIN) y=(AXIS + 20) { (page.local.time(from)) " DEBEX" }
                    text.when x=(WIDTH - MARGIN) y=(AXIS + 20) text-anchor="end" { (page.local.time(to)) " FINEX" }
                    @for (at, moment, side) in &placed { (mark(page, *at, moment, *side)) }
                }
            }
            (list(page, told, moments))
        }
    }
}

fn mark(page: &Page<'_>, at: i64, moment: &Moment, side: Option<usize>) -> Markup {
    let left = at.min(WIDTH - LABEL_WIDTH);
    let top = if side == Some(0) { 14 } else { AXIS + 40 };
    let to = if side == Some(0) { 4 } else { HEIGHT - 12 };
    html! {
        g class=(moment.class()) {
            @if side.is_some() {
                line.stem x1=(at) x2=(at) y1=(AXIS) y2=(to) {}
                text.when x=(left + 4) y=(top) { (page.local.time(moment.at)) }
                @for (n, line) in lines(&moment.text).iter().enumerate() {
                    text.what x=(left + 4) y=(top + 15 * (i64::try_from(n).unwrap_or(0) + 1)) { (fr(line)) }
                }
            }
            @match moment.reading {
                Reading::Late => path d={ "M" (at - 6) " " (AXIS + 5) " L" (at) " " (AXIS - 6) " L" (at + 6) " " (AXIS + 5) " Z" } {},
                Reading::Missed => rect x=(at - 5) y=(AXIS - 5) width="10" height="10" {},
                _ => circle cx=(at) cy=(AXIS) r="5" {},
            }
        }
    }
}

/// Lines of the log by bins of time: left, width, height.
fn bars(told: &Told, from: i64, to: i64) -> Vec<(i64, i64, i64)> {
    let bin = BIN_MS.max((to - from) / BINS_MAX);
    let bins = usize::try_from((to - from) / bin + 1).unwrap_or(1);
    let mut counts = vec![0_i64; bins];
    for line in told.crisis().into_iter().flat_map(|crisis| crisis.log.iter()) {
        let place = (line.wall - from).checked_div(bin).and_then(|n| usize::try_from(n).ok());
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let span = (to - from).max(1);
    let x = |at: i64| MARGIN + (at - from) * (WIDTH - 2 * MARGIN) / span;
    let bar = |(n, count): (usize, &i64)| {
        let start = from + i64::try_from(n).unwrap_or(0) * bin;
        let (left, right) = (x(start), x((start + bin).min(to)));
        (*count > 0).then_some((left, (right - left - 1).max(1), (count * BAR / most).max(2)))
    };
    counts.iter().enumerate().filter_map(bar).collect()
}

/// The same in words: what a screen reader, a phone and paper show.
fn list(page: &Page<'_>, told: &Told, moments: &[Moment]) -> Markup {
    html! {
        @if moments.is_empty() {
            p.muted { (fr("Le journal ne date aucun critère, et aucun constat n’a d’heure : ajoutez l’heure à un constat pour le voir ici.")) }
        } @else {
            details.moments-list { summary { "En liste" }
                ol.plain { @for moment in moments { li {
                    a href=(told.replay(page, moment.at)) { (page.local.time(moment.at)) } " "
                    span class={ "st " (moment.class()) } { (fr(&moment.text)) }
                } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_label_has_two_lines_at_most() {
        assert_eq!(lines("Cellule réunie"), ["Cellule réunie"]);
        assert_eq!(lines("Deux journaux tenus en parallèle"), ["Deux journaux tenus en", "parallèle"]);
        assert_eq!(lines("Tubes sans étiquette de secours : dix-huit minutes sans réponse").len(), 2);
        assert_eq!(lines(""), [""]);
    }
}
