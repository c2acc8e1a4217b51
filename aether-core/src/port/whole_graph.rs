//! All symbols of an index and the edges between them, in memory: for questions that look at everything.

mod communities;
mod louvain;
mod node;
mod rank;
mod unreached;

use std::collections::BTreeMap;

pub(super) use communities::complete;
pub use communities::{Communities, Community, CommunityQuery};
pub use rank::{RankDirection, RankQuery};
pub use unreached::{UnreachedEntry, UnreachedQuery, UnreachedSymbol};

use self::node::{NONE, Node, Raw};
use crate::code::{Confidence, EdgeKind, Symbol, SymbolId};

/// An edge between two symbols, by their places; of several of one kind the surest.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Link {
    from: u32,
    to: u32,
    kind: EdgeKind,
    confidence: Confidence,
}

/// All symbols of an index and the edges between them, in memory.
///
/// Whatever is asked of it depends on the content of the index alone: symbols are kept in the order of
/// their ids, and all weights are whole numbers, so that no answer depends on the order of sums.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// use aether_core::code::{Confidence, EdgeKind, Language, Symbol, SymbolId, SymbolKind};
/// use aether_core::port::{RankQuery, WholeGraphBuilder};
/// let mut builder = WholeGraphBuilder::default();
/// let mut add = |byte, name: &str| {
///     let (id, file) = (SymbolId::from_bytes([byte; 16]), RelPath::new("src/lib.rs")?);
///     let symbol = Symbol::new(id, Language::RUST, SymbolKind::FUNCTION, name.to_owned(), file);
///     Ok::<u32, aether_core::base::RelPathError>(builder.symbol(&symbol))
/// };
/// let (caller, callee) = (add(1, "caller")?, add(2, "callee")?);
/// builder.edge(caller, EdgeKind::Calls, callee, Confidence::CERTAIN);
/// let graph = builder.finish();
/// let ranks = graph.page_rank(&RankQuery::default());
/// assert_eq!(ranks[0].0, SymbolId::from_bytes([2; 16]), "what is called counts more");
/// # Ok::<(), aether_core::base::RelPathError>(())
/// ```
#[derive(Debug, Default)]
pub struct WholeGraph {
    /// Sorted by id.
    nodes: Vec<Node>,
    /// Sorted by source, then by target and kind; no `defines`, and none from a symbol to itself.
    links: Vec<Link>,
    /// The places of the symbols that each symbol contains, sorted by both.
    children: Vec<(u32, u32)>,
}

impl WholeGraph {
    /// The place of a symbol.
    fn place(&self, id: SymbolId) -> Option<u32> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok().map(|place| place as u32)
    }

    fn node(&self, place: u32) -> &Node {
        &self.nodes[place as usize]
    }

    fn children_of(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.children.partition_point(|&(parent, _)| parent < place);
        self.children[start..]
            .iter()
            .take_while(move |&&(parent, _)| parent == place)
            .map(|&(_, child)| child)
    }
}

/// Takes symbols, then edges, and gives a [`WholeGraph`].
#[derive(Debug, Default)]
pub struct WholeGraphBuilder {
    symbols: Vec<Raw>,
    links: Vec<Link>,
    unresolved: BTreeMap<String, u32>,
}

impl WholeGraphBuilder {
    /// Adds a symbol and returns its number; symbols come once each, in any order.
    pub fn symbol(&mut self, symbol: &Symbol) -> u32 {
        self.symbols.push(Raw::of(symbol));
        self.symbols.len() as u32 - 1
    }

    /// Adds an edge between two symbols, by their numbers. Edges of kind [`EdgeKind::Defines`] are left
    /// out: they follow from the parents of the symbols.
    pub fn edge(&mut self, from: u32, kind: EdgeKind, to: u32, confidence: Confidence) {
        if kind != EdgeKind::Defines && from != to {
            self.links.push(Link { from, to, kind, confidence });
        }
    }

    /// Adds a call whose target is not known, by its last name.
    pub fn unresolved_call(&mut self, name: &str) {
        match self.unresolved.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                self.unresolved.insert(name.to_owned(), 1);
            }
        }
    }

    /// The graph.
    #[must_use]
    pub fn finish(self) -> WholeGraph {
        let mut order: Vec<u32> = (0..self.symbols.len() as u32).collect();
        order.sort_unstable_by_key(|&number| self.symbols[number as usize].id);
        let mut place_of = vec![NONE; order.len()];
        for (place, &number) in order.iter().enumerate() {
            place_of[number as usize] = place as u32;
        }
        let mut symbols: Vec<Option<Raw>> = self.symbols.into_iter().map(Some).collect();
        let symbols: Vec<Raw> = order.iter().filter_map(|&number| symbols[number as usize].take()).collect();
        let at = |number: u32| place_of.get(number as usize).copied().unwrap_or(NONE);
        let mut links: Vec<Link> = self
            .links
            .into_iter()
            .map(|link| Link { from: at(link.from), to: at(link.to), ..link })
            .filter(|link| link.from != NONE && link.to != NONE)
            .collect();
        // The surest first.
        links
            .sort_unstable_by_key(|link| (link.from, link.to, link.kind, std::cmp::Reverse(link.confidence)));
        links.dedup_by_key(|link| (link.from, link.to, link.kind));
        let nodes = node::nodes_of(symbols, &links, &self.unresolved);
        let mut children: Vec<(u32, u32)> = nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.parent != NONE)
            .map(|(place, node)| (node.parent, place as u32))
            .collect();
        children.sort_unstable();
        WholeGraph { nodes, links, children }
    }
}
