//! Syntax queries: patterns over the syntax trees of files, and what they match.

use serde::{Deserialize, Serialize};

use super::{Anchor, Language};

/// Version of the syntax records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A pattern over syntax trees, and which files it is put to.
///
/// The pattern is written as in [tree-sitter](https://tree-sitter.github.io/tree-sitter/using-parsers/queries/):
/// nodes in parentheses, `@name` behind what to show, predicates such as `(#eq? @name "new")`. What it
/// can name is told by the grammar of the language.
///
/// # Examples
///
/// ```
/// use aether_core::code::{Language, SyntaxQuery};
/// let query = SyntaxQuery::new("(function_item name: (identifier) @name)")
///     .with_language(Some(Language::RUST))
///     .with_limit(20);
/// assert_eq!(query.max_text_bytes, 1024);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SyntaxQuery {
    /// The pattern; several stand one behind the other.
    pub query: String,
    /// The language of the files; none for the one of most files among those whose grammar takes the
    /// pattern.
    pub language: Option<Language>,
    /// Parts of paths to keep, in which `*` stands for any text; all when empty.
    pub paths: Vec<String>,
    /// Most matches, from 1.
    pub limit: u32,
    /// Most bytes of the text of one capture; what is longer is cut at a character.
    pub max_text_bytes: u32,
}

impl SyntaxQuery {
    /// A query over all files of one language.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self { query: query.into(), language: None, paths: Vec::new(), limit: 100, max_text_bytes: 1024 }
    }

    /// Sets the language. Default: that of most files among those whose grammar takes the pattern.
    #[must_use]
    pub fn with_language(mut self, language: Option<Language>) -> Self {
        self.language = language;
        self
    }

    /// Sets the parts of paths to keep. Default: all.
    #[must_use]
    pub fn with_paths(mut self, paths: Vec<String>) -> Self {
        self.paths = paths;
        self
    }

    /// Sets the most matches. Default: 100; 0 is taken for 1.
    #[must_use]
    pub fn with_limit(mut self, limit: u32) -> Self {
        self.limit = limit.max(1);
        self
    }

    /// Sets the most bytes of the text of one capture. Default: 1,024.
    #[must_use]
    pub fn with_max_text_bytes(mut self, max_text_bytes: u32) -> Self {
        self.max_text_bytes = max_text_bytes;
        self
    }

    /// Whether the query keeps a file, by the text of its path.
    #[must_use]
    pub fn keeps_path(&self, path: &str) -> bool {
        super::path_filter::keeps(&self.paths, path)
    }
}

/// What a syntax query found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SyntaxMatches {
    /// The language of the files that were searched.
    pub language: Language,
    /// The matches, by file, place and pattern.
    pub matches: Vec<SyntaxMatch>,
    /// Whether there may be more of them.
    pub has_more: bool,
    /// The limits that were reached; empty unless there may be more.
    pub reached: Vec<SyntaxLimit>,
    /// What became of the files.
    pub files: SyntaxFiles,
}

impl SyntaxMatches {
    /// Nothing found yet in files of `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self {
            language,
            matches: Vec::new(),
            has_more: false,
            reached: Vec::new(),
            files: SyntaxFiles::default(),
        }
    }

    /// Notes that a limit was reached.
    pub fn reach(&mut self, limit: SyntaxLimit) {
        self.has_more = true;
        if let Err(place) = self.reached.binary_search(&limit) {
            self.reached.insert(place, limit);
        }
    }
}

/// A place where a pattern matches.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SyntaxMatch {
    /// Which of the patterns, from 0.
    pub pattern: u32,
    /// What it captured, in the order of the source; never empty.
    pub captures: Vec<SyntaxCapture>,
}

impl SyntaxMatch {
    /// A match.
    #[must_use]
    pub fn new(pattern: u32, captures: Vec<SyntaxCapture>) -> Self {
        Self { pattern, captures }
    }
}

/// A node of a syntax tree that a pattern captured.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SyntaxCapture {
    /// The name that the pattern gives it, without `@`.
    pub name: String,
    /// The kind of the node, as the grammar calls it.
    pub kind: String,
    /// Its text, up to the limit of the query; it is cut when it is shorter than the span of the anchor.
    pub text: String,
    /// Column of its first character, from 1, in characters.
    pub column: u32,
    /// Where it stands, in the innermost symbol around it.
    pub anchor: Anchor,
}

impl SyntaxCapture {
    /// A captured node.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        kind: impl Into<String>,
        text: impl Into<String>,
        column: u32,
        anchor: Anchor,
    ) -> Self {
        Self { name: name.into(), kind: kind.into(), text: text.into(), column, anchor }
    }
}

/// What cut an answer off. An old reader takes an unknown value for an error, so a new one comes with a
/// new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SyntaxLimit {
    /// As many matches as were asked for.
    Matches,
    /// The answer is as large as it may be.
    Bytes,
    /// The work on one file is as much as it may be; the rest of that file was left out.
    Work,
    /// More matches of one file were begun at once than can be followed; some of them were given up.
    States,
    /// The time is over.
    Time,
}

/// What became of the files of the language that the filters keep.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyntaxFiles {
    /// Files that were searched.
    pub searched: u64,
    /// Files above the size limit, and those of a dialect that has not what the pattern names.
    pub skipped: u64,
    /// Files that could not be read or are not UTF-8.
    pub unreadable: u64,
    /// Files that are no longer what the index knows; they were not searched.
    pub changed: u64,
    /// Files that were left because a limit was reached.
    pub left: u64,
}
