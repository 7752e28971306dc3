//! The players’ inbox: mails, calls, messages, papers and screens of the exercise in one place, each marked EXERCICE.

use super::{Here, clock, fragment};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::stamps;
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::urgence::running;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use domain::exercise::event::scenario::{Channel, Inject, Section};
use domain::exercise::{Exercise, Played, concerns};
use journal::ActorId;
use maud::{Markup, html};
use serde::Deserialize;

/// Longest part of a text that a list shows, characters.
const GLIMPSE_CHARS: usize = 90;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    canal: String,
    fragment: Option<String>,
}

/// How many messages somebody has not opened.
pub(super) fn unread(exercise: &Exercise, actor: &ActorId) -> usize {
    let team = exercise.team(actor).unwrap_or_default();
    exercise.inbox(team).iter().filter(|p| !p.read_by.contains_key(actor)).count()
}

/// `GET /boite`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Player])?;
    let page = Page::new(&shared, &visitor, Place::Exercise, "Boîte de réception");
    let team = here.exercise.team(&visitor.actor).unwrap_or_default();
    let channel = Channel::from_name(&asked.canal);
    let live = channel.map_or("/boite".to_owned(), |channel| format!("/boite?canal={}", channel.name()));
    let team_name = here.exercise.scenario().teams.iter().find(|one| one.key == team).map_or("", |one| one.name.as_str());
    let body = html! {
        div.inbox data-live=(live) data-live-parts="tout" {
            h1 { (fr("Boîte de réception")) }
            p.lead #boite-compte data-live-key="boite-compte" { (fr(&lead(&here))) }
            p.small.muted { (fr(&format!("Équipe : {team_name}. "))) (fr("Tout ce qui arrive ici est simulé. N’appelez que l’animateur.")) }
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
        0 if here.exercise.clock.began_at().is_none() => "L’exercice n’a pas commencé : les messages arriveront ici.".to_owned(),
        0 => "Aucun message à ouvrir.".to_owned(),
        1 => "Un message à ouvrir.".to_owned(),
        n => format!("{n} messages à ouvrir."),
    }
}

fn channels(here: &Here<'_>, team: &str, chosen: Option<Channel>) -> Markup {
    let mine = here.exercise.inbox(team);
    let has = |channel: Channel| mine.iter().any(|p| p.inject().channel == channel);
    html! {
        nav.tabs aria-label="Canaux" #boite-canaux data-live-key="boite-canaux" {
            a href="/boite" aria-current=[chosen.is_none().then_some("page")] { "Tout" }
            @for channel in Channel::ALL.into_iter().filter(|c| has(*c)) {
                a href={ "/boite?canal=" (channel.name()) } aria-current=[(chosen == Some(channel)).then_some("page")] { (fr(channel.label())) }
            }
        }
    }
}

/// What a team has received, newest first. Read by its own players only; a facilitator’s look leaves no trace.
pub(super) fn list(page: &Page<'_>, here: &Here<'_>, team: &str, channel: Option<Channel>) -> Markup {
    let mine = here.exercise.inbox(team);
    let shown: Vec<_> = mine.iter().rev().filter(|p| channel.is_none_or(|c| p.inject().channel == c)).collect();
    let is_mine = here.part == Part::Player;
    html! {
        @if shown.is_empty() { p.muted { (fr("Rien n’est encore arrivé.")) } }
        ul.plain.messages { @for played in shown {
            @let inject = played.inject();
            @let read = !is_mine || played.read_by.contains_key(&here.visitor.actor);
            li.unread[!read] {
                span.when { @if let Some(fired) = &played.fired { (page.local.time(fired.what.0)) } }
                span.what {
                    span.small.muted { (icon(inject.channel)) " " (fr(inject.channel.label())) ", " (fr(&here.filled(&inject.from))) }
                    br;
                    @if is_mine { a href={ "/boite/" (percent(&inject.key)) } { "EXERCICE – " (fr(&here.filled(&inject.title))) } }
                    @else { "EXERCICE – " (fr(&here.filled(&inject.title))) }
                    @if !read { " " span.out { (fr("(non lu)")) } }
                    br; span.small { (fr(&glimpse(&here.filled(&inject.text)))) }
                }
            }
        } }
    }
}

fn glimpse(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let short: String = first.chars().take(GLIMPSE_CHARS).collect();
    if short.len() < text.len() { format!("{}…", short.trim_end()) } else { short }
}

fn icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "✉",
        Channel::Phone => "☎",
        Channel::Sms => "▤",
        Channel::Media => "◉",
        Channel::Paper => "▯",
        Channel::System => "▣",
        Channel::Room => "◆",
    }
}

