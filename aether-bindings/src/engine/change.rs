//! Changing a repository: what is tried, applied and taken back, each step behind the policy gate and in a trace.

mod apply;
mod draft;
mod export_file;
mod live;
mod ports;
mod provenance;
mod setting;
mod trail;
mod turn;
mod undo;
mod warrant;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use aether_core::authority::{
    Capability, ExportData, Lease, LeaseBound, Permit, PolicyGate, Resource, RunCommand,
};
use aether_core::base::{Cancel, ErrorCode, Timestamp};
use aether_core::change::{CommandLine, Verification};
use aether_verify::{PatchGate, Scratch, ScratchErrorKind, ScratchLimits, Verifier, VerifyPlan, WorkTree};

use super::error::EngineError;
use super::lifecycle::Engine;

pub use apply::{ApplyAnswer, CheckAnswer};
pub use draft::DraftAnswer;
pub use live::{LiveCheck, LiveReplay};
pub use ports::{Approve, ChangeOptions, ChangePorts};
pub use provenance::{ProvenanceAnswer, StandingPatch};
pub use setting::SetAnswer;
pub use undo::RevertAnswer;
pub use warrant::{Asked, Refusal};

/// How many workers can try changes of one repository at once.
const MAX_WORKERS: u32 = 16;

/// One session of changing a repository: it has a name, a policy, and one trace.
#[derive(Debug)]
pub struct ChangeSession<'a> {
    engine: &'a Engine,
    ports: &'a ChangePorts,
    options: &'a ChangeOptions,
    gate: PolicyGate<'a>,
    requests: AtomicU64,
}

/// What can be given away.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Export {
    /// Traces.
    Traces,
    /// The audit log.
    Audit,
    /// What the index says, a picture of it, or the end of a log.
    Report,
}

impl Engine {
    /// The folder for scratch copies inside [`Engine::FOLDER`].
    pub const SCRATCH_FOLDER: &'static str = "scratch";
    /// The folder for the records of applied patches inside [`Engine::FOLDER`].
    pub const PROVENANCE_FOLDER: &'static str = "provenance";

    /// Starts a session of changing the repository.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::POLICY_BAD_CONFIG`] when the policy cannot be in force.
    pub fn change<'a>(
        &'a self,
        ports: &'a ChangePorts,
        options: &'a ChangeOptions,
    ) -> Result<ChangeSession<'a>, EngineError> {
        let gate = PolicyGate::new(options.policy.clone(), &*ports.audit, &*ports.grants)
            .map_err(|error| EngineError::new(error.code(), error.to_string()).with_source(error))?;
        let gate = options.degraded.iter().fold(gate, |gate, mode| gate.with_degraded(*mode));
        Ok(ChangeSession { engine: self, ports, options, gate, requests: AtomicU64::new(0) })
    }
}

