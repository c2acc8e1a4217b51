//! The declarations of all files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::{FileFacts, ItemDetail, SymbolIdx, TypeKind};
use aether_core::code::{Language as LanguageName, SymbolKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::open::{Open, open_paths};
use super::overloads::Wanted;
use crate::facts::package_of;
use crate::language::{Files, Language, Languages};
use crate::rust::resolve::{keys, name_key};

/// A file.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) path: RelPath,
    pub(super) key: u32,
    pub(super) language: usize,
    pub(super) facts: Arc<FileFacts>,
    /// Declarations by what contains them (0 for the file, else one more than its number) and the
    /// hash of their name, in source order.
    members: FxHashMap<(u32, u32), Vec<u32>>,
    /// Methods that stand outside of their type, by the hashes of the names of both.
    extensions: FxHashMap<(u32, u32), Vec<u32>>,
    /// The paths of its declarations, where scopes are open.
    pub(super) open_paths: Vec<Option<Box<str>>>,
}

/// A symbol of a unit.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct SymRef {
    pub(super) unit: u32,
    pub(super) symbol: u32,
}

/// The files of all languages that are resolved here.
#[derive(Debug, Default)]
pub(crate) struct General {
    pub(super) languages: Languages,
    units: Vec<Option<Unit>>,
    numbers: FxHashMap<RelPath, u32>,
    /// The files of each folder, and how many lie in and below it.
    folders: BTreeMap<RelPath, Folder>,
    /// Members of classes by the hash of their name.
    methods: FxHashMap<u32, BTreeSet<(RelPath, u32)>>,
    /// Functions of files by the hash of their name.
    functions: FxHashMap<u32, BTreeSet<(RelPath, u32)>>,
    /// Declarations that stand in no other, by the hash of their name.
    tops: FxHashMap<u32, BTreeSet<(RelPath, u32)>>,
    /// The files that name their package, by its path.
    packages: FxHashMap<String, BTreeSet<RelPath>>,
    /// What is looked for: of overloads, and of declarations of one name that differ in kind.
    pub(super) wanted: Wanted,
    /// What was answered before for the file that is resolved.
    known_siblings: FxHashMap<u32, Arc<[u32]>>,
    touched: FxHashSet<u32>,
    /// How many declarations are asked for their values within one another: they may go in circles.
    pub(super) nested_values: u32,
    /// How many types are being looked up, each for the one before.
    pub(super) types_open: u32,
    /// The files that a search along imports of everything was in, and how deep it is.
    pub(super) globs_seen: FxHashSet<(u32, u32)>,
    pub(super) globs_open: u32,
    /// Files by their name, for those whose scopes are open.
    file_names: FxHashMap<u32, BTreeSet<RelPath>>,
    pub(super) open: Open,
}

#[derive(Debug, Default)]
struct Folder {
    files: BTreeSet<RelPath>,
    below: usize,
}

impl Unit {
    fn new(path: &RelPath, language: usize, is_open: bool, facts: &Arc<FileFacts>) -> Self {
        let mut members: FxHashMap<(u32, u32), Vec<u32>> = FxHashMap::default();
        let mut extensions: FxHashMap<(u32, u32), Vec<u32>> = FxHashMap::default();
        for (index, symbol) in facts.symbols.iter().enumerate().skip(1) {
            if let Some(of) = extended_type(facts, index) {
                let name = name_key(facts.name(symbol.name));
                extensions.entry((name_key(of), name)).or_default().push(index as u32);
                continue;
            }
            let around = symbol.parent.map_or(0, |parent| parent.0 + 1);
            let name = name_key(facts.name(symbol.name));
            members.entry((around, name)).or_default().push(index as u32);
        }
        Self {
            path: path.clone(),
            key: name_key(path.as_str()),
            language,
            facts: Arc::clone(facts),
            members,
            extensions,
            open_paths: if is_open { open_paths(facts) } else { Vec::new() },
        }
    }

