//! What an exercise is planned from: a kit, a past exercise or nothing; and the planning itself.

use super::{kits, plans, prose};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, concluded, sent};
use crate::crisis::scene::{Outcome, made, wrong};
use crate::fields::Filled;
use crate::session::Visitor;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use content::kits::Kit;
use domain::Event;
use domain::exercise::event::Planned;
use domain::exercise::event::scenario::{Inject, Level, Scenario, Team};
use domain::exercise::{Exercise, fill};
use journal::SubjectId;

/// The kit of injects that distract: it is added to another.
pub(super) const NOISE: &str = "noise";
/// What is not a kit to plan from.
const AMBIANCE: &str = "ambiance";
/// What the key of a past exercise begins with.
const PAST: &str = "exercice-";
/// Word of a scenario written here from the start.
pub(super) const BLANK: &str = "vierge";

/// What an exercise can be planned from.
pub(super) struct Source {
    pub(super) key: String,
    pub(super) scenario: Scenario,
    pub(super) injects: Vec<Inject>,
    pub(super) kinds: Vec<String>,
    pub(super) levels: Vec<Level>,
    /// What strikes; empty when nobody said.
    pub(super) threat: String,
    /// Where it is from, in words.
    pub(super) from: String,
}

fn of_kit(kit: &Kit) -> Source {
    Source {
        key: kit.key.clone(),
        scenario: kit.scenario.clone(),
        injects: kit.injects.clone(),
        kinds: kit.kinds.clone(),
        levels: kit.levels.clone(),
        threat: kit.threat.clone(),
        from: "livré avec Plan Blanc".to_owned(),
    }
}

/// Kits shipped, then those that came by file.
pub(super) fn sources(visitor: &Visitor) -> Vec<Source> {
    let shipped = content::kits::all().iter().filter(|kit| kit.threat != AMBIANCE).map(of_kit);
    let adopted = visitor.view.state.exercises.kits.iter().map(|(id, kit)| Source {
        key: id.to_string(),
        scenario: kit.scenario.clone(),
        injects: kit.injects.clone(),
        kinds: kit.kinds.clone(),
        levels: Level::ALL.to_vec(),
        threat: String::new(),
        from: format!("reçu de {}", kit.signed_by),
    });
    shipped.chain(adopted).collect()
}

/// Exercises that are over, whose chronogramme may be read by those who plan.
pub(super) fn past(visitor: &Visitor) -> Vec<&Exercise> {
    let over = |e: &&Exercise| e.closed.is_some() || e.cancelled.is_some();
    visitor.view.state.exercises.newest_first().into_iter().filter(over).collect()
}

/// Page where a past exercise is planned again.
pub(super) fn address(exercise: &Exercise) -> String {
    format!("/exercices/kits/{PAST}{}", exercise.id)
}

/// A kit, a past exercise to play again, or a blank scenario. Past exercises are for those who plan.
pub(super) fn from(visitor: &Visitor, key: &str) -> Option<Source> {
    if key == BLANK {
        return Some(blank());
    }
    if let Some(id) = key.strip_prefix(PAST) {
        let id: SubjectId = id.parse().ok().filter(|_| plans(visitor))?;
        return past(visitor).into_iter().find(|exercise| exercise.id == id).map(again);
    }
    sources(visitor).into_iter().find(|source| source.key == key)
}

fn blank() -> Source {
    let scenario = Scenario { title: "Notre scénario".to_owned(), minutes: 60, ..Scenario::default() };
    let (key, from) = (BLANK.to_owned(), "vierge : vous écrivez tout".to_owned());
    Source { key, scenario, injects: Vec::new(), kinds: Vec::new(), levels: Level::ALL.to_vec(), threat: String::new(), from }
}

fn again(exercise: &Exercise) -> Source {
    let injects = exercise.injects.values().filter(|p| !p.removed).map(|p| p.inject().clone()).collect();
    let scenario = Scenario { planned_at: None, ..exercise.scenario().clone() };
    let (key, from) = (format!("{PAST}{}", exercise.id), format!("repris de « {} »", scenario.title));
    Source { key, scenario, injects, kinds: Vec::new(), levels: Level::ALL.to_vec(), threat: String::new(), from }
}

