//! Records by providers that fail, hang and talk nonsense.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aether_bindings::engine::{
    Engine, EngineError, EngineOptions, InferOptions, InferSummary, NoProgress, Ports,
};
use aether_bindings::provider::{CallLimits, LimitedEmbeddings, LimitedProvider, MockProvider};
use aether_core::base::{Cancel, ErrorCode, Timestamp};
use aether_core::code::{RecordStatus, SearchMode, SearchQuery, Sir, StoredRecord, Symbol};
use aether_core::port::{
    EmbeddingProvider, InferenceError, InferenceProvider, InferenceRequest, Store, Timer,
};
use aether_store::{RecordFiles, SqliteStore};
use async_trait::async_trait;
use futures::executor::block_on;
use futures::future::join_all;

use crate::support::{Repo, update};

/// Time that goes by at once while somebody waits.
#[derive(Debug, Default)]
struct FakeTimer {
    now: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
}

impl FakeTimer {
    /// What was waited for to its end, in milliseconds.
    fn waits(&self) -> Vec<u64> {
        let waits = self.waits.lock().unwrap();
        waits.iter().map(|wait| wait.as_millis() as u64).collect()
    }
}

#[async_trait]
impl Timer for FakeTimer {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        // A timeout is polled beside the answer and loses against one that is there.
        let is_over = Mutex::new(false);
        futures::future::poll_fn(|context| {
            let mut is_over = is_over.lock().unwrap();
            if *is_over {
                return std::task::Poll::Ready(());
            }
            *is_over = true;
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        *self.now.lock().unwrap() += duration;
        self.waits.lock().unwrap().push(duration);
    }
}

fn unavailable() -> InferenceError {
    InferenceError::transient(ErrorCode::INFERENCE_UNAVAILABLE, "it is not there")
}

fn refused() -> InferenceError {
    InferenceError::lasting(ErrorCode::INFERENCE_REFUSED, "it will not")
}

fn request() -> InferenceRequest {
    let repo = repo();
    let engine = repo.engine();
    let symbol = engine.select("one").unwrap();
    let derived = engine.sir(symbol.id).unwrap().result.record.unwrap().sir.unwrap();
    InferenceRequest::new(symbol, "fn one() {}", derived)
}

fn repo() -> Repo {
    Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
        ("src/lib.rs", "/// Does one thing.\npub fn one() {}\n/// Does two.\npub fn two() { one() }\n"),
    ])
}

fn limited(
    inner: impl InferenceProvider + 'static,
    change: impl FnOnce(&mut CallLimits),
) -> (LimitedProvider, Arc<FakeTimer>) {
    let timer = Arc::new(FakeTimer::default());
    let mut limits = CallLimits::default();
    change(&mut limits);
    (LimitedProvider::new(Arc::new(inner), Arc::clone(&timer) as Arc<dyn Timer>, limits), timer)
}

#[test]
fn what_may_pass_is_tried_again_with_longer_waits_and_what_will_not_is_not() {
    let request = request();
    let scripted = |answers: Vec<Option<InferenceError>>, retries| {
        let mock = MockProvider::default();
        mock.script(answers);
        let (provider, timer) = limited(mock, |limits| limits.retries = retries);
        (block_on(provider.infer(&request)), timer.waits())
    };
    let (answer, waits) = scripted(vec![Some(unavailable()), Some(unavailable()), None], 2);
    assert_eq!((answer.unwrap().intent.as_str(), waits), ("Mock intent of demo::one", vec![200, 400]));
    let (answer, waits) = scripted(vec![Some(unavailable()); 3], 2);
    assert_eq!((answer.unwrap_err(), waits), (unavailable(), vec![200, 400]));
    let (answer, waits) = scripted(vec![Some(unavailable()); 6], 5);
    assert_eq!((answer.is_err(), waits), (true, vec![200, 400, 800, 1600, 2000]));
    let (answer, waits) = scripted(vec![Some(refused()), None], 2);
    assert_eq!((answer.unwrap_err(), waits), (refused(), vec![]));
    let slow = unavailable().with_retry_after(Duration::from_secs(7));
    let (answer, waits) = scripted(vec![Some(slow), None], 2);
    assert_eq!((answer.is_ok(), waits), (true, vec![7000]));
    let slower = unavailable().with_retry_after(Duration::from_secs(61));
    let (answer, waits) = scripted(vec![Some(slower.clone()), None], 2);
    assert_eq!((answer.unwrap_err(), waits), (slower, vec![]));
}

