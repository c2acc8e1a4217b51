//! The gate: nothing is allowed that was not written down, nothing twice, and nothing else than was asked.

mod answers;
mod leases;
mod revocations;
mod sealed;

use aether_core::authority::{
    ActionRequest, Capability, Cost, DegradedMode, EditFiles, ExportData, Grant, GrantDuration, GrantId,
    Observe, OpenSocket, Outcome, PolicyConfig, PolicyGate, Preset, ProvenanceTag, Reason, Resource,
    RunCommand, Stage, Warning,
};
use aether_core::base::{ByteSpan, RelPath, Sha256Hash, Timestamp};
use aether_core::change::{CommandLine, Edit, FileMode, FilePatch, FileState, Patch};
use aether_core::conformance::{
    MemoryAudit, MemoryCosts, MemoryGrants, audit_verdict_of, check_audit_sink, check_cost_ledger,
    check_grant_store,
};
use aether_core::port::{AuditSink, CostLedger, GrantStore};
use aether_core::record::{AuditActor, AuditKind, AuditQuery, AuditRecord, AuditRow, AuditVerdict};

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1000)
}

/// Where a gate of the tests keeps what it keeps.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) audit: MemoryAudit,
    pub(crate) grants: MemoryGrants,
    pub(crate) costs: MemoryCosts,
}

impl Kept {
    pub(crate) fn gate(&self, policy: PolicyConfig) -> PolicyGate<'_> {
        PolicyGate::new(policy, &self.audit, &self.grants).expect("a policy").with_costs(&self.costs)
    }

    pub(crate) fn rows(&self) -> Vec<AuditRecord> {
        let rows = self.audit.rows(&AuditQuery::default()).expect("rows");
        rows.iter().filter_map(AuditRow::record).collect()
    }

    /// Decision and reason of the last row.
    pub(crate) fn last(&self) -> (String, String) {
        let entry = self.rows().pop().expect("a row").entry;
        (entry.decision.unwrap_or_default(), entry.reason.unwrap_or_default())
    }
}

pub(crate) fn policy(preset: Preset) -> PolicyConfig {
    let mut policy = PolicyConfig::new(preset);
    policy.commands.push(CommandLine::new("cargo", ["test"]));
    policy.commands.push(CommandLine::new("cargo", ["check"]));
    policy
}

pub(crate) fn request(id: &str, capability: Capability) -> ActionRequest {
    let mut request = ActionRequest::new(id, "fixer", capability);
    request.task = Some("task".to_owned());
    request.session = Some("session".to_owned());
    request.resources = vec![match capability {
        Capability::CommandRun => Resource::from(CommandLine::new("cargo", ["test"])),
        Capability::MemoryExport => Resource::MemoryScope("mine".to_owned()),
        Capability::InferenceRemote => Resource::Provider("p".to_owned()),
        _ => Resource::path("src/a.rs").expect("a path"),
    }];
    request.content = Some(Sha256Hash::of(b"content"));
    request.provenance.insert(ProvenanceTag::Session);
    request.is_attended = true;
    request
}

pub(crate) fn once(id: &str, like: &ActionRequest) -> Grant {
    Grant::new(GrantId::new(id), "fixer", like.capability, like.resources.clone(), GrantDuration::Once, at(0))
}

#[track_caller]
pub(crate) fn check_denied<T: std::fmt::Debug>(outcome: &Outcome<T>, expected: Reason) {
    assert!(matches!(outcome, Outcome::Deny(reason) if *reason == expected), "{outcome:?}");
}

fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
}

#[test]
fn what_is_in_memory_passes_the_suites() {
    check_audit_sink(&|key| Box::new(MemoryAudit::new(key.clone())), &at_once);
    check_grant_store(&|| Box::new(MemoryGrants::default()), &at_once);
    check_cost_ledger(&|| Box::new(MemoryCosts::default()), &at_once);
}

