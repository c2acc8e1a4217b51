//! What the parser of a language itself says.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
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
    /// Names that may be declarations or none, with file and line.
    ignored: HashSet<(String, u32, String)>,
    /// Lines of files that the oracle did not look at.
    skipped: HashMap<String, Vec<RangeInclusive<u32>>>,
}

/// The folder of the oracles, from the root of the repository.
const FOLDER: &str = "examples/eval/oracles";

impl Oracle {
    /// Runs the oracle of each language, or the program that the options name.
    pub(super) fn run(options: &EvalLanguages) -> Result<Self> {
        let programs = match &options.oracle {
            Some(command) => vec![Program::given(command)?],
            None => options.language.iter().map(|language| Program::of(language)).collect::<Result<_>>()?,
        };
        let mut oracle = Self::default();
        for program in programs {
            oracle.read(&program.run(&options.corpus)?)?;
        }
        Ok(oracle)
    }

    /// Whether a declaration that the oracle does not print is wrong: not where it did not look, and
    /// not where it says that there may be one.
    pub(super) fn compares(&self, declared: &Declared) -> bool {
        let Declared { file, line, name, .. } = declared;
        let is_skipped =
            self.skipped.get(file).is_some_and(|ranges| ranges.iter().any(|range| range.contains(line)));
        let is_ignored =
            !self.declared.contains(declared) && self.ignored.contains(&(file.clone(), *line, name.clone()));
        self.files.contains(file) && !is_skipped && !is_ignored
    }

    /// Adds what an oracle prints.
    fn read(&mut self, text: &str) -> Result<()> {
        for (number, text) in text.lines().enumerate() {
            let fields: Vec<&str> = text.split('\t').collect();
            let [file, line, kind, name] = fields[..] else { bail!("line {}: not four fields", number + 1) };
            let line = line.parse().with_context(|| format!("line {}: not a number", number + 1))?;
            let kind = match kind {
                "file" => {
                    self.files.insert(file.to_owned());
                    continue;
                }
                "skipped" => {
                    let last = name.parse().with_context(|| format!("line {}: not a number", number + 1))?;
                    self.skipped.entry(file.to_owned()).or_default().push(line..=last);
                    continue;
                }
                "ignored" => {
                    self.ignored.insert((file.to_owned(), line, name.to_owned()));
                    continue;
                }
                "function" => Kind::Function,
                "type" => Kind::Type,
                other => bail!("line {}: no kind is called {other}", number + 1),
            };
            self.declared.insert(Declared { file: file.to_owned(), line, kind, name: name.to_owned() });
        }
        Ok(())
    }
}

/// A program that is given a folder and prints what it declares.
#[derive(Debug, Eq, PartialEq)]
struct Program {
    name: String,
    arguments: Vec<String>,
    /// What `cargo xtask setup` calls that which the program needs; empty where it is not known.
    setup: &'static str,
}

/// An oracle that the repository has.
struct Known {
    language: &'static str,
    program: &'static str,
    /// Stands in front of the script.
    command: &'static [&'static str],
    script: &'static str,
    /// Stands behind the script, in front of the folder.
    arguments: &'static [&'static str],
    setup: &'static str,
}

impl Known {
    const fn python(language: &'static str, script: &'static str) -> Self {
        Self { language, program: "python3", command: &[], script, arguments: &[], setup: "" }
    }

