//! Edits of one file, each followed by an update of the index.

mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use aether_bindings::engine::{Engine, NoProgress};
use aether_core::base::{Cancel, RelPath};
use aether_core::code::{Symbol, SymbolKind};
use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use tree_sitter::Parser;

use self::text::{TextEdit, edited};
use super::copy::copy_corpus;
use super::parse::{functions, parser, parses};
use crate::indexed::{Indexed, open, rust_files};
use crate::measure::cpu_seconds;
use crate::random::Random;

/// What is done to the repository.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EditKind {
    /// A statement is added to a body.
    Body,
    /// A function is added.
    Add,
    /// A function is renamed where it is declared.
    Rename,
    /// A parameter is added.
    Signature,
    /// An empty line is added.
    Whitespace,
    /// A file is deleted.
    DeleteFile,
    /// A file is renamed.
    MoveFile,
}

impl EditKind {
    /// The edits inside one file, which the bar is about.
    const INSIDE: [Self; 5] = [Self::Body, Self::Add, Self::Rename, Self::Signature, Self::Whitespace];

    /// Whether the edit stays inside one file.
    pub(super) fn is_inside(self) -> bool {
        Self::INSIDE.contains(&self)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Body => "body changed",
            Self::Add => "function added",
            Self::Rename => "function renamed",
            Self::Signature => "signature changed",
            Self::Whitespace => "white space",
            Self::DeleteFile => "file deleted",
            Self::MoveFile => "file renamed",
        }
    }

    /// Every twenty-fifth edit concerns a whole file; the others take turns.
    fn of_number(number: usize) -> Self {
        match number % 50 {
            24 => Self::DeleteFile,
            49 => Self::MoveFile,
            other => Self::INSIDE[other % Self::INSIDE.len()],
        }
    }
}

/// One edit, and what the update after it took.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Edit {
    pub(super) kind: EditKind,
    pub(super) wall_ms: f64,
    pub(super) cpu_ms: f64,
    pub(super) files_resolved: u64,
    /// Symbols that got another id, and how many of them lineage leads to what they are now.
    pub(super) new_ids: u64,
    pub(super) followed: u64,
}

/// All edits of a run.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Edits {
    pub(super) edits: Vec<Edit>,
    /// Names that an edit brought in and that the index did not know after it.
    pub(super) not_searchable: Vec<String>,
    /// Whether the index equals one from scratch at the end.
    pub(super) is_equal_to_fresh: bool,
    /// If not: symbols and edges that only one of both has.
    pub(super) differences: Vec<String>,
}

impl Edits {
    /// The edits by kind.
    pub(super) fn by_kind(&self) -> BTreeMap<EditKind, Vec<Edit>> {
        let mut kinds: BTreeMap<EditKind, Vec<Edit>> = BTreeMap::new();
        for edit in &self.edits {
            kinds.entry(edit.kind).or_default().push(*edit);
        }
        kinds
    }
}

/// Edits a copy of `corpus` `count` times, each followed by an update of its index.
pub(super) fn run(corpus: &Path, count: usize, seed: u64, threads: usize) -> Result<Edits> {
    let folder = tempfile::tempdir().context("no folder for a copy")?;
    let root = folder.path().join("copy");
    copy_corpus(corpus, &root)?;
    let (engine, _store) = open(&root, &folder.path().join(Engine::STORE_FILE), threads)?;
    engine.index(&Cancel::new(), &NoProgress)?;
    let mut editor =
        Editor { root: &root, files: rust_files(&engine)?, random: Random::new(seed), parser: parser()? };
    let mut edits = Edits {
        edits: Vec::new(),
        not_searchable: Vec::new(),
        is_equal_to_fresh: false,
        differences: Vec::new(),
    };
    for number in 0..count {
        let kind = EditKind::of_number(number);
        let Made { paths, name } = editor.edit(kind, number)?;
        // The index does not know of the edit yet.
        let before = symbols_of(&engine, &paths)?;
        let (cpu, start) = (cpu_seconds()?, Instant::now());
        let answer = engine.index_files(&paths, &Cancel::new(), &NoProgress)?;
        let (wall_ms, cpu_ms) = (start.elapsed().as_secs_f64() * 1e3, (cpu_seconds()? - cpu) * 1e3);
        let files_resolved = answer.result.files_resolved;
        let (new_ids, followed) = match kind {
            EditKind::DeleteFile => (0, 0),
            _ => follow(&engine, &before, name.as_deref())?,
        };
        edits.edits.push(Edit { kind, wall_ms, cpu_ms, files_resolved, new_ids, followed });
        if let Some(name) = name
            && engine.symbols_named(&name)?.is_empty()
        {
            edits.not_searchable.push(format!("{name} in {}", display(&paths)));
        }
    }
    let fresh = Indexed::build(&root, threads)?;
    edits.is_equal_to_fresh = engine.digest()? == fresh.engine.digest()?;
    if !edits.is_equal_to_fresh {
        edits.differences = differences(&lines(&engine)?, &lines(&fresh.engine)?);
    }
    Ok(edits)
}

fn symbols_of(engine: &Engine, paths: &[RelPath]) -> Result<Vec<Symbol>> {
    let mut symbols = Vec::new();
    for path in paths {
        symbols.extend(engine.outline(path)?.result);
    }
    Ok(symbols)
}

fn display(paths: &[RelPath]) -> String {
    paths.iter().map(RelPath::as_str).collect::<Vec<_>>().join(", ")
}

