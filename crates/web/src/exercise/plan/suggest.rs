//! Who could play in which team: the register's functions beside what the scenario expects of the team.

use domain::exercise::Exercise;
use domain::exercise::event::Part;
use domain::register::{Person, Register};
use formats::words::fold;
use journal::ActorId;
use std::collections::BTreeSet;

/// Most people proposed for a team.
const PEOPLE_MAX: usize = 3;
/// Shorter words say nothing of what somebody does.
const WORD_CHARS_MIN: usize = 4;
/// Words that many functions and teams share.
const COMMON: [&str; 8] = ["cellule", "crise", "responsable", "equipe", "service", "chef", "pour", "garde"];

/// Somebody proposed for a team.
pub(super) struct Proposed {
    pub(super) actor: ActorId,
    pub(super) name: String,
    /// What they do.
    pub(super) does: String,
    /// Key of the team.
    pub(super) team: String,
}

/// People with a role who take no part yet.
pub(super) fn free<'a>(register: &'a Register, exercise: &'a Exercise) -> impl Iterator<Item = (&'a ActorId, &'a Person)> {
    register.present().filter(|(actor, person)| person.role.is_some() && exercise.part(actor).is_none())
}

/// What somebody does, in words: their own, their functions', else their role.
pub(super) fn does(register: &Register, actor: &ActorId) -> String {
    let Some(person) = register.people.get(actor) else { return String::new() };
    let held = register.functions.iter().filter(|(_, one)| one.holder == Some(*actor)).map(|(_, one)| one.label.clone());
    let mut all: Vec<String> = std::iter::once(person.function.clone()).filter(|words| !words.is_empty()).chain(held).collect();
    all.dedup_by_key(|words| fold(words));
    if all.is_empty() { person.role.map_or(String::new(), |role| role.label().to_owned()) } else { all.join(", ") }
}

/// Roots of the words that say something: « directrice » and « direction » share theirs.
fn roots(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= WORD_CHARS_MIN);
    words.filter(|word| !COMMON.contains(word)).map(|word| word.chars().take(6).collect()).collect()
}

/// Proposals for the teams that nobody plays; each person once, where they fit best.
pub(super) fn all(register: &Register, exercise: &Exercise) -> Vec<Proposed> {
    let played: BTreeSet<&str> = exercise.taking_part(Part::Player).map(|(_, one)| one.set.team.as_str()).collect();
    let teams = exercise.scenario().teams.iter().filter(|team| !played.contains(team.key.as_str()));
    let wanted: Vec<(&String, BTreeSet<String>)> =
        teams.map(|team| (&team.key, roots(&format!("{} {}", team.name, team.who)))).collect();
    let mut found: Vec<(usize, usize, Proposed)> = free(register, exercise)
        .filter_map(|(actor, person)| {
            let does = does(register, actor);
            let mine = roots(&does);
            let fits = wanted.iter().enumerate().map(|(place, (_, words))| (words.intersection(&mine).count(), place));
            let (score, place) = fits.max_by_key(|(score, place)| (*score, std::cmp::Reverse(*place)))?;
            let team = (*wanted.get(place)?.0).clone();
            (score > 0).then(|| (place, score, Proposed { actor: *actor, name: person.name.clone(), does, team }))
        })
        .collect();
    found.sort_by(|a, b| (a.0, b.1, &a.2.name).cmp(&(b.0, a.1, &b.2.name)));
    let mut kept: Vec<(usize, usize, Proposed)> = Vec::new();
    for one in found {
        if kept.iter().filter(|known| known.0 == one.0).count() < PEOPLE_MAX {
            kept.push(one);
        }
    }
    kept.into_iter().map(|(_, _, one)| one).collect()
}
