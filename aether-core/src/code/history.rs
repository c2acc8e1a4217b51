//! How the meaning of a symbol changed: versions of its record, and what two of them say differently.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Sir, SymbolId};
use crate::base::{RelPath, Sha256Hash, Timestamp};

/// Version of the records of history. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A commit, as far as history tells of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Commit {
    /// Full id, lower-case hex.
    pub id: String,
    /// Id of the first parent.
    pub parent: Option<String>,
    /// When it was committed.
    pub committed_at: Timestamp,
    /// Name of the author.
    pub author: String,
    /// First line of the message.
    pub summary: String,
}

impl Commit {
    /// How the ids of states begin that were seen outside of version control.
    pub const SEEN: &str = "seen:";

    /// The state of files that no version control keeps, as it was seen at a time; `number` tells it from the
    /// others. Stores keep it like a commit.
    #[must_use]
    pub fn seen(number: u64, at: Timestamp, parent: Option<String>) -> Self {
        let id = format!("{}{number}", Self::SEEN);
        Self { id, parent, committed_at: at, author: String::new(), summary: String::new() }
    }

    /// Whether it is a state that was seen, and no commit.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.id.starts_with(Self::SEEN)
    }
}

/// What the record of a symbol was from some commit on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SirVersion {
    /// The symbol, by the id that it had then.
    pub symbol: SymbolId,
    /// Its qualified name then.
    pub qualified_name: String,
    /// Its file then.
    pub file: RelPath,
    /// Id of the commit; `None` for what is not committed.
    pub commit: Option<String>,
    /// The record; `None` where the symbol went.
    pub sir: Option<Sir>,
    /// Hash of its canonical form.
    pub sir_hash: Option<Sha256Hash>,
}

impl SirVersion {
    /// A version that a commit made. A record that has no hash, because a member that this version does
    /// not know is a float, is told without one.
    #[must_use]
    pub fn new(
        symbol: SymbolId,
        qualified_name: &str,
        file: RelPath,
        commit: Option<&str>,
        sir: Option<Sir>,
    ) -> Self {
        let sir_hash = sir.as_ref().and_then(|sir| sir.hash().ok());
        let commit = commit.map(str::to_owned);
        Self { symbol, qualified_name: qualified_name.to_owned(), file, commit, sir, sir_hash }
    }
}

/// What two records say differently.
///
/// # Examples
///
/// ```
/// use aether_core::code::{Confidence, EffectKind, Sir, SirDiff, Statement};
/// let old = Sir::new("Loads it.", Confidence::from_thousandths(900));
/// let mut new = old.clone();
/// new.side_effects.push(Statement::new(EffectKind::NETWORK, "web::get"));
/// let diff = SirDiff::between(Some(&old), Some(&new));
/// assert_eq!(diff.fields_added, ["side_effects"]);
/// assert_eq!(diff.summary(), "does now: network: web::get");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SirDiff {
    /// Members that said nothing before, sorted.
    pub fields_added: Vec<String>,
    /// Members that say nothing any more, sorted.
    pub fields_removed: Vec<String>,
    /// Members that say something else, sorted.
    pub fields_modified: Vec<String>,
    /// What is different, member by member, sorted by member.
    pub changes: Vec<FieldChange>,
}

/// What one member of a record says that it did not, and the other way round.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FieldChange {
    /// Name of the member.
    pub field: String,
    /// What it says now and did not.
    pub added: Vec<String>,
    /// What it said and does not now.
    pub removed: Vec<String>,
}

/// The members of a record as lists of texts, sorted by name.
fn fields(sir: Option<&Sir>) -> Vec<(String, Vec<String>)> {
    let Some(sir) = sir else { return Vec::new() };
    let texts = |list: &[String]| list.to_vec();
    let told = |list: &[super::Statement]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut fields = vec![
        ("confidence".to_owned(), vec![format!("{}", sir.confidence.as_fraction())]),
        ("dependencies".to_owned(), texts(&sir.dependencies)),
        ("error_modes".to_owned(), told(&sir.error_modes)),
        ("exports".to_owned(), texts(&sir.exports)),
        ("inputs".to_owned(), texts(&sir.inputs)),
        ("intent".to_owned(), vec![sir.intent.clone()]),
        ("outputs".to_owned(), texts(&sir.outputs)),
        ("side_effects".to_owned(), told(&sir.side_effects)),
    ];
    fields.extend(sir.extra.iter().map(|(name, value)| (name.clone(), vec![value.to_string()])));
    fields.sort();
    fields
}

