//! Token trees of macros: read again as items, or as expressions.
//!
//! The grammar leaves them as tokens. In item position the tokens are taken as items where they
//! parse as such (`cfg_rt! { pub fn … }`); among expressions they are taken as arguments or as a
//! block. Each is parsed out of a buffer of its own, and positions are shifted back.

use aether_core::base::ByteSpan;
use aether_core::code::facts::{ExprIdx, ExprKind, List};

use super::{Cursor, Field, Kind, MAX_MACRO_DEPTH, Walk};

/// What stands around arguments while they are parsed.
type Frame = (&'static str, &'static str);

const ARGUMENTS: Frame = ("fn _m(){_m(", ");}");
const ARRAY: Frame = ("fn _m(){[", "];}");
const BLOCK: Frame = ("fn _m(){", "}");
const ITEMS: Frame = ("", "");

/// Macros whose statics are of a type that stands around the one that is written, such as `LocalKey`.
const WRAPPERS_OF_STATICS: [&str; 4] = ["thread_local", "task_local", "lazy_static", "scoped_thread_local"];

impl<'s> Walk<'s, '_> {
    /// A macro in item position.
    pub(super) fn item_macro(&mut self, cursor: &mut Cursor<'_>) {
        let Some((name, _, tokens)) = self.macro_parts(cursor) else { return };
        if self.macro_depth >= MAX_MACRO_DEPTH {
            return;
        }
        let name = name.rsplit("::").next().unwrap_or(name).trim();
        if name == "macro_rules" {
            return;
        }
        let inner = self.slice(tokens);
        if !holds_items(inner) {
            return;
        }
        if name == "cfg_if" {
            for branch in braced_branches(inner) {
                let span = ByteSpan::new(tokens.start + branch.start, tokens.start + branch.end);
                self.reparse(name, span, ITEMS, |walk, cursor| walk.items(cursor));
            }
        } else {
            self.reparse(name, tokens, ITEMS, |walk, cursor| walk.items(cursor));
        }
    }

    /// A macro among expressions.
    pub(super) fn expr_macro(&mut self, cursor: &mut Cursor<'_>) -> ExprIdx {
        let start = self.start_of(cursor);
        let Some((name, (path, at), tokens)) = self.macro_parts(cursor) else {
            return self.push_expr(start, ExprKind::Unknown(List::default()));
        };
        let mark = self.memory.scratch.len();
        let inner = self.slice(tokens);
        let name = name.rsplit("::").next().unwrap_or(name).trim();
        let wants_type = name == "vec";
        if (wants_type || holds_expressions(inner)) && self.macro_depth < MAX_MACRO_DEPTH {
            let opener = self.text.as_bytes().get(tokens.start.wrapping_sub(1) as usize);
            let frame = match opener {
                Some(b'{') => BLOCK,
                Some(b'[') => ARRAY,
                _ => ARGUMENTS,
            };
            self.reparse(name, tokens, frame, |walk, cursor| walk.macro_expressions(cursor, frame));
        }
        let list = self.list_from(mark);
        self.push_expr(at, ExprKind::Macro(path, list))
    }

    /// Name, path and the bytes between the brackets of the macro at the cursor.
    fn macro_parts(&mut self, cursor: &mut Cursor<'_>) -> Option<(&'s str, (u32, u32), ByteSpan)> {
        let mut name = None;
        let mut tokens = None;
        self.children(cursor, |walk, cursor, kind, field| {
            if field == Field::Macro {
                name = Some((walk.text_of(cursor), walk.path(cursor)));
            } else if kind == Kind::TokenTree {
                let span = walk.span_of(cursor);
                if span.len() >= 2 {
                    tokens = Some(ByteSpan::new(span.start + 1, span.end - 1));
                }
            }
        });
        let (name, path) = name?;
        Some((name, path, tokens?))
    }

    /// Parses `span` of the text, the arguments of a macro, between the two texts of `frame` and walks
    /// the result.
    fn reparse(
        &mut self,
        macro_name: &str,
        span: ByteSpan,
        frame: Frame,
        visit: impl FnOnce(&mut Self, &mut Cursor<'_>),
    ) {
        let inner = self.slice(span);
        if inner.trim().is_empty() {
            return;
        }
        let mut buffer = String::with_capacity(frame.0.len() + inner.len() + frame.1.len());
        buffer.push_str(frame.0);
        buffer.push_str(inner);
        buffer.push_str(frame.1);
        let Some(tree) = super::parse(self.inner, &buffer) else { return };
        let shift = std::mem::replace(&mut self.shift, frame.0.len() as i64 - i64::from(span.start));
        let was_in_macro = std::mem::replace(&mut self.in_macro, true);
        let wraps_statics = WRAPPERS_OF_STATICS.contains(&macro_name);
        let wrapped_statics = std::mem::replace(&mut self.wraps_statics, wraps_statics);
        self.macro_depth += 1;
        visit(self, &mut Cursor::new(&tree));
        self.macro_depth -= 1;
        self.in_macro = was_in_macro;
        self.wraps_statics = wrapped_statics;
        self.shift = shift;
    }

    /// Pushes the expressions of a reparsed argument list or block to the scratch list.
    fn macro_expressions(&mut self, cursor: &mut Cursor<'_>, frame: Frame) {
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::FunctionItem => walk.children(cursor, |walk, cursor, _, field| {
                if field == Field::Body {
                    walk.frame_body(cursor, frame);
                }
            }),
            // What error recovery left at the top.
            _ if kind.is_named() => walk.stray(cursor, kind),
            _ => {}
        });
    }

    fn frame_body(&mut self, cursor: &mut Cursor<'_>, frame: Frame) {
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::ExpressionStatement => walk.nodes(cursor, |walk, cursor, kind| {
                if kind == Kind::CallExpression && frame == ARGUMENTS && cursor.start() < frame.0.len() {
                    walk.children(cursor, |walk, cursor, _, field| {
                        if field == Field::Arguments {
                            walk.push_exprs(cursor);
                        }
                    });
                } else if kind.is_named() {
                    walk.stray(cursor, kind);
                }
            }),
            _ if kind.is_named() => walk.stray(cursor, kind),
            _ => {}
        });
    }

    /// Takes a statement or expression wherever it stands.
    fn stray(&mut self, cursor: &mut Cursor<'_>, kind: Kind) {
        if let Some(expr) = self.statement(cursor, kind) {
            self.memory.scratch.push(expr.0);
        }
    }
}

