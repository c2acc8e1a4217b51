//! Measurements that need a process of their own: memory counts from its start, and nothing is warm.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use aether_bindings::engine::NoProgress;
use aether_core::base::Cancel;
use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::parse::{cpu_seconds_of_parse, texts};
use crate::indexed::{open, rust_files};
use crate::measure::{cpu_seconds, peak_memory_bytes};
use crate::options::{MeasureCommand, MeasureOptions};
use crate::output::say;

/// A full index, and a bare parse of the same files in the same process.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Full {
    pub(super) cpu_s: f64,
    pub(super) wall_s: f64,
    pub(super) parse_cpu_s: f64,
    pub(super) peak_memory_bytes: u64,
    /// Rust files, and their bytes.
    pub(super) files: usize,
    pub(super) bytes: u64,
    pub(super) symbols: u64,
    pub(super) edges: u64,
}

/// An index that finds nothing changed, the opening of store and engine included.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Start {
    pub(super) wall_ms: f64,
    pub(super) has_changed: bool,
}

/// Runs one measurement in this process and prints it as JSON.
pub(crate) fn measure(command: &MeasureCommand) -> Result<bool> {
    let text = match command {
        MeasureCommand::Full { options, parses } => serde_json::to_string(&full(options, *parses)?)?,
        MeasureCommand::Start(options) => serde_json::to_string(&start(options)?)?,
        MeasureCommand::Edits { corpus, edits, seed, threads } => {
            serde_json::to_string_pretty(&super::edits::run(corpus, *edits, *seed, *threads)?)?
        }
    };
    say(&text);
    Ok(true)
}

fn full(options: &MeasureOptions, parses: usize) -> Result<Full> {
    let (cpu, wall) = (cpu_seconds()?, Instant::now());
    let (engine, store) = open(&options.corpus, &options.store, options.threads)?;
    engine.index(&Cancel::new(), &NoProgress)?;
    let (cpu_s, wall_s) = (cpu_seconds()? - cpu, wall.elapsed().as_secs_f64());
    // Before the texts are read, which the index does not hold.
    let peak_memory_bytes = peak_memory_bytes()?;

    let state = engine.status()?.store;
    let files = rust_files(&engine)?;
    drop((engine, store));
    let texts = texts(&options.corpus, &files)?;
    Ok(Full {
        cpu_s,
        wall_s,
        parse_cpu_s: cpu_seconds_of_parse(&texts, parses)?,
        peak_memory_bytes,
        files: texts.len(),
        bytes: texts.iter().map(|text| text.len() as u64).sum(),
        symbols: state.symbols,
        edges: state.edges,
    })
}

fn start(options: &MeasureOptions) -> Result<Start> {
    let wall = Instant::now();
    let (engine, _store) = open(&options.corpus, &options.store, options.threads)?;
    let answer = engine.index(&Cancel::new(), &NoProgress)?;
    Ok(Start { wall_ms: wall.elapsed().as_secs_f64() * 1e3, has_changed: answer.result.has_changed })
}

/// What a child is called with.
pub(super) struct Child<'a> {
    pub(super) corpus: &'a Path,
    pub(super) store: &'a Path,
    pub(super) threads: usize,
}

impl Child<'_> {
    /// Indexes into a store that does not exist yet.
    pub(super) fn full(&self, parses: usize) -> Result<Full> {
        self.run("full", &["--parses".to_owned(), parses.to_string()])
    }

    /// Opens an index that is up to date.
    pub(super) fn start(&self) -> Result<Start> {
        self.run("start", &[])
    }

    fn run<T: serde::de::DeserializeOwned>(&self, what: &str, more: &[String]) -> Result<T> {
        let program: PathBuf = std::env::current_exe().context("where this program is")?;
        let output = Command::new(program)
            .args(["measure", what, "--threads", &self.threads.to_string()])
            .arg("--corpus")
            .arg(self.corpus)
            .arg("--store")
            .arg(self.store)
            .args(more)
            .output()
            .context("a child cannot be started")?;
        if !output.status.success() {
            bail!("measuring {what} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("what a child said of {what}"))
    }
}
