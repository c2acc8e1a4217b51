//! What a change did to the diagnostics of a project.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Diagnostic;

/// Two sets of diagnostics, compared.
///
/// Diagnostics are compared by their fingerprints, as often as each occurs: one that is there twice
/// afterwards and was there once is new once. One place counts once, however many targets it is built for.
///
/// # Examples
///
/// ```
/// use aether_core::change::{Diagnostic, DiagnosticDiff, DiagnosticLevel};
/// let error = |text: &str| Diagnostic::new(DiagnosticLevel::Error, None, text);
/// let diff = DiagnosticDiff::between(&[error("a"), error("b")], &[error("b"), error("c")]);
/// assert_eq!((&diff.gone[..], &diff.kept[..]), (&[error("a")][..], &[error("b")][..]));
/// assert!(diff.has_new_error());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DiagnosticDiff {
    /// Those that were not there before.
    pub new: Vec<Diagnostic>,
    /// Those that are not there any more, as they were.
    pub gone: Vec<Diagnostic>,
    /// Those that were there before, as they are now.
    pub kept: Vec<Diagnostic>,
}

impl DiagnosticDiff {
    /// Compares what is said before and after a change.
    ///
    /// Where one fingerprint occurs more often on one side, those count as kept whose lines are the same,
    /// and then those that come first.
    #[must_use]
    pub fn between(before: &[Diagnostic], after: &[Diagnostic]) -> Self {
        let mut old = by_fingerprint(before);
        let mut diff = Self::default();
        for (fingerprint, now) in by_fingerprint(after) {
            let was = old.entry(fingerprint).or_default();
            let mut unpaired = Vec::new();
            for diagnostic in now {
                let lines = diagnostic.primary().map(|span| span.lines_hash);
                let same = was.iter().position(|it| it.primary().map(|span| span.lines_hash) == lines);
                match same {
                    Some(at) => {
                        was.remove(at);
                        diff.kept.push(diagnostic.clone());
                    }
                    None => unpaired.push(diagnostic),
                }
            }
            for diagnostic in unpaired {
                if was.is_empty() {
                    diff.new.push(diagnostic.clone());
                } else {
                    was.remove(0);
                    diff.kept.push(diagnostic.clone());
                }
            }
        }
        diff.gone = old.into_values().flatten().cloned().collect();
        for list in [&mut diff.new, &mut diff.gone, &mut diff.kept] {
            Diagnostic::normalise(list);
        }
        diff
    }

    /// Whether an error is there that was not there before: what makes a change a regression.
    #[must_use]
    pub fn has_new_error(&self) -> bool {
        self.new.iter().any(Diagnostic::is_error)
    }
}

/// The diagnostics of each fingerprint, in the order of their places; one place counts once.
fn by_fingerprint(all: &[Diagnostic]) -> BTreeMap<crate::base::Sha256Hash, Vec<&Diagnostic>> {
    let mut sorted: Vec<_> =
        all.iter().map(|it| (it.fingerprint(), it.primary().map(|span| span.bytes), it)).collect();
    sorted.sort_by_key(|&(fingerprint, bytes, _)| (fingerprint, bytes));
    let mut seen = BTreeSet::new();
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (fingerprint, bytes, diagnostic) in sorted {
        // The file is part of the fingerprint. Without a place nothing tells two of them apart but the
        // target that they are said of.
        let target = bytes.is_none().then_some(diagnostic.target.as_ref());
        if seen.insert((fingerprint, bytes, target)) {
            groups.entry(fingerprint).or_default().push(diagnostic);
        }
    }
    groups
}