    /// The declarations of a name in a symbol, or at the top of the file.
    pub(super) fn members_named<'u>(
        &'u self,
        around: Option<u32>,
        name: &'u str,
    ) -> impl DoubleEndedIterator<Item = u32> + 'u {
        let around = around.map_or(0, |around| around + 1);
        let found = self.members.get(&(around, name_key(name))).map_or(&[][..], Vec::as_slice);
        found.iter().copied().filter(move |&symbol| self.name(symbol) == name)
    }

    /// The methods of a name that stand outside of the type `of`.
    fn extensions_named(&self, of: &str, name: &str) -> Vec<u32> {
        let found = self.extensions.get(&(name_key(of), name_key(name))).map_or(&[][..], Vec::as_slice);
        let is_it = |&symbol: &u32| {
            self.name(symbol) == name && extended_type(&self.facts, symbol as usize) == Some(of)
        };
        found.iter().copied().filter(is_it).collect()
    }

    pub(super) fn name(&self, symbol: u32) -> &str {
        self.facts.name(self.facts.symbols[symbol as usize].name)
    }
}

/// The name of the type that a method is of, where it stands outside of it.
fn extended_type(facts: &FileFacts, symbol: usize) -> Option<&str> {
    let symbol = &facts.symbols[symbol];
    let ItemDetail::Function(detail) = &symbol.detail else { return None };
    let mut ty = detail.self_type.filter(|_| symbol.parent.is_none())?;
    loop {
        match facts.types.get(ty.0 as usize)?.kind {
            TypeKind::Ref(inner) | TypeKind::Pointer(inner) => ty = inner,
            TypeKind::Path(path) => {
                let segments = facts.paths[path as usize].segments;
                let last = (segments.start + segments.len).checked_sub(1)?;
                return Some(facts.name(facts.segments.get(last as usize)?.name));
            }
            _ => return None,
        }
    }
}

impl General {
    pub(crate) fn new(languages: &Languages) -> Self {
        Self { languages: languages.clone(), ..Self::default() }
    }

    /// Takes a file in, in place of what it was before.
    pub(crate) fn insert(&mut self, path: &RelPath, language: &LanguageName, facts: &Arc<FileFacts>) {
        let Some(language) = self.languages.number_of(language) else { return self.remove(path) };
        let is_open = self.languages.get(language).has_open_scopes();
        let unit = Unit::new(path, language, is_open, facts);
        match self.numbers.get(path) {
            Some(&number) => {
                self.forget_methods(number);
                self.units[number as usize] = Some(unit);
                self.note_methods(number);
            }
            None => {
                let number = self.units.len() as u32;
                self.numbers.insert(path.clone(), number);
                self.units.push(Some(unit));
                self.note_methods(number);
                self.note_folders(path, true);
            }
        }
    }

    /// Forgets a file.
    pub(crate) fn remove(&mut self, path: &RelPath) {
        let Some(&number) = self.numbers.get(path) else { return };
        self.forget_methods(number);
        self.numbers.remove(path);
        self.units[number as usize] = None;
        self.note_folders(path, false);
    }

    /// Whether a file is known.
    pub(crate) fn has(&self, path: &RelPath) -> bool {
        self.numbers.contains_key(path)
    }

    /// The paths of the declarations of a file, where scopes are open.
    pub(crate) fn open_paths_of(&self, path: &RelPath) -> &[Option<Box<str>>] {
        self.number_of(path).map_or(&[], |unit| &self.unit(unit).open_paths)
    }

    /// The keys of a file that came or went.
    pub(crate) fn presence_keys(path: &RelPath, found: &mut Vec<u32>) {
        found.push(keys::file_name(name_key(path.file_name().unwrap_or(""))));
        found.push(keys::file(name_key(path.as_str())));
        let mut folder = path.parent();
        loop {
            found.push(keys::folder(name_key(folder.as_str())));
            if folder.as_str().is_empty() {
                return;
            }
            folder = folder.parent();
        }
    }

