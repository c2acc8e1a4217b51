//! Makefiles as a language of the index: a target is a function that calls what it needs, an
//! `include` is an import, a variable is a variable.

use aether_core::base::{ByteSpan, IndexLimits, RelPath};
use aether_core::code::facts::{ExprIdx, ExprKind, FileFacts, ImportKind, SymbolIdx};
use aether_core::code::{Language as LanguageName, SymbolKind, Visibility};
use aether_index::{Declaration, FactsWriter, Files, Language, Module, Walker};

/// The language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Makefile;

impl Language for Makefile {
    fn name(&self) -> LanguageName {
        LanguageName::new("makefile")
    }

    fn claims(&self, path: &RelPath) -> bool {
        path.file_name().is_some_and(|name| name == "Makefile" || name.ends_with(".mk"))
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(Reader)
    }

    fn version(&self) -> &str {
        "1"
    }

    /// An included file, relative to the one that includes it, then to the root.
    fn module(
        &self,
        from: &RelPath,
        segments: &[&str],
        _is_global: bool,
        files: &mut dyn Files,
    ) -> Option<Module> {
        let [name] = segments else { return None };
        let folders = [from.parent(), RelPath::new("").ok()?];
        let mut candidates = folders.iter().filter_map(|folder| folder.join(name).ok());
        let found = candidates.find(|path| files.has(path))?;
        Some(Module::of(vec![found]))
    }
}

/// Reads line by line; nothing of a makefile nests.
struct Reader;

impl Walker for Reader {
    fn walk(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        let mut writer = FactsWriter::new(file_name, text);
        let mut at = 0;
        let mut comment = String::new();
        for line in text.split_inclusive('\n') {
            if writer.expressions() > limits.max_expressions as usize {
                break;
            }
            read_line(&mut writer, line.trim_end(), at, &mut comment);
            at += line.len() as u32;
        }
        writer.finish()
    }
}

fn read_line(writer: &mut FactsWriter<'_>, line: &str, at: u32, comment: &mut String) {
    if let Some(text) = line.strip_prefix('#') {
        comment.push_str(text.trim());
        comment.push('\n');
        return;
    }
    let doc = std::mem::take(comment).trim().to_owned();
    if let Some(files) = line.strip_prefix("include ") {
        for name in files.split_whitespace() {
            writer.import(at, false, &[name], ImportKind::Glob, Visibility::Public);
        }
    } else if let Some((name, _)) = assignment(line) {
        let mut variable = declaration(SymbolKind::VARIABLE, name, line, at);
        variable.doc = doc;
        writer.declare(variable);
    } else if let Some((names, needs)) = rule(line) {
        for name in names.split_whitespace() {
            let offset = at + line.find(name).unwrap_or(0) as u32;
            let mut target = declaration(SymbolKind::FUNCTION, name, line, at);
            target.name = ByteSpan::new(offset, offset + name.len() as u32);
            target.doc.clone_from(&doc);
            let symbol = writer.declare(target);
            calls(writer, symbol, needs, at + (line.len() - needs.len()) as u32);
        }
    }
}

/// `NAME = value`, `NAME := value`, `NAME ?= value`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+', '!']).trim();
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_name.then_some((name, value))
}

/// `targets: what they need`. A line of a recipe starts with a tab.
fn rule(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let (names, needs) = line.split_once(':')?;
    Some((names, needs.split(';').next().unwrap_or("").trim_start()))
}

fn declaration(kind: SymbolKind, name: &str, line: &str, at: u32) -> Declaration {
    let name = ByteSpan::new(at, at + name.len() as u32);
    Declaration::new(kind, name, ByteSpan::new(at, at + line.len() as u32))
}

/// A target calls everything that it needs.
fn calls(writer: &mut FactsWriter<'_>, target: SymbolIdx, needs: &str, at: u32) {
    let mut found: Vec<ExprIdx> = Vec::new();
    let mut from = 0;
    for name in needs.split_whitespace() {
        let start = from + needs[from..].find(name).unwrap_or(0);
        from = start + name.len();
        let place = at + start as u32;
        let callee = writer.path_expr(&[(name, place)]);
        found.push(writer.expr(place, ExprKind::Call(callee, Default::default())));
    }
    let list = writer.expr_list(&found);
    let root = writer.expr(at, ExprKind::Unknown(list));
    writer.body(target, root);
}
