//! What is known of each symbol: what it is, and whether something outside may start it.

use std::collections::{BTreeMap, BTreeSet};

use super::Link;
use crate::code::{Confidence, EdgeKind, Language, Symbol, SymbolId, SymbolKind, Visibility};

/// The place of no symbol.
pub(super) const NONE: u32 = u32::MAX;

/// A symbol as the builder takes it.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) id: SymbolId,
    parent: Option<SymbolId>,
    class: Class,
    name: String,
    qualified_name: String,
    path: String,
    is_rust: bool,
    visibility: Visibility,
    is_started: bool,
    is_test: bool,
    cfg: Condition,
    /// Of a crate: its kind and the file of its root.
    target: Option<(String, String)>,
}

/// What kind of thing a symbol is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Class {
    File,
    /// A package, a crate, a module.
    Module,
    Callable,
    /// A type, a trait, a class.
    Type,
    /// A constant, a static, a variable.
    Value,
    Macro,
    /// A block that implements the methods of a type.
    Impl,
    /// A block that implements a trait.
    TraitImpl,
    /// A field, a variant: a part of a type.
    Part,
    Other,
}

impl Class {
    fn of(kind: &SymbolKind, name: &str) -> Self {
        match kind.as_str() {
            "file" => Self::File,
            "package" | "crate" | "module" => Self::Module,
            "function" | "method" | "test" => Self::Callable,
            "struct" | "union" | "enum" | "trait" | "type" | "class" => Self::Type,
            "constant" | "static" | "variable" => Self::Value,
            "macro" => Self::Macro,
            "impl" if name.starts_with('<') && name.contains(" as ") => Self::TraitImpl,
            "impl" => Self::Impl,
            "field" | "variant" => Self::Part,
            _ => Self::Other,
        }
    }
}

/// Under which condition of compilation a symbol stands.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Condition {
    Always,
    /// Where tests are compiled.
    Test,
    Sometimes,
}

impl Condition {
    fn of(cfg: Option<&str>) -> Self {
        match cfg {
            None => Self::Always,
            Some("test") => Self::Test,
            Some(_) => Self::Sometimes,
        }
    }
}

/// A symbol of the graph.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: SymbolId,
    pub(super) parent: u32,
    pub(super) class: Class,
    pub(super) qualified_name: Box<str>,
    /// The next symbol of the same qualified name, around in a circle: the twins of a `cfg`.
    pub(super) twin: u32,
    /// Whether it is a test or stands beside tests.
    pub(super) is_test: bool,
    /// Whether something outside the index starts or uses it.
    pub(super) entry: Outside,
    /// Whether it lives when what contains it does.
    pub(super) carried: Outside,
    /// How sure it is that nothing uses it, should nothing in the graph lead to it.
    pub(super) sure: Confidence,
    /// Unresolved calls that go by its name.
    pub(super) unresolved_calls: u32,
    /// Whether a condition of compilation other than `test` stands above it.
    pub(super) is_conditional: bool,
    /// Whether it is told by itself: not with what contains it, and not if its name says that nobody need
    /// use it.
    pub(super) is_own: bool,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outside {
    No,
    /// As far as code outside the repository uses what is public.
    IfPublicIsUsed,
    Yes,
}

impl Outside {
    pub(super) fn holds(self, is_public_used: bool) -> bool {
        self == Self::Yes || self == Self::IfPublicIsUsed && is_public_used
    }
}

impl Node {
    /// Whether it is public in a library, for code outside the repository.
    pub(super) fn is_exported(&self) -> bool {
        [self.entry, self.carried].contains(&Outside::IfPublicIsUsed)
    }

    /// Whether it is code of its own that takes part in ranks: what calls, is called or used.
    pub(super) fn is_code(&self) -> bool {
        matches!(self.class, Class::Callable | Class::Type | Class::Value | Class::Macro)
    }

    /// Whether it may be told as unreached.
    pub(super) fn is_candidate(&self) -> bool {
        self.is_code() && self.is_own
    }
}

/// Parts of a path that hold tests by custom.
const TEST_FOLDERS: [&str; 6] = ["tests", "test", "benches", "testing", "__tests__", "testdata"];

