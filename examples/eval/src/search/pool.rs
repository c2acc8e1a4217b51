//! The pool of a group: an index of its source without comments, and the questions that its comments
//! ask.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use aether_core::code::{Language, Symbol, SymbolId, SymbolKind};
use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::blank::blank_comments;
use super::sentence::{count_words, first_sentence};
use crate::bench::parser;
use crate::indexed::Indexed;

/// Lines of a body from which a function is one to look for, those of its braces included.
const LEAST_BODY_LINES: usize = 3;
/// Words from which a sentence is a question.
const LEAST_WORDS: usize = 4;
/// Folders of source that is broken on purpose.
const LEFT_OUT: &str = "test_data";

/// A function that documentation describes.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The first sentence of the documentation.
    pub(crate) sentence: String,
    /// The one function that is right.
    pub(crate) target: SymbolId,
    pub(crate) name: String,
    pub(crate) qualified_name: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// Functions to find, and questions for some of them.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) indexed: Indexed,
    pub(crate) members: HashSet<SymbolId>,
    pub(crate) questions: Vec<Question>,
    pub(crate) files: usize,
    /// The source without comments.
    copy: TempDir,
}

/// Documentation of functions, by file of the pool and first byte of the name.
type Docs = HashMap<(String, u32), String>;

impl Pool {
    /// The pool of some folders, each below its own name.
    pub(crate) fn build(folders: &[PathBuf], threads: usize) -> Result<Self> {
        let copy = tempfile::tempdir().context("no folder for a copy without comments")?;
        let mut docs = Docs::new();
        let mut files = 0;
        for folder in folders {
            let name = folder
                .canonicalize()
                .ok()
                .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                .with_context(|| format!("{} is not a folder", folder.display()))?;
            files += copy_blanked(folder, &name, copy.path(), threads, &mut docs)?;
        }
        let indexed = Indexed::build(copy.path(), threads)?;
        let mut pool = Self { indexed, members: HashSet::new(), questions: Vec::new(), files, copy };
        pool.fill(&docs)?;
        Ok(pool)
    }

    fn fill(&mut self, docs: &Docs) -> Result<()> {
        let root = self.copy.path();
        let mut source = (String::new(), String::new());
        let mut texts = HashSet::new();
        let mut documented: Vec<Question> = Vec::new();
        let mut failure = None;
        let members = &mut self.members;
        self.indexed.engine.visit_symbols(&mut |symbol| {
            if !is_function(symbol) || failure.is_some() {
                return;
            }
            if source.0 != symbol.file.as_str() {
                match std::fs::read_to_string(root.join(symbol.file.as_str())) {
                    Ok(text) => source = (symbol.file.as_str().to_owned(), text),
                    Err(error) => {
                        failure = Some(error);
                        return;
                    }
                }
            }
            let declaration = source.1.get(symbol.span.start as usize..symbol.span.end as usize);
            let declaration = declaration.unwrap_or("");
            let text: String = declaration.split_whitespace().collect();
            if body_lines(declaration, &symbol.signature) < LEAST_BODY_LINES || !texts.insert(text) {
                return;
            }
            members.insert(symbol.id);
            let key = (symbol.file.as_str().to_owned(), symbol.name_span.start);
            if let Some(sentence) = docs.get(&key).and_then(|doc| first_sentence(doc)) {
                documented.push(Question {
                    sentence,
                    target: symbol.id,
                    name: symbol.name.clone(),
                    qualified_name: symbol.qualified_name.clone(),
                    file: key.0,
                    line: symbol.name_line,
                });
            }
        })?;
        if let Some(error) = failure {
            return Err(error).context("the copy without comments cannot be read");
        }
        self.questions = only_unique(documented);
        Ok(())
    }
}

/// Questions that are long enough and that no two functions share.
fn only_unique(mut questions: Vec<Question>) -> Vec<Question> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for question in &questions {
        *counts.entry(question.sentence.clone()).or_default() += 1;
    }
    questions
        .retain(|question| counts[&question.sentence] == 1 && count_words(&question.sentence) >= LEAST_WORDS);
    questions
}

