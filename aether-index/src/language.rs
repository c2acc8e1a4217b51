//! Languages: what an index has to know of one.

use std::fmt;
use std::sync::Arc;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::code::facts::{FileFacts, LiteralKind, SymbolFact};

/// A language that an index reads.
///
/// A language walks files into facts and says where a module lies; names, receivers, classes and
/// calls are resolved alike for all of them. Rust has a resolver of its own and is always there.
///
/// Whoever has a language of their own hands it to
/// [`IndexOptions::with_language`](crate::IndexOptions::with_language); `examples/embed-language` is
/// a whole one.
pub trait Language: fmt::Debug + Send + Sync {
    /// The name, as in `language:python`.
    fn name(&self) -> LanguageName;

    /// Whether a file is of this language, by its name.
    fn claims(&self, path: &RelPath) -> bool;

    /// Whether a file that it claims by its name is of this language by its text; where not, the next
    /// language is asked. Default: yes.
    fn claims_text(&self, path: &RelPath, text: &str) -> bool {
        let _ = (path, text);
        true
    }

    /// A walker; each thread has its own.
    fn walker(&self) -> Box<dyn Walker>;

    /// What decides the facts beside the text: a new value makes an index anew. Default: none.
    fn version(&self) -> &str {
        ""
    }

    /// The path of the module that a file is, joined by `::`. Default: the path of the file without
    /// its extension.
    fn module_path(&self, file: &RelPath, facts: &FileFacts, files: &mut dyn Files) -> String {
        let _ = (facts, files);
        let path = file.as_str();
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        stem.replace('/', "::")
    }

    /// The module that `segments` name in `from`, as an import writes them; `None` when it does not
    /// lie in the repository. `is_global` says that the import is not relative to `from`.
    fn module(
        &self,
        from: &RelPath,
        segments: &[&str],
        is_global: bool,
        files: &mut dyn Files,
    ) -> Option<Module>;

    /// Whether files of this language can import those of another one, and call their methods.
    fn shares_files_with(&self, other: &LanguageName) -> bool {
        let _ = other;
        false
    }

    /// The files whose declarations a file sees without an import: those of its package. Itself is left
    /// out or not, as it comes.
    fn siblings(&self, file: &RelPath, files: &mut dyn Files) -> Vec<RelPath> {
        let _ = (file, files);
        Vec::new()
    }

    /// Whether a function can be called wherever its name is known, whichever file it stands in. What a
    /// file sees itself comes first.
    fn has_global_functions(&self) -> bool {
        false
    }

    /// Whether a declaration is known by its path of names in every file that sees its own, as in C and
    /// C++: namespaces go on from file to file, members of a class stand in any of them, and an import
    /// without a name ([`ImportKind::Anonymous`]) shows what a file declares and what it imports so.
    ///
    /// [`ImportKind::Anonymous`]: aether_core::code::facts::ImportKind::Anonymous
    fn has_open_scopes(&self) -> bool {
        false
    }

    /// The name by which a method names what it is called on, if that is a name as others are.
    fn receiver(&self) -> Option<&str> {
        None
    }

    /// The name by which a method names its bases, as in `super().close()`.
    fn base_receiver(&self) -> Option<&str> {
        None
    }

    /// The method that runs when a class is called.
    fn constructor(&self) -> Option<&str> {
        None
    }

    /// Whether the members of a class can be named in its methods without a receiver.
    fn has_implicit_receiver(&self) -> bool {
        false
    }

    /// Whether what a class declares is known by its name in the class itself.
    fn has_class_scopes(&self) -> bool {
        true
    }

    /// Whether an import always names a whole module, never something inside of one.
    fn imports_whole_modules(&self) -> bool {
        false
    }

    /// Whether a variable is known only in the block that declares it.
    fn has_block_scopes(&self) -> bool {
        false
    }

    /// Whether types and values have names of their own: one name can stand for both.
    fn has_type_names(&self) -> bool {
        false
    }

    /// Whether variables have members that are declared with them, as object literals do.
    fn has_object_members(&self) -> bool {
        false
    }

    /// The member of a module that stands for the module as a whole, if it has one.
    fn whole_module(&self) -> Option<&str> {
        None
    }

    /// Whether a method is read like a field. Decorators that say so need no answer.
    fn is_property(&self, method: &SymbolFact) -> bool {
        let _ = method;
        false
    }

    /// Whether methods of one name stand beside each other, told apart by their parameters, and beside
    /// fields and classes of that name. A last parameter that is a slice takes any number of arguments.
    fn has_overloads(&self) -> bool {
        false
    }

    /// Whether methods can stand outside of their type.
    fn has_outside_methods(&self) -> bool {
        true
    }

    /// Whether others can name what a file imports, as in Python. Where not, an import that leads to
    /// nothing known leads outside.
    fn shows_imports(&self) -> bool {
        true
    }

