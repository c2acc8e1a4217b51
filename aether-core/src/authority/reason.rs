//! Why something was not simply allowed: stable ids, and a sentence for people.

use std::fmt;

macro_rules! reasons {
    ($($name:ident = $id:literal: $sentence:literal;)*) => {
        /// Why a request was not simply allowed.
        ///
        /// Ids are never renamed or reused; later versions may add some.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Reason {
            $(#[doc = $sentence] $name,)*
        }

        impl Reason {
            /// Each of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable id, such as `cost.day_cap`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// The same for people.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => $sentence,)*
                }
            }
        }
    };
}

reasons! {
    AuditUnhealthy = "audit.unhealthy": "The audit log is not in order, so nothing can be allowed.";
    AuditWriteFailed = "audit.write_failed": "The audit row could not be written, so nothing was allowed.";
    LedgerCorrupt = "ledger.corrupt": "Grants cannot be read or written, so only looking is possible.";
    SafeMode = "degraded.safe_mode": "Aether runs in safe mode, in which only looking is possible.";
    NoCompiler = "degraded.no_compiler": "What would prove the change cannot be run, so it stays a draft.";
    Offline = "degraded.offline": "Aether is offline, so nothing goes to the network.";
    FinanceDomain = "block.finance_domains": "Pages of banks and payments are blocked.";
    HealthcareDomain = "block.healthcare_domains": "Pages of health services are blocked.";
    PasswordManagerDomain = "block.password_manager_domains": "Pages of password managers are blocked.";
    GovernmentDomain = "block.government_domains": "Pages of public authorities are blocked.";
    UnrestrictedDisk = "block.unrestricted_disk": "No request may be for the whole disk.";
    SilentUpload = "block.silent_upload": "Data leaves only while somebody is there to see it.";
    ShellInConsumerPresets = "block.shell_in_consumer_presets": "Free commands and installations are blocked in this preset.";
    EmailSendDefault = "block.email_send_default": "Mail is sent only while somebody is there to see it.";
    AutoApproveHighCritical = "block.auto_approve_high_critical": "What cannot be undone is never approved in advance.";
    PrivacyStrict = "privacy.strict": "The privacy posture keeps everything on this machine.";
    PrivateContextRemote = "privacy.private_context_remote": "The request holds private context, which may not leave this machine.";
    TaintUntrustedInput = "taint.untrusted_input": "The request comes from input that is not trusted.";
    TaintScrapedContent = "taint.scraped_high_risk": "The request comes from content of strangers.";
    TaintPreference = "taint.low_confidence_preference": "The request comes from a preference that nobody stated.";
    CostRequestCap = "cost.request_cap": "The request would cost more than one request may.";
    CostTaskCap = "cost.task_cap": "The task has spent what it may.";
    CostDayCap = "cost.day_cap": "What may be spent on one day is spent.";
    CostUnknown = "cost.unknown": "What was spent so far is not known, so the cap cannot be kept.";
    FeatureDisabled = "feature.disabled": "This capability is switched off.";
    NotInPreset = "feature.not_in_preset": "This preset does not have the capability; another one does.";
    ActorOutOfScope = "action.actor_out_of_scope": "This agent may not use the capability.";
    WrongAction = "action.wrong_action": "The capability is not one of the effect that was asked for.";
    NoResource = "action.no_resource": "The request names nothing that the capability acts on.";
    NoContent = "action.no_content": "The request does not name the hash of what it would do.";
    ResourceOutOfScope = "resource.out_of_scope": "The resource lies outside of what the policy opens.";
    CommandNotAllowed = "resource.command_not_allowed": "The command is not on the allowlist.";
    ModeDeny = "mode.deny": "The policy denies the capability.";
    ModeDraftOnly = "mode.draft_only": "The policy allows drafts alone.";
    ApprovalRequired = "approval.required": "Somebody has to approve this first.";
    UserDenied = "approval.user_denied": "Somebody said no.";
    UserDeferred = "approval.user_deferred": "Somebody chose a draft.";
    GrantExpired = "grant.expired": "A grant covered this and has expired.";
    GrantRevoked = "grant.revoked": "A grant covered this and was revoked.";
    GrantUsed = "grant.used": "A grant covered this and is used up.";
    LeaseBound = "duration.lease_bound": "A lease needs a bound of uses and time that the policy allows.";
    LeaseTooRisky = "duration.lease_too_risky": "What cannot be undone is approved one by one, not by lease.";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}
