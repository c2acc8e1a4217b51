//! The lines in front of the hunks of one file: which file it is, and what becomes of it.

use std::borrow::Cow;

use aether_core::base::RelPath;
use aether_core::change::FileMode;

use super::name::{self, NO_FILE};
use super::{FileKind, lines::bare};
use crate::patch::error::{ApplyError, ApplyErrorKind};

/// What the lines in front of the hunks say, each at most once.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The line that it begins at, from 1.
    pub(super) line: usize,
    /// Behind `diff --git`, as it stands.
    git: Option<Vec<u8>>,
    old_name: Option<Vec<u8>>,
    new_name: Option<Vec<u8>>,
    rename_from: Option<Vec<u8>>,
    rename_to: Option<Vec<u8>>,
    copy_from: Option<Vec<u8>>,
    copy_to: Option<Vec<u8>>,
    pub(super) old_mode: Option<FileMode>,
    pub(super) new_mode: Option<FileMode>,
    deleted: Option<FileMode>,
    created: Option<FileMode>,
}

impl Header {
    pub(super) fn of_git(rest: &[u8], line: usize) -> Self {
        Self { line, git: Some(rest.to_vec()), ..Self::default() }
    }

    pub(super) fn bare(line: usize) -> Self {
        Self { line, ..Self::default() }
    }

    /// Takes one line; `false` when it is not one of a header.
    pub(super) fn take(&mut self, text: &[u8], line: usize) -> Result<bool, ApplyError> {
        let text = bare(text);
        type Slot<'a> = (&'static [u8], &'a mut Option<Vec<u8>>);
        let slots: [Slot<'_>; 6] = [
            (b"--- ", &mut self.old_name),
            (b"+++ ", &mut self.new_name),
            (b"rename from ", &mut self.rename_from),
            (b"rename to ", &mut self.rename_to),
            (b"copy from ", &mut self.copy_from),
            (b"copy to ", &mut self.copy_to),
        ];
        for (start, slot) in slots {
            if let Some(rest) = text.strip_prefix(start) {
                let (name, behind) =
                    name::read(rest).ok_or_else(|| syntax(line, "name that cannot be read"))?;
                // A time may stand behind a tab, but not in a rename; a tab in a name would be in quotes.
                let may_have_time = matches!(start, b"--- " | b"+++ ") && behind.starts_with(b"\t");
                if !behind.is_empty() && !may_have_time {
                    return Err(syntax(line, "text behind a name"));
                }
                return set(slot, name, line);
            }
        }
        let modes: [(&[u8], &mut Option<FileMode>); 4] = [
            (b"old mode ", &mut self.old_mode),
            (b"new mode ", &mut self.new_mode),
            (b"deleted file mode ", &mut self.deleted),
            (b"new file mode ", &mut self.created),
        ];
        for (start, slot) in modes {
            if let Some(rest) = text.strip_prefix(start) {
                return set(slot, mode(rest, line)?, line);
            }
        }
        if let Some(rest) = text.strip_prefix(b"index ") {
            // A hash of git says nothing that the lines do not; the mode behind it says what the file is.
            if let Some(at) = rest.iter().position(|&byte| byte == b' ') {
                mode(&rest[at + 1..], line)?;
            }
            return Ok(true);
        }
        Ok(text.starts_with(b"similarity index ") || text.starts_with(b"dissimilarity index "))
    }

    /// Whether the names in front of hunks are there.
    pub(super) fn has_names(&self) -> bool {
        self.old_name.is_some() && self.new_name.is_some()
    }

    /// Whether only one of them is.
    pub(super) fn has_half(&self) -> bool {
        self.old_name.is_some() != self.new_name.is_some()
    }

    /// Which file it is, and what becomes of it. All that the header says has to agree.
    pub(super) fn kind(&mut self) -> Result<FileKind, ApplyError> {
        let line = self.line;
        let disagree = || syntax(line, "header whose lines do not agree");
        let pair = match (&self.old_name, &self.new_name) {
            (Some(old), Some(new)) => {
                let (old, new) = name::without_prefixes(old, new);
                Some((side(old, line)?, side(new, line)?))
            }
            (None, None) => None,
            _ => return Err(disagree()),
        };
        let ends = |from: &Option<Vec<u8>>, to: &Option<Vec<u8>>| match (from, to) {
            (Some(from), Some(to)) => Ok(Some((name::path(from, line)?, name::path(to, line)?))),
            (None, None) => Ok(None),
            _ => Err(disagree()),
        };
        let renamed = ends(&self.rename_from, &self.rename_to)?;
        let copied = ends(&self.copy_from, &self.copy_to)?;
        let stated = [renamed.is_some(), copied.is_some(), self.created.is_some(), self.deleted.is_some()];
        if stated.iter().filter(|&&is_stated| is_stated).count() > 1 {
            return Err(disagree());
        }
        let has_modes = self.old_mode.is_some() || self.new_mode.is_some();
        if self.old_mode.is_some() != self.new_mode.is_some()
            || (has_modes && (self.created.is_some() || self.deleted.is_some()))
        {
            return Err(disagree());
        }
        let kind = if let Some((from, to)) = renamed {
            FileKind::Rename { from, to }
        } else if let Some((from, to)) = copied {
            FileKind::Copy { from, to }
        } else {
            match &pair {
                Some((None, None)) => return Err(disagree()),
                Some((None, Some(path))) => FileKind::Create(path.clone()),
                Some((Some(path), None)) => FileKind::Delete(path.clone()),
                Some((Some(old), Some(new))) if old == new => FileKind::Modify(old.clone()),
                Some((Some(old), Some(new))) => {
                    // Without git's words for it two names are one file that `diff` compared with another:
                    // the new one is meant only where nobody can take it for the old one.
                    return Err(syntax(
                        line,
                        &format!("two names, {old} and {new}, that are not said to be a rename"),
                    ));
                }
                None => {
                    let path = self.only_name()?.ok_or_else(disagree)?;
                    match (&self.created, &self.deleted) {
                        (Some(_), _) => FileKind::Create(path),
                        (_, Some(_)) => FileKind::Delete(path),
                        _ => FileKind::Modify(path),
                    }
                }
            }
        };
        self.check_agreement(&kind, pair.as_ref())?;
        if let Some(mode) = self.created.or(self.deleted) {
            *(if self.created.is_some() { &mut self.new_mode } else { &mut self.old_mode }) = Some(mode);
        }
        Ok(kind)
    }

