//! Asking the policy gate, and the user where the gate asks.

use std::collections::BTreeSet;

use aether_core::authority::{
    Action, ActionRequest, Answered, Capability, Decision, EditFiles, Lease, LeaseBound, Outcome, Permit,
    PolicyProfile, Reason, Resource, RunCommand, Ticket,
};
use aether_core::base::{ErrorCode, RelPath, Sha256Hash};
use aether_core::change::CommandLine;
use serde::Serialize;

use super::ChangeSession;
use crate::engine::error::EngineError;

/// What the policy would say, without asking for it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Asked {
    /// The capability.
    pub capability: Capability,
    /// What would come of it: `allow`, `ask`, `draft_only`, `deny` or `needs_upgrade`.
    pub outcome: &'static str,
    /// Why, where it is not simply allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The files that it is about.
    pub paths: Vec<RelPath>,
}

/// Why something was not allowed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{} is not allowed: {}", .capability.as_str(), .reason.sentence())]
#[non_exhaustive]
pub struct Refusal {
    /// What was asked for.
    pub capability: Capability,
    /// Why.
    pub reason: Reason,
    /// The ticket that waits for an answer, where there is one.
    pub ticket: Option<Box<Ticket>>,
}

impl From<Refusal> for EngineError {
    fn from(refusal: Refusal) -> Self {
        let code = if refusal.ticket.is_some() { ErrorCode::POLICY_ASK } else { ErrorCode::POLICY_DENIED };
        let ticket = refusal.ticket.as_ref().map(|ticket| format!(" (ticket {})", ticket.id));
        Self::new(code, format!("{refusal}{}", ticket.unwrap_or_default())).with_source(refusal)
    }
}

impl ChangeSession<'_> {
    pub(super) fn request(&self, capability: Capability) -> ActionRequest {
        let mut request = ActionRequest::new(self.request_id(), self.options.actor.clone(), capability);
        let session = self.options.session.as_str().to_owned();
        (request.task, request.session) = (Some(session.clone()), Some(session));
        request.provenance.extend(self.options.provenance.iter().copied());
        request.is_attended = self.options.is_attended;
        request
    }

    pub(super) fn edit_request(
        &self,
        capability: Capability,
        paths: &BTreeSet<RelPath>,
        patch: Sha256Hash,
    ) -> ActionRequest {
        let mut request = self.request(capability);
        request.resources = paths.iter().cloned().map(Resource::from).collect();
        request.content = Some(patch);
        request
    }

    /// A permit to edit these files by this patch.
    pub(super) fn warrant_edit(
        &self,
        capability: Capability,
        paths: &BTreeSet<RelPath>,
        patch: Sha256Hash,
    ) -> Result<Permit<EditFiles>, EngineError> {
        self.warrant::<EditFiles>(self.edit_request(capability, paths, patch))
    }

    pub(super) fn warrant<A: Action>(&self, request: ActionRequest) -> Result<Permit<A>, EngineError> {
        self.settle(&request, || self.gate.authorize::<A>(&request, self.now()))
    }

    pub(super) fn warrant_lease(
        &self,
        commands: Vec<CommandLine>,
        bound: LeaseBound,
    ) -> Result<Lease<RunCommand>, EngineError> {
        let mut request = self.request(Capability::CommandRun);
        request.resources = commands.into_iter().map(Resource::from).collect();
        self.settle(&request, || self.gate.authorize_lease::<RunCommand>(&request, bound, self.now()))
    }

    /// Asks, lets the user answer where the gate wants to know, and asks again.
    fn settle<T>(&self, request: &ActionRequest, ask: impl Fn() -> Decision<T>) -> Result<T, EngineError> {
        let first = ask();
        let reason = first.reason;
        let ticket = match first.outcome {
            Outcome::Allow(proof) => return Ok(proof),
            Outcome::Ask(ticket) => ticket,
            _ => return Err(refusal(request, reason, None).into()),
        };
        let Some(answer) = (self.ports.approve)(&ticket) else {
            return Err(refusal(request, reason, Some(ticket)).into());
        };
        let answered = self
            .gate
            .answer(&ticket.id, &answer, self.now())
            .map_err(|error| EngineError::new(error.code(), error.to_string()).with_source(error))?;
        if !matches!(answered, Answered::Granted(_)) {
            return Err(refusal(request, Some(Reason::UserDenied), None).into());
        }
        let again = ask();
        let reason = again.reason;
        again.allowed().ok_or_else(|| refusal(request, reason, None).into())
    }

    /// What the gate would say; nothing is written down and no grant is used up.
    pub(super) fn foresee(&self, request: &ActionRequest, paths: &BTreeSet<RelPath>) -> Asked {
        let verdict = self.gate.foresee::<EditFiles>(request, self.now());
        let outcome = verdict.kind.as_str();
        let reason = verdict.kind.reason().map(Reason::id);
        Asked { capability: request.capability, outcome, reason, paths: paths.iter().cloned().collect() }
    }

    /// The profile of the policy in force, which every answer shows.
    pub(super) fn profile(&self) -> PolicyProfile {
        self.options.policy.profile
    }
}

pub(super) fn refusal(
    request: &ActionRequest,
    reason: Option<Reason>,
    ticket: Option<Box<Ticket>>,
) -> Refusal {
    let reason = reason.unwrap_or(Reason::ModeDeny);
    Refusal { capability: request.capability, reason, ticket }
}
