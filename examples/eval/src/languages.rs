//! `eval languages`: an index of another language than Rust, against the language's own parser, and a
//! sample of its calls for a person to judge.

mod oracle;
mod sample;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aether_core::code::Symbol;
use anyhow::{Result, ensure};

use crate::indexed::Indexed;
use crate::options::EvalLanguages;
use crate::output::say;
use crate::report::{self, Row};
use crate::share::Share;
use oracle::{Declared, Kind, Oracle};

/// Least recall and precision of symbols that is called good.
const BAR: f64 = 0.99;

/// Compares an index with an oracle and lists a sample of calls; whether both shares are reached.
pub(crate) fn languages(options: &EvalLanguages) -> Result<bool> {
    let oracle = Oracle::run(options)?;
    ensure!(!oracle.files.is_empty(), "the oracle read no file of {}", options.corpus.display());
    let indexed = Indexed::build(&options.corpus, options.threads)?;
    let ours = declared(&indexed, options, &oracle)?;
    let name =
        options.corpus.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let name = format!("{name} ({})", options.language.join(", "));
    let mut rows = vec![Row::plain(&name, "files that the oracle read", oracle.files.len() as f64, 0, "")];
    for kind in Kind::ALL {
        let of = |all: &HashSet<Declared>| -> HashSet<Declared> {
            all.iter().filter(|declared| declared.kind == kind).cloned().collect()
        };
        let (theirs, ours) = (of(&oracle.declared), of(&ours));
        if theirs.is_empty() {
            continue;
        }
        let both = theirs.intersection(&ours).count();
        for (what, share) in
            [("recall", Share::new(both, theirs.len())), ("precision", Share::new(both, ours.len()))]
        {
            let what = format!("{}s of {}, {what}", kind.as_str(), share.of);
            rows.push(Row::gate(&name, &what, share.or_zero(), 5, "", report::Bar::AtLeast(BAR)));
        }
        list("missing", theirs.difference(&ours), options.mismatches);
        list("extra", ours.difference(&theirs), options.mismatches);
    }
    let sample = sample::Sample::draw(&indexed, options)?;
    for (target, number) in &sample.calls {
        rows.push(Row::plain(&name, &format!("calls: {target}"), *number as f64, 0, ""));
    }
    say(&report::table(&rows));
    say(&sample.listing(&options.corpus));
    Ok(report::is_met(&rows))
}

/// What an index declares in the files that the oracle read.
fn declared(indexed: &Indexed, options: &EvalLanguages, oracle: &Oracle) -> Result<HashSet<Declared>> {
    let languages: BTreeSet<&str> = options.language.iter().map(String::as_str).collect();
    let mut found = HashSet::new();
    indexed.engine.visit_symbols(&mut |symbol| {
        let file = symbol.file.as_str();
        if !languages.contains(symbol.language.as_str()) {
            return;
        }
        let Some(kind) = kind_of(symbol) else { return };
        let line = symbol.name_line;
        let declared = Declared { file: file.to_owned(), line, kind, name: symbol.name.clone() };
        if oracle.compares(&declared) {
            found.insert(declared);
        }
    })?;
    Ok(found)
}

fn kind_of(symbol: &Symbol) -> Option<Kind> {
    match symbol.kind.as_str() {
        "function" | "method" | "test" => Some(Kind::Function),
        // What is announced is a function where it has parameters.
        "declaration" if symbol.signature.contains('(') && !is_pointer(symbol) => Some(Kind::Function),
        "class" | "struct" | "union" | "enum" | "trait" => Some(Kind::Type),
        _ => None,
    }
}

/// Whether a declaration is of a pointer to a function.
fn is_pointer(symbol: &Symbol) -> bool {
    symbol.signature.contains(&format!("(*{}", symbol.name))
}

fn list<'d>(what: &str, declared: impl Iterator<Item = &'d Declared>, limit: usize) {
    let sorted: BTreeSet<&Declared> = declared.collect();
    for Declared { file, line, kind, name } in sorted.into_iter().take(limit) {
        say(&format!("{what}: {} {name}  {file}:{line}", kind.as_str()));
    }
}

/// How often each answer was given, most often first.
fn by_number(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
    sorted.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    sorted
}
