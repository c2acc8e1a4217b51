//! Pictures of a part of the project graph.

mod dot;
mod svg;

pub(crate) use dot::dot;
pub(crate) use svg::svg;

use aether_core::code::{Symbol, SymbolId};
use aether_core::port::{EdgeRecord, Neighbourhood};

use crate::human::doubt;

/// Most characters of a line of a box.
const WIDTH: usize = 48;

/// Boxes and arrows between them, in the order of the answer.
#[derive(Debug)]
pub(crate) struct Picture {
    boxes: Vec<Node>,
    arrows: Vec<Arrow>,
}

/// A symbol.
#[derive(Debug)]
struct Node {
    id: SymbolId,
    /// What the name stands in; empty at the top.
    path: String,
    name: String,
    place: String,
    /// Everything in full.
    hint: String,
    is_middle: bool,
}

/// The calls of one symbol by another.
#[derive(Debug)]
struct Arrow {
    /// Index of the box of the caller.
    from: usize,
    /// Index of the box of the callee.
    to: usize,
    hint: String,
    is_doubtful: bool,
}

impl Picture {
    pub(crate) fn new(found: &Neighbourhood) -> Self {
        let boxes = found.symbols.iter().enumerate().map(|(at, symbol)| Node::new(symbol, at == 0)).collect();
        let place = |id: SymbolId| found.symbols.iter().position(|symbol| symbol.id == id);
        let arrow = |edge: &EdgeRecord| Some(Arrow::new(place(edge.src_id)?, place(edge.dst_id?)?, edge));
        Self { boxes, arrows: found.edges.iter().filter_map(arrow).collect() }
    }
}

impl Node {
    fn new(symbol: &Symbol, is_middle: bool) -> Self {
        let path = symbol.qualified_name.strip_suffix(symbol.name.as_str()).unwrap_or_default();
        let path = path.trim_end_matches("::");
        let place = format!("{}:{}", symbol.file, symbol.name_line);
        let hint = format!("{} {}\n{place}", symbol.kind.as_str(), symbol.qualified_name);
        let (path, name, place) = (end_of(path), end_of(&symbol.name), end_of(&place));
        Self { id: symbol.id, path, name, place, hint, is_middle }
    }

    /// The lines of its label.
    fn lines(&self) -> impl Iterator<Item = &str> {
        [self.path.as_str(), &self.name, &self.place].into_iter().filter(|line| !line.is_empty())
    }
}

impl Arrow {
    fn new(from: usize, to: usize, edge: &EdgeRecord) -> Self {
        let doubt = doubt(edge.confidence);
        let mut hint = format!("{}\n{}:{}", edge.callee_text, edge.src_file, edge.site_line);
        if let Some(doubt) = &doubt {
            hint.push_str(&format!("\n{doubt} {}", edge.resolution.as_str()));
        }
        Self { from, to, hint, is_doubtful: doubt.is_some() }
    }
}

/// The end of a text, which tells more of a path than its start.
fn end_of(text: &str) -> String {
    let length = text.chars().count();
    if length <= WIDTH {
        return text.to_owned();
    }
    let end: String = text.chars().skip(length - WIDTH + 1).collect();
    format!("…{end}")
}
