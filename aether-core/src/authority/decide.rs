//! The rule: a request and a state in, a verdict out, and nothing else happens.

mod blocks;
mod scope;

use std::collections::BTreeSet;

use super::{
    ActionRequest, ApprovalMode, Capability, DegradedMode, DurationKind, Grant, GrantId, GrantStatus,
    PolicyConfig, Posture, Preset, ProvenanceTag, Reason, RiskClass, Spend, Stage, StageOutcome, StageResult,
    Warning,
};
use crate::base::Timestamp;

/// What a decision depends on beside the request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PolicyState<'a> {
    /// The policy in force.
    pub policy: &'a PolicyConfig,
    /// What is wrong at present.
    pub degraded: &'a BTreeSet<DegradedMode>,
    /// The capabilities of the effect that is to be had.
    pub effect: &'a [Capability],
    /// Grants of the agent, whatever became of them.
    pub grants: &'a [Grant],
    /// What is spent; `None` where it is not known.
    pub spend: Option<Spend>,
    /// Whether a lease is asked for: many actions at once.
    pub is_lease: bool,
    /// The time.
    pub now: Timestamp,
}

impl<'a> PolicyState<'a> {
    /// A state in which nothing is wrong, granted or spent.
    #[must_use]
    pub fn new(
        policy: &'a PolicyConfig,
        degraded: &'a BTreeSet<DegradedMode>,
        effect: &'a [Capability],
        now: Timestamp,
    ) -> Self {
        Self { policy, degraded, effect, grants: &[], spend: Some(Spend::default()), is_lease: false, now }
    }
}

/// What a request deserves.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum VerdictKind {
    /// It may be done.
    Allow,
    /// Somebody has to say so first.
    Ask(Reason),
    /// No more than a draft.
    DraftOnly(Reason),
    /// It may not be done.
    Deny(Reason),
    /// The least preset that has the capability.
    NeedsUpgrade(Preset),
}

impl VerdictKind {
    /// The name, such as `draft_only`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask(_) => "ask",
            Self::DraftOnly(_) => "draft_only",
            Self::Deny(_) => "deny",
            Self::NeedsUpgrade(_) => "needs_upgrade",
        }
    }

    /// The reason; `None` for what is allowed.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Allow => None,
            Self::Ask(reason) | Self::DraftOnly(reason) | Self::Deny(reason) => Some(reason),
            Self::NeedsUpgrade(_) => Some(Reason::NotInPreset),
        }
    }
}

/// What a request deserves, and how it came to that.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// What it deserves.
    pub kind: VerdictKind,
    /// The stages up to the one that decided.
    pub stages: Vec<StageResult>,
    /// What should be known.
    pub warnings: Vec<Warning>,
    /// Grants that it rests on.
    pub grants: Vec<GrantId>,
    /// Those of them that are for one action and are used up by it.
    pub uses_up: Vec<GrantId>,
    /// Whether an approval can be for this action alone.
    pub asks_each_time: bool,
}

