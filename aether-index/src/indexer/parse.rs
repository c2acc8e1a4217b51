//! Reading and parsing of changed files, in parallel.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_core::base::{ByteSpan, Cancel, ErrorCode, LineSpan, RelPath};
use aether_core::code::facts::{
    FactDiagnostic, FileFacts, ItemDetail, ScopeFact, ScopeIdx, SymbolFact, SymbolIdx,
};
use aether_core::code::{Language, SymbolKind, Visibility};
use aether_core::port::PortError;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{Entry, Indexer};
use crate::discover::{FoundFile, on_disk};
use crate::options::IndexOptions;
use crate::report::{Progress, Stage};
use crate::rust::RustExtractor;
use crate::words::BodyWords;

/// A file that was read.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) path: RelPath,
    pub(super) language: Language,
    pub(super) content_hash: [u8; 32],
    pub(super) size_bytes: u64,
    pub(super) modified_ns: i64,
    pub(super) facts: Arc<FileFacts>,
    pub(super) body_words: Vec<String>,
    pub(super) diagnostics: Vec<ErrorCode>,
    /// The text of a manifest, which the package model reads.
    pub(super) manifest: Option<String>,
}

impl Parsed {
    /// A file whose bytes did not change but whose facts did.
    pub(super) fn unchanged(path: &RelPath, entry: &Entry) -> Self {
        Self {
            path: path.clone(),
            language: entry.language.clone(),
            content_hash: entry.content_hash,
            size_bytes: entry.size_bytes,
            modified_ns: entry.modified_ns,
            facts: Arc::default(),
            body_words: Vec::new(),
            diagnostics: diagnostics_of(entry.facts.as_deref()),
            manifest: None,
        }
    }
}

/// The language of a file, by its name.
pub(super) fn language_of(path: &RelPath) -> Language {
    let name = path.file_name().unwrap_or("");
    if name == "Cargo.toml" {
        Language::CARGO
    } else if name.ends_with(".rs") {
        Language::RUST
    } else {
        Language::UNKNOWN
    }
}

/// The codes of the diagnostics of facts, each once, sorted.
pub(super) fn diagnostics_of(facts: Option<&FileFacts>) -> Vec<ErrorCode> {
    let mut codes: Vec<ErrorCode> = facts
        .map_or_else(Vec::new, |facts| facts.diagnostics.iter().map(|found| found.code.clone()).collect());
    codes.sort();
    codes.dedup();
    codes
}

/// The text of a file that was read before; empty when it is gone since.
pub(super) fn read_text(root: &Path, path: &RelPath) -> String {
    String::from_utf8_lossy(&std::fs::read(on_disk(root, path)).unwrap_or_default()).into_owned()
}

impl Indexer {
    pub(super) fn parse(
        &self,
        files: &[FoundFile],
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Vec<Parsed>, PortError> {
        let done = AtomicUsize::new(0);
        let total = files.len();
        let cancelled = || PortError::new(ErrorCode::CANCELLED, "indexing was cancelled");
        let options = &self.options;
        files
            .par_iter()
            .map_init(
                || (RustExtractor::new(), BodyWords::new()),
                |(extractor, words), file| {
                    cancel.check().map_err(|_| cancelled())?;
                    let parsed = parse_file(options, extractor, words, file);
                    progress.report(Stage::Parse, done.fetch_add(1, Ordering::Relaxed) + 1, total);
                    Ok(parsed)
                },
            )
            .collect()
    }
}

fn parse_file(
    options: &IndexOptions,
    extractor: &mut RustExtractor,
    words: &mut BodyWords,
    file: &FoundFile,
) -> Parsed {
    let language = language_of(&file.path);
    let name = file.path.file_name().unwrap_or("");
    let mut parsed = Parsed {
        path: file.path.clone(),
        language: language.clone(),
        content_hash: [0; 32],
        size_bytes: file.size_bytes,
        modified_ns: file.modified_ns,
        facts: Arc::default(),
        body_words: Vec::new(),
        diagnostics: Vec::new(),
        manifest: None,
    };
    let read = if file.size_bytes > options.limits.max_file_bytes {
        hash_file(&file.on_disk).map(|hash| {
            parsed.content_hash = hash;
            Err(ErrorCode::INDEX_FILE_TOO_LARGE)
        })
    } else {
        std::fs::read(&file.on_disk).map(|bytes| {
            parsed.content_hash = blake3::hash(&bytes).into();
            // The file may have grown since it was found.
            parsed.size_bytes = bytes.len() as u64;
            String::from_utf8(bytes).map_err(|_| ErrorCode::INDEX_NOT_UTF8)
        })
    };
    let text = match read {
        Ok(Ok(text)) => text,
        refused => {
            let code = match refused {
                // What is not text is no Rust; of other files that says nothing bad.
                Ok(Err(code)) if code == ErrorCode::INDEX_NOT_UTF8 && language == Language::UNKNOWN => None,
                Ok(Err(code)) => Some(code),
                _ => Some(ErrorCode::INDEX_UNREADABLE),
            };
            let mut facts = file_alone(name, 0, 1);
            let diagnostic = |code| FactDiagnostic { code, span: ByteSpan::default(), line: 1 };
            facts.diagnostics.extend(code.map(diagnostic));
            parsed.diagnostics = diagnostics_of(Some(&facts));
            parsed.facts = Arc::new(facts);
            parsed.body_words = vec![String::new()];
            return parsed;
        }
    };
    let facts = if language == Language::RUST {
        extractor.extract(name, &text, &options.limits)
    } else {
        let lines = text.lines().count().max(1) as u32;
        file_alone(name, text.len() as u32, lines)
    };
    parsed.diagnostics = diagnostics_of(Some(&facts));
    parsed.body_words = words.of(&text, &facts);
    parsed.facts = Arc::new(facts);
    parsed.manifest = (language == Language::CARGO).then_some(text);
    parsed
}

/// The facts of a file of which nothing but itself is known.
fn file_alone(name: &str, length: u32, lines: u32) -> FileFacts {
    let mut facts = FileFacts::default();
    let name = facts.names.push(name);
    facts.scopes.push(ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true });
    facts.symbols.push(SymbolFact {
        kind: SymbolKind::FILE,
        name,
        parent: None,
        scope: ScopeIdx(0),
        span: ByteSpan::new(0, length),
        lines: LineSpan { first: 1, last: lines },
        name_span: ByteSpan::default(),
        name_line: 1,
        visibility: Visibility::Public,
        signature: String::new(),
        doc: String::new(),
        attributes: Vec::new(),
        ordinal: 0,
        body_fingerprint: 0,
        in_macro: false,
        detail: ItemDetail::None,
    });
    facts
}

/// The hash of a file that is too large to be held.
fn hash_file(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok(hasher.finalize().into())
}
