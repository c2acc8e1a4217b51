//! What a change of a file means: the symbols that came, went and say something else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facts::{FileFacts, ImportFact, ImportKind, SymbolFact, SymbolIdx};
use super::{Language, SymbolId, SymbolKind, Visibility};
use crate::base::RelPath;

/// Version of the change records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// What a change of one file means for its symbols.
///
/// The file itself is one of them: it is in `added` when it came, in `removed` when it went, and in
/// `updated` when what it says outside of every other symbol is another, as [`FileChange::between`]
/// tells.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FileChange {
    /// File.
    pub file: RelPath,
    /// Language of the file, of one that went the language it had.
    pub language: Language,
    /// Symbols that were not there before, sorted by id.
    pub added: Vec<ChangedSymbol>,
    /// Symbols that are gone, as they were, sorted by id.
    pub removed: Vec<ChangedSymbol>,
    /// Symbols that say something else, as they are now, sorted by id.
    pub updated: Vec<ChangedSymbol>,
}

/// A symbol that a change concerns.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChangedSymbol {
    /// Id.
    pub id: SymbolId,
    /// Kind.
    pub kind: SymbolKind,
    /// Name.
    pub name: String,
    /// Qualified name.
    pub qualified_name: String,
    /// Line of the name, from 1.
    pub line: u32,
}

/// A file before or after a change.
#[derive(Clone, Copy, Debug)]
pub struct FileVersion<'a> {
    /// What the file says.
    pub facts: &'a FileFacts,
    /// Ids of its symbols, in the order of the facts.
    pub ids: &'a [SymbolId],
    /// Path of the file's module, in front of the qualified names of its symbols.
    pub module_path: &'a str,
}

impl FileChange {
    /// Compares two contents of a file, one of them missing where the file came or went; `None` when
    /// nothing that it says is another.
    ///
    /// A symbol is updated when its id is on both sides and its body (by the fingerprint, which leaves
    /// white space out), its documentation, its attributes or its visibility differ. The body of a
    /// symbol includes the symbols in it, so a changed method also updates its class. A symbol that
    /// only moved to other lines did not change.
    ///
    /// The file itself is updated when its documentation, attributes or imports differ, when what could
    /// not be read of it differs, and when no other symbol tells of a change of its code. A file of
    /// which nothing but itself is known, such as a text, is updated whenever it is compared: the caller
    /// hands in contents that differ.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::base::RelPath;
    /// use aether_core::code::facts::{FileFacts, ItemDetail, ScopeIdx, SymbolFact};
    /// use aether_core::code::{FileChange, FileVersion, Language, SymbolId, SymbolKind, Visibility};
    /// # use aether_core::base::{ByteSpan, LineSpan};
    /// let mut facts = FileFacts::default();
    /// let name = facts.names.push("notes.txt");
    /// facts.symbols.push(SymbolFact {
    ///     kind: SymbolKind::FILE,
    ///     name,
    ///     // …
    /// #   parent: None,
    /// #   scope: ScopeIdx(0),
    /// #   span: ByteSpan::default(),
    /// #   lines: LineSpan::default(),
    /// #   name_span: ByteSpan::default(),
    /// #   name_line: 1,
    /// #   visibility: Visibility::Public,
    /// #   signature: String::new(),
    /// #   doc: String::new(),
    /// #   attributes: Vec::new(),
    /// #   ordinal: 0,
    /// #   body_fingerprint: 0,
    /// #   in_macro: false,
    /// #   detail: ItemDetail::None,
    /// });
    /// let ids = [SymbolId::from_bytes([1; 16])];
    /// let version = FileVersion { facts: &facts, ids: &ids, module_path: "" };
    /// let path = RelPath::new("notes.txt")?;
    /// let change = FileChange::between(&path, &Language::UNKNOWN, None, Some(version));
    /// assert_eq!(change.map(|change| change.added.len()), Some(1));
    /// # Ok::<(), aether_core::base::RelPathError>(())
    /// ```
    #[must_use]
    pub fn between(
        file: &RelPath,
        language: &Language,
        old: Option<FileVersion<'_>>,
        new: Option<FileVersion<'_>>,
    ) -> Option<Self> {
        let (olds, news) = (by_id(old), by_id(new));
        let mut change = Self {
            file: file.clone(),
            language: language.clone(),
            added: missing(new, &news, &olds),
            removed: missing(old, &olds, &news),
            updated: Vec::new(),
        };
        if let (Some(old), Some(new)) = (old, new) {
            let mut own = None;
            for (&id, &index) in &news {
                let Some(&was) = olds.get(&id) else { continue };
                let (before, after) = (&old.facts.symbols[was], &new.facts.symbols[index]);
                if index == 0 {
                    own = Some(id);
                }
                let differs = says_else(before, after)
                    || (index == 0 && (imports(old.facts) != imports(new.facts) || codes(old) != codes(new)));
                if differs {
                    change.updated.push(changed(new, id, index));
                }
            }
            let is_alone = old.facts.symbols.len() <= 1 && new.facts.symbols.len() <= 1;
            if let Some(id) = own
                && change.is_empty()
                && (is_alone || (old.ids == new.ids && has_other_code(old.facts, new.facts)))
            {
                change.updated.push(changed(new, id, 0));
            }
        }
        (!change.is_empty()).then_some(change)
    }

    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.updated.is_empty()
    }
}