/// `POST /journaux/{journal}/exercices`.
pub(super) async fn plan(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let Some(source) = from(&sent.visitor, sent.fields.get("kit")) else { return Fault::not_found().into_response() };
    let decide = |sent: &Sent| {
        let id = made(&sent.fields, "exercise", sent.fields.get("kit"));
        let planned = typed(sent, &source)?;
        Ok(Outcome { drafts: vec![Event::ExercisePlanned(planned).draft(id)], next: super::super::path(id) })
    };
    let back = |sent: &Sent, fault: &Fault| kits::kit_page(&shared, &sent.visitor, &source, Filled::of(&sent.fields, fault));
    concluded(&shared, &journal, &sent, decide, back).await
}

fn typed(sent: &Sent, source: &Source) -> Result<Planned, Fault> {
    let (fields, state) = (&sent.fields, &sent.visitor.view.state);
    let mut scenario = source.scenario.clone();
    scenario.title = fields.get("title").trim().to_owned();
    scenario.planned_at = super::frame::moment(fields, &sent.visitor)?;
    let level = Level::from_name(fields.get("level")).filter(|level| source.levels.contains(level));
    scenario.level = level.ok_or_else(|| wrong("level", "Choisissez un niveau de la liste."))?;
    if source.key == BLANK {
        scenario.minutes = super::frame::minutes(fields)?;
        scenario.teams = teams(&prose(fields, "teams"));
    }
    let mut injects = source.injects.clone();
    if !fields.get("noise").is_empty()
        && let Some(noise) = content::kits::get(NOISE)
    {
        add_noise(&noise.scenario, &noise.injects, &mut scenario, &mut injects);
    }
    fill::contextualise(state, &mut scenario);
    Ok(Planned { scenario, injects, campaign: String::new() })
}

/// Teams as lines « name | who »; their keys are made here.
fn teams(lines: &str) -> Vec<Team> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let team = |(place, line): (usize, &str)| {
        let (name, who) = line.split_once('|').unwrap_or((line, ""));
        Team { key: format!("equipe-{}", place + 1), name: name.trim().to_owned(), who: who.trim().to_owned() }
    };
    lines.enumerate().map(team).collect()
}

/// Adds the noise that fits in the time, for everybody, under numbers that are free.
fn add_noise(from: &Scenario, noise: &[Inject], scenario: &mut Scenario, injects: &mut Vec<Inject>) {
    let minutes = scenario.minutes;
    let fits = noise.iter().filter(|inject| inject.at.is_none_or(|at| at < minutes));
    let new: Vec<Inject> = fits.filter(|inject| injects.iter().all(|one| one.key != inject.key)).cloned().collect();
    injects.extend(new.into_iter().map(|inject| Inject { to: Vec::new(), objective: String::new(), ..inject }));
    let missing = from.parameters.iter().filter(|one| scenario.parameters.iter().all(|known| known.key != one.key));
    let missing: Vec<_> = missing.cloned().collect();
    scenario.parameters.extend(missing);
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exercise::event::scenario::Parameter;

    #[test]
    fn noise_fits_in_the_time_and_takes_nobodys_number() {
        let at = |key: &str, at| Inject { key: key.to_owned(), at, to: vec!["soins".to_owned()], ..Inject::default() };
        let word = Parameter { key: "journal".to_owned(), ..Parameter::default() };
        let from = Scenario { parameters: vec![word], ..Scenario::default() };
        let noise = [at("B1", Some(5)), at("B2", Some(59)), at("B3", Some(60)), at("B4", None)];
        let (mut scenario, mut injects) = (Scenario { minutes: 60, ..Scenario::default() }, vec![at("B1", Some(1))]);
        add_noise(&from, &noise, &mut scenario, &mut injects);
        add_noise(&from, &noise, &mut scenario, &mut injects);
        let keys: Vec<&str> = injects.iter().map(|inject| inject.key.as_str()).collect();
        assert_eq!(keys, ["B1", "B2", "B4"]);
        assert_eq!((injects[0].at, scenario.parameters.len()), (Some(1), 1));
        assert!(injects[1..].iter().all(|inject| inject.to.is_empty()));
    }

    #[test]
    fn lines_make_teams() {
        let all = teams(" Direction | directeur de garde\n\nSoins");
        assert_eq!(
            all[0],
            Team { key: "equipe-1".to_owned(), name: "Direction".to_owned(), who: "directeur de garde".to_owned() }
        );
        assert_eq!((all[1].key.as_str(), all[1].name.as_str(), all.len()), ("equipe-2", "Soins", 2));
    }
}
