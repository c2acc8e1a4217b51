//! The project graph: symbols and the edges between them, and how a change of it is handed over.

use serde::{Deserialize, Serialize};

use super::facts::{FileFacts, SymbolFact, SymbolIdx};
use super::{Language, LineageLink, Symbol, SymbolId};
use crate::base::{ErrorCode, RelPath};

/// Version of the edge records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// What an edge says. An old reader takes an unknown value for an error, so a new one comes with a new
/// schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum EdgeKind {
    /// The source contains the target.
    Defines = 0,
    /// The source calls the target.
    Calls = 1,
    /// The source mentions the target: a type, a constant, a function as a value.
    Uses = 2,
    /// The source implements the target: a type a trait, a method the method of a trait.
    Implements = 3,
    /// The source imports the target.
    Imports = 4,
    /// The source, a test, calls the target, which is not a test.
    Tests = 5,
    /// The source, a package or crate, depends on the target.
    DependsOn = 6,
    /// The source requires its type parameters to implement the target.
    Bounds = 7,
}

impl EdgeKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 8] = [
        Self::Defines,
        Self::Calls,
        Self::Uses,
        Self::Implements,
        Self::Imports,
        Self::Tests,
        Self::DependsOn,
        Self::Bounds,
    ];

    /// The text that exports carry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Defines => "defines",
            Self::Calls => "calls",
            Self::Uses => "uses",
            Self::Implements => "implements",
            Self::Imports => "imports",
            Self::Tests => "tests",
            Self::DependsOn => "depends_on",
            Self::Bounds => "bounds",
        }
    }

    /// The kind by its number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// How the target of an edge was found. An old reader takes an unknown value for an error, so a new one
/// comes with a new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum Resolution {
    /// It follows from the syntax alone (a module defines its items).
    Syntax = 0,
    /// A path was followed through scopes, imports and re-exports.
    Path = 1,
    /// The type of the receiver is known and has this method of its own.
    Inherent = 2,
    /// The type of the receiver is known and implements the trait of this method.
    TraitImpl = 3,
    /// The receiver is a type parameter, `dyn` or `impl` type: the declaration in the trait.
    TraitDeclaration = 4,
    /// The type of the receiver is known in part.
    PartialType = 5,
    /// The type of the receiver is not known; the only candidate by name.
    UniqueName = 6,
    /// The type of the receiver is not known; the likeliest of several candidates by name.
    BestName = 7,
    /// Nothing was found.
    Unresolved = 8,
}

impl Resolution {
    /// Every value, in the order of its number.
    pub const ALL: [Self; 9] = [
        Self::Syntax,
        Self::Path,
        Self::Inherent,
        Self::TraitImpl,
        Self::TraitDeclaration,
        Self::PartialType,
        Self::UniqueName,
        Self::BestName,
        Self::Unresolved,
    ];

    /// The text that exports carry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Path => "path",
            Self::Inherent => "inherent",
            Self::TraitImpl => "trait_impl",
            Self::TraitDeclaration => "trait_declaration",
            Self::PartialType => "partial_type",
            Self::UniqueName => "unique_name",
            Self::BestName => "best_name",
            Self::Unresolved => "unresolved",
        }
    }

    /// The value by its number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// How likely an edge is right, in thousandths: 0 to 1,000. Whole numbers, because edges are hashed.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "u16", into = "u16")]
#[cfg_attr(feature = "schema", schemars(with = "u16", extend("maximum" = 1000)))]
pub struct Confidence(u16);

impl Confidence {
    /// Certain.
    pub const CERTAIN: Self = Self(1000);

    /// A confidence in thousandths; above 1,000 is 1,000.
    #[must_use]
    pub const fn from_thousandths(thousandths: u16) -> Self {
        Self(if thousandths > 1000 { 1000 } else { thousandths })
    }

