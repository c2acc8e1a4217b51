//! Rules of [`AuditSink`].

use super::super::{expect, expect_eq};
use super::{AtOnce, at, done};
use crate::authority::{
    ActionRequest, Capability, DegradedMode, EditFiles, OpenSocket, PolicyConfig, PolicyGate, Preset,
    ProvenanceTag, Reason, Resource,
};
use crate::base::{RelPath, Sha256Hash};
use crate::conformance::MemoryGrants;
use crate::port::AuditSink;
use crate::record::{
    AuditActor, AuditEntry, AuditKey, AuditKind, AuditQuery, AuditRow, AuditTip, AuditVerdict, AuditVerifier,
    ExpectedTip, MAX_AUDIT_PAYLOAD_BYTES,
};

/// What a verification of the whole log under its own tip says.
///
/// # Panics
///
/// When the log cannot be read.
#[must_use]
pub fn verdict_of(sink: &dyn AuditSink, key: &AuditKey) -> AuditVerdict {
    let rule = "audit: rows and tip can be read";
    let tip = done(rule, sink.tip());
    let mut verifier = AuditVerifier::new(vec![key.clone()], ExpectedTip::Exactly(tip));
    all_rows(sink).iter().for_each(|row| verifier.push(row));
    verifier.finish()
}

fn all_rows(sink: &dyn AuditSink) -> Vec<AuditRow> {
    let everything = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
    done("audit: rows can be read", sink.rows(&everything))
}

/// Checks an audit log: `make` gives an empty one under a key, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryAudit, check_audit_sink};
/// fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
///     std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
/// }
/// check_audit_sink(&|key| Box::new(MemoryAudit::new(key.clone())), &at_once);
/// ```
pub fn check_audit_sink(make: &dyn Fn(&AuditKey) -> Box<dyn AuditSink>, at_once: AtOnce<'_>) {
    let key = match AuditKey::new("conformance", &[42; 32]) {
        Ok(key) => key,
        Err(error) => panic!("32 bytes are a key: {error}"),
    };
    an_empty_log_is_valid(make(&key).as_ref(), &key);
    rows_follow_one_another(make(&key).as_ref(), &key);
    a_row_that_is_refused_leaves_nothing(make(&key).as_ref(), &key);
    questions_are_answered(make(&key).as_ref());
    writers_at_once_make_one_chain(make(&key).as_ref(), &key, at_once);
    degraded_modes_are_told(make(&key).as_ref(), &key);
}

/// What a gate over the log answers when something is wrong, and that the log tells it.
fn degraded_modes_are_told(sink: &dyn AuditSink, key: &AuditKey) {
    let rule = "audit: what a gate answers in a degraded mode is a row with its reason";
    let grants = MemoryGrants::default();
    let mut told = Vec::new();
    for mode in DegradedMode::ALL {
        let gate = match PolicyGate::new(PolicyConfig::new(Preset::Operator), sink, &grants) {
            Ok(gate) => gate.with_degraded(mode),
            Err(error) => panic!("{rule}: {error}"),
        };
        let mut edit = ActionRequest::new("edit", "fixer", Capability::FilesEdit);
        edit.resources.push(Resource::from(RelPath::root()));
        edit.content = Some(Sha256Hash::of(b"content"));
        edit.provenance.insert(ProvenanceTag::Session);
        let mut open = ActionRequest::new("open", "fixer", Capability::IntegrationUse);
        open.resources.push(Resource::Provider("elsewhere".to_owned()));
        open.provenance.insert(ProvenanceTag::Session);
        let answers = [
            gate.authorize::<EditFiles>(&edit, at(1)).outcome.as_str(),
            gate.authorize::<OpenSocket>(&open, at(1)).outcome.as_str(),
        ];
        told.push(answers);
    }
    let expected = [
        ["deny", "deny"],
        ["deny", "deny"],
        ["deny", "deny"],
        ["ask", "ask"],
        ["draft_only", "allow"],
        ["allow", "deny"],
    ];
    expect_eq(rule, told, expected.to_vec());
    let reasons: Vec<Option<String>> =
        all_rows(sink).iter().filter_map(|row| row.record().map(|record| record.entry.reason)).collect();
    let expected = [
        Reason::AuditUnhealthy,
        Reason::AuditUnhealthy,
        Reason::LedgerCorrupt,
        Reason::LedgerCorrupt,
        Reason::SafeMode,
        Reason::SafeMode,
        Reason::ApprovalRequired,
        Reason::ApprovalRequired,
        Reason::NoCompiler,
        Reason::Offline,
    ];
    let expected: Vec<String> = expected.iter().map(|reason| reason.id().to_owned()).collect();
    expect_eq(rule, reasons.iter().flatten().cloned().collect(), expected);
    expect_eq(rule, verdict_of(sink, key), AuditVerdict::Valid { rows: 12 });
}

fn entry(kind: AuditKind, actor: &str, capability: &str) -> AuditEntry {
    let mut entry = AuditEntry::new(kind, AuditActor::Agent(actor.to_owned()));
    entry.capability = Some(capability.to_owned());
    entry.resources = vec!["path:é\u{1}\"\u{1F980}".to_owned()];
    entry
}

