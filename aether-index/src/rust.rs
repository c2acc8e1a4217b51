//! Rust: extraction of facts and resolution of edges.

mod extract;
pub(crate) mod resolve;
mod syntax;

pub(crate) use extract::RustExtractor;