/// How many of `before` have another id now, and how many of these lineage leads to a symbol of the
/// same kind and name, or of the name that the edit brought in.
fn follow(engine: &Engine, before: &[Symbol], new_name: Option<&str>) -> Result<(u64, u64)> {
    let (mut new_ids, mut followed) = (0, 0);
    for old in before {
        if !engine.symbols_named(&old.id.to_string())?.is_empty() {
            continue;
        }
        new_ids += 1;
        let links = engine.lineage(old.id)?.result;
        let Some(link) = links.iter().find(|link| link.from == old.id) else { continue };
        let now = engine.symbols_named(&link.to.to_string())?;
        followed += u64::from(now.iter().any(|now| {
            let is_named_so = now.name == old.name || Some(now.name.as_str()) == new_name;
            now.kind == old.kind && (is_named_so || now.kind == SymbolKind::FILE)
        }));
    }
    Ok((new_ids, followed))
}

/// Differences that are listed.
const DIFFERENCES: usize = 20;

/// The symbols and edges of an index, one line each.
fn lines(engine: &Engine) -> Result<BTreeSet<String>> {
    let mut lines = BTreeSet::new();
    engine.visit_symbols(&mut |symbol| {
        lines.insert(format!("symbol {symbol:?}"));
    })?;
    engine.visit_edges(&mut |edge| {
        lines.insert(format!("edge {edge:?}"));
    })?;
    Ok(lines)
}

fn differences(updated: &BTreeSet<String>, fresh: &BTreeSet<String>) -> Vec<String> {
    let only_updated = updated.difference(fresh).map(|line| format!("only after the edits: {line}"));
    let only_fresh = fresh.difference(updated).map(|line| format!("only from scratch: {line}"));
    only_updated.take(DIFFERENCES).chain(only_fresh.take(DIFFERENCES)).collect()
}

/// What an edit did.
struct Made {
    /// The files that it touched.
    paths: Vec<RelPath>,
    /// The name that it brought in, if any.
    name: Option<String>,
}

struct Editor<'a> {
    root: &'a Path,
    files: Vec<RelPath>,
    random: Random,
    parser: Parser,
}

/// Files that are tried before an edit is given up: few files have no function at all.
const TRIES: usize = 1000;

impl Editor<'_> {
    fn edit(&mut self, kind: EditKind, number: usize) -> Result<Made> {
        match kind {
            EditKind::DeleteFile => self.delete(),
            EditKind::MoveFile => self.rename(number),
            EditKind::Body => self.edit_text(TextEdit::Body, number),
            EditKind::Add => self.edit_text(TextEdit::Add, number),
            EditKind::Rename => self.edit_text(TextEdit::Rename, number),
            EditKind::Signature => self.edit_text(TextEdit::Signature, number),
            EditKind::Whitespace => self.edit_text(TextEdit::Whitespace, number),
        }
    }

    fn path(&self, file: &RelPath) -> PathBuf {
        self.root.join(file.as_str())
    }

    fn edit_text(&mut self, edit: TextEdit, number: usize) -> Result<Made> {
        for _ in 0..TRIES {
            let Some(file) = self.random.choose(&self.files).cloned() else { break };
            let path = self.path(&file);
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let functions = functions(&mut self.parser, &text);
            // What stands in a part that does not parse is no symbol, so it cannot be found by its name.
            if edit.brings_a_name() && !parses(&mut self.parser, &text) {
                continue;
            }
            let Some(function) = self.random.choose(&functions) else { continue };
            let (text, name) = edited(&text, function, edit, number);
            std::fs::write(&path, text).with_context(|| format!("cannot edit {file}"))?;
            return Ok(Made { paths: vec![file], name });
        }
        bail!("no file has a function with a body")
    }

    fn delete(&mut self) -> Result<Made> {
        let at = self.random.below(self.files.len());
        let file = self.files.remove(at);
        std::fs::remove_file(self.path(&file)).with_context(|| format!("cannot delete {file}"))?;
        Ok(Made { paths: vec![file], name: None })
    }

    fn rename(&mut self, number: usize) -> Result<Made> {
        let at = self.random.below(self.files.len());
        let file = &self.files[at];
        let new = file.parent().join(&format!("moved_{number}.rs")).context("a path that is no path")?;
        std::fs::rename(self.path(file), self.path(&new)).with_context(|| format!("cannot move {file}"))?;
        let old = std::mem::replace(&mut self.files[at], new.clone());
        Ok(Made { paths: vec![old, new], name: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_of_a_seed_end_in_an_index_equal_to_a_fresh_one() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("Cargo.toml", "[package]\nname = \"a\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n");
        write("lib.rs", "mod one;\nmod two;\npub fn a() { one::b() }\n");
        write("one.rs", "pub fn b() { crate::two::c(1) }\nstruct S;\nimpl S { fn d(&self,) {} }\n");
        write("two.rs", "pub fn c(x: u8) { crate::a() }\n");
        write("three.rs", "fn loose() {}\n");
        let edits = run(folder.path(), 50, 1, 1).unwrap();
        assert!(edits.is_equal_to_fresh);
        assert_eq!((edits.edits.len(), edits.not_searchable.len()), (50, 0));
        let ids: u64 = edits.edits.iter().map(|edit| edit.new_ids).sum();
        assert!(ids > 20, "signatures, names and files change: {ids}");
        assert_eq!(edits.by_kind().len(), 7);
        assert_eq!(std::fs::read_to_string(folder.path().join("three.rs")).unwrap(), "fn loose() {}\n");
    }
}
