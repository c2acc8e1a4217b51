//! C, and the walk that it shares with C++.

mod class;
mod declarator;
mod doc;
mod expr;
mod function;
mod include;
mod item;
mod library;
mod mend;
mod name;
mod preprocessor;
mod statement;
mod ty;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::facts::{FileFacts, LiteralKind, SymbolIdx};
use aether_core::code::{Language as LanguageName, Visibility};
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Parser, Tree};

pub(super) use self::include::included;
pub(super) use self::library::LIBRARY;
use self::mend::{mended, without_export_macros};
use super::{frame_of_walk, tree};
use crate::facts::{FactsWriter, parse};
use crate::language::{Files, Language, Module, Walker};

/// C up to C23, with the extensions of GCC that the grammar knows.
///
/// A name means what is declared in the file or in what it includes, directly or not; of functions that
/// are declared and defined, the definition is meant. An include leads to the file of the repository
/// whose path ends as it says, the nearest one first. Headers that are written in C++ are of that
/// language.
#[derive(Clone, Copy, Debug, Default)]
pub struct C;

/// Answers that are the same for C and C++.
macro_rules! answers_of_c {
    () => {
        fn module_path(&self, _file: &RelPath, _facts: &FileFacts, _files: &mut dyn Files) -> String {
            // Names are the same in every file.
            String::new()
        }

        fn module(
            &self,
            from: &RelPath,
            segments: &[&str],
            is_global: bool,
            files: &mut dyn Files,
        ) -> Option<Module> {
            $crate::languages::c::included(from, segments, is_global, files)
        }

        fn has_open_scopes(&self) -> bool {
            true
        }

        fn has_overloads(&self) -> bool {
            true
        }

        fn has_block_scopes(&self) -> bool {
            true
        }

        fn has_implicit_receiver(&self) -> bool {
            true
        }

        fn shows_imports(&self) -> bool {
            false
        }

        fn literal_type(&self, _literal: LiteralKind) -> Option<&'static str> {
            None
        }
    };
}
#[cfg(feature = "cpp")]
pub(super) use answers_of_c;

impl Language for C {
    fn name(&self) -> LanguageName {
        LanguageName::C
    }

    fn claims(&self, path: &RelPath) -> bool {
        path.file_name().is_some_and(|name| name.ends_with(".c") || name.ends_with(".h"))
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(CWalker::new(Dialect::C, tree_sitter_c::LANGUAGE.into()))
    }

    fn shares_files_with(&self, other: &LanguageName) -> bool {
        *other == LanguageName::CPP
    }

    fn builtin(&self, name: &str) -> Option<&'static str> {
        LIBRARY.binary_search(&name).is_ok().then_some("")
    }

    answers_of_c!();
}

/// Which of the two languages a text is read as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dialect {
    C,
    Cpp,
}

/// Walks files of one of both languages.
pub(super) struct CWalker {
    parser: Parser,
    dialect: Dialect,
}

impl CWalker {
    pub(super) fn new(dialect: Dialect, grammar: tree_sitter::Language) -> Self {
        Self { parser: tree::parser(&grammar), dialect }
    }

    /// Conditions of the preprocessor and macros in front of declarations are no part of the grammar:
    /// without them, more of a text can be read. Every byte keeps its place.
    fn parse(&mut self, text: &str) -> Option<Tree> {
        let tree = parse(&mut self.parser, text)?;
        if !tree.root_node().has_error() {
            return Some(tree);
        }
        let other = parse(&mut self.parser, &mended(text, self.dialect));
        Some(other.filter(|other| error_bytes(other) < error_bytes(&tree)).unwrap_or(tree))
    }
}

impl Walker for CWalker {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        let exported = without_export_macros(text);
        let tree = self.parse(exported.as_deref().unwrap_or(text));
        tree::facts(tree, file_name, text, |writer, root| {
            let mut walk = Walk {
                writer,
                text,
                dialect: self.dialect,
                limits: *limits,
                depth: 0,
                is_too_deep: false,
                type_parameters: Vec::new(),
                classes: Vec::new(),
                holders: FxHashMap::default(),
                is_hidden: false,
            };
            walk.file(root);
            walk.finish()
        })
    }
}

/// How many bytes of a text do not parse.
fn error_bytes(tree: &Tree) -> usize {
    let mut count = 0;
    tree::each_error(tree, |node| count += node.byte_range().len().max(1));
    count
}

/// One walk.
struct Walk<'t> {
    writer: FactsWriter<'t>,
    text: &'t str,
    dialect: Dialect,
    limits: IndexLimits,
    depth: u32,
    is_too_deep: bool,
    /// The type parameters that are known here.
    type_parameters: Vec<&'t str>,
    /// The classes around the place that the walk is at.
    classes: Vec<ClassAround<'t>>,
    /// What holds members, by what is around it and its name: classes, and what stands for a class whose
    /// methods the file defines without declaring it.
    holders: FxHashMap<(Option<SymbolIdx>, &'t str), SymbolIdx>,
    /// Whether what is declared here is not seen by other files: it stands in a namespace without a name.
    is_hidden: bool,
}

/// A class while its members are read.
#[derive(Clone)]
struct ClassAround<'t> {
    name: &'t str,
    /// How far the members can be seen that come next.
    access: Visibility,
}

impl<'t> Walk<'t> {
    fn file(&mut self, root: Node<'_>) {
        let mut evaluated = Vec::new();
        self.items(root, &mut evaluated);
        if !evaluated.is_empty() {
            let root = self.sequence(0, &evaluated);
            self.writer.body(SymbolIdx(0), root);
        }
    }

    frame_of_walk!();

    fn is_cpp(&self) -> bool {
        self.dialect == Dialect::Cpp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(LIBRARY.is_sorted());
    }
}
