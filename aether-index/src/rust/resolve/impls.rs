//! Implementations: which there are, which one a type has, and what its associated types are.

use aether_core::code::facts::ItemDetail;
use rustc_hash::FxHashMap;

use super::interner::{Sym, name_key};
use super::lower::Env;
use super::memo::Memo;
use super::names::{Ns, Res};
use super::program::{DefId, DefKind, ScopeId};
use super::ty::{Bound, BoundData, Prim, Ty, TyKind, Types};
use super::unify::Subst;
use super::{Resolver, keys};
use crate::interface::Interface;

/// The outermost form of a type, by which implementations are filed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Head {
    Adt(DefId),
    Prim(Prim),
    External(Sym),
    Ref,
    Pointer,
    Slice,
    Array,
    Tuple,
    Function,
    Dyn(DefId),
    Never,
}

/// An implementation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Impl {
    /// The block; of a derived one, the type that derives it.
    pub(super) def: DefId,
    pub(super) bound: Option<Bound>,
    pub(super) self_type: Ty,
    pub(super) is_derived: bool,
}

/// All implementations.
///
/// The lists are in the order of files and places, whatever was filed first.
#[derive(Debug, Default)]
pub(super) struct ImplTables {
    pub(super) impls: Vec<Impl>,
    /// Numbers that are free again.
    free: Vec<u32>,
    /// What each file declares: blocks, and types that derive, with the implementations of each.
    declared: FxHashMap<u32, Vec<Declared>>,
    /// The implementation that a block is.
    blocks: FxHashMap<DefId, u32>,
    /// Methods and associated functions of a type's own implementations.
    pub(super) inherent: FxHashMap<(Head, Sym), Vec<(u32, DefId)>>,
    by_trait: FxHashMap<(DefId, Head), Vec<u32>>,
    /// Implementations for a type parameter.
    blanket: FxHashMap<DefId, Vec<u32>>,
    /// Methods and associated functions of traits.
    pub(super) trait_members: FxHashMap<Sym, Vec<(DefId, DefId)>>,
    trait_types: FxHashMap<Sym, Vec<DefId>>,
    /// Bounds in force in the body at hand.
    pub(super) in_force: Vec<(Ty, Bound)>,
    depth: u32,
    bounds_depth: u32,
}

/// A declaration that makes implementations.
#[derive(Debug)]
struct Declared {
    def: DefId,
    /// Their numbers, and what their headers depend on.
    numbers: Memo<Box<[u32]>>,
}

impl ImplTables {
    /// The implementation that a block is.
    pub(super) fn block_of(&self, def: DefId) -> Option<&Impl> {
        self.blocks.get(&def).map(|&number| &self.impls[number as usize])
    }
}

/// Items of the standard library that the language itself knows.
#[derive(Debug, Default)]
pub(super) struct KnownItems {
    pub(super) prelude: Option<ScopeId>,
    pub(super) option: Option<DefId>,
    pub(super) result: Option<DefId>,
    pub(super) poll: Option<DefId>,
    pub(super) boxed: Option<DefId>,
    pub(super) vec: Option<DefId>,
    pub(super) string: Option<DefId>,
    pub(super) cstr: Option<DefId>,
    pub(super) deref: Option<DefId>,
    pub(super) future: Option<DefId>,
    pub(super) into_future: Option<DefId>,
    pub(super) into_iterator: Option<DefId>,
    pub(super) index: Option<DefId>,
    pub(super) fn_traits: Vec<DefId>,
    pub(super) range: Option<DefId>,
    pub(super) range_from: Option<DefId>,
    pub(super) range_to: Option<DefId>,
    pub(super) range_full: Option<DefId>,
    pub(super) operators: FxHashMap<&'static str, DefId>,
    pub(super) target: Sym,
    pub(super) output: Sym,
    pub(super) item: Sym,
}

/// Implementations that depend on one another deeper than this are taken for found.
const MAX_DEPTH: u32 = 5;

