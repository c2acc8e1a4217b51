//! What a file shows to others, and which names a change of it concerns.

use aether_core::base::RelPath;
use aether_core::code::facts::{FileFacts, ImportKind, ItemDetail, ScopeIdx, SelfKind, TypeKind};
use aether_core::code::{SymbolKind, Visibility};
use rustc_hash::FxHashMap;

use crate::rust::resolve::{keys, name_key};

/// What a file shows: keys, each with a fingerprint of what stands behind it, in order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Interface {
    entries: Vec<(u32, u64)>,
    /// A fingerprint of each symbol without its body, what contains it included.
    pub(crate) symbols: Vec<u64>,
    /// A fingerprint of each scope: where it stands.
    pub(crate) scopes: Vec<u64>,
    imports: Vec<u64>,
    /// Modules in files of their own.
    modules: Vec<u64>,
}

impl Interface {
    /// What a file shows; `paths` are those of its declarations where scopes are open.
    pub(crate) fn of(path: &RelPath, facts: &FileFacts, paths: &[Option<Box<str>>]) -> Self {
        let mut shown = Self::default();
        let file = name_key(path.as_str());
        let mut scopes = Scopes::new(facts);
        for symbol in &facts.symbols {
            let name = facts.name(symbol.name);
            let parent = symbol.parent.map(|parent| &facts.symbols[parent.0 as usize]);
            let around = symbol.parent.map_or(0, |parent| shown.symbols[parent.0 as usize]);
            let mut print = hash(around, name.as_bytes());
            print = hash(print, symbol.kind.as_str().as_bytes());
            print = hash(print, symbol.signature.as_bytes());
            print = hash(print, symbol.visibility.as_str().as_bytes());
            print = hash(print, &symbol.ordinal.to_le_bytes());
            print = hash(print, &scopes.print(symbol.scope, &shown.symbols).to_le_bytes());
            for attribute in &symbol.attributes {
                print = hash(print, attribute.as_bytes());
            }
            print = hash_types(print, facts, &symbol.detail);
            shown.symbols.push(print);
            let key = name_key(name);
            if symbol.parent.is_none() {
                shown.entries.push((keys::top(key), print));
            }
            shown.entries.push((keys::named(file, key), print));
            match (&symbol.detail, parent) {
                (ItemDetail::Function(function), parent) => {
                    if parent.is_none() {
                        shown.entries.push((keys::function(key), print));
                    }
                    // Of a class, a method is found by its name alone whatever it is called on.
                    let is_in_block = parent
                        .is_some_and(|parent| [SymbolKind::IMPL, SymbolKind::TRAIT].contains(&parent.kind));
                    let is_member = symbol.kind == SymbolKind::METHOD && !is_in_block;
                    if function.self_kind != SelfKind::None || is_member {
                        shown.entries.push((keys::method(key), print));
                    }
                    if parent.is_some_and(|parent| parent.kind == SymbolKind::TRAIT) {
                        shown.entries.push((keys::trait_member(key), print));
                    }
                }
                (ItemDetail::Alias { .. }, Some(parent)) if parent.kind == SymbolKind::TRAIT => {
                    shown.entries.push((keys::trait_member(key), print));
                }
                // The fields of a structure are part of it.
                (ItemDetail::Field(_), Some(parent)) => {
                    shown.entries.push((keys::named(file, name_key(facts.name(parent.name))), print));
                }
                (ItemDetail::Trait { .. }, _) => {
                    shown.entries.push((keys::globs(file), print));
                    shown.entries.push((keys::imports(file), print));
                }
                (ItemDetail::Macro { .. }, _) => shown.entries.push((keys::macros(key), print)),
                (ItemDetail::Module { scope: None, path }, _) => {
                    let path = path.as_deref().unwrap_or("");
                    shown.modules.push(hash(print, path.as_bytes()));
                }
                _ => {}
            }
        }
        if let Some(package) = crate::facts::package_of(facts) {
            let print = hash(u64::from(file), package.as_bytes());
            shown.entries.push((keys::package(name_key(&package)), print));
        }
        for import in &facts.imports {
            let mut print = hash(1, import.visibility.as_str().as_bytes());
            print = hash(print, &scopes.print(import.scope, &shown.symbols).to_le_bytes());
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
                shown.entries.push((keys::named(file, name_key(facts.name(name))), print));
            }
            if name.is_none() || import.visibility != Visibility::Private {
                shown.entries.push((keys::globs(file), print));
            }
            shown.entries.push((keys::imports(file), print));
            shown.imports.push(print);
        }
        for (path, &print) in paths.iter().zip(&shown.symbols) {
            if let Some(path) = path {
                shown.entries.push((keys::path(name_key(path)), print));
            }
        }
        shown.entries.sort_unstable();
        shown.scopes = (0..facts.scopes.len() as u32)
            .map(|scope| scopes.print(ScopeIdx(scope), &shown.symbols))
            .collect();
        shown
    }

    /// Whether scopes, declarations and imports are the same in the same order, so that numbers stay
    /// valid.
    pub(crate) fn has_shape_of(&self, other: &Self) -> bool {
        self == other
    }

    /// Whether the modules in files of their own are the same.
    pub(crate) fn has_modules_of(&self, other: &Self) -> bool {
        self.modules == other.modules
    }

    pub(crate) fn has_imports_of(&self, other: &Self) -> bool {
        self.imports == other.imports
    }

    /// Adds the keys of what differs.
    pub(crate) fn add_difference(&self, other: &Self, keys: &mut Vec<u32>) {
        add_differing(&self.entries, &other.entries, keys);
    }
}

