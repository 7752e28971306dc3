//! The frame of an exercise: title, date, level, length, briefing, teams, objectives, phases.

use super::{Prepared, conflict, prose};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::scene::wrong;
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::form::Fields;
use crate::local::Local;
use crate::session::Visitor;
use crate::typography::fr;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::Exercise;
use domain::exercise::event::scenario::{Item, Level, Phase, Scenario, Team};
use maud::html;

/// `GET /exercices/{id}/cadre`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(page(&Prepared::of(&shared, &visitor, &id)?, Filled::BLANK))
}

/// Versions of the frame that a form was made from, as its hidden field says it.
pub(super) fn seen(prepared: &Prepared<'_>) -> String {
    prepared.exercise.frames.seen().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

pub(super) fn page(prepared: &Prepared<'_>, filled: Filled<'_>) -> Response {
    let scenario = prepared.exercise.scenario();
    prepared.page("Cadre", filled.fault.map_or(StatusCode::OK, |f| f.status), |page| {
        let at = scenario.planned_at.map(|at| page.local.machine(at)).unwrap_or_default();
        let minutes = scenario.minutes.to_string();
        let levels = Level::ALL.map(|l| (l.name().to_owned(), l.label().to_owned()));
        let line = |name: &'static str, label: &'static str, known: &str| filled.text(&Text { name, label, known, required: true, ..Text::default() });
        let teams: Vec<String> = scenario.teams.iter().map(|t| format!("{} | {} | {}", t.key, t.name, t.who)).collect();
        let objectives: Vec<String> = scenario.objectives.iter().map(|o| format!("{} | {}", o.key, o.text)).collect();
        let phases: Vec<String> = scenario.phases.iter().map(|p| format!("{} | {}", p.at, p.name)).collect();
        html! {
            h1 { "Cadre" }
            p.lead { (fr("Quand, combien de temps, à quel niveau, avec quelles équipes.")) }
            (conflict::frames(page, prepared))
            (filled.refusal(&["title", "about", "planned_at", "minutes", "level", "briefing", "teams", "objectives", "phases"]))
            form.stacked method="post" action=(prepared.act("cadre")) { (stamps(prepared.shared, prepared.visitor))
                input type="hidden" name="supersedes" value=(seen(prepared));
                (line("title", "Titre", &scenario.title))
                (filled.text(&Text { name: "about", label: "De quoi il s’agit, en une phrase", known: &scenario.about, ..Text::default() }))
                (filled.text(&Text { name: "planned_at", label: "Jour et heure", known: &at, example: Some("2026-12-15T09:30"), ..Text::default() }))
                (line("minutes", "Durée, en minutes", &minutes))
                (filled.choice("level", "Niveau", scenario.level.name(), &levels))
                (filled.long(&Text { name: "briefing", label: "Briefing des joueurs", known: &scenario.briefing, ..Text::default() }, 8))
                (filled.long(&Text { name: "teams", label: "Équipes, une par ligne", known: &teams.join("\n"), hint: Some("clé | nom | qui s’y assied"), required: true, ..Text::default() }, 4))
                (filled.long(&Text { name: "objectives", label: "Objectifs, un par ligne", known: &objectives.join("\n"), hint: Some("clé | objectif"), ..Text::default() }, 5))
                (filled.long(&Text { name: "phases", label: "Phases, une par ligne", known: &phases.join("\n"), hint: Some("première minute | nom"), ..Text::default() }, 4))
                @if prepared.is_open_to_change() { button.btn { "Enregistrer" } }
            }
        }
    })
}

/// The day and hour of a form.
pub(super) fn moment(fields: &Fields, visitor: &Visitor) -> Result<Option<i64>, Fault> {
    let Some(typed) = fields.filled("planned_at") else { return Ok(None) };
    let local = Local::of(&visitor.view.state.register.time_zone);
    let sentence = "Cette date n’est pas comprise : écrivez 2026-12-15T09:30.";
    local.parse(&typed, visitor.now, true).map(Some).ok_or_else(|| wrong("planned_at", sentence))
}

/// The length of a form.
pub(super) fn minutes(fields: &Fields) -> Result<u32, Fault> {
    let sentence = "Écrivez la durée en minutes, par exemple 120.";
    fields.get("minutes").trim().parse().map_err(|_| wrong("minutes", sentence))
}

/// Lines of a field, each cut at its bars.
fn rows<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = Vec<&'a str>> {
    let text = fields.texts.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.split('|').map(str::trim).collect())
}

/// Nobody and nothing may be left with a team that goes.
fn serves(exercise: &Exercise, teams: &[Team]) -> Result<(), Fault> {
    let is_left = |key: &str| !key.is_empty() && teams.iter().all(|team| team.key != key);
    let going = exercise.scenario().teams.iter().filter(|team| is_left(&team.key));
    for team in going {
        let injects = exercise.injects.values().filter(|p| !p.removed && p.inject().to.contains(&team.key)).count();
        let players = exercise.people.values().filter(|p| !p.set.left && p.set.team == team.key).count();
        if injects + players > 0 {
            let sentence = format!(
                "L’équipe « {} » sert encore ({injects} stimuli, {players} joueurs) : changez-les d’abord, ou gardez sa clé « {} ».",
                team.name, team.key
            );
            return Err(wrong("teams", sentence));
        }
    }
    Ok(())
}

/// The scenario as the form says it.
pub(super) fn typed(fields: &Fields, visitor: &Visitor, exercise: &Exercise) -> Result<Scenario, Fault> {
    let known = exercise.scenario();
    let at = |row: &[&str], n: usize| row.get(n).copied().unwrap_or_default().to_owned();
    let teams = rows(fields, "teams").map(|row| Team {
        key: at(&row, 0),
        name: at(&row, if row.len() > 1 { 1 } else { 0 }),
        who: at(&row, 2),
    });
    let teams: Vec<Team> = teams.collect();
    serves(exercise, &teams)?;
    let objectives = rows(fields, "objectives").map(|row| {
        if row.len() > 1 {
            Ok(Item { key: at(&row, 0), text: at(&row, 1) })
        } else {
            Err(wrong("objectives", "Chaque objectif s’écrit « clé | objectif »."))
        }
    });
    let phases = rows(fields, "phases").map(|row| {
        let minute = row.first().and_then(|m| m.parse().ok());
        minute
            .map(|minute| Phase { name: at(&row, 1), at: minute })
            .ok_or_else(|| wrong("phases", "Chaque phase s’écrit « minute | nom », par exemple « 25 | Mobilisation »."))
    });
    Ok(Scenario {
        title: prose(fields, "title"),
        about: prose(fields, "about"),
        planned_at: moment(fields, visitor)?,
        minutes: minutes(fields)?,
        level: Level::from_name(fields.get("level")).ok_or_else(|| wrong("level", "Choisissez un niveau de la liste."))?,
        briefing: prose(fields, "briefing"),
        teams,
        objectives: objectives.collect::<Result<_, _>>()?,
        phases: phases.collect::<Result<_, _>>()?,
        ..known.clone()
    })
}
