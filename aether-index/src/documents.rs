//! Where symbols are told of: comments of documentation, and sections of documents.

use aether_core::base::{ByteSpan, Cancel, ErrorCode, RelPath};
use aether_core::port::{FactSource, PortError};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// How often a comment is looked for in front of a symbol: its first line may stand in an attribute, too.
const TRIES: usize = 4;
/// Most documents of one repository that are read.
const MAX_DOCUMENTS: usize = 2000;

/// A block of a document that has a name in its code.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct DocumentMention {
    /// The document.
    pub file: RelPath,
    /// The headings above it, from the outermost.
    pub headings: Vec<String>,
    /// The paragraph, list item, row of a table or block of code.
    pub span: ByteSpan,
    /// The number of the name in what was asked.
    pub name: usize,
}

/// Finds names in the Markdown documents of an index, as whole words of code spans and code blocks; prose has
/// too many words that happen to be names. `read` gives the text of a file as it was indexed; what it has none
/// of is left out. Of each block the first name counts, in the order asked.
///
/// # Errors
///
/// [`ErrorCode::CANCELLED`], and when `source` or a file cannot be read.
pub fn find_in_documents(
    source: &dyn FactSource,
    names: &[&str],
    read: &mut dyn FnMut(&RelPath) -> Result<Option<String>, PortError>,
    cancel: &Cancel,
) -> Result<Vec<DocumentMention>, PortError> {
    let mut files: Vec<RelPath> = source.files()?.into_iter().map(|stamp| stamp.path).collect();
    files.retain(|path| [".md", ".markdown"].iter().any(|end| path.as_str().ends_with(end)));
    // Those near the root tell of the whole.
    files.sort_by_key(|path| (path.as_str().matches('/').count(), path.as_str().to_owned()));
    files.truncate(MAX_DOCUMENTS);
    let mut found = Vec::new();
    for file in files {
        if cancel.is_cancelled() {
            return Err(PortError::new(ErrorCode::CANCELLED, "looking into documents was cancelled"));
        }
        let Some(text) = read(&file)? else { continue };
        if names.iter().any(|name| text.contains(name)) {
            let mut reader = Reader::new(&file, names);
            reader.read(&text);
            found.append(&mut reader.found);
        }
    }
    Ok(found)
}

/// One document while it is read.
struct Reader<'n> {
    file: &'n RelPath,
    names: &'n [&'n str],
    headings: Vec<(HeadingLevel, String)>,
    /// The blocks around, outermost first.
    blocks: Vec<ByteSpan>,
    in_heading: bool,
    in_code: bool,
    found: Vec<DocumentMention>,
}

impl<'n> Reader<'n> {
    fn new(file: &'n RelPath, names: &'n [&'n str]) -> Self {
        let (headings, blocks, found) = (Vec::new(), Vec::new(), Vec::new());
        Self { file, names, headings, blocks, in_heading: false, in_code: false, found }
    }

    fn read(&mut self, text: &str) {
        let options = Options::ENABLE_TABLES | Options::ENABLE_GFM;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match event {
                Event::Start(tag) => {
                    if let Tag::Heading { level, .. } = tag {
                        self.headings.retain(|(other, _)| *other < level);
                        self.headings.push((level, String::new()));
                        self.in_heading = true;
                    }
                    self.in_code |= matches!(tag, Tag::CodeBlock(_));
                    if is_block(tag.to_end()) {
                        let end = text[..range.end].trim_end().len().max(range.start);
                        self.blocks.push(ByteSpan::new(range.start as u32, end as u32));
                    }
                }
                Event::End(end) => {
                    self.in_heading &= !matches!(end, TagEnd::Heading(_));
                    self.in_code &= !matches!(end, TagEnd::CodeBlock);
                    if is_block(end) {
                        self.blocks.pop();
                    }
                }
                Event::Code(code) => {
                    self.heading(&code);
                    self.mention(&code);
                }
                Event::Text(words) => {
                    self.heading(&words);
                    if self.in_code {
                        self.mention(&words);
                    }
                }
                _ => {}
            }
        }
    }

    fn heading(&mut self, words: &str) {
        if let Some((_, heading)) = self.headings.last_mut().filter(|_| self.in_heading) {
            heading.push_str(words);
        }
    }

    fn mention(&mut self, code: &str) {
        let Some(span) = self.blocks.last().copied() else { return };
        let Some(name) = self.names.iter().position(|name| has_word(code, name)) else { return };
        match self.found.last_mut().filter(|last| last.span == span) {
            Some(last) => last.name = last.name.min(name),
            None => {
                let headings = self.headings.iter().map(|(_, heading)| heading.clone()).collect();
                self.found.push(DocumentMention { file: self.file.clone(), headings, span, name });
            }
        }
    }
}

/// Whether what ends so is a block that can be cited.
fn is_block(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::TableRow
            | TagEnd::TableHead
    )
}

/// Whether a text has a name as whole words.
fn has_word(text: &str, name: &str) -> bool {
    let is_word = |character: Option<char>| character.is_some_and(|it| it.is_alphanumeric() || it == '_');
    text.match_indices(name).any(|(at, _)| {
        !is_word(text[..at].chars().next_back()) && !is_word(text[at + name.len()..].chars().next())
    })
}

