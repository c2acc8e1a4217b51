//! Tests of extraction through the public interface.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bodies;
mod deep;
mod deltas;
#[cfg(any(feature = "go", feature = "java", feature = "javascript", feature = "python"))]
mod soup;
mod support;
mod symbols;
#[cfg(all(feature = "go", feature = "python", feature = "typescript"))]
mod syntax;
