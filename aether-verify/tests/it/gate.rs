//! The gate on a real package, by the real compiler in the sandbox.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use aether_core::authority::{LeaseError, Permit, RunCommand};
use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::change::{
    Acceptance, Change, CheckStep, CommandLine, FileMode, FilePatch, FileState, ObjectionKind, Patch,
    RunMode, RunReport, Verification,
};
use aether_core::conformance::{edit_permits, revert_permit, run_permit};
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{
    GateError, GateErrorKind, HostRunner, KeptPatch, Launcher, PatchGate, PatchStanding, Scratch,
    ScratchLimits, TriedPatch, Verifier, VerifyPlan, WorkTree,
};
use async_trait::async_trait;
use futures::executor::block_on;

use crate::run_support::{elsewhere, toolchain};

const LIBRARY: &str = "//! Sums.
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}
#[test]
fn adds() {
    assert_eq!(add(1, 2), 3);
}
#[test]
fn adds_nothing() {
    assert_eq!(add(1, 0), 1);
}
";

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

/// What is done when a command is about to run, by its number; it may change the request.
type Before = Box<dyn FnMut(usize, &mut RunRequest) + Send>;

/// A runner that counts, and does something before it runs.
struct Counting {
    inner: HostRunner,
    before: Mutex<(usize, Before)>,
}

impl std::fmt::Debug for Counting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait]
impl Runner for Counting {
    fn mode(&self) -> RunMode {
        self.inner.mode()
    }

    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        let mut request = request.clone();
        {
            let mut before = self.before.lock().unwrap();
            before.0 += 1;
            let number = before.0;
            (before.1)(number, &mut request);
        }
        self.inner.run(permit, &request, cancel).await
    }
}

/// A package in a tree, and all that a gate in front of it needs.
struct Yard {
    _keep: tempfile::TempDir,
    root: PathBuf,
    home: PathBuf,
    tree: WorkTree,
    plan: VerifyPlan,
    runner: Counting,
    cancel: Cancel,
}

impl Yard {
    fn new(commands: &[&str], library: &str) -> Self {
        let keep = elsewhere();
        let base = fs::canonicalize(keep.path()).unwrap();
        let (root, home) = (base.join("tree"), base.join("scratch"));
        fs::create_dir_all(root.join("src")).unwrap();
        let manifest = "[package]\nname = \"sums\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(root.join("Cargo.toml"), manifest).unwrap();
        fs::write(root.join("src/lib.rs"), library).unwrap();
        let steps = commands.iter().map(|text| CheckStep::of(CommandLine::parse(text).unwrap())).collect();
        let mut plan = VerifyPlan::new(steps);
        plan.environment = toolchain();
        let fmt = CommandLine::new("cargo", ["fmt"]);
        let launcher = Launcher::new(crate::run_support::launcher(), [] as [&str; 0]);
        let inner = HostRunner::new(launcher, Instant::now).with_allowed(plan.commands()).with_allowed([fmt]);
        let runner = Counting { inner, before: Mutex::new((0, Box::new(|_, _| ()))) };
        let tree = WorkTree::open(&root).unwrap();
        Self { _keep: keep, root, home, tree, plan, runner, cancel: Cancel::new() }
    }

    /// The usual commands on the usual library.
    fn usual() -> Self {
        Self::new(&["cargo check", "cargo test"], LIBRARY)
    }

    fn before_each(&self, act: impl FnMut(usize, &mut RunRequest) + Send + 'static) {
        *self.runner.before.lock().unwrap() = (0, Box::new(act));
    }

    fn runs(&self) -> usize {
        self.runner.before.lock().unwrap().0
    }

