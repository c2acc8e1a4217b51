//! The words of a query.

use aether_core::code::words::{each_word, is_stop_word, stem};

use super::words::{is_asked_for, joined};

/// A part of a query.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    /// A word by its stem.
    Word(String),
    /// The beginning of a word, as written.
    Prefix(String),
    /// A whole name, joined.
    Name(String),
}

/// What a query asks for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Words {
    /// Its parts, each once.
    pub(crate) parts: Vec<Part>,
    /// The joined name that all of it may be.
    pub(crate) whole: Option<String>,
    /// Joined last parts of qualified names in it.
    pub(crate) last_parts: Vec<String>,
}

/// What was read of a query and is no part of it.
#[derive(Debug, Default)]
struct Reader {
    stop_words: Vec<String>,
    /// The last word, as written.
    before: String,
}

/// Most parts of one query that are read; the rest is left out.
const MAX_PARTS: usize = 64;

impl Words {
    /// Reads a query. Nothing in it is an error: what is neither letter nor digit only separates,
    /// apart from double quotes around a name and `*` behind a word.
    pub(crate) fn parse(text: &str) -> Self {
        let mut words = Self::default();
        let mut reader = Reader::default();
        let mut plain = String::new();
        let mut is_plain = true;
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix('"') {
                let (name, tail) = quoted.split_once('"').unwrap_or((quoted, ""));
                let name = joined(name);
                if !name.is_empty() {
                    words.push(Part::Name(name));
                    is_plain = false;
                }
                rest = tail.trim_start();
                continue;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
            let (token, tail) = rest.split_at(end);
            rest = tail.trim_start();
            plain.push_str(token);
            is_plain &= !token.ends_with('*');
            words.take(token, &mut reader);
        }
        if words.parts.is_empty() {
            // A question of stop words alone means them: `from` is a name.
            for word in reader.stop_words {
                words.push(Part::Word(word));
            }
        }
        let whole = joined(&plain);
        words.whole = (is_plain && !whole.is_empty()).then_some(whole);
        words
    }

    fn take(&mut self, token: &str, reader: &mut Reader) {
        if let Some((_, last)) = token.rsplit_once("::") {
            let last = joined(last);
            if !last.is_empty() {
                self.last_parts.push(last);
            }
        }
        let mut parts: Vec<String> = Vec::new();
        each_word(token, |word| parts.push(word.to_owned()));
        let prefix = if token.ends_with('*') { parts.pop() } else { None };
        for mut word in parts {
            let is_left_out = is_stop_word(&word) && !is_asked_for(&reader.before, &word);
            reader.before.clone_from(&word);
            stem(&mut word);
            if is_left_out {
                reader.stop_words.push(word);
            } else {
                self.push(Part::Word(word));
            }
        }
        if let Some(prefix) = prefix {
            self.push(Part::Prefix(prefix));
        }
    }

    fn push(&mut self, part: Part) {
        if self.parts.len() < MAX_PARTS && !self.parts.contains(&part) {
            self.parts.push(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Part]) {
        assert_eq!(Words::parse(text).parts, expected, "{text}");
    }

    fn word(text: &str) -> Part {
        Part::Word(text.into())
    }

    #[test]
    fn words_prefixes_and_names_are_told_apart() {
        check("readLine reading", &[word("read"), word("lin")]);
        check("read_l* x", &[word("read"), Part::Prefix("l".into()), word("x")]);
        check("\"Read Line\" \"x", &[Part::Name("readline".into()), Part::Name("x".into())]);
        check("how to parse the file", &[word("pars"), word("fil")]);
        check("from", &[word("from")]);
        check("whether it is the last line", &[word("whether"), word("last"), word("lin")]);
        check(
            "returns whether a line is the last",
            &[word("whether"), word("lin"), word("is"), word("last")],
        );
        check("is", &[word("is")]);
        check("* \"\" ) OR ( -- '; NEAR/2", &[word("near"), word("2")]);
        check("", &[]);
    }

    #[test]
    fn the_whole_query_may_be_a_name() {
        assert_eq!(Words::parse("read line").whole.as_deref(), Some("readline"));
        assert_eq!(Words::parse("read*").whole, None);
        assert_eq!(Words::parse("Searcher::new").last_parts, ["new"]);
    }
}
