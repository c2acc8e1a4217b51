//! What is blocked before anything else is looked at.

use crate::authority::{
    ActionRequest, ApprovalMode, Capability, CapabilityClass, CostWindow, HardBlock, PolicyConfig, Reason,
    Resource,
};

/// The blocks that a request runs into, in their order.
pub(super) fn hit(
    request: &ActionRequest,
    policy: &PolicyConfig,
) -> impl Iterator<Item = (HardBlock, Reason)> {
    HardBlock::ALL.into_iter().filter(move |&block| is_hit(block, request, policy)).map(|block| {
        let reason = match block {
            HardBlock::FinanceDomains => Reason::FinanceDomain,
            HardBlock::HealthcareDomains => Reason::HealthcareDomain,
            HardBlock::PasswordManagerDomains => Reason::PasswordManagerDomain,
            HardBlock::GovernmentDomains => Reason::GovernmentDomain,
            HardBlock::UnrestrictedDisk => Reason::UnrestrictedDisk,
            HardBlock::SilentUpload => Reason::SilentUpload,
            HardBlock::ShellInConsumerPresets => Reason::ShellInConsumerPresets,
            HardBlock::EmailSendDefault => Reason::EmailSendDefault,
            HardBlock::AutoApproveHighCritical => Reason::AutoApproveHighCritical,
        };
        (block, reason)
    })
}

fn is_hit(block: HardBlock, request: &ActionRequest, policy: &PolicyConfig) -> bool {
    let capability = request.capability;
    match block {
        HardBlock::FinanceDomains
        | HardBlock::HealthcareDomains
        | HardBlock::PasswordManagerDomains
        | HardBlock::GovernmentDomains => {
            let Some(domains) = policy.blocked_domains.get(&block) else { return false };
            request.resources.iter().any(|resource| match resource {
                Resource::Url(url) => domains.iter().any(|domain| url.is_in_domain(domain)),
                _ => false,
            })
        }
        HardBlock::UnrestrictedDisk => {
            let is_boundless = |resource: &Resource| match resource {
                Resource::Any => true,
                Resource::Path(path) => path.is_whole_machine(),
                _ => false,
            };
            capability.class() == CapabilityClass::Files && request.resources.iter().any(is_boundless)
        }
        HardBlock::SilentUpload => capability.is_upload() && !request.is_attended,
        HardBlock::ShellInConsumerPresets => capability.mode(policy.preset) == ApprovalMode::Block,
        HardBlock::EmailSendDefault => capability == Capability::EmailSend && !request.is_attended,
        HardBlock::AutoApproveHighCritical => {
            capability.risk().asks_each_time() && policy.mode(capability) > ApprovalMode::Ask
        }
    }
}

impl From<CostWindow> for Reason {
    fn from(window: CostWindow) -> Self {
        match window {
            CostWindow::Request => Self::CostRequestCap,
            CostWindow::Task => Self::CostTaskCap,
            CostWindow::Day => Self::CostDayCap,
        }
    }
}
