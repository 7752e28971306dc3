//! The page of one activity or application in a crisis: how it works, the form to say otherwise, all that was declared.

use super::board::{conflict, path, review};
use super::declare::proposal;
use super::words::{class, lasting, mark};
use crate::crisis::acts::ids;
use crate::crisis::scene::Scene;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::typography::fr;
use axum::response::Response;
use domain::cartography::Activity;
use domain::situation::board::Line;
use domain::situation::event::{Status, StatusDeclared};
use domain::versions::Write;
use journal::SubjectId;
use maud::{Markup, html};

/// What is declared about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Activity,
    Application,
}

/// An activity or an application.
pub(super) struct Thing<'a> {
    pub(super) kind: Kind,
    pub(super) line: Line<'a>,
    pub(super) activity: Option<&'a Activity>,
}

impl<'a> Thing<'a> {
    /// On the map, or spoken of in this crisis.
    pub(super) fn find(scene: &Scene<'a>, id: SubjectId) -> Option<Self> {
        let map = &scene.state.cartography;
        let declared = scene.situation().and_then(|s| s.declared.get(&id)).map(|d| &**d);
        if let Some(application) = map.assets.get(&id).filter(|a| a.removed.is_none() || declared.is_some()) {
            let line = Line { id, name: &application.now().name, declared };
            return Some(Self { kind: Kind::Application, line, activity: None });
        }
        let activity = map.activity(&id);
        let name = activity.map(|a| a.now().name.as_str()).or_else(|| declared.map(|d| d.current().value.name.as_str()))?;
        Some(Self { kind: Kind::Activity, line: Line { id, name, declared }, activity })
    }
}

/// The page, its form filled in when refused.
pub(super) fn page(scene: &Scene<'_>, thing: &Thing<'_>, filled: Filled<'_>) -> Response {
    let line = &thing.line;
    let body = html! {
        div.roomhead { h1 { (fr(line.name)) } (mark(line.status())) (conflict(line))
            nav.crumbs aria-label="Crise" { a href=(scene.room) { "Salle de crise" } " · " a href={ (scene.room) "/situation" } { "Toute la situation" } } }
        (now(scene, thing))
        (survivors(scene, line))
        div.split {
            @if scene.may_write() { (form(scene, thing, filled)) }
            div { (needs(scene, thing)) (super::dragged::panel(scene, thing, filled)) (history(scene, line)) }
        }
    };
    scene.page(line.name, filled.fault, &body)
}

/// The answer in a sentence.
fn now(scene: &Scene<'_>, thing: &Thing<'_>) -> Markup {
    let line = &thing.line;
    let Some(last) = line.last() else {
        return html! { p.lead { "Personne n’a encore dit comment cela marche dans cette crise." } };
    };
    let said = last.value.said_by.clone().unwrap_or_else(|| scene.state.register.name(&last.by));
    html! {
        p.lead {
            (last.value.status.label()) " depuis " (scene.short(last.since())) ", dit " (fr(&said))
            @match line.holds_until() {
                Some(until) if line.is_past_hold(scene.now) => { (fr(" ; ")) b.down { (fr(&format!("limite dépassée depuis {}", lasting(scene.now.saturating_sub(until))))) } },
                Some(until) => { (fr(" ; ")) "tient jusqu’à " (scene.short(until)) },
                None => {},
            }
            "." @if let Some(note) = &last.value.note { " " (fr(note)) }
            (review(scene, line))
        }
    }
}

