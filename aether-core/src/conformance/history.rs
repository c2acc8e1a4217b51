//! Rules of [`HistoryStore`](crate::port::HistoryStore).

use super::fixtures::{FileBuilder, full_delta};
use super::{expect_eq, ok};
use crate::base::{ErrorCode, RelPath, Timestamp};
use crate::code::{Commit, Confidence, LineageCause, LineageLink, Sir, SirVersion, SymbolId};
use crate::port::{CommitVersions, Store};

/// Checks the history of a store: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_history};
/// check_history(&|| Box::new(MemoryStore::default()));
/// ```
pub fn check_history(make: &dyn Fn() -> Box<dyn Store>) {
    versions_come_back_as_they_were(make);
    a_commit_told_again_replaces_what_was_told(make);
    another_maker_begins_anew(make);
    a_version_of_another_commit_is_refused(make);
    history_outlives_the_index(make);
    states_that_were_seen_stay(make);
}

const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";

fn id(number: u8) -> SymbolId {
    SymbolId::from_bytes([number; 16])
}

fn version(symbol: SymbolId, commit: &str, intent: Option<&str>) -> SirVersion {
    let sir = intent.map(|intent| Sir::new(intent, Confidence::from_thousandths(900)));
    SirVersion::new(
        symbol,
        "a::b",
        RelPath::new("src/é.rs").unwrap_or_else(|_| RelPath::root()),
        Some(commit),
        sir,
    )
}

fn told(id: &str, versions: Vec<SirVersion>, links: Vec<LineageLink>) -> CommitVersions {
    let commit = Commit {
        id: id.to_owned(),
        parent: None,
        committed_at: Timestamp::from_unix_ms(1_700_000_000_000),
        author: "A".to_owned(),
        summary: "does it".to_owned(),
    };
    CommitVersions::new(commit, versions, links)
}

fn versions_come_back_as_they_were(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "history: versions and links come back as they were");
    let link = LineageLink::new(id(1), id(2), LineageCause::Move);
    let (one, gone, two) =
        (version(id(1), ONE, Some("one")), version(id(1), TWO, None), version(id(2), TWO, Some("two")));
    let commits = [
        told(ONE, vec![one.clone()], vec![]),
        told(TWO, vec![gone.clone(), two.clone()], vec![link.clone()]),
    ];
    ok(rule, store.apply_history("m", &commits));
    expect_eq(rule, ok(rule, store.versions(&[id(1)])), vec![one, gone]);
    expect_eq(rule, ok(rule, store.versions(&[id(2), id(9)])), vec![two]);
    for symbol in [id(1), id(2)] {
        expect_eq(rule, ok(rule, store.version_links(&[symbol])), vec![(link.clone(), TWO.to_owned())]);
    }
    expect_eq(rule, ok(rule, store.version_links(&[id(1), id(2)])), vec![(link, TWO.to_owned())]);
    expect_eq(rule, ok(rule, store.version_links(&[id(9)])), vec![]);
    expect_eq(
        rule,
        ok(rule, store.known_commits("m")),
        vec![(ONE.to_owned(), false), (TWO.to_owned(), false)],
    );
}

fn a_commit_told_again_replaces_what_was_told(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "history: a commit that is told again replaces what was told");
    let link = LineageLink::new(id(1), id(2), LineageCause::Move);
    let first = told(ONE, vec![version(id(1), ONE, Some("one")), version(id(2), ONE, Some("x"))], vec![link]);
    let other = told(TWO, vec![version(id(1), TWO, Some("two"))], vec![]);
    ok(rule, store.apply_history("m", &[first, other]));
    let again = version(id(1), ONE, Some("again"));
    let mut second = told(ONE, vec![again.clone()], vec![]);
    second.is_from_nothing = true;
    ok(rule, store.apply_history("m", &[second]));
    let found = ok(rule, store.versions(&[id(1)]));
    expect_eq(rule, found.len(), 2);
    expect_eq(rule, found.contains(&again), true);
    expect_eq(rule, ok(rule, store.versions(&[id(2)])).len(), 0);
    expect_eq(rule, ok(rule, store.version_links(&[id(1)])).len(), 0);
    let known = vec![(ONE.to_owned(), true), (TWO.to_owned(), false)];
    expect_eq(rule, ok(rule, store.known_commits("m")), known);
}