    /// The path of the type outside that a literal is of.
    fn literal_type(&self, literal: LiteralKind) -> Option<&'static str> {
        match literal {
            LiteralKind::Str => Some("str"),
            LiteralKind::ByteStr => Some("bytes"),
            LiteralKind::Integer(_) => Some("int"),
            LiteralKind::Float(_) => Some("float"),
            LiteralKind::Bool => Some("bool"),
            _ => None,
        }
    }

    /// Which of the type arguments of a type outside is that of its elements, as in a list; the type by
    /// the last part of its path.
    fn element(&self, type_name: &str) -> Option<usize> {
        let _ = type_name;
        None
    }

    /// Which of the type arguments of a type outside it leads to, so that a value of it is used like one of
    /// that, as a smart pointer is.
    fn pointee(&self, type_name: &str) -> Option<usize> {
        let _ = type_name;
        None
    }

    /// Whether values of types outside commonly have a member of a name, so that a call of it on
    /// something unknown says nothing about the repository.
    fn is_common_member(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// What is known without an import, by the path in front of it, as in `builtins::len`.
    fn builtin(&self, name: &str) -> Option<&'static str> {
        let _ = name;
        None
    }
}

/// Walks files of one language.
pub trait Walker {
    /// The facts of a file. Never fails: what cannot be read is left out with a diagnostic.
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts;
}

/// The files of the language that a repository has. What is asked is remembered: an answer that
/// changes makes the file that asked be resolved again.
pub trait Files {
    /// Whether there is such a file.
    fn has(&mut self, path: &RelPath) -> bool;

    /// The files that lie in a folder itself, sorted.
    fn in_folder(&mut self, folder: &RelPath) -> Vec<RelPath>;

    /// The files that say that they are of a package, which is joined by `::`; those that lie near to
    /// `near` first.
    fn in_package(&mut self, package: &str, near: &RelPath) -> Vec<RelPath>;

    /// The files of a name, wherever they lie, sorted.
    fn with_name(&mut self, name: &str) -> Vec<RelPath>;

    /// Whether files lie in a folder, or below it.
    fn has_folder(&mut self, folder: &RelPath) -> bool;
}

/// A module of the repository.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Module {
    /// The files that it consists of; none for a folder that only holds others.
    pub files: Vec<RelPath>,
}

impl Module {
    /// A module of some files.
    #[must_use]
    pub fn of(files: Vec<RelPath>) -> Self {
        Self { files }
    }
}

/// The languages of an index, in the order in which they are asked.
#[derive(Clone, Debug)]
pub(crate) struct Languages(Vec<Arc<dyn Language>>);

impl Default for Languages {
    /// Those that the features of this crate bring.
    fn default() -> Self {
        Self(vec![
            // Both claim headers; C++ takes those that are written in it.
            #[cfg(feature = "cpp")]
            Arc::new(crate::languages::Cpp),
            #[cfg(feature = "c")]
            Arc::new(crate::languages::C),
            #[cfg(feature = "go")]
            Arc::new(crate::languages::Go),
            #[cfg(feature = "python")]
            Arc::new(crate::languages::Python),
            #[cfg(feature = "javascript")]
            Arc::new(crate::languages::JavaScript),
            #[cfg(feature = "typescript")]
            Arc::new(crate::languages::TypeScript),
            #[cfg(feature = "java")]
            Arc::new(crate::languages::Java),
        ])
    }
}

impl PartialEq for Languages {
    fn eq(&self, other: &Self) -> bool {
        self.made_by() == other.made_by()
    }
}

impl Eq for Languages {}

impl Languages {
    /// Adds one, which is asked before the others.
    pub(crate) fn push_front(&mut self, language: Arc<dyn Language>) {
        self.0.insert(0, language);
    }

    pub(crate) fn get(&self, number: usize) -> &Arc<dyn Language> {
        &self.0[number]
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The number of the language of that name.
    pub(crate) fn number_of(&self, name: &LanguageName) -> Option<usize> {
        self.0.iter().position(|language| language.name() == *name)
    }

    /// The language of a file: by its name, and by its text where that is known.
    pub(crate) fn of(&self, path: &RelPath, text: Option<&str>) -> LanguageName {
        let name = path.file_name().unwrap_or("");
        if name == "Cargo.toml" {
            return LanguageName::CARGO;
        }
        if name.ends_with(".rs") {
            return LanguageName::RUST;
        }
        let is_it = |language: &&Arc<dyn Language>| {
            language.claims(path) && text.is_none_or(|text| language.claims_text(path, text))
        };
        self.0.iter().find(is_it).map_or(LanguageName::UNKNOWN, |language| language.name())
    }

    /// What tells two lists of languages apart.
    pub(crate) fn made_by(&self) -> String {
        let texts = self.0.iter().map(|language| format!("{} {}", language.name(), language.version()));
        texts.collect::<Vec<_>>().join(", ")
    }
}
