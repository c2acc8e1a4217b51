//! Groups of symbols that call and use one another more than the rest.

use std::collections::BTreeMap;

use super::louvain::Weighted;
use super::node::{Class, NONE};
use super::{Link, WholeGraph};
use crate::code::{Confidence, EdgeKind, Symbol, SymbolId};

/// Symbols of a community that are told in full.
const CENTRAL: usize = 5;
/// Share of the members, in hundredths, that a name has to stand above.
const NAMED: usize = 60;

/// Which communities are asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct CommunityQuery {
    /// Edges that are less likely do not count.
    pub min_confidence: Confidence,
    /// Whether tests, and what stands beside them, take part.
    pub with_tests: bool,
}

impl CommunityQuery {
    /// Communities by edges of at least this confidence, tests left out.
    #[must_use]
    pub fn with_confidence(min_confidence: Confidence) -> Self {
        Self { min_confidence, ..Self::default() }
    }
}

/// A group of symbols that call and use one another more than the rest.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Community {
    /// The deepest module or type that three fifths of the members stand in; where there is none, or
    /// another community has it, with the name of the most central member.
    pub name: String,
    /// The members, most central first: by the weight of what leads to them inside the community.
    pub members: Vec<SymbolId>,
    /// The five most central members.
    pub central: Vec<Symbol>,
    /// Pairs of members of which one calls or uses the other.
    pub edges_inside: u64,
    /// Pairs of a member and another symbol of which one calls or uses the other.
    pub edges_leaving: u64,
    /// The share of the weight of the members' edges that lies inside.
    pub cohesion: Confidence,
}

/// The communities of a graph.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Communities {
    /// Of two members and more; largest first, those of one size by name.
    pub communities: Vec<Community>,
    /// How much more of the weight lies inside communities than chance would put there: 0 for none, up to
    /// 1. Of the partition of all symbols.
    pub modularity: f64,
    /// Functions, methods and types that took part.
    pub symbols: u64,
    /// Those of them that belong to no community.
    pub alone: u64,
}

/// Reads the central members, of which `graph` knows the ids alone.
pub(in crate::port) fn complete(
    mut found: Communities,
    symbols: impl Fn(&[SymbolId]) -> Result<Vec<Symbol>, crate::port::PortError>,
) -> Result<Communities, crate::port::PortError> {
    let central = |community: &Community| community.members.iter().take(CENTRAL).copied().collect::<Vec<_>>();
    let ids: Vec<SymbolId> = found.communities.iter().flat_map(central).collect();
    let known: BTreeMap<SymbolId, Symbol> =
        symbols(&ids)?.into_iter().map(|symbol| (symbol.id, symbol)).collect();
    for community in &mut found.communities {
        community.central = central(community).iter().filter_map(|id| known.get(id).cloned()).collect();
    }
    Ok(found)
}

/// The weight of an edge for each thousandth of its confidence; 0 for one that does not count.
fn weight_of(link: &Link) -> u64 {
    let weight = match link.kind {
        EdgeKind::Calls => 2,
        EdgeKind::Uses | EdgeKind::Implements | EdgeKind::Bounds => 1,
        EdgeKind::Defines | EdgeKind::Imports | EdgeKind::Tests | EdgeKind::DependsOn => 0,
    };
    weight * u64::from(link.confidence.thousandths())
}

/// A pair of members, by number: from, to, weight.
type Pair = (u32, u32, u64);

impl WholeGraph {
    /// Groups of functions, methods and types that call and use one another more than the rest, without
    /// [`Community::central`].
    ///
    /// A call counts twice as much as a use, an implementation or a bound, each by its confidence. What a
    /// field, a variant or a block that implements says counts for the type; a method that stands in such
    /// a block is near the types that the block names.
    #[must_use]
    pub fn communities(&self, query: &CommunityQuery) -> Communities {
        let is_member = |place: u32| {
            let node = self.node(place);
            matches!(node.class, Class::Callable | Class::Type) && (query.with_tests || !node.is_test)
        };
        let members: Vec<u32> = (0..self.nodes.len() as u32).filter(|&place| is_member(place)).collect();
        let mut number = vec![NONE; self.nodes.len()];
        for (at, &place) in members.iter().enumerate() {
            number[place as usize] = at as u32;
        }
        let pairs = self.pairs(query, &number);
        let graph = Weighted::new(members.len(), pairs.iter().copied());
        let groups = graph.groups();
        let count = groups.iter().max().map_or(0, |&last| last as usize + 1);
        let mut parts: Vec<Part> = vec![Part::default(); count];
        let mut led_to = vec![0_u64; members.len()];
        for &(from, to, weight) in &pairs {
            let (a, b) = (groups[from as usize] as usize, groups[to as usize] as usize);
            if a == b {
                parts[a].inside += 1;
                parts[a].weight_inside += weight;
                led_to[to as usize] += weight;
            } else {
                for part in [a, b] {
                    parts[part].leaving += 1;
                    parts[part].weight_leaving += weight;
                }
            }
        }
        for (at, &group) in groups.iter().enumerate() {
            parts[group as usize].members.push(at as u32);
        }
        let alone = parts.iter().filter(|part| part.members.len() < 2).count() as u64;
        parts.retain(|part| part.members.len() > 1);
        let name = |at: u32| &*self.node(members[at as usize]).qualified_name;
        for part in &mut parts {
            part.members.sort_unstable_by(|&a, &b| {
                led_to[b as usize].cmp(&led_to[a as usize]).then_with(|| (name(a), a).cmp(&(name(b), b)))
            });
        }
        let names = names_of(&parts, &name);
        let mut communities: Vec<Community> = parts
            .into_iter()
            .zip(names)
            .map(|(part, name)| Community {
                name,
                cohesion: part.cohesion(),
                members: part.members.iter().map(|&at| self.node(members[at as usize]).id).collect(),
                central: Vec::new(),
                edges_inside: part.inside,
                edges_leaving: part.leaving,
            })
            .collect();
        communities.sort_by(|a, b| {
            let size = |community: &Community| std::cmp::Reverse(community.members.len());
            (size(a), &a.name, &a.members).cmp(&(size(b), &b.name, &b.members))
        });
        let modularity = graph.modularity(&groups);
        Communities { communities, modularity, symbols: members.len() as u64, alone }
    }

