//! `bench vectors`: the nearest of many vectors, the embedding of the question included.

use std::time::Instant;

use aether_core::base::Sha256Hash;
use aether_core::code::SymbolId;
use aether_core::port::{Embedder as _, SymbolVector, VectorDelta, VectorStore as _};
use aether_index::{EffectTable, derive};
use aether_model::Latent;
use aether_store::{SqliteStore, StoreOptions};
use anyhow::{Context as _, Result, ensure};

use crate::indexed::Indexed;
use crate::measure::{Sorted, cpu_seconds};
use crate::options::BenchVectors;
use crate::output::{say, say_error};
use crate::random::Random;
use crate::report::{self, Bar, Row};

/// Most milliseconds for 95 of a hundred questions.
const BAR_MS: f64 = 8.0;
/// Hits that are asked for.
const HITS: usize = 10;

/// Measures; whether the bar is met.
pub(crate) fn vectors(options: &BenchVectors) -> Result<bool> {
    say_error("index and embedder");
    let indexed = Indexed::build(&options.corpus, 0)?;
    let derived = derive(&*indexed.store, EffectTable::standard())?;
    let symbols: Vec<(SymbolId, String, String)> = derived
        .records()
        .filter_map(|symbol| Some((symbol.id, symbol.qualified_name.to_owned(), derived.text(symbol.id)?)))
        .collect();
    ensure!(!symbols.is_empty(), "the repository has no symbol with a record");
    let cpu = cpu_seconds()?;
    let latent = Latent::learn(symbols.iter().map(|(_, _, text)| text.as_str()));
    let learn_s = cpu_seconds()? - cpu;
    let bytes = latent.to_bytes().len();

    let mut delta = VectorDelta::new("bench", 1);
    let source = Sha256Hash::of(b"bench");
    let cpu = cpu_seconds()?;
    let embedded = symbols.iter().take(options.count);
    delta.put = embedded.map(|(id, _, text)| SymbolVector::new(*id, source, latent.embed(text))).collect();
    let embed_s = cpu_seconds()? - cpu;
    let embedded = delta.put.len();
    let mut random = Random::new(1);
    while delta.put.len() < options.count {
        let mut id = [0xff; 16];
        id[..8].copy_from_slice(&(delta.put.len() as u64).to_be_bytes());
        let vector = (0..latent.dimensions()).map(|_| random.below(2001) as f32 / 1000.0 - 1.0).collect();
        delta.put.push(SymbolVector::new(SymbolId::from_bytes(id), source, vector));
    }
    let folder = tempfile::tempdir().context("no folder for a store")?;
    let store = SqliteStore::open(&folder.path().join("vectors.db"), &StoreOptions::default())?;
    store.apply_vectors(&delta)?;

    let first = Instant::now();
    store.nearest("bench", &latent.embed("warm up"), HITS)?;
    let first_ms = first.elapsed().as_secs_f64() * 1e3;
    let mut times = Vec::with_capacity(options.questions);
    let mut found = 0_usize;
    for number in 0..options.questions.max(1) {
        let (id, name, _) = &symbols[number * 7919 % symbols.len()];
        let start = Instant::now();
        let near = store.nearest("bench", &latent.embed(name), HITS)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        found += usize::from(near.iter().any(|(near, _)| near == id));
    }
    let times = Sorted::new(times);
    let name = format!("{} vectors", delta.put.len());
    let rows = [
        Row::plain(&name, "of the repository", embedded as f64, 0, ""),
        Row::plain(&name, "learning, CPU", learn_s, 2, "s"),
        Row::plain(&name, "what was learned", bytes as f64 / 1e6, 2, "MB"),
        Row::plain(&name, "embedding, CPU a thousand", embed_s / embedded as f64 * 1e3, 3, "s"),
        Row::plain(&name, "first question, vectors read", first_ms, 1, "ms"),
        Row::plain(&name, "top 10, p50", times.median(), 3, "ms"),
        Row::gate(&name, "top 10, p95", times.percentile(95.0), 3, "ms", Bar::AtMost(BAR_MS)),
        Row::plain(&name, "names that find their symbol", found as f64 / times.len() as f64, 3, ""),
    ];
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}