impl ChangeSession<'_> {
    /// Runs the commands of the plan on the repository as it is, in a scratch copy: neither its files and their
    /// times nor its target folder are touched.
    ///
    /// File work is done on the thread that polls.
    ///
    /// # Errors
    ///
    /// `policy.*` where it is not allowed, `gate.*`, `run.*`. What the commands say is no error.
    pub async fn verify(&self, cancel: &Cancel) -> Result<Verification, EngineError> {
        self.verify_plan(&self.options.plan, cancel).await
    }

    /// The same by another plan, whose commands are among those of the session.
    async fn verify_plan(&self, plan: &VerifyPlan, cancel: &Cancel) -> Result<Verification, EngineError> {
        let tree = self.tree()?;
        let mut gate = self.patch_gate(&tree, plan)?;
        let mut lease = self.lease(plan.commands(), plan.max_permits())?;
        let mut permits = |command: &CommandLine| lease.next(self.now(), &command.clone().into(), None);
        Ok(gate.verify(&mut permits, cancel).await?)
    }

    fn now(&self) -> Timestamp {
        (self.ports.clock)()
    }

    fn tree(&self) -> Result<WorkTree, EngineError> {
        Ok(WorkTree::open(self.engine.workspace())?)
    }

    /// A gate in front of the tree, with the first scratch copy that nobody uses.
    fn patch_gate<'t>(
        &'t self,
        tree: &'t WorkTree,
        plan: &'t VerifyPlan,
    ) -> Result<PatchGate<'t>, EngineError> {
        let home = self.engine.workspace().join(Engine::FOLDER).join(Engine::SCRATCH_FOLDER);
        Engine::prepare(self.engine.workspace())?;
        let mut worker = 1;
        let scratch = loop {
            let home = home.join(worker.to_string());
            match Scratch::open(self.engine.workspace(), &home, ScratchLimits::default()) {
                Ok(scratch) => break scratch,
                Err(error) if error.kind() == ScratchErrorKind::InUse && worker < MAX_WORKERS => worker += 1,
                Err(error) => {
                    let is_used = error.kind() == ScratchErrorKind::InUse;
                    let code = if is_used { ErrorCode::GATE_IN_USE } else { ErrorCode::GATE_SCRATCH };
                    return Err(EngineError::new(code, error.to_string()).with_source(error));
                }
            }
        };
        let verifier = Verifier::new(&*self.ports.runner, plan);
        let lines = self.options.policy.thresholds.max_changed_lines;
        Ok(PatchGate::new(tree, scratch, verifier)
            .with_acceptance(self.options.acceptance)
            .with_max_changed_lines(lines))
    }

    /// Allows to give data away: the log of traces, or the audit log. `to` says where it goes.
    ///
    /// # Errors
    ///
    /// `policy.*` where it is not allowed.
    pub fn may_export(&self, what: Export, to: Resource) -> Result<Permit<ExportData>, EngineError> {
        let capability = match what {
            Export::Traces => Capability::TraceExport,
            Export::Audit => Capability::AuditExport,
            Export::Report => Capability::ReportExport,
        };
        let mut request = self.request(capability);
        request.resources.push(to);
        self.warrant(request)
    }

    /// Writes a file outside of Aether's own state, which somebody asked for by its name: it is there as a whole,
    /// or as it was before. What is no plain file, such as a device, is written to as it stands. `path` is
    /// absolute, because a library has no current folder.
    ///
    /// `write` gets the permit, to hand it on to whatever gives data away.
    ///
    /// # Errors
    ///
    /// `policy.*` where it is not allowed, and then nothing is opened; [`ErrorCode::OUTPUT_IO`] where the file
    /// cannot be written; those of `write`.
    pub fn export_file<T, E: From<EngineError>>(
        &self,
        what: Export,
        path: &Path,
        write: impl FnOnce(Permit<ExportData>, &mut dyn Write) -> Result<T, E>,
    ) -> Result<T, E> {
        let place = export_file::place(self.engine.workspace(), path)?;
        let permit = self.may_export(what, place.clone())?;
        export_file::write_whole(permit, &place, path, write)
    }

    /// The gate of this session: answers tickets, takes grants back.
    #[must_use]
    pub fn policy_gate(&self) -> &PolicyGate<'_> {
        &self.gate
    }

    /// A lease to run these commands so often.
    fn lease(&self, commands: Vec<CommandLine>, uses: u32) -> Result<Lease<RunCommand>, EngineError> {
        let limits = self.options.policy.lease;
        let ms = i64::try_from(limits.max_ms).unwrap_or(i64::MAX);
        let until = Timestamp::from_unix_ms(self.now().unix_ms().saturating_add(ms));
        self.warrant_lease(commands, LeaseBound::new(uses.min(limits.max_uses), until))
    }

    /// A name for the next request, which no other has.
    fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number}", self.options.session)
    }
}

impl From<aether_verify::ApplyError> for EngineError {
    fn from(error: aether_verify::ApplyError) -> Self {
        Self::new(error.kind().code(), error.to_string()).with_source(error)
    }
}

impl From<aether_verify::GateError> for EngineError {
    fn from(error: aether_verify::GateError) -> Self {
        // What is behind it says which file, which command.
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        Self::new(error.code(), message).with_source(error)
    }
}
