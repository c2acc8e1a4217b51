//! Recorded replay, and how outputs of tools are compared in a live one.

use aether_core::code::Confidence;
use aether_core::record::trace::{
    Body, Decider, DivergenceClass, Draft, Event, EventKind, Header, Normaliser, Plan, TraceLimits,
    compare_outputs, read_trace, replay_recorded,
};

use super::TRACES;
use super::generate::{Random, Tree, trace};

type Change = fn(&mut Draft);

/// Decides as the log did, but for one event that it changes.
struct Follower {
    log: Vec<Event>,
    change: Option<(usize, Change)>,
    asked: Vec<usize>,
}

impl Decider for Follower {
    fn next(&mut self, _: &Header, events: &[Event]) -> Result<Draft, String> {
        let at = events.len();
        self.asked.push(at);
        // What it decides on is what the log has up to here, and nothing of what comes.
        assert_eq!(events, &self.log[..at]);
        let mut draft = self.log[at].clone().into_draft();
        if let Some((seeded, change)) = self.change
            && seeded == at
        {
            change(&mut draft);
        }
        Ok(draft)
    }
}

fn follower(bytes: &[u8]) -> Follower {
    let log = read_trace(bytes, &TraceLimits::default()).expect("it is valid").events;
    Follower { log, change: None, asked: Vec::new() }
}

fn is_of_a_tool(event: &Event) -> bool {
    matches!(event.body.kind(), EventKind::Probe | EventKind::Verify | EventKind::Patch)
}

#[test]
fn a_decider_that_decides_the_same_replays_to_the_same_bytes() {
    let tree = Tree::new();
    for seed in 0..TRACES {
        let bytes = trace(seed, &tree);
        let mut decider = follower(&bytes);
        assert_eq!(replay_recorded(&bytes, &mut decider), Ok(()), "trace {seed}");
        let own: Vec<usize> = (0..decider.log.len()).filter(|at| !is_of_a_tool(&decider.log[*at])).collect();
        assert_eq!(decider.asked, own);
    }
}

/// Every way to differ, with the field that has to be named.
const SEEDED: &[(&str, Change)] = &[
    ("claim", |draft| draft.claim = Some("another claim".to_owned())),
    ("confidence", |draft| {
        let low = draft.confidence.is_some_and(|it| it.thousandths() == 17);
        draft.confidence = Some(Confidence::from_thousandths(if low { 18 } else { 17 }));
    }),
    ("budget.tokens", |draft| draft.budget.tokens = draft.budget.tokens.plus(1)),
    ("at", |draft| draft.at = Some(aether_core::base::Timestamp::from_unix_ms(7))),
    ("anchors", |draft| {
        if draft.anchors.pop().is_none() {
            let file = aether_core::base::RelPath::root();
            let target = aether_core::code::AnchorTarget::Heading(Vec::new());
            let span = aether_core::base::ByteSpan::new(0, 1);
            draft.anchors.extend(aether_core::code::Anchor::new(file, target, "a", span));
        }
    }),
    ("body", |draft| match &mut draft.body {
        Body::Plan(plan) => plan.steps.push("one more".to_owned()),
        Body::Decide(decide) => decide.reason.push('x'),
        Body::Abstain(abstain) => abstain.reason.push('x'),
        Body::Note(note) => note.text.push('x'),
        Body::Scratch(scratch) => scratch.open_questions.clear(),
        other => *other = Body::Plan(Plan::default()),
    }),
    ("body", |draft| draft.body = Body::Plan(Plan::new(["of another kind"]))),
];

#[test]
fn every_seeded_divergence_is_found_where_it_is() {
    let tree = Tree::new();
    let mut seeded = 0;
    for seed in 0..TRACES {
        let bytes = trace(seed, &tree);
        let mut random = Random::new(seed);
        for (field, change) in SEEDED {
            let mut decider = follower(&bytes);
            let own: Vec<usize> =
                (0..decider.log.len()).filter(|at| !is_of_a_tool(&decider.log[*at])).collect();
            let at = random.pick(&own);
            decider.change = Some((at, *change));
            let found = replay_recorded(&bytes, &mut decider).expect_err("it diverges");
            assert_eq!(found.seq.get(), at as u64 + 1, "trace {seed}, {field}: {found}");
            let is_named = found.field == *field || found.field.starts_with(&format!("{field}."));
            assert!(is_named, "trace {seed}, {field}: {found}");
            assert_ne!(found.recorded, found.replayed);
            assert_eq!(decider.asked.last(), Some(&at), "nothing is asked behind a divergence");
            seeded += 1;
        }
    }
    assert_eq!(seeded, TRACES * SEEDED.len() as u64);
}

