//! `aether ast`.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::code::{Language, SyntaxCapture, SyntaxLimit, SyntaxMatches, SyntaxQuery};
use clap::Args;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, clip, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Session};

/// Find code by its syntax: a pattern of tree-sitter over the files of one language
///
/// Nodes stand in parentheses, fields have a colon, `@name` names what to show, predicates filter by
/// text:
///
///   aether ast '(struct_item name: (type_identifier) @name)'
///   aether ast '(class_definition name: (identifier) @name (#match? @name "^Test"))' --lang python
///
/// The grammars of the languages say how nodes are called; a pattern that does not fit is told with its
/// place.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Ast {
    /// The pattern; several may stand one behind the other
    #[arg(value_name = "QUERY")]
    query: String,
    /// Language of the files [default: that of most files among those whose grammar takes the pattern]
    #[arg(long, value_name = "NAME", visible_alias = "language")]
    lang: Option<String>,
    /// Parts of paths to keep; * stands for any text
    #[arg(long, value_name = "TEXT,…", value_delimiter = ',')]
    path: Vec<String>,
    /// Most matches
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// How long to search, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=3_600_000))]
    timeout_ms: u32,
}

impl Ast {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        if self.query.trim().is_empty() {
            let message = "the query is empty; give a pattern such as (function_item)";
            return Err(Failure::new(ErrorCode::QUERY_BAD_SYNTAX, message).into());
        }
        let session = Session::start(context, None, out)?;
        let language = self.lang.as_ref().map(|name| Language::new(&name.to_lowercase()));
        let query = SyntaxQuery::new(self.query.as_str())
            .with_language(language)
            .with_paths(self.path.iter().filter(|path| !path.is_empty()).cloned().collect())
            .with_limit(self.limit);
        // The time to build an index is not part of it.
        let (start, most) = (Instant::now(), Duration::from_millis(self.timeout_ms.into()));
        let is_over = move || start.elapsed() >= most;
        let answer = session.checked(session.engine.syntax(&query, &is_over, &Cancel::new())?);
        let found = &answer.result;
        let outcome = if found.matches.is_empty() { Outcome::Nothing } else { Outcome::Done };
        if out.is_json() {
            out.json_answer(&answer, found)?;
            return Ok(outcome);
        }
        let captures = found.matches.iter().flat_map(|found| &found.captures);
        let rows: Vec<Row> = captures.map(|capture| row(capture, &session)).collect();
        out.rows(&rows)?;
        if !rows.is_empty() {
            out.line("")?;
        }
        for line in told(found) {
            out.line(&line)?;
        }
        out.line("")?;
        out.footer(&answer)?;
        Ok(outcome)
    }
}

/// A captured node: where it stands, its name, and how its text begins.
fn row(capture: &SyntaxCapture, session: &Session) -> Row {
    let anchor = &capture.anchor;
    let place = session.places.show(&anchor.file, anchor.lines.first);
    let line = capture.text.lines().next().unwrap_or("").trim_end();
    let is_all = line.len() == anchor.span.len() as usize;
    let text = if is_all { line.to_owned() } else { format!("{line} …") };
    Row::of(&anchor.file)
        .cell(Tone::Place, format!("{place}:{}", capture.column))
        .cell(Tone::Dim, format!("@{}", capture.name))
        .cell(Tone::Plain, clip(&text))
}

/// How much was found and searched, and what was not.
fn told(found: &SyntaxMatches) -> Vec<String> {
    let files = &found.files;
    let language = &found.language;
    let searched = count(files.searched, "file", "files");
    let mut lines = vec![if found.matches.is_empty() {
        format!("nothing found in {searched} of {language}")
    } else {
        let places = found.matches.iter().flat_map(|found| found.captures.first());
        let places: BTreeSet<_> = places.map(|capture| &capture.anchor.file).collect();
        format!(
            "{} in {}; searched {searched} of {language}",
            count(found.matches.len() as u64, "match", "matches"),
            count(places.len() as u64, "file", "files"),
        )
    }];
    for limit in &found.reached {
        lines.push(match limit {
            SyntaxLimit::Matches => "there are more matches; see --limit".to_owned(),
            SyntaxLimit::Bytes => "there may be more: the answer is as large as it may be".to_owned(),
            SyntaxLimit::Work => {
                "there may be more: the pattern costs too much in some file, the rest of which was left out"
                    .to_owned()
            }
            SyntaxLimit::States => {
                "there may be more: too many matches were begun at once in some file, and some of them given up"
                    .to_owned()
            }
            SyntaxLimit::Time => "there may be more: the time was over; see --timeout-ms".to_owned(),
            other => format!("there may be more: a limit was reached: {other:?}"),
        });
    }
    let missed = [
        (files.left, "was not looked at", "were not looked at"),
        (files.changed, "has changed since the index", "have changed since the index"),
        (
            files.skipped,
            "is too large, or not written in a dialect that has such nodes",
            "are too large, or not written in a dialect that has such nodes",
        ),
        (files.unreadable, "could not be read", "could not be read"),
    ];
    for (number, one, many) in missed {
        if number > 0 {
            let verb = if number == 1 { one } else { many };
            lines.push(format!("{} {verb}", count(number, "file", "files")));
        }
    }
    lines
}
