//! From an act as written in a demonstration file to the event it records.
//!
//! In a body, `"@name"` is the id of what bears that name (people by their key, functions as `@fonction.dpo`, lists as
//! `@liste.dpo_ouverture`, reference actions as `@action.rtx_02`, anything else made on first use), `"&e012"` the id of a log line, `"T+35"` a moment in minutes after T0, `"J+1 08:30"` a local
//! time on the day after T0's; other texts may hold the dates of [`crate::stamp`]. The texts of `needs` are written as in
//! [`crate::archetypes::wanted`], with names for keys: `"app.dpi ~ 4 h : prescrit dans"`. `harms` is one row of levels
//! for each criterion, nearest horizon first.
//!
//! A map taken from an archetype is one `cartography.imported`: `from` names the archetype, `without` what is refused, `adapt`
//! what is changed, item by item. Its activities bear the names `@act.key`, everything else `@app.key`.

mod map;

use super::{Establishment, One};
use crate::adopt::list_id;
use crate::{actions, checklists, clocks, complaint, functions, partners, stamp};
use domain::Event;
use domain::actions::action_id;
use domain::register::function_id;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use journal::{EntryId, SubjectId};
use serde::Serialize;
use serde_json::{Map, Value};

/// Name of the crisis among subjects.
pub const CRISIS: &str = "crise";
/// Name of the establishment among subjects.
pub const ESTABLISHMENT: &str = "établissement";
const MINUTE_MS: i64 = 60_000;

/// What a script needs to know to name ids and moments.
pub struct Stage<'a> {
    /// T0, in milliseconds since 1970.
    pub t0_ms: i64,
    /// The day of T0 in the establishment's time zone.
    pub day: Date,
    /// That time zone.
    pub zone: TimeZone,
    /// The establishment, for what it takes over.
    pub establishment: &'a Establishment,
    /// The id of anything that has none by rule: made on first use.
    pub subject: &'a dyn Fn(&str) -> SubjectId,
    /// The id of a log line.
    pub entry: &'a dyn Fn(&str) -> Option<EntryId>,
}

impl Stage<'_> {
    /// The id that a name stands for.
    fn named(&self, name: &str) -> SubjectId {
        match name.split_once('.') {
            Some(("fonction", key)) => function_id(key),
            Some(("action", key)) => action_id("template", key),
            Some(("liste", key)) => list_id((self.subject)(CRISIS), key),
            _ => (self.subject)(name),
        }
    }
}

/// What one event records, about what; `slot` is the same for events that write about the same thing.
#[derive(Debug)]
pub struct Played {
    /// The body, which may still get `supersedes`.
    pub body: Map<String, Value>,
    /// What it is about.
    pub subject: SubjectId,
    /// Names what it writes, for [`One::rewrites`].
    pub slot: String,
}

/// Fields that say which of several things about a subject is written.
const WHICH: [&str; 10] = ["cell", "member", "about", "unit", "evidence", "claim", "list", "gesture", "partner", "key"];

/// Plays one event of a kind.
///
/// # Errors
/// What in it is not known.
pub fn play(kind: &str, one: &One, stage: &Stage<'_>) -> Result<Played, String> {
    let own = resolved_table(&one.body, stage)?;
    let (mut body, default_subject) = match &one.from {
        Some(key) if kind == "cartography.imported" => return map::taken(key, own, stage),
        Some(key) => taken_over(kind, key, stage)?,
        None => (Map::new(), CRISIS.to_owned()),
    };
    body.extend(own);
    let subject = stage.named(one.subject.as_deref().unwrap_or(&default_subject));
    // The opening of a crisis is the first version of its frame.
    let family = if kind == "crisis.opened" { "crisis.reframed" } else { kind };
    let which: Vec<String> = WHICH.iter().filter_map(|field| body.get(*field)).map(Value::to_string).collect();
    let slot = format!("{family} {subject} {}", which.join(" "));
    if kind.starts_with("register.") && kind.ends_with("_set") {
        body = Map::from_iter([("value".to_owned(), Value::Object(body))]);
    }
    Ok(Played { body, subject, slot })
}

