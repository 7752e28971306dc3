//! Scenarios: things lost together, kept to be asked again.

use super::asked::Asked;
use super::{PATH, Scene, page};
use crate::answer::Fault;
use crate::app::Shared;
use crate::cartography::base;
use crate::crisis::acts::{Sent, ids, sent};
use crate::crisis::scene::{made, seen, subject};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cartography::Scenario;
use domain::cartography::event::{Removed, ScenarioSet};
use journal::SubjectId;
use journal::write::Draft;
use maud::{Markup, html};

/// Saved scenarios, and the form that keeps the one on the page.
pub(super) fn section(scene: &Scene<'_>, filled: Filled<'_>) -> Markup {
    let map = scene.map();
    let scenarios = map.scenarios();
    let writes = scene.page.visitor.may_write();
    let open = scene.asked.open(map);
    html! {
        section.panel.whatif-scenarios.screen aria-labelledby="scenarios" {
            header { h2 #scenarios { "Scénarios" } span.muted.small { (scenarios.len()) } @if scenarios.len() > 1 { a.more.small href="/carte/et-si/comparer" { "Comparer deux scénarios" } } }
            @if scenarios.is_empty() { p.empty { (fr("Un scénario garde ce qui est perdu ensemble, pour reposer la question quand la carte a changé : « l’annuaire et la virtualisation chiffrés », « la salle A noyée ».")) } }
            @else { (table(scene, &scenarios)) }
            @if writes && (!scene.lost.is_empty() || open.is_some()) { (forms(scene, open, filled)) }
        }
    }
}

fn table(scene: &Scene<'_>, scenarios: &[&Scenario]) -> Markup {
    let names = |scenario: &Scenario| -> Vec<String> {
        let lost = scenario
            .now()
            .lost
            .iter()
            .take(4)
            .map(|id| scene.map().thing(id).map_or("(retiré de la carte)", |t| t.name()).to_owned());
        lost.collect()
    };
    html! { table.reg {
        thead { tr { th scope="col" { "Scénario" } th scope="col" { "Ce qui est perdu" } th scope="col" { "Touchées" } th scope="col" { "Note" } } }
        tbody { @for scenario in scenarios { @let set = scenario.now(); @let (hit, all) = touched(scene, scenario); tr.here[scene.asked.scenario == Some(scenario.id)] {
            th scope="row" { a href={ (PATH) "?scenario=" (scenario.id) } { (fr(&set.name)) }
                @if scenario.described.is_conflict() { " " span.st.small.warn { "conflit (" (scenario.described.survivors().len()) ")" } } }
            td data-label="Ce qui est perdu" { (fr(&names(scenario).join(", "))) @if set.lost.len() > 4 { " et " (set.lost.len() - 4) " autres" } }
            td data-label="Touchées" { (hit) " sur " (all) }
            td data-label="Note" { (fr(&set.note)) }
        } } }
    } }
}

/// Activities hit, and all of them.
pub(super) fn touched(scene: &Scene<'_>, scenario: &Scenario) -> (usize, usize) {
    let outcome = scene.net.what_if(&scenario.now().lost);
    let hit = scene.net.activities.iter().filter(|number| outcome.hit_at(**number).is_some()).count();
    (hit, scene.net.activities.len())
}

fn forms(scene: &Scene<'_>, open: Option<&Scenario>, filled: Filled<'_>) -> Markup {
    let base = base(&scene.page);
    let changes = filled.fields.is_some_and(|fields| !fields.get("supersedes").is_empty());
    let removal = filled.fault.is_some_and(|fault| fault.on("reason").is_some());
    // What was typed in one form is given back in that form only.
    let blank = Filled::BLANK;
    let (adding, changing) = if changes { (blank, filled) } else { (filled, blank) };
    let adding = if removal { blank } else { adding };
    html! {
        @if let Some(scenario) = open {
            (conflict(scene, scenario))
            details.screen open[changing.fault.is_some() || scene.asked.is_changed(scene.map())] {
                summary { (fr(&format!("Modifier « {} »", scenario.now().name))) }
                form.stacked method="post" action={ (base) "/scenarios/" (scenario.id) } {
                    (stamps(scene.page.shared, scene.page.visitor)) (scene.asked.hidden(&["heure", "pourquoi", "a_h"]))
                    input type="hidden" name="supersedes" value=(ids(&scenario.described.seen()));
                    (fields(changing, &scenario.now().name, &scenario.now().note, "m-"))
                    p { button.btn.ghost { "Enregistrer le scénario, avec ce qui est perdu ci-dessus" } }
                }
            }
        }
        @if !scene.lost.is_empty() {
            details.screen open[adding.fault.is_some()] {
                summary { @if open.is_some() { "Garder ceci comme un autre scénario" } @else { "Garder ceci comme scénario" } }
                form.stacked method="post" action={ (base) "/scenarios" } {
                    (stamps(scene.page.shared, scene.page.visitor)) (scene.asked.hidden(&["heure", "pourquoi", "a_h"]))
                    (fields(adding, "", "", ""))
                    p { button.btn.ghost { "Garder ce scénario" } }
                }
            }
        }
        @if let Some(scenario) = open {
            details.removal.screen open[removal] {
                summary { "Retirer ce scénario" }
                form.stacked method="post" action={ (base) "/scenarios/" (scenario.id) "/retirer" } {
                    (stamps(scene.page.shared, scene.page.visitor))
                    @let form = if removal { filled } else { blank };
                    (form.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
                    p { button.btn.ghost { "Retirer" } }
                }
            }
        }
    }
}

/// The two fields; two forms of one page have different ids.
fn fields(filled: Filled<'_>, name: &str, note: &str, prefix: &str) -> Markup {
    let field = |field: &str, label: &str, known: &str, required: bool| {
        let id = format!("{prefix}{field}");
        html! { p.field {
            label for=(id) { (label) }
            input id=(id) name=(field) value=(filled.value(field, known)) required[required] autocomplete="off" aria-invalid=[filled.fault.and_then(|f| f.on(field)).map(|_| "true")];
            (filled.beside(field))
        } }
    };
    html! {
        (filled.refusal(&["name", "note", "reason"]))
        (field("name", "Nom du scénario", name, true))
        (field("note", "Note", note, false))
    }
}

fn conflict(scene: &Scene<'_>, scenario: &Scenario) -> Markup {
    let survivors = scenario.described.survivors();
    let state = &scene.page.visitor.view.state;
    html! { @if survivors.len() > 1 { p { span.st.warn { "conflit (" (survivors.len()) ")" } " Deux personnes l’ont écrit sans se voir : "
    @for (at, write) in survivors.iter().enumerate() { @if at > 0 { ", " }
        (fr(&state.register.name(&write.by))) (fr(" : ")) "« " (write.value.name) " », " (write.value.lost.len()) " perdus (" (scene.page.local.short(write.wall, scene.page.now)) ")" }
    ". Vérifiez ce qui est perdu et enregistrez." } } }
}

fn described(sent: &Sent) -> ScenarioSet {
    let (fields, state) = (&sent.fields, &sent.visitor.view.state);
    let asked = Asked::read(state, &fields.texts);
    ScenarioSet {
        name: fields.get("name").trim().to_owned(),
        lost: asked.lost(state),
        note: fields.get("note").trim().to_owned(),
        supersedes: seen(fields),
    }
}

fn known(visitor: &Visitor, id: &str) -> Result<SubjectId, Fault> {
    let id = subject(id)?;
    // One that was taken off can be written again: what its author had before their eyes is not lost.
    visitor.view.state.cartography.scenarios.get(&id).map(|scenario| scenario.id).ok_or_else(Fault::not_found)
}

/// What is common to the three forms: the record, then the page of the scenario; refused, the same page filled in.
async fn act(
    shared: &Shared,
    journal: &str,
    request: Request,
    decide: impl FnOnce(&Sent) -> Result<(Draft, String), Fault>,
    about: Option<&str>,
) -> Response {
    let sent = match sent(shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decided = sent.visitor.journal(shared, journal).and_then(|_| sent.same_author()).and_then(|()| decide(&sent));
    let outcome = match decided {
        Ok((draft, next)) => sent.record_all(shared, vec![draft]).await.map(|receipt| sent.done(&receipt, &next)),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(response) => response,
        Err(fault) if sent.json => fault.json(),
        Err(fault) if fault.code == "not_found" => fault.into_response(),
        Err(fault) => {
            let mut pairs = sent.fields.texts.clone();
            pairs.extend(
                about.filter(|_| sent.fields.get("scenario").is_empty()).map(|id| ("scenario".to_owned(), id.to_owned())),
            );
            page(shared, &sent.visitor, &pairs, Filled::of(&sent.fields, &fault))
        }
    }
}

/// `POST …/carte/scenarios`.
pub(super) async fn add(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let decide = |sent: &Sent| {
        let set = ScenarioSet { supersedes: Vec::new(), ..described(sent) };
        let id = made(&sent.fields, "scenario", &set.name);
        Ok((Event::ScenarioSet(set).draft(id), format!("{PATH}?scenario={id}")))
    };
    act(&shared, &journal, request, decide, None).await
}

/// `POST …/carte/scenarios/{id}`.
pub(super) async fn change(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let decide = |sent: &Sent| {
        let id = known(&sent.visitor, &id)?;
        Ok((Event::ScenarioSet(described(sent)).draft(id), format!("{PATH}?scenario={id}")))
    };
    act(&shared, &journal, request, decide, Some(&id)).await
}

/// `POST …/carte/scenarios/{id}/retirer`.
pub(super) async fn remove(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let decide = |sent: &Sent| {
        let id = known(&sent.visitor, &id)?;
        let reason = sent.fields.get("reason").trim().to_owned();
        Ok((Event::NodeRemoved(Removed { reason }).draft(id), PATH.to_owned()))
    };
    act(&shared, &journal, request, decide, Some(&id)).await
}
