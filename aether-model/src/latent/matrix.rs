//! The little linear algebra that learning takes: dense rows of one width, and sparse documents.

/// A matrix by rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows {
    width: usize,
    values: Vec<f32>,
}

impl Rows {
    fn zeros(count: usize, width: usize) -> Self {
        Self { width, values: vec![0.0; count * width] }
    }

    fn row(&self, number: usize) -> &[f32] {
        &self.values[number * self.width..(number + 1) * self.width]
    }

    /// Adds a multiple of a row to a vector.
    pub(super) fn add_to(&self, number: usize, factor: f32, vector: &mut [f32]) {
        for (sum, value) in vector.iter_mut().zip(self.row(number)) {
            *sum += factor * value;
        }
    }

    /// Takes each row to eight bits a number, as [`Rows::write`] keeps it, so that what is kept and what was
    /// learned give the same vectors.
    pub(super) fn round(&mut self) {
        for row in self.values.chunks_exact_mut(self.width.max(1)) {
            let step = step(row);
            row.iter_mut().for_each(|value| *value = whole(*value, step) as f32 * step);
        }
    }

    /// Writes the rows, each as the size of a step and the number of steps of each value.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        for row in self.values.chunks_exact(self.width.max(1)) {
            let step = step(row);
            bytes.extend(step.to_le_bytes());
            bytes.extend(row.iter().map(|value| (whole(*value, step) as i8).cast_unsigned()));
        }
    }

    /// What [`Rows::write`] wrote; `None` when it is longer or shorter.
    pub(super) fn read(count: usize, width: usize, bytes: &[u8]) -> Option<Self> {
        if bytes.len() != count * (4 + width) {
            return None;
        }
        let mut rows = Self { width, values: Vec::with_capacity(count * width) };
        for row in bytes.chunks_exact(4 + width) {
            let (step, parts) = row.split_first_chunk::<4>()?;
            let step = Some(f32::from_le_bytes(*step)).filter(|step| step.is_finite())?;
            rows.values.extend(parts.iter().map(|part| f32::from(part.cast_signed()) * step));
        }
        Some(rows)
    }

    fn add_at(&mut self, number: usize, factor: f32, vector: &[f32]) {
        let row = &mut self.values[number * self.width..(number + 1) * self.width];
        for (sum, value) in row.iter_mut().zip(vector) {
            *sum += factor * value;
        }
    }

    /// The products of all pairs of columns, by rows.
    fn gram(&self) -> Vec<f64> {
        let width = self.width;
        let mut gram = vec![0.0_f64; width * width];
        // Sums of few rows are exact enough in single precision, and twice as fast.
        for rows in self.values.chunks(width * 64) {
            let mut part = vec![0.0_f32; width * width];
            for row in rows.chunks_exact(width) {
                for (at, factor) in row.iter().enumerate() {
                    for (sum, value) in part[at * width..(at + 1) * width].iter_mut().zip(row) {
                        *sum += factor * value;
                    }
                }
            }
            gram.iter_mut().zip(part).for_each(|(sum, value)| *sum += f64::from(value));
        }
        gram
    }

    /// Makes the columns orthogonal and of length 1, by the Cholesky factor of their products; a column that
    /// says nothing of its own becomes zeros.
    fn orthonormalise(&mut self) {
        let width = self.width;
        let mut factor = self.gram();
        for column in 0..width {
            for row in column..width {
                let mut sum = factor[row * width + column];
                for inner in 0..column {
                    sum -= factor[row * width + inner] * factor[column * width + inner];
                }
                factor[row * width + column] = if row == column {
                    if sum > 1e-9 { sum.sqrt() } else { 0.0 }
                } else if factor[column * width + column] > 0.0 {
                    sum / factor[column * width + column]
                } else {
                    0.0
                };
            }
        }
        // x · L⁻ᵀ, row by row.
        let factor: Vec<f32> = factor.into_iter().map(|value| value as f32).collect();
        for row in self.values.chunks_exact_mut(width) {
            for column in 0..width {
                let known = &factor[column * width..column * width + column];
                let sum: f32 = known.iter().zip(&row[..column]).map(|(a, b)| a * b).sum();
                let diagonal = factor[column * width + column];
                row[column] = if diagonal > 0.0 { (row[column] - sum) / diagonal } else { 0.0 };
            }
        }
    }
}

