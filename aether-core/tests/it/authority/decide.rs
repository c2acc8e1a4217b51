//! Parts of the rule that the oracle does not enumerate: blocked hosts, whole disks, several resources, hostile
//! input.

use std::collections::BTreeSet;

use aether_core::authority::{
    ActionRequest, Capability, Cost, CostCaps, CostWindow, Grant, GrantDuration, GrantId, HardBlock,
    PolicyConfig, PolicyState, Preset, ProvenanceTag, Reason, Resource, Spend, VerdictKind, decide,
};
use aether_core::base::{Sha256Hash, Timestamp};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_unix_ms(1_000_000);

fn request(capability: Capability, resources: &[Resource]) -> ActionRequest {
    let mut request = ActionRequest::new("request", "fixer", capability);
    request.task = Some("task".to_owned());
    request.resources = resources.to_vec();
    request.content = Some(Sha256Hash::of(b"content"));
    request.provenance.insert(ProvenanceTag::Session);
    request.is_attended = true;
    request
}

fn verdict(policy: &PolicyConfig, request: &ActionRequest, grants: &[Grant]) -> VerdictKind {
    let degraded = BTreeSet::new();
    let mut state = PolicyState::new(policy, &degraded, Capability::ALL, NOW);
    state.grants = grants;
    decide(request, &state).kind
}

#[track_caller]
fn check_host(url: &str, expected: VerdictKind) {
    let url = Resource::url(url).expect("a url");
    let policy = PolicyConfig::new(Preset::PowerUser);
    assert_eq!(verdict(&policy, &request(Capability::BrowserOpen, &[url]), &[]), expected);
}

#[test]
fn blocked_hosts_are_blocked_with_what_lies_below_them() {
    let blocked = VerdictKind::Deny;
    check_host("https://paypal.com/pay", blocked(Reason::FinanceDomain));
    check_host("https://www.PayPal.com", blocked(Reason::FinanceDomain));
    check_host("https://a.nhs.uk", blocked(Reason::HealthcareDomain));
    check_host("https://vault.bitwarden.com", blocked(Reason::PasswordManagerDomain));
    check_host("https://irs.gov", blocked(Reason::GovernmentDomain));
    check_host("https://notpaypal.com", VerdictKind::Allow);
    check_host("https://paypal.com.example", VerdictKind::Allow);
    // A pattern could stand for a blocked host.
    check_host("https://*.com", blocked(Reason::NoResource));
}

/// One bad resource is enough, wherever it stands.
#[test]
fn all_resources_are_looked_at() {
    let of = |text: &str| Resource::url(text).expect("a url");
    let policy = PolicyConfig::new(Preset::PowerUser);
    let both = [of("https://docs.rs"), of("https://paypal.com")];
    let asked = request(Capability::BrowserOpen, &both);
    assert_eq!(verdict(&policy, &asked, &[]), VerdictKind::Deny(Reason::FinanceDomain));
    let path = |text: &str| Resource::path(text).expect("a path");
    let asked = request(Capability::FilesEdit, &[path("src/a.rs"), path("/etc/a")]);
    assert_eq!(verdict(&policy, &asked, &[]), VerdictKind::Deny(Reason::ResourceOutOfScope));
    let asked = request(Capability::FilesEdit, &[path("src/a.rs"), of("https://docs.rs")]);
    assert_eq!(verdict(&policy, &asked, &[]), VerdictKind::Deny(Reason::NoResource));
}

