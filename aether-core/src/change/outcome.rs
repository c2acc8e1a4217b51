//! What came of tests, one by one, and what a change did to them.

mod compare;

use serde::{Deserialize, Serialize};

pub use compare::{ComparedTest, TestComparison};

use super::{BuildTarget, Place, Position};
use crate::base::{ByteSpan, LineSpan, Sha256Hash};

/// Version of the records of tests. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// What came of a test. An old reader takes an unknown value for an error, so a new one comes with a new
/// schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TestStatus {
    /// It ran and all was well.
    Passed,
    /// It ran and something was not.
    Failed,
    /// It was not run because it says so.
    Ignored,
    /// It was ended because its time was over.
    TimedOut,
    /// It was begun, and the program ended before it did.
    Unfinished,
}

impl TestStatus {
    /// Whether it ran and something was wrong.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut)
    }
}

/// Which of the two outputs of a run.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutputStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A part of what a run wrote, as its report keeps it.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OutputAnchor {
    /// Which output.
    pub stream: OutputStream,
    /// The bytes.
    pub bytes: ByteSpan,
    /// The lines, from 1.
    pub lines: LineSpan,
    /// SHA-256 of the bytes.
    pub hash: Sha256Hash,
}

impl OutputAnchor {
    /// Cites `bytes` of an output, or nothing where they do not fit it. Reads all that is in front of them.
    #[must_use]
    pub fn new(stream: OutputStream, output: &str, bytes: ByteSpan) -> Option<Self> {
        let cited = bytes.slice(output)?;
        let first = 1 + count_breaks(output.get(..bytes.start as usize)?);
        Self::at(stream, bytes.start, first, cited)
    }

    /// Cites a text that stands at the byte `start` of an output, in the line `first`, which counts from 1.
    /// Nothing where it reaches behind what 32 bits can tell.
    #[must_use]
    pub fn at(stream: OutputStream, start: u32, first: u32, cited: &str) -> Option<Self> {
        let end = start.checked_add(u32::try_from(cited.len()).ok()?)?;
        let last = first.checked_add(count_breaks(cited.strip_suffix('\n').unwrap_or(cited)))?;
        let hash = Sha256Hash::of(cited.as_bytes());
        Some(Self { stream, bytes: ByteSpan::new(start, end), lines: LineSpan { first, last }, hash })
    }
}

fn count_breaks(text: &str) -> u32 {
    text.bytes().filter(|&byte| byte == b'\n').count() as u32
}

/// Where a test panicked.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PanicSite {
    /// The file.
    pub place: Place,
    /// Where in it. The column counts characters.
    pub at: Position,
}

impl PanicSite {
    /// A site.
    #[must_use]
    pub fn new(place: Place, at: Position) -> Self {
        Self { place, at }
    }
}

/// What came of one test.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestOutcome {
    /// Its name as the program tells it: `tests::adds`, or `src/lib.rs - adds (line 12)` for an example in
    /// documentation.
    pub name: String,
    /// What came of it.
    pub status: TestStatus,
    /// Why it is ignored, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The first lines of what a failure says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Where it panicked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panic: Option<PanicSite>,
    /// What it wrote, where the run tells it, or else the line that tells the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<OutputAnchor>,
    /// How long it took, in milliseconds, where the run tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

impl TestOutcome {
    /// An outcome of which nothing else is known.
    #[must_use]
    pub fn new(name: impl Into<String>, status: TestStatus) -> Self {
        Self {
            name: name.into(),
            status,
            reason: None,
            message: None,
            panic: None,
            output: None,
            duration_ms: None,
        }
    }
}

/// Which program ran tests.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestBinaryId {
    /// The package, as `name@version`, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The part of it, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<BuildTarget>,
}

impl TestBinaryId {
    /// A program.
    #[must_use]
    pub fn new(package: Option<String>, target: Option<BuildTarget>) -> Self {
        Self { package, target }
    }
}

