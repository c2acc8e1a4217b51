//! The table of capabilities and presets against the one of the design, which stands here as its text.

use std::collections::BTreeMap;

use aether_core::authority::{ApprovalMode, Capability, DurationKind, Preset, RiskClass};

/// Capability, risk, Observer, Assistant, Operator, Power User, duration; as the design of the companion has
/// them, which is also the origin of the words.
pub(crate) const DESIGN: &str = "
FilesRead Low deny scope auto auto session
FilesCreate Med deny task auto auto task
FilesEdit Med deny task auto auto task
FilesRenameMove Med deny ask task auto task
FilesDelete High deny ask ask task once
FilesBulkOp High deny ask ask ask once
BrowserOpen Low deny scope auto auto session
BrowserReadPage Low deny auto auto auto session
BrowserExtractData Med deny task auto auto task
BrowserFillForm Med deny ask task auto task
BrowserUpload High deny ask ask ask once
BrowserDownload Med deny task task auto task
BrowserSubmit High deny ask ask ask once
BrowserLoginReuse High deny deny ask ask once
EmailReadMetadata Low deny task auto auto session
EmailReadBody Med deny task task auto task
EmailDraft Low deny auto auto auto session
EmailEditDraft Low deny auto auto auto session
EmailSend High deny ask ask ask once
EmailAttachmentAccess High deny ask ask ask once
ClipboardRead Low ask auto auto auto session
ClipboardWrite Low ask auto auto auto session
ShellExec Critical block block ask ask once
PackageInstall Critical block block block ask once
NotificationRead Low deny auto auto auto session
AutomationTrigger High deny ask ask ask once
MemoryRead Low auto auto auto auto session
MemoryWriteSession Low auto auto auto auto session
MemoryWriteDurable Med deny task auto auto task
MemoryWriteExtractedPref Med deny ask task auto task
MemoryUseInFutureTask Low deny auto auto auto persistent
MemoryExport High deny ask ask ask once
MemoryDelete Med deny ask ask task once
MediaMic Med ask task auto auto session
MediaCamera High ask ask ask ask session
MediaScreenCapture High deny ask ask ask once
IntegrationUse Med deny task auto auto session
IntegrationExternalApi Med deny task task auto task
IntegrationTriggerAutomation High deny ask ask ask once
RouterEscalateRemote Med deny ask task auto task
RouterOverrideTier Low deny auto auto auto session
RouterAllowRemoteWithPrivate High deny ask ask ask once
";

/// Where the design contradicts itself, what holds: see the documentation of the table.
const RESOLVED: [(&str, usize, &str); 2] = [("ShellExec", 2, "block"), ("FilesDelete", 3, "ask")];

fn mode(word: &str) -> ApprovalMode {
    match word {
        "block" => ApprovalMode::Block,
        "deny" => ApprovalMode::Deny,
        "ask" => ApprovalMode::Ask,
        "task" => ApprovalMode::PerTask,
        "scope" => ApprovalMode::InScope,
        "auto" => ApprovalMode::Auto,
        other => panic!("no mode: {other}"),
    }
}

fn capabilities() -> BTreeMap<String, Capability> {
    Capability::ALL.iter().map(|&capability| (format!("{capability:?}"), capability)).collect()
}

#[test]
fn the_table_is_that_of_the_design_but_for_its_contradictions() {
    let known = capabilities();
    for line in DESIGN.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, risk, modes @ .., duration] = &words[..] else { panic!("{line}") };
        let capability = known[*name];
        let risk = match *risk {
            "Low" => RiskClass::Low,
            "Med" => RiskClass::Medium,
            "High" => RiskClass::High,
            _ => RiskClass::Critical,
        };
        assert_eq!(capability.risk(), risk, "{name}");
        for (place, word) in modes.iter().enumerate() {
            let resolved = RESOLVED.iter().find(|(of, at, _)| of == name && *at == place);
            let expected = mode(resolved.map_or(word, |(_, _, word)| word));
            assert_eq!(capability.mode(Preset::ALL[place]), expected, "{name} {place}");
        }
        let duration = match *duration {
            "once" => DurationKind::Once,
            "task" => DurationKind::Task,
            "session" if risk == RiskClass::High => DurationKind::Once,
            "session" => DurationKind::Session,
            _ => DurationKind::Persistent,
        };
        assert_eq!(capability.usual_duration(), duration, "{name}");
    }
}

/// The contradiction of `FilesDelete`, as a rule on all rows: none of high risk is approved in advance, in no
/// preset, and no larger preset is stricter than a smaller one.
#[test]
fn nothing_of_high_risk_is_approved_in_advance() {
    for capability in Capability::ALL {
        for pair in Preset::ALL.windows(2) {
            assert!(capability.mode(pair[0]) <= capability.mode(pair[1]), "{capability:?}");
        }
        for preset in Preset::ALL {
            let is_safe = !capability.risk().asks_each_time() || capability.mode(preset) <= ApprovalMode::Ask;
            assert!(is_safe, "{capability:?} {preset:?}");
        }
        let lasts = [DurationKind::Task, DurationKind::Session, DurationKind::Persistent];
        let is_high = capability.risk() >= RiskClass::High;
        assert!(
            lasts.iter().all(|&duration| capability.allows_duration(duration) != is_high),
            "{capability:?}"
        );
        assert!(capability.allows_duration(DurationKind::Once));
    }
}

/// What would ruin a machine needs most.
#[test]
fn what_a_coding_agent_needs_is_there() {
    assert_eq!(Capability::BuildFilesEdit.risk(), RiskClass::Critical);
    assert_eq!(Capability::GrantAdmin.risk(), RiskClass::Critical);
    assert_eq!(Capability::CommandRun.mode(Preset::Assistant), ApprovalMode::PerTask);
    assert_eq!(Capability::NetworkUse.mode(Preset::Assistant), ApprovalMode::Ask);
    assert_eq!(Capability::NetworkUse.mode(Preset::Operator), ApprovalMode::PerTask);
    // Somebody who asks for a file at the terminal is not asked again.
    assert_eq!(Capability::ReportExport.mode(Preset::Operator), ApprovalMode::Auto);
    for capability in [Capability::TraceExport, Capability::AuditExport, Capability::CostCapAdmin] {
        assert_eq!(capability.mode(Preset::PowerUser), ApprovalMode::Ask, "{capability:?}");
    }
}

/// Names are those of the records, one for each.
#[test]
fn names_are_those_of_the_records() {
    for capability in Capability::ALL {
        let json = serde_json::to_value(capability).expect("a name");
        assert_eq!(json, capability.as_str());
        assert_eq!(serde_json::from_value::<Capability>(json).expect("a capability"), *capability);
    }
    assert!(serde_json::from_str::<Capability>("\"unheard_of\"").is_err());
}
