//! Vectors of symbols: eight bits a dimension, every one of them compared.

mod matrix;

use std::sync::{Arc, Mutex, PoisonError};

use aether_core::base::Sha256Hash;
use aether_core::code::SymbolId;
use aether_core::port::{VectorDelta, VectorSpace};
use rusqlite::{Connection, OptionalExtension as _, params};

use self::matrix::{Matrix, Quantised};
use crate::connections::begin_write;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::schema::{self, Found};

/// The vectors of the space that was asked last, as long as nobody changes them.
#[derive(Debug, Default)]
pub(crate) struct KeptMatrix(Mutex<Option<(Version, Arc<Matrix>)>>);

/// A space by its name, since numbers of spaces that are gone come again, its number, and how often it was
/// changed.
type Version = (String, i64, i64);

/// Applies a change in one transaction.
pub(crate) fn apply(connection: &mut Connection, delta: &VectorDelta) -> Outcome<()> {
    let transaction = begin_write(connection)?;
    schema::inspect(&transaction)?;
    write(&transaction, delta)?;
    transaction.commit()?;
    Ok(())
}

fn write(connection: &Connection, delta: &VectorDelta) -> Outcome<()> {
    let known: Option<(i64, usize)> = connection
        .prepare_cached("SELECT number, dimensions FROM vector_spaces WHERE space = ?1")?
        .query_row([&delta.space], |row| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize)))
        .optional()?;
    let held = known.filter(|_| !delta.is_full).map(|(_, dimensions)| dimensions).filter(|it| *it > 0);
    let dimensions = held.or_else(|| delta.put.first().map(|it| it.vector.len())).unwrap_or(0);
    if delta.put.iter().any(|it| it.vector.len() != dimensions) {
        return Err(Cause::BadDelta("vectors of one space differ in length"));
    }
    let number: i64 = connection
        .prepare_cached(
            "INSERT INTO vector_spaces (space, generation, dimensions, put_since_learned, times_learned,
                 revision, learned)
             VALUES (?1, ?2, ?3, ?4, ?5 IS NOT NULL, 1, ?5)
             ON CONFLICT (space) DO UPDATE SET
                 generation = ?2, dimensions = ?3, revision = revision + 1,
                 times_learned = times_learned + (?5 IS NOT NULL),
                 put_since_learned = iif(?5 IS NULL, put_since_learned + ?4, 0), learned = ifnull(?5, learned)
             RETURNING number",
        )?
        .query_row(
            params![
                delta.space,
                delta.generation.cast_signed(),
                dimensions as u32,
                if delta.learned.is_some() { 0 } else { delta.put.len() as u32 },
                delta.learned,
            ],
            |row| row.get(0),
        )?;
    for replaced in delta.replaces.iter().filter(|it| **it != delta.space) {
        let gone: Option<i64> = connection
            .prepare_cached("DELETE FROM vector_spaces WHERE space = ?1 RETURNING number")?
            .query_row([replaced], |row| row.get(0))
            .optional()?;
        connection.prepare_cached("DELETE FROM vectors WHERE number = ?1")?.execute([gone])?;
    }
    if delta.is_full {
        connection.prepare_cached("DELETE FROM vectors WHERE number = ?1")?.execute([number])?;
    }
    let mut remove = connection.prepare_cached("DELETE FROM vectors WHERE number = ?1 AND symbol = ?2")?;
    for symbol in &delta.removed {
        remove.execute(params![number, symbol.as_bytes().as_slice()])?;
    }
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO vectors (number, symbol, source_hash, vector) VALUES (?1, ?2, ?3, ?4)",
    )?;
    // In the order of the table, which takes rows behind its last one cheaply.
    let mut vectors: Vec<_> = delta.put.iter().collect();
    vectors.sort_by_key(|vector| vector.symbol);
    for vector in vectors {
        let (symbol, source) =
            (vector.symbol.as_bytes().as_slice(), vector.source_hash.as_bytes().as_slice());
        put.execute(params![number, symbol, source, Quantised::of(&vector.vector).to_bytes()])?;
    }
    Ok(())
}