/// Declarations that disagree: somebody settles.
fn survivors(scene: &Scene<'_>, line: &Line<'_>) -> Markup {
    let Some(declared) = line.declared.filter(|d| d.disagrees()) else { return html! {} };
    let survivors = declared.survivors();
    html! {
        section.panel.wide aria-labelledby="conflit" {
            header { h2 #conflit { "Conflit (" (survivors.len()) ")" } }
            p { "Deux personnes ont dit autre chose sans se voir. Retenez ce qui est vrai, ou déclarez l’état ci-dessous." }
            ul.plain { @for write in survivors {
                li { (mark(write.value.status)) " " span.by { (fr(&scene.state.register.name(&write.by))) ", " (scene.short(write.wall)) }
                    @if let Some(note) = &write.value.note { " " (fr(note)) }
                    @if scene.may_write() { " " (retain(scene, line, write, &ids(&declared.seen()))) } }
            } }
        }
    }
}

fn retain(scene: &Scene<'_>, line: &Line<'_>, write: &Write<StatusDeclared>, seen: &str) -> Markup {
    let moment = |at: Option<i64>| at.map(|at| scene.local.machine(at)).unwrap_or_default();
    let told = &write.value;
    html! {
        form.in-line method="post" action=(path(scene, &line.id)) {
            (stamps(scene.shared, scene.visitor))
            input type="hidden" name="supersedes" value=(seen);
            input type="hidden" name="status" value=(told.status.name());
            input type="hidden" name="since" value=(scene.local.machine(write.since()));
            input type="hidden" name="holds_until" value=(moment(told.holds_until));
            input type="hidden" name="review_at" value=(moment(told.review_at));
            input type="hidden" name="said_by" value=(told.said_by.as_deref().unwrap_or_default());
            input type="hidden" name="note" value=(told.note.as_deref().unwrap_or_default());
            button.btn.ghost.small { "Retenir" }
        }
    }
}

/// The whole form. The limit is proposed from the DMIA, to be changed.
fn form(scene: &Scene<'_>, thing: &Thing<'_>, filled: Filled<'_>) -> Markup {
    let line = &thing.line;
    let last = line.last().map(|w| &w.value);
    let chosen = filled.value("status", last.map_or("", |v| v.status.name()));
    let limit = proposal(scene, thing, Status::Degraded, None).map(|at| scene.typed(at)).unwrap_or_default();
    let hint = match thing.activity.and_then(|a| a.now().mtpd_minutes) {
        Some(minutes) => {
            format!("proposé d’après la DMIA ({}) ; vide : pas de limite connue", crate::cartography::duration(minutes))
        }
        None => "une heure d’horloge ou +4h ; vide : pas de limite connue".to_owned(),
    };
    html! {
        section.panel aria-labelledby="declarer" {
            header { h2 #declarer { "Déclarer l’état" } }
            form.stacked method="post" action=(path(scene, &line.id)) {
                (stamps(scene.shared, scene.visitor))
                input type="hidden" name="supersedes" value=(line.declared.map(|d| ids(&d.seen())).unwrap_or_default());
                (filled.refusal(&["status", "since", "holds_until", "review_at", "said_by", "note", "entraine"]))
                fieldset.statuses { legend { "État" }
                    @for status in Status::ALL { label { input type="radio" name="status" value=(status.name()) required checked[status.name() == chosen];
                        span class={ "st " (class(status)) } { (status.label()) } } }
                    (filled.beside("status"))
                }
                (filled.text(&Text { name: "since", label: "Depuis", example: Some("05:40 ou 21/11 05:40"), hint: Some("vide : maintenant"), ..Text::default() }))
                (filled.text(&Text { name: "holds_until", label: "Tient jusqu’à", known: &limit, example: Some("14:30 ou +4h"), hint: Some(&hint), ..Text::default() }))
                (filled.text(&Text { name: "review_at", label: "À revoir à", example: Some("+2h ou 16:00"), hint: Some("l’heure passée, le tableau le rappelle"), ..Text::default() }))
                (filled.text(&Text { name: "said_by", label: "Dit par", example: Some("si ce n’est pas vous"), list: Some("personnes"), ..Text::default() }))
                (filled.long(&Text { name: "note", label: "En quelques mots", hint: Some("aucun nom de patient"), ..Text::default() }, 2))
                p { button.btn { "Déclarer" } }
            }
            datalist #personnes { @for (_, person) in scene.state.register.present() { option value=(person.name) {} } }
        }
    }
}

/// Applications an activity needs, and how they work.
fn needs(scene: &Scene<'_>, thing: &Thing<'_>) -> Markup {
    let Some(activity) = thing.activity else { return html! {} };
    let needs: Vec<_> =
        activity.now().needs.iter().flat_map(|need| &need.any).filter_map(|id| scene.state.cartography.asset(id)).collect();
    let status = |id| scene.situation().map_or(Status::Unknown, |s| s.status(id));
    html! {
        section.panel aria-labelledby="besoins" {
            header { h2 #besoins { "Applications nécessaires" } }
            @if needs.is_empty() { p.empty { "On ne sait pas de quelles applications elle a besoin. " a href="/carte/activites" { "Le dire sur la carte" } } }
            @else { table { @for application in needs { tr { td { a href=(path(scene, &application.id)) { (fr(&application.now().name)) } } td { (mark(status(&application.id))) } } } } }
        }
    }
}

/// All declarations, newest first.
fn history(scene: &Scene<'_>, line: &Line<'_>) -> Markup {
    let Some(declared) = line.declared else { return html! {} };
    let writes: Vec<_> = declared.all().rev().collect();
    html! {
        section.panel aria-labelledby="historique" {
            header { h2 #historique { "Historique" } span.muted.small { (writes.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Déclarations" { table {
                thead { tr { th { "Déclaré" } th { "État" } th { "Depuis" } th { "Tient jusqu’à" } th { "Qui, et ce qui a été dit" } } }
                tbody { @for write in writes { tr {
                    td { (scene.short(write.wall)) }
                    td { (mark(write.value.status)) }
                    td { (scene.short(write.since())) }
                    td { @if let Some(until) = write.value.holds_until { (scene.short(until)) } @else { "–" } }
                    td { span.by { (fr(write.value.said_by.as_deref().unwrap_or_default())) @if write.value.said_by.is_some() { ", noté par " }
                        (fr(&scene.state.register.name(&write.by))) } @if let Some(note) = &write.value.note { " " (fr(note)) } }
                } } }
            } }
        }
    }
}
