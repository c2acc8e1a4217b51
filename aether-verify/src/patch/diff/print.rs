//! From a patch and the files that it was made for to a diff that `git apply` takes.

use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use imara_diff::{Algorithm, Diff as LineDiff, InternedInput};
use sha1::{Digest as _, Sha1};

use super::bind::BaseFiles;
use super::lines::lines;
use super::{binary, name};
use crate::patch::error::{ApplyError, ApplyErrorKind};

/// Lines around a change.
const CONTEXT: u32 = 3;
/// How much of a file git looks at for a byte that no text has.
const TEXT_BYTES: usize = 8_000;

/// Writes `patch` as a unified diff in git's form.
///
/// # Errors
///
/// [`ApplyErrorKind::StaleBase`] when `base` does not hold what the patch was made for, and whatever `base`
/// gives.
pub fn print_patch(patch: &Patch, base: &dyn BaseFiles) -> Result<Vec<u8>, ApplyError> {
    let mut out = Vec::new();
    for file in patch.files() {
        print_file(file, base, &mut out)?;
    }
    Ok(out)
}

fn print_file(file: &FilePatch, base: &dyn BaseFiles, out: &mut Vec<u8>) -> Result<(), ApplyError> {
    let old = match file.before() {
        Some(before) => base.base_file(&before.path)?.map(|found| found.bytes),
        None => None,
    };
    let new = file.apply(old.as_deref())?;
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let (before, after) = (file.before(), file.after());
    let old_path = before.map_or_else(|| file.path(), |state| &state.path);
    let new_path = after.map_or_else(|| file.path(), |state| &state.path);

    out.extend_from_slice(b"diff --git ");
    name::write(out, "a/", old_path);
    out.push(b' ');
    name::write(out, "b/", new_path);
    out.push(b'\n');
    let mode_of = |state: &FileState| match state.mode {
        FileMode::Regular => "100644",
        FileMode::Executable => "100755",
    };
    let mut line = |text: String| out.extend_from_slice(text.as_bytes());
    match (before, after) {
        (None, Some(after)) => line(format!("new file mode {}\n", mode_of(after))),
        (Some(before), None) => line(format!("deleted file mode {}\n", mode_of(before))),
        (Some(before), Some(after)) if before.mode != after.mode => {
            line(format!("old mode {}\nnew mode {}\n", mode_of(before), mode_of(after)));
        }
        _ => {}
    }
    if file.moved_from().is_some() {
        out.extend_from_slice(b"rename from ");
        name::write(out, "", old_path);
        out.extend_from_slice(b"\nrename to ");
        name::write(out, "", new_path);
        out.push(b'\n');
    }
    if matches!(file.how(), Change::Keep) && before.is_some() && after.is_some() {
        return Ok(());
    }
    let ids = (before.map_or_else(no_id, |_| blob_id(&old)), after.map_or_else(no_id, |_| blob_id(&new)));
    out.extend_from_slice(format!("index {}..{}", ids.0, ids.1).as_bytes());
    if let (Some(before), Some(after)) = (before, after)
        && before.mode == after.mode
    {
        out.extend_from_slice(format!(" {}", mode_of(before)).as_bytes());
    }
    out.push(b'\n');
    if old == new {
        return Ok(());
    }
    if is_binary(&old) || is_binary(&new) {
        return binary::write(out, &old, &new).map_err(|error| ApplyError::of_call(file.path(), error));
    }
    for (sign, prefix, state) in [("--- ", "a/", before), ("+++ ", "b/", after)] {
        out.extend_from_slice(sign.as_bytes());
        match state {
            Some(state) => {
                name::write(out, prefix, &state.path);
                // What has a blank in it ends at a tab for programs that look for a time behind it.
                if state.path.as_str().contains(' ') {
                    out.push(b'\t');
                }
            }
            None => out.extend_from_slice(name::NO_FILE),
        }
        out.push(b'\n');
    }
    print_hunks(&old, &new, out).ok_or_else(|| ApplyError::new(ApplyErrorKind::TooLarge, file.path()))
}

fn print_hunks(old: &[u8], new: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (old_lines, new_lines): (Vec<&[u8]>, Vec<&[u8]>) = (lines(old).collect(), lines(new).collect());
    let old_total = u32::try_from(old_lines.len()).ok().filter(|&count| count < u32::MAX / 4)?;
    u32::try_from(new_lines.len()).ok().filter(|&count| count < u32::MAX / 4)?;
    let mut input = InternedInput::default();
    input.update_before(old_lines.iter().copied());
    input.update_after(new_lines.iter().copied());
    let diff = LineDiff::compute(Algorithm::Histogram, &input);
    let changes: Vec<imara_diff::Hunk> = diff.hunks().collect();
    let mut rest = &changes[..];
    while let Some(first) = rest.first() {
        // Changes whose lines around them meet stand in one hunk.
        let count = 1 + rest
            .windows(2)
            .take_while(|pair| pair[1].before.start - pair[0].before.end <= 2 * CONTEXT)
            .count();
        let (group, tail) = rest.split_at(count);
        rest = tail;
        let last = &group[count - 1];
        let start = first.before.start.saturating_sub(CONTEXT);
        let end = (last.before.end + CONTEXT).min(old_total);
        let new_start = first.after.start - (first.before.start - start);
        let new_end = last.after.end + (end - last.before.end);
        let range = |start: u32, end: u32| {
            let (first, count) = (start + u32::from(end > start), end - start);
            if count == 1 { first.to_string() } else { format!("{first},{count}") }
        };
        out.extend_from_slice(
            format!("@@ -{} +{} @@\n", range(start, end), range(new_start, new_end)).as_bytes(),
        );
        let mut at = start;
        let mut print = |sign: u8, range: std::ops::Range<u32>, lines: &[&[u8]]| {
            for line in &lines[range.start as usize..range.end as usize] {
                out.push(sign);
                out.extend_from_slice(line);
                if !line.ends_with(b"\n") {
                    out.extend_from_slice(b"\n\\ No newline at end of file\n");
                }
            }
        };
        for change in group {
            print(b' ', at..change.before.start, &old_lines);
            print(b'-', change.before.clone(), &old_lines);
            print(b'+', change.after.clone(), &new_lines);
            at = change.before.end;
        }
        print(b' ', at..end, &old_lines);
    }
    Some(())
}

/// What git takes for no text.
fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(TEXT_BYTES)].contains(&0)
}

fn no_id() -> String {
    "0".repeat(40)
}

/// The name that git gives to these bytes. It is there because git asks for it before it takes binary
/// changes; nothing here relies on it.
fn blob_id(bytes: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", bytes.len()).as_bytes());
    hasher.update(bytes);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
