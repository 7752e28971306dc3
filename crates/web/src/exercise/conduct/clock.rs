//! The clock of the exercise on the page, and what a facilitator does to it.

use super::{Here, t_plus};
use crate::crisis::stamps;
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::clock::Run;
use domain::exercise::event::scenario::Phase;
use domain::exercise::{Exercise, MINUTE_MS};
use maud::{Markup, html};

/// Speeds offered.
const SPEEDS: [u8; 4] = [1, 2, 4, 8];

/// The word of a state: shape, colour and word.
pub(super) fn state(run: Run) -> Markup {
    let class = match run {
        Run::Running => "ok",
        Run::Paused => "warn",
        Run::Stopped => "down",
        Run::Waiting | Run::Finished => "unknown",
    };
    html! { span class={ "st " (class) } { (fr(run.label())) } }
}

/// Exercise time; the script makes it tick.
pub(super) fn time(exercise: &Exercise, now: i64) -> Markup {
    let clock = &exercise.clock;
    let offset = clock.offset_at(now);
    let ticking = clock.run() == Run::Running;
    let seconds = offset.div_euclid(1_000);
    html! {
        b.exercise-time data-offset=(offset) data-at=(now) data-speed=(if ticking { clock.speed() } else { 0 }) {
            "T+" (format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)) }
    }
}

/// The head of the console.
pub(super) fn head(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let exercise = here.exercise;
    html! {
        div.console-head #horloge data-live-key="horloge" {
            (time(exercise, here.now()))
            (state(exercise.clock.run()))
            (controls(here))
            p.small { (counts(page, here)) }
        }
    }
}

fn button(here: &Here<'_>, gesture: &str, words: &str, class: &str) -> Markup {
    html! {
        form method="post" action=(here.act("horloge")) { (stamps(here.shared, here.visitor))
            input type="hidden" name="geste" value=(gesture);
            button class={ "btn " (class) } { (fr(words)) } }
    }
}

fn controls(here: &Here<'_>) -> Markup {
    let clock = &here.exercise.clock;
    html! {
        div.btns {
            @match clock.run() {
                Run::Waiting => (button(here, "debut", "DEBEX : lancer", "")),
                Run::Running => (button(here, "suspendre", "Suspendre", "ghost")),
                Run::Paused => (button(here, "reprendre", "Reprendre", "")),
                Run::Finished | Run::Stopped => {},
            }
            @if !clock.run().is_over() {
                form.speeds method="post" action=(here.act("horloge")) { (stamps(here.shared, here.visitor))
                    @for speed in SPEEDS {
                        button.btn.ghost name="geste" value={ "vitesse-" (speed) } aria-pressed=(if clock.speed() == speed { "true" } else { "false" }) { "×" (speed) }
                    }
                }
            }
            @if let Some(phase) = next_phase(here).filter(|_| clock.run().is_on()) {
                form method="post" action=(here.act("horloge")) { (stamps(here.shared, here.visitor))
                    input type="hidden" name="geste" value="sauter";
                    input type="hidden" name="minute" value=(phase.at);
                    input type="hidden" name="sautes" value="ecarter";
                    button.btn.ghost title="Les stimuli sautés sont écartés" { (fr(&format!("Sauter à « {} »", phase.name))) } }
            }
        }
    }
}

/// The phase that comes next.
fn next_phase<'a>(here: &Here<'a>) -> Option<&'a Phase> {
    let offset = here.exercise.clock.offset_at(here.now());
    here.exercise.scenario().phases.iter().find(|phase| i64::from(phase.at) * MINUTE_MS > offset)
}

fn counts(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let exercise = here.exercise;
    let all = exercise.chronogramme();
    let fired = all.iter().filter(|p| p.fired.is_some()).count();
    let skipped = all.iter().filter(|p| p.skipped.is_some()).count();
    let end = exercise.clock.reaches(i64::from(exercise.scenario().minutes) * MINUTE_MS);
    html! {
        b { (fired) " joués" } ", " (skipped) (fr(" écartés, ")) (exercise.coming().len()) (fr(" à venir"))
        @if let Some(end) = end.filter(|_| exercise.clock.run().is_on()) { ", fin " (page.local.time(end)) }
        @if let Some(next) = exercise.next_due() { ", prochain " (page.local.time(next)) }
    }
}

/// What is done rarely: a jump to a minute, FINEX.
pub(super) fn rare(here: &Here<'_>) -> Markup {
    let exercise = here.exercise;
    if !exercise.clock.run().is_on() {
        return html! {};
    }
    html! {
        details.panel { summary { (fr("Sauter à une minute, terminer")) }
            form.stacked method="post" action=(here.act("horloge")) { (stamps(here.shared, here.visitor))
                input type="hidden" name="geste" value="sauter";
                p.field { label for="minute" { (fr("Aller à la minute")) }
                    input #minute name="minute" inputmode="numeric" required autocomplete="off" placeholder=(exercise.scenario().minutes / 2); }
                p.field { label for="sautes" { (fr("Les stimuli que l’on saute")) }
                    select #sautes name="sautes" { option value="jouer" { (fr("sont joués tout de suite")) } option value="ecarter" { (fr("sont écartés, et c’est écrit")) } } }
                button.btn.ghost { "Sauter" } }
            form.stacked method="post" action=(here.act("horloge")) { (stamps(here.shared, here.visitor))
                input type="hidden" name="geste" value="fin";
                p.small { (fr("FINEX à ")) (t_plus(exercise.clock.offset_at(here.now()))) (fr(" : plus rien ne se joue ensuite, le débriefing à chaud s’ouvre à tous.")) }
                button.btn { "FINEX : terminer" } }
        }
    }
}
