//! The chronogramme as a picture: a lane for each channel, what was played before now, what is to come after.

use super::conduct::t_plus;
use crate::typography::fr;
use domain::exercise::MINUTE_MS;
use domain::exercise::event::scenario::{Channel, Scenario};
use maud::{Markup, html};

const LEFT: i64 = 128;
const WIDTH: i64 = 1_196;
/// Right of the last minute.
const RIGHT: i64 = WIDTH - 14;
const TOP: i64 = 30;
const LANE: i64 = 24;
/// Minutes between two marks below the picture.
const MARKS: [i64; 6] = [5, 10, 15, 30, 60, 240];
/// Most marks that fit.
const MARKS_MAX: i64 = 9;

/// How an inject is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It was played.
    Played,
    /// It will not be.
    Skipped,
    /// It is to come.
    Coming,
}

/// An inject at its minute.
pub(super) struct Dot {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) minute: u32,
    pub(super) channel: Channel,
    pub(super) class: &'static str,
    pub(super) word: String,
    pub(super) shape: Shape,
    pub(super) href: String,
    pub(super) chosen: bool,
}

/// The picture. `now`: exercise time, milliseconds, once it has begun.
pub(super) fn show(scenario: &Scenario, dots: &[Dot], now: Option<i64>) -> Markup {
    let lanes: Vec<Channel> = Channel::ALL.into_iter().filter(|c| dots.iter().any(|dot| dot.channel == *c)).collect();
    let last = dots.iter().map(|dot| dot.minute).max().unwrap_or(0).max(scenario.minutes).max(1);
    let x = |minute: i64| LEFT + minute.clamp(0, i64::from(last)) * (RIGHT - LEFT) / i64::from(last);
    let bottom = TOP + LANE * i64::try_from(lanes.len()).unwrap_or(1);
    let middle = |place: usize| TOP + i64::try_from(place).unwrap_or(0) * LANE + LANE / 2;
    html! {
        div.scrollx tabindex="0" role="group" aria-label="Chronogramme en image" {
            svg.chrono #chronogramme-image data-live-key="image" viewBox={ "0 0 " (WIDTH) " " (bottom + 36) } role="group" aria-label="Chronogramme : le tableau dessous dit la même chose" {
                @if let Some(now) = now { rect.past x=(LEFT) y=(TOP) width=(x(now / MINUTE_MS) - LEFT) height=(bottom - TOP) {} }
                @for (place, phase) in scenario.phases.iter().enumerate() {
                    @let from = x(i64::from(phase.at));
                    @let to = scenario.phases.get(place + 1).map_or(x(i64::from(last)), |next| x(i64::from(next.at)) - 4);
                    line.phase x1=(from) x2=(to) y1="20" y2="20" {}
                    text.phase x=(from) y="13" { (place + 1) ". " (phase.name) }
                }
                @for (place, lane) in lanes.iter().enumerate() {
                    line.lane x1=(LEFT) x2=(RIGHT) y1=(middle(place)) y2=(middle(place)) {}
                    text.lane x="0" y=(middle(place) + 4) { (fr(lane.label())) }
                }
                (marks(i64::from(last), bottom, x))
                // The one chosen over the others.
                @for dot in dots.iter().filter(|dot| !dot.chosen).chain(dots.iter().filter(|dot| dot.chosen)) {
                    @if let Some(place) = lanes.iter().position(|lane| *lane == dot.channel) { (draw(dot, x(i64::from(dot.minute)), middle(place))) }
                }
                @if let Some(now) = now {
                    g.cursor data-cursor data-from=(LEFT) data-to=(RIGHT) data-last=(i64::from(last) * MINUTE_MS) transform={ "translate(" (x(now / MINUTE_MS)) " 0)" } {
                        line.now x1="0" x2="0" y1="24" y2=(bottom + 2) {}
                        text.now x="0" y=(bottom + 30) { "▲ maintenant" }
                    }
                }
            }
        }
    }
}

fn marks(last: i64, bottom: i64, x: impl Fn(i64) -> i64) -> Markup {
    let step = MARKS.into_iter().find(|step| last / step <= MARKS_MAX).unwrap_or(1_440);
    html! {
        @for n in 0..=(last / step) {
            line.mark x1=(x(n * step)) x2=(x(n * step)) y1=(TOP) y2=(bottom) {}
            text.mark x=(x(n * step)) y=(bottom + 14) text-anchor=[(x(n * step) > WIDTH - 60).then_some("end")] { @if n == 0 { "DEBEX" } @else { (t_plus(n * step * MINUTE_MS)) } }
        }
    }
}

fn draw(dot: &Dot, x: i64, y: i64) -> Markup {
    html! {
        a class={ "dot " (dot.class) } href=(dot.href) aria-label={ (dot.key) ", " (dot.title) ", " (dot.word) } {
            circle.hit cx=(x) cy=(y) r="11" {}
            @if dot.chosen { circle.chosen cx=(x) cy=(y) r="9" {} text.label x=(x + 13) y=(y + 4) { (dot.key) } }
            @match dot.shape {
                Shape::Skipped => path.cross d={ "M" (x - 4) " " (y - 4) " L" (x + 4) " " (y + 4) " M" (x + 4) " " (y - 4) " L" (x - 4) " " (y + 4) } {},
                Shape::Played => rect x=(x - 2) y=(y - 6) width="4" height="12" {},
                Shape::Coming => circle cx=(x) cy=(y) r="4.5" {},
            }
            title { (dot.key) ". " (dot.title) }
        }
    }
}
