//! The paths and macro calls of a text, with `use` trees expanded and aliases resolved.

use std::collections::HashMap;

/// A path as it would read with nothing imported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Path {
    /// The words between the `::`.
    pub(crate) segments: Vec<String>,
    pub(crate) kind: PathKind,
    /// Line, counted from one.
    pub(crate) line: usize,
}

/// How a path is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PathKind {
    /// A leaf of a `use` tree; the second value of a glob ends in its module.
    Import,
    /// Named in code; a single word counts where an import resolves it.
    Mention,
    /// A macro call.
    Macro,
}

impl Path {
    /// The path with `::` between its segments.
    pub(crate) fn text(&self) -> String {
        self.segments.join("::")
    }

    /// Whether the path is `prefix` or something below it.
    pub(crate) fn is_below(&self, prefix: &str) -> bool {
        let mut segments = self.segments.iter();
        prefix.split("::").all(|word| segments.next().is_some_and(|segment| segment == word))
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Colons,
    Sign(char),
}

/// Collects the paths of a text from which comments and literals are blanked out.
pub(super) fn collect(code: &str) -> Vec<Path> {
    let tokens = tokens(code);
    let mut scan = Scan { tokens: &tokens, at: 0, found: Vec::new(), aliases: HashMap::new() };
    scan.run();
    let Scan { mut found, aliases, .. } = scan;
    for path in &mut found {
        if path.kind != PathKind::Import {
            resolve(path, &aliases);
        }
    }
    // A lone word that no import explains is a local name.
    found.retain(|path| path.kind != PathKind::Mention || path.segments.len() > 1);
    found
}

fn resolve(path: &mut Path, aliases: &HashMap<String, Vec<String>>) {
    if let Some(target) = path.segments.first().and_then(|first| aliases.get(first)) {
        path.segments.splice(..1, target.iter().cloned());
    }
}

/// The tokens of a text, each with its line.
fn tokens(code: &str) -> Vec<(Token<'_>, usize)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut characters = code.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        if c.is_alphanumeric() || c == '_' {
            let mut end = start + c.len_utf8();
            while let Some((at, c)) = characters.peek().copied() {
                if !c.is_alphanumeric() && c != '_' {
                    break;
                }
                end = at + c.len_utf8();
                characters.next();
            }
            found.push((Token::Word(&code[start..end]), line));
        } else if c == ':' && characters.next_if(|(_, next)| *next == ':').is_some() {
            found.push((Token::Colons, line));
        } else if c == '\n' {
            line += 1;
        } else if !c.is_whitespace() {
            found.push((Token::Sign(c), line));
        }
    }
    found
}

struct Scan<'a> {
    tokens: &'a [(Token<'a>, usize)],
    at: usize,
    found: Vec<Path>,
    aliases: HashMap<String, Vec<String>>,
}

impl Scan<'_> {
    fn peek(&self) -> Option<Token<'_>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(_, line)| *line)
    }

    fn run(&mut self) {
        while self.at < self.tokens.len() {
            match self.tokens[self.at].0 {
                Token::Word("use") => {
                    self.at += 1;
                    self.tree(&[]);
                }
                Token::Word(_) => self.mention(),
                _ => self.at += 1,
            }
        }
    }

    /// One `use` tree below `prefix`; stops in front of what follows it.
    fn tree(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        let line = self.line();
        loop {
            match self.peek() {
                Some(Token::Colons) => self.at += 1,
                Some(Token::Word("as")) => {
                    self.at += 1;
                    if let Some(Token::Word(alias)) = self.peek() {
                        let alias = alias.to_owned();
                        self.at += 1;
                        self.import(segments, alias, line);
                    }
                    return;
                }
                Some(Token::Word("self")) if !segments.is_empty() => self.at += 1,
                Some(Token::Word(word)) => {
                    segments.push(word.to_owned());
                    self.at += 1;
                }
                Some(Token::Sign('*')) => {
                    self.at += 1;
                    self.import(segments, String::new(), line);
                    return;
                }
                Some(Token::Sign('{')) => {
                    self.at += 1;
                    loop {
                        match self.peek() {
                            None => return,
                            Some(Token::Sign('}')) => {
                                self.at += 1;
                                return;
                            }
                            Some(Token::Sign(',')) => self.at += 1,
                            Some(_) => {
                                let before = self.at;
                                self.tree(&segments);
                                // Not a `use` tree after all (macro text): step over it.
                                self.at = self.at.max(before + 1);
                            }
                        }
                    }
                }
                _ => break,
            }
        }
        if let Some(last) = segments.last().cloned() {
            self.import(segments, last, line);
        }
    }

    fn import(&mut self, segments: Vec<String>, alias: String, line: usize) {
        // `use a::a` or a rename of itself must not send resolution in circles: aliases
        // are looked up once, so a self-reference is harmless.
        if segments.len() > 1 && !alias.is_empty() && alias != "_" {
            self.aliases.insert(alias, segments.clone());
        }
        self.found.push(Path { segments, kind: PathKind::Import, line });
    }

    /// A path in code, from its first word on.
    fn mention(&mut self) {
        let line = self.line();
        // `.now()` is a method and `fn now` a name of its own: neither starts a path.
        let is_method = self.at > 0 && self.tokens[self.at - 1].0 == Token::Sign('.');
        let mut segments = Vec::new();
        while let Some(Token::Word(word)) = self.peek() {
            segments.push(word.to_owned());
            self.at += 1;
            let goes_on = self.peek() == Some(Token::Colons)
                && matches!(self.tokens.get(self.at + 1), Some((Token::Word(_), _)));
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        let is_macro = self.peek() == Some(Token::Sign('!'))
            && !matches!(self.tokens.get(self.at + 1), Some((Token::Sign('='), _)));
        if is_method && segments.len() == 1 {
            return;
        }
        let kind = if is_macro { PathKind::Macro } else { PathKind::Mention };
        self.found.push(Path { segments, kind, line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_paths(code: &str, expected: &[&str]) {
        let found: Vec<String> = collect(code)
            .iter()
            .map(|path| match path.kind {
                PathKind::Import => format!("use {}", path.text()),
                PathKind::Mention => path.text(),
                PathKind::Macro => format!("{}!", path.text()),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_tree_is_expanded() {
        check_paths(
            "use crate::{base::{self, hash}, code::*};",
            &["use crate::base", "use crate::base::hash", "use crate::code"],
        );
    }

    #[test]
    fn an_import_explains_later_words() {
        check_paths(
            "use std::time::Instant as Clock; fn f() { Clock::now(); }",
            &["use std::time::Instant", "std::time::Instant::now"],
        );
    }

    #[test]
    fn a_word_on_its_own_is_explained_too() {
        check_paths("use std::env::var; fn f() { var(x) }", &["use std::env::var", "std::env::var"]);
    }

    #[test]
    fn paths_without_imports_and_macros() {
        check_paths(
            "fn f() { ::std::env::var(x); println!(); a != b; x.now(); }",
            &["std::env::var", "println!"],
        );
    }

    #[test]
    fn paths_in_macro_definitions() {
        check_paths("$crate::work::f()", &["crate::work::f"]);
    }

    #[test]
    fn below_compares_whole_words() {
        let path = collect("a::bc::d").remove(0);
        assert!(path.is_below("a::bc"));
        assert!(!path.is_below("a::b"));
        assert!(!path.is_below("a::bc::d::e"));
    }
}