/// Does what its function does.
struct Odd<F>(F, AtomicUsize, AtomicUsize);

impl<F> std::fmt::Debug for Odd<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Odd")
    }
}

impl<F: Fn(&InferenceRequest) -> Option<Sir> + Send + Sync> Odd<F> {
    fn new(answer: F) -> Self {
        Self(answer, AtomicUsize::new(0), AtomicUsize::new(0))
    }
}

#[async_trait]
impl<F: Fn(&InferenceRequest) -> Option<Sir> + Send + Sync> InferenceProvider for Odd<F> {
    fn provider(&self) -> &str {
        "odd"
    }
    fn model(&self) -> String {
        "1".to_owned()
    }
    async fn infer(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
        let inside = self.1.fetch_add(1, Ordering::SeqCst) + 1;
        self.2.fetch_max(inside, Ordering::SeqCst);
        let Some(sir) = (self.0)(request) else { pending().await };
        // Others come in between.
        for _ in 0..3 {
            let mut was_here = false;
            futures::future::poll_fn(|context| {
                if std::mem::replace(&mut was_here, true) {
                    return std::task::Poll::Ready(());
                }
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            })
            .await;
        }
        self.1.fetch_sub(1, Ordering::SeqCst);
        Ok(sir)
    }
}

#[test]
fn an_answer_that_does_not_come_and_one_that_is_no_record_are_failures() {
    let request = request();
    let (provider, timer) = limited(Odd::new(|_| None), |_| {});
    let error = block_on(provider.infer(&request)).unwrap_err();
    assert_eq!((error.code, error.is_transient), (ErrorCode::INFERENCE_TIMEOUT, true));
    assert_eq!(timer.waits(), [30_000, 200, 30_000, 400, 30_000]);
    let nothing = |request: &InferenceRequest| {
        let mut sir = request.derived.clone();
        sir.intent = " \n".to_owned();
        Some(sir)
    };
    let timer = Arc::new(Patient(FakeTimer::default()));
    let provider = LimitedProvider::new(
        Arc::new(Odd::new(nothing)),
        Arc::clone(&timer) as Arc<_>,
        CallLimits::default(),
    );
    let error = block_on(provider.infer(&request)).unwrap_err();
    assert_eq!((error.code, timer.0.waits().len()), (ErrorCode::INFERENCE_BAD_RECORD, 0));
}

/// As that, but no timeout is ever over.
#[derive(Debug)]
struct Patient(FakeTimer);

#[async_trait]
impl Timer for Patient {
    fn now(&self) -> Duration {
        self.0.now()
    }
    async fn sleep(&self, duration: Duration) {
        if duration >= Duration::from_secs(30) {
            pending().await
        }
        self.0.sleep(duration).await;
    }
}

#[test]
fn no_more_are_asked_at_once_than_allowed_and_no_faster() {
    let request = request();
    for (concurrency, most) in [(0, 1), (1, 1), (3, 3), (50, 10)] {
        let odd = Arc::new(Odd::new(|request: &InferenceRequest| Some(request.derived.clone())));
        let mut limits = CallLimits::default();
        limits.concurrency = concurrency;
        let timer = Arc::new(Patient(FakeTimer::default()));
        let provider = LimitedProvider::new(Arc::clone(&odd) as Arc<_>, timer, limits);
        let answers = block_on(join_all((0..10).map(|_| provider.infer(&request))));
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(odd.2.load(Ordering::SeqCst), most, "{concurrency}");
    }
    let timer = Arc::new(Patient(FakeTimer::default()));
    let mut limits = CallLimits::default();
    limits.per_minute = Some(6);
    let provider =
        LimitedProvider::new(Arc::new(MockProvider::default()), Arc::clone(&timer) as Arc<_>, limits);
    for _ in 0..4 {
        block_on(provider.infer(&request)).unwrap();
    }
    assert_eq!(timer.0.waits(), [10_000; 3]);
}

