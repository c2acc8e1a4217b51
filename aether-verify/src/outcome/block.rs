//! The tests of one program, between `running N tests` and the sum.

use std::collections::{BTreeMap, BTreeSet};

use aether_core::change::{
    BinaryEnd, OutputAnchor, OutputStream, TestBinary, TestBinaryId, TestCounts, TestOutcome, TestStatus,
};

use super::failure;
use super::line::{self, Sum, Verdict};
use crate::diag::ReadOptions;

/// What one program said.
#[derive(Debug)]
pub(super) struct Block {
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Where the list of those that failed begins, or else where it ends.
    end: usize,
    /// The line it begins in, from 1.
    first_line: u32,
    pub(super) binary: TestBinary,
    /// Whether it says that a test failed; not known where it is doubtful.
    pub(super) has_failed: Option<bool>,
}

impl Block {
    /// Whether all of its tests are examples of documentation; not known of none.
    pub(super) fn is_documentation(&self) -> Option<bool> {
        let outcomes = &self.binary.outcomes;
        let is_example = |it: &TestOutcome| it.name.contains(" - ") && it.name.contains("(line ");
        (!outcomes.is_empty()).then(|| outcomes.iter().all(is_example))
    }

    pub(super) fn into_binary(self) -> TestBinary {
        self.binary
    }
}

/// The programs that `text` tells of. None goes on beyond one of `borders`, where another program starts.
pub(super) fn read(
    text: &str,
    borders: &[usize],
    unfinished: TestStatus,
    options: &ReadOptions,
) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Reader<'_>> = None;
    let mut borders = borders.iter().peekable();
    let mut left = options.limits.max_tests;
    let (mut at, mut number) = (0, 0_u32);
    for raw in text.split_inclusive('\n') {
        let start = at;
        at += raw.len();
        number = number.saturating_add(1);
        let is_border = borders.next_if(|&&border| border <= start).is_some();
        let line = line::plain(raw.trim_end_matches(['\n', '\r']));
        let announced = line::announced(&line);
        if (is_border || announced.is_some())
            && let Some(reader) = open.take()
        {
            found.push(reader.close(None, start, unfinished));
        }
        if let Some(announced) = announced {
            open = Some(Reader::new(text, Line { start, end: at, number }, announced, left));
        } else if let Some(reader) = &mut open
            && let Some(sum) = reader.line(&line, Line { start, end: at, number })
            && let Some(reader) = open.take()
        {
            let block = reader.close(Some(sum), at, unfinished);
            left = left.saturating_sub(block.binary.outcomes.len());
            found.push(block);
        }
    }
    found.extend(open.map(|reader| reader.close(None, at, unfinished)));
    for block in &mut found {
        explain(block, text, options);
    }
    found
}

/// Where a reader is.
enum Part {
    /// Among the outcomes.
    Outcomes,
    /// Behind them, where what tests wrote is shown.
    Captured,
    /// Among the names of those that failed.
    Names,
}

struct Told {
    outcome: TestOutcome,
    line: Line,
}

/// A part of the text.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    /// Number of the line it begins in, from 1.
    number: u32,
}

impl Line {
    fn cite(self, text: &str) -> Option<OutputAnchor> {
        let start = u32::try_from(self.start).ok()?;
        OutputAnchor::at(OutputStream::Stdout, start, self.number, text.get(self.start..self.end)?)
    }
}

