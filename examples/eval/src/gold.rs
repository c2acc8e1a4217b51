//! What a compiler-grade indexer says about the calls of a corpus.
//!
//! `examples/eval/gold/README.md` has the format and how it is made.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;

/// A function: its file and the line of its name.
pub(crate) type Place = (String, u32);
/// Caller and callee.
pub(crate) type EdgeKey = (Place, Place);

/// The gold of a corpus.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gold {
    /// Functions; of several on one line the last.
    pub(crate) functions: HashMap<Place, String>,
    /// All functions with their names.
    pub(crate) all_functions: HashSet<(Place, String)>,
    /// Calls.
    pub(crate) edges: HashSet<EdgeKey>,
    /// Caller and name of the callee, where the oracle could resolve the call at all.
    pub(crate) resolved: HashSet<(Place, String)>,
    /// Further calls, which stand in arguments of macros.
    pub(crate) macro_edges: Option<HashSet<EdgeKey>>,
}

/// Decompressed gold larger than this is refused.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

impl Gold {
    /// Reads the gold of `name` from the first of `folders` that has it; `None` when none has.
    pub(crate) fn load(name: &str, folders: &[PathBuf]) -> Result<Option<Self>> {
        let [Some(gold), Some(resolved), Some(functions)] =
            ["gold", "resolved", "fns"].map(|kind| find(name, kind, folders))
        else {
            return Ok(None);
        };
        let functions: Vec<(Place, String)> = rows(&functions, function)?;
        Ok(Some(Self {
            edges: rows(&gold, edge)?.into_iter().collect(),
            resolved: rows(&resolved, function)?.into_iter().collect(),
            functions: functions.iter().cloned().collect(),
            all_functions: functions.into_iter().collect(),
            macro_edges: find(name, "macro.gold", folders)
                .map(|path| rows(&path, edge).map(|edges| edges.into_iter().collect()))
                .transpose()?,
        }))
    }

    /// The files that the gold says anything about.
    pub(crate) fn files(&self) -> HashSet<&str> {
        let callers = self.edges.iter().map(|(source, _)| source);
        let resolved = self.resolved.iter().map(|(source, _)| source);
        callers.chain(resolved).map(|(file, _)| file.as_str()).collect()
    }
}

fn find(name: &str, kind: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join(format!("{name}.{kind}.tsv.gz"))).find(|path| path.is_file())
}

/// The rows of a compressed table.
fn rows<T>(path: &Path, row: fn(&[&str]) -> Option<T>) -> Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file)
        .take(MAX_BYTES)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read {}", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            let columns: Vec<&str> = line.split('\t').collect();
            row(&columns).with_context(|| format!("{}:{}: not a row of gold", path.display(), number + 1))
        })
        .collect()
}

fn function(columns: &[&str]) -> Option<(Place, String)> {
    let [file, line, name] = columns else { return None };
    Some((((*file).to_owned(), line.parse().ok()?), (*name).to_owned()))
}

fn edge(columns: &[&str]) -> Option<EdgeKey> {
    let [file, line, callee_file, callee_line] = columns else { return None };
    let place = |file: &str, line: &str| Some((file.to_owned(), line.parse().ok()?));
    Some((place(file, line)?, place(callee_file, callee_line)?))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn write(folder: &Path, name: &str, text: &str) {
        let file = File::create(folder.join(name)).unwrap();
        let mut writer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn gold_is_taken_from_the_first_folder_that_has_it() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folders = [first.path().to_owned(), second.path().to_owned()];
        write(second.path(), "x.gold.tsv.gz", "a.rs\t1\tb.rs\t2\n");
        write(second.path(), "x.resolved.tsv.gz", "a.rs\t1\tg\n");
        assert!(Gold::load("x", &folders).unwrap().is_none());
        write(second.path(), "x.fns.tsv.gz", "a.rs\t1\tf\nb.rs\t2\tg\n");
        write(first.path(), "x.macro.gold.tsv.gz", "");
        let gold = Gold::load("x", &folders).unwrap().unwrap();
        assert_eq!(gold.edges.len(), 1);
        assert_eq!(gold.functions[&("b.rs".to_owned(), 2)], "g");
        assert_eq!(gold.macro_edges, Some(HashSet::new()));
        assert_eq!(gold.files(), HashSet::from(["a.rs"]));
    }

    #[test]
    fn a_broken_row_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for kind in ["gold", "resolved", "fns"] {
            write(folder.path(), &format!("x.{kind}.tsv.gz"), "a.rs\tone\tb.rs\n");
        }
        let error = Gold::load("x", &[folder.path().to_owned()]).unwrap_err();
        assert!(error.to_string().contains("tsv.gz:1"), "{error}");
    }
}
