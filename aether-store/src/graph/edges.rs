//! Edges by their ends.

use std::collections::BTreeSet;

use aether_core::base::RelPath;
use aether_core::code::{EdgeKind, SymbolId};
use aether_core::port::{EdgeQuery, EdgeRecord};
use rusqlite::Connection;

use crate::codec::name_hash;
use crate::edge_block::{self, StoredEdge, Target};
use crate::ends::{self, End, Ends, Site};
use crate::error::{OrCorrupt as _, Outcome};
use crate::fact_source::lookup_each;
use crate::ids;
use crate::lookup::Space;
use crate::rows::{self, NameRow};
use crate::visit;

/// Edges that match, sorted by file and line of the site.
pub(crate) fn edges(connection: &Connection, query: &EdgeQuery) -> Outcome<Vec<EdgeRecord>> {
    let wants = |kind: EdgeKind| query.kinds.is_empty() || query.kinds.contains(&kind);
    if query.source.is_none() && query.target.is_none() {
        let mut found = Vec::new();
        visit::edges(connection, &mut |edge| {
            if wants(edge.kind) && edge.confidence >= query.min_confidence {
                found.push(edge.clone());
            }
        })?;
        found.sort_by(|a, b| (&a.src_file, a.site_line).cmp(&(&b.src_file, b.site_line)));
        return Ok(found);
    }
    let (Some(source), Some(target)) = (find(connection, query.source)?, find(connection, query.target)?)
    else {
        return Ok(Vec::new());
    };
    let mut files = BTreeSet::new();
    if let Some(source) = source {
        files.insert(NameRow::load(connection, source)?.file);
    } else if let Some(target) = target {
        lookup_each(connection, Space::Target, target, |file| {
            files.insert(file);
        })?;
    }
    let mut ends = Ends::new(connection);
    let mut found = Found::default();
    found.read(connection, files, &mut ends, |edge| {
        source.is_none_or(|source| edge.source == source)
            && target.is_none_or(|target| edge.target == Target::Symbol(target))
            && wants(edge.kind)
            && edge.confidence >= query.min_confidence
    })?;
    if wants(EdgeKind::Defines) {
        add_defines(connection, source, target, &mut ends, &mut found)?;
    }
    Ok(found.by_line())
}

/// The key of an id, if one was asked for: nothing when it is unknown.
fn find(connection: &Connection, id: Option<SymbolId>) -> Outcome<Option<Option<i64>>> {
    match id {
        None => Ok(Some(None)),
        Some(id) => Ok(ids::key_of(connection, &id)?.map(Some)),
    }
}

/// Edges with what they are sorted by.
#[derive(Default)]
struct Found(Vec<(RelPath, Site, EdgeRecord)>);

impl Found {
    /// Adds the edges of `files` that `keep` wants.
    fn read(
        &mut self,
        connection: &Connection,
        files: impl IntoIterator<Item = i64>,
        ends: &mut Ends<'_>,
        keep: impl Fn(&StoredEdge<'_>) -> bool,
    ) -> Outcome<()> {
        for file in files {
            let block = edge_block::load(connection, file)?;
            let mut kept = Vec::new();
            edge_block::read(&block, |edge| {
                if keep(&edge) {
                    kept.push(edge);
                }
            })
            .or_corrupt("edges")?;
            for edge in kept {
                let start = ends.get(edge.source)?;
                let end = match edge.target {
                    Target::Symbol(key) => Some(ends.get(key)?),
                    _ => None,
                };
                self.add(&start, edge.at, ends::record(&edge, &start, end.as_ref()));
            }
        }
        Ok(())
    }

    fn add(&mut self, start: &End, at: u32, record: EdgeRecord) {
        self.0.push((record.src_file.clone(), Site { position: start.position, at }, record));
    }

    /// In the order of file and line of the site.
    fn by_line(mut self) -> Vec<EdgeRecord> {
        self.0.sort_by(|(a, x, first), (b, y, second)| {
            (a, first.site_line, x)
                .cmp(&(b, second.site_line, y))
                .then_with(|| ends::order(first).cmp(&ends::order(second)))
        });
        self.0.into_iter().map(|(_, _, record)| record).collect()
    }
}

fn add_defines(
    connection: &Connection,
    source: Option<i64>,
    target: Option<i64>,
    ends: &mut Ends<'_>,
    found: &mut Found,
) -> Outcome<()> {
    let Some(any) = source.or(target) else { return Ok(()) };
    let outline = rows::outline(connection, NameRow::load(connection, any)?.file)?;
    for (position, entry) in outline.entries.iter().enumerate() {
        let Some(definer) = outline.definer(position) else { continue };
        let definer = outline.entries.get(definer).or_corrupt("outline")?.key;
        if source.is_none_or(|source| source == definer) && target.is_none_or(|target| target == entry.key) {
            let (start, end) = (ends.get(definer)?, ends.get(entry.key)?);
            found.add(&start, end.name_at, ends::defines(&start, &end));
        }
    }
    Ok(())
}

/// Unresolved calls whose last name is `name`, sorted like edges.
pub(crate) fn unresolved_calls_named(connection: &Connection, name: &str) -> Outcome<Vec<EdgeRecord>> {
    let mut files = Vec::new();
    lookup_each(connection, Space::Unresolved, i64::from(name_hash(name)), |file| files.push(file))?;
    let mut ends = Ends::new(connection);
    let mut found = Found::default();
    found.read(connection, files, &mut ends, |edge| {
        edge.unresolved_call_name() == Some(name) && !name.is_empty()
    })?;
    Ok(found.by_line())
}
