//! Python.

mod expr;
mod item;
mod tables;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::code::facts::{FileFacts, SymbolIdx};
use tree_sitter::{Node, Parser};

use self::tables::{BUILTINS, COMMON_MEMBERS};
use super::{frame_of_walk, tree};
use crate::facts::{FactsWriter, parse};
use crate::language::{Files, Language, Module, Walker};

/// Python 3, and as much of Python 2 as its grammar reads.
///
/// A name is looked up in the functions around it, in its module, among imports, then among the
/// built-in names. Absolute imports are looked for from the folder of the outermost package around
/// the file, from the folders above it, and from `src` and `lib` in them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Python;

impl Language for Python {
    fn name(&self) -> LanguageName {
        LanguageName::PYTHON
    }

    fn claims(&self, path: &RelPath) -> bool {
        let name = path.file_name().unwrap_or("");
        [".py", ".pyi", ".pyw"].iter().any(|extension| name.ends_with(extension))
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(PythonWalker::new())
    }

    fn module_path(&self, file: &RelPath, _facts: &FileFacts, files: &mut dyn Files) -> String {
        let root = package_root(file, files);
        let path = file.as_str();
        let inside = path.get(root.as_str().len()..).unwrap_or(path).trim_start_matches('/');
        let stem = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem);
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        stem.replace('/', "::")
    }

    fn module(
        &self,
        from: &RelPath,
        segments: &[&str],
        is_global: bool,
        files: &mut dyn Files,
    ) -> Option<Module> {
        if !is_global {
            let dots = segments.iter().take_while(|&&segment| segment == ".").count();
            let mut folder = from.parent();
            for _ in 1..dots {
                folder = folder.parent();
            }
            return module_in(&folder, &segments[dots..], files);
        }
        let package_root = package_root(from, files);
        let mut root = package_root;
        loop {
            for inside in ["", "src", "lib"] {
                let base = if inside.is_empty() { root.clone() } else { root.join(inside).ok()? };
                if let Some(module) = module_in(&base, segments, files) {
                    return Some(module);
                }
            }
            if root.as_str().is_empty() {
                return None;
            }
            root = root.parent();
        }
    }

    fn base_receiver(&self) -> Option<&str> {
        Some("super")
    }

    fn constructor(&self) -> Option<&str> {
        Some("__init__")
    }

    fn is_common_member(&self, name: &str) -> bool {
        COMMON_MEMBERS.binary_search(&name).is_ok()
    }

    fn builtin(&self, name: &str) -> Option<&'static str> {
        BUILTINS.binary_search(&name).is_ok().then_some("builtins")
    }
}

/// The folder that holds the outermost package of a file.
fn package_root(file: &RelPath, files: &mut dyn Files) -> RelPath {
    let mut folder = file.parent();
    while !folder.as_str().is_empty() && folder.join("__init__.py").is_ok_and(|init| files.has(&init)) {
        folder = folder.parent();
    }
    folder
}

/// The module of a dotted name below a folder.
fn module_in(base: &RelPath, segments: &[&str], files: &mut dyn Files) -> Option<Module> {
    let mut folder = base.clone();
    for (at, segment) in segments.iter().enumerate() {
        if at + 1 == segments.len() {
            for name in [format!("{segment}.py"), format!("{segment}.pyi")] {
                let file = folder.join(&name).ok()?;
                if files.has(&file) {
                    return Some(Module::of(vec![file]));
                }
            }
        }
        folder = folder.join(segment).ok()?;
    }
    for name in ["__init__.py", "__init__.pyi"] {
        let init = folder.join(name).ok()?;
        if files.has(&init) {
            return Some(Module::of(vec![init]));
        }
    }
    // A package without a file of its own; the folder that an import starts from is none.
    (!segments.is_empty() && files.has_folder(&folder)).then(Module::default)
}

struct PythonWalker {
    parser: Parser,
}

impl PythonWalker {
    fn new() -> Self {
        Self { parser: tree::parser(&tree_sitter_python::LANGUAGE.into()) }
    }
}

impl Walker for PythonWalker {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        tree::facts(parse(&mut self.parser, text), file_name, text, |writer, root| {
            let is_test_file = file_name.starts_with("test_") || file_name.ends_with("_test.py");
            let mut walk = Walk { writer, text, limits: *limits, depth: 0, is_too_deep: false, is_test_file };
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
    is_test_file: bool,
}

impl<'t> Walk<'t> {
    fn file(&mut self, root: Node<'_>) {
        let statements = tree::children(root);
        if let Some(doc) = self.docstring(&statements) {
            self.writer.set_file_doc(doc);
        }
        let root = self.suite(&statements, 0);
        self.writer.body(SymbolIdx(0), root);
    }

    frame_of_walk!();

    /// The documentation that a body starts with.
    fn docstring(&self, statements: &[Node<'_>]) -> Option<String> {
        let first = statements.first().filter(|node| node.kind() == "expression_statement")?;
        let string = first.named_child(0).filter(|node| node.kind() == "string")?;
        Some(doc_text(self.text_of(string)))
    }
}

/// The text of a documentation string: without quotes, each line without the indentation that all but
/// the first share.
fn doc_text(literal: &str) -> String {
    let text = literal.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let text = ["\"\"\"", "'''", "\"", "'"]
        .iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text);
    let indent = text
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or("").trim().to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(line.get(indent..).unwrap_or("").trim_end());
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(BUILTINS.is_sorted() && COMMON_MEMBERS.is_sorted());
    }

    #[test]
    fn documentation_loses_its_indentation() {
        assert_eq!(doc_text("\"\"\"One.\n\n    Two\n      three.\n    \"\"\""), "One.\n\nTwo\n  three.");
        assert_eq!(doc_text("r'x'"), "x");
    }
}