    fn check_agreement(
        &self,
        kind: &FileKind,
        pair: Option<&(Option<RelPath>, Option<RelPath>)>,
    ) -> Result<(), ApplyError> {
        let disagree = || syntax(self.line, "header whose lines do not agree");
        let (old, new) = match kind {
            FileKind::Create(path) => (None, Some(path)),
            FileKind::Delete(path) => (Some(path), None),
            FileKind::Modify(path) => (Some(path), Some(path)),
            FileKind::Rename { from, to } | FileKind::Copy { from, to } => (Some(from), Some(to)),
        };
        if pair.is_some_and(|(a, b)| (a.as_ref(), b.as_ref()) != (old, new)) {
            return Err(disagree());
        }
        let states = (self.created.is_some(), self.deleted.is_some());
        let fits = match kind {
            FileKind::Create(_) => !states.1 && (states.0 || self.git.is_none()),
            FileKind::Delete(_) => !states.0 && (states.1 || self.git.is_none()),
            _ => states == (false, false),
        };
        if !fits {
            return Err(disagree());
        }
        let Some(git) = &self.git else { return Ok(()) };
        // What stands behind `diff --git` has no separator, so it is compared with what it should be.
        let (old, new) = (old.or(new).map(RelPath::to_bytes), new.or(old).map(RelPath::to_bytes));
        let (Some(old), Some(new)) = (old, new) else { return Err(disagree()) };
        let agrees = git_names(git).any(|(a, b)| {
            let (stripped_a, stripped_b) = name::without_prefixes(&a, &b);
            (*a == old[..] && *b == new[..]) || (stripped_a == old && stripped_b == new)
        });
        if agrees { Ok(()) } else { Err(disagree()) }
    }

    /// The name behind `diff --git` where nothing else gives one: the two names are one.
    fn only_name(&self) -> Result<Option<RelPath>, ApplyError> {
        let Some(git) = &self.git else { return Ok(None) };
        for (a, b) in git_names(git) {
            let (a, b) = name::without_prefixes(&a, &b);
            if a == b && !a.is_empty() {
                return name::path(a, self.line).map(Some);
            }
        }
        Ok(None)
    }
}

/// Every way to read the two names behind `diff --git`: without quotes any blank may be what stands between
/// them. Nothing is copied but what stands in quotes, as there may be very many ways.
fn git_names(text: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
    let quoted = text.starts_with(b"\"").then(|| {
        let (a, rest) = name::read(text)?;
        let (b, rest) = name::read(rest.strip_prefix(b" ")?)?;
        rest.is_empty().then_some((Cow::Owned(a), Cow::Owned(b)))
    });
    let blanks = text.iter().enumerate().filter(|(_, byte)| **byte == b' ').map(|(at, _)| at);
    let has_tab = text.contains(&b'\t');
    let split = move |at: usize| {
        let (a, b) = (&text[..at], &text[at + 1..]);
        if !b.starts_with(b"\"") {
            return (!has_tab).then_some((Cow::Borrowed(a), Cow::Borrowed(b)));
        }
        let (b, rest) = name::read(b)?;
        rest.is_empty().then_some((Cow::Borrowed(a), Cow::Owned(b)))
    };
    let plain = (!text.starts_with(b"\"")).then(|| blanks.filter_map(split));
    quoted.flatten().into_iter().chain(plain.into_iter().flatten())
}

fn side(name: &[u8], line: usize) -> Result<Option<RelPath>, ApplyError> {
    if name == NO_FILE { Ok(None) } else { name::path(name, line).map(Some) }
}

fn set<T>(slot: &mut Option<T>, value: T, line: usize) -> Result<bool, ApplyError> {
    if slot.replace(value).is_some() {
        return Err(syntax(line, "line of a header that stands twice"));
    }
    Ok(true)
}

/// A mode of git. Links, submodules and bits that let others run a file as somebody else are no files.
fn mode(text: &[u8], line: usize) -> Result<FileMode, ApplyError> {
    match text {
        // The second one was written by git before 2005.
        b"100644" | b"100664" => Ok(FileMode::Regular),
        b"100755" | b"100775" => Ok(FileMode::Executable),
        _ => {
            let text = String::from_utf8_lossy(text);
            Err(ApplyError::about(ApplyErrorKind::Unsupported, format!("mode {text} in line {line}")))
        }
    }
}

pub(super) fn syntax(line: usize, what: &str) -> ApplyError {
    ApplyError::about(ApplyErrorKind::Syntax, format!("{what} in line {line}"))
}