fn another_maker_begins_anew(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "history: what another maker derived is dropped");
    ok(rule, store.apply_history("m", &[told(ONE, vec![version(id(1), ONE, Some("one"))], vec![])]));
    expect_eq(rule, ok(rule, store.known_commits("n")), vec![]);
    ok(rule, store.apply_history("n", &[told(TWO, vec![], vec![])]));
    expect_eq(rule, ok(rule, store.known_commits("m")), vec![]);
    expect_eq(rule, ok(rule, store.known_commits("n")), vec![(TWO.to_owned(), false)]);
    expect_eq(rule, ok(rule, store.versions(&[id(1)])), vec![]);
}

fn a_version_of_another_commit_is_refused(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "history: a version of another commit is refused, with all that came along");
    let wrong = [told(ONE, vec![], vec![]), told(TWO, vec![version(id(1), ONE, Some("one"))], vec![])];
    let refused = store.apply_history("m", &wrong).err().map(|error| error.code().clone());
    expect_eq(rule, refused, Some(ErrorCode::INTERNAL));
    expect_eq(rule, ok(rule, store.known_commits("m")), vec![]);
}

fn history_outlives_the_index(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "history: an index built anew leaves it, and the digest does not see it");
    ok(rule, store.apply(&full_delta([FileBuilder::new("src/lib.rs").build()]), None));
    let digest = ok(rule, store.digest());
    ok(rule, store.apply_history("m", &[told(ONE, vec![version(id(1), ONE, Some("one"))], vec![])]));
    expect_eq(rule, ok(rule, store.digest()), digest);
    ok(rule, store.apply(&full_delta([FileBuilder::new("src/lib.rs").build()]), None));
    expect_eq(rule, ok(rule, store.versions(&[id(1)])).len(), 1);
}

fn states_that_were_seen_stay(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "history: states that were seen stay, whoever derives records later");
    let seen = |number: u64, versions: &[(u8, Option<&str>)]| {
        let commit = Commit::seen(number, Timestamp::from_unix_ms(number as i64), None);
        let versions = versions.iter().map(|(symbol, intent)| version(id(*symbol), &commit.id, *intent));
        let versions = versions.collect();
        CommitVersions::new(commit, versions, Vec::new())
    };
    let first = seen(9, &[(1, Some("one")), (2, Some("two")), (3, Some("three"))]);
    let second = seen(10, &[(1, Some("more")), (2, None)]);
    ok(rule, store.apply_history("m", std::slice::from_ref(&first)));
    ok(rule, store.apply_history("n", std::slice::from_ref(&second)));
    ok(rule, store.apply_history("o", &[told(ONE, vec![version(id(1), ONE, Some("x"))], vec![])]));
    let states = vec![(first.commit, "m".to_owned()), (second.commit, "n".to_owned())];
    expect_eq(rule, ok(rule, store.seen_states()), states);
    let hash = |told: &[SirVersion], at: usize| told[at].sir_hash;
    let last = vec![(id(1), hash(&second.versions, 0)), (id(2), None), (id(3), hash(&first.versions, 2))];
    expect_eq(rule, ok(rule, store.last_seen()), last);
    expect_eq(rule, ok(rule, store.versions(&[id(1)])).len(), 3);
    let rule = "history: a state that was seen is never told again";
    let again = seen(10, &[(3, None)]);
    let refused = store.apply_history("n", &[again]).err().map(|error| error.code().clone());
    expect_eq(rule, refused, Some(ErrorCode::STORE_CONFLICT));
    expect_eq(rule, ok(rule, store.versions(&[id(3)])).len(), 1);
    let rule = "history: what was seen is no commit";
    expect_eq(rule, ok(rule, store.known_commits("m")), vec![]);
    expect_eq(rule, ok(rule, store.known_commits("n")), vec![]);
    ok(rule, store.apply_history("p", &[told(TWO, vec![], vec![])]));
    expect_eq(rule, ok(rule, store.versions(&[id(1)])).len(), 2);
}
