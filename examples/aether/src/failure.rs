//! Why a command did not get to its end, and the exit codes.

use std::error::Error;
use std::io;
use std::path::Path;

use aether_bindings::engine::{EngineError, LedgerError, PolicyStoreError, Refusal};
use aether_core::authority::Reason;
use aether_core::base::ErrorCode;
use aether_core::code::Symbol;

/// Exit code of a command line, query, configuration or folder that cannot be used.
pub(crate) const USAGE: u8 = 2;

/// Exit code of what the policy does not allow, or wants to be asked about.
const NOT_ALLOWED: u8 = 6;

/// Exit code after Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// What a command came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It did what it was asked for.
    Done,
    /// `doctor` found something that is broken.
    Broken,
    /// There was nothing to be found.
    Nothing,
    /// The policy allows no more than a draft.
    NotAllowed,
    /// Ctrl-C ended what goes on until then.
    Interrupted,
}

impl Outcome {
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Broken => 1,
            Self::Nothing => 3,
            Self::NotAllowed => NOT_ALLOWED,
            Self::Interrupted => INTERRUPTED,
        }
    }
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It failed.
    Failed(Failure),
    /// Whoever reads the output has gone.
    ReaderGone,
}

impl Stop {
    /// Standard output or an export could not be written.
    pub(crate) fn writing(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::Failed(Failure::new(ErrorCode::OUTPUT_IO, format!("output cannot be written: {error}")))
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        if *error.code() == ErrorCode::OUTPUT_IO
            && cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
        {
            return Self::ReaderGone;
        }
        Self::Failed(Failure::of_engine(&error))
    }
}

impl From<PolicyStoreError> for Stop {
    fn from(error: PolicyStoreError) -> Self {
        Self::Failed(Failure::of_policy_file(&error))
    }
}

/// A stable code, a text, and what else could have been meant.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) candidates: Vec<Symbol>,
    /// Whether it is about the policy file, whose codes are those of the index.
    is_of_policy_file: bool,
    /// Whether nothing is allowed because the audit log is not in order.
    is_of_audit_log: bool,
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            candidates: Vec::new(),
            is_of_policy_file: false,
            is_of_audit_log: false,
        }
    }

    /// The command line cannot be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::USAGE_BAD_ARGUMENTS, message)
    }

    /// The text of an error, and of what caused it.
    pub(crate) fn caused(code: ErrorCode, error: &dyn Error) -> Self {
        Self::new(code, with_causes(error))
    }

    pub(crate) fn of_policy_file(error: &PolicyStoreError) -> Self {
        Self { is_of_policy_file: true, ..Self::caused(error.code(), error) }
    }

    pub(crate) fn of_log(error: &LedgerError) -> Self {
        Self::new(error.code(), format!("log of traces: {}", with_causes(error)))
    }

    /// Says which file it is about.
    pub(crate) fn about(mut self, path: &Path) -> Self {
        self.message = format!("{}: {}", path.display(), self.message);
        self
    }

    pub(crate) fn of_engine(error: &EngineError) -> Self {
        let refusal = error.source().and_then(|cause| cause.downcast_ref::<Refusal>());
        let is_of_audit_log = refusal.is_some_and(|refusal| {
            matches!(refusal.reason, Reason::AuditUnhealthy | Reason::AuditWriteFailed)
        });
        let candidates = error.candidates().to_vec();
        Self { candidates, is_of_audit_log, ..Self::caused(error.code().clone(), error) }
    }

    /// Whether Ctrl-C is the reason.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.code == ErrorCode::CANCELLED
    }

    /// The exit code that stands for this failure.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.code.as_str() {
            "query.unknown_symbol"
            | "query.no_record"
            | "policy.unknown_ticket"
            | "patch.unknown_token"
            | "trace.unknown" => 3,
            "query.ambiguous_symbol" => 4,
            "query.bad_syntax"
            | "query.no_grammar"
            | "config.syntax"
            | "workspace.not_found"
            | "usage.bad_arguments"
            | "policy.bad_config"
            | "policy.bad_duration"
            | "git.not_a_repository"
            | "git.unknown_revision"
            | "git.ambiguous_revision"
            | "git.unknown_folder" => USAGE,
            "cancelled" => INTERRUPTED,
            "policy.ask" | "policy.denied" => NOT_ALLOWED,
            "bundle.refused" | "bundle.too_large" => USAGE,
            code if code.starts_with("store.") => 5,
            _ => 1,
        }
    }

    /// What a person may do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self.code.as_str() {
            "store.newer_version" if self.is_of_policy_file => Some("use that version"),
            "store.corrupt" | "store.not_a_store" if self.is_of_policy_file => {
                Some("put a copy of .aether/authority.db back; until then nothing is allowed")
            }
            "store.corrupt" | "store.not_a_store" => {
                Some("move .aether/aether.db away; the next question builds the index again")
            }
            "store.newer_version" => Some("use that version, or move .aether/aether.db away and index again"),
            "store.locked" => Some("wait longer with --busy-timeout-ms, or ask with --no-update"),
            "policy.denied" if self.is_of_audit_log => Some(
                "`aether audit verify` says what is wrong with the audit log; until then nothing is allowed",
            ),
            "policy.ask" => Some(
                "answer at a terminal, give --yes, or `aether policy show` and `aether policy grant TICKET`",
            ),
            "git.missing_object" => Some("fetch it first: Aether opens no connection"),
            "index.too_many_files" => Some("see --max-files and --exclude"),
            _ => None,
        }
    }
}

/// The text of an error and of what caused it; a cause that repeats what was said is left out.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}
