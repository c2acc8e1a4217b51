//! `eval effects`: how functions of published crates are said to fail, against their documentation.
//!
//! The population are the public functions whose documentation has a section `# Panics` or `# Errors`, of
//! each kind in the crates that have a section of that kind somewhere: else nothing can be read from its
//! absence. Of a crate the newest version counts. Crates are split in halves by a hash of their name;
//! nothing is tuned on the sealed half. The documentation is not looked at where effects are derived.
//!
//! With `--std`, the table of known calls against a list that was judged by hand instead.

mod known;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aether_core::base::Sha256Hasher;
use aether_core::code::{Effect, EffectKind, Symbol, SymbolKind, Visibility};
use aether_index::{EffectTable, derive};
use anyhow::{Context as _, Result};

use crate::indexed::Indexed;
use crate::options::EvalEffects;
use crate::output::say;
use crate::report::{self, Bar, Row};
use crate::share::Share;

/// Least precision of what is said.
const BAR: f64 = 0.90;

/// Right and wrong claims of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    functions: usize,
    right: usize,
    claimed: usize,
    documented: usize,
}

impl Score {
    fn add(&mut self, is_claimed: bool, is_documented: bool) {
        self.functions += 1;
        self.right += usize::from(is_claimed && is_documented);
        self.claimed += usize::from(is_claimed);
        self.documented += usize::from(is_documented);
    }

    fn rows(&self, split: Split, what: &str, rows: &mut Vec<Row>) {
        let precision = Share::new(self.right, self.claimed);
        let recall = Share::new(self.right, self.documented);
        let name = split.as_str();
        let what = |measure: &str| format!("{what}, {} functions, {measure}", self.functions);
        rows.push(Row::gate(name, &what("precision"), precision.or_zero(), 3, "", Bar::AtLeast(BAR)));
        rows.push(Row::plain(name, &what("recall"), recall.or_zero(), 3, ""));
    }
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Split {
    Dev,
    Sealed,
}

impl Split {
    fn of(name: &str) -> Self {
        let mut hasher = Sha256Hasher::new();
        hasher.update_field(name.as_bytes());
        if hasher.finish().as_bytes()[0].is_multiple_of(2) { Self::Dev } else { Self::Sealed }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Sealed => "sealed",
        }
    }
}

/// What was found in one half.
#[derive(Debug, Default)]
struct Half {
    crates: usize,
    panics: Score,
    fails: Score,
}

