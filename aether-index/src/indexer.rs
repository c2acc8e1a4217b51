//! The index of one repository: compares files with what is known, and says what changes.

mod change;
mod dependency;
mod difference;
mod edges;
mod first;
mod lineage;
mod model;
mod parse;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::code::facts::FileFacts;
use aether_core::code::{FileDelta, GraphDelta, IndexedFile, Language, SymbolId};
use aether_core::port::{FactSource, PortError};

use crate::cargo::PackageModel;
use crate::contents::{Contents, WorkingCopy};
use crate::general::General;
use crate::ids::symbol_ids;
use crate::options::IndexOptions;
use crate::report::{Progress, UpdateReport};
use crate::rust::resolve::Resolver;
use difference::Differences;
use parse::{Parsed, Same};

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
    /// Whether the facts of all files are held, and packages and the resolver of other languages have
    /// what they say.
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
    /// [`ErrorCode::WORKSPACE_NOT_FOUND`], [`ErrorCode::INDEX_IO`], [`ErrorCode::INDEX_TOO_MANY_FILES`],
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
        let (parsed, same) = self.parse(&changed, contents, cancel, progress)?;
        let mut delta = GraphDelta { files_total: files as u64, ..GraphDelta::default() };
        let touched = self.take_times(same);
        if !parsed.is_empty() || !removed.is_empty() {
            self.load_facts(source, contents)?;
            self.advance(parsed, removed, cancel, progress, &mut delta, &mut report)?;
        } else if touched.is_empty() {
            return Ok(report);
        }
        self.record_times(touched, source, &mut delta)?;
        sink(delta)?;
        Ok(report)
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

    /// Takes over new times of files whose content is the same, and returns the files that had another.
    fn take_times(&mut self, same: Vec<Same>) -> Vec<RelPath> {
        let mut touched = Vec::new();
        for Same { path, modified_ns } in same {
            // A time that is not settled replaces none: the content was just found to be what it was.
            let known = self.files.get_mut(&path).filter(|_| modified_ns != 0);
            if let Some(entry) = known.filter(|entry| entry.modified_ns != modified_ns) {
                entry.modified_ns = modified_ns;
                touched.push(path);
            }
        }
        touched
    }

    /// Writes the records of files that have another time and nothing else.
    fn record_times(
        &self,
        mut touched: Vec<RelPath>,
        source: &dyn FactSource,
        delta: &mut GraphDelta,
    ) -> Result<(), PortError> {
        let written: BTreeSet<&RelPath> = delta.files.iter().map(|change| &change.file.path).collect();
        touched.retain(|path| !written.contains(path));
        let facts = if touched.is_empty() { Vec::new() } else { source.facts(&touched)? };
        for (path, facts) in touched.iter().zip(facts) {
            let Some(entry) = self.files.get(path) else { continue };
            let diagnostics = parse::diagnostics_of(facts.as_deref());
            delta.files.push(FileDelta::new(indexed_file(path, entry, &diagnostics)));
        }
        Ok(())
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

fn indexed_file(path: &RelPath, entry: &Entry, diagnostics: &[ErrorCode]) -> IndexedFile {
    let mut file = IndexedFile::new(path.clone(), entry.language.clone(), entry.content_hash);
    file.size_bytes = entry.size_bytes;
    file.modified_ns = entry.modified_ns;
    file.module_path = entry.module_path.clone();
    file.diagnostics = diagnostics.to_vec();
    file
}
