//! Framing a crisis anew: level raised or lowered, times corrected, with a reason; what was said before stays.

use super::opening::{LEVELS, concerned, level, sites};
use super::scene::{Outcome, Scene, act, seen};
use super::{entry_form::moment, stamps};
use crate::app::Shared;
use crate::crisis::acts::ids;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::crisis::Frame;
use domain::crisis::event::Reframed;
use maud::{Markup, html};

pub(super) async fn show(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
) -> Response {
    match Scene::of(&shared, &visitor, &journal, &id) {
        Ok(scene) => page(&scene, Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

fn page(scene: &Scene<'_>, filled: Filled<'_>) -> Response {
    let crisis = scene.crisis;
    let conflict = crisis.frames_in_conflict().len();
    let body = html! {
        div.roomhead { h1 { "Cadre de la crise" } a.noprint href=(scene.room) { "Salle de crise" } }
        p.lead { (fr(&crisis.title)) ", " b { (crisis.level.label()) } "." @if conflict > 1 { " " span.st.down { "conflit (" (conflict) ")" }
            (fr(" Deux personnes l’ont corrigé sans se voir : enregistrez le bon cadre.")) } }
        (history(scene))
        @if scene.may_write() { (form(scene, filled)) }
        (course(scene))
    };
    scene.page("Cadre de la crise", filled.fault, &body)
}

fn history(scene: &Scene<'_>) -> Markup {
    let frames = scene.crisis.frames();
    let alive: Vec<_> = frames.survivors().iter().map(|w| w.id).collect();
    let when = |at: i64| scene.local.day_and_time(at);
    html! {
        section.panel.wide aria-labelledby="histoire" {
            header { h2 #histoire { "Ce qui a été dit" } }
            div.scrollx tabindex="0" role="group" aria-label="Tableau" { table {
                thead { tr { th scope="col" { "Noté" } th scope="col" { "Niveau" } th scope="col" { "Titre" } th scope="col" { "Début" } th scope="col" { "Premier signe" }
                    th scope="col" { "Connu" } th scope="col" { "Pourquoi" } } }
                tbody { @for write in frames.all() {
                    @let frame = &write.value;
                    tr.struck[!alive.contains(&write.id)] {
                        td { (when(write.wall)) ", " (fr(&scene.state.register.name(&write.by))) }
                        td { (frame.level.label()) } td { (fr(&frame.title)) } td { (when(frame.occurred_at)) }
                        td { @match frame.detected_at { Some(at) => (when(at)), None => "–" } }
                        td { (when(frame.known_at)) }
                        td { @if frame.reason.is_empty() { "ouverture" } @else { (fr(&frame.reason)) } (places(scene, frame)) }
                    }
                } }
            } }
        }
    }
}

fn places(scene: &Scene<'_>, frame: &Frame) -> Markup {
    let named: Vec<&str> = frame.sites.iter().filter_map(|id| Some(scene.state.register.places.get(id)?.name.as_str())).collect();
    html! { @if !named.is_empty() { br; span.small.muted { (fr("Sites : ")) (fr(&named.join(", "))) } } }
}

fn form(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    let frame = scene.crisis.frame();
    let known = LEVELS.iter().find(|(_, level, _)| *level == frame.level).map_or("doubt", |(name, ..)| name);
    let levels: Vec<(String, String)> =
        LEVELS.iter().map(|(name, level, meaning)| ((*name).to_owned(), format!("{} – {meaning}", level.label()))).collect();
    let time = |name: &'static str, label: &'static str, at: Option<i64>| {
        let known = at.map(|at| scene.typed(at)).unwrap_or_default();
        filled.text(&Text { name, label, known: &known, example: Some("05:20 ou 21/11 05:20"), ..Text::default() })
    };
    let chosen = filled.fields.map_or_else(|| frame.sites.clone(), sites);
    html! {
        section.panel.wide.noprint aria-labelledby="corriger" {
            header { h2 #corriger { "Corriger le cadre" } }
            form.stacked method="post" action={ (scene.room) "/cadre" } {
                (stamps(scene.shared, scene.visitor))
                input type="hidden" name="supersedes" value=(ids(&scene.crisis.frames().seen()));
                (filled.refusal(&["level", "title", "occurred_at", "detected_at", "known_at", "reason"]))
                (filled.choice("level", "Niveau", known, &levels))
                (filled.text(&Text { name: "title", label: "Titre", known: &frame.title, required: true, ..Text::default() }))
                (time("occurred_at", "Début", Some(frame.occurred_at)))
                (time("detected_at", "Premier signe vu", frame.detected_at))
                (time("known_at", "Connu de l’établissement (les délais légaux partent de là)", Some(frame.known_at)))
                (concerned(scene.visitor, &chosen))
                (filled.text(&Text { name: "reason", label: "Pourquoi cette correction", required: true, ..Text::default() }))
                p { button.btn { "Enregistrer le cadre" } }
            }
        }
    }
}

/// Lifting and opening again: who did, when, why.
fn course(scene: &Scene<'_>) -> Markup {
    let turns = scene.crisis.turns();
    html! {
        @if !turns.is_empty() { section.panel.wide aria-labelledby="levees" { header { h2 #levees { "Levée et réouverture" } }
            table { tbody { @for turn in turns { tr {
                td { (scene.local.day_and_time(turn.wall)) ", " (fr(&scene.state.register.name(&turn.by))) }
                td { @match turn.lifting() { Some(_) => "levée", None => "rouverte" } }
                td { (fr(super::lifting::reason(turn))) }
            } } } } } }
        p.noprint { a href={ (scene.room) "/levee" } { @if scene.crisis.lifted().is_some() { "Rouvrir la crise" } @else { "Lever la crise" } } }
    }
}

/// `POST …/cadre`.
pub(super) async fn reframe(State(shared): State<Shared>, at: Path<(String, String)>, request: Request) -> Response {
    let decide = |scene: &Scene<'_>, fields: &Fields| {
        let frame = scene.crisis.frame();
        let time = |name| moment(fields, name, &scene.local, scene.shared.now(), false);
        // A time left as it was shown keeps its seconds.
        let kept = |name: &str, known: Option<i64>| known.filter(|at| fields.get(name) == scene.typed(*at));
        let framed = Reframed {
            title: fields.get("title").trim().to_owned(),
            level: level(fields)?,
            occurred_at: kept("occurred_at", Some(frame.occurred_at)).or(time("occurred_at")?).unwrap_or(frame.occurred_at),
            detected_at: kept("detected_at", frame.detected_at).or(time("detected_at")?),
            known_at: kept("known_at", Some(frame.known_at)).or(time("known_at")?).unwrap_or(frame.known_at),
            sites: sites(fields),
            reason: fields.get("reason").trim().to_owned(),
            supersedes: seen(fields),
        };
        Ok(Outcome { drafts: vec![Event::CrisisReframed(framed).draft(scene.crisis.id)], next: format!("{}/cadre", scene.room) })
    };
    act(&shared, at.0, request, decide, |scene, fields, fault| page(scene, Filled::of(fields, fault))).await
}
