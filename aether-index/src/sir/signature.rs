//! Parameters and result of a declaration, as they are written.

use aether_core::code::Language;

/// What a declaration takes and gives.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Shape {
    pub(super) inputs: Vec<String>,
    pub(super) output: Option<String>,
}

/// Where a language writes the type of a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Result {
    /// `(…) -> T`, up to `where` or the end.
    Arrow,
    /// `(…): T`.
    Colon,
    /// `(…) T`.
    Behind,
    /// `T name(…)`.
    InFront,
}

/// Reads the declaration of a function by its text and name. What does not look like one gives nothing.
pub(super) fn shape(signature: &str, name: &str, language: &Language) -> Shape {
    let Some(at) = position(signature, name) else { return Shape::default() };
    let behind = &signature[at + name.len()..];
    let Some(open) = open_parenthesis(behind) else { return Shape::default() };
    let list = &behind[open + 1..];
    let Some(close) = closing(list) else { return Shape::default() };
    let inputs = split(&list[..close]).into_iter().map(str::to_owned).collect();
    let rest = list[close + 1..].trim();
    let place = match language.as_str() {
        "typescript" | "javascript" => Result::Colon,
        "go" => Result::Behind,
        "java" | "c" | "cpp" => Result::InFront,
        _ => Result::Arrow,
    };
    let output = match place {
        Result::Arrow => rest.strip_prefix("->").map(|rest| rest.split(" where ").next().unwrap_or(rest)),
        Result::Colon => rest.strip_prefix(':'),
        Result::Behind => Some(rest),
        // C++ may write it behind an arrow as well.
        Result::InFront => match rest.split_once("->") {
            Some((_, behind)) => Some(behind),
            None => Some(without_modifiers(&signature[..at])),
        },
    };
    let output = output.map(|text| text.trim().trim_end_matches([':', ';', '{']).trim());
    Shape { inputs, output: output.filter(|text| !text.is_empty() && *text != "void").map(str::to_owned) }
}

/// The place of a name as a word of its own, followed by parameters.
fn position(signature: &str, name: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    signature.match_indices(name).map(|(at, _)| at).find(|&at| {
        let behind = &signature[at + name.len()..];
        !signature[..at].ends_with(is_part)
            && !behind.starts_with(is_part)
            && behind.trim_start().starts_with(['(', '<', '['])
    })
}

/// The parenthesis that opens the parameters, behind type parameters if there are any.
fn open_parenthesis(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    let mut last = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '<' | '[' => depth += 1,
            '>' if last != '-' && last != '=' => depth -= 1,
            ']' => depth -= 1,
            '(' if depth == 0 => return Some(at),
            _ => {}
        }
        last = character;
    }
    None
}

/// The parenthesis that closes what is open at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let found = text.char_indices().find(|(_, character)| match character {
        '(' | '[' | '{' => {
            depth += 1;
            false
        }
        ')' | ']' | '}' if depth > 0 => {
            depth -= 1;
            false
        }
        ')' => true,
        _ => false,
    });
    found.map(|(at, _)| at)
}

/// The parts between the commas that stand in no brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut last) = (0_i32, 0, ' ');
    let mut parts = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if last != '-' && last != '=' => depth -= 1,
            ',' if depth <= 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        last = character;
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// A declaration of C or Java in front of its name, without what says nothing of its type.
fn without_modifiers(text: &str) -> &str {
    const MODIFIERS: [&str; 17] = [
        "public",
        "private",
        "protected",
        "static",
        "final",
        "abstract",
        "synchronized",
        "native",
        "inline",
        "virtual",
        "extern",
        "constexpr",
        "explicit",
        "friend",
        "default",
        "strictfp",
        "register",
    ];
    let mut rest = text.trim();
    while let Some((first, behind)) = rest.split_once(' ')
        && (MODIFIERS.contains(&first) || first.starts_with('@'))
    {
        rest = behind.trim_start();
    }
    if MODIFIERS.contains(&rest) { "" } else { rest }
}

/// The parameters that a function may change for its caller, by name: `&mut` ones, and `self`.
pub(super) fn mutated(inputs: &[String]) -> Vec<&str> {
    inputs
        .iter()
        .filter_map(|input| {
            let (name, ty) = input.split_once(':').unwrap_or((input, input));
            is_mutable(ty.trim()).then(|| match name.trim().trim_start_matches('&') {
                name if name.ends_with("self") => "self",
                name => name.trim_start_matches("mut ").trim(),
            })
        })
        .collect()
}

