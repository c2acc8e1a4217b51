//! Stable error codes: what a program reads instead of the text of an error.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A stable code of the form `area.reason`. Codes are never renamed or reused.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ErrorCode(std::borrow::Cow<'static, str>);

macro_rules! codes {
    ($($name:ident = $code:literal: $doc:literal;)*) => {
        impl ErrorCode {
            $(
                #[doc = $doc]
                pub const $name: Self = Self(std::borrow::Cow::Borrowed($code));
            )*

            /// Every code that this version of the contracts knows, with its meaning.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $doc)),*];
        }
    };
}

codes! {
    INDEX_FILE_TOO_LARGE = "index.file_too_large": "The file is above the size limit and was not parsed.";
    INDEX_TOO_DEEP = "index.too_deep": "The syntax tree is deeper than the limit; what lies below was skipped.";
    INDEX_TOO_MANY_EXPRESSIONS = "index.too_many_expressions": "The file has more expressions than the limit; calls past it were skipped.";
    INDEX_NOT_UTF8 = "index.not_utf8": "The file is not UTF-8 and was not parsed.";
    INDEX_UNREADABLE = "index.unreadable": "The file or folder could not be read.";
    INDEX_SYNTAX_ERROR = "index.syntax_error": "A region of the file does not parse; symbols outside it are kept.";
    INDEX_BAD_MANIFEST = "index.bad_manifest": "A package manifest could not be read; its files are indexed without a package.";
    INDEX_TOO_MANY_FILES = "index.too_many_files": "The repository has more files than the limit.";
    INDEX_IO = "index.io": "The repository could not be walked or read.";
    GIT_NOT_A_REPOSITORY = "git.not_a_repository": "The folder is not inside a git repository.";
    GIT_UNKNOWN_REVISION = "git.unknown_revision": "The revision names no commit of the repository.";
    GIT_AMBIGUOUS_REVISION = "git.ambiguous_revision": "The abbreviated id stands for more than one object.";
    GIT_UNKNOWN_FOLDER = "git.unknown_folder": "The commit does not have the folder.";
    GIT_MISSING_OBJECT = "git.missing_object": "An object of the commit is not in the repository, such as beyond the end of a shallow clone.";
    GIT_UNREADABLE = "git.unreadable": "The git repository or an object of it is damaged or cannot be read.";
    STORE_MISSING = "store.missing": "There is no store yet, and it was opened for reading only.";
    STORE_NEWER = "store.newer_version": "The store was written by a newer version of Aether.";
    STORE_CORRUPT = "store.corrupt": "The store is not a database or is damaged.";
    STORE_CONFLICT = "store.conflict": "The index changed since the change was computed, so it was not applied.";
    STORE_LOCKED = "store.locked": "Another process holds the store and did not release it in time.";
    STORE_FULL = "store.disk_full": "There is no space left for the store.";
    STORE_IO = "store.io": "The store could not be read or written.";
    STORE_NOT_A_STORE = "store.not_a_store": "The file exists but is not a store of Aether.";
    QUERY_BAD_SYNTAX = "query.bad_syntax": "The query could not be understood.";
    QUERY_UNKNOWN_SYMBOL = "query.unknown_symbol": "No symbol matches.";
    QUERY_AMBIGUOUS_SYMBOL = "query.ambiguous_symbol": "More than one symbol matches.";
    QUERY_NO_RECORD = "query.no_record": "The symbol is of a kind that has no semantic record.";
    QUERY_NO_GRAMMAR = "query.no_grammar": "No grammar of the language is there, so its syntax cannot be asked about.";
    INFERENCE_UNAVAILABLE = "inference.unavailable": "The provider of records could not be reached or failed.";
    INFERENCE_RATE_LIMITED = "inference.rate_limited": "The provider of records was asked too often.";
    INFERENCE_TIMEOUT = "inference.timeout": "The provider of records did not answer in time.";
    INFERENCE_BAD_RECORD = "inference.bad_record": "What the provider answered is not a semantic record.";
    INFERENCE_BAD_VECTORS = "inference.bad_vectors": "What the provider answered is not one vector of one length for each text.";
    INFERENCE_REFUSED = "inference.refused": "The provider will not make a record of this symbol.";
    PATCH_SYNTAX = "patch.syntax": "The patch cannot be read, or its parts do not fit together.";
    PATCH_UNSUPPORTED = "patch.unsupported": "The patch asks for what no patch may do here: links, submodules, special modes, scripts of an editor.";
    PATCH_TOO_LARGE = "patch.too_large": "The patch, or a file that it touches, is above a limit.";
    PATCH_BAD_PATH = "patch.bad_path": "A path of the patch leads out of the repository, or could on some system.";
    PATCH_PROTECTED_PATH = "patch.protected_path": "The patch touches what only a tool may change, such as `.git` or `.aether`.";
    PATCH_LOOK_ALIKE = "patch.look_alike": "A path of the patch looks like a protected one, or like one that is there.";
    PATCH_RUNS_AT_BUILD = "patch.runs_at_build": "The patch touches a file that runs when the project is built or opened, which needs a grant.";
    PATCH_NOT_PERMITTED = "patch.not_permitted": "There is no permit for this patch and all that it touches.";
    PATCH_CASE_TWIN = "patch.case_twin": "A path of the patch differs from another one only in case or in the form of its letters.";
    PATCH_SYMLINK = "patch.symlink": "A path of the patch is a symbolic link or leads through one.";
    PATCH_HARD_LINK = "patch.hard_link": "A file of the patch has another name, maybe outside of the repository.";
    PATCH_NOT_A_FILE = "patch.not_a_file": "A path of the patch is a folder, a device, a pipe or a socket.";
    PATCH_OTHER_FILE_SYSTEM = "patch.other_file_system": "A path of the patch lies on another file system than the root of the repository.";
    PATCH_EXISTS = "patch.exists": "A file that the patch makes is there already.";
    PATCH_MISSING = "patch.missing": "A file that the patch changes is not there.";
    PATCH_STALE_BASE = "patch.stale_base": "A file is another version than the one that the patch was made for.";
    PATCH_MISMATCH = "patch.mismatch": "Lines of the diff are not those of the file.";
    PATCH_OVERLAP = "patch.overlap": "Parts of the patch overlap, are out of order or lie outside of the file.";
    PATCH_PATH_CONFLICT = "patch.path_conflict": "Two parts of the patch touch one path, or one path lies inside another.";
    PATCH_NO_CHANGE = "patch.no_change": "The patch changes nothing.";
    PATCH_UNKNOWN_TOKEN = "patch.unknown_token": "No patch with this token was applied here.";
    PATCH_MOVED_ON = "patch.moved_on": "Files changed since the patch was applied, so it was not reverted.";
    PATCH_UNDO_DAMAGED = "patch.undo_damaged": "What was kept to revert the patch is not what it was.";
    PATCH_LOCKED = "patch.locked": "Another process applies a patch here and did not end in time.";
    PATCH_NEWER = "patch.newer_version": "A record of applied patches was written by a newer version of Aether.";
    PATCH_FULL = "patch.disk_full": "There is no space left to apply the patch; nothing was changed.";
    PATCH_IO = "patch.io": "A file could not be read or written; nothing was changed.";
    GATE_TOO_MANY_LINES = "gate.too_many_lines": "The patch changes more lines than the policy allows.";
    GATE_NOT_PROVEN = "gate.not_proven": "The patch did not keep the check and the tests green, so it was not applied.";
    GATE_REVERTED = "gate.reverted": "The patch was applied, did not hold or could not be verified, and was taken back.";
    GATE_NOT_REVERTED = "gate.not_reverted": "The patch was applied, did not hold, and could not be taken back.";
    GATE_SCRATCH = "gate.scratch": "The copy in which patches are tried could not be made or brought up to date.";
    GATE_IN_USE = "gate.in_use": "Another process tries a patch in the same copy.";
    TOOL_UNAVAILABLE = "tool.unavailable": "The tool is not there or could not be started; what can goes on without it.";
    TOOL_TIMEOUT = "tool.timeout": "The tool did not answer in time.";
    TOOL_FAILED = "tool.failed": "The tool answered that it cannot.";
    TOOL_BROKEN = "tool.broken": "The tool said what no such tool says, or ended.";
    RUN_NOT_ALLOWED = "run.not_allowed": "The command is not one of those that may run.";
    RUN_NOT_FOUND = "run.not_found": "The program of the command is not there or cannot be run.";
    RUN_UNCONFINED = "run.unconfined": "The system cannot keep the command from writing or from the network as it was asked to.";
    RUN_UNAVAILABLE = "run.unavailable": "This way of running commands is not there.";
    RUN_MICROVM_NOT_ENABLED = "run.microvm_not_enabled": "Small virtual machines are experimental and were not enabled.";
    RUN_IO = "run.io": "The command could not be started or followed.";
    POLICY_BAD_CONFIG = "policy.bad_config": "The policy cannot be in force: its parts do not fit together.";
    POLICY_AUDIT_FAILED = "policy.audit_failed": "The audit row could not be written, so nothing was allowed.";
    POLICY_LEDGER_FAILED = "policy.ledger_failed": "Grants or costs could not be read or written.";
    POLICY_CONFLICT = "policy.conflict": "There is a grant, a ticket or a reservation of this name already.";
    POLICY_GRANT_SPENT = "policy.grant_spent": "A grant for one action was used, revoked or has expired.";
    POLICY_UNKNOWN_TICKET = "policy.unknown_ticket": "There is no ticket of this name.";
    POLICY_TICKET_CLOSED = "policy.ticket_closed": "The ticket was answered before, or waited too long.";
    POLICY_NOT_THE_USER = "policy.not_the_user": "Only the user may approve.";
    POLICY_NEEDS_REAUTHENTICATION = "policy.needs_reauthentication": "Whoever approves this must have proved anew who they are.";
    POLICY_ASK = "policy.ask": "Somebody has to allow this first; the ticket says what.";
    POLICY_DENIED = "policy.denied": "The policy does not allow this.";
    POLICY_BAD_DURATION = "policy.bad_duration": "The capability is not granted for that long, or the request names no such task or session.";
    AUDIT_NO_KEY = "audit.no_key": "The audit log has rows, and the file of the key that sealed them is not there.";
    AUDIT_UNSAFE_KEY = "audit.unsafe_key": "The key of the audit log is in no file that its owner alone can read.";
    AUDIT_BAD_KEY = "audit.bad_key": "The key of the audit log is not 32 bytes that are a key.";
    SIGNING_NO_KEY = "signing.no_key": "There is no key to sign with; `aether key new` makes one.";
    SIGNING_KEY_EXISTS = "signing.key_exists": "There is a key to sign with already, and it is never replaced.";
    SIGNING_UNSAFE_KEY = "signing.unsafe_key": "The key to sign with is in no file that its owner alone can read.";
    SIGNING_BAD_KEY = "signing.bad_key": "The key to sign with is not the text of a private key of Ed25519, or its name is none of a key.";
    TRACE_INVALID = "trace.invalid": "A line of a trace breaks a rule of its form or of its chain.";
    TRACE_UNKNOWN = "trace.unknown": "There is no trace of this name.";
    TRACE_OTHER_TREE = "trace.other_tree": "The trace says nothing of the tree as it is.";
    TRACE_SECRET = "trace.secret": "The trace holds what looks like a secret, so it is not given away.";
    TRACE_TOO_LARGE = "trace.too_large": "A trace, a line or a text of it is above a limit.";
    TRACE_UNKNOWN_VERSION = "trace.unknown_version": "The trace is of a version that this build does not know.";
    SCRIPT_SYNTAX = "script.syntax": "The script of a plan cannot be read.";
    SCRIPT_TOO_LARGE = "script.too_large": "The script of a plan is above a limit.";
    CONFIG_SYNTAX = "config.syntax": "The configuration file is not TOML.";
    CONFIG_UNKNOWN_KEY = "config.unknown_key": "The configuration file has a key that nothing reads.";
    CONFIG_BAD_VALUE = "config.bad_value": "A value of the configuration file has the wrong type or range; the default is used.";
    USAGE_BAD_ARGUMENTS = "usage.bad_arguments": "The arguments of the program do not fit together or are unknown.";
    OUTPUT_IO = "output.io": "The output could not be written.";
    WORKSPACE_NOT_FOUND = "workspace.not_found": "The folder does not exist or is not a folder.";
    CANCELLED = "cancelled": "The operation was cancelled.";
    LEDGER_BAD_EVENT = "ledger.bad_event": "The event is not one JSON object on one line, or is too long.";
    LEDGER_BAD_PROOF = "ledger.bad_proof": "The proof does not lead from what it is about to the root.";
    LEDGER_DAMAGED = "ledger.damaged": "A line of the ledger is not what was written there.";
    LEDGER_INCONSISTENT = "ledger.inconsistent": "The ledger does not continue the one that was signed before, so nothing was signed.";
    LEDGER_NO_CHECKPOINT = "ledger.no_checkpoint": "No signed checkpoint has the event; `aether trace checkpoint` signs one.";
    LEDGER_STOPPED = "ledger.stopped": "An earlier write failed in a way that leaves open what is on disk; open the ledger again.";
    NOTE_MALFORMED = "note.malformed": "The text is not a signed note, not a checkpoint, or not a key of one.";
    NOTE_UNTRUSTED = "note.untrusted": "No key that is trusted signed the note, or a signature of a trusted key is wrong.";
    NOTE_SIGNING = "note.signing": "The key could not sign.";
    BUNDLE_REFUSED = "bundle.refused": "The bundle is not one that an export writes: a path, a kind of entry, a hash or the form is wrong.";
    BUNDLE_TOO_LARGE = "bundle.too_large": "The bundle has more files or more bytes than the limits allow.";
    INTERNAL = "internal": "A defect in Aether; please report it.";
}

impl ErrorCode {
    /// A code by its text, known or not.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self(std::borrow::Cow::Owned(code.into()))
    }

    /// The text of the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
