//! Edits as a person makes them, one function at a time.

use crate::bench::parse::Function;

/// What is done to a function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TextEdit {
    /// A statement is added to its body.
    Body,
    /// Another function is added behind all others.
    Add,
    /// It gets another name.
    Rename,
    /// It gets another parameter.
    Signature,
    /// It moves one line down.
    Whitespace,
}

impl TextEdit {
    /// Whether a name is there afterwards that was not there before.
    pub(super) fn brings_a_name(self) -> bool {
        matches!(self, Self::Add | Self::Rename)
    }
}

/// The text after the edit with this number, and the name that it brings in, if any.
pub(super) fn edited(
    text: &str,
    function: &Function,
    edit: TextEdit,
    number: usize,
) -> (String, Option<String>) {
    let insert = |at: usize, what: &str| format!("{}{what}{}", &text[..at], &text[at..]);
    match edit {
        TextEdit::Body => {
            let statement = format!(" let _edited_{number} = {number};");
            (insert(function.body_start, &statement), None)
        }
        TextEdit::Add => {
            let name = format!("added_{number}");
            (format!("{text}\nfn {name}() -> u32 {{ {number} }}\n"), Some(name))
        }
        TextEdit::Rename => {
            let name = format!("renamed_{number}");
            let (start, end) = function.name;
            (format!("{}{name}{}", &text[..start], &text[end..]), Some(name))
        }
        TextEdit::Signature => {
            let before = text[..function.parameters_end].trim_end();
            let comma = if before.ends_with(['(', ',']) { "" } else { ", " };
            (insert(function.parameters_end, &format!("{comma}extra_{number}: u32")), None)
        }
        TextEdit::Whitespace => (insert(function.start, "\n"), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::parse::{functions, parser};

    #[track_caller]
    fn check(text: &str, edit: TextEdit, expected: &str) {
        let function = functions(&mut parser().unwrap(), text)[0];
        assert_eq!(edited(text, &function, edit, 7).0, expected);
    }

    #[test]
    fn each_edit_changes_one_thing() {
        let text = "fn a(x: u8) { b() }\n";
        check(text, TextEdit::Body, "fn a(x: u8) { let _edited_7 = 7; b() }\n");
        check(text, TextEdit::Add, "fn a(x: u8) { b() }\n\nfn added_7() -> u32 { 7 }\n");
        check(text, TextEdit::Rename, "fn renamed_7(x: u8) { b() }\n");
        check(text, TextEdit::Signature, "fn a(x: u8, extra_7: u32) { b() }\n");
        check(text, TextEdit::Whitespace, "\nfn a(x: u8) { b() }\n");
        check("fn a() {}", TextEdit::Signature, "fn a(extra_7: u32) {}");
        check("fn a(x: u8,) {}", TextEdit::Signature, "fn a(x: u8,extra_7: u32) {}");
    }
}