fn ask(engine: &Engine, provider: &dyn InferenceProvider) -> Result<InferSummary, EngineError> {
    let options = InferOptions::default();
    let answer = block_on(engine.infer_records(provider, &options, &Cancel::new(), &NoProgress))?;
    Ok(answer.result)
}

fn symbol(engine: &Engine, name: &str) -> Symbol {
    engine.select(name).unwrap()
}

fn record(engine: &Engine, name: &str) -> StoredRecord {
    engine.sir_by(symbol(engine, name).id, "mock").unwrap().result.record.unwrap()
}

fn intent(record: &StoredRecord) -> Option<&str> {
    record.sir.as_ref().map(|sir| sir.intent.as_str())
}

#[test]
fn a_failure_never_deletes_a_record() {
    let repo = repo();
    let ports = Ports::in_memory().unwrap().with_clock(|| Some(Timestamp::from_unix_ms(1000)));
    let engine = Engine::open(EngineOptions::new(repo.root()), ports).unwrap();
    update(&engine);
    let mock = MockProvider::default();
    mock.script([Some(refused())]);
    let first = ask(&engine, &mock).unwrap();
    assert_eq!((first.made, first.failed, first.left), (1, 1, 0));
    let failed = if intent(&record(&engine, "one")).is_none() { "one" } else { "two" };
    let missing = record(&engine, failed);
    assert_eq!((missing.sir_status, &missing.sir), (RecordStatus::Stale, &None));
    let error = missing.last_error.unwrap();
    assert_eq!((error.code, error.at), (ErrorCode::INFERENCE_REFUSED, Some(Timestamp::from_unix_ms(1000))));
    let second = ask(&engine, &mock).unwrap();
    assert_eq!((second.made, second.current), (1, 1), "what failed is asked for again, what holds is not");
    assert_eq!(ask(&engine, &mock).unwrap().current, 2);

    // The code changes: stale before anybody asks, and after asking failed.
    repo.write(
        "src/lib.rs",
        "/// Does one thing.\npub fn one() { panic!() }\n/// Does two.\npub fn two() {}\n",
    );
    update(&engine);
    let untried = record(&engine, "one");
    assert_eq!((untried.sir_status, &untried.last_error), (RecordStatus::Stale, &None));
    mock.script([Some(refused()), Some(refused())]);
    assert_eq!(ask(&engine, &mock).unwrap().failed, 2);
    let stale = record(&engine, "one");
    assert_eq!((stale.sir_status, intent(&stale)), (RecordStatus::Stale, Some("Mock intent of demo::one")));
    assert_eq!(stale.last_error.as_ref().map(|it| it.message.as_str()), Some("it will not"));
    assert_eq!(stale.sir_hash, untried.sir_hash);
    let third = ask(&engine, &mock).unwrap();
    assert_eq!((third.made, third.current), (2, 0));
    let fresh = record(&engine, "one");
    assert_eq!((fresh.sir_status, fresh.last_error), (RecordStatus::Fresh, None));

    // A change that failed and is taken back leaves a record that holds.
    let good = std::fs::read_to_string(repo.path("src/lib.rs")).unwrap();
    repo.write("src/lib.rs", &good.replace("panic!()", "panic!(\"x\")"));
    update(&engine);
    mock.script([Some(refused())]);
    assert_eq!(ask(&engine, &mock).unwrap().failed, 1);
    assert_eq!(record(&engine, "one").sir_status, RecordStatus::Stale);
    repo.write("src/lib.rs", &good);
    update(&engine);
    let back = record(&engine, "one");
    assert_eq!((back.sir_status, back.last_error), (RecordStatus::Fresh, None));
    assert_eq!(ask(&engine, &mock).unwrap().current, 2);

    // Another model makes all stale; the records of a symbol that is gone go with it.
    let newer = MockProvider::default().with_model("mock-2");
    assert_eq!(ask(&engine, &newer).unwrap().made, 2);
    assert_eq!(record(&engine, "one").model, "mock-2");
    let id = symbol(&engine, "two").id;
    repo.write("src/lib.rs", "/// Does one thing.\npub fn one() { panic!() }\n");
    update(&engine);
    let last = ask(&engine, &newer).unwrap();
    assert_eq!((last.removed, last.current), (1, 1));
    assert!(engine.sir_by(id, "mock").is_err());
}

