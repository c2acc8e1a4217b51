//! Edits that a compiler proposes.

use serde::{Deserialize, Serialize};

use crate::base::{ByteSpan, RelPath};
use crate::change::Edit;

/// How far a compiler trusts its own suggestion. An old reader takes an unknown value for an error, so a
/// new one comes with a new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Applicability {
    /// It is what the user meant, or has the same meaning.
    MachineApplicable,
    /// It may be what the user meant, and compiles.
    MaybeIncorrect,
    /// It has parts that a user must fill in.
    HasPlaceholders,
    /// Nothing is known.
    Unspecified,
}

/// One edit of a suggestion.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SuggestedEdit {
    /// The file.
    pub path: RelPath,
    /// What is replaced, as the file has it on disk; empty where something is only put in.
    pub bytes: ByteSpan,
    /// What takes its place.
    pub replacement: String,
}

impl SuggestedEdit {
    /// An edit.
    #[must_use]
    pub fn new(path: RelPath, bytes: ByteSpan, replacement: impl Into<String>) -> Self {
        Self { path, bytes, replacement: replacement.into() }
    }

    /// The edit as a patch takes it.
    #[must_use]
    pub fn to_edit(&self) -> Edit {
        Edit::new(self.bytes, self.replacement.clone())
    }
}

/// One way to be rid of a diagnostic: all of its edits together.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Suggestion {
    /// What it does, as the compiler says it.
    pub message: String,
    /// How far the compiler trusts it: the least of its edits.
    pub applicability: Applicability,
    /// The edits, in the order of the compiler.
    pub edits: Vec<SuggestedEdit>,
}

impl Suggestion {
    /// A suggestion.
    #[must_use]
    pub fn new(message: impl Into<String>, applicability: Applicability, edits: Vec<SuggestedEdit>) -> Self {
        Self { message: message.into(), applicability, edits }
    }

    /// Separates what a compiler tells as one list of edits: rustc writes alternatives one behind the other
    /// and does not say where one ends.
    ///
    /// The edits of one alternative stand in the order of the text and do not overlap, so an edit that does
    /// not lie behind the one before it begins another alternative. Alternatives at places that only go
    /// forward cannot be told from one edit of many parts; then, where the message offers a choice (`one
    /// of`), each edit is an alternative.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::base::{ByteSpan, RelPath};
    /// use aether_core::change::{Applicability, SuggestedEdit, Suggestion};
    /// let path = RelPath::new("src/lib.rs")?;
    /// let edit = |at, text: &str| SuggestedEdit::new(path.clone(), ByteSpan::new(at, at), text);
    /// let edits = vec![edit(0, "use a::X;"), edit(0, "use b::X;")];
    /// let found = Suggestion::separate("consider importing", Applicability::MaybeIncorrect, edits);
    /// assert_eq!(found.len(), 2);
    /// # Ok::<(), aether_core::base::RelPathError>(())
    /// ```
    #[must_use]
    pub fn separate(message: &str, applicability: Applicability, edits: Vec<SuggestedEdit>) -> Vec<Self> {
        let is_choice = message.contains("one of ");
        let mut found: Vec<Self> = Vec::new();
        for edit in edits {
            let goes_on = !is_choice
                && found.last().and_then(|it| it.edits.last()).is_some_and(|last| {
                    // The order between files is that of the compiler.
                    last.path != edit.path
                        || (edit.bytes.start >= last.bytes.end && edit.bytes.start > last.bytes.start)
                });
            match found.last_mut() {
                Some(suggestion) if goes_on => suggestion.edits.push(edit),
                _ => found.push(Self::new(message, applicability, vec![edit])),
            }
        }
        found
    }
}
