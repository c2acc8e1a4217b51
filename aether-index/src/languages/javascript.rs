//! JavaScript, and the walk that TypeScript shares with it.

mod class;
mod doc;
mod export;
mod expr;
mod globals;
mod import;
mod item;
mod jsx;
mod members;
mod modules;
mod object;
mod pattern;
mod statement;
mod ty;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::code::facts::{ExprIdx, ExprKind, FileFacts, LiteralKind, SymbolFact, SymbolIdx};
use rustc_hash::FxHashSet;
use tree_sitter::{Node, Parser};

use self::globals::GLOBALS;
use self::members::COMMON_MEMBERS;
use super::{frame_of_walk, tree};
use crate::facts::{FactsWriter, parse};
use crate::language::{Files, Language, Module, Walker};

pub(super) use self::modules::{module, module_path};

/// JavaScript with or without JSX: modules of the language, and those of Node.js.
///
/// A name is looked up in the functions around it, in its module, among imports, then among the
/// global names. Imports of relative paths lead to files, with or without an extension.
#[derive(Clone, Copy, Debug, Default)]
pub struct JavaScript;

/// Says all that JavaScript and TypeScript have in common.
macro_rules! common_answers {
    () => {
        fn module_path(&self, file: &RelPath, _facts: &FileFacts, _files: &mut dyn Files) -> String {
            $crate::languages::javascript::module_path(file)
        }

        fn module(
            &self,
            from: &RelPath,
            segments: &[&str],
            is_global: bool,
            files: &mut dyn Files,
        ) -> Option<Module> {
            $crate::languages::javascript::module(from, segments, is_global, files)
        }

        fn shares_files_with(&self, other: &LanguageName) -> bool {
            [LanguageName::JAVASCRIPT, LanguageName::TYPESCRIPT].contains(other)
        }

        fn receiver(&self) -> Option<&str> {
            Some("this")
        }

        fn base_receiver(&self) -> Option<&str> {
            Some("super")
        }

        fn constructor(&self) -> Option<&str> {
            Some("constructor")
        }

        fn has_class_scopes(&self) -> bool {
            false
        }

        fn has_type_names(&self) -> bool {
            true
        }

        fn has_object_members(&self) -> bool {
            true
        }

        fn whole_module(&self) -> Option<&str> {
            Some("module.exports")
        }

        fn is_property(&self, method: &SymbolFact) -> bool {
            $crate::languages::javascript::is_getter(method)
        }

        fn literal_type(&self, literal: LiteralKind) -> Option<&'static str> {
            $crate::languages::javascript::literal_type(literal)
        }

        fn is_common_member(&self, name: &str) -> bool {
            $crate::languages::javascript::is_common_member(name)
        }

        fn builtin(&self, name: &str) -> Option<&'static str> {
            $crate::languages::javascript::builtin(name)
        }
    };
}
#[cfg(feature = "typescript")]
pub(super) use common_answers;

impl Language for JavaScript {
    fn name(&self) -> LanguageName {
        LanguageName::JAVASCRIPT
    }

    fn claims(&self, path: &RelPath) -> bool {
        let name = path.file_name().unwrap_or("");
        [".js", ".mjs", ".cjs", ".jsx"].iter().any(|extension| name.ends_with(extension))
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(ScriptWalker::new(&[("", tree_sitter_javascript::LANGUAGE.into())]))
    }

    common_answers!();
}

/// Whether a method is read like a field: `get name()`.
pub(super) fn is_getter(method: &SymbolFact) -> bool {
    let head = method.signature.split('(').next().unwrap_or("");
    let mut words = head.split(' ').rev().skip(1);
    words.next() == Some("get")
}

/// The type outside that a literal is of.
pub(super) fn literal_type(literal: LiteralKind) -> Option<&'static str> {
    match literal {
        LiteralKind::Str => Some("globalThis::String"),
        LiteralKind::Integer(_) | LiteralKind::Float(_) => Some("globalThis::Number"),
        LiteralKind::Bool => Some("globalThis::Boolean"),
        _ => None,
    }
}

pub(super) fn is_common_member(name: &str) -> bool {
    COMMON_MEMBERS.binary_search(&name).is_ok()
}

pub(super) fn builtin(name: &str) -> Option<&'static str> {
    GLOBALS.binary_search(&name).is_ok().then_some("globalThis")
}

/// Walks files with one of some grammars, picked by the ending of the name.
pub(super) struct ScriptWalker {
    parsers: Vec<(&'static str, Parser)>,
}

impl ScriptWalker {
    /// A walker; of the grammars the first one counts whose ending fits.
    pub(super) fn new(grammars: &[(&'static str, tree_sitter::Language)]) -> Self {
        Self { parsers: grammars.iter().map(|(ending, grammar)| (*ending, tree::parser(grammar))).collect() }
    }
}

impl Walker for ScriptWalker {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        let parser = self.parsers.iter_mut().find(|(ending, _)| file_name.ends_with(ending));
        let tree = parser.and_then(|(_, parser)| parse(parser, text));
        tree::facts(tree, file_name, text, |writer, root| {
            let mut walk = Walk {
                writer,
                text,
                limits: *limits,
                depth: 0,
                is_too_deep: false,
                own: format!("./{file_name}"),
                exported: FxHashSet::default(),
                closures: 0,
                has_this: false,
                is_ambient: false,
                doc: String::new(),
            };
            walk.file(root);
            walk.finish()
        })
    }
}

/// One walk.
struct Walk<'t> {
    writer: FactsWriter<'t>,
    text: &'t str,
    limits: IndexLimits,
    depth: u32,
    is_too_deep: bool,
    /// The file as it would import itself.
    own: String,
    /// The names that the file exports below their declaration.
    exported: FxHashSet<&'t str>,
    /// How many functions without a name are around, blocks included.
    closures: u32,
    /// Whether `this` is what the class around is about.
    has_this: bool,
    /// Whether what is declared is for all, as in `declare global`.
    is_ambient: bool,
    /// The documentation in front of the statement that is read, until a declaration takes it.
    doc: String,
}

impl<'t> Walk<'t> {
    fn file(&mut self, root: Node<'_>) {
        let statements = tree::children(root);
        self.note_exports(&statements);
        if let Some(doc) = self.file_doc(root) {
            self.writer.set_file_doc(doc);
        }
        let root = self.suite(root, 0);
        self.writer.body(SymbolIdx(0), root);
    }

    frame_of_walk!();

    /// A block of some statements.
    fn sequence(&mut self, at: u32, statements: &[ExprIdx]) -> ExprIdx {
        let statements = self.writer.expr_list(statements);
        let flavour = aether_core::code::facts::BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: None, scope: None, flavour })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(GLOBALS.is_sorted() && COMMON_MEMBERS.is_sorted());
    }
}
