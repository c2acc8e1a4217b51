//! One command's way to an engine: the workspace, its configuration, the store, an update.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use aether_bindings::engine::{EffectTable, Engine, EngineOptions, IndexSummary, Ports, StoreOptions};
use aether_core::base::{Config, ConfigWarning, ErrorCode, Timestamp};
use aether_core::code::{Answer, Freshness, RepositoryFile, Symbol};

use crate::arguments::Common;
use crate::failure::{Failure, Stop};
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::places::Places;
use crate::progress::Bar;

/// What a command is given beside its own arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) common: &'a Common,
    pub(crate) interrupt: &'a Interrupt,
}

/// A folder that a command is about.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    current: PathBuf,
}

impl Workspace {
    /// The folder that was named, else the nearest workspace at or above the current folder.
    pub(crate) fn find(common: &Common, path: Option<&Path>) -> Result<Self, Failure> {
        let current = std::env::current_dir().map_err(|error| {
            Failure::new(
                ErrorCode::WORKSPACE_NOT_FOUND,
                format!("the current folder cannot be read: {error}"),
            )
        })?;
        let named = match (common.workspace.as_deref(), path) {
            (Some(_), Some(_)) => {
                return Err(Failure::usage("PATH and --workspace name the same thing; give one"));
            }
            (named, None) | (None, named) => named,
        };
        let root = named.map_or_else(|| Engine::find_workspace(&current), |named| tidy(&current.join(named)));
        Ok(Self { root, current })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What the configuration says where there is one. What of it cannot be used is told, and so is a policy that is
    /// looser than the defaults: with every answer, since none can be trusted as much.
    pub(crate) fn config(&self, out: &mut Output) -> Result<Config, Failure> {
        let (config, warnings) = self.read_config()?;
        out.warn(warnings);
        out.govern(&config.policy.profile);
        Ok(config)
    }

    /// What the configuration says where there is one, and what of it cannot be used.
    pub(crate) fn read_config(&self) -> Result<(Config, Vec<ConfigWarning>), Failure> {
        let path = self.root.join(Engine::FOLDER).join(Engine::CONFIG_FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            // No folder of that name, or something else in its place: opening the store tells.
            Err(_) if !path.exists() => return Ok((Config::default(), Vec::new())),
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                return Err(Failure::new(ErrorCode::STORE_IO, message));
            }
        };
        let broken =
            |reason: String| Failure::new(ErrorCode::CONFIG_SYNTAX, format!("{}: {reason}", path.display()));
        let text = String::from_utf8(bytes).map_err(|_| broken("configuration is not UTF-8".to_owned()))?;
        Config::parse(&text).map_err(|error| broken(error.to_string()))
    }

    /// The file that the team of the repository keeps for Aether, where there is one.
    pub(crate) fn read_repository_file(&self) -> Result<RepositoryFile, Failure> {
        let text = self.read_repository_text()?.unwrap_or_default();
        RepositoryFile::parse(&text).map_err(|error| {
            let path = self.root.join(RepositoryFile::NAME);
            Failure::new(error.code(), format!("{}: {error}", path.display()))
        })
    }

    /// The text of that file.
    pub(crate) fn read_repository_text(&self) -> Result<Option<String>, Failure> {
        let path = self.root.join(RepositoryFile::NAME);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            // Nothing there, or no folder to hold it: opening the store tells.
            Err(_) if !path.exists() => Ok(None),
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                Err(Failure::new(ErrorCode::CONFIG_SYNTAX, message))
            }
        }
    }

    /// What calls and macros are known to do, with what the repository adds.
    fn effects(&self) -> Result<EffectTable, Failure> {
        let mut table = EffectTable::standard();
        let own = self.read_repository_file()?.effects;
        table.add(&own).map_err(|error| {
            let path = self.root.join(RepositoryFile::NAME);
            let reason = std::error::Error::source(&error).map_or_else(String::new, ToString::to_string);
            Failure::new(ErrorCode::CONFIG_SYNTAX, format!("{}: {error}: {}", path.display(), reason.trim()))
        })?;
        Ok(table)
    }

    /// An engine that neither reads nor writes the store of the workspace.
    pub(crate) fn open_apart(self, context: Context<'_>, mut config: Config) -> Result<Engine, Stop> {
        overlay(&mut config, context.common);
        let options = EngineOptions::new(self.root).with_config(&config);
        Ok(Engine::open(options, Ports::in_memory()?)?)
    }

    /// Opens the store; only for reading where no update is wanted.
    pub(crate) fn open(self, context: Context<'_>, mut config: Config) -> Result<Session, Stop> {
        let common = context.common;
        overlay(&mut config, common);
        let mut store = StoreOptions::default().with_busy_timeout_ms(config.storage.busy_timeout_ms);
        if common.no_update && self.root.is_dir() {
            if !self.root.join(Engine::FOLDER).join(Engine::STORE_FILE).exists() {
                let message =
                    format!("{} has no index yet; leave out --no-update to build it", self.root.display());
                return Err(Failure::new(ErrorCode::STORE_IO, message).into());
            }
            store = store.with_read_only();
        }
        let effects = self.effects()?;
        let options = EngineOptions::new(self.root.clone()).with_config(&config).with_effects(effects);
        let engine = context.interrupt.guard(|_| Engine::open_workspace(options, &store, now))?;
        Ok(Session { engine, config, places: Places::new(self.root, self.current), checked: None })
    }
}

