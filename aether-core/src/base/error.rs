//! Stable error codes: what a program reads instead of the text of an error.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A stable code of the form `area.reason`. Codes are never renamed or reused.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ErrorCode(std::borrow::Cow<'static, str>);

macro_rules! codes {
    ($($name:ident = $code:literal: $doc:literal;)*) => {
        impl ErrorCode {
            $(
                #[doc = $doc]
                pub const $name: Self = Self(std::borrow::Cow::Borrowed($code));
            )*

            /// Every code that this version of the contracts knows, with its meaning.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $doc)),*];
        }
    };
}

codes! {
    INDEX_FILE_TOO_LARGE = "index.file_too_large": "The file is above the size limit and was not parsed.";
    INDEX_TOO_DEEP = "index.too_deep": "The syntax tree is deeper than the limit; what lies below was skipped.";
    INDEX_TOO_MANY_EXPRESSIONS = "index.too_many_expressions": "The file has more expressions than the limit; calls past it were skipped.";
    INDEX_NOT_UTF8 = "index.not_utf8": "The file is not UTF-8 and was not parsed.";
    INDEX_UNREADABLE = "index.unreadable": "The file or folder could not be read.";
    INDEX_SYNTAX_ERROR = "index.syntax_error": "A region of the file does not parse; symbols outside it are kept.";
    INDEX_BAD_MANIFEST = "index.bad_manifest": "A package manifest could not be read; its files are indexed without a package.";
    INDEX_TOO_MANY_FILES = "index.too_many_files": "The repository has more files than the limit.";
    INDEX_IO = "index.io": "The repository could not be walked or read.";
    GIT_NOT_A_REPOSITORY = "git.not_a_repository": "The folder is not inside a git repository.";
    GIT_UNKNOWN_REVISION = "git.unknown_revision": "The revision names no commit of the repository.";
    GIT_AMBIGUOUS_REVISION = "git.ambiguous_revision": "The abbreviated id stands for more than one object.";
    GIT_UNKNOWN_FOLDER = "git.unknown_folder": "The commit does not have the folder.";
    GIT_MISSING_OBJECT = "git.missing_object": "An object of the commit is not in the repository, such as beyond the end of a shallow clone.";
    GIT_UNREADABLE = "git.unreadable": "The git repository or an object of it is damaged or cannot be read.";
    STORE_MISSING = "store.missing": "There is no store yet, and it was opened for reading only.";
    STORE_NEWER = "store.newer_version": "The store was written by a newer version of Aether.";
    STORE_CORRUPT = "store.corrupt": "The store is not a database or is damaged.";
    STORE_CONFLICT = "store.conflict": "The index changed since the change was computed, so it was not applied.";
    STORE_LOCKED = "store.locked": "Another process holds the store and did not release it in time.";
    STORE_FULL = "store.disk_full": "There is no space left for the store.";
    STORE_IO = "store.io": "The store could not be read or written.";
    STORE_NOT_A_STORE = "store.not_a_store": "The file exists but is not a store of Aether.";
    QUERY_BAD_SYNTAX = "query.bad_syntax": "The query could not be understood.";
    QUERY_UNKNOWN_SYMBOL = "query.unknown_symbol": "No symbol matches.";
    QUERY_AMBIGUOUS_SYMBOL = "query.ambiguous_symbol": "More than one symbol matches.";
    QUERY_NO_RECORD = "query.no_record": "The symbol is of a kind that has no semantic record.";
    QUERY_NO_GRAMMAR = "query.no_grammar": "No grammar of the language is there, so its syntax cannot be asked about.";
    INFERENCE_UNAVAILABLE = "inference.unavailable": "The provider of records could not be reached or failed.";
    INFERENCE_RATE_LIMITED = "inference.rate_limited": "The provider of records was asked too often.";
    INFERENCE_TIMEOUT = "inference.timeout": "The provider of records did not answer in time.";
    INFERENCE_BAD_RECORD = "inference.bad_record": "What the provider answered is not a semantic record.";
    INFERENCE_BAD_VECTORS = "inference.bad_vectors": "What the provider answered is not one vector of one length for each text.";
    INFERENCE_REFUSED = "inference.refused": "The provider will not make a record of this symbol.";
    CONFIG_SYNTAX = "config.syntax": "The configuration file is not TOML.";
    CONFIG_UNKNOWN_KEY = "config.unknown_key": "The configuration file has a key that nothing reads.";
    CONFIG_BAD_VALUE = "config.bad_value": "A value of the configuration file has the wrong type or range; the default is used.";
    USAGE_BAD_ARGUMENTS = "usage.bad_arguments": "The arguments of the program do not fit together or are unknown.";
    OUTPUT_IO = "output.io": "The output could not be written.";
    WORKSPACE_NOT_FOUND = "workspace.not_found": "The folder does not exist or is not a folder.";
    CANCELLED = "cancelled": "The operation was cancelled.";
    INTERNAL = "internal": "A defect in Aether; please report it.";
}

impl ErrorCode {
    /// A code by its text, known or not.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self(std::borrow::Cow::Owned(code.into()))
    }

    /// The text of the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
