//! Policies: which can be in force, and their written form.

use aether_core::authority::{
    ApprovalMode, Capability, Cost, HardBlock, PolicyConfig, PolicyConfigErrorKind, PolicyProfile, Preset,
    Reason, Thresholds,
};
use aether_core::base::ErrorCode;

/// SC-A-02: the thresholds, and which profile is the default.
#[test]
fn thresholds_have_their_documented_defaults() {
    let policy = PolicyConfig::new(Preset::Assistant);
    let of = policy.thresholds;
    assert_eq!((of.tau_answer, of.tau_patch, of.tau_abstain), (700, 850, 500));
    assert_eq!((of.max_changed_lines, of.max_rounds, of.probe_ms), (20, 3, 2000));
    assert_eq!(policy.profile, PolicyProfile::Strict);
    assert_eq!((PolicyProfile::Strict.as_str(), PolicyProfile::Relaxed.as_str()), ("STRICT", "RELAXED"));
}

#[track_caller]
fn check(change: impl FnOnce(&mut PolicyConfig), expected: Option<PolicyConfigErrorKind>) {
    let mut policy = PolicyConfig::new(Preset::Assistant);
    change(&mut policy);
    let error = policy.check().err();
    assert_eq!(error.map(|error| error.kind()), expected);
    assert!(error.is_none_or(|error| error.code() == ErrorCode::POLICY_BAD_CONFIG));
}

#[test]
fn policies_that_contradict_themselves_are_refused() {
    use PolicyConfigErrorKind::{
        AutoApprovesHighRisk, BadDomain, BadThresholds, CannotBeLifted, LooserThanStrict, UnknownVersion,
    };
    check(|_| (), None);
    check(|policy| policy.schema_version = 2, Some(UnknownVersion));
    check(|policy| policy.thresholds.tau_patch = 1001, Some(BadThresholds));
    check(|policy| policy.thresholds.tau_answer = 851, Some(BadThresholds));
    check(|policy| policy.thresholds.tau_abstain = 701, Some(BadThresholds));
    check(|policy| policy.thresholds.max_rounds = 0, Some(BadThresholds));
    check(|policy| policy.thresholds.max_changed_lines = 0, Some(BadThresholds));
    check(|policy| policy.thresholds.probe_ms = 0, Some(BadThresholds));
    check(|policy| policy.thresholds.tau_patch = 900, None);
    let looser: [fn(&mut Thresholds); 6] = [
        |of| of.tau_answer = 699,
        |of| of.tau_patch = 849,
        |of| of.tau_abstain = 499,
        |of| of.max_changed_lines = 21,
        |of| of.max_rounds = 4,
        |of| of.probe_ms = 2001,
    ];
    for loosen in looser {
        check(|policy| loosen(&mut policy.thresholds), Some(LooserThanStrict));
        let relaxed = |policy: &mut PolicyConfig| {
            policy.profile = PolicyProfile::Relaxed;
            loosen(&mut policy.thresholds);
        };
        check(relaxed, None);
    }
    let set = |capability, mode| {
        move |policy: &mut PolicyConfig| {
            policy.custom.get_or_insert_default().modes.insert(capability, mode);
        }
    };
    for mode in [ApprovalMode::PerTask, ApprovalMode::InScope, ApprovalMode::Auto] {
        check(set(Capability::FilesDelete, mode), Some(AutoApprovesHighRisk));
        check(set(Capability::ShellExec, mode), Some(AutoApprovesHighRisk));
        check(set(Capability::FilesEdit, mode), None);
    }
    check(set(Capability::FilesDelete, ApprovalMode::Ask), None);
    for block in HardBlock::ALL {
        let lift = |policy: &mut PolicyConfig| {
            policy.custom.get_or_insert_default().lifted.insert(block);
        };
        let expected = (block == HardBlock::AutoApproveHighCritical).then_some(CannotBeLifted);
        check(lift, expected);
    }
    for domain in ["Bank.com", "", ".com", "bank.com.", "bänk.com"] {
        let add = |policy: &mut PolicyConfig| {
            policy.blocked_domains.entry(HardBlock::FinanceDomains).or_default().insert(domain.to_owned());
        };
        check(add, Some(BadDomain));
    }
}

#[test]
fn the_hash_of_a_policy_is_that_of_what_it_says() {
    let policy = PolicyConfig::new(Preset::Assistant);
    let text = serde_json::to_string(&policy).expect("a policy is JSON");
    let again: PolicyConfig = serde_json::from_str(&text).expect("what was written reads");
    assert_eq!(again, policy);
    let hash = policy.hash().expect("a hash");
    assert_eq!(again.hash().expect("a hash"), hash);
    let mut other = policy.clone();
    other.disabled.insert(Capability::ShellExec);
    assert_ne!(other.hash().expect("a hash"), hash);
    other.caps.day = Some(Cost::new(u64::MAX, 0));
    let error = other.hash().expect_err("a number beyond 2^53");
    assert_eq!(error.kind(), PolicyConfigErrorKind::NotCanonical);
}

/// Programs read ids; people read sentences.
#[test]
fn each_reason_has_an_id_and_a_sentence() {
    let mut ids: Vec<&str> = Reason::ALL.iter().map(|reason| reason.id()).collect();
    for reason in Reason::ALL {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
        assert!(reason.id().bytes().all(is_plain) && reason.id().contains('.'), "{reason}");
        let sentence = reason.sentence();
        let is_sentence =
            sentence.ends_with('.') && sentence.starts_with(|first: char| first.is_ascii_uppercase());
        assert!(is_sentence && sentence.len() > 10, "{reason}: {sentence}");
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Reason::ALL.len());
}
