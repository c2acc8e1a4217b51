//! Where the repository is, and how its files are found.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Folders that hold no source of ours.
const NOT_OURS: [&str; 5] = [".git", ".jj", ".aether", "node_modules", "target"];

/// The checkout that this program works on.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// Finds the root from the place of this package, two folders below it.
    ///
    /// `cargo run` sets the variable at run time; the compiled-in value serves a binary
    /// that is started by hand.
    pub(crate) fn locate() -> Result<Self> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .ancestors()
            .nth(2)
            .filter(|root| root.join("Cargo.toml").is_file())
            .with_context(|| format!("no workspace above {}", package.display()))?;
        Ok(Self { root: root.to_path_buf() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it builds, and where our own scratch files go.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |dir| self.root.join(dir))
    }
}

/// Every file under `root` that could be ours, as sorted paths relative to it.
///
/// Unreadable folders yield nothing: the checks run on a checkout, where there are none.
pub(crate) fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    collect(root, "", &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_file() => found.push(path),
            Ok(kind) if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) => {
                collect(&entry.path(), &format!("{path}/"), found);
            }
            _ => {}
        }
    }
}
