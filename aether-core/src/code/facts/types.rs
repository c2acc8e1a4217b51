//! Types and paths as written.

use serde::{Deserialize, Serialize};

use super::{List, NameIdx};

/// Index into [`super::FileFacts::types`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TypeIdx(pub u32);

/// A type as written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TypeFact {
    /// First byte.
    pub at: u32,
    /// What it is.
    pub kind: TypeKind,
}

/// The forms of a type. Lists are lists of [`TypeIdx`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TypeKind {
    /// A path, by index into [`super::FileFacts::paths`].
    Path(u32),
    /// A reference to a type.
    Ref(TypeIdx),
    /// A raw pointer.
    Pointer(TypeIdx),
    /// A slice.
    Slice(TypeIdx),
    /// An array; its length is not kept.
    Array(TypeIdx),
    /// A tuple; the unit type when empty.
    Tuple(List),
    /// A function pointer: parameter types, then the return type as the last entry.
    Function(List),
    /// `impl A + B`: bounds.
    ImplTrait(List),
    /// `dyn A + B`: bounds.
    DynTrait(List),
    /// `!`.
    Never,
    /// `_`.
    Infer,
    /// A form that is not modelled.
    Unknown,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PathRoot {
    /// With its first segment, looked up in scope.
    #[default]
    Plain,
    /// `::a`: with a crate name.
    Global,
    /// `<T as Trait>::a` or `<T>::a`: `T`, and the trait as a path type.
    Qualified(TypeIdx, Option<TypeIdx>),
}

/// A path as written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PathFact {
    /// Where it starts.
    pub root: PathRoot,
    /// Segments, a list that indexes [`super::FileFacts::segments`].
    pub segments: List,
}

/// One segment of a path.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PathSegment {
    /// Name.
    pub name: NameIdx,
    /// First byte of the name.
    pub at: u32,
    /// Type arguments in order; lifetimes and constants are left out. For `Fn(A, B) -> C` the one
    /// argument is the tuple `(A, B)` and `C` is bound to `Output`.
    pub args: List,
    /// Associated types that are bound, alternately a name and a type: `Item = T`.
    pub bindings: List,
}
