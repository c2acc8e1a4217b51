//! Numbers for the kinds of symbols that this version knows.

use aether_core::code::{SymbolKind, Visibility};

/// Kinds in the order of their numbers. Part of the file format: append only.
const KINDS: [SymbolKind; 21] = [
    SymbolKind::FILE,
    SymbolKind::PACKAGE,
    SymbolKind::CRATE,
    SymbolKind::MODULE,
    SymbolKind::FUNCTION,
    SymbolKind::METHOD,
    SymbolKind::TEST,
    SymbolKind::STRUCT,
    SymbolKind::UNION,
    SymbolKind::ENUM,
    SymbolKind::VARIANT,
    SymbolKind::FIELD,
    SymbolKind::TRAIT,
    SymbolKind::IMPL,
    SymbolKind::CONSTANT,
    SymbolKind::STATIC,
    SymbolKind::TYPE,
    SymbolKind::MACRO,
    SymbolKind::CLASS,
    SymbolKind::VARIABLE,
    SymbolKind::DECLARATION,
];

/// Stands for a kind without a number; its text is kept beside it.
pub(crate) const OTHER: u8 = 255;

/// The number of a kind.
pub(crate) fn number_of(kind: &SymbolKind) -> Option<u8> {
    KINDS.iter().position(|known| known == kind).map(|at| at as u8)
}

/// The kind of a number.
pub(crate) fn of_number(number: u8) -> Option<SymbolKind> {
    KINDS.get(usize::from(number)).cloned()
}

/// The number of a visibility.
pub(crate) fn visibility_number(visibility: &Visibility) -> u8 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Crate => 1,
        Visibility::Restricted => 2,
        _ => 3,
    }
}

/// The visibility of a number.
pub(crate) fn visibility_of(number: u8) -> Visibility {
    match number {
        0 => Visibility::Public,
        1 => Visibility::Crate,
        2 => Visibility::Restricted,
        _ => Visibility::Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_kind_has_a_number() {
        for kind in SymbolKind::KNOWN {
            assert_eq!(number_of(kind).and_then(of_number).as_ref(), Some(kind));
        }
        assert_eq!(number_of(&SymbolKind::new("interface")), None);
    }
}
