//! What a symbol is for, in a sentence.

use aether_core::code::SymbolKind;
use heck::ToSnakeCase as _;

/// Most characters of an intent.
const MAX_CHARS: usize = 240;

/// The first sentence of documentation; `None` when it says nothing.
pub(super) fn of_doc(doc: &str) -> Option<String> {
    let paragraph: Vec<&str> = doc
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty() || is_no_prose(line))
        .take_while(|line| !line.is_empty() && !is_no_prose(line))
        .collect();
    let text = plain(&paragraph.join(" "));
    let sentence = first_sentence(&text);
    sentence.contains(char::is_alphanumeric).then(|| clip(sentence))
}

/// Headings, fences, quotes of code, tags and tables.
fn is_no_prose(line: &str) -> bool {
    ["#", "```", "~~~", "|", "@", "<", "===", "---", "[!"].iter().any(|start| line.starts_with(start))
}

/// Text without links and quotes of Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '`', ']']) {
        out.push_str(&rest[..at]);
        let mark = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        if mark == b']' {
            // Behind the text of a link stands where it leads.
            let closing = match rest.as_bytes().first() {
                Some(b'(') => Some(')'),
                Some(b'[') => Some(']'),
                _ => None,
            };
            if let Some(end) = closing.and_then(|closing| rest.find(closing)) {
                rest = &rest[end + 1..];
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Up to the first full stop behind which a new sentence begins.
fn first_sentence(text: &str) -> &str {
    let ends = text.match_indices(['.', '!', '?', '。']).filter(|(at, end)| {
        let behind = &text[at + end.len()..];
        let is_short = ["e.g", "i.e", "etc", "vs", "cf"].iter().any(|short| text[..*at].ends_with(short));
        !is_short && (behind.is_empty() || behind.starts_with(' ') || *end == "。")
    });
    ends.map(|(at, end)| &text[..at + end.len()]).next().unwrap_or(text)
}

fn clip(text: &str) -> String {
    if text.chars().count() <= MAX_CHARS {
        return text.to_owned();
    }
    let head: String = text.chars().take(MAX_CHARS - 1).collect();
    format!("{}…", head.trim_end())
}

/// What the name of a symbol says: its words, and of what it is part.
pub(super) fn of_name(kind: &SymbolKind, name: &str, owner: Option<&str>) -> String {
    let words = name.to_snake_case().replace('_', " ");
    let words = if words.is_empty() { name.to_owned() } else { words };
    match (kind, owner) {
        (kind, _) if *kind == SymbolKind::TEST => format!("Test: {words}"),
        (_, Some(owner)) => format!("{owner}: {words}"),
        (kind, None) if kind.is_callable() => words,
        (kind, None) => format!("{words} ({kind})"),
    }
}

#[cfg(test)]
mod tests {
    use aether_core::code::SymbolKind;

    use super::{of_doc, of_name};

    #[test]
    fn the_first_sentence_of_prose_is_taken() {
        let doc = "# Title\n\nReads [`File`](x) and [it][y], e.g. a\nfile. Then more.\n\nOther.";
        assert_eq!(of_doc(doc).as_deref(), Some("Reads File and it, e.g. a file."));
        assert_eq!(of_doc("Is v1.2 of `f`").as_deref(), Some("Is v1.2 of f"));
        assert_eq!(of_doc("```\ncode\n```").as_deref(), Some("code"));
        assert_eq!(of_doc(" \n***\n"), None);
        assert_eq!(of_doc(""), None);
        assert_eq!(of_doc(&"é".repeat(500)).map(|it| it.chars().count()), Some(240));
    }

    #[test]
    fn a_name_says_what_its_words_say() {
        assert_eq!(of_name(&SymbolKind::FUNCTION, "HTTPServer_start2Now", None), "http server start2 now");
        assert_eq!(of_name(&SymbolKind::METHOD, "parse_line", Some("Config")), "Config: parse line");
        assert_eq!(of_name(&SymbolKind::FUNCTION, "run", None), "run");
        assert_eq!(of_name(&SymbolKind::TEST, "it_works", None), "Test: it works");
        assert_eq!(of_name(&SymbolKind::STRUCT, "Config", None), "config (struct)");
        assert_eq!(of_name(&SymbolKind::FUNCTION, "_", None), "_");
    }
}
