//! The policy: what is open, to whom, how far, and from which confidence on.

mod defaults;
mod error;
mod thresholds;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use error::{PolicyConfigError, PolicyConfigErrorKind};
pub use thresholds::{PolicyProfile, Thresholds};

use super::{ApprovalMode, Capability, CostCaps, Preset, Resource};
use crate::base::{Sha256Hash, canonical_json};
use crate::change::CommandLine;

/// How private what Aether knows is to be kept.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Posture {
    /// Nothing leaves the machine without a grant of `router_allow_remote_with_private`.
    Strict,
    /// Private context does not leave the machine without such a grant.
    #[default]
    Balanced,
    /// Private context does not go to a model elsewhere without such a grant.
    Open,
}

impl Posture {
    /// Each of them, the strictest first.
    pub const ALL: [Self; 3] = [Self::Strict, Self::Balanced, Self::Open];
}

/// What is left of Aether when something is wrong.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DegradedMode {
    /// The audit log cannot be written or does not verify: nothing is allowed.
    AuditBroken,
    /// Grants cannot be read: looking alone is allowed.
    LedgerCorrupt,
    /// Somebody chose it: looking alone is allowed.
    SafeMode,
    /// Nothing happens by itself but looking: what is automatic is asked about.
    MinimumTrust,
    /// What would prove a change cannot be run: a change of the user's files is a draft.
    NoCompiler,
    /// Somebody chose it, or there is no network: nothing goes there.
    Offline,
}

impl DegradedMode {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::AuditBroken,
        Self::LedgerCorrupt,
        Self::SafeMode,
        Self::MinimumTrust,
        Self::NoCompiler,
        Self::Offline,
    ];
}

/// What is blocked before anything else is looked at.
///
/// `private_context_remote` of the companion's design is no member: a grant lifts it, so it is decided with
/// the posture. A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HardBlock {
    /// Hosts of banks and payments.
    FinanceDomains,
    /// Hosts of health services.
    HealthcareDomains,
    /// Hosts of password managers.
    PasswordManagerDomains,
    /// Hosts of public authorities.
    GovernmentDomains,
    /// Files without a bound: anything, or the root of the machine.
    UnrestrictedDisk,
    /// Uploads and exports that nobody attends.
    SilentUpload,
    /// Free commands and installations outside of Power User.
    ShellInConsumerPresets,
    /// Mail that nobody attends.
    EmailSendDefault,
    /// Approval in advance of what is of high or critical risk. The one that cannot be lifted.
    AutoApproveHighCritical,
}

impl HardBlock {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::FinanceDomains,
        Self::HealthcareDomains,
        Self::PasswordManagerDomains,
        Self::GovernmentDomains,
        Self::UnrestrictedDisk,
        Self::SilentUpload,
        Self::ShellInConsumerPresets,
        Self::EmailSendDefault,
        Self::AutoApproveHighCritical,
    ];

    /// Whether a custom policy may lift it.
    #[must_use]
    pub const fn can_be_lifted(self) -> bool {
        !matches!(self, Self::AutoApproveHighCritical)
    }
}

/// What a custom policy changes of its preset.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomPolicy {
    /// Modes that hold instead of those of the preset.
    #[serde(default)]
    pub modes: BTreeMap<Capability, ApprovalMode>,
    /// Blocks that are lifted. What one of them would have stopped is asked about, action by action.
    #[serde(default)]
    pub lifted: BTreeSet<HardBlock>,
}

/// How far a lease may reach.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LeaseLimits {
    /// Most permits of one lease. Default 256: more than the candidates of one search for a fix.
    pub max_uses: u32,
    /// Longest lease in milliseconds. Default 3,600,000, an hour.
    pub max_ms: u64,
}

impl Default for LeaseLimits {
    fn default() -> Self {
        Self { max_uses: 256, max_ms: 3_600_000 }
    }
}

