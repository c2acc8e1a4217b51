//! Which rule a line breaks that is not the canonical form of a record.
//!
//! This is the slow way, taken for broken lines alone: what reads well and is written again to the same
//! bytes keeps every rule of this file.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::line::Line;
use super::{EventKind, SCHEMA_VERSION, TraceRule};

/// The rule that `line` breaks as a record of this type, and where.
pub(super) fn diagnose<T: Line>(line: &[u8]) -> (TraceRule, String) {
    let Ok(text) = std::str::from_utf8(line) else { return (TraceRule::Utf8, String::new()) };
    if let Some(found) = json_fault(text) {
        return found;
    }
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(text) else {
        return (TraceRule::Syntax, String::new());
    };
    if members.get("v").is_some_and(|version| version.is_u64() && version != SCHEMA_VERSION) {
        return (TraceRule::Version, "v".to_owned());
    }
    if let Some(Value::Object(body)) = members.get("body") {
        let is_kind = |name: &String| EventKind::ALL.iter().any(|kind| kind.name() == name);
        if let Some(unknown) = body.keys().find(|name| !is_kind(name)) {
            return (TraceRule::UnknownKind, format!("body.{unknown}"));
        }
    }
    match serde_json::from_str::<T>(text) {
        Ok(_) => (TraceRule::Canonical, String::new()),
        Err(error) => {
            // serde says in words alone what is wrong; a test of each of these words holds them. An
            // unknown text only makes the answer less exact, and the line is refused all the same.
            let words = error.to_string();
            let rule = if words.starts_with("unknown field") {
                TraceRule::UnknownField
            } else if words.starts_with("missing field") {
                TraceRule::MissingField
            } else {
                TraceRule::BadValue
            };
            (rule, words.split('`').nth(1).unwrap_or_default().to_owned())
        }
    }
}

/// What is wrong with `text` as JSON: it is none, a key comes twice, a number has no single exact form.
fn json_fault(text: &str) -> Option<(TraceRule, String)> {
    let found = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read =
        Walk { found: &found, depth: 0 }.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match (found.take(), read) {
        (Some(fault), _) => Some(fault),
        (None, Err(error)) => Some((TraceRule::Syntax, format!("column {}", error.column()))),
        (None, Ok(())) => None,
    }
}

/// Walks through a value without keeping it and stops at the first fault.
#[derive(Clone, Copy)]
struct Walk<'a> {
    found: &'a Cell<Option<(TraceRule, String)>>,
    depth: u32,
}

/// Deepest nesting that is walked into; a record of a trace has seven levels.
const MAX_DEPTH: u32 = 32;

impl Walk<'_> {
    fn stop<E: serde::de::Error>(self, rule: TraceRule, at: impl fmt::Display) -> E {
        self.found.set(Some((rule, at.to_string())));
        E::custom(rule)
    }

    /// One level further down.
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.stop(TraceRule::Syntax, format_args!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The first whole number that is too large.
const TOO_LARGE: u64 = 1 << 53;

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        if number >= TOO_LARGE { Err(self.stop(TraceRule::BigInteger, number)) } else { Ok(()) }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.visit_u64(number.unsigned_abs())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        // A whole number beyond 64 bits comes here as well.
        let is_large = number.fract() == 0.0 && number.abs() >= TOO_LARGE as f64;
        Err(self.stop(if is_large { TraceRule::BigInteger } else { TraceRule::Float }, number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut keys = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if keys.contains(&key) {
                return Err(self.stop(TraceRule::DuplicateKey, key));
            }
            keys.insert(key);
            members.next_value_seed(inner)?;
        }
        Ok(())
    }
}