#[test]
fn a_permit_exists_only_behind_its_row() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let asked = request("r", Capability::FilesEdit);
    let decision = gate.authorize::<EditFiles>(&asked, at(1));
    let receipt = decision.audit.expect("a row");
    let stages: Vec<Stage> = decision.stages.iter().map(|result| result.stage).collect();
    assert_eq!(stages, Stage::ALL);
    let permit = decision.allowed().expect("an operator edits");
    assert_eq!(permit.audit(), receipt);
    let row = kept.rows().pop().expect("a row");
    assert_eq!((row.seq, row.at, row.entry.kind), (receipt.seq, at(1), AuditKind::DECISION));
    assert_eq!(row.entry.actor, AuditActor::Agent("fixer".to_owned()));
    assert_eq!(row.entry.decision.as_deref(), Some("allow"));
    assert_eq!(row.entry.content, asked.content);
    assert_eq!(row.entry.policy, Some(gate.policy_hash()));
    assert_eq!(row.entry.resources, ["path:src/a.rs"]);
    assert_eq!(row.entry.stages.len(), Stage::ALL.len());
}

#[test]
fn no_row_no_permit() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    kept.audit.refuse_rows(true);
    let decision = gate.authorize::<EditFiles>(&request("r", Capability::FilesEdit), at(1));
    check_denied(&decision.outcome, Reason::AuditWriteFailed);
    assert_eq!((decision.reason, decision.audit), (Some(Reason::AuditWriteFailed), None));
    // An answer that is not written down is none either, and a ticket cannot be asked.
    let asked = gate.authorize::<EditFiles>(&request("r", Capability::FilesDelete), at(1));
    check_denied(&asked.outcome, Reason::AuditWriteFailed);
    kept.audit.refuse_rows(false);
    assert!(gate.authorize::<EditFiles>(&request("r", Capability::FilesEdit), at(2)).allowed().is_some());
    assert_eq!(audit_verdict_of(&kept.audit, kept.audit.key()), AuditVerdict::Valid { rows: 1 });
}

/// A row that could not be written gives nothing back that was used up, and nothing away that was not spent.
#[test]
fn what_was_taken_for_nothing_errs_on_the_safe_side() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    let mut asked = request("r", Capability::FilesDelete);
    asked.estimate = Some(Cost::new(5, 5));
    kept.grants.insert(&once("g", &asked)).expect("a grant");
    kept.audit.refuse_rows(true);
    check_denied(&gate.authorize::<EditFiles>(&asked, at(1)).outcome, Reason::AuditWriteFailed);
    kept.audit.refuse_rows(false);
    let like = aether_core::authority::CostReservation::new("x", asked.task.clone(), at(1), Cost::ZERO);
    assert_eq!(kept.costs.spend(&like).expect("costs").day, Cost::ZERO);
    asked.id = "r2".to_owned();
    let decision = gate.authorize::<EditFiles>(&asked, at(2));
    assert_eq!((decision.outcome.as_str(), decision.reason), ("ask", Some(Reason::GrantUsed)));
}

/// In the predecessor, a degraded gate returned without a row.
#[test]
fn denials_and_degraded_answers_are_written_down() {
    let kept = Kept::default();
    let asked = request("r", Capability::FilesEdit);
    let check = |gate: &PolicyGate<'_>, expected: (&str, &str)| {
        let before = kept.rows().len();
        assert!(gate.authorize::<EditFiles>(&asked, at(1)).allowed().is_none());
        let rows = kept.rows();
        assert_eq!(rows.len(), before + 1);
        assert_eq!(kept.last(), (expected.0.to_owned(), expected.1.to_owned()));
    };
    let degraded = |mode| kept.gate(policy(Preset::Operator)).with_degraded(mode);
    check(&degraded(DegradedMode::SafeMode), ("deny", "degraded.safe_mode"));
    check(&degraded(DegradedMode::LedgerCorrupt), ("deny", "ledger.corrupt"));
    check(&degraded(DegradedMode::AuditBroken), ("deny", "audit.unhealthy"));
    check(&degraded(DegradedMode::MinimumTrust), ("ask", "approval.required"));
    check(&degraded(DegradedMode::NoCompiler), ("draft_only", "degraded.no_compiler"));
    let mut remote = request("r", Capability::NetworkUse);
    remote.resources = vec![Resource::url("https://docs.rs").expect("a url")];
    let offline = degraded(DegradedMode::Offline);
    let refused = offline.authorize::<OpenSocket>(&remote, at(1)).outcome;
    check_denied(&refused, Reason::Offline);
    assert_eq!(kept.last(), ("deny".to_owned(), "degraded.offline".to_owned()));
    assert!(offline.authorize::<EditFiles>(&asked, at(1)).allowed().is_some(), "the rest goes on");
    check(&kept.gate(policy(Preset::Observer)), ("needs_upgrade", "feature.not_in_preset"));
    // Grants that cannot be read are found out without being told.
    kept.grants.set_failing(true);
    check(&kept.gate(policy(Preset::Operator)), ("deny", "ledger.corrupt"));
    let gate = kept.gate(policy(Preset::Operator));
    assert!(gate.authorize::<Observe>(&request("r", Capability::FilesRead), at(1)).allowed().is_some());
    kept.grants.set_failing(false);
    kept.audit.set_damaged(true);
    check(&kept.gate(policy(Preset::Operator)), ("deny", "audit.unhealthy"));
}

