//! A small repository in a temporary folder, and the program over it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const FILES: [(&str, &str); 6] = [
    ("Cargo.toml", "[workspace]\nmembers = [\"shapes\", \"app\"]\n"),
    ("shapes/Cargo.toml", "[package]\nname = \"shapes\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    (
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nshapes = { path = \"../shapes\" }\n",
    ),
    ("shapes/src/lib.rs", SHAPES),
    ("shapes/src/area.rs", AREA),
    ("app/src/main.rs", APP),
];

/// `shapes/src/lib.rs`.
const SHAPES: &str = "\
//! Shapes of the plane.

pub mod area;

/// A circle around the origin.
///
/// It has no colour.
#[derive(Clone, Debug)]
pub struct Circle {
    pub radius: f64,
}

impl Circle {
    /// Draws a circle of the given size.
    pub fn new(radius: f64) -> Self {
        check_radius(radius);
        Self { radius }
    }
}

/// Whether a circle can have this radius.
pub(crate) fn check_radius(radius: f64) -> bool {
    radius >= 0.0
}
";

/// `shapes/src/area.rs`.
const AREA: &str = "\
//! Areas of shapes.

use crate::Circle;

/// Whatever covers a part of the plane.
pub trait Area {
    /// How much it covers.
    fn area(&self) -> f64;
}

impl Area for Circle {
    fn area(&self) -> f64 {
        square(self.radius) * 3.0
    }
}

fn square(value: f64) -> f64 {
    value * value
}

pub fn is_even(number: u32) -> bool {
    number == 0 || is_odd(number - 1)
}

pub fn is_odd(number: u32) -> bool {
    number != 0 && is_even(number - 1)
}

#[cfg(test)]
mod tests {
    use super::square;

    #[test]
    fn a_square_is_a_product() {
        assert_eq!(square(2.0), 4.0);
    }
}
";

/// `app/src/main.rs`.
const APP: &str = "\
//! Prints areas.

use shapes::Circle;
use shapes::area::Area;

fn main() {
    let circle = Circle::new(2.0);
    report(&circle);
    let found = nowhere(circle);
    found.square();
}

fn report(circle: &Circle) {
    println!(\"{}\", circle.area());
    std::fs::read(\"colours\").ok();
}

fn new() {}
";

/// A copy of the repository.
#[derive(Debug)]
pub(crate) struct Repo {
    folder: TempDir,
}

impl Repo {
    /// With an empty `.aether`, by which the program finds its root.
    pub(crate) fn new() -> Self {
        let repo = Self::bare();
        std::fs::create_dir(repo.root().join(".aether")).unwrap();
        repo
    }

    /// Without any trace of the program.
    pub(crate) fn bare() -> Self {
        let repo = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in FILES {
            repo.write(path, text);
        }
        repo
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn append(&self, path: &str, text: &str) {
        let before = self.read(path);
        self.write(path, &format!("{before}{text}"));
    }

    /// Runs the program in the root of the repository.
    pub(crate) fn aether(&self, arguments: &[&str]) -> Run {
        Run::of(command(arguments).current_dir(self.root()))
    }

    /// What the program prints as JSON, when it succeeds.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        self.aether(&[arguments, &["--json"]].concat()).exits(0).json()
    }
}

/// The program, with nothing of the terminal of whoever runs the tests.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aether"));
    command.args(arguments).stdin(Stdio::null()).env_remove("NO_COLOR").env("TERM", "xterm-256color");
    command
}

/// Does what Ctrl-C does.
#[cfg(unix)]
pub(crate) fn interrupt(child: &std::process::Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stderr, "", "nothing goes to standard error with --json");
        assert_eq!(self.stdout.lines().count(), 1, "one object on one line: {}", self.stdout);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The code of the error that `--json` prints.
    #[track_caller]
    pub(crate) fn error_code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }
}

/// The texts of one field of the objects of a list.
#[track_caller]
pub(crate) fn texts<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|object| object[field].as_str().unwrap()).collect()
}

/// A folder that is not below `/tmp`, wherever this repository lies: what runs in a sandbox has a `/tmp` of its own, and
/// sees nothing of that of the machine.
#[cfg(target_os = "linux")]
pub(crate) fn elsewhere() -> tempfile::TempDir {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tempfile::tempdir_in(if built.starts_with("/tmp") { Path::new("/var/tmp") } else { built }).unwrap()
}
