//! `aether context`.

use aether_core::base::ErrorCode;
use aether_core::code::{ContextBudget, ContextFormat, SearchMode};
use clap::Args;

use crate::failure::{Failure, Outcome, Stop};
use crate::output::Output;
use crate::session::{Context, Session};

/// Pack what to read for a task: sources of what a search finds and of what is near it, within a budget
#[derive(Args, Debug)]
pub(crate) struct Pack {
    /// What is to be done, in words
    #[arg(value_name = "TASK", required = true)]
    task: Vec<String>,
    /// Most tokens, of three bytes each
    #[arg(long, value_name = "N", default_value_t = 8000, conflicts_with = "bytes", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    tokens: u64,
    /// Most bytes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=30_000_000))]
    bytes: Option<u64>,
    /// How the pack is written
    #[arg(long, value_name = "FORMAT", default_value = "markdown", value_parser = ["markdown", "xml", "json"])]
    format: String,
    /// How to search
    #[arg(long, value_name = "MODE", default_value = "hybrid", value_parser = ["lexical", "semantic", "hybrid"])]
    mode: String,
}

impl Pack {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let task = self.task.join(" ");
        if !task.contains(char::is_alphanumeric) {
            return Err(Failure::new(ErrorCode::QUERY_BAD_SYNTAX, "the task has no word").into());
        }
        let session = Session::start(context, None, out)?;
        let mode = SearchMode::named(&self.mode).unwrap_or_default();
        if mode != SearchMode::Lexical && !context.common.no_update {
            session.engine.refresh_vectors()?;
        }
        let budget = self.bytes.map_or(ContextBudget::Tokens(self.tokens), ContextBudget::Bytes);
        let format = match self.format.as_str() {
            _ if out.is_json() => ContextFormat::Json,
            "json" => ContextFormat::Json,
            "xml" => ContextFormat::Xml,
            _ => ContextFormat::Markdown,
        };
        let pack = session.engine.context(&task, budget, format, mode)?.result;
        let text = pack.render(format);
        out.stream().write_all(text.as_bytes()).map_err(|error| Stop::writing(&error))?;
        Ok(if pack.entries.is_empty() { Outcome::Nothing } else { Outcome::Done })
    }
}