/// The names of all spaces, sorted.
pub(crate) fn spaces(connection: &Connection) -> Outcome<Vec<String>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    let mut all = connection.prepare_cached("SELECT space FROM vector_spaces ORDER BY space")?;
    let names = all.query_map((), |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// What is known of a space.
pub(crate) fn space(connection: &Connection, space: &str) -> Outcome<Option<VectorSpace>> {
    if !are_there(connection)? {
        return Ok(None);
    }
    Ok(connection
        .prepare_cached(
            "SELECT generation, put_since_learned, times_learned FROM vector_spaces WHERE space = ?1",
        )?
        .query_row([space], |row| {
            let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
            Ok(VectorSpace::new(number(0)?, number(1)?, number(2)?))
        })
        .optional()?)
}

/// What the embedder of a space learned.
pub(crate) fn learned(connection: &Connection, space: &str) -> Outcome<Option<Vec<u8>>> {
    if !are_there(connection)? {
        return Ok(None);
    }
    let learned: Option<Option<Vec<u8>>> = connection
        .prepare_cached("SELECT learned FROM vector_spaces WHERE space = ?1")?
        .query_row([space], |row| row.get(0))
        .optional()?;
    Ok(learned.flatten())
}

/// The symbols of a space with the hashes of their texts, sorted by symbol.
pub(crate) fn stamps(connection: &Connection, space: &str) -> Outcome<Vec<(SymbolId, Sha256Hash)>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    let mut all = connection.prepare_cached(
        "SELECT symbol, source_hash FROM vectors JOIN vector_spaces USING (number)
         WHERE space = ?1 ORDER BY symbol",
    )?;
    let mut rows = all.query([space])?;
    let mut stamps = Vec::new();
    while let Some(row) = rows.next()? {
        let source = <[u8; 32]>::try_from(row.get::<_, Vec<u8>>(1)?).ok().or_corrupt("source of a vector")?;
        stamps.push((symbol(row.get(0)?)?, Sha256Hash::from_bytes(source)));
    }
    Ok(stamps)
}

/// The symbols whose vectors are nearest to a direction.
pub(crate) fn nearest(
    connection: &Connection,
    kept: &KeptMatrix,
    space: &str,
    vector: &[f32],
    limit: usize,
) -> Outcome<Vec<(SymbolId, f32)>> {
    let matrix = matrix(connection, kept, space, vector.len())?;
    Ok(matrix.map_or_else(Vec::new, |matrix| matrix.nearest(&Quantised::of(vector), limit)))
}

/// The cosines of some symbols to a direction, in their order.
pub(crate) fn cosines(
    connection: &Connection,
    kept: &KeptMatrix,
    space: &str,
    vector: &[f32],
    symbols: &[SymbolId],
) -> Outcome<Vec<(SymbolId, f32)>> {
    let matrix = matrix(connection, kept, space, vector.len())?;
    Ok(matrix.map_or_else(Vec::new, |matrix| matrix.cosines(&Quantised::of(vector), symbols)))
}

/// The vectors of a space; `None` when it is not there or its vectors have another length than `length`.
fn matrix(
    connection: &Connection,
    kept: &KeptMatrix,
    space: &str,
    length: usize,
) -> Outcome<Option<Arc<Matrix>>> {
    if !are_there(connection)? {
        return Ok(None);
    }
    let known: Option<(i64, i64, u32)> = connection
        .prepare_cached("SELECT number, revision, dimensions FROM vector_spaces WHERE space = ?1")?
        .query_row([space], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let known = known.filter(|(_, _, dimensions)| *dimensions as usize == length);
    let Some((number, revision, dimensions)) = known else { return Ok(None) };
    let held = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let version = (space.to_owned(), number, revision);
    if let Some((_, matrix)) = held.filter(|(held, _)| *held == version) {
        return Ok(Some(matrix));
    }
    let matrix = Arc::new(load(connection, number, dimensions as usize)?);
    *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, Arc::clone(&matrix)));
    Ok(Some(matrix))
}

fn load(connection: &Connection, number: i64, dimensions: usize) -> Outcome<Matrix> {
    let mut matrix = Matrix::new(dimensions);
    let mut all =
        connection.prepare_cached("SELECT symbol, vector FROM vectors WHERE number = ?1 ORDER BY symbol")?;
    let mut rows = all.query([number])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().ok().or_corrupt("vector")?;
        matrix.push(symbol(row.get(0)?)?, bytes).or_corrupt("vector")?;
    }
    Ok(matrix)
}

fn symbol(bytes: Vec<u8>) -> Outcome<SymbolId> {
    Ok(SymbolId::from_bytes(<[u8; 16]>::try_from(bytes).ok().or_corrupt("symbol of a vector")?))
}

/// Whether a store has vectors at all: one of an older version that is open for reading only has none.
fn are_there(connection: &Connection) -> Outcome<bool> {
    Ok(matches!(schema::inspect(connection)?, Found::Store(version) if version >= 3))
}
