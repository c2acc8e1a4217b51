//! Where every symbol stands, in memory: to put thousands of keys in order without reading their rows.

use rusqlite::Connection;

use crate::error::{OrCorrupt as _, Outcome};
use crate::outline::Outline;
use crate::rows::blob;

/// Keys that follow each other in one file.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Run {
    first: u32,
    last: u32,
    /// Place of the file in the order of paths.
    file: u32,
    /// Position of the first key in the file.
    position: u32,
}

/// The runs of one generation, sorted by key: 16 bytes for each file at least.
#[derive(Debug)]
pub(crate) struct Directory {
    runs: Vec<Run>,
}

impl Directory {
    pub(crate) fn load(connection: &Connection) -> Outcome<Self> {
        let mut statement = connection.prepare_cached(
            "SELECT outlines.symbols FROM files JOIN outlines USING (file) ORDER BY files.path",
        )?;
        let mut found = statement.query(())?;
        let mut runs: Vec<Run> = Vec::new();
        let mut file = 0;
        while let Some(row) = found.next()? {
            let mut position = 0;
            Outline::each_key(blob(row.get_ref(0)?)?, |key| {
                let key = key as u32;
                match runs.last_mut() {
                    Some(run) if position > 0 && run.last.wrapping_add(1) == key => run.last = key,
                    _ => runs.push(Run { first: key, last: key, file, position }),
                }
                position += 1;
            })
            .or_corrupt("outline")?;
            file += 1;
        }
        runs.sort_unstable();
        Ok(Self { runs })
    }

    /// What orders a symbol by file and position; unknown keys come last.
    pub(crate) fn place(&self, key: i64) -> (u32, u32) {
        let key = key as u32;
        let at = self.runs.partition_point(|run| run.last < key);
        match self.runs.get(at) {
            Some(run) if run.first <= key => (run.file, run.position + (key - run.first)),
            _ => (u32::MAX, u32::MAX),
        }
    }
}
