//! Questions to the index, and what surrounds every answer.

use serde::{Deserialize, Serialize};

use super::{Language, SymbolId, SymbolKind};
use crate::base::{RelPath, Timestamp};

/// Version of the answer records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// How a search is made. An old reader takes an unknown value for an error, so a new one comes with a
/// new schema version.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SearchMode {
    /// By words.
    #[default]
    Lexical,
    /// By meaning: vectors of what records say.
    Semantic,
    /// By both.
    Hybrid,
}

impl SearchMode {
    /// `lexical`, `semantic` or `hybrid`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::Semantic => "semantic",
            Self::Hybrid => "hybrid",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Lexical, Self::Semantic, Self::Hybrid].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// What a search found, and how it searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchAnswer {
    /// Hits, best first.
    pub hits: Vec<SearchHit>,
    /// How it was asked to search.
    pub mode_requested: SearchMode,
    /// How it searched.
    pub mode_used: SearchMode,
    /// Why that is another: a stable word.
    pub fallback_reason: Option<String>,
}

impl SearchAnswer {
    /// Hits of a mode that was asked for.
    #[must_use]
    pub fn new(hits: Vec<SearchHit>, mode: SearchMode) -> Self {
        Self { hits, mode_requested: mode, mode_used: mode, fallback_reason: None }
    }

    /// Hits by words in place of another mode.
    #[must_use]
    pub fn fallen_back(hits: Vec<SearchHit>, requested: SearchMode, reason: &str) -> Self {
        let used = SearchMode::Lexical;
        Self { hits, mode_requested: requested, mode_used: used, fallback_reason: Some(reason.to_owned()) }
    }
}

/// A search: words and filters.
///
/// # Examples
///
/// ```
/// use aether_core::code::SearchQuery;
/// let query = SearchQuery::parse("kind:fn,method path:src/io read line", 20);
/// assert_eq!(query.text, "read line");
/// assert_eq!(query.paths, ["src/io"]);
/// assert!(query.keeps_path("src/io/read.rs") && !query.keeps_path("src/lib.rs"));
/// assert_eq!(query.kinds.len(), 2);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchQuery {
    /// Words. A word that ends in `*` matches as a prefix; a word in double quotes only as a name.
    pub text: String,
    /// Languages to keep; all when empty.
    pub languages: Vec<Language>,
    /// Kinds to keep; all when empty.
    pub kinds: Vec<SymbolKind>,
    /// Parts of paths to keep, in which `*` stands for any text; all when empty.
    pub paths: Vec<String>,
    /// Most hits, from 1.
    pub limit: u32,
}

impl SearchQuery {
    /// Reads a query as a person types it: `language:` (or `lang:`), `kind:` and `path:` (or `file:`)
    /// filter, each with one or more values between commas; everything else is words. Languages and
    /// kinds are taken in lower case. Never fails: a filter without a value is a word.
    #[must_use]
    pub fn parse(text: &str, limit: u32) -> Self {
        let mut query = Self { limit: limit.max(1), ..Self::default() };
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let (field, value) = word.split_once(':').unwrap_or(("", ""));
            if value.is_empty() || value.starts_with(':') {
                words.push(word);
                continue;
            }
            let mut values = value.split(',').filter(|value| !value.is_empty()).peekable();
            if values.peek().is_none() {
                words.push(word);
                continue;
            }
            match field {
                "language" | "lang" => {
                    query.languages.extend(values.map(|value| Language::new(&value.to_lowercase())));
                }
                "kind" => query.kinds.extend(values.map(|value| kind_named(&value.to_lowercase()))),
                "path" | "file" => query.paths.extend(values.map(str::to_owned)),
                _ => words.push(word),
            }
        }
        query.text = words.join(" ");
        query
    }

    /// Whether the query keeps a file, by the text of its path.
    #[must_use]
    pub fn keeps_path(&self, path: &str) -> bool {
        super::path_filter::keeps(&self.paths, path)
    }
}