    /// In thousandths.
    #[must_use]
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// As a fraction, 0 to 1.
    #[must_use]
    pub fn as_fraction(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl TryFrom<u16> for Confidence {
    type Error = &'static str;

    fn try_from(thousandths: u16) -> Result<Self, Self::Error> {
        if thousandths > 1000 { Err("confidence above 1000 thousandths") } else { Ok(Self(thousandths)) }
    }
}

impl From<Confidence> for u16 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

/// The canonical path of something outside the project, such as `std::fs::read`.
pub type ExternalPath = std::sync::Arc<str>;

/// Where an edge leads.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EdgeTarget {
    /// To a symbol of the project.
    Symbol(SymbolId),
    /// Out of the project, by canonical path as far as it is known.
    External(#[cfg_attr(feature = "schema", schemars(with = "String"))] ExternalPath),
    /// Nowhere that is known.
    Unresolved,
}

/// An edge.
///
/// A delta holds no edges of kind [`EdgeKind::Defines`]: they follow from the facts, from the parent of
/// a symbol or else from its file, and whoever reads edges adds them.
///
/// # Examples
///
/// ```
/// use aether_core::code::{Confidence, Edge, EdgeKind, EdgeTarget, Resolution, SymbolId};
/// let edge = Edge {
///     source: SymbolId::from_bytes([1; 16]),
///     kind: EdgeKind::Calls,
///     line: 12,
///     at: 340,
///     target: EdgeTarget::External("std::fs::read".into()),
///     confidence: Confidence::from_thousandths(950),
///     resolution: Resolution::Path,
///     text: "fs::read".to_owned(),
/// };
/// assert_eq!(serde_json::to_value(&edge)?["kind"], "calls");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Edge {
    /// Where it starts.
    pub source: SymbolId,
    /// What it says.
    pub kind: EdgeKind,
    /// Line of the file of the source that says it, from 1.
    pub line: u32,
    /// Byte of that file that says it.
    pub at: u32,
    /// Where it leads.
    pub target: EdgeTarget,
    /// How likely it is right.
    pub confidence: Confidence,
    /// How it was found.
    pub resolution: Resolution,
    /// The text of what is called or mentioned, such as `self.queue.push`; of long chains the end.
    pub text: String,
}

/// A file of the index.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IndexedFile {
    /// Path.
    pub path: RelPath,
    /// Language.
    pub language: Language,
    /// BLAKE3 of the content, for change detection only; written `blake3:` and 64 hex digits.
    #[serde(with = "crate::base::blake3_text")]
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^blake3:[0-9a-f]{64}$")))]
    pub content_hash: [u8; 32],
    /// Size in bytes.
    pub size_bytes: u64,
    /// Time of the last change in nanoseconds since 1970, as the file system told (on Unix that of the
    /// content or the attributes, which nobody can set); 0 when it is not known, or so recent that
    /// another change may have the same. Never part of a digest.
    pub modified_ns: i64,
    /// Path of the module that the file is: crate name first. Empty when no crate reaches it. When it
    /// changes, the qualified names of the file's symbols change with it, also without new content.
    pub module_path: String,
    /// What kept parts of the file out of the index.
    pub diagnostics: Vec<ErrorCode>,
}

impl IndexedFile {
    /// A file with nothing known but its path, language and content hash.
    #[must_use]
    pub fn new(path: RelPath, language: Language, content_hash: [u8; 32]) -> Self {
        Self {
            path,
            language,
            content_hash,
            size_bytes: 0,
            modified_ns: 0,
            module_path: String::new(),
            diagnostics: Vec::new(),
        }
    }
}

/// What changes in one file.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FileDelta {
    /// The file as it is now.
    pub file: IndexedFile,
    /// Its new facts with the ids of its symbols, in the order of the facts, and the text of each
    /// symbol that search reads; `None` when only edges or the record of the file changed.
    pub content: Option<FileContent>,
    /// All edges that start in the file but `defines`; `None` when they did not change. An edge whose
    /// source is not in the file (any more) is dropped; one to a symbol that the index does not hold
    /// once the delta is applied becomes [`EdgeTarget::Unresolved`], also in files that the delta
    /// does not name.
    pub edges: Option<Vec<Edge>>,
    /// Hashes of the names that the edges of the file depend on, sorted; goes with `edges`.
    pub dependencies: Vec<u32>,
}