fn failed_once(engine: &Engine, name: &str) -> bool {
    let found = engine.sir_by(symbol(engine, name).id, "mock").unwrap().result.record;
    found.is_some_and(|record| record.last_error.is_some())
}

#[test]
fn a_provider_that_is_down_is_given_up_and_what_was_answered_is_kept() {
    let functions: String = (0..50).map(|number| format!("pub fn f{number}() {{}}\n")).collect();
    let repo = Repo::new(&[("src/lib.rs", &functions)]);
    let engine = repo.engine();
    let mock = MockProvider::default();
    mock.script((0..3).map(|_| None).chain((0..40).map(|_| Some(unavailable()))));
    let summary = ask(&engine, &mock).unwrap();
    assert_eq!((summary.made, summary.failed, summary.left), (3, 8, 39));
    assert_eq!(summary.last_error.map(|error| error.code), Some(ErrorCode::INFERENCE_UNAVAILABLE));
    // Those that failed are asked for last, so that they cannot keep the others from their turn.
    let failed = || -> Vec<String> {
        let names = (0..50).map(|number| format!("f{number}"));
        names.filter(|name| failed_once(&engine, name)).collect()
    };
    let at_first = failed();
    assert_eq!(at_first.len(), 8);
    let mock = MockProvider::default();
    mock.script((0..39).map(|_| None).chain((0..8).map(|_| Some(unavailable()))));
    let summary = ask(&engine, &mock).unwrap();
    assert_eq!((summary.made, summary.failed, summary.left), (39, 8, 0));
    assert_eq!(failed(), at_first);
    let engine = repo.engine();
    let mock = MockProvider::default();
    mock.script((0..3).map(|_| None));
    mock.script((0..8).map(|_| Some(unavailable())));
    assert_eq!(ask(&engine, &mock).unwrap().left, 39);
    // A row that is broken by an answer is none.
    let mock = MockProvider::default();
    mock.script((0..47).map(|number| (number % 3 < 2).then(unavailable)));
    let summary = ask(&engine, &mock).unwrap();
    assert_eq!((summary.current, summary.left, summary.made + summary.failed), (3, 0, 47));
    // Nor is one of requests that are refused each by itself.
    let mock = MockProvider::default();
    mock.script((0..30).map(|_| Some(refused())));
    assert_eq!(ask(&engine, &mock).unwrap().left, 0);
    let cancel = Cancel::new();
    cancel.cancel();
    repo.write("src/lib.rs", &functions.replace("{}", "{ panic!() }"));
    update(&engine);
    let options = InferOptions::default();
    let future = engine.infer_records(&mock, &options, &cancel, &NoProgress);
    assert_eq!(*block_on(future).unwrap_err().code(), ErrorCode::CANCELLED);
}

/// Takes the name of the provider that is none.
#[derive(Debug)]
struct Static;

#[async_trait]
impl InferenceProvider for Static {
    fn provider(&self) -> &str {
        "static"
    }
    fn model(&self) -> String {
        String::new()
    }
    async fn infer(&self, _: &InferenceRequest) -> Result<Sir, InferenceError> {
        Err(refused())
    }
}

#[test]
fn derived_records_cannot_be_taken_over() {
    let engine = repo().engine();
    assert_eq!(*ask(&engine, &Static).unwrap_err().code(), ErrorCode::USAGE_BAD_ARGUMENTS);
}

fn mirrored(repo: &Repo, store: &Arc<SqliteStore>, folder: &std::path::Path) -> Engine {
    let ports =
        Ports::new(Arc::clone(store) as Arc<dyn Store>).with_mirror(Arc::new(RecordFiles::new(folder)));
    let engine = Engine::open(EngineOptions::new(repo.root()), ports).unwrap();
    update(&engine);
    engine
}

