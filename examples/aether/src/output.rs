//! Standard output and standard error: lines for a person, or one JSON object.

use std::io::{self, BufWriter, Stderr, Stdout, Write};

use aether_core::authority::PolicyProfile;
use aether_core::base::ConfigWarning;
use aether_core::code::{ANSWER_SCHEMA_VERSION, Answer, Coverage, Freshness};
use serde::Serialize;

use crate::failure::{Failure, Stop};
use crate::human::{self, Row};
use crate::paint::{Paint, Tone};
use crate::records::SymbolFields;

/// Where a command prints.
#[derive(Debug)]
pub(crate) struct Output {
    stdout: BufWriter<Stdout>,
    stderr: Stderr,
    is_json: bool,
    paint: Paint,
    error_paint: Paint,
    warnings: Vec<ConfigWarning>,
    /// Whether thresholds are looser than the defaults.
    is_relaxed: bool,
}

/// A JSON object: what a command says, and what surrounds every answer.
#[derive(Debug, Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    body: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    freshness: Option<&'a Freshness>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a Coverage>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    relaxed: bool,
    warnings: &'a [ConfigWarning],
}

#[derive(Debug, Serialize)]
struct ErrorBody<'a> {
    error: ErrorRecord<'a>,
}

#[derive(Debug, Serialize)]
struct ErrorRecord<'a> {
    code: &'a str,
    message: &'a str,
    candidates: Vec<SymbolFields<'a>>,
}

impl Output {
    pub(crate) fn new(is_json: bool) -> Self {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let (paint, error_paint) = (Paint::for_stream(&stdout), Paint::for_stream(&stderr));
        Self {
            stdout: BufWriter::new(stdout),
            stderr,
            is_json,
            paint,
            error_paint,
            warnings: Vec::new(),
            is_relaxed: false,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Text in the colours of standard output.
    pub(crate) fn text(&self, tone: Tone, text: &str) -> String {
        self.paint.text(tone, text)
    }

    /// Prints rows in columns.
    pub(crate) fn rows(&mut self, rows: &[Row]) -> Result<(), Stop> {
        human::columns(rows, self.paint).iter().try_for_each(|line| self.line(line))
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), Stop> {
        writeln!(self.stdout, "{line}").map_err(|error| Stop::writing(&error))
    }

    /// Prints the last line of an answer: how far to trust it.
    pub(crate) fn footer<T>(&mut self, answer: &Answer<T>) -> Result<(), Stop> {
        let text = human::footer(&answer.freshness, &answer.coverage);
        let line = self.text(Tone::Dim, &text);
        self.line(&line)
    }

    /// Prints a record as a line of JSON of its own, without what surrounds an answer, at once.
    pub(crate) fn event(&mut self, record: impl Serialize) -> Result<(), Stop> {
        serde_json::to_writer(&mut self.stdout, &record)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(self.stdout))
            .map_err(|error| Stop::writing(&error))?;
        self.finish()
    }

    /// Prints what a command says as JSON.
    pub(crate) fn json(&mut self, body: impl Serialize) -> Result<(), Stop> {
        self.document(body, None)
    }

    /// Prints an answer as JSON: `body`, which is made from it, and what surrounds it.
    pub(crate) fn json_answer<T>(&mut self, answer: &Answer<T>, body: impl Serialize) -> Result<(), Stop> {
        self.document(body, Some((&answer.freshness, &answer.coverage)))
    }

    fn document(&mut self, body: impl Serialize, trust: Option<(&Freshness, &Coverage)>) -> Result<(), Stop> {
        let document = Document {
            schema_version: ANSWER_SCHEMA_VERSION,
            body,
            freshness: trust.map(|(freshness, _)| freshness),
            coverage: trust.map(|(_, coverage)| coverage),
            relaxed: self.is_relaxed,
            warnings: &self.warnings,
        };
        serde_json::to_writer(&mut self.stdout, &document)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(self.stdout))
            .map_err(|error| Stop::writing(&error))
    }

    /// The stream itself, for an export.
    pub(crate) fn stream(&mut self) -> &mut dyn Write {
        &mut self.stdout
    }

    /// What of the configuration was not taken as written.
    pub(crate) fn warnings(&self) -> &[ConfigWarning] {
        &self.warnings
    }

    /// Notes what of the configuration was not taken as written: for the JSON object, or on standard
    /// error at once.
    pub(crate) fn warn(&mut self, warnings: Vec<ConfigWarning>) {
        if !self.is_json {
            for warning in &warnings {
                let label = self.error_paint.text(Tone::Doubt, "warning");
                self.note(&format!("{label}: {}: {} [{}]", warning.key, warning.message, warning.code));
            }
        }
        self.warnings.extend(warnings);
    }

    /// Takes in by which profile of the policy this program works: a relaxed one stands in the JSON object, or on
    /// standard error at once.
    pub(crate) fn govern(&mut self, profile: &str) {
        self.is_relaxed = profile.eq_ignore_ascii_case(PolicyProfile::Relaxed.as_str());
        if self.is_relaxed && !self.is_json {
            let label = self.error_paint.text(Tone::Doubt, "relaxed");
            self.note(&format!("{label}: thresholds may be looser than the defaults, by [policy] profile"));
        }
    }

    /// Prints a line on standard error, which is not part of the answer.
    pub(crate) fn note(&mut self, line: &str) {
        // When nobody listens, the command still does what it was asked for.
        let _ = writeln!(self.stderr, "{line}");
    }

    /// Hands everything over.
    pub(crate) fn finish(&mut self) -> Result<(), Stop> {
        self.stdout.flush().map_err(|error| Stop::writing(&error))
    }

    /// Tells why a command failed: a JSON object on standard output, or lines on standard error.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        if self.is_json {
            let candidates = failure.candidates.iter().map(SymbolFields::new).collect();
            let error = ErrorRecord { code: failure.code.as_str(), message: &failure.message, candidates };
            // The exit code says it too.
            let _ = self.json(ErrorBody { error }).and_then(|()| self.finish());
            return;
        }
        // What was printed so far stays in front.
        let _ = self.finish();
        let label = self.error_paint.text(Tone::Bad, "error");
        let code = self.error_paint.text(Tone::Dim, &format!("[{}]", failure.code));
        let message = self.error_paint.lines(&failure.message);
        self.note(&format!("{label}: {message} {code}"));
        if !failure.candidates.is_empty() {
            let question =
                if failure.code.as_str() == "query.ambiguous_symbol" { "one of" } else { "similar" };
            self.note(&format!("{question}:"));
            for line in human::candidates(&failure.candidates, self.error_paint) {
                self.note(&line);
            }
        }
        if let Some(hint) = failure.hint() {
            self.note(&format!("hint: {hint}"));
        }
    }
}