    fn note_folders(&mut self, path: &RelPath, is_there: bool) {
        let mut folder = path.parent();
        let own = self.folders.entry(folder.clone()).or_default();
        if is_there {
            own.files.insert(path.clone());
        } else {
            own.files.remove(path);
        }
        loop {
            let entry = self.folders.entry(folder.clone()).or_default();
            entry.below = if is_there { entry.below + 1 } else { entry.below.saturating_sub(1) };
            if folder.as_str().is_empty() {
                return;
            }
            folder = folder.parent();
        }
    }

    /// The methods, the functions and what stands in nothing else of a unit, by the hashes of their names.
    fn callable_entries(&self, number: u32) -> [Vec<(u32, (RelPath, u32))>; 3] {
        let Some(unit) = &self.units[number as usize] else { return Default::default() };
        let of_kind = |kind: SymbolKind| {
            let symbols = unit.facts.symbols.iter().enumerate();
            let found = symbols.filter(|(_, symbol)| {
                symbol.kind == kind && (kind == SymbolKind::METHOD || symbol.parent.is_none())
            });
            found
                .map(|(index, symbol)| {
                    (name_key(unit.facts.name(symbol.name)), (unit.path.clone(), index as u32))
                })
                .collect()
        };
        let tops =
            unit.facts.symbols.iter().enumerate().skip(1).filter(|(_, symbol)| symbol.parent.is_none());
        let tops = tops.map(|(index, symbol)| {
            (name_key(unit.facts.name(symbol.name)), (unit.path.clone(), index as u32))
        });
        [of_kind(SymbolKind::METHOD), of_kind(SymbolKind::FUNCTION), tops.collect()]
    }

    fn note_methods(&mut self, number: u32) {
        self.note_paths(number);
        if self.is_open(number) {
            let path = self.unit(number).path.clone();
            let name = name_key(path.file_name().unwrap_or(""));
            self.file_names.entry(name).or_default().insert(path);
        }
        if let Some((package, path)) = self.package_entry(number) {
            self.packages.entry(package).or_default().insert(path);
        }
        let entries = self.callable_entries(number);
        for (table, entries) in
            [&mut self.methods, &mut self.functions, &mut self.tops].into_iter().zip(entries)
        {
            for (name, entry) in entries {
                table.entry(name).or_default().insert(entry);
            }
        }
    }

    fn forget_methods(&mut self, number: u32) {
        self.forget_paths(number);
        let path = self.unit(number).path.clone();
        if let Some(files) = self.file_names.get_mut(&name_key(path.file_name().unwrap_or(""))) {
            files.remove(&path);
        }
        if let Some((package, path)) = self.package_entry(number)
            && let Some(files) = self.packages.get_mut(&package)
        {
            files.remove(&path);
        }
        let entries = self.callable_entries(number);
        for (table, entries) in
            [&mut self.methods, &mut self.functions, &mut self.tops].into_iter().zip(entries)
        {
            for (name, entry) in entries {
                if let Some(known) = table.get_mut(&name) {
                    known.remove(&entry);
                }
            }
        }
    }

    /// The package that a unit names, and the unit.
    fn package_entry(&self, number: u32) -> Option<(String, RelPath)> {
        let unit = self.units[number as usize].as_ref()?;
        Some((package_of(&unit.facts)?, unit.path.clone()))
    }

    /// The declarations of a name that stand in no other, in one of some files: of the first of these,
    /// the last one.
    pub(super) fn top_in(&mut self, language: usize, units: &[u32], name: &str) -> Option<SymRef> {
        self.touch(keys::top(name_key(name)));
        let found = self.those_of(&self.tops, language, name);
        let place = |found: &SymRef| units.iter().position(|&unit| unit == found.unit);
        let mut best: Option<(usize, SymRef)> = None;
        for symbol in found {
            let Some(place) = place(&symbol) else { continue };
            if best.is_none_or(|(least, _)| place <= least) {
                best = Some((place, symbol));
            }
        }
        best.map(|(_, symbol)| symbol)
    }

