//! What a file shows to others, and which names a change of it concerns.

use aether_core::base::RelPath;
use aether_core::code::facts::{FileFacts, ImportKind, SymbolIdx};
use aether_core::code::{SymbolKind, Visibility};

use crate::rust::resolve::{glob_key, impl_key, name_key};

/// What a file shows: keys of names, each with a fingerprint of what stands behind it, in order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Interface {
    entries: Vec<(u32, u64)>,
    /// Scopes and declarations in order, without bodies: equal shapes number alike.
    shape: u64,
}

impl Interface {
    pub(crate) fn of(path: &RelPath, facts: &FileFacts) -> Self {
        let mut entries = Vec::new();
        let mut shape = hash(0, &(facts.scopes.len() as u64).to_le_bytes());
        let mut paths: Vec<u64> = Vec::with_capacity(facts.symbols.len());
        for (index, symbol) in facts.symbols.iter().enumerate() {
            let name = facts.name(symbol.name);
            let around = symbol.parent.map_or(0, |parent: SymbolIdx| paths[parent.0 as usize]);
            let mut print = hash(around, name.as_bytes());
            print = hash(print, symbol.kind.as_str().as_bytes());
            print = hash(print, symbol.signature.as_bytes());
            print = hash(print, symbol.visibility.as_str().as_bytes());
            print = hash(print, &symbol.ordinal.to_le_bytes());
            print = hash(print, &symbol.scope.0.to_le_bytes());
            for attribute in &symbol.attributes {
                print = hash(print, attribute.as_bytes());
            }
            paths.push(print);
            shape = hash(shape, &print.to_le_bytes());
            entries.push((name_key(name), print));
            if symbol.kind == SymbolKind::TRAIT {
                entries.push((glob_key(path.as_str()), print));
            }
            if symbol.kind == SymbolKind::IMPL {
                // `<Type as Trait>` or `Type`: the parts of the header are names that others ask for.
                for part in name.trim_matches(['<', '>']).split(" as ") {
                    entries.push((impl_key(part), print));
                }
            }
            if index == 0 {
                // Whether the file is there decides what `mod name;` means.
                entries.push((name_key(module_name(path)), print));
            }
        }
        for import in &facts.imports {
            let mut print = hash(1, import.visibility.as_str().as_bytes());
            print = hash(print, &import.scope.0.to_le_bytes());
            print = hash(print, &[u8::from(import.is_global)]);
            for cfg in &import.cfg {
                print = hash(print, cfg.as_bytes());
            }
            for &segment in &import.segments {
                print = hash(hash(print, facts.name(segment).as_bytes()), b"::");
            }
            let name = match import.kind {
                ImportKind::Name(name) | ImportKind::ExternCrate(name) => Some(name),
                _ => None,
            };
            if let Some(name) = name {
                print = hash(print, facts.name(name).as_bytes());
                entries.push((name_key(facts.name(name)), print));
            }
            if name.is_none() || import.visibility != Visibility::Private {
                entries.push((glob_key(path.as_str()), print));
            }
            shape = hash(shape, &print.to_le_bytes());
        }
        entries.sort_unstable();
        Self { entries, shape }
    }

    /// Whether scopes and declarations are the same in the same order, so that numbers stay valid.
    pub(crate) fn has_shape_of(&self, other: &Self) -> bool {
        self.shape == other.shape && self.entries == other.entries
    }

    /// Adds the keys of what differs.
    pub(crate) fn add_difference(&self, other: &Self, keys: &mut Vec<u32>) {
        let (mut i, mut j) = (0, 0);
        while i < self.entries.len() || j < other.entries.len() {
            match (self.entries.get(i), other.entries.get(j)) {
                (Some(a), Some(b)) if a == b => {
                    i += 1;
                    j += 1;
                }
                (Some(a), Some(b)) if a < b => {
                    keys.push(a.0);
                    i += 1;
                }
                (Some(a), None) => {
                    keys.push(a.0);
                    i += 1;
                }
                (_, Some(b)) => {
                    keys.push(b.0);
                    j += 1;
                }
                (None, None) => break,
            }
        }
    }
}

/// The name of the module that a file would be.
fn module_name(path: &RelPath) -> &str {
    let name = path.file_name().unwrap_or("");
    let stem = name.strip_suffix(".rs").unwrap_or(name);
    if stem == "mod" {
        let folder = path.as_str().strip_suffix("/mod.rs").unwrap_or("");
        return folder.rsplit('/').next().unwrap_or("");
    }
    stem
}

/// FNV-1a, 64 bits, going on from `seed`.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
