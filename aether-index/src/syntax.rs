//! Syntax queries: patterns put to the syntax trees of indexed files.

mod cite;
mod file;
mod grammar;
mod pattern;
mod predicate;
mod scan;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::code::{Language, SyntaxLimit, SyntaxMatches, SyntaxQuery};
use aether_core::port::{FactSource, FileStamp, PortError};
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use self::cite::Cited;
use self::file::{Outcome, Reader, Searched};
use self::pattern::Pattern;
use crate::options::IndexOptions;

/// Stack of a worker: reading a pattern follows its nesting, which its length bounds.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Files that are searched before what they gave is taken in. It bounds the texts that are held at once,
/// and does not depend on the number of threads, so that neither do answers.
const BATCH_FILES: usize = 64;
/// Most bytes of an answer, its texts and [`RECORD_BYTES`] for each capture: some 65,000 captures.
const MAX_ANSWER_BYTES: u64 = 16 * 1024 * 1024;
/// What a capture takes in an answer beside its text, about: an anchor as JSON is as long.
const RECORD_BYTES: u64 = 256;

/// What a search asks now and then: whether it shall go on.
struct Stop<'s> {
    is_over: &'s (dyn Fn() -> bool + Sync),
    cancel: &'s Cancel,
}

impl Stop<'_> {
    fn is_due(&self) -> bool {
        self.cancel.is_cancelled() || (self.is_over)()
    }
}

/// Puts a pattern to the indexed files of one language below `root`.
///
/// `source` is the store that the index is in: it says which files there are, what content they had, and
/// which symbols a match stands in. A file that changed since is counted and not searched, so every
/// anchor fits the index.
///
/// Patterns are those of tree-sitter with its predicates on text: `#eq?`, `#match?`, `#any-of?`, and
/// what `not-` and `any-` make of them. Any other predicate or directive is refused, never ignored. A
/// pattern without any capture is captured as a whole, as `match`; where there are several patterns,
/// each needs a capture. A match without captured nodes, which optional parts can lead to, has no place
/// and is left out.
///
/// The search ends when `is_over` says so, which is asked at short intervals and should look at a clock;
/// what was found until then is the answer, and it says that the time was over. Without that, answers
/// depend on files, index and query alone, not on the number of threads. Limits beside those of the
/// query: a query has at most 8 KiB, with 12 marks of repetition (`*`, `+`, `?`) in one pattern and 64 in
/// all, which bounds the seconds that compiling takes; an answer has about 16 MiB; the work on one file is bounded, and
/// so are the matches of it that are followed at once. An answer says which of them were reached.
///
/// # Errors
///
/// [`ErrorCode::QUERY_BAD_SYNTAX`] with the place in the pattern, [`ErrorCode::QUERY_NO_GRAMMAR`],
/// [`ErrorCode::CANCELLED`], and what `source` fails with.
///
/// # Examples
///
/// ```
/// use aether_core::base::Cancel;
/// use aether_core::code::SyntaxQuery;
/// use aether_core::port::MemoryFacts;
/// use aether_index::{IndexOptions, search_syntax};
/// # let folder = tempfile::tempdir()?;
/// // Usually the store that an index was written to; this one knows no file.
/// let source = MemoryFacts::default();
/// let query = SyntaxQuery::new("(function_item name: (identifier) @name)");
/// let options = IndexOptions::default();
/// let found = search_syntax(folder.path(), &options, &source, &query, &|| false, &Cancel::new())?;
/// assert_eq!((found.language.as_str(), found.files.searched), ("rust", 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn search_syntax(
    root: &Path,
    options: &IndexOptions,
    source: &dyn FactSource,
    query: &SyntaxQuery,
    is_over: &(dyn Fn() -> bool + Sync),
    cancel: &Cancel,
) -> Result<SyntaxMatches, PortError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .stack_size(STACK_BYTES)
        .thread_name(|number| format!("aether-syntax-{number}"))
        .build()
        .map_err(|source| {
            PortError::new(ErrorCode::INTERNAL, "worker threads cannot be started").with_source(source)
        })?;
    let search = Search { root, options, source, query, stop: Stop { is_over, cancel } };
    pool.install(|| search.run())
}

struct Search<'s> {
    root: &'s Path,
    options: &'s IndexOptions,
    source: &'s dyn FactSource,
    query: &'s SyntaxQuery,
    stop: Stop<'s>,
}

