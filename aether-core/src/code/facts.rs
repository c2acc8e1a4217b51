//! `FileFacts`: all that one walk over a file's syntax tree says, before anything is resolved.
//!
//! Facts of a file depend on the bytes of that file alone. Names are kept once per file
//! ([`NameTable`]) and everything else refers to them and to each other by index, so a file of
//! 10,000 lines costs a few hundred kilobytes and no pointer. Arenas are written children first.
//!
//! Resolution reads facts through [`crate::port::FactSource`]; effect facts (calls, `?`, macros,
//! indexing, arithmetic, `unsafe`) are expressions of the arena, so a later reader needs no second
//! parse.

mod body;
mod children;
mod item;
mod names;
mod types;
mod validate;

use serde::{Deserialize, Serialize};

pub use body::{
    ArmFact, BlockFlavour, BodyFact, ExprFact, ExprIdx, ExprKind, FieldInit, List, LiteralKind, OperatorKind,
    PatFact, PatIdx, PatKind,
};
pub use item::{
    FunctionDetail, GenericParam, Generics, ImportFact, ImportKind, ItemDetail, ParamFact, ScopeFact,
    ScopeIdx, SelfKind, SymbolFact, SymbolIdx, WherePredicate,
};
pub use names::{NameIdx, NameTable};
pub use types::{PathFact, PathRoot, PathSegment, TypeFact, TypeIdx, TypeKind};

use crate::base::{ByteSpan, ErrorCode};

/// Version of the facts. A store that holds another version derives them again. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// Everything one file says.
///
/// # Examples
///
/// ```
/// use aether_core::code::facts::{ExprFact, ExprIdx, ExprKind, FileFacts};
/// let mut facts = FileFacts::default();
/// let name = facts.names.push("answer");
/// assert_eq!(facts.name(name), "answer");
/// facts.exprs.push(ExprFact { at: 0, kind: ExprKind::Continue });
/// assert!(facts.validate().is_ok());
/// // An expression that holds one which is not there.
/// facts.exprs.push(ExprFact { at: 0, kind: ExprKind::Try(ExprIdx(7)) });
/// assert!(facts.validate().is_err());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileFacts {
    /// Names that the rest refers to.
    pub names: NameTable,
    /// Declarations, in source order, parents before children. The first is the file itself.
    pub symbols: Vec<SymbolFact>,
    /// Scopes in which names are declared; scope 0 is the file.
    pub scopes: Vec<ScopeFact>,
    /// Imports, one per imported name.
    pub imports: Vec<ImportFact>,
    /// Types as written.
    pub types: Vec<TypeFact>,
    /// Paths as written, in types and expressions.
    pub paths: Vec<PathFact>,
    /// Segments of all paths.
    pub segments: Vec<PathSegment>,
    /// Bodies of functions, constants and statics.
    pub bodies: Vec<BodyFact>,
    /// Expressions of all bodies.
    pub exprs: Vec<ExprFact>,
    /// Patterns of all bodies.
    pub pats: Vec<PatFact>,
    /// Lists of expression, pattern, arm or field indexes that expressions and patterns refer to.
    pub lists: Vec<u32>,
    /// Arms of `match`.
    pub arms: Vec<ArmFact>,
    /// Initialised fields of structure expressions and fields of structure patterns.
    pub fields: Vec<FieldInit>,
    /// Length of each line in bytes, the line break included.
    pub line_lengths: Vec<u32>,
    /// What could not be read.
    pub diagnostics: Vec<FactDiagnostic>,
}

/// Something that kept a part of a file out of its facts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactDiagnostic {
    /// Stable code, such as [`ErrorCode::INDEX_SYNTAX_ERROR`].
    pub code: ErrorCode,
    /// The bytes it concerns.
    pub span: ByteSpan,
    /// First line it concerns, from 1.
    pub line: u32,
}

impl FileFacts {
    /// The line of a byte, from 1. Linear in the number of lines: callers with many bytes use
    /// [`FileFacts::line_starts`].
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        let mut start = 0_u32;
        for (index, length) in self.line_lengths.iter().enumerate() {
            start = start.saturating_add(*length);
            if offset < start {
                return index as u32 + 1;
            }
        }
        self.line_lengths.len().max(1) as u32
    }

    /// The first byte of each line.
    #[must_use]
    pub fn line_starts(&self) -> Vec<u32> {
        let mut start = 0_u32;
        self.line_lengths
            .iter()
            .map(|length| {
                let this = start;
                start = start.saturating_add(*length);
                this
            })
            .collect()
    }

    /// The text of a name.
    #[must_use]
    pub fn name(&self, index: NameIdx) -> &str {
        self.names.get(index)
    }

    /// The indexes of a list; none for a list that does not fit.
    #[must_use]
    pub fn list(&self, list: List) -> &[u32] {
        let start = list.start as usize;
        self.lists.get(start..start.saturating_add(list.len as usize)).unwrap_or(&[])
    }

    /// The names of the segments of a path, by index into [`FileFacts::paths`]; none for a path that does
    /// not fit.
    pub fn path_names(&self, path: u32) -> impl Iterator<Item = NameIdx> + '_ {
        let list = self.paths.get(path as usize).map_or_else(List::default, |path| path.segments);
        let start = list.start as usize;
        let segments = self.segments.get(start..start.saturating_add(list.len as usize)).unwrap_or(&[]);
        segments.iter().map(|segment| segment.name)
    }

    /// The qualified name of a symbol inside its file: enclosing symbols joined by `::`. The file
    /// itself has none.
    #[must_use]
    pub fn local_path(&self, symbol: SymbolIdx) -> String {
        if symbol.0 == 0 {
            return String::new();
        }
        let mut parts = Vec::new();
        let mut next = Some(symbol);
        while let Some(fact) = next.and_then(|index| self.symbols.get(index.0 as usize)) {
            parts.push(self.name(fact.name));
            next = fact.parent;
        }
        parts.reverse();
        parts.join("::")
    }

    /// Checks what every reader relies on: each index points inside its arena; the first symbol and
    /// scope are those of the file; scopes and parents form trees; types, patterns and expressions
    /// stand behind those inside them, so that a walk ends. Linear in the size of the facts.
    ///
    /// Facts without any symbol, such as the default, are valid: those of a file that was not parsed.
    ///
    /// # Errors
    ///
    /// [`InvalidFacts`] names the first arena that is wrong.
    pub fn validate(&self) -> Result<(), InvalidFacts> {
        validate::first_broken_arena(self).map_or(Ok(()), |arena| Err(InvalidFacts(arena)))
    }
}

/// Facts whose indexes do not fit together.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("file facts are inconsistent: {0}")]
pub struct InvalidFacts(&'static str);
