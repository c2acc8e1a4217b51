//! A project graph on its way out, without ever being held as a whole.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

use super::{GraphRecord, SCHEMA_VERSION};

/// Writes a project graph as JSON while its parts come in: one object, one record a line, no other
/// white space, the fields of records in the order of their types, a line break at the end.
///
/// # Examples
///
/// ```
/// use aether_core::code::ProjectGraphWriter;
/// let mut bytes = Vec::new();
/// ProjectGraphWriter::new(&mut bytes, None).finish()?;
/// let expected = "{\"schema_version\":1,\"revision\":null,\"files\":[\n],\"symbols\":[\n],\"edges\":[\n]}\n";
/// assert_eq!(String::from_utf8_lossy(&bytes), expected);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ProjectGraphWriter<'w> {
    sink: &'w mut dyn Write,
    /// Which list is open, and whether it holds something.
    list: usize,
    is_empty: bool,
    counts: GraphCounts,
    /// The first thing that went wrong; nothing is written after it.
    failed: Option<io::Error>,
}

/// How much a project graph holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct GraphCounts {
    /// Files.
    pub files: u64,
    /// Symbols.
    pub symbols: u64,
    /// Edges.
    pub edges: u64,
}

/// What stands in front of the first element of each list.
const BEFORE: [&str; 3] = ["\"files\":[", "\n],\"symbols\":[", "\n],\"edges\":["];

impl<'w> ProjectGraphWriter<'w> {
    /// Begins a graph of the commit with this full id, or of a working copy.
    pub fn new(sink: &'w mut dyn Write, revision: Option<&str>) -> Self {
        let mut writer = Self { sink, list: 0, is_empty: true, counts: GraphCounts::default(), failed: None };
        writer.attempt(|sink| {
            write!(sink, "{{\"schema_version\":{SCHEMA_VERSION},\"revision\":")?;
            serde_json::to_writer(&mut *sink, &revision)?;
            write!(sink, ",{}", BEFORE[0])
        });
        writer
    }

    /// Adds a record. When writing failed, or when a record of an earlier list comes too late, it does
    /// nothing; [`ProjectGraphWriter::finish`] tells.
    pub fn put(&mut self, record: GraphRecord<'_>) {
        match record {
            GraphRecord::File(file) => {
                self.counts.files += 1;
                self.line(0, file);
            }
            GraphRecord::Symbol(symbol) => {
                self.counts.symbols += 1;
                self.line(1, symbol);
            }
            GraphRecord::Edge(edge) => {
                self.counts.edges += 1;
                self.line(2, edge);
            }
        }
    }

    /// Closes the graph and hands everything to the sink.
    ///
    /// # Errors
    ///
    /// The first failure of the sink, and [`io::ErrorKind::InvalidInput`] when records came out of
    /// order. What was written is then no graph.
    pub fn finish(mut self) -> io::Result<GraphCounts> {
        self.open(2);
        self.attempt(|sink| {
            sink.write_all(b"\n]}\n")?;
            sink.flush()
        });
        self.failed.map_or(Ok(self.counts), Err)
    }

    fn line(&mut self, list: usize, record: &impl Serialize) {
        if list < self.list && self.failed.is_none() {
            let message = "files come first, then symbols, then edges";
            self.failed = Some(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        self.open(list);
        let before: &[u8] = if self.is_empty { b"\n" } else { b",\n" };
        self.is_empty = false;
        self.attempt(|sink| {
            sink.write_all(before)?;
            Ok(serde_json::to_writer(sink, record)?)
        });
    }

    /// Closes lists until this one is open.
    fn open(&mut self, list: usize) {
        while self.list < list {
            self.list += 1;
            self.is_empty = true;
            let before = BEFORE[self.list];
            self.attempt(|sink| sink.write_all(before.as_bytes()));
        }
    }

    fn attempt(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = write(&mut *self.sink).err();
        }
    }
}

impl fmt::Debug for ProjectGraphWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectGraphWriter").field("counts", &self.counts).finish_non_exhaustive()
    }
}
