//! What a demonstration says of its map: needs in short, and an archetype taken whole.

use super::{Played, Stage, json as table};
use crate::archetypes::wanted::Wanted;
use crate::archetypes::{self, Archetype, Item};
use domain::cartography::event::batch::{ImportSource, Line, MapImported, Record};
use domain::cartography::event::review::Horizon;
use journal::SubjectId;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The needs of a body, each written as one short line.
pub(super) fn needs(value: &toml::Value, stage: &Stage<'_>) -> Result<Value, String> {
    let lines: Vec<Wanted> = value.clone().try_into().map_err(|error| format!("besoins mal écrits : {error}"))?;
    let linked = lines.iter().filter_map(|line| line.linked(|name| Some(stage.named(name))));
    linked.map(|need| serde_json::to_value(need).map_err(|error| error.to_string())).collect()
}

/// The grid of an impact analysis: for each criterion its levels, nearest horizon first.
pub(super) fn harms(value: &toml::Value) -> Result<Value, String> {
    let rows: BTreeMap<String, Vec<u8>> = value.clone().try_into().map_err(|error| format!("grille mal écrite : {error}"))?;
    let mut harms = Vec::new();
    for (criterion, levels) in rows {
        if levels.len() != Horizon::ALL.len() {
            return Err(format!("« {criterion} » : il faut {} niveaux", Horizon::ALL.len()));
        }
        for (horizon, level) in Horizon::ALL.iter().zip(levels) {
            harms.push(json!({ "criterion": criterion, "horizon": horizon.name(), "level": level }));
        }
    }
    Ok(Value::Array(harms))
}

/// The name of an archetype's item among the subjects of a demonstration.
fn name(item: Item<'_>) -> String {
    match item {
        Item::Activity(activity) => format!("act.{}", activity.key),
        other => format!("app.{}", other.key()),
    }
}

/// The import that takes an archetype, but for what `without` names, changed as `adapt` says.
pub(super) fn taken(kind: &str, mut body: Map<String, Value>, stage: &Stage<'_>) -> Result<Played, String> {
    let archetype = archetypes::of(kind).ok_or_else(|| format!("« {kind} » n’est pas dans le contenu livré"))?;
    let read = |error: serde_json::Error| error.to_string();
    let without: Vec<String> =
        serde_json::from_value(body.remove("without").unwrap_or_else(|| Value::Array(Vec::new()))).map_err(read)?;
    let mut adapt: Map<String, Value> =
        serde_json::from_value(body.remove("adapt").unwrap_or_else(|| Value::Object(Map::new()))).map_err(read)?;
    if let Some(key) = body.keys().next() {
        return Err(format!("« {key} » n’a pas de sens ici"));
    }
    if let Some(key) = without.iter().chain(adapt.keys()).find(|key| archetype.item(key).is_none()) {
        return Err(format!("« {key} » n’est pas dans le contenu livré"));
    }
    let id = |key: &str| {
        let item = archetype.item(key).filter(|item| !without.iter().any(|refused| refused == item.key()))?;
        Some(stage.named(&name(item)))
    };
    let mut lines = Vec::new();
    for item in archetype.items() {
        if let (Some(subject), Some(record)) = (id(item.key()), archetype.record(item, &id)) {
            let changes = adapt.remove(item.key());
            lines.push(Line { id: subject, set: changed(record, changes, archetype, item.key())? });
        }
    }
    let (system, title, edition) = (archetype.system(), archetype.title.clone(), archetype.edition.clone());
    let source = ImportSource { system, name: title, sha256: None, edition };
    let subject: SubjectId = stage.named(&format!("carte.{kind}"));
    let body = table(&MapImported { source, lines })?;
    Ok(Played { body, subject, slot: format!("cartography.imported {subject}") })
}

/// A record with the changes that a person made before taking it.
fn changed(record: Record, changes: Option<Value>, archetype: &Archetype, key: &str) -> Result<Record, String> {
    let Some(changes) = changes else { return Ok(record) };
    let Value::Object(changes) = changes else { return Err(format!("« {key} » : ce n’est pas une fiche")) };
    let interface = matches!(record, Record::Exchange(_));
    let mut tagged = table(&record)?;
    for value in tagged.values_mut().filter_map(Value::as_object_mut) {
        value.extend(changes.clone());
        if !interface {
            value.insert("origin".to_owned(), Value::Object(table(&archetype.origin(key, true))?));
        }
    }
    serde_json::from_value(Value::Object(tagged)).map_err(|error| format!("« {key} » : {error}"))
}