/// In the predecessor, a grant for one action served any number.
#[test]
fn a_grant_for_one_action_serves_one() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    let asked = request("r", Capability::FilesDelete);
    kept.grants.insert(&once("g", &asked)).expect("a grant");
    let first = gate.authorize::<EditFiles>(&asked, at(1));
    assert!(first.allowed().is_some());
    assert_eq!(kept.rows().pop().expect("a row").entry.grants, ["g"]);
    let second = gate.authorize::<EditFiles>(&asked, at(2));
    assert_eq!((second.outcome.as_str(), second.reason), ("ask", Some(Reason::GrantUsed)));
}

#[test]
fn of_two_requests_at_once_one_gets_the_grant() {
    for _ in 0..50 {
        let kept = Kept::default();
        let gate = kept.gate(policy(Preset::Assistant));
        let asked = request("r", Capability::FilesDelete);
        kept.grants.insert(&once("g", &asked)).expect("a grant");
        let won = std::sync::atomic::AtomicUsize::new(0);
        at_once(4, &|_| {
            if gate.authorize::<EditFiles>(&asked, at(1)).allowed().is_some() {
                won.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        });
        assert_eq!(won.into_inner(), 1);
        assert_eq!(audit_verdict_of(&kept.audit, kept.audit.key()), AuditVerdict::Valid { rows: 4 });
    }
}

fn patch(path: &str, text: &str) -> Patch {
    let old = b"fn main() {}\n";
    let before = FileState::of(RelPath::new(path).expect("a path"), FileMode::Regular, old);
    let edit = Edit::new(ByteSpan::new(11, 11), text);
    Patch::new(vec![FilePatch::edit(before, old, vec![edit]).expect("an edit")]).expect("a patch")
}

/// Between asking and doing, what is done may have been exchanged.
#[test]
fn a_permit_is_for_what_was_asked_alone() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let (wanted, other) = (patch("src/a.rs", " a() "), patch("src/a.rs", " b() "));
    let mut asked = request("r", Capability::FilesEdit);
    asked.content = Some(wanted.hash());
    let permit = gate.authorize::<EditFiles>(&asked, at(1)).allowed().expect("a permit");
    assert_eq!(permit.covers_patch(&wanted), Ok(()));
    assert!(permit.covers_patch(&other).is_err());
    assert!(permit.covers_path(&RelPath::new("src/a.rs").expect("a path")));
    assert!(!permit.covers_path(&RelPath::new("src/a.rs.bak").expect("a path")));
    // The hash fits, and a path is not one of those that were asked for.
    asked.resources = vec![Resource::path("docs").expect("a path")];
    let permit = gate.authorize::<EditFiles>(&asked, at(1)).allowed().expect("a permit");
    assert!(permit.covers_patch(&wanted).is_err());
    let permit = gate.authorize::<RunCommand>(&request("r", Capability::CommandRun), at(1));
    let permit = permit.allowed().expect("a permit");
    assert!(permit.covers_command(&CommandLine::new("cargo", ["test"])));
    assert!(!permit.covers_command(&CommandLine::new("cargo", ["test", "--all"])));
    assert!(!permit.covers_command(&CommandLine::new("cargo test", [""; 0])));
    assert!(!permit.covers_content(&Sha256Hash::of(b"other")));
}

/// A permit for one effect cannot be had with the capability of another.
#[test]
fn the_effect_must_be_that_of_the_capability() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::PowerUser));
    let decision = gate.authorize::<RunCommand>(&request("r", Capability::FilesEdit), at(1));
    check_denied(&decision.outcome, Reason::WrongAction);
    let decision = gate.authorize::<ExportData>(&request("r", Capability::MemoryRead), at(1));
    check_denied(&decision.outcome, Reason::WrongAction);
}

