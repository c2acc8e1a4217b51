//! Every effect outside of Aether's own state stands behind a permit of the policy gate.
//!
//! A library names a call with an effect only in the files of this table. Each says why it may: what it changes is
//! Aether's own, or whoever gets there has handed over a permit, and then the file that takes it is looked at.
//!
//! Names are not all: clippy knows the same calls by what they are (`clippy.toml`), whatever a file calls them, and
//! every library has it look. So a file that tells clippy to look away has to stand in the table, too.

use std::path::Path;

use super::sources::product_files;
use super::table::LIBRARIES;
use crate::repository;
use crate::source::{PathKind, SourceFile};
use crate::violation::Violation;

/// Paths of calls with an effect, or everything below them.
const EFFECTS: [(&str, &str); 25] = [
    ("ureq", "opens a socket"),
    ("std::process::Command", "starts a process"),
    ("std::net::TcpStream", "opens a socket"),
    ("std::net::TcpListener", "opens a socket"),
    ("std::net::UdpSocket", "opens a socket"),
    ("std::os::unix::net", "opens a socket"),
    ("std::fs::write", "changes files"),
    ("std::fs::rename", "changes files"),
    ("std::fs::remove_file", "changes files"),
    ("std::fs::remove_dir", "changes files"),
    ("std::fs::remove_dir_all", "changes files"),
    ("std::fs::create_dir", "changes files"),
    ("std::fs::create_dir_all", "changes files"),
    ("std::fs::copy", "changes files"),
    ("std::fs::hard_link", "changes files"),
    ("std::fs::set_permissions", "changes files"),
    ("std::fs::File::create", "changes files"),
    ("std::fs::File::create_new", "changes files"),
    ("std::fs::File::options", "changes files"),
    ("std::fs::OpenOptions", "changes files"),
    ("std::os::unix::fs::symlink", "changes files"),
    ("tempfile", "changes files"),
    ("rustix::fs::unlinkat", "changes files"),
    ("rustix::fs::renameat_with", "changes files"),
    ("rustix::fs::mkdirat", "changes files"),
];

/// The lint by which clippy finds them, and how each library asks for it.
const LINT: &str = "clippy::disallowed_methods";
const WATCH: &str = "warn(clippy::disallowed_methods)";

/// A file, or a folder of files, that may have an effect.
#[derive(Debug)]
pub(super) struct Allowed {
    /// Its path, or the beginning of it.
    pub(super) path: &'static str,
    pub(super) why: Why,
}

