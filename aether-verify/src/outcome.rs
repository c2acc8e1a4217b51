//! A reader of what tests write: the text of libtest, made into one outcome for each test.

mod block;
mod failure;
mod line;
mod pairing;
mod section;

use aether_core::change::{TestRun, TestStatus};

use crate::diag::{Artifact, ReadOptions};

/// How a run ended that is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RunEnd {
    /// By itself.
    ByItself,
    /// It was killed because its time was over: a test that was begun and not ended has timed out.
    TimedOut,
}

/// Reads the outcomes of tests from both outputs of `cargo test`, or of a program of tests.
///
/// The form is the one that libtest prints for people, which is its only stable one; JSON between the lines,
/// colours and other text are skipped. What cargo says on standard error about the programs that it runs may
/// also stand in `stdout`, where the caller has both in one text. `artifacts` are those of
/// [`read_cargo`](crate::read_cargo) on the same `stdout`; they tell the package and the target of a program,
/// and without them only what cargo's words tell is known.
///
/// # What is believed
///
/// An outcome counts only between `running N tests` and the result that the program sums up, and only until
/// N are known. What a test prints is captured by libtest and shown behind the outcomes, where no line is
/// taken for one. A line that a test writes past the capture can look like an outcome: then the list does not
/// add up to the sum, and the program is marked as [`Doubtful`](aether_core::change::BinaryEnd::Doubtful). A
/// program that ends without a sum is marked as [`Aborted`](aether_core::change::BinaryEnd::Aborted), and
/// the tests that it did not tell of are unknown, never passed. A program that prints a whole forged list and
/// leaves with code 0 cannot be told from an honest one.
///
/// Programs and the words of cargo on them come in two streams and are paired by their order, which ones
/// failed, and which hold examples of documentation. Where that leaves a choice, as beside a harness of
/// another form, the target of the program stays unknown.
///
/// Not read: the short form (`--quiet`), which tells no names; its programs are doubtful.
///
/// # Examples
///
/// ```
/// use aether_core::change::TestStatus;
/// use aether_verify::{ReadOptions, RunEnd, read_tests};
/// let stdout = "
/// running 2 tests
/// test adds ... ok
/// test divides ... FAILED
///
/// failures:
///
/// ---- divides stdout ----
///
/// thread 'divides' panicked at src/lib.rs:9:5:
/// attempt to divide by zero
///
/// failures:
///     divides
///
/// test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
/// ";
/// let run = read_tests(stdout, "", &[], RunEnd::ByItself, &ReadOptions::new("/w".as_ref()));
/// let divides = &run.binaries[0].outcomes[1];
/// assert_eq!((divides.status, divides.panic.as_ref().map(|it| it.at.line)), (TestStatus::Failed, Some(9)));
/// ```
#[must_use]
pub fn read_tests(
    stdout: &str,
    stderr: &str,
    artifacts: &[Artifact],
    end: RunEnd,
    options: &ReadOptions,
) -> TestRun {
    let unfinished = match end {
        RunEnd::ByItself => TestStatus::Unfinished,
        RunEnd::TimedOut => TestStatus::TimedOut,
    };
    let inside = section::read(stdout, artifacts);
    let apart = section::read(stderr, artifacts);
    let mut blocks = block::read(stdout, &inside.starts(), unfinished, options);
    pairing::pair(&mut blocks, &inside.sections, &apart.sections);
    let mut not_built = apart.not_built;
    not_built.extend(inside.not_built);
    not_built.sort();
    not_built.dedup();
    TestRun::new(blocks.into_iter().map(block::Block::into_binary).collect(), not_built)
}
