//! The grammars that patterns are compiled for.

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::port::PortError;
use tree_sitter::Language;

/// A grammar, and which files of its language it reads.
#[derive(Debug)]
pub(super) struct Grammar {
    language: LanguageName,
    /// The end of the names of its files; the first grammar of a language that fits is the one.
    ending: &'static str,
    parser: Language,
}

impl Grammar {
    fn new(language: LanguageName, ending: &'static str, parser: impl Into<Language>) -> Self {
        Self { language, ending, parser: parser.into() }
    }

    pub(super) fn parser(&self) -> &Language {
        &self.parser
    }

    pub(super) fn reads(&self, file: &RelPath) -> bool {
        file.file_name().unwrap_or("").ends_with(self.ending)
    }
}

/// Every grammar, a line each; one for some files of a language stands before the one for all others.
fn all() -> Vec<Grammar> {
    vec![
        Grammar::new(LanguageName::RUST, "", tree_sitter_rust::LANGUAGE),
        #[cfg(feature = "c")]
        Grammar::new(LanguageName::C, "", tree_sitter_c::LANGUAGE),
        #[cfg(feature = "cpp")]
        Grammar::new(LanguageName::CPP, "", tree_sitter_cpp::LANGUAGE),
        #[cfg(feature = "go")]
        Grammar::new(LanguageName::GO, "", tree_sitter_go::LANGUAGE),
        #[cfg(feature = "java")]
        Grammar::new(LanguageName::JAVA, "", tree_sitter_java::LANGUAGE),
        #[cfg(feature = "javascript")]
        Grammar::new(LanguageName::JAVASCRIPT, "", tree_sitter_javascript::LANGUAGE),
        #[cfg(feature = "python")]
        Grammar::new(LanguageName::PYTHON, "", tree_sitter_python::LANGUAGE),
        #[cfg(feature = "typescript")]
        Grammar::new(LanguageName::TYPESCRIPT, ".tsx", tree_sitter_typescript::LANGUAGE_TSX),
        #[cfg(feature = "typescript")]
        Grammar::new(LanguageName::TYPESCRIPT, "", tree_sitter_typescript::LANGUAGE_TYPESCRIPT),
    ]
}

/// The grammars of a language; none for one that is not built in.
pub(super) fn of(language: &LanguageName) -> Vec<Grammar> {
    all().into_iter().filter(|grammar| grammar.language == *language).collect()
}

/// The languages with a grammar, each once.
pub(super) fn languages() -> Vec<LanguageName> {
    let mut languages: Vec<LanguageName> = all().into_iter().map(|grammar| grammar.language).collect();
    languages.dedup();
    languages
}

/// Why a pattern cannot be compiled for a language at all.
pub(super) fn missing(language: &LanguageName) -> PortError {
    let known: Vec<String> = languages().iter().map(ToString::to_string).collect();
    let message = format!("there is no grammar of `{language}`, only of {}", known.join(", "));
    PortError::new(ErrorCode::QUERY_NO_GRAMMAR, message)
}
