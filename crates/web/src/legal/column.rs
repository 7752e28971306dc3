//! Legal delays beside the things to do: what is due, how long is left, who does it.

use super::{link, of, outcome, who};
use crate::crisis::scene::Scene;
use crate::typography::fr;
use domain::legal::{Clock, Due};
use maud::{Markup, PreEscaped, html};

const MINUTE_MS: i64 = 60_000;
/// Most running obligations shown beside the room; the page shows them all.
const SHOWN_MAX: usize = 3;

/// The region of the room.
pub(crate) fn column(scene: &Scene<'_>) -> Markup {
    let running = of(scene).map(|legal| legal.running(scene.crisis)).unwrap_or_default();
    let closed = of(scene).map(domain::legal::Legal::closed).unwrap_or_default();
    let page = format!("{}/echeances", scene.room);
    let (shown, rest) = running.split_at(running.len().min(SHOWN_MAX));
    html! {
        div #echeances .echeances data-live-key="echeances" {
            @if running.is_empty() && closed.is_empty() {
                p.empty { "Aucune échéance suivie. " a href=(page) { "Reprendre les échéances livrées" } }
            }
            @for (clock, due) in shown { (row(scene, clock, due)) }
            @if !rest.is_empty() { p.small { a href=(page) { (crate::today::plural(rest.len() as u64, "autre échéance", "autres échéances")) } } }
            @if !closed.is_empty() { (folded(scene, &closed)) }
        }
    }
}

fn row(scene: &Scene<'_>, clock: &Clock, due: &Due) -> Markup {
    let words = clock.words();
    let register = &scene.state.register;
    let holder = who::holder(register, &words.who).map(|(name, _)| name);
    html! {
        div.clock.late[due.is_late(scene.now)] id={ "cl-" (super::declaration::anchor(clock.key())) } {
            a.title href=(link(scene, clock.key())) { (fr(&words.title)) }
            span.left { (left(scene, clock, due)) }
            span.who.small { (fr(who::label(register, &words.who))) @if let Some(name) = holder { (fr(" : ")) (fr(&name)) } }
            (bar(due, scene.now))
        }
    }
}

/// « sans délai », « 63 h 08 », « dépassé depuis 3 h »; never a figure where the rule has none.
pub(super) fn left(scene: &Scene<'_>, clock: &Clock, due: &Due) -> Markup {
    match due {
        Due::Now => {
            let words = clock.words().delay_words.as_str();
            let words = if words.is_empty() { "sans délai" } else { words };
            html! { b.down { (fr(words)) } }
        }
        Due::At { until, .. } if *until < scene.now => {
            html! { b.down { "dépassé depuis " (hours(scene.now.saturating_sub(*until))) } }
        }
        Due::At { until, .. } => {
            html! { b { (hours(until.saturating_sub(scene.now))) } " " span.out { "restantes, " } span.small.muted { "avant " (scene.short(*until)) } }
        }
        Due::After(key) => {
            let title = of(scene).and_then(|legal| legal.clocks.get(key)).map_or(key.as_str(), |c| c.words().title.as_str());
            html! { span.small.muted { (fr("après : ")) (fr(title)) } }
        }
        Due::Unset => html! { span.warn { "date à fixer" } },
    }
}

/// `63 h 08`, `12 min`, `4 j` beyond four days.
pub(super) fn hours(ms: i64) -> String {
    let minutes = ms.max(0) / MINUTE_MS;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match hours {
        0 => format!("{minutes}\u{a0}min"),
        1..96 => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
        _ => format!("{}\u{a0}j", hours / 24),
    }
}

/// A thin bar: how much of the delay has gone. The figure beside it says the same in words.
fn bar(due: &Due, now: i64) -> Markup {
    let gone = match due {
        Due::Now => 100,
        Due::At { from, until } if until > from => ((now - from).max(0).saturating_mul(100) / (until - from)).min(100),
        Due::At { .. } => 100,
        Due::After(_) | Due::Unset => 0,
    };
    let svg = format!(
        "<svg class=\"gone\" viewBox=\"0 0 100 3\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"all\" width=\"100\" height=\"3\"/><rect width=\"{gone}\" height=\"3\"/></svg>"
    );
    html! { (PreEscaped(svg)) }
}

fn folded(scene: &Scene<'_>, closed: &[&Clock]) -> Markup {
    html! {
        details #echeances-closes .small {
            summary { (crate::today::plural(closed.len() as u64, "échéance close", "échéances closes")) }
            @for clock in closed { @if let Some(end) = clock.ending() {
                p { a href=(link(scene, clock.key())) { (fr(&clock.words().title)) } (fr(" : "))
                    (outcome(end.value.outcome)) " le " (scene.local.day_and_time(end.value.at))
                    @if !end.value.reference.is_empty() { ", n° " (end.value.reference) }
                    @let conflict = clock.endings_in_conflict().len();
                    @if conflict > 1 { " " span.st.small.down { "conflit (" (conflict) ")" } } }
            } }
        }
    }
}

/// What runs and what is late, as rows of a paper page.
pub(crate) fn summary(scene: &Scene<'_>) -> Markup {
    let Some(legal) = of(scene) else { return html! { p.empty { "Aucune échéance suivie." } } };
    let (running, closed) = (legal.running(scene.crisis), legal.closed());
    html! {
        @if running.is_empty() && closed.is_empty() { p.empty { "Aucune échéance suivie." } }
        @else { table { tbody {
            @for (clock, due) in &running { tr { th scope="row" { (fr(&clock.words().title)) } td { (left(scene, clock, due)) }
                td { (fr(who::label(&scene.state.register, &clock.words().who))) } } }
            @for clock in &closed { @if let Some(end) = clock.ending() { tr { th scope="row" { (fr(&clock.words().title)) }
                td { (outcome(end.value.outcome)) " à " (scene.short(end.value.at)) } td { (fr(&end.value.by)) } } } }
        } } }
    }
}
