//! A permit: proof that one action was allowed and written down.

use std::fmt;
use std::marker::PhantomData;

use crate::authority::{Action, Capability, Resource};
use crate::base::{RelPath, Sha256Hash};
use crate::change::{CommandLine, Patch};
use crate::record::AuditReceipt;

/// Proof that one action was allowed, and that the row that says so is durable.
///
/// Only [`PolicyGate`](super::PolicyGate) and a [`Lease`](super::Lease) make one. It cannot be copied, and
/// whoever has the effect takes it by value, so one permit is one action. It names what it is for, down to
/// the hash of the content: whoever takes it asks one of the `covers_` functions with what is about to be
/// done, because that may have changed since it was asked for.
///
/// ```compile_fail
/// # use aether_core::authority::{EditFiles, Permit};
/// fn twice(permit: Permit<EditFiles>) -> (Permit<EditFiles>, Permit<EditFiles>) {
///     (permit.clone(), permit)
/// }
/// ```
#[must_use = "a permit that is not used allowed nothing"]
pub struct Permit<A: Action> {
    capability: Capability,
    resources: Vec<Resource>,
    content: Option<Sha256Hash>,
    audit: AuditReceipt,
    // A function pointer, so that the marker type takes away neither `Send` nor `Sync`.
    action: PhantomData<fn() -> A>,
}

impl<A: Action> Permit<A> {
    pub(super) fn of(
        capability: Capability,
        resources: Vec<Resource>,
        content: Option<Sha256Hash>,
        audit: AuditReceipt,
    ) -> Self {
        Self { capability, resources, content, audit, action: PhantomData }
    }

    /// What was asked for.
    #[must_use]
    pub fn capability(&self) -> Capability {
        self.capability
    }

    /// On what.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The row that says so; of a permit of a lease that of the lease.
    #[must_use]
    pub fn audit(&self) -> AuditReceipt {
        self.audit
    }

    /// Whether it is for this resource, or for one that holds it.
    #[must_use]
    pub fn covers(&self, resource: &Resource) -> bool {
        self.resources.iter().any(|scope| scope.covers(resource))
    }

    /// Whether it is for content of this hash. One without content covers none.
    #[must_use]
    pub fn covers_content(&self, hash: &Sha256Hash) -> bool {
        self.content.as_ref() == Some(hash)
    }

    /// Whether it is for this command, exactly.
    #[must_use]
    pub fn covers_command(&self, command: &CommandLine) -> bool {
        let is_it = |resource: &Resource| matches!(resource, Resource::Command(of) if of == command);
        self.resources.iter().any(is_it)
    }

    /// Whether it is for this path of the workspace, or for a folder around it.
    #[must_use]
    pub fn covers_path(&self, path: &RelPath) -> bool {
        self.covers(&Resource::from(path.clone()))
    }

    /// Whether it is for this patch: for its hash, and for each path that it touches.
    ///
    /// # Errors
    ///
    /// [`PermitError`], with what is not covered.
    pub fn covers_patch(&self, patch: &Patch) -> Result<(), PermitError> {
        if !self.covers_content(&patch.hash()) {
            return Err(PermitError { what: "a patch with this hash".to_owned() });
        }
        let paths = patch.files().iter().flat_map(|file| file.paths());
        match paths.into_iter().find(|path| !self.covers_path(path)) {
            Some(path) => Err(PermitError { what: format!("the path {path}") }),
            None => Ok(()),
        }
    }
}

impl<A: Action> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("action", &A::NAME)
            .field("capability", &self.capability)
            .field("resources", &self.resources)
            .field("content", &self.content)
            .field("audit", &self.audit)
            .finish()
    }
}

/// What is about to be done is not what was allowed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("permit is not for {what}")]
pub struct PermitError {
    what: String,
}
