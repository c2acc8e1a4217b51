//! `aether export graph` and `aether export scip`.

use std::io::Write;
use std::path::Path;

use aether_bindings::engine::Engine;
use aether_core::base::Config;
use aether_core::code::GraphCounts;

use crate::change::export_file;
use crate::failure::Stop;
use crate::human::count;
use crate::output::Output;
use crate::progress::Bar;
use crate::session::{Context, Session, Workspace};

/// Writes the project graph of the working copy, or of a commit. It is the same with and without
/// `--json`, so that equal content has equal bytes.
pub(super) fn graph(
    context: Context<'_>,
    root: Option<&Path>,
    at: Option<&str>,
    output: Option<&Path>,
    out: &mut Output,
) -> Result<(), Stop> {
    let interrupt = context.interrupt;
    let counts = match at {
        Some(revision) => {
            let workspace = Workspace::find(context.common, root)?;
            let config = workspace.config(out)?;
            let engine = workspace.open_apart(context, config.clone())?;
            place(&engine, &config, output, out, |sink| {
                interrupt.guard(|cancel| engine.write_project_graph_at(revision, sink, cancel, &Bar::new()))
            })?
        }
        None => {
            let session = Session::start(context, root, out)?;
            place(&session.engine, &session.config, output, out, |sink| {
                interrupt.guard(|_| session.engine.write_project_graph(sink))
            })?
        }
    };
    note(output, counts, out);
    Ok(())
}

/// Runs what writes to a file or to standard output.
fn place(
    engine: &Engine,
    config: &Config,
    output: Option<&Path>,
    out: &mut Output,
    write: impl FnOnce(&mut dyn Write) -> Result<GraphCounts, Stop>,
) -> Result<GraphCounts, Stop> {
    match output {
        Some(path) => export_file(engine, config, path, write),
        None => write(out.stream()),
    }
}

fn note(output: Option<&Path>, counts: GraphCounts, out: &mut Output) {
    let Some(path) = output.filter(|_| !out.is_json()) else { return };
    let files = count(counts.files, "file", "files");
    let symbols = count(counts.symbols, "symbol", "symbols");
    let edges = count(counts.edges, "edge", "edges");
    out.note(&format!("{files}, {symbols} and {edges} in {}", path.display()));
}

/// Writes the index in the format of SCIP, to a file, because it is no text.
pub(super) fn scip(
    context: Context<'_>,
    root: Option<&Path>,
    output: &Path,
    out: &mut Output,
) -> Result<(), Stop> {
    let session = Session::start(context, root, out)?;
    let counts = export_file(&session.engine, &session.config, output, |sink| {
        context.interrupt.guard(|_| session.engine.write_scip(sink))
    })?;
    if !out.is_json() {
        let documents = count(counts.documents, "document", "documents");
        let definitions = count(counts.definitions, "definition", "definitions");
        let references = count(counts.references, "reference", "references");
        out.note(&format!("{documents}, {definitions} and {references} in {}", output.display()));
    }
    Ok(())
}