    fn gate(&self) -> PatchGate<'_> {
        let scratch = Scratch::open(&self.root, &self.home, ScratchLimits::default()).unwrap();
        PatchGate::new(&self.tree, scratch, Verifier::new(&self.runner, &self.plan))
    }

    fn library(&self) -> String {
        fs::read_to_string(self.root.join("src/lib.rs")).unwrap()
    }

    /// A patch that replaces a text of the library, which is there once.
    fn patch(&self, from: &str, to: &str) -> Patch {
        self.patch_of("src/lib.rs", from, to)
    }

    fn patch_of(&self, file: &str, from: &str, to: &str) -> Patch {
        let old = fs::read_to_string(self.root.join(file)).unwrap();
        assert_eq!(old.matches(from).count(), 1);
        let before = FileState::of(path(file), FileMode::Regular, old.as_bytes());
        let new = old.replace(from, to);
        let change = Change::Write(new.into());
        let file = FilePatch::change(before, old.as_bytes(), path(file), FileMode::Regular, change);
        Patch::new(vec![file.unwrap()]).unwrap()
    }

    fn try_patch(&self, gate: &mut PatchGate<'_>, patch: &Patch) -> Result<TriedPatch, GateError> {
        block_on(gate.try_patch(patch, &mut permits(), &self.cancel))
    }

    fn apply(&self, gate: &mut PatchGate<'_>, tried: &TriedPatch) -> Result<KeptPatch, GateError> {
        let patch = tried.patch();
        let paths: Vec<RelPath> = patch.files().iter().flat_map(FilePatch::paths).cloned().collect();
        let edits = edit_permits(patch, tried.needs());
        let back = revert_permit(patch.hash(), &paths);
        block_on(gate.apply(tried, edits, back, &mut permits(), &self.cancel))
    }

    fn standing(&self) -> Vec<PatchStanding> {
        self.tree.patches().unwrap().iter().map(|patch| patch.standing).collect()
    }
}

fn permits() -> impl FnMut(&CommandLine) -> Result<Permit<RunCommand>, LeaseError> + Send {
    |command: &CommandLine| Ok(run_permit(command))
}

fn objections(tried: &TriedPatch) -> Vec<(ObjectionKind, String)> {
    tried.judgement().objections.iter().map(|it| (it.kind.clone(), it.about.clone())).collect()
}

