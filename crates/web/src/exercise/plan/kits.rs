//! The library of kits, and planning an exercise from one, from a past exercise or from nothing.

use super::plans;
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, made, wrong};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use content::kits::Kit;
use domain::Event;
use domain::exercise::event::Planned;
use domain::exercise::event::scenario::{Inject, Level, Scenario, Team};
use domain::exercise::fill;
use journal::SubjectId;
use maud::{Markup, html};

/// The kit of injects that distract: it is added to another.
const NOISE: &str = "noise";
/// What is not a kit to plan from.
const AMBIANCE: &str = "ambiance";
/// Word of a scenario written here from the start.
const BLANK: &str = "vierge";

/// What an exercise can be planned from.
struct Source {
    key: String,
    scenario: Scenario,
    injects: Vec<Inject>,
    kinds: Vec<String>,
    levels: Vec<Level>,
    /// Where it is from, in words.
    from: String,
}

fn of_kit(kit: &Kit) -> Source {
    Source {
        key: kit.key.clone(),
        scenario: kit.scenario.clone(),
        injects: kit.injects.clone(),
        kinds: kit.kinds.clone(),
        levels: kit.levels.clone(),
        from: "livré avec Plan Blanc".to_owned(),
    }
}

/// Kits shipped, then those that came by file.
fn sources(visitor: &Visitor) -> Vec<Source> {
    let shipped = content::kits::all().iter().filter(|kit| kit.threat != AMBIANCE).map(of_kit);
    let adopted = visitor.view.state.exercises.kits.iter().map(|(id, kit)| Source {
        key: id.to_string(),
        scenario: kit.scenario.clone(),
        injects: kit.injects.clone(),
        kinds: kit.kinds.clone(),
        levels: Level::ALL.to_vec(),
        from: format!("reçu de {}", kit.signed_by),
    });
    shipped.chain(adopted).collect()
}

/// A kit, a past exercise to play again, or a blank scenario.
fn source(visitor: &Visitor, key: &str) -> Option<Source> {
    if key == BLANK {
        let team = Team { key: "equipe".to_owned(), name: "Cellule de crise".to_owned(), who: String::new() };
        let scenario = Scenario { title: "Notre scénario".to_owned(), minutes: 60, teams: vec![team], ..Scenario::default() };
        let from = "vierge : vous écrivez tout".to_owned();
        return Some(Source {
            key: key.to_owned(),
            scenario,
            injects: Vec::new(),
            kinds: Vec::new(),
            levels: Level::ALL.to_vec(),
            from,
        });
    }
    if let Some(id) = key.strip_prefix("exercice-").and_then(|id| id.parse::<SubjectId>().ok()) {
        let over = |e: &&domain::exercise::Exercise| e.closed.is_some() || e.cancelled.is_some() || e.is_run_by(&visitor.actor);
        let exercise = visitor.view.state.exercises.all.get(&id).filter(over)?;
        let injects = exercise.injects.values().filter(|p| !p.removed).map(|p| p.inject().clone()).collect();
        let scenario = Scenario { planned_at: None, ..exercise.scenario().clone() };
        let from = format!("repris de « {} »", scenario.title);
        return Some(Source { key: key.to_owned(), scenario, injects, kinds: Vec::new(), levels: Level::ALL.to_vec(), from });
    }
    sources(visitor).into_iter().find(|source| source.key == key)
}

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
    };
    page.render(&body)
}

fn table(title: &str, all: &[Source]) -> Markup {
    html! {
        @if !all.is_empty() {
            h2.ruled { (fr(title)) }
            div.scrollx tabindex="0" role="group" aria-label=(title) {
                table.kits { thead { tr { th scope="col" { "Kit" } th scope="col" { (fr("Durée")) } th scope="col" { "Stimuli" } th scope="col" { (fr("Critères")) } th scope="col" { "Niveaux" } th scope="col" { "Source" } } }
                    tbody { @for one in all { (row(one)) } } }
            }
        }
    }
}

fn row(one: &Source) -> Markup {
    let at = |level: Level| one.injects.iter().filter(|inject| inject.level <= level).count();
    let levels: Vec<String> = one.levels.iter().map(|level| format!("{} ({})", level.label(), at(*level))).collect();
    html! { tr {
        th scope="row" { a href={ "/exercices/kits/" (one.key) } { (fr(&one.scenario.title)) } br; span.small.muted { (fr(&one.scenario.about)) } }
        td { (one.scenario.minutes) " min" } td { (one.injects.len()) } td { (one.scenario.criteria.len()) }
        td.small { (fr(&levels.join(", "))) }
        td.small { (fr(&one.from)) br; span.muted { (one.scenario.origin.edition) @if !one.scenario.origin.status.is_empty() { ", " (fr(&one.scenario.origin.status)) } } }
    } }
}

/// `GET /exercices/kits/{key}`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(key): Path<String>) -> Result<Response, Fault> {
    let source =
        source(&visitor, &key).filter(|_| plans(&visitor) || !key.starts_with("exercice-")).ok_or_else(Fault::not_found)?;
    Ok(kit_page(&shared, &visitor, &source, Filled::BLANK))
}

