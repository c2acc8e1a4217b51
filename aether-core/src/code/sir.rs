//! The semantic record of a symbol (SIR): what it is for, takes, gives, does, needs, and how it fails.

mod status;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

pub use status::{RecordAttempt, RecordStatus, StoredRecord};

use super::{Confidence, EffectKind};
use crate::base::{CanonicalJsonError, Sha256Hash, canonical_json, canonical_text};

/// Version of the semantic records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A semantic record, version 1.
///
/// It holds no place and no time, so it changes when the meaning does and not when lines move. Members
/// that this version does not know are kept and count for the hash.
///
/// # Examples
///
/// ```
/// use aether_core::code::{Confidence, EffectKind, Sir, Statement};
/// let mut sir = Sir::new("Reads the configuration.", Confidence::from_thousandths(900));
/// sir.side_effects.push(Statement::new(EffectKind::FILES_READ, "std::fs::read"));
/// let text = sir.canonical()?;
/// assert!(text.starts_with(r#"{"confidence":900,"dependencies":[]"#));
/// assert_eq!(serde_json::from_str::<Sir>(&text)?, sir);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Unchecked")]
#[cfg_attr(feature = "schema", schemars(!try_from))]
#[non_exhaustive]
pub struct Sir {
    /// What it is for, in a sentence; never blank.
    pub intent: String,
    /// What it takes: parameters as written.
    pub inputs: Vec<String>,
    /// What it gives: the type of its result as written.
    pub outputs: Vec<String>,
    /// What it does beside giving a value.
    pub side_effects: Vec<Statement>,
    /// What it needs: qualified names of the project, canonical paths outside.
    pub dependencies: Vec<String>,
    /// How it can fail.
    pub error_modes: Vec<Statement>,
    /// How much of it is known and not guessed.
    pub confidence: Confidence,
    /// Of a roll-up: the public names in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exports: Vec<String>,
    /// Of a roll-up: the records in it. 0 for that of one symbol.
    #[serde(skip_serializing_if = "is_zero")]
    pub symbol_count: u32,
    /// Members of other versions.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A statement about what a symbol does or how it fails. A plain text is read as one that is told in words
/// alone.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Statement {
    /// Kind.
    pub kind: EffectKind,
    /// What has the effect, such as `std::fs::read`, and the symbol that it stands in where that is
    /// another: `unwrap in config::parse`.
    pub text: String,
}

impl Statement {
    /// A statement.
    #[must_use]
    pub fn new(kind: EffectKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == EffectKind::STATED {
            return f.write_str(&self.text);
        }
        write!(f, "{}: {}", self.kind, self.text)
    }
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrMap;

        impl<'de> Visitor<'de> for TextOrMap {
            type Value = Statement;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or an object with `kind` and `text`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Statement, E> {
                Ok(Statement::new(EffectKind::STATED, text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Statement, A::Error> {
                #[derive(Deserialize)]
                struct Members {
                    kind: EffectKind,
                    text: String,
                }

                let members = Members::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Statement { kind: members.kind, text: members.text })
            }
        }

        deserializer.deserialize_any(TextOrMap)
    }
}

/// Why a record is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the intent of a semantic record is blank")]
pub struct SirError;

/// A record of this version alone, its members in the order of their names.
#[derive(Serialize)]
struct ByName<'a> {
    confidence: Confidence,
    dependencies: &'a [String],
    error_modes: &'a [Statement],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    exports: &'a [String],
    inputs: &'a [String],
    intent: &'a str,
    outputs: &'a [String],
    side_effects: &'a [Statement],
    #[serde(skip_serializing_if = "is_zero")]
    symbol_count: u32,
}

impl<'a> From<&'a Sir> for ByName<'a> {
    fn from(sir: &'a Sir) -> Self {
        Self {
            confidence: sir.confidence,
            dependencies: &sir.dependencies,
            error_modes: &sir.error_modes,
            exports: &sir.exports,
            inputs: &sir.inputs,
            intent: &sir.intent,
            outputs: &sir.outputs,
            side_effects: &sir.side_effects,
            symbol_count: sir.symbol_count,
        }
    }
}

/// A record as it is read, before anything is checked.
#[derive(Deserialize)]
struct Unchecked {
    intent: String,
    #[serde(default)]
    inputs: Vec<String>,
    #[serde(default)]
    outputs: Vec<String>,
    #[serde(default)]
    side_effects: Vec<Statement>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    error_modes: Vec<Statement>,
    confidence: Confidence,
    #[serde(default)]
    exports: Vec<String>,
    #[serde(default)]
    symbol_count: u32,
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

impl TryFrom<Unchecked> for Sir {
    type Error = SirError;