/// A kind by its name or by what a Rust programmer types for it.
fn kind_named(text: &str) -> SymbolKind {
    match text {
        "fn" | "func" => SymbolKind::FUNCTION,
        "mod" => SymbolKind::MODULE,
        "const" => SymbolKind::CONSTANT,
        other => SymbolKind::new(other),
    }
}

/// A symbol that a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchHit {
    /// Id.
    pub id: SymbolId,
    /// Qualified name.
    pub qualified_name: String,
    /// Kind.
    pub kind: SymbolKind,
    /// Language.
    pub language: Language,
    /// File.
    pub file: RelPath,
    /// First line of the declaration, from 1.
    pub line: u32,
    /// Line of the name, from 1.
    pub name_line: u32,
    /// The declaration in one line.
    pub snippet: String,
    /// First sentence of the documentation; what the symbol is for.
    pub intent: Option<String>,
    /// Rank score; larger is better, comparable inside one answer only.
    pub score: f64,
}

impl SearchHit {
    /// A hit on a symbol.
    #[must_use]
    pub fn new(symbol: &super::Symbol, score: f64) -> Self {
        let sentence = symbol.doc.split("\n\n").next().unwrap_or("").replace('\n', " ");
        let intent = sentence.split_inclusive(". ").next().unwrap_or("").trim().to_owned();
        Self {
            id: symbol.id,
            qualified_name: symbol.qualified_name.clone(),
            kind: symbol.kind.clone(),
            language: symbol.language.clone(),
            file: symbol.file.clone(),
            line: symbol.lines.first,
            name_line: symbol.name_line,
            snippet: symbol.signature.clone(),
            intent: (!intent.is_empty()).then_some(intent),
            score,
        }
    }
}

/// How much of the repository an answer rests on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coverage {
    /// Files in the index.
    pub files_indexed: u64,
    /// Files that were found; larger while the first index is being built.
    pub files_total: u64,
    /// Files with a part that could not be read.
    pub files_with_diagnostics: u64,
    /// Calls in the index.
    pub calls: u64,
    /// Calls whose target is not known.
    pub calls_unresolved: u64,
}

impl Coverage {
    /// The share of files that is indexed, 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        if self.files_total == 0 { 1.0 } else { self.files_indexed as f64 / self.files_total as f64 }
    }
}

/// How fresh an answer is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Freshness {
    /// Counts the changes of the index; two answers with the same number saw the same index.
    pub generation: u64,
    /// When the index last changed.
    pub indexed_at: Option<Timestamp>,
    /// Whether the files were compared with the index for this answer.
    pub is_checked: bool,
    /// Files found changed and not yet indexed.
    pub stale_files: u64,
}

impl Freshness {
    /// The state of an index that was not compared with the files.
    #[must_use]
    pub fn new(generation: u64, indexed_at: Option<Timestamp>) -> Self {
        Self { generation, indexed_at, is_checked: false, stale_files: 0 }
    }
}

/// A place in a list to go on from. Opaque; it ends with the generation it was made in.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cursor {
    /// Generation of the index.
    pub generation: u64,
    /// Entries already seen.
    pub offset: u64,
}

/// An answer: what was found, and how far to trust it.
///
/// # Examples
///
/// ```
/// use aether_core::code::{Answer, Coverage, Freshness};
/// let coverage = Coverage { files_indexed: 90, files_total: 100, ..Coverage::default() };
/// let answer = Answer::new(vec!["found"], Freshness::new(7, None), coverage);
/// assert!(answer.next.is_none());
/// assert!((answer.coverage.fraction() - 0.9).abs() < 1e-9);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Answer<T> {
    /// Version of this record.
    pub schema_version: u32,
    /// What was found.
    pub result: T,
    /// How fresh it is.
    pub freshness: Freshness,
    /// How much it rests on.
    pub coverage: Coverage,
    /// Where to go on, when there is more.
    pub next: Option<Cursor>,
}

impl<T> Answer<T> {
    /// An answer that is complete.
    #[must_use]
    pub fn new(result: T, freshness: Freshness, coverage: Coverage) -> Self {
        Self { schema_version: SCHEMA_VERSION, result, freshness, coverage, next: None }
    }
}
