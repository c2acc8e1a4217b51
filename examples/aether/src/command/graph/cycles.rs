//! `aether graph cycles`.

use clap::Args;
use serde::Serialize;

use super::{Ceiling, Floor};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::records::SymbolFields;
use crate::session::Session;

/// Symbols that call one another in a circle, largest circle first
#[derive(Args, Debug)]
pub(super) struct Cycles {
    #[command(flatten)]
    floor: Floor,
    #[command(flatten)]
    ceiling: Ceiling,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    cycles: Vec<Vec<SymbolFields<'a>>>,
    has_more: bool,
}

impl Cycles {
    pub(super) fn run(&self, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let options = self.ceiling.options().with_min_confidence(self.floor.min_confidence);
        let mut answer = session.checked(session.engine.cycles(options)?);
        let has_more = self.ceiling.cut(&mut answer.result);
        if out.is_json() {
            let cycles =
                answer.result.iter().map(|cycle| cycle.iter().map(SymbolFields::new).collect()).collect();
            out.json_answer(&answer, Body { cycles, has_more })?;
            return Ok(Outcome::Done);
        }
        out.line(&count(answer.result.len() as u64, "circle of calls", "circles of calls"))?;
        for cycle in &answer.result {
            out.line("")?;
            out.line(&out.text(Tone::Dim, &count(cycle.len() as u64, "symbol:", "symbols:")))?;
            let rows: Vec<Row> = cycle
                .iter()
                .map(|symbol| {
                    Row::of("")
                        .cell(Tone::Place, session.places.show(&symbol.file, symbol.name_line))
                        .cell(Tone::Dim, symbol.kind.as_str())
                        .cell(Tone::Strong, symbol.qualified_name.clone())
                })
                .collect();
            out.rows(&rows)?;
        }
        if has_more {
            self.ceiling.more(out)?;
        }
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}