/// The event of a body.
///
/// # Errors
/// Which kind is not known, or what its body says wrong.
pub fn event(kind: &str, body: &Map<String, Value>) -> Result<Event, String> {
    let version = Event::KINDS.iter().find(|(known, _)| *known == kind).map(|(_, version)| *version);
    let version = version.ok_or_else(|| format!("type d’événement inconnu : {kind}"))?;
    let bytes = serde_json::to_vec(body).map_err(|error| error.to_string())?;
    Event::decode(kind, version, &bytes).ok_or_else(|| format!("{kind} : corps mal écrit : {}", Value::Object(body.clone())))
}

/// The body that a shipped item brings, and the name of what it is about.
fn taken_over(kind: &str, key: &str, stage: &Stage<'_>) -> Result<(Map<String, Value>, String), String> {
    let unknown = || format!("« {key} » n’est pas dans le contenu livré");
    let crisis = || CRISIS.to_owned();
    let place = stage.establishment;
    match kind {
        "legal.clock_adopted" => Ok((json(&clocks::get(key).ok_or_else(unknown)?.adopted())?, crisis())),
        "checklist.list_adopted" => {
            Ok((json(&checklists::get(key).ok_or_else(unknown)?.adopted(stage.named(CRISIS)))?, crisis()))
        }
        "legal.complaint_answered" => {
            let question = complaint::question(key).ok_or_else(unknown)?;
            let words = [("key", &question.key), ("question", &question.text)];
            Ok((words.map(|(name, text)| (name.to_owned(), Value::String(text.clone()))).into_iter().collect(), crisis()))
        }
        "actions.action_set" => {
            let day = stage.day.to_string().parse().map_err(|_| unknown())?;
            Ok((json(&actions::get(key).ok_or_else(unknown)?.adopted(day))?, format!("action.{key}")))
        }
        "register.establishment_named" => Ok((json(&place.named())?, ESTABLISHMENT.to_owned())),
        "register.function_set" => {
            let function = functions::get(key).ok_or_else(unknown)?;
            Ok((json(&function.adopted(place.kind.content_kind()))?, format!("fonction.{key}")))
        }
        "register.partner_set" => Ok((json(&partners::get(key).ok_or_else(unknown)?.adopted())?, format!("partenaire.{key}"))),
        _ => Err(format!("« {kind} » ne reprend rien du contenu livré")),
    }
}

