//! The program: files, declarations and scopes under numbers of their own, and who declares what.

use std::cmp::Reverse;
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::{FileFacts, ImportKind, ItemDetail, NameIdx, ScopeIdx, SymbolFact, SymbolIdx};
use aether_core::code::{SymbolKind, Visibility};
use rustc_hash::FxHashMap;

use super::interner::{Interner, Sym, name_key};
use crate::cargo::PackageModel;
use crate::interface::Interface;

/// A declaration: the symbols of all files, numbered through.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct DefId(pub(crate) u32);

/// A scope: the scopes of all files, numbered through.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ScopeId(pub(crate) u32);

/// What a declaration is, as far as resolution tells kinds apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DefKind {
    Module,
    Function,
    Struct,
    Enum,
    Variant,
    Field,
    Trait,
    Impl,
    Constant,
    Static,
    Alias,
    Macro,
    Other,
}

/// A file handed to the resolver.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: RelPath,
    pub(crate) facts: Arc<FileFacts>,
}

/// A file of the program.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: RelPath,
    pub(crate) facts: Arc<FileFacts>,
    /// The program's number of each name of the file.
    pub(crate) syms: Vec<Sym>,
    /// The number of each symbol of the file.
    pub(crate) defs: Vec<DefId>,
    /// The number of each scope of the file, that of the file itself first.
    pub(crate) scopes: Vec<ScopeId>,
    /// Where the children of each symbol end in `children`.
    child_ends: Vec<u32>,
    children: Vec<DefId>,
    /// What dependencies on names of the file are noted under.
    pub(crate) key: u32,
    pub(crate) is_std: bool,
}

impl File {
    /// The scope of the file itself.
    pub(crate) fn root(&self) -> ScopeId {
        self.scopes[0]
    }
}

/// What is known of a declaration without its facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Def {
    pub(crate) file: u32,
    /// Which symbol of its file it is.
    pub(crate) index: u32,
    pub(crate) kind: DefKind,
    pub(crate) name: Sym,
    pub(crate) parent: Option<DefId>,
    pub(crate) scope: ScopeId,
    /// How likely it is compiled in: 2 yes, 1 not known, 0 no.
    /// Conditions of what contains it included.
    pub(crate) cfg: u8,
    pub(crate) is_public: bool,
    /// The next declaration of the same scope and name.
    next: u32,
}

/// What is known of a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) file: u32,
    /// The scope around it; of the root of a file, the module that declares the file.
    pub(crate) parent: Option<ScopeId>,
    pub(crate) is_module: bool,
    /// The scope that holds its names: several files may open one module of the standard library.
    pub(crate) canonical: ScopeId,
    /// The crate, for scopes of files that a crate reaches.
    pub(crate) krate: Option<u32>,
}

/// A crate of the program.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    /// Empty when no manifest names it.
    pub(crate) name: Sym,
    pub(crate) root: ScopeId,
    /// Names of other crates.
    pub(crate) dependencies: FxHashMap<Sym, CrateRef>,
    pub(crate) edition: u16,
    /// The package of the crate; none of the standard library, and of files that no manifest leads to.
    pub(crate) package: Option<usize>,
}

/// Where the name of a crate leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CrateRef {
    Local(u32),
    External(Sym),
}

/// An import by file and index.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct ImportRef {
    pub(crate) file: u32,
    pub(crate) index: u32,
}

const NONE: u32 = u32::MAX;

/// All files, and the tables over their declarations.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) interner: Interner,
    pub(crate) files: Vec<File>,
    pub(crate) file_numbers: FxHashMap<RelPath, u32>,
    pub(crate) defs: Vec<Def>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) crates: Vec<Crate>,
    /// The scope that a module opens.
    pub(crate) module_scopes: FxHashMap<DefId, ScopeId>,
    /// The declaration of the module that a file is.
    pub(crate) module_of_scope: FxHashMap<ScopeId, DefId>,
    pub(crate) std_root: Option<ScopeId>,
    items: FxHashMap<(ScopeId, Sym), u32>,
    named_imports: FxHashMap<(ScopeId, Sym), Vec<ImportRef>>,
    scope_imports: FxHashMap<ScopeId, Vec<ImportRef>>,
    globs: FxHashMap<ScopeId, Vec<ImportRef>>,
    scope_items: FxHashMap<ScopeId, Vec<DefId>>,
    /// Imports that may not be compiled in.
    pub(super) import_cfg: FxHashMap<ImportRef, u8>,
}

impl Program {
    /// Numbers everything: the files of the standard library first, then `files`, which are sorted.
    pub(crate) fn new(std_files: &[SourceFile], files: &[SourceFile], packages: &PackageModel) -> Self {
        let mut program = Self::default();
        for file in std_files {
            program.add_file(file, true);
        }
        for file in files {
            program.add_file(file, false);
        }
        program.build_modules(packages);
        program.evaluate_cfg(packages);
        for number in 0..program.files.len() as u32 {
            program.add_items(number);
        }
        program
    }

