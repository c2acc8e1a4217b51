//! Names of symbols by the grammar of SCIP.
//!
//! A name is made of the file and of what encloses the symbol in it, because module paths are not
//! unique: each test program of a workspace may be called the same.

use std::collections::{HashMap, HashSet};

use aether_core::code::{Language, ProjectGraph, Symbol, SymbolId, SymbolKind};

/// The name of each symbol of a graph; no two are equal.
pub(super) struct Names(HashMap<SymbolId, String>);

impl Names {
    pub(super) fn of(graph: &ProjectGraph) -> Self {
        let mut names: HashMap<SymbolId, String> = HashMap::with_capacity(graph.symbols.len());
        let mut taken: HashSet<String> = HashSet::with_capacity(graph.symbols.len());
        for file in graph.symbols.chunk_by(|a, b| a.file == b.file) {
            let module = file.first().map_or("", |file| file.qualified_name.as_str());
            let mut locals = 0_u32;
            // How many of a name there are: generated files may repeat one without end.
            let mut twins: HashMap<String, usize> = HashMap::new();
            for symbol in file {
                let around = match symbol.parent {
                    Some(parent) => names.get(&parent).cloned(),
                    None => Some(prefix(symbol, module)),
                };
                let around = around.filter(|around| !around.starts_with("local "));
                let name = match around.filter(|_| !symbol.name.is_empty()) {
                    Some(around) => {
                        let numbered = |number| format!("{around}{}", descriptor(symbol, number));
                        let number = twins.entry(numbered(0)).or_insert(0);
                        // A name may look like the number of another one.
                        while !taken.insert(numbered(*number)) {
                            *number += 1;
                        }
                        numbered(*number)
                    }
                    None => {
                        locals += 1;
                        format!("local {locals}")
                    }
                };
                names.insert(symbol.id, name);
            }
        }
        Self(names)
    }

    pub(super) fn get(&self, id: SymbolId) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }
}

/// Scheme, package and file of what stands outside every other symbol.
fn prefix(symbol: &Symbol, module: &str) -> String {
    let first = module.split("::").next().unwrap_or("");
    let is_cargo = symbol.language == Language::RUST && !first.is_empty();
    let (manager, package) = if is_cargo { ("cargo", first) } else { ("", "") };
    format!("aether {} {} . {}/", word(manager), word(package), escaped(symbol.file.as_str()))
}

/// The part that a symbol adds to the name of what encloses it. Later ones of equal names have a
/// number.
fn descriptor(symbol: &Symbol, number: usize) -> String {
    let kind = symbol.kind.as_str();
    if symbol.kind == SymbolKind::FILE {
        // The folder of names that the file is has no name of its own.
        return "__file__:".to_owned();
    }
    // Blocks that implement methods go by what they say, as their name is that of the type.
    let name = if kind == "impl" { symbol.signature.as_str() } else { symbol.name.as_str() };
    let twin = |name: &str| if number == 0 { escaped(name) } else { escaped(&format!("{name}+{number}")) };
    match kind {
        "function" | "method" | "test" => {
            let twin = if number == 0 { String::new() } else { format!("+{number}") };
            format!("{}({twin}).", escaped(name))
        }
        "package" | "crate" | "module" => format!("{}/", twin(name)),
        "struct" | "union" | "enum" | "trait" | "impl" | "type" | "class" => {
            format!("{}#", twin(name))
        }
        "macro" => format!("{}!", twin(name)),
        _ => format!("{}.", twin(name)),
    }
}

/// The name of what lies outside the project, by its canonical path; `None` for an empty one.
pub(super) fn external_symbol(path: &str) -> Option<String> {
    let names: Vec<&str> = path.split("::").filter(|name| !name.is_empty()).collect();
    let (last, around) = names.split_last()?;
    let package = names.first()?;
    let folders: String = around.iter().map(|name| format!("{}/", escaped(name))).collect();
    Some(format!("aether . {} . {folders}{}.", word(package), escaped(last)))
}

/// A part of a package: a dot when it is not known, spaces doubled.
fn word(text: &str) -> String {
    if text.is_empty() { ".".to_owned() } else { text.replace(' ', "  ") }
}

/// A name in backticks where it needs them.
fn escaped(name: &str) -> String {
    let is_simple = |character: char| character.is_ascii_alphanumeric() || "_+-$".contains(character);
    if !name.is_empty() && name.chars().all(is_simple) {
        return name.to_owned();
    }
    format!("`{}`", name.replace('`', "``"))
}