/// Where the documentation of a symbol stands: the lines of the comment in front of its declaration, or of the
/// string behind it, by what the index kept of it.
///
/// `doc` is the documentation, `declaration` the place of the symbol in `text`.
#[must_use]
pub fn find_doc_comment(text: &str, doc: &str, declaration: ByteSpan) -> Option<ByteSpan> {
    let mut lines = doc.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let last = lines.next_back().unwrap_or(first);
    let (start, end) = (declaration.start as usize, declaration.end as usize);
    let before = text.get(..start)?;
    let mut found = before.rmatch_indices(first).map(|(at, _)| at).take(TRIES);
    let is_marked = |at: usize| {
        let mark = before[..at].rsplit('\n').next().unwrap_or_default().trim();
        ["", "///", "//!", "//", "/**", "/*!", "/*", "*", "#", "--"].contains(&mark)
    };
    let begin = found.find(|at| is_marked(*at) && is_comment(&before[*at..])).or_else(|| {
        // Inside, where languages write it below the head.
        text.get(start..end)?.find(first).map(|at| start + at)
    })?;
    let room = if begin < start { start } else { end };
    let close = if last == first {
        begin + first.len()
    } else {
        begin + text.get(begin..room)?.rfind(last)? + last.len()
    };
    let line_before = |at: usize| text[..at].rfind('\n').map_or(0, |at| at + 1);
    let mut line_start = line_before(begin);
    // The line that opens a block comment has nothing else.
    let opener = line_before(line_start.saturating_sub(1));
    if matches!(text[opener..line_start].trim(), "/**" | "/*!" | "/*") {
        line_start = opener;
    }
    Some(ByteSpan::new(line_start as u32, close as u32))
}

/// Whether nothing but a comment, attributes and blank lines stands between the beginning of a text, which is
/// inside of a comment, and its end.
fn is_comment(text: &str) -> bool {
    let mut is_block = !text.lines().next().is_some_and(|line| line.contains("*/")) && text.contains("*/");
    text.lines().skip(1).map(str::trim).all(|line| {
        let is_part = is_block
            || line.is_empty()
            || ["//", "#", "*", "@", "--", "/*"].iter().any(|mark| line.starts_with(mark))
            || line.ends_with(']')
            || line
                .split_whitespace()
                .all(|word| word.chars().all(|it| it.is_alphanumeric() || "_()<>:,".contains(it)));
        is_block &= !line.contains("*/");
        is_part
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(text: &str, names: &[&str]) -> Vec<(String, String, usize)> {
        let file = RelPath::new("README.md").unwrap();
        let mut reader = Reader::new(&file, names);
        reader.read(text);
        let shown = reader
            .found
            .iter()
            .map(|it| (it.headings.join(" > "), it.span.slice(text).unwrap().to_owned(), it.name));
        shown.collect()
    }

    #[test]
    fn code_of_documents_has_names_and_prose_has_none() {
        let text = "# Guide\n\nCall load to load.\n\n## Loading `it`\n\nCall `load()` first.\n\n- `loader` is no load\n- `A::load` is\n\n```rust\nlet x = load();\n```\n\n# Other\n\n| a | b |\n| - | - |\n| `load` | x |\n";
        let found = mentions(text, &["A::load", "load"]);
        let told: Vec<(&str, &str, usize)> =
            found.iter().map(|(heading, block, name)| (heading.as_str(), block.as_str(), *name)).collect();
        let expected = [
            ("Guide > Loading it", "Call `load()` first.", 1),
            ("Guide > Loading it", "- `A::load` is", 0),
            ("Guide > Loading it", "```rust\nlet x = load();\n```", 1),
            ("Other", "| `load` | x |", 1),
        ];
        assert_eq!(told, expected);
    }

    #[track_caller]
    fn check(text: &str, doc: &str, declaration: &str, expected: Option<&str>) {
        let start = text.find(declaration).unwrap();
        let span = ByteSpan::new(start as u32, text.len() as u32);
        let found = find_doc_comment(text, doc, span);
        assert_eq!(found.map(|span| span.slice(text).unwrap()), expected, "{text}");
    }

    #[test]
    fn the_comment_of_a_symbol_is_found_in_front_of_it_or_inside() {
        let rust = "/// Loads.\nfn other() {}\n\n/// Loads.\n///\n/// All of it.\n#[must_use]\nfn load() {}";
        check(rust, "Loads.\n\nAll of it.", "fn load", Some("/// Loads.\n///\n/// All of it."));
        check(rust, "Loads.", "fn other", Some("/// Loads."));
        let derived = "/// Debug\n#[derive(Debug)]\nstruct A;";
        check(derived, "Debug", "struct A", Some("/// Debug"));
        let block = "/**\n * Loads\n * it.\n */\nexport function load() {}";
        check(block, "Loads\nit.", "function load", Some("/**\n * Loads\n * it."));
        let python = "def load():\n    \"\"\"Loads.\n\n    All.\"\"\"\n    pass\n";
        check(python, "Loads.\n\nAll.", "def load", Some("    \"\"\"Loads.\n\n    All."));
        check("fn load() {}", "", "fn load", None);
        check("// Saves.\nlet x = 1;\nfn load() {}", "Saves.", "fn load", None);
    }
}