impl Search<'_> {
    fn run(&self) -> Result<SyntaxMatches, PortError> {
        let (pattern, files) = self.pattern_and_files()?;
        let mut answer = SyntaxMatches::new(pattern.language().clone());
        let mut left = MAX_ANSWER_BYTES;
        let mut begun = 0;
        for batch in files.chunks(BATCH_FILES) {
            let outcomes: Vec<Outcome> = batch
                .par_iter()
                .map_init(
                    || Reader::new(self.root, self.options, self.query),
                    |reader, stamp| reader.search(&pattern, stamp, &self.stop),
                )
                .collect();
            let goes_on = self.take(&pattern, batch, outcomes, &mut left, &mut begun, &mut answer)?;
            self.stop.cancel.check().map_err(|_| cancelled())?;
            if !goes_on {
                break;
            }
        }
        answer.files.left = files.len() as u64 - begun;
        Ok(answer)
    }

    /// Takes what a batch of files gave into the answer, file by file, and says whether there is room for
    /// more.
    fn take(
        &self,
        pattern: &Pattern,
        batch: &[FileStamp],
        outcomes: Vec<Outcome>,
        left: &mut u64,
        begun: &mut u64,
        answer: &mut SyntaxMatches,
    ) -> Result<bool, PortError> {
        let mut room = (self.query.limit.max(1) as usize).saturating_sub(answer.matches.len());
        let mut goes_on = true;
        let mut hits = Vec::new();
        for (stamp, outcome) in batch.iter().zip(outcomes) {
            let Searched { text, mut found, reached } = match outcome {
                Outcome::NotBegun => {
                    answer.reach(SyntaxLimit::Time);
                    goes_on = false;
                    break;
                }
                Outcome::Searched(searched) => searched,
                missed => {
                    *begun += 1;
                    let files = &mut answer.files;
                    match missed {
                        Outcome::Unreadable => files.unreadable += 1,
                        Outcome::Changed => files.changed += 1,
                        _ => files.skipped += 1,
                    }
                    continue;
                }
            };
            *begun += 1;
            answer.files.searched += 1;
            reached.iter().for_each(|&limit| answer.reach(limit));
            if found.len() > room {
                found.truncate(room);
                answer.reach(SyntaxLimit::Matches);
                goes_on = false;
            }
            let fits = found.iter().take_while(|found| {
                let cost = found.cost(self.query);
                let fits = cost <= *left;
                *left = left.saturating_sub(cost);
                fits
            });
            let fits = fits.count();
            if fits < found.len() {
                found.truncate(fits);
                answer.reach(SyntaxLimit::Bytes);
                goes_on = false;
            }
            room -= found.len();
            if !found.is_empty() {
                hits.push((stamp, text, found));
            }
            if !goes_on {
                break;
            }
        }
        let paths: Vec<RelPath> = hits.iter().map(|(stamp, _, _)| stamp.path.clone()).collect();
        let facts = if paths.is_empty() { Vec::new() } else { self.source.facts(&paths)? };
        let hits: Vec<_> = hits.into_iter().zip(facts).collect();
        let cited: Vec<Cited> = hits
            .par_iter()
            .map(|((stamp, text, found), facts)| {
                cite::cite(pattern, &stamp.path, text, found, facts.as_deref(), self.query, &self.stop)
            })
            .collect();
        for cited in cited {
            match cited {
                Cited::All(matches) => answer.matches.extend(matches),
                Cited::Changed => {
                    answer.files.searched -= 1;
                    answer.files.changed += 1;
                }
                Cited::Some(matches) => {
                    answer.matches.extend(matches);
                    answer.reach(SyntaxLimit::Time);
                    goes_on = false;
                    break;
                }
            }
        }
        Ok(goes_on)
    }

    /// The compiled pattern and the files that it is put to.
    fn pattern_and_files(&self) -> Result<(Pattern, Vec<FileStamp>), PortError> {
        let mut files: BTreeMap<Language, Vec<FileStamp>> = BTreeMap::new();
        for stamp in self.source.files()? {
            if self.query.keeps_path(stamp.path.as_str()) {
                files.entry(stamp.language.clone()).or_default().push(stamp);
            }
        }
        let text = &self.query.query;
        let pattern = match &self.query.language {
            Some(language) => Pattern::compile(language, text)?,
            None => Self::fitting(text, &files)?,
        };
        let files = files.remove(pattern.language()).unwrap_or_default();
        Ok((pattern, files))
    }

    /// The pattern in the language of most files among those that take it; else the error of the language
    /// of most files.
    fn fitting(text: &str, files: &BTreeMap<Language, Vec<FileStamp>>) -> Result<Pattern, PortError> {
        let mut languages = grammar::languages();
        let count = |language: &Language| files.get(language).map_or(0, Vec::len);
        if languages.iter().any(|language| count(language) > 0) {
            languages.retain(|language| count(language) > 0);
        }
        languages.sort_by_key(|language| Reverse(count(language)));
        let mut first_error = None;
        for language in &languages {
            match Pattern::compile(language, text) {
                Ok(pattern) => return Ok(pattern),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(first_error.unwrap_or_else(|| grammar::missing(&Language::UNKNOWN)))
    }
}

fn cancelled() -> PortError {
    PortError::new(ErrorCode::CANCELLED, "the search was cancelled")
}
