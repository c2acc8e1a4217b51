//! Prints the edges of a repository as JSON lines, without a store.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program")]
use aether_core::base::Cancel;
use aether_core::code::EdgeTarget;
use aether_core::port::MemoryFacts;
use aether_index::{IndexOptions, Indexer, NoProgress};
use std::collections::HashMap;
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).ok_or("a folder")?;
    let start = std::time::Instant::now();
    let mut indexer = Indexer::new(root.as_ref(), IndexOptions::default())?;
    let mut deltas = Vec::new();
    let report = indexer.update(
        &MemoryFacts::default(),
        &mut |delta| {
            deltas.push(delta);
            Ok(())
        },
        &Cancel::new(),
        &NoProgress,
    )?;
    eprintln!("{:?} {report:?}", start.elapsed());
    let files = || deltas.iter().flat_map(|delta: &aether_core::code::GraphDelta| &delta.files);
    let mut names = HashMap::new();
    for file in files() {
        let Some(content) = &file.content else { continue };
        for (id, symbol) in content.ids.iter().zip(&content.facts.symbols) {
            names.insert(
                *id,
                (file.file.path.clone(), symbol.name_line, content.facts.name(symbol.name).to_owned()),
            );
        }
    }
    let mut out = String::new();
    for file in files() {
        for edge in file.edges.iter().flatten() {
            let Some((src_file, src_line, src_name)) = names.get(&edge.source) else { continue };
            let (dst_file, dst_line, path) = match &edge.target {
                EdgeTarget::Symbol(id) => {
                    let n = &names[id];
                    (Some(n.0.to_string()), Some(n.1), Some(n.2.clone()))
                }
                EdgeTarget::External(path) => (None, None, Some(path.to_string())),
                EdgeTarget::Unresolved => (None, None, None),
            };
            let row = serde_json::json!({"kind": edge.kind.as_str(), "src_file": src_file.to_string(), "src_name_line": src_line, "src": src_name,
                "dst_file": dst_file, "dst_name_line": dst_line, "dst_path": path, "callee_text": edge.text, "site_line": edge.line,
                "confidence": edge.confidence.as_fraction(), "resolution": edge.resolution.as_str()});
            out.push_str(&row.to_string());
            out.push('\n');
        }
    }
    print!("{out}");
    Ok(())
}
