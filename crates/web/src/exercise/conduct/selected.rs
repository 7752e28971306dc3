//! The inject chosen: its words, what a facilitator should know, what may be done with it; and what its players see.

use super::console::Asked;
use super::{Here, inbox, picture, t_plus};
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::Played;
use domain::exercise::event::conduct::Grade;
use domain::facts::{Value, find};
use maud::{Markup, html};
use std::sync::Arc;

pub(super) fn show(page: &Page<'_>, here: &Here<'_>, chosen: Option<&Arc<Played>>, asked: &Asked, filled: Filled<'_>) -> Markup {
    html! {
        @match chosen {
            Some(played) => (one(page, here, played, filled)),
            None => { h2 #titre-stimulus { "Stimulus" } p.muted { (fr("Le chronogramme est vide.")) } },
        }
        (seen_by(page, here, asked, chosen))
    }
}

fn one(page: &Page<'_>, here: &Here<'_>, played: &Played, filled: Filled<'_>) -> Markup {
    let inject = played.inject();
    let (class, word) = picture::status(here, played);
    html! {
        h2 #titre-stimulus { (inject.key) ". " (fr(&here.filled(&inject.title))) }
        dl.kv #stimulus-etat data-live-key="stimulus" {
            dt { (fr("État")) } dd { span class={ "st " (class) } { (fr(&word)) }
                @if let Some(skipped) = &played.skipped { (fr(" : ")) (fr(&skipped.what)) } }
            dt { (fr("Prévu")) } dd { @match played.due_offset() {
                Some(offset) => { b { (t_plus(offset)) } @if let Some(at) = here.exercise.clock.reaches(offset) { ", " (page.local.time(at)) } },
                None => { "en réserve" @if !inject.contingency_for.is_empty() { (fr(&format!(", si le {} reste sans réaction", inject.contingency_for))) } },
            } }
            dt { "Canal" } dd { (fr(inject.channel.label())) ", de " (fr(&here.filled(&inject.from))) }
            dt { "Pour" } dd { (fr(&here.teams(inject))) }
        }
        blockquote.words { (fr(&here.filled(&inject.text))) }
        @for attachment in &inject.attachments { p.small { a href=(crate::attachments::link(attachment)) { (attachment.name) } } }
        @if !inject.expected.is_empty() { p { b { (fr("Réaction attendue")) } @if let Some(within) = inject.within { " en " (within) " min" } (fr(" : ")) (fr(&here.filled(&inject.expected))) } }
        @if let Some(told) = told(here, &inject.fact) { p.small { (fr("Au journal : ")) (fr(&told)) } }
        @if !inject.guidance.is_empty() { p { b { "Conseil" } (fr(" : ")) (fr(&here.filled(&inject.guidance))) } }
        (acts(here, played, filled))
    }
}

/// What the journal says of the reaction that is hoped for.
fn told(here: &Here<'_>, fact: &str) -> Option<String> {
    let fact = find(fact)?;
    Some(match (fact.compute)(here.state(), here.now()) {
        Value::Minutes(minutes) => format!("fait à {minutes} min"),
        Value::Count(count) => count.to_string(),
        Value::Truth(true) => "fait".to_owned(),
        Value::Truth(false) | Value::Unknown => "pas encore".to_owned(),
    })
}

fn acts(here: &Here<'_>, played: &Played, filled: Filled<'_>) -> Markup {
    let (inject, run) = (played.inject(), here.exercise.clock.run());
    let form = |act: &str, inner: Markup| {
        html! {
            form method="post" action=(here.act(act)) { (stamps(here.shared, here.visitor))
                input type="hidden" name="stimulus" value=(inject.key); (inner) }
        }
    };
    html! {
        @if played.is_pending() && !run.is_over() {
            div.btns.acts {
                @if run.is_on() { (form("jouer", html! { button.btn { "Jouer" } })) }
                (form("decaler", html! { input type="hidden" name="de" value="5"; button.btn.ghost { (fr("Décaler de 5 min")) } }))
            }
            details { summary { (fr("Décaler à une minute, écarter")) }
                (form("decaler", html! { p.field { label for="minute-stimulus" { (fr("Nouvelle minute")) }
                    input #minute-stimulus name="minute" inputmode="numeric" required autocomplete="off"; (filled.beside("minute")) } button.btn.ghost { (fr("Décaler")) } }))
                (form("ecarter", html! { p.field { label for="raison" { "Pourquoi" }
                    input #raison name="reason" maxlength="200" autocomplete="off"; (filled.beside("reason")) } button.btn.ghost { (fr("Ne pas jouer")) } }))
            }
        }
        @if played.fired.is_some() && !inject.expected.is_empty() {
            @let known = played.reaction().map(|said| said.what.0);
            (form("reaction", html! {
                p.small { (fr("Les joueurs ont réagi :")) }
                p.field { label.out for="note" { "Note" } input #note name="note" placeholder="En un mot, facultatif" autocomplete="off"; }
                div.btns { @for grade in Grade::ALL { button.btn.ghost.small name="grade" value=(grade.name()) aria-pressed=(if known == Some(grade) { "true" } else { "false" }) { (grade.sign()) " " (fr(grade.label())) } } }
            }))
        }
    }
}

/// What a team sees: its inbox and the last lines of the log; nothing is marked as read.
fn seen_by(page: &Page<'_>, here: &Here<'_>, asked: &Asked, chosen: Option<&Arc<Played>>) -> Markup {
    let teams = &here.exercise.scenario().teams;
    let wanted = teams.iter().find(|team| team.key == asked.vue);
    let of_inject = chosen.and_then(|p| p.inject().to.first()).and_then(|key| teams.iter().find(|team| team.key == *key));
    let Some(team) = wanted.or(of_inject).or_else(|| teams.first()) else { return html! {} };
    let stimulus = chosen.map_or("", |p| p.inject().key.as_str());
    html! {
        h2.seen { (fr("Vue joueur ")) span.small.muted { (fr(&team.name)) } }
        p.small { @for other in teams.iter().filter(|other| other.key != team.key) {
            a href={ "/console?stimulus=" (stimulus) "&vue=" (other.key) } { (fr(&other.name)) } " " } }
        div #vue data-live-key="vue" {
            (inbox::list(page, here, &team.key, None))
            (lines(page, here))
        }
    }
}

/// The last lines that players wrote.
fn lines(page: &Page<'_>, here: &Here<'_>) -> Markup {
    let crisis = here.state().latest_crisis();
    let last: Vec<_> = crisis.into_iter().flat_map(|crisis| crisis.log.iter().rev().take(5)).collect();
    html! {
        h3 { "Main courante" }
        @if last.is_empty() { p.muted.small { (fr("Les joueurs n’ont encore rien écrit.")) } }
        ul.plain.lines { @for line in last { li {
            span.small.muted { (page.local.time(line.wall)) " " (fr(line.entry_type.label())) } " "
            @if let Some(text) = &line.text { (fr(&text.current().value)) }
            span.small.muted { " " (fr(&here.name(&line.typist))) }
        } } }
        @if let Some(crisis) = crisis { p.small { a href=(crate::crisis::room_path(here.shared, crisis)) { (fr("Ouvrir la salle des joueurs")) } } }
    }
}
