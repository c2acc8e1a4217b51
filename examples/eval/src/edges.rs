//! Call edges of an index, and how right they are.

mod calibration;
mod listing;
mod score;
#[cfg(test)]
mod tests;
mod twins;

use std::io::Write;
use std::path::Path;

use aether_bindings::engine::Engine;
use aether_core::code::{EdgeKind, Resolution};
use aether_core::port::EdgeRecord;
use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::gold::Place;

pub(crate) use listing::listing;
pub(crate) use score::EdgeScore;
pub(crate) use twins::Twins;

/// A call that stays inside the project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Call {
    pub(crate) source: Place,
    pub(crate) target: Place,
    pub(crate) line: u32,
    pub(crate) text: String,
    pub(crate) thousandths: u16,
    pub(crate) resolution: Resolution,
}

/// All calls of an index.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    /// Those that stay inside the project.
    pub(crate) inside: Vec<Call>,
    /// Where the others stand, their text, and the path that they leave by, if they are resolved.
    pub(crate) others: Vec<OtherCall>,
}

/// A call that leaves the project, or is not resolved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OtherCall {
    pub(crate) source: Place,
    pub(crate) line: u32,
    pub(crate) text: String,
    pub(crate) path: Option<String>,
}

/// How many calls lead where.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct CallCounts {
    pub(crate) inside: usize,
    pub(crate) external: usize,
    pub(crate) unresolved: usize,
}

impl Calls {
    /// The calls of an index.
    pub(crate) fn of(engine: &Engine) -> Result<Self> {
        let mut calls = Self::default();
        engine.visit_edges(&mut |edge| calls.push(edge))?;
        Ok(calls)
    }

    fn push(&mut self, edge: &EdgeRecord) {
        if edge.kind != EdgeKind::Calls {
            return;
        }
        let source = (edge.src_file.as_str().to_owned(), edge.src_name_line);
        match (&edge.dst_file, edge.dst_name_line) {
            (Some(file), Some(line)) => self.inside.push(Call {
                source,
                target: (file.as_str().to_owned(), line),
                line: edge.site_line,
                text: edge.callee_text.clone(),
                thousandths: edge.confidence.thousandths(),
                resolution: edge.resolution,
            }),
            _ => self.others.push(OtherCall {
                source,
                line: edge.site_line,
                text: edge.callee_text.clone(),
                path: edge.dst_path.clone(),
            }),
        }
    }

    /// How many calls lead where.
    pub(crate) fn counts(&self) -> CallCounts {
        let external = self.others.iter().filter(|call| call.path.is_some()).count();
        CallCounts { inside: self.inside.len(), external, unresolved: self.others.len() - external }
    }
}

/// Writes all edges of an index, one JSON object a line, as `aether export edges --jsonl` does.
pub(crate) fn export(engine: &Engine, path: &Path) -> Result<()> {
    let file = std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = std::io::BufWriter::new(file);
    let mut failed = Ok(());
    engine.visit_edges(&mut |edge| {
        if failed.is_ok() {
            failed = write_edge(&mut out, edge);
        }
    })?;
    failed.and_then(|()| Ok(out.flush()?)).with_context(|| format!("cannot write {}", path.display()))
}

fn write_edge(out: &mut impl Write, edge: &EdgeRecord) -> Result<()> {
    let line = serde_json::json!({
        "kind": edge.kind.as_str(),
        "src": edge.src_qualified_name,
        "src_file": edge.src_file.as_str(),
        "src_name_line": edge.src_name_line,
        "dst_file": edge.dst_file.as_ref().map(|file| file.as_str()),
        "dst_name_line": edge.dst_name_line,
        "dst_path": edge.dst_path,
        "callee_text": edge.callee_text,
        "site_line": edge.site_line,
        "confidence": edge.confidence.as_fraction(),
        "resolution": edge.resolution.as_str(),
    });
    Ok(writeln!(out, "{line}")?)
}