    const fn clang(language: &'static str, arguments: &'static [&'static str]) -> Self {
        Self { arguments, setup: "oracles", ..Self::python(language, "libclang.py") }
    }

    const fn node(language: &'static str, arguments: &'static [&'static str]) -> Self {
        let script = "javascript.cjs";
        Self { language, program: "node", command: &[], script, arguments, setup: "oracles" }
    }
}

const KNOWN: [Known; 7] = [
    Known::clang("c", &["c"]),
    Known::clang("cpp", &["cpp"]),
    Known { language: "go", program: "go", command: &["run"], script: "go.go", arguments: &[], setup: "go" },
    Known {
        language: "java",
        program: "java",
        command: &[],
        script: "java.java",
        arguments: &[],
        setup: "java",
    },
    Known::node("javascript", &["javascript"]),
    Known::python("python", "python.py"),
    Known::node("typescript", &["typescript"]),
];

impl Program {
    /// The program of a language.
    fn of(language: &str) -> Result<Self> {
        let Some(known) = KNOWN.into_iter().find(|known| known.language == language) else {
            let languages = KNOWN.map(|known| known.language).join(", ");
            bail!("no oracle for {language}, only for {languages}; name one with --oracle")
        };
        let script = Path::new(FOLDER).join(known.script).to_string_lossy().into_owned();
        let mut arguments: Vec<String> = known.command.iter().map(|&word| word.to_owned()).collect();
        arguments.push(script);
        arguments.extend(known.arguments.iter().map(|&word| word.to_owned()));
        Ok(Self { name: known.program.to_owned(), arguments, setup: known.setup })
    }

    /// A program that the options name.
    fn given(command: &str) -> Result<Self> {
        let mut words = command.split_whitespace().map(str::to_owned);
        let Some(name) = words.next() else { bail!("the oracle has no name") };
        Ok(Self { name, arguments: words.collect(), setup: "" })
    }

    /// What the program prints of a folder.
    fn run(&self, corpus: &Path) -> Result<String> {
        let output = self
            .command()
            .arg(corpus)
            .output()
            .with_context(|| format!("{} cannot be run{}", self.name, self.hint()))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{} failed: {}", self.name, errors.trim());
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self) -> Command {
        let tools = tools();
        let mut command = Command::new(&self.name);
        command
            .args(&self.arguments)
            // What `cargo xtask setup oracles` installs lies beside the system's own.
            .env("NODE_PATH", tools.join("node_modules"))
            .env("PYTHONPATH", tools.join("python"));
        command
    }

    fn hint(&self) -> String {
        match self.setup {
            "" => String::new(),
            setup => format!("; `cargo xtask setup {setup}` installs it"),
        }
    }
}

/// Where `cargo xtask setup oracles` puts packages, seen from the root of the repository.
fn tools() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| OsString::from("target"));
    PathBuf::from(target).join("tools/oracles")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Oracle> {
        let mut oracle = Oracle::default();
        oracle.read(text)?;
        Ok(oracle)
    }

    #[test]
    fn what_an_oracle_prints_is_read() {
        let oracle = read("a.py\t1\tfile\ta.py\na.py\t3\tfunction\tf\na.py\t5\ttype\tC\n").unwrap();
        assert_eq!(oracle.files.len(), 1);
        let mut found: Vec<_> =
            oracle.declared.iter().map(|it| (it.line, it.kind, it.name.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, [(3, Kind::Function, "f"), (5, Kind::Type, "C")]);
        for broken in ["a.py\t1\tfile", "a.py\tx\tfunction\tf", "a.py\t1\twidget\tf"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }

    #[track_caller]
    fn check_compared(text: &str, expected: &[u32]) {
        let oracle = read(text).unwrap();
        let compares = |line: &u32| {
            let (file, name) = ("a.c".to_owned(), "f".to_owned());
            oracle.compares(&Declared { file, line: *line, kind: Kind::Function, name })
        };
        assert_eq!((1..=8).filter(compares).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_an_oracle_cannot_tell_is_not_compared() {
        let file = "a.c\t1\tfile\ta.c\n";
        check_compared(file, &[1, 2, 3, 4, 5, 6, 7, 8]);
        check_compared("b.c\t1\tfile\tb.c\n", &[]);
        check_compared(&format!("{file}a.c\t3\tskipped\t5\na.c\t7\tskipped\t7\n"), &[1, 2, 6, 8]);
        check_compared(&format!("{file}a.c\t3\tignored\tf\na.c\t4\tignored\tg\n"), &[1, 2, 4, 5, 6, 7, 8]);
        // What is declared on that line too is compared.
        check_compared(
            &format!("{file}a.c\t3\tignored\tf\na.c\t3\tfunction\tf\n"),
            &[1, 2, 3, 4, 5, 6, 7, 8],
        );
        assert!(read("a.c\t3\tskipped\tx").is_err());
    }

    #[track_caller]
    fn check_program(language: &str, expected: &str) {
        let shown = match Program::of(language) {
            Ok(program) => format!("{} {}{}", program.name, program.arguments.join(" "), program.hint()),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_language_has_its_oracle() {
        check_program("go", "go run examples/eval/oracles/go.go; `cargo xtask setup go` installs it");
        check_program(
            "typescript",
            "node examples/eval/oracles/javascript.cjs typescript; `cargo xtask setup oracles` installs it",
        );
        check_program("python", "python3 examples/eval/oracles/python.py");
        check_program(
            "cobol",
            "no oracle for cobol, only for c, cpp, go, java, javascript, python, typescript; name one with --oracle",
        );
    }

    #[test]
    fn every_oracle_is_in_the_repository() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles");
        for known in KNOWN {
            assert!(folder.join(known.script).is_file(), "{}", known.script);
        }
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_its_setup() {
        let program = Program { name: "no-such-program".to_owned(), arguments: Vec::new(), setup: "go" };
        let error = program.run(Path::new(".")).expect_err("there is no such program");
        assert_eq!(error.to_string(), "no-such-program cannot be run; `cargo xtask setup go` installs it");
    }
}
