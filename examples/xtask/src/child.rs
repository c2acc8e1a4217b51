//! Child processes: how a command is described, shown and run.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};

/// A command line with its surroundings, as data.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Child {
    program: String,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
    /// Folder relative to the root of the repository; empty for the root.
    folder: PathBuf,
}

impl Child {
    /// A program found on the path.
    pub(crate) fn new(program: &str, arguments: &[&str]) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            environment: Vec::new(),
            folder: PathBuf::new(),
        }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo(arguments: &[&str]) -> Self {
        Self::new("cargo", arguments)
    }

    /// Adds one word to the command line.
    pub(crate) fn with_argument(mut self, word: impl Into<String>) -> Self {
        self.arguments.push(word.into());
        self
    }

    /// Sets a variable for the child.
    pub(crate) fn with_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Runs in a folder below the root.
    pub(crate) fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The command as one would type it.
    pub(crate) fn shown(&self) -> String {
        let mut words: Vec<String> =
            self.environment.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
        words.push(self.program.clone());
        words.extend(self.arguments.iter().map(|word| quoted(word)));
        words.join(" ")
    }

    /// Runs to the end with our own terminal.
    ///
    /// # Errors
    ///
    /// When the program cannot be started, or reports failure.
    pub(crate) fn run(&self, root: &Path) -> Result<()> {
        let status =
            self.command(root).status().with_context(|| format!("could not start {}", self.program))?;
        self.check(status)
    }

    /// Runs to the end as [`Child::run`] does, and gives the lines of its errors that begin with `start`.
    ///
    /// # Errors
    ///
    /// Those of [`Child::run`].
    pub(crate) fn run_and_find(&self, root: &Path, start: &str, found: &mut BTreeSet<String>) -> Result<()> {
        let mut command = self.command(root);
        let is_coloured = std::io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none();
        if is_coloured {
            // What goes through a pipe has no colours of its own accord.
            command.env("CARGO_TERM_COLOR", "always");
        }
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start {}", self.program))?;
        let errors = BufReader::new(child.stderr.take().context("a pipe for the errors")?);
        for line in errors.split(b'\n') {
            let line = line.context("the errors could not be read")?;
            // Who reads ours may have gone; the child goes on.
            let _ = std::io::stderr().write_all(&[&line[..], b"\n"].concat());
            let text = String::from_utf8_lossy(&line);
            if text.starts_with(start) {
                found.insert(text.trim_end().to_owned());
            }
        }
        let status = child.wait().with_context(|| format!("{} could not be waited for", self.program))?;
        self.check(status)
    }

    /// The first line of what the program prints; nothing where it fails or is missing.
    pub(crate) fn first_line(&self, root: &Path) -> Option<String> {
        let output = self
            .command(root)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let text = String::from_utf8_lossy(&output.stdout);
        Some(text.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// All that the program prints to standard output.
    ///
    /// # Errors
    ///
    /// When the program cannot be started, or reports failure, with the first line of its errors.
    pub(crate) fn output(&self, root: &Path) -> Result<String> {
        let output = self
            .command(root)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("could not start {}", self.program))?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            let error = told.lines().find(|line| line.starts_with("error")).unwrap_or_default();
            bail!("`{}` failed: {}: {error}", self.shown(), output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn check(&self, status: ExitStatus) -> Result<()> {
        if !status.success() {
            bail!("`{}` failed: {status}", self.shown());
        }
        Ok(())
    }

    fn command(&self, root: &Path) -> Command {
        // Cargo names itself to its children. A toolchain word (`+nightly`) is understood
        // only by the front that is on the path.
        let by_name = self.arguments.first().is_some_and(|word| word.starts_with('+'));
        let program = match std::env::var_os("CARGO") {
            Some(cargo) if self.program == "cargo" && !by_name => cargo,
            _ => self.program.clone().into(),
        };
        let mut command = Command::new(program);
        command
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(root.join(&self.folder));
        command
    }
}

fn quoted(word: &str) -> String {
    if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_types_it() {
        let child = Child::cargo(&["doc", "--no-deps"])
            .with_variable("RUSTDOCFLAGS", "-D warnings")
            .with_argument("a b");
        assert_eq!(child.shown(), "RUSTDOCFLAGS=\"-D warnings\" cargo doc --no-deps \"a b\"");
    }

    #[test]
    fn a_missing_program_is_an_error_that_names_it() {
        let child = Child::new("no-such-program-anywhere", &[]);
        let error = child.run(Path::new(".")).expect_err("there is no such program");
        assert_eq!(error.to_string(), "could not start no-such-program-anywhere");
    }

    #[test]
    fn lines_of_errors_are_found() {
        let mut found = BTreeSet::new();
        let script = "echo 'looked for' >&2; echo 'not looked for' >&2; echo 'looked out'; exit 3";
        let child = Child::new("sh", &["-c", script]);
        let error = child.run_and_find(Path::new("."), "looked", &mut found).expect_err("it fails");
        assert!(error.to_string().ends_with("failed: exit status: 3"), "{error}");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["looked for"]);
    }

    #[test]
    fn a_program_that_fails_has_no_first_line() {
        let child = Child::cargo(&["no-such-command-of-cargo"]);
        assert_eq!(child.first_line(Path::new(".")), None);
        let version = Child::cargo(&["--version"]).first_line(Path::new("."));
        assert!(version.is_some_and(|version| version.starts_with("cargo ")));
    }
}
