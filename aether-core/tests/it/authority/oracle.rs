//! The rule against an oracle that was written from the requirement, not from the rule: over every combination
//! of what a decision depends on that is finite.

use std::collections::BTreeSet;

use aether_core::authority::{
    ActionRequest, ApprovalMode, Capability, Cost, CostCaps, DegradedMode, Grant, GrantDuration, GrantId,
    GrantStatus, HardBlock, PolicyConfig, PolicyState, Posture, Preset, ProvenanceTag, Resource,
    RevokeReason, Spend, Stage, StageOutcome, VerdictKind, Warning, decide,
};
use aether_core::base::{Sha256Hash, Timestamp};
use aether_core::change::CommandLine;

use super::table::DESIGN;

/// The rows that the design does not have, and those of it that were resolved.
const ADDED: &str = "
BuildFilesEdit Critical deny ask ask ask once
CommandRun Med deny task auto auto task
NetworkUse Med deny ask task scope task
InferenceRemote Med deny ask task auto task
TraceExport High deny ask ask ask once
AuditExport High deny ask ask ask once
ReportExport Low ask scope auto auto session
GrantAdmin Critical deny ask ask ask once
CostCapAdmin Critical deny ask ask ask once
PolicyAdmin Critical deny ask ask ask once
ShellExec Critical block block block ask once
FilesDelete High deny ask ask ask once
";

const NOW: Timestamp = Timestamp::from_unix_ms(1_000_000);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Inside,
    Outside,
    Nowhere,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Granted {
    Nothing,
    ForTask,
    Once,
    Expired,
    Used,
    Revoked,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Costs {
    NoCaps,
    Unestimated,
    Low,
    Near,
    RequestCap,
    TaskCap,
    DayCap,
    Unknown,
}

/// One combination. `name` and `row` are words of the table.
#[derive(Clone, Debug)]
struct Case<'a> {
    name: &'a str,
    capability: Capability,
    row: &'a [&'a str],
    preset: usize,
    posture: Posture,
    degraded: Option<DegradedMode>,
    tags: &'a [ProvenanceTag],
    place: Place,
    granted: Granted,
    remote_granted: bool,
    is_lease: bool,
    is_attended: bool,
    has_content: bool,
    costs: Costs,
    is_disabled: bool,
    is_other_actor: bool,
    is_other_effect: bool,
    chosen: Option<&'static str>,
    is_lifted: bool,
}

fn is_high(case: &Case<'_>) -> bool {
    matches!(case.row[0], "High" | "Critical")
}

