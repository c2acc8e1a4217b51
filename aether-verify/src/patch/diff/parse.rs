//! A diff, file by file.

use aether_core::change::FileMode;

use super::header::{Header, syntax};
use super::hunk::{self, Cursor};
use super::lines::bare;
use super::{Body, Diff, FileDiff, FileKind, binary};
use crate::patch::error::{ApplyError, ApplyErrorKind};
use crate::patch::options::PatchOptions;

/// Most lines of a diff. Each takes some fifty bytes more than it holds, so short ones are what costs memory.
const MAX_LINES: usize = 10_000_000;

pub(super) fn parse(text: &[u8], options: &PatchOptions) -> Result<Diff, ApplyError> {
    if text.len() as u64 > options.max_total_bytes {
        return Err(ApplyError::about(ApplyErrorKind::TooLarge, "diff"));
    }
    if text.iter().filter(|&&byte| byte == b'\n').count() > MAX_LINES {
        let what = format!("diff of more than {MAX_LINES} lines");
        return Err(ApplyError::about(ApplyErrorKind::TooLarge, what));
    }
    let mut left = options.max_total_bytes;
    let mut cursor = Cursor::new(text);
    let mut files = Vec::new();
    let mut is_prose = true;
    while let Some(line) = cursor.peek() {
        let number = cursor.line();
        if let Some(rest) = bare(line).strip_prefix(b"diff --git ") {
            cursor.next();
            files.push(read_file(&mut cursor, Header::of_git(rest, number), options, &mut left)?);
            is_prose = false;
        } else if begins_bare(&cursor) {
            files.push(read_file(&mut cursor, Header::bare(number), options, &mut left)?);
            is_prose = false;
        } else if is_merge(line) {
            return Err(ApplyError::about(ApplyErrorKind::Unsupported, format!("merge in line {number}")));
        } else if begins_context_diff(&cursor) {
            let what = format!("context diff in line {number}");
            return Err(ApplyError::about(ApplyErrorKind::Unsupported, what));
        } else if hunk::is_head(line) {
            // What was meant to be changed must not be taken for prose.
            return Err(syntax(number, "hunk without names in front of it"));
        } else if is_prose || is_between(line) {
            // The head of a mail begins prose again.
            is_prose = is_prose || line.starts_with(b"From ") || bare(line) == b"-- ";
            cursor.next();
        } else {
            return Err(syntax(number, "text behind the hunks of a file"));
        }
        if files.len() > options.max_files as usize {
            return Err(ApplyError::about(
                ApplyErrorKind::TooLarge,
                format!("diff of more than {} files", options.max_files),
            ));
        }
    }
    if files.is_empty() {
        return Err(ApplyError::about(ApplyErrorKind::Syntax, "text without a diff in it"));
    }
    Ok(Diff { files })
}

/// Whether two names and a hunk begin here, without git's line in front of them.
fn begins_bare(cursor: &Cursor<'_>) -> bool {
    begins_with(cursor, [b"--- ", b"+++ ", b"@@ "])
}

fn begins_context_diff(cursor: &Cursor<'_>) -> bool {
    begins_with(cursor, [b"*** ", b"--- ", b"***************"])
}

fn begins_with(cursor: &Cursor<'_>, starts: [&[u8]; 3]) -> bool {
    starts.into_iter().enumerate().all(|(skipped, start)| {
        cursor.peek_behind(skipped).is_some_and(|line: &[u8]| line.starts_with(start))
    })
}

fn is_merge(line: &[u8]) -> bool {
    [&b"diff --cc "[..], b"diff --combined ", b"@@@ -"].into_iter().any(|start| line.starts_with(start))
}

/// What may stand between two files: nothing, what other systems write there, the head of the next mail.
fn is_between(line: &[u8]) -> bool {
    let line = bare(line);
    line.is_empty()
        || line == b"-- "
        || line.starts_with(b"From ")
        || line.starts_with(b"Index: ")
        || line.starts_with(b"diff ")
        || (line.len() >= 3 && line.iter().all(|&byte| byte == b'='))
}

fn read_file(
    cursor: &mut Cursor<'_>,
    mut header: Header,
    options: &PatchOptions,
    left: &mut u64,
) -> Result<FileDiff, ApplyError> {
    let mut body = Body::Nothing;
    while let Some(line) = cursor.peek() {
        let number = cursor.line();
        if line.starts_with(b"@@ ") && header.has_names() {
            body = Body::Hunks(hunk::read_all(cursor)?);
            break;
        }
        if bare(line) == b"GIT binary patch" {
            cursor.next();
            body = Body::Binary(binary::read(cursor, options, left)?);
            break;
        }
        if line.starts_with(b"Binary files ") || line.starts_with(b"Files ") {
            return Err(ApplyError::about(
                ApplyErrorKind::Unsupported,
                format!("binary file without its bytes in line {number}"),
            ));
        }
        if line.starts_with(b"@@@") {
            return Err(ApplyError::about(ApplyErrorKind::Unsupported, format!("merge in line {number}")));
        }
        if begins_bare(cursor) && header.has_names() {
            break;
        }
        if !header.take(line, number)? {
            break;
        }
        cursor.next();
    }
    if header.has_half() || (header.has_names() && matches!(body, Body::Nothing)) {
        return Err(syntax(header.line, "names without hunks"));
    }
    let kind = header.kind()?;
    let file =
        FileDiff { kind, old_mode: header.old_mode, new_mode: header.new_mode, body, line: header.line };
    check(&file)?;
    Ok(file)
}

/// What a file that is made or removed, or stays as it is, cannot have.
fn check(file: &FileDiff) -> Result<(), ApplyError> {
    let wrong = |what: &str| Err(syntax(file.line, what));
    match (&file.kind, &file.body) {
        (FileKind::Create(_), Body::Hunks(hunks))
            if hunks.len() != 1 || hunks[0].old_count() != 0 || hunks[0].old_start != 0 =>
        {
            return wrong("new file with old lines");
        }
        (FileKind::Delete(_), Body::Hunks(hunks))
            if hunks.len() != 1 || hunks[0].new_count() != 0 || hunks[0].new_start != 0 =>
        {
            return wrong("removed file with new lines");
        }
        (FileKind::Modify(_), Body::Nothing) if same_mode(file) => return wrong("file that stays as it is"),
        (FileKind::Rename { from, to }, _) if from == to => return wrong("rename of a file onto itself"),
        _ => {}
    }
    Ok(())
}

fn same_mode(file: &FileDiff) -> bool {
    let modes: (Option<FileMode>, Option<FileMode>) = (file.old_mode, file.new_mode);
    modes.0 == modes.1
}
