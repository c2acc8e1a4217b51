//! Semantic records without a model: from documentation, names, declarations, bodies and the call graph.

mod errors;
mod file;
mod intent;
mod rollup;
mod signature;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::facts::FileFacts;
use aether_core::code::{Edge, EffectKind, FileContent, GraphDelta, Language, Sir, Statement, SymbolId};
use aether_core::port::{IndexStore, PortError};
use rustc_hash::FxHashMap;

use self::file::{FileMeaning, Known, LocalSymbol, Need, Source};
use crate::effects::{EffectTable, Effects};
use crate::ids::symbol_ids;

/// Files whose facts are read at once.
const BATCH_FILES: usize = 256;

/// Derives the semantic record of every symbol of a repository. It is the provider that is called `static`.
///
/// What a file says by itself is kept, so that a change of one file costs the reading of that file and the
/// spreading of effects.
///
/// # Examples
///
/// ```
/// use aether_core::base::Cancel;
/// use aether_core::code::{EffectKind, GraphDelta};
/// use aether_core::port::MemoryFacts;
/// use aether_index::{EffectTable, Indexer, IndexOptions, NoProgress, SirDeriver};
/// # let folder = tempfile::tempdir()?;
/// # let text = "/// Loads it. Really.\nfn load(path: &str) -> String { std::fs::read_to_string(path).unwrap() }\n";
/// # std::fs::write(folder.path().join("lib.rs"), text)?;
/// let mut deriver = SirDeriver::new(EffectTable::standard());
/// let mut sink = |delta: GraphDelta| {
///     deriver.apply(&delta);
///     Ok(())
/// };
/// let mut indexer = Indexer::new(folder.path(), IndexOptions::default())?;
/// indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress)?;
///
/// let derived = deriver.derive();
/// let load = derived.records().find(|record| record.qualified_name.ends_with("load")).map(|it| it.id);
/// let sir = load.and_then(|id| derived.sir(id)).expect("load has a record");
/// assert_eq!(sir.intent, "Loads it.");
/// assert_eq!(sir.side_effects[0].kind, EffectKind::FILES_READ);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SirDeriver {
    table: Arc<EffectTable>,
    files: BTreeMap<RelPath, Arc<FileMeaning>>,
    /// What the files that came as deltas were read from: a delta may bring a part of it alone.
    held: BTreeMap<RelPath, Held>,
}

/// A file as an indexer handed it over.
#[derive(Clone, Debug, Default)]
struct Held {
    facts: Arc<FileFacts>,
    ids: Vec<SymbolId>,
    edges: Vec<Edge>,
}

impl Held {
    fn take(&mut self, content: &FileContent) {
        self.facts = Arc::clone(&content.facts);
        self.ids.clone_from(&content.ids);
    }
}

impl SirDeriver {
    /// Nothing yet.
    #[must_use]
    pub fn new(table: EffectTable) -> Self {
        Self { table: Arc::new(table), files: BTreeMap::new(), held: BTreeMap::new() }
    }

    /// Reads all files of a store, in place of what was there.
    ///
    /// # Errors
    ///
    /// When the store cannot be read; [`ErrorCode::STORE_CONFLICT`] when it was written meanwhile, so that
    /// what was read does not fit together.
    pub fn load(&mut self, store: &dyn IndexStore) -> Result<(), PortError> {
        let generation = store.state()?.freshness.generation;
        self.files.clear();
        self.held.clear();
        let mut edges: FxHashMap<RelPath, Vec<Edge>> = FxHashMap::default();
        store.visit_edges(&mut |record| {
            if record.kind != aether_core::code::EdgeKind::Defines {
                edges.entry(record.src_file.clone()).or_default().push(record.edge());
            }
        })?;
        let stamps = store.files()?;
        for batch in stamps.chunks(BATCH_FILES) {
            let paths: Vec<RelPath> = batch.iter().map(|stamp| stamp.path.clone()).collect();
            for (stamp, facts) in batch.iter().zip(store.facts(&paths)?) {
                let Some(facts) = facts else { continue };
                let edges = edges.remove(&stamp.path).unwrap_or_default();
                let ids = symbol_ids(&stamp.path, &stamp.language, &facts);
                self.put(&stamp.path, &stamp.language, &stamp.module_path, &ids, &facts, &edges);
            }
        }
        if store.state()?.freshness.generation != generation {
            let message = "the index was written while records were derived from it";
            return Err(PortError::new(ErrorCode::STORE_CONFLICT, message));
        }
        Ok(())
    }

