//! Tests of extraction through the public interface.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bodies;
mod deep;
mod deltas;
mod soup;
mod support;
mod symbols;
mod syntax;
