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
mod lower;
mod method;
mod modules;
mod names;
mod program;
mod stubs;
mod ty;
mod unify;

pub(crate) use emit::{RawEdge, RawTarget};
pub(crate) use interner::{glob_key, impl_key, name_key};
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
    /// What lookups depended on, innermost question last.
    frames: Vec<Vec<u32>>,
    /// The file being resolved, for marking what was already noted for it.
    stamp: u32,
    known: impls::KnownItems,
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
            frames: vec![Vec::new()],
            stamp: 0,
            known: impls::KnownItems::default(),
            external_paths: FxHashMap::default(),
            busy: FxHashSet::default(),
        };
        resolver.find_known_items();
        resolver.build_impl_tables();
        resolver.build_name_tables();
        resolver
    }

    /// Whether so many types were made that beginning anew is cheaper than keeping them.
    pub(crate) fn is_worn(&self) -> bool {
        const MOST_TYPES: usize = 4_000_000;
        self.types.len() > MOST_TYPES
    }

    /// Notes that the answer at hand depends on `key`.
    fn touch(&mut self, key: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.push(key);
        }
    }

    /// Runs `compute` and returns what it depended on beside its result.
    fn tracked<T>(&mut self, compute: impl FnOnce(&mut Self) -> T) -> (T, Box<[u32]>) {
        self.frames.push(Vec::new());
        let value = compute(self);
        let mut keys = self.frames.pop().unwrap_or_default();
        keys.sort_unstable();
        keys.dedup();
        let keys = keys.into_boxed_slice();
        if let Some(frame) = self.frames.last_mut() {
            frame.extend_from_slice(&keys);
        }
        (value, keys)
    }

    /// Notes what a remembered answer depended on; once per file at the outermost question.
    fn merge(frames: &mut [Vec<u32>], stamp: u32, memo_stamp: &mut u32, keys: &[u32]) {
        let is_outermost = frames.len() == 1;
        if is_outermost && *memo_stamp == stamp {
            return;
        }
        if is_outermost {
            *memo_stamp = stamp;
        }
        if let Some(frame) = frames.last_mut() {
            frame.extend_from_slice(keys);
        }
    }
}

/// A remembered answer with what it depended on.
#[derive(Clone, Debug)]
struct Memo<T> {
    value: T,
    keys: Box<[u32]>,
    stamp: u32,
}