/// Why an effect may be there.
#[derive(Debug)]
pub(super) enum Why {
    /// What it changes is Aether's own: this.
    Own(&'static str),
    /// This file takes a permit of this type from whoever gets there.
    Behind { guard: &'static str, permit: &'static str },
}

/// Everything that may have an effect.
pub(super) const ALLOWED: &[Allowed] = &[
    Allowed {
        path: "aether-bindings/src/engine/change/export_file.rs",
        why: Why::Behind {
            guard: "aether-bindings/src/engine/change/export_file.rs",
            permit: "Permit<ExportData>",
        },
    },
    Allowed { path: "aether-bindings/src/engine/change/provenance.rs", why: Why::Own(".aether/provenance") },
    Allowed { path: "aether-bindings/src/engine/change/turn.rs", why: Why::Own(".aether/turn") },
    Allowed {
        path: "aether-bindings/src/engine/lifecycle.rs",
        why: Why::Own(".aether and what explains it"),
    },
    Allowed {
        path: "aether-bindings/src/provider/openai.rs",
        why: Why::Behind { guard: "aether-bindings/src/provider/openai.rs", permit: "Permit<OpenSocket>" },
    },
    Allowed { path: "aether-store/src/authority/", why: Why::Own(".aether/authority.db and its key") },
    Allowed { path: "aether-store/src/connections.rs", why: Why::Own("the folder of the store") },
    Allowed {
        path: "aether-store/src/folders.rs",
        why: Why::Own("the folders of the policy file and the ledger"),
    },
    Allowed { path: "aether-store/src/ledger/", why: Why::Own(".aether/ledger") },
    Allowed { path: "aether-store/src/output_files.rs", why: Why::Own(".aether/ledger/outputs") },
    Allowed { path: "aether-store/src/record_files.rs", why: Why::Own(".aether/sir") },
    Allowed { path: "aether-store/src/secret_file.rs", why: Why::Own("the keys in .aether") },
    Allowed {
        path: "aether-verify/src/container/docker/",
        why: Why::Behind { guard: "aether-verify/src/run/container.rs", permit: "Permit<RunCommand>" },
    },
    Allowed { path: "aether-verify/src/gate/baseline.rs", why: Why::Own(".aether/scratch") },
    Allowed {
        path: "aether-verify/src/patch/disk/",
        why: Why::Behind { guard: "aether-verify/src/patch/work_tree.rs", permit: "Permit<EditFiles>" },
    },
    Allowed {
        path: "aether-verify/src/run/call.rs",
        why: Why::Behind { guard: "aether-verify/src/run/container.rs", permit: "Permit<RunCommand>" },
    },
    Allowed {
        path: "aether-verify/src/run/kubernetes/",
        why: Why::Behind { guard: "aether-verify/src/run/kubernetes.rs", permit: "Permit<RunCommand>" },
    },
    Allowed {
        path: "aether-verify/src/run/launch",
        why: Why::Behind { guard: "aether-verify/src/run/host.rs", permit: "Permit<RunCommand>" },
    },
    Allowed { path: "aether-verify/src/run/owner.rs", why: Why::Own(".aether/run") },
    Allowed {
        path: "aether-verify/src/run/supervise.rs",
        why: Why::Behind { guard: "aether-verify/src/run/host.rs", permit: "Permit<RunCommand>" },
    },
    Allowed {
        path: "aether-verify/src/tools/pipes.rs",
        why: Why::Behind { guard: "aether-verify/src/tools/rust_analyzer.rs", permit: "Permit<RunCommand>" },
    },
    Allowed { path: "aether-verify/src/scratch", why: Why::Own(".aether/scratch") },
];

/// Effects that stand in no file of the table, and lines of the table that hold nothing.
pub(super) fn check(root: &Path) -> Vec<Violation> {
    check_with(root, ALLOWED)
}

pub(super) fn check_with(root: &Path, allowed: &[Allowed]) -> Vec<Violation> {
    let files = repository::files(root);
    let sources: Vec<SourceFile> = LIBRARIES
        .iter()
        .flat_map(|library| product_files(root, &files, &format!("{}/src/", library.folder)))
        .collect();
    let mut found = Vec::new();
    let mut is_used = vec![false; allowed.len()];
    for file in &sources {
        let code: String = file.product_code().split_whitespace().collect();
        let is_root = LIBRARIES.iter().any(|library| file.path == format!("{}/src/lib.rs", library.folder));
        if is_root && !code.contains(WATCH) {
            let message = format!("clippy has to look for effects here: #![cfg_attr(not(test), {WATCH})]");
            found.push(Violation::of_file("unwatched-effects", &file.path, message));
        }
        let is_known = allowed.iter().any(|allowed| file.path.starts_with(allowed.path));
        if code.replace(WATCH, "").contains(LINT) && !is_known {
            let message = "it has an effect; take a permit, and say where in layers/effects.rs".to_owned();
            found.push(Violation::of_file("effect", &file.path, message));
        }
        for path in file.product_paths() {
            if path.kind == PathKind::Macro {
                continue;
            }
            let Some((_, what)) = EFFECTS.iter().find(|(effect, _)| path.is_below(effect)) else { continue };
            match allowed.iter().position(|allowed| file.path.starts_with(allowed.path)) {
                Some(index) => is_used[index] = true,
                None => found.push(Violation::at_line(
                    "effect",
                    &file.path,
                    path.line,
                    format!("{} {what}; take a permit, and say where in layers/effects.rs", path.text()),
                )),
            }
        }
    }
    for (allowed, is_used) in allowed.iter().zip(is_used) {
        if !is_used {
            let reason = match allowed.why {
                Why::Own(what) => format!("it changed {what}"),
                Why::Behind { guard, .. } => format!("it stood behind {guard}"),
            };
            let message = format!("no effect is left here ({reason}); remove it from layers/effects.rs");
            found.push(Violation::of_file("stale-effect", allowed.path, message));
        }
        let Why::Behind { guard, permit } = allowed.why else { continue };
        let takes_it = |file: &SourceFile| {
            file.path == guard && file.product_code().replace(char::is_whitespace, "").contains(permit)
        };
        if !sources.iter().any(takes_it) {
            let message = format!("it has to take a {permit}: {} has an effect", allowed.path);
            found.push(Violation::of_file("unguarded-effect", guard, message));
        }
    }
    found
}
