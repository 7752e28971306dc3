//! The clock of the exercise on the page, and what a facilitator does to it.

use super::{Here, t_plus};
use crate::fields::Filled;
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::exercise::clock::Run;
use domain::exercise::event::Part;
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
    let speed = if clock.run() == Run::Running { clock.speed() } else { 0 };
    let seconds = offset.div_euclid(1_000);
    html! {
        b.exercise-time data-offset=(offset) data-at=(now) data-speed=(speed) {
            "T+" (format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)) }
    }
}

/// The head of the console.
pub(super) fn head(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let clock = &here.exercise.clock;
    let speed = clock.speed();
    html! {
        div.console-head #horloge data-live-key="horloge" {
            (time(here.exercise, here.now()))
            span { (state(clock.run())) @if clock.run().is_on() && speed > 1 { " " b { "×" (speed) } } }
            @if here.acts() && !clock.run().is_over() { (controls(here)) }
            div.counts-line { (counts(page, here)) }
        }
    }
}

/// A button that does one thing to the clock.
fn button(here: &Here<'_>, gesture: &str, words: &str, class: &str) -> Markup {
    let inner = html! {
        input type="hidden" name="geste" value=(gesture);
        button id={ "geste-" (gesture) } class={ "btn " (class) } { (fr(words)) }
    };
    here.form("horloge", gesture, &inner)
}

fn controls(here: &Here<'_>) -> Markup {
    let clock = &here.exercise.clock;
    let speeds = html! { span.speeds role="group" aria-label="Vitesse" { @for speed in SPEEDS {
        button.btn.ghost id={ "vitesse-" (speed) } name="geste" value={ "vitesse-" (speed) } aria-pressed=(if clock.speed() == speed { "true" } else { "false" }) { "×" (speed) }
    } } };
    html! {
        div.btns {
            @match clock.run() {
                Run::Waiting => (button(here, "debut", "DEBEX : lancer l’exercice", "")),
                Run::Running => (button(here, "suspendre", "Suspendre", "ghost")),
                Run::Paused => (button(here, "reprendre", "Reprendre", "")),
                Run::Finished | Run::Stopped => {},
            }
            @if clock.run().is_on() { (here.form("horloge", "vitesse", &speeds)) }
        }
    }
}

fn counts(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let exercise = here.exercise;
    let all = exercise.chronogramme();
    let fired = all.iter().filter(|p| p.fired.is_some()).count() as u64;
    let skipped = all.iter().filter(|p| p.skipped.is_some()).count() as u64;
    let end = exercise.clock.reaches(i64::from(exercise.scenario().minutes) * MINUTE_MS);
    let on = exercise.clock.run().is_on();
    let coming = exercise.coming().len() as u64;
    let left =
        if exercise.clock.run().is_over() { plural(coming, "non joué", "non joués") } else { format!("{coming} à venir") };
    let next = exercise.next_due().filter(|_| on);
    html! {
        p { b { (fr(&plural(fired, "stimulus joué", "stimuli joués"))) } ", " (fr(&plural(skipped, "écarté", "écartés"))) ", " (fr(&left)) }
        p.small.muted {
            @if let Some(next) = next { "prochain à " (page.local.time(next)) ", " }
            @if let Some(end) = end.filter(|_| on) { "fin prévue à " (page.local.time(end)) " · " }
            @if let Some(end) = exercise.clock.ended_at() { "fin à " (page.local.time(end)) " · " }
            (fr(&plural(exercise.taking_part(Part::Player).count() as u64, "joueur", "joueurs"))) ", "
            (fr(&plural(exercise.taking_part(Part::Observer).count() as u64, "observateur", "observateurs")))
        }
    }
}

/// Phases to come.
fn phases<'a>(here: &Here<'a>) -> Vec<&'a Phase> {
    let offset = here.exercise.clock.offset_at(here.now());
    here.exercise.scenario().phases.iter().filter(|phase| i64::from(phase.at) * MINUTE_MS > offset).collect()
}

/// What is done rarely: a jump, FINEX.
pub(super) fn rare(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let on = here.exercise.clock.run().is_on() && here.acts();
    let jumps = filled.fields.is_some_and(|fields| fields.get("geste") == "sauter");
    html! {
        div #rare data-live-key="rare" { @if on {
            details.panel #sauter-volet open[jumps] { summary { (fr("Sauter dans le temps")) }
                (here.form("horloge", "sauter", &jump(here, if jumps { filled } else { Filled::BLANK }))) }
            details.panel #finex-volet { summary { (fr("Terminer : FINEX")) }
                p.small { (fr("Plus rien ne se joue ensuite, et le débriefing à chaud s’ouvre à tous. L’horloge ne repart pas.")) }
                (here.form("horloge", "fin", &html! {
                    input type="hidden" name="geste" value="fin";
                    p.field { label.check { input #finex-sur type="checkbox" name="sur" value="1" required; (fr("Oui, terminer pour tout le monde")) } }
                    button.btn #geste-fin { "FINEX : terminer l’exercice" }
                })) }
        } }
    }
}

fn jump(here: &Here<'_>, filled: Filled<'_>) -> Markup {
    let phases = phases(here);
    let offset = here.exercise.clock.offset_at(here.now());
    let ways = [("jouer", "sont joués tout de suite"), ("ecarter", "sont écartés, et c’est écrit")];
    html! {
        input type="hidden" name="geste" value="sauter";
        p.field { label for="minute" { (fr("Aller à la minute")) }
            input.short #minute name="minute" inputmode="numeric" required autocomplete="off" list="phases" value=(filled.value("minute", ""));
            " " span.small.muted { (fr(&format!("il est {}", t_plus(offset)))) @for phase in &phases { " · " (fr(&format!("« {} » à {}", phase.name, phase.at))) } }
            (filled.beside("minute")) (filled.beside("act")) }
        datalist #phases { @for phase in &phases { option value=(phase.at) { (phase.name) } } }
        fieldset { legend { (fr("Les stimuli que l’on saute")) }
            @for (value, words) in ways { label.check { input type="radio" name="sautes" value=(value) required checked[filled.value("sautes", "") == value]; (fr(words)) } } }
        button.btn.ghost #geste-sauter { "Sauter" }
    }
}
