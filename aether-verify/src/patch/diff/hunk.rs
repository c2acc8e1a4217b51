//! The hunks of one file.

use super::header::syntax;
use super::lines::bare;
use super::{Hunk, Line, LineKind};
use crate::patch::error::{ApplyError, ApplyErrorKind};

/// Lines behind the beginning of a diff, with their numbers.
pub(super) struct Cursor<'a> {
    lines: Vec<&'a [u8]>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { lines: super::lines::lines(text).collect(), at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'a [u8]> {
        self.lines.get(self.at).copied()
    }

    /// The line behind the next `skipped` ones.
    pub(super) fn peek_behind(&self, skipped: usize) -> Option<&'a [u8]> {
        self.lines.get(self.at + skipped).copied()
    }

    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.peek();
        self.at += usize::from(line.is_some());
        line
    }

    /// Number of the next line, from 1.
    pub(super) fn line(&self) -> usize {
        self.at + 1
    }
}

/// Numbers behind `@@`.
struct Ranges {
    old: (u32, u32),
    new: (u32, u32),
}

/// Reads hunks for as long as there are any.
pub(super) fn read_all(cursor: &mut Cursor<'_>) -> Result<Vec<Hunk>, ApplyError> {
    let mut hunks: Vec<Hunk> = Vec::new();
    // Where the next hunk may begin, and how far lines have moved.
    let (mut free, mut moved) = (1i64, 0i64);
    while cursor.peek().is_some_and(|line| line.starts_with(b"@@ ")) {
        let line = cursor.line();
        let header = cursor.next().unwrap_or_default();
        let ranges =
            ranges(bare(header)).ok_or_else(|| syntax(line, "head of a hunk that cannot be read"))?;
        let hunk = read(cursor, &ranges, line)?;
        // A hunk without old lines names the line before it.
        let first = |(start, count): (u32, u32)| i64::from(start) + i64::from(count == 0);
        let (old, new) = (first(ranges.old), first(ranges.new));
        if old < free {
            return Err(ApplyError::about(
                ApplyErrorKind::Overlap,
                format!("hunk in line {line}, which overlaps the one before it or is out of order,"),
            ));
        }
        if new != old + moved {
            return Err(syntax(line, "hunk whose new lines are not where the old ones are"));
        }
        free = old + i64::from(ranges.old.1);
        moved += i64::from(ranges.new.1) - i64::from(ranges.old.1);
        hunks.push(hunk);
    }
    Ok(hunks)
}

fn read(cursor: &mut Cursor<'_>, ranges: &Ranges, line: usize) -> Result<Hunk, ApplyError> {
    let (mut old_left, mut new_left) = (ranges.old.1, ranges.new.1);
    let mut lines: Vec<Line> = Vec::new();
    while old_left > 0 || new_left > 0 {
        let at = cursor.line();
        let text = cursor.next().ok_or_else(|| syntax(at, "hunk that ends too early"))?;
        let (kind, text) = match text.split_first() {
            Some((b' ', text)) => (LineKind::Context, text),
            Some((b'-', text)) => (LineKind::Remove, text),
            Some((b'+', text)) => (LineKind::Add, text),
            // Many programs take blanks at the end of lines away.
            Some((b'\n', _)) => (LineKind::Context, text),
            _ => return Err(syntax(at, "line of a hunk that begins with none of its signs")),
        };
        let count = |left: &mut u32| left.checked_sub(1).map(|less| *left = less);
        let counted = match kind {
            LineKind::Context => count(&mut old_left).and_then(|()| count(&mut new_left)),
            LineKind::Remove => count(&mut old_left),
            LineKind::Add => count(&mut new_left),
        };
        counted.ok_or_else(|| syntax(at, "hunk with more lines than it says"))?;
        let mut text = text.to_vec();
        if !text.ends_with(b"\n") {
            // Nobody knows whether more of the line was there.
            return Err(syntax(at, "diff that ends in the middle of a line"));
        }
        if cursor.peek().is_some_and(|next| next.starts_with(b"\\ ")) {
            cursor.next();
            text.pop();
            if text.is_empty() {
                return Err(syntax(at, "line that is neither a text nor a newline"));
            }
        }
        lines.push(Line { kind, text });
    }
    if lines.iter().all(|line| line.kind == LineKind::Context) {
        return Err(syntax(line, "hunk that changes nothing"));
    }
    check_ends(&lines, line)?;
    Ok(Hunk { old_start: ranges.old.0, new_start: ranges.new.0, lines, line })
}

/// Only the last line of a file can be without a newline.
fn check_ends(lines: &[Line], line: usize) -> Result<(), ApplyError> {
    for without in [LineKind::Add, LineKind::Remove] {
        let mut side = lines.iter().filter(|line| line.kind != without).rev();
        side.next();
        if side.any(|line| !line.text.ends_with(b"\n")) {
            return Err(syntax(line, "hunk with a line behind the end of the file"));
        }
    }
    Ok(())
}

/// Whether a line is one that a hunk begins with.
pub(super) fn is_head(line: &[u8]) -> bool {
    ranges(bare(line)).is_some()
}

/// `@@ -1,2 +3,4 @@`, each count being 1 where it is left out.
fn ranges(line: &[u8]) -> Option<Ranges> {
    let rest = line.strip_prefix(b"@@ -")?;
    let end = rest.windows(3).position(|window| window == b" @@")?;
    let mut sides = rest[..end].split(|&byte| byte == b' ');
    let old = range(sides.next()?)?;
    let new = range(sides.next()?.strip_prefix(b"+")?)?;
    let is_over = sides.next().is_none();
    is_over.then_some(Ranges { old, new })
}

fn range(text: &[u8]) -> Option<(u32, u32)> {
    let mut numbers = text.splitn(2, |&byte| byte == b',');
    let start = number(numbers.next()?)?;
    let count = numbers.next().map_or(Some(1), number)?;
    // Line 0 is the one in front of the first.
    (start > 0 || count == 0).then_some((start, count))
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 10 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse::<u32>().ok().filter(|&number| number < u32::MAX / 2)
}
