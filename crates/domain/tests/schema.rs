//! Every kind of event says what its body is made of.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use domain::Event;
use schemars::generate::SchemaSettings;

#[test]
fn every_kind_has_a_schema_in_words() {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let schemas = Event::schemas(&mut generator);
    let kinds: Vec<(&str, u16)> = schemas.iter().map(|(kind, version, _)| (*kind, *version)).collect();
    assert_eq!(kinds, Event::KINDS);
    let definitions = generator.take_definitions(true);
    for (kind, _, schema) in schemas {
        let named = schema.get("$ref").and_then(|r| r.as_str()).and_then(|r| r.rsplit('/').next());
        let body = named.map_or_else(|| schema.as_value(), |name| &definitions[name]);
        assert_eq!(body["type"], "object", "{kind}: {body}");
        assert!(body["description"].as_str().is_some_and(|words| words.ends_with('.')), "{kind} has no description");
        for (field, schema) in body["properties"].as_object().into_iter().flatten() {
            assert!(schema.get("description").is_some(), "{kind}: {field} has no description");
        }
    }
}
