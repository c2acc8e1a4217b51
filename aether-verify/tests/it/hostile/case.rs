//! What a case is, how it is handed in, and the check that it is refused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use aether_core::authority::Capability;
use aether_core::base::RelPath;
use aether_core::change::{FilePatch, Patch, PatchError};
use aether_core::conformance::edit_permits;
use aether_verify::{ApplyError, ApplyErrorKind, Diff, PatchOptions, WorkTree};

use super::sandbox::{Entry, Sandbox};

/// Something that is handed in and has to be refused.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) group: &'static str,
    pub(super) name: String,
    pub(super) input: Input,
    pub(super) options: PatchOptions,
    /// Whether the user allows changes of what runs when the project is built.
    pub(super) is_granted: bool,
    /// The code of the refusal.
    pub(super) expected: &'static str,
}

/// What is handed in.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// A diff, for the files of the tree.
    Diff(Vec<u8>),
    /// The record of a patch.
    Json(String),
    /// A patch that a program made.
    Patch(Patch),
}

impl Input {
    /// What it is, and all that it says.
    pub(super) fn identity(&self) -> (&'static str, Vec<u8>) {
        match self {
            Self::Diff(text) => ("diff", text.clone()),
            Self::Json(text) => ("json", text.clone().into_bytes()),
            Self::Patch(patch) => ("patch", serde_json::to_vec(patch).expect("a patch can be written")),
        }
    }
}

/// Why it was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) text: String,
}

impl From<ApplyError> for Refusal {
    fn from(error: ApplyError) -> Self {
        Self { code: error.code().as_str().to_owned(), text: error.to_string() }
    }
}

impl From<serde_json::Error> for Refusal {
    /// A record that is no patch cannot be read, whatever the reason.
    fn from(error: serde_json::Error) -> Self {
        Self { code: "patch.syntax".to_owned(), text: error.to_string() }
    }
}

impl Case {
    pub(super) fn diff(
        group: &'static str,
        name: impl Into<String>,
        diff: impl AsRef<[u8]>,
        expected: &'static str,
    ) -> Self {
        let input = Input::Diff(diff.as_ref().to_vec());
        Self {
            group,
            name: name.into(),
            input,
            options: PatchOptions::default(),
            is_granted: false,
            expected,
        }
    }

    pub(super) fn json(
        group: &'static str,
        name: impl Into<String>,
        json: impl Into<String>,
        expected: &'static str,
    ) -> Self {
        let input = Input::Json(json.into());
        Self {
            group,
            name: name.into(),
            input,
            options: PatchOptions::default(),
            is_granted: false,
            expected,
        }
    }

    pub(super) fn patch(
        group: &'static str,
        name: impl Into<String>,
        files: Vec<Result<FilePatch, PatchError>>,
        expected: &'static str,
    ) -> Self {
        let files = files.into_iter().collect::<Result<_, _>>().expect("each file is a change");
        let input = Input::Patch(Patch::new(files).expect("the changes are a patch"));
        Self {
            group,
            name: name.into(),
            input,
            options: PatchOptions::default(),
            is_granted: false,
            expected,
        }
    }

    pub(super) fn with(self, options: PatchOptions) -> Self {
        Self { options, ..self }
    }

    /// The same with a permit for what runs when the project is built.
    pub(super) fn granted(self) -> Self {
        Self { is_granted: true, ..self }
    }
}

