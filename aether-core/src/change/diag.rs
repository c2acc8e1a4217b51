//! What a compiler says about a change, as records that two runs and two machines agree on.

mod class;
mod codes;
mod diff;
mod place;
mod suggestion;
mod text;

use serde::{Deserialize, Serialize};

pub use class::DiagnosticClass;
pub use diff::DiagnosticDiff;
pub use place::{DiagnosticSpan, MacroStep, Place, Position};
pub use suggestion::{Applicability, SuggestedEdit, Suggestion};

use crate::base::{Sha256Hash, Sha256Hasher, canonical_json, open_vocabulary};

/// Version of the records of diagnostics. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// How much a diagnostic weighs, the heaviest first. An old reader takes an unknown value for an error, so
/// a new one comes with a new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DiagnosticLevel {
    /// The compiler itself failed.
    InternalError,
    /// Nothing is built.
    Error,
    /// Something is built.
    Warning,
    /// It explains something else.
    Note,
    /// It says what may help.
    Help,
}

impl DiagnosticLevel {
    /// Whether nothing is built because of it.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(self, Self::InternalError | Self::Error)
    }
}

open_vocabulary! {
    /// What a part of a package is built to. Open: unknown values survive a round trip.
    TargetKind {
        /// A library of any form but a procedural macro.
        LIB = "lib";
        /// A library of procedural macros.
        PROC_MACRO = "proc_macro";
        /// A program.
        BIN = "bin";
        /// An example.
        EXAMPLE = "example";
        /// A file of integration tests.
        TEST = "test";
        /// A file of benchmarks.
        BENCH = "bench";
        /// A build script.
        BUILD_SCRIPT = "build_script";
        /// Examples in the documentation of a library.
        DOC = "doc";
    }
}

/// A part of a package that is built by itself.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BuildTarget {
    /// What it is built to.
    pub kind: TargetKind,
    /// Its name.
    pub name: String,
}

impl BuildTarget {
    /// A target.
    #[must_use]
    pub fn new(kind: TargetKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

/// A note or a help that belongs to a diagnostic and suggests no edit.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DiagnosticChild {
    /// How much it weighs.
    pub level: DiagnosticLevel,
    /// What it says.
    pub message: String,
    /// The places that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<DiagnosticSpan>,
}

impl DiagnosticChild {
    /// A child without places.
    #[must_use]
    pub fn new(level: DiagnosticLevel, message: impl Into<String>) -> Self {
        Self { level, message: message.into(), spans: Vec::new() }
    }
}

/// One thing that a compiler or a linter says.
///
/// It holds nothing of the machine or of the run: no absolute path, no time, no name of a temporary file.
///
/// # Examples
///
/// ```
/// use aether_core::change::{Diagnostic, DiagnosticClass, DiagnosticLevel};
/// let code = Some("E0382".to_owned());
/// let diagnostic = Diagnostic::new(DiagnosticLevel::Error, code, "use of moved value: `name`");
/// assert_eq!(diagnostic.class, DiagnosticClass::MOVE);
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Diagnostic {
    /// The error code, such as `E0382`, or the name of the lint, such as `unused_mut` or
    /// `clippy::needless_return`. Parse errors have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How much it weighs.
    pub level: DiagnosticLevel,
    /// What it is about.
    pub class: DiagnosticClass,
    /// What it says.
    pub message: String,
    /// The places that it is about, in the order in which the compiler tells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<DiagnosticSpan>,
    /// Ways to be rid of it, each of which stands for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
    /// What else is said about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<DiagnosticChild>,
    /// The package that was built, as `name@version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The part of it that was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<BuildTarget>,
}

impl Diagnostic {
    /// A diagnostic without places, in the class that its code or else its message has.
    #[must_use]
    pub fn new(level: DiagnosticLevel, code: Option<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        let class = DiagnosticClass::of(code.as_deref(), level, &message);
        Self {
            code,
            level,
            class,
            message,
            spans: Vec::new(),
            suggestions: Vec::new(),
            children: Vec::new(),
            package: None,
            target: None,
        }
    }

    /// Whether nothing is built because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level.is_error()
    }

    /// The place that it is most of all about: the first of the primary ones.
    #[must_use]
    pub fn primary(&self) -> Option<&DiagnosticSpan> {
        self.spans.iter().find(|span| span.is_primary)
    }

    /// SHA-256 of the canonical JSON of this record. It is the same on every machine and changes when lines
    /// move.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        // It holds texts, and numbers below 2^32.
        Sha256Hash::of(canonical_json(self).unwrap_or_default().as_bytes())
    }

    /// What stays the same when lines move: equal fingerprints before and after a change mean one and the
    /// same diagnostic, as far as that can be told.
    ///
    /// It is SHA-256 over code, level, message, the file of the primary place and the labels of all primary
    /// places; lines and columns that a message names are left out. Names stay in, because another unknown
    /// name is another error. The class is left out, because code and message decide it and a better table
    /// must not make old errors new. Package and target are left out, because a library is built twice where
    /// its tests are.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::change::{Diagnostic, DiagnosticLevel};
    /// let say = |text: &str| Diagnostic::new(DiagnosticLevel::Error, None, text).fingerprint();
    /// assert_eq!(say("no `f` in {closure@src/a.rs:3:5: 3:9}"), say("no `f` in {closure@src/a.rs:8:5: 8:9}"));
    /// assert_ne!(say("cannot find value `a`"), say("cannot find value `b`"));
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> Sha256Hash {
        self.digest(Names::Kept)
    }

    /// Like [`Diagnostic::fingerprint`] without names and without the file: what kind of mistake it is,
    /// whatever it was made with.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::change::{Diagnostic, DiagnosticLevel};
    /// let say = |text: &str| Diagnostic::new(DiagnosticLevel::Error, None, text).shape();
    /// assert_eq!(say("cannot find value `a`"), say("cannot find value `b`"));
    /// assert_ne!(say("cannot find value `a`"), say("cannot find type `a`"));
    /// ```
    #[must_use]
    pub fn shape(&self) -> Sha256Hash {
        self.digest(Names::LeftOut)
    }

    fn digest(&self, names: Names) -> Sha256Hash {
        let reduced = |text: &str| match names {
            Names::Kept => text::without_positions(text),
            Names::LeftOut => text::without_names(&text::without_positions(text)),
        };
        let mut hasher = Sha256Hasher::new();
        hasher.update_field(self.code.as_deref().unwrap_or("").as_bytes());
        hasher.update_field(format!("{:?}", self.level).as_bytes());
        hasher.update_field(reduced(&self.message).as_bytes());
        if let (Names::Kept, Some(primary)) = (names, self.primary()) {
            hasher.update_field(primary.place.to_string().as_bytes());
        }
        let primary = self.spans.iter().filter(|span| span.is_primary);
        let mut labels: Vec<String> = primary.filter_map(|it| it.label.as_deref()).map(reduced).collect();
        labels.sort();
        for label in labels {
            hasher.update_field(label.as_bytes());
        }
        hasher.finish()
    }

    /// Sorts diagnostics by place and weight and leaves each out that is there already, so that it does not
    /// matter in which order and how often the compiler was run on one part.
    pub fn normalise(all: &mut Vec<Self>) {
        all.sort_by_cached_key(|it| {
            let place = it.primary().map(|span| (span.place.clone(), span.bytes));
            (place, it.level, it.hash())
        });
        all.dedup();
    }
}

/// Whether what a message names is part of what it says.
#[derive(Clone, Copy)]
enum Names {
    Kept,
    LeftOut,
}
