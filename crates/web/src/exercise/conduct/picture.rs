//! The chronogramme as a picture: a lane for each channel, what was played before now, what is to come after.

use super::{Here, t_plus};
use crate::typography::fr;
use domain::exercise::event::scenario::Channel;
use domain::exercise::results::{Reaction, reaction};
use domain::exercise::{MINUTE_MS, Played};
use maud::{Markup, html};

const LEFT: i64 = 118;
const WIDTH: i64 = 1_000;
const TOP: i64 = 30;
const LANE: i64 = 21;
/// Minutes between two marks below the picture.
const MARKS: [i64; 6] = [5, 10, 15, 30, 60, 240];
/// Most marks that fit.
const MARKS_MAX: i64 = 9;

/// How an inject looks and is called.
pub(super) fn status(here: &Here<'_>, played: &Played) -> (&'static str, String) {
    let late = reaction(here.state(), here.exercise, played, here.now()) == Reaction::Missing;
    match (&played.fired, &played.skipped) {
        (Some(_), _) if late => ("warn", "sans réaction".to_owned()),
        (Some(_), _) => ("ok", "joué".to_owned()),
        (_, Some(_)) => ("unknown", "écarté".to_owned()),
        _ if played.due_minute().is_none() => ("unknown", "en réserve".to_owned()),
        _ if played.moved_to.is_some() => ("unknown", "décalé, à venir".to_owned()),
        _ => ("unknown", "à venir".to_owned()),
    }
}

pub(super) fn show(here: &Here<'_>, chosen: Option<&str>) -> Markup {
    let exercise = here.exercise;
    let all = exercise.chronogramme();
    let lanes: Vec<Channel> = Channel::ALL.into_iter().filter(|c| all.iter().any(|p| p.inject().channel == *c)).collect();
    let last = all.iter().filter_map(|p| p.due_minute()).max().unwrap_or(0).max(exercise.scenario().minutes).max(1);
    let x = |minute: i64| LEFT + minute.clamp(0, i64::from(last)) * (WIDTH - LEFT - 12) / i64::from(last);
    let bottom = TOP + LANE * i64::try_from(lanes.len()).unwrap_or(1);
    let now = exercise.clock.offset_at(here.now());
    let began = exercise.clock.began_at().is_some();
    html! {
        div.scrollx tabindex="0" role="group" aria-label="Chronogramme en image" {
            svg.chrono #chronogramme-image data-live-key="image" viewBox={ "0 0 " (WIDTH) " " (bottom + 30) } role="group" aria-label="Chronogramme : le tableau dessous dit la même chose" {
                @if began { rect.past x=(LEFT) y=(TOP) width=(x(now / MINUTE_MS) - LEFT) height=(bottom - TOP) {} }
                @for (place, phase) in exercise.scenario().phases.iter().enumerate() {
                    @let from = x(i64::from(phase.at));
                    @let to = exercise.scenario().phases.get(place + 1).map_or(x(i64::from(last)), |next| x(i64::from(next.at)) - 4);
                    line.phase x1=(from) x2=(to) y1="20" y2="20" {}
                    text.phase x=(from) y="13" { (place + 1) ". " (phase.name) }
                }
                @for (place, lane) in (0_i64..).zip(&lanes) {
                    @let y = TOP + place * LANE + LANE / 2;
                    line.lane x1=(LEFT) x2=(WIDTH - 12) y1=(y) y2=(y) {}
                    text.lane x="0" y=(y + 4) { (fr(lane.label())) }
                }
                (marks(i64::from(last), bottom, x))
                @for played in &all {
                    @if let (Some(minute), Some(place)) = (played.due_minute(), lanes.iter().position(|l| *l == played.inject().channel)) {
                        (dot(here, played, x(i64::from(minute)), TOP + i64::try_from(place).unwrap_or(0) * LANE + LANE / 2, chosen))
                    }
                }
                @if began {
                    line.now x1=(x(now / MINUTE_MS)) x2=(x(now / MINUTE_MS)) y1="22" y2=(bottom + 4) {}
                    text.now x=(x(now / MINUTE_MS).min(WIDTH - 50)) y=(bottom + 28) { (t_plus(now)) }
                }
            }
        }
        p.small.muted { span.st.ok { (fr("joué")) } " " span.st.warn { (fr("sans réaction")) } " " span.st.unknown { (fr("à venir")) } " " (fr("× écarté")) }
    }
}

fn marks(last: i64, bottom: i64, x: impl Fn(i64) -> i64) -> Markup {
    let step = MARKS.into_iter().find(|step| last / step <= MARKS_MAX).unwrap_or(1_440);
    html! {
        @for n in 0..=(last / step) {
            line.mark x1=(x(n * step)) x2=(x(n * step)) y1=(TOP) y2=(bottom) {}
            text.mark x=(x(n * step)) y=(bottom + 14) { @if n == 0 { "DEBEX" } @else { (t_plus(n * step * MINUTE_MS)) } }
        }
    }
}

fn dot(here: &Here<'_>, played: &Played, x: i64, y: i64, chosen: Option<&str>) -> Markup {
    let inject = played.inject();
    let (class, word) = status(here, played);
    let is_chosen = chosen == Some(inject.key.as_str());
    html! {
        a class={ "dot " (class) } href={ "/console?stimulus=" (inject.key) } aria-label={ (inject.key) ", " (here.filled(&inject.title)) ", " (word) } {
            @if is_chosen { circle.chosen cx=(x) cy=(y) r="9" {} }
            @if played.skipped.is_some() { path.cross d={ "M" (x - 4) " " (y - 4) " L" (x + 4) " " (y + 4) " M" (x + 4) " " (y - 4) " L" (x - 4) " " (y + 4) } {} }
            @else if played.fired.is_some() { rect x=(x - 2) y=(y - 6) width="4" height="12" {} }
            @else { circle cx=(x) cy=(y) r="4.5" {} }
            title { (inject.key) ". " (here.filled(&inject.title)) }
        }
    }
}
