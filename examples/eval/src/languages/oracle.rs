//! What the parser of a language itself says.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::options::EvalLanguages;

/// A declaration: where its name stands, what it is, how it is called.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Declared {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) kind: Kind,
    pub(super) name: String,
}

/// What is compared.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    /// Functions, methods, constructors, tests.
    Function,
    /// Classes, structures, unions, enumerations, interfaces.
    Type,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Function, Self::Type];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Type => "type",
        }
    }
}

/// What an oracle printed.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    pub(super) files: HashSet<String>,
    pub(super) declared: HashSet<Declared>,
}

/// The folder of the oracles, from the root of the repository.
const FOLDER: &str = "examples/eval/oracles";

impl Oracle {
    /// Runs the oracle of a language, or the program that the options name.
    pub(super) fn run(options: &EvalLanguages) -> Result<Self> {
        let words = match &options.oracle {
            Some(command) => command.split_whitespace().map(str::to_owned).collect(),
            None => default_command(&options.language)?,
        };
        let Some((program, arguments)) = words.split_first() else { bail!("the oracle has no name") };
        let output = Command::new(program)
            .args(arguments)
            .arg(&options.corpus)
            .output()
            .with_context(|| format!("{program} cannot be run"))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{program} failed: {}", errors.trim());
        Self::read(&String::from_utf8_lossy(&output.stdout))
    }

    /// Reads what an oracle prints.
    fn read(text: &str) -> Result<Self> {
        let mut oracle = Self::default();
        for (number, text) in text.lines().enumerate() {
            let fields: Vec<&str> = text.split('\t').collect();
            let [file, line, kind, name] = fields[..] else { bail!("line {}: not four fields", number + 1) };
            let line = line.parse().with_context(|| format!("line {}: not a number", number + 1))?;
            let kind = match kind {
                "file" => {
                    oracle.files.insert(file.to_owned());
                    continue;
                }
                "function" => Kind::Function,
                "type" => Kind::Type,
                other => bail!("line {}: no kind is called {other}", number + 1),
            };
            oracle.declared.insert(Declared { file: file.to_owned(), line, kind, name: name.to_owned() });
        }
        Ok(oracle)
    }
}

/// The program of a language that the repository has.
fn default_command(languages: &[String]) -> Result<Vec<String>> {
    let program = match languages.first().map(String::as_str) {
        Some("python") => ["python3", "python.py"],
        other => bail!("no oracle for {}; name one with --oracle", other.unwrap_or("nothing")),
    };
    let script = Path::new(FOLDER).join(program[1]);
    Ok(vec![program[0].to_owned(), script.to_string_lossy().into_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_oracle_prints_is_read() {
        let oracle = Oracle::read("a.py\t1\tfile\ta.py\na.py\t3\tfunction\tf\na.py\t5\ttype\tC\n").unwrap();
        assert_eq!(oracle.files.len(), 1);
        let mut found: Vec<_> =
            oracle.declared.iter().map(|it| (it.line, it.kind, it.name.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, [(3, Kind::Function, "f"), (5, Kind::Type, "C")]);
        for broken in ["a.py\t1\tfile", "a.py\tx\tfunction\tf", "a.py\t1\twidget\tf"] {
            assert!(Oracle::read(broken).is_err(), "{broken}");
        }
    }
}
