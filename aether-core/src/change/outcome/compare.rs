//! What a change did to the tests: which of them fail because of it, and which only sometimes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{BinaryEnd, TestBinaryId, TestRun, TestStatus};
use crate::change::BuildTarget;

/// A test before and after a change.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ComparedTest {
    /// The program that has it.
    pub binary: TestBinaryId,
    /// Its name, as it is now, or as it was where it is gone.
    pub name: String,
    /// What came of it before; absent where nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<TestStatus>,
    /// What came of it after; absent where nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<TestStatus>,
}

/// What a change did to the tests.
///
/// Tests that passed before and after, and those that were ignored before and after, are in no list.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestComparison {
    /// They passed before, and fail now whenever they are run.
    pub regressions: Vec<ComparedTest>,
    /// They failed before, or did not end, and pass now whenever they are run.
    pub fixed: Vec<ComparedTest>,
    /// They failed before, or did not end, and do so now.
    pub still_failing: Vec<ComparedTest>,
    /// They passed and failed, or were not told of, after the same change.
    pub flaky: Vec<ComparedTest>,
    /// They were not run before.
    pub new: Vec<ComparedTest>,
    /// They were there before and are not there now.
    pub gone: Vec<ComparedTest>,
    /// They ran before and are ignored now.
    pub silenced: Vec<ComparedTest>,
    /// They ran before, and nothing is known of them now: their program ended early, listed something else
    /// than it counted, or was not built.
    pub unknown: Vec<ComparedTest>,
    /// Programs that said all that they had to say before, and did not after; and what was not built now and
    /// was before.
    pub broken: Vec<TestBinaryId>,
}

impl TestComparison {
    /// Compares the tests before a change with those after it, and with those of further runs after it, in
    /// which those that failed were run again.
    ///
    /// A test that passed before and fails now is a regression, unless it passes in at least one further
    /// run: then it is flaky. A test that failed before and passes now is fixed, unless it fails in a further
    /// run: then it is flaky as well. A test that failed before is never a regression.
    ///
    /// A test is known by its package without the version, its target and its name. Of examples in
    /// documentation the line is left out, because it moves; those of one item are paired in their order.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::change::{
    ///     BinaryEnd, TestBinary, TestBinaryId, TestComparison, TestOutcome, TestRun, TestStatus,
    /// };
    /// let run = |status| {
    ///     let mut binary = TestBinary::new(TestBinaryId::default(), 1);
    ///     binary.end = BinaryEnd::Complete;
    ///     binary.outcomes.push(TestOutcome::new("works", status));
    ///     TestRun::new(vec![binary], vec![])
    /// };
    /// let (passed, failed) = (run(TestStatus::Passed), run(TestStatus::Failed));
    /// assert_eq!(TestComparison::of(&passed, &failed, &[]).regressions[0].name, "works");
    /// assert_eq!(TestComparison::of(&passed, &failed, &[passed.clone()]).flaky[0].name, "works");
    /// ```
    #[must_use]
    pub fn of(before: &TestRun, after: &TestRun, reruns: &[TestRun]) -> Self {
        let (old, new) = (Tests::of(before), Tests::of(after));
        let reruns: Vec<Tests<'_>> = reruns.iter().map(Tests::of).collect();
        let mut found = Self::default();
        let keys: BTreeSet<&Key<'_>> = old.tests.keys().chain(new.tests.keys()).collect();
        for key in keys {
            let (was, is) = (old.tests.get(key), new.tests.get(key));
            let Some(told) = is.or(was) else { continue };
            let again: Vec<TestStatus> =
                reruns.iter().filter_map(|it| it.tests.get(key)).map(|it| it.status).collect();
            let list = match (was.map(|it| it.status), is.map(|it| it.status)) {
                (Some(TestStatus::Passed), Some(TestStatus::Passed))
                | (Some(TestStatus::Ignored), Some(TestStatus::Ignored)) => continue,
                (None | Some(TestStatus::Ignored), Some(_)) => &mut found.new,
                (Some(_), Some(TestStatus::Ignored)) => &mut found.silenced,
                (Some(TestStatus::Passed), Some(status)) if status.is_failure() => {
                    if again.contains(&TestStatus::Passed) {
                        &mut found.flaky
                    } else {
                        &mut found.regressions
                    }
                }
                (Some(_), Some(TestStatus::Passed)) => {
                    let fails = again.iter().any(|status| status.is_failure());
                    if fails { &mut found.flaky } else { &mut found.fixed }
                }
                (Some(was), Some(_)) if was != TestStatus::Passed => &mut found.still_failing,
                // Begun and not ended, or not told of.
                (_, is) => {
                    let is_gone = is.is_none() && new.says_all(&key.binary);
                    if is_gone {
                        &mut found.gone
                    } else if again.contains(&TestStatus::Passed) {
                        &mut found.flaky
                    } else {
                        &mut found.unknown
                    }
                }
            };
            list.push(ComparedTest {
                binary: told.binary.clone(),
                name: told.name.to_owned(),
                before: was.map(|it| it.status),
                after: is.map(|it| it.status),
            });
        }
        found.broken = broken(&old, &new, after);
        found
    }