impl Resolver {
    pub(super) fn find_known_items(&mut self) {
        for (slot, name) in [(0, "Target"), (1, "Output"), (2, "Item")] {
            let sym = self.program.interner.intern(name);
            match slot {
                0 => self.known.target = sym,
                1 => self.known.output = sym,
                _ => self.known.item = sym,
            }
        }
        let Some(root) = self.program.std_root else { return };
        let mut find = |path: &str| {
            let names: Vec<Sym> = path.split("::").map(|name| self.program.interner.intern(name)).collect();
            let mut res = Res::Module(root);
            for name in names {
                res = self.path_step(res, name, Ns::Type)?;
            }
            Some(res)
        };
        let mut def = |path: &str| match find(path) {
            Some(Res::Def(def)) => Some(def),
            _ => None,
        };
        let option = def("option::Option");
        let result = def("result::Result");
        let poll = def("task::Poll");
        let boxed = def("boxed::Box");
        let vec = def("vec::Vec");
        let string = def("string::String");
        let cstr = def("ffi::CStr");
        let deref = def("ops::Deref");
        let future = def("future::Future");
        let into_future = def("future::IntoFuture");
        let into_iterator = def("iter::IntoIterator");
        let index = def("ops::Index");
        let fn_traits =
            ["ops::Fn", "ops::FnMut", "ops::FnOnce"].iter().filter_map(|path| def(path)).collect();
        let range = def("ops::Range");
        let range_from = def("ops::RangeFrom");
        let range_to = def("ops::RangeTo");
        let range_full = def("ops::RangeFull");
        let operators = ["Add", "Sub", "Mul", "Div", "Rem", "BitAnd", "Shl", "Neg", "Not"]
            .into_iter()
            .filter_map(|name| Some((name, def(&format!("ops::{name}"))?)))
            .collect();
        let prelude = match find("prelude::v1") {
            Some(Res::Module(scope)) => Some(scope),
            _ => None,
        };
        let (target, output, item) = (self.known.target, self.known.output, self.known.item);
        self.known = KnownItems {
            prelude,
            option,
            result,
            poll,
            boxed,
            vec,
            string,
            cstr,
            deref,
            future,
            into_future,
            into_iterator,
            index,
            fn_traits,
            range,
            range_from,
            range_to,
            range_full,
            operators,
            target,
            output,
            item,
        };
    }

    pub(super) fn head(&self, ty: Ty) -> Option<Head> {
        Some(match self.types.kind(ty) {
            TyKind::Adt(def, _) => Head::Adt(def),
            TyKind::Prim(prim) => Head::Prim(prim),
            TyKind::External(path, _) => Head::External(path),
            TyKind::Ref(_) => Head::Ref,
            TyKind::Pointer(_) => Head::Pointer,
            TyKind::Slice(_) => Head::Slice,
            TyKind::Array(_) => Head::Array,
            TyKind::Tuple(_) => Head::Tuple,
            TyKind::Function(_) => Head::Function,
            TyKind::Dyn(bounds) => {
                let first = *self.types.bound_list(bounds).first()?;
                Head::Dyn(self.types.bound_data(first).of_trait)
            }
            TyKind::Never => Head::Never,
            TyKind::Unknown
            | TyKind::Param(..)
            | TyKind::SelfParam(_)
            | TyKind::Opaque(_)
            | TyKind::Assoc(..)
            | TyKind::Infer(_) => return None,
        })
    }

    /// The heads under which implementations for a type may be filed: a literal may be any number,
    /// and the stubs describe all integers by one type.
    fn heads(&self, head: Head) -> [Option<Head>; 2] {
        match head {
            Head::Prim(prim) if prim.is_integer() => [Some(head), Some(Head::Prim(Prim::I32))],
            Head::Prim(prim) if prim.is_float() => [Some(head), Some(Head::Prim(Prim::F64))],
            _ => [Some(head), None],
        }
    }

    pub(super) fn build_impl_tables(&mut self) {
        for number in 0..self.program.files.len() as u32 {
            self.add_impls(number);
        }
        // What the tables depend on is noted by who reads them.
        self.tracker.begin();
    }

    /// Files the implementations and the members of traits of a file.
    pub(super) fn add_impls(&mut self, file: u32) {
        let is_std = self.program.files[file as usize].is_std;
        let mut all = Vec::new();
        for def in self.program.files[file as usize].defs.clone() {
            match self.program.def(def).kind {
                DefKind::Impl => all.push(self.declare(def)),
                DefKind::Struct | DefKind::Enum if !is_std && !self.derives(def).is_empty() => {
                    all.push(self.declare(def));
                }
                DefKind::Trait => self.add_trait_members(def),
                _ => {}
            }
        }
        if !all.is_empty() {
            self.impls.declared.insert(file, all);
        }
    }

