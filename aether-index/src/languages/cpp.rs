//! C++.

mod tables;
mod text;

use aether_core::base::RelPath;
use aether_core::code::Language as LanguageName;
use aether_core::code::facts::{FileFacts, LiteralKind};

use self::tables::{COMMON_MEMBERS, CONTAINERS, MAPS, POINTERS};
use self::text::is_cpp_text;
use super::c::{CWalker, Dialect, LIBRARY, answers_of_c};
use crate::language::{Files, Language, Module, Walker};

/// C++ up to C++20, with its headers, also those that end in `.h`.
///
/// A name is looked up in the function, in the class with its bases, in the namespaces around it
/// wherever they go on, through `using`, among what the file includes; then in the library. Of
/// functions of one name the one whose parameters fit the call is meant. A method that is declared in
/// its class and defined elsewhere is the definition.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpp;

/// Endings of files that are C++ whatever they hold.
const ENDINGS: [&str; 14] = [
    ".cc", ".cpp", ".cxx", ".c++", ".C", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".inl", ".tcc", ".cu", ".cuh",
];

impl Language for Cpp {
    fn name(&self) -> LanguageName {
        LanguageName::CPP
    }

    fn claims(&self, path: &RelPath) -> bool {
        let name = path.file_name().unwrap_or("");
        name.ends_with(".h") || ENDINGS.iter().any(|ending| name.ends_with(ending))
    }

    fn claims_text(&self, path: &RelPath, text: &str) -> bool {
        !path.as_str().ends_with(".h") || is_cpp_text(text)
    }

    fn walker(&self) -> Box<dyn Walker> {
        Box::new(CWalker::new(Dialect::Cpp, tree_sitter_cpp::LANGUAGE.into()))
    }

    fn shares_files_with(&self, other: &LanguageName) -> bool {
        *other == LanguageName::C
    }

    fn receiver(&self) -> Option<&str> {
        Some("this")
    }

    fn is_common_member(&self, name: &str) -> bool {
        COMMON_MEMBERS.binary_search(&name).is_ok()
    }

    fn element(&self, type_name: &str) -> Option<usize> {
        if CONTAINERS.binary_search(&type_name).is_ok() {
            Some(0)
        } else {
            MAPS.binary_search(&type_name).is_ok().then_some(1)
        }
    }

    fn pointee(&self, type_name: &str) -> Option<usize> {
        POINTERS.binary_search(&type_name).is_ok().then_some(0)
    }

    fn builtin(&self, name: &str) -> Option<&'static str> {
        (name == "std" || LIBRARY.binary_search(&name).is_ok()).then_some("")
    }

    answers_of_c!();
}
