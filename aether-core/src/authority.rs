//! Who may do what: capabilities, policy, the gate that decides, and the permits that only it can make.
//!
//! [`decide`] is the rule, without any effect. [`PolicyGate`] asks it, uses up grants, writes the audit row and
//! only then makes a [`Permit`] or a [`Lease`]. Functions that have an effect outside of Aether's own state
//! take one by value, so there is no way around the gate but to change this crate.

mod action;
mod capability;
mod class;
mod cost;
mod decide;
mod decision;
mod error;
mod gate;
mod grant;
mod mode;
mod patch_needs;
mod policy;
mod reason;
mod request;
mod resource;
mod ticket;

// The traits are public as `port::AuditSink` and so on; they stand here because the gate asks them, and a
// group of this crate uses only those before it.
pub(crate) mod audit_sink;
pub(crate) mod cost_ledger;
pub(crate) mod grant_store;

pub use action::{
    Action, ChangeGrants, ChangePolicy, DeleteMemory, EditFiles, ExportData, InstallPackages, Observe,
    OpenSocket, RunCommand, RunShell, UseDesktop, WriteMemory,
};
pub use capability::Capability;
pub use class::{CapabilityClass, RiskClass};
pub use cost::{Cost, CostCaps, CostReservation, CostWindow, Spend};
pub use decide::{PolicyState, Verdict, VerdictKind, decide};
pub use decision::{Decision, Outcome, Stage, StageOutcome, StageResult, Warning};
pub use error::{LedgerError, PolicyError, PolicyErrorKind};
pub use gate::{Lease, LeaseBound, LeaseError, LeaseErrorKind, Permit, PermitError, PolicyGate, Revocation};
pub use grant::{Grant, GrantDuration, GrantId, GrantStatus, RevokeReason, RevokeScope};
pub use mode::{ApprovalMode, DurationKind, Preset};
pub use patch_needs::patch_needs;
pub use policy::{
    CustomPolicy, DegradedMode, HardBlock, LeaseLimits, PolicyConfig, PolicyConfigError,
    PolicyConfigErrorKind, PolicyProfile, Posture, Thresholds,
};
pub use reason::Reason;
pub use request::{ActionRequest, ProvenanceTag};
pub use resource::{Resource, ResourceError, ResourceErrorKind, ScopePath, UrlScope};
pub use ticket::{Answer, Answered, Choice, Ticket, TicketId};

/// Version of the records of policy, requests, grants and tickets. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;
