//! The index of one repository: compares files with what is known, and says what changes.

mod change;
mod dependency;
mod difference;
mod lineage;
mod parse;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Confidence, Edge, EdgeTarget, FileContent, FileDelta, GraphDelta, IndexedFile, Language, SymbolId,
};
use aether_core::port::{FactSource, PortError};

use crate::cargo::PackageModel;
use crate::contents::{Contents, WorkingCopy};
use crate::discover::FoundFile;
use crate::general::{End, General, GeneralEdge, Resolved};
use crate::ids::symbol_ids;
use crate::options::IndexOptions;
use crate::report::{Progress, Stage, UpdateReport};
use crate::rust::resolve::{Program, RawEdge, RawTarget, Resolver, SourceFile, std_files};
use difference::Differences;
use parse::Parsed;

/// Stack of a worker: the walk and the resolver follow the nesting of the source.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// Keeps the index of a repository up to date.
///
/// It holds the facts of the repository between updates, so that one changed file costs one parse and
/// the resolution of what depends on it. It writes nothing: an update hands what changes to a sink,
/// which stores it.
///
/// # Examples
///
/// ```
/// use aether_core::base::Cancel;
/// use aether_core::code::GraphDelta;
/// use aether_core::port::MemoryFacts;
/// use aether_index::{Indexer, IndexOptions, NoProgress};
/// # let folder = tempfile::tempdir()?;
/// # std::fs::write(folder.path().join("lib.rs"), "fn a() { b() }\nfn b() {}\n")?;
/// let mut indexer = Indexer::new(folder.path(), IndexOptions::default())?;
/// let mut deltas = Vec::new();
/// let mut sink = |delta: GraphDelta| {
///     deltas.push(delta);
///     Ok(())
/// };
/// let report = indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress)?;
/// assert_eq!(report.files_parsed, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Indexer {
    root: PathBuf,
    options: IndexOptions,
    pool: Arc<rayon::ThreadPool>,
    files: BTreeMap<RelPath, Entry>,
    packages: PackageModel,
    resolver: Option<Resolver>,
    /// The files of all other languages.
    general: General,
    is_loaded: bool,
    /// Whether packages and the resolver of other languages have what the facts say.
    has_model: bool,
    past: change::Past,
    /// What the known files are in the commit that was indexed last; empty for a working copy.
    #[cfg(feature = "git")]
    blobs: BTreeMap<RelPath, crate::git::BlobId>,
}

/// A file that is known.
#[derive(Debug)]
struct Entry {
    language: Language,
    content_hash: [u8; 32],
    size_bytes: u64,
    modified_ns: i64,
    facts: Option<Arc<FileFacts>>,
    ids: Option<Arc<Vec<SymbolId>>>,
    dependencies: Arc<[u32]>,
    module_path: String,
    manifest: Option<String>,
}

/// Takes one change of the index; it must be stored when this returns.
pub type Sink<'s> = dyn FnMut(GraphDelta) -> Result<(), PortError> + Send + 's;

/// Files of one change while the first index is built: what is stored is there for questions.
const FIRST_BATCH_FILES: usize = 512;