/// Whether something stands in a token tree, outside of literals and comments, that says more than
/// the names of variables: what may be a call, a field, a block, a constant, an index.
fn holds_expressions(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b'(' | b'{' | b'.' | b'?' | b'A'..=b'Z' => return true,
            b'[' if at > 0 && is_part(&bytes[at - 1]) => return true,
            b':' if bytes.get(at + 1) == Some(&b':') => return true,
            b'"' => string_end(bytes, at),
            b'\'' => quote_end(bytes, at),
            b'r' | b'b' | b'c' if at == 0 || !is_part(&bytes[at - 1]) => {
                prefixed_end(bytes, at).unwrap_or(at + 1)
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end)
            }
            _ => at + 1,
        };
    }
    false
}

/// The byte behind the string that starts at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The byte behind the literal with a prefix (`r#"…"#`, `b"…"`) that starts at `at`, if one does.
fn prefixed_end(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes[at..].iter().take(2).take_while(|byte| byte.is_ascii_lowercase()).count();
    let quote = at + length;
    match &bytes[at..quote] {
        b"b" | b"c" => (*bytes.get(quote)? == b'"').then(|| string_end(bytes, quote)),
        b"r" | b"br" | b"cr" => {
            let hashes = bytes[quote..].iter().take_while(|&&byte| byte == b'#').count();
            let mut end = quote + hashes;
            if bytes.get(end) != Some(&b'"') {
                return None;
            }
            while let Some(length) = bytes[end + 1..].iter().position(|&byte| byte == b'"') {
                end += 1 + length;
                let behind = bytes[end + 1..].iter().take(hashes);
                if behind.filter(|&&byte| byte == b'#').count() == hashes {
                    return Some(end + 1 + hashes);
                }
            }
            // What does not end is no literal, but nothing behind it is anything else.
            Some(bytes.len())
        }
        _ => None,
    }
}

