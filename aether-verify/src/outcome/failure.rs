//! What a failed test says: why, and where.

use aether_core::change::{PanicSite, Position};

use crate::diag::ReadOptions;

/// The message and the place of a failure, from what the test of this name wrote.
///
/// A panic of the thread of the test stands before those of other threads, and any panic before the error
/// that a test gives back.
pub(super) fn read(name: &str, output: &str, options: &ReadOptions) -> (Option<String>, Option<PanicSite>) {
    let lines: Vec<&str> = output.lines().collect();
    let panics = || lines.iter().enumerate().filter_map(|(at, line)| Some((at, panic(line)?)));
    let own = panics().find(|(_, panic)| panic.thread == name);
    if let Some((at, panic)) = own.or_else(|| panics().next()) {
        let told = match panic.message {
            Some(message) => message.to_owned(),
            None => message(&lines[at + 1..]),
        };
        return (limited(&told, options), site(panic.site, options));
    }
    // `should_panic` and tests that give back an error, and examples that do not compile.
    let note = "note: test did not panic as expected at ";
    if let Some(place) = lines.iter().find_map(|line| line.strip_prefix(note)) {
        return (limited("test did not panic as expected", options), site(place, options));
    }
    let first = lines.iter().position(|line| line.starts_with("Error: ") || line.starts_with("error"));
    let first = first.or_else(|| lines.iter().position(|line| !line.trim().is_empty()));
    (first.and_then(|at| limited(&message(&lines[at..]), options)), None)
}

struct Panic<'a> {
    thread: &'a str,
    site: &'a str,
    message: Option<&'a str>,
}

/// `thread 'name' (123) panicked at src/lib.rs:3:5:`, and before Rust 1.73
/// `thread 'name' panicked at 'message', src/lib.rs:3:5`.
fn panic(line: &str) -> Option<Panic<'_>> {
    let rest = line.strip_prefix("thread '")?;
    let (head, told) = rest.split_once(" panicked at ")?;
    let thread = head.rsplit_once('\'')?.0;
    if let Some(site) = told.strip_suffix(':') {
        return Some(Panic { thread, site, message: None });
    }
    let (message, site) = told.strip_prefix('\'')?.rsplit_once("', ")?;
    Some(Panic { thread, site, message: Some(message) })
}

/// The lines of a message: up to an empty one, or to what the run-time adds.
fn message(lines: &[&str]) -> String {
    let added = ["note: run with `RUST_BACKTRACE", "stack backtrace:", "note: panic did not contain"];
    let ends = |line: &&&str| line.is_empty() || added.iter().any(|text| line.starts_with(text));
    lines.iter().take_while(|line| !ends(line)).copied().collect::<Vec<_>>().join("\n")
}

fn limited(text: &str, options: &ReadOptions) -> Option<String> {
    let text = &text[..text.floor_char_boundary(options.limits.max_message_bytes)];
    (!text.is_empty()).then(|| options.text(text))
}

fn site(text: &str, options: &ReadOptions) -> Option<PanicSite> {
    let (rest, column) = text.rsplit_once(':')?;
    let (path, line) = rest.rsplit_once(':')?;
    Some(PanicSite::new(options.place(path), Position::new(line.parse().ok()?, column.parse().ok()?)))
}
