//! `aether graph chain`.

use aether_bindings::engine::ChainOptions;
use aether_core::code::{AnchorChain, ChainStep, Confidence};
use clap::Args;
use serde::Serialize;

use super::Subject;
use crate::failure::{Outcome, Stop};
use crate::human::{Row, doubt};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// From a use of a symbol to its definition, its documentation and a test, each with its place
///
/// FILE:LINE that uses something begins the chain there.
#[derive(Args, Debug)]
pub(super) struct Chain {
    #[command(flatten)]
    subject: Subject,
    /// Most steps of each kind
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    steps: u32,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: SymbolFields<'a>,
    steps: &'a [ChainStep],
    left_out: u32,
}

impl Chain {
    pub(super) fn run(
        &self,
        context: Context<'_>,
        session: &Session,
        out: &mut Output,
    ) -> Result<Outcome, Stop> {
        let (id, site) = session.engine.chain_start(&session.named(&self.subject.symbol)?)?;
        let site = site.as_ref().map(|(file, line)| (file, *line));
        let mut options = ChainOptions::default();
        options.per_kind = self.steps as usize;
        let answer = context.interrupt.guard(|cancel| session.engine.chain(id, site, &options, cancel))?;
        let answer = session.checked(answer);
        let symbol = session.engine.describe(id)?.result.symbol;
        if out.is_json() {
            let chain = &answer.result;
            let symbol = SymbolFields::new(&symbol);
            out.json_answer(&answer, Body { symbol, steps: &chain.steps, left_out: chain.left_out })?;
            return Ok(Outcome::Done);
        }
        let has_name = !symbol.qualified_name.is_empty();
        let name = if has_name { &symbol.qualified_name } else { symbol.file.as_str() };
        out.line(&out.text(Tone::Strong, name))?;
        out.rows(&rows(&answer.result, &session.places))?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

fn rows(chain: &AnchorChain, places: &Places) -> Vec<Row> {
    let row = |step: &ChainStep| {
        let row = Row::of("")
            .cell(Tone::Dim, step.kind.as_str())
            .cell(Tone::Place, places.show(&step.anchor.file, step.anchor.lines.first))
            .cell(Tone::Strong, step.name.clone());
        let sure = Some(step.confidence).filter(|it| *it < Confidence::CERTAIN).and_then(doubt);
        let note = [Some(step.excerpt.clone()), sure].into_iter().flatten().collect::<Vec<_>>().join("  ");
        row.note(Tone::Dim, &note)
    };
    chain.steps.iter().map(row).collect()
}
