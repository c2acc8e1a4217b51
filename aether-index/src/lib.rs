//! Source text to facts, symbols and resolved edges.
#[cfg(feature = "rust")]
mod rust;
