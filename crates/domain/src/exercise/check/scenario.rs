//! What a scenario and its chronogramme may hold.

use crate::crisis::check::{LABEL_CHARS_MAX, pieces};
use crate::exercise::event::scenario::{Inject, Scenario};
use crate::refusal::{Refusal, at_most, text_within};
use std::collections::BTreeSet;

/// Most injects of a chronogramme.
pub const INJECTS_MAX: usize = 500;
/// Most teams, phases, criteria, questions, sections, parameters of a scenario.
pub const ITEMS_MAX: usize = 100;
/// Most characters of an inject's words, or of a section.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// Most characters of a sentence.
pub(crate) const SENTENCE_CHARS_MAX: usize = 1_000;
/// Most characters of an inject's number.
pub(crate) const KEY_CHARS_MAX: usize = 12;
/// Longest exercise, minutes: a week.
pub(crate) const MINUTES_MAX: u32 = 7 * 24 * 60;

fn few(field: &'static str, count: usize, what: &str) -> Result<(), Refusal> {
    if count <= ITEMS_MAX {
        return Ok(());
    }
    Err(Refusal::field("too_many", field, format!("Un scénario compte {ITEMS_MAX} {what} au plus.")))
}

/// Whether a frame can be played.
///
/// # Errors
/// What is wrong with it.
pub fn frame(scenario: &Scenario) -> Result<(), Refusal> {
    text_within("title", &scenario.title, LABEL_CHARS_MAX)?;
    at_most("about", &scenario.about, SENTENCE_CHARS_MAX)?;
    at_most("briefing", &scenario.briefing, TEXT_CHARS_MAX)?;
    if !(1..=MINUTES_MAX).contains(&scenario.minutes) {
        let sentence = "Un exercice dure de 1 minute à 7 jours : donnez sa durée en minutes, par exemple 120.";
        return Err(Refusal::field("bad_minutes", "minutes", sentence));
    }
    if scenario.teams.is_empty() {
        return Err(Refusal::field("no_team", "teams", "Un exercice a au moins une équipe de joueurs."));
    }
    let counts = [
        ("objectives", scenario.objectives.len(), "objectifs"),
        ("teams", scenario.teams.len(), "équipes"),
        ("phases", scenario.phases.len(), "phases"),
        ("parameters", scenario.parameters.len(), "paramètres"),
        ("criteria", scenario.criteria.len(), "critères"),
        ("debrief", scenario.debrief.len(), "questions de débriefing"),
        ("preparation", scenario.preparation.len(), "questions de préparation"),
        ("facilitator", scenario.facilitator.len(), "sections d’animateur"),
        ("player", scenario.player.len(), "sections de joueur"),
        ("glossary", scenario.glossary.len(), "mots de glossaire"),
        ("observer", scenario.observer.len(), "sections d’observateur"),
    ];
    counts.into_iter().try_for_each(|(field, count, what)| few(field, count, what))?;
    keys("teams", scenario.teams.iter().map(|team| team.key.as_str()))?;
    keys("criteria", scenario.criteria.iter().map(|criterion| criterion.key.as_str()))?;
    keys("parameters", scenario.parameters.iter().map(|parameter| parameter.key.as_str()))?;
    texts(scenario)
}

fn texts(scenario: &Scenario) -> Result<(), Refusal> {
    let sections = [&scenario.facilitator, &scenario.player, &scenario.glossary, &scenario.observer];
    for section in sections.into_iter().flatten() {
        at_most("sections", &section.title, LABEL_CHARS_MAX)?;
        at_most("sections", &section.text, TEXT_CHARS_MAX)?;
    }
    for parameter in &scenario.parameters {
        at_most("parameters", &parameter.value, LABEL_CHARS_MAX)?;
        at_most("parameters", &parameter.otherwise, LABEL_CHARS_MAX)?;
    }
    for criterion in &scenario.criteria {
        text_within("criteria", &criterion.title, LABEL_CHARS_MAX)?;
        at_most("criteria", &criterion.look, SENTENCE_CHARS_MAX)?;
        at_most("criteria", &criterion.advice, SENTENCE_CHARS_MAX)?;
    }
    let items = scenario.objectives.iter().chain(&scenario.debrief).chain(&scenario.preparation);
    for item in items {
        at_most("items", &item.text, SENTENCE_CHARS_MAX)?;
    }
    scenario.teams.iter().try_for_each(|team| text_within("teams", &team.name, LABEL_CHARS_MAX))?;
    scenario.phases.iter().try_for_each(|phase| text_within("phases", &phase.name, LABEL_CHARS_MAX))
}