/// Scores the effects of all crates of a folder; whether what is said is right often enough.
pub(crate) fn effects(options: &EvalEffects) -> Result<bool> {
    let table = EffectTable::standard();
    let Some(crates) = &options.crates else { return known::standard_library(&table) };
    let mut halves: BTreeMap<Split, Half> = BTreeMap::new();
    for (name, folder) in newest(crates)? {
        let split = Split::of(&name);
        let is_wanted = options.only.is_empty() || options.only.contains(&name);
        if !is_wanted || (split == Split::Sealed && !options.sealed) {
            continue;
        }
        // What cannot be indexed alone, such as a part of a workspace, says nothing.
        let Ok(indexed) = Indexed::build(&folder, 0) else { continue };
        let mut symbols = Vec::new();
        indexed.engine.visit_symbols(&mut |symbol| {
            if is_documented(symbol) {
                symbols.push(symbol.clone());
            }
        })?;
        if symbols.is_empty() {
            continue;
        }
        let derived = derive(&*indexed.store, table.clone())?;
        let effects = derived.effects();
        let half = halves.entry(split).or_default();
        half.crates += 1;
        let tells = |section: &str| symbols.iter().any(|symbol| has_section(&symbol.doc, section));
        let (tells_panics, tells_errors) = (tells("Panics"), tells("Errors"));
        for symbol in symbols.iter().filter(|symbol| effects.has(symbol.id)) {
            let found = effects.of(symbol.id);
            let claim = found.iter().filter(|effect| is_panic(effect)).max_by_key(|effect| effect.confidence);
            let claim = claim.filter(|claim| claim.confidence.thousandths() >= options.threshold);
            let panics = has_section(&symbol.doc, "Panics");
            if tells_panics {
                half.panics.add(claim.is_some(), panics);
            }
            let (is_result, fails) = (returns_result(&symbol.signature), has_section(&symbol.doc, "Errors"));
            if tells_errors {
                half.fails.add(is_result, fails);
            }
            if options.list && split == Split::Dev && is_result != fails {
                let what = if fails { "no error type" } else { "no section Errors" };
                say(&format!("{what} {name} {}:{} {}", symbol.file, symbol.name_line, symbol.signature));
            }
            if options.list && split == Split::Dev && (claim.is_some() || panics) {
                say(&listing(&name, symbol, claim, panics));
            }
        }
    }
    let mut rows = Vec::new();
    for (split, half) in &halves {
        rows.push(Row::plain(split.as_str(), "crates", half.crates as f64, 0, ""));
        half.panics.rows(*split, "may panic", &mut rows);
        half.fails.rows(*split, "may fail", &mut rows);
    }
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

fn is_panic(effect: &Effect) -> bool {
    [EffectKind::PANIC, EffectKind::ASSERTION].contains(&effect.kind)
}

/// The newest version of each crate in a folder of `NAME-VERSION`, by name.
fn newest(crates: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let entries =
        std::fs::read_dir(crates).with_context(|| format!("{} cannot be read", crates.display()))?;
    let mut found: BTreeMap<String, (Vec<u64>, PathBuf)> = BTreeMap::new();
    for entry in entries {
        let path = entry?.path();
        let folder = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let version_at = folder
            .match_indices('-')
            .map(|(at, _)| at + 1)
            .find(|&at| folder[at..].starts_with(|character: char| character.is_ascii_digit()));
        let Some(at) = version_at.filter(|_| path.join("Cargo.toml").is_file()) else { continue };
        let (name, version) = (folder[..at - 1].to_owned(), &folder[at..]);
        let numbers = version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect();
        let newer = (numbers, path);
        match found.get_mut(&name) {
            Some(known) if *known >= newer => {}
            Some(known) => *known = newer,
            None => drop(found.insert(name, newer)),
        }
    }
    Ok(found.into_iter().map(|(name, (_, path))| (name, path)).collect())
}

/// One claim or one section, with the way that explains it.
fn listing(name: &str, symbol: &Symbol, claim: Option<&Effect>, panics: bool) -> String {
    let what = match (claim, panics) {
        (None, _) => "missed",
        (Some(_), true) => "right",
        (Some(_), false) => "wrong",
    };
    let mut line = format!("{what} {name} {}:{} {}", symbol.file, symbol.name_line, symbol.qualified_name);
    for step in claim.map_or(&[][..], |claim| &claim.steps) {
        let _ = write!(line, " ← {}:{} {}", step.file, step.line, step.text);
    }
    line
}

fn is_documented(symbol: &Symbol) -> bool {
    [SymbolKind::FUNCTION, SymbolKind::METHOD].contains(&symbol.kind)
        && symbol.visibility == Visibility::Public
        && (has_section(&symbol.doc, "Panics") || has_section(&symbol.doc, "Errors"))
}

fn has_section(doc: &str, name: &str) -> bool {
    doc.lines().any(|line| {
        let heading = line.trim_start_matches('#');
        heading.len() < line.len() && heading.trim().eq_ignore_ascii_case(name)
    })
}

/// Whether a signature gives a `Result`, under whatever alias that keeps the word.
fn returns_result(signature: &str) -> bool {
    let result = signature.rsplit_once("->").map_or("", |(_, result)| result);
    let result = result.split(" where ").next().unwrap_or(result);
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    result.split(|character| !is_word(character)).any(|word| word.ends_with("Result"))
}
