//! Replacing parts of a file by their place in bytes.

use serde::{Deserialize, Serialize};

use crate::base::ByteSpan;
use crate::change::Content;

/// One part of a file and what stands there afterwards.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Edit {
    /// The part of the file as it is before; empty where something is only put in.
    pub span: ByteSpan,
    /// What takes its place; empty where something is only taken out.
    pub content: Content,
}

impl Edit {
    /// An edit.
    #[must_use]
    pub fn new(span: ByteSpan, content: impl Into<Content>) -> Self {
        Self { span, content: content.into() }
    }

    /// `old` with all `edits` made.
    ///
    /// # Errors
    ///
    /// [`EditErrorKind::Disordered`] unless each edit begins behind the one before and where that one ends
    /// or later, [`EditErrorKind::Outside`] when one reaches behind the end of `old`.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::base::ByteSpan;
    /// use aether_core::change::Edit;
    /// let edits = [Edit::new(ByteSpan::new(0, 1), "A")];
    /// assert_eq!(Edit::apply_all(b"abc", &edits)?, b"Abc");
    /// # Ok::<(), aether_core::change::EditError>(())
    /// ```
    pub fn apply_all(old: &[u8], edits: &[Self]) -> Result<Vec<u8>, EditError> {
        Self::check_all(old.len() as u64, edits)?;
        let mut new = Vec::with_capacity(old.len());
        let mut at = 0;
        for edit in edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            new.extend_from_slice(&old[at..start]);
            new.extend_from_slice(edit.content.as_bytes());
            at = end;
        }
        new.extend_from_slice(&old[at..]);
        Ok(new)
    }

    /// The edits that lead from the result of `edits` back to `old`.
    ///
    /// # Errors
    ///
    /// Those of [`Edit::apply_all`], and [`EditErrorKind::Outside`] for a result beyond 4 GiB.
    pub fn invert_all(old: &[u8], edits: &[Self]) -> Result<Vec<Self>, EditError> {
        Self::check_all(old.len() as u64, edits)?;
        let mut inverse = Vec::with_capacity(edits.len());
        let (mut grown, mut shrunk) = (0u64, 0u64);
        for (index, edit) in edits.iter().enumerate() {
            let removed = &old[edit.span.start as usize..edit.span.end as usize];
            let start = u64::from(edit.span.start) + grown - shrunk;
            let span = u32::try_from(start)
                .ok()
                .zip(u32::try_from(start + edit.content.len()).ok())
                .map(|(start, end)| ByteSpan::new(start, end))
                .ok_or(EditError { kind: EditErrorKind::Outside, index })?;
            inverse.push(Self::new(span, removed));
            grown += edit.content.len();
            shrunk += removed.len() as u64;
        }
        Ok(inverse)
    }

    /// The length, in bytes, of a file of `old_len` bytes once all `edits` are made.
    pub(super) fn check_all(old_len: u64, edits: &[Self]) -> Result<u64, EditError> {
        let mut new_len = old_len;
        let mut last: Option<ByteSpan> = None;
        for (index, edit) in edits.iter().enumerate() {
            let follows = last.is_none_or(|last| edit.span.start >= last.end && edit.span.start > last.start);
            if !follows || edit.span.end < edit.span.start {
                return Err(EditError { kind: EditErrorKind::Disordered, index });
            }
            if u64::from(edit.span.end) > old_len {
                return Err(EditError { kind: EditErrorKind::Outside, index });
            }
            new_len = new_len - u64::from(edit.span.len()) + edit.content.len();
            last = Some(edit.span);
        }
        Ok(new_len)
    }
}

/// Edits that cannot be made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("edit {index} {}", self.kind.reason())]
pub struct EditError {
    kind: EditErrorKind,
    index: usize,
}

impl EditError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> EditErrorKind {
        self.kind
    }

    /// The position, from 0, of the first edit that is at fault.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum EditErrorKind {
    /// Overlaps the edit before it, or stands in front of it or at the same place.
    Disordered,
    /// Reaches behind the end of the file.
    Outside,
}

impl EditErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::Disordered => "overlaps the one before it or is out of order",
            Self::Outside => "reaches behind the end of the file",
        }
    }
}
