//! Language tools that are asked questions: rust-analyzer, over the Language Server Protocol.
//!
//! A tool is a program of somebody else that runs what is in the repository, so it runs where commands run: in the
//! sandbox of a [`Runner`](aether_core::port::Runner), by a permit for exactly its command. Its two streams are named
//! pipes in a folder that it may write to.

mod error;
mod lsp;
mod pipes;
mod places;
mod rust_analyzer;

pub use error::{ToolError, ToolErrorKind};
pub use places::{QuickFix, TextRange, ToolLocation, ToolPosition};
pub use rust_analyzer::{RustAnalyzer, ToolOptions, find_rust_analyzer};
