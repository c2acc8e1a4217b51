//! Records by providers that wait on the outside world.

use std::collections::HashSet;

use aether_core::base::{Cancel, ErrorCode, Sha256Hash};
use aether_core::code::{Answer, RecordAttempt, Sir, StoredRecord, SymbolId};
use aether_core::port::{InferenceError, InferenceProvider, InferenceRequest, RecordDelta};
use aether_index::{Progress, STATIC_PROVIDER, Stage};
use futures::StreamExt as _;
use futures::stream;
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;
use super::provided::{source_hash, source_of};
use super::sources::Sources;

/// Which records a provider is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct InferOptions {
    /// The symbols; `None` for all that have a record which is not a sum of others.
    pub symbols: Option<Vec<SymbolId>>,
    /// Requests at once. Default 2.
    pub at_once: usize,
    /// Requests in a row that fail and might succeed later, after which nothing more is asked. Default 8.
    pub give_up_after: usize,
}

impl Default for InferOptions {
    fn default() -> Self {
        Self { symbols: None, at_once: 2, give_up_after: 8 }
    }
}

/// What asking a provider did.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InferSummary {
    /// Records that stood for the code as it is.
    pub current: u64,
    /// Of these, records that were taken from their copy.
    pub restored: u64,
    /// Records that were made.
    pub made: u64,
    /// Requests that failed; what was there before is kept and told as stale.
    pub failed: u64,
    /// Symbols that were not asked for any more.
    pub left: u64,
    /// Records whose symbols are gone.
    pub removed: u64,
    /// The last failure.
    pub last_error: Option<RecordAttempt>,
}

/// Answers that are stored in one transaction.
const BATCH: usize = 32;

/// What has to be asked of one symbol.
struct Wanted {
    request: InferenceRequest,
    source_hash: Sha256Hash,
}