    /// Takes out what [`Resolver::add_impls`] put in.
    pub(super) fn remove_impls(&mut self, file: u32) {
        for declared in self.impls.declared.remove(&file).unwrap_or_default() {
            for &number in &declared.numbers.value {
                self.unfile(number);
            }
        }
        for def in self.program.files[file as usize].defs.clone() {
            if self.program.def(def).kind != DefKind::Trait {
                continue;
            }
            let members: Vec<DefId> = self.program.children(def).collect();
            for member in members {
                let name = self.program.def(member).name;
                if let Some(list) = self.impls.trait_members.get_mut(&name) {
                    list.retain(|&(of_trait, _)| of_trait != def);
                }
                if let Some(list) = self.impls.trait_types.get_mut(&name) {
                    list.retain(|&of_trait| of_trait != def);
                }
            }
        }
    }

    /// Files again what stands in any file and whose header may mean something else now, and returns
    /// the keys of what changed by that.
    pub(super) fn refile_impls(&mut self) -> Vec<u32> {
        let mut stale = Vec::new();
        for (&file, all) in &mut self.impls.declared {
            for (at, declared) in all.iter_mut().enumerate() {
                if !self.tracker.holds(&mut declared.numbers) {
                    stale.push((file, at));
                }
            }
        }
        stale.sort_unstable();
        let mut keys = Vec::new();
        for (file, at) in stale {
            let Some(all) = self.impls.declared.get(&file) else { continue };
            let (def, before) = (all[at].def, all[at].numbers.value.clone());
            let shown = |resolver: &Self, numbers: &[u32]| -> Vec<(Ty, Option<Bound>)> {
                numbers
                    .iter()
                    .map(|&number| resolver.impls.impls[number as usize])
                    .map(|known| (known.self_type, known.bound))
                    .collect()
            };
            let was = shown(self, &before);
            let keys_before: Vec<u32> = before.iter().flat_map(|&number| self.impl_keys(number)).collect();
            for &number in &before {
                self.unfile(number);
            }
            let declared = self.declare(def);
            if shown(self, &declared.numbers.value) != was {
                keys.extend(keys_before);
                keys.extend(declared.numbers.value.iter().flat_map(|&number| self.impl_keys(number)));
            }
            if let Some(all) = self.impls.declared.get_mut(&file) {
                all[at] = declared;
            }
        }
        self.tracker.begin();
        keys
    }

    fn declare(&mut self, def: DefId) -> Declared {
        self.tracker.open();
        self.touch_def(def);
        let numbers: Box<[u32]> = if self.program.def(def).kind == DefKind::Impl {
            self.add_impl(def).into_iter().collect()
        } else {
            self.add_derived(def).into()
        };
        Declared { def, numbers: self.tracker.close(numbers) }
    }

    fn add_trait_members(&mut self, def: DefId) {
        let members: Vec<DefId> = self.program.children(def).collect();
        let place = self.program.place(def);
        for member in members {
            let data = self.program.def(member);
            match data.kind {
                DefKind::Function => {
                    let list = self.impls.trait_members.entry(data.name).or_default();
                    let at = list.partition_point(|&(known, _)| self.program.place(known) <= place);
                    list.insert(at, (def, member));
                }
                DefKind::Alias => {
                    let list = self.impls.trait_types.entry(data.name).or_default();
                    let at = list.partition_point(|&known| self.program.place(known) <= place);
                    list.insert(at, def);
                }
                _ => {}
            }
        }
    }

    fn add_impl(&mut self, def: DefId) -> Option<u32> {
        let ItemDetail::Impl { of_trait, is_negative: false, .. } = self.program.detail(def) else {
            return None;
        };
        let of_trait = *of_trait;
        let self_type = self.impl_self(def);
        let env = self.env_of(def);
        // A trait from outside gives no bound: its methods are then filed as if they were the type's
        // own, because that is how a call on the type finds them.
        let bound = of_trait.and_then(|of_trait| self.lower_bound(env, of_trait));
        let bound = bound.map(|bound| self.close_bound(bound));
        let number = self.file(Impl { def, bound, self_type, is_derived: false });
        self.impls.blocks.insert(def, number);
        Some(number)
    }

