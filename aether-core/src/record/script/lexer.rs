//! Splits a script into words, numbers, texts and marks.

use super::{ScriptError, ScriptErrorKind};
use crate::record::trace::Count;

/// Largest script, in bytes.
const MAX_BYTES: usize = 256 * 1024;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Token {
    Word(String),
    Number(Count),
    Text(String),
    /// One of `= , ; { }`.
    Mark(char),
    End,
}

impl Token {
    /// How an error names it.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Word(word) => format!("`{word}`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Text(_) => "a text".to_owned(),
            Self::Mark(mark) => format!("`{mark}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
}

pub(super) struct Lexer<'a> {
    rest: &'a str,
    place: Place,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, ScriptError> {
        if text.len() > MAX_BYTES {
            let detail = format!("script has more than {MAX_BYTES} bytes");
            return Err(ScriptError::new(ScriptErrorKind::TooLong, detail));
        }
        Ok(Self { rest: text, place: Place { line: 1, column: 1 } })
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        if next == '\n' {
            self.place = Place { line: self.place.line + 1, column: 1 };
        } else {
            self.place.column += 1;
        }
        Some(next)
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(next) = self.peek().filter(|next| fits(*next)) {
            taken.push(next);
            self.bump();
        }
        taken
    }

    /// The next token, with the place where it begins.
    pub(super) fn next(&mut self) -> Result<(Token, Place), ScriptError> {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        let place = self.place;
        let fail = |kind, detail: &str| Err(ScriptError::new(kind, detail).at(place.line, place.column));
        let token = match self.peek() {
            None => Token::End,
            Some('a'..='z') => Token::Word(self.take_while(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'))),
            Some('0'..='9') => {
                let digits = self.take_while(|c| c.is_ascii_digit());
                let has_zero = digits.len() > 1 && digits.starts_with('0');
                let number = digits.parse().ok().and_then(|number: u64| Count::try_from(number).ok());
                match number.filter(|_| !has_zero) {
                    Some(number) => Token::Number(number),
                    None => {
                        return fail(
                            ScriptErrorKind::BadNumber,
                            "number has a leading zero or is not below 2^53",
                        );
                    }
                }
            }
            Some('"') => Token::Text(self.text()?),
            Some(mark @ ('=' | ',' | ';' | '{' | '}')) => {
                self.bump();
                Token::Mark(mark)
            }
            Some(other) => {
                let detail = format!("{other:?} begins nothing that a script has");
                return fail(ScriptErrorKind::Unexpected, &detail);
            }
        };
        Ok((token, place))
    }

    fn text(&mut self) -> Result<String, ScriptError> {
        let open = self.place;
        self.bump();
        let mut text = String::new();
        loop {
            let place = self.place;
            let fail = |detail: &str, at: Place| {
                Err(ScriptError::new(ScriptErrorKind::BadText, detail).at(at.line, at.column))
            };
            match self.bump() {
                None => return fail("text is not closed", open),
                Some('"') => return Ok(text),
                Some('\\') => match self.escape() {
                    Some(character) => text.push(character),
                    None => return fail("escape is none of \\\" \\\\ \\n \\t \\u{…}", place),
                },
                Some(control) if control.is_control() => {
                    return fail("control character is not written as an escape", place);
                }
                Some(other) => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        match self.bump()? {
            '"' => Some('"'),
            '\\' => Some('\\'),
            'n' => Some('\n'),
            't' => Some('\t'),
            'u' => {
                if self.bump()? != '{' {
                    return None;
                }
                let digits = self.take_while(|c| c.is_ascii_hexdigit());
                if self.bump()? != '}' || digits.len() > 6 {
                    return None;
                }
                u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
            }
            _ => None,
        }
    }
}