    fn add_file(&mut self, source: &SourceFile, is_std: bool) {
        let number = self.files.len() as u32;
        let facts = &source.facts;
        self.file_numbers.insert(source.path.clone(), number);
        let defs = (0..facts.symbols.len()).map(|index| DefId((self.defs.len() + index) as u32)).collect();
        let scopes =
            (0..facts.scopes.len()).map(|index| ScopeId((self.scopes.len() + index) as u32)).collect();
        self.files.push(File {
            path: source.path.clone(),
            facts: Arc::default(),
            syms: Vec::new(),
            defs,
            scopes,
            child_ends: Vec::new(),
            children: Vec::new(),
            key: name_key(source.path.as_str()),
            is_std,
        });
        self.write_file(number, facts);
    }

    /// Writes down the symbols and scopes of a file under the numbers that it has for them.
    fn write_file(&mut self, number: u32, facts: &Arc<FileFacts>) {
        let syms: Vec<Sym> = facts.names.iter().map(|name| self.interner.intern(name)).collect();
        let file = &self.files[number as usize];
        for (index, symbol) in facts.symbols.iter().enumerate() {
            let data = Def {
                file: number,
                index: index as u32,
                kind: if index == 0 { DefKind::Other } else { kind_of(symbol) },
                name: syms[symbol.name.0 as usize],
                parent: symbol.parent.map(|parent| file.defs[parent.0 as usize]),
                scope: file.scopes[symbol.scope.0 as usize],
                cfg: 2,
                is_public: symbol.visibility != Visibility::Private,
                next: NONE,
            };
            put(&mut self.defs, file.defs[index].0, data);
        }
        for (index, scope) in facts.scopes.iter().enumerate() {
            let id = file.scopes[index];
            let known = self.scopes.get(id.0 as usize);
            let data = Scope {
                file: number,
                // The root of a file keeps the module that declares the file.
                parent: match scope.parent {
                    Some(parent) => Some(file.scopes[parent.0 as usize]),
                    None => known.and_then(|known| known.parent),
                },
                is_module: scope.is_module,
                canonical: id,
                krate: known.and_then(|known| known.krate),
            };
            put(&mut self.scopes, id.0, data);
        }
        let (children, child_ends) = children_of(facts, &file.defs);
        let file = &mut self.files[number as usize];
        file.facts = Arc::clone(facts);
        file.syms = syms;
        file.children = children;
        file.child_ends = child_ends;
    }

    /// Replaces the facts of a file whose declarations, scopes and imports are the same in the same
    /// order: all numbers stay valid.
    pub(crate) fn replace_facts(&mut self, number: u32, facts: &Arc<FileFacts>) {
        let syms = facts.names.iter().map(|name| self.interner.intern(name)).collect();
        let file = &mut self.files[number as usize];
        file.facts = Arc::clone(facts);
        file.syms = syms;
    }

    /// Replaces a file whose declarations changed but for the modules in files of their own.
    ///
    /// What looks the same from outside keeps its number; anything else gets a new one, so that nothing
    /// that was derived from the old can be taken for the new.
    pub(crate) fn replace_file(
        &mut self,
        number: u32,
        facts: &Arc<FileFacts>,
        old: &Interface,
        new: &Interface,
        packages: &PackageModel,
    ) {
        self.remove_items(number);
        let file = &self.files[number as usize];
        let (defs, scopes) = (file.defs.clone(), file.scopes.clone());
        let new_defs =
            keep_numbers(&old.symbols, defs.iter().map(|def| def.0), &new.symbols, self.defs.len() as u32);
        let new_scopes = keep_numbers(
            &old.scopes,
            scopes.iter().map(|scope| scope.0),
            &new.scopes,
            self.scopes.len() as u32,
        );
        for def in defs {
            // What is gone keeps its number, which then means nothing.
            let data = &mut self.defs[def.0 as usize];
            data.kind = DefKind::Other;
            data.index = 0;
        }
        let krate = self.scopes[scopes[0].0 as usize].krate;
        let file = &mut self.files[number as usize];
        file.defs = new_defs.into_iter().map(DefId).collect();
        file.scopes = new_scopes.into_iter().map(ScopeId).collect();
        self.write_file(number, facts);
        for scope in self.files[number as usize].scopes.clone() {
            self.scopes[scope.0 as usize].krate = krate;
        }
        self.open_inline_modules(number);
        self.judge_again(number, packages);
        self.add_items(number);
    }