    /// A declaration of a name in the files that a file sees without an import.
    pub(super) fn sibling_top(&mut self, unit: u32, name: &str) -> Option<SymRef> {
        self.touch(keys::top(name_key(name)));
        let number = self.unit(unit).language;
        // Most names are declared nowhere; then it does not matter who the siblings are.
        if self.those_of(&self.tops, number, name).is_empty() {
            return None;
        }
        let siblings = self.siblings(unit);
        self.top_in(number, &siblings, name)
    }

    /// The methods of a name in all classes of a language, in the order of files and places.
    pub(super) fn methods_named(&mut self, language: usize, name: &str) -> Vec<SymRef> {
        self.touch(keys::method(name_key(name)));
        self.those_of(&self.methods, language, name)
    }

    /// The functions of a name in all files of a language, in the order of files and places.
    pub(super) fn functions_named(&mut self, language: usize, name: &str) -> Vec<SymRef> {
        self.touch(keys::function(name_key(name)));
        self.those_of(&self.functions, language, name)
    }

    fn those_of(
        &self,
        table: &FxHashMap<u32, BTreeSet<(RelPath, u32)>>,
        language: usize,
        name: &str,
    ) -> Vec<SymRef> {
        let known = table.get(&name_key(name)).into_iter().flatten();
        known
            .filter_map(|(path, symbol)| {
                let unit = *self.numbers.get(path)?;
                let data = self.unit(unit);
                let is_own = data.language == language || self.shares(language, data.language);
                let is_it = is_own && data.name(*symbol) == name;
                is_it.then_some(SymRef { unit, symbol: *symbol })
            })
            .collect()
    }

    /// Whether files of one language can use those of the other.
    fn shares(&self, language: usize, other: usize) -> bool {
        self.languages.get(language).shares_files_with(&self.languages.get(other).name())
    }

    /// The methods of a name that stand outside of the type `of`, in one file.
    pub(super) fn extensions(&mut self, unit: u32, of: &str, name: &str) -> Vec<SymRef> {
        let key = self.unit(unit).key;
        self.touch(keys::named(key, name_key(name)));
        let found = self.unit(unit).extensions_named(of, name);
        found.into_iter().map(|symbol| SymRef { unit, symbol }).collect()
    }

    /// The other files that a file sees without an import: those of its package, if it names one.
    pub(super) fn siblings(&mut self, unit: u32) -> Arc<[u32]> {
        if let Some(known) = self.known_siblings.get(&unit) {
            return Arc::clone(known);
        }
        let language = self.language(unit);
        let (path, package) = (self.unit(unit).path.clone(), package_of(&self.unit(unit).facts));
        let number = self.unit(unit).language;
        let mut files = Of { general: self, language: number };
        let found = match package {
            Some(package) => files.in_package(&package, &path),
            None => language.siblings(&path, &mut files),
        };
        let found = found.iter().filter_map(|path| self.number_of(path));
        let found: Arc<[u32]> = found.filter(|&sibling| sibling != unit).collect();
        self.known_siblings.insert(unit, Arc::clone(&found));
        found
    }

    pub(super) fn number_of(&self, path: &RelPath) -> Option<u32> {
        self.numbers.get(path).copied()
    }

    pub(super) fn unit(&self, number: u32) -> &Unit {
        // Numbers of units are handed out for files that are there, and held for one question.
        self.units[number as usize].as_ref().expect("a file that is there")
    }

    pub(super) fn language(&self, unit: u32) -> Arc<dyn Language> {
        Arc::clone(self.languages.get(self.unit(unit).language))
    }

    /// Notes that the answer depends on a key.
    pub(super) fn touch(&mut self, key: u32) {
        self.touched.insert(key);
    }

