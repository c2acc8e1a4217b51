//! How far a declaration can be seen that says nothing of it itself.

use aether_core::code::facts::{
    FileFacts, ItemDetail, List, NameIdx, PathFact, PathRoot, ScopeIdx, SymbolIdx, TypeIdx, TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};
use rustc_hash::FxHashMap;

/// Gives what has no visibility of its own that of what it belongs to: a variant and its fields that
/// of the enumeration, an item of a trait that of the trait. An item of an implementation of a trait
/// is as visible as the trait too; a trait that the file does not declare counts as public.
pub(super) fn inherit(facts: &mut FileFacts) {
    let traits = Traits::of(facts);
    // Items of one implementation mostly follow one another.
    let mut last_impl = (SymbolIdx(0), Visibility::Public);
    for index in 0..facts.symbols.len() {
        let symbol = &facts.symbols[index];
        let Some(number) = symbol.parent.filter(|parent| parent.0 != 0) else { continue };
        let parent = &facts.symbols[number.0 as usize];
        let inherited = match &parent.detail {
            ItemDetail::Trait { .. } => parent.visibility.clone(),
            ItemDetail::Adt(_) if is_variant(&symbol.kind) || is_variant(&parent.kind) => {
                parent.visibility.clone()
            }
            ItemDetail::Impl { of_trait: Some(of_trait), .. } => {
                if last_impl.0 != number {
                    last_impl = (number, traits.visibility(facts, *of_trait, parent.scope));
                }
                last_impl.1.clone()
            }
            _ => continue,
        };
        facts.symbols[index].visibility = inherited;
    }
}

fn is_variant(kind: &SymbolKind) -> bool {
    *kind == SymbolKind::VARIANT
}

/// The traits that a file declares.
struct Traits(FxHashMap<(NameIdx, ScopeIdx), Visibility>);

impl Traits {
    fn of(facts: &FileFacts) -> Self {
        let traits = facts.symbols.iter().filter(|symbol| symbol.kind == SymbolKind::TRAIT);
        Self(traits.map(|found| ((found.name, found.scope), found.visibility.clone())).collect())
    }

    /// The visibility of a trait that is named in `scope`, as far as the file tells.
    fn visibility(&self, facts: &FileFacts, of_trait: TypeIdx, scope: ScopeIdx) -> Visibility {
        match plain_name(facts, of_trait) {
            Some(name) if !self.0.is_empty() => {
                let mut scopes =
                    std::iter::successors(Some(scope), |scope| facts.scopes[scope.0 as usize].parent);
                scopes.find_map(|scope| self.0.get(&(name, scope))).cloned().unwrap_or(Visibility::Public)
            }
            _ => Visibility::Public,
        }
    }
}

/// The name of a type that is a path of one segment.
fn plain_name(facts: &FileFacts, ty: TypeIdx) -> Option<NameIdx> {
    let TypeKind::Path(path) = facts.types.get(ty.0 as usize)?.kind else { return None };
    match facts.paths.get(path as usize)? {
        PathFact { root: PathRoot::Plain, segments: List { start, len: 1 } } => {
            facts.segments.get(*start as usize).map(|segment| segment.name)
        }
        _ => None,
    }
}