fn keys<'a>(field: &'static str, all: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut known = BTreeSet::new();
    for key in all {
        if key.trim().is_empty() || key.chars().count() > LABEL_CHARS_MAX || !known.insert(key) {
            let sentence = format!("La clé « {key} » est vide, trop longue ou figure deux fois : chacune doit être unique.");
            return Err(Refusal::field("bad_key", field, sentence));
        }
    }
    Ok(())
}

/// Whether the injects can be played in that frame: known teams, distinct numbers, texts within their limits.
///
/// # Errors
/// What is wrong with the first that cannot.
pub fn chronogramme(scenario: &Scenario, injects: &[Inject]) -> Result<(), Refusal> {
    if injects.len() > INJECTS_MAX {
        return Err(Refusal::field("too_many", "injects", format!("Un chronogramme compte {INJECTS_MAX} stimuli au plus.")));
    }
    let mut known = BTreeSet::new();
    for one in injects {
        if !known.insert(one.key.as_str()) {
            let sentence = format!("Le numéro « {} » figure deux fois : chaque stimulus a le sien.", one.key);
            return Err(Refusal::field("bad_key", "key", sentence));
        }
        inject(scenario, one)?;
    }
    Ok(())
}

/// One inject.
pub(super) fn inject(scenario: &Scenario, inject: &Inject) -> Result<(), Refusal> {
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if inject.key.is_empty() || inject.key.len() > KEY_CHARS_MAX || !inject.key.chars().all(sound) {
        let sentence = format!(
            "Le numéro « {} » ne va pas : des lettres sans accent, des chiffres et des tirets, {KEY_CHARS_MAX} au plus, par exemple 42 ou 42bis.",
            inject.key.chars().take(40).collect::<String>()
        );
        return Err(Refusal::field("bad_key", "key", sentence));
    }
    if inject.at.is_some_and(|at| at > MINUTES_MAX) {
        return Err(Refusal::field("bad_minutes", "at", "Ce stimulus tombe plus de 7 jours après DEBEX : corrigez sa minute."));
    }
    text_within("title", &inject.title, LABEL_CHARS_MAX)?;
    text_within("text", &inject.text, TEXT_CHARS_MAX)?;
    at_most("from", &inject.from, LABEL_CHARS_MAX)?;
    at_most("guidance", &inject.guidance, TEXT_CHARS_MAX)?;
    at_most("expected", &inject.expected, TEXT_CHARS_MAX)?;
    at_most("fact", &inject.fact, LABEL_CHARS_MAX)?;
    at_most("objective", &inject.objective, LABEL_CHARS_MAX)?;
    at_most("contingency_for", &inject.contingency_for, LABEL_CHARS_MAX)?;
    if let Some(team) = inject.to.iter().find(|to| scenario.teams.iter().all(|team| team.key != **to)) {
        let sentence = format!("L’équipe « {team} » n’existe pas dans cet exercice : choisissez-en une de la liste.");
        return Err(Refusal::field("unknown_team", "to", sentence));
    }
    pieces(&inject.attachments)
}

/// Answers to a questionnaire.
pub(super) fn answers(answers: &[(String, String)]) -> Result<(), Refusal> {
    few("answers", answers.len(), "réponses")?;
    answers.iter().try_for_each(|(key, answer)| {
        at_most("answers", key, LABEL_CHARS_MAX)?;
        at_most("answers", answer, TEXT_CHARS_MAX)
    })
}
