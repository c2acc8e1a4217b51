//! Anchor chains: from a use of a symbol over its definition and documentation to a test, each step cited.

use serde::{Deserialize, Serialize};

use super::{Anchor, Confidence, SymbolId};

/// Version of the chains. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// What a step of a chain is, in the order of the chain.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChainStepKind {
    /// Where it is used.
    Use,
    /// Where it is declared.
    Definition,
    /// Where it is told of: a comment, a section of a document.
    Documentation,
    /// What guards it.
    Test,
}

impl ChainStepKind {
    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Definition => "definition",
            Self::Documentation => "documentation",
            Self::Test => "test",
        }
    }
}

/// A step of a chain.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChainStep {
    /// What it is.
    pub kind: ChainStepKind,
    /// The symbol that it is in; `None` for a document.
    pub symbol: Option<SymbolId>,
    /// Qualified name of that symbol, or the headings of the document joined by ` > `.
    pub name: String,
    /// The place that is cited.
    pub anchor: Anchor,
    /// How likely it is that this step belongs there.
    pub confidence: Confidence,
    /// The first line of what is cited, without what it is indented by; at most 200 characters.
    pub excerpt: String,
}

/// Most characters of an excerpt.
const EXCERPT: usize = 200;

impl ChainStep {
    /// A step that cites `cited`, the text of `anchor`.
    #[must_use]
    pub fn new(
        kind: ChainStepKind,
        symbol: Option<SymbolId>,
        name: impl Into<String>,
        anchor: Anchor,
        confidence: Confidence,
        cited: &str,
    ) -> Self {
        let line = cited.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
        let excerpt = line.chars().take(EXCERPT).collect();
        Self { kind, symbol, name: name.into(), anchor, confidence, excerpt }
    }
}

/// From a use over the definition and the documentation to a test.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AnchorChain {
    /// Version of this record.
    pub schema_version: u32,
    /// The steps, in the order of their kinds.
    pub steps: Vec<ChainStep>,
    /// Further steps that were found, beyond the bound.
    pub left_out: u32,
}

impl AnchorChain {
    /// The chain of at most `per_kind` steps of each kind: of those that were found the first ones, so that the
    /// best has to come first. No place is cited twice.
    /// `further` steps were found and not looked at.
    #[must_use]
    pub fn bounded(mut found: Vec<ChainStep>, per_kind: usize, further: u32) -> Self {
        found.sort_by_key(|step| step.kind);
        let mut chain = Self { schema_version: SCHEMA_VERSION, steps: Vec::new(), left_out: further };
        for step in found {
            let is_same = |other: &ChainStep| {
                other.anchor.file == step.anchor.file && other.anchor.span == step.anchor.span
            };
            if chain.steps.iter().any(is_same) {
                continue;
            }
            if chain.steps.iter().filter(|other| other.kind == step.kind).count() < per_kind {
                chain.steps.push(step);
            } else {
                chain.left_out += 1;
            }
        }
        chain
    }

    /// The steps of a kind.
    pub fn of(&self, kind: ChainStepKind) -> impl Iterator<Item = &ChainStep> {
        self.steps.iter().filter(move |step| step.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ByteSpan, RelPath};
    use crate::code::AnchorTarget;

    const TEXT: &str = "fn a() {}\n    fn b() {}\nfn c() {}\n";

    fn step(kind: ChainStepKind, span: (u32, u32), thousandths: u16) -> ChainStep {
        let (target, span) = (AnchorTarget::Heading(vec![]), ByteSpan::new(span.0, span.1));
        let anchor = Anchor::new(RelPath::root(), target, TEXT, span).unwrap();
        let cited = span.slice(TEXT).unwrap();
        ChainStep::new(kind, None, "", anchor, Confidence::from_thousandths(thousandths), cited)
    }

    #[test]
    fn steps_come_in_order_and_no_more_than_allowed() {
        let found = vec![
            step(ChainStepKind::Test, (0, 9), 900),
            step(ChainStepKind::Use, (24, 33), 300),
            step(ChainStepKind::Use, (10, 23), 800),
            step(ChainStepKind::Definition, (24, 33), 1000),
        ];
        let told = |per_kind| {
            let chain = AnchorChain::bounded(found.clone(), per_kind, 0);
            let steps = chain.steps.iter().map(|it| (it.kind.as_str(), it.excerpt.clone()));
            (steps.collect::<Vec<_>>(), chain.left_out)
        };
        let expected = |list: &[(&'static str, &str)]| {
            list.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect::<Vec<_>>()
        };
        // The first use is the definition: one place is cited once.
        assert_eq!(told(1), (expected(&[("use", "fn c() {}"), ("test", "fn a() {}")]), 1));
        let all = [("use", "fn c() {}"), ("use", "fn b() {}"), ("test", "fn a() {}")];
        assert_eq!(told(2), (expected(&all), 0));
        assert_eq!(told(0).0.len(), 0);
    }
}
