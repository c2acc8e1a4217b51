//! Files and their facts, as resolution reads them.

use std::collections::BTreeSet;
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::IndexedFile;
use aether_core::code::facts::{self, FileFacts};
use aether_core::port::{FileStamp, SharedFacts};
use rusqlite::{Connection, OptionalExtension as _};

use crate::codec::name_hash;
use crate::error::{OrCorrupt as _, Outcome};
use crate::lookup::{self, Space};
use crate::packed;
use crate::rows::{self, FileRow};
use crate::schema;

/// What made the facts; files of the first version do not say.
pub(crate) fn made_by(connection: &Connection) -> Outcome<Option<String>> {
    if schema::inspect(connection)? == schema::Found::Store(1) {
        return Ok(None);
    }
    Ok(connection
        .prepare_cached("SELECT made_by FROM state WHERE id = 0")?
        .query_row((), |row| row.get(0))
        .optional()?
        .flatten())
}

/// All files in the order of their paths.
pub(crate) fn files(connection: &Connection) -> Outcome<Vec<FileStamp>> {
    let mut statement = connection.prepare_cached(
        "SELECT path, language, content_hash, size_bytes, modified_ns, dependencies, module_path
         FROM files ORDER BY path",
    )?;
    let mut found = statement.query(())?;
    let mut stamps = Vec::new();
    while let Some(row) = found.next()? {
        stamps.push(rows::file_stamp(row)?);
    }
    Ok(stamps)
}

/// Records of files, sorted by path; all of them for an empty list.
pub(crate) fn indexed_files(connection: &Connection, paths: &[RelPath]) -> Outcome<Vec<IndexedFile>> {
    let mut files = Vec::new();
    if paths.is_empty() {
        let mut statement = connection.prepare_cached(
            "SELECT path, language, content_hash, size_bytes, modified_ns, module_path, diagnostics
             FROM files ORDER BY path",
        )?;
        let mut found = statement.query(())?;
        while let Some(row) = found.next()? {
            files.push(rows::indexed_file(row)?);
        }
        return Ok(files);
    }
    let mut statement = connection.prepare_cached(
        "SELECT path, language, content_hash, size_bytes, modified_ns, module_path, diagnostics
         FROM files WHERE path = ?1",
    )?;
    for path in paths.iter().collect::<BTreeSet<_>>() {
        let mut found = statement.query([path.as_str()])?;
        if let Some(row) = found.next()? {
            files.push(rows::indexed_file(row)?);
        }
    }
    Ok(files)
}

/// The facts of `paths` in their order. Facts of another version than this program reads count as
/// missing, so that callers derive them again.
pub(crate) fn facts(connection: &Connection, paths: &[RelPath]) -> Outcome<Vec<Option<SharedFacts>>> {
    if schema::facts_version(connection)? != i64::from(facts::SCHEMA_VERSION) {
        return Ok(vec![None; paths.len()]);
    }
    let mut statement = connection
        .prepare_cached("SELECT facts.data FROM files JOIN facts USING (file) WHERE files.path = ?1")?;
    let mut all = Vec::with_capacity(paths.len());
    for path in paths {
        let mut found = statement.query([path.as_str()])?;
        let facts = match found.next()? {
            Some(row) => Some(Arc::new(decode(rows::blob(row.get_ref(0)?)?)?)),
            None => None,
        };
        all.push(facts);
    }
    Ok(all)
}

fn decode(bytes: &[u8]) -> Outcome<FileFacts> {
    let facts: FileFacts = postcard::from_bytes(bytes).ok().or_corrupt("facts")?;
    // Every reader of facts relies on indexes that fit together.
    facts.validate().ok().or_corrupt("facts")?;
    Ok(facts)
}

pub(crate) fn files_declaring(connection: &Connection, names: &[&str]) -> Outcome<Vec<RelPath>> {
    files_of(connection, Space::Declares, names)
}

pub(crate) fn files_importing(connection: &Connection, names: &[&str]) -> Outcome<Vec<RelPath>> {
    files_of(connection, Space::Import, names)
}

/// The files that a space of the lookup table names, sorted. Two names with the same hash, one pair in
/// four billion, may add a file that has none of `names`.
fn files_of(connection: &Connection, space: Space, names: &[&str]) -> Outcome<Vec<RelPath>> {
    let mut files = BTreeSet::new();
    for name in names {
        lookup_each(connection, space, i64::from(name_hash(name)), |file| {
            files.insert(file);
        })?;
    }
    let mut paths = Vec::with_capacity(files.len());
    for file in files {
        paths.push(FileRow::load(connection, file)?.path);
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Calls `visit` with every answer to `value`, in ascending order.
pub(crate) fn lookup_each(
    connection: &Connection,
    space: Space,
    value: i64,
    mut visit: impl FnMut(i64),
) -> Outcome<()> {
    let (first, last) = lookup::range(space, value);
    packed::scan(connection, first, last, |pair| visit(lookup::answer(pair)))
}

/// The number of a file.
pub(crate) fn file_number(connection: &Connection, path: &RelPath) -> Outcome<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT file FROM files WHERE path = ?1")?
        .query_row([path.as_str()], |row| row.get(0))
        .optional()?)
}
