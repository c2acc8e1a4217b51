//! Symbols: named things of a repository, and their identity.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{ByteSpan, LineSpan, RelPath, Sha256Hasher, open_vocabulary};

/// Version of the symbol records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

open_vocabulary! {
    /// A language, as a lower-case name. Open: unknown values survive a round trip.
    Language {
        /// Rust.
        RUST = "rust";
        /// A Cargo manifest.
        CARGO = "cargo";
        /// Python.
        PYTHON = "python";
        /// JavaScript, with or without JSX.
        JAVASCRIPT = "javascript";
        /// TypeScript, with or without JSX.
        TYPESCRIPT = "typescript";
        /// Go.
        GO = "go";
        /// Java.
        JAVA = "java";
        /// C.
        C = "c";
        /// C++.
        CPP = "cpp";
        /// A file whose language no one indexes.
        UNKNOWN = "unknown";
    }
}

open_vocabulary! {
    /// What a symbol is. Open: unknown values survive a round trip.
    SymbolKind {
        /// A file: the source of what stands outside every other symbol. It is nobody's parent.
        FILE = "file";
        /// A package of a package manager.
        PACKAGE = "package";
        /// A compilation unit of a package: library, program, test, example, bench.
        CRATE = "crate";
        /// A module or namespace.
        MODULE = "module";
        /// A function that is not a method.
        FUNCTION = "function";
        /// A function of a type, trait or implementation.
        METHOD = "method";
        /// A test function.
        TEST = "test";
        /// A structure or record.
        STRUCT = "struct";
        /// A union.
        UNION = "union";
        /// An enumeration.
        ENUM = "enum";
        /// A variant of an enumeration.
        VARIANT = "variant";
        /// A field of a structure, union or variant.
        FIELD = "field";
        /// A trait or interface.
        TRAIT = "trait";
        /// A block that implements methods for a type.
        IMPL = "impl";
        /// A constant.
        CONSTANT = "constant";
        /// A static variable.
        STATIC = "static";
        /// A type alias, or an associated type.
        TYPE = "type";
        /// A macro.
        MACRO = "macro";
        /// A class.
        CLASS = "class";
        /// A variable of a module or namespace.
        VARIABLE = "variable";
        /// A function, method or variable that is announced here and defined elsewhere.
        DECLARATION = "declaration";
    }
}

impl SymbolKind {
    /// Whether a symbol of this kind has a body that calls: function, method or test.
    #[must_use]
    pub fn is_callable(&self) -> bool {
        matches!(self.as_str(), "function" | "method" | "test")
    }

    /// How much a kind is looked for, above 0 and at most 1: parts of a type and blocks without a name of
    /// their own come behind what one calls or builds, and tests behind what they test.
    #[must_use]
    pub fn search_share(&self) -> f32 {
        match self.as_str() {
            "function" | "method" | "struct" | "enum" | "trait" | "union" | "macro" => 1.0,
            "type" | "constant" | "static" | "crate" | "package" => 0.9,
            "module" => 0.75,
            "variant" | "field" => 0.65,
            "impl" | "file" => 0.55,
            "test" => 0.5,
            _ => 0.8,
        }
    }
}

/// How far a symbol can be seen, as the language writes it. An old reader takes an unknown value for an
/// error, so a new one comes with a new schema version.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Visibility {
    /// Everywhere.
    Public,
    /// In its package or compilation unit (`pub(crate)`).
    Crate,
    /// In a part of its package (`pub(super)`, `pub(in …)`).
    Restricted,
    /// Where it is declared.
    #[default]
    Private,
}

impl Visibility {
    /// The text that exports carry.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Crate => "crate",
            Self::Restricted => "restricted",
            Self::Private => "private",
        }
    }
}

/// The identity of a symbol: `sym:` and 32 lower-case hex digits.
///
/// It survives edits of the body and moves of the lines. A rename, a move to another file and a
/// change of signature make a new one, linked to the old one by lineage.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^sym:[0-9a-f]{32}$")))]
pub struct SymbolId([u8; 16]);

/// What a [`SymbolId`] is made from.
#[derive(Clone, Copy, Debug)]
pub struct SymbolIdentity<'a> {
    /// Language of the file.
    pub language: &'a Language,
    /// File.
    pub path: &'a RelPath,
    /// Kind of the symbol.
    pub kind: &'a SymbolKind,
    /// Qualified name inside the file: enclosing modules, types and functions joined by `::`
    /// (`docs/adr/0003` says why the crate is not part of it).
    pub local_path: &'a str,
    /// The declaration up to its body, all white space removed.
    pub signature_fingerprint: &'a str,
    /// Position among the symbols of the file that are equal in all of the above (such as the twins
    /// of a `cfg`), from 0.
    pub ordinal: u32,
}

