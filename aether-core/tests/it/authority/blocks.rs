//! The ten hard blocks of the companion's design, each by its name: what it stops, and what lifts it.

use std::collections::BTreeSet;

use aether_core::authority::{
    ActionRequest, ApprovalMode, Capability, Grant, GrantDuration, GrantId, HardBlock, PolicyConfig,
    PolicyState, Preset, ProvenanceTag, Resource, Stage, StageOutcome, VerdictKind, decide,
};
use aether_core::base::{Sha256Hash, Timestamp};

const NOW: Timestamp = Timestamp::from_unix_ms(1_000_000);

fn request(capability: Capability, resource: Resource) -> ActionRequest {
    let mut request = ActionRequest::new("request", "fixer", capability);
    request.task = Some("task".to_owned());
    request.resources.push(resource);
    request.content = Some(Sha256Hash::of(b"content"));
    request.provenance.insert(ProvenanceTag::Session);
    request.is_attended = true;
    request
}

/// The decision, its reason, and the stage that made it.
fn decided(
    policy: &PolicyConfig,
    request: &ActionRequest,
    grants: &[Grant],
) -> (VerdictKind, String, Option<Stage>) {
    let degraded = BTreeSet::new();
    let mut state = PolicyState::new(policy, &degraded, Capability::ALL, NOW);
    state.grants = grants;
    let verdict = decide(request, &state);
    let reason = verdict.kind.reason().map_or("", |reason| reason.id()).to_owned();
    let held = verdict.stages.iter().find(|result| result.outcome != StageOutcome::Pass);
    (verdict.kind, reason, held.map(|result| result.stage))
}

/// It is blocked whatever is granted; lifted, it is asked about each time, and a grant for the task is no answer.
#[track_caller]
fn check_block(block: HardBlock, id: &str, policy: &PolicyConfig, request: &ActionRequest) {
    let grant = |duration| {
        Grant::new(GrantId::new("g"), "fixer", request.capability, request.resources.clone(), duration, NOW)
    };
    let granted = [grant(GrantDuration::Once), grant(GrantDuration::Task("task".to_owned()))];
    for grants in [&[][..], &granted] {
        let (kind, reason, stage) = decided(policy, request, grants);
        assert!(matches!(kind, VerdictKind::Deny(_)), "{id}: {kind:?}");
        assert_eq!((reason.as_str(), stage), (id, Some(Stage::HardBlocks)));
    }
    let mut lifted = policy.clone();
    lifted.custom.get_or_insert_default().lifted.insert(block);
    for grants in [&[][..], &granted[1..]] {
        let (kind, reason, _) = decided(&lifted, request, grants);
        let expected = if block.can_be_lifted() { "approval.required" } else { id };
        assert_eq!(reason, expected, "{id}: {kind:?}");
    }
    let (kind, _, _) = decided(&lifted, request, &granted[..1]);
    assert_eq!(kind == VerdictKind::Allow, block.can_be_lifted(), "{id}: one yes is for one action");
}

#[test]
fn each_of_the_ten_blocks_stops_what_it_is_for() {
    let power = PolicyConfig::new(Preset::PowerUser);
    let page = |host: &str| {
        request(Capability::BrowserOpen, Resource::url(&format!("https://{host}/x")).expect("a url"))
    };
    check_block(HardBlock::FinanceDomains, "block.finance_domains", &power, &page("www.paypal.com"));
    check_block(HardBlock::HealthcareDomains, "block.healthcare_domains", &power, &page("my.mychart.com"));
    let vault = page("vault.bitwarden.com");
    check_block(HardBlock::PasswordManagerDomains, "block.password_manager_domains", &power, &vault);
    check_block(HardBlock::GovernmentDomains, "block.government_domains", &power, &page("irs.gov"));

    let mut wide = power.clone();
    wide.scope = vec![Resource::Any];
    let disk = request(Capability::FilesRead, Resource::Any);
    check_block(HardBlock::UnrestrictedDisk, "block.unrestricted_disk", &wide, &disk);

    let mut upload = request(Capability::BrowserUpload, Resource::url("https://docs.rs/x").expect("a url"));
    upload.is_attended = false;
    check_block(HardBlock::SilentUpload, "block.silent_upload", &power, &upload);

    let operator = PolicyConfig::new(Preset::Operator);
    let command = aether_core::change::CommandLine::new("cargo", ["install"]);
    let shell = request(Capability::ShellExec, Resource::from(command));
    let name = "block.shell_in_consumer_presets";
    check_block(HardBlock::ShellInConsumerPresets, name, &operator, &shell);

    let mut mail = request(Capability::EmailSend, Resource::Provider("mail".to_owned()));
    mail.is_attended = false;
    check_block(HardBlock::EmailSendDefault, "block.email_send_default", &power, &mail);

    let mut eager = power.clone();
    eager.custom.get_or_insert_default().modes.insert(Capability::FilesDelete, ApprovalMode::Auto);
    let gone = request(Capability::FilesDelete, Resource::path("src/a.rs").expect("a path"));
    let name = "block.auto_approve_high_critical";
    check_block(HardBlock::AutoApproveHighCritical, name, &eager, &gone);
    assert_eq!(HardBlock::ALL.len(), 9, "the tenth is decided with the posture");
}

/// The tenth, `private_context_remote`: a grant for one action lifts it, and no policy.
#[test]
fn private_context_remote_is_lifted_by_a_grant_alone() {
    let policy = PolicyConfig::new(Preset::PowerUser);
    let mut asked = request(Capability::RouterEscalateRemote, Resource::Provider("elsewhere".to_owned()));
    asked.provenance.insert(ProvenanceTag::Private);
    let (kind, reason, stage) = decided(&policy, &asked, &[]);
    assert!(matches!(kind, VerdictKind::Deny(_)));
    assert_eq!((reason.as_str(), stage), ("privacy.private_context_remote", Some(Stage::Privacy)));
    let mut lifted = policy.clone();
    lifted.custom.get_or_insert_default().lifted.extend(HardBlock::ALL);
    assert_eq!(decided(&lifted, &asked, &[]).1, "privacy.private_context_remote");
    let leave = Capability::RouterAllowRemoteWithPrivate;
    let grant =
        |duration| Grant::new(GrantId::new("g"), "fixer", leave, asked.resources.clone(), duration, NOW);
    assert_eq!(decided(&policy, &asked, &[grant(GrantDuration::Once)]).0, VerdictKind::Allow);
    let lasting = grant(GrantDuration::Task("task".to_owned()));
    assert_eq!(decided(&policy, &asked, &[lasting]).1, "privacy.private_context_remote");
}