    /// Takes what an indexer hands over. What it is told of files is held, because a later delta may bring
    /// a part of one alone.
    pub fn apply(&mut self, delta: &GraphDelta) {
        if delta.is_full {
            self.files.clear();
            self.held.clear();
        }
        for path in &delta.removed {
            self.remove(path);
        }
        for change in &delta.files {
            let path = &change.file.path;
            match (self.held.get_mut(path), &change.content) {
                (Some(held), Some(content)) => held.take(content),
                (None, Some(content)) => {
                    let mut held = Held::default();
                    held.take(content);
                    self.held.insert(path.clone(), held);
                }
                (_, None) => {}
            }
            let Some(held) = self.held.get_mut(path) else { continue };
            if let Some(edges) = &change.edges {
                held.edges.clone_from(edges);
            }
            let source = Source {
                path,
                language: &change.file.language,
                module_path: &change.file.module_path,
                ids: &held.ids,
                facts: &held.facts,
                edges: &held.edges,
            };
            self.files.insert(path.clone(), Arc::new(FileMeaning::read(&source, &self.table)));
        }
    }

    /// Takes a file: the ids of its symbols in the order of its facts, and the edges that start in it.
    pub fn put(
        &mut self,
        path: &RelPath,
        language: &Language,
        module_path: &str,
        ids: &[SymbolId],
        facts: &FileFacts,
        edges: &[Edge],
    ) {
        let source = Source { path, language, module_path, ids, facts, edges };
        self.files.insert(path.clone(), Arc::new(FileMeaning::read(&source, &self.table)));
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &RelPath) {
        self.files.remove(path);
        self.held.remove(path);
    }

    /// The records of everything that is known now.
    #[must_use]
    pub fn derive(&self) -> Derived {
        let files: Vec<Arc<FileMeaning>> = self.files.values().cloned().collect();
        let effects = Effects::join(files.iter().map(|file| &file.effects), &self.table);
        let mut places = FxHashMap::default();
        for (file, meaning) in files.iter().enumerate() {
            for (symbol, local) in meaning.symbols.iter().enumerate() {
                places.insert(local.id, (file as u32, symbol as u32));
            }
        }
        let own = vec![OnceLock::new(); files.len()];
        Derived { files, places, effects, own }
    }
}

/// What was derived: effects of functions, and the record of each symbol, made when it is asked for.
#[derive(Clone, Debug)]
pub struct Derived {
    files: Vec<Arc<FileMeaning>>,
    places: FxHashMap<SymbolId, (u32, u32)>,
    effects: Effects,
    /// Of each file that a roll-up asked for, the records of its symbols.
    own: Vec<OnceLock<Vec<Option<Sir>>>>,
}

/// A symbol that has a record.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RecordedSymbol<'a> {
    /// Id.
    pub id: SymbolId,
    /// Qualified name.
    pub qualified_name: &'a str,
}

/// How often the name of a symbol stands in its text for embedders: the best of 1, 3, 4, 6 and 8 on the dev
/// half of `aether-eval eval search`.
const NAME_TIMES: usize = 6;

/// The name of the provider.
pub const STATIC_PROVIDER: &str = "static";
/// The version of the rules by which it derives.
const STATIC_VERSION: &str = "static-1";

