//! The program: files, declarations and scopes under numbers of their own, and who declares what.

use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::SymbolKind;
use aether_core::code::facts::{FileFacts, ImportKind, ItemDetail, NameIdx, ScopeIdx, SymbolFact, SymbolIdx};
use rustc_hash::FxHashMap;

use super::interner::{Interner, Sym};
use crate::cargo::PackageModel;

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
    pub(crate) first_def: u32,
    pub(crate) first_scope: u32,
    pub(crate) is_std: bool,
}

/// What is known of a declaration without its facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Def {
    pub(crate) file: u32,
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
    pub(crate) name: Sym,
    pub(crate) root: ScopeId,
    /// Names of other crates.
    pub(crate) dependencies: FxHashMap<Sym, CrateRef>,
    pub(crate) edition: u16,
    /// The package of the crate; none of the standard library.
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
    children: Vec<u32>,
    child_starts: Vec<u32>,
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
        program.build_children();
        program.build_items();
        program
    }

    fn add_file(&mut self, source: &SourceFile, is_std: bool) {
        let number = self.files.len() as u32;
        let facts = &source.facts;
        let syms: Vec<Sym> = facts.names.iter().map(|name| self.interner.intern(name)).collect();
        let first_def = self.defs.len() as u32;
        let first_scope = self.scopes.len() as u32;
        for (index, symbol) in facts.symbols.iter().enumerate() {
            self.defs.push(Def {
                file: number,
                kind: if index == 0 { DefKind::Other } else { kind_of(symbol) },
                name: syms[symbol.name.0 as usize],
                parent: symbol.parent.map(|parent| DefId(first_def + parent.0)),
                scope: ScopeId(first_scope + symbol.scope.0),
                cfg: 2,
                is_public: symbol.visibility != aether_core::code::Visibility::Private,
                next: NONE,
            });
        }
        for (index, scope) in facts.scopes.iter().enumerate() {
            self.scopes.push(Scope {
                file: number,
                parent: scope.parent.map(|parent| ScopeId(first_scope + parent.0)),
                is_module: scope.is_module,
                canonical: ScopeId(first_scope + index as u32),
                krate: None,
            });
        }
        self.file_numbers.insert(source.path.clone(), number);
        self.files.push(File {
            path: source.path.clone(),
            facts: Arc::clone(facts),
            syms,
            first_def,
            first_scope,
            is_std,
        });
    }

    /// Replaces the facts of a file whose declarations, scopes and imports are the same in the same
    /// order: all numbers stay valid.
    pub(crate) fn replace_facts(&mut self, number: u32, facts: &Arc<FileFacts>) {
        let syms = facts.names.iter().map(|name| self.interner.intern(name)).collect();
        let file = &mut self.files[number as usize];
        file.facts = Arc::clone(facts);
        file.syms = syms;
    }

    fn build_children(&mut self) {
        let mut counts = vec![0_u32; self.defs.len() + 1];
        for def in &self.defs {
            if let Some(parent) = def.parent {
                counts[parent.0 as usize + 1] += 1;
            }
        }
        for index in 1..counts.len() {
            counts[index] += counts[index - 1];
        }
        self.child_starts = counts.clone();
        self.children = vec![0; *counts.last().unwrap_or(&0) as usize];
        for (index, def) in self.defs.iter().enumerate() {
            if let Some(parent) = def.parent {
                let slot = &mut counts[parent.0 as usize];
                self.children[*slot as usize] = index as u32;
                *slot += 1;
            }
        }
    }

    fn build_items(&mut self) {
        // Backwards, so that chains run in source order.
        for index in (0..self.defs.len()).rev() {
            let def = self.defs[index];
            if def.kind == DefKind::Other || !self.is_item_of_scope(&def) {
                continue;
            }
            let scope = self.scopes[def.scope.0 as usize].canonical;
            let head = self.items.entry((scope, def.name)).or_insert(NONE);
            self.defs[index].next = *head;
            *head = index as u32;
            self.scope_items.entry(scope).or_default().push(DefId(index as u32));
        }
        for number in 0..self.files.len() {
            let file = &self.files[number];
            for (index, import) in file.facts.imports.iter().enumerate() {
                let scope = self.scopes[(file.first_scope + import.scope.0) as usize].canonical;
                let import_ref = ImportRef { file: number as u32, index: index as u32 };
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
        SymbolIdx(def.0 - self.file_of(def).first_def)
    }

    pub(crate) fn fact(&self, def: DefId) -> &SymbolFact {
        let file = self.file_of(def);
        &file.facts.symbols[(def.0 - file.first_def) as usize]
    }

    pub(crate) fn detail(&self, def: DefId) -> &ItemDetail {
        &self.fact(def).detail
    }

    pub(crate) fn is_std(&self, def: DefId) -> bool {
        self.file_of(def).is_std
    }

    /// What a declaration contains, in source order.
    pub(crate) fn children(&self, def: DefId) -> impl Iterator<Item = DefId> + '_ {
        let start = self.child_starts[def.0 as usize] as usize;
        let end = self.child_starts[def.0 as usize + 1] as usize;
        self.children[start..end].iter().map(|&child| DefId(child))
    }

    pub(crate) fn child_named(&self, def: DefId, name: Sym, kind: DefKind) -> Option<DefId> {
        self.children(def)
            .filter(|&child| {
                let child = self.def(child);
                child.name == name && child.kind == kind
            })
            .max_by_key(|&child| (self.def(child).cfg, std::cmp::Reverse(child)))
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
            imports
                .sort_by_key(|import| std::cmp::Reverse(self.import_cfg.get(import).copied().unwrap_or(2)));
        }
        imports
    }

    pub(crate) fn imports_of(&self, scope: ScopeId) -> &[ImportRef] {
        self.scope_imports.get(&self.canonical(scope)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn globs_of(&self, scope: ScopeId) -> &[ImportRef] {
        self.globs.get(&self.canonical(scope)).map_or(&[], Vec::as_slice)
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
        ScopeId(self.files[file as usize].first_scope + scope.0)
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        self.interner.text(sym)
    }
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