/// Decides. Every request gets a verdict; the same request and state get the same one.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeSet;
/// use aether_core::authority::{
///     ActionRequest, Capability, PolicyConfig, PolicyState, Preset, ProvenanceTag, Reason, Resource,
///     VerdictKind, decide,
/// };
/// use aether_core::base::Timestamp;
///
/// let policy = PolicyConfig::new(Preset::Assistant);
/// let degraded = BTreeSet::new();
/// let state =
///     PolicyState::new(&policy, &degraded, &[Capability::FilesRead], Timestamp::from_unix_ms(0));
/// let mut request = ActionRequest::new("req-1", "fixer", Capability::FilesRead);
/// request.provenance.insert(ProvenanceTag::Session);
/// request.resources = vec![Resource::path("src/lib.rs")?];
/// assert_eq!(decide(&request, &state).kind, VerdictKind::Allow);
/// request.resources = vec![Resource::path("/etc/passwd")?];
/// assert_eq!(decide(&request, &state).kind, VerdictKind::Deny(Reason::ResourceOutOfScope));
/// # Ok::<(), aether_core::authority::ResourceError>(())
/// ```
#[must_use]
pub fn decide(request: &ActionRequest, state: &PolicyState<'_>) -> Verdict {
    let mut run = Run {
        request,
        state,
        verdict: Verdict {
            kind: VerdictKind::Deny(Reason::ModeDeny),
            stages: Vec::with_capacity(Stage::ALL.len()),
            warnings: Vec::new(),
            grants: Vec::new(),
            uses_up: Vec::new(),
            asks_each_time: request.capability.risk().asks_each_time(),
        },
        draft: None,
    };
    let kind = run.stages().unwrap_or_else(|decided| decided);
    // What comes from where it is not trusted ends as a draft, unless a later stage refused even that.
    run.verdict.kind = match (run.draft, kind) {
        (Some(reason), VerdictKind::Allow | VerdictKind::Ask(_)) => VerdictKind::DraftOnly(reason),
        _ => kind,
    };
    if run.verdict.kind != VerdictKind::Allow {
        run.verdict.grants.clear();
        run.verdict.uses_up.clear();
    }
    run.verdict
}

struct Run<'a> {
    request: &'a ActionRequest,
    state: &'a PolicyState<'a>,
    verdict: Verdict,
    /// Why no more than a draft can come of it.
    draft: Option<Reason>,
}

/// A stage that decides gives its verdict as the error, so that `?` ends the run.
type Step<T = ()> = Result<T, VerdictKind>;

fn deny_if(holds: bool, reason: Reason) -> Step {
    if holds { Err(VerdictKind::Deny(reason)) } else { Ok(()) }
}

