//! A trace as JSON values, and a second writer of the format, made from its description alone.

use aether_core::base::{Sha256Hash, canonical_json};
use serde_json::{Value, json};

/// What `docs/SCHEMAS.md` says stands in front of all that is hashed.
const DOMAIN: &[u8] = b"aether.trace.v1\n";

pub(crate) fn values(bytes: &[u8]) -> Vec<Value> {
    let lines = std::str::from_utf8(bytes).expect("a trace is a text").lines();
    lines.map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The kind of an event.
pub(crate) fn kind(line: &Value) -> &str {
    line["body"].as_object().and_then(|body| body.keys().next()).map_or("", String::as_str)
}

/// Numbers the events anew; evidence follows its probes, and stays where these are gone.
pub(crate) fn renumber(lines: &mut [Value]) {
    let old: Vec<Value> = lines.iter().map(|line| line["seq"].clone()).collect();
    for (number, line) in lines.iter_mut().enumerate().skip(1) {
        line["seq"] = json!(number);
        for evidence in line.get_mut("evidence").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(new) = old.iter().position(|old| *old == evidence["probe"]) {
                evidence["probe"] = json!(new);
            }
        }
    }
}

/// Chains and hashes the lines anew, whatever they say.
pub(crate) fn rehash(lines: &mut [Value]) -> Vec<u8> {
    let mut prev = [0; 32];
    let mut out = Vec::new();
    for (index, line) in lines.iter_mut().enumerate() {
        let members = line.as_object_mut().expect("a line is an object");
        if index > 0 {
            members.insert("prev".to_owned(), json!(Sha256Hash::from_bytes(prev)));
        }
        members.remove("hash");
        let text = canonical_json(&*members).expect("it has a canonical form");
        let hash = Sha256Hash::of(&[DOMAIN, &prev, text.as_bytes()].concat());
        members.insert("hash".to_owned(), json!(hash));
        prev = *hash.as_bytes();
        out.extend_from_slice(canonical_json(&*members).expect("it has a canonical form").as_bytes());
        out.push(b'\n');
    }
    out
}
