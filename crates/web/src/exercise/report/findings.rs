//! Findings: what held and what was missing, each leading back to the minute that shows it. Proposed from the criteria that
//! were missed and from the observers' remarks; kept, written or taken back by people.

use super::{Told, path, told, writes};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{concluded, sent};
use crate::crisis::scene::{Outcome, made, seen, wrong};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::session::{Visitor, percent};
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::conduct::Tone;
use domain::exercise::event::outcome::{CriterionResult, FindingSet, Reading};
use domain::versions::Versions;
use journal::{EntryId, SubjectId};
use maud::{Markup, html};
use serde::Deserialize;

/// Both lists, with what may be done.
pub(super) fn show(page: &Page<'_>, told: &Told) -> Markup {
    let kept = told.exercise.findings_kept();
    let of = |tone: Tone| kept.iter().filter(move |f| f.current().value.tone == tone).copied().collect::<Vec<_>>();
    html! {
        section.findings aria-label="Constats" {
            (list(page, told, "Ce qui a tenu", "ok", &of(Tone::Positive)))
            (list(page, told, "Ce qui a manqué", "down", &of(Tone::Negative)))
            @if writes(&told.exercise, page.visitor) {
                p.btns.no-print { a.btn.ghost href={ (path(told.exercise.id)) "/constat" } { "Ajouter un constat" } }
            }
        }
    }
}

fn list(page: &Page<'_>, told: &Told, title: &str, class: &str, findings: &[&Versions<FindingSet>]) -> Markup {
    html! {
        h3 { span class={ "st " (class) } { (fr(title)) } " " span.small.muted { (findings.len()) @if findings.len() > 1 { " constats" } @else { " constat" } } }
        @if findings.is_empty() { p.muted { (fr("Aucun constat encore.")) } }
        ul.plain.rows { @for finding in findings { li { (one(page, told, finding)) } } }
    }
}

fn one(page: &Page<'_>, told: &Told, finding: &Versions<FindingSet>) -> Markup {
    let set = &finding.current().value;
    let action = action_link(told, set);
    html! {
        span.when { @match set.at {
            Some(at) => a href=(told.replay(page, at)) title="Revoir la salle à cette minute" { (page.local.time(at)) },
            None => span.muted { "–" },
        } }
        span.what { (fr(&set.text))
            @if let Some(line) = set.line.and_then(|line| told.line(line)) { " " a.small href=(line) { "l’entrée" } }
            @if writes(&told.exercise, page.visitor) {
                span.small.no-print { " · " a href={ (path(told.exercise.id)) "/constat?constat=" (set.finding) } { "Modifier" }
                    @if set.tone == Tone::Negative { " · " a href=(action) { "Créer l’action" } } }
            }
        }
    }
}

/// Where an action is written from a finding: its words, the exercise, the reference action that mends it.
pub(super) fn action_link(told: &Told, set: &FindingSet) -> String {
    let criterion = told.exercise.scenario().criteria.iter().find(|c| c.key == set.criterion);
    let advice = criterion.map_or("", |c| c.advice.as_str());
    let title = if advice.is_empty() { set.text.as_str() } else { advice };
    let model = criterion.map_or("", |c| c.action.as_str());
    format!("/actions/nouvelle?titre={}&origine=exercise:{}&modele={model}", percent(title), told.exercise.id)
}