    /// The tests that were not there or not run before and fail now.
    pub fn new_failures(&self) -> impl Iterator<Item = &ComparedTest> {
        let is_failure =
            |test: &&ComparedTest| !matches!(test.after, Some(TestStatus::Passed | TestStatus::Ignored));
        self.new.iter().filter(is_failure)
    }

    /// Whether the change must not be kept: a test fails, is gone, is silenced or is not known of that was
    /// well before, or a new one fails. Flaky tests and those that failed before do not block.
    ///
    /// A caller who was asked to remove or to ignore a test looks at the lists instead.
    #[must_use]
    pub fn blocks(&self) -> bool {
        !(self.regressions.is_empty()
            && self.gone.is_empty()
            && self.silenced.is_empty()
            && self.unknown.is_empty()
            && self.broken.is_empty())
            || self.new_failures().next().is_some()
    }
}

/// What a test is known by across runs.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
struct Key<'a> {
    binary: BinaryKey<'a>,
    /// The name without the line of an example in documentation.
    stem: (&'a str, &'a str),
    /// Its position among those that are equal in all of that.
    occurrence: usize,
}

/// A package without its version, and a target.
type BinaryKey<'a> = (Option<&'a str>, Option<&'a BuildTarget>);

struct Told<'a> {
    binary: &'a TestBinaryId,
    name: &'a str,
    status: TestStatus,
}

/// The tests of a run, to be asked for by key.
struct Tests<'a> {
    tests: BTreeMap<Key<'a>, Told<'a>>,
    /// The least sound end of the programs of each key.
    ends: BTreeMap<BinaryKey<'a>, (BinaryEnd, &'a TestBinaryId)>,
    not_built: BTreeSet<BinaryKey<'a>>,
    is_whole: bool,
}

impl<'a> Tests<'a> {
    fn of(run: &'a TestRun) -> Self {
        let mut tests = Self {
            tests: BTreeMap::new(),
            ends: BTreeMap::new(),
            not_built: run.not_built.iter().map(binary_key).collect(),
            is_whole: run.not_built.is_empty() && run.binaries.iter().all(|it| it.end == BinaryEnd::Complete),
        };
        let mut told: Vec<(BinaryKey<'a>, (&str, &str), u32, Told<'a>)> = Vec::new();
        for binary in &run.binaries {
            let key = binary_key(&binary.id);
            let end = tests.ends.entry(key).or_insert((binary.end, &binary.id));
            end.0 = end.0.max(binary.end);
            for outcome in &binary.outcomes {
                let (head, line, tail) = split_line(&outcome.name);
                let test = Told { binary: &binary.id, name: &outcome.name, status: outcome.status };
                told.push((key, (head, tail), line, test));
            }
        }
        // Stable: programs of one key, and tests of one name, stay in the order in which they ran.
        told.sort_by_key(|&(binary, stem, line, _)| (binary, stem, line));
        let mut last = None;
        let mut occurrence = 0;
        for (binary, stem, _, test) in told {
            occurrence = if last == Some((binary, stem)) { occurrence + 1 } else { 0 };
            last = Some((binary, stem));
            tests.tests.insert(Key { binary, stem, occurrence }, test);
        }
        tests
    }

    /// Whether a test that was not told of is not there.
    fn says_all(&self, binary: &BinaryKey<'_>) -> bool {
        match self.ends.get(binary) {
            Some((end, _)) => *end == BinaryEnd::Complete,
            // The program itself is not there, which is only sure where all others are.
            None => self.is_whole,
        }
    }
}

fn binary_key(id: &TestBinaryId) -> BinaryKey<'_> {
    let name = id.package.as_deref().map(|package| package.split('@').next().unwrap_or(package));
    (name, id.target.as_ref())
}

/// A name before and behind its line, and the line: `src/lib.rs - f (line 12) - compile fail`.
fn split_line(name: &str) -> (&str, u32, &str) {
    let parts = || {
        let (head, rest) = name.split_once(" (line ")?;
        let (digits, tail) = rest.split_once(')')?;
        Some((head, digits.parse().ok()?, tail))
    };
    parts().unwrap_or((name, 0, ""))
}

fn broken(old: &Tests<'_>, new: &Tests<'_>, after: &TestRun) -> Vec<TestBinaryId> {
    let ended = new
        .ends
        .iter()
        .filter(|(key, (end, _))| *end > old.ends.get(*key).map_or(BinaryEnd::Complete, |(end, _)| *end));
    let mut found: Vec<TestBinaryId> = ended.map(|(_, (_, id))| (*id).clone()).collect();
    found.extend(after.not_built.iter().filter(|id| !old.not_built.contains(&binary_key(id))).cloned());
    found.sort();
    found.dedup();
    found
}
