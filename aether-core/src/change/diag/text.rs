//! Messages without what says nothing about the mistake: positions, and names.

/// `text` without lines and columns behind names of files, and with one space for each white space.
///
/// A position is `:` and digits, `:` and digits, at the end of a word, and a second such pair behind `: `:
/// rustc writes `src/a.rs:3:5` and `{closure@src/a.rs:3:5: 3:9}`.
pub(super) fn without_positions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(':') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        match pair(&tail[1..]) {
            Some(behind) if before.ends_with(|it: char| !it.is_whitespace()) => {
                rest = behind.strip_prefix(": ").and_then(pair).unwrap_or(behind);
            }
            _ => {
                out.push(':');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands behind `3:5`, where `text` begins with such a pair.
fn pair(text: &str) -> Option<&str> {
    digits(digits(text)?.strip_prefix(':')?)
}

fn digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|it: char| it.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

/// `text` with nothing between its backticks. An odd one is left as it is.
pub(super) fn without_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('`') {
        let Some((_, behind)) = tail.split_once('`') else { break };
        out.push_str(before);
        out.push_str("``");
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{without_names, without_positions};

    #[test]
    fn positions_are_left_out() {
        let check = |text: &str, expected: &str| assert_eq!(without_positions(text), expected, "{text}");
        check("see src/a.rs:12:7", "see src/a.rs");
        check("{closure@src/a.rs:3:5: 3:9} and {closure@b.rs:1:2}", "{closure@src/a.rs} and {closure@b.rs}");
        check("`a::b` of  type\n`u8`", "`a::b` of type `u8`");
        check("expected 2: found 3", "expected 2: found 3");
        check("ratio :1:2", "ratio :1:2");
        check("a:1", "a:1");
    }

    #[test]
    fn names_are_left_out() {
        assert_eq!(without_names("no `a` in `b::c`, `d"), "no `` in ``, `d");
    }
}
