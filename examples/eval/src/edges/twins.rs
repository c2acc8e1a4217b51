//! Which methods implement which declaration of a trait.

use std::collections::HashMap;

use aether_bindings::engine::Engine;
use aether_core::code::{SymbolId, SymbolKind};
use anyhow::Result;

use crate::gold::Place;

/// Methods of implementations beside the declarations in traits that they implement.
///
/// A call through a bound leads to the declaration in the gold, and a resolver may know better. The
/// pairs follow from syntax, the name of the trait and that of the method, so that a resolver cannot
/// improve its score by the edges it draws; traits of the same name are one here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Twins {
    declarations: HashMap<Place, Vec<Place>>,
    implementations: HashMap<Place, Vec<Place>>,
}

impl Twins {
    /// The pairs of an index.
    pub(crate) fn of(engine: &Engine) -> Result<Self> {
        // Traits and implementations stand before what they contain.
        let mut traits: HashMap<SymbolId, (String, bool)> = HashMap::new();
        let mut methods: HashMap<(String, String), (Vec<Place>, Vec<Place>)> = HashMap::new();
        engine.visit_symbols(&mut |symbol| {
            if symbol.kind == SymbolKind::TRAIT {
                traits.insert(symbol.id, (symbol.name.clone(), true));
            } else if symbol.kind == SymbolKind::IMPL {
                if let Some(name) = implemented_trait(&symbol.name) {
                    traits.insert(symbol.id, (name.to_owned(), false));
                }
            } else if symbol.kind == SymbolKind::METHOD
                && let Some((name, is_declaration)) = symbol.parent.and_then(|parent| traits.get(&parent))
            {
                let (declared, implemented) = methods.entry((name.clone(), symbol.name.clone())).or_default();
                let list = if *is_declaration { declared } else { implemented };
                list.push((symbol.file.as_str().to_owned(), symbol.name_line));
            }
        })?;
        Ok(Self::pair(methods.into_values()))
    }

    /// Pairs each declaration with each implementation of the same method.
    pub(super) fn pair(methods: impl Iterator<Item = (Vec<Place>, Vec<Place>)>) -> Self {
        let mut twins = Self::default();
        for (declared, implemented) in methods {
            for place in &implemented {
                twins.declarations.entry(place.clone()).or_default().extend(declared.iter().cloned());
            }
            for place in declared {
                twins.implementations.entry(place).or_default().extend(implemented.iter().cloned());
            }
        }
        twins
    }

    /// What a method implements.
    pub(crate) fn declarations(&self, method: &Place) -> impl Iterator<Item = &Place> {
        self.declarations.get(method).into_iter().flatten()
    }

    /// What implements a declaration.
    pub(crate) fn implementations(&self, method: &Place) -> impl Iterator<Item = &Place> {
        self.implementations.get(method).into_iter().flatten()
    }
}

/// The trait in `<Vec as Clone>`.
fn implemented_trait(name: &str) -> Option<&str> {
    Some(name.strip_prefix('<')?.strip_suffix('>')?.rsplit_once(" as ")?.1)
}
