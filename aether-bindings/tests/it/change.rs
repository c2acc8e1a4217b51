//! Sessions of changing: what becomes of a patch by what the commands say, with a runner that says what the test
//! wants. The real compiler in the real sandbox is tested with the gate and with the program.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aether_bindings::engine::{
    ApplyAnswer, ChangeOptions, ChangePorts, Engine, EngineError, VerifyPlan, check_trace, list_traces,
    replay_trace, trace_bytes,
};
use aether_core::authority::{Answer, Choice, Permit, PolicyConfig, Preset, ProvenanceTag, RunCommand};
use aether_core::base::{Cancel, ErrorCode, Timestamp};
use aether_core::change::{CheckStep, CommandLine, NetworkAccess, RunMode, RunReport, SandboxReport};
use aether_core::conformance::{MemoryAudit, MemoryGrants};
use aether_core::port::{AuditSink as _, RunError, RunRequest, Runner, TraceLog};
use aether_core::record::provenance::{Proposer, ProposerKind};
use aether_core::record::trace::{Body, Event, Scratchpad, TraceId, TraceLimits, read_trace};
use async_trait::async_trait;
use futures::executor::block_on;

use crate::support::Repo;

const LIBRARY: &str = "pub fn one() -> u32 {\n    1\n}\n";
const DIFF: &str =
    "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1,3 +1,3 @@\n pub fn one() -> u32 {\n-    1\n+    2 - 1\n }\n";
const GREEN_TESTS: &str = "\nrunning 1 test\ntest works ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n";

