//! Opening, state and health of an engine.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether and what explains it"))]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use aether_core::base::{Config, ConfigWarning, ErrorCode};
use aether_core::port::{IndexStore, StoreState};
use aether_index::{EffectTable, IndexOptions, Indexer};
use aether_model::HashedWords;
use aether_store::{RecordFiles, StoreOptions};
use serde::Serialize;

use super::error::EngineError;
use super::index::StampedIndexer;
use super::meaning::Meaning;
use super::ports::Ports;
use super::vectors::KeptLatent;

/// What an engine is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EngineOptions {
    /// The root of the repository.
    pub workspace: PathBuf,
    /// How it is indexed.
    pub index: IndexOptions,
    /// What calls and macros are known to do.
    pub effects: EffectTable,
    /// Whether [`Engine::open_workspace`] copies semantic records to [`Engine::RECORDS_FOLDER`].
    pub mirror_records: bool,
    /// The embedder that [`Engine::open_workspace`] takes, by its name in the configuration.
    pub embedder: String,
}

impl EngineOptions {
    /// The repository at `workspace`, indexed with the defaults.
    #[must_use]
    pub fn new(workspace: impl Into<PathBuf>) -> Self {
        Self {
            workspace: workspace.into(),
            index: IndexOptions::default(),
            effects: EffectTable::standard(),
            mirror_records: false,
            embedder: Config::default().embeddings.provider,
        }
    }

    /// Sets what calls and macros are known to do. Default: [`EffectTable::standard`].
    #[must_use]
    pub fn with_effects(mut self, effects: EffectTable) -> Self {
        self.effects = effects;
        self
    }

    /// Takes what a configuration says; languages that were added stay. Default: what [`Config`] has by
    /// default.
    #[must_use]
    pub fn with_config(mut self, config: &Config) -> Self {
        self.index = self
            .index
            .with_limits(config.index.limits)
            .with_exclude(config.index.exclude.clone())
            .with_threads(config.index.threads as usize);
        self.mirror_records = config.storage.mirror_records;
        self.embedder.clone_from(&config.embeddings.provider);
        self
    }
}

/// The use cases over one repository. Clones share everything.
///
/// Lock order: the indexer, then what was derived, before anything of the store. The indexer is held
/// while an update is computed and stored, what was derived while it is derived; other questions take no
/// lock of the engine.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(super) options: EngineOptions,
    pub(super) ports: Ports,
    pub(super) indexer: Arc<Mutex<StampedIndexer>>,
    pub(super) meaning: Arc<Mutex<Option<Meaning>>>,
    pub(super) latent: Arc<KeptLatent>,
}

/// The state of an index.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// The root of the repository.
    pub workspace: String,
    /// Counts and freshness of the store.
    pub store: StoreState,
}

/// One finding of [`Engine::doctor`].
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub is_ok: bool,
    /// What was found, and what to do about it.
    pub message: String,
    /// A stable code where there is one.
    pub code: Option<ErrorCode>,
}

impl Engine {
    /// The folder of a workspace that Aether writes to.
    pub const FOLDER: &'static str = ".aether";
    /// The store inside [`Engine::FOLDER`].
    pub const STORE_FILE: &'static str = "aether.db";
    /// The copies of semantic records inside [`Engine::FOLDER`].
    pub const RECORDS_FOLDER: &'static str = "sir";
    /// The configuration inside [`Engine::FOLDER`].
    pub const CONFIG_FILE: &'static str = "config.toml";

    /// An engine over the given ports.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INTERNAL`] when worker threads cannot be started.
    pub fn open(options: EngineOptions, ports: Ports) -> Result<Self, EngineError> {
        let indexer = Indexer::new(&options.workspace, options.index.clone())?;
        Ok(Self {
            options,
            ports,
            indexer: Arc::new(Mutex::new(indexer.into())),
            meaning: Arc::default(),
            latent: Arc::default(),
        })
    }