#[test]
fn no_request_is_for_the_whole_disk() {
    let mut policy = PolicyConfig::new(Preset::PowerUser);
    policy.scope = vec![Resource::Any];
    for resource in [Resource::Any, Resource::path("/").expect("a path")] {
        for capability in [Capability::FilesRead, Capability::FilesEdit] {
            let asked = request(capability, std::slice::from_ref(&resource));
            assert_eq!(verdict(&policy, &asked, &[]), VerdictKind::Deny(Reason::UnrestrictedDisk));
        }
    }
    // Lifted, it is asked about each time, though files are read by themselves in this preset.
    policy.custom.get_or_insert_default().lifted.insert(HardBlock::UnrestrictedDisk);
    let asked = request(Capability::FilesRead, &[Resource::Any]);
    assert_eq!(verdict(&policy, &asked, &[]), VerdictKind::Ask(Reason::ApprovalRequired));
    let grant = |duration| {
        Grant::new(GrantId::new("g"), "fixer", Capability::FilesRead, vec![Resource::Any], duration, NOW)
    };
    let of_task = [grant(GrantDuration::Task("task".to_owned()))];
    assert_eq!(verdict(&policy, &asked, &of_task), VerdictKind::Ask(Reason::ApprovalRequired));
    assert_eq!(verdict(&policy, &asked, &[grant(GrantDuration::Once)]), VerdictKind::Allow);
}

#[track_caller]
fn check_grant(change: impl FnOnce(&mut Grant), expected: bool) {
    let resource = Resource::path("src/a.rs").expect("a path");
    let asked = request(Capability::FilesRenameMove, std::slice::from_ref(&resource));
    let scope = vec![Resource::path("src").expect("a path")];
    let duration = GrantDuration::Task("task".to_owned());
    let mut grant = Grant::new(GrantId::new("g"), "fixer", asked.capability, scope, duration, NOW);
    change(&mut grant);
    let verdict = verdict(&PolicyConfig::new(Preset::Assistant), &asked, &[grant]);
    assert_eq!(verdict == VerdictKind::Allow, expected, "{verdict:?}");
}

/// Each part of a grant counts.
#[test]
fn a_grant_serves_what_it_is_for() {
    check_grant(|_| (), true);
    check_grant(|grant| grant.actor = "other".to_owned(), false);
    check_grant(|grant| grant.capability = Capability::FilesEdit, false);
    check_grant(|grant| grant.resources = vec![Resource::path("sr").expect("a path")], false);
    check_grant(|grant| grant.resources.clear(), false);
    check_grant(|grant| grant.duration = GrantDuration::Task("other".to_owned()), false);
    check_grant(|grant| grant.duration = GrantDuration::Session("task".to_owned()), false);
    check_grant(|grant| grant.duration = GrantDuration::Persistent(1), true);
    check_grant(|grant| grant.content = Some(Sha256Hash::of(b"content")), true);
    check_grant(|grant| grant.content = Some(Sha256Hash::of(b"other")), false);
    check_grant(|grant| grant.expires_at = NOW, false);
    check_grant(|grant| grant.issued_at = Timestamp::from_unix_ms(1_000_001), false);
}

/// `expires_at` was never computed in the predecessor.
#[test]
fn every_grant_ends() {
    const DAY: i64 = 86_400_000;
    let ends = |duration: GrantDuration| duration.expires_at(NOW).unix_ms() - NOW.unix_ms();
    assert_eq!(ends(GrantDuration::Once), 900_000);
    assert_eq!(ends(GrantDuration::Task("t".to_owned())), DAY);
    assert_eq!(ends(GrantDuration::Session("s".to_owned())), DAY);
    assert_eq!(ends(GrantDuration::Persistent(5)), 5);
    assert_eq!(ends(GrantDuration::Persistent(u64::MAX)), 90 * DAY);
    let last = Timestamp::from_unix_ms(i64::MAX);
    assert_eq!(GrantDuration::Persistent(u64::MAX).expires_at(last), last);
}

/// A grant that lasts is taken before one that is used up.
#[test]
fn no_grant_is_used_up_without_need() {
    let resource = Resource::path("src/a.rs").expect("a path");
    let asked = request(Capability::FilesRenameMove, std::slice::from_ref(&resource));
    let grant = |id: &str, duration| {
        Grant::new(GrantId::new(id), "fixer", asked.capability, vec![resource.clone()], duration, NOW)
    };
    let both = [grant("once", GrantDuration::Once), grant("lasts", GrantDuration::Persistent(5))];
    let (policy, degraded) = (PolicyConfig::new(Preset::Assistant), BTreeSet::new());
    let mut state = PolicyState::new(&policy, &degraded, Capability::ALL, NOW);
    state.grants = &both;
    let verdict = decide(&asked, &state);
    assert_eq!((verdict.grants, verdict.uses_up), (vec![GrantId::new("lasts")], vec![]));
    state.grants = &both[..1];
    let verdict = decide(&asked, &state);
    assert_eq!(verdict.uses_up, vec![GrantId::new("once")]);
}