impl SirDiff {
    /// Compares two records; `None` stands for a symbol that is not there.
    #[must_use]
    pub fn between(old: Option<&Sir>, new: Option<&Sir>) -> Self {
        let (olds, news) = (fields(old), fields(new));
        let names: BTreeSet<&String> = olds.iter().chain(&news).map(|(name, _)| name).collect();
        let mut diff = Self::default();
        for name in names {
            let of = |fields: &[(String, Vec<String>)]| {
                fields
                    .iter()
                    .find(|(field, _)| field == name)
                    .map_or_else(Vec::new, |(_, texts)| texts.clone())
            };
            let (before, after) = (of(&olds), of(&news));
            if before == after {
                continue;
            }
            let list = match (before.is_empty(), after.is_empty()) {
                (true, _) => &mut diff.fields_added,
                (_, true) => &mut diff.fields_removed,
                (false, false) => &mut diff.fields_modified,
            };
            list.push(name.clone());
            let missing = |from: &[String], other: &[String]| {
                from.iter().filter(|text| !other.contains(text)).cloned().collect::<Vec<_>>()
            };
            diff.changes.push(FieldChange {
                field: name.clone(),
                added: missing(&after, &before),
                removed: missing(&before, &after),
            });
        }
        diff
    }

    /// Whether both say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The difference in a line, what callers should know first.
    #[must_use]
    pub fn summary(&self) -> String {
        const ORDER: [(&str, &str, &str); 7] = [
            ("inputs", "takes now", "takes no more"),
            ("outputs", "gives now", "gives no more"),
            ("side_effects", "does now", "does no more"),
            ("error_modes", "can fail by", "fails no more by"),
            ("exports", "exports now", "exports no more"),
            ("dependencies", "needs now", "needs no more"),
            ("intent", "is told as", "was told as"),
        ];
        let mut parts = Vec::new();
        for (field, now, no_more) in ORDER {
            let Some(change) = self.changes.iter().find(|change| change.field == field) else { continue };
            if !change.added.is_empty() {
                parts.push(format!("{now}: {}", change.added.join(", ")));
            }
            // Of what has one value, the new one says it all.
            let is_replaced = !change.added.is_empty() && ["outputs", "intent"].contains(&field);
            if !change.removed.is_empty() && !is_replaced {
                parts.push(format!("{no_more}: {}", change.removed.join(", ")));
            }
            if change.added.is_empty() && change.removed.is_empty() {
                parts.push(format!("{field} in another order"));
            }
        }
        if parts.is_empty() && !self.is_empty() {
            let names: Vec<&str> = self.changes.iter().map(|change| change.field.as_str()).collect();
            parts.push(format!("other {}", names.join(", ")));
        }
        parts.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::SirDiff;
    use crate::code::{Confidence, EffectKind, Sir, Statement};

    #[test]
    fn members_come_go_and_change() {
        let mut old = Sir::new("Loads.", Confidence::from_thousandths(900));
        old.inputs = vec!["a: u8".to_owned()];
        old.outputs = vec!["u8".to_owned()];
        let mut new = Sir::new("Loads.", Confidence::from_thousandths(900));
        new.outputs = vec!["u16".to_owned()];
        new.side_effects = vec![Statement::new(EffectKind::TIME, "now")];
        let diff = SirDiff::between(Some(&old), Some(&new));
        assert_eq!(diff.fields_added, ["side_effects"]);
        assert_eq!(diff.fields_removed, ["inputs"]);
        assert_eq!(diff.fields_modified, ["outputs"]);
        assert_eq!(diff.summary(), "takes no more: a: u8; gives now: u16; does now: time: now");
        assert!(SirDiff::between(Some(&new), Some(&new)).is_empty());
    }

    #[test]
    fn another_order_and_another_confidence_are_told() {
        let mut old = Sir::new("Loads.", Confidence::from_thousandths(900));
        old.inputs = vec!["a".to_owned(), "b".to_owned()];
        let mut new = old.clone();
        new.inputs.reverse();
        assert_eq!(SirDiff::between(Some(&old), Some(&new)).summary(), "inputs in another order");
        let less = Sir { confidence: Confidence::from_thousandths(600), ..old.clone() };
        assert_eq!(SirDiff::between(Some(&old), Some(&less)).summary(), "other confidence");
    }
}