    /// The keys that were noted, sorted; forgets them.
    pub(super) fn take_touched(&mut self) -> Vec<u32> {
        let mut keys: Vec<u32> = std::mem::take(&mut self.touched).into_iter().collect();
        keys.sort_unstable();
        self.known_siblings.clear();
        keys
    }

    /// The declarations of a name in a symbol, or at the top of a file.
    pub(super) fn members(&mut self, unit: u32, around: Option<u32>, name: &str) -> Vec<SymRef> {
        let key = self.unit(unit).key;
        self.touch(keys::named(key, name_key(name)));
        self.unit(unit).members_named(around, name).map(|symbol| SymRef { unit, symbol }).collect()
    }

    /// The module path of a file, and what it depends on is noted.
    pub(super) fn module_path(&mut self, unit: u32) -> String {
        let language = self.language(unit);
        let (path, facts) = (self.unit(unit).path.clone(), Arc::clone(&self.unit(unit).facts));
        let number = self.unit(unit).language;
        language.module_path(&path, &facts, &mut Of { general: self, language: number })
    }

    /// Asks a language for a module.
    pub(super) fn module(
        &mut self,
        from: u32,
        segments: &[&str],
        is_global: bool,
    ) -> Option<crate::language::Module> {
        let language = self.language(from);
        let path = self.unit(from).path.clone();
        let number = self.unit(from).language;
        language.module(&path, segments, is_global, &mut Of { general: self, language: number })
    }
}

/// The files as a language asks for them.
struct Of<'g> {
    general: &'g mut General,
    language: usize,
}

impl Of<'_> {
    fn is_own(&self, path: &RelPath) -> bool {
        let Some(unit) = self.general.number_of(path) else { return false };
        let number = self.general.unit(unit).language;
        number == self.language || self.general.shares(self.language, number)
    }
}

impl Files for Of<'_> {
    fn has(&mut self, path: &RelPath) -> bool {
        self.general.touch(keys::file(name_key(path.as_str())));
        self.general.has(path) && self.is_own(path)
    }

    fn in_folder(&mut self, folder: &RelPath) -> Vec<RelPath> {
        self.general.touch(keys::folder(name_key(folder.as_str())));
        let files = self.general.folders.get(folder).map(|folder| &folder.files);
        files.into_iter().flatten().filter(|path| self.is_own(path)).cloned().collect()
    }

    fn in_package(&mut self, package: &str, near: &RelPath) -> Vec<RelPath> {
        self.general.touch(keys::package(name_key(package)));
        let files = self.general.packages.get(package);
        let mut found: Vec<RelPath> =
            files.into_iter().flatten().filter(|path| self.is_own(path)).cloned().collect();
        let shared = |path: &RelPath| {
            let pairs = path.as_str().bytes().zip(near.as_str().bytes());
            pairs.take_while(|(a, b)| a == b).count()
        };
        found.sort_by_key(|path| std::cmp::Reverse(shared(path)));
        found
    }

    fn with_name(&mut self, name: &str) -> Vec<RelPath> {
        self.general.touch(keys::file_name(name_key(name)));
        let files = self.general.file_names.get(&name_key(name)).into_iter().flatten();
        files.filter(|path| path.file_name() == Some(name) && self.is_own(path)).cloned().collect()
    }

    fn has_folder(&mut self, folder: &RelPath) -> bool {
        self.general.touch(keys::folder(name_key(folder.as_str())));
        self.general.folders.get(folder).is_some_and(|folder| folder.below > 0)
    }
}

impl super::General {
    /// The symbol of a reference.
    pub(super) fn kind(&self, symbol: SymRef) -> &SymbolKind {
        &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize].kind
    }

    /// What contains a symbol.
    pub(super) fn parent(&self, symbol: SymRef) -> Option<SymRef> {
        let parent = self.unit(symbol.unit).facts.symbols[symbol.symbol as usize].parent;
        parent.map(|SymbolIdx(parent)| SymRef { unit: symbol.unit, symbol: parent })
    }
}