    fn add_items(&mut self, number: u32) {
        // Backwards, so that chains run in source order.
        for at in (0..self.files[number as usize].defs.len()).rev() {
            let index = self.files[number as usize].defs[at];
            let def = self.defs[index.0 as usize];
            if def.kind == DefKind::Other || !self.is_item_of_scope(&def) {
                continue;
            }
            let scope = self.scopes[def.scope.0 as usize].canonical;
            let head = self.items.entry((scope, def.name)).or_insert(NONE);
            self.defs[index.0 as usize].next = *head;
            *head = index.0;
            self.scope_items.entry(scope).or_default().push(index);
        }
        let file = &self.files[number as usize];
        for (index, import) in file.facts.imports.iter().enumerate() {
            let scope = self.scopes[file.scopes[import.scope.0 as usize].0 as usize].canonical;
            let import_ref = ImportRef { file: number, index: index as u32 };
            self.scope_imports.entry(scope).or_default().push(import_ref);
            match import.kind {
                ImportKind::Name(name) | ImportKind::ExternCrate(name) => {
                    let sym = file.syms[name.0 as usize];
                    self.named_imports.entry((scope, sym)).or_default().push(import_ref);
                }
                ImportKind::Glob => self.globs.entry(scope).or_default().push(import_ref),
                _ => {}
            }
        }
    }

    /// Takes out what [`Program::add_items`] put in. The scopes of a file of the project hold nothing
    /// of other files.
    fn remove_items(&mut self, number: u32) {
        let file = &self.files[number as usize];
        for def in &file.defs {
            let def = self.defs[def.0 as usize];
            self.items.remove(&(def.scope, def.name));
        }
        for scope in &file.scopes {
            self.scope_items.remove(scope);
            self.scope_imports.remove(scope);
            self.globs.remove(scope);
        }
        for (index, import) in file.facts.imports.iter().enumerate() {
            if let ImportKind::Name(name) | ImportKind::ExternCrate(name) = import.kind {
                let scope = file.scopes[import.scope.0 as usize];
                self.named_imports.remove(&(scope, file.syms[name.0 as usize]));
            }
            self.import_cfg.remove(&ImportRef { file: number, index: index as u32 });
        }
    }

    /// Whether a plain name in the scope finds the declaration: members of types are found otherwise.
    fn is_item_of_scope(&self, def: &Def) -> bool {
        if matches!(def.kind, DefKind::Impl | DefKind::Field | DefKind::Variant) {
            return false;
        }
        def.parent.is_none_or(|parent| {
            matches!(
                self.defs[parent.0 as usize].kind,
                DefKind::Module | DefKind::Function | DefKind::Constant | DefKind::Static
            )
        })
    }

    pub(crate) fn def(&self, def: DefId) -> &Def {
        &self.defs[def.0 as usize]
    }

    pub(crate) fn file_of(&self, def: DefId) -> &File {
        &self.files[self.def(def).file as usize]
    }

    pub(crate) fn symbol_idx(&self, def: DefId) -> SymbolIdx {
        SymbolIdx(self.def(def).index)
    }

    pub(crate) fn fact(&self, def: DefId) -> &SymbolFact {
        let data = self.def(def);
        &self.files[data.file as usize].facts.symbols[data.index as usize]
    }

    pub(crate) fn detail(&self, def: DefId) -> &ItemDetail {
        &self.fact(def).detail
    }

    pub(crate) fn is_std(&self, def: DefId) -> bool {
        self.file_of(def).is_std
    }

