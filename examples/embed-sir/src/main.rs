//! Semantic records inside another program: what is derived without a model, and what a provider of one's own
//! says; how its failures are borne, and how a record tells that it is of older code.
//!
//! `cargo run --package embed-sir`

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod provider;

use std::sync::Arc;
use std::time::Duration;

use aether_bindings::engine::{Engine, EngineOptions, InferOptions, InferSummary, NoProgress, Ports};
use aether_bindings::provider::{CallLimits, LimitedProvider};
use aether_core::base::Cancel;
use aether_core::code::{RecordStatus, SymbolId};
use anyhow::{Context as _, Result};

use crate::provider::{Phrasebook, TokioTimer};

const SOURCE: &str = "\
/// Reads the settings of the program.
pub fn load_settings(path: &std::path::Path) -> String {
    parse(&std::fs::read_to_string(path).unwrap())
}

fn parse(text: &str) -> String {
    text.trim().to_owned()
}
";

fn main() -> Result<()> {
    // No library of Aether starts a runtime; any will do.
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(show())
}

async fn show() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("lib.rs");
    std::fs::write(&file, SOURCE)?;
    let engine = Engine::open(EngineOptions::new(folder.path()), Ports::in_memory()?)?;
    engine.index(&Cancel::new(), &NoProgress)?;
    let function = engine.select("load_settings")?.id;

    println!("derived, without a model:");
    let answer = engine.sir(function)?.result;
    let sir = answer.record.and_then(|record| record.sir).context("a function has a record")?;
    println!("  intent  {}", sir.intent);
    for effect in &answer.effects {
        let way: Vec<String> =
            effect.steps.iter().map(|step| format!("{}:{} {}", step.file, step.line, step.text)).collect();
        println!("  {:<14} {}", effect.kind.as_str(), way.join(" <- "));
    }

    // A provider that fails now and then, and the limits it is kept within.
    let timer = Arc::new(TokioTimer::default());
    let mut limits = CallLimits::default();
    limits.first_wait = Duration::from_millis(1);
    limits.timeout = Duration::from_secs(5);
    let provider = LimitedProvider::new(Arc::new(Phrasebook::failing_at([1, 2])), timer, limits);
    println!("\nasked, with two failures on the way: {}", ask(&engine, &provider).await?);
    print_record(&engine, function)?;

    // The code changes: the record says so before anybody asks again.
    std::fs::write(&file, SOURCE.replace("unwrap()", "unwrap_or_default()"))?;
    engine.index(&Cancel::new(), &NoProgress)?;
    println!("\nafter an edit:");
    print_record(&engine, function)?;

    // A provider that is gone costs nothing that was there.
    let gone = Phrasebook::failing_at(1..100);
    println!("\nasked while it is gone: {}", ask(&engine, &gone).await?);
    print_record(&engine, function)?;
    println!("\nasked again: {}", ask(&engine, &provider).await?);
    print_record(&engine, function)
}

async fn ask(engine: &Engine, provider: &dyn aether_core::port::InferenceProvider) -> Result<String> {
    let answer =
        engine.infer_records(provider, &InferOptions::default(), &Cancel::new(), &NoProgress).await?;
    let InferSummary { made, failed, current, .. } = answer.result;
    Ok(format!("{made} made, {failed} failed, {current} held"))
}

fn print_record(engine: &Engine, id: SymbolId) -> Result<()> {
    let record = engine.sir_by(id, Phrasebook::NAME)?.result.record.context("it was asked for")?;
    let intent = record.sir.as_ref().map_or("nothing yet", |sir| sir.intent.as_str());
    let reason = record.last_error.as_ref().map_or("", |error| error.message.as_str());
    match record.sir_status {
        RecordStatus::Fresh => println!("  fresh   {intent}"),
        _ => println!("  stale   {intent}  {reason}"),
    }
    Ok(())
}
