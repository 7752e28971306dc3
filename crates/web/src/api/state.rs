//! Reading the state: a capability as it is folded, and every named fact.

use super::{Answer, JsonFault};
use crate::answer::Fault;
use crate::app::Shared;
use crate::session::Visitor;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shares};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::State;
use domain::facts::{self, Value};
use journal::ActorId;
use journal::authority::ADMIN_RANK;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

/// Parts of the state that an address reads whole. Crises have addresses of their own: a log is long.
pub(super) const CAPABILITIES: [&str; 11] = [
    "register",
    "cartography",
    "cells",
    "situations",
    "legal",
    "checklists",
    "exercises",
    "access",
    "actions",
    "campaigns",
    "raw",
];

/// A capability, straight to text: a tree would be several times its size.
fn text(state: &State, name: &str, reader: &ActorId) -> Option<serde_json::Result<Box<RawValue>>> {
    let text = match name {
        "register" => serde_json::to_string(&state.register),
        "cartography" => serde_json::to_string(&state.cartography),
        "cells" => serde_json::to_string(&state.cells),
        "situations" => serde_json::to_string(&state.situations),
        "legal" => serde_json::to_string(&state.legal),
        "checklists" => serde_json::to_string(&state.checklists),
        "exercises" => serde_json::to_string(&state.exercises.as_seen_by(reader)),
        "access" => serde_json::to_string(&state.access),
        "campaigns" => serde_json::to_string(&state.campaigns),
        "actions" => serde_json::to_string(&state.actions),
        "raw" => serde_json::to_string(&state.raw),
        _ => return None,
    };
    Some(text.and_then(RawValue::from_string))
}

pub(super) async fn capability(
    Shares(shared): Shares<Shared>,
    visitor: Visitor,
    Path((named, name)): Path<(String, String)>,
) -> Answer {
    visitor.journal(&shared, &named)?;
    if name == "access" && visitor.role.rank() < ADMIN_RANK {
        // As on its pages. Secrets are in another database: there is none here.
        let sentence = "Les accès se lisent par la direction et l’administrateur.";
        return Err(Fault::new(StatusCode::FORBIDDEN, "not_administrator", sentence).into());
    }
    let text = text(&visitor.view.state, &name, &visitor.actor).ok_or_else(Fault::not_found)?;
    let text = text.map_err(|error| JsonFault(Fault::malformed(error.to_string())))?;
    Ok(Json(text).into_response())
}

#[derive(Deserialize)]
pub(super) struct Moment {
    at: Option<i64>,
}

/// Every named fact at a moment.
pub(super) async fn facts(
    Shares(shared): Shares<Shared>,
    visitor: Visitor,
    Path(named): Path<String>,
    moment: Result<Query<Moment>, QueryRejection>,
) -> Answer {
    visitor.journal(&shared, &named)?;
    let unread = |_| Fault::malformed("« at » est un nombre de millisecondes depuis 1970.").about("at");
    let Query(Moment { at }) = moment.map_err(unread)?;
    let at = at.unwrap_or(visitor.now);
    let one = |fact: &facts::Fact| {
        let (value, unit) = match (fact.compute)(&visitor.view.state, at) {
            Value::Count(count) => (json!(count), Some("count")),
            Value::Minutes(minutes) => (json!(minutes), Some("minutes")),
            Value::Truth(truth) => (json!(truth), Some("truth")),
            Value::Unknown => (serde_json::Value::Null, None),
        };
        json!({ "name": fact.name, "meaning": fact.meaning, "value": value, "unit": unit })
    };
    let facts: Vec<serde_json::Value> = facts::all().map(one).collect();
    Ok(Json(json!({ "at": at, "facts": facts })).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_state_is_readable() {
        let whole = serde_json::to_value(State::default()).unwrap_or_default();
        for part in whole.as_object().into_iter().flat_map(|object| object.keys()) {
            let readable = text(&State::default(), part, &ActorId([0; 16])).is_some_and(|text| text.is_ok());
            assert!(readable || ["crises", "raw_count"].contains(&part.as_str()), "no address reads {part}");
            assert_eq!(readable, CAPABILITIES.contains(&part.as_str()), "{part}");
        }
    }
}