/// Hands it in, as any caller would, with a permit for all that it needs but what runs when the project is
/// built, unless that is granted.
pub(super) fn hand_in(
    tree: &Path,
    input: &Input,
    options: &PatchOptions,
    is_granted: bool,
) -> Result<String, Refusal> {
    let tree = WorkTree::open(tree)?;
    let patch = match input {
        Input::Diff(text) => Diff::parse(text, options)?.bind(&tree, options)?,
        Input::Json(text) => serde_json::from_str(text)?,
        Input::Patch(patch) => patch.clone(),
    };
    let checked = tree.check(&patch, options);
    let mut needs = checked.as_ref().ok().cloned().unwrap_or_default();
    let build_files = needs.remove(&Capability::BuildFilesEdit).unwrap_or_default();
    let lacks_permit = !build_files.is_empty() && !is_granted;
    if is_granted {
        needs.extend((!build_files.is_empty()).then_some((Capability::BuildFilesEdit, build_files)));
    }
    let applied = tree.apply(&patch, options, edit_permits(&patch, &needs));
    match (&checked, &applied) {
        (Ok(_), Ok(_)) if !lacks_permit => {}
        (Ok(_), Err(error)) if lacks_permit && error.kind() == ApplyErrorKind::RunsAtBuild => {}
        (Err(checked), Err(applied)) if checked.code() == applied.code() => {}
        _ => panic!("checking says {checked:?}, applying says {applied:?}"),
    }
    Ok(applied?.token)
}

/// Whether it is refused as it has to be, with nothing touched. `Err` says what is wrong.
pub(super) fn refusal(
    input: &Input,
    options: &PatchOptions,
    is_granted: bool,
    expected: &str,
    prepare: &dyn Fn(&Sandbox),
) -> Result<Refusal, String> {
    let sandbox = Sandbox::new();
    prepare(&sandbox);
    let before = sandbox.snapshot();
    let outcome = catch_unwind(AssertUnwindSafe(|| hand_in(&sandbox.tree(), input, options, is_granted)));
    let after = sandbox.snapshot();
    for path in before.keys().chain(after.keys()) {
        if before.get(path) != after.get(path) {
            return Err(format!("{path:?} was {} and is {}", told(before.get(path)), told(after.get(path))));
        }
    }
    match outcome {
        Err(_) => Err("it panicked".to_owned()),
        Ok(Ok(token)) => Err(format!("it was accepted as {token}")),
        Ok(Err(refusal)) if refusal.code != expected => Err(format!("it was refused with {refusal:?}")),
        Ok(Err(refusal)) => Ok(refusal),
    }
}

/// Checks all of a group, and names all that fail.
#[track_caller]
pub(super) fn check_all(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        if let Err(what) = refusal(&case.input, &case.options, case.is_granted, case.expected, &|_| {}) {
            wrong.push(format!("{}: expected {}, but {what}", case.name, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// A path, from the bytes that it has on disk.
pub(super) fn path(bytes: impl AsRef<[u8]>) -> RelPath {
    RelPath::from_bytes(bytes.as_ref()).expect("a path")
}

/// A diff in git's form that makes a file; `name` stands in it as it is.
pub(super) fn create(name: impl AsRef<[u8]>) -> Vec<u8> {
    let name = name.as_ref();
    let (a, b) = sides(name);
    [
        b"diff --git ",
        &a[..],
        b" ",
        &b,
        b"\nnew file mode 100644\n--- /dev/null\n+++ ",
        &b,
        b"\n@@ -0,0 +1 @@\n+new\n",
    ]
    .concat()
}

/// A diff in git's form that gives a file another first line.
pub(super) fn edit(name: impl AsRef<[u8]>, old: &str) -> Vec<u8> {
    let (a, b) = sides(name.as_ref());
    let hunk = format!("\n@@ -1 +1 @@\n-{old}\n+new\n");
    [b"diff --git ", &a[..], b" ", &b, b"\n--- ", &a, b"\n+++ ", &b, hunk.as_bytes()].concat()
}

/// The name with what git puts in front of it, within its quotes if it has some.
fn sides(name: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let side = |letter: &[u8]| match name.strip_prefix(b"\"") {
        Some(rest) => [b"\"", letter, rest].concat(),
        None => [letter, name].concat(),
    };
    (side(b"a/"), side(b"b/"))
}

fn told(entry: Option<&Entry>) -> String {
    entry.map_or_else(|| "not there".to_owned(), |entry| format!("{entry:?}").chars().take(120).collect())
}