#[test]
fn a_record_that_the_store_lost_comes_back_from_its_copy() {
    let (repo, folder) = (repo(), tempfile::tempdir().unwrap());
    let folder = folder.path().join("sir");
    let new_store = || Arc::new(SqliteStore::open_in_memory().unwrap());
    let engine = mirrored(&repo, &new_store(), &folder);
    let mock = MockProvider::default();
    assert_eq!(ask(&engine, &mock).unwrap().made, 2);
    engine.refresh_records().unwrap();
    let file = RecordFiles::new(&folder).path(symbol(&engine, "one").id);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("Mock intent of demo::one") && text.contains("\"static\""), "{text}");

    // Another store: the provider is not asked again, and one question finds its record.
    let store = new_store();
    let engine = mirrored(&repo, &store, &folder);
    assert_eq!(intent(&record(&engine, "one")), Some("Mock intent of demo::one"));
    let id = symbol(&engine, "one").id;
    let kept = aether_core::port::RecordStore::records(&*store, "mock", &[id]).unwrap();
    assert!(kept[0].is_some(), "the row is there again");
    let mirrored_again = mirrored(&repo, &new_store(), &folder);
    let summary = ask(&mirrored_again, &mock).unwrap();
    assert_eq!((summary.made, summary.current, summary.restored), (0, 2, 2));

    // The store is the truth: what somebody writes into the copy does not count beside it.
    std::fs::write(&file, text.replace("Mock intent", "Other intent")).unwrap();
    assert_eq!(intent(&record(&engine, "one")), Some("Mock intent of demo::one"));
    // Nor, where the store has nothing, does a copy whose hash is not its own, or half of one.
    for damaged in [text.replace("Mock intent", "Other intent"), text[..text.len() / 2].to_owned()] {
        std::fs::write(&file, damaged).unwrap();
        let engine = mirrored(&repo, &new_store(), &folder);
        assert_eq!(engine.sir_by(id, "mock").unwrap().result.record, None);
    }
    // A symbol that is gone has no file; other providers' records in a file stay.
    repo.write("src/lib.rs", "/// Does two.\npub fn two() {}\n");
    update(&mirrored_again);
    ask(&mirrored_again, &mock).unwrap();
    mirrored_again.refresh_records().unwrap();
    assert!(!file.exists());
    let two = RecordFiles::new(&folder).path(symbol(&mirrored_again, "two").id);
    // What changed while nobody copied is copied by the next who does, and what was lost as well.
    std::fs::remove_file(&two).unwrap();
    repo.write("src/lib.rs", "/// Does two.\npub fn two() { panic!() }\npub fn three() {}\n");
    let alone =
        Engine::open(EngineOptions::new(repo.root()), Ports::new(Arc::clone(&store) as Arc<dyn Store>))
            .unwrap();
    update(&alone);
    alone.refresh_records().unwrap();
    assert!(!two.exists());
    let engine = mirrored(&repo, &store, &folder);
    engine.refresh_records().unwrap();
    assert!(std::fs::read_to_string(two).unwrap().contains("panic"));
    let three = RecordFiles::new(&folder).path(symbol(&engine, "three").id);
    assert!(three.exists());
}

/// Embeds by the number of letters, and does what its script says first.
#[derive(Debug, Default)]
struct Letters {
    script: Mutex<std::collections::VecDeque<Answer>>,
    asked: Mutex<Vec<usize>>,
}

#[derive(Clone, Debug)]
enum Answer {
    Good,
    Fails(InferenceError),
    /// So many vectors of this one.
    Vectors(usize, Vec<f32>),
}

