//! Whether a resource fits a capability, and whether the policy opens it.

use super::{Step, deny_if};
use crate::authority::{ActionRequest, Capability, CapabilityClass, PolicyConfig, Reason, Resource};

/// Whether `capability` acts on such a resource at all. A request names hosts one by one: a pattern could
/// stand for a blocked one.
pub(super) fn fits(capability: Capability, resource: &Resource) -> bool {
    if matches!(resource, Resource::Url(url) if url.is_pattern()) {
        return false;
    }
    match capability.class() {
        CapabilityClass::Files => matches!(resource, Resource::Path(_) | Resource::Any),
        CapabilityClass::Process => matches!(resource, Resource::Command(_)),
        CapabilityClass::Network => match capability {
            Capability::NetworkUse => matches!(resource, Resource::Url(_)),
            Capability::RouterAllowRemoteWithPrivate => {
                matches!(resource, Resource::Provider(_) | Resource::Url(_))
            }
            _ => matches!(resource, Resource::Provider(_)),
        },
        CapabilityClass::Browser => matches!(resource, Resource::Url(_)),
        CapabilityClass::Integration => matches!(resource, Resource::Provider(_)),
        CapabilityClass::Memory => matches!(resource, Resource::MemoryScope(_) | Resource::Any),
        // Mail, devices, exports and administration have objects of many kinds, or none.
        CapabilityClass::Email
        | CapabilityClass::Desktop
        | CapabilityClass::Export
        | CapabilityClass::Admin => true,
    }
}

/// Refuses files outside of the scope and commands that are not on the list, whatever is granted: a grant
/// replaces asking, it does not move the fence.
pub(super) fn check(request: &ActionRequest, policy: &PolicyConfig) -> Step {
    if request.capability == Capability::CommandRun {
        let is_listed = |resource: &Resource| match resource {
            Resource::Command(command) => policy.commands.contains(command),
            _ => false,
        };
        return deny_if(!request.resources.iter().all(is_listed), Reason::CommandNotAllowed);
    }
    let is_file = request.capability.class() == CapabilityClass::Files;
    deny_if(is_file && !is_inside(request, policy), Reason::ResourceOutOfScope)
}

/// Whether everything that the request is about lies in the scope of the policy.
pub(super) fn is_inside(request: &ActionRequest, policy: &PolicyConfig) -> bool {
    request.resources.iter().all(|resource| policy.scope.iter().any(|scope| scope.covers(resource)))
}
