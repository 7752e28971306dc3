//! Exercises that demonstration establishments have played, to be replayed through the same events as real ones.

use super::{Act, Entry};
use serde::Deserialize;

/// The exercises shipped, with their data files.
pub(crate) const SHIPPED: [(&str, &str); 1] = [("verger_exercice", include_str!("../../data/demo/verger_exercice.toml"))];

/// An exercise as written in its data file. Times are minutes after DEBEX.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The kit played, see [`crate::kits`].
    pub kit: String,
    /// The demonstration that played it.
    pub demo: String,
    /// How many days before T0.
    pub days_before: i32,
    /// At what local time, `HH:MM`.
    pub begins: String,
    /// Who ran it.
    pub facilitator: String,
    /// Who played.
    pub players: Vec<Player>,
    /// Who watched.
    pub observers: Vec<String>,
    /// Answers to the preparation questionnaire: question, answer.
    #[serde(default)]
    pub prepared: Vec<(String, String)>,
    /// How long after FINEX it was closed.
    pub closing: i64,
    /// The log of its crisis.
    pub entries: Vec<Entry>,
    /// Everything else that happened in its room.
    pub acts: Vec<Act>,
    /// What was written afterwards, in the establishment; minutes after the closing.
    pub after: Vec<Act>,
}

/// A player.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Player {
    /// Their key among the people.
    pub who: String,
    /// Their team.
    pub team: String,
}

/// What a demonstration has played.
///
/// # Errors
/// What its file says wrong.
pub fn of(demo: &str) -> Result<Vec<Exercise>, String> {
    let all = SHIPPED.iter().map(|(_, text)| parse(text)).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().filter(|exercise| exercise.demo == demo).collect())
}

/// Reads the text of an exercise file.
///
/// # Errors
/// What is wrong, with the line.
pub fn parse(text: &str) -> Result<Exercise, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}