    /// What a declaration contains, in source order.
    pub(crate) fn children(&self, def: DefId) -> impl Iterator<Item = DefId> + '_ {
        let data = self.def(def);
        let file = &self.files[data.file as usize];
        let end = file.child_ends[data.index as usize] as usize;
        let start = match data.index.checked_sub(1) {
            Some(before) => file.child_ends[before as usize] as usize,
            None => 0,
        };
        file.children[start..end].iter().copied()
    }

    /// Where a declaration stands among all, whatever its number: by file, then by place.
    pub(crate) fn place(&self, def: DefId) -> (u32, u32) {
        let data = self.def(def);
        (data.file, data.index)
    }

    pub(crate) fn child_named(&self, def: DefId, name: Sym, kind: DefKind) -> Option<DefId> {
        self.children(def)
            .filter(|&child| {
                let child = self.def(child);
                child.name == name && child.kind == kind
            })
            .max_by_key(|&child| (self.def(child).cfg, Reverse(self.def(child).index)))
    }

    /// The declarations of a name in one scope, in source order.
    pub(crate) fn items_named(&self, scope: ScopeId, name: Sym) -> impl Iterator<Item = DefId> + '_ {
        let mut next = self.items.get(&(self.canonical(scope), name)).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let def = (next != NONE).then_some(DefId(next))?;
            next = self.def(def).next;
            Some(def)
        })
    }

    pub(crate) fn items_of(&self, scope: ScopeId) -> &[DefId] {
        self.scope_items.get(&self.canonical(scope)).map_or(&[], Vec::as_slice)
    }

    /// The imports of a name in one scope, those that are compiled in first.
    pub(crate) fn imports_named(&self, scope: ScopeId, name: Sym) -> Vec<ImportRef> {
        let mut imports =
            self.named_imports.get(&(self.canonical(scope), name)).map_or_else(Vec::new, Vec::clone);
        if imports.len() > 1 {
            imports.sort_by_key(|import| Reverse(self.import_cfg.get(import).copied().unwrap_or(2)));
        }
        imports
    }

    pub(crate) fn imports_of(&self, scope: ScopeId) -> &[ImportRef] {
        self.scope_imports.get(&self.canonical(scope)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn globs_of(&self, scope: ScopeId) -> &[ImportRef] {
        self.globs.get(&self.canonical(scope)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn all_globs(&self) -> Vec<ImportRef> {
        self.globs.values().flatten().copied().collect()
    }

    pub(crate) fn scope(&self, scope: ScopeId) -> &Scope {
        &self.scopes[scope.0 as usize]
    }

    pub(crate) fn canonical(&self, scope: ScopeId) -> ScopeId {
        self.scopes[scope.0 as usize].canonical
    }

    /// The innermost module around a scope.
    pub(crate) fn module_around(&self, mut scope: ScopeId) -> ScopeId {
        while !self.scope(scope).is_module {
            match self.scope(scope).parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        scope
    }

    /// The module around a module.
    pub(crate) fn super_module(&self, module: ScopeId) -> Option<ScopeId> {
        self.scope(module).parent.map(|parent| self.module_around(parent))
    }

    pub(crate) fn crate_of(&self, scope: ScopeId) -> Option<u32> {
        self.scope(scope).krate
    }

    pub(crate) fn sym(&self, file: u32, name: NameIdx) -> Sym {
        self.files[file as usize].syms[name.0 as usize]
    }

    pub(crate) fn scope_id(&self, file: u32, scope: ScopeIdx) -> ScopeId {
        self.files[file as usize].scopes[scope.0 as usize]
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        self.interner.text(sym)
    }
}

/// Puts a value in its place, which is among the known ones or the next after them.
fn put<T>(list: &mut Vec<T>, place: u32, value: T) {
    match list.get_mut(place as usize) {
        Some(known) => *known = value,
        None => list.push(value),
    }
}

/// The numbers of new entries: that of an old one of the same print, each once, or the next free one.
fn keep_numbers(
    old: &[u64],
    numbers: impl DoubleEndedIterator<Item = u32>,
    new: &[u64],
    free: u32,
) -> Vec<u32> {
    // Of several of one print the first keeps the first number.
    let mut known: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (&print, number) in old.iter().rev().zip(numbers.rev()) {
        known.entry(print).or_default().push(number);
    }
    let mut free = free..;
    new.iter().filter_map(|print| known.get_mut(print).and_then(Vec::pop).or_else(|| free.next())).collect()
}

/// The children of all symbols of a file, and where those of each end.
fn children_of(facts: &FileFacts, defs: &[DefId]) -> (Vec<DefId>, Vec<u32>) {
    let mut starts = vec![0_u32; facts.symbols.len()];
    for parent in facts.symbols.iter().filter_map(|symbol| symbol.parent) {
        starts[parent.0 as usize] += 1;
    }
    let mut total = 0;
    for start in &mut starts {
        total += std::mem::replace(start, total);
    }
    let mut children = vec![DefId(0); total as usize];
    let mut ends = starts;
    for (index, symbol) in facts.symbols.iter().enumerate() {
        if let Some(parent) = symbol.parent {
            let end = &mut ends[parent.0 as usize];
            children[*end as usize] = defs[index];
            *end += 1;
        }
    }
    (children, ends)
}

fn kind_of(symbol: &SymbolFact) -> DefKind {
    match symbol.kind.as_str() {
        "module" => DefKind::Module,
        "function" | "method" | "test" => DefKind::Function,
        "struct" | "union" => DefKind::Struct,
        "enum" => DefKind::Enum,
        "variant" => DefKind::Variant,
        "field" => DefKind::Field,
        "trait" => DefKind::Trait,
        "impl" => DefKind::Impl,
        "constant" => DefKind::Constant,
        "static" => DefKind::Static,
        "type" => DefKind::Alias,
        "macro" => DefKind::Macro,
        _ => DefKind::Other,
    }
}

/// Whether something is a test, by its kind.
pub(crate) fn is_test(kind: &SymbolKind) -> bool {
    *kind == SymbolKind::TEST
}
