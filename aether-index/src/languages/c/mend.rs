//! What a text is without its preprocessor, as far as that can be told without running it.

use super::Dialect;

/// The text with the macros between `class` and the name of one replaced by spaces: they say how it is
/// exported, and with them the class reads like a function. `None` where there are none.
pub(super) fn without_export_macros(text: &str) -> Option<String> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for keyword in ["class ", "struct ", "union "] {
        for (at, _) in text.match_indices(keyword) {
            let is_whole = !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
            let start = at + keyword.len();
            if is_whole && let Some(length) = export_macros(&text[start..]) {
                found.push((start, length));
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for (start, length) in found {
        blank(&mut bytes[start..start + length]);
    }
    String::from_utf8(bytes).ok()
}

/// How long the macros are that a text begins with, when the name of a class with a body follows them.
fn export_macros(text: &str) -> Option<usize> {
    // What stands in front of a body is short.
    const LONGEST: usize = 400;
    let bytes = &text.as_bytes()[..text.len().min(LONGEST)];
    let word_end = |at: usize| {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        at + bytes[at..].iter().take_while(|byte| is_word(byte)).count()
    };
    let spaces_end = |at: usize| at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    let mut at = 0;
    let mut macros = 0;
    loop {
        let end = word_end(at);
        let word = &bytes[at..end];
        if word.is_empty() {
            return None;
        }
        let is_macro = word.len() > 2
            && word[0].is_ascii_uppercase()
            && word.iter().all(|byte| !byte.is_ascii_lowercase());
        let mut next = end;
        if is_macro && bytes.get(end) == Some(&b'(') {
            next = end + bytes[end..].iter().position(|&byte| byte == b')')? + 1;
        }
        let next = spaces_end(next);
        let is_followed = bytes.get(next).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        let is_final = bytes.get(next..).is_some_and(|rest| rest.starts_with(b"final"));
        if is_macro && is_followed && !is_final {
            at = next;
            macros = next;
            continue;
        }
        let behind = bytes[next..].iter().find(|byte| !byte.is_ascii_whitespace());
        let has_body = is_final || matches!(behind, Some(b'{' | b':'));
        return (macros > 0 && has_body).then_some(macros);
    }
}

/// The text with the directives of conditions, all their branches but the first one that may hold, and
/// macros in front of declarations replaced by spaces. Every other byte stays where it is.
pub(super) fn mended(text: &str, dialect: Dialect) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut branches: Vec<Branch> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = end_of_line(&bytes, at);
        let line = text.get(at..end).unwrap_or("").trim_start();
        let directive = line.strip_prefix('#').map(str::trim_start);
        let is_read = branches.iter().all(|branch| branch.is_read);
        match directive {
            Some(directive) if directive.starts_with("if") => {
                branches.push(Branch::first(directive, dialect));
                blank(&mut bytes[at..end]);
            }
            Some(directive) if directive.starts_with("el") => {
                if let Some(branch) = branches.last_mut() {
                    branch.next(directive);
                }
                blank(&mut bytes[at..end]);
            }
            Some(directive) if directive.starts_with("endif") => {
                branches.pop();
                blank(&mut bytes[at..end]);
            }
            _ if !is_read => blank(&mut bytes[at..end]),
            Some(_) => {}
            None => blank_macros(&mut bytes[at..end]),
        }
        at = end;
    }
    // Only whole characters were replaced, or parts that are ASCII.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A condition that is open.
struct Branch {
    /// Whether the present branch of it is read.
    is_read: bool,
    /// Whether one was read.
    was_read: bool,
}

impl Branch {
    fn first(directive: &str, dialect: Dialect) -> Self {
        let words: Vec<&str> = directive.split_whitespace().collect();
        let is_read = match words[..] {
            ["if", "0", ..] => false,
            ["ifdef", "__cplusplus", ..] => dialect == Dialect::Cpp,
            ["ifndef", "__cplusplus", ..] => dialect == Dialect::C,
            ["if", condition, ..] if condition.starts_with("defined(__cplusplus)") => dialect == Dialect::Cpp,
            _ => true,
        };
        Self { is_read, was_read: is_read }
    }

    fn next(&mut self, directive: &str) {
        let is_off = directive.starts_with("elif") && directive.split_whitespace().nth(1) == Some("0");
        self.is_read = !self.was_read && !is_off;
        self.was_read |= self.is_read;
    }
}

/// The byte behind a line and those that it goes on in.
fn end_of_line(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(length) = bytes[at..].iter().position(|&byte| byte == b'\n') {
        at += length + 1;
        let before = bytes[start..at - 1].strip_suffix(b"\r").unwrap_or(&bytes[start..at - 1]);
        if !before.ends_with(b"\\") {
            return at;
        }
    }
    bytes.len()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| !matches!(**byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}

/// Blanks words in upper case that stand in front of another word, with what stands in parentheses behind
/// them, and such words with parentheses behind a declaration: they say how something is exported, aligned
/// or checked. A type of such a name is lost.
fn blank_macros(line: &mut [u8]) {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut at = 0;
    // What stands in front of the word.
    let mut before = 0..0;
    while at < line.len() {
        if !is_word(line[at]) {
            // Text in quotes is left alone, and so is what is commented out.
            match line[at] {
                b'"' | b'\'' => return,
                b'/' if line.get(at + 1).is_some_and(|&next| next == b'/' || next == b'*') => return,
                _ => {}
            }
            at += 1;
            continue;
        }
        let start = at;
        while at < line.len() && is_word(line[at]) {
            at += 1;
        }
        let in_front = std::mem::replace(&mut before, start..at);
        let word = &line[start..at];
        let is_macro = word.len() > 3
            && word.contains(&b'_')
            && word.iter().all(|byte| !byte.is_ascii_lowercase())
            && word[0].is_ascii_uppercase();
        if !is_macro {
            continue;
        }
        let mut end = at;
        if line.get(end) == Some(&b'(') {
            let mut open = 0;
            while end < line.len() {
                match line[end] {
                    b'(' => open += 1,
                    b')' => open -= 1,
                    _ => {}
                }
                end += 1;
                if open == 0 {
                    break;
                }
            }
        }
        let spaces = line[end..].iter().take_while(|byte| matches!(**byte, b' ' | b'\t')).count();
        let is_followed = spaces > 0
            && line.get(end + spaces).is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'_');
        let behind = line.get(end + spaces).copied();
        let is_behind = end > at && ends_declaration(line, in_front, start, behind);
        if is_followed || is_behind {
            blank(&mut line[start..end]);
        }
        at = end;
    }
}

/// Whether a declaration ends between `in_front` and the macro at `start`, by what stands behind it: a name
/// that is no keyword is in front of it, or the parameters of a function that has a body.
fn ends_declaration(line: &[u8], in_front: std::ops::Range<usize>, start: usize, behind: Option<u8>) -> bool {
    const KEYWORDS: [&[u8]; 6] = [b"return", b"case", b"else", b"do", b"throw", b"goto"];
    let between = line[in_front.end.min(start)..start].trim_ascii();
    let word = &line[in_front];
    let is_name = between.is_empty() && !word.is_empty() && !KEYWORDS.contains(&word);
    match behind {
        Some(b'{') => is_name || between.ends_with(b")"),
        Some(b';' | b'=') => is_name,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: &str) {
        let found = mended(text, dialect);
        assert_eq!(found.len(), text.len());
        let shown: Vec<&str> = found.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        assert_eq!(shown.join("\n"), expected);
    }

    #[test]
    fn the_first_branch_that_may_hold_is_kept() {
        let text = "#if 0\na\n#elif 1\nb\n#else\nc\n#endif\n#ifdef X\nd\n#else\ne\n#endif\nf\n";
        check(Dialect::C, text, "b\nd\nf");
        let text = "#ifdef __cplusplus\na\n#endif\n#ifndef __cplusplus\nb\n#else\nc\n#endif\n";
        check(Dialect::C, text, "b");
        check(Dialect::Cpp, text, "a\nc");
        check(
            Dialect::C,
            "#if A && \\\n  B\nx\n#  ifdef Y\ny\n#  else\nz\n#  endif\n#else\nw\n#endif",
            "x\ny",
        );
        check(Dialect::C, "#define A \\\n  #else\n#endif\nx", "#define A \\\n  #else\nx");
        check(Dialect::C, "#else\n#endif\nx é", "x é");
    }

    #[test]
    fn macros_in_front_of_declarations_go() {
        check(Dialect::Cpp, "class MY_API A {", "class        A {");
        check(Dialect::Cpp, "MY_API(1, f(2)) int f();", "                int f();");
        check(Dialect::Cpp, "int MAX_SIZE = MY_ID;", "int MAX_SIZE = MY_ID;");
        check(Dialect::Cpp, "FILE* f; DWORD x;", "FILE* f; DWORD x;");
        check(Dialect::Cpp, "call(\"MY_API x\"); // MY_API x", "call(\"MY_API x\"); // MY_API x");
        check(Dialect::Cpp, "MY_API(", "MY_API(");
        check(Dialect::Cpp, "int x GUARDED_BY(mu);", "int x               ;");
        check(Dialect::Cpp, "void f() const LOCKS_EXCLUDED(mu) {", "void f() const                    {");
        check(Dialect::Cpp, "return MY_CALL(x);", "return MY_CALL(x);");
        check(Dialect::Cpp, "  MY_CALL(x);", "  MY_CALL(x);");
        check(Dialect::Cpp, "x = MY_CALL(x);", "x = MY_CALL(x);");
        check(Dialect::Cpp, "if (x) MY_CALL(x);", "if (x) MY_CALL(x);");
    }

    #[track_caller]
    fn check_class(text: &str, expected: Option<&str>) {
        assert_eq!(without_export_macros(text).as_deref(), expected);
    }

    #[test]
    fn macros_between_class_and_name_go() {
        check_class("class API A : B {};", Some("class     A : B {};"));
        check_class("struct MY_API alignas_ A\n{};", None);
        check_class("struct MY_API(x) B_C A\n{};", Some("struct               A\n{};"));
        check_class("class API A final {};", Some("class     A final {};"));
        check_class("subclass API A {};", None);
        check_class("class API;\nclass API a;\nstruct API f() {}", None);
        check_class("class API", None);
        check_class("class API(", None);
        check_class("class A {}; union U {}; struct é {", None);
    }
}