/// The policy in force. Its hash is in every audit row.
///
/// The fifth preset of the companion's design, "custom", is any preset with [`PolicyConfig::custom`].
///
/// # Examples
///
/// ```
/// use aether_core::authority::{ApprovalMode, Capability, PolicyConfig, Preset};
/// let mut policy = PolicyConfig::new(Preset::Operator);
/// assert_eq!(policy.mode(Capability::FilesEdit), ApprovalMode::Auto);
/// policy.custom.get_or_insert_default().modes.insert(Capability::FilesEdit, ApprovalMode::Ask);
/// assert_eq!(policy.mode(Capability::FilesEdit), ApprovalMode::Ask);
/// assert!(policy.check().is_ok());
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PolicyConfig {
    /// Version of this record: 1.
    pub schema_version: u32,
    /// Whether thresholds may be looser than the defaults.
    pub profile: PolicyProfile,
    /// From which confidence on something is said or done.
    pub thresholds: Thresholds,
    /// The modes of all capabilities.
    pub preset: Preset,
    /// What differs from the preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomPolicy>,
    /// How private what Aether knows is to be kept.
    pub posture: Posture,
    /// Capabilities that are switched off.
    #[serde(default)]
    pub disabled: BTreeSet<Capability>,
    /// What each agent may use; one that is not named may use everything.
    #[serde(default)]
    pub actors: BTreeMap<String, BTreeSet<Capability>>,
    /// What files lie in, and which other resources need no asking where the mode is `in_scope`.
    pub scope: Vec<Resource>,
    /// The commands of `command_run`, each exactly.
    #[serde(default)]
    pub commands: Vec<CommandLine>,
    /// Domains of the blocks of hosts, in lower case; hosts below them are blocked too.
    pub blocked_domains: BTreeMap<HardBlock, BTreeSet<String>>,
    /// How much may be spent.
    #[serde(default)]
    pub caps: CostCaps,
    /// How far a lease may reach.
    #[serde(default)]
    pub lease: LeaseLimits,
}

impl PolicyConfig {
    /// The policy of a preset: strict, balanced, with the workspace as its scope and no commands.
    #[must_use]
    pub fn new(preset: Preset) -> Self {
        Self {
            schema_version: super::SCHEMA_VERSION,
            profile: PolicyProfile::Strict,
            thresholds: Thresholds::default(),
            preset,
            custom: None,
            posture: Posture::Balanced,
            disabled: BTreeSet::new(),
            actors: BTreeMap::new(),
            scope: vec![Resource::from(crate::base::RelPath::root())],
            commands: Vec::new(),
            blocked_domains: defaults::blocked_domains(),
            caps: CostCaps::default(),
            lease: LeaseLimits::default(),
        }
    }

    /// The mode of a capability: that of the custom policy, else that of the preset.
    #[must_use]
    pub fn mode(&self, capability: Capability) -> ApprovalMode {
        self.chosen_mode(capability).unwrap_or_else(|| capability.mode(self.preset))
    }

    /// The mode that somebody chose for this capability.
    pub(super) fn chosen_mode(&self, capability: Capability) -> Option<ApprovalMode> {
        self.custom.as_ref().and_then(|custom| custom.modes.get(&capability).copied())
    }

    /// Whether a block was lifted.
    #[must_use]
    pub fn has_lifted(&self, block: HardBlock) -> bool {
        block.can_be_lifted() && self.custom.as_ref().is_some_and(|custom| custom.lifted.contains(&block))
    }

    /// Whether the parts fit together.
    ///
    /// # Errors
    ///
    /// Every [`PolicyConfigErrorKind`] but `NotCanonical`.
    pub fn check(&self) -> Result<(), PolicyConfigError> {
        error::check(self)
    }

    /// SHA-256 of the canonical JSON of this policy: its identity.
    ///
    /// # Errors
    ///
    /// [`PolicyConfigErrorKind::NotCanonical`] for numbers beyond 2^53.
    pub fn hash(&self) -> Result<Sha256Hash, PolicyConfigError> {
        canonical_json(self)
            .map(|text| Sha256Hash::of(text.as_bytes()))
            .map_err(|_| PolicyConfigError::new(PolicyConfigErrorKind::NotCanonical))
    }
}
