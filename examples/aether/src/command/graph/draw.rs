//! `aether graph --dot|--svg`.

use std::path::PathBuf;

use aether_core::code::Confidence;
use aether_core::port::NeighbourhoodQuery;
use clap::Args;
use serde::Serialize;

use super::fraction;
use crate::change::export_file;
use crate::failure::{Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::picture::{Picture, dot, svg};
use crate::records::{NamedEdge, SymbolFields};
use crate::session::Session;

/// A picture of what surrounds a symbol.
#[derive(Args, Debug)]
pub(super) struct Draw {
    /// Draw the callers and callees of a symbol in the language of Graphviz
    #[arg(long, value_name = "SYMBOL", conflicts_with = "svg")]
    dot: Option<String>,
    /// Draw the callers and callees of a symbol as SVG
    #[arg(long, value_name = "SYMBOL")]
    svg: Option<String>,
    /// Longest chain of calls to and from the symbol [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    depth: Option<u32>,
    /// Least confidence of an edge, 0 to 1 [default: 0]
    #[arg(long, value_name = "FRACTION", value_parser = fraction)]
    min_confidence: Option<Confidence>,
    /// Most symbols of the picture [default: 60]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: Option<u32>,
    /// File to write the picture to, in place of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: SymbolFields<'a>,
    symbols: Vec<SymbolFields<'a>>,
    edges: Vec<NamedEdge<'a>>,
    has_more: bool,
    format: &'static str,
    /// Null when a file has it.
    drawing: Option<&'a str>,
}

impl Draw {
    /// The first flag of a picture that was given.
    pub(super) fn flag(&self) -> Option<&'static str> {
        let flags = [
            ("--dot", self.dot.is_some()),
            ("--svg", self.svg.is_some()),
            ("--depth", self.depth.is_some()),
            ("--min-confidence", self.min_confidence.is_some()),
            ("--limit", self.limit.is_some()),
            ("--output", self.output.is_some()),
        ];
        flags.into_iter().find(|(_, is_given)| *is_given).map(|(flag, _)| flag)
    }

    /// The symbol in the middle.
    pub(super) fn subject(&self) -> Option<&str> {
        self.dot.as_deref().or(self.svg.as_deref())
    }

    pub(super) fn run(&self, subject: &str, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let symbol = session.select(subject)?;
        let mut query = NeighbourhoodQuery::around(symbol.id);
        query.max_depth = self.depth.unwrap_or(query.max_depth);
        query.min_confidence = self.min_confidence.unwrap_or(query.min_confidence);
        query.limit = self.limit.unwrap_or(query.limit);
        let answer = session.checked(session.engine.neighbourhood(&query)?);
        let found = &answer.result;
        let picture = Picture::new(found);
        let (format, drawing) =
            if self.dot.is_some() { ("dot", dot(&picture)) } else { ("svg", svg(&picture)) };
        if let Some(path) = &self.output {
            export_file(&session.engine, &session.config, path, |sink| {
                sink.write_all(drawing.as_bytes()).map_err(|error| Stop::writing(&error))
            })?;
        }
        if out.is_json() {
            let body = Body {
                symbol: SymbolFields::new(&symbol),
                symbols: found.symbols.iter().map(SymbolFields::new).collect(),
                edges: NamedEdge::all(&found.edges),
                has_more: found.has_more,
                format,
                drawing: self.output.is_none().then_some(drawing.as_str()),
            };
            out.json_answer(&answer, body)?;
            return Ok(Outcome::Done);
        }
        if self.output.is_none() {
            out.stream().write_all(drawing.as_bytes()).map_err(|error| Stop::writing(&error))?;
        }
        if let Some(path) = &self.output {
            let symbols = count(found.symbols.len() as u64, "symbol", "symbols");
            out.note(&format!("{symbols} in {}", path.display()));
        }
        if found.has_more {
            out.note(&format!("there are more symbols; --limit is {}", query.limit));
        }
        Ok(Outcome::Done)
    }
}
