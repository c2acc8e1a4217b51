//! The index and the store inside another program: index a folder, ask, edit a file, update, ask again.
//!
//! `cargo run --package embed-index [FOLDER]`; without a folder it reads its own sources.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use aether_core::base::Cancel;
use aether_core::code::{EdgeKind, Language, Symbol};
use aether_core::port::{EdgeQuery, GraphStore, IndexStore, SymbolQuery};
use aether_index::{IndexOptions, Indexer, NoProgress, UpdateReport};
use aether_store::{SqliteStore, StoreOptions};
use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    // A copy, because a file of it is edited below.
    let folder = std::env::args_os().nth(1).map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    let copy = tempfile::tempdir()?;
    copy_sources(&folder, copy.path()).with_context(|| format!("failed to copy {}", folder.display()))?;

    // The two halves: the indexer reads files and says what changes, the store keeps it.
    let store = SqliteStore::open(&copy.path().join(".aether").join("aether.db"), &StoreOptions::default())?;
    let mut indexer = Indexer::new(copy.path(), IndexOptions::default().with_threads(2))?;
    let report = update(&mut indexer, &store)?;
    println!("first index: {} files, {} parsed", report.files, report.files_parsed);

    // What a file declares.
    let function = function_with_callers(&store)?;
    println!("\nsymbols of {}:", function.file);
    for symbol in store.find_symbols(&SymbolQuery::in_file(function.file.clone()))? {
        println!("  {:>4}  {:<9} {}", symbol.name_line, symbol.kind.as_str(), symbol.qualified_name);
    }

    // Who calls a function, and how sure that is.
    println!("\ncallers of {}:", function.qualified_name);
    print_callers(&store, &function)?;

    // One more function, which calls it too.
    let path = copy.path().join(function.file.as_str());
    let text = fs::read_to_string(&path)?;
    fs::write(&path, format!("{text}\nfn one_more_caller() {{\n    {}();\n}}\n", function.name))?;
    let report = update(&mut indexer, &store)?;
    println!("\nafter an edit: {} files, {} parsed", report.files, report.files_parsed);
    print_callers(&store, &function)?;

    // The same as an index from nothing, which is what the digest is for.
    let fresh = SqliteStore::open_in_memory()?;
    update(&mut Indexer::new(copy.path(), IndexOptions::default())?, &fresh)?;
    let is_equal = store.digest()? == fresh.digest()?;
    println!("\nupdated index equals a fresh one: {}", if is_equal { "yes" } else { "no" });
    anyhow::ensure!(is_equal, "an update differs from an index from scratch");
    Ok(())
}

/// Compares the files with the store, and stores what is new: one transaction for each delta.
fn update(indexer: &mut Indexer, store: &SqliteStore) -> Result<UpdateReport> {
    let mut keep = |delta| store.apply(&delta, None).map(|_generation| ());
    Ok(indexer.update(store, &mut keep, &Cancel::new(), &NoProgress)?)
}

/// The first function that is called and is no method.
fn function_with_callers(store: &SqliteStore) -> Result<Symbol> {
    let files = store.indexed_files(&[])?.into_iter().filter(|file| file.language == Language::RUST);
    for file in files {
        for symbol in store.find_symbols(&SymbolQuery::in_file(file.path))? {
            let is_free = symbol.kind.as_str() == "function";
            if is_free && !store.edges(&EdgeQuery::to(symbol.id, &[EdgeKind::Calls]))?.is_empty() {
                return Ok(symbol);
            }
        }
    }
    anyhow::bail!("no function in this folder is called")
}

fn print_callers(store: &SqliteStore, function: &Symbol) -> Result<()> {
    for call in store.edges(&EdgeQuery::to(function.id, &[EdgeKind::Calls]))? {
        let percent = call.confidence.as_fraction() * 100.0;
        println!("  {}:{}  {}  {percent:.0} %", call.src_file, call.site_line, call.src_qualified_name);
    }
    let possible = store.unresolved_calls_named(&function.name)?.len();
    if possible > 0 {
        println!("  and {possible} calls of that name whose target is not known");
    }
    Ok(())
}

/// Copies Rust sources and manifests; hidden folders and build output stay behind.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let path = entry.path();
        if kind.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            fs::create_dir(to.join(&name))?;
            copy_sources(&path, &to.join(&name))?;
        } else if kind.is_file() && (name == "Cargo.toml" || path.extension() == Some(OsStr::new("rs"))) {
            fs::copy(&path, to.join(&name))?;
        }
    }
    Ok(())
}
