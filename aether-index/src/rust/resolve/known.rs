//! Items of the standard library that the language itself knows.

use rustc_hash::FxHashMap;

use super::Resolver;
use super::interner::Sym;
use super::names::{Ns, Res};
use super::program::{DefId, ScopeId};

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
}
