//! Compares what a tool says in a replay with what it said then, apart from what is known to vary.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How what a tool says again is like what it said. In the order of the likeness.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DivergenceClass {
    /// The same bytes.
    Identical,
    /// The same apart from folders, times and temporary names.
    NormalisedEqual,
    /// The same lines, or the same JSON, in another order.
    SemanticEqual,
    /// Something else.
    Diverged,
    /// The tool could not be asked again, or what it said then is not kept.
    Unavailable,
}

/// What varies from run to run without a meaning: the folders that a tool worked in, how long it took, and
/// the names of temporary files. A pure function over texts.
///
/// # Examples
///
/// ```
/// use aether_core::record::trace::{DivergenceClass, Normaliser, compare_outputs};
/// let then = "   Compiling a v0.1.0 (/builds/1/a)\n    Finished in 1.25s\n";
/// let now = "   Compiling a v0.1.0 (/other/a)\n    Finished in 0.98s\n";
/// let then = (then, Normaliser::new(["/builds/1"]));
/// let now = (now, Normaliser::new(["/other"]));
/// let class = compare_outputs(Some((then.0, &then.1)), Some((now.0, &now.1)));
/// assert_eq!(class, DivergenceClass::NormalisedEqual);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Normaliser {
    /// Longest first, so that a folder inside another one is taken before it.
    folders: Vec<String>,
}

/// What stands for a folder of the run.
const FOLDER: &str = "<folder>";
/// What stands for a time.
const DURATION: &str = "<time>";
/// What stands for a temporary name.
const TEMPORARY: &str = "<temporary>";

impl Normaliser {
    /// A normaliser of a run that worked in these folders, each by its absolute path. All of them are
    /// taken for the same place; relative paths, empty ones and the root are left out.
    #[must_use]
    pub fn new(folders: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let trimmed = |folder: String| folder.trim_end_matches(['/', '\\']).to_owned();
        let mut folders: Vec<String> = folders
            .into_iter()
            .map(|folder| trimmed(folder.into()))
            .filter(|folder| folder.len() > 1 && folder.contains(['/', '\\']))
            .collect();
        folders.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        folders.dedup();
        Self { folders }
    }

    /// The text with all that varies replaced.
    #[must_use]
    pub fn normalise(&self, text: &str) -> String {
        let text = self.without_folders(&text.replace("\r\n", "\n"));
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let before = out.chars().next_back();
            let starts_word = !before.is_some_and(is_word);
            if starts_word && let Some(len) = duration_len(rest, before) {
                out.push_str(DURATION);
                rest = &rest[len..];
            } else if starts_word && let Some(len) = temporary_len(rest) {
                out.push_str(TEMPORARY);
                rest = &rest[len..];
            } else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }

    fn without_folders(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_whole = |folder: &&String| {
                rest.strip_prefix(folder.as_str())
                    .is_some_and(|behind| !behind.chars().next().is_some_and(is_name))
                    && !out.chars().next_back().is_some_and(is_name)
            };
            if let Some(folder) = self.folders.iter().find(is_whole) {
                out.push_str(FOLDER);
                rest = &rest[folder.len()..];
            } else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether a name of a folder may go on with this character.
fn is_name(character: char) -> bool {
    is_word(character) || matches!(character, '-' | '.')
}

/// Length of a time that `text` begins with: digits, at most one point among them, and a unit.
fn duration_len(text: &str, before: Option<char>) -> Option<usize> {
    if before == Some('.') {
        // Part of a version, such as `1.0.2s`.
        return None;
    }
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let after = &text[digits..];
    let fraction = after.strip_prefix('.').map_or(0, |behind| {
        let len = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        if len == 0 { 0 } else { len + 1 }
    });
    let number = digits + fraction;
    if digits == 0 {
        return None;
    }
    let behind = &text[number..];
    let spaced = behind.strip_prefix(' ').unwrap_or(behind);
    let space = behind.len() - spaced.len();
    ["ms", "µs", "us", "ns", "seconds", "s"].into_iter().find_map(|unit| {
        let end = spaced.strip_prefix(unit)?;
        // "5 s" is a time and "5 such" is none.
        (!end.chars().next().is_some_and(is_word)).then_some(number + space + unit.len())
    })
}

/// Length of a temporary name that `text` begins with: `.tmp`, `tmp.`, `tmp-`, `tmp_` or `rustc` and at
/// least six letters or digits.
fn temporary_len(text: &str) -> Option<usize> {
    [".tmp", "tmp.", "tmp-", "tmp_", "tmp", "rustc"].into_iter().find_map(|prefix| {
        let behind = text.strip_prefix(prefix)?;
        let len = behind.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(behind.len());
        let tail = &behind[..len];
        // A word such as `tmpfiles` is none: chance mixes digits or cases in.
        let is_chance = tail.chars().any(|c| c.is_ascii_digit())
            || (tail.chars().any(|c| c.is_ascii_uppercase()) && tail.chars().any(|c| c.is_ascii_lowercase()));
        (len >= 6 && is_chance).then_some(prefix.len() + len)
    })
}

/// How two outputs of a tool are alike, each with what varied in its run. `None` is an output that is not
/// there.
#[must_use]
pub fn compare_outputs(
    then: Option<(&str, &Normaliser)>,
    now: Option<(&str, &Normaliser)>,
) -> DivergenceClass {
    let (Some((then, then_varies)), Some((now, now_varies))) = (then, now) else {
        return DivergenceClass::Unavailable;
    };
    if then == now {
        return DivergenceClass::Identical;
    }
    let (then, now) = (then_varies.normalise(then), now_varies.normalise(now));
    if then == now {
        return DivergenceClass::NormalisedEqual;
    }
    if sorted_lines(&then) == sorted_lines(&now) {
        return DivergenceClass::SemanticEqual;
    }
    DivergenceClass::Diverged
}

/// How often each line that is not empty comes; a line of JSON counts as its value, whatever the order of
/// its members.
fn sorted_lines(text: &str) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let value = line.starts_with('{').then(|| serde_json::from_str::<Value>(line).ok()).flatten();
        let key = value.map_or_else(|| line.to_owned(), |value| sorted(value).to_string());
        *lines.entry(key).or_insert(0) += 1;
    }
    lines
}

/// The value with the members of each object in the order of their names, because `serde_json` may have
/// been built to keep them in another one.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(key, item)| (key, sorted(item))).collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