impl Raw {
    pub(super) fn of(symbol: &Symbol) -> Self {
        let class = Class::of(&symbol.kind, &symbol.name);
        let is_rust = symbol.language == Language::RUST;
        let path = symbol.file.as_str().to_owned();
        let is_in_tests = path.split('/').any(|part| TEST_FOLDERS.contains(&part));
        // The `init` of a package of Go is started as well.
        let is_main = symbol.kind == SymbolKind::FUNCTION
            && (symbol.name == "main" || symbol.name == "init" && !is_rust)
            && symbol.parent.is_none();
        // What is called `_` is there for the compiler, and the rest is meant to look unused; `serde` calls
        // the functions of a module whose name stands in an attribute.
        let is_meant = is_rust
            && (symbol.name.starts_with('_')
                || symbol.kind == SymbolKind::FUNCTION
                    && matches!(symbol.name.as_str(), "serialize" | "deserialize"));
        let target = (symbol.kind == SymbolKind::CRATE).then(|| target_of(&symbol.signature)).flatten();
        Self {
            id: symbol.id,
            parent: symbol.parent,
            class,
            is_rust,
            is_test: symbol.kind == SymbolKind::TEST || is_in_tests,
            is_started: symbol.kind == SymbolKind::TEST
                || is_main
                || is_meant
                || symbol.attributes.iter().any(|attribute| starts(attribute, is_rust)),
            visibility: symbol.visibility.clone(),
            cfg: Condition::of(symbol.cfg.as_deref()),
            name: symbol.name.clone(),
            qualified_name: symbol.qualified_name.clone(),
            path,
            target,
        }
    }
}

/// `lib demo (src/lib.rs)`, the signature of a crate: its kind and its root.
fn target_of(signature: &str) -> Option<(String, String)> {
    let (kind, rest) = signature.split_once(' ')?;
    let root = rest.rsplit_once('(')?.1.strip_suffix(')')?;
    Some((kind.to_owned(), root.to_owned()))
}

/// Attributes that leave it to the code around whether an item is used. Any other may be a macro that
/// uses it in ways which cannot be seen here: `no_mangle`, `wasm_bindgen`, `pyfunction`, `ctor`, …
const SILENT: [&str; 58] = [
    "allow",
    "arg",
    "async_trait",
    "automatically_derived",
    "bitflags",
    "cfg",
    "cfg_attr",
    "clap",
    "clippy",
    "cold",
    "command",
    "default",
    "deny",
    "deprecated",
    "derive",
    "diagnostic",
    "display",
    "doc",
    "enum_dispatch",
    "error",
    "expect",
    "forbid",
    "from",
    "group",
    "ignore",
    "inline",
    "instrument",
    "label",
    "macro_use",
    "must_use",
    "non_exhaustive",
    "optimize",
    "path",
    "pin",
    "pin_project",
    "proptest",
    "recursion_limit",
    "repr",
    "rustc_const_stable",
    "rustc_const_unstable",
    "rustc_diagnostic_item",
    "rustfmt",
    "schemars",
    "serde",
    "serde_as",
    "should_panic",
    "skip",
    "source",
    "stable",
    "strum",
    "target_feature",
    "tracing",
    "track_caller",
    "type_length_limit",
    "unstable",
    "value",
    "warn",
    "no_coverage",
];

/// Whether an attribute may start what it stands at.
fn starts(attribute: &str, is_rust: bool) -> bool {
    if !is_rust {
        return !attribute.is_empty();
    }
    let head: &str =
        attribute.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    if head == "cfg_attr" {
        let hidden =
            ["no_mangle", "export_name", "wasm_bindgen", "pyfunction", "pyclass", "pymethods", "test"];
        return hidden.iter().any(|name| attribute.contains(name));
    }
    !SILENT.contains(&head)
}

/// How sure it is that nothing uses a symbol which nothing in the graph leads to, in thousandths.
mod sureness {
    /// Seen in its module or crate alone.
    pub(super) const HIDDEN: u16 = 900;
    /// Public by its word, in a program.
    pub(super) const PUBLIC: u16 = 800;
    /// Public by its word, in a module of a library that is not: macros may export it all the same.
    pub(super) const COVERED: u16 = 550;
    /// Behind a condition of compilation: its use may be behind another.
    pub(super) const CONDITIONAL: u16 = 500;
    /// Inside a function: it may be what a macro makes, or there for the compiler alone.
    pub(super) const LOCAL: u16 = 500;
    /// In a language whose visibility is a matter of custom, or whose calls go by name alone.
    pub(super) const OTHER_LANGUAGE: u16 = 600;
    /// In a file that no crate reaches: nothing in it is compiled, or something else does that.
    pub(super) const STRAY: u16 = 400;
    /// Calls whose target is not known go by its name.
    pub(super) const NAMED: u16 = 300;
    /// Public in a library, so that code outside the repository may use it.
    pub(super) const EXPORTED: u16 = 700;
}

/// The nodes of symbols that are sorted by id.
pub(super) fn nodes_of(symbols: Vec<Raw>, links: &[Link], unresolved: &BTreeMap<String, u32>) -> Vec<Node> {
    let around = Around::of(&symbols, links);
    let mut nodes: Vec<Node> = Vec::with_capacity(symbols.len());
    for (place, raw) in symbols.iter().enumerate() {
        let parent = place_of(&symbols, raw.parent);
        nodes.push(around.node(&symbols, place as u32, parent, unresolved));
    }
    join_twins(&mut nodes);
    nodes
}

