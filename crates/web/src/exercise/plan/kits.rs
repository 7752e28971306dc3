//! The library of kits, and the page of one with the form to plan it.

use super::plans;
use super::source::{BLANK, NOISE, Source, from, past, sources};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Channel, Inject, Level, Scenario};
use domain::exercise::fill;
use maud::{Markup, html};

/// `GET /exercices/kits`.
pub(super) async fn list(State(shared): State<Shared>, visitor: Visitor) -> Markup {
    let page = Page::new(&shared, &visitor, Place::Exercise, "Kits d’exercice");
    let kind = visitor.view.state.register.kind.map(|kind| kind.name()).unwrap_or_default();
    let (fits, others): (Vec<Source>, Vec<Source>) =
        sources(&visitor).into_iter().partition(|s| s.kinds.is_empty() || s.kinds.iter().any(|k| k == kind));
    let body = html! {
        h1 { "Kits d’exercice" }
        p.lead { (fr("Un kit est un exercice entier : briefing, chronogramme de DEBEX à FINEX, réactions attendues, critères, guides de l’animateur, du joueur et de l’observateur. Choisissez, adaptez, jouez.")) }
        p.btns.no-print {
            @if plans(&visitor) { a.btn.ghost href={ "/exercices/kits/" (BLANK) } { (fr("Scénario vierge")) } a.btn.ghost href="/exercices/kits/importer" { (fr("Recevoir un kit par fichier")) } }
        }
        (table("Pour votre établissement", &fits))
        (table("Pour d’autres établissements", &others))
        @if plans(&visitor) { (again(&page, &past(&visitor))) }
    };
    page.render(&body)
}

fn table(title: &str, all: &[Source]) -> Markup {
    html! {
        @if !all.is_empty() {
            h2.ruled { (fr(title)) }
            div.scrollx tabindex="0" role="group" aria-label=(title) {
                table.kits { thead { tr { th scope="col" { "Kit" } th scope="col" { "Menace" } th scope="col" { (fr("Durée")) } th scope="col" { (fr("Critères")) } th scope="col" { "Stimuli par niveau" } th scope="col" { "Source" } } }
                    tbody { @for one in all { (row(one)) } } }
            }
        }
    }
}

/// Injects played at a level.
fn played(injects: &[Inject], level: Level) -> usize {
    injects.iter().filter(|inject| inject.level <= level).count()
}

/// Exercises that are over, to be played again.
fn again(page: &Page<'_>, past: &[&Exercise]) -> Markup {
    html! {
        @if !past.is_empty() {
            h2.ruled { (fr("Repartir d’un exercice passé")) }
            ul.exercises { @for one in past { li {
                a href=(super::source::address(one)) { b { (fr(&one.scenario().title)) } } " "
                span.muted { @match &one.closed { Some(closed) => { "joué le " (page.local.long_date(closed.what.results.began_at)) }, None => (fr("annulé")) } ", " (one.scenario().minutes) " min" } } } }
        }
    }
}

fn row(one: &Source) -> Markup {
    let at = |level: Level| played(&one.injects, level);
    let levels: Vec<String> = one.levels.iter().map(|level| format!("{} {}", at(*level), level.label())).collect();
    html! { tr {
        th scope="row" { a href={ "/exercices/kits/" (one.key) } { (fr(&one.scenario.title)) } br; span.small.muted { (fr(&one.scenario.about)) } }
        td data-label="Menace" { (fr(if one.threat.is_empty() { "non dite" } else { &one.threat })) }
        td.short data-label="Durée" { (one.scenario.minutes) " min" } td data-label="Critères" { (one.scenario.criteria.len()) }
        td.small data-label="Stimuli par niveau" { (fr(&levels.join(", "))) }
        td.small data-label="Source" { (fr(&one.from)) br; span.muted { (one.scenario.origin.edition) @if !one.scenario.origin.status.is_empty() { ", " (fr(&one.scenario.origin.status)) } } }
    } }
}

/// `GET /exercices/kits/{key}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(key): Path<String>) -> Result<Response, Fault> {
    let source = from(&visitor, &key).ok_or_else(Fault::not_found)?;
    Ok(kit_page(&shared, &visitor, &source, Filled::BLANK))
}