/// `GET /boite/{key}`.
pub(super) async fn one(State(shared): State<Shared>, visitor: Visitor, Path(key): Path<String>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Player])?;
    let team = here.exercise.team(&visitor.actor).unwrap_or_default();
    let played = here.exercise.injects.get(&key).filter(|p| p.fired.is_some() && concerns(p.inject(), team));
    let played = played.ok_or_else(Fault::not_found)?;
    let title = here.filled(&played.inject().title);
    let page = Page::new(&shared, &visitor, Place::Exercise, &title);
    let body = html! {
        div.inbox {
            p.crumb { a href="/boite" { (fr("Boîte de réception")) } }
            (message(&page, &here, played))
            (receipt(&here, played))
            (answer(&here, &title))
        }
    };
    Ok(page.render(&body).into_response())
}

fn message(page: &Page<'_>, here: &Here<'_>, played: &Played) -> Markup {
    let inject: &Inject = played.inject();
    let heading = match inject.channel {
        Channel::Mail => "Courriel de",
        Channel::Phone => "Appel reçu de",
        Channel::Sms => "SMS de",
        Channel::Media => "Vu dans",
        Channel::Paper => "Feuille remise par",
        Channel::System => "À l’écran",
        Channel::Room => "En salle",
    };
    html! {
        article class={ "message by-" (inject.channel.name()) } {
            p.mark { "EXERCICE" }
            p.small.muted { (fr(heading)) " " b { (fr(&here.filled(&inject.from))) }
                @if let Some(fired) = &played.fired { ", " (page.local.time(fired.what.0)) } (fr(", pour ")) (fr(&here.teams(inject))) }
            h1 { (fr(&here.filled(&inject.title))) }
            div.x { (fr(&here.filled(&inject.text))) }
            @for attachment in &inject.attachments { p { a href=(crate::attachments::link(attachment)) { (attachment.name) } } }
            p.mark { "EXERCICE" }
        }
    }
}

/// Opening it is told to the facilitators: by the script at once, else by the button.
fn receipt(here: &Here<'_>, played: &Played) -> Markup {
    html! {
        @if let Some(at) = played.read_by.get(&here.visitor.actor) {
            p.small.muted { (fr("Vous l’avez ouvert.")) span hidden { (at) } }
        } @else {
            form method="post" action=(here.act("lu")) data-read { (stamps(here.shared, here.visitor))
                input type="hidden" name="stimulus" value=(played.inject().key);
                button.btn.ghost.small { (fr("J’ai lu")) } }
        }
    }
}

/// The way to write it down where it counts.
fn answer(here: &Here<'_>, title: &str) -> Markup {
    html! {
        p.btns {
            @match running(here.state()) {
                Some(crisis) => a.btn href={ (crate::crisis::room_path(here.shared, crisis)) "#texte" } { (fr("Le noter dans la salle de crise")) },
                None => a.btn href={ "/crises/nouvelle?titre=" (percent(title)) } { "Ouvrir une crise" },
            }
        }
    }
}

/// `GET /briefing`: what players and observers are told before DEBEX.
pub(super) async fn briefing(State(shared): State<Shared>, visitor: Visitor) -> Result<Markup, Fault> {
    let here = Here::of(&shared, &visitor, &Part::ALL)?;
    let scenario = here.exercise.scenario();
    let page = Page::new(&shared, &visitor, Place::Exercise, "Briefing");
    let own = if here.part == Part::Observer { &scenario.observer } else { &scenario.player };
    let team = here.exercise.team(&visitor.actor).and_then(|key| scenario.teams.iter().find(|team| team.key == key));
    let body = html! {
        div.briefing {
            h1 { (fr(&scenario.title)) }
            p.lead { (fr(&here.filled(&scenario.about))) }
            @if let Some(team) = team { p { (fr("Vous jouez dans l’équipe ")) b { (fr(&team.name)) } @if !team.who.is_empty() { (fr(" : ")) (fr(&team.who)) } "." } }
            (clock::state(here.exercise.clock.run()))
            (text(&here, &scenario.briefing))
            @for section in own { (part(&here, section)) }
            @if !scenario.glossary.is_empty() {
                h2 { "Glossaire" }
                dl.kv { @for word in &scenario.glossary { dt { (fr(&word.title)) } dd { (fr(&word.text)) } } }
            }
        }
    };
    Ok(page.render(&body))
}

fn part(here: &Here<'_>, section: &Section) -> Markup {
    html! { h2 { (fr(&section.title)) } (text(here, &section.text)) }
}

/// Paragraphs, and lists of lines that begin with a dash.
fn text(here: &Here<'_>, words: &str) -> Markup {
    let filled = here.filled(words);
    html! {
        @for paragraph in filled.split("\n\n") {
            @let items: Vec<&str> = paragraph.lines().filter_map(|line| line.strip_prefix("- ")).collect();
            @let prose: Vec<&str> = paragraph.lines().filter(|line| !line.starts_with("- ")).collect();
            @if !prose.is_empty() { p.kept { (fr(&prose.join("\n"))) } }
            @if !items.is_empty() { ul { @for item in items { li { (fr(item)) } } } }
        }
    }
}
