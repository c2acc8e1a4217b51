//! Where names stand in the indexed files, whether or not an edge says so.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::code::Language;
use aether_core::port::{FactSource, FileStamp, PortError};
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::contents::open_file;
use crate::discover::on_disk;
use crate::options::IndexOptions;

/// The places of names in one file.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FileMentions {
    /// The file.
    pub file: RelPath,
    /// Its language.
    pub language: Language,
    /// Path of the module that it is, as in the index.
    pub module_path: String,
    /// First byte of each place and the number of the name in what was asked, in the order of the text.
    pub places: Vec<(u32, u32)>,
}

/// Finds names as whole words in the indexed files below `root` whose language is known, manifests aside:
/// in code, in the arguments of macros and attributes, in string literals and in the examples of
/// documentation, but not in other comments.
///
/// It is what catches a use that no edge tells of. Files are read as they are now; one that cannot be
/// read, or is above the limit on sizes, has no mentions. Files without any are left out, the others come
/// sorted by path.
///
/// # Errors
///
/// [`ErrorCode::CANCELLED`], and when `source` cannot be read.
pub fn find_mentions(
    root: &Path,
    options: &IndexOptions,
    source: &dyn FactSource,
    names: &[&str],
    cancel: &Cancel,
) -> Result<Vec<FileMentions>, PortError> {
    let numbers: HashMap<&[u8], u32> =
        names.iter().enumerate().map(|(number, name)| (name.as_bytes(), number as u32)).collect();
    let mut stamps = source.files()?;
    stamps.retain(|stamp| stamp.language != Language::UNKNOWN && stamp.language != Language::CARGO);
    let limit = options.limits.max_file_bytes.min(u64::from(u32::MAX));
    let of_file = |stamp: &FileStamp| {
        let mut bytes = Vec::new();
        let is_read = !cancel.is_cancelled()
            && open_file(&on_disk(root, &stamp.path))
                .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
                .is_ok_and(|size| size as u64 <= limit);
        let has_hashes = stamp.language == Language::PYTHON;
        let places = if is_read { places(&bytes, &numbers, has_hashes) } else { Vec::new() };
        let (file, language) = (stamp.path.clone(), stamp.language.clone());
        FileMentions { file, language, module_path: stamp.module_path.clone(), places }
    };
    let mut found: Vec<FileMentions> = stamps.par_iter().map(of_file).collect();
    if cancel.is_cancelled() {
        return Err(PortError::new(ErrorCode::CANCELLED, "looking for names was cancelled"));
    }
    found.retain(|file| !file.places.is_empty());
    found.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// The words of a text that are among `numbers`, outside of comments. Comments begin with `#` or else with
/// `//` and `/*`; a quote before them on their line makes them part of a string. The examples in comments
/// of documentation are code.
fn places(text: &[u8], numbers: &HashMap<&[u8], u32>, has_hashes: bool) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    let mut is_quoted = false;
    let mut is_example = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        // Strings of many lines are not followed; `http://` and `*/*` are what stands in them.
        let is_in_text = at > 0 && matches!(text[at - 1], b':' | b'*');
        let is_comment =
            |second: u8| !has_hashes && !is_quoted && !is_in_text && text.get(at + 1) == Some(&second);
        match byte {
            b'\n' => is_quoted = false,
            b'\\' => at += 1,
            // That of a character is none.
            b'"' => is_quoted ^= !(at > 0 && text[at - 1] == b'\'' && text.get(at + 1) == Some(&b'\'')),
            b'#' if has_hashes && !is_quoted => at = line_end(text, at) - 1,
            b'/' if is_comment(b'/') => match text[at + 2..].first() {
                Some(b'/' | b'!') => {
                    let end = line_end(text, at);
                    let line = text[at + 3..end].trim_ascii_start();
                    if line.starts_with(b"```") || line.starts_with(b"~~~") {
                        is_example = !is_example;
                    }
                    // An example goes on as if there were no comment.
                    at = if is_example { at + 2 } else { end - 1 };
                }
                _ => at = line_end(text, at) - 1,
            },
            // What never ends is none.
            b'/' if is_comment(b'*') => {
                if let Some(end) = text[at + 2..].windows(2).position(|pair| pair == b"*/") {
                    at += end + 3;
                }
            }
            _ if is_word(byte) => {
                let start = at;
                while text.get(at + 1).copied().is_some_and(is_word) {
                    at += 1;
                }
                if let Some(&number) = numbers.get(&text[start..=at]) {
                    places.push((start as u32, number));
                }
            }
            _ => {}
        }
        at += 1;
    }
    places
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The end of the line that a byte stands in.
fn line_end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |length| at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, has_hashes: bool, expected: &[&str]) {
        let numbers = HashMap::from([(&b"one"[..], 0), (&b"two"[..], 1), ("drei\u{e9}".as_bytes(), 2)]);
        let found: Vec<String> = places(text.as_bytes(), &numbers, has_hashes)
            .into_iter()
            .map(|(at, number)| format!("{at} {number}"))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn whole_words_are_found() {
        check("one + one_two(two)", false, &["0 0", "14 1"]);
        check("r#one!{two;drei\u{e9}}", false, &["2 0", "7 1", "11 2"]);
        check("", false, &[]);
        check("one", false, &["0 0"]);
    }

    #[test]
    fn comments_are_left_out_and_strings_are_not() {
        check("one // two\ntwo", false, &["0 0", "11 1"]);
        check("/* one\n two */ two", false, &["15 1"]);
        check("Accept: */*, text/* one", false, &["20 0"]);
        check("see http://one", false, &["11 0"]);
        check("\"http://one\" // two", false, &["8 0"]);
        check("\"\\\"//one\"", false, &["5 0"]);
        check("'\"' // one", false, &[]);
        check("one # two\n\"#two\" # one", true, &["0 0", "12 1"]);
        check("one // two", true, &["0 0", "7 1"]);
        check("/// one\n/// ```\n/// two(1); // one\n/// ```\n/// one\ntwo", false, &["20 1", "51 1"]);
        check("//! ```text\n//! \"one\"\n//! ```\n//! two", false, &["17 0"]);
        check("///", false, &[]);
        check("#[serde(with = \"one\")]", false, &["16 0"]);
    }
}
