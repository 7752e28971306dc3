//! Everybody together: the briefing and the comms check before DEBEX, and the stop that anybody may call.

use super::{Here, clock};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::event::Part;
use domain::exercise::event::scenario::Section;
use maud::{Markup, html};

/// A page of everybody who takes part, with its form filled in after a refusal.
pub(super) fn answered(
    shared: &Inner,
    visitor: &Visitor,
    title: &str,
    filled: Filled<'_>,
    body: impl FnOnce(&Here<'_>, Filled<'_>) -> Markup,
) -> Response {
    match Here::of(shared, visitor, &Part::ALL) {
        Ok(here) => {
            let page = Page::new(shared, visitor, Place::Exercise, title);
            (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body(&here, filled))).into_response()
        }
        Err(fault) => fault.into_response(),
    }
}

/// `GET /briefing`: what each is told before DEBEX; the facilitators' part for them alone.
pub(super) async fn briefing(State(shared): State<Shared>, visitor: Visitor) -> Result<Markup, Fault> {
    let here = Here::of(&shared, &visitor, &Part::ALL)?;
    let scenario = here.exercise.scenario();
    let page = Page::new(&shared, &visitor, Place::Exercise, "Briefing");
    let team = here.exercise.team(&visitor.actor).and_then(|key| scenario.teams.iter().find(|team| team.key == key));
    let body = html! {
        div.briefing {
            h1 { (fr(&scenario.title)) }
            p.lead { (fr(&here.filled(&scenario.about))) }
            @if let Some(team) = team { p { (fr("Vous jouez dans l’équipe ")) b { (fr(&team.name)) } @if !team.who.is_empty() { (fr(" : ")) (fr(&team.who)) } "." } }
            p { (clock::state(here.exercise.clock.run())) @if here.exercise.clock.began_at().is_none() { " · " a href="/appel" { (fr("Répondre à l’appel")) } } }
            h2.ruled { (fr("La situation de départ")) }
            (text(&here, &scenario.briefing))
            @if here.part == Part::Observer { @for one in &scenario.observer { (section(&here, one)) } }
            @for one in &scenario.player { (section(&here, one)) }
            (teams(&here))
            @if !scenario.glossary.is_empty() {
                h2.ruled { "Glossaire" }
                dl.kv { @for word in &scenario.glossary { dt { (fr(&word.title)) } dd { (fr(&word.text)) } } }
            }
            @if here.part == Part::Facilitator && !scenario.facilitator.is_empty() {
                p.notice { (fr("Ce qui suit n’est lu que par les animateurs.")) }
                @for one in &scenario.facilitator { (section(&here, one)) }
            }
        }
    };
    Ok(page.render(&body))
}

/// Who plays where: players know each other; who watches them is nobody's business.
fn teams(here: &Here<'_>) -> Markup {
    let players: Vec<_> = here.exercise.taking_part(Part::Player).collect();
    html! {
        h2.ruled { (fr("Les équipes")) }
        dl.kv { @for team in &here.exercise.scenario().teams {
            @let names: Vec<String> = players.iter().filter(|(_, p)| p.set.team == team.key).map(|(actor, _)| here.name(actor)).collect();
            dt { (fr(&team.name)) } dd { @if names.is_empty() { (fr("tenue par l’animateur")) } @else { (fr(&names.join(", "))) } }
        } }
    }
}

fn section(here: &Here<'_>, section: &Section) -> Markup {
    html! { h2.ruled { (fr(&section.title)) } (text(here, &section.text)) }
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

/// `GET /appel`.
pub(super) async fn check(State(shared): State<Shared>, visitor: Visitor) -> Response {
    check_page(&shared, &visitor, Filled::BLANK)
}

pub(super) fn check_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    answered(shared, visitor, "Appel avant DEBEX", filled, |here, filled| {
        let mine = here.exercise.people.get(&visitor.actor);
        let reached = mine.is_some_and(|p| p.reached.is_some());
        let note = mine.map_or("", |p| p.whereabouts.as_str());
        html! {
            h1 { "Appel avant DEBEX" }
            p.lead { @if reached { (fr("Vous êtes noté présent. L’animateur le voit.")) }
                @else { (fr("Dites que vous êtes là et que vous pouvez lire : l’exercice ne commence qu’une fois tout le monde joint.")) } }
            @if reached && !note.is_empty() { p { (fr(&format!("Vous avez écrit : {note}"))) } }
            (filled.refusal(&["note"]))
            @if !reached && here.acts() {
                form.stacked method="post" action=(here.act("appel")) { (stamps(here.shared, here.visitor))
                    (filled.text(&Text { name: "note", label: "Où êtes-vous, à quel numéro ?", example: Some("salle B12, poste 4512"), ..Text::default() }))
                    button.btn.large { (fr("Je suis là")) }
                }
            }
            p { a href="/briefing" { "Lire le briefing" } }
        }
    })
}

/// `GET /arret`: asks before everything stops.
pub(super) async fn stop(State(shared): State<Shared>, visitor: Visitor) -> Response {
    stop_page(&shared, &visitor, Filled::BLANK)
}

pub(super) fn stop_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    answered(shared, visitor, "Urgence réelle", filled, |here, filled| {
        let over = here.exercise.clock.run().is_over();
        html! {
            h1 { (fr("Urgence réelle : arrêter l’exercice")) }
            p.lead { @if over { (fr("L’exercice est déjà terminé : il n’y a plus rien à arrêter. Occupez-vous de l’urgence.")) }
                @else { (fr("Tout s’arrête pour tout le monde, tout de suite. Les écrans de l’exercice deviennent rouges. L’exercice ne reprend pas.")) } }
            (filled.refusal(&["reason"]))
            @if !over && here.acts() {
                form.stacked method="post" action=(here.act("arret")) { (stamps(here.shared, here.visitor))
                    (filled.text(&Text { name: "reason", label: "Ce qui arrive vraiment, et où", example: Some("arrêt cardiaque, chambre 12"), required: true, ..Text::default() }))
                    p.btns { button.btn.alarm { (fr("Arrêter l’exercice pour tous")) } a.btn.ghost href="/" { "Revenir" } }
                }
            } @else { p { a data-home href="/" { (fr("Sortir de l’exercice")) } } }
        }
    })
}
