//! How decisions and answers stand in the audit log.

use super::LeaseBound;
use crate::authority::{ActionRequest, Verdict, VerdictKind, Warning};
use crate::base::Sha256Hash;
use crate::record::{AuditActor, AuditEntry, AuditKind, AuditStage};

/// A row about a request.
pub(super) fn about(kind: AuditKind, request: &ActionRequest, policy: Sha256Hash) -> AuditEntry {
    let mut entry = AuditEntry::new(kind, AuditActor::Agent(request.actor.clone()));
    entry.request = Some(request.id.clone());
    entry.task = request.task.clone();
    entry.capability = Some(request.capability.as_str().to_owned());
    entry.resources = request.resources.iter().map(ToString::to_string).collect();
    entry.content = request.content;
    entry.policy = Some(policy);
    entry
}

/// The row of a decision.
pub(super) fn of_verdict(
    request: &ActionRequest,
    verdict: &Verdict,
    lease: Option<&LeaseBound>,
    policy: Sha256Hash,
) -> AuditEntry {
    let kind = if lease.is_some() { AuditKind::LEASE } else { AuditKind::DECISION };
    let mut entry = about(kind, request, policy);
    let decision = match verdict.kind {
        VerdictKind::Allow => "allow",
        VerdictKind::Ask(_) => "ask",
        VerdictKind::DraftOnly(_) => "draft_only",
        VerdictKind::Deny(_) => "deny",
        VerdictKind::NeedsUpgrade(_) => "needs_upgrade",
    };
    entry.decision = Some(decision.to_owned());
    entry.reason = verdict.kind.reason().map(|reason| reason.id().to_owned());
    let stage = |result: &crate::authority::StageResult| {
        AuditStage::new(result.stage.as_str(), result.outcome.as_str())
    };
    entry.stages = verdict.stages.iter().map(stage).collect();
    entry.grants = verdict.grants.iter().map(ToString::to_string).collect();
    if let Some(bound) = lease {
        entry = entry.with_detail("lease_uses", bound.uses.to_string());
        entry = entry.with_detail("lease_until", bound.until.to_string());
    }
    if let VerdictKind::NeedsUpgrade(preset) = verdict.kind {
        entry = entry.with_detail("preset", preset.as_str());
    }
    let near = verdict.warnings.iter().map(|Warning::NearCap(window)| window.as_str());
    let near: Vec<&str> = near.collect();
    if !near.is_empty() {
        entry = entry.with_detail("near_cap", near.join(" "));
    }
    entry
}