/// Whether a program that ran tests said all that it had to say. An old reader takes an unknown value for an
/// error, so a new one comes with a new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BinaryEnd {
    /// It did, and what it counted is what it listed.
    Complete,
    /// It listed something else than it counted, so that an outcome may be missing or made up.
    Doubtful,
    /// It ended before all of its tests did.
    Aborted,
}

/// What came of the tests of one program.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestBinary {
    /// Which program.
    pub id: TestBinaryId,
    /// How many tests it said that it runs, those that are ignored included.
    pub announced: u32,
    /// How many tests it has and was told not to run.
    pub filtered_out: u32,
    /// Whether it said all that it had to say.
    pub end: BinaryEnd,
    /// How long it took, in milliseconds, where it tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// What came of its tests, in the order of their names.
    pub outcomes: Vec<TestOutcome>,
}

impl TestBinary {
    /// A program that announced tests and said nothing more.
    #[must_use]
    pub fn new(id: TestBinaryId, announced: u32) -> Self {
        Self {
            id,
            announced,
            filtered_out: 0,
            end: BinaryEnd::Aborted,
            duration_ms: None,
            outcomes: Vec::new(),
        }
    }

    /// How many of the announced tests are not known by name: nothing may be concluded of them.
    #[must_use]
    pub fn unreported(&self) -> u32 {
        self.announced.saturating_sub(u32::try_from(self.outcomes.len()).unwrap_or(u32::MAX))
    }
}

/// How many tests came out how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestCounts {
    /// Passed.
    pub passed: u32,
    /// Failed.
    pub failed: u32,
    /// Ignored.
    pub ignored: u32,
    /// Ended because their time was over.
    pub timed_out: u32,
    /// Begun and not ended, or announced and never told of.
    pub unknown: u32,
}

/// What came of all tests of one run.
///
/// A run in which nothing was built, one that had no tests and one in which all passed are told apart:
/// see [`TestRun::not_built`], [`TestRun::is_empty`] and [`TestRun::is_green`].
///
/// # Examples
///
/// ```
/// use aether_core::change::TestRun;
/// let run = TestRun::default();
/// assert!(run.is_empty() && !run.is_green());
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TestRun {
    /// What each program said, in the order in which they ran.
    pub binaries: Vec<TestBinary>,
    /// What could not be built, so that its tests did not run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_built: Vec<TestBinaryId>,
}

impl TestRun {
    /// A run.
    #[must_use]
    pub fn new(binaries: Vec<TestBinary>, not_built: Vec<TestBinaryId>) -> Self {
        Self { binaries, not_built }
    }

    /// Whether no test was collected at all, which proves nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.binaries.iter().all(|binary| binary.announced == 0 && binary.outcomes.is_empty())
    }

    /// How many tests came out how.
    #[must_use]
    pub fn counts(&self) -> TestCounts {
        let mut counts = TestCounts::default();
        for binary in &self.binaries {
            for outcome in &binary.outcomes {
                let count = match outcome.status {
                    TestStatus::Passed => &mut counts.passed,
                    TestStatus::Failed => &mut counts.failed,
                    TestStatus::Ignored => &mut counts.ignored,
                    TestStatus::TimedOut => &mut counts.timed_out,
                    TestStatus::Unfinished => &mut counts.unknown,
                };
                *count = count.saturating_add(1);
            }
            counts.unknown = counts.unknown.saturating_add(binary.unreported());
        }
        counts
    }

    /// Whether at least one test passed, none did anything else but being ignored, everything was built and
    /// every program said all that it had to say.
    #[must_use]
    pub fn is_green(&self) -> bool {
        let counts = self.counts();
        counts.passed > 0
            && [counts.failed, counts.timed_out, counts.unknown] == [0, 0, 0]
            && self.not_built.is_empty()
            && self.binaries.iter().all(|binary| binary.end == BinaryEnd::Complete)
    }
}
