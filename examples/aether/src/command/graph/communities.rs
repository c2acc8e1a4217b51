//! `aether graph communities`.

use aether_core::code::SymbolId;
use aether_core::port::{Community, CommunityQuery};
use clap::Args;
use serde::Serialize;

use super::{Ceiling, Floor};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::records::SymbolFields;
use crate::session::Session;

/// Symbols that call and use one another more than the rest, largest group first
#[derive(Args, Debug)]
pub(super) struct Communities {
    /// Let tests, and what stands beside them, take part
    #[arg(long)]
    tests: bool,
    #[command(flatten)]
    floor: Floor,
    #[command(flatten)]
    ceiling: Ceiling,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    communities: Vec<Entry<'a>>,
    has_more: bool,
    modularity: f64,
    symbols: u64,
    alone: u64,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    name: &'a str,
    size: usize,
    central: Vec<SymbolFields<'a>>,
    members: &'a [SymbolId],
    edges_inside: u64,
    edges_leaving: u64,
    cohesion: f64,
}

impl Communities {
    pub(super) fn run(&self, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let mut query = CommunityQuery::with_confidence(self.floor.min_confidence);
        query.with_tests = self.tests;
        let mut answer = session.checked(session.engine.communities(&query)?);
        let total = answer.result.communities.len() as u64;
        let has_more = self.ceiling.cut(&mut answer.result.communities);
        let found = &answer.result;
        if out.is_json() {
            let body = Body {
                communities: found.communities.iter().map(Entry::new).collect(),
                has_more,
                modularity: found.modularity,
                symbols: found.symbols,
                alone: found.alone,
            };
            out.json_answer(&answer, body)?;
            return Ok(Outcome::Done);
        }
        let grouped = count(found.symbols - found.alone, "symbol", "symbols");
        out.line(&format!(
            "{} of {grouped}, modularity {:.2}; {} alone",
            count(total, "community", "communities"),
            found.modularity,
            count(found.alone, "more is", "more are"),
        ))?;
        for community in &found.communities {
            out.line("")?;
            let name = out.text(Tone::Strong, &community.name);
            let facts = out.text(
                Tone::Dim,
                &format!(
                    "{}, {} inside, {} leaving, cohesion {:.2}:",
                    count(community.members.len() as u64, "symbol", "symbols"),
                    count(community.edges_inside, "edge", "edges"),
                    community.edges_leaving,
                    community.cohesion.as_fraction(),
                ),
            );
            out.line(&format!("{name}  {facts}"))?;
            let rows: Vec<Row> = community
                .central
                .iter()
                .map(|symbol| {
                    Row::of("")
                        .cell(Tone::Place, session.places.show(&symbol.file, symbol.name_line))
                        .cell(Tone::Dim, symbol.kind.as_str())
                        .cell(Tone::Plain, symbol.qualified_name.clone())
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

impl<'a> Entry<'a> {
    fn new(community: &'a Community) -> Self {
        Self {
            name: &community.name,
            size: community.members.len(),
            central: community.central.iter().map(SymbolFields::new).collect(),
            members: &community.members,
            edges_inside: community.edges_inside,
            edges_leaving: community.edges_leaving,
            cohesion: community.cohesion.as_fraction(),
        }
    }
}