/// What the requirement says, as the name of the decision and the id of its reason.
fn oracle(case: &Case<'_>) -> String {
    let (name, tags) = (case.name, case.tags);
    let is_one_of = |names: &[&str]| names.contains(&name);
    let looks_only = is_one_of(&["FilesRead", "MemoryRead"]);
    let is_remote = is_one_of(&["InferenceRemote", "RouterEscalateRemote"]);
    let leaves = is_remote
        || is_one_of(&[
            "NetworkUse",
            "BrowserFillForm",
            "BrowserUpload",
            "BrowserSubmit",
            "EmailSend",
            "IntegrationExternalApi",
            "IntegrationTriggerAutomation",
        ]);
    let goes_out = leaves
        || is_one_of(&[
            "PackageInstall",
            "RouterAllowRemoteWithPrivate",
            "BrowserOpen",
            "BrowserDownload",
            "BrowserLoginReuse",
            "AutomationTrigger",
            "IntegrationUse",
        ]);
    let is_file = name.starts_with("Files") || name == "BuildFilesEdit";
    let of_preset = case.row[1 + case.preset];
    let mode = case.chosen.unwrap_or(of_preset);
    let deny = |reason: &str| format!("deny {reason}");

    match case.degraded {
        Some(DegradedMode::AuditBroken) => return deny("audit.unhealthy"),
        Some(DegradedMode::LedgerCorrupt) if !looks_only => return deny("ledger.corrupt"),
        Some(DegradedMode::SafeMode) if !looks_only => return deny("degraded.safe_mode"),
        Some(DegradedMode::Offline) if goes_out => return deny("degraded.offline"),
        _ => {}
    }
    let is_upload = is_one_of(&["BrowserUpload", "MemoryExport", "TraceExport", "AuditExport"]);
    if is_upload && !case.is_attended {
        return deny("block.silent_upload");
    }
    if of_preset == "block" && !case.is_lifted {
        return deny("block.shell_in_consumer_presets");
    }
    if name == "EmailSend" && !case.is_attended {
        return deny("block.email_send_default");
    }
    if is_high(case) && ["task", "scope", "auto"].contains(&mode) {
        return deny("block.auto_approve_high_critical");
    }
    let is_private = tags.contains(&ProvenanceTag::Private);
    let stays = match case.posture {
        Posture::Strict => leaves,
        Posture::Balanced => leaves && is_private,
        Posture::Open => is_remote && is_private,
    };
    let may_leave = case.remote_granted && !case.is_lease && case.place != Place::Nowhere;
    if stays && !may_leave {
        return deny(if is_private { "privacy.private_context_remote" } else { "privacy.strict" });
    }
    let taint = if tags.is_empty() || tags.contains(&ProvenanceTag::UntrustedInput) {
        Some("taint.untrusted_input")
    } else if tags.contains(&ProvenanceTag::ScrapedContent) {
        Some("taint.scraped_high_risk")
    } else {
        let is_inferred = tags.contains(&ProvenanceTag::ExtractedPreference);
        (is_inferred && name != "MemoryWriteExtractedPref").then_some("taint.low_confidence_preference")
    };
    if let (Some(reason), true) = (taint, is_high(case)) {
        return deny(reason);
    }
    match case.costs {
        Costs::Unestimated if is_remote => return deny("cost.unknown"),
        Costs::RequestCap => return deny("cost.request_cap"),
        Costs::TaskCap => return deny("cost.task_cap"),
        Costs::DayCap => return deny("cost.day_cap"),
        Costs::Unknown => return deny("cost.unknown"),
        _ => {}
    }
    if case.is_disabled {
        return deny("feature.disabled");
    }
    if case.chosen.is_none() && mode == "deny" {
        let larger = (case.preset + 1..4).find(|&preset| !["deny", "block"].contains(&case.row[1 + preset]));
        if let Some(preset) = larger {
            return format!("needs_upgrade {preset}");
        }
    }
    if case.is_other_effect {
        return deny("action.wrong_action");
    }
    if case.is_other_actor {
        return deny("action.actor_out_of_scope");
    }
    if case.place == Place::Nowhere {
        return deny("action.no_resource");
    }
    if is_file && name != "FilesRead" && !case.has_content {
        return deny("action.no_content");
    }
    if name == "CommandRun" && case.place == Place::Outside {
        return deny("resource.command_not_allowed");
    }
    if is_file && case.place == Place::Outside {
        return deny("resource.out_of_scope");
    }
    let by_itself = match mode {
        // A lifted block is asked about each time.
        "block" if case.chosen.is_none() => false,
        "block" | "deny" => return deny("mode.deny"),
        "draft" => return "draft_only mode.draft_only".to_owned(),
        "auto" => true,
        "scope" => case.place == Place::Inside,
        _ => false,
    };
    if case.degraded == Some(DegradedMode::NoCompiler) && is_file && name != "FilesRead" {
        return "draft_only degraded.no_compiler".to_owned();
    }
    let trusts = case.degraded != Some(DegradedMode::MinimumTrust) || looks_only;
    if case.is_lease && is_high(case) {
        return deny("duration.lease_too_risky");
    }
    let end = if by_itself && trusts {
        "allow".to_owned()
    } else {
        // What is for one action serves one action, and what is for more never serves what is of high risk.
        // The grant to leave is one for the action itself, where that is what is asked for.
        let is_itself = name == "RouterAllowRemoteWithPrivate" && case.remote_granted;
        let granted = if is_itself { Granted::Once } else { case.granted };
        let is_for_one = granted != Granted::ForTask;
        let serves = if is_for_one { !case.is_lease } else { !is_high(case) };
        match granted {
            Granted::ForTask | Granted::Once if serves => "allow".to_owned(),
            Granted::Expired if serves => "ask grant.expired".to_owned(),
            Granted::Used if serves => "ask grant.used".to_owned(),
            Granted::Revoked if serves => "ask grant.revoked".to_owned(),
            _ => "ask approval.required".to_owned(),
        }
    };
    match taint {
        Some(reason) if case.row[0] == "Med" => format!("draft_only {reason}"),
        _ if end == "allow" && case.costs == Costs::Near => "allow near".to_owned(),
        _ => end,
    }
}

