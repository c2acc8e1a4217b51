//! Lineage: which new symbol an old one lives on as.

mod alike;
mod matcher;

use serde::{Deserialize, Serialize};

use super::{SymbolId, SymbolKind};
use crate::base::RelPath;

/// Version of the lineage records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A symbol that lives on under another id.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LineageLink {
    /// The id it had.
    pub from: SymbolId,
    /// The id it has.
    pub to: SymbolId,
    /// What changed.
    pub cause: LineageCause,
}

/// What made a new id of an old one. An old reader takes an unknown value for an error, so a new one
/// comes with a new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum LineageCause {
    /// The signature or the ordinal changed; qualified name and file did not.
    Signature = 0,
    /// The qualified name changed, the file did not: the symbol, or what contains it, has a new name.
    Rename = 1,
    /// The file changed, the name did not.
    Move = 2,
    /// Name and file changed.
    MoveAndRename = 3,
}

impl LineageCause {
    /// The cause by its number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Signature, Self::Rename, Self::Move, Self::MoveAndRename].get(usize::from(number)).copied()
    }
}

/// A symbol that disappeared or appeared in a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LineageCandidate {
    /// Id.
    pub id: SymbolId,
    /// File.
    pub file: RelPath,
    /// Kind.
    pub kind: SymbolKind,
    /// Name.
    pub name: String,
    /// Qualified name inside the file.
    pub local_path: String,
    /// Fingerprint of the body; 0 when there is none.
    pub body_fingerprint: u64,
    /// Distinct words of the body, sorted.
    pub body_words: Vec<String>,
    /// Position among the symbols of the file, from 0.
    pub position: u32,
}

/// Links symbols that disappeared with those that appeared in the same change.
///
/// A pair has the same kind, and each symbol is in one pair at most; an id on both sides did not
/// disappear and is left out. A body is *telling* when it has at least four distinct words. Pairs are
/// taken in this order; inside a step the nearest position comes first, then the smaller ids:
///
/// 1. same file and qualified name: the signature changed;
/// 2. equal bodies and the same qualified name;
/// 3. equal telling bodies: of the same name, then of the same file, then any;
/// 4. equal bodies that tell nothing, at the same position of the same file;
/// 5. the same name inside symbols that steps 1 to 4 linked;
/// 6. telling bodies that are alike, the most alike first: by 60 % of their words (Jaccard index), or
///    30 % where the qualified name, or the file and the position within one, is the same;
/// 7. a file lives on as the one to which most of its symbols went;
/// 8. without a body, the only ones of their name outside every other symbol;
/// 9. the same name inside symbols that steps 5 to 8 linked.
///
/// The result is sorted and does not depend on the order of the input. Costs stay near linear: 5,000
/// functions on each side take well under a second.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// use aether_core::code::{LineageCandidate, LineageCause, SymbolId, SymbolKind, match_lineage};
/// let old = LineageCandidate {
///     id: SymbolId::from_bytes([1; 16]),
///     file: RelPath::new("src/lib.rs")?,
///     kind: SymbolKind::FUNCTION,
///     name: "total".to_owned(),
///     local_path: "total".to_owned(),
///     body_fingerprint: 17,
///     body_words: ["fold", "items", "price", "sum"].map(str::to_owned).to_vec(),
///     position: 3,
/// };
/// let mut new = old.clone();
/// new.id = SymbolId::from_bytes([2; 16]);
/// new.name = "sum_of".to_owned();
/// new.local_path = "sum_of".to_owned();
/// let links = match_lineage(&[old], &[new]);
/// assert_eq!(links[0].cause, LineageCause::Rename);
/// # Ok::<(), aether_core::base::RelPathError>(())
/// ```
#[must_use]
pub fn match_lineage(removed: &[LineageCandidate], added: &[LineageCandidate]) -> Vec<LineageLink> {
    let mut links = matcher::pairs(removed, added)
        .into_iter()
        .map(|(old, new)| LineageLink { from: old.id, to: new.id, cause: cause(old, new) })
        .collect::<Vec<_>>();
    links.sort();
    links
}

fn cause(old: &LineageCandidate, new: &LineageCandidate) -> LineageCause {
    match (old.file == new.file, old.local_path == new.local_path, old.name == new.name) {
        (true, true, _) => LineageCause::Signature,
        (true, false, _) => LineageCause::Rename,
        (false, _, true) => LineageCause::Move,
        (false, _, false) => LineageCause::MoveAndRename,
    }
}

impl LineageLink {
    /// A link.
    #[must_use]
    pub fn new(from: SymbolId, to: SymbolId, cause: LineageCause) -> Self {
        Self { from, to, cause }
    }
}
