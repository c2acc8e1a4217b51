//! C, and the walk that it shares with C++.

mod class;
mod declarator;
mod doc;
mod expr;
mod function;
mod header;
mod item;
mod library;
mod mend;
mod name;
mod preprocessor;
mod statement;
mod tables;
mod ty;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::facts::{FileFacts, LiteralKind, SymbolIdx};
use aether_core::code::{Language as LanguageName, Visibility};
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Parser};

pub(super) use self::header::{included, is_cpp_text};
pub(super) use self::library::LIBRARY;
use self::mend::{mended, without_export_macros};
pub(super) use self::tables::{COMMON_MEMBERS, CONTAINERS, MAPS, POINTERS};
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
        let mut parser = Parser::new();
        parser.set_language(&grammar).expect("the grammar and the parser library are built for the same ABI");
        Self { parser, dialect }
    }
}

impl Walker for CWalker {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        let mut writer = FactsWriter::new(file_name, text);
        let exported = without_export_macros(text);
        let read = exported.as_deref().unwrap_or(text);
        if let Some(mut tree) = parse(&mut self.parser, read) {
            if tree.root_node().has_error() {
                // Conditions of the preprocessor and macros in front of declarations are no part of the
                // grammar: without them, more of the text can be read. Every byte keeps its place.
                let mended = mended(read, self.dialect);
                if let Some(other) = parse(&mut self.parser, &mended)
                    && tree::error_bytes(&other) < tree::error_bytes(&tree)
                {
                    tree = other;
                }
            }
            tree::note_errors(&mut writer, &tree);
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
            walk.file(tree.root_node());
            writer = walk.finish();
        }
        writer.finish()
    }
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
        assert!(LIBRARY.is_sorted() && COMMON_MEMBERS.is_sorted() && tables::is_sorted());
    }
}
