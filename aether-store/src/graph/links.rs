//! All edges inside the project, in memory.

use aether_core::code::{Confidence, EdgeKind, SymbolId};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::edge_block::{self, Target};
use crate::error::{OrCorrupt as _, Outcome};
use crate::rows::{self, blob};

/// An edge between two symbols of the project.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) kind: EdgeKind,
    pub(super) confidence: Confidence,
}

/// The edges of one generation: 12 bytes twice for each.
#[derive(Debug)]
pub(crate) struct Links {
    /// Sorted by source.
    forward: Vec<Link>,
    /// Sorted by target.
    backward: Vec<Link>,
}

impl Links {
    pub(super) fn load(connection: &Connection) -> Outcome<Self> {
        let mut forward = Vec::new();
        let mut statement = connection.prepare_cached("SELECT data FROM edges")?;
        let mut found = statement.query(())?;
        while let Some(row) = found.next()? {
            edge_block::read(blob(row.get_ref(0)?)?, |edge| {
                if let Target::Symbol(to) = edge.target {
                    let (from, to) = (edge.source as u32, to as u32);
                    forward.push(Link { from, to, kind: edge.kind, confidence: edge.confidence });
                }
            })
            .or_corrupt("edges")?;
        }
        forward.sort_unstable();
        let mut backward = forward.clone();
        backward.sort_unstable_by_key(|link| (link.to, *link));
        Ok(Self { forward, backward })
    }

    pub(super) fn all(&self) -> &[Link] {
        &self.forward
    }

    /// The edges that start at a symbol.
    pub(super) fn from(&self, key: u32) -> &[Link] {
        let start = self.forward.partition_point(|link| link.from < key);
        let rest = &self.forward[start..];
        &rest[..rest.partition_point(|link| link.from == key)]
    }

    /// The edges that lead to a symbol.
    pub(super) fn to(&self, key: u32) -> &[Link] {
        let start = self.backward.partition_point(|link| link.to < key);
        let rest = &self.backward[start..];
        &rest[..rest.partition_point(|link| link.to == key)]
    }
}

/// Ids of keys, each read once.
pub(super) struct Ids<'c> {
    connection: &'c Connection,
    known: FxHashMap<u32, SymbolId>,
}

impl<'c> Ids<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, known: FxHashMap::default() }
    }

    pub(super) fn get(&mut self, key: u32) -> Outcome<SymbolId> {
        if let Some(&id) = self.known.get(&key) {
            return Ok(id);
        }
        let id = rows::id_of(self.connection, i64::from(key))?;
        self.known.insert(key, id);
        Ok(id)
    }
}
