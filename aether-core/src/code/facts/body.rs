//! Expressions and patterns of bodies, as far as resolution and effects need them.

use serde::{Deserialize, Serialize};

use super::{NameIdx, ScopeIdx, SymbolIdx, TypeIdx};

/// Index into [`super::FileFacts::exprs`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ExprIdx(pub u32);

/// Index into [`super::FileFacts::pats`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct PatIdx(pub u32);

/// A range of [`super::FileFacts::lists`], or of another arena where that is said.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct List {
    /// First entry.
    pub start: u32,
    /// Number of entries.
    pub len: u32,
}

/// A body.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BodyFact {
    /// The function, constant or static it belongs to.
    pub owner: SymbolIdx,
    /// The scope around it.
    pub scope: ScopeIdx,
    /// Its value.
    pub root: ExprIdx,
}

/// An expression.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExprFact {
    /// The byte that answers cite: of a call by name, the name that is called.
    pub at: u32,
    /// What it is.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExprKind {
    /// Forms that are not modelled: the expressions inside it.
    Unknown(List),
    /// A path, by index into [`super::FileFacts::paths`].
    Path(u32),
    /// A literal.
    Literal(LiteralKind),
    /// A call of a value: callee, arguments.
    Call(ExprIdx, List),
    /// A call of a method.
    MethodCall {
        /// Receiver.
        receiver: ExprIdx,
        /// Name of the method.
        name: NameIdx,
        /// Type arguments, a list of types.
        type_args: List,
        /// Arguments.
        args: List,
    },
    /// A field; the fields of a tuple are named by their number.
    Field(ExprIdx, NameIdx),
    /// `a[b]`.
    Index(ExprIdx, ExprIdx),
    /// `a?`.
    Try(ExprIdx),
    /// `a.await`.
    Await(ExprIdx),
    /// `&a`, `&mut a`.
    Ref(ExprIdx),
    /// An operator with one operand.
    Unary(OperatorKind, ExprIdx),
    /// An operator with two operands.
    Binary(OperatorKind, ExprIdx, ExprIdx),
    /// `a = b`, and `a += b` with its operator.
    Assign(ExprIdx, ExprIdx, Option<OperatorKind>),
    /// A tuple.
    Tuple(List),
    /// `[a, b]`; the flag is set for `[a; n]`, whose list holds both.
    Array(List, bool),
    /// A block: statements, and its value.
    Block {
        /// Statements.
        statements: List,
        /// The value.
        tail: Option<ExprIdx>,
        /// The scope it opens when it declares items.
        scope: Option<ScopeIdx>,
        /// Kind of block.
        flavour: BlockFlavour,
    },
    /// `let` as a statement or a condition.
    Let {
        /// Pattern.
        pat: PatIdx,
        /// Type.
        ty: Option<TypeIdx>,
        /// Value.
        init: Option<ExprIdx>,
        /// Block of `let … else`.
        otherwise: Option<ExprIdx>,
    },
    /// `if`: condition, then, else.
    If(ExprIdx, ExprIdx, Option<ExprIdx>),
    /// `match`: value, and a range of [`super::FileFacts::arms`].
    Match(ExprIdx, List),
    /// `while`: condition, body.
    While(ExprIdx, ExprIdx),
    /// `loop`.
    Loop(ExprIdx),
    /// `for`: pattern, iterated value, body.
    For(PatIdx, ExprIdx, ExprIdx),
    /// A closure: alternately a pattern and a type (`u32::MAX` when not written), return type, body.
    Closure(List, Option<TypeIdx>, ExprIdx),
    /// A structure expression: path, a range of [`super::FileFacts::fields`], base.
    Struct(u32, List, Option<ExprIdx>),
    /// `a as T`.
    Cast(ExprIdx, TypeIdx),
    /// A range: start, end.
    Range(Option<ExprIdx>, Option<ExprIdx>),
    /// `return`.
    Return(Option<ExprIdx>),
    /// `break`.
    Break(Option<ExprIdx>),
    /// `continue`.
    Continue,
    /// A macro: path, and the expressions read from its tokens.
    Macro(u32, List),
}

/// Kinds of block.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BlockFlavour {
    /// A plain block.
    #[default]
    Plain,
    /// `unsafe`.
    Unsafe,
    /// `async`.
    Async,
    /// `const`.
    Const,
}

/// Kinds of literal.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LiteralKind {
    /// An integer; its type by the suffix, if any.
    Integer(Option<NameIdx>),
    /// A floating-point number; its type by the suffix, if any.
    Float(Option<NameIdx>),
    /// `"…"`.
    Str,
    /// `b"…"`.
    ByteStr,
    /// `c"…"`.
    CStr,
    /// `'a'`.
    Char,
    /// `b'a'`.
    Byte,
    /// `true`, `false`.
    Bool,
}

/// Kinds of operator.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperatorKind {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `%`.
    Rem,
    /// `&`, `|`, `^`.
    Bit,
    /// `<<`, `>>`.
    Shift,
    /// `&&`, `||`.
    Logic,
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`.
    Compare,
    /// Unary `-`.
    Neg,
    /// `!`.
    Not,
    /// Unary `*`.
    Deref,
}

/// An arm of a `match`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArmFact {
    /// Pattern.
    pub pat: PatIdx,
    /// Guard.
    pub guard: Option<ExprIdx>,
    /// Value.
    pub body: ExprIdx,
}

/// A field of a structure expression (the value is an expression) or pattern (it is a pattern).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldInit {
    /// Name of the field.
    pub name: NameIdx,
    /// Index of the expression or pattern.
    pub value: u32,
}

/// A pattern.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatFact {
    /// First byte.
    pub at: u32,
    /// What it is.
    pub kind: PatKind,
}

/// The forms of a pattern. Lists are lists of [`PatIdx`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PatKind {
    /// `_`, a literal, a range, or a form that is not modelled.
    Wild,
    /// `..`.
    Rest,
    /// A name: a new variable, or a constant or variant in scope; with the pattern behind `@`.
    Bind(NameIdx, Option<PatIdx>),
    /// A path to a constant or variant, by index into [`super::FileFacts::paths`].
    Path(u32),
    /// `A(b, c)`.
    TupleStruct(u32, List),
    /// `A { b, c: d }`: a range of [`super::FileFacts::fields`].
    Struct(u32, List),
    /// `(a, b)`.
    Tuple(List),
    /// `[a, b]`.
    Slice(List),
    /// `&a`.
    Ref(PatIdx),
    /// `a | b`.
    Or(List),
}
