//! One Rust source file, read just far enough for the rules: no parser, no macros.

mod mask;
mod paths;

use std::ops::Range;
use std::path::Path;

pub(crate) use self::paths::{Path as SourcePath, PathKind};

/// The text of a Rust file, and the same text with parts blanked out.
///
/// The blanked texts have the length of the original and keep its line breaks, so an
/// offset or a line number means the same in each of them.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Path from the root of the repository, with `/`.
    pub(crate) path: String,
    /// Everything but comments and the contents of literals.
    pub(crate) code: String,
    /// Comments only, documentation included.
    pub(crate) comments: String,
    /// String and character literals only.
    pub(crate) literals: String,
    /// Byte ranges of the items that are compiled for tests alone.
    tests: Vec<Range<usize>>,
}

impl SourceFile {
    /// Reads a file; bytes that are not UTF-8 are replaced, which no rule minds.
    pub(crate) fn read(root: &Path, path: &str) -> std::io::Result<Self> {
        let bytes = std::fs::read(root.join(path))?;
        Ok(Self::new(path, &String::from_utf8_lossy(&bytes)))
    }

    /// Takes a text apart.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let parts = mask::split(text);
        let tests = test_items(&parts.code);
        Self {
            path: path.to_owned(),
            code: parts.code,
            comments: parts.comments,
            literals: parts.literals,
            tests,
        }
    }

    /// The code that ends up in the product: [`Self::code`] without test items.
    pub(crate) fn product_code(&self) -> String {
        self.without_tests(&self.code)
    }

    /// The literals of the product: [`Self::literals`] without those in test items.
    pub(crate) fn product_literals(&self) -> String {
        self.without_tests(&self.literals)
    }

    /// Paths and macro calls in the code of the product, aliases resolved.
    pub(crate) fn product_paths(&self) -> Vec<SourcePath> {
        paths::collect(&self.product_code())
    }

    /// Lines that hold code or a literal, outside comments and test items.
    pub(crate) fn code_lines(&self) -> usize {
        let code = self.product_code();
        let literals = self.product_literals();
        code.lines()
            .zip(literals.lines())
            .filter(|(code, literal)| !code.trim().is_empty() || !literal.trim().is_empty())
            .count()
    }

    /// Modules that are declared for tests alone and live in files of their own.
    pub(crate) fn test_modules(&self) -> Vec<String> {
        self.tests
            .iter()
            .filter_map(|range| {
                let item = self.code[range.clone()].trim_end().strip_suffix(';')?;
                let (before, name) = item.trim_end().rsplit_once(char::is_whitespace)?;
                before.trim_end().ends_with("mod").then(|| name.trim().to_owned())
            })
            .collect()
    }

    fn without_tests(&self, text: &str) -> String {
        let mut kept = text.as_bytes().to_vec();
        for range in &self.tests {
            mask::blank(&mut kept[range.clone()]);
        }
        // Blanking replaces whole items, whose ends are ASCII, by ASCII.
        String::from_utf8_lossy(&kept).into_owned()
    }
}

/// Line of a byte offset, counted from one.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count()
}

/// Finds the items behind `#[cfg(test)]`, attribute included.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let bytes = code.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(start) = code[at..].find('#').map(|offset| at + offset) {
        at = start + 1;
        let inner = bytes.get(at) == Some(&b'!');
        let open = if inner { at + 1 } else { at };
        if bytes.get(open) != Some(&b'[') {
            continue;
        }
        let close = matching(bytes, open);
        at = close;
        if !is_test_only(&code[open + 1..close]) {
            continue;
        }
        let end = if inner { bytes.len() } else { item_end(code, close + 1) };
        found.push(start..end);
        at = end;
    }
    found
}

/// Whether the inside of an attribute is `cfg(test)` or `cfg(all(…, test, …))`.
fn is_test_only(attribute: &str) -> bool {
    let bare: String = attribute.chars().filter(|c| !c.is_whitespace()).collect();
    if bare == "cfg(test)" {
        return true;
    }
    let all = bare.strip_prefix("cfg(all(").and_then(|rest| rest.strip_suffix("))"));
    all.is_some_and(|list| {
        let mut depth = 0_i32;
        list.split(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ',' && depth == 0
        })
        .any(|predicate| predicate == "test")
    })
}

/// Where the item that starts at `at`, its further attributes first, ends.
fn item_end(code: &str, mut at: usize) -> usize {
    let bytes = code.as_bytes();
    loop {
        at += code[at..].len() - code[at..].trim_start().len();
        if bytes.get(at) != Some(&b'#') {
            break;
        }
        match code[at..].find('[') {
            Some(open) => at = matching(bytes, at + open) + 1,
            None => return bytes.len(),
        }
    }
    // A field, a variant or an argument ends at its comma; an item never does, though it
    // can hold commas between angle brackets.
    const ITEM_WORDS: [&str; 16] = [
        "async",
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "let",
        "macro_rules",
        "mod",
        "pub",
        "static",
        "struct",
        "trait",
        "type",
        "unsafe",
        "use",
    ];
    let word: String = code[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let comma_ends = !ITEM_WORDS.contains(&word.as_str());
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' => at = matching(bytes, at),
            b'{' => return (matching(bytes, at) + 1).min(bytes.len()),
            b';' => return at + 1,
            b',' if comma_ends => return at + 1,
            b'}' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Offset of the bracket that closes the one at `open`, or the last offset of the text.
pub(crate) fn matching(bytes: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return offset;
                }
            }
            _ => {}
        }
    }
    bytes.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_product(source: &str, expected: &str) {
        let file = SourceFile::new("x.rs", source);
        let kept: Vec<String> = file.product_code().split_whitespace().map(str::to_owned).collect();
        assert_eq!(kept.join(" "), expected);
    }

    #[test]
    fn a_test_module_is_not_product() {
        check_product("fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}", "fn a() {} fn c() {}");
    }

    #[test]
    fn further_attributes_belong_to_the_item() {
        check_product("#[cfg(test)]\n#[expect(x, reason = \"y\")]\nfn a<A, B>() {}\nfn b() {}", "fn b() {}");
    }

    #[test]
    fn a_test_field_ends_at_its_comma() {
        check_product("struct S { #[cfg(test)] a: u8, b: u8 }", "struct S { b: u8 }");
    }

    #[test]
    fn all_with_test_counts_and_any_does_not() {
        check_product(
            "#[cfg(all(unix, test))] use a;\n#[cfg(any(test, b))] use c;",
            "#[cfg(any(test, b))] use c;",
        );
    }

    #[test]
    fn a_file_can_be_a_test_as_a_whole() {
        check_product("fn a() {}\n#![cfg(test)]\nfn b() {}", "fn a() {}");
    }

    #[test]
    fn code_lines_leave_out_blanks_comments_and_tests() {
        let file = SourceFile::new(
            "x.rs",
            "//! Top.\n\nfn a() {\n    // why\n    \"text\n    goes on\"\n}\n#[cfg(test)]\nmod tests {\n}\n",
        );
        assert_eq!(file.code_lines(), 4);
    }

    #[test]
    fn test_modules_in_files_of_their_own() {
        let file =
            SourceFile::new("x.rs", "#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod inner {}\nmod other;\n");
        assert_eq!(file.test_modules(), ["tests"]);
    }
}
