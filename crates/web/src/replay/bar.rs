//! The bar of a page that is seen again: which moment, how to choose another, and the way back to now.

use super::{MINUTE_MS, Replayed, minute_address, minute_end};
use crate::local::Local;
use crate::typography::fr;
use domain::crisis::Crisis;
use maud::{Markup, html};

/// The bar. `crisis`: the one the page speaks of, where the slider begins.
pub(crate) fn show(seen: &Replayed, local: &Local, crisis: Option<&Crisis>) -> Markup {
    let begun = crisis.or_else(|| seen.present.state.latest_crisis()).map_or(seen.first, |c| c.occurred_at.max(seen.first));
    html! {
        div.replay role="region" aria-label="Moment revu" {
            p.said { b { (fr(&format!("Revu au {}", local.day_and_time(seen.at)))) } span { " – rien ne s’écrit ici" }
                " " a.back data-moment href=(seen.page_now()) { "Revenir à maintenant" } }
            div.choose {
                nav aria-label="Avancer ou reculer" {
                    (entry(seen, seen.before, "Entrée précédente"))
                    (minutes(seen, local, -10))
                    (minutes(seen, local, -1))
                    (minutes(seen, local, 1))
                    (minutes(seen, local, 10))
                    (entry(seen, seen.after, "Entrée suivante"))
                }
                (slider(seen, local, begun))
                (typed(seen, local))
            }
        }
    }
}

fn step(address: Option<String>, words: &str) -> Markup {
    html! { @if let Some(address) = address { a data-moment href=(address) { (words) } } @else { span.muted { (words) } } " " }
}

fn entry(seen: &Replayed, wall: Option<i64>, words: &str) -> Markup {
    step(wall.filter(|at| *at <= seen.now).map(|at| seen.page_at(&at.to_string())), words)
}

fn minutes(seen: &Replayed, local: &Local, count: i64) -> Markup {
    let at = minute_end(seen.at).saturating_add(count * MINUTE_MS);
    let possible = minute_end(seen.first) <= at && at <= minute_end(seen.now);
    let sign = if count < 0 { "\u{2212}" } else { "+" };
    let words = format!("{sign}{}\u{a0}min", count.abs());
    step(possible.then(|| seen.page_at(&minute_address(local, at))), &words)
}

/// What the address asks besides the moment, kept by a form.
fn others(seen: &Replayed) -> Markup {
    html! { @for (name, value) in &seen.asked { input type="hidden" name=(name) value=(value); } }
}

/// From the beginning to now, minute by minute. `data-zone` lets the script say which minute.
fn slider(seen: &Replayed, local: &Local, begun: i64) -> Markup {
    let (from, to) = (minute_end(begun), minute_end(seen.now));
    html! {
        form.slide method="get" action=(seen.path) data-moment data-zone=(local.zone()) {
            (others(seen))
            span.small.muted { (local.short(from, seen.now)) }
            input type="range" name=(super::PARAMETER) min=(from) max=(to.max(from)) step=(MINUTE_MS) value=(minute_end(seen.at))
                aria-label="Moment, du début à maintenant" aria-valuetext=(local.day_and_time(seen.at));
            span.small.muted { "maintenant" }
            output.small hidden {}
            button.btn.ghost.small { "Voir" }
        }
    }
}

/// The minute, typed.
fn typed(seen: &Replayed, local: &Local) -> Markup {
    html! {
        form.typed method="get" action=(seen.path) data-moment {
            (others(seen))
            label.small for="moment" { "Date et heure" }
            input #moment.small type="datetime-local" name=(super::PARAMETER) value=(local.machine(seen.at))
                min=(local.machine(seen.first)) max=(local.machine(seen.now)) required;
            button.btn.ghost.small { "Voir" }
        }
    }
}