#[test]
fn private_context_leaves_with_a_grant_for_it_once() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::PowerUser));
    let mut asked = request("r", Capability::InferenceRemote);
    asked.provenance.insert(ProvenanceTag::Private);
    let open = |request: &ActionRequest| {
        gate.authorize::<aether_core::authority::OpenSocket>(request, at(1)).outcome
    };
    check_denied(&open(&asked), Reason::PrivateContextRemote);
    let mut grant = once("g", &asked);
    grant.capability = Capability::RouterAllowRemoteWithPrivate;
    grant.resources = vec![Resource::Provider("other".to_owned())];
    kept.grants.insert(&grant).expect("a grant");
    check_denied(&open(&asked), Reason::PrivateContextRemote);
    grant.id = GrantId::new("g2");
    grant.resources = asked.resources.clone();
    kept.grants.insert(&grant).expect("a grant");
    assert!(matches!(open(&asked), Outcome::Allow(_)));
    check_denied(&open(&asked), Reason::PrivateContextRemote);
}

#[test]
fn caps_hold_over_many_requests_with_one_call_of_overshoot() {
    let kept = Kept::default();
    let mut policy = policy(Preset::PowerUser);
    policy.caps.day = Some(Cost::new(100, u64::MAX >> 12));
    let gate = kept.gate(policy.clone());
    let mut allowed = 0;
    let mut warned = Vec::new();
    for number in 0..20 {
        let mut asked = request(&format!("r{number}"), Capability::InferenceRemote);
        asked.estimate = Some(Cost::new(30, 1));
        let decision = gate.authorize::<aether_core::authority::OpenSocket>(&asked, at(number));
        if matches!(decision.warnings[..], [Warning::NearCap(_)]) && decision.reason.is_none() {
            warned.push(number);
        }
        if decision.allowed().is_some() {
            allowed += 30;
            gate.settle(&asked, Cost::new(30, 1), at(number)).expect("settled");
        }
    }
    // 0, 30, 60 and 90 are below 100; the third call comes to 90 and is warned of.
    assert_eq!((allowed, warned), (120, vec![2, 3]));
    assert_eq!(kept.last(), ("deny".to_owned(), "cost.day_cap".to_owned()));
    let bare = PolicyGate::new(policy, &kept.audit, &kept.grants).expect("a policy");
    let mut asked = request("s", Capability::InferenceRemote);
    asked.estimate = Some(Cost::new(1, 1));
    let decision = bare.authorize::<aether_core::authority::OpenSocket>(&asked, at(1));
    check_denied(&decision.outcome, Reason::CostUnknown);
}

#[test]
fn calls_at_once_do_not_pass_a_cap_together() {
    let kept = Kept::default();
    let mut policy = policy(Preset::PowerUser);
    policy.caps.task = Some(Cost::new(100, u64::MAX >> 12));
    let gate = kept.gate(policy);
    let won = std::sync::atomic::AtomicUsize::new(0);
    at_once(8, &|number| {
        let mut asked = request(&format!("r{number}"), Capability::InferenceRemote);
        asked.estimate = Some(Cost::new(60, 1));
        if gate.authorize::<aether_core::authority::OpenSocket>(&asked, at(1)).allowed().is_some() {
            won.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    });
    assert_eq!(won.into_inner(), 2);
}

#[test]
fn a_policy_that_comes_into_force_is_written_down() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let before = Sha256Hash::of(b"before");
    let receipt = gate.record_policy(AuditActor::User, Some(before), at(1)).expect("a row");
    let row = kept.rows().pop().expect("a row");
    assert_eq!((row.seq, &row.entry.kind), (receipt.seq, &AuditKind::POLICY_CHANGED));
    assert_eq!(row.entry.policy, Some(gate.policy_hash()));
    assert_eq!(row.entry.details["before"], before.to_string());
    assert_eq!(row.entry.details["profile"], "STRICT");
    let mut bad = policy(Preset::Operator);
    bad.thresholds.tau_patch = 2000;
    assert!(PolicyGate::new(bad, &kept.audit, &kept.grants).is_err());
}
