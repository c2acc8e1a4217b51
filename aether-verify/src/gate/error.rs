//! Why a patch was not tried, or not kept.

use aether_core::base::ErrorCode;
use aether_core::change::Judgement;

use crate::patch::ApplyError;
use crate::scratch::{ScratchError, ScratchErrorKind};
use crate::verifier::VerifyError;

/// A patch was not tried, or was not kept.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct GateError(#[from] Cause);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum GateErrorKind {
    /// The patch is refused, or does not fit the tree; nothing was changed.
    Patch,
    /// It changes more lines than the policy allows.
    TooManyLines,
    /// The copy could not be made or brought up to date.
    Scratch,
    /// The commands could not be run to their end.
    Verify,
    /// It did not prove itself, so it was not applied.
    NotProven,
    /// It may not be taken back, so it was not applied.
    NoWayBack,
    /// It was applied, did not hold or could not be verified, and was taken back.
    Reverted,
    /// It was applied, did not hold or could not be verified, and could not be taken back.
    NotReverted,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error("patch is refused")]
    Patch(#[source] ApplyError),
    #[error("patch changes {lines} lines, and the policy allows {limit}")]
    TooManyLines { lines: u32, limit: u32 },
    #[error("could not prepare the scratch copy")]
    Scratch(#[source] ScratchError),
    #[error("could not verify")]
    Verify(#[source] VerifyError),
    #[error("patch does not prove itself: {}", told(.0))]
    NotProven(Box<Judgement>),
    #[error("nothing permits taking the patch back, so it is not applied")]
    NoWayBack,
    #[error("patch {token} was taken back")]
    Reverted {
        token: String,
        #[source]
        why: Box<GateError>,
    },
    #[error("patch {token} should be taken back because of this: {why}; it could not be")]
    NotReverted {
        token: String,
        why: Box<GateError>,
        #[source]
        source: Box<ApplyError>,
    },
}

impl From<VerifyError> for GateError {
    fn from(error: VerifyError) -> Self {
        Cause::Verify(error).into()
    }
}

fn told(judgement: &Judgement) -> String {
    let told: Vec<String> =
        judgement.objections.iter().take(3).map(|it| format!("{} {}", it.kind, it.about)).collect();
    let more = judgement.objections.len().saturating_sub(told.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    told.join(", ") + &more
}

impl GateError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> GateErrorKind {
        match &self.0 {
            Cause::Patch(_) => GateErrorKind::Patch,
            Cause::TooManyLines { .. } => GateErrorKind::TooManyLines,
            Cause::Scratch(_) => GateErrorKind::Scratch,
            Cause::Verify(_) => GateErrorKind::Verify,
            Cause::NotProven(_) => GateErrorKind::NotProven,
            Cause::NoWayBack => GateErrorKind::NoWayBack,
            Cause::Reverted { .. } => GateErrorKind::Reverted,
            Cause::NotReverted { .. } => GateErrorKind::NotReverted,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match &self.0 {
            Cause::Patch(error) => error.kind().code(),
            Cause::TooManyLines { .. } => ErrorCode::GATE_TOO_MANY_LINES,
            Cause::Scratch(error) => match error.kind() {
                ScratchErrorKind::Cancelled => ErrorCode::CANCELLED,
                ScratchErrorKind::InUse => ErrorCode::GATE_IN_USE,
                _ => ErrorCode::GATE_SCRATCH,
            },
            Cause::Verify(error) => error.code(),
            Cause::NotProven(_) => ErrorCode::GATE_NOT_PROVEN,
            Cause::NoWayBack => ErrorCode::PATCH_NOT_PERMITTED,
            Cause::Reverted { .. } => ErrorCode::GATE_REVERTED,
            Cause::NotReverted { .. } => ErrorCode::GATE_NOT_REVERTED,
        }
    }

    /// What the commands said against the patch, where they did.
    #[must_use]
    pub fn judgement(&self) -> Option<&Judgement> {
        match &self.0 {
            Cause::NotProven(judgement) => Some(judgement),
            Cause::Reverted { why, .. } | Cause::NotReverted { why, .. } => why.judgement(),
            _ => None,
        }
    }

    /// Names the patch in the records of the tree, where it was applied.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        match &self.0 {
            Cause::Reverted { token, .. } | Cause::NotReverted { token, .. } => Some(token),
            _ => None,
        }
    }
}
