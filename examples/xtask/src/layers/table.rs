//! The picture of the house as data: what may use what, and what never appears where.

/// One of the six crates.
#[derive(Debug)]
pub(super) struct Library {
    /// Folder at the root of the repository.
    pub(super) folder: &'static str,
    /// Name of the package: strangers hold two of the plain names in the registry.
    pub(super) package: &'static str,
    /// Name of the library.
    pub(super) library: &'static str,
    /// Packages of ours that it may be built on.
    pub(super) may_use: &'static [&'static str],
}

/// The six crates, from the ground up.
pub(super) const LIBRARIES: [Library; 6] = [
    Library { folder: "aether-core", package: "aetherkit-core", library: "aether_core", may_use: &[] },
    Library {
        folder: "aether-index",
        package: "aetherkit-index",
        library: "aether_index",
        may_use: &["aetherkit-core"],
    },
    Library {
        folder: "aether-store",
        package: "aetherkit-store",
        library: "aether_store",
        may_use: &["aetherkit-core"],
    },
    Library {
        folder: "aether-model",
        package: "aetherkit-model",
        library: "aether_model",
        may_use: &["aetherkit-core"],
    },
    Library {
        folder: "aether-verify",
        package: "aetherkit-verify",
        library: "aether_verify",
        may_use: &["aetherkit-core"],
    },
    Library {
        folder: "aether-bindings",
        package: "aetherkit-bindings",
        library: "aether_bindings",
        may_use: &[
            "aetherkit-core",
            "aetherkit-index",
            "aetherkit-store",
            "aetherkit-model",
            "aetherkit-verify",
        ],
    },
];

/// The crates beside each other in the middle, which meet only in the ports of core.
pub(super) const MIDDLE: [&str; 4] =
    ["aetherkit-index", "aetherkit-store", "aetherkit-model", "aetherkit-verify"];

/// The folder of the examples, and the one that must not depend on any crate of ours.
pub(super) const EXAMPLES: &str = "examples";
pub(super) const XTASK: &str = "examples/xtask";

/// What `aether-core` may depend on, and which of these only behind a feature.
pub(super) const CORE_DEPENDENCIES: [(&str, Presence); 9] = [
    ("serde", Presence::Any),
    ("serde_json", Presence::Any),
    ("thiserror", Presence::Any),
    ("sha2", Presence::Any),
    ("hmac", Presence::Any),
    ("async-trait", Presence::Any),
    ("toml", Presence::Any),
    ("schemars", Presence::Optional),
    ("proptest", Presence::Optional),
];

/// Whether a dependency of core may be there without a feature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Presence {
    Any,
    Optional,
}

/// A family of third-party crates that few may use.
#[derive(Debug)]
pub(super) struct Heavy {
    /// Package names; a trailing `*` stands for any ending.
    pub(super) packages: &'static [&'static str],
    /// Folders whose packages may use them; `examples` stands for all examples.
    pub(super) only_in: &'static [&'static str],
}

/// Third-party crates with a home.
pub(super) const HEAVY: [Heavy; 10] = [
    Heavy { packages: &["tree-sitter", "tree-sitter-*", "gix", "gix-*"], only_in: &["aether-index"] },
    Heavy { packages: &["rusqlite", "libsqlite3-sys", "redb"], only_in: &["aether-store"] },
    // Keys in the keyring of the system.
    Heavy {
        packages: &[
            "keyring",
            "keyring-core",
            "apple-native-keyring-store",
            "dbus-secret-service-keyring-store",
            "windows-native-keyring-store",
        ],
        only_in: &["aether-store"],
    },
    Heavy { packages: &["burn", "burn-*", "ndarray", "safetensors"], only_in: &["aether-model"] },
    Heavy { packages: &["tokio", "tokio-*"], only_in: &["aether-verify", "aether-bindings", EXAMPLES] },
    Heavy { packages: &["ra_ap_*", "bollard", "kube", "k8s-openapi"], only_in: &["aether-verify"] },
    // The client of rust-analyzer in aether-verify is the one protocol outside bindings.
    Heavy { packages: &["lsp-types"], only_in: &["aether-bindings", "aether-verify"] },
    Heavy {
        packages: &[
            "axum",
            "axum-*",
            "hyper",
            "hyper-*",
            "lsp-server",
            "pyo3",
            "pyo3-*",
            "reqwest",
            "rmcp",
            "rmcp-*",
            "rustls",
            "scip",
            "tower",
            "tower-*",
            "ureq",
            "wasmtime",
            "wasmtime-*",
        ],
        only_in: &["aether-bindings"],
    },
    Heavy { packages: &["landlock", "seccompiler"], only_in: &["aether-verify", "aether-bindings"] },
    Heavy {
        packages: &["anyhow", "clap", "clap_*", "eyre", "color-eyre", "indicatif", "lexopt", "ratatui"],
        only_in: &[EXAMPLES],
    },
];