/// Fingerprints of scopes, as far as they were needed.
struct Scopes<'f> {
    facts: &'f FileFacts,
    /// Which of the scopes of one parent and owner each is.
    places: Vec<u32>,
}

impl<'f> Scopes<'f> {
    fn new(facts: &'f FileFacts) -> Self {
        let mut counts: FxHashMap<_, u32> = FxHashMap::default();
        let places = facts
            .scopes
            .iter()
            .map(|scope| {
                let count = counts.entry((scope.parent, scope.owner)).or_default();
                std::mem::replace(count, *count + 1)
            })
            .collect();
        Self { facts, places }
    }

    /// Where a scope stands: what opens it, and the scopes around it.
    fn print(&mut self, scope: ScopeIdx, symbols: &[u64]) -> u64 {
        let mut print = 0;
        let mut next = Some(scope);
        while let Some(at) = next.and_then(|scope| self.facts.scopes.get(scope.0 as usize)) {
            // A symbol can stand in a scope that it opens itself.
            let owner = at.owner.and_then(|owner| symbols.get(owner.0 as usize)).copied().unwrap_or(0);
            let place = next.map_or(0, |scope| self.places[scope.0 as usize]);
            print = hash(hash(print, &owner.to_le_bytes()), &place.to_le_bytes());
            next = at.parent;
        }
        print
    }
}

/// Adds the keys of entries that only one of two sorted lists has.
pub(crate) fn add_differing(old: &[(u32, u64)], new: &[(u32, u64)], keys: &mut Vec<u32>) {
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        match (old.get(i), new.get(j)) {
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

/// What a declaration is derived from, or is a value of, may stand in its body, which is no part of its
/// signature.
fn hash_types(seed: u64, facts: &FileFacts, detail: &ItemDetail) -> u64 {
    let mut left: Vec<u32> = match detail {
        ItemDetail::Class { bases, .. } | ItemDetail::Trait { supertraits: bases, .. } => {
            facts.list(*bases).to_vec()
        }
        ItemDetail::Value { ty: Some(ty), .. } => vec![ty.0],
        _ => return seed,
    };
    let mut print = seed;
    while let Some(fact) = left.pop().and_then(|ty| facts.types.get(ty as usize)) {
        print = hash(print, &[1]);
        match fact.kind {
            TypeKind::Path(path) => {
                let segments = facts.paths[path as usize].segments;
                let range = segments.start as usize..(segments.start + segments.len) as usize;
                for segment in &facts.segments[range] {
                    print = hash(hash(print, facts.name(segment.name).as_bytes()), &[0]);
                }
            }
            TypeKind::Ref(inner) | TypeKind::Pointer(inner) => left.push(inner.0),
            TypeKind::Slice(inner) | TypeKind::Array(inner) => {
                print = hash(print, &[2]);
                left.push(inner.0);
            }
            _ => {}
        }
    }
    print
}

/// FNV-1a, 64 bits, going on from `seed`.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