#[async_trait]
impl EmbeddingProvider for Letters {
    fn provider(&self) -> &str {
        "letters"
    }
    fn model(&self) -> String {
        "1".to_owned()
    }
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, InferenceError> {
        self.asked.lock().unwrap().push(texts.len());
        let letters = |text: &String| ('a'..='z').map(|it| text.matches(it).count() as f32).collect();
        match self.script.lock().unwrap().pop_front().unwrap_or(Answer::Good) {
            Answer::Good => Ok(texts.iter().map(letters).collect()),
            Answer::Fails(error) => Err(error),
            Answer::Vectors(count, vector) => Ok(vec![vector; count]),
        }
    }
}

impl Letters {
    fn then(&self, answers: &[Answer]) {
        self.script.lock().unwrap().extend(answers.iter().cloned());
    }
}

#[test]
fn vectors_are_fetched_ahead_and_half_of_them_are_none() {
    let functions: String = (0..100).map(|number| format!("pub fn f{number}() {{}}\n")).collect();
    let repo = Repo::new(&[("src/lib.rs", &format!("{functions}pub fn zzz() {{}}\n"))]);
    let engine = repo.engine();
    let letters = Letters::default();
    let fetch = || {
        let fetched = block_on(engine.fetch_vectors(&letters, &Cancel::new(), &NoProgress));
        fetched.map(|answer| answer.result).map_err(|error| error.code().clone())
    };
    let search = |mode| {
        let query = SearchQuery::parse("zzz", 3);
        block_on(engine.search_with(&query, mode, &letters)).unwrap().result
    };
    let reason = |mode| search(mode).fallback_reason;
    assert_eq!(reason(SearchMode::Semantic).as_deref(), Some("no_vectors"));
    letters.then(&[Answer::Good, Answer::Fails(unavailable())]);
    assert_eq!(fetch(), Err(ErrorCode::INFERENCE_UNAVAILABLE));
    assert_eq!(reason(SearchMode::Hybrid).as_deref(), Some("stale_vectors"), "64 of 101 are there");
    for bad in [
        Answer::Vectors(1, vec![1.0; 26]),
        Answer::Vectors(37, vec![]),
        Answer::Vectors(37, vec![f32::NAN; 26]),
    ] {
        letters.then(&[bad]);
        assert_eq!(fetch(), Err(ErrorCode::INFERENCE_BAD_VECTORS));
    }
    letters.asked.lock().unwrap().clear();
    let rest = fetch().unwrap();
    assert_eq!((rest.vectors, rest.written), (101, 37), "it goes on where it ended");
    assert_eq!(*letters.asked.lock().unwrap(), [37]);
    assert_eq!(fetch().unwrap().written, 0);

    let found = search(SearchMode::Semantic);
    assert_eq!((found.mode_used, found.hits[0].qualified_name.as_str()), (SearchMode::Semantic, "zzz"));
    letters.then(&[Answer::Fails(refused())]);
    let words = search(SearchMode::Hybrid);
    assert_eq!(
        (words.mode_used, words.fallback_reason.as_deref()),
        (SearchMode::Lexical, Some("inference.refused"))
    );
    assert_eq!(words.hits[0].qualified_name, "zzz");
    letters.asked.lock().unwrap().clear();
    assert_eq!(reason(SearchMode::Lexical), None);
    assert_eq!(letters.asked.lock().unwrap().len(), 0, "words need nobody");
    let cancel = Cancel::new();
    cancel.cancel();
    repo.write("src/lib.rs", "pub fn other() {}\n");
    update(&engine);
    let cancelled = block_on(engine.fetch_vectors(&letters, &cancel, &NoProgress));
    assert_eq!(*cancelled.unwrap_err().code(), ErrorCode::CANCELLED);
}

#[test]
fn vectors_are_fetched_within_limits() {
    let letters = Letters::default();
    letters.then(&[Answer::Fails(unavailable())]);
    let timer = Arc::new(Patient(FakeTimer::default()));
    let provider =
        LimitedEmbeddings::new(Arc::new(letters), Arc::clone(&timer) as Arc<_>, CallLimits::default());
    let vectors = block_on(provider.embed(&["a".to_owned(), "b".to_owned()])).unwrap();
    assert_eq!((vectors.len(), timer.0.waits()), (2, vec![200]));
    assert_eq!((provider.provider(), provider.model().as_str()), ("letters", "1"));
}