/// What stands for the model of the static provider: the version of its rules, and the table of effects.
/// Another one makes other records of the same code.
#[must_use]
pub fn static_model(table: &EffectTable) -> String {
    let table = table.fingerprint().to_string();
    let digits = table.strip_prefix("sha256:").unwrap_or(&table);
    format!("{STATIC_VERSION}+{}", &digits[..digits.len().min(12)])
}

impl Derived {
    /// Effects of functions, with the way to each.
    #[must_use]
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// The symbols that have a record, files and modules among them, in the order of file and position.
    pub fn records(&self) -> impl Iterator<Item = RecordedSymbol<'_>> {
        self.files
            .iter()
            .flat_map(|file| &file.symbols)
            .filter(|symbol| has_record(symbol))
            .map(|symbol| RecordedSymbol { id: symbol.id, qualified_name: &symbol.qualified_name })
    }

    /// The record of a symbol; `None` when it has none. That of a file or module is the sum of what is in it,
    /// tests left out.
    #[must_use]
    pub fn sir(&self, symbol: SymbolId) -> Option<Sir> {
        let &(file, place) = self.places.get(&symbol)?;
        let local = &self.files[file as usize].symbols[place as usize];
        match &local.says {
            Some(_) => Some(self.own(local)),
            None if has_record(local) => Some(self.roll_up(file, local)),
            None => None,
        }
    }

    /// The symbols whose own records say something else than they did in `old`, have come or have gone, with
    /// the record they have now; sorted by id. Files and modules are left out: they are sums.
    ///
    /// Records are only made where their file or the effects of the symbol differ, so that going from one
    /// commit to the next costs little.
    #[must_use]
    pub fn changed_since(&self, old: &Self) -> Vec<(SymbolId, Option<Sir>)> {
        let mut changed = Vec::new();
        for file in &self.files {
            let known = file.symbols.first().and_then(|it| old.file_of(it.id));
            let is_same_file = known.is_some_and(|known| Arc::ptr_eq(known, file));
            for local in file.symbols.iter().filter(|local| local.says.is_some()) {
                if is_same_file && self.effects.are_those_of(&old.effects, local.id) {
                    continue;
                }
                let sir = self.own(local);
                let before = old.places.get(&local.id).and_then(|_| old.sir(local.id));
                if before.as_ref() != Some(&sir) {
                    changed.push((local.id, Some(sir)));
                }
            }
        }
        let gone = old.files.iter().flat_map(|file| &file.symbols);
        let gone = gone.filter(|local| local.says.is_some() && !self.places.contains_key(&local.id));
        changed.extend(gone.map(|local| (local.id, None)));
        changed.sort_by_key(|(id, _)| *id);
        changed
    }

    /// What an embedder reads of a symbol: its qualified name, its declaration, its record in words, and the
    /// names that stand in its body, weighty ones first; `None` for what has no record of its own.
    #[must_use]
    pub fn text(&self, symbol: SymbolId) -> Option<String> {
        let &(file, place) = self.places.get(&symbol)?;
        let local = &self.files[file as usize].symbols[place as usize];
        let says = local.says.as_ref()?;
        let sir = self.own(local);
        let mut parts = vec![local.qualified_name.to_string(), says.signature.clone(), sir.intent];
        let name = local.qualified_name.rsplit("::").next().unwrap_or("");
        // Where a word stands is not seen by who counts words, so that what says most is said more often.
        for _ in 1..NAME_TIMES {
            parts.push(name.to_owned());
            parts.push(says.name_intent.clone());
        }
        let last = |path: &str| path.rsplit("::").next().unwrap_or(path).to_owned();
        parts.extend(sir.dependencies.iter().map(|need| last(need)));
        parts.extend(sir.side_effects.iter().map(|it| format!("{} {}", it.kind, last(&it.text))));
        parts.push(says.names.clone());
        Some(parts.join("\n"))
    }

    /// Whether the record of a symbol is the sum of others.
    #[must_use]
    pub fn is_sum(&self, symbol: SymbolId) -> bool {
        let local = self.places.get(&symbol).map(|&(file, place)| {
            let symbols = &self.files[file as usize].symbols;
            &symbols[place as usize]
        });
        local.is_some_and(|local| local.says.is_none() && rollup::is_rolled_up(&local.kind))
    }

    fn file_of(&self, symbol: SymbolId) -> Option<&Arc<FileMeaning>> {
        self.places.get(&symbol).and_then(|&(file, _)| self.files.get(file as usize))
    }

    /// The qualified name and the file of a symbol.
    #[must_use]
    pub fn place(&self, symbol: SymbolId) -> Option<(&str, &RelPath)> {
        let &(file, place) = self.places.get(&symbol)?;
        let file = &self.files[file as usize];
        Some((&file.symbols[place as usize].qualified_name, file.effects.path()))
    }

    /// The records of the symbols of a file that have one of their own, in the order of its symbols.
    fn own_of(&self, file: u32) -> &[Option<Sir>] {
        self.own[file as usize].get_or_init(|| {
            let symbols = &self.files[file as usize].symbols;
            symbols.iter().map(|local| local.says.as_ref().map(|_| self.own(local))).collect()
        })
    }

    fn own(&self, local: &LocalSymbol) -> Sir {
        let says = local.says.as_ref();
        let intent = local.doc.clone().or_else(|| says.map(|says| says.name_intent.clone()));
        let mut known = Known { has_doc: local.doc.is_some(), has_unknown: false };
        let mut sir = Sir::new(intent.unwrap_or_default(), known.confidence());
        let Some(says) = says else { return sir };
        sir.inputs.clone_from(&says.inputs);
        sir.outputs.extend(says.output.clone());
        let mutated = says.mutated.iter().map(|name| Statement::new(EffectKind::MUTATES, name));
        sir.side_effects.extend(mutated);
        sir.dependencies = says
            .needs
            .iter()
            .map(|need| self.name(need))
            .filter(|name| !name.is_empty() && *name != &*local.qualified_name)
            .map(str::to_owned)
            .collect();
        let errors = says.errors.iter().map(|(kind, need)| Statement::new(kind.clone(), self.name(need)));
        sir.error_modes.extend(errors);
        self.effects.visit_origins(local.id, &mut |kind, confidence, origin, text| {
            let is_own = origin == local.id;
            known.has_unknown |= *kind == EffectKind::UNKNOWN;
            if kind.is_panic() && confidence < Effects::LIKELY_PANIC && !is_own {
                return;
            }
            let text = if is_own {
                text.to_owned()
            } else {
                format!("{text} in {}", self.name(&Need::Symbol(origin)))
            };
            let list = if kind.is_failure() { &mut sir.error_modes } else { &mut sir.side_effects };
            list.push(Statement::new(kind.clone(), text));
        });
        sir.confidence = known.confidence();
        sir.normalise();
        sir
    }

    /// The qualified name of what is meant; of a part without a record, such as a variant, that of what has
    /// one.
    fn name<'a>(&'a self, need: &'a Need) -> &'a str {
        match need {
            Need::Text(text) => text,
            Need::Symbol(id) => self.places.get(id).map_or("", |&(file, place)| {
                let symbols = &self.files[file as usize].symbols;
                let local = &symbols[place as usize];
                let named = local.recorded.and_then(|place| symbols.get(place as usize)).unwrap_or(local);
                &named.qualified_name
            }),
        }
    }
}

fn has_record(local: &LocalSymbol) -> bool {
    local.says.is_some() || rollup::is_rolled_up(&local.kind)
}

/// Derives the records of a store at once.
///
/// # Errors
///
/// Those of [`SirDeriver::load`].
pub fn derive(store: &dyn IndexStore, table: EffectTable) -> Result<Derived, PortError> {
    let mut deriver = SirDeriver::new(table);
    deriver.load(store)?;
    Ok(deriver.derive())
}
