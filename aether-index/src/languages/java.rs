//! Java.

mod expr;
mod item;
mod members;
mod statement;
mod tables;
mod types;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::code::facts::{FileFacts, LiteralKind, SymbolIdx, TypeIdx};
use tree_sitter::{Node, Parser};

use self::tables::{COMMON_MEMBERS, LANG};
use super::{frame_of_walk, tree};
use crate::facts::{FactsWriter, parse};
use crate::language::{Files, Language, Module, Walker};

/// Java up to 21.
///
/// A file belongs to the package that it names, wherever it lies; a file that names none sees those of
/// its folder. A name is looked up in the method, in the classes around it and what they are derived
/// from, among imports, in the package, among imports on demand, then in `java.lang`. Of methods of
/// one name the one whose parameters fit the call is meant. Constructors are called `<init>`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Java;

impl Language for Java {
    fn name(&self) -> LanguageName {
        LanguageName::JAVA
    }

    fn claims(&self, path: &RelPath) -> bool {
        path.file_name().is_some_and(|name| name.ends_with(".java"))
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(JavaWalker::new())
    }

    fn module_path(&self, file: &RelPath, facts: &FileFacts, _files: &mut dyn Files) -> String {
        crate::facts::package_of(facts).unwrap_or_else(|| {
            let name = file.file_name().unwrap_or("");
            name.strip_suffix(".java").unwrap_or(name).to_owned()
        })
    }

    fn module(
        &self,
        from: &RelPath,
        segments: &[&str],
        _is_global: bool,
        files: &mut dyn Files,
    ) -> Option<Module> {
        let found = files.in_package(&segments.join("::"), from);
        (!found.is_empty()).then(|| Module::of(found))
    }

    fn siblings(&self, file: &RelPath, files: &mut dyn Files) -> Vec<RelPath> {
        files.in_folder(&file.parent())
    }

    fn receiver(&self) -> Option<&str> {
        Some("this")
    }

    fn base_receiver(&self) -> Option<&str> {
        Some("super")
    }

    fn constructor(&self) -> Option<&str> {
        Some("<init>")
    }

    fn has_implicit_receiver(&self) -> bool {
        true
    }

    fn has_overloads(&self) -> bool {
        true
    }

    fn shows_imports(&self) -> bool {
        false
    }

    fn has_outside_methods(&self) -> bool {
        false
    }

    fn literal_type(&self, literal: LiteralKind) -> Option<&'static str> {
        match literal {
            LiteralKind::Str => Some("java::lang::String"),
            LiteralKind::Integer(None) => Some("int"),
            LiteralKind::Integer(Some(_)) => Some("long"),
            LiteralKind::Float(None) => Some("double"),
            LiteralKind::Float(Some(_)) => Some("float"),
            LiteralKind::Char => Some("char"),
            LiteralKind::Bool => Some("boolean"),
            _ => None,
        }
    }

    fn is_common_member(&self, name: &str) -> bool {
        COMMON_MEMBERS.binary_search(&name).is_ok()
    }

    fn builtin(&self, name: &str) -> Option<&'static str> {
        match name {
            "boolean" | "byte" | "char" | "short" | "int" | "long" | "float" | "double" | "java"
            | "javax" => Some(""),
            _ => LANG.binary_search(&name).is_ok().then_some("java::lang"),
        }
    }
}

struct JavaWalker {
    parser: Parser,
}

impl JavaWalker {
    fn new() -> Self {
        Self { parser: tree::parser(&tree_sitter_java::LANGUAGE.into()) }
    }
}

impl Walker for JavaWalker {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        tree::facts(parse(&mut self.parser, text), file_name, text, |writer, root| {
            let mut walk = Walk {
                writer,
                text,
                limits: *limits,
                depth: 0,
                is_too_deep: false,
                type_params: Vec::new(),
                classes: Vec::new(),
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
    /// Type parameters that are known here, each with the type of its first bound.
    type_params: Vec<(&'t str, Option<TypeIdx>)>,
    /// The classes around the place that the walk is at.
    classes: Vec<ClassAround>,
}

/// A class while its members are read.
#[derive(Clone, Copy)]
struct ClassAround {
    symbol: SymbolIdx,
    /// The class as a type: what its constructors give.
    ty: TypeIdx,
    form: ClassForm,
}

/// What a declaration of a class says about its members.
#[derive(Clone, Copy, Eq, PartialEq)]
enum ClassForm {
    Class,
    Interface,
    Enum,
}

impl<'t> Walk<'t> {
    fn file(&mut self, root: Node<'_>) {
        let mut statements = Vec::new();
        self.each_documented(root, |walk, node, doc| match node.kind() {
            "package_declaration" => walk.package(node, doc),
            "import_declaration" => walk.import(node),
            "module_declaration" => {}
            _ if walk.declaration(node, doc) => {}
            _ => statements.extend(walk.statement(node)),
        });
        if !statements.is_empty() {
            let root = self.sequence(0, &statements);
            self.writer.body(SymbolIdx(0), root);
        }
    }

    frame_of_walk!();

    /// Visits what a node holds, each with the documentation in front of it. What an error holds is
    /// visited in its place.
    fn each_documented(&mut self, node: Node<'_>, mut visit: impl FnMut(&mut Self, Node<'_>, String)) {
        self.each_inside(node, &mut visit);
    }

    fn each_inside(&mut self, node: Node<'_>, visit: &mut dyn FnMut(&mut Self, Node<'_>, String)) {
        let mut cursor = node.walk();
        let mut doc = None;
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "block_comment" => doc = Some(child).filter(|child| self.text_of(*child).starts_with("/**")),
                "line_comment" => {}
                "ERROR" => {
                    self.deeper(|walk| walk.each_inside(child, visit));
                    doc = None;
                }
                _ => {
                    let doc = doc.take().map(|doc| doc_text(self.text_of(doc))).unwrap_or_default();
                    visit(self, child, doc);
                }
            }
        }
    }
}

/// The text of a Javadoc comment: without the stars that lines start with.
fn doc_text(comment: &str) -> String {
    let text = comment.strip_prefix("/**").unwrap_or(comment);
    let text = text.strip_suffix("*/").unwrap_or(text);
    let lines = text.lines().map(|line| {
        let line = line.trim();
        let line = line.strip_prefix('*').unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).trim_end()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(LANG.is_sorted() && COMMON_MEMBERS.is_sorted());
    }

    #[test]
    fn documentation_loses_its_stars() {
        assert_eq!(doc_text("/** One. */"), "One.");
        assert_eq!(doc_text("/**\n   * One.\n   *\n   *   two\r\n   */"), "One.\n\n  two");
        assert_eq!(doc_text("/**/"), "/");
    }
}