fn json<T: Serialize>(value: &T) -> Result<Map<String, Value>, String> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err("ce n’est pas une fiche".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn resolved_table(table: &toml::Table, stage: &Stage<'_>) -> Result<Map<String, Value>, String> {
    let named = |(name, value): (&String, &toml::Value)| {
        let value = match name.as_str() {
            "needs" => map::needs(value, stage)?,
            "harms" => map::harms(value)?,
            _ => resolved(value, stage)?,
        };
        Ok((name.clone(), value))
    };
    table.iter().map(named).collect()
}

fn resolved(value: &toml::Value, stage: &Stage<'_>) -> Result<Value, String> {
    match value {
        toml::Value::String(text) => word(text, stage),
        toml::Value::Integer(number) => Ok(Value::from(*number)),
        toml::Value::Boolean(yes) => Ok(Value::from(*yes)),
        toml::Value::Array(all) => all.iter().map(|one| resolved(one, stage)).collect::<Result<_, _>>().map(Value::Array),
        toml::Value::Table(table) => resolved_table(table, stage).map(Value::Object),
        other => Err(format!("« {other:?} » n’a pas de sens ici")),
    }
}

fn word(text: &str, stage: &Stage<'_>) -> Result<Value, String> {
    if let Some(name) = text.strip_prefix('@') {
        return Ok(Value::String(stage.named(name).to_string()));
    }
    if let Some(key) = text.strip_prefix('&') {
        let id = (stage.entry)(key).ok_or_else(|| format!("« {key} » n’est pas encore dans la main courante"))?;
        return Ok(Value::String(id.to_string()));
    }
    if let Some(ms) = after_t0(text, stage).or_else(|| on_a_day(text, stage)) {
        return Ok(Value::from(ms));
    }
    stamp::fill(text, stage.day).map(Value::String)
}

/// `T+35`, `T-470`.
fn after_t0(text: &str, stage: &Stage<'_>) -> Option<i64> {
    let minutes = text.strip_prefix('T').filter(|rest| rest.starts_with(['+', '-']))?;
    Some(stage.t0_ms + minutes.parse::<i64>().ok()? * MINUTE_MS)
}

/// `J+1 08:30`, `J-0 20:00`.
fn on_a_day(text: &str, stage: &Stage<'_>) -> Option<i64> {
    let (days, time) = text.strip_prefix('J').filter(|rest| rest.starts_with(['+', '-']))?.split_once(' ')?;
    let date = stage.day.checked_add(jiff::Span::new().try_days(days.parse::<i64>().ok()?).ok()?).ok()?;
    let (hour, minute) = time.split_once(':')?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some(date.to_datetime(time).to_zoned(stage.zone.clone()).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Demo;
    use jiff::civil::date;
    use std::sync::LazyLock;

    static DEMO: LazyLock<Demo> = LazyLock::new(|| crate::demo::load("valmont").expect("loads"));

    fn stage_of<'a>(entry: &'a dyn Fn(&str) -> Option<EntryId>) -> Stage<'a> {
        let t0_ms = date(2026, 11, 21).at(5, 20, 0, 0).to_zoned(TimeZone::UTC).map(|z| z.timestamp().as_millisecond());
        let subject = &|name: &str| SubjectId([u8::try_from(name.len()).unwrap_or(0); 16]);
        Stage {
            t0_ms: t0_ms.unwrap_or(0),
            day: date(2026, 11, 21),
            zone: TimeZone::UTC,
            establishment: &DEMO.establishment,
            subject,
            entry,
        }
    }

    fn played(kind: &str, one: &str, stage: &Stage<'_>) -> Result<Played, String> {
        play(kind, &toml::from_str(one).expect("one event"), stage)
    }

    #[test]
    fn names_and_moments_become_ids_and_times() {
        let known = |key: &str| (key == "e001").then_some(EntryId([7; 32]));
        let stage = stage_of(&known);
        let body = "body = { a = \"@bloc\", b = \"&e001\", c = \"T-20\", d = \"J+1 08:30\", e = \"{jour}\" }";
        let played = played("k", body, &stage).expect("played");
        assert_eq!(played.body["a"], "04".repeat(16));
        assert_eq!(played.body["b"], "07".repeat(32));
        assert_eq!(played.body["c"], stage.t0_ms - 20 * 60_000);
        assert_eq!(played.body["d"], stage.t0_ms + (24 * 60 + 190) * 60_000);
        assert_eq!(played.body["e"], "samedi");
    }

    #[test]
    fn what_is_not_known_is_named() {
        let nothing = |_: &str| None;
        let stage = stage_of(&nothing);
        for (kind, one, fault) in [
            ("k", "body = { a = \"&e009\" }", "e009"),
            ("k", "body = { a = \"{demain}\" }", "demain"),
            ("legal.clock_adopted", "from = \"horloge\"", "horloge"),
            ("cells.set", "from = \"cnil\"", "ne reprend rien"),
        ] {
            let told = played(kind, one, &stage).map(|_| ()).unwrap_err();
            assert!(told.contains(fault), "{told}");
        }
        assert!(event("crisis.invented", &Map::new()).is_err_and(|told| told.contains("inconnu")));
        assert!(event("cells.met", &Map::new()).is_err_and(|told| told.contains("mal écrit")));
    }

    #[test]
    fn a_shipped_item_is_taken_over_and_completed() {
        let nothing = |_: &str| None;
        let one = "from = \"ars\"\nbody = { phone = \"01 99 00 10 10\" }";
        let played = played("register.partner_set", one, &stage_of(&nothing)).expect("played");
        assert_eq!(played.body["value"]["phone"], "01 99 00 10 10");
        assert_eq!(played.body["value"]["code"], "ars");
        assert!(event("register.partner_set", &played.body).is_ok());
    }
}
