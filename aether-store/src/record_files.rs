//! Semantic records as one JSON file a symbol.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/sir"))]

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::code::{StoredRecord, SymbolId};
use aether_core::port::{PortError, RecordDelta, RecordMirror};
use serde::{Deserialize, Serialize};

/// Version of the files.
const VERSION: u32 = 1;
/// Longest file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Files `<id>.json` in one folder, the id without its prefix, each with the records of one symbol by
/// provider. A file is replaced as a whole.
#[derive(Clone, Debug)]
pub struct RecordFiles {
    folder: PathBuf,
}

/// What stands in files of every version.
#[derive(Debug, Deserialize)]
struct Head {
    schema_version: u32,
}

/// What stands in a file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Page {
    schema_version: u32,
    symbol: Option<SymbolId>,
    records: BTreeMap<String, StoredRecord>,
}

impl RecordFiles {
    /// Files in `folder`, which is made with the first of them.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The file of a symbol.
    #[must_use]
    pub fn path(&self, symbol: SymbolId) -> PathBuf {
        let id = symbol.to_string();
        self.folder.join(format!("{}.json", id.trim_start_matches("sym:")))
    }

    /// What stands in the file of a symbol: nothing when it is damaged, `None` when it is too long or of a
    /// version that is not known here, and stays as it is.
    fn read(&self, symbol: SymbolId) -> Result<Option<BTreeMap<String, StoredRecord>>, PortError> {
        let path = self.path(symbol);
        match path.metadata() {
            Ok(metadata) if metadata.len() > LONGEST => return Ok(None),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(BTreeMap::new())),
            Err(error) => return Err(failed(&path, error)),
        }
        let bytes = std::fs::read(&path).map_err(|error| failed(&path, error))?;
        if let Ok(Head { schema_version: 2.. }) = serde_json::from_slice(&bytes) {
            return Ok(None);
        }
        let Ok(page) = serde_json::from_slice::<Page>(&bytes) else { return Ok(Some(BTreeMap::new())) };
        let mut records = page.records;
        records.retain(|provider, record| {
            record.provider == *provider && record.symbol == symbol && record.is_sound()
        });
        Ok(Some(records))
    }

    fn write(&self, symbol: SymbolId, records: BTreeMap<String, StoredRecord>) -> Result<(), PortError> {
        let path = self.path(symbol);
        if records.is_empty() {
            return match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&path, error)),
                _ => Ok(()),
            };
        }
        let page = Page { schema_version: VERSION, symbol: Some(symbol), records };
        let mut text = serde_json::to_vec_pretty(&page)
            .map_err(|error| PortError::new(ErrorCode::INTERNAL, error.to_string()))?;
        text.push(b'\n');
        if text.len() as u64 > LONGEST {
            let message = format!("{}: the records are longer than {LONGEST} bytes", path.display());
            return Err(PortError::new(ErrorCode::STORE_IO, message));
        }
        // Another name first: a program that ends leaves no half of a file, and two writers one of theirs.
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let written = builder
            .tempfile_in(&self.folder)
            .and_then(|mut file| file.write_all(&text).map(|()| file))
            .and_then(|file| file.persist(&path).map_err(|error| error.error));
        written.map(drop).map_err(|error| failed(&path, error))
    }
}

fn failed(path: &Path, error: std::io::Error) -> PortError {
    let code = match error.kind() {
        ErrorKind::StorageFull => ErrorCode::STORE_FULL,
        _ => ErrorCode::STORE_IO,
    };
    PortError::new(code, format!("{}: {error}", path.display())).with_source(error)
}

impl RecordMirror for RecordFiles {
    fn mirror(&self, delta: &RecordDelta) -> Result<(), PortError> {
        if !delta.put.is_empty() {
            std::fs::create_dir_all(&self.folder).map_err(|error| failed(&self.folder, error))?;
        }
        for symbol in &delta.removed {
            if let Some(mut records) = self.read(*symbol)? {
                // What is damaged goes too.
                if records.remove(&delta.provider).is_some() || records.is_empty() {
                    self.write(*symbol, records)?;
                }
            }
        }
        for record in &delta.put {
            let Some(mut records) = self.read(record.symbol)? else { continue };
            if records.get(&record.provider) != Some(record) {
                records.insert(record.provider.clone(), record.clone());
                self.write(record.symbol, records)?;
            }
        }
        Ok(())
    }

    fn mirrored(&self, provider: &str, symbols: &[SymbolId]) -> Result<Vec<Option<StoredRecord>>, PortError> {
        symbols
            .iter()
            .map(|symbol| Ok(self.read(*symbol)?.and_then(|mut records| records.remove(provider))))
            .collect()
    }

    fn symbols(&self) -> Result<Vec<SymbolId>, PortError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| failed(&self.folder, error))?,
        };
        let mut symbols = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| failed(&self.folder, error))?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
            symbols.extend(id.and_then(|id| format!("sym:{id}").parse::<SymbolId>().ok()));
        }
        symbols.sort_unstable();
        Ok(symbols)
    }
}