impl Engine {
    /// Asks a provider for the records that are missing, stale or failed, and stores what it answers, 32 at a
    /// time: what was stored is kept whatever comes after. A future that is dropped, or a request that is under
    /// way when it ends, leaves at most those behind. A failure leaves the record that was
    /// there, tells it as stale and keeps the reason. It gives up after a row of failures that may pass; what
    /// failed is asked for last the next time.
    ///
    /// The provider is asked as it is; put it behind
    /// [`LimitedProvider`](crate::provider::LimitedProvider) for timeouts, retries and rates.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::USAGE_BAD_ARGUMENTS`] for a provider that calls itself `static`;
    /// [`ErrorCode::CANCELLED`]; when the store cannot be read or written. Not when the provider fails:
    /// that is in the summary and with the records.
    pub async fn infer_records(
        &self,
        provider: &dyn InferenceProvider,
        options: &InferOptions,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Answer<InferSummary>, EngineError> {
        let name = provider.provider().to_owned();
        if name == STATIC_PROVIDER {
            let message = "a provider cannot be called `static`: those records are derived";
            return Err(EngineError::new(ErrorCode::USAGE_BAD_ARGUMENTS, message));
        }
        let model = provider.model();
        let mut summary = InferSummary::default();
        let wanted = self.wanted(&name, &model, options, &mut summary)?;
        let total = wanted.len();
        let mut answers = stream::iter(wanted)
            .map(|wanted| async move { (provider.infer(&wanted.request).await, wanted) })
            .buffer_unordered(options.at_once.max(1));
        let (mut batch, mut in_a_row, mut done) = (Vec::new(), 0, 0);
        while let Some((answer, wanted)) = answers.next().await {
            done += 1;
            progress.report(Stage::Records, done, total);
            in_a_row = match &answer {
                Err(error) if error.is_transient => in_a_row + 1,
                _ => 0,
            };
            match self.answered(&name, &model, wanted, answer, &mut summary) {
                Ok(record) => batch.push(record),
                Err(error) => {
                    self.keep(&name, batch)?;
                    return Err(error);
                }
            }
            let is_over = in_a_row >= options.give_up_after.max(1) || cancel.is_cancelled();
            if batch.len() == BATCH || is_over {
                self.keep(&name, std::mem::take(&mut batch))?;
            }
            if is_over {
                break;
            }
        }
        self.keep(&name, batch)?;
        cancel.check()?;
        summary.left += (total - done) as u64;
        self.answer(summary)
    }

    fn keep(&self, provider: &str, put: Vec<StoredRecord>) -> Result<(), EngineError> {
        if put.is_empty() {
            return Ok(());
        }
        let mut delta = RecordDelta::new(provider);
        delta.put = put;
        Ok(self.apply_records(&delta)?)
    }

    /// What a provider has to be asked, and what it need not be asked any more.
    fn wanted(
        &self,
        provider: &str,
        model: &str,
        options: &InferOptions,
        summary: &mut InferSummary,
    ) -> Result<Vec<Wanted>, EngineError> {
        let meaning = self.derived()?;
        let derived = &meaning.derived;
        let all: Vec<SymbolId> =
            derived.records().map(|symbol| symbol.id).filter(|id| !derived.is_sum(*id)).collect();
        let is_there: HashSet<SymbolId> = all.iter().copied().collect();
        let asked: Vec<SymbolId> = match &options.symbols {
            Some(symbols) => symbols.iter().copied().filter(|id| is_there.contains(id)).collect(),
            None => all,
        };
        let mut stamps = self.ports.store.record_stamps(provider)?;
        let mut gone = RecordDelta::new(provider);
        gone.removed = stamps.iter().map(|it| it.symbol).filter(|id| !is_there.contains(id)).collect();
        summary.removed = gone.removed.len() as u64;
        if !gone.removed.is_empty() {
            self.apply_records(&gone)?;
        }
        let lost: Vec<SymbolId> = asked
            .iter()
            .copied()
            .filter(|id| stamps.binary_search_by_key(id, |stamp| stamp.symbol).is_err())
            .collect();
        let restored: HashSet<SymbolId> =
            self.restored(provider, &lost)?.into_iter().map(|record| record.symbol).collect();
        if !restored.is_empty() {
            stamps = self.ports.store.record_stamps(provider)?;
        }
        let mut sources = Sources::new(self);
        let mut wanted = Vec::new();
        for symbol in self.store().symbols(&asked)? {
            let Some(sir) = derived.sir(symbol.id) else { continue };
            // A file that changed since it was indexed is asked about when the index knows it.
            let Some(source) = source_of(&mut sources, &symbol)? else {
                summary.left += 1;
                continue;
            };
            let hash = source_hash(model, &source, &sir)?;
            let stamp = stamps.binary_search_by_key(&symbol.id, |stamp| stamp.symbol);
            let is_current = stamp
                .is_ok_and(|place| stamps[place].source_hash == hash && stamps[place].sir_hash.is_some());
            if is_current {
                summary.current += 1;
                summary.restored += u64::from(restored.contains(&symbol.id));
            } else {
                let request = InferenceRequest::new(symbol, source, sir);
                wanted.push(Wanted { request, source_hash: hash });
            }
        }
        self.put_failed_last(provider, &mut wanted)?;
        Ok(wanted)
    }

    /// Puts what failed before behind the rest, so that a few symbols which fail always do not keep the
    /// others from being asked for.
    fn put_failed_last(&self, provider: &str, wanted: &mut [Wanted]) -> Result<(), EngineError> {
        let ids: Vec<SymbolId> = wanted.iter().map(|it| it.request.symbol.id).collect();
        let known = self.ports.store.records(provider, &ids)?;
        let has_failed = |record: &StoredRecord| record.last_error.is_some();
        let failed: HashSet<SymbolId> =
            known.into_iter().flatten().filter(has_failed).map(|record| record.symbol).collect();
        wanted.sort_by_key(|it| failed.contains(&it.request.symbol.id));
        Ok(())
    }

    /// The record to keep for an answer.
    fn answered(
        &self,
        provider: &str,
        model: &str,
        wanted: Wanted,
        answer: Result<Sir, InferenceError>,
        summary: &mut InferSummary,
    ) -> Result<StoredRecord, EngineError> {
        let (id, now) = (wanted.request.symbol.id, (self.ports.clock)());
        let made = answer.and_then(|sir| {
            StoredRecord::fresh(id, provider, model, sir, wanted.source_hash, now)
                .map_err(|error| InferenceError::lasting(ErrorCode::INFERENCE_BAD_RECORD, error.to_string()))
        });
        match made {
            Ok(record) => {
                summary.made += 1;
                Ok(record)
            }
            Err(error) => {
                summary.failed += 1;
                let attempt = RecordAttempt::new(error.code, error.message, now);
                summary.last_error = Some(attempt.clone());
                let old = self.ports.store.records(provider, &[id])?.pop().flatten();
                Ok(match old {
                    Some(old) => old.failed(attempt),
                    None => StoredRecord::missing(id, provider, model, wanted.source_hash, attempt),
                })
            }
        }
    }
}