    fn try_from(read: Unchecked) -> Result<Self, SirError> {
        if read.intent.trim().is_empty() {
            return Err(SirError);
        }
        let mut sir = Self {
            intent: read.intent,
            inputs: read.inputs,
            outputs: read.outputs,
            side_effects: read.side_effects,
            dependencies: read.dependencies,
            error_modes: read.error_modes,
            confidence: read.confidence,
            exports: read.exports,
            symbol_count: read.symbol_count,
            extra: read.extra,
        };
        sir.normalise();
        Ok(sir)
    }
}

impl Sir {
    /// A record that says what a symbol is for and nothing else. A blank `intent` is written as `?`.
    #[must_use]
    pub fn new(intent: impl Into<String>, confidence: Confidence) -> Self {
        let intent = intent.into();
        Self {
            intent: if intent.trim().is_empty() { "?".to_owned() } else { intent },
            inputs: Vec::new(),
            outputs: Vec::new(),
            side_effects: Vec::new(),
            dependencies: Vec::new(),
            error_modes: Vec::new(),
            confidence,
            exports: Vec::new(),
            symbol_count: 0,
            extra: BTreeMap::new(),
        }
    }

    /// Brings what has no order of its own into one, each entry once: effects, dependencies, ways to fail,
    /// exports. Parameters and results keep theirs.
    pub fn normalise(&mut self) {
        self.side_effects.sort();
        self.side_effects.dedup();
        self.dependencies.sort();
        self.dependencies.dedup();
        self.error_modes.sort();
        self.error_modes.dedup();
        self.exports.sort();
        self.exports.dedup();
    }

    /// The canonical form (RFC 8785), over which [`Sir::hash`] is taken. The order of what has none does
    /// not matter.
    ///
    /// # Errors
    ///
    /// When a member of another version is a floating-point number, or an integer beyond 2^53.
    pub fn canonical(&self) -> Result<String, CanonicalJsonError> {
        if !self.is_normal() {
            let mut ordered = self.clone();
            ordered.normalise();
            return ordered.canonical();
        }
        if self.extra.is_empty() {
            // Members in the order of their names and no numbers but small ones: what is written is canonical.
            return canonical_text(&ByName::from(self));
        }
        canonical_json(self)
    }

    fn is_normal(&self) -> bool {
        fn is_strictly_sorted<T: Ord>(list: &[T]) -> bool {
            list.windows(2).all(|pair| pair[0] < pair[1])
        }

        is_strictly_sorted(&self.side_effects)
            && is_strictly_sorted(&self.dependencies)
            && is_strictly_sorted(&self.error_modes)
            && is_strictly_sorted(&self.exports)
    }

    /// SHA-256 of the canonical form.
    ///
    /// # Errors
    ///
    /// Those of [`Sir::canonical`].
    pub fn hash(&self) -> Result<Sha256Hash, CanonicalJsonError> {
        Ok(Sha256Hash::of(self.canonical()?.as_bytes()))
    }

