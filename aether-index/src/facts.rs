//! What the walks of all languages share: names, fingerprints, lines, and a writer of facts.

mod callee;
mod fingerprint;
mod names;
mod owners;
mod parse;
mod text;
mod writer;

pub(crate) use callee::{callee_text, path_text};
pub(crate) use fingerprint::Fingerprints;
pub(crate) use names::Names;
pub(crate) use owners::Owners;
pub(crate) use parse::{parse, parse_until};
pub(crate) use text::{Twins, collapse, line_starts};
pub(crate) use writer::package_of;
pub use writer::{Declaration, FactsWriter};
