//! The methods, and the parameters of those that are about other requests.

use serde::{Deserialize, Serialize};

use super::id::RpcId;
use crate::base::open_vocabulary;

open_vocabulary! {
    /// A method of Aether. Open: a reader keeps one that it does not know, and answers that there is none.
    RpcMethod {
        /// Which methods there are.
        DISCOVER = "rpc.discover";
        /// A notification: the request is no longer wanted.
        CANCEL = "$/cancelRequest";
        /// A notification of the server: how far a request is.
        PROGRESS = "$/progress";
        /// What the compiler says.
        CARGO_CHECK = "cargo.check";
        /// What the tests say.
        CARGO_TEST = "cargo.test";
        /// What the linter says.
        CARGO_CLIPPY = "cargo.clippy";
        /// What the formatter would change.
        CARGO_FMT = "cargo.fmt";
        /// The type of what stands at a place.
        RA_TYPE_OF = "ra.type_of";
        /// Where what stands at a place is used.
        RA_FIND_REFS = "ra.find_refs";
        /// Where what stands at a place is defined.
        RA_GOTO_DEF = "ra.goto_def";
        /// Takes changed files into the index.
        INDEX_UPDATE = "index.update";
        /// Asks the index.
        INDEX_QUERY = "index.query";
        /// The documentation of a symbol or of an error code.
        DOC_LOOKUP = "doc.lookup";
        /// Searches documentation.
        DOC_SEARCH = "doc.search";
        /// Proposes a patch, and applies none.
        PATCH_PROPOSE = "patch.propose";
        /// Whether a patch fits, and what it would need.
        PATCH_CHECK = "patch.check";
        /// Applies a patch that proves itself.
        PATCH_APPLY = "patch.apply";
        /// Takes a patch back.
        PATCH_REVERT = "patch.revert";
        /// Adds an event to a trace.
        TRACE_APPEND = "trace.append";
        /// Replays a trace.
        TRACE_REPLAY = "trace.replay";
        /// Reads from memory.
        MEMORY_GET = "memory.get";
        /// Writes to memory.
        MEMORY_PUT = "memory.put";
        /// Gives memory away.
        MEMORY_EXPORT = "memory.export";
        /// What the policy would say.
        POLICY_EVALUATE = "policy.evaluate";
        /// Runs what proves a change, on the tree as it is.
        VERIFY_RUN = "verify.run";
    }
}

/// Parameters of [`RpcMethod::CANCEL`].
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CancelParams {
    /// The request that is no longer wanted.
    pub id: RpcId,
}

impl CancelParams {
    /// No longer wants the request of this name.
    #[must_use]
    pub fn new(id: RpcId) -> Self {
        Self { id }
    }
}

/// Parameters of [`RpcMethod::PROGRESS`].
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProgressParams {
    /// How much is done, in the unit of `total`.
    pub done: u64,
    /// The request that this is about.
    pub id: RpcId,
    /// What is being done, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How much there is to do; absent while nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl ProgressParams {
    /// So much of a request is done.
    #[must_use]
    pub fn new(id: RpcId, done: u64) -> Self {
        Self { done, id, message: None, total: None }
    }
}
