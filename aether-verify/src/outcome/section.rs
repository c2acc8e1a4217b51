//! What cargo says of the programs that it runs, and of those that it could not build.

use aether_core::change::{BuildTarget, TargetKind, TestBinaryId};

use super::line;
use crate::diag::Artifact;

/// One program that cargo runs.
#[derive(Debug)]
pub(super) struct Section {
    /// Where its line begins in the text.
    pub(super) start: usize,
    pub(super) id: TestBinaryId,
    pub(super) is_documentation: bool,
    /// Whether cargo says behind it that it failed.
    pub(super) has_failed: bool,
}

/// What cargo says.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) sections: Vec<Section>,
    pub(super) not_built: Vec<TestBinaryId>,
}

impl Sections {
    /// Where each program begins.
    pub(super) fn starts(&self) -> Vec<usize> {
        self.sections.iter().map(|section| section.start).collect()
    }
}

pub(super) fn read(text: &str, artifacts: &[Artifact]) -> Sections {
    let mut found = Sections::default();
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let start = at;
        at += raw.len();
        let line = line::plain(raw.trim_end_matches(['\n', '\r']));
        // Cargo aligns its words to the right.
        let word = line.strip_prefix(' ').map(str::trim_start);
        if let Some((source, program)) = word.and_then(running) {
            let id = program_id(source, program, artifacts);
            found.sections.push(Section { start, id, is_documentation: false, has_failed: false });
        } else if let Some(name) = word.and_then(|word| word.strip_prefix("Doc-tests ")) {
            let id = documentation_id(name.trim(), artifacts);
            found.sections.push(Section { start, id, is_documentation: true, has_failed: false });
        } else if line.starts_with("error: test failed, to rerun")
            || line.starts_with("error: doctest failed")
        {
            if let Some(section) = found.sections.last_mut() {
                section.has_failed = true;
            }
        } else if let Some(rest) = line.strip_prefix("error: could not compile `") {
            found.not_built.extend(not_built(rest));
        }
    }
    found
}

/// The source and the program of `Running unittests src/lib.rs (target/debug/deps/demo-0123456789abcdef)`.
fn running(word: &str) -> Option<(&str, &str)> {
    word.strip_prefix("Running ")?.strip_suffix(')')?.rsplit_once(" (")
}

fn program_id(source: &str, program: &str, artifacts: &[Artifact]) -> TestBinaryId {
    // The program is told by a path relative to the folder that cargo was called in.
    let is_it = |executable: &str| {
        executable == program || executable.strip_suffix(program).is_some_and(|it| it.ends_with(['/', '\\']))
    };
    let known = artifacts.iter().rfind(|it| it.executable.as_deref().is_some_and(is_it));
    if let Some(artifact) = known {
        return TestBinaryId::new(artifact.package.clone(), Some(artifact.target.clone()));
    }
    let source = source.replace('\\', "/");
    let kind = match source.strip_prefix("unittests ") {
        Some(source) if source.ends_with("src/main.rs") || source.contains("src/bin/") => TargetKind::BIN,
        Some(source) if source.starts_with("examples/") => TargetKind::EXAMPLE,
        Some(_) => TargetKind::LIB,
        None if source.starts_with("benches/") => TargetKind::BENCH,
        None => TargetKind::TEST,
    };
    let file = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let stem = file.strip_suffix(".exe").unwrap_or(file);
    let name = match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|it| it.is_ascii_hexdigit()) => name,
        _ => stem,
    };
    TestBinaryId::new(None, Some(BuildTarget::new(kind, name)))
}

fn documentation_id(name: &str, artifacts: &[Artifact]) -> TestBinaryId {
    let is_library = |it: &&Artifact| [TargetKind::LIB, TargetKind::PROC_MACRO].contains(&it.target.kind);
    let mut named = artifacts.iter().filter(is_library).filter(|it| it.target.name == name);
    let package = named.next().and_then(|first| {
        // Two packages may have libraries of one name.
        named.all(|other| other.package == first.package).then(|| first.package.clone())
    });
    TestBinaryId::new(package.flatten(), Some(BuildTarget::new(TargetKind::DOC, name)))
}

/// What is meant by `` demo` (lib test) due to 2 previous errors ``.
fn not_built(rest: &str) -> Option<TestBinaryId> {
    let (package, rest) = rest.split_once("` (")?;
    let (words, _) = rest.split_once(')')?;
    let words = words.strip_suffix(" test").unwrap_or(words);
    let (kind, name) = match words.split_once(' ') {
        _ if words == "build script" => (TargetKind::BUILD_SCRIPT, "build-script-build".to_owned()),
        Some((kind, name)) => (TargetKind::new(kind), name.trim_matches('"').to_owned()),
        None => (TargetKind::LIB, package.replace('-', "_")),
    };
    Some(TestBinaryId::new(Some(package.to_owned()), Some(BuildTarget::new(kind, name))))
}