impl SymbolId {
    /// Derives the id: the first 16 bytes of SHA-256 over the six parts, each behind its length.
    #[must_use]
    pub fn derive(identity: &SymbolIdentity<'_>) -> Self {
        let mut hasher = Sha256Hasher::new();
        hasher.update_field(identity.language.as_str().as_bytes());
        hasher.update_field(identity.path.as_str().as_bytes());
        hasher.update_field(identity.kind.as_str().as_bytes());
        hasher.update_field(identity.local_path.as_bytes());
        hasher.update_field(identity.signature_fingerprint.as_bytes());
        hasher.update_field(&identity.ordinal.to_le_bytes());
        let hash = hasher.finish();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        Self(bytes)
    }

    /// Wraps 16 bytes that already are an id.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes of the id.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for SymbolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sym:")?;
        crate::base::write_hex(f, &self.0)
    }
}

impl fmt::Debug for SymbolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for SymbolId {
    type Err = SymbolIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hex = text.strip_prefix("sym:").ok_or(SymbolIdError)?;
        let mut bytes = [0; 16];
        crate::base::read_hex(hex, &mut bytes).ok_or(SymbolIdError)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for SymbolId {
    type Error = SymbolIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SymbolId> for String {
    fn from(id: SymbolId) -> Self {
        id.to_string()
    }
}

/// A text that is not `sym:` and 32 lower-case hex digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a symbol id of the form sym:<32 lower-case hex digits>")]
pub struct SymbolIdError;

/// A symbol as the index stores and answers it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Symbol {
    /// Identity.
    pub id: SymbolId,
    /// Language of the file.
    pub language: Language,
    /// Kind.
    pub kind: SymbolKind,
    /// Last component of the qualified name.
    pub name: String,
    /// Path from the crate, the crate's own name in front: `grep::searcher::Searcher::new`. It is
    /// the module path of the file and the qualified name inside the file; of a file that no crate
    /// reaches, the latter alone.
    pub qualified_name: String,
    /// File.
    pub file: RelPath,
    /// Bytes of the whole declaration, attributes and documentation excluded.
    pub span: ByteSpan,
    /// Lines of the whole declaration, from 1.
    pub lines: LineSpan,
    /// Line of the name, from 1.
    pub name_line: u32,
    /// Bytes of the name.
    pub name_span: ByteSpan,
    /// Visibility.
    pub visibility: Visibility,
    /// The declaration up to its body, runs of white space as one space.
    pub signature: String,
    /// Documentation comment, without its markers.
    pub doc: String,
    /// Attributes, one text each, without `#[` and `]`; `cfg` included.
    pub attributes: Vec<String>,
    /// Conditions of compilation that apply to this symbol alone, as written.
    pub cfg: Option<String>,
    /// The symbol that contains this one.
    pub parent: Option<SymbolId>,
    /// Position among equal declarations of the file, from 0.
    pub ordinal: u32,
}

impl Symbol {
    /// A symbol of the given identity with all else empty.
    #[must_use]
    pub fn new(id: SymbolId, language: Language, kind: SymbolKind, name: String, file: RelPath) -> Self {
        Self {
            id,
            language,
            kind,
            qualified_name: name.clone(),
            name,
            file,
            span: ByteSpan::default(),
            lines: LineSpan::default(),
            name_line: 0,
            name_span: ByteSpan::default(),
            visibility: Visibility::default(),
            signature: String::new(),
            doc: String::new(),
            attributes: Vec::new(),
            cfg: None,
            parent: None,
            ordinal: 0,
        }
    }

    /// The condition of compilation that attributes say: what the `cfg` among them hold, more than one
    /// as `all(…)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::code::Symbol;
    /// let attributes = ["inline".to_owned(), "cfg(unix)".to_owned()];
    /// assert_eq!(Symbol::condition_of(&attributes).as_deref(), Some("unix"));
    /// ```
    #[must_use]
    pub fn condition_of(attributes: &[String]) -> Option<String> {
        let mut conditions = attributes.iter().filter_map(|attribute| {
            let rest = attribute.trim().strip_prefix("cfg")?.trim_start();
            Some(rest.strip_prefix('(')?.strip_suffix(')')?.trim())
        });
        let first = conditions.next()?;
        let others: Vec<&str> = conditions.collect();
        if others.is_empty() {
            return Some(first.to_owned());
        }
        Some(format!("all({first}, {})", others.join(", ")))
    }
}