/// What is proposed and not kept yet.
pub(super) fn proposals(told: &Told, criteria: &[CriterionResult]) -> Vec<FindingSet> {
    let known: Vec<&FindingSet> = told.exercise.findings.values().map(|f| &f.current().value).collect();
    let blank = |tone: Tone, text: String| FindingSet {
        finding: SubjectId([0; 16]),
        tone,
        text,
        at: None,
        line: None,
        criterion: String::new(),
        removed: false,
        supersedes: Vec::new(),
    };
    let missed = criteria.iter().filter(|c| matches!(c.reading, Reading::Missed | Reading::Late)).map(|c| {
        let value = super::criteria::measured(c.measured);
        let (late, at) = match c.measured {
            domain::exercise::event::outcome::Measured::Minutes(minutes) => (format!(" en {value}"), told.moment(minutes)),
            domain::exercise::event::outcome::Measured::Never => (" : jamais".to_owned(), None),
            _ => (format!(" : {value}"), None),
        };
        FindingSet { criterion: c.key.clone(), at, ..blank(Tone::Negative, format!("{}{late}.", c.title)) }
    });
    let remarks = told.inside().remarks.iter().map(|said| FindingSet {
        at: Some(said.what.at.unwrap_or(said.wall)),
        line: Some(said.id),
        ..blank(said.what.tone, said.what.text.clone())
    });
    let is_known = |set: &FindingSet| {
        known
            .iter()
            .any(|k| (set.line.is_some() && k.line == set.line) || (!set.criterion.is_empty() && k.criterion == set.criterion))
    };
    missed.chain(remarks).filter(|set| !is_known(set)).collect()
}

