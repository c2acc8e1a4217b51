//! What a diagnostic is about, told by its code or else by its message.

use super::{DiagnosticLevel, codes};
use crate::base::open_vocabulary;

open_vocabulary! {
    /// What a diagnostic is about, which is where a repair begins. Open: unknown values survive a round
    /// trip.
    DiagnosticClass {
        /// A borrow that conflicts with another use, or a mutation of what is not mutable.
        BORROW = "borrow";
        /// A use of what was moved away or not given a value yet, or a move out of what keeps it.
        MOVE = "move";
        /// How long references must live, and how that is written.
        LIFETIME = "lifetime";
        /// Types, patterns and arguments that do not fit each other.
        TYPE = "type";
        /// Traits that are not implemented, not fully implemented, or implemented twice.
        TRAIT = "trait";
        /// Something that is there and may not be used from here.
        VISIBILITY = "visibility";
        /// A name that stands for nothing, or for too much.
        NAME = "name";
        /// Text that does not parse, or stands where it may not, attributes included.
        SYNTAX = "syntax";
        /// What a lint says, whatever its level.
        LINT = "lint";
        /// Everything else: constant evaluation, `unsafe`, unstable features, linking, failures of tools.
        OTHER = "other";
    }
}

/// How a message without a code is told: the first rule that fits decides.
enum Rule {
    Begins(&'static [&'static str]),
    Contains(&'static [&'static str]),
}

/// Messages of rustc 1.95 that have no code. Read against the programs that its documentation gives as
/// wrong; what fits no rule is `other`, because a text of `compile_error!` can be anything.
const RULES: [(DiagnosticClass, Rule); 11] = [
    (
        DiagnosticClass::LIFETIME,
        Rule::Contains(&[
            "lifetime may not live long enough",
            "does not live long enough",
            "higher-ranked",
            "is not general enough",
            "cannot escape",
            "borrowed data escapes",
        ]),
    ),
    (
        DiagnosticClass::OTHER,
        Rule::Begins(&[
            "linking with",
            "linker ",
            "could not",
            "couldn't",
            "failed to",
            "environment variable",
            "proc macro",
            "proc-macro",
            "custom attribute",
            "queries overflow",
            "recursion limit",
            "reached the",
            "the compiler unexpectedly",
            "unwinding panics",
        ]),
    ),
    (
        DiagnosticClass::NAME,
        Rule::Begins(&[
            "cannot find",
            "can't find",
            "cannot determine resolution",
            "unresolved",
            "ambiguous",
        ]),
    ),
    (DiagnosticClass::MOVE, Rule::Begins(&["cannot move"])),
    (DiagnosticClass::TYPE, Rule::Contains(&["implicitly-borrowing pattern"])),
    (DiagnosticClass::BORROW, Rule::Begins(&["cannot borrow", "cannot assign"])),
    (DiagnosticClass::VISIBILITY, Rule::Contains(&[" is private", "is only public within"])),
    (
        DiagnosticClass::TRAIT,
        Rule::Begins(&["conflicting implementations", "the trait ", "async closure does not implement"]),
    ),
    (DiagnosticClass::TYPE, Rule::Begins(&["mismatched types", "type annotations needed", "type mismatch"])),
    (
        DiagnosticClass::SYNTAX,
        Rule::Begins(&[
            "argument never used",
            "attribute",
            "bare ",
            "byte ",
            "cannot declare",
            "character literal",
            "closing",
            "comparison operators",
            "doc comment",
            "duplicate",
            "expected",
            "extern",
            "field",
            "format argument",
            "found",
            "free ",
            "generic",
            "hexadecimal",
            "identifier",
            "implicit",
            "incorrect",
            "integer",
            "in expressions,",
            "invalid",
            "items ",
            "keyword",
            "lifetime",
            "literal",
            "macro",
            "malformed",
            "mismatched closing",
            "missing",
            "multiple",
            "named arguments",
            "no rules expected",
            "octal",
            "parenthes",
            "patterns",
            "positional",
            "prefix",
            "reserved",
            "return",
            "suffix",
            "there is no argument named",
            "this file contains",
            "this is not",
            "too many",
            "trailing",
            "type parameters",
            "unclosed",
            "unexpected",
            "unknown",
            "unmatched",
            "unsupported",
            "unterminated",
            "visibility",
        ]),
    ),
    (
        DiagnosticClass::SYNTAX,
        Rule::Contains(&[
            "positional argument",
            "not allowed",
            "not permitted",
            "not supported",
            "must be",
            "can only be",
            "cannot be",
            "token",
            "is not a valid",
            "is ambiguous",
            "unclosed",
            "not terminated",
            "expects",
            "should be",
            "is interpreted as",
            "may be followed by",
        ]),
    ),
];

impl DiagnosticClass {
    /// The class of a diagnostic.
    ///
    /// A code of the form `E0382` decides by a table, and one that the table does not have is `other`; any
    /// other code is the name of a lint. Without a code the form of the message decides, and a warning is
    /// a lint.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::change::{DiagnosticClass, DiagnosticLevel::Error};
    /// assert_eq!(DiagnosticClass::of(Some("E0499"), Error, ""), DiagnosticClass::BORROW);
    /// assert_eq!(DiagnosticClass::of(Some("unused_mut"), Error, ""), DiagnosticClass::LINT);
    /// assert_eq!(DiagnosticClass::of(None, Error, "expected `;`, found `}`"), DiagnosticClass::SYNTAX);
    /// ```
    #[must_use]
    pub fn of(code: Option<&str>, level: DiagnosticLevel, message: &str) -> Self {
        match code {
            Some(code) if is_error_code(code) => codes::class_of(code).unwrap_or(Self::OTHER),
            Some(_) => Self::LINT,
            None if level == DiagnosticLevel::InternalError => Self::OTHER,
            None if !level.is_error() => Self::LINT,
            None => RULES
                .iter()
                .find(|(_, rule)| match rule {
                    Rule::Begins(texts) => texts.iter().any(|text| message.starts_with(text)),
                    Rule::Contains(texts) => texts.iter().any(|text| message.contains(text)),
                })
                .map_or(Self::OTHER, |(class, _)| class.clone()),
        }
    }

    /// The class that the table has for an error code, or nothing where the table does not have it.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        codes::class_of(code)
    }
}

fn is_error_code(code: &str) -> bool {
    code.strip_prefix('E')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()))
}
