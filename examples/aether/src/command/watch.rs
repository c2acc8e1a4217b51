//! `aether index --watch`.

use std::ops::ControlFlow;
use std::time::Instant;

use aether_bindings::engine::{Changes, EngineError, WatchEvent, WatchMode, WatchOptions};
use aether_core::base::RelPath;
use aether_core::code::{Answer, CHANGE_SCHEMA_VERSION, ChangedSymbol, FileChange, Language};
use serde::Serialize;

use super::index::Body;
use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Session};

/// What is printed of a batch of changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Style {
    /// A line, or with `--json` an object.
    Batches,
    /// An object for each file.
    Events,
}

/// Most files of a batch that a person is told by name.
const NAMED: usize = 3;

/// A changed file, as `--print-events` tells it.
#[derive(Debug, Serialize)]
struct Event<'a> {
    schema_version: u32,
    generation: u64,
    file: &'a RelPath,
    language: &'a Language,
    added: &'a [ChangedSymbol],
    removed: &'a [ChangedSymbol],
    updated: &'a [ChangedSymbol],
}

/// Takes changes in and prints them, until Ctrl-C or until nobody reads them.
pub(super) fn run(
    context: Context<'_>,
    session: &Session,
    style: Style,
    out: &mut Output,
) -> Result<Outcome, Stop> {
    let options = WatchOptions::default().with_debounce_ms(session.config.index.debounce_ms);
    let mut stopped = None;
    let result = context.interrupt.guard(|cancel| {
        session.engine.watch(&options, Instant::now, cancel, &mut |event| match tell(event, style, out) {
            Ok(()) => ControlFlow::Continue(()),
            Err(stop) => {
                stopped = Some(stop);
                ControlFlow::Break(())
            }
        })
    });
    match (stopped, result) {
        (Some(stop), _) => Err(stop),
        (None, Err(Stop::Failed(failure))) if failure.is_cancelled() => Ok(Outcome::Interrupted),
        (None, result) => result.map(|()| Outcome::Done),
    }
}

fn tell(event: WatchEvent, style: Style, out: &mut Output) -> Result<(), Stop> {
    match event {
        WatchEvent::Mode(WatchMode::Polling(reason)) if !out.is_json() => {
            out.note(&format!("files are compared every few seconds: {reason}"));
        }
        WatchEvent::Started(_) if !out.is_json() => out.note("watching; Ctrl-C ends it"),
        WatchEvent::Changed(answer) => match style {
            Style::Events => {
                for change in &answer.result.files {
                    out.event(Event::new(change, answer.freshness.generation))?;
                }
            }
            Style::Batches if out.is_json() => {
                let Changes { summary, files, .. } = &answer.result;
                out.json_answer(&answer, Body { summary: *summary, changes: Some(files) })?;
            }
            Style::Batches => {
                let line = line(&answer, out);
                out.line(&line)?;
            }
        },
        WatchEvent::Failed(error) => fail(&error, out)?,
        _ => {}
    }
    out.finish()
}

/// Tells of a batch that could not be taken in; the watch goes on.
fn fail(error: &EngineError, out: &mut Output) -> Result<(), Stop> {
    out.fail(&Failure::of_engine(error));
    Ok(())
}

impl<'a> Event<'a> {
    fn new(change: &'a FileChange, generation: u64) -> Self {
        let FileChange { file, language, added, removed, updated, .. } = change;
        Self { schema_version: CHANGE_SCHEMA_VERSION, generation, file, language, added, removed, updated }
    }
}

/// A batch in one line: which files, and how many symbols.
fn line(answer: &Answer<Changes>, out: &Output) -> String {
    let Changes { summary, files, .. } = &answer.result;
    let number = files.len().max((summary.files_parsed + summary.files_removed) as usize);
    let sum = |of: fn(&FileChange) -> usize| files.iter().map(of).sum::<usize>();
    let mut names =
        files.iter().take(NAMED).map(|change| change.file.as_str()).collect::<Vec<_>>().join(", ");
    if files.len() > NAMED {
        names.push_str(", …");
    }
    let separator = if names.is_empty() { "" } else { ": " };
    // A name of a file may hold anything.
    let names = out.text(Tone::Place, &names);
    format!(
        "{}: {} added, {} removed, {} updated{separator}{names}",
        count(number as u64, "file", "files"),
        count(sum(|change| change.added.len()) as u64, "symbol", "symbols"),
        sum(|change| change.removed.len()),
        sum(|change| change.updated.len()),
    )
}