    /// One record of many: of a file, a module. Effects, ways to fail and needs are those of all, without
    /// what stays inside (a need that is in `inside`); the confidence is the least.
    #[must_use]
    pub fn roll_up<'a>(
        intent: impl Into<String>,
        members: impl IntoIterator<Item = (&'a Self, Option<&'a str>)>,
        is_inside: impl Fn(&str) -> bool,
    ) -> Self {
        let mut sum = Self::new(intent, Confidence::from_thousandths(1000));
        for (member, exported) in members {
            sum.symbol_count += 1;
            sum.exports.extend(exported.map(str::to_owned));
            // What one member lends another stays inside.
            let effects = member.side_effects.iter().filter(|it| it.kind != EffectKind::MUTATES);
            sum.side_effects.extend(effects.cloned());
            sum.error_modes.extend(member.error_modes.iter().cloned());
            let needs = member.dependencies.iter().filter(|it| !is_inside(it));
            sum.dependencies.extend(needs.cloned());
            sum.confidence = sum.confidence.min(member.confidence);
        }
        sum.normalise();
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Sir, Statement};
    use crate::base::canonical_json;
    use crate::code::{Confidence, EffectKind};

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            proptest::collection::vec(any::<char>(), 1..6).prop_map(|chars| chars.into_iter().collect()),
            "[a-z\"\\\\\u{0}-\u{1f}\u{7f}/]{1,8}",
        ]
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec(text(), 0..4)
    }

    fn statements() -> impl Strategy<Value = Vec<Statement>> {
        proptest::collection::vec(
            (text(), text()).prop_map(|(kind, text)| Statement::new(EffectKind::new(&kind), text)),
            0..4,
        )
    }

    prop_compose! {
        fn sirs()(
            lists in (texts(), texts(), texts(), texts()),
            told in (statements(), statements()),
            intent in text(),
            confidence in 0_u16..=1000,
            symbol_count in 0_u32..3,
        ) -> Sir {
            let mut sir = Sir::new(intent, Confidence::from_thousandths(confidence));
            (sir.inputs, sir.outputs, sir.dependencies, sir.exports) = lists;
            (sir.side_effects, sir.error_modes) = told;
            sir.symbol_count = symbol_count;
            sir
        }
    }

    proptest! {
        #[test]
        fn the_short_way_to_the_canonical_form_gives_the_same(mut sir in sirs()) {
            let text = sir.canonical().unwrap();
            sir.normalise();
            prop_assert_eq!(&text, &canonical_json(&sir).unwrap());
            prop_assert_eq!(serde_json::from_str::<Sir>(&text).unwrap(), sir);
        }
    }

    #[test]
    fn order_without_meaning_is_none_in_the_hash_and_order_with_meaning_is() {
        let mut one = Sir::new("x", Confidence::from_thousandths(900));
        one.dependencies = vec!["b".to_owned(), "a".to_owned(), "b".to_owned()];
        let mut two = one.clone();
        two.dependencies = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(one.hash().unwrap(), two.hash().unwrap());
        // Sorted, and one of them twice.
        one.dependencies = vec!["a".to_owned(), "a".to_owned(), "b".to_owned()];
        assert_eq!(one.hash().unwrap(), two.hash().unwrap());
        one.inputs = vec!["b".to_owned(), "a".to_owned()];
        two.inputs = vec!["a".to_owned(), "b".to_owned()];
        assert_ne!(one.hash().unwrap(), two.hash().unwrap());
    }

    #[test]
    fn members_of_other_versions_survive_and_count() {
        let text = r#"{"intent":"x","confidence":500,"edge_cases":["none",{"a":null}]}"#;
        let sir: Sir = serde_json::from_str(text).unwrap();
        let back = sir.canonical().unwrap();
        assert!(back.contains(r#""edge_cases":["none",{"a":null}]"#), "{back}");
        let plain = Sir::new("x", Confidence::from_thousandths(500));
        assert_ne!(sir.hash().unwrap(), plain.hash().unwrap());
        assert_eq!(serde_json::from_str::<Sir>(&back).unwrap(), sir);
    }

    #[test]
    fn statements_may_be_told_in_words() {
        let text = r#"{"intent":"x","confidence":500,"side_effects":["writes a log",{"kind":"network","text":"get"}]}"#;
        let sir: Sir = serde_json::from_str(text).unwrap();
        let shown: Vec<String> = sir.side_effects.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["network: get", "writes a log"]);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for text in [
            r#"{"intent":"  ","confidence":500}"#,
            r#"{"intent":"x","confidence":1001}"#,
            r#"{"intent":"x"}"#,
            r#"{"confidence":1}"#,
            r#"{"intent":"x","confidence":0.5}"#,
            r#"{"intent":"x","confidence":500,"side_effects":[{"kind":"a"}]}"#,
            r#"{"intent":"x","confidence":500,"side_effects":[7]}"#,
        ] {
            assert!(serde_json::from_str::<Sir>(text).is_err(), "{text}");
        }
        let float: Sir = serde_json::from_str(r#"{"intent":"x","confidence":1,"weight":0.5}"#).unwrap();
        assert!(float.hash().is_err());
    }

    #[test]
    fn a_roll_up_is_the_sum_without_what_stays_inside() {
        let mut one = Sir::new("a", Confidence::from_thousandths(900));
        one.dependencies = vec!["m::two".to_owned(), "other::f".to_owned()];
        one.side_effects =
            vec![Statement::new(EffectKind::MUTATES, "self"), Statement::new(EffectKind::TIME, "now")];
        let two = Sir::new("b", Confidence::from_thousandths(600));
        let sum =
            Sir::roll_up("both", [(&one, Some("m::one")), (&two, None)], |need| need.starts_with("m::"));
        assert_eq!(sum.dependencies, ["other::f"]);
        assert_eq!(sum.side_effects, [Statement::new(EffectKind::TIME, "now")]);
        assert_eq!((sum.exports.as_slice(), sum.symbol_count), (&["m::one".to_owned()][..], 2));
        assert_eq!(sum.confidence.thousandths(), 600);
    }
}
