//! What nothing in the repository leads to.

use super::WholeGraph;
use super::node::{Class, NONE};
use crate::code::{Confidence, EdgeKind, Symbol, SymbolId};

/// How sure it is at most that nothing uses a symbol whose name something mentions.
const MENTIONED: Confidence = Confidence::from_thousandths(350);
/// The same for a symbol that a macro is given: the macro may use it.
const GIVEN: Confidence = Confidence::from_thousandths(500);

/// Which unreached symbols are asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnreachedQuery {
    /// Symbols of which it is less sure that nothing uses them are left out.
    pub min_confidence: Confidence,
    /// Whether what is public in a library has to be used in the repository as well. Else it counts as
    /// used: from outside.
    pub with_public: bool,
    /// What else is known: the name of the second symbol stands in the source of the first one, and no
    /// edge may say so.
    pub mentions: Vec<(SymbolId, SymbolId)>,
    /// Symbols whose source is given to a macro, which may use them: a test of `quickcheck!`.
    pub given: Vec<SymbolId>,
}

impl UnreachedQuery {
    /// All of which it is this sure.
    #[must_use]
    pub fn with_confidence(min_confidence: Confidence) -> Self {
        Self { min_confidence, ..Self::default() }
    }
}

/// A symbol that nothing leads to, by its id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnreachedSymbol {
    /// The symbol.
    pub id: SymbolId,
    /// An unreached symbol that uses it; `None` when nothing does at all.
    pub by: Option<SymbolId>,
    /// How sure it is that nothing uses it.
    pub confidence: Confidence,
    /// Calls whose target is not known and that go by its name.
    pub unresolved_calls: u32,
    /// Whether the source of something that is reached mentions its name.
    pub is_mentioned: bool,
    /// Whether it stands behind a condition of compilation, that of tests aside.
    pub is_conditional: bool,
    /// Whether it is public in a library, so that code outside the repository may use it.
    pub is_exported: bool,
}

/// A symbol that nothing in the repository leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnreachedEntry {
    /// The symbol.
    pub symbol: Symbol,
    /// An unreached symbol that uses it; `None` when nothing does at all.
    pub by: Option<Symbol>,
    /// How sure it is that nothing uses it.
    pub confidence: Confidence,
    /// Calls whose target is not known and that go by its name.
    pub unresolved_calls: u32,
    /// Whether the source of something that is reached mentions its name.
    pub is_mentioned: bool,
    /// Whether it stands behind a condition of compilation, that of tests aside.
    pub is_conditional: bool,
    /// Whether it is public in a library, so that code outside the repository may use it.
    pub is_exported: bool,
}

impl UnreachedEntry {
    /// What is known of `symbol`, and of the symbol that uses it.
    pub(in crate::port) fn new(symbol: Symbol, by: Option<Symbol>, found: &UnreachedSymbol) -> Self {
        Self {
            symbol,
            by,
            confidence: found.confidence,
            unresolved_calls: found.unresolved_calls,
            is_mentioned: found.is_mentioned,
            is_conditional: found.is_conditional,
            is_exported: found.is_exported,
        }
    }
}

/// What lives when another symbol does.
struct Consequences {
    /// What lives whatever else does.
    always: Vec<u32>,
    /// Sorted by source; the second is what lives with it.
    pairs: Vec<(u32, u32)>,
}

impl Consequences {
    fn of(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.pairs.partition_point(|&(from, _)| from < place);
        self.pairs[start..].iter().take_while(move |&&(from, _)| from == place).map(|&(_, to)| to)
    }
}

