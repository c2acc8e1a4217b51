//! Identities of the symbols of a file.

use aether_core::base::RelPath;
use aether_core::code::facts::{FileFacts, SymbolIdx};
use aether_core::code::{Language, SymbolId, SymbolIdentity};

/// The ids of the symbols of a file, in the order of its facts.
pub(crate) fn symbol_ids(path: &RelPath, language: &Language, facts: &FileFacts) -> Vec<SymbolId> {
    let mut local_paths: Vec<String> = Vec::with_capacity(facts.symbols.len());
    let mut ids = Vec::with_capacity(facts.symbols.len());
    let mut fingerprint = String::new();
    for (index, symbol) in facts.symbols.iter().enumerate() {
        let local_path = match symbol.parent {
            _ if index == 0 => String::new(),
            None | Some(SymbolIdx(0)) => facts.name(symbol.name).to_owned(),
            Some(parent) => format!("{}::{}", local_paths[parent.0 as usize], facts.name(symbol.name)),
        };
        fingerprint.clear();
        fingerprint.extend(symbol.signature.chars().filter(|character| !character.is_whitespace()));
        ids.push(SymbolId::derive(&SymbolIdentity {
            language,
            path,
            kind: &symbol.kind,
            local_path: &local_path,
            signature_fingerprint: &fingerprint,
            ordinal: symbol.ordinal,
        }));
        local_paths.push(local_path);
    }
    ids
}