fn capability(name: &str) -> Capability {
    let found = Capability::ALL.iter().find(|capability| format!("{capability:?}") == name);
    *found.unwrap_or_else(|| panic!("no capability {name}"))
}

/// What the policy of the tests opens, and something of each kind that it does not.
fn resources(name: &str) -> [Resource; 2] {
    let command = |text| Resource::from(CommandLine::parse(text).expect("a command"));
    let url = |text| Resource::url(text).expect("a url");
    if name.starts_with("Files") || name == "BuildFilesEdit" {
        ["src/a.rs", "/etc/a"].map(|path| Resource::path(path).expect("a path"))
    } else if ["CommandRun", "ShellExec", "PackageInstall"].contains(&name) {
        ["cargo test", "cargo 'test x'"].map(command)
    } else if name.starts_with("Browser") || name == "NetworkUse" {
        ["https://docs.rs/x", "https://docs.rs.evil.net/x"].map(url)
    } else if name.starts_with("Memory") {
        ["mine", "other"].map(|scope| Resource::MemoryScope(scope.to_owned()))
    } else {
        ["mine", "other"].map(|provider| Resource::Provider(provider.to_owned()))
    }
}

fn grants(case: &Case<'_>, request: &ActionRequest) -> Vec<Grant> {
    let make = |id: &str, capability, duration| {
        Grant::new(GrantId::new(id), "fixer", capability, request.resources.clone(), duration, NOW)
    };
    let mut grant = make("grt:request", request.capability, GrantDuration::Once);
    match case.granted {
        Granted::Nothing | Granted::Once => {}
        Granted::ForTask => grant.duration = GrantDuration::Task("task".to_owned()),
        Granted::Expired => grant.expires_at = NOW,
        Granted::Used => grant.status = GrantStatus::Used(NOW),
        Granted::Revoked => {
            grant.status = GrantStatus::Revoked { at: NOW, reason: RevokeReason::UserRevoked };
        }
    }
    let mut all = if case.granted == Granted::Nothing { vec![] } else { vec![grant] };
    if case.remote_granted {
        all.push(make("grt:remote", Capability::RouterAllowRemoteWithPrivate, GrantDuration::Once));
    }
    all
}

fn policy(case: &Case<'_>, scope: &[Resource]) -> PolicyConfig {
    let mut policy = PolicyConfig::new(Preset::ALL[case.preset]);
    policy.posture = case.posture;
    policy.scope = scope.to_vec();
    policy.commands.push(CommandLine::parse("cargo test").expect("a command"));
    let capability = case.capability;
    if case.is_disabled {
        policy.disabled.insert(capability);
    }
    if case.is_other_actor {
        let others = Capability::ALL.iter().copied().filter(|other| *other != capability);
        policy.actors.insert("fixer".to_owned(), others.collect());
    }
    if let Some(mode) = case.chosen {
        let mode = match mode {
            "block" => ApprovalMode::Block,
            "deny" => ApprovalMode::Deny,
            "draft" => ApprovalMode::DraftOnly,
            "ask" => ApprovalMode::Ask,
            "task" => ApprovalMode::PerTask,
            "scope" => ApprovalMode::InScope,
            _ => ApprovalMode::Auto,
        };
        policy.custom.get_or_insert_default().modes.insert(capability, mode);
    }
    if case.is_lifted {
        policy.custom.get_or_insert_default().lifted.insert(HardBlock::ShellInConsumerPresets);
    }
    if case.costs != Costs::NoCaps {
        let cap = |tokens| Some(Cost::new(tokens, u64::MAX));
        let mut caps = CostCaps::default();
        (caps.request, caps.task, caps.day) = (cap(100), cap(1000), cap(10_000));
        policy.caps = caps;
    }
    policy
}