fn kit_page(shared: &Inner, visitor: &Visitor, source: &Source, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, &source.scenario.title);
    let scenario = &source.scenario;
    let mut own = scenario.clone();
    fill::contextualise(&visitor.view.state, &mut own);
    let lacking: Vec<_> = fill::unfilled(&own).collect();
    let body = html! {
        p.crumb { a href="/exercices/kits" { "Kits" } }
        h1 { (fr(&scenario.title)) }
        p.lead { (fr(&scenario.about)) }
        @if plans(visitor) { (planning(shared, visitor, source, filled)) }
        @else { p.muted { (fr("Un exercice se prévoit par la direction, l’administrateur ou le secrétaire de cellule.")) } }
        @if !own.parameters.is_empty() {
            p { (fr(&format!("Votre registre et votre carte remplissent {} mots du kit sur {}.", own.parameters.len() - lacking.len(), own.parameters.len())))
                @if !lacking.is_empty() { (fr(" Restent à remplir : ")) (fr(&lacking.iter().map(|p| p.label.as_str()).collect::<Vec<_>>().join(" ; "))) "." } }
        }
        (about(scenario))
        @if !scenario.origin.source.is_empty() { p.small.muted { (fr(&scenario.origin.source)) (fr(&format!(". Édition du {}, {}.", scenario.origin.edition, scenario.origin.status))) } }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

fn about(scenario: &Scenario) -> Markup {
    html! {
        @if !scenario.objectives.is_empty() { h2.ruled { "Objectifs" } ul { @for one in &scenario.objectives { li { (fr(&one.text)) } } } }
        @if !scenario.teams.is_empty() { h2.ruled { (fr("Équipes")) } ul { @for team in &scenario.teams { li { b { (fr(&team.name)) } @if !team.who.is_empty() { (fr(" : ")) (fr(&team.who)) } } } } }
        @if !scenario.phases.is_empty() { h2.ruled { "Phases" } p { (fr(&scenario.phases.iter().map(|p| format!("{} (minute {})", p.name, p.at)).collect::<Vec<_>>().join(", "))) } }
        @if !scenario.criteria.is_empty() { h2.ruled { (fr("Critères")) } ul { @for one in &scenario.criteria { li { (fr(&one.title)) span.muted { ", " (fr(&super::super::report::target(one))) } } } } }
    }
}

fn planning(shared: &Inner, visitor: &Visitor, source: &Source, filled: Filled<'_>) -> Markup {
    let levels: Vec<(String, String)> = source.levels.iter().map(|l| (l.name().to_owned(), l.label().to_owned())).collect();
    let has_noise = content::kits::get(NOISE).is_some();
    html! {
        section.panel.wide aria-labelledby="prevoir" {
            header { h2 #prevoir { (fr("Prévoir cet exercice")) } }
            (filled.refusal(&["title", "planned_at", "minutes", "level"]))
            form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/exercices" } { (stamps(shared, visitor))
                input type="hidden" name="kit" value=(source.key);
                (filled.text(&Text { name: "title", label: "Titre", known: &source.scenario.title, required: true, ..Text::default() }))
                (filled.text(&Text { name: "planned_at", label: "Jour et heure", example: Some("2026-12-15T09:30"), hint: Some("Facultatif : la date peut être fixée plus tard."), ..Text::default() }))
                @if source.key == BLANK { (filled.text(&Text { name: "minutes", label: "Durée, en minutes", known: "60", number: true, ..Text::default() })) }
                (filled.choice("level", "Niveau", source.scenario.level.name(), &levels))
                @if has_noise { p.field { label.check { input type="checkbox" name="noise" value="1"; span { (fr("Ajouter des stimuli d’ambiance, qui distraient et ne demandent rien")) } } } }
                button.btn { (fr("Prévoir")) }
            }
        }
    }
}

/// `POST /journaux/{journal}/exercices`.
pub(super) async fn plan(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let Some(source) = source(&sent.visitor, sent.fields.get("kit")) else { return Fault::not_found().into_response() };
    let decide = |sent: &Sent| {
        let id = made(&sent.fields, "exercise", sent.fields.get("kit"));
        let planned = typed(sent, &source)?;
        Ok(Outcome { drafts: vec![Event::ExercisePlanned(planned).draft(id)], next: super::super::path(id) })
    };
    let back = |sent: &Sent, fault: &Fault| kit_page(&shared, &sent.visitor, &source, Filled::of(&sent.fields, fault));
    concluded(&shared, &journal, &sent, decide, back).await
}

fn typed(sent: &Sent, source: &Source) -> Result<Planned, Fault> {
    let (fields, state) = (&sent.fields, &sent.visitor.view.state);
    let mut scenario = source.scenario.clone();
    scenario.title = fields.get("title").trim().to_owned();
    scenario.planned_at = super::frame::moment(fields, &sent.visitor)?;
    scenario.level = Level::from_name(fields.get("level")).ok_or_else(|| wrong("level", "Choisissez un niveau de la liste."))?;
    if source.key == BLANK {
        scenario.minutes = super::frame::minutes(fields)?;
    }
    fill::contextualise(state, &mut scenario);
    let mut injects = source.injects.clone();
    if !fields.get("noise").is_empty()
        && let Some(noise) = content::kits::get(NOISE)
    {
        let fits = noise.injects.iter().filter(|inject| inject.at.is_none_or(|at| at < scenario.minutes));
        // Kits number their own noise B1, B2…: these are N1, N2….
        let renamed = fits.map(|inject| Inject { key: inject.key.replacen('B', "N", 1), ..inject.clone() });
        let new: Vec<Inject> = renamed.filter(|inject| injects.iter().all(|one| one.key != inject.key)).collect();
        for parameter in &noise.scenario.parameters {
            if scenario.parameters.iter().all(|known| known.key != parameter.key) {
                scenario.parameters.push(parameter.clone());
            }
        }
        injects.extend(new.into_iter().map(|inject| Inject { to: Vec::new(), objective: String::new(), ..inject }));
    }
    Ok(Planned { scenario, injects, campaign: String::new() })
}
