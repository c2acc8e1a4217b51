//! The repositories that results are measured on.

use std::path::{Path, PathBuf};

use serde::Serialize;

/// What a corpus may be used for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Split {
    /// Looked at while the resolver is tuned.
    Dev,
    /// Only ever scored.
    Sealed,
}

/// The least that call edges must reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EdgeBars {
    /// Precision at resolved sites.
    pub(crate) precision: f64,
    /// Recall.
    pub(crate) recall: f64,
}

/// A repository that results are measured on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corpus {
    /// Name, also that of its gold.
    pub(crate) name: &'static str,
    /// Version in the registry, or revision in the repository.
    pub(crate) version: &'static str,
    /// Whether it comes from the registry.
    pub(crate) is_package: bool,
    pub(crate) split: Split,
    pub(crate) bars: Option<EdgeBars>,
}

/// Confidence from which an edge counts as sure, in thousandths.
pub(crate) const SURE_THOUSANDTHS: u16 = 900;
/// How many of the sure edges must be right.
pub(crate) const SURE_BAR: f64 = 0.95;
/// Recall and precision of symbols against `syn`.
pub(crate) const SYMBOL_BAR: f64 = 0.9999;

/// All corpora, in the order of the report.
pub(crate) const CORPORA: [Corpus; 7] = [
    Corpus {
        name: "ripgrep",
        version: "3fce3b5b",
        is_package: false,
        split: Split::Dev,
        bars: Some(EdgeBars { precision: 0.90, recall: 0.82 }),
    },
    Corpus {
        name: "tokio",
        version: "ea91b33ca",
        is_package: false,
        split: Split::Dev,
        bars: Some(EdgeBars { precision: 0.82, recall: 0.68 }),
    },
    Corpus { name: "rust-analyzer", version: "d2e55da491", is_package: false, split: Split::Dev, bars: None },
    package("clap_builder", "4.6.7", Split::Dev),
    package("hyper", "1.12.0", Split::Dev),
    package("jj-lib", "0.46.0", Split::Sealed),
    package("regex-automata", "0.4.18", Split::Sealed),
];

const fn package(name: &'static str, version: &'static str, split: Split) -> Corpus {
    Corpus { name, version, is_package: true, split, bars: None }
}

impl Corpus {
    /// The corpus of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        CORPORA.iter().find(|corpus| corpus.name == name)
    }

    /// The name of its folder.
    pub(crate) fn folder(&self) -> String {
        if self.is_package { format!("{}-{}", self.name, self.version) } else { self.name.to_owned() }
    }

    /// Where it is below `corpora`, if it is there.
    pub(crate) fn find(&self, corpora: &Path) -> Option<PathBuf> {
        let folder = corpora.join(self.folder());
        folder.is_dir().then_some(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_by_name_and_version() {
        let folder = tempfile::tempdir().unwrap();
        let hyper = Corpus::named("hyper").unwrap();
        assert_eq!(hyper.find(folder.path()), None);
        std::fs::create_dir(folder.path().join("hyper-1.12.0")).unwrap();
        assert_eq!(hyper.find(folder.path()), Some(folder.path().join("hyper-1.12.0")));
    }

    #[test]
    fn some_corpora_are_sealed() {
        let sealed: Vec<&str> =
            CORPORA.iter().filter(|corpus| corpus.split == Split::Sealed).map(|corpus| corpus.name).collect();
        assert_eq!(sealed, ["jj-lib", "regex-automata"]);
    }
}
