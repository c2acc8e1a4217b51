//! Attributes, as texts with their brackets: `#[cfg(unix)]`.

use crate::facts::collapse;

/// What stands between the brackets.
fn inside(attribute: &str) -> &str {
    let text = attribute.trim().trim_start_matches('#').trim_start();
    let text = text.strip_prefix('[').unwrap_or(text);
    text.strip_suffix(']').unwrap_or(text).trim()
}

/// The attribute without its brackets, runs of white space as one space.
pub(super) fn text(attribute: &str) -> String {
    collapse(inside(attribute))
}

/// The condition of `#[cfg(…)]`.
pub(super) fn cfg(attribute: &str) -> Option<String> {
    let inner = text(attribute);
    Some(inner.strip_prefix("cfg(")?.strip_suffix(')')?.trim().to_owned())
}

/// Whether it makes a test of a function: `#[test]`, `#[tokio::test]`, `#[rstest]`, …
pub(super) fn is_test(attribute: &str) -> bool {
    let path = inside(attribute).split('(').next().unwrap_or("").trim();
    let last = path.rsplit("::").next().unwrap_or("").trim();
    matches!(
        last,
        "test" | "rstest" | "test_case" | "wasm_bindgen_test" | "quickcheck" | "proptest" | "test_log"
    )
}

/// Whether it exports a macro.
pub(super) fn is_macro_export(attribute: &str) -> bool {
    let inner = inside(attribute);
    let rest = inner.strip_prefix("macro_export");
    rest.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('('))
}

/// The value of `#[path = "…"]`.
pub(super) fn path(attribute: &str) -> Option<String> {
    literal(value_of(attribute, "path")?)
}

/// The text of `#[doc = "…"]`; none of a macro that reads a file.
pub(super) fn doc(attribute: &str) -> Option<String> {
    literal(value_of(attribute, "doc")?)
}

/// What stands behind `name =`.
fn value_of<'a>(attribute: &'a str, name: &str) -> Option<&'a str> {
    inside(attribute).strip_prefix(name)?.trim_start().strip_prefix('=').map(str::trim)
}

/// The value of a string literal.
fn literal(text: &str) -> Option<String> {
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw.get(hashes..raw.len().checked_sub(hashes)?)?;
        return Some(inner.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        match rest.next()? {
            'n' => value.push('\n'),
            'r' => value.push('\r'),
            't' => value.push('\t'),
            '0' => value.push('\0'),
            'x' => value.push(code_point(&rest.by_ref().take(2).collect::<String>())?),
            'u' => {
                let digits: String = rest.by_ref().skip(1).take_while(|&digit| digit != '}').collect();
                value.push(code_point(&digits)?);
            }
            // A line that goes on: what the next one starts with is left out.
            '\n' => rest = rest.as_str().trim_start().chars(),
            other => value.push(other),
        }
    }
    Some(value)
}

fn code_point(digits: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(&digits.replace('_', ""), 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_no_part_of_the_text() {
        for (attribute, wanted) in [
            ("#[derive(Clone,\n   Debug)]", "derive(Clone, Debug)"),
            ("# [ inline ]", "inline"),
            ("#[of([1, 2])]", "of([1, 2])"),
            ("#[of = [1]]", "of = [1]"),
        ] {
            assert_eq!(text(attribute), wanted);
        }
        assert_eq!(cfg("#[cfg( all(unix,  test) )]").as_deref(), Some("all(unix, test)"));
        assert_eq!(cfg("#[cfg_attr(unix, path = \"a.rs\")]"), None);
    }

    #[test]
    fn literals_are_read() {
        for (attribute, wanted) in [
            (r#"#[doc = "plain"]"#, Some("plain")),
            (r#"#[doc="a \"b\" \\ \n\t\x41\u{1f9_80}"]"#, Some("a \"b\" \\ \n\tA\u{1f980}")),
            ("#[doc = \"one \\\n      two\"]", Some("one two")),
            (r###"#[doc = r"raw\n"]"###, Some("raw\\n")),
            (r###"#[doc = r#"a "b""#]"###, Some("a \"b\"")),
            (r#"#[doc = include_str!("README.md")]"#, None),
            (r#"#[doc(hidden)]"#, None),
            (r#"#[docs = "x"]"#, None),
            (r#"#[doc = "\u{d800}"]"#, None),
            (r##"#[doc = r#"]"##, None),
            (r#"#[doc = "]"#, None),
        ] {
            assert_eq!(doc(attribute).as_deref(), wanted, "{attribute}");
        }
        assert_eq!(path("#[path = \"sub/a b.rs\"]").as_deref(), Some("sub/a b.rs"));
        assert_eq!(path("#[pathological]"), None);
    }

    #[test]
    fn tests_and_exports_are_told_by_their_attributes() {
        for attribute in ["#[test]", "#[ tokio :: test ]", "#[tokio::test(flavor = \"x\")]", "#[rstest]"] {
            assert!(is_test(attribute), "{attribute}");
        }
        for attribute in ["#[cfg(test)]", "#[testing]", "#[should_panic]"] {
            assert!(!is_test(attribute), "{attribute}");
        }
        assert!(is_macro_export("#[macro_export]") && is_macro_export("#[macro_export(local_inner_macros)]"));
        assert!(!is_macro_export("#[doc = \"macro_export\"]") && !is_macro_export("#[macro_exported]"));
    }
}
