//! The vectors of a space in memory, and the scan over all of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use aether_core::code::SymbolId;
use pulp::{Arch, Simd, WithSimd};

/// A direction in eight bits a dimension. The largest part of it is 127 or -127; 0 stands for no direction.
#[derive(Debug)]
pub(crate) struct Quantised {
    /// One by the length of `parts`, so that a product of two of them is a cosine.
    by_length: f32,
    parts: Vec<i8>,
}

impl Quantised {
    pub(crate) fn of(vector: &[f32]) -> Self {
        let largest = vector.iter().map(|part| part.abs()).fold(0.0, f32::max);
        let scale = if largest > 0.0 && largest.is_finite() { 127.0 / largest } else { 0.0 };
        let parts: Vec<i8> = vector.iter().map(|part| (part * scale).round() as i8).collect();
        let square: i32 = parts.iter().map(|&part| i32::from(part) * i32::from(part)).sum();
        Self { by_length: if square > 0 { 1.0 / (square as f32).sqrt() } else { 0.0 }, parts }
    }

    /// The parts behind the factor, which is little-endian.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let parts = self.parts.iter().map(|part| part.cast_unsigned());
        self.by_length.to_le_bytes().into_iter().chain(parts).collect()
    }
}

/// The vectors of a space, in the order of their symbols.
#[derive(Debug)]
pub(crate) struct Matrix {
    dimensions: usize,
    symbols: Vec<SymbolId>,
    by_length: Vec<f32>,
    parts: Vec<i8>,
}

/// A symbol and its cosine; the smallest is the one that is given up first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Near {
    cosine: f32,
    row: usize,
}

impl Eq for Near {}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> Ordering {
        // A heap gives its largest up: the least alike, of equal ones the last.
        other.cosine.total_cmp(&self.cosine).then(self.row.cmp(&other.row))
    }
}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A scan over all rows, compiled for each set of instructions that the machine may have.
struct Scan<'m> {
    matrix: &'m Matrix,
    query: &'m Quantised,
    limit: usize,
}

impl WithSimd for Scan<'_> {
    type Output = Vec<Near>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> Vec<Near> {
        let Self { matrix, query, limit } = self;
        let mut best: BinaryHeap<Near> = BinaryHeap::with_capacity(limit + 1);
        let mut least = f32::NEG_INFINITY;
        for (row, parts) in matrix.parts.chunks_exact(matrix.dimensions).enumerate() {
            let cosine = matrix.cosine(row, parts, query);
            if best.len() == limit && cosine <= least {
                continue;
            }
            best.push(Near { cosine, row });
            if best.len() > limit {
                best.pop();
            }
            least = best.peek().map_or(f32::NEG_INFINITY, |near| near.cosine);
        }
        best.into_sorted_vec()
    }
}

/// The product of two vectors; at most 2^14 for each dimension, so that it fits for all that there are.
#[inline(always)]
fn dot(a: &[i8], b: &[i8]) -> i32 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut sum = 0;
    // Not by iterators: what of them is not put in place here is compiled for any machine.
    for at in 0..length {
        sum += i32::from(a[at]) * i32::from(b[at]);
    }
    sum
}

impl Matrix {
    pub(crate) fn new(dimensions: usize) -> Self {
        Self { dimensions, symbols: Vec::new(), by_length: Vec::new(), parts: Vec::new() }
    }

    /// Adds a row as [`Quantised::to_bytes`] writes it; `None` when it has another length.
    pub(crate) fn push(&mut self, symbol: SymbolId, bytes: &[u8]) -> Option<()> {
        let (by_length, parts) = bytes.split_first_chunk::<4>()?;
        if parts.len() != self.dimensions {
            return None;
        }
        let by_length = f32::from_le_bytes(*by_length);
        self.by_length.push(if by_length.is_finite() { by_length } else { return None });
        self.parts.extend(parts.iter().map(|part| part.cast_signed()));
        self.symbols.push(symbol);
        Some(())
    }

    /// The rows that point most nearly in a direction, with the cosine, nearest first.
    pub(crate) fn nearest(&self, query: &Quantised, limit: usize) -> Vec<(SymbolId, f32)> {
        if limit == 0 || self.dimensions == 0 {
            return Vec::new();
        }
        let limit = limit.min(self.symbols.len());
        let best = Arch::new().dispatch(Scan { matrix: self, query, limit });
        best.into_iter().map(|near| (self.symbols[near.row], near.cosine)).collect()
    }

    /// The cosines of those of `symbols` that have a row, in their order.
    pub(crate) fn cosines(&self, query: &Quantised, symbols: &[SymbolId]) -> Vec<(SymbolId, f32)> {
        let row = |symbol: &SymbolId| self.symbols.binary_search(symbol).ok();
        let cosine = |row: usize| {
            let parts = &self.parts[row * self.dimensions..(row + 1) * self.dimensions];
            self.cosine(row, parts, query)
        };
        symbols.iter().filter_map(|symbol| Some((*symbol, cosine(row(symbol)?)))).collect()
    }

    /// The cosine of a row, whose parts are `parts`.
    #[inline(always)]
    fn cosine(&self, row: usize, parts: &[i8], query: &Quantised) -> f32 {
        dot(parts, &query.parts) as f32 * self.by_length[row] * query.by_length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64) -> f32 {
        let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((z ^ (z >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    #[test]
    fn the_scan_finds_what_sorting_all_finds() {
        let dimensions = 67;
        let vector = |number: u64| -> Vec<f32> {
            (0..dimensions as u64).map(|at| noise(number * 1000 + at)).collect()
        };
        let mut matrix = Matrix::new(dimensions);
        for number in 0..500_u64 {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&number.to_le_bytes());
            matrix.push(SymbolId::from_bytes(id), &Quantised::of(&vector(number)).to_bytes()).unwrap();
        }
        for question in 1000..1020 {
            let query = Quantised::of(&vector(question));
            let mut all: Vec<(SymbolId, f32)> = matrix
                .parts
                .chunks_exact(dimensions)
                .enumerate()
                .map(|(row, parts)| {
                    let dot: i64 =
                        parts.iter().zip(&query.parts).map(|(&a, &b)| i64::from(a) * i64::from(b)).sum();
                    (matrix.symbols[row], dot as f32 * matrix.by_length[row] * query.by_length)
                })
                .collect();
            all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            for limit in [1, 10, 500, 600] {
                let found = matrix.nearest(&query, limit);
                assert_eq!(found.len(), limit.min(500));
                let cosines = |list: &[(SymbolId, f32)]| list.iter().map(|it| it.1).collect::<Vec<_>>();
                assert_eq!(cosines(&found), cosines(&all[..limit.min(500)]));
            }
        }
    }

    #[test]
    fn what_has_no_direction_has_no_cosine() {
        for nothing in [vec![0.0; 3], vec![f32::NAN; 3], vec![f32::INFINITY, 0.0, 0.0]] {
            let quantised = Quantised::of(&nothing);
            assert_eq!(
                (quantised.by_length, quantised.parts.as_slice()),
                (0.0, &[0_i8, 0, 0][..]),
                "{nothing:?}"
            );
        }
        let bytes = Quantised::of(&[1.0, -1.0]).to_bytes();
        assert_eq!(bytes[4..], [127, 129]);
        let mut matrix = Matrix::new(3);
        assert!(matrix.push(SymbolId::from_bytes([0; 16]), &bytes).is_none());
        assert!(matrix.push(SymbolId::from_bytes([0; 16]), &[0; 3]).is_none());
    }
}