    /// Puts an implementation into the tables.
    fn file(&mut self, new: Impl) -> u32 {
        let number = match self.impls.free.pop() {
            Some(number) => {
                self.impls.impls[number as usize] = new;
                number
            }
            None => {
                self.impls.impls.push(new);
                self.impls.impls.len() as u32 - 1
            }
        };
        let place = self.program.place(new.def);
        let place_of = |impls: &[Impl], number: u32| self.program.place(impls[number as usize].def);
        let head = self.head(new.self_type);
        match (new.bound, head) {
            (Some(bound), head) => {
                let of_trait = self.types.bound_data(bound).of_trait;
                let list = match head {
                    Some(head) => self.impls.by_trait.entry((of_trait, head)).or_default(),
                    None => self.impls.blanket.entry(of_trait).or_default(),
                };
                let at = list.partition_point(|&known| place_of(&self.impls.impls, known) <= place);
                list.insert(at, number);
            }
            (None, Some(head)) => {
                let members: Vec<DefId> = self.program.children(new.def).collect();
                for member in members {
                    let data = self.program.def(member);
                    if matches!(data.kind, DefKind::Function | DefKind::Constant) {
                        let list = self.impls.inherent.entry((head, data.name)).or_default();
                        let at =
                            list.partition_point(|&(known, _)| place_of(&self.impls.impls, known) <= place);
                        list.insert(at, (number, member));
                    }
                }
            }
            (None, None) => {}
        }
        number
    }

    /// Takes an implementation out of the tables.
    fn unfile(&mut self, number: u32) {
        let old = self.impls.impls[number as usize];
        let head = self.head(old.self_type);
        match (old.bound, head) {
            (Some(bound), head) => {
                let of_trait = self.types.bound_data(bound).of_trait;
                let list = match head {
                    Some(head) => self.impls.by_trait.get_mut(&(of_trait, head)),
                    None => self.impls.blanket.get_mut(&of_trait),
                };
                if let Some(list) = list {
                    list.retain(|&known| known != number);
                    if list.is_empty() {
                        // That there is a list means that there is an implementation.
                        match head {
                            Some(head) => self.impls.by_trait.remove(&(of_trait, head)),
                            None => self.impls.blanket.remove(&of_trait),
                        };
                    }
                }
            }
            (None, Some(head)) => {
                let members: Vec<DefId> = self.program.children(old.def).collect();
                for member in members {
                    let name = self.program.def(member).name;
                    if let Some(list) = self.impls.inherent.get_mut(&(head, name)) {
                        list.retain(|&(known, _)| known != number);
                    }
                }
            }
            (None, None) => {}
        }
        if !old.is_derived {
            self.impls.blocks.remove(&old.def);
        }
        self.impls.free.push(number);
    }

    /// The traits that a type derives, as written.
    fn derives(&self, def: DefId) -> Vec<String> {
        let lists = self
            .program
            .fact(def)
            .attributes
            .iter()
            .filter_map(|text| text.strip_prefix("derive(")?.strip_suffix(')'));
        lists.flat_map(|list| list.split(',').map(|name| name.trim().to_owned())).collect()
    }

    fn add_derived(&mut self, def: DefId) -> Vec<u32> {
        let scope = self.program.def(def).scope;
        let params = self.own_params(def);
        let self_type = self.types.adt(def, &params);
        let mut numbers = Vec::new();
        for derive in self.derives(def) {
            let names: Vec<Sym> =
                derive.split("::").map(|name| self.program.interner.intern(name.trim())).collect();
            let Some(Res::Def(of_trait)) = self.walk_path(scope, false, &names, Ns::Type) else { continue };
            if self.program.def(of_trait).kind != DefKind::Trait {
                continue;
            }
            let env = self.env_of(of_trait);
            let mut args = self.fill_args(Env { in_body: false, ..env }, of_trait, Vec::new());
            // `PartialEq<Rhs = Self>`.
            args.fill(self_type);
            let args = self.types.args(&args);
            let bound = self.types.bound(BoundData { of_trait, args, bindings: Box::new([]) });
            numbers.push(self.file(Impl { def, bound: Some(bound), self_type, is_derived: true }));
        }
        numbers
    }

    /// What stands for the head of a type in keys.
    pub(super) fn head_key(&self, head: Head) -> u32 {
        match head {
            Head::Adt(def) | Head::Dyn(def) => self.program.interner.key(self.program.def(def).name),
            Head::External(path) => self.program.interner.key(path),
            Head::Prim(prim) => name_key(prim.name()),
            Head::Ref => 1,
            Head::Pointer => 2,
            Head::Slice => 3,
            Head::Array => 4,
            Head::Tuple => 5,
            Head::Function => 6,
            Head::Never => 7,
        }
    }

