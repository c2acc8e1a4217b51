//! Reading and parsing of changed files, in parallel.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_core::base::{ByteSpan, Cancel, ErrorCode, RelPath};
use aether_core::code::Language;
use aether_core::code::facts::{FactDiagnostic, FileFacts};
use aether_core::port::PortError;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{Entry, Indexer};
use crate::contents::{Content, Contents, Reader};
use crate::discover::FoundFile;
use crate::facts::FactsWriter;
use crate::language::Walker;
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

/// A file that was read and has the content that is known.
#[derive(Debug)]
pub(super) struct Same {
    pub(super) path: RelPath,
    pub(super) modified_ns: i64,
}

/// What came of reading a file.
#[derive(Debug)]
enum Read {
    Parsed(Box<Parsed>),
    Same(Same),
}

/// What stands for the hash of content that could not be read: no content has it, and none is stored
/// with the zeros of a file whose edges are not known yet.
const UNREADABLE: [u8; 32] = [0xff; 32];

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

/// The codes of the diagnostics of facts, each once, sorted.
pub(super) fn diagnostics_of(facts: Option<&FileFacts>) -> Vec<ErrorCode> {
    let mut codes: Vec<ErrorCode> = facts
        .map_or_else(Vec::new, |facts| facts.diagnostics.iter().map(|found| found.code.clone()).collect());
    codes.sort();
    codes.dedup();
    codes
}

impl Indexer {
    /// Reads files and parses those whose content is not what is known, in their order.
    pub(super) fn parse(
        &self,
        files: &[FoundFile],
        contents: &dyn Contents,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(Vec<Parsed>, Vec<Same>), PortError> {
        let done = AtomicUsize::new(0);
        let total = files.len();
        let cancelled = || PortError::new(ErrorCode::CANCELLED, "indexing was cancelled");
        let options = &self.options;
        let read: Vec<Read> = files
            .par_iter()
            .map_init(
                || (Tools::new(options), contents.reader()),
                |(tools, reader), file| {
                    cancel.check().map_err(|_| cancelled())?;
                    let known = self.files.get(&file.path).map(|entry| &entry.content_hash);
                    let parsed = parse_file(options, tools, reader.as_mut(), file, known)?;
                    progress.report(Stage::Parse, done.fetch_add(1, Ordering::Relaxed) + 1, total);
                    Ok(parsed)
                },
            )
            .collect::<Result<_, PortError>>()?;
        let (mut parsed, mut same) = (Vec::new(), Vec::new());
        for read in read {
            match read {
                Read::Parsed(new) => parsed.push(*new),
                Read::Same(known) => same.push(known),
            }
        }
        Ok((parsed, same))
    }
}

/// What a thread parses with; a walker is made when it is first needed.
struct Tools {
    rust: RustExtractor,
    walkers: Vec<Option<Box<dyn Walker>>>,
    words: BodyWords,
}

impl Tools {
    fn new(options: &IndexOptions) -> Self {
        let walkers = std::iter::repeat_with(|| None).take(options.languages.len()).collect();
        Self { rust: RustExtractor::new(), walkers, words: BodyWords::new() }
    }

    fn facts(
        &mut self,
        options: &IndexOptions,
        path: &RelPath,
        language: &Language,
        text: &str,
    ) -> FileFacts {
        let name = path.file_name().unwrap_or("");
        if *language == Language::RUST {
            return self.rust.extract(name, text, &options.limits);
        }
        let Some(number) = options.languages.number_of(language) else {
            return file_alone(name, text);
        };
        let walker = self.walkers[number].get_or_insert_with(|| options.languages.get(number).walker());
        walker.walk(name, text, &options.limits)
    }
}

fn parse_file(
    options: &IndexOptions,
    tools: &mut Tools,
    reader: &mut dyn Reader,
    file: &FoundFile,
    known: Option<&[u8; 32]>,
) -> Result<Read, PortError> {
    let language = options.languages.of(&file.path, None);
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
    let read = reader.read(file, options.limits.max_file_bytes)?.map(|content| match content {
        Content::TooLarge { hash, size_bytes } => {
            parsed.content_hash = hash;
            parsed.size_bytes = size_bytes;
            Err(ErrorCode::INDEX_FILE_TOO_LARGE)
        }
        Content::Whole(bytes) => {
            parsed.content_hash = blake3::hash(&bytes).into();
            // The file may have grown since it was found.
            parsed.size_bytes = bytes.len() as u64;
            String::from_utf8(bytes).map_err(|_| ErrorCode::INDEX_NOT_UTF8)
        }
    });
    if read.is_err() {
        parsed.content_hash = UNREADABLE;
        // So that it is tried again, whatever its time.
        parsed.modified_ns = 0;
    }
    if known == Some(&parsed.content_hash) {
        return Ok(Read::Same(Same { path: parsed.path, modified_ns: parsed.modified_ns }));
    }
    let text = match read {
        Ok(Ok(text)) => text,
        refused => {
            let code = match refused {
                // What is not text is no source; of other files that says nothing bad.
                Ok(Err(code)) if code == ErrorCode::INDEX_NOT_UTF8 && language == Language::UNKNOWN => None,
                Ok(Err(code)) => Some(code),
                _ => Some(ErrorCode::INDEX_UNREADABLE),
            };
            let mut facts = file_alone(name, "");
            let diagnostic = |code| FactDiagnostic { code, span: ByteSpan::default(), line: 1 };
            facts.diagnostics.extend(code.map(diagnostic));
            parsed.diagnostics = diagnostics_of(Some(&facts));
            parsed.facts = Arc::new(facts);
            parsed.body_words = vec![String::new()];
            return Ok(Read::Parsed(Box::new(parsed)));
        }
    };
    let language = options.languages.of(&file.path, Some(&text));
    parsed.language = language.clone();
    let facts = tools.facts(options, &file.path, &language, &text);
    parsed.diagnostics = diagnostics_of(Some(&facts));
    parsed.body_words = tools.words.of(&text, &facts);
    parsed.facts = Arc::new(facts);
    parsed.manifest = (language == Language::CARGO).then_some(text);
    Ok(Read::Parsed(Box::new(parsed)))
}

/// The facts of a file of which nothing but itself is known.
fn file_alone(name: &str, text: &str) -> FileFacts {
    FactsWriter::new(name, text).alone()
}