    /// Makes `.aether/` in a workspace: the folder, a `.gitignore` that keeps it out of commits, and
    /// a configuration that says what can be set. What is there is left as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::WORKSPACE_NOT_FOUND`] when `workspace` is not a folder, [`ErrorCode::STORE_IO`] and
    /// [`ErrorCode::STORE_FULL`] when it cannot be written to.
    pub fn prepare(workspace: &Path) -> Result<PathBuf, EngineError> {
        if !workspace.is_dir() {
            let message = format!("{} is not a folder", workspace.display());
            return Err(EngineError::new(ErrorCode::WORKSPACE_NOT_FOUND, message));
        }
        let folder = workspace.join(Self::FOLDER);
        let failed = |source: std::io::Error| {
            let is_full = source.kind() == std::io::ErrorKind::StorageFull;
            let code = if is_full { ErrorCode::STORE_FULL } else { ErrorCode::STORE_IO };
            EngineError::new(code, format!("{} cannot be written", folder.display())).with_source(source)
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        for (name, text) in [(".gitignore", "*\n"), (Self::CONFIG_FILE, Config::TEMPLATE)] {
            write_new(&folder.join(name), text).map_err(failed)?;
        }
        Ok(folder)
    }

    /// The folder of the nearest workspace at or above `from`: the first that has `.aether/` or is the
    /// root of a version control system, else the outermost with a `Cargo.toml`, else `from`. A stray
    /// `.aether/` further up does not capture the repositories below it.
    #[must_use]
    pub fn find_workspace(from: &Path) -> PathBuf {
        let above = || from.ancestors();
        let has = |names: &'static [&'static str]| {
            move |path: &&Path| names.iter().any(|name| path.join(name).exists())
        };
        above()
            .find(has(&[Self::FOLDER, ".git", ".jj", ".hg"]))
            .or_else(|| above().filter(has(&["Cargo.toml"])).last())
            .unwrap_or(from)
            .to_owned()
    }

    /// Opens the workspace with its own store, made where there is none.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::prepare`], [`Ports::at_path`] and [`Engine::open`].
    pub fn open_workspace(
        options: EngineOptions,
        store: &StoreOptions,
        clock: impl Fn() -> Option<aether_core::base::Timestamp> + Send + Sync + 'static,
    ) -> Result<Self, EngineError> {
        let folder = Self::prepare(&options.workspace)?;
        let mut ports = Ports::at_path(&folder.join(Self::STORE_FILE), store)?.with_clock(clock);
        if options.embedder == HashedWords::PROVIDER {
            ports = ports.with_embedder(Arc::new(HashedWords));
        }
        if options.mirror_records {
            ports = ports.with_mirror(Arc::new(RecordFiles::new(folder.join(Self::RECORDS_FOLDER))));
        }
        Self::open(options, ports)
    }

    /// The root of the repository.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.options.workspace
    }

    pub(super) fn store(&self) -> &dyn IndexStore {
        self.ports.store.as_ref()
    }

    /// The state of the index.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn status(&self) -> Result<Status, EngineError> {
        Ok(Status { workspace: self.options.workspace.display().to_string(), store: self.store().state()? })
    }

    /// Looks at everything that can be wrong with a workspace.
    ///
    /// # Errors
    ///
    /// When the store cannot be read at all.
    pub fn doctor(&self, warnings: &[ConfigWarning]) -> Result<Vec<Check>, EngineError> {
        let state = self.store().state()?;
        let mut checks = vec![Check {
            name: "store",
            is_ok: true,
            message: format!(
                "generation {}, {} symbols, {} edges, {} bytes",
                state.freshness.generation, state.symbols, state.edges, state.size_bytes
            ),
            code: None,
        }];
        // The digest is made from all that the store holds, so it meets what is damaged.
        checks.push(match self.store().digest() {
            Ok(digest) => Check { name: "content", is_ok: true, message: digest.to_string(), code: None },
            Err(error) => {
                let code = Some(error.code().clone());
                Check { name: "content", is_ok: false, message: error.to_string(), code }
            }
        });
        for file in self.store().indexed_files(&[])? {
            for code in file.diagnostics {
                checks.push(Check {
                    name: "file",
                    is_ok: false,
                    message: file.path.to_string(),
                    code: Some(code),
                });
            }
        }
        checks.extend(warnings.iter().map(|warning| Check {
            name: "config",
            is_ok: false,
            message: format!("{}: {}", warning.key, warning.message),
            code: Some(warning.code.clone()),
        }));
        Ok(checks)
    }
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;

    match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        // Half of it would say something else.
        Ok(mut file) => file.write_all(text.as_bytes()).inspect_err(|_| {
            let _ = std::fs::remove_file(path);
        }),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
