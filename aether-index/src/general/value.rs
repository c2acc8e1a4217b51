//! What expressions and names stand for.

use std::sync::Arc;

use super::tables::SymRef;

/// What an expression or a name stands for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) enum Value {
    /// Not known.
    #[default]
    Unknown,
    /// A declaration of the repository: a function, a class, a variable whose value is not known.
    Symbol(SymRef),
    /// A value of a class.
    Instance(SymRef),
    /// A value of a class, of which only what its bases have is asked.
    Base(SymRef),
    /// A module of the repository.
    Module(ModuleValue),
    /// Something outside, by its path.
    External(Arc<str>),
    /// A value of a type outside.
    ExternalInstance(Arc<str>),
    /// A list of values of a kind, and the path of the type that the list is of where that is outside.
    Several(Box<Value>, Option<Arc<str>>),
    /// A value that is used like the one that it leads to, and the path of its own type outside.
    Leading(Box<Value>, Arc<str>),
}

/// A module as it was named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ModuleValue {
    /// The file that names it.
    pub(super) from: u32,
    pub(super) segments: Arc<[String]>,
    pub(super) is_global: bool,
    pub(super) units: Arc<[u32]>,
}

/// How a member was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found {
    /// In the class itself.
    Own,
    /// In a class that it is derived from.
    Inherited,
}