/// What a command is to say.
type Saying = Box<dyn FnOnce(&RunRequest) -> Result<(i32, &'static str), RunError> + Send>;

/// A runner that says what it was told to say, and notes what it was asked.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Saying>>,
    asked: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

impl Scripted {
    /// Each command ends so, in this order; all that come after them are green.
    fn of(answers: impl IntoIterator<Item = (i32, &'static str)>) -> Arc<Self> {
        let runner = Self::default();
        for (code, stdout) in answers {
            runner.then(move |_| Ok((code, stdout)));
        }
        Arc::new(runner)
    }

    fn then(
        &self,
        answer: impl FnOnce(&RunRequest) -> Result<(i32, &'static str), RunError> + Send + 'static,
    ) {
        self.answers.lock().unwrap().push_back(Box::new(answer));
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn green(request: &RunRequest) -> (i32, &'static str) {
    let is_test = request.command.arguments.first().is_some_and(|it| it == "test");
    (0, if is_test { GREEN_TESTS } else { "" })
}

#[async_trait]
impl Runner for Scripted {
    fn mode(&self) -> RunMode {
        RunMode::HOST
    }

    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        assert!(permit.covers_command(&request.command));
        self.asked.lock().unwrap().push(request.command.to_string());
        let is_asked_its_version = request.command.program == "rustc";
        let answer = if is_asked_its_version { None } else { self.answers.lock().unwrap().pop_front() };
        let (code, stdout) = match answer {
            Some(answer) => answer(request)?,
            None if is_asked_its_version => (0, "rustc 1.95.0\n"),
            None => green(request),
        };
        let sandbox = SandboxReport::new(Vec::new(), NetworkAccess::None, true);
        let mut report = RunReport::new(request.command.clone(), RunMode::HOST, sandbox);
        report.cancelled = cancel.is_cancelled();
        report.exit_code = (!report.cancelled).then_some(code);
        report.stdout = stdout.to_owned();
        Ok(report)
    }
}

/// A log of traces in memory, which can be told to fail from some line on.
#[derive(Debug, Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    fails_from: Mutex<Option<usize>>,
}

impl TraceLog for Log {
    fn append(&self, lines: &[&str]) -> Result<(), aether_core::authority::LedgerError> {
        let mut kept = self.lines.lock().unwrap();
        if self.fails_from.lock().unwrap().is_some_and(|from| kept.len() >= from) {
            let message = "the disk of the traces is full";
            return Err(aether_core::authority::LedgerError::new(ErrorCode::LEDGER_STOPPED, message));
        }
        kept.extend(lines.iter().map(|line| (*line).to_owned()));
        Ok(())
    }

    fn len(&self) -> u64 {
        self.lines.lock().unwrap().len() as u64
    }

    fn line(&self, number: u64) -> Result<Option<String>, aether_core::authority::LedgerError> {
        Ok(self.lines.lock().unwrap().get(usize::try_from(number).unwrap()).cloned())
    }
}

/// A repository, and all that a session is given.
struct Yard {
    repo: Repo,
    engine: Engine,
    runner: Arc<Scripted>,
    audit: Arc<MemoryAudit>,
    log: Arc<Log>,
    preset: Preset,
}

impl Yard {
    fn new(runner: Arc<Scripted>) -> Self {
        let repo = Repo::new(&[
            ("Cargo.toml", "[package]\nname = \"one\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
            ("src/lib.rs", LIBRARY),
        ]);
        let engine = repo.engine();
        let (audit, log) = (Arc::new(MemoryAudit::default()), Arc::new(Log::default()));
        Self { repo, engine, runner, audit, log, preset: Preset::Operator }
    }

    fn apply(&self, dry_run: bool, cancel: &Cancel) -> Result<ApplyAnswer, EngineError> {
        self.apply_diff(DIFF, dry_run, cancel)
    }

    fn apply_diff(&self, diff: &str, dry_run: bool, cancel: &Cancel) -> Result<ApplyAnswer, EngineError> {
        let clock = || Timestamp::from_unix_ms(1_000_000);
        let grants = Arc::new(MemoryGrants::default());
        let ports = ChangePorts::new(self.runner.clone(), self.audit.clone(), grants, clock)
            .with_traces(self.log.clone())
            .with_approve(|_| Some(Answer::of_user(Choice::Once)));
        let steps = ["cargo check", "cargo test"].map(|it| CheckStep::of(CommandLine::parse(it).unwrap()));
        let mut plan = VerifyPlan::new(steps.to_vec());
        plan.reruns = 0;
        let proposer = Proposer::new(ProposerKind::TOOL, "a-tool");
        let session = TraceId::new("session-of-a-test-1").unwrap();
        let mut options =
            ChangeOptions::new(session, "agent", proposer, PolicyConfig::new(self.preset), plan);
        options.provenance.push(ProvenanceTag::Session);
        let session = self.engine.change(&ports, &options).unwrap();
        let patch = session.read(diff.as_bytes()).unwrap();
        block_on(session.apply(&patch, None, dry_run, cancel))
    }

    fn library(&self) -> String {
        std::fs::read_to_string(self.repo.path("src/lib.rs")).unwrap()
    }

    /// The events of the one trace, which keeps all rules and replays to the same bytes.
    #[track_caller]
    fn events(&self) -> Vec<Event> {
        let entries = list_traces(&*self.log).unwrap();
        assert_eq!(entries.len(), 1);
        let bytes = trace_bytes(&*self.log, &entries[0].id).unwrap();
        let report = check_trace(&bytes);
        assert!(report.is_valid(), "{:?}", report.violations);
        replay_trace(&bytes).unwrap();
        read_trace(&bytes, &TraceLimits::default()).unwrap().events
    }
}

fn kinds(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.body.kind().name()).collect()
}

const RED_TESTS: &str = "\nrunning 1 test\ntest works ... FAILED\n\nfailures:\n\nfailures:\n    works\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n";

#[test]
fn a_patch_that_holds_is_applied_and_leaves_a_trace_without_open_questions() {
    let yard = Yard::new(Scripted::of([]));
    let answer = yard.apply(false, &Cancel::new()).unwrap();
    assert!(answer.applied && answer.judgement.is_accepted());
    assert_eq!(answer.open_questions, [] as [&str; 0]);
    assert!(yard.library().contains("2 - 1"));
    // Before, in the copy, and after.
    let asked = yard.runner.asked();
    let count = |command: &str| asked.iter().filter(|it| it.starts_with(command)).count();
    assert_eq!((count("cargo check"), count("cargo test")), (3, 3), "{asked:?}");
    let events = yard.events();
    assert_eq!(kinds(&events), ["plan", "probe", "verify", "decide", "patch", "verify", "decide"]);
    assert_eq!(answer.provenance.unwrap().to_string().len(), "sha256:".len() + 64);
}

#[test]
fn a_patch_that_does_not_hold_leaves_its_open_questions() {
    let yard = Yard::new(Scripted::of([(0, ""), (0, GREEN_TESTS), (0, ""), (101, RED_TESTS)]));
    let answer = yard.apply(false, &Cancel::new()).unwrap();
    assert!(!answer.applied && !answer.judgement.is_accepted());
    assert_eq!(yard.library(), LIBRARY);
    let open =
        "why does `cargo test --message-format=json --no-fail-fast` end with 101 once the patch is there?";
    assert_eq!(answer.open_questions, [open]);
    let events = yard.events();
    assert_eq!(kinds(&events), ["plan", "probe", "verify", "scratch", "decide"]);
    let scratch = &events[3];
    // A segment is a row of the confidence ledger as any event: claim, citations, evidence, confidence.
    assert!(scratch.claim.is_some() && scratch.confidence.is_some());
    assert_eq!(scratch.evidence[0].probe, events[1].seq);
    assert_eq!(scratch.anchors[0].file.as_str(), "src/lib.rs");
    // It is in mind until the session ends, and in the trace for good.
    let segment = Scratchpad::of(&events[..4]).segment("trial").cloned().unwrap();
    assert_eq!((segment.open_questions, segment.citations), (answer.open_questions, scratch.anchors.clone()));
    assert!(Scratchpad::of(&events).is_empty());
    assert!(matches!(&events[3].body, Body::Scratch(it) if it.segment == "trial"));
}

#[test]
fn a_test_that_is_gone_is_an_open_question_though_all_is_green() {
    const NONE: &str = "\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n";
    let yard = Yard::new(Scripted::of([(0, ""), (0, GREEN_TESTS), (0, ""), (0, NONE)]));
    let answer = yard.apply(false, &Cancel::new()).unwrap();
    assert!(!answer.applied, "{:?}\n\n{:?}\n\n{:?}", answer.judgement, answer.before, answer.tried);
    assert_eq!(answer.open_questions.len(), 1);
    assert_eq!(kinds(&yard.events()), ["plan", "probe", "verify", "scratch", "decide"]);
}

#[test]
fn a_patch_that_holds_in_the_copy_alone_is_taken_back() {
    let four = [(0, ""), (0, GREEN_TESTS), (0, ""), (0, GREEN_TESTS)];
    let yard = Yard::new(Scripted::of(four.into_iter().chain([(0, ""), (101, RED_TESTS)])));
    let answer = yard.apply(false, &Cancel::new()).unwrap();
    assert!(!answer.applied && answer.taken_back.is_some());
    assert_eq!(yard.library(), LIBRARY);
    assert_eq!(answer.open_questions, ["what does the tree have that its copy has not?"]);
    let events = yard.events();
    let told = ["plan", "probe", "verify", "decide", "patch", "patch", "scratch", "decide"];
    assert_eq!(kinds(&events), told);
}

#[test]
fn what_is_only_tried_is_a_trace_and_changes_nothing() {
    let yard = Yard::new(Scripted::of([]));
    let answer = yard.apply(true, &Cancel::new()).unwrap();
    assert!(answer.dry_run && !answer.applied && answer.judgement.is_accepted());
    assert_eq!(yard.library(), LIBRARY);
    assert_eq!(kinds(&yard.events()), ["plan", "probe", "verify", "decide"]);
}

#[test]
fn what_the_policy_does_not_allow_is_not_run() {
    let mut yard = Yard::new(Scripted::of([]));
    yard.preset = Preset::Observer;
    let error = yard.apply(false, &Cancel::new()).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::POLICY_DENIED, "{error}");
    assert_eq!(yard.runner.asked(), [] as [&str; 0]);
    assert_eq!(yard.library(), LIBRARY);
    // That it was asked is written down all the same.
    assert!(!yard.audit.rows(&Default::default()).unwrap().is_empty());
}

#[test]
fn without_an_audit_log_nothing_is_done() {
    let yard = Yard::new(Scripted::of([]));
    yard.audit.refuse_rows(true);
    let error = yard.apply(false, &Cancel::new()).unwrap_err();
    assert!(error.code().as_str().starts_with("policy."), "{error}");
    assert_eq!(yard.runner.asked(), [] as [&str; 0]);
    assert_eq!(yard.library(), LIBRARY);
}

#[test]
fn what_cannot_be_written_down_is_not_applied() {
    // Each line of the trace but those behind the patch: without it the files stay as they were.
    for lines in 0..5 {
        let yard = Yard::new(Scripted::of([]));
        *yard.log.fails_from.lock().unwrap() = Some(lines);
        let error = yard.apply(false, &Cancel::new()).unwrap_err();
        assert_eq!(*error.code(), ErrorCode::LEDGER_STOPPED, "{error}");
        assert_eq!(yard.library(), LIBRARY, "line {lines} of the trace could not be written");
    }
}

#[test]
fn a_runner_that_is_not_there_is_an_error_and_ends_the_trace() {
    // The first two commands say what holds without the patch; the third one is of the trial.
    let absent = |_: &RunRequest| Err(RunError::new(ErrorCode::RUN_UNAVAILABLE, "the machine is gone"));
    let yard = Yard::new(Scripted::of([]));
    yard.runner.then(absent);
    let error = yard.apply(false, &Cancel::new()).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::RUN_UNAVAILABLE, "{error}");
    assert_eq!(yard.library(), LIBRARY);

    // After the patch was applied: it is taken back, because nobody knows whether it holds.
    let yard = Yard::new(Scripted::of([(0, ""), (0, GREEN_TESTS), (0, ""), (0, GREEN_TESTS)]));
    yard.runner.then(absent);
    let outcome = yard.apply(false, &Cancel::new());
    assert!(
        outcome.as_ref().is_ok_and(|answer| !answer.applied && answer.taken_back.is_some()),
        "{outcome:?}"
    );
    assert_eq!(yard.library(), LIBRARY);
    assert_eq!(yard.events().last().map(|event| event.body.is_terminal()), Some(true));
}

#[test]
fn a_cancelled_session_applies_nothing() {
    let cancel = Cancel::new();
    cancel.cancel();
    let yard = Yard::new(Scripted::of([]));
    let outcome = yard.apply(false, &cancel);
    assert!(outcome.is_err(), "{outcome:?}");
    assert_eq!(yard.library(), LIBRARY);
}

/// Whatever a patch is of, its decisions cite places, so that its trace keeps the rules.
#[test]
fn every_kind_of_patch_leaves_a_trace_that_keeps_the_rules() {
    for (kind, diff) in [
        ("an empty line", "--- a/src/gap.rs\n+++ b/src/gap.rs\n@@ -1,3 +1,4 @@\n // one\n \n+\n // two\n"),
        (
            "an empty line that goes",
            "--- a/src/gap.rs\n+++ b/src/gap.rs\n@@ -1,3 +1,2 @@\n // one\n-\n // two\n",
        ),
        (
            "an empty file",
            "diff --git a/src/void.rs b/src/void.rs\nnew file mode 100644\nindex 0000000..e69de29\n",
        ),
        (
            "bytes",
            "diff --git a/data.bin b/data.bin\nnew file mode 100644\nindex 0000000000000000000000000000000000000000..eaf36c1daccfdf325514461cd1a2ffbc139b5464\nGIT binary patch\nliteral 4\nLcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n",
        ),
        ("a mode", "diff --git a/src/gap.rs b/src/gap.rs\nold mode 100644\nnew mode 100755\n"),
        (
            "a name",
            "diff --git a/src/gap.rs b/src/moved.rs\nsimilarity index 100%\nrename from src/gap.rs\nrename to src/moved.rs\n",
        ),
        (
            "a file that goes",
            "diff --git a/src/gap.rs b/src/gap.rs\ndeleted file mode 100644\n--- a/src/gap.rs\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-// one\n-\n-// two\n",
        ),
    ] {
        let yard = Yard::new(Scripted::of([]));
        yard.repo.write("src/gap.rs", "// one\n\n// two\n");
        let answer =
            yard.apply_diff(diff, false, &Cancel::new()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(answer.applied, "{kind}: {:?}", answer.judgement);
        let cited: usize = yard.events().iter().map(|event| event.anchors.len()).sum();
        assert!(cited > 0, "{kind}");
    }
}
