//! `aether graph path`.

use aether_core::port::CallPath;
use clap::Args;
use serde::Serialize;

use super::{Ceiling, Floor, Reach};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::{NamedEdge, SymbolFields};
use crate::session::Session;

/// The shortest chains of calls from one symbol to another
#[derive(Args, Debug)]
pub(super) struct Path {
    /// Where the chain starts: a name, FILE:LINE, or an id
    #[arg(value_name = "FROM")]
    from: String,
    /// Where it leads
    #[arg(value_name = "TO")]
    to: String,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    floor: Floor,
    #[command(flatten)]
    ceiling: Ceiling,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    from: SymbolFields<'a>,
    to: SymbolFields<'a>,
    paths: Vec<Vec<NamedEdge<'a>>>,
    has_more: bool,
}

impl Path {
    pub(super) fn run(&self, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let (from, to) = (session.select(&self.from)?.id, session.select(&self.to)?.id);
        let options = self
            .ceiling
            .options()
            .with_max_depth(self.reach.depth)
            .with_min_confidence(self.floor.min_confidence);
        let mut answer = session.checked(session.engine.paths(from, to, options)?);
        let has_more = self.ceiling.cut(&mut answer.result.paths);
        let found = &answer.result;
        let outcome = if found.paths.is_empty() { Outcome::Nothing } else { Outcome::Done };
        if out.is_json() {
            let body = Body {
                from: SymbolFields::new(&found.from),
                to: SymbolFields::new(&found.to),
                paths: found.paths.iter().map(|path| NamedEdge::all(path)).collect(),
                has_more,
            };
            out.json_answer(&answer, body)?;
            return Ok(outcome);
        }
        let from = out.text(Tone::Strong, &found.from.qualified_name);
        let to = out.text(Tone::Strong, &found.to.qualified_name);
        if found.paths.is_empty() {
            let depth = count(self.reach.depth.into(), "call", "calls");
            out.line(&format!("no chain of at most {depth} leads from {from} to {to}"))?;
        }
        for path in &found.paths {
            out.line(&format!("{} from {from} to {to}", count(path.len() as u64, "call", "calls")))?;
            out.rows(&rows(path, &session.places))?;
            out.line("")?;
        }
        if has_more {
            self.ceiling.more(out)?;
        }
        out.footer(&answer)?;
        Ok(outcome)
    }
}

fn rows(path: &CallPath, places: &Places) -> Vec<Row> {
    path.iter()
        .map(|edge| {
            Row::of("")
                .cell(Tone::Place, places.show(&edge.src_file, edge.site_line))
                .cell(Tone::Strong, edge.src_qualified_name.clone())
                .cell(Tone::Plain, format!("→ {}", edge.dst_path.as_deref().unwrap_or("?")))
                .doubt(edge)
        })
        .collect()
}