pub(super) fn kit_page(shared: &Inner, visitor: &Visitor, source: &Source, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, &source.scenario.title);
    let scenario = &source.scenario;
    let mut own = scenario.clone();
    fill::contextualise(&visitor.view.state, &mut own);
    let lacking: Vec<_> = fill::unfilled(&own).collect();
    let body = html! {
        p.crumb { a href="/exercices/kits" { "Kits" } }
        h1 { (fr(&scenario.title)) }
        p.lead { (fr(if scenario.about.is_empty() { &source.from } else { &scenario.about })) }
        @if plans(visitor) { (planning(shared, visitor, source, filled)) }
        @else { p.muted { (fr("Un exercice se prévoit par la direction, l’administrateur ou le secrétaire de cellule.")) } }
        @if !own.parameters.is_empty() {
            p { (fr(&format!("Votre registre et votre carte remplissent {} mots du kit sur {}.", own.parameters.len() - lacking.len(), own.parameters.len())))
                @if !lacking.is_empty() { (fr(" Restent à remplir : ")) (fr(&lacking.iter().map(|p| p.label.as_str()).collect::<Vec<_>>().join(" ; "))) "." } }
        }
        (about(scenario))
        @if plans(visitor) { (summary(source)) }
        @if !scenario.origin.source.is_empty() { p.small.muted { (fr("Source : ")) (fr(&scenario.origin.source)) (fr(&format!(". Édition du {}, {}.", scenario.origin.edition, scenario.origin.status))) } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn about(scenario: &Scenario) -> Markup {
    html! {
        @if !scenario.objectives.is_empty() { h2.ruled { "Objectifs" } ul { @for one in &scenario.objectives { li { (fr(&one.text)) } } } }
        @if !scenario.teams.is_empty() { h2.ruled { (fr("Équipes")) } ul { @for team in &scenario.teams { li { b { (fr(&team.name)) } @if !team.who.is_empty() { (fr(" : ")) (fr(&team.who)) } } } } }
        @if !scenario.phases.is_empty() { h2.ruled { "Phases" } p { (fr(&scenario.phases.iter().map(|p| format!("{} (minute {})", p.name, p.at)).collect::<Vec<_>>().join(", "))) } }
    }
}

/// What is played and what is judged, for those who plan: players are not told.
fn summary(source: &Source) -> Markup {
    let (scenario, injects) = (&source.scenario, &source.injects);
    let end = |place: usize| scenario.phases.get(place + 1).map_or(u32::MAX, |next| next.at);
    let within = |from: u32, to: u32| {
        injects.iter().filter(|i| i.at.is_some_and(|at| (from..to).contains(&at))).cloned().collect::<Vec<_>>()
    };
    let mut rows: Vec<(String, Vec<Inject>)> = Vec::new();
    for (place, phase) in scenario.phases.iter().enumerate() {
        rows.push((format!("{}, dès la minute {}", phase.name, phase.at), within(phase.at, end(place))));
    }
    if scenario.phases.is_empty() {
        rows.push(("À leur minute".to_owned(), within(0, u32::MAX)));
    }
    rows.push(("En réserve".to_owned(), injects.iter().filter(|i| i.at.is_none()).cloned().collect()));
    let channels = |all: &[Inject]| {
        let count = |channel: Channel| all.iter().filter(|i| i.channel == channel).count();
        let said = Channel::ALL.into_iter().filter(|c| count(*c) > 0).map(|c| format!("{} {}", count(c), c.label()));
        said.collect::<Vec<_>>().join(" ; ")
    };
    html! {
        @if !injects.is_empty() {
            h2.ruled { "Chronogramme" }
            p.small.muted { (fr("Pour ceux qui prévoient : les joueurs ne lisent rien de ce qui suit.")) }
            div.scrollx tabindex="0" role="group" aria-label="Chronogramme en bref" { table.kits {
                thead { tr { th scope="col" { "Phase" } @for level in &source.levels { th.n scope="col" { (level.label()) } } th scope="col" { "Canaux" } } }
                tbody { @for (name, all) in &rows { tr { th scope="row" { (fr(name)) }
                    @for level in &source.levels { td.n data-label=(level.label()) { (played(all, *level)) } }
                    td.small data-label="Canaux" { (fr(&channels(all))) } } } }
            } }
        }
        @if !scenario.criteria.is_empty() { h2.ruled { (fr("Critères")) } ul { @for one in &scenario.criteria { li { (fr(&one.title)) span.muted { ", " (fr(&super::super::report::target(one))) } } } } }
    }
}

fn planning(shared: &Inner, visitor: &Visitor, source: &Source, filled: Filled<'_>) -> Markup {
    let levels: Vec<(String, String)> = source.levels.iter().map(|l| (l.name().to_owned(), l.label().to_owned())).collect();
    let has_noise = content::kits::get(NOISE).is_some();
    html! {
        section.panel.wide aria-labelledby="prevoir" {
            header { h2 #prevoir { (fr("Prévoir cet exercice")) } }
            (filled.refusal(&["title", "planned_at", "minutes", "level", "teams"]))
            form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/exercices" } { (stamps(shared, visitor))
                input type="hidden" name="kit" value=(source.key);
                (filled.text(&Text { name: "title", label: "Titre", known: &source.scenario.title, required: true, ..Text::default() }))
                (filled.text(&Text { name: "planned_at", label: "Jour et heure", example: Some("2026-12-15T09:30"), hint: Some("Facultatif : la date peut être fixée plus tard."), ..Text::default() }))
                @if source.key == BLANK {
                    (filled.text(&Text { name: "minutes", label: "Durée, en minutes", known: "60", number: true, ..Text::default() }))
                    (filled.long(&Text { name: "teams", label: "Équipes de joueurs, une par ligne", known: "Cellule de crise", hint: Some("Nom | qui s’y assied"), required: true, ..Text::default() }, 3))
                }
                (filled.choice("level", "Niveau", source.scenario.level.name(), &levels))
                @if has_noise { p.field { label.check { input type="checkbox" name="noise" value="1" checked[filled.value("noise", "") == "1"]; span { (fr("Ajouter des stimuli d’ambiance, qui distraient et ne demandent rien")) } } } }
                button.btn { (fr("Prévoir")) }
            }
        }
    }
}