/// The rule, asked about one combination, in the words of the oracle.
fn rule(case: &Case<'_>, both: &[Resource; 2], policy: &PolicyConfig) -> String {
    let capability = case.capability;
    let mut request = ActionRequest::new("request", "fixer", capability);
    request.task = Some("task".to_owned());
    request.resources = match case.place {
        Place::Inside => vec![both[0].clone()],
        Place::Outside => vec![both[1].clone()],
        Place::Nowhere => vec![],
    };
    request.content = case.has_content.then(|| Sha256Hash::of(b"content"));
    request.provenance = case.tags.iter().copied().collect();
    request.is_attended = case.is_attended;
    let (mut estimate, mut task, mut day) = (10, 0, 0);
    match case.costs {
        Costs::Near => task = 790,
        Costs::RequestCap => estimate = 101,
        Costs::TaskCap => task = 1000,
        Costs::DayCap => day = 10_000,
        _ => {}
    }
    let cost = |tokens| Cost::new(tokens, 0);
    request.estimate = (!matches!(case.costs, Costs::Unestimated | Costs::NoCaps)).then_some(cost(estimate));

    let degraded: BTreeSet<DegradedMode> = case.degraded.into_iter().collect();
    let all = [capability];
    let effect: &[Capability] = if case.is_other_effect { &[] } else { &all };
    let grants = grants(case, &request);
    let mut state = PolicyState::new(policy, &degraded, effect, NOW);
    state.grants = &grants;
    state.is_lease = case.is_lease;
    state.spend = (case.costs != Costs::Unknown).then_some(Spend::new(cost(task), cost(day)));
    let verdict = decide(&request, &state);

    // The trace goes through the stages in their order, and the last one is the one that decided.
    let stages: Vec<Stage> = verdict.stages.iter().map(|result| result.stage).collect();
    assert_eq!(stages, &Stage::ALL[..stages.len()], "{case:?}");
    let held = verdict.stages.iter().map(|result| result.outcome);
    let held: Vec<&str> = held.filter(|held| *held != StageOutcome::Pass).map(|held| held.as_str()).collect();
    let is_allowed = verdict.kind == VerdictKind::Allow;
    assert_eq!(held.is_empty(), is_allowed, "{case:?}: {verdict:?}");
    if let Some(reason) = verdict.kind.reason() {
        assert!(held.contains(&reason.id()), "{case:?}: {verdict:?}");
    }
    assert!(is_allowed || verdict.grants.is_empty() && verdict.uses_up.is_empty(), "{case:?}");
    assert!(verdict.uses_up.iter().all(|id| verdict.grants.contains(id)), "{case:?}");

    match verdict.kind {
        VerdictKind::Allow if verdict.warnings.is_empty() => "allow".to_owned(),
        VerdictKind::Allow => {
            assert!(matches!(verdict.warnings[..], [Warning::NearCap(_)]), "{case:?}");
            "allow near".to_owned()
        }
        VerdictKind::Ask(reason) => format!("ask {reason}"),
        VerdictKind::DraftOnly(reason) => format!("draft_only {reason}"),
        VerdictKind::Deny(reason) => format!("deny {reason}"),
        VerdictKind::NeedsUpgrade(preset) => format!("needs_upgrade {}", preset as usize),
        other => panic!("a verdict that the oracle does not know: {other:?}"),
    }
}

/// Rows of the tables by the name of the capability, the last of a name.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let lines = DESIGN.lines().chain(ADDED.lines()).filter(|line| !line.is_empty());
    let split = |line: &'static str| line.split_once(' ').expect("a row");
    let all: Vec<_> = lines.map(split).collect();
    let last = |name| all.iter().rev().find(|(of, _)| *of == name).expect("a row").1;
    Capability::ALL
        .iter()
        .map(|capability| {
            let name = format!("{capability:?}");
            let (name, _) = *all.iter().find(|(of, _)| *of == name).expect("a row for each capability");
            (name, last(name).split(' ').collect())
        })
        .collect()
}

const TAGS: [&[ProvenanceTag]; 7] = [
    &[],
    &[ProvenanceTag::Session],
    &[ProvenanceTag::Private, ProvenanceTag::Session],
    &[ProvenanceTag::UntrustedInput, ProvenanceTag::Public],
    &[ProvenanceTag::ScrapedContent],
    &[ProvenanceTag::ExtractedPreference],
    &[ProvenanceTag::Private, ProvenanceTag::ScrapedContent],
];
const PLACES: [Place; 3] = [Place::Inside, Place::Outside, Place::Nowhere];
const GRANTED: [Granted; 6] =
    [Granted::Nothing, Granted::ForTask, Granted::Once, Granted::Expired, Granted::Used, Granted::Revoked];
