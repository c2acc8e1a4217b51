//! JSON Schemas: committed as generated, and met by the fixtures.

use std::path::Path;

use aether_core::schema;
use serde_json::Value;

use crate::fixtures::fixture;

fn committed() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("the folder of schemas")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8").to_owned();
            (name, std::fs::read_to_string(&path).expect("a schema is a text"))
        })
        .collect();
    found.sort();
    found
}

/// `cargo run -p aetherkit-core --features schema --example write-schemas -- aether-core/schemas`
/// writes them anew.
#[test]
fn committed_schemas_are_those_of_the_types() {
    let mut generated: Vec<(String, String)> = schema::all()
        .into_iter()
        .map(|(name, schema)| {
            let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
            (format!("{name}.json"), text + "\n")
        })
        .collect();
    generated.sort();
    let committed = committed();
    let names = |all: &[(String, String)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&generated));
    for ((name, old), (_, new)) in committed.iter().zip(&generated) {
        let differs = old.lines().zip(new.lines()).find(|(old, new)| old != new);
        assert!(old == new, "schemas/{name} is out of date; first difference: {differs:?}");
    }
}

#[test]
fn schemas_are_marked() {
    for (name, schema) in schema::all() {
        let version = schema["x-schema-version"].as_u64().expect("a version");
        assert_eq!(schema["$id"], format!("urn:aether:schema:{name}:{version}"), "{name}");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert!(matches!(schema["x-stability"].as_str(), Some("experimental" | "stable")), "{name}");
        assert!(schema["title"].as_str().is_some_and(|title| !title.is_empty()), "{name}");
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}

/// Each description is for readers of JSON: no Rust examples, links or sections.
#[test]
fn descriptions_are_plain() {
    fn check(name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(text) = members.get("description").and_then(Value::as_str) {
                    for part in ["```", "# ", "super::", "crate::", "[`F", "[`T", "[`P", "[`E"] {
                        assert!(!text.contains(part), "{name}: {text}");
                    }
                }
                members.values().for_each(|item| check(name, item));
            }
            Value::Array(items) => items.iter().for_each(|item| check(name, item)),
            _ => {}
        }
    }
    for (name, schema) in schema::all() {
        check(name, &schema);
    }
}

fn validator(name: &str) -> jsonschema::Validator {
    let schemas = schema::all();
    let (_, schema) = schemas.iter().find(|(known, _)| *known == name).expect("a schema of this name");
    jsonschema::validator_for(schema).expect("a schema that can be used")
}

#[test]
fn fixtures_meet_their_schema() {
    for (name, _) in schema::all() {
        let value = fixture(name);
        let errors: Vec<String> = validator(name)
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
}

/// A fixture with one value replaced.
#[track_caller]
fn check_refused(name: &str, pointer: &str, value: impl Into<Value>) {
    let mut changed = fixture(name);
    *changed.pointer_mut(pointer).expect("the fixture has this value") = value.into();
    assert!(!validator(name).is_valid(&changed), "{name} {pointer}");
}

#[test]
fn schemas_refuse_what_the_types_refuse() {
    check_refused("action-request", "/capability", "unheard_of");
    check_refused("action-request", "/provenance/0", "unheard_of");
    check_refused("audit-row", "/record_hmac", "sha256:00");
    check_refused("audit-record", "/seq", -1);
    check_refused("audit-tip", "/tip/event_hash", "00");
    check_refused("grant", "/duration", "forever");
    check_refused("policy", "/posture", "unheard_of");
    check_refused("policy", "/thresholds/tau_patch", "high");
    check_refused("ticket", "/risk", "unheard_of");
    check_refused("bundle-manifest", "/files/0/sha256", "00");
    check_refused("bundle-manifest", "/files/0/size", -1);
    check_refused("symbol", "/id", "sym:123");
    check_refused("symbol", "/visibility", "protected");
    check_refused("symbol", "/span", 3);
    check_refused("edge", "/confidence", 1001);
    check_refused("edge", "/kind", "unheard_of");
    check_refused("edge", "/line", -1);
    check_refused("edge", "/target", "somewhere");
    check_refused("anchor", "/hash", "sha256:ABC");
    check_refused("indexed-file", "/content_hash", "00");
    check_refused("file-change", "/added/0/id", "sym:");
    check_refused("file-change", "/updated/0/line", -1);
    check_refused("file-change", "/removed", Value::Null);
    check_refused("lineage-link", "/cause", "unheard_of");
    check_refused("file-facts", "/symbols/1/body_fingerprint", 7);
    check_refused("file-facts", "/names", Value::Array(vec![]));
    check_refused("search-query", "/limit", -1);
    check_refused("answer-of-search-hits", "/result/0/score", "high");
    check_refused("store-state", "/freshness/is_checked", "no");
    check_refused("impact-entry", "/is_test", 1);
    check_refused("edge-record", "/src_id", "sym:");
    check_refused("project-graph", "/revision", 7);
    check_refused("project-graph", "/files/0/content_hash", "00");
    check_refused("project-graph", "/edges/0/confidence", 1001);
    check_refused("diagnostic", "/level", "loud");
    check_refused("diagnostic", "/spans/0/place", "src/lib.rs");
    check_refused("diagnostic", "/suggestions/0/applicability", "sure");
    check_refused("diagnostic-diff", "/new", Value::Null);
    check_refused("test-run", "/binaries/0/end", "well");
    check_refused("test-run", "/binaries/0/outcomes/0/status", "green");
    check_refused("verification", "/steps/0/step/role", "unheard_of");
    check_refused("judgement", "/tests/regressions/0/after", "green");
    check_refused("patch-provenance", "/tree_after", "00");
    check_refused("envelope", "/signatures/0/sig", Value::Null);
    check_refused("test-comparison", "/regressions/0/before", "green");
    check_refused("syntax-query", "/limit", -1);
    check_refused("syntax-matches", "/reached/0", "unheard_of");
    check_refused("syntax-matches", "/matches/0/captures/0/anchor", Value::Null);
    check_refused("syntax-matches", "/files/changed", -1);
    check_refused("trace-header", "/trace", "short");
    check_refused("trace-header", "/canon", "another");
    check_refused("trace-header", "/policy/budget/tokens", 9_007_199_254_740_992_u64);
    check_refused("trace-event", "/body/probe/outcome", "unheard_of");
    check_refused("trace-event", "/confidence", 1001);
    check_refused("trace-event", "/anchors/0/span/start", -1);
    check_refused("trace-event", "/evidence/0/output", "sha256:ABC");
    check_refused("script-witness", "/entries/0/rule", "script.unheard_of");
}