/// Proposals, one button each.
pub(super) fn proposed(page: &Page<'_>, told: &Told, criteria: &[CriterionResult]) -> Markup {
    let all = proposals(told, criteria);
    if all.is_empty() || !writes(&told.exercise, page.visitor) {
        return html! {};
    }
    let action = format!("/journaux/{}/exercices/{}/constats", page.shared.ledger.id(), told.exercise.id);
    html! {
        details.proposed.no-print open[told.exercise.findings.is_empty()] {
            summary { "Constats proposés " span.small.muted { (all.len()) (fr(" : critères manqués et remarques des observateurs")) } }
            ul.plain.rows { @for set in &all { li {
                span class={ "st " (if set.tone == Tone::Positive { "ok" } else { "down" }) } { @if let Some(at) = set.at { (page.local.time(at)) } @else { "–" } }
                span.what { (fr(&set.text)) }
                form method="post" action=(action) { (stamps(page.shared, page.visitor))
                    input type="hidden" name="tone" value=(set.tone.name());
                    input type="hidden" name="text" value=(set.text);
                    input type="hidden" name="criterion" value=(set.criterion);
                    @if let Some(line) = set.line { input type="hidden" name="line" value=(line); }
                    @if let Some(at) = set.at { input type="hidden" name="at_ms" value=(at); }
                    button.btn.ghost aria-label={ "Retenir : " (set.text) } { "Retenir" }
                }
            } } }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    constat: String,
}

/// `GET /exercices/{id}/retex/constat`: a new finding, or `?constat=` one to change.
pub(super) async fn form(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let told = told(&shared, &visitor, &id).await?;
    if !writes(&told.exercise, &visitor) {
        return Err(Fault::not_found());
    }
    let known = match asked.constat.parse::<SubjectId>() {
        Ok(id) => Some(told.exercise.findings.get(&id).ok_or_else(Fault::not_found)?),
        Err(_) => None,
    };
    Ok(edit(&shared, &visitor, &told.exercise, known, Filled::BLANK))
}

fn edit(
    shared: &Inner,
    visitor: &Visitor,
    exercise: &Exercise,
    known: Option<&Versions<FindingSet>>,
    filled: Filled<'_>,
) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Constat");
    let set = known.map(|k| &k.current().value);
    let seen = known.map(|k| k.seen().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")).unwrap_or_default();
    let tones = [Tone::Negative, Tone::Positive].map(|tone| (tone.name().to_owned(), tone.label().to_owned()));
    let mut criteria = vec![(String::new(), "aucun".to_owned())];
    criteria.extend(exercise.scenario().criteria.iter().map(|c| (c.key.clone(), c.title.clone())));
    let at = set.and_then(|s| s.at).map(|at| page.local.machine(at)).unwrap_or_default();
    let body = html! {
        p.crumb { a href=(path(exercise.id)) { "RETEX" } }
        h1 { @if known.is_some() { "Modifier le constat" } @else { "Nouveau constat" } }
        p.lead { (fr("Une phrase, un fait, et la minute qui le montre : ce que l’on a vu, pas qui a eu tort.")) }
        (filled.refusal(&["text", "at", "tone", "criterion"]))
        form.stacked method="post" action={ "/journaux/" (shared.ledger.id()) "/exercices/" (exercise.id) "/constats" } {
            (stamps(shared, visitor))
            @if let Some(set) = set {
                input type="hidden" name="finding" value=(set.finding);
                @if let Some(line) = set.line { input type="hidden" name="line" value=(line); }
            }
            input type="hidden" name="supersedes" value=(seen);
            (filled.choice("tone", "C’est", set.map_or(Tone::Negative.name(), |s| s.tone.name()), &tones))
            (filled.long(&Text { name: "text", label: "Constat", known: set.map_or("", |s| s.text.as_str()), required: true, ..Text::default() }, 3))
            (filled.text(&Text { name: "at", label: "Heure", known: &at, example: Some("14:30"), hint: Some("Facultative. La salle pourra être revue à cette minute."), ..Text::default() }))
            (filled.choice("criterion", "Critère concerné", set.map_or("", |s| s.criterion.as_str()), &criteria))
            p.btns {
                button.btn { "Enregistrer" }
                @if known.is_some() { button.btn.ghost name="removed" value="1" { "Retirer ce constat" } }
            }
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// `POST …/exercices/{id}/constats`.
pub(super) async fn set(State(shared): State<Shared>, Path((journal, id)): Path<(String, String)>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let told = match told(&shared, &sent.visitor, &id).await {
        Ok(told) if writes(&told.exercise, &sent.visitor) => told,
        Ok(_) => return Fault::not_found().into_response(),
        Err(fault) => return fault.into_response(),
    };
    let known = told.exercise.findings.get(&sent.fields.get("finding").parse().unwrap_or(SubjectId([0; 16])));
    let decide = |sent: &crate::crisis::acts::Sent| {
        let set = typed(&sent.fields, &told, &sent.visitor, known.is_some())?;
        Ok(Outcome { drafts: vec![Event::FindingSet(set).draft(told.exercise.id)], next: path(told.exercise.id) })
    };
    let back = |sent: &crate::crisis::acts::Sent, fault: &Fault| {
        edit(&shared, &sent.visitor, &told.exercise, known, Filled::of(&sent.fields, fault))
    };
    concluded(&shared, &journal, &sent, decide, back).await
}

fn typed(fields: &crate::form::Fields, told: &Told, visitor: &Visitor, known: bool) -> Result<FindingSet, Fault> {
    let tone = Tone::from_name(fields.get("tone")).ok_or_else(|| wrong("tone", "Choisissez : point fort, ou à revoir."))?;
    let local = crate::local::Local::of(&visitor.view.state.register.time_zone);
    let results = told.results();
    let at = match (fields.get("at_ms").parse::<i64>().ok(), fields.filled("at")) {
        (Some(at), _) => Some(at),
        (None, None) => None,
        (None, Some(text)) => {
            let read = local.parse(&text, results.ended_at, false);
            Some(read.ok_or_else(|| wrong("at", "Cette heure n’est pas comprise : écrivez 14:30, ou 2026-11-21T14:30."))?)
        }
    };
    let line: Option<EntryId> = fields.get("line").parse().ok();
    let criterion = fields.get("criterion").trim().to_owned();
    // What is proposed is kept once, whoever presses twice.
    let name = if fields.filled("finding").is_none() && (line.is_some() || !criterion.is_empty()) && fields.filled("at").is_none()
    {
        proposal_id(told.exercise.id, line, &criterion)
    } else {
        made(fields, "finding", fields.get("text"))
    };
    Ok(FindingSet {
        finding: if known { fields.get("finding").parse().unwrap_or(name) } else { name },
        tone,
        text: fields.get("text").trim().to_owned(),
        at,
        line,
        criterion,
        removed: !fields.get("removed").is_empty(),
        supersedes: seen(fields),
    })
}

fn proposal_id(exercise: SubjectId, line: Option<EntryId>, criterion: &str) -> SubjectId {
    let name = format!("finding {exercise} {} {criterion}", line.map(|l| l.to_string()).unwrap_or_default());
    let mut id = [0; SubjectId::LEN];
    id.copy_from_slice(&journal::entry::sha256(name.as_bytes()).as_bytes()[..SubjectId::LEN]);
    SubjectId(id)
}