const COSTS: [Costs; 8] = [
    Costs::NoCaps,
    Costs::Unestimated,
    Costs::Low,
    Costs::Near,
    Costs::RequestCap,
    Costs::TaskCap,
    Costs::DayCap,
    Costs::Unknown,
];

/// What of a case is in its policy, within one row.
type OfPolicy = (Posture, Costs, bool, bool, Option<&'static str>, bool);

fn of_policy(case: &Case<'_>) -> OfPolicy {
    (case.posture, case.costs, case.is_disabled, case.is_other_actor, case.chosen, case.is_lifted)
}

fn for_each_row(check: impl Fn(&Case<'_>, &dyn Fn(&Case<'_>))) -> usize {
    let count = std::cell::Cell::new(0);
    for (name, row) in rows() {
        let both = resources(name);
        let scope = [both[0].clone()];
        for preset in 0..4 {
            let case = Case {
                name,
                capability: capability(name),
                row: &row,
                preset,
                posture: Posture::Balanced,
                degraded: None,
                tags: TAGS[1],
                place: Place::Inside,
                granted: Granted::Nothing,
                remote_granted: false,
                is_lease: false,
                is_attended: true,
                has_content: true,
                costs: Costs::NoCaps,
                is_disabled: false,
                is_other_actor: false,
                is_other_effect: false,
                chosen: None,
                is_lifted: false,
            };
            // Making a policy costs more than all the rest, and many cases share one.
            let kept = std::cell::RefCell::new((of_policy(&case), policy(&case, &scope)));
            check(&case, &|case| {
                count.set(count.get() + 1);
                let mut kept = kept.borrow_mut();
                if kept.0 != of_policy(case) {
                    *kept = (of_policy(case), policy(case, &scope));
                }
                let (_, policy) = &*kept;
                assert_eq!(rule(case, &both, policy), oracle(case), "{case:?}");
            });
        }
    }
    count.into_inner()
}

/// Capability, preset, posture, degraded mode, provenance, place, grant, grant to leave, lease.
#[test]
fn every_combination_of_state_and_grants_is_decided_as_the_requirement_says() {
    let degraded = std::iter::once(None).chain(DegradedMode::ALL.map(Some));
    let degraded: Vec<_> = degraded.collect();
    let count = for_each_row(|base, check| {
        for posture in Posture::ALL {
            for &degraded in &degraded {
                for tags in TAGS {
                    for place in PLACES {
                        for granted in GRANTED {
                            for (remote_granted, is_lease) in [(false, false), (true, false), (true, true)] {
                                check(&Case {
                                    posture,
                                    degraded,
                                    tags,
                                    place,
                                    granted,
                                    remote_granted,
                                    is_lease,
                                    ..base.clone()
                                });
                            }
                        }
                    }
                }
            }
        }
    });
    assert_eq!(count, Capability::ALL.len() * 4 * 3 * 7 * 7 * 3 * 6 * 3);
}

/// Capability, preset, attendance, content, cost, switches, effect, chosen mode, lifted block.
#[test]
fn every_combination_of_policy_and_request_is_decided_as_the_requirement_says() {
    const MODES: [Option<&str>; 8] = [
        None,
        Some("block"),
        Some("deny"),
        Some("draft"),
        Some("ask"),
        Some("task"),
        Some("scope"),
        Some("auto"),
    ];
    let count = for_each_row(|base, check| {
        for costs in COSTS {
            for chosen in MODES {
                for bits in 0_u8..64 {
                    let bit = |place: u8| bits & (1 << place) != 0;
                    check(&Case {
                        costs,
                        chosen,
                        is_attended: bit(0),
                        has_content: bit(1),
                        is_other_effect: bit(2),
                        is_disabled: bit(3),
                        is_other_actor: bit(4),
                        is_lifted: bit(5),
                        ..base.clone()
                    });
                }
            }
        }
    });
    assert_eq!(count, Capability::ALL.len() * 4 * 64 * 8 * 8);
}