/// The groups of `aether-core`; each may use those in front of it.
///
/// `schema` is the roof: it lists the JSON Schemas of all the others.
pub(super) const CORE_GROUPS: [&str; 10] =
    ["base", "code", "change", "record", "authority", "rpc", "work", "port", "conformance", "schema"];

/// A path that the sources of some crates must not name.
#[derive(Debug)]
pub(super) struct Banned {
    /// The path, or everything below it.
    pub(super) path: &'static str,
    /// Folders, or starts of paths, that it is banned from; empty for all libraries.
    pub(super) from: &'static [&'static str],
    /// What to do instead.
    pub(super) instead: &'static str,
}

/// Files of the engine: they join crates, and hold no rule, no query, no parser.
pub(super) const ENGINE: &str = "aether-bindings/src/engine";

const CORE: &[&str] = &["aether-core/"];
/// Where neither sockets nor child processes have a place.
const SHUT_OFF: &[&str] = &["aether-core/", "aether-index/", "aether-store/", "aether-model/", ENGINE];

/// Paths that stay out of library code.
pub(super) const BANNED: [Banned; 18] = [
    Banned {
        path: "std::env",
        from: &[],
        instead: "libraries do not read the environment or the current folder; take a parameter",
    },
    Banned {
        path: "std::time::SystemTime::now",
        from: &[],
        instead: "libraries do not read the clock; take the time as a parameter",
    },
    Banned {
        path: "std::time::Instant::now",
        from: &[],
        instead: "libraries do not read the clock; take it as a parameter",
    },
    Banned { path: "std::process::exit", from: &[], instead: "return an error; only a program ends itself" },
    Banned { path: "std::process::abort", from: &[], instead: "return an error; only a program ends itself" },
    Banned { path: "std::io::stdin", from: &[], instead: "libraries do not own the terminal; take a reader" },
    Banned { path: "std::io::stdout", from: &[], instead: "libraries do not print; take a writer" },
    Banned { path: "std::io::stderr", from: &[], instead: "libraries do not print; take a writer" },
    Banned { path: "std::fs", from: CORE, instead: "core does no I/O; declare a port" },
    Banned { path: "std::os", from: CORE, instead: "core does no I/O; declare a port" },
    Banned { path: "std::thread", from: CORE, instead: "core starts no threads" },
    Banned { path: "std::net", from: SHUT_OFF, instead: "only surfaces and verification talk to sockets" },
    Banned {
        path: "std::os::unix::net",
        from: SHUT_OFF,
        instead: "only surfaces and verification talk to sockets",
    },
    Banned { path: "std::process::Command", from: SHUT_OFF, instead: "only aether-verify starts processes" },
    Banned { path: "rusqlite", from: &[ENGINE], instead: "the engine asks the store through its port" },
    Banned { path: "tree_sitter", from: &[ENGINE], instead: "the engine asks the index through its port" },
    Banned {
        path: "tree_sitter_rust",
        from: &[ENGINE],
        instead: "the engine asks the index through its port",
    },
    Banned { path: "burn", from: &[ENGINE], instead: "the engine asks the model through its port" },
];

/// Macros that print, which libraries never do.
pub(super) const PRINTING_MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// Where no string may hold SQL: only the store speaks it.
pub(super) const NO_SQL: [&str; 5] =
    ["aether-core/", "aether-index/", "aether-model/", "aether-verify/", ENGINE];

/// Files that may stand at the root of the repository, beside the folders.
pub(super) const ROOT_FILES: [&str; 16] = [
    "CHANGELOG.md",
    "CODEOWNERS",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "GOVERNANCE.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
];

/// A breach that we accept, with the reason.
#[derive(Debug)]
pub(super) struct Exception {
    pub(super) rule: &'static str,
    pub(super) path: &'static str,
    /// Part of the message, so that one exception covers one thing.
    pub(super) about: &'static str,
    pub(super) reason: &'static str,
}

/// Every accepted breach. One that covers nothing fails the check.
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception {
        rule: "heavy",
        path: "examples/eval/Cargo.toml",
        about: "tree-sitter may",
        reason: "the bench compares an index with a bare parse in the same process",
    },
    Exception {
        rule: "heavy",
        path: "examples/eval/Cargo.toml",
        about: "tree-sitter-rust may",
        reason: "the grammar of that bare parse",
    },
    Exception {
        rule: "banned-path",
        path: "aether-verify/src/bin/aether-sandbox-launch.rs",
        about: "std::io::stdin",
        reason: "a program: its input is the socket that it hands to the library",
    },
    Exception {
        rule: "banned-path",
        path: "aether-core/src/conformance/skip.rs",
        about: "std::io::stderr",
        reason: "tests alone call it, and what it says has to get past the capture of their output",
    },
];