/// An engine over a workspace.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) engine: Engine,
    pub(crate) config: Config,
    pub(crate) places: Places,
    checked: Option<Freshness>,
}

impl Session {
    /// What every question starts with: opens the workspace and brings its index up to date.
    pub(crate) fn start(context: Context<'_>, path: Option<&Path>, out: &mut Output) -> Result<Self, Stop> {
        let workspace = Workspace::find(context.common, path)?;
        let config = workspace.config(out)?;
        let mut session = workspace.open(context, config)?;
        if !context.common.no_update {
            session.update(context.interrupt)?;
        }
        Ok(session)
    }

    /// Brings the index up to date, with a progress bar where somebody can see it.
    pub(crate) fn update(&mut self, interrupt: &Interrupt) -> Result<Answer<IndexSummary>, Stop> {
        let answer = interrupt.guard(|cancel| self.engine.index(cancel, &Bar::new()))?;
        self.checked = Some(answer.freshness.clone());
        Ok(answer)
    }

    /// Adds what changed to the history of a folder that git does not keep, unless nobody wants that.
    pub(crate) fn record_state(&self) -> Result<(), Stop> {
        if self.config.storage.record_history && !self.engine.is_in_git() {
            self.engine.record_state()?;
        }
        Ok(())
    }

    /// The one symbol that a person means.
    pub(crate) fn select(&self, text: &str) -> Result<Symbol, Stop> {
        Ok(self.engine.select(&self.named(text)?)?)
    }

    /// What a person typed for a symbol, with its place as the index has it.
    pub(crate) fn named(&self, text: &str) -> Result<String, Stop> {
        if text.trim().is_empty() {
            return Err(Failure::new(ErrorCode::QUERY_BAD_SYNTAX, "a symbol has a name").into());
        }
        Ok(self.places.symbol(text))
    }

    /// An answer that says whether the files were compared with the index by this command.
    pub(crate) fn checked<T>(&self, mut answer: Answer<T>) -> Answer<T> {
        let now = answer.freshness.generation;
        answer.freshness.is_checked |= self.checked.as_ref().is_some_and(|checked| checked.generation == now);
        answer
    }
}

/// What the flags say in place of the configuration.
fn overlay(config: &mut Config, common: &Common) {
    let index = &mut config.index;
    index.threads = common.threads.unwrap_or(index.threads);
    index.limits.max_file_bytes = common.max_file_bytes.unwrap_or(index.limits.max_file_bytes);
    index.limits.max_files = common.max_files.unwrap_or(index.limits.max_files);
    index.exclude.extend(common.exclude.iter().cloned());
    if let Some(embeddings) = &common.embeddings {
        config.embeddings.provider.clone_from(embeddings);
    }
    let storage = &mut config.storage;
    storage.busy_timeout_ms = common.busy_timeout_ms.unwrap_or(storage.busy_timeout_ms);
    storage.mirror_records = common.mirror_records.unwrap_or(storage.mirror_records);
    storage.record_history = common.record_history.unwrap_or(storage.record_history);
}

/// A path without `.`, `..` and links; one that leads nowhere stays as it is, for the error to name.
fn tidy(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.components().collect())
}

fn now() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp::from_unix_ms)
}
