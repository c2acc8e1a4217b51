//! Symbols of an index against `syn` and against the functions of the gold.

mod oracle;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use aether_core::code::SymbolKind;
use aether_core::code::facts::FileFacts;
use anyhow::Result;
use serde::Serialize;

use crate::gold::{Gold, Place};
use crate::indexed::Indexed;
use crate::share::Share;

/// A declaration: line of its name, kind, name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Declaration {
    pub(crate) line: u32,
    pub(crate) kind: SymbolKind,
    pub(crate) name: String,
}

/// How symbols compare with an oracle.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SymbolScore {
    /// Files that both read.
    pub(crate) files: usize,
    /// Files that `syn` rejects, and those in `test_data`.
    pub(crate) files_left_out: usize,
    /// By kind: how many of the oracle's were found, and how many of ours the oracle has.
    pub(crate) kinds: BTreeMap<String, KindScore>,
    /// The same over all kinds.
    pub(crate) all: KindScore,
    /// Ours that came out of macros, which the oracle does not read.
    pub(crate) in_macros: usize,
    /// The first that do not match: `missing` or `extra`, and where.
    #[serde(skip)]
    pub(crate) mismatches: Vec<String>,
}

/// Recall and precision of one kind.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct KindScore {
    pub(crate) recall: Share,
    pub(crate) precision: Share,
}

/// The stack that a deep file needs of `syn`, which recurses.
const STACK_BYTES: usize = 512 * 1024 * 1024;

impl SymbolScore {
    /// Compares an index of the repository at `root` with `syn`.
    pub(crate) fn against_syn(indexed: &Indexed, root: &Path, mismatches: usize) -> Result<Self> {
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || compare_all(indexed, root, mismatches))?
                .join()
                .map_err(|_| anyhow::anyhow!("the comparison with syn panicked"))?
        })
    }

    /// Counts the declarations of one file, which may hold equal ones.
    pub(super) fn add_file(
        &mut self,
        file: &str,
        oracle: &[Declaration],
        ours: &[Declaration],
        limit: usize,
    ) {
        self.files += 1;
        let mut counts: HashMap<&Declaration, (usize, usize)> = HashMap::new();
        for declaration in oracle {
            counts.entry(declaration).or_default().0 += 1;
        }
        for declaration in ours {
            counts.entry(declaration).or_default().1 += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort();
        for (declaration, (expected, found)) in counts {
            let both = expected.min(found);
            for score in [self.kinds.entry(declaration.kind.to_string()).or_default(), &mut self.all] {
                score.recall.right += both as u64;
                score.recall.of += expected as u64;
                score.precision.right += both as u64;
                score.precision.of += found as u64;
            }
            if expected != found && self.mismatches.len() < limit {
                let what = if expected > found { "missing" } else { "extra" };
                let Declaration { line, kind, name } = declaration;
                self.mismatches.push(format!("{what}: {file}:{line} {kind} {name}"));
            }
        }
    }
}

fn compare_all(indexed: &Indexed, root: &Path, mismatches: usize) -> Result<SymbolScore> {
    let mut score = SymbolScore::default();
    let paths = indexed.rust_files()?;
    for (path, facts) in paths.iter().zip(indexed.facts(&paths)?) {
        let is_test_data = path.as_str().split('/').any(|part| part == "test_data");
        let text = std::fs::read_to_string(root.join(path.as_str())).unwrap_or_default();
        let (false, Some(oracle), Some(facts)) = (is_test_data, oracle::declarations(&text), facts) else {
            score.files_left_out += 1;
            continue;
        };
        let ours = declarations(&facts);
        score.in_macros += facts.symbols.iter().filter(|symbol| symbol.in_macro).count();
        score.add_file(path.as_str(), &oracle, &ours, mismatches);
    }
    Ok(score)
}

/// The declarations of facts that do not come out of macros, in the words of the oracle.
fn declarations(facts: &FileFacts) -> Vec<Declaration> {
    facts
        .symbols
        .iter()
        .filter(|symbol| !symbol.in_macro && symbol.kind != SymbolKind::FILE)
        .map(|symbol| {
            let name = facts.name(symbol.name);
            let name = if symbol.kind == SymbolKind::IMPL { impl_name(name) } else { plain(name).to_owned() };
            Declaration { line: symbol.name_line, kind: symbol.kind.clone(), name }
        })
        .collect()
}

/// A name without the mark of a raw identifier.
fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// `Vec` or `<Vec as Clone>`; a type that is no path is `_`, because how it is written does not matter.
fn impl_name(name: &str) -> String {
    let parts = name.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    match parts.and_then(|inner| inner.rsplit_once(" as ")) {
        Some((own, of_trait)) => impl_text(Some(own), Some(of_trait)),
        None => impl_text(Some(name), None),
    }
}

/// The name of an implementation out of the last segments of its type and trait.
fn impl_text(own: Option<&str>, of_trait: Option<&str>) -> String {
    let is_word = |name: &&str| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let own = own.map(plain).filter(is_word).unwrap_or("_");
    match of_trait.map(plain) {
        Some(of_trait) => format!("<{own} as {of_trait}>"),
        None => own.to_owned(),
    }
}

/// Functions of an index outside of macros against those of the gold.
pub(crate) fn functions_against_gold(indexed: &Indexed, gold: &Gold) -> Result<KindScore> {
    let paths = indexed.rust_files()?;
    let mut ours: HashSet<(Place, String)> = HashSet::new();
    for (path, facts) in paths.iter().zip(indexed.facts(&paths)?) {
        let Some(facts) = facts else { continue };
        for symbol in facts.symbols.iter().filter(|symbol| symbol.kind.is_callable() && !symbol.in_macro) {
            let place = (path.as_str().to_owned(), symbol.name_line);
            ours.insert((place, plain(facts.name(symbol.name)).to_owned()));
        }
    }
    let both = gold.all_functions.intersection(&ours).count();
    Ok(KindScore {
        recall: Share::new(both, gold.all_functions.len()),
        precision: Share::new(both, ours.len()),
    })
}