/// The size of a step with which the largest value of a row takes 127 of them.
fn step(row: &[f32]) -> f32 {
    row.iter().map(|value| value.abs()).fold(0.0, f32::max) / 127.0
}

/// A value in whole steps, -127 to 127.
fn whole(value: f32, step: f32) -> i32 {
    if step > 0.0 { ((value / step).round() as i32).clamp(-127, 127) } else { 0 }
}

/// A number between -1 and 1 that depends on `seed` alone (SplitMix64).
fn noise(seed: u64) -> f32 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1 << 23) as f32 - 1.0
}

/// The subspace of `width` dimensions that holds most of the documents: `words` rows of a basis.
pub(super) fn iterate(documents: &[Vec<(u32, f32)>], words: usize, width: usize, steps: usize) -> Rows {
    let mut basis = Rows::zeros(words, width);
    for (seed, value) in basis.values.iter_mut().enumerate() {
        *value = noise(seed as u64);
    }
    basis.orthonormalise();
    for _ in 0..steps {
        let mut next = Rows::zeros(words, width);
        let mut vector = vec![0.0; width];
        for document in documents {
            project(&basis, document, &mut vector);
            for (word, weight) in document {
                next.add_at(*word as usize, *weight, &vector);
            }
        }
        next.orthonormalise();
        basis = next;
    }
    basis
}

/// The coordinates of a document.
fn project(basis: &Rows, document: &[(u32, f32)], vector: &mut [f32]) {
    vector.fill(0.0);
    for (word, weight) in document {
        basis.add_to(*word as usize, *weight, vector);
    }
}

/// Turns a basis into the directions in which the documents spread, and scales each by the share that it holds
/// of the largest, to a power.
pub(super) fn scale(basis: &mut Rows, documents: &[Vec<(u32, f32)>], power: f32) {
    let width = basis.width;
    let mut coordinates = Rows::zeros(documents.len(), width);
    for (document, row) in documents.iter().zip(coordinates.values.chunks_exact_mut(width)) {
        project(basis, document, row);
    }
    let (values, directions) = eigen(coordinates.gram(), width);
    let largest = values.iter().copied().fold(0.0, f64::max);
    let scales: Vec<f64> = values
        .iter()
        .map(|&value| if value > largest * 1e-6 { (value / largest).powf(f64::from(power)) } else { 0.0 })
        .collect();
    let turned: Vec<f32> =
        (0..width * width).map(|at| (directions[at] * scales[at % width]) as f32).collect();
    let mut vector = vec![0.0; width];
    for row in basis.values.chunks_exact_mut(width) {
        vector.fill(0.0);
        for (value, direction) in row.iter().zip(turned.chunks_exact(width)) {
            for (sum, part) in vector.iter_mut().zip(direction) {
                *sum += value * part;
            }
        }
        row.copy_from_slice(&vector);
    }
}

/// Eigenvalues of a symmetric matrix, and the eigenvectors as its columns, by Jacobi's rotations.
fn eigen(mut matrix: Vec<f64>, width: usize) -> (Vec<f64>, Vec<f64>) {
    const SWEEPS: usize = 12;
    let mut vectors = vec![0.0; width * width];
    (0..width).for_each(|at| vectors[at * width + at] = 1.0);
    for _ in 0..SWEEPS {
        let mut off = 0.0;
        for p in 0..width {
            for q in p + 1..width {
                let apq = matrix[p * width + q];
                off += apq * apq;
                if apq.abs() < 1e-12 {
                    continue;
                }
                let theta = (matrix[q * width + q] - matrix[p * width + p]) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (t * t + 1.0).sqrt();
                let sine = t * cosine;
                for k in 0..width {
                    let (a, b) = (matrix[k * width + p], matrix[k * width + q]);
                    matrix[k * width + p] = cosine * a - sine * b;
                    matrix[k * width + q] = sine * a + cosine * b;
                }
                for k in 0..width {
                    let (a, b) = (matrix[p * width + k], matrix[q * width + k]);
                    matrix[p * width + k] = cosine * a - sine * b;
                    matrix[q * width + k] = sine * a + cosine * b;
                }
                for k in 0..width {
                    let (a, b) = (vectors[k * width + p], vectors[k * width + q]);
                    vectors[k * width + p] = cosine * a - sine * b;
                    vectors[k * width + q] = sine * a + cosine * b;
                }
            }
        }
        if off < 1e-12 {
            break;
        }
    }
    ((0..width).map(|at| matrix[at * width + at]).collect(), vectors)
}