struct Reader<'a> {
    text: &'a str,
    first: Line,
    announced: u32,
    max: usize,
    part: Part,
    told: Vec<Told>,
    /// How many of them came out how.
    counts: TestCounts,
    /// Names of those of them that failed.
    failures: BTreeSet<String>,
    /// Lines that end like an outcome and begin with something else.
    embedded: Vec<Told>,
    /// A test that was begun, its line, and the last line since.
    pending: Option<(String, Line, String)>,
    /// A sum that is not that of the outcomes.
    doubtful_sum: Option<Sum>,
    /// Names in the list of those that failed.
    failed: BTreeSet<String>,
    /// Where that list begins.
    listed_at: Option<usize>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, first: Line, announced: u32, max: usize) -> Self {
        Self {
            text,
            first,
            announced,
            max,
            part: Part::Outcomes,
            told: Vec::new(),
            counts: TestCounts::default(),
            failures: BTreeSet::new(),
            embedded: Vec::new(),
            pending: None,
            doubtful_sum: None,
            failed: BTreeSet::new(),
            listed_at: None,
        }
    }

    /// Takes a line; gives the sum if it is the one that the program ends with.
    fn line(&mut self, line: &str, span: Line) -> Option<Sum> {
        if let Some(sum) = line::sum(line) {
            self.settle();
            if self.agrees(sum) {
                return Some(sum);
            }
            // A test may have written it. The true one is the last.
            self.doubtful_sum = Some(sum);
            return None;
        }
        match self.part {
            Part::Outcomes if line == "failures:" || line == "successes:" => {
                self.settle();
                if self.is_full() {
                    self.part = Part::Captured;
                }
            }
            Part::Outcomes => self.outcome(line, span),
            _ if line::captured(line).is_some() || line == "successes:" => self.part = Part::Captured,
            // What a test shows may look like a list: the true one is the last.
            _ if line == "failures:" => {
                self.failed.clear();
                self.listed_at = Some(span.start);
                self.part = Part::Names;
            }
            Part::Names => match line.strip_prefix("    ") {
                Some(name) => drop(self.failed.insert(name.to_owned())),
                None if line.is_empty() => {}
                None => self.part = Part::Captured,
            },
            Part::Captured => {}
        }
        None
    }

    fn outcome(&mut self, line: &str, span: Line) {
        let told = line::started(line);
        if let Some((_, _, last)) = &mut self.pending {
            // In one thread, a test is begun after the one before has ended, so what comes earlier was written
            // by that one.
            if told.is_none() || line::verdict_at_end(last).is_none() {
                if !line.is_empty() {
                    line.clone_into(last);
                }
                return;
            }
            self.end_pending();
        }
        if let Some((name, rest)) = told {
            match line::verdict(rest) {
                Some(verdict) => self.push(name, verdict, span),
                None => self.pending = Some((name.to_owned(), span, rest.to_owned())),
            }
        } else if let Some(at) = line.rfind("test ")
            && let Some((name, rest)) = line::started(&line[at..])
            && let Some(verdict) = line::verdict(rest)
            && self.embedded.len() < self.max
        {
            self.embedded.push(Told { outcome: outcome(name, verdict), line: span });
        }
    }

    fn push(&mut self, name: &str, verdict: Verdict, line: Line) {
        if self.told.len() < self.max {
            self.tell(Told { outcome: outcome(name, verdict), line });
        }
    }

    fn tell(&mut self, told: Told) {
        match told.outcome.status {
            TestStatus::Passed => self.counts.passed += 1,
            TestStatus::Ignored => self.counts.ignored += 1,
            _ => {
                self.counts.failed += 1;
                self.failures.insert(told.outcome.name.clone());
            }
        }
        self.told.push(told);
    }

    /// Ends a test that was begun, if the last line since tells how.
    fn end_pending(&mut self) {
        if let Some((name, line, last)) = self.pending.take() {
            match line::verdict_at_end(&last) {
                Some(verdict) => self.push(&name, verdict, line),
                None => self.pending = Some((name, line, last)),
            }
        }
    }

    /// Takes what was left open, where that is what is missing.
    fn settle(&mut self) {
        self.end_pending();
        if !self.is_full() && self.told.len() + self.embedded.len() == self.announced as usize {
            for told in std::mem::take(&mut self.embedded) {
                self.tell(told);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.told.len() == self.announced as usize
    }

    /// Whether `sum` is that of the outcomes. Its parts are compared one by one, in 64 bits, because a test
    /// may have written them.
    fn agrees(&self, sum: Sum) -> bool {
        self.is_full()
            && self.pending.is_none()
            && u64::from(self.counts.passed) == u64::from(sum.passed) + u64::from(sum.measured)
            && self.counts.failed == sum.failed
            && self.counts.ignored == sum.ignored
            && sum.is_ok == (sum.failed == 0)
            && self.failed.is_subset(&self.failures)
    }

    fn close(mut self, sum: Option<Sum>, end: usize, unfinished: TestStatus) -> Block {
        let mut binary = TestBinary::new(TestBinaryId::default(), self.announced);
        binary.end = match (sum, self.doubtful_sum) {
            (Some(_), _) => BinaryEnd::Complete,
            (None, Some(_)) => BinaryEnd::Doubtful,
            (None, None) => BinaryEnd::Aborted,
        };
        let told = sum.or(self.doubtful_sum);
        binary.filtered_out = told.map_or(0, |sum| sum.filtered_out);
        binary.duration_ms = told.and_then(|sum| sum.duration_ms);
        if sum.is_none() {
            // Whoever is in the list of failures failed, whatever a line says.
            for told in &mut self.told {
                if self.failed.contains(&told.outcome.name) {
                    told.outcome.status = TestStatus::Failed;
                }
            }
            if let Some((name, line, _)) = self.pending.take() {
                self.told.push(Told { outcome: TestOutcome::new(name, unfinished), line });
            }
        }
        for told in self.told {
            let mut outcome = told.outcome;
            outcome.output = told.line.cite(self.text);
            binary.outcomes.push(outcome);
        }
        binary.outcomes.sort_by(|a, b| a.name.cmp(&b.name));
        let has_failed = match binary.end {
            BinaryEnd::Complete => sum.map(|sum| !sum.is_ok),
            BinaryEnd::Aborted => Some(true),
            _ => None,
        };
        Block {
            start: self.first.start,
            end: self.listed_at.unwrap_or(end),
            first_line: self.first.number,
            binary,
            has_failed,
        }
    }
}

fn outcome(name: &str, verdict: Verdict) -> TestOutcome {
    let mut outcome = TestOutcome::new(name, verdict.status);
    outcome.reason = verdict.reason;
    outcome.duration_ms = verdict.duration_ms;
    outcome
}

/// What was captured of each test that failed, told beside its outcome.
fn explain(block: &mut Block, text: &str, options: &ReadOptions) {
    let mut failed: BTreeMap<String, usize> = BTreeMap::new();
    for (index, outcome) in block.binary.outcomes.iter().enumerate() {
        if outcome.status.is_failure() {
            failed.entry(outcome.name.clone()).or_insert(index);
        }
    }
    let (mut at, mut number) = (block.start, block.first_line.saturating_sub(1));
    let mut current: Option<(usize, Line)> = None;
    let outcomes = &mut block.binary.outcomes;
    let mut end = |current: &mut Option<(usize, Line)>, at: usize| {
        let Some((index, mut part)) = current.take() else { return };
        part.end = at;
        let (Some(outcome), Some(output)) = (outcomes.get_mut(index), text.get(part.start..at)) else {
            return;
        };
        let body = output.split_once('\n').map_or("", |(_, body)| body);
        (outcome.message, outcome.panic) = failure::read(&outcome.name, &line::plain(body), options);
        outcome.output = part.cite(text).or(outcome.output.take());
    };
    for raw in text[block.start..block.end].split_inclusive('\n') {
        let start = at;
        at += raw.len();
        number = number.saturating_add(1);
        let line = line::plain(raw.trim_end_matches(['\n', '\r']));
        // A name is taken once, so what a test shows cannot put words into another one's mouth twice.
        if let Some(index) = line::captured(&line).and_then(|name| failed.remove(name)) {
            end(&mut current, start);
            current = Some((index, Line { start, end: at, number }));
        }
    }
    end(&mut current, at);
}
