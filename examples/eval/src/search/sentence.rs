//! From documentation to a question: the first sentence of the first paragraph of prose.

/// The first sentence of the first paragraph of prose of a documentation comment, markup of links and
/// backticks taken off; `None` without prose.
pub(crate) fn first_sentence(doc: &str) -> Option<String> {
    let paragraph = without_markup(&first_paragraph(doc)?);
    let sentence = sentence_of(&paragraph).trim();
    (!sentence.is_empty()).then(|| sentence.to_owned())
}

/// How many words of a sentence have a letter or digit.
pub(crate) fn count_words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The words of a sentence as the text of a search. Quotes, stars and colons would say more than the
/// sentence does: a whole name, a prefix, a path.
pub(crate) fn words(sentence: &str) -> String {
    let is_separator = |character: char| !(character.is_alphanumeric() || character == '_');
    sentence.split(is_separator).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Words without those that the name of a function is made of, in any case, with or without a plural
/// `s`. Words that are identifiers themselves are taken apart first.
pub(crate) fn without_name(words: &str, name: &str) -> String {
    let of_name = parts(name);
    let is_of_name = |part: &String| of_name.iter().any(|own| own == part || is_plural(own, part));
    let kept: Vec<String> = parts(words).into_iter().filter(|part| !is_of_name(part)).collect();
    kept.join(" ")
}

fn is_plural(a: &str, b: &str) -> bool {
    a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a)
}

/// The parts of identifiers in lower case: `readLine`, `read_line` and `ReadLINE` are two.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_kept = character.is_alphanumeric();
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && characters.peek().copied().is_some_and(char::is_lowercase);
        let is_start = character.is_uppercase()
            && (before.is_some_and(|before| !before.is_uppercase()) || ends_capitals);
        if !is_kept || is_start {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| is_kept) {
            part.extend(character.to_lowercase());
        }
        before = Some(character);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The lines of the first paragraph that is prose, joined by blanks.
fn first_paragraph(doc: &str) -> Option<String> {
    let mut paragraph: Vec<&str> = Vec::new();
    let mut fence: Option<&str> = None;
    // Of a list or a table that has begun; it goes on to the next empty line.
    let mut is_block = false;
    for line in doc.lines() {
        let text = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, Some(mark)) if paragraph.is_empty() => fence = Some(mark),
            (None, Some(_)) => break,
            (None, None) if text.is_empty() && paragraph.is_empty() => is_block = false,
            (None, None) if text.is_empty() => break,
            (None, None) if !paragraph.is_empty() => {
                if is_heading(text) || starts_list(text) {
                    break;
                }
                paragraph.push(text);
            }
            (None, None) if is_block || is_heading(text) => {}
            (None, None) if line.starts_with("     ") || is_other_block(text) => is_block = true,
            (None, None) => paragraph.push(text),
        }
    }
    (!paragraph.is_empty()).then(|| paragraph.join(" "))
}

fn is_heading(text: &str) -> bool {
    let rest = text.trim_start_matches('#');
    rest.len() < text.len() && (rest.is_empty() || rest.starts_with(' '))
}

fn starts_list(text: &str) -> bool {
    let digits = text.trim_start_matches(|character: char| character.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
        || (digits.len() < text.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
}

/// Whether a line starts a list, a table, a quotation, HTML, or says where a link leads.
fn is_other_block(text: &str) -> bool {
    let is_link = || text.starts_with('[') && text.contains("]: ");
    starts_list(text) || text.starts_with(['|', '>', '<']) || is_link()
}

/// Text with the words of its links in place of the links, and without backticks.
fn without_markup(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let Some(end) = end_of(from, '[', ']') else {
            plain.push_str(from);
            rest = "";
            break;
        };
        plain.push_str(&without_markup(&from[1..end]));
        rest = &from[end + 1..];
        let target = if rest.starts_with('(') { end_of(rest, '(', ')') } else { None };
        let target = target.or_else(|| rest.starts_with('[').then(|| end_of(rest, '[', ']')).flatten());
        if let Some(end) = target {
            rest = &rest[end + 1..];
        }
    }
    plain.push_str(rest);
    plain.replace('`', "")
}

/// Where the bracket that `text` starts with is closed.
fn end_of(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// What stands before the first full stop, exclamation or question mark that ends a sentence.
fn sentence_of(text: &str) -> &str {
    let ends = text.match_indices(['.', '!', '?']).map(|(at, _)| at);
    let end = ends.into_iter().find(|&at| {
        let word = text[..at].rsplit([' ', '(']).next().unwrap_or("");
        let is_short = ["e.g", "i.e", "etc", "cf", "vs", "e.g.", "i.e."].contains(&word);
        let is_last = text[at + 1..].chars().next().is_none_or(char::is_whitespace);
        is_last && (!is_short || text[at + 1..].trim().is_empty())
    });
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(doc: &str, expected: Option<&str>) {
        assert_eq!(first_sentence(doc).as_deref(), expected, "{doc}");
    }

    #[test]
    fn a_sentence_ends_at_its_stop() {
        check("Reads a line. Then more.", Some("Reads a line"));
        check("Reads a\nline of text!\n\nMore.", Some("Reads a line of text"));
        check("Reads version 1.2 of it", Some("Reads version 1.2 of it"));
        check("Reads a line, e.g. the last one. More.", Some("Reads a line, e.g. the last one"));
        check("Reads lines etc.", Some("Reads lines etc"));
        check("", None);
    }

    #[test]
    fn only_prose_counts() {
        check("# Title\n\nReads it.", Some("Reads it"));
        check("# Title\nReads it.", Some("Reads it"));
        check("```\ncode. more\n\nmore\n```\nReads it.", Some("Reads it"));
        check("- one\n  two\n\nReads it.", Some("Reads it"));
        check("1. one\n\n| a | b |\n\n> c\n\n[x]: http://y\n\nReads it.", Some("Reads it"));
        check("Reads:\n- one\n- two", Some("Reads:"));
        check("Reads it\n# Errors\nnever", Some("Reads it"));
        check("Reads it\n```\nx\n```", Some("Reads it"));
        check("#[derive] reads it.", Some("#derive reads it"));
        check("# Title\n\n```\nx\n```", None);
    }

    #[test]
    fn markup_is_taken_off() {
        check("Makes a [`Vec<T>`](std::vec::Vec) of [x][y] or [z]. More.", Some("Makes a Vec<T> of x or z"));
        check("Indexes a[i](b(c)) [open.", Some("Indexes ai [open"));
        check("A [link [in] it](to) x.", Some("A link in it x"));
    }

    #[test]
    fn words_say_nothing_but_themselves() {
        assert_eq!(words("kind:fn \"a\" b* `x::y`, read_line doesn't"), "kind fn a b x y read_line doesn t");
        assert_eq!(count_words("a - b `c` => d"), 4);
    }

    #[test]
    fn words_of_the_name_go_away() {
        let check = |words, name, expected: &str| assert_eq!(without_name(words, name), expected);
        check("Reads the next line of lines", "next_line", "reads the of");
        check("Parses a URL from a stream of them", "parseURL", "a from a stream of them");
        check("the HashMap entries", "hash_entries", "the map");
        check("utf8 bytes", "from_utf8", "bytes");
        check("Line class", "line_clas", "");
        check("linear", "line", "linear");
    }

    #[test]
    fn identifiers_are_taken_apart() {
        assert_eq!(
            parts("readLine read_line HTTPServer x86"),
            ["read", "line", "read", "line", "http", "server", "x86"]
        );
    }
}
