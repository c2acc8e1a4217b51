//! Go.

mod doc;
mod expr;
mod item;
mod statement;
mod tables;
mod ty;
mod value;

use aether_core::base::{IndexLimits, RelPath};
use aether_core::code::facts::{FileFacts, SymbolIdx, TypeIdx};
use aether_core::code::{Language as LanguageName, Visibility};
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Parser};

use self::tables::{BUILTINS, COMMON_MEMBERS};
use super::{frame_of_walk, tree};
use crate::facts::{FactsWriter, parse};
use crate::language::{Files, Language, Module, Walker};

/// Go, with type parameters.
///
/// A package is a folder. An import leads to the folder of the repository that has most segments of
/// its path in common, from the end; it is looked for in the folders around the file. Paths of the
/// standard library, whose first segment has no dot, have to be there as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Go;

impl Language for Go {
    fn name(&self) -> LanguageName {
        LanguageName::GO
    }

    fn claims(&self, path: &RelPath) -> bool {
        path.file_name().unwrap_or("").ends_with(".go")
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(GoWalker::new())
    }

    fn module_path(&self, file: &RelPath, _facts: &FileFacts, _files: &mut dyn Files) -> String {
        let folder = file.parent();
        if folder.as_str().is_empty() {
            // The name of the outermost folder is not known.
            let name = file.file_name().unwrap_or("");
            return name.strip_suffix(".go").unwrap_or(name).to_owned();
        }
        folder.as_str().replace('/', "::")
    }

    fn module(
        &self,
        from: &RelPath,
        segments: &[&str],
        is_global: bool,
        files: &mut dyn Files,
    ) -> Option<Module> {
        if !is_global {
            let mut folder = from.parent();
            for &segment in segments {
                folder = match segment {
                    "." => folder,
                    ".." => folder.parent(),
                    name => folder.join(name).ok()?,
                };
            }
            return package_in(&folder, files);
        }
        let first = segments.first()?;
        let fewest = fewest_segments(first, segments.len());
        for length in (fewest..=segments.len()).rev() {
            let inside = segments[segments.len() - length..].join("/");
            let mut base = from.parent();
            loop {
                for vendor in ["", "vendor"] {
                    // Of others' code that is kept in the repository, the whole path is known.
                    let is_tried = vendor.is_empty() || length == segments.len();
                    let folder = if vendor.is_empty() { Ok(base.clone()) } else { base.join(vendor) };
                    if is_tried
                        && let Ok(folder) = folder.and_then(|folder| folder.join(&inside))
                        && let Some(module) = package_in(&folder, files)
                    {
                        return Some(module);
                    }
                }
                if base.as_str().is_empty() {
                    break;
                }
                base = base.parent();
            }
        }
        None
    }

    fn siblings(&self, file: &RelPath, files: &mut dyn Files) -> Vec<RelPath> {
        let found = files.in_folder(&file.parent());
        let (tests, mut plain): (Vec<RelPath>, Vec<RelPath>) = found.into_iter().partition(is_test_file);
        if is_test_file(file) {
            plain.extend(tests);
        }
        plain.sort_by_key(|other| distance(file, other));
        plain
    }

    fn has_class_scopes(&self) -> bool {
        false
    }

    fn imports_whole_modules(&self) -> bool {
        true
    }

    fn has_block_scopes(&self) -> bool {
        true
    }

    fn is_common_member(&self, name: &str) -> bool {
        COMMON_MEMBERS.binary_search(&name).is_ok()
    }

    fn builtin(&self, name: &str) -> Option<&'static str> {
        BUILTINS.binary_search(&name).is_ok().then_some("builtin")
    }
}

/// How many segments of an import, from its end, a folder has to have for it to be meant.
fn fewest_segments(first: &str, length: usize) -> usize {
    match first {
        // A module has the name of its owner and its own; what is in it comes behind.
        "github.com" | "gitlab.com" | "bitbucket.org" if length == 3 => 2,
        _ if first.contains('.') => 1,
        _ => length,
    }
}

fn is_test_file(file: &RelPath) -> bool {
    file.as_str().ends_with("_test.go")
}

/// Systems that have what is common to most of them under a name of its own.
const COMMON_SYSTEMS: [&str; 3] = ["linux", "posix", "unix"];
/// Systems and machines that the name of a file restricts it to; stubs are for all the others.
const OTHER_SYSTEMS: [&str; 26] = [
    "aix",
    "amd64",
    "android",
    "arm",
    "arm64",
    "bsd",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "mips",
    "netbsd",
    "noasm",
    "openbsd",
    "other",
    "plan9",
    "ppc64",
    "riscv64",
    "s390x",
    "solaris",
    "stub",
    "wasm",
    "windows",
    "zos",
];

/// How far a file is from one that names what is in it: of declarations for several systems that of
/// the own one comes first, then that of most.
fn distance(from: &RelPath, other: &RelPath) -> u8 {
    let system = |file: &RelPath| -> Option<String> {
        let name = file.file_name()?.strip_suffix(".go")?;
        let name = name.strip_suffix("_test").unwrap_or(name);
        let last = name.rsplit_once('_')?.1;
        (COMMON_SYSTEMS.contains(&last) || OTHER_SYSTEMS.contains(&last)).then(|| last.to_owned())
    };
    match system(other) {
        None => 0,
        Some(of) if system(from).is_some_and(|own| own == of) => 0,
        Some(of) if COMMON_SYSTEMS.contains(&of.as_str()) => 1,
        Some(_) => 2,
    }
}

/// The package of a folder: its files without tests.
fn package_in(folder: &RelPath, files: &mut dyn Files) -> Option<Module> {
    let mut found = files.in_folder(folder);
    found.retain(|file| !is_test_file(file));
    found.sort_by_key(|file| distance(folder, file));
    (!found.is_empty()).then(|| Module::of(found))
}

struct GoWalker {
    parser: Parser,
}

impl GoWalker {
    fn new() -> Self {
        Self { parser: tree::parser(&tree_sitter_go::LANGUAGE.into()) }
    }
}

impl Walker for GoWalker {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        tree::facts(parse(&mut self.parser, text), file_name, text, |writer, root| {
            let mut walk = Walk {
                writer,
                text,
                limits: *limits,
                depth: 0,
                is_too_deep: false,
                is_test_file: file_name.ends_with("_test.go"),
                type_parameters: Vec::new(),
                top_types: FxHashMap::default(),
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
    is_test_file: bool,
    /// The type parameters that are known, each with its bound where that is a type with methods.
    type_parameters: Vec<(&'t str, Option<TypeIdx>)>,
    /// The types outside of functions that were read.
    top_types: FxHashMap<&'t str, SymbolIdx>,
}

impl<'t> Walk<'t> {
    fn file(&mut self, root: Node<'_>) {
        for (node, comments) in self.documented(root) {
            if node.kind() == "package_clause" {
                let doc = self.doc(&comments);
                self.writer.set_file_doc(doc);
            }
            self.top(node, &comments);
        }
    }

    frame_of_walk!();
}

/// The nodes of a field of a node.
fn fields<'n>(node: Node<'n>, field: &str) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(Node::is_named).collect()
}

/// A name in upper case is for others, every other one is of its package.
fn visibility(name: &str) -> Visibility {
    if name.starts_with(char::is_uppercase) { Visibility::Public } else { Visibility::Private }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(BUILTINS.is_sorted() && tables::BASIC_TYPES.is_sorted() && COMMON_MEMBERS.is_sorted());
    }
}
