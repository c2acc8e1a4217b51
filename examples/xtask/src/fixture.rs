//! A small house in a temporary folder, for tests that break it.

use std::path::Path;

use tempfile::TempDir;

/// The root of a library with nothing in it.
pub(crate) const LIBRARY: &str = "//! Empty.\n#![cfg_attr(not(test), warn(clippy::disallowed_methods))]\n";

/// A workspace of the right shape, with nothing in it; removed when dropped.
#[derive(Debug)]
pub(crate) struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// The six crates, one example and the folders that must be there.
    pub(crate) fn house() -> Self {
        let house = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let mut members = Vec::new();
        for name in ["core", "index", "store", "model", "verify", "bindings"] {
            let manifest =
                format!("[package]\nname = \"aetherkit-{name}\"\n[lib]\nname = \"aether_{name}\"\n");
            house.write(&format!("aether-{name}/Cargo.toml"), &manifest);
            house.write(&format!("aether-{name}/src/lib.rs"), LIBRARY);
            members.push(format!("\"aether-{name}\""));
        }
        for name in ["aether", "xtask"] {
            let manifest = format!("[package]\nname = \"{name}\"\npublish = false\n");
            house.write(&format!("examples/{name}/Cargo.toml"), &manifest);
            house.write(&format!("examples/{name}/src/main.rs"), "//! Empty.\n");
            members.push(format!("\"examples/{name}\""));
        }
        let shared = ["core", "index", "store", "model", "verify", "bindings"]
            .map(|name| {
                format!(
                    "aether-{name} = {{ package = \"aetherkit-{name}\", \
                     path = \"aether-{name}\", version = \"0.1.0\" }}\n"
                )
            })
            .concat();
        house.write(
            "Cargo.toml",
            &format!("[workspace]\nmembers = [{}]\n[workspace.dependencies]\n{shared}", members.join(", ")),
        );
        house.write("docs/README.md", "# Documents\n");
        house
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        let folder = path.parent().expect("a file has a folder");
        std::fs::create_dir_all(folder).expect("a folder that can be made");
        std::fs::write(path, text).expect("a file that can be written");
    }

    /// Adds to the end of a file that is there.
    pub(crate) fn append(&self, path: &str, text: &str) {
        let before = std::fs::read_to_string(self.root().join(path)).expect("a file to add to");
        self.write(path, &format!("{before}{text}"));
    }
}
