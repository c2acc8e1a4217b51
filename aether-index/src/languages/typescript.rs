//! TypeScript.

use aether_core::base::RelPath;
use aether_core::code::Language as LanguageName;
use aether_core::code::facts::{FileFacts, LiteralKind, SymbolFact};

use super::javascript::{ScriptWalker, common_answers};
use crate::language::{Files, Language, Module, Walker};

/// TypeScript with or without JSX, and its declaration files.
///
/// Names are looked up as in JavaScript, whose files it shares; types that are written tell what
/// values are.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypeScript;

impl Language for TypeScript {
    fn name(&self) -> LanguageName {
        LanguageName::TYPESCRIPT
    }

    fn claims(&self, path: &RelPath) -> bool {
        let name = path.file_name().unwrap_or("");
        [".ts", ".mts", ".cts", ".tsx"].iter().any(|extension| name.ends_with(extension))
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(ScriptWalker::new(&[
            (".tsx", tree_sitter_typescript::LANGUAGE_TSX.into()),
            ("", tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        ]))
    }

    common_answers!();
}
