//! The inject chosen: its words, what a facilitator should know, and what may be done with it.

use super::console::Asked;
use super::{Here, message, picture, t_plus};
use crate::fields::Filled;
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::event::conduct::Grade;
use domain::exercise::event::scenario::{Channel, Inject};
use domain::exercise::{MINUTE_MS, Played};
use domain::facts::{Value, find};
use maud::{Markup, html};
use std::sync::Arc;

/// Shifts offered, minutes.
const SHIFTS: [i32; 2] = [5, -5];

pub(super) fn show(page: &Page<'_>, here: &Here<'_>, chosen: Option<&Arc<Played>>, asked: &Asked, filled: Filled<'_>) -> Markup {
    html! {
        div #stimulus data-live-key="stimulus" {
            @match chosen {
                Some(played) => (one(page, here, played, asked, filled)),
                None => { header.titled { h2 { "Stimulus" } } p.empty { (fr("Le chronogramme est vide : écrivez un stimulus à la volée.")) } },
            }
        }
    }
}

fn one(page: &Page<'_>, here: &Here<'_>, played: &Played, asked: &Asked, filled: Filled<'_>) -> Markup {
    let inject = played.inject();
    let next = here.exercise.coming().first().copied().filter(|next| next.inject().key != inject.key);
    html! {
        header.titled { h2 #titre-stimulus { (inject.key) ". " (fr(&here.filled(&inject.title))) }
            @if let Some(next) = next { a.small.more href=(asked.choosing(&next.inject().key)) { (fr("Le prochain : ")) (next.inject().key) } } }
        (facts(page, here, played))
        (words(here, inject))
        (message::attachments(inject))
        @if !inject.expected.is_empty() { p { b { (fr("Réaction attendue")) } @if let Some(within) = inject.within { " en " (within) " min" } (fr(" : ")) (fr(&here.filled(&inject.expected))) } }
        @if let Some(told) = told(here, &inject.fact) { p.small { b { "Au journal" } (fr(" : ")) (fr(&told)) } }
        @if !inject.guidance.is_empty() { p { b { "Conseil" } (fr(" : ")) (fr(&here.filled(&inject.guidance))) } }
        @if here.acts() { (acts(here, played, filled)) }
        (noted(page, here, played))
    }
}

/// When, by which means, for whom, and where it stands.
fn facts(page: &Page<'_>, here: &Here<'_>, played: &Played) -> Markup {
    let inject = played.inject();
    let (class, word) = picture::status(here, played);
    let (read, all) = here.readers(played);
    html! {
        dl.kv {
            dt { (fr("État")) } dd { span class={ "st " (class) } { (fr(&word)) }
                @if let Some(skipped) = &played.skipped { (fr(" : ")) (fr(&skipped.what)) }
                @if let Some(fired) = &played.fired { " à " (page.local.time(fired.what.0)) @if fired.what.1 { ", à la main" } (fr(&format!(", lu par {read} sur {all}"))) } }
            dt { (fr("Prévu")) } dd { @match played.due_offset() {
                Some(offset) => {
                    b { (t_plus(offset)) }
                    @if let Some(at) = here.exercise.clock.reaches(offset) { ", " (page.local.time(at)) }
                    @if let Some(minute) = inject.at.filter(|at| played.moved_to.is_some_and(|to| to != *at)) { (fr(&format!(", d’abord à la minute {minute}"))) }
                },
                None => { "en réserve" @if !inject.contingency_for.is_empty() { (fr(&format!(", si le {} reste sans réaction", inject.contingency_for))) } },
            } }
            dt { "Canal" } dd { (fr(inject.channel.label())) @if !inject.from.is_empty() { ", de " (fr(&here.filled(&inject.from))) } }
            dt { "Pour" } dd { (fr(&here.teams(inject))) }
        }
    }
}

/// What is read aloud is quoted; what is read on a screen or on paper is shown as it stands.
fn words(here: &Here<'_>, inject: &Inject) -> Markup {
    let text = here.filled(&inject.text);
    let spoken = matches!(inject.channel, Channel::Phone | Channel::Room);
    html! { blockquote.words { @if spoken { (fr(&format!("« {text} »"))) } @else { (fr(&text)) } } }
}

