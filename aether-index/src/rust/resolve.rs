//! Resolution of Rust: from the facts of all files to the edges of each.
//!
//! A small type checker over [`FileFacts`](aether_core::code::facts::FileFacts). Types are inferred
//! as the compiler would, as far as declarations reach: generics by unification, closures from the
//! bounds of what they are passed to, associated types by the implementation that is found, methods
//! along the chain of dereferences. The standard library is known by signature stubs
//! (`data/std/`), everything else outside the repository by the path through which it is named.
//!
//! What is not known stays [`TyKind::Unknown`] and gives an unresolved call or, where the name alone
//! says enough, an edge of low confidence.

mod cfg;
mod emit;
mod fallback;
mod impls;
mod infer;
mod interner;
pub(crate) mod keys;
mod known;
mod lower;
mod memo;
mod method;
mod modules;
mod names;
mod patch;
mod program;
mod stubs;
mod ty;
mod unify;

pub(crate) use emit::{RawEdge, RawTarget};
pub(crate) use interner::name_key;
pub(crate) use patch::{Change, Comparison};
pub(crate) use program::{DefId, Program, SourceFile};
pub(crate) use stubs::std_files;

use names::NameCache;
use rustc_hash::{FxHashMap, FxHashSet};
use ty::Types;

/// The resolver: tables of the whole program, and what was derived from them so far.
#[derive(Debug)]
pub(crate) struct Resolver {
    pub(crate) program: Program,
    types: Types,
    names: NameCache,
    lowered: lower::LowerCache,
    impls: impls::ImplTables,
    fallback: fallback::NameTables,
    tracker: memo::Tracker,
    known: known::KnownItems,
    external_paths: FxHashMap<DefId, interner::Sym>,
    busy: FxHashSet<(u8, u64)>,
}

impl Resolver {
    /// Prepares the tables that every file needs.
    pub(crate) fn new(program: Program) -> Self {
        let mut resolver = Self {
            program,
            types: Types::new(),
            names: NameCache::default(),
            lowered: lower::LowerCache::default(),
            impls: impls::ImplTables::default(),
            fallback: fallback::NameTables::default(),
            tracker: memo::Tracker::default(),
            known: known::KnownItems::default(),
            external_paths: FxHashMap::default(),
            busy: FxHashSet::default(),
        };
        resolver.resolve_globs();
        resolver.find_known_items();
        // Globs can start at names of the prelude, which is known only now.
        resolver.resolve_globs();
        resolver.build_impl_tables();
        resolver.build_name_tables();
        // Headers that ask for implementations were read while not all of these were there.
        let all = resolver.all_impl_keys();
        resolver.tracker.change(&all);
        resolver.settle_impls(&mut Vec::new());
        resolver
    }

    /// Whether so many types were made that beginning anew is cheaper than keeping them.
    pub(crate) fn is_worn(&self) -> bool {
        const MOST_TYPES: usize = 4_000_000;
        self.types.len() > MOST_TYPES
    }
}