fn an_empty_log_is_valid(sink: &dyn AuditSink, key: &AuditKey) {
    done("audit: an empty log is in order", sink.check());
    expect_eq("audit: tip of an empty log", done("audit: it has a tip", sink.tip()).tip, AuditTip::EMPTY);
    expect_eq("audit: an empty log is valid", verdict_of(sink, key), AuditVerdict::Valid { rows: 0 });
}

fn rows_follow_one_another(sink: &dyn AuditSink, key: &AuditKey) {
    let rule = "audit: rows come back as they were written, numbered from 1 without gaps";
    // A clock may be set back; the order is that of the calls.
    for (number, seconds) in [(1, 30), (2, 10), (3, 20)] {
        let written = entry(AuditKind::DECISION, &format!("agent-{number}"), "files_edit");
        let receipt = done(rule, sink.append(written.clone(), at(seconds)));
        expect_eq(rule, receipt.seq, number);
        let row = all_rows(sink).pop();
        let record = row.as_ref().and_then(AuditRow::record);
        let told = record.map(|record| (record.seq, record.at, record.entry));
        expect_eq(rule, told, Some((number, at(seconds), written)));
        expect_eq(rule, row.and_then(|row| row.event_hash), Some(receipt.event_hash));
        let tip = done(rule, sink.tip()).tip;
        expect_eq("audit: the tip is the last row", tip, AuditTip::new(number, receipt.event_hash));
    }
    expect_eq("audit: what was written is valid", verdict_of(sink, key), AuditVerdict::Valid { rows: 3 });
}

fn a_row_that_is_refused_leaves_nothing(sink: &dyn AuditSink, key: &AuditKey) {
    let rule = "audit: a row that is too long is refused, and the log stays as it was";
    done(rule, sink.append(entry(AuditKind::DECISION, "a", "files_edit"), at(1)));
    let too_long = "x".repeat(MAX_AUDIT_PAYLOAD_BYTES);
    let refused = sink.append(entry(AuditKind::DECISION, &too_long, "files_edit"), at(2));
    expect(rule, refused.is_err());
    expect_eq(rule, verdict_of(sink, key), AuditVerdict::Valid { rows: 1 });
    done(rule, sink.append(entry(AuditKind::DECISION, "a", "files_edit"), at(3)));
    expect_eq(rule, verdict_of(sink, key), AuditVerdict::Valid { rows: 2 });
}

/// In the predecessor of the design, a query ignored the capability and the agent that it asked for.
fn questions_are_answered(sink: &dyn AuditSink) {
    let rule = "audit: every condition of a question narrows the answer";
    let of_user = AuditEntry::new(AuditKind::POLICY_CHANGED, AuditActor::User);
    let mut denied = entry(AuditKind::DECISION, "b", "files_read");
    denied.decision = Some("deny".to_owned());
    let entries = [
        entry(AuditKind::DECISION, "a", "files_edit"),
        entry(AuditKind::LEASE, "a", "command_run"),
        denied,
        of_user,
    ];
    for (entry, seconds) in entries.into_iter().zip([10, 20, 30, 40]) {
        done(rule, sink.append(entry, at(seconds)));
    }
    let asked = |query: AuditQuery| -> Vec<u64> {
        let rows = done(rule, sink.rows(&query));
        rows.iter().filter_map(AuditRow::record).map(|record| record.seq).collect()
    };
    let all = AuditQuery::default;
    expect_eq("audit: all", asked(all()), vec![1, 2, 3, 4]);
    let window = AuditQuery { since: Some(at(20)), until: Some(at(40)), ..all() };
    expect_eq("audit: a window holds its beginning and not its end", asked(window), vec![2, 3]);
    let actor = Some(AuditActor::Agent("a".to_owned()));
    expect_eq("audit: by actor", asked(AuditQuery { actor, ..all() }), vec![1, 2]);
    let capability = Some("files_read".to_owned());
    expect_eq("audit: by capability", asked(AuditQuery { capability, ..all() }), vec![3]);
    let kind = Some(AuditKind::DECISION);
    expect_eq("audit: by kind", asked(AuditQuery { kind, ..all() }), vec![1, 3]);
    let decision = Some("deny".to_owned());
    expect_eq("audit: by decision", asked(AuditQuery { decision, ..all() }), vec![3]);
    expect_eq("audit: a page", asked(AuditQuery { after_seq: 1, limit: 2, ..all() }), vec![2, 3]);
}

fn writers_at_once_make_one_chain(sink: &dyn AuditSink, key: &AuditKey, at_once: AtOnce<'_>) {
    let rule = "audit: writers at the same time make one chain";
    at_once(4, &|writer| {
        for _ in 0..25 {
            let entry = entry(AuditKind::DECISION, &format!("agent-{writer}"), "files_edit");
            done(rule, sink.append(entry, at(5)));
        }
    });
    expect_eq(rule, verdict_of(sink, key), AuditVerdict::Valid { rows: 100 });
}