/// What the journal says of the reaction that is hoped for.
fn told(here: &Here<'_>, fact: &str) -> Option<String> {
    let fact = find(fact)?;
    Some(match (fact.compute)(here.state(), here.now()) {
        Value::Minutes(minutes) => format!("fait à la minute {minutes}"),
        Value::Count(count) => format!("{count} ({})", fact.meaning),
        Value::Truth(true) => "fait".to_owned(),
        Value::Truth(false) | Value::Unknown => "pas encore".to_owned(),
    })
}

fn acts(here: &Here<'_>, played: &Played, filled: Filled<'_>) -> Markup {
    let run = here.exercise.clock.run();
    html! {
        @if played.is_pending() && !run.is_over() { (before(here, played, filled)) }
        @if played.fired.is_some() && !played.inject().expected.is_empty() { (react(here, played, filled)) }
    }
}

fn form(here: &Here<'_>, played: &Played, act: &str, inner: &Markup) -> Markup {
    let key = &played.inject().key;
    here.form(act, key, &html! { input type="hidden" name="stimulus" value=(key); (inner) })
}

/// Before it is played.
fn before(here: &Here<'_>, played: &Played, filled: Filled<'_>) -> Markup {
    let is_on = here.exercise.clock.run().is_on();
    let wrong = ["minute", "reason"].iter().any(|name| filled.fault.is_some_and(|fault| fault.on(name).is_some()));
    let filled = if filled.fields.is_some_and(|fields| fields.get("geste").is_empty()) { filled } else { Filled::BLANK };
    let (due, now) = (played.due_offset().unwrap_or(0), here.exercise.clock.offset_at(here.now()));
    let ahead = |more: &i32| due + i64::from(*more) * MINUTE_MS >= now;
    let shifts = html! { @for more in SHIFTS.into_iter().filter(ahead) { button.btn.ghost id={ "decaler" (more) } name="de" value=(more) {
    @if more > 0 { (fr(&format!("Décaler de {more} min"))) } @else { (fr(&format!("Avancer de {} min", -more))) } } " " } };
    html! {
        div.btns.acts {
            @if is_on { (form(here, played, "jouer", &html! { button.btn #jouer { "Jouer maintenant" } })) }
            @if played.due_minute().is_some() { (form(here, played, "decaler", &shifts)) }
        }
        details #decaler-volet open[wrong] { summary { (fr("Choisir sa minute, ou ne pas le jouer")) }
            (form(here, played, "decaler", &html! { p.field { label for="minute-stimulus" { (fr("Nouvelle minute après DEBEX")) }
                span.line { input.short #minute-stimulus name="minute" inputmode="numeric" required autocomplete="off" value=(filled.value("minute", "")); " " button.btn.ghost { (fr("Décaler")) } }
                (filled.beside("minute")) } }))
            (form(here, played, "ecarter", &html! { p.field { label for="raison" { (fr("Ne pas jouer, pourquoi")) }
                span.line { input #raison name="reason" required autocomplete="off" value=(filled.value("reason", "")); " " button.btn.ghost { (fr("Ne pas jouer")) } }
                (filled.beside("reason")) } }))
        }
    }
}

/// Once it is played: how its players reacted.
fn react(here: &Here<'_>, played: &Played, filled: Filled<'_>) -> Markup {
    let known = played.reaction().map(|said| said.what.0);
    form(
        here,
        played,
        "reaction",
        &html! {
            p.field { label for="note" { (fr("Ont-ils réagi ?")) }
                input #note name="note" placeholder="En quelques mots, facultatif" autocomplete="off" value=(filled.value("note", "")); (filled.beside("note")) }
            div.grades { @for grade in Grade::ALL {
                button.btn.ghost id={ "reaction-" (grade.name()) } name="grade" value=(grade.name()) aria-pressed=(if known == Some(grade) { "true" } else { "false" }) { (grade.sign()) " " (fr(grade.label())) } } }
        },
    )
}

/// What facilitators noted of the reaction, the last first.
fn noted(page: &Page<'_>, here: &Here<'_>, played: &Played) -> Markup {
    html! { @if !played.reactions.is_empty() { ul.plain.lines { @for said in played.reactions.iter().rev() { li {
        span.small.muted { (page.local.time(said.wall)) " " (fr(&format!("{} {}", said.what.0.sign(), said.what.0.label()))) " " }
        (fr(&said.what.1)) " " span.small.muted { (fr(&here.name(&said.by))) }
    } } } } }
}
