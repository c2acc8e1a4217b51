//! `eval effects`: what functions of published crates are said to do, against what their documentation says.
//!
//! The population are the public functions whose documentation has a section `# Panics` or `# Errors`: who
//! writes one of both knows of the other. Functions are split in halves by a hash of their crate.

use std::collections::BTreeMap;

use aether_core::base::Sha256Hasher;
use aether_core::code::{Confidence, EffectKind, Symbol, SymbolKind, Visibility};
use aether_index::{EffectTable, Effects};
use anyhow::{Context as _, Result};

use crate::indexed::Indexed;
use crate::options::EvalEffects;
use crate::output::say;

/// Right and wrong claims of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    silent: usize,
}

impl Score {
    fn add(&mut self, is_claimed: bool, is_documented: bool) {
        *match (is_claimed, is_documented) {
            (true, true) => &mut self.right,
            (true, false) => &mut self.wrong,
            (false, true) => &mut self.missed,
            (false, false) => &mut self.silent,
        } += 1;
    }

    fn shown(&self) -> String {
        let share = |of: usize, all: usize| if all == 0 { 0.0 } else { of as f64 / all as f64 };
        format!(
            "precision {:.3} ({} of {}), recall {:.3} ({} of {})",
            share(self.right, self.right + self.wrong),
            self.right,
            self.right + self.wrong,
            share(self.right, self.right + self.missed),
            self.right,
            self.right + self.missed,
        )
    }
}

pub(crate) fn effects(options: &EvalEffects) -> Result<bool> {
    let table = EffectTable::standard();
    let mut scores: BTreeMap<(&str, &str), Score> = BTreeMap::new();
    let mut crates = 0;
    let mut folders: Vec<_> = std::fs::read_dir(&options.crates)
        .with_context(|| format!("{} cannot be read", options.crates.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("Cargo.toml").is_file())
        .collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_wanted = options.only.is_empty() || options.only.iter().any(|only| name.starts_with(only.as_str()));
        let split = split_of(&name);
        if !is_wanted || (split == "sealed" && !options.sealed) || !has_sections(&folder) {
            continue;
        }
        let Ok(indexed) = Indexed::build(&folder, 0) else { continue };
        let effects = Effects::derive(&*indexed.store, &table, Confidence::from_thousandths(options.least))?;
        let mut symbols = Vec::new();
        indexed.engine.visit_symbols(&mut |symbol| {
            if is_documented(symbol) {
                symbols.push(symbol.clone());
            }
        })?;
        let mut seen = 0;
        for symbol in &symbols {
            let found = effects.of(symbol.id);
            if !effects.has(symbol.id) {
                continue;
            }
            seen += 1;
            let panics = has_section(&symbol.doc, "Panics");
            let fails = has_section(&symbol.doc, "Errors");
            let claim = found.iter().find(|effect| effect.kind == EffectKind::PANIC && effect.steps.len() <= options.depth);
            scores.entry((split, "may panic")).or_default().add(claim.is_some(), panics);
            let explicit = claim.is_some() || found.iter().any(|effect| [EffectKind::INDEX].contains(&effect.kind) && effect.steps.len() <= options.depth);
            scores.entry((split, "may panic, indexes too")).or_default().add(explicit, panics);
            let is_result = returns_result(&symbol.signature);
            scores.entry((split, "may fail")).or_default().add(is_result, fails);
            if split == "dev" && options.list && claim.is_some() != panics {
                let way = claim.map_or_else(
                    || "–".to_owned(),
                    |claim| {
                        let steps = claim.steps.iter().map(|step| format!("{}:{} {}", step.file, step.line, step.text));
                        steps.collect::<Vec<_>>().join(" ← ")
                    },
                );
                let what = if claim.is_some() { "wrong" } else { "missed" };
                let kinds: Vec<&str> = found.iter().map(|effect| effect.kind.as_str()).collect();
                say(&format!("{what} {name} {}:{} {} [{}] {way}", symbol.file, symbol.name_line, symbol.qualified_name, kinds.join(",")));
            }
            if split == "dev" && options.list && is_result != fails {
                say(&format!("fail-{} {name} {}:{} {}", if is_result { "wrong" } else { "missed" }, symbol.file, symbol.name_line, symbol.signature));
            }
        }
        if seen > 0 {
            crates += 1;
        }
    }
    for ((split, what), score) in &scores {
        say(&format!("{split}: {what}: {} of {}", score.shown(), score.right + score.wrong + score.missed + score.silent));
    }
    say(&format!("{crates} crates"));
    Ok(true)
}

fn split_of(name: &str) -> &'static str {
    let mut hasher = Sha256Hasher::new();
    hasher.update_field(name.as_bytes());
    if hasher.finish().as_bytes()[0] % 2 == 0 { "dev" } else { "sealed" }
}

fn has_sections(folder: &std::path::Path) -> bool {
    let output = std::process::Command::new("grep")
        .args(["-rlE", "--include=*.rs", "# (Panics|Errors)"])
        .arg(folder.join("src"))
        .output();
    output.is_ok_and(|output| !output.stdout.is_empty())
}

fn is_documented(symbol: &Symbol) -> bool {
    (symbol.kind == SymbolKind::FUNCTION || symbol.kind == SymbolKind::METHOD)
        && symbol.visibility == Visibility::Public
        && symbol.language.as_str() == "rust"
        && (has_section(&symbol.doc, "Panics") || has_section(&symbol.doc, "Errors"))
}

fn has_section(doc: &str, name: &str) -> bool {
    doc.lines().any(|line| {
        let heading = line.trim_start_matches('#');
        heading.len() < line.len() && heading.trim().eq_ignore_ascii_case(name)
    })
}

fn returns_result(signature: &str) -> bool {
    signature.rsplit_once("->").is_some_and(|(_, result)| {
        let result = result.split(" where ").next().unwrap_or(result);
        result.split(|character: char| !character.is_alphanumeric() && character != '_').any(|word| word.ends_with("Result"))
    })
}