/// The symbols of a file by their ids.
fn by_id(version: Option<FileVersion<'_>>) -> BTreeMap<SymbolId, usize> {
    let Some(FileVersion { facts, ids, .. }) = version else { return BTreeMap::new() };
    ids.iter().copied().take(facts.symbols.len()).enumerate().map(|(index, id)| (id, index)).collect()
}

/// The symbols that the other side does not have.
fn missing(
    version: Option<FileVersion<'_>>,
    ids: &BTreeMap<SymbolId, usize>,
    other: &BTreeMap<SymbolId, usize>,
) -> Vec<ChangedSymbol> {
    let Some(version) = version else { return Vec::new() };
    let gone = ids.iter().filter(|(id, _)| !other.contains_key(id));
    gone.map(|(&id, &index)| changed(version, id, index)).collect()
}

fn changed(version: FileVersion<'_>, id: SymbolId, index: usize) -> ChangedSymbol {
    let FileVersion { facts, module_path, .. } = version;
    let symbol = &facts.symbols[index];
    let local_path = facts.local_path(SymbolIdx(index as u32));
    let parts = [module_path, &local_path].into_iter().filter(|part| !part.is_empty());
    ChangedSymbol {
        id,
        kind: symbol.kind.clone(),
        name: facts.name(symbol.name).to_owned(),
        qualified_name: parts.collect::<Vec<_>>().join("::"),
        line: symbol.name_line,
    }
}

fn says_else(old: &SymbolFact, new: &SymbolFact) -> bool {
    old.body_fingerprint != new.body_fingerprint
        || old.doc != new.doc
        || old.attributes != new.attributes
        || old.visibility != new.visibility
}

/// An import by what it says: its path, whether that is global, what it declares, how far that is seen,
/// and under which conditions.
type Import<'a> = (Vec<&'a str>, bool, u8, &'a str, &'a Visibility, &'a [String]);

/// Imports without the places and the order in which they stand.
fn imports(facts: &FileFacts) -> Vec<Import<'_>> {
    let import = |import: &'_ ImportFact| -> (u8, &str) {
        match import.kind {
            ImportKind::Name(name) => (0, facts.name(name)),
            ImportKind::Glob => (1, ""),
            ImportKind::Anonymous => (2, ""),
            ImportKind::ExternCrate(name) => (3, facts.name(name)),
        }
    };
    let mut all: Vec<Import<'_>> = Vec::with_capacity(facts.imports.len());
    for fact in &facts.imports {
        let (kind, name) = import(fact);
        let path = fact.segments.iter().map(|&segment| facts.name(segment)).collect();
        all.push((path, fact.is_global, kind, name, &fact.visibility, &fact.cfg));
    }
    all.sort();
    all
}

/// What could not be read, without places.
fn codes(version: FileVersion<'_>) -> Vec<&str> {
    version.facts.diagnostics.iter().map(|found| found.code.as_str()).collect()
}

/// Whether code differs by more than its places. Symbols and their order are the same, so equal code has
/// equal indexes.
fn has_other_code(old: &FileFacts, new: &FileFacts) -> bool {
    !old.exprs.iter().map(|expr| &expr.kind).eq(new.exprs.iter().map(|expr| &expr.kind))
        || old.names != new.names
        || old.paths != new.paths
        || !old.segments.iter().map(|part| part.name).eq(new.segments.iter().map(|part| part.name))
        || old.lists != new.lists
}
