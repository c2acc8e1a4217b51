//! Declarations, scopes and imports of a file.

use serde::{Deserialize, Serialize};

use super::{List, NameIdx, PatIdx, TypeIdx};
use crate::base::{ByteSpan, LineSpan};
use crate::code::{SymbolKind, Visibility};

/// Index into [`super::FileFacts::symbols`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct SymbolIdx(pub u32);

/// Index into [`super::FileFacts::scopes`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ScopeIdx(pub u32);

/// A declaration.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SymbolFact {
    /// Kind.
    pub kind: SymbolKind,
    /// Name; of an implementation the type without its arguments, as in `Vec`, and the trait if there
    /// is one, as in `<Vec as Clone>`.
    pub name: NameIdx,
    /// The symbol that contains it.
    pub parent: Option<SymbolIdx>,
    /// The scope that it is declared in.
    pub scope: ScopeIdx,
    /// Bytes of the declaration without attributes and documentation.
    pub span: ByteSpan,
    /// Lines of the declaration, from 1.
    pub lines: LineSpan,
    /// Bytes of the name.
    pub name_span: ByteSpan,
    /// Line of the name, from 1.
    pub name_line: u32,
    /// Visibility; of variants and their fields that of the enumeration, of items of a trait that of
    /// the trait, of items of an implementation of a trait that of the trait, public where the file
    /// does not declare it.
    pub visibility: Visibility,
    /// The declaration up to its body, runs of white space as one space.
    pub signature: String,
    /// Documentation, without comment markers.
    pub doc: String,
    /// Attributes without `#[` and `]`.
    pub attributes: Vec<String>,
    /// Position among equal declarations of the file, from 0.
    pub ordinal: u32,
    /// Fingerprint of the body: its text without white space; 0 when there is none. Written as 16 hex
    /// digits.
    #[serde(with = "crate::base::fingerprint")]
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^[0-9a-f]{16}$")))]
    pub body_fingerprint: u64,
    /// Whether it came out of the token tree of a macro.
    pub in_macro: bool,
    /// What resolution needs, by kind.
    pub detail: ItemDetail,
}

/// What resolution needs to know of a declaration.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemDetail {
    /// Nothing.
    #[default]
    None,
    /// A function or method.
    Function(Box<FunctionDetail>),
    /// A structure, union, enumeration or variant with its type parameters; fields are symbols.
    Adt(Generics),
    /// A field: its type.
    Field(TypeIdx),
    /// A constant or static.
    Value {
        /// Type as written.
        ty: Option<TypeIdx>,
        /// Index into [`super::FileFacts::bodies`].
        body: Option<u32>,
    },
    /// A type alias or associated type.
    Alias {
        /// Type parameters and bounds.
        generics: Generics,
        /// The type it stands for.
        ty: Option<TypeIdx>,
        /// Bounds of an associated type, path types.
        bounds: List,
    },
    /// A trait.
    Trait {
        /// Type parameters and bounds.
        generics: Generics,
        /// Supertraits, as path types.
        supertraits: List,
    },
    /// An implementation.
    Impl {
        /// Type parameters and bounds.
        generics: Generics,
        /// The trait, as a path type.
        of_trait: Option<TypeIdx>,
        /// The type.
        self_type: TypeIdx,
        /// Whether it is `impl !Trait`.
        is_negative: bool,
    },
    /// A module.
    Module {
        /// Its scope when it is written inline.
        scope: Option<ScopeIdx>,
        /// `#[path = "…"]`.
        path: Option<String>,
    },
    /// A macro.
    Macro {
        /// Whether it is `#[macro_export]`.
        is_exported: bool,
    },
    /// A class, of which others may be derived.
    Class {
        /// Type parameters and bounds.
        generics: Generics,
        /// The classes and interfaces that it is derived from, as path types, in the order in which
        /// members are looked up.
        bases: List,
    },
}

/// What resolution needs to know of a function or method.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunctionDetail {
    /// Type parameters and bounds.
    pub generics: Generics,
    /// Form of `self`.
    pub self_kind: SelfKind,
    /// Type of `self` when written out, as in `self: Arc<Self>`.
    pub self_type: Option<TypeIdx>,
    /// Parameters without `self`.
    pub params: Vec<ParamFact>,
    /// Return type; `None` is the unit type.
    pub result: Option<TypeIdx>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Index into [`super::FileFacts::bodies`].
    pub body: Option<u32>,
}

/// Type parameters and bounds of a declaration.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Generics {
    /// Type parameters in order; lifetimes and constants are left out.
    pub params: Vec<GenericParam>,
    /// `where` clauses.
    pub predicates: Vec<WherePredicate>,
}

/// A type parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GenericParam {
    /// Name.
    pub name: NameIdx,
    /// Bounds, as path types.
    pub bounds: List,
    /// Default type.
    pub default: Option<TypeIdx>,
}

/// `T: A + B`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WherePredicate {
    /// The bounded type.
    pub ty: TypeIdx,
    /// Bounds, as path types.
    pub bounds: List,
}

/// Form of `self` of a method.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SelfKind {
    /// There is none.
    #[default]
    None,
    /// `self`, or `self: T`.
    Value,
    /// `&self`.
    Ref,
    /// `&mut self`.
    RefMut,
}

/// A parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParamFact {
    /// Pattern.
    pub pat: PatIdx,
    /// Type.
    pub ty: TypeIdx,
}

/// A scope in which names are declared: a file, an inline module, or a block with items of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScopeFact {
    /// The scope around it.
    pub parent: Option<ScopeIdx>,
    /// The symbol that opens it: a module, or the function around a block.
    pub owner: Option<SymbolIdx>,
    /// Whether it is a module: the end of the search for a plain name.
    pub is_module: bool,
}

/// One imported name.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportFact {
    /// The scope that it is declared in.
    pub scope: ScopeIdx,
    /// First byte of the name.
    pub at: u32,
    /// Whether the path starts with `::`.
    pub is_global: bool,
    /// Segments of the path.
    pub segments: Vec<NameIdx>,
    /// What it declares.
    pub kind: ImportKind,
    /// Visibility: anything but private is a re-export.
    pub visibility: Visibility,
    /// Conditions of compilation, as written in `cfg(…)`; all must hold.
    pub cfg: Vec<String>,
}

/// What an import declares.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImportKind {
    /// A name: the last segment, or the one behind `as`.
    Name(NameIdx),
    /// Everything (`*`).
    Glob,
    /// Nothing that can be named (`as _`): a trait in scope.
    Anonymous,
    /// `extern crate a as b;`: the name of the crate in this file.
    ExternCrate(NameIdx),
}
