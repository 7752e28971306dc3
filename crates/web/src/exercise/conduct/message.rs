//! One message of the inbox, as its channel shows it. Opening the page records nothing: that it was read is a form, which the
//! script sends at once and a person may press.

use super::Here;
use crate::answer::Fault;
use crate::app::Shared;
use crate::attachments::as_file;
use crate::crisis::{room_path, stamps};
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use crate::typography::fr;
use crate::urgence::running;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::crisis::event::EntryType;
use domain::exercise::event::Part;
use domain::exercise::event::scenario::{Channel, Inject};
use domain::exercise::{Played, concerns};
use journal::Hash;
use maud::{Markup, html};

/// The message of that key, for a player whom it reached.
fn received<'a>(here: &Here<'a>, key: &str) -> Result<&'a Played, Fault> {
    let team = here.exercise.team(&here.visitor.actor).unwrap_or_default();
    let played = here.exercise.injects.get(key).filter(|p| p.fired.is_some() && concerns(p.inject(), team));
    played.map(|played| &**played).ok_or_else(Fault::not_found)
}

/// `GET /boite/{key}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(key): Path<String>) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Player])?;
    let played = received(&here, &key)?;
    let title = here.filled(&played.inject().title);
    let page = Page::new(&shared, &visitor, Place::Exercise, &title);
    let body = html! {
        div.inbox {
            p.crumb { a href="/boite" { (fr("Boîte de réception")) } }
            (article(&page, &here, played, &html! { h1 { (fr(&title)) } }))
            (receipt(&page, &here, played))
            (note(&here, played, &title))
        }
    };
    Ok(page.render(&body).into_response())
}

/// A message around its title, as its channel shows it; each says EXERCICE at its head and at its foot.
pub(super) fn article(page: &Page<'_>, here: &Here<'_>, played: &Played, title: &Markup) -> Markup {
    let inject = played.inject();
    let text = here.filled(&inject.text);
    let spoken = matches!(inject.channel, Channel::Phone | Channel::Room);
    html! {
        article class={ "message by-" (inject.channel.name()) } {
            p.mark { "EXERCICE" }
            p.small.muted.head { (fr(heading(inject.channel))) @if !inject.from.is_empty() { " " b { (fr(&here.filled(&inject.from))) } }
                @if let Some(fired) = &played.fired { ", à " (page.local.time(fired.what.0)) } (fr(", pour ")) (fr(&here.teams(inject))) }
            (title)
            div.x { @if spoken { (fr(&format!("« {text} »"))) } @else { (fr(&text)) } }
            (attachments(inject))
            p.mark { "EXERCICE" }
        }
    }
}

/// How a channel presents who speaks.
fn heading(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "Courriel de",
        Channel::Phone => "Appel reçu de",
        Channel::Sms => "SMS de",
        Channel::Media => "Vu dans",
        Channel::Paper => "Feuille remise par",
        Channel::System => "À l’écran :",
        Channel::Room => "En salle :",
    }
}

/// Its files.
pub(super) fn attachments(inject: &Inject) -> Markup {
    html! { @for file in &inject.attachments {
        p.small { (fr("Pièce jointe : ")) a href={ "/boite/" (percent(&inject.key)) "/pieces/" (file.hash) "/" (percent(&file.name)) } { (file.name) }
            " " span.muted { (fr(&crate::attachments::size(file.len))) } }
    } }
}

/// Opening it is told to the facilitators: by the script at once, else by the button.
fn receipt(page: &Page<'_>, here: &Here<'_>, played: &Played) -> Markup {
    let words = "Ouvrir un message le dit à l’animateur, qui voit qui l’a lu.";
    html! {
        @match played.read_by.get(&here.visitor.actor) {
            Some(at) => p.small.muted { (fr(&format!("Vous l’avez ouvert à {}. ", page.local.time(*at)))) (fr(words)) },
            None if here.acts() => form.receipt method="post" action=(here.act("lu")) data-read { (stamps(here.shared, here.visitor))
                input type="hidden" name="stimulus" value=(played.inject().key);
                button.btn.ghost { (fr("J’ai lu")) } " " span.small.muted { (fr(words)) } },
            None => {},
        }
    }
}

/// The way to write it down where it counts: the form of the log, already filled in.
fn note(here: &Here<'_>, played: &Played, title: &str) -> Markup {
    let inject = played.inject();
    let kind = match inject.channel {
        Channel::Phone => EntryType::Call,
        Channel::Mail | Channel::Sms => EntryType::Message,
        _ => EntryType::Fact,
    };
    let from = here.filled(&inject.from);
    let end = if title.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    let text = if from.is_empty() { format!("Reçu : {title}{end}") } else { format!("{from} : {title}{end}") };
    let writes = here.acts() && here.visitor.may_write();
    html! { @match running(here.state()) {
        _ if !writes => {},
        None => p.btns { a.btn href="/crises/nouvelle" { "Ouvrir une crise" } span.small.muted { (fr("pour en tenir la main courante")) } },
        Some(crisis) => section.note aria-labelledby="noter" {
            h2.ruled #noter { (fr("Le noter dans la main courante")) }
            form.stacked method="post" enctype="multipart/form-data" action={ (room_path(here.shared, crisis)) "/entrees" } { (stamps(here.shared, here.visitor))
                p.field { label for="type" { "Type" } select #type name="entry_type" { @for one in EntryType::ALL { option value=(one.name()) selected[one == kind] { (fr(one.label())) } } } }
                p.field { label for="texte" { (fr("Ce qu’il faut en retenir")) } textarea #texte name="text" rows="3" required { (text) } }
                p.btns { button.btn { "Noter" } a href=(room_path(here.shared, crisis)) { (fr("Ouvrir la salle de crise")) } }
            }
        },
    } }
}

/// `GET /boite/{key}/pieces/{hash}/{name}`: a file of an inject, for those whom it reached and those who run the exercise.
pub(super) async fn piece(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((key, hash, _)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let here = Here::of(&shared, &visitor, &[Part::Player, Part::Facilitator])?;
    let played = match here.part {
        Part::Facilitator => here.exercise.injects.get(&key).map(|played| &**played).ok_or_else(Fault::not_found)?,
        _ => received(&here, &key)?,
    };
    let hash: Hash = hash.parse().map_err(|_| Fault::not_found())?;
    let file = played.inject().attachments.iter().find(|file| file.hash == hash).ok_or_else(Fault::not_found)?;
    // What was attached before the opening is kept by the establishment.
    let home = shared.branch.as_ref().and_then(crate::exercise::branch::Branch::home);
    let blobs = [Some(shared.blobs.clone()), home.map(|home| home.blobs.clone())];
    let read = move || blobs.into_iter().flatten().find_map(|blobs| blobs.read(&hash).ok().flatten());
    let content = tokio::task::spawn_blocking(read).await.ok().flatten().ok_or_else(crate::attachments::absent)?;
    Ok(as_file(&file.name, content))
}