/// The new content of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FileContent {
    /// Facts.
    pub facts: std::sync::Arc<FileFacts>,
    /// Ids of the symbols, in the order of the facts.
    pub ids: Vec<SymbolId>,
    /// The words of each symbol's body that search reads, in the order of the facts; empty for
    /// symbols that have none.
    pub body_words: Vec<String>,
}

impl FileContent {
    /// Facts with the ids and words of their symbols; all three have the same length.
    #[must_use]
    pub fn new(
        facts: impl Into<std::sync::Arc<FileFacts>>,
        ids: Vec<SymbolId>,
        body_words: Vec<String>,
    ) -> Self {
        Self { facts: facts.into(), ids, body_words }
    }

    /// The symbols that `file` adds to an index, in the order of its facts.
    ///
    /// This is the rule by which an index turns facts into symbols: the qualified name is the module
    /// path of the file and the qualified name inside the file, and the file itself has the former alone.
    #[must_use]
    pub fn symbols(&self, file: &IndexedFile) -> Vec<Symbol> {
        let symbol = |(index, (fact, &id)): (usize, (&SymbolFact, &SymbolId))| {
            let name = self.facts.name(fact.name).to_owned();
            let mut symbol =
                Symbol::new(id, file.language.clone(), fact.kind.clone(), name, file.path.clone());
            let local_path = self.facts.local_path(SymbolIdx(index as u32));
            let both = [file.module_path.as_str(), &local_path];
            symbol.qualified_name =
                both.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("::");
            symbol.span = fact.span;
            symbol.lines = fact.lines;
            symbol.name_line = fact.name_line;
            symbol.name_span = fact.name_span;
            symbol.visibility = fact.visibility.clone();
            symbol.signature.clone_from(&fact.signature);
            symbol.doc.clone_from(&fact.doc);
            symbol.cfg = Symbol::condition_of(&fact.attributes);
            symbol.attributes.clone_from(&fact.attributes);
            symbol.parent = fact.parent.and_then(|parent| self.ids.get(parent.0 as usize).copied());
            symbol.ordinal = fact.ordinal;
            symbol
        };
        self.facts.symbols.iter().zip(&self.ids).enumerate().map(symbol).collect()
    }
}

impl FileDelta {
    /// A delta that only touches the record of `file`.
    #[must_use]
    pub fn new(file: IndexedFile) -> Self {
        Self { file, content: None, edges: None, dependencies: Vec::new() }
    }
}

/// One change of the index; a store takes it in one transaction.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GraphDelta {
    /// Files that are gone.
    pub removed: Vec<RelPath>,
    /// Files that are new or changed, and files whose edges changed.
    pub files: Vec<FileDelta>,
    /// Symbols that live on under another id.
    pub lineage: Vec<LineageLink>,
    /// Files of the repository; more than the index holds while the first one is built. 0 says nothing
    /// new.
    pub files_total: u64,
    /// Whether this delta builds an index from nothing: of what a store held before, only lineage and
    /// the count of generations are left.
    pub is_full: bool,
    /// What made the facts and edges, when this delta builds an index from nothing: the code of the
    /// indexer, and the limits that decide what it reads. An indexer that is told of another begins
    /// anew. Kept by deltas that say nothing and build on what is there.
    pub made_by: Option<String>,
    /// The generation of the store that this delta was computed from: a store of another generation
    /// refuses it, because what two programs found out about one repository at once does not add up.
    /// `None` applies to any. An indexer knows no generations; whoever hands its deltas to a store asks
    /// for the generation before the update, and sets it.
    pub base: Option<u64>,
}