/// The byte behind the character that starts at `at`; behind the quote when it is a lifetime.
fn quote_end(bytes: &[u8], at: usize) -> usize {
    let (first, longest) = match bytes.get(at + 1) {
        // The escaped byte may be a quote. The longest is `'\u{10ffff}'`, with underscores more.
        Some(b'\\') => (at + 3, 16),
        Some(byte) if !byte.is_ascii() => (at + 3, 4),
        _ => (at + 2, 1),
    };
    let rest = bytes.get(first..).unwrap_or(&[]);
    let end = rest.iter().take(longest).position(|&byte| byte == b'\'');
    end.map_or(at + 1, |end| first + end + 1)
}

/// Whether a token tree may hold declarations: it starts as one, or a keyword of one stands behind a
/// bracket or a separator.
fn holds_items(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut may_start = true;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        if is_part(&byte) {
            at += bytes[at..].iter().take_while(|byte| is_part(byte)).count();
            if may_start && starts_item(&bytes[start..at]) {
                return true;
            }
            may_start = false;
        } else if byte == b'/' && bytes.get(at + 1) == Some(&b'/') {
            at += bytes[at..].iter().take_while(|&&byte| byte != b'\n').count();
        } else {
            if !byte.is_ascii_whitespace() {
                may_start = matches!(byte, b'{' | b'}' | b';' | b']' | b',' | b')');
            }
            at += 1;
        }
    }
    false
}

/// Whether a declaration may start with a word.
fn starts_item(word: &[u8]) -> bool {
    matches!(
        word,
        b"async"
            | b"auto"
            | b"const"
            | b"default"
            | b"enum"
            | b"extern"
            | b"fn"
            | b"impl"
            | b"macro_rules"
            | b"mod"
            | b"pub"
            | b"static"
            | b"struct"
            | b"trait"
            | b"type"
            | b"union"
            | b"unsafe"
            | b"use"
    )
}

/// The insides of the outermost braces: the branches of `cfg_if!`.
fn braced_branches(text: &str) -> Vec<ByteSpan> {
    let mut branches = Vec::new();
    let mut depth = 0_u32;
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && at >= start {
                    branches.push(ByteSpan::new(start as u32, at as u32));
                }
            }
            _ => {}
        }
    }
    branches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_more_than_names_is_read() {
        for text in [
            "f(x)",
            "a.b",
            "x = { y }",
            "\"{}\", MAX",
            "a::b",
            "v[i]",
            "x?",
            "'a', f()",
            "'\\'', f()",
            "'\\u{1f980}', f()",
            "'\u{1f980}', f()",
            "'life f()",
            "r\"\\\", f()",
            "br#\"\"\"#, f()",
            "b\"(\", f()",
            "b'\\'', f()",
            "// (\nf()",
            "\"\\\\\", f()",
            "r#type.x",
        ] {
            assert!(holds_expressions(text), "{text}");
        }
    }

    #[test]
    fn declarations_stand_where_one_may_start() {
        for text in
            ["fn a() {}", " pub struct A;", "// b\n#[c(d)] fn e() {}", "a => { impl B {} }", "a, type B = C;"]
        {
            assert!(holds_items(text), "{text}");
        }
        for text in
            ["", "a: struct B <- C", "// fn a() {}", "LangItems => a, sym::fn_once", "\"fn\"", "a + const"]
        {
            assert!(!holds_items(text), "{text}");
        }
    }

    #[test]
    fn literals_and_names_of_variables_are_not_read() {
        for text in [
            "",
            "x, y = z, &w",
            "\"a.b(c){}\"",
            "\"\\\"(\"",
            "r\"(\"",
            "r#\"(\"(\"#",
            "r##\"(\"#(\"##",
            "[r#\"A.b()\"#]",
            "b\"(\", c\"(\", br\"(\"",
            "'(', '{', '.', '\\'', '\u{1f980}', '\\u{41}'",
            "b'('",
            "// f()",
            "1, 0x2f, -x * 3",
            "\"(",
            "r#\"(",
            "'",
            "'\\",
            "r#",
        ] {
            assert!(!holds_expressions(text), "{text}");
        }
    }
}
