//! A whole stream of messages: which diagnostics it has, and what else it says of the build.

use std::borrow::Cow;

use aether_core::change::{BuildTarget, Diagnostic};
use serde::de::DeserializeOwned;

use super::raw::{CargoLine, Head, RawDiagnostic, shortened};
use super::{ReadOptions, convert};

/// Something that was built, or found to be up to date.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Artifact {
    /// The package, as `name@version`.
    pub package: Option<String>,
    /// The part of it.
    pub target: BuildTarget,
    /// Whether it was built with its tests.
    pub is_test: bool,
    /// Whether it was up to date.
    pub is_fresh: bool,
    /// The program, where it is one, by the path that cargo gives.
    pub executable: Option<String>,
}

/// Lines that were not read, by the reason.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct SkippedLines {
    /// They are no JSON: output of build scripts, tests and tools.
    pub text: u64,
    /// They begin like JSON and are cut off, or of no form that is known.
    pub malformed: u64,
    /// They are longer than the limit.
    pub too_long: u64,
    /// There were as many diagnostics as the limit allows.
    pub beyond_limit: u64,
}

/// What a stream of messages says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct BuildReport {
    /// The diagnostics, sorted by place, each once.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether cargo says that all was built. Absent where it did not say so, because it was ended before or
    /// because it is rustc that speaks: then the code of the process decides.
    pub succeeded: Option<bool>,
    /// What was built, in the order of the stream.
    pub artifacts: Vec<Artifact>,
    /// Packages whose build scripts ran, in the order of the stream.
    pub build_scripts: Vec<String>,
    /// What was not read.
    pub skipped: SkippedLines,
}

impl BuildReport {
    /// Whether nothing was lost: every line that looks like a message was read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.skipped.malformed + self.skipped.too_long + self.skipped.beyond_limit == 0
    }
}

/// Reads the standard output of `cargo --message-format=json`.
///
/// Lines that are no messages are counted and left; a cut off line costs itself alone. Behind the message
/// that the build is finished nothing is read as one of the compiler, because what follows was written by
/// the program or the tests that cargo runs. Code that runs inside of the compiler can write messages of its
/// own: `succeeded` and the code of the process are to be compared with what is found.
///
/// Run cargo without a terminal, because rustc cuts long types by its width, and with `--keep-going` to
/// have the same records whatever is built first.
///
/// # Examples
///
/// ```
/// use aether_verify::{ReadOptions, read_cargo};
/// let stream = br#"some text
/// {"reason":"compiler-message","package_id":"path+file:///w/demo#0.1.0","target":{"kind":["lib"],"name":"demo"},
/// {"reason":"compiler-message","package_id":"path+file:///w/demo#0.1.0","target":{"kind":["lib"],"name":"demo"},"message":{"message":"mismatched types","code":{"code":"E0308"},"level":"error","spans":[],"children":[]}}
/// {"reason":"build-finished","success":false}"#;
/// let report = read_cargo(stream, &ReadOptions::new("/w/demo".as_ref()));
/// assert_eq!(report.diagnostics[0].package.as_deref(), Some("demo@0.1.0"));
/// assert_eq!(report.succeeded, Some(false));
/// assert_eq!((report.skipped.text, report.skipped.malformed), (1, 1));
/// ```
#[must_use]
pub fn read_cargo(stdout: &[u8], options: &ReadOptions) -> BuildReport {
    let mut report = BuildReport::default();
    for line in lines(stdout, options, &mut report.skipped) {
        let reason = read::<Head>(&line).and_then(|head| head.reason);
        let known = ["compiler-message", "compiler-artifact", "build-script-executed", "build-finished"];
        let Some(reason) = reason.filter(|reason| known.contains(&reason.as_str())) else {
            // JSON of something else, or of a later cargo.
            if read::<serde::de::IgnoredAny>(&line).is_some() {
                report.skipped.text += 1;
            } else {
                report.skipped.malformed += 1;
            }
            continue;
        };
        if report.succeeded.is_some() {
            report.skipped.text += 1;
            continue;
        }
        let Some(message) = read::<CargoLine>(&line) else {
            report.skipped.malformed += 1;
            continue;
        };
        let package = convert::package(&message.package_id);
        let target = message.target.as_ref().map(convert::target);
        match (reason.as_str(), message.message, target) {
            ("compiler-message", Some(raw), target) => add(raw, package, target, options, &mut report),
            ("compiler-artifact", _, Some(target)) => report.artifacts.push(Artifact {
                package,
                target,
                is_test: message.profile.is_some_and(|profile| profile.test),
                is_fresh: message.fresh,
                executable: message.executable,
            }),
            ("build-script-executed", ..) => report.build_scripts.extend(package),
            ("build-finished", ..) if message.success.is_some() => report.succeeded = message.success,
            _ => report.skipped.malformed += 1,
        }
    }
    Diagnostic::normalise(&mut report.diagnostics);
    report
}

/// Reads the standard error of `rustc --error-format=json`.
///
/// # Examples
///
/// ```
/// use aether_verify::{ReadOptions, read_rustc};
/// let line = br#"{"$message_type":"diagnostic","message":"expected item, found `x`","code":null,"level":"error","spans":[],"children":[]}"#;
/// let report = read_rustc(line, &ReadOptions::new("/w/demo".as_ref()));
/// assert_eq!(report.diagnostics[0].class.as_str(), "syntax");
/// ```
#[must_use]
pub fn read_rustc(stderr: &[u8], options: &ReadOptions) -> BuildReport {
    let mut report = BuildReport::default();
    for line in lines(stderr, options, &mut report.skipped) {
        let kind = read::<Head>(&line).and_then(|head| head.message_type);
        if kind.as_deref().is_some_and(|kind| kind != "diagnostic") {
            // Names of files that were written, and reports on what a later rustc refuses.
            continue;
        }
        match read::<RawDiagnostic>(&line) {
            Some(raw) => add(raw, None, None, options, &mut report),
            None => report.skipped.malformed += 1,
        }
    }
    Diagnostic::normalise(&mut report.diagnostics);
    report
}

fn add(
    raw: RawDiagnostic,
    package: Option<String>,
    target: Option<BuildTarget>,
    options: &ReadOptions,
    report: &mut BuildReport,
) {
    if report.diagnostics.len() >= options.limits.max_diagnostics {
        report.skipped.beyond_limit += 1;
        return;
    }
    if let Some(mut diagnostic) = convert::diagnostic(raw, options) {
        diagnostic.package = package;
        diagnostic.target = target;
        report.diagnostics.push(diagnostic);
    }
}

/// The lines of `stream` that may be messages. Bytes that are not UTF-8 stand as U+FFFD.
fn lines<'a>(stream: &'a [u8], options: &ReadOptions, skipped: &mut SkippedLines) -> Vec<Cow<'a, str>> {
    let mut found = Vec::new();
    for line in stream.split(|&byte| byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if line.len() > options.limits.max_line_bytes {
            skipped.too_long += 1;
        } else if line.first() == Some(&b'{') {
            found.push(String::from_utf8_lossy(line));
        } else {
            skipped.text += 1;
        }
    }
    found
}

fn read<T: DeserializeOwned>(line: &str) -> Option<T> {
    serde_json::from_str(line).ok().or_else(|| serde_json::from_str(&shortened(line)?).ok())
}