#[test]
fn a_decider_that_gives_up_diverges() {
    struct GivesUp;
    impl Decider for GivesUp {
        fn next(&mut self, _: &Header, _: &[Event]) -> Result<Draft, String> {
            Err("out of ideas".to_owned())
        }
    }
    let bytes = trace(0, &Tree::new());
    let found = replay_recorded(&bytes, &mut GivesUp).expect_err("it gives up");
    assert_eq!((found.seq.get(), found.replayed.as_str()), (1, "out of ideas"));
}

#[test]
fn a_damaged_log_is_not_replayed() {
    let bytes = trace(0, &Tree::new());
    let mut decider = follower(&bytes);
    let found = replay_recorded(&bytes[..bytes.len() - 1], &mut decider).expect_err("it is torn");
    assert_eq!(found.seq.get(), 0);
    assert!(found.recorded.contains("trace.text.torn"), "{found}");
    assert_eq!(decider.asked, Vec::<usize>::new());
}

#[track_caller]
fn check(then: &str, now: &str, expected: DivergenceClass) {
    let normalisers =
        (Normaliser::new(["/builds/one", "/builds/one/deep"]), Normaliser::new(["/other/two/", "C:\\two"]));
    let class = compare_outputs(Some((then, &normalisers.0)), Some((now, &normalisers.1)));
    assert_eq!(class, expected, "{then:?} {now:?}");
    let back = compare_outputs(Some((now, &normalisers.1)), Some((then, &normalisers.0)));
    assert_eq!(back, expected, "the other way round");
}

#[test]
fn outputs_are_equal_apart_from_what_varies() {
    use DivergenceClass::{Diverged, Identical, NormalisedEqual, SemanticEqual};

    check("same", "same", Identical);
    check("", "", Identical);
    // Folders.
    check("at /builds/one/src/a.rs:1", "at /other/two/src/a.rs:1", NormalisedEqual);
    check("at /builds/one", "at C:\\two", NormalisedEqual);
    check("at /builds/one/deep/a", "at /other/two/a", NormalisedEqual);
    check("at /builds/one-b/a", "at /other/two-b/a", Diverged);
    check("at /builds/one/a", "at /other/two/b", Diverged);
    // Times.
    check("finished in 1.25s", "finished in 12.5s", NormalisedEqual);
    check("took 1250 ms", "took 7 ms", NormalisedEqual);
    check("took 5µs.", "took 50µs.", NormalisedEqual);
    check("5 such lines", "6 such lines", Diverged);
    check("version 1.0.2s", "version 1.0.3s", Diverged);
    check("x86s", "x87s", Diverged);
    check("error[E0308]: 3", "error[E0308]: 4", Diverged);
    // Temporary names.
    check("in .tmpAb12Cd/x", "in .tmpZz99Yy/x", NormalisedEqual);
    check("in rustcQ1w2E3/x", "in rustcA9b8C7/x", NormalisedEqual);
    check("in tmpfiles/x", "in tmpfolds/x", Diverged);
    // Line breaks.
    check("a\r\nb", "a\nb", NormalisedEqual);
    // Order.
    check("a\nb\n", "b\na\n", SemanticEqual);
    check("a\na\nb\n", "a\nb\nb\n", Diverged);
    check("{\"a\":1,\"b\":[{\"c\":2,\"d\":3}]}\n", "{\"b\":[{\"d\":3,\"c\":2}],\"a\":1}\n", SemanticEqual);
    check("{\"a\":[1,2]}", "{\"a\":[2,1]}", Diverged);
    check("b in 1.5s\na\n", "a\nb in 1.7s\n", SemanticEqual);
}

#[test]
fn an_output_that_is_not_there_is_no_divergence() {
    let normaliser = Normaliser::default();
    let output = Some(("a", &normaliser));
    assert_eq!(compare_outputs(None, output), DivergenceClass::Unavailable);
    assert_eq!(compare_outputs(output, None), DivergenceClass::Unavailable);
}

proptest::proptest! {
    /// Normalising is done once: a second time changes nothing, and no text makes it fail.
    #[test]
    fn normalising_twice_is_normalising_once(
        words in proptest::collection::vec("\\PC{1,4}|[0-9.]{1,4}(s|ms)|/a/b|\\.tmp[a-zA-Z0-9]{6}", 0..20),
    ) {
        let normaliser = Normaliser::new(["/a/b", "/a", "relative", "/"]);
        let once = normaliser.normalise(&words.join(" , "));
        proptest::prop_assert_eq!(normaliser.normalise(&once), once);
    }
}