/// Every file below a folder, with its bytes and the time of its last change.
fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                folders.push(entry.path());
            } else {
                found.push((entry.path(), fs::read(entry.path()).unwrap(), metadata.modified().unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_patch_that_proves_itself_is_applied_and_proven_again() {
    let yard = Yard::usual();
    // The target folder of the user is not used.
    fs::create_dir(yard.root.join("target")).unwrap();
    fs::write(yard.root.join("target/mine"), "mine").unwrap();
    let before = snapshot(&yard.root);
    let patch = yard.patch("a + b\n", "b + a\n");
    let mut gate = yard.gate();
    let tried = yard.try_patch(&mut gate, &patch).unwrap();
    assert!(tried.judgement().is_accepted(), "{:#?}", tried.judgement());
    assert_eq!(snapshot(&yard.root), before, "trying touches nothing");
    assert_eq!((tried.changed().added, tried.changed().removed), (1, 1));
    assert!(tried.before().is_green() && tried.after().is_green());
    assert_ne!(tried.before().tree, tried.after().tree);
    assert!(tried.after().toolchain.as_ref().unwrap().starts_with("rustc 1."));
    let tests = tried.after().steps[1].tests.as_ref().unwrap();
    assert_eq!(tests.counts().passed, 2);

    let kept = yard.apply(&mut gate, &tried).unwrap();
    assert_eq!(kept.verification.tree, tried.after().tree, "what was proven is what is there");
    assert!(yard.library().contains("b + a\n"));
    assert_eq!(yard.standing(), [PatchStanding::Applied]);
    assert!(!yard.root.join("Cargo.lock").exists());
    assert_eq!(fs::read_dir(yard.root.join("target")).unwrap().count(), 1);

    // What was just proven is the baseline of the next, also for another process.
    drop(gate);
    let runs = yard.runs();
    let mut gate = yard.gate();
    let next = yard.patch("assert_eq!(add(1, 0), 1);", "assert_eq!(add(2, 0), 2);");
    assert!(yard.try_patch(&mut gate, &next).unwrap().judgement().is_accepted());
    assert_eq!(yard.runs() - runs, 4, "the version twice, the check and the tests once");
}

#[test]
fn a_patch_that_does_not_compile_is_not_applied() {
    let yard = Yard::usual();
    let mut gate = yard.gate();
    let tried = yard.try_patch(&mut gate, &yard.patch("a + b\n", "a + c\n")).unwrap();
    let expected = "cannot find value `c` in this scope";
    assert_eq!(objections(&tried), [(ObjectionKind::NEW_ERROR, expected.to_owned())]);
    assert_eq!(tried.after().skipped.len(), 1, "tests are not run on what does not compile");
    assert!(!tried.after().is_green());
    let error = yard.apply(&mut gate, &tried).unwrap_err();
    assert_eq!((error.kind(), error.code()), (GateErrorKind::NotProven, ErrorCode::GATE_NOT_PROVEN));
    assert_eq!(yard.library(), LIBRARY);
    assert_eq!(yard.standing(), []);

    // The other way round: what was red is green.
    fs::write(yard.root.join("src/lib.rs"), LIBRARY.replace("a + b", "a + c")).unwrap();
    let tried = yard.try_patch(&mut gate, &yard.patch("a + c", "a + b")).unwrap();
    assert!(tried.judgement().is_accepted(), "{:#?}", tried.judgement());
    assert_eq!(tried.judgement().diagnostics.gone.len(), 1);
    yard.apply(&mut gate, &tried).unwrap();
    assert_eq!(yard.library(), LIBRARY);
}

#[test]
fn tests_that_fail_or_are_lost_are_in_the_way() {
    let yard = Yard::usual();
    let mut gate = yard.gate();
    let mut told = |from: &str, to: &str| {
        let tried = yard.try_patch(&mut gate, &yard.patch(from, to)).unwrap();
        objections(&tried)
    };
    let about = |kind, name: &str| vec![(kind, name.to_owned())];
    assert_eq!(
        told("a + b\n", "a.max(b)\n"),
        about(ObjectionKind::REGRESSION, "adds"),
        "one of the two fails for sure"
    );
    assert_eq!(
        told("#[test]\nfn adds()", "#[test]\n#[ignore]\nfn adds()"),
        about(ObjectionKind::TEST_SILENCED, "adds")
    );
    let gone = "#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n";
    assert_eq!(told(gone, ""), about(ObjectionKind::TEST_GONE, "adds"));
    let new = "#[test]\nfn wrong() {\n    assert_eq!(add(1, 2), 4);\n}\n#[test]\nfn adds()";
    assert_eq!(told("#[test]\nfn adds()", new), about(ObjectionKind::NEW_TEST_FAILS, "wrong"));
    // All tests are gone with the program that leaves before them.
    assert_eq!(
        told("    assert_eq!(add(1, 2), 3);\n", "    std::process::exit(0);\n")[0].0,
        ObjectionKind::TEST_UNKNOWN
    );
    // All tests are gone because nobody runs them any more, and nothing is said of them.
    for keys in ["test = false\ndoctest = false", "test = false"] {
        let patch = yard.patch_of("Cargo.toml", "[workspace]\n", &format!("[lib]\n{keys}\n[workspace]\n"));
        let tried = yard.try_patch(&mut gate, &patch).unwrap();
        let lost = ["adds", "adds_nothing"].map(|name| (ObjectionKind::TEST_GONE, name.to_owned()));
        assert_eq!(objections(&tried), lost, "{keys}");
    }
    // Whoever asks for it may remove a test.
    let mut gate = {
        drop(gate);
        yard.gate().with_acceptance(Acceptance::default().with_lost_tests(true))
    };
    let tried = yard.try_patch(&mut gate, &yard.patch(gone, "")).unwrap();
    assert!(tried.judgement().is_accepted());
    assert_eq!(tried.judgement().tests.gone[0].name, "adds");
}

#[test]
fn what_proves_nothing_is_not_applied() {
    for (commands, about) in [
        (&["cargo check"][..], "no tests were run"),
        (&["cargo test"], "no check was run"),
        (&["cargo fmt"], "no check was run"),
    ] {
        let yard = Yard::new(commands, LIBRARY);
        let tried = yard.try_patch(&mut yard.gate(), &yard.patch("a + b\n", "b + a\n")).unwrap();
        assert_eq!(objections(&tried)[0], (ObjectionKind::UNPROVEN, about.to_owned()), "{commands:?}");
    }
}

#[test]
fn a_test_that_fails_only_sometimes_is_named_and_does_not_block() {
    // It fails each time that the library is new, which is the first run after each change.
    let flaky = "
#[test]
fn sometimes() {
    let seen = std::path::Path::new(env!(\"CARGO_MANIFEST_DIR\")).join(\"seen\");
    let was_there = seen.exists();
    std::fs::write(seen, \"\").unwrap();
    assert!(was_there || cfg!(not(changed)));
}
";
    let library = format!("{LIBRARY}{flaky}");
    let yard = Yard::new(&["cargo check", "cargo test"], &library);
    let mut gate = yard.gate();
    let patch = yard.patch("cfg!(not(changed))", "cfg!(any())");
    let tried = yard.try_patch(&mut gate, &patch).unwrap();
    assert!(tried.judgement().is_accepted(), "{:#?}", tried.judgement());
    let flaky: Vec<&str> = tried.judgement().flaky.iter().map(|test| &*test.name).collect();
    assert_eq!(flaky, ["sometimes"]);
    let step = &tried.after().steps[1];
    assert!(!step.run.is_green() && step.is_green());
    assert_eq!(step.reruns.len(), 1, "it is run again until it is green, and no more");
    let kept = yard.apply(&mut gate, &tried).unwrap();
    assert_eq!(kept.judgement.flaky[0].name, "sometimes");
}

#[test]
fn what_does_not_hold_in_the_tree_is_taken_back() {
    let yard = Yard::usual();
    let mut gate = yard.gate();
    let patch = yard.patch("a + b\n", "b + a\n");
    let tried = yard.try_patch(&mut gate, &patch).unwrap();
    // Somebody else breaks another file in between.
    fs::create_dir(yard.root.join("tests")).unwrap();
    fs::write(yard.root.join("tests/other.rs"), "#[test]\nfn other() { panic!() }\n").unwrap();
    let error = yard.apply(&mut gate, &tried).unwrap_err();
    assert_eq!((error.kind(), error.code()), (GateErrorKind::Reverted, ErrorCode::GATE_REVERTED));
    let objections = &error.judgement().unwrap().objections;
    assert_eq!((&objections[0].kind, &*objections[0].about), (&ObjectionKind::NEW_TEST_FAILS, "other"));
    assert_eq!(yard.library(), LIBRARY);
    assert_eq!(yard.standing(), [PatchStanding::Reverted]);
    fs::remove_file(yard.root.join("tests/other.rs")).unwrap();

    // It cannot be verified, because it is cancelled or the launcher is gone.
    let cancel = yard.cancel.clone();
    yard.before_each(move |_, request| {
        if request.command.arguments.first().is_some_and(|word| word == "test") {
            cancel.cancel();
        }
    });
    let error = yard.apply(&mut gate, &tried).unwrap_err();
    assert_eq!(error.kind(), GateErrorKind::Reverted);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "could not verify");
    assert_eq!(yard.library(), LIBRARY);
}

#[test]
fn what_cannot_be_taken_back_is_told() {
    let yard = Yard::usual();
    let mut gate = yard.gate();
    let tried = yard.try_patch(&mut gate, &yard.patch("a + b\n", "b + a\n")).unwrap();
    let (at, cancel) = (yard.root.join("src/lib.rs"), yard.cancel.clone());
    yard.before_each(move |number, _| {
        if number == 1 {
            fs::write(&at, "fn mine() {}\n").unwrap();
            cancel.cancel();
        }
    });
    let error = yard.apply(&mut gate, &tried).unwrap_err();
    assert_eq!((error.kind(), error.code()), (GateErrorKind::NotReverted, ErrorCode::GATE_NOT_REVERTED));
    assert_eq!(yard.library(), "fn mine() {}\n", "what somebody wrote is not lost");
    assert_eq!(error.token(), Some(&*yard.tree.patches().unwrap()[0].token));
}

#[test]
fn a_patch_is_refused_before_anything_runs() {
    let yard = Yard::usual();
    let lines = "    let _ = 1;\n".repeat(20);
    let patch = yard.patch("    a + b\n", &format!("{lines}    a + b\n"));
    assert!(yard.try_patch(&mut yard.gate(), &patch).is_ok());
    let patch = yard.patch("    a + b\n", &format!("{lines}    b + a\n"));
    let runs = yard.runs();
    let error = yard.try_patch(&mut yard.gate(), &patch).unwrap_err();
    assert_eq!((error.kind(), error.code()), (GateErrorKind::TooManyLines, ErrorCode::GATE_TOO_MANY_LINES));
    assert!(yard.try_patch(&mut yard.gate().with_max_changed_lines(22), &patch).is_ok());
    let stale = yard.patch("a + b\n", "b + a\n");
    fs::write(yard.root.join("src/lib.rs"), "pub fn other() {}\n").unwrap();
    let at = yard.runs();
    let error = yard.try_patch(&mut yard.gate(), &stale).unwrap_err();
    assert_eq!((error.kind(), error.code()), (GateErrorKind::Patch, ErrorCode::PATCH_STALE_BASE));
    assert_eq!(yard.runs(), at);
    assert!(at > runs);
}

#[test]
fn permits_are_for_this_patch() {
    let yard = Yard::usual();
    let mut gate = yard.gate();
    let tried = yard.try_patch(&mut gate, &yard.patch("a + b\n", "b + a\n")).unwrap();
    let other = yard.patch("a + b\n", "a.wrapping_add(b)\n");
    let back = |patch: &Patch| revert_permit(patch.hash(), [&path("src/lib.rs")]);
    let mut apply = |edits, back| {
        let error = block_on(gate.apply(&tried, edits, back, &mut permits(), &yard.cancel)).unwrap_err();
        (error.kind(), error.code())
    };
    let edits = |patch: &Patch| edit_permits(patch, tried.needs());
    let refused = (GateErrorKind::Patch, ErrorCode::PATCH_NOT_PERMITTED);
    assert_eq!(apply(edits(&other), back(tried.patch())), refused);
    assert_eq!(apply(vec![], back(tried.patch())), refused);
    let no_way = (GateErrorKind::NoWayBack, ErrorCode::PATCH_NOT_PERMITTED);
    assert_eq!(apply(edits(tried.patch()), back(&other)), no_way);
    assert_eq!(yard.library(), LIBRARY);
}

#[test]
fn a_warning_is_told_and_blocks_where_that_is_asked_for() {
    let yard = Yard::new(&["cargo clippy -- -D warnings", "cargo check", "cargo test"], LIBRARY);
    let patch = yard.patch("    a + b\n", "    let c = a + b;\n    c\n");
    let mut gate = yard.gate();
    let tried = yard.try_patch(&mut gate, &patch).unwrap();
    assert!(tried.judgement().is_accepted(), "{:#?}", tried.judgement());
    let order: Vec<bool> = tried.after().steps.iter().map(|report| report.step.blocks()).collect();
    assert_eq!(order, [true, true, false], "a linter runs after green");
    let warnings: Vec<_> = tried.judgement().new_warnings().map(|it| it.code.clone()).collect();
    assert_eq!(warnings, [Some("clippy::let_and_return".to_owned())]);
    drop(gate);
    let mut gate = yard.gate().with_acceptance(Acceptance::default().with_refused_warnings(true));
    let tried = yard.try_patch(&mut gate, &patch).unwrap();
    assert_eq!(objections(&tried)[0].0, ObjectionKind::NEW_WARNING);
}

#[test]
fn formatting_is_a_patch_of_its_own() {
    let yard = Yard::usual();
    // Badly formatted before, and not part of the patch.
    fs::write(yard.root.join("src/other.rs"), "pub  fn  f( ) { }\n").unwrap();
    fs::write(yard.root.join("src/lib.rs"), format!("{LIBRARY}pub mod other;\n")).unwrap();
    let fmt = CommandLine::new("cargo", ["fmt"]);
    let mut gate = yard.gate();
    let tried = yard.try_patch(&mut gate, &yard.patch("    a + b\n", "  b   +a\n")).unwrap();
    yard.apply(&mut gate, &tried).unwrap();
    let polish = block_on(gate.polish(tried.patch(), &fmt, &mut permits(), &yard.cancel)).unwrap().unwrap();
    let touched: Vec<&str> = polish.files().iter().map(|file| file.path().as_str()).collect();
    assert_eq!(touched, ["src/lib.rs"]);
    assert!(yard.library().contains("  b   +a\n"), "nothing is written");
    let polished = yard.try_patch(&mut gate, &polish).unwrap();
    yard.apply(&mut gate, &polished).unwrap();
    assert!(yard.library().contains("    b + a\n"));
    assert_eq!(fs::read_to_string(yard.root.join("src/other.rs")).unwrap(), "pub  fn  f( ) { }\n");
    let again = block_on(gate.polish(&polish, &fmt, &mut permits(), &yard.cancel)).unwrap();
    assert_eq!(again, None);
}

#[test]
fn a_test_that_never_ends_is_ended() {
    let yard = Yard::usual();
    let mut gate = yard.gate();
    assert!(block_on(gate.verify(&mut permits(), &yard.cancel)).unwrap().is_green());
    // The version twice, the check, and then the tests.
    yard.before_each(|number, request| {
        if number == 4 {
            request.limits.timeout_ms = 10_000;
        }
    });
    let patch = yard.patch("    assert_eq!(add(1, 2), 3);\n", "    loop { std::thread::park() }\n");
    let tried = yard.try_patch(&mut gate, &patch).unwrap();
    assert!(objections(&tried).iter().any(|(kind, _)| *kind == ObjectionKind::TIMED_OUT));
    assert_eq!(yard.runs(), 4, "what takes all of its time is not run again");
}

#[test]
fn what_a_fix_does_not_need_is_left_out() {
    let broken = LIBRARY.replace("a + b", "a + c").replace("//! Sums.", "//! Sum.");
    let yard = Yard::new(&["cargo check", "cargo test"], &broken);
    let noise = "
/// Nobody needs it.
pub fn noise() -> u32 {
    let mut sum = 0;
    for number in 0..10 {
        sum += number;
    }
    sum
}
";
    let old = yard.library();
    let new = old.replace("a + c", "a + b").replace("//! Sum.", "//! Sums of numbers.") + noise;
    let before = FileState::of(path("src/lib.rs"), FileMode::Regular, old.as_bytes());
    let write = Change::Write(new.into());
    let file = FilePatch::change(before, old.as_bytes(), path("src/lib.rs"), FileMode::Regular, write);
    let more = FilePatch::create(path("NOTES.md"), FileMode::Regular, "noise\n").unwrap();
    let patch = Patch::new(vec![file.unwrap(), more]).unwrap();
    let mut gate = yard.gate().with_max_changed_lines(3);
    assert_eq!(yard.try_patch(&mut gate, &patch).unwrap_err().kind(), GateErrorKind::TooManyLines);
    let smallest = |gate: &mut PatchGate<'_>, most| {
        block_on(gate.try_smallest(&patch, most, &mut permits(), &yard.cancel))
    };
    let tried = smallest(&mut gate, 200).unwrap();
    assert!(tried.judgement().is_accepted());
    assert_eq!((tried.changed().added, tried.changed().removed), (1, 1));
    yard.apply(&mut gate, &tried).unwrap();
    assert_eq!(yard.library(), old.replace("a + c", "a + b"));
    // Where nothing was red, nothing says what is needed.
    fs::write(yard.root.join("src/lib.rs"), old.replace("a + c", "b + a")).unwrap();
    let other = yard.patch("b + a", "a.wrapping_add(b)");
    let same = block_on(gate.try_smallest(&other, 200, &mut permits(), &yard.cancel)).unwrap();
    assert_eq!(same.patch(), &other);
    // Who gives up early may have too much left.
    fs::write(yard.root.join("src/lib.rs"), &old).unwrap();
    assert_eq!(smallest(&mut gate, 1).unwrap_err().kind(), GateErrorKind::TooManyLines);
}

#[test]
fn a_verification_is_a_record() {
    let yard = Yard::usual();
    let verification = block_on(yard.gate().verify(&mut permits(), &yard.cancel)).unwrap();
    let text = serde_json::to_string(&verification).unwrap();
    assert_eq!(serde_json::from_str::<Verification>(&text).unwrap(), verification);
    assert!(verification.is_green());
}