    /// The weights between members, by their numbers; each pair once in each direction.
    fn pairs(&self, query: &CommunityQuery, number: &[u32]) -> Vec<Pair> {
        let counts = |link: &&Link| link.confidence >= query.min_confidence && weight_of(link) > 0;
        // A part of a type speaks for the type.
        let speaker = |mut place: u32| {
            while place != NONE && number[place as usize] == NONE && self.node(place).class == Class::Part {
                place = self.node(place).parent;
            }
            if place == NONE { NONE } else { number[place as usize] }
        };
        let mut pairs: Vec<Pair> = Vec::with_capacity(self.links.len());
        for link in self.links.iter().filter(counts) {
            let (from, to) = (speaker(link.from), speaker(link.to));
            if from != NONE && to != NONE && from != to {
                pairs.push((from, to, weight_of(link)));
            }
            if matches!(self.node(link.from).class, Class::Impl | Class::TraitImpl) && to != NONE {
                for child in self.children_of(link.from) {
                    let child = number[child as usize];
                    if child != NONE && child != to {
                        pairs.push((child, to, weight_of(link)));
                    }
                }
            }
        }
        pairs.sort_unstable_by_key(|&(from, to, _)| (from, to));
        pairs.dedup_by(|next, kept| {
            let is_same = (next.0, next.1) == (kept.0, kept.1);
            if is_same {
                kept.2 += next.2;
            }
            is_same
        });
        pairs
    }
}

/// A community while it is made.
#[derive(Clone, Debug, Default)]
struct Part {
    members: Vec<u32>,
    inside: u64,
    leaving: u64,
    weight_inside: u64,
    weight_leaving: u64,
}

impl Part {
    fn cohesion(&self) -> Confidence {
        let all = self.weight_inside + self.weight_leaving;
        let thousandths = (self.weight_inside * 1000).checked_div(all).unwrap_or(0);
        Confidence::from_thousandths(u16::try_from(thousandths).unwrap_or(1000))
    }
}

/// A name for each part; its members are sorted, the most central first.
fn names_of<'n>(parts: &[Part], name: &impl Fn(u32) -> &'n str) -> Vec<String> {
    let above: Vec<&str> = parts.iter().map(|part| common(&part.members, name)).collect();
    let mut uses: BTreeMap<&str, u32> = BTreeMap::new();
    for &above in &above {
        *uses.entry(above).or_default() += 1;
    }
    let named = parts.iter().zip(&above).map(|(part, &above)| {
        let central = part.members.first().map_or("", |&first| name(first));
        if above.is_empty() {
            central.to_owned()
        } else if uses.get(above) == Some(&1) {
            above.to_owned()
        } else {
            let short = central.strip_prefix(above).and_then(|rest| rest.strip_prefix("::"));
            format!("{above}: {}", short.unwrap_or(central))
        }
    });
    named.collect()
}

/// The deepest path that enough of the names stand in.
fn common<'n>(members: &[u32], name: &impl Fn(u32) -> &'n str) -> &'n str {
    let mut above = "";
    loop {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for &member in members {
            let name = name(member);
            let start = if above.is_empty() { 0 } else { above.len() + 2 };
            let is_inside =
                above.is_empty() || name.strip_prefix(above).is_some_and(|it| it.starts_with("::"));
            let next = name.get(start..).filter(|_| is_inside).and_then(|rest| rest.find("::"));
            if let Some(end) = next {
                *counts.entry(&name[..start + end]).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|&(path, count)| (count, std::cmp::Reverse(path)));
        match most {
            // Inside angle brackets there is no path.
            Some((path, count)) if count * 100 >= members.len() * NAMED && !path.contains('<') => {
                above = path
            }
            _ => return above,
        }
    }
}
