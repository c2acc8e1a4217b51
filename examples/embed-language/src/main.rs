//! A language of one's own in the index: makefiles.
//!
//! `cargo run --package embed-language [FOLDER]`; without a folder it reads a small one of its own.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod makefile;

use std::path::PathBuf;
use std::sync::Arc;

use aether_bindings::engine::{Engine, EngineOptions, GraphOptions, NoProgress, Ports};
use aether_core::base::Cancel;
use aether_core::code::{SearchMode, SearchQuery};
use anyhow::Result;

use makefile::Makefile;

const MAIN: &str = "include rules.mk\nNAME = demo\n# Everything.\nall: build check\nbuild: compile link\ncheck: build lint\n\t./run-tests\n";
const RULES: &str = "compile: parse\n\tcc -c x.c\nparse:\nlink: compile\nlint:\n\tlint x.c\n";

fn main() -> Result<()> {
    let sample = tempfile::tempdir()?;
    let folder = match std::env::args_os().nth(1) {
        Some(folder) => PathBuf::from(folder),
        None => {
            std::fs::write(sample.path().join("Makefile"), MAIN)?;
            std::fs::write(sample.path().join("rules.mk"), RULES)?;
            sample.path().to_owned()
        }
    };
    let mut options = EngineOptions::new(folder);
    options.index = options.index.with_language(Arc::new(Makefile));
    let engine = Engine::open(options, Ports::in_memory()?)?;
    engine.index(&Cancel::new(), &NoProgress)?;

    let targets = engine
        .search(&SearchQuery::parse("language:makefile kind:function", 20), SearchMode::Lexical)?
        .result
        .hits;
    println!("{} targets", targets.len());
    for target in targets {
        println!("\n{}  {}:{}", target.qualified_name, target.file, target.name_line);
        for call in engine.callees(target.id, GraphOptions::default())?.result.edges {
            let needed = call.dst_path.unwrap_or_default();
            println!("  needs {needed}");
        }
        let affected = engine.impact(target.id, GraphOptions::default())?.result;
        if !affected.is_empty() {
            let names: Vec<&str> = affected.iter().map(|entry| entry.symbol.name.as_str()).collect();
            println!("  a change of it concerns {}", names.join(", "));
        }
    }
    Ok(())
}