/// Copies the Rust files and manifests of a folder to `copy/name`, comments blanked, and takes the
/// documentation of its functions. How many Rust files there are.
fn copy_blanked(folder: &Path, name: &str, copy: &Path, threads: usize, docs: &mut Docs) -> Result<usize> {
    let indexed = Indexed::build(folder, threads).with_context(|| folder.display().to_string())?;
    let mut files = Vec::new();
    indexed.engine.visit_symbols(&mut |symbol| {
        if symbol.file.as_str().split('/').any(|part| part == LEFT_OUT) {
            return;
        }
        let path = format!("{name}/{}", symbol.file);
        if symbol.kind == SymbolKind::FILE {
            files.push((symbol.file.clone(), path, symbol.language.clone()));
        } else if is_function(symbol) && !symbol.doc.is_empty() {
            docs.insert((path, symbol.name_span.start), symbol.doc.clone());
        }
    })?;
    let mut parser = parser()?;
    let mut rust_files = 0;
    for (file, path, language) in files {
        let from = folder.join(file.as_str());
        let mut source = std::fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
        if language == Language::RUST {
            blank_comments(&mut parser, &mut source)?;
            rust_files += 1;
        } else if language != Language::CARGO {
            continue;
        }
        let to = copy.join(path);
        let parent = to.parent().context("a file without a folder")?;
        std::fs::create_dir_all(parent)?;
        std::fs::write(&to, source).with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(rust_files)
}

fn is_function(symbol: &Symbol) -> bool {
    symbol.kind.is_callable() && symbol.language == Language::RUST
}

/// How many lines of a declaration belong to its body, empty ones left out; 0 without a body. The
/// signature is what stands in front of the body, with white space of its own.
fn body_lines(declaration: &str, signature: &str) -> usize {
    let mut rest = declaration;
    for character in signature.chars().filter(|character| !character.is_whitespace()) {
        match rest.trim_start().strip_prefix(character) {
            Some(behind) => rest = behind,
            None => return 0,
        }
    }
    let body = rest.trim();
    if body.starts_with('{') { body.lines().filter(|line| !line.trim().is_empty()).count() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_measured_without_their_signature() {
        for (declaration, signature, expected) in [
            ("fn f(\n  a: u8,\n) {\n  a\n}", "fn f( a: u8, )", 3),
            ("fn f() { 1 }", "fn f()", 1),
            (
                "fn f<const N: usize>() -> [u8; { N }] {\n\n\n  x\n}",
                "fn f<const N: usize>() -> [u8; { N }]",
                3,
            ),
            ("fn f();", "fn f()", 0),
            ("fn f() {\n\n}", "fn f()", 2),
            ("fn f() {}", "fn g()", 0),
        ] {
            assert_eq!(body_lines(declaration, signature), expected, "{declaration}");
        }
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn a_pool_has_functions_once_and_questions_that_are_one_of_a_kind() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("one");
        write(&root, "Cargo.toml", "[package]\nname = \"one\"\n");
        let lib = "/// Adds up two given numbers. More.\npub fn add(a: u8, b: u8) -> u8 {\n    // secret\n    a + b\n}\n\
            /// Adds up two given numbers again.\nfn short() {}\n\
            /// The same for two functions.\nfn c() {\n    c()\n}\n\
            /// The same for two functions.\nfn d() {\n    d()\n}\n\
            /// Too short.\nfn e() {\n    e()\n}\n";
        write(&root, "src/lib.rs", lib);
        write(&root, "src/twin.rs", "fn c() {\n  c()\n}\n");
        write(&root, "test_data/no.rs", "/// Is not to be found anywhere.\nfn no() {\n    1\n}\n");
        let pool = Pool::build(&[root], 1).unwrap();
        assert_eq!((pool.files, pool.members.len()), (2, 4));
        let found: Vec<(&str, &str, &str, u32)> = pool
            .questions
            .iter()
            .map(|one| (one.sentence.as_str(), one.name.as_str(), one.file.as_str(), one.line))
            .collect();
        assert_eq!(found, [("Adds up two given numbers", "add", "one/src/lib.rs", 2)]);
        assert!(pool.members.contains(&pool.questions[0].target));
        let copy = std::fs::read_to_string(pool.copy.path().join("one/src/lib.rs")).unwrap();
        assert!(!copy.contains("secret") && copy.len() == lib.len());
    }
}