fn place_of(symbols: &[Raw], id: Option<SymbolId>) -> u32 {
    id.and_then(|id| symbols.binary_search_by_key(&id, |raw| raw.id).ok()).map_or(NONE, |place| place as u32)
}

/// Puts symbols of one qualified name into a circle.
fn join_twins(nodes: &mut [Node]) {
    let mut order: Vec<u32> = (0..nodes.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| {
        let name = |place: u32| (&nodes[place as usize].qualified_name, place);
        name(a).cmp(&name(b))
    });
    let groups: Vec<&[u32]> = order
        .chunk_by(|&a, &b| nodes[a as usize].qualified_name == nodes[b as usize].qualified_name)
        .collect();
    let mut twins: Vec<(u32, u32)> = Vec::with_capacity(nodes.len());
    for group in groups {
        // A type and the blocks that implement it go by one name and are no twins, nor are a module and
        // the file that it is.
        let mut group: Vec<(Class, u32)> =
            group.iter().map(|&place| (nodes[place as usize].class, place)).collect();
        group.sort_unstable();
        for same in group.chunk_by(|a, b| a.0 == b.0) {
            for (at, &(_, place)) in same.iter().enumerate() {
                twins.push((place, same[(at + 1) % same.len()].1));
            }
        }
    }
    for (place, twin) in twins {
        nodes[place as usize].twin = twin;
    }
}

/// What surrounds symbols: crates, modules, and what is known by name.
struct Around<'s> {
    /// Crates by name: kind, and the folder of the root.
    crates: BTreeMap<String, Vec<(&'s str, &'s str)>>,
    /// Module path of each file.
    modules: BTreeMap<&'s str, &'s str>,
    /// Qualified names of modules: whether one of that name is public, and under which condition.
    named: BTreeMap<&'s str, (bool, Condition)>,
    /// Places of the modules that an import leads to.
    imported: BTreeSet<&'s str>,
    /// Methods that implement one of a trait or override another.
    overriding: BTreeSet<u32>,
    /// Of blocks that implement methods: whether one of the types they name is public.
    is_of_public: BTreeMap<u32, bool>,
}

impl<'s> Around<'s> {
    fn of(symbols: &'s [Raw], links: &[Link]) -> Self {
        let mut around = Self {
            crates: BTreeMap::new(),
            modules: BTreeMap::new(),
            named: BTreeMap::new(),
            imported: BTreeSet::new(),
            overriding: BTreeSet::new(),
            is_of_public: BTreeMap::new(),
        };
        for raw in symbols {
            if let Some((kind, root)) = &raw.target {
                let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
                let name = raw.name.replace('-', "_");
                around.crates.entry(name).or_default().push((kind, folder));
            }
            if raw.class == Class::File {
                around.modules.insert(&raw.path, &raw.qualified_name);
            }
            if raw.class == Class::Module && raw.target.is_none() {
                let is_public = raw.visibility == Visibility::Public;
                let known = around.named.entry(&raw.qualified_name).or_insert((false, raw.cfg));
                known.0 |= is_public;
                known.1 = known.1.min(raw.cfg);
            }
        }
        for link in links {
            let (from, to) = (&symbols[link.from as usize], &symbols[link.to as usize]);
            match link.kind {
                EdgeKind::Imports if matches!(to.class, Class::Module | Class::File) => {
                    around.imported.insert(&to.qualified_name);
                }
                EdgeKind::Implements if from.class == Class::Callable => {
                    around.overriding.insert(link.from);
                }
                EdgeKind::Uses if from.class == Class::Impl && to.class == Class::Type => {
                    let is_public = to.visibility == Visibility::Public;
                    *around.is_of_public.entry(link.from).or_insert(false) |= is_public;
                }
                _ => {}
            }
        }
        around
    }

