//! Scenarios and exercises exported by OpenAEV (OpenBAS before): JSON, alone or in the ZIP it makes.

use super::fields::Field;
use super::rows::Row;
use super::time::Moment;
use crate::source::Spot;
use crate::words::{cut, plain};
use domain::crisis::check::LABEL_CHARS_MAX;
use domain::exercise::check::ITEMS_MAX;
use domain::exercise::event::scenario::{Channel, Item};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Characters of an objective.
const OBJECTIVE_CHARS: usize = 1_000;

/// What such a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// Its name there.
    pub name: String,
    /// Its objectives.
    pub objectives: Vec<Item>,
    pub(super) rows: Vec<Row>,
}

/// The file, a scenario or an exercise: the same lists under two names.
#[derive(Deserialize)]
struct Export {
    #[serde(alias = "scenario_information")]
    exercise_information: Value,
    #[serde(default, alias = "scenario_teams")]
    exercise_teams: Vec<Value>,
    #[serde(default, alias = "scenario_objectives")]
    exercise_objectives: Vec<Value>,
    #[serde(default, alias = "scenario_injects")]
    exercise_injects: Vec<Value>,
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}

/// Reads the JSON.
///
/// # Errors
/// What is wrong with it and what to do.
pub(super) fn read(bytes: &[u8]) -> Result<Story, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let export: Export = serde_json::from_slice(bytes).map_err(|_| {
        "Ce fichier JSON n’est pas un scénario d’OpenAEV : exportez le scénario depuis OpenAEV, équipes comprises.".to_owned()
    })?;
    if export.exercise_injects.is_empty() {
        return Err("Ce scénario d’OpenAEV n’a aucun stimulus : exportez-le de nouveau avec ses injects.".to_owned());
    }
    let teams: BTreeMap<&str, &str> =
        export.exercise_teams.iter().map(|team| (text(team, "team_id"), text(team, "team_name"))).collect();
    let mut injects: Vec<&Value> = export
        .exercise_injects
        .iter()
        .filter(|inject| inject.get("inject_enabled").and_then(Value::as_bool) != Some(false))
        .collect();
    injects.sort_by_key(|inject| seconds(inject));
    let rows = (1_u64..).zip(injects).map(|(rank, inject)| row(rank, inject, &teams)).collect();
    let information = &export.exercise_information;
    let name = ["scenario_name", "exercise_name"].map(|name| text(information, name)).concat();
    let objectives = export.exercise_objectives.iter().filter_map(objective).take(ITEMS_MAX);
    let objectives =
        (1..).zip(objectives).map(|(rank, text): (u32, String)| Item { key: format!("objectif_{rank}"), text }).collect();
    Ok(Story { name: cut(&name, LABEL_CHARS_MAX), objectives, rows })
}

fn seconds(inject: &Value) -> i64 {
    inject.get("inject_depends_duration").and_then(Value::as_i64).unwrap_or_default()
}

fn objective(value: &Value) -> Option<String> {
    let (title, about) = (plain(text(value, "objective_title")), plain(text(value, "objective_description")));
    let words = [title, about].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" : ");
    (!words.is_empty()).then(|| cut(&words, OBJECTIVE_CHARS))
}

fn row(rank: u64, inject: &Value, teams: &BTreeMap<&str, &str>) -> Row {
    let empty = Value::Null;
    let content = inject.get("inject_content").unwrap_or(&empty);
    let subject = plain(text(content, "subject"));
    let body = ["body", "message", "content"].into_iter().map(|name| plain(text(content, name))).find(|words| !words.is_empty());
    let title = plain(text(inject, "inject_title"));
    let about = plain(text(inject, "inject_description"));
    let mut values = BTreeMap::new();
    let mut put = |field: Field, words: String| {
        if !words.is_empty() {
            values.insert(field, words);
        }
    };
    // The subject is what players read; the title is the facilitators' name for it.
    let named = if subject.is_empty() { title.clone() } else { subject };
    let (body, guidance) = match body {
        Some(body) => (body, about),
        None => (about, String::new()),
    };
    let known_as = if named == title { String::new() } else { title };
    put(Field::Title, named);
    put(Field::Text, body);
    put(Field::Guidance, [known_as, guidance].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n"));
    put(Field::Expected, expected(content));
    put(Field::Channel, channel(inject, content).label().to_owned());
    // A whole minute, rounded up as OpenAEV does.
    let when = Ok(Moment::Offset(seconds(inject).saturating_add(59).div_euclid(60)));
    let spot = Spot { table: "injects".to_owned(), row: rank };
    Row { spot, when, values, teams: Some(names(inject, teams)) }
}

/// Names of the teams; none when all of them receive it.
fn names(inject: &Value, teams: &BTreeMap<&str, &str>) -> Vec<String> {
    if inject.get("inject_all_teams").and_then(Value::as_bool) == Some(true) {
        return Vec::new();
    }
    let all = inject.get("inject_teams").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let name = |team: &Value| {
        let id = team.as_str().unwrap_or_else(|| text(team, "team_id"));
        let known = teams.get(id).copied().filter(|name| !name.is_empty());
        known.map(str::to_owned).or_else(|| Some(text(team, "team_name").to_owned()).filter(|name| !name.is_empty()))
    };
    all.iter().filter_map(name).collect()
}

/// What players are expected to do.
fn expected(content: &Value) -> String {
    let all = content.get("expectations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = |expectation: &Value| {
        let (name, about) = (plain(text(expectation, "expectation_name")), plain(text(expectation, "expectation_description")));
        [name, about].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" : ")
    };
    all.iter().map(one).filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n")
}

/// By which means: what the contract is called, else what the content holds.
fn channel(inject: &Value, content: &Value) -> Channel {
    let contract = inject.get("inject_injector_contract").map(Value::to_string).unwrap_or_default();
    let kind = format!("{} {contract}", text(inject, "inject_type")).to_lowercase();
    let words = [
        ("sms", Channel::Sms),
        ("ovh", Channel::Sms),
        ("email", Channel::Mail),
        ("mastodon", Channel::Media),
        ("channel", Channel::Media),
        ("challenge", Channel::System),
        ("manual", Channel::Room),
        ("http", Channel::System),
    ];
    let named = words.into_iter().find(|(word, _)| kind.contains(word)).map(|(_, channel)| channel);
    named.unwrap_or_else(|| match content {
        content if content.get("articles").is_some() => Channel::Media,
        content if content.get("body").is_some() || content.get("subject").is_some() => Channel::Mail,
        content if content.get("message").is_some() => Channel::Sms,
        _ => Channel::Room,
    })
}
