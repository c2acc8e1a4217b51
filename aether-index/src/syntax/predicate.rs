//! Predicates on the text of captured nodes.
//!
//! They are decided here and not by the parser library, whose `any-` forms let everything pass and whose
//! regular expressions have no limit worth the name.

use regex::{Regex, RegexBuilder};
use tree_sitter::{Query, QueryCapture, QueryPredicate, QueryPredicateArg};

/// What there is, for who asks for something else.
const KNOWN: &str = "#eq?, #any-eq?, #match?, #any-match?, #any-of? and their not- forms";
/// Names, without the question mark. `any-not-` is how others write it, and `not-any-of` stands alone.
const NAMES: [&str; 10] = [
    "eq",
    "not-eq",
    "any-eq",
    "any-not-eq",
    "match",
    "not-match",
    "any-match",
    "any-not-match",
    "any-of",
    "not-any-of",
];
/// Largest regular expression, in bytes of its compiled form; a text costs time in proportion to it.
const MAX_REGEX_BYTES: usize = 1024 * 1024;

/// Renames a predicate so that the parser library leaves it alone: `eq?` becomes `eq!`, which is as long.
///
/// # Errors
///
/// When there is no such predicate.
pub(super) fn set_apart(name: &str) -> Result<String, String> {
    match name.strip_suffix('?').filter(|name| NAMES.contains(name)) {
        Some(name) => Ok(format!("{name}!")),
        None => Err(format!("`#{name}` is not known here; there are {KNOWN}")),
    }
}

/// A condition on captured texts.
#[derive(Debug)]
pub(super) struct Predicate {
    capture: u32,
    is_any: bool,
    /// What the test must say of a text.
    expected: bool,
    test: Test,
}

#[derive(Debug)]
enum Test {
    /// Equal to the node of another capture at the same place of its list.
    Twin(u32),
    OneOf(Vec<String>),
    Matches(Box<Regex>),
}

impl Predicate {
    /// The predicates of one pattern of a query whose predicates were [set apart](set_apart); an error
    /// comes with the number of the predicate.
    pub(super) fn of(query: &Query, pattern: usize) -> Result<Vec<Self>, (usize, String)> {
        let all = query.general_predicates(pattern).iter().enumerate();
        all.map(|(number, found)| Self::new(found).map_err(|reason| (number, reason))).collect()
    }

    fn new(found: &QueryPredicate) -> Result<Self, String> {
        let name = found.operator.trim_end_matches('!');
        let shown = format!("#{name}?");
        let Some((QueryPredicateArg::Capture(capture), values)) = found.args.split_first() else {
            return Err(format!("{shown} begins with a capture"));
        };
        let one = || match values {
            [one] => Ok(one),
            _ => Err(format!("{shown} takes a capture and one more argument")),
        };
        let test = if name.ends_with("of") {
            let texts = values.iter().map(|value| match value {
                QueryPredicateArg::String(text) => Ok(text.to_string()),
                QueryPredicateArg::Capture(_) => Err(format!("{shown} takes strings behind the capture")),
            });
            Test::OneOf(texts.collect::<Result<_, _>>()?)
        } else if name.ends_with("eq") {
            match one()? {
                QueryPredicateArg::String(text) => Test::OneOf(vec![text.to_string()]),
                QueryPredicateArg::Capture(other) => Test::Twin(*other),
            }
        } else {
            let QueryPredicateArg::String(text) = one()? else {
                return Err(format!("{shown} takes a regular expression behind the capture"));
            };
            Test::Matches(Box::new(regex(text)?))
        };
        let is_any = name.starts_with("any-") && name != "any-of";
        Ok(Self { capture: *capture, is_any, expected: !name.contains("not-"), test })
    }

    /// Whether a match meets it: all nodes of the capture, or any of them. A capture without nodes does.
    pub(super) fn holds(&self, captures: &[QueryCapture<'_>], text: &str) -> bool {
        let texts = |wanted: u32| {
            let nodes = captures.iter().filter(move |capture| capture.index == wanted);
            nodes.map(|capture| text.get(capture.node.byte_range()).unwrap_or(""))
        };
        if let Test::Twin(other) = self.test {
            let (ours, theirs) = (texts(self.capture).count(), texts(other).count());
            let mut pairs = texts(self.capture).zip(texts(other));
            return if self.is_any {
                ours + theirs == 0 || pairs.any(|(a, b)| (a == b) == self.expected)
            } else {
                ours == theirs && pairs.all(|(a, b)| (a == b) == self.expected)
            };
        }
        let meets = |text: &str| self.test.says(text) == self.expected;
        let mut texts = texts(self.capture).peekable();
        if self.is_any { texts.peek().is_none() || texts.any(meets) } else { texts.all(meets) }
    }
}

impl Test {
    fn says(&self, text: &str) -> bool {
        match self {
            Self::Twin(_) => false,
            Self::OneOf(texts) => texts.iter().any(|one| one == text),
            Self::Matches(regex) => regex.is_match(text),
        }
    }
}

fn regex(text: &str) -> Result<Regex, String> {
    let made = RegexBuilder::new(text).size_limit(MAX_REGEX_BYTES).dfa_size_limit(MAX_REGEX_BYTES).build();
    made.map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("regular expression `{text}` takes more than {limit} bytes")
        }
        // The text of the error has several lines, the last of which says it.
        error => {
            let told = error.to_string();
            let reason = told.lines().last().unwrap_or("").trim_start_matches("error: ");
            format!("`{text}` is no regular expression: {reason}")
        }
    })
}