    /// The keys under which lookups that an implementation concerns are noted.
    fn impl_keys(&self, number: u32) -> Vec<u32> {
        let known = &self.impls.impls[number as usize];
        let head = self.head(known.self_type).map(|head| self.head_key(head));
        match (known.bound, head) {
            (Some(bound), head) => vec![self.impl_key(self.types.bound_data(bound).of_trait, head)],
            (None, Some(head)) => self
                .program
                .children(known.def)
                .map(|member| keys::inherent(head, self.program.interner.key(self.program.def(member).name)))
                .collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The keys of all implementations.
    pub(super) fn all_impl_keys(&self) -> Vec<u32> {
        (0..self.impls.impls.len() as u32).flat_map(|number| self.impl_keys(number)).collect()
    }

    fn impl_key(&self, of_trait: DefId, head: Option<u32>) -> u32 {
        let of_trait = self.program.interner.key(self.program.def(of_trait).name);
        head.map_or_else(|| keys::blanket(of_trait), |head| keys::implementation(of_trait, head))
    }

    /// What the implementations of a file show to others: keys, each with a fingerprint.
    pub(super) fn shown_impls(&self, file: u32, interface: &Interface, shown: &mut Vec<(u32, u64)>) {
        let print = |def: DefId| interface.symbols[self.program.def(def).index as usize];
        for declared in self.impls.declared.get(&file).into_iter().flatten() {
            for &number in &declared.numbers.value {
                let known = &self.impls.impls[number as usize];
                let head = self.head(known.self_type).map(|head| self.head_key(head));
                match (known.bound, head) {
                    (Some(bound), head) => {
                        let of_trait = self.types.bound_data(bound).of_trait;
                        shown.push((self.impl_key(of_trait, head), print(known.def)));
                    }
                    (None, Some(head)) => {
                        shown.extend(self.program.children(known.def).map(|member| {
                            let name = self.program.interner.key(self.program.def(member).name);
                            (keys::inherent(head, name), print(member))
                        }));
                    }
                    (None, None) => {}
                }
            }
        }
    }

    /// What the headers of the implementations of all files mean, for comparing one program with
    /// another: by file and place, a fingerprint and the keys that a difference concerns.
    pub(crate) fn impl_headers(&self) -> FxHashMap<(u32, u32, u32), (u64, Vec<u32>)> {
        let of_def = |def: DefId| {
            u64::from(self.program.file_of(def).key) << 32
                | u64::from(self.program.interner.key(self.program.def(def).name))
        };
        let mut found = FxHashMap::default();
        for (&file, all) in &self.impls.declared {
            let file = &self.program.files[file as usize];
            if file.is_std {
                continue;
            }
            for declared in all {
                let index = self.program.def(declared.def).index;
                for (at, &number) in declared.numbers.value.iter().enumerate() {
                    let known = &self.impls.impls[number as usize];
                    let head = match self.head(known.self_type) {
                        Some(Head::Adt(def) | Head::Dyn(def)) => of_def(def),
                        Some(head) => u64::from(self.head_key(head)),
                        None => 0,
                    };
                    let of_trait =
                        known.bound.map_or(0, |bound| of_def(self.types.bound_data(bound).of_trait));
                    let print = head.rotate_left(29) ^ of_trait;
                    found.insert((file.key, index, at as u32), (print, self.impl_keys(number)));
                }
            }
        }
        found
    }

    /// Whether an implementation is one for `ty`; on success the types of its parameters.
    pub(super) fn match_impl(&mut self, number: u32, ty: Ty, args: Option<&[Ty]>) -> Option<Subst> {
        let candidate = self.impls.impls[number as usize];
        let mark = self.snapshot();
        let params = self.fresh_args(candidate.def);
        let subst = Subst::default().with(candidate.def, params);
        let self_type = self.subst(candidate.self_type, &subst);
        let mut fits = self.unify(self_type, ty);
        if fits && let (Some(bound), Some(args)) = (candidate.bound, args) {
            let bound = self.subst_bound(bound, &subst);
            let own = self.types.bound_data(bound).args;
            let own: Vec<Ty> = self.types.list(own).to_vec();
            for (own, wanted) in own.iter().zip(args) {
                fits &= self.unify(*own, *wanted);
            }
        }
        if fits && !candidate.is_derived {
            self.impls.depth += 1;
            let predicates = self.predicates(candidate.def);
            for &(subject, bound) in predicates.iter() {
                let subject = self.subst(subject, &subst);
                let subject = self.resolve(subject);
                let of_trait = self.types.bound_data(bound).of_trait;
                if self.impls.depth <= MAX_DEPTH && self.may_implement(subject, of_trait) == Some(false) {
                    fits = false;
                    break;
                }
            }
            self.impls.depth -= 1;
        }
        if !fits {
            self.rollback(mark);
            return None;
        }
        Some(subst)
    }

    /// Whether `ty` implements a trait; `None` when that cannot be told.
    fn may_implement(&mut self, ty: Ty, of_trait: DefId) -> Option<bool> {
        match self.types.kind(ty) {
            TyKind::Infer(_) | TyKind::Unknown | TyKind::Never => return None,
            _ => {}
        }
        if self.implements(ty, of_trait) {
            return Some(true);
        }
        // The stubs leave out most implementations of the traits that everything has.
        if self.program.is_std(of_trait) && !self.is_structural(of_trait) {
            return None;
        }
        if matches!(self.types.kind(ty), TyKind::External(..)) {
            return None;
        }
        Some(false)
    }

    /// Whether the stubs are complete in the implementations of a trait.
    fn is_structural(&self, of_trait: DefId) -> bool {
        let name = self.program.text(self.program.def(of_trait).name);
        matches!(
            name,
            "Iterator"
                | "DoubleEndedIterator"
                | "Future"
                | "Fn"
                | "FnMut"
                | "FnOnce"
                | "Deref"
                | "Read"
                | "Write"
                | "BufRead"
                | "Seek"
                | "Error"
        )
    }

    pub(super) fn implements(&mut self, ty: Ty, of_trait: DefId) -> bool {
        let mark = self.snapshot();
        let found = self.find_impl(ty, of_trait, None).is_some() || self.has_bound(ty, of_trait);
        self.rollback(mark);
        found
    }

    fn has_bound(&mut self, ty: Ty, of_trait: DefId) -> bool {
        let ty = self.resolve(ty);
        if self.known.fn_traits.contains(&of_trait) && matches!(self.types.kind(ty), TyKind::Function(_)) {
            return true;
        }
        self.bounds_of(ty).iter().any(|&bound| self.types.bound_data(bound).of_trait == of_trait)
    }

    /// The implementation of a trait for a type, and the types of its parameters.
    pub(super) fn find_impl(&mut self, ty: Ty, of_trait: DefId, args: Option<&[Ty]>) -> Option<(u32, Subst)> {
        let ty = self.resolve(ty);
        if self.impls.depth > MAX_DEPTH {
            return None;
        }
        let mut candidates: Vec<u32> = Vec::new();
        let head = self.head(ty);
        self.touch_impls(of_trait, head);
        match head {
            Some(head) => {
                for head in self.heads(head).into_iter().flatten() {
                    candidates.extend(self.impls.by_trait.get(&(of_trait, head)).into_iter().flatten());
                }
            }
            None if matches!(self.types.kind(ty), TyKind::Infer(_) | TyKind::Unknown) => return None,
            None => {}
        }
        candidates.extend(self.impls.blanket.get(&of_trait).into_iter().flatten());
        if candidates.is_empty() {
            return None;
        }
        self.impls.depth += 1;
        let mut found = None;
        for number in candidates {
            if let Some(subst) = self.match_impl(number, ty, args) {
                found = Some((number, subst));
                break;
            }
        }
        self.impls.depth -= 1;
        found
    }

    /// How many implementations of a trait a type may have: more than one when they differ in the
    /// arguments of the trait. Counts no further than two.
    pub(super) fn count_impls(&mut self, ty: Ty, of_trait: DefId) -> usize {
        let mut candidates: Vec<u32> = Vec::new();
        let head = self.head(ty);
        self.touch_impls(of_trait, head);
        if let Some(head) = head {
            for head in self.heads(head).into_iter().flatten() {
                candidates.extend(self.impls.by_trait.get(&(of_trait, head)).into_iter().flatten());
            }
        }
        candidates.extend(self.impls.blanket.get(&of_trait).into_iter().flatten());
        let mut count = 0;
        for number in candidates {
            let mark = self.snapshot();
            if self.match_impl(number, ty, None).is_some() {
                count += 1;
            }
            self.rollback(mark);
            if count > 1 {
                break;
            }
        }
        count
    }

    /// Notes that the answer depends on the implementations of a trait for types of a head.
    fn touch_impls(&mut self, of_trait: DefId, head: Option<Head>) {
        self.tracker.touch(self.impl_key(of_trait, None));
        for head in head.map_or([None, None], |head| self.heads(head)).into_iter().flatten() {
            let head = self.head_key(head);
            self.tracker.touch(self.impl_key(of_trait, Some(head)));
        }
    }

    /// Whether any implementation of a trait could be one for a type of this head.
    pub(super) fn has_candidates(&mut self, of_trait: DefId, head: Option<Head>) -> bool {
        self.touch_impls(of_trait, head);
        self.impls.blanket.contains_key(&of_trait)
            || head.is_some_and(|head| {
                self.heads(head)
                    .into_iter()
                    .flatten()
                    .any(|head| self.impls.by_trait.contains_key(&(of_trait, head)))
            })
    }

    /// The bounds that a type is known by, supertraits included: of parameters, `impl` and `dyn`
    /// types, and associated types.
    pub(super) fn bounds_of(&mut self, ty: Ty) -> Vec<Bound> {
        let mut direct: Vec<Bound> = Vec::new();
        match self.types.kind(ty) {
            TyKind::Param(owner, _) => {
                let predicates = self.predicates(owner);
                direct
                    .extend(predicates.iter().filter(|(subject, _)| *subject == ty).map(|(_, bound)| *bound));
            }
            TyKind::SelfParam(of_trait) => {
                let params = self.own_params(of_trait);
                let args = self.types.args(&params);
                direct.push(self.types.bound(BoundData { of_trait, args, bindings: Box::new([]) }));
            }
            TyKind::Dyn(bounds) | TyKind::Opaque(bounds) => direct.extend(self.types.bound_list(bounds)),
            TyKind::Assoc(inner, of_trait, name) => {
                if let Some(alias) = self.member_named(of_trait, name, DefKind::Alias)
                    && let ItemDetail::Alias { bounds, .. } = self.program.detail(alias)
                {
                    let bounds = *bounds;
                    let env = self.env_of(alias);
                    let env = Env { owner: Some(of_trait), ..env };
                    let subst = Subst::default().with_self(inner);
                    for bound in self.lower_bounds(env, bounds) {
                        direct.push(self.subst_bound(bound, &subst));
                    }
                }
            }
            _ => return direct,
        }
        direct.extend(
            self.impls.in_force.iter().filter(|(subject, _)| *subject == ty).map(|(_, bound)| *bound),
        );
        // The arguments of a supertrait can name an associated type of the type itself, whose bounds ask
        // for those of the type again.
        if self.impls.bounds_depth >= MAX_DEPTH || !self.busy.insert((6, u64::from(ty.0))) {
            return direct;
        }
        self.impls.bounds_depth += 1;
        let all = self.with_supertraits(ty, direct);
        self.impls.bounds_depth -= 1;
        self.busy.remove(&(6, u64::from(ty.0)));
        all
    }

    /// The bounds of a type with those that they include.
    fn with_supertraits(&mut self, ty: Ty, mut direct: Vec<Bound>) -> Vec<Bound> {
        let mut all = Vec::new();
        let mut seen = Vec::new();
        while let Some(bound) = direct.pop() {
            let data = self.types.bound_data(bound).clone();
            if seen.contains(&data.of_trait) {
                continue;
            }
            seen.push(data.of_trait);
            all.push(bound);
            let supertraits = self.supertraits(data.of_trait);
            let args = self.types.list(data.args).to_vec();
            let subst = Subst::default().with(data.of_trait, args).with_self(ty);
            for &supertrait in supertraits.iter() {
                let bound = self.subst_bound(supertrait, &subst);
                // What the bound says of the associated types of a supertrait goes with it.
                let mut inner = self.types.bound_data(bound).clone();
                if !data.bindings.is_empty() && inner.bindings.is_empty() {
                    inner.bindings = data.bindings.clone();
                }
                direct.push(self.types.bound(inner));
            }
        }
        all
    }

    /// `<ty as of_trait>::name`, as far as it can be told.
    pub(super) fn project(&mut self, ty: Ty, of_trait: DefId, name: Sym) -> Ty {
        let ty = self.resolve(ty);
        match self.types.kind(ty) {
            TyKind::Unknown => return Types::UNKNOWN,
            TyKind::Infer(_) => return self.types.intern(TyKind::Assoc(ty, of_trait, name)),
            TyKind::Function(args)
                if name == self.known.output && self.known.fn_traits.contains(&of_trait) =>
            {
                return self.types.list(args).last().copied().unwrap_or(Types::UNKNOWN);
            }
            _ => {}
        }
        let mut has_bound = false;
        for bound in self.bounds_of(ty) {
            let data = self.types.bound_data(bound);
            if data.of_trait == of_trait {
                has_bound = true;
                if let Some(&(_, bound)) = data.bindings.iter().find(|(known, _)| *known == name) {
                    return bound;
                }
            }
        }
        if has_bound {
            return self.types.intern(TyKind::Assoc(ty, of_trait, name));
        }
        if self.impls.depth > MAX_DEPTH {
            return Types::UNKNOWN;
        }
        let Some((number, subst)) = self.find_impl(ty, of_trait, None) else {
            // A parameter without the bound may get it where it is used.
            return match self.types.kind(ty) {
                TyKind::Param(..) | TyKind::SelfParam(_) | TyKind::Assoc(..) => {
                    self.types.intern(TyKind::Assoc(ty, of_trait, name))
                }
                _ => Types::UNKNOWN,
            };
        };
        self.project_impl(number, &subst, ty, of_trait, name)
    }

    fn project_impl(&mut self, number: u32, subst: &Subst, ty: Ty, of_trait: DefId, name: Sym) -> Ty {
        let def = self.impls.impls[number as usize].def;
        let (alias, subst) = match self.member_named(def, name, DefKind::Alias) {
            Some(alias) => (alias, subst.clone()),
            None => match self.member_named(of_trait, name, DefKind::Alias) {
                Some(alias) => (alias, subst.clone().with_self(ty)),
                None => return Types::UNKNOWN,
            },
        };
        let ItemDetail::Alias { ty: Some(target), .. } = self.program.detail(alias) else {
            return Types::UNKNOWN;
        };
        let target = *target;
        if !self.busy.insert((4, u64::from(alias.0))) {
            return Types::UNKNOWN;
        }
        let env = self.env_of(alias);
        let env = Env { owner: self.program.def(alias).parent, ..env };
        let lowered = self.lower(env, target);
        let projected = self.subst(lowered, &subst);
        self.busy.remove(&(4, u64::from(alias.0)));
        projected
    }

    /// `ty::name` where no trait is written: of the implementation at hand, of the bounds of a
    /// parameter, or of the one trait that the type implements with such a type.
    pub(super) fn assoc_type(&mut self, env: Env, ty: Ty, name: Sym) -> Ty {
        let ty = self.resolve(ty);
        if let Some(owner) = env.owner {
            for def in self.owners(owner) {
                let kind = self.program.def(def).kind;
                match kind {
                    DefKind::Impl => {
                        if let Some(alias) = self.member_named(def, name, DefKind::Alias)
                            && self.impl_self(def) == ty
                            && let ItemDetail::Alias { ty: Some(target), .. } = self.program.detail(alias)
                        {
                            let target = *target;
                            if !self.busy.insert((5, u64::from(alias.0))) {
                                return Types::UNKNOWN;
                            }
                            let own_env = self.env_of(alias);
                            let lowered = self.lower(Env { owner: Some(def), ..own_env }, target);
                            self.busy.remove(&(5, u64::from(alias.0)));
                            return lowered;
                        }
                    }
                    DefKind::Trait
                        if self.types.kind(ty) == TyKind::SelfParam(def)
                            && self.member_named(def, name, DefKind::Alias).is_some() =>
                    {
                        return self.types.intern(TyKind::Assoc(ty, def, name));
                    }
                    _ => {}
                }
            }
        }
        for bound in self.bounds_of(ty) {
            let of_trait = self.types.bound_data(bound).of_trait;
            if self.member_named(of_trait, name, DefKind::Alias).is_some() {
                return self.project(ty, of_trait, name);
            }
        }
        self.tracker.touch(keys::trait_member(self.program.interner.key(name)));
        let traits = self.impls.trait_types.get(&name).cloned().unwrap_or_default();
        for of_trait in traits {
            let head = self.head(ty);
            if self.has_candidates(of_trait, head) && self.implements(ty, of_trait) {
                return self.project(ty, of_trait, name);
            }
        }
        Types::UNKNOWN
    }
}
