//! The players’ inbox: mails, calls, messages, papers and screens of the exercise in one place, each marked EXERCICE.

use super::{Here, fragment};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::exercise::clock::Run;
use domain::exercise::event::Part;
use domain::exercise::event::scenario::Channel;
use domain::exercise::{Exercise, Played};
use journal::ActorId;
use maud::{Markup, html};
use serde::Deserialize;

/// Longest part of a text that a list shows, characters.
const GLIMPSE_CHARS: usize = 110;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    canal: String,
    fragment: Option<String>,
}

/// How many messages somebody has not opened.
pub(super) fn unread(exercise: &Exercise, actor: &ActorId) -> usize {
    let Some(team) = exercise.team(actor) else { return 0 };
    exercise.inbox(team).iter().filter(|p| !p.read_by.contains_key(actor)).count()
}

/// `GET /boite`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Player])?;
    let page = Page::new(&shared, &visitor, Place::Exercise, "Boîte de réception");
    let team = here.exercise.team(&visitor.actor).unwrap_or_default();
    let channel = Channel::from_name(&asked.canal);
    let live = channel.map_or("/boite".to_owned(), |channel| format!("/boite?canal={}", channel.name()));
    let body = html! {
        div.inbox data-live=(live) data-live-parts="tout" {
            h1 { (fr("Boîte de réception")) }
            p.lead #boite-compte data-live-key="boite-compte" { (fr(&lead(&here))) }
            p.small.muted { (fr(&format!("Équipe : {}. Tout ce qui arrive ici est simulé. N’appelez que l’animateur.", here.team(team)))) }
            (channels(&here, team, channel))
            div #boite data-live-key="boite" { (list(&page, &here, team, channel)) }
        }
    };
    if asked.fragment.is_some() {
        return Ok(fragment(&body));
    }
    Ok(page.render(&body).into_response())
}

fn lead(here: &Here<'_>) -> String {
    match unread(here.exercise, &here.visitor.actor) {
        0 if here.exercise.clock.run() == Run::Waiting => "L’exercice n’a pas commencé : les messages arriveront ici.".to_owned(),
        0 => "Aucun message à ouvrir.".to_owned(),
        1 => "Un message à ouvrir.".to_owned(),
        n => format!("{n} messages à ouvrir."),
    }
}

fn channels(here: &Here<'_>, team: &str, chosen: Option<Channel>) -> Markup {
    let mine = here.exercise.inbox(team);
    let waiting = |channel: Channel| {
        let of_it = mine.iter().filter(|p| p.inject().channel == channel);
        of_it.filter(|p| !p.read_by.contains_key(&here.visitor.actor)).count()
    };
    let used: Vec<Channel> =
        Channel::ALL.into_iter().filter(|c| chosen == Some(*c) || mine.iter().any(|p| p.inject().channel == *c)).collect();
    html! {
        nav.channels aria-label="Canaux" #boite-canaux data-live-key="boite-canaux" { @if used.len() > 1 || chosen.is_some() {
            a href="/boite" aria-current=[chosen.is_none().then_some("page")] { "Tout" }
            @for channel in used {
                @let new = waiting(channel);
                a href={ "/boite?canal=" (channel.name()) } aria-current=[(chosen == Some(channel)).then_some("page")] {
                    (fr(&begun(channel))) @if new > 0 { " " b { (new) } span.out { (fr(" à ouvrir")) } } }
            }
        } }
    }
}

/// The word of a channel, as a line begins.
fn begun(channel: Channel) -> String {
    crate::situation::words::begun(channel.label())
}

/// What a team has received, newest first; what its reader has not opened stands out.
fn list(page: &Page<'_>, here: &Here<'_>, team: &str, channel: Option<Channel>) -> Markup {
    let mine = here.exercise.inbox(team);
    let shown: Vec<_> = mine.iter().rev().filter(|p| channel.is_none_or(|c| p.inject().channel == c)).collect();
    let waiting = here.exercise.clock.run() == Run::Waiting;
    html! {
        @if shown.is_empty() { p.empty {
            @if waiting { (fr("En attendant : ")) a href="/briefing" { "lire le briefing" } ", " a href="/appel" { (fr("répondre à l’appel")) } "." }
            @else { (fr("Rien n’est encore arrivé. Cette page se met à jour d’elle-même.")) }
        } }
        ul.plain.messages { @for played in shown { (line(page, here, played)) } }
    }
}

fn line(page: &Page<'_>, here: &Here<'_>, played: &Played) -> Markup {
    let inject = played.inject();
    let read = played.read_by.contains_key(&here.visitor.actor);
    html! {
        li.unread[!read] id={ "b-" (inject.key) } {
            span.when { @if let Some(fired) = &played.fired { (page.local.time(fired.what.0)) } }
            span.what {
                span.small.muted { b.mark { "EXERCICE" } " " (fr(&begun(inject.channel))) @if !inject.from.is_empty() { (fr(" · ")) (fr(&here.filled(&inject.from))) } }
                a.subject href={ "/boite/" (percent(&inject.key)) } { (fr(&here.filled(&inject.title))) @if !read { span.out { (fr(" (pas encore ouvert)")) } } }
                span.small.glimpse { (fr(&glimpse(&here.filled(&inject.text)))) }
            }
        }
    }
}

/// The beginning of a text.
fn glimpse(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let short: String = first.chars().take(GLIMPSE_CHARS).collect();
    if short.len() < text.len() { format!("{}…", short.trim_end()) } else { short }
}