#[track_caller]
fn check_cap(estimate: u64, task: u64, day: u64, reached: Option<CostWindow>, near: &[CostWindow]) {
    let cost = |tokens| Cost::new(tokens, 0);
    let cap = |tokens| Some(Cost::new(tokens, 1));
    let mut caps = CostCaps::default();
    (caps.request, caps.task, caps.day) = (cap(10), cap(100), cap(1000));
    let spend = Spend::new(cost(task), cost(day));
    assert_eq!(caps.reached(cost(estimate), &spend), reached);
    let found: Vec<CostWindow> = caps.near(cost(estimate), &spend).collect();
    assert_eq!(found, near);
}

/// Soft at 80 %, and over a cap by one call at most.
#[test]
fn caps_deny_the_next_request() {
    use CostWindow::{Day, Request, Task};
    check_cap(0, 0, 0, None, &[]);
    check_cap(7, 0, 0, None, &[]);
    check_cap(8, 0, 0, None, &[Request]);
    check_cap(10, 0, 0, None, &[Request]);
    check_cap(11, 0, 0, Some(Request), &[Request]);
    check_cap(1, 78, 0, None, &[]);
    check_cap(1, 79, 0, None, &[Task]);
    check_cap(9, 99, 0, None, &[Request, Task]);
    check_cap(0, 100, 0, Some(Task), &[Task]);
    check_cap(1, 0, 799, None, &[Day]);
    check_cap(1, 0, 999, None, &[Day]);
    check_cap(1, 0, 1000, Some(Day), &[Day]);
    let money = Cost::new(0, 1);
    let mut caps = CostCaps::default();
    caps.day = Some(money);
    assert_eq!(caps.reached(Cost::ZERO, &Spend::new(Cost::ZERO, money)), Some(Day));
    let most = Cost::new(u64::MAX, u64::MAX);
    assert_eq!(most.plus(most), most);
    assert_eq!(Cost::ZERO.minus(most), Cost::ZERO);
}

proptest! {
    /// Whatever is asked, there is a verdict, and the same one again.
    #[test]
    fn no_request_makes_it_panic(
        texts in proptest::collection::vec(".{0,20}", 4),
        at in any::<i64>(),
        numbers in proptest::collection::vec(any::<u64>(), 4),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 3),
    ) {
        let capability = *picks[0].get(Capability::ALL);
        let mut asked = ActionRequest::new(texts[0].clone(), texts[1].clone(), capability);
        asked.provenance.insert(*picks[1].get(&ProvenanceTag::ALL));
        asked.resources.push(Resource::Provider(texts[2].clone()));
        asked.resources.extend(Resource::path(&texts[3]));
        asked.resources.extend(Resource::url(&format!("https://{}", texts[3])));
        asked.estimate = Some(Cost::new(numbers[0], numbers[1]));
        let mut policy = PolicyConfig::new(*picks[2].get(&Preset::ALL));
        policy.caps.day = Some(Cost::new(numbers[2], numbers[3]));
        let now = Timestamp::from_unix_ms(at);
        let duration = GrantDuration::Persistent(numbers[0]);
        let grants = [Grant::new(GrantId::new(""), texts[1].clone(), capability, asked.resources.clone(), duration, now)];
        let degraded = BTreeSet::new();
        let mut state = PolicyState::new(&policy, &degraded, Capability::ALL, now);
        state.grants = &grants;
        state.spend = Some(Spend::new(Cost::ZERO, Cost::new(numbers[1], numbers[0])));
        prop_assert_eq!(decide(&asked, &state), decide(&asked, &state));
    }
}
