//! What a session of changing is given.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use aether_core::authority::{Answer, DegradedMode, PolicyConfig, ProvenanceTag, Ticket};
use aether_core::base::Timestamp;
use aether_core::change::Acceptance;
use aether_core::port::{AuditSink, GrantStore, OutputStore, Runner, TraceLog};
use aether_core::record::provenance::Proposer;
use aether_core::record::trace::TraceId;
use aether_verify::VerifyPlan;

/// Asks the user about a ticket; `None` where nobody answers now, and the ticket stays open.
pub type Approve = dyn Fn(&Ticket) -> Option<Answer> + Send + Sync;

/// Where a session runs commands and keeps what has to be kept.
///
/// Whoever supplies the audit log and the grants is trusted: the gate believes them.
#[derive(Clone)]
#[non_exhaustive]
pub struct ChangePorts {
    pub(super) runner: Arc<dyn Runner>,
    pub(super) audit: Arc<dyn AuditSink>,
    pub(super) grants: Arc<dyn GrantStore>,
    pub(super) traces: Option<Arc<dyn TraceLog>>,
    pub(super) outputs: Option<Arc<dyn OutputStore>>,
    pub(super) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub(super) approve: Arc<Approve>,
}

impl ChangePorts {
    /// Ports without a log of traces, where nobody answers tickets.
    #[must_use]
    pub fn new(
        runner: Arc<dyn Runner>,
        audit: Arc<dyn AuditSink>,
        grants: Arc<dyn GrantStore>,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        Self {
            runner,
            audit,
            grants,
            traces: None,
            outputs: None,
            clock: Arc::new(clock),
            approve: Arc::new(|_| None),
        }
    }

    /// Sets where traces go. Default: nowhere.
    #[must_use]
    pub fn with_traces(mut self, traces: Arc<dyn TraceLog>) -> Self {
        self.traces = Some(traces);
        self
    }

    /// Where traces go.
    #[must_use]
    pub fn traces(&self) -> Option<&dyn TraceLog> {
        self.traces.as_deref()
    }

    /// Sets where what commands of a verification print is kept. Default: nowhere.
    #[must_use]
    pub fn with_outputs(mut self, outputs: Arc<dyn OutputStore>) -> Self {
        self.outputs = Some(outputs);
        self
    }

    /// Where what commands of a verification print is kept.
    #[must_use]
    pub fn outputs(&self) -> Option<&dyn OutputStore> {
        self.outputs.as_deref()
    }

    /// Sets who answers tickets.
    #[must_use]
    pub fn with_approve(
        mut self,
        approve: impl Fn(&Ticket) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        self.approve = Arc::new(approve);
        self
    }
}

impl fmt::Debug for ChangePorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangePorts")
            .field("runner", &self.runner)
            .field("audit", &self.audit)
            .field("grants", &self.grants)
            .field("traces", &self.traces)
            .field("outputs", &self.outputs)
            .finish_non_exhaustive()
    }
}

/// Who changes what, by which rules.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChangeOptions {
    /// Names the session, its trace and its requests; no two sessions share one.
    pub session: TraceId,
    /// Name of the agent that asks.
    pub actor: String,
    /// Who made the patches.
    pub proposer: Proposer,
    /// Where the wish comes from. Nothing stands for untrusted input.
    pub provenance: Vec<ProvenanceTag>,
    /// Whether somebody is there who sees what happens.
    pub is_attended: bool,
    /// The policy in force. Its commands are to be those of the plan.
    pub policy: PolicyConfig,
    /// What is run to prove a change.
    pub plan: VerifyPlan,
    /// What a change may do besides keeping everything green.
    pub acceptance: Acceptance,
    /// What is wrong or switched off at present. Default: nothing.
    pub degraded: BTreeSet<DegradedMode>,
}

impl ChangeOptions {
    /// What `actor` does in `session` by this policy, whose commands become those of the plan.
    #[must_use]
    pub fn new(
        session: TraceId,
        actor: impl Into<String>,
        proposer: Proposer,
        mut policy: PolicyConfig,
        plan: VerifyPlan,
    ) -> Self {
        for command in plan.commands() {
            if !policy.commands.contains(&command) {
                policy.commands.push(command);
            }
        }
        Self {
            session,
            actor: actor.into(),
            proposer,
            provenance: Vec::new(),
            is_attended: false,
            policy,
            plan,
            acceptance: Acceptance::default(),
            degraded: BTreeSet::new(),
        }
    }
}