impl Indexer {
    /// Prepares an index of the repository at `root`. Nothing is read yet.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INTERNAL`] when no worker thread can be started.
    pub fn new(root: &Path, options: IndexOptions) -> Result<Self, PortError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .stack_size(STACK_BYTES)
            .thread_name(|number| format!("aether-index-{number}"))
            .build()
            .map_err(|source| {
                PortError::new(ErrorCode::INTERNAL, "worker threads cannot be started").with_source(source)
            })?;
        Ok(Self {
            root: root.to_owned(),
            general: General::new(&options.languages),
            options,
            pool: Arc::new(pool),
            files: BTreeMap::new(),
            packages: PackageModel::default(),
            resolver: None,
            is_loaded: false,
            has_model: false,
            past: change::Past::default(),
            #[cfg(feature = "git")]
            blobs: BTreeMap::new(),
        })
    }

    /// Drops all that is held, so that the next update starts from what the source knows.
    pub fn forget(&mut self) {
        self.past = change::Past::default();
        self.clear();
    }

    /// Drops what was made of the facts, and the facts themselves.
    fn clear(&mut self) {
        self.files.clear();
        self.resolver = None;
        self.general = General::new(&self.options.languages);
        self.packages = PackageModel::default();
        self.is_loaded = false;
        self.has_model = false;
        #[cfg(feature = "git")]
        self.blobs.clear();
    }

    /// Compares the repository with what is known and hands what changes to `sink`.
    ///
    /// `source` is the store that was written with the updates so far; it is read at the first update
    /// after [`Indexer::new`] or [`Indexer::forget`]. A change of an index is one delta. The first
    /// index of a repository comes in several, so that questions are answered while it is built:
    /// first symbols, with a content hash of zero that makes the next update of whoever finds them
    /// begin again, then edges. A cancelled or failed update leaves the indexer as after
    /// [`Indexer::forget`], or [`Indexer::reload`] for one that follows.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::WORKSPACE_NOT_FOUND`], [`ErrorCode::INDEX_TOO_MANY_FILES`],
    /// [`ErrorCode::CANCELLED`], and what `source` and `sink` fail with. A file that cannot be read or
    /// parsed is no error: it is kept with a diagnostic.
    pub fn update(
        &mut self,
        source: &dyn FactSource,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<UpdateReport, PortError> {
        self.update_working_copy(None, source, sink, cancel, progress)
    }

    /// Does what [`Indexer::update`] does for a few files, without a walk of the repository: for who is
    /// told what changes.
    ///
    /// Of a new file only the folders on its way are read, to see whether it is ignored. Falls back to a
    /// walk when a path is a folder or a list of what to ignore, and when nothing was indexed yet.
    ///
    /// # Errors
    ///
    /// Those of [`Indexer::update`].
    pub fn update_files(
        &mut self,
        paths: &[RelPath],
        source: &dyn FactSource,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<UpdateReport, PortError> {
        self.update_working_copy(Some(paths), source, sink, cancel, progress)
    }

    /// Does what [`Indexer::update`] does for the files of a commit, in place of those on disk.
    ///
    /// From one commit to the next only files whose content differs are read, and symbols are followed
    /// by lineage, as from one state of a working copy to the next. An indexer that goes back to the
    /// working copy reads all of it once.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::GIT_MISSING_OBJECT`] and [`ErrorCode::GIT_UNREADABLE`] when a file of the commit
    /// cannot be read, [`ErrorCode::CANCELLED`], and what `source` and `sink` fail with.
    #[cfg(feature = "git")]
    pub fn index_snapshot(
        &mut self,
        snapshot: &crate::git::Snapshot,
        source: &dyn FactSource,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<UpdateReport, PortError> {
        self.on_worker(|indexer| {
            let differences = |indexer: &Self| Ok(indexer.snapshot_differences(snapshot));
            let report = indexer.try_update(&differences, snapshot, source, sink, cancel, progress)?;
            indexer.blobs = snapshot.files().map(|(path, blob)| (path.clone(), blob)).collect();
            Ok(report)
        })
    }

    fn update_working_copy(
        &mut self,
        paths: Option<&[RelPath]>,
        source: &dyn FactSource,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<UpdateReport, PortError> {
        self.on_worker(|indexer| {
            #[cfg(feature = "git")]
            indexer.blobs.clear();
            let root = indexer.root.clone();
            let differences = |indexer: &Self| {
                if let Some(paths) = paths.filter(|_| !indexer.files.is_empty())
                    && let Some(differences) = indexer.named_differences(paths, cancel)?
                {
                    return Ok(differences);
                }
                indexer.all_differences(cancel)
            };
            let contents = WorkingCopy { root: &root };
            indexer.try_update(&differences, &contents, source, sink, cancel, progress)
        })
    }

    /// Runs an update on a worker, whose stack is made for the nesting of the source.
    fn on_worker(
        &mut self,
        update: impl FnOnce(&mut Self) -> Result<UpdateReport, PortError> + Send,
    ) -> Result<UpdateReport, PortError> {
        let pool = Arc::clone(&self.pool);
        let result = pool.install(|| update(self));
        if result.is_err() {
            self.step_back();
        }
        result
    }

    fn try_update(
        &mut self,
        differences: &dyn Fn(&Self) -> Result<Differences, PortError>,
        contents: &dyn Contents,
        source: &dyn FactSource,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<UpdateReport, PortError> {
        let mut report = self.compare_and_store(differences, contents, source, sink, cancel, progress)?;
        report.changes = self.changes(source, contents)?;
        Ok(report)
    }

    fn compare_and_store(
        &mut self,
        differences: &dyn Fn(&Self) -> Result<Differences, PortError>,
        contents: &dyn Contents,
        source: &dyn FactSource,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<UpdateReport, PortError> {
        if !self.is_loaded {
            self.load_stamps(source)?;
        }
        let is_full = self.files.is_empty();
        let Differences { changed, removed, files } = differences(self)?;
        let mut report = UpdateReport { files, files_removed: removed.len(), ..UpdateReport::default() };
        if changed.is_empty() && removed.is_empty() {
            return Ok(report);
        }
        if is_full {
            self.past.begin_with_nothing();
            self.first_index(&changed, contents, sink, cancel, progress, &mut report)?;
            return Ok(report);
        }
        let parsed = self.parse(&changed, contents, cancel, progress)?;
        let mut delta = GraphDelta::default();
        if parsed.iter().all(|parsed| self.is_touched_only(parsed)) && removed.is_empty() {
            self.record_times(parsed, &mut delta);
            if delta.files.is_empty() {
                return Ok(report);
            }
        } else {
            self.load_facts(source, contents)?;
            self.advance(parsed, removed, cancel, progress, &mut delta, &mut report)?;
        }
        sink(delta)?;
        Ok(report)
    }

    /// Builds the index from nothing, batch by batch: first all symbols, then all edges, because an edge
    /// can only lead to a symbol that is there.
    fn first_index(
        &mut self,
        found: &[FoundFile],
        contents: &dyn Contents,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
        report: &mut UpdateReport,
    ) -> Result<(), PortError> {
        let files_total = found.len() as u64;
        let made_by = self.options.made_by();
        let mut is_full = true;
        let mut send = |files: Vec<FileDelta>| {
            let made_by = is_full.then(|| made_by.clone());
            let delta = GraphDelta { files, is_full, files_total, made_by, ..GraphDelta::default() };
            is_full = false;
            sink(delta)
        };
        let mut manifests = BTreeMap::new();
        for (number, batch) in found.chunks(FIRST_BATCH_FILES).enumerate() {
            let ahead = Ahead { inner: progress, done: number * FIRST_BATCH_FILES, total: found.len() };
            let mut files = Vec::new();
            for mut parsed in self.parse(batch, contents, cancel, &ahead)? {
                report.files_parsed += 1;
                report.bytes_parsed += parsed.size_bytes;
                self.files.insert(parsed.path.clone(), Entry::of(&mut parsed));
                if parsed.language == Language::CARGO {
                    // What a manifest holds is told by the package model, which needs all files.
                    manifests.insert(parsed.path.clone(), parsed);
                } else {
                    files.push(self.symbols_alone(parsed));
                }
            }
            send(files)?;
        }
        self.refresh_packages(&mut manifests, true);
        if !manifests.is_empty() {
            send(manifests.into_values().map(|parsed| self.symbols_alone(parsed)).collect())?;
        }
        self.resolver = Some(self.new_resolver());
        self.fill_general();
        self.has_model = true;
        let paths: Vec<RelPath> = self.files.keys().cloned().collect();
        for (number, batch) in paths.chunks(FIRST_BATCH_FILES).enumerate() {
            let ahead = Ahead { inner: progress, done: number * FIRST_BATCH_FILES, total: paths.len() };
            let mut delta = GraphDelta::default();
            let dirty = batch.iter().cloned().collect();
            self.write_delta(BTreeMap::new(), dirty, cancel, &ahead, &mut delta, report)?;
            send(delta.files)?;
        }
        Ok(())
    }

    /// What is stored of a file whose edges are not known yet: without the stamp by which the next
    /// update would take it for done.
    fn symbols_alone(&mut self, parsed: Parsed) -> FileDelta {
        let ids = self.ids_of(&parsed.path);
        let mut file = IndexedFile::new(parsed.path, parsed.language, [0; 32]);
        file.size_bytes = parsed.size_bytes;
        file.diagnostics = parsed.diagnostics;
        let mut delta = FileDelta::new(file);
        delta.content = Some(FileContent::new(parsed.facts, ids.to_vec(), parsed.body_words));
        delta
    }

    fn is_touched_only(&self, parsed: &Parsed) -> bool {
        self.files.get(&parsed.path).is_some_and(|known| known.content_hash == parsed.content_hash)
    }

    /// Notes new times of files whose content is the same.
    fn record_times(&mut self, parsed: Vec<Parsed>, delta: &mut GraphDelta) {
        for parsed in parsed {
            if let Some(entry) = self.files.get_mut(&parsed.path) {
                if entry.size_bytes == parsed.size_bytes && entry.modified_ns == parsed.modified_ns {
                    continue;
                }
                entry.size_bytes = parsed.size_bytes;
                entry.modified_ns = parsed.modified_ns;
                let file = indexed_file(&parsed.path, entry, &parsed.diagnostics);
                delta.files.push(FileDelta::new(file));
            }
        }
    }

    /// Takes over what the source knows of the files, unless another indexer made it or one with other
    /// limits: then everything is read again.
    fn load_stamps(&mut self, source: &dyn FactSource) -> Result<(), PortError> {
        self.is_loaded = true;
        if source.made_by()?.is_some_and(|made_by| made_by != self.options.made_by()) {
            return Ok(());
        }
        for stamp in source.files()? {
            let (facts, ids) = self.past.facts_of(&stamp);
            self.files.insert(
                stamp.path,
                Entry {
                    language: stamp.language,
                    content_hash: stamp.content_hash,
                    size_bytes: stamp.size_bytes,
                    modified_ns: stamp.modified_ns,
                    facts,
                    ids,
                    dependencies: stamp.dependencies,
                    module_path: stamp.module_path,
                    manifest: None,
                },
            );
        }
        Ok(())
    }

    /// Reads the facts that the source has of files whose facts are not held.
    fn load_facts(&mut self, source: &dyn FactSource, contents: &dyn Contents) -> Result<(), PortError> {
        let missing: Vec<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.facts.is_none())
            .map(|(path, _)| path.clone())
            .collect();
        if missing.is_empty() && self.has_model {
            return Ok(());
        }
        for (path, facts) in missing.iter().zip(source.facts(&missing)?) {
            if let (Some(entry), Some(facts)) = (self.files.get_mut(path), facts) {
                entry.facts = Some(facts);
            }
        }
        let manifests: Vec<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.language == Language::CARGO)
            .map(|(path, _)| path.clone())
            .collect();
        let mut reader = contents.reader();
        for path in manifests {
            let text = String::from_utf8_lossy(&reader.read_path(&path)?).into_owned();
            if let Some(entry) = self.files.get_mut(&path) {
                entry.manifest = Some(text);
            }
        }
        self.packages = self.read_packages();
        self.fill_general();
        self.has_model = true;
        Ok(())
    }

    /// Hands the facts of all languages but Rust to their resolver.
    fn fill_general(&mut self) {
        for (path, entry) in &self.files {
            if let Some(facts) = &entry.facts {
                self.general.insert(path, &entry.language, facts);
            }
        }
    }

    fn read_packages(&self) -> PackageModel {
        let manifests: Vec<(RelPath, &str)> = self
            .files
            .iter()
            .filter_map(|(path, entry)| Some((path.clone(), entry.manifest.as_deref()?)))
            .collect();
        let paths: BTreeSet<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.language == Language::RUST)
            .map(|(path, _)| path.clone())
            .collect();
        PackageModel::read(&manifests, &paths)
    }

    /// Takes the new content in, resolves what depends on it, and writes the delta.
    fn advance(
        &mut self,
        parsed: Vec<Parsed>,
        removed: Vec<RelPath>,
        cancel: &Cancel,
        progress: &dyn Progress,
        delta: &mut GraphDelta,
        report: &mut UpdateReport,
    ) -> Result<(), PortError> {
        let before = self.before(&parsed, &removed);
        let mut contents: BTreeMap<RelPath, Parsed> = BTreeMap::new();
        for path in &removed {
            let old = self.files.remove(path);
            self.past.note(path.clone(), old);
        }
        for mut parsed in parsed {
            if self.is_touched_only(&parsed) {
                self.record_times(vec![parsed], delta);
                continue;
            }
            report.files_parsed += 1;
            report.bytes_parsed += parsed.size_bytes;
            let mut entry = Entry::of(&mut parsed);
            if let Some(old) = self.files.get(&parsed.path) {
                entry.dependencies = Arc::clone(&old.dependencies);
            }
            let old = self.files.insert(parsed.path.clone(), entry);
            self.past.note(parsed.path.clone(), old);
            contents.insert(parsed.path.clone(), parsed);
        }
        let may_differ = !before.has_structure_of(&contents, &removed);
        let has_new_model = self.refresh_packages(&mut contents, may_differ);
        let dirty = self.rebuild(&before, &contents, &removed, has_new_model);
        self.write_delta(contents, dirty, cancel, progress, delta, report)?;
        delta.lineage = self.lineage(&before, delta);
        delta.removed = removed;
        delta.files_total = self.files.len() as u64;
        Ok(())
    }

    /// Reads the package model again where manifests or the set of files changed, and the facts of
    /// manifests with it. Returns whether the model is another.
    fn refresh_packages(&mut self, contents: &mut BTreeMap<RelPath, Parsed>, may_differ: bool) -> bool {
        if !may_differ {
            return false;
        }
        let model = self.read_packages();
        let is_new = model != self.packages;
        self.packages = model;
        let manifests: Vec<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.manifest.is_some())
            .map(|(path, _)| path.clone())
            .collect();
        for path in manifests {
            let Some(entry) = self.files.get_mut(&path) else { continue };
            let text = entry.manifest.as_deref().unwrap_or("");
            let facts = Arc::new(crate::cargo::manifest_facts(&path, text, &self.packages));
            let is_known = entry.facts.as_ref().is_some_and(|known| *known == facts);
            if is_known && !contents.contains_key(&path) {
                continue;
            }
            entry.facts = Some(Arc::clone(&facts));
            entry.ids = None;
            let parsed = contents.entry(path.clone()).or_insert_with(|| Parsed::unchanged(&path, entry));
            parsed.body_words = vec![String::new(); facts.symbols.len()];
            parsed.diagnostics = parse::diagnostics_of(Some(&facts));
            parsed.facts = facts;
        }
        is_new
    }

    fn source_files(&self) -> Vec<SourceFile> {
        self.files
            .iter()
            .filter(|(_, entry)| entry.language == Language::RUST)
            .filter_map(|(path, entry)| {
                Some(SourceFile { path: path.clone(), facts: Arc::clone(entry.facts.as_ref()?) })
            })
            .collect()
    }

    fn new_resolver(&self) -> Resolver {
        let files = self.source_files();
        Resolver::new(Program::new(std_files(), &files, &self.packages))
    }

    fn ids_of(&mut self, path: &RelPath) -> Arc<Vec<SymbolId>> {
        let Some(entry) = self.files.get_mut(path) else { return Arc::default() };
        if let Some(ids) = &entry.ids {
            return Arc::clone(ids);
        }
        let ids = match &entry.facts {
            Some(facts) => Arc::new(symbol_ids(path, &entry.language, facts)),
            None => Arc::default(),
        };
        entry.ids = Some(Arc::clone(&ids));
        ids
    }

    fn write_delta(
        &mut self,
        mut contents: BTreeMap<RelPath, Parsed>,
        dirty: BTreeSet<RelPath>,
        cancel: &Cancel,
        progress: &dyn Progress,
        delta: &mut GraphDelta,
        report: &mut UpdateReport,
    ) -> Result<(), PortError> {
        let mut paths: BTreeSet<RelPath> = dirty;
        paths.extend(contents.keys().cloned());
        let total = paths.len();
        let Some(mut resolver) = self.resolver.take() else {
            return Err(PortError::new(ErrorCode::INTERNAL, "the resolver was not built"));
        };
        for (done, path) in paths.into_iter().enumerate() {
            cancel.check().map_err(|_| PortError::new(ErrorCode::CANCELLED, "indexing was cancelled"))?;
            progress.report(Stage::Resolve, done, total);
            let (edges, dependencies) = self.edges_of(&mut resolver, &path);
            report.files_resolved += 1;
            let ids = self.ids_of(&path);
            let content = contents.remove(&path);
            let diagnostics = content.as_ref().map(|parsed| parsed.diagnostics.clone());
            let Some(entry) = self.files.get_mut(&path) else { continue };
            entry.dependencies = dependencies.clone().into();
            let diagnostics = diagnostics.unwrap_or_else(|| parse::diagnostics_of(entry.facts.as_deref()));
            let mut file = FileDelta::new(indexed_file(&path, entry, &diagnostics));
            file.content =
                content.map(|parsed| FileContent::new(parsed.facts, ids.to_vec(), parsed.body_words));
            file.edges = Some(edges);
            file.dependencies = dependencies;
            delta.files.push(file);
        }
        progress.report(Stage::Resolve, total, total);
        self.resolver = Some(resolver);
        Ok(())
    }

    fn edges_of(&mut self, resolver: &mut Resolver, path: &RelPath) -> (Vec<Edge>, Vec<u32>) {
        if let Some(Resolved { edges, module_path, dependencies }) = self.general.resolve(path) {
            if let Some(entry) = self.files.get_mut(path) {
                entry.module_path = module_path;
            }
            return (self.general_edges(path, edges), dependencies);
        }
        let Some(&number) = resolver.program.file_numbers.get(path) else {
            return (self.manifest_edges(path), Vec::new());
        };
        let (raw, dependencies) = resolver.edges_of(number);
        if let Some(entry) = self.files.get_mut(path) {
            entry.module_path = resolver.program.module_path(number);
        }
        let facts = self.files.get(path).and_then(|entry| entry.facts.clone());
        let Some(facts) = facts else { return (Vec::new(), dependencies) };
        let starts = facts.line_starts();
        let edges = raw.into_iter().filter_map(|edge| self.edge(resolver, edge, &starts)).collect();
        (edges, dependencies)
    }

    fn general_edges(&mut self, path: &RelPath, edges: Vec<(GeneralEdge, End)>) -> Vec<Edge> {
        let facts = self.files.get(path).and_then(|entry| entry.facts.clone());
        let starts = facts.map(|facts| facts.line_starts()).unwrap_or_default();
        let ids = self.ids_of(path);
        let mut found = Vec::with_capacity(edges.len());
        for (edge, end) in edges {
            let target = match end {
                End::Symbol(file, symbol) => match self.ids_of(&file).get(symbol.0 as usize) {
                    Some(&id) => EdgeTarget::Symbol(id),
                    None => continue,
                },
                End::External(path) => EdgeTarget::External(path),
                End::Unresolved => EdgeTarget::Unresolved,
            };
            let Some(&source) = ids.get(edge.source.0 as usize) else { continue };
            found.push(Edge {
                source,
                kind: edge.kind,
                line: starts.partition_point(|&start| start <= edge.at) as u32,
                at: edge.at,
                target,
                confidence: Confidence::from_thousandths(edge.confidence()),
                resolution: edge.resolution,
                text: edge.text,
            });
        }
        found
    }

    fn edge(&mut self, resolver: &Resolver, raw: RawEdge, line_starts: &[u32]) -> Option<Edge> {
        let source = self.id_of(resolver, raw.source)?;
        let target = match raw.target {
            RawTarget::Def(def) => EdgeTarget::Symbol(self.id_of(resolver, def)?),
            RawTarget::External(path) => EdgeTarget::External(path),
            RawTarget::Unresolved => EdgeTarget::Unresolved,
        };
        Some(Edge {
            source,
            kind: raw.kind,
            line: line_starts.partition_point(|&start| start <= raw.at) as u32,
            at: raw.at,
            target,
            confidence: Confidence::from_thousandths(raw.confidence),
            resolution: raw.resolution,
            text: raw.text,
        })
    }

    fn id_of(&mut self, resolver: &Resolver, def: crate::rust::resolve::DefId) -> Option<SymbolId> {
        let path = &resolver.program.file_of(def).path;
        let index = resolver.program.symbol_idx(def).0 as usize;
        if let Some(ids) = self.files.get(path).and_then(|entry| entry.ids.as_ref()) {
            return ids.get(index).copied();
        }
        self.ids_of(&path.clone()).get(index).copied()
    }
}

impl Entry {
    /// A file as it was just read; takes the text of a manifest out of `parsed`.
    fn of(parsed: &mut Parsed) -> Self {
        Self {
            language: parsed.language.clone(),
            content_hash: parsed.content_hash,
            size_bytes: parsed.size_bytes,
            modified_ns: parsed.modified_ns,
            facts: Some(Arc::clone(&parsed.facts)),
            ids: None,
            dependencies: Arc::from([]),
            module_path: String::new(),
            manifest: parsed.manifest.take(),
        }
    }
}

/// Progress of one batch as progress of all.
struct Ahead<'p> {
    inner: &'p dyn Progress,
    done: usize,
    total: usize,
}

impl Progress for Ahead<'_> {
    fn report(&self, stage: Stage, done: usize, _total: usize) {
        self.inner.report(stage, self.done + done, self.total);
    }
}

fn indexed_file(path: &RelPath, entry: &Entry, diagnostics: &[ErrorCode]) -> IndexedFile {
    let mut file = IndexedFile::new(path.clone(), entry.language.clone(), entry.content_hash);
    file.size_bytes = entry.size_bytes;
    file.modified_ns = entry.modified_ns;
    file.module_path = entry.module_path.clone();
    file.diagnostics = diagnostics.to_vec();
    file
}