impl WholeGraph {
    /// The functions, methods, types, constants, statics and macros that nothing leads to from where the
    /// repository is entered, the surest first, those of one confidence in the order of their ids.
    ///
    /// It is entered at tests, at `main`, at what attributes hand to somebody else (`no_mangle`,
    /// `wasm_bindgen`, …), and at what is public in a library, unless the query says otherwise. From there
    /// on every edge counts, however unlikely. A block that implements a trait lives when its type does,
    /// and its methods with it; so do the members of a trait and the public methods of a public type.
    /// Symbols of one qualified name live together: they are the twins of a `cfg`.
    ///
    /// The confidence falls where calls of unknown target go by the name of the symbol, where a
    /// condition of compilation stands above it, where its name is mentioned, inside of functions, where it
    /// is public in a library, and in languages other than Rust; that of a symbol is never above that of the unreached ones which use it.
    #[must_use]
    pub fn unreached(&self, query: &UnreachedQuery) -> Vec<UnreachedSymbol> {
        let consequences = self.consequences(query.with_public);
        let is_reached = self.reached(&consequences, query.with_public);
        let count = self.nodes.len();
        let mut sure: Vec<Confidence> = self
            .nodes
            .iter()
            .map(|node| if node.is_candidate() { node.sure } else { Confidence::CERTAIN })
            .collect();
        for place in query.given.iter().filter_map(|&id| self.place(id)) {
            sure[place as usize] = sure[place as usize].min(GIVEN);
        }
        let mut is_mentioned = vec![false; count];
        let mut by = vec![NONE; count];
        let mut also: Vec<(u32, u32)> = Vec::new();
        for &(from, to) in &query.mentions {
            let (Some(from), Some(to)) = (self.place(from), self.place(to)) else { continue };
            if is_reached[from as usize] {
                is_mentioned[to as usize] = true;
                sure[to as usize] = sure[to as usize].min(MENTIONED);
            } else if from != to {
                also.push((from, to));
            }
        }
        let mut pairs = consequences.pairs;
        pairs.retain(|&(from, to)| !is_reached[from as usize] && !is_reached[to as usize]);
        for &(from, to) in &pairs {
            if self.node(from).is_candidate() && self.node(from).twin != to && by[to as usize] == NONE {
                by[to as usize] = from;
            }
        }
        pairs.extend(also);
        pairs.sort_unstable();
        pairs.dedup();
        self.spread(&Consequences { always: Vec::new(), pairs }, &mut sure);
        let mut found: Vec<UnreachedSymbol> = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(place, node)| {
                let sure = sure[*place];
                !is_reached[*place] && node.is_candidate() && sure >= query.min_confidence
            })
            .map(|(place, node)| UnreachedSymbol {
                id: node.id,
                by: (by[place] != NONE).then(|| self.node(by[place]).id),
                confidence: sure[place],
                unresolved_calls: node.unresolved_calls,
                is_mentioned: is_mentioned[place],
                is_conditional: node.is_conditional,
                is_exported: node.is_exported(),
            })
            .collect();
        found.sort_unstable_by_key(|found| (std::cmp::Reverse(found.confidence), found.id));
        found
    }

    /// Lowers the confidence of each symbol to that of the least sure one which would make it live.
    fn spread(&self, consequences: &Consequences, sure: &mut [Confidence]) {
        // The least sure first, each once: a confidence is final when its turn comes.
        let mut order: Vec<u32> = (0..self.nodes.len() as u32).collect();
        order.sort_unstable_by_key(|&place| sure[place as usize]);
        let mut is_final = vec![false; sure.len()];
        for first in order {
            let least = sure[first as usize];
            let mut open = vec![first];
            while let Some(place) = open.pop() {
                if std::mem::replace(&mut is_final[place as usize], true) {
                    continue;
                }
                sure[place as usize] = sure[place as usize].min(least);
                open.extend(consequences.of(place).filter(|&next| !is_final[next as usize]));
            }
        }
    }

    fn reached(&self, consequences: &Consequences, with_public: bool) -> Vec<bool> {
        let mut is_reached = vec![false; self.nodes.len()];
        let entries = self.nodes.iter().enumerate().filter(|(_, node)| node.entry.holds(!with_public));
        let mut open: Vec<u32> = entries.map(|(place, _)| place as u32).collect();
        open.extend(&consequences.always);
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut is_reached[place as usize], true) {
                open.extend(consequences.of(place).filter(|&next| !is_reached[next as usize]));
            }
        }
        is_reached
    }

    fn consequences(&self, with_public: bool) -> Consequences {
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(self.links.len() + 3 * self.nodes.len());
        let mut always = Vec::new();
        // Blocks live with the types that they name; with their trait where they name no type of the index.
        let mut names_type = vec![false; self.nodes.len()];
        let mut names_trait = vec![false; self.nodes.len()];
        let is_block = |place: u32| matches!(self.node(place).class, Class::Impl | Class::TraitImpl);
        for link in &self.links {
            pairs.push((link.from, link.to));
            if is_block(link.from) && self.node(link.to).class == Class::Type {
                match link.kind {
                    EdgeKind::Uses => names_type[link.from as usize] = true,
                    EdgeKind::Implements => names_trait[link.from as usize] = true,
                    _ => {}
                }
            }
        }
        for link in self.links.iter().filter(|link| is_block(link.from)) {
            let is_named = match link.kind {
                EdgeKind::Uses => self.node(link.to).class == Class::Type,
                EdgeKind::Implements => !names_type[link.from as usize],
                _ => false,
            };
            if is_named {
                pairs.push((link.to, link.from));
            }
        }
        for (place, node) in self.nodes.iter().enumerate() {
            let at = place as u32;
            if node.parent != NONE {
                pairs.push((at, node.parent));
                if node.carried.holds(!with_public) {
                    pairs.push((node.parent, at));
                }
            }
            // A block of which nothing is known.
            if is_block(at) && !names_type[place] && !names_trait[place] {
                always.push(at);
            }
            if node.twin != at {
                pairs.push((at, node.twin));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Consequences { always, pairs }
    }
}
