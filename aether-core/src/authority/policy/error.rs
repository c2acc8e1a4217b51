//! Why a policy cannot be in force.

use super::{HardBlock, PolicyConfig, PolicyProfile, Thresholds};
use crate::authority::{ApprovalMode, SCHEMA_VERSION};
use crate::base::ErrorCode;

/// Why a policy cannot be in force.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("policy {}", .kind.reason())]
pub struct PolicyConfigError {
    kind: PolicyConfigErrorKind,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PolicyConfigErrorKind {
    /// It is of a version that this build does not know.
    UnknownVersion,
    /// Thresholds are out of order or out of range.
    BadThresholds,
    /// The profile is strict and a threshold is looser than its default.
    LooserThanStrict,
    /// Something of high or critical risk would be approved in advance.
    AutoApprovesHighRisk,
    /// A block is lifted that cannot be.
    CannotBeLifted,
    /// A blocked domain is not a name in lower case.
    BadDomain,
    /// A number is beyond 2^53.
    NotCanonical,
}

impl PolicyConfigErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::UnknownVersion => "is of a version that this build does not know",
            Self::BadThresholds => "has thresholds that are out of order or out of range",
            Self::LooserThanStrict => "is strict and has a threshold that is looser than its default",
            Self::AutoApprovesHighRisk => "would approve in advance what is of high or critical risk",
            Self::CannotBeLifted => "lifts a block that cannot be lifted",
            Self::BadDomain => "blocks a domain that is not a name in lower case",
            Self::NotCanonical => "has a number beyond 2^53",
        }
    }
}

impl PolicyConfigError {
    pub(super) fn new(kind: PolicyConfigErrorKind) -> Self {
        Self { kind }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> PolicyConfigErrorKind {
        self.kind
    }

    /// The stable code: `policy.bad_config`.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::POLICY_BAD_CONFIG
    }
}

pub(super) fn check(policy: &PolicyConfig) -> Result<(), PolicyConfigError> {
    let refuse = |kind| Err(PolicyConfigError::new(kind));
    if policy.schema_version != SCHEMA_VERSION {
        return refuse(PolicyConfigErrorKind::UnknownVersion);
    }
    if !policy.thresholds.are_in_order() {
        return refuse(PolicyConfigErrorKind::BadThresholds);
    }
    let is_strict = policy.profile == PolicyProfile::Strict;
    if is_strict && !policy.thresholds.is_as_strict_as(&Thresholds::default()) {
        return refuse(PolicyConfigErrorKind::LooserThanStrict);
    }
    if let Some(custom) = &policy.custom {
        let approves = |mode: ApprovalMode| mode > ApprovalMode::Ask;
        if custom.modes.iter().any(|(of, &mode)| of.risk().asks_each_time() && approves(mode)) {
            return refuse(PolicyConfigErrorKind::AutoApprovesHighRisk);
        }
        if custom.lifted.iter().any(|block: &HardBlock| !block.can_be_lifted()) {
            return refuse(PolicyConfigErrorKind::CannotBeLifted);
        }
    }
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_domain =
        |name: &String| name.split('.').all(|label| !label.is_empty() && label.bytes().all(is_name));
    if !policy.blocked_domains.values().flatten().all(is_domain) {
        return refuse(PolicyConfigErrorKind::BadDomain);
    }
    Ok(())
}
