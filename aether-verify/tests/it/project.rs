//! Small projects in folders of their own, and the tools on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with files, removed at the end.
#[derive(Debug)]
pub(crate) struct Project(tempfile::TempDir);

impl Project {
    /// A folder whose name begins with `prefix`, with these files.
    pub(crate) fn new(prefix: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir().expect("a folder");
        let project = Self(folder);
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub(crate) fn root(&self) -> PathBuf {
        // Where the system gives a link, the compiler tells what is behind it.
        self.0.path().canonicalize().expect("the folder is there")
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        clean(&mut command);
        command.arg("--offline").args(arguments).current_dir(self.root()).output().expect("cargo runs")
    }

    pub(crate) fn rustc(&self, file: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("rustc");
        clean(&mut command);
        let fixed = ["--error-format=json", "--edition=2024", "--crate-type=lib", "--emit=metadata"];
        command.args(fixed).args(["-o", "out.rmeta", file]).args(arguments);
        command.current_dir(self.root()).output().expect("rustc runs")
    }
}

/// Nothing of the run of the tests themselves.
fn clean(command: &mut Command) {
    for name in
        ["RUSTFLAGS", "CARGO_TARGET_DIR", "CARGO_ENCODED_RUSTFLAGS", "RUST_BACKTRACE", "RUST_TEST_THREADS"]
    {
        command.env_remove(name);
    }
    command.env("CARGO_TERM_COLOR", "never").env("CARGO_INCREMENTAL", "0");
}

/// The folder of fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}