    /// Kinds of the crates that a file may belong to.
    fn kinds_of(&self, path: &str) -> Vec<&'s str> {
        let module = self.modules.get(path).copied().unwrap_or_default();
        let name = module.split("::").next().unwrap_or_default();
        let Some(crates) = self.crates.get(name) else { return Vec::new() };
        let inside = |folder: &str| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        let around = crates.iter().filter(|(_, folder)| inside(folder));
        let nearest = around.clone().map(|(_, folder)| folder.len()).max();
        around.filter(|(_, folder)| Some(folder.len()) == nearest).map(|(kind, _)| *kind).collect()
    }

    fn node(&self, symbols: &[Raw], place: u32, parent: u32, unresolved: &BTreeMap<String, u32>) -> Node {
        let raw = &symbols[place as usize];
        let above = (parent != NONE).then(|| &symbols[parent as usize]);
        let mut condition = raw.cfg;
        let mut is_test = raw.is_test || raw.cfg == Condition::Test;
        // What is imported from is open, wherever it stands; else all that stands around has to be public.
        let mut is_open = None;
        for module in enclosing(&raw.qualified_name) {
            if let Some(&(is_public, cfg)) = self.named.get(module) {
                if self.imported.contains(module) {
                    is_open = is_open.or(Some(true));
                } else if !is_public {
                    is_open = is_open.or(Some(false));
                }
                is_test |= cfg == Condition::Test;
                condition = condition.max(cfg);
            }
        }
        let mut is_local = false;
        let mut next = parent;
        while next != NONE {
            let holder = &symbols[next as usize];
            is_local |= holder.class == Class::Callable;
            condition = condition.max(holder.cfg);
            is_test |= holder.is_test || holder.cfg == Condition::Test;
            next = place_of(symbols, holder.parent);
        }
        let is_public = raw.visibility == Visibility::Public;
        let kinds = if raw.is_rust { self.kinds_of(&raw.path) } else { Vec::new() };
        // A module path may begin with something else than a crate that is known.
        let is_stray = raw.is_rust
            && (kinds.is_empty() && !self.crates.is_empty()
                || self.modules.get(raw.path.as_str()).is_none_or(|module| module.is_empty()));
        // Where nothing is known of the crate it may be a library.
        let is_library = !raw.is_rust || kinds.is_empty() || kinds.contains(&"lib");
        let is_exported = is_public && is_library;
        let entry = match raw.class {
            Class::File | Class::Module | Class::Other => Outside::Yes,
            _ if raw.is_started => Outside::Yes,
            _ if is_exported
                && is_open != Some(false)
                && above.is_none_or(|above| above.class == Class::Module) =>
            {
                Outside::IfPublicIsUsed
            }
            _ => Outside::No,
        };
        let is_part = above.is_some_and(|above| match above.class {
            Class::TraitImpl => true,
            Class::Type => raw.is_rust,
            _ => false,
        });
        let carried = match (raw.class, above.map(|above| above.class)) {
            (Class::Part, _) | (_, Some(Class::TraitImpl)) => Outside::Yes,
            _ if self.overriding.contains(&place) => Outside::Yes,
            // The members of a trait; those of a class where it has no block of its own.
            (_, Some(Class::Type)) if raw.is_rust || is_special(&raw.name, above) => Outside::Yes,
            (_, Some(Class::Type)) if is_public => Outside::IfPublicIsUsed,
            // A method that is public, of a type that is.
            (Class::Callable | Class::Value, Some(Class::Impl))
                if is_exported && self.is_of_public.get(&parent).copied().unwrap_or(true) =>
            {
                Outside::IfPublicIsUsed
            }
            _ => Outside::No,
        };
        let is_offered = [entry, carried].contains(&Outside::IfPublicIsUsed);
        let is_conditional = condition == Condition::Sometimes;
        let is_callable = matches!(raw.class, Class::Callable | Class::Macro);
        let unresolved_calls = match is_callable {
            true => unresolved.get(&raw.name).copied().unwrap_or(0),
            false => 0,
        };
        let doubts = [
            (true, sureness::HIDDEN),
            (is_public, sureness::PUBLIC),
            (is_exported, if is_offered { sureness::EXPORTED } else { sureness::COVERED }),
            (is_conditional, sureness::CONDITIONAL),
            (is_local, sureness::LOCAL),
            (!raw.is_rust, sureness::OTHER_LANGUAGE),
            (is_stray, sureness::STRAY),
            (unresolved_calls > 0, sureness::NAMED),
        ];
        let sure = doubts.iter().filter(|(holds, _)| *holds).map(|(_, sure)| *sure).min().unwrap_or(0);
        Node {
            id: raw.id,
            parent,
            class: raw.class,
            qualified_name: raw.qualified_name.as_str().into(),
            twin: place,
            is_test,
            entry,
            carried,
            sure: Confidence::from_thousandths(sure),
            unresolved_calls,
            is_conditional,
            is_own: !(is_part || raw.name.is_empty() || raw.is_rust && raw.name.starts_with('_')),
        }
    }
}

/// Members that the language calls itself, such as constructors.
fn is_special(name: &str, above: Option<&Raw>) -> bool {
    name.starts_with("__")
        || matches!(name, "constructor" | "init" | "finalize")
        || above.is_some_and(|above| above.name == name || name.strip_prefix('~') == Some(&above.name))
}

/// The qualified names of what stands around a symbol, innermost first: `a::b` and `a` of `a::b::c`.
fn enclosing(qualified_name: &str) -> impl Iterator<Item = &str> {
    qualified_name.rmatch_indices("::").map(|(at, _)| &qualified_name[..at])
}