/// `&mut T`, `&'a mut T`.
fn is_mutable(ty: &str) -> bool {
    let Some(behind) = ty.strip_prefix('&') else { return false };
    let behind = match behind.strip_prefix('\'') {
        Some(lifetime) => lifetime.split_once(' ').map_or("", |(_, behind)| behind),
        None => behind,
    };
    behind.trim_start().starts_with("mut ")
}

#[cfg(test)]
mod tests {
    use aether_core::code::Language;

    use super::{mutated, shape};

    #[track_caller]
    fn check(language: &Language, signature: &str, name: &str, inputs: &[&str], output: Option<&str>) {
        let found = shape(signature, name, language);
        assert_eq!(found.inputs, inputs, "{signature}");
        assert_eq!(found.output.as_deref(), output, "{signature}");
    }

    #[test]
    fn parameters_and_results_are_read_as_written() {
        let rust = &Language::RUST;
        check(
            rust,
            "pub fn f(a: u8, b: &str) -> Result<u8, E>",
            "f",
            &["a: u8", "b: &str"],
            Some("Result<u8, E>"),
        );
        check(rust, "fn f()", "f", &[], None);
        check(
            rust,
            "fn map<T, F: Fn(T, T) -> bool>(&mut self, f: F, (a, b): (T, T)) -> impl Iterator<Item = T> where T: Copy",
            "map",
            &["&mut self", "f: F", "(a, b): (T, T)"],
            Some("impl Iterator<Item = T>"),
        );
        check(
            rust,
            "fn apply(f: impl Fn(u8, u8) -> u8, n: HashMap<K, V>)",
            "apply",
            &["f: impl Fn(u8, u8) -> u8", "n: HashMap<K, V>"],
            None,
        );
        // The name is a word of its own, and the one with parameters.
        check(rust, "fn new_new(new: u8)", "new", &[], None);
        check(rust, "pub(in crate::f) fn f(x: u8)", "f", &["x: u8"], None);
    }

    #[test]
    fn each_language_has_its_own_place_for_the_result() {
        check(
            &Language::PYTHON,
            "def f(a, b: int = 3, *rest) -> list[int]:",
            "f",
            &["a", "b: int = 3", "*rest"],
            Some("list[int]"),
        );
        check(
            &Language::TYPESCRIPT,
            "function f<T>(a: T, g: (x: T) => void): Promise<T>",
            "f",
            &["a: T", "g: (x: T) => void"],
            Some("Promise<T>"),
        );
        check(
            &Language::GO,
            "func (s *Store) Get(key string, n int) (Value, error)",
            "Get",
            &["key string", "n int"],
            Some("(Value, error)"),
        );
        check(
            &Language::JAVA,
            "public static <T> List<T> of(T a, Map<K, V> b)",
            "of",
            &["T a", "Map<K, V> b"],
            Some("<T> List<T>"),
        );
        check(&Language::JAVA, "public void run()", "run", &[], None);
        check(
            &Language::C,
            "static inline const char *name_of(int kind, void *data)",
            "name_of",
            &["int kind", "void *data"],
            Some("const char *"),
        );
        check(
            &Language::CPP,
            "auto size(const T& x) const -> size_t",
            "size",
            &["const T& x"],
            Some("size_t"),
        );
    }

    #[test]
    fn what_is_lent_to_be_changed_is_told() {
        let inputs = [
            "&mut self",
            "&self",
            "a: &mut u8",
            "b: &'a mut Vec<u8>",
            "mut c: u8",
            "d: &u8",
            "e: &mutex",
            "self: &mut Self",
        ]
        .map(str::to_owned);
        assert_eq!(mutated(&inputs), ["self", "a", "b", "self"]);
    }

    #[test]
    fn text_that_is_no_declaration_gives_nothing() {
        for text in ["", "(", "f", "f(", "f<", "f(a", "fn f)", "f>(", "é f(é: é"] {
            let _ = shape(text, "f", &Language::RUST);
        }
        check(&Language::RUST, "fn f(a", "f", &[], None);
    }
}