impl Run<'_> {
    fn stages(&mut self) -> Step<VerdictKind> {
        self.stage(Stage::Audit, Self::audit)?;
        self.stage(Stage::Ledger, Self::ledger)?;
        self.stage(Stage::HardBlocks, Self::hard_blocks)?;
        self.stage(Stage::Privacy, Self::privacy)?;
        self.stage(Stage::Provenance, Self::provenance)?;
        self.stage(Stage::Cost, Self::cost)?;
        self.stage(Stage::Feature, Self::feature)?;
        self.stage(Stage::Action, Self::action)?;
        self.stage(Stage::Resource, Self::resource)?;
        let mode = self.stage(Stage::Mode, Self::mode)?;
        self.stage(Stage::Duration, |run| run.duration(mode))
    }

    fn stage<T>(&mut self, stage: Stage, check: impl FnOnce(&mut Self) -> Step<T>) -> Step<T> {
        let draft_before = self.draft;
        let result = check(self);
        let held = match &result {
            Err(kind) => kind.reason(),
            Ok(_) if self.draft != draft_before => self.draft,
            Ok(_) => None,
        };
        self.verdict
            .stages
            .push(StageResult::new(stage, held.map_or(StageOutcome::Pass, StageOutcome::Held)));
        result
    }

    fn is_degraded(&self, mode: DegradedMode) -> bool {
        self.state.degraded.contains(&mode)
    }

    fn audit(&mut self) -> Step {
        deny_if(self.is_degraded(DegradedMode::AuditBroken), Reason::AuditUnhealthy)
    }

    fn ledger(&mut self) -> Step {
        let is_corrupt = self.is_degraded(DegradedMode::LedgerCorrupt);
        deny_if(is_corrupt && !self.request.capability.is_safe(), Reason::LedgerCorrupt)
    }

    fn hard_blocks(&mut self) -> Step {
        let is_safe_mode = self.is_degraded(DegradedMode::SafeMode);
        deny_if(is_safe_mode && !self.request.capability.is_safe(), Reason::SafeMode)?;
        deny_if(
            self.is_degraded(DegradedMode::Offline) && self.request.capability.goes_to_network(),
            Reason::Offline,
        )?;
        for (block, reason) in blocks::hit(self.request, self.state.policy) {
            deny_if(!self.state.policy.has_lifted(block), reason)?;
            self.verdict.asks_each_time = true;
        }
        Ok(())
    }

    fn privacy(&mut self) -> Step {
        let capability = self.request.capability;
        let is_private = self.request.provenance.contains(&ProvenanceTag::Private);
        let reason = match self.state.policy.posture {
            Posture::Open if is_private && capability.is_remote_inference() => Reason::PrivateContextRemote,
            Posture::Open => return Ok(()),
            Posture::Strict | Posture::Balanced if is_private && capability.leaves_machine() => {
                Reason::PrivateContextRemote
            }
            Posture::Strict if capability.leaves_machine() => Reason::PrivacyStrict,
            Posture::Strict | Posture::Balanced => return Ok(()),
        };
        // The grant is of another capability than the request, on the same resources.
        let wanted = Capability::RouterAllowRemoteWithPrivate;
        let is_that = |grant: &&Grant| {
            grant.capability == wanted
                && grant.actor == self.request.actor
                && grant.duration.kind() == DurationKind::Once
                && grant.holds_at(self.state.now)
                && (grant.content.is_none() || grant.content == self.request.content)
                && !self.request.resources.is_empty()
                && grant.covers(&self.request.resources)
        };
        let grant = self.state.grants.iter().find(is_that).filter(|_| !self.state.is_lease);
        let id = grant.map(|grant| grant.id.clone()).ok_or(VerdictKind::Deny(reason))?;
        self.verdict.uses_up.push(id.clone());
        self.verdict.grants.push(id);
        Ok(())
    }

    fn provenance(&mut self) -> Step {
        let tags = &self.request.provenance;
        // A preference that nobody stated may be remembered as one; that is what the capability is for.
        let is_its_own = self.request.capability == Capability::MemoryWriteExtractedPref;
        let reason = if tags.is_empty() || tags.contains(&ProvenanceTag::UntrustedInput) {
            Reason::TaintUntrustedInput
        } else if tags.contains(&ProvenanceTag::ScrapedContent) {
            Reason::TaintScrapedContent
        } else if tags.contains(&ProvenanceTag::ExtractedPreference) && !is_its_own {
            Reason::TaintPreference
        } else {
            return Ok(());
        };
        match self.request.capability.risk() {
            RiskClass::Low => {}
            RiskClass::Medium => self.draft = Some(reason),
            RiskClass::High | RiskClass::Critical => return Err(VerdictKind::Deny(reason)),
        }
        Ok(())
    }

    fn cost(&mut self) -> Step {
        let caps = &self.state.policy.caps;
        let Some(estimate) = self.request.estimate else {
            let is_capped = caps.count() || caps.request.is_some();
            return deny_if(is_capped && self.request.capability.is_remote_inference(), Reason::CostUnknown);
        };
        let spend = match self.state.spend {
            Some(spend) => spend,
            None if caps.count() => return Err(VerdictKind::Deny(Reason::CostUnknown)),
            None => Spend::default(),
        };
        if let Some(window) = caps.reached(estimate, &spend) {
            return Err(VerdictKind::Deny(window.into()));
        }
        self.verdict.warnings.extend(caps.near(estimate, &spend).map(Warning::NearCap));
        Ok(())
    }

    fn feature(&mut self) -> Step {
        let (policy, capability) = (self.state.policy, self.request.capability);
        deny_if(policy.disabled.contains(&capability), Reason::FeatureDisabled)?;
        // Where somebody chose the mode, or lifted the block, no preset is the answer.
        if policy.chosen_mode(capability).is_some()
            || self.verdict.asks_each_time && capability.mode(policy.preset) == ApprovalMode::Block
            || policy.mode(capability).is_open()
        {
            return Ok(());
        }
        let larger = Preset::ALL.into_iter().filter(|&preset| preset > policy.preset);
        match larger.into_iter().find(|&preset| capability.mode(preset).is_open()) {
            Some(preset) => Err(VerdictKind::NeedsUpgrade(preset)),
            None => Ok(()),
        }
    }

    fn action(&mut self) -> Step {
        let (policy, request) = (self.state.policy, self.request);
        deny_if(!self.state.effect.contains(&request.capability), Reason::WrongAction)?;
        let allowed = policy.actors.get(&request.actor);
        deny_if(allowed.is_some_and(|of| !of.contains(&request.capability)), Reason::ActorOutOfScope)?;
        let fits = |resource| scope::fits(request.capability, resource);
        deny_if(request.resources.is_empty() || !request.resources.iter().all(fits), Reason::NoResource)?;
        deny_if(request.capability.needs_content() && request.content.is_none(), Reason::NoContent)
    }

    fn resource(&mut self) -> Step {
        scope::check(self.request, self.state.policy)
    }

    fn mode(&mut self) -> Step<ApprovalMode> {
        let capability = self.request.capability;
        let was_lifted = self.verdict.asks_each_time && !capability.risk().asks_each_time();
        let mode = match self.state.policy.mode(capability) {
            // Only a lifted block gets here with a preset that blocks.
            ApprovalMode::Block if self.state.policy.chosen_mode(capability).is_none() => ApprovalMode::Ask,
            mode => mode,
        };
        let mode = if was_lifted { mode.min(ApprovalMode::Ask) } else { mode };
        match mode {
            ApprovalMode::Block | ApprovalMode::Deny => Err(VerdictKind::Deny(Reason::ModeDeny)),
            ApprovalMode::DraftOnly => Err(VerdictKind::DraftOnly(Reason::ModeDraftOnly)),
            _ if self.is_degraded(DegradedMode::NoCompiler) && capability.writes_files() => {
                Err(VerdictKind::DraftOnly(Reason::NoCompiler))
            }
            ApprovalMode::Auto | ApprovalMode::InScope
                if self.is_degraded(DegradedMode::MinimumTrust) && !capability.is_safe() =>
            {
                Ok(ApprovalMode::Ask)
            }
            mode => Ok(mode),
        }
    }

    fn duration(&mut self, mode: ApprovalMode) -> Step<VerdictKind> {
        deny_if(self.state.is_lease && self.verdict.asks_each_time, Reason::LeaseTooRisky)?;
        let is_open = match mode {
            ApprovalMode::Auto => true,
            ApprovalMode::InScope => scope::is_inside(self.request, self.state.policy),
            _ => false,
        };
        if is_open {
            return Ok(VerdictKind::Allow);
        }
        let can_serve = |grant: &&Grant| {
            let is_once = grant.duration.kind() == DurationKind::Once;
            grant.matches(self.request)
                && (is_once || !self.verdict.asks_each_time)
                // One action was approved, not as many as a lease has.
                && !(is_once && self.state.is_lease)
        };
        let matching = || self.state.grants.iter().filter(can_serve);
        let holding = matching().filter(|grant| grant.holds_at(self.state.now));
        // One that lasts is taken first, so that none is used up without need.
        if let Some(grant) = holding.min_by_key(|grant| grant.duration.kind() == DurationKind::Once) {
            let id = grant.id.clone();
            if grant.duration.kind() == DurationKind::Once {
                self.verdict.uses_up.push(id.clone());
            }
            self.verdict.grants.push(id);
            return Ok(VerdictKind::Allow);
        }
        let last = matching().max_by_key(|grant| grant.issued_at);
        Err(VerdictKind::Ask(match last.map(|grant| &grant.status) {
            None => Reason::ApprovalRequired,
            Some(GrantStatus::Used(_)) => Reason::GrantUsed,
            Some(GrantStatus::Revoked { .. }) => Reason::GrantRevoked,
            Some(GrantStatus::Active) => Reason::GrantExpired,
        }))
    }
}
