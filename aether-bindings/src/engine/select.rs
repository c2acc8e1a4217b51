//! From what a person types to a symbol.

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::{SearchQuery, Symbol, SymbolId, SymbolKind};
use aether_core::port::SymbolQuery;

use super::error::EngineError;
use super::lifecycle::Engine;

impl Engine {
    /// The symbols that `text` names: an id (`sym:…`), a place (`src/lib.rs:12`), a file, a name, a qualified
    /// name or the end of one, joined by `::` or by dots.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn symbols_named(&self, text: &str) -> Result<Vec<Symbol>, EngineError> {
        if let Ok(id) = text.parse::<SymbolId>() {
            return Ok(self.store().symbols(&[id])?);
        }
        if let Some((path, line)) = place(text) {
            let mut query = SymbolQuery::in_file(path);
            query.limit = 0;
            let mut around: Vec<Symbol> = self
                .store()
                .find_symbols(&query)?
                .into_iter()
                .filter(|symbol| symbol.lines.first <= line && line <= symbol.lines.last)
                .collect();
            // The innermost one is the shortest, and of equally long ones the last.
            around.reverse();
            around.sort_by_key(|symbol| symbol.span.len());
            around.truncate(1);
            return Ok(around);
        }
        let name = text.trim_end_matches("()");
        let found = self.store().find_symbols(&SymbolQuery::named(name))?;
        if !found.is_empty() || !name.contains('.') {
            return Ok(found);
        }
        if let Ok(path) = RelPath::new(name) {
            let mut file = SymbolQuery::in_file(path);
            file.kinds = vec![SymbolKind::FILE];
            let found = self.store().find_symbols(&file)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        // Most languages write a dot where a qualified name has `::`.
        Ok(self.store().find_symbols(&SymbolQuery::named(name.replace('.', "::")))?)
    }

    /// The one symbol that `text` names. Of several, those that can be called or used come before
    /// implementations, modules, fields, files and mere declarations of the same name, and a class before
    /// its constructors.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::QUERY_UNKNOWN_SYMBOL`] with similar symbols, [`ErrorCode::QUERY_AMBIGUOUS_SYMBOL`]
    /// with all that match.
    pub fn select(&self, text: &str) -> Result<Symbol, EngineError> {
        let mut found = self.symbols_named(text)?;
        let is_minor = |symbol: &Symbol| {
            matches!(symbol.kind.as_str(), "impl" | "file" | "field" | "module" | "crate" | "declaration")
        };
        if found.len() > 1 && found.iter().any(|symbol| !is_minor(symbol)) {
            found.retain(|symbol| !is_minor(symbol));
        }
        // The file of a module is found by its path.
        let modules: Vec<String> = found
            .iter()
            .filter(|symbol| symbol.kind == SymbolKind::MODULE)
            .map(|symbol| symbol.qualified_name.clone())
            .collect();
        found.retain(|symbol| symbol.kind != SymbolKind::FILE || !modules.contains(&symbol.qualified_name));
        // A constructor has the name of its class.
        let holders: Vec<String> =
            found.iter().map(|symbol| format!("{}::{}", symbol.qualified_name, symbol.name)).collect();
        found.retain(|symbol| !holders.contains(&symbol.qualified_name));
        match found.len() {
            1 => found.pop().ok_or_else(|| {
                EngineError::new(ErrorCode::QUERY_UNKNOWN_SYMBOL, format!("no symbol matches {text:?}"))
            }),
            0 => {
                let similar = self.store().search(&SearchQuery::parse(text, 5))?;
                let ids: Vec<SymbolId> = similar.iter().map(|hit| hit.id).collect();
                let candidates = self.store().symbols(&ids)?;
                let message = format!("no symbol matches {text:?}");
                Err(EngineError::new(ErrorCode::QUERY_UNKNOWN_SYMBOL, message).with_candidates(candidates))
            }
            count => {
                let message =
                    format!("{count} symbols match {text:?}; name one by its qualified name, place or id");
                Err(EngineError::new(ErrorCode::QUERY_AMBIGUOUS_SYMBOL, message).with_candidates(found))
            }
        }
    }
}

/// `path:line`.
pub(super) fn place(text: &str) -> Option<(RelPath, u32)> {
    let (path, line) = text.rsplit_once(':')?;
    if path.is_empty() || path.ends_with(':') {
        return None;
    }
    Some((RelPath::new(path).ok()?, line.parse().ok()?))
}
