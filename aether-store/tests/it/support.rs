//! Stores to test, in memory and in files of their own.

use std::path::PathBuf;

use aether_core::base::RelPath;
use aether_core::conformance::fixtures::{FileBuilder, full_delta};
use aether_core::port::IndexStore as _;
use aether_store::{SqliteStore, StoreOptions};
use rusqlite::Connection;
use tempfile::TempDir;

pub(crate) fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

/// A file with one function.
pub(crate) fn file(path: &str, function: &str) -> FileBuilder {
    let mut file = FileBuilder::new(path);
    file.symbol(aether_core::code::SymbolKind::FUNCTION, function, None);
    file
}

/// A store in memory that holds `files`.
pub(crate) fn in_memory(files: impl IntoIterator<Item = FileBuilder>) -> SqliteStore {
    let store = SqliteStore::open_in_memory().expect("a store in memory");
    store.apply(&full_delta(files.into_iter().map(FileBuilder::build)), None).expect("a full delta");
    store
}

/// A folder with a place for a store.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder") }
    }

    /// A place whose store holds `files` and is closed.
    pub(crate) fn with(files: impl IntoIterator<Item = FileBuilder>) -> Self {
        let place = Self::new();
        let delta = full_delta(files.into_iter().map(FileBuilder::build));
        place.open().apply(&delta, None).expect("a full delta");
        place
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("aether.db")
    }

    /// Opens the store with a short patience.
    pub(crate) fn open(&self) -> SqliteStore {
        let options = StoreOptions::default().with_busy_timeout_ms(50);
        SqliteStore::open(&self.path(), &options).expect("a store")
    }

    /// The names of the files in the folder, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.expect("an entry").file_name().to_string_lossy().into_owned()
        };
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }

    /// A connection that knows nothing of stores.
    pub(crate) fn sqlite(&self) -> Connection {
        Connection::open(self.path()).expect("a database")
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.sqlite().execute_batch(sql).expect("a statement");
    }
}
