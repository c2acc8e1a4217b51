//! `bench authority`: durable decisions, and taking ten thousand grants back at once.

use std::time::Instant;

use aether_core::authority::{
    ActionRequest, Capability, EditFiles, Grant, GrantDuration, GrantId, PolicyConfig, PolicyGate, Preset,
    ProvenanceTag, Resource,
};
use aether_core::base::{RelPath, Sha256Hash, Timestamp};
use aether_core::port::GrantStore as _;
use aether_core::record::{AuditActor, AuditKey};
use aether_store::{PolicyStore, PolicyStoreOptions};
use anyhow::{Result, ensure};

use crate::options::BenchAuthority;
use crate::output::say;
use crate::report::{self, Bar, Row};

const GRANTS: u32 = 10_000;
/// Bar of SC-A-04, in milliseconds.
const REVOKE_MS: f64 = 500.0;

/// Measures both; whether the bar is met.
pub(crate) fn authority(options: &BenchAuthority) -> Result<bool> {
    let folder = tempfile::tempdir_in(&options.folder)?;
    let key = AuditKey::new("bench", &[7; 32])?;
    let store = PolicyStore::open(&folder.path().join("authority.db"), key, &PolicyStoreOptions::default())?;
    let at = Timestamp::from_unix_ms(0);
    let gate = PolicyGate::new(PolicyConfig::new(Preset::Operator), &store, &store)?;
    let mut waits = Vec::new();
    for number in 0..options.decisions {
        let mut request = ActionRequest::new(format!("request-{number}"), "agent", Capability::FilesEdit);
        request.resources.push(Resource::path("src/lib.rs")?);
        request.content = Some(Sha256Hash::of(b"patch"));
        request.provenance.insert(ProvenanceTag::Session);
        let begin = Instant::now();
        ensure!(gate.authorize::<EditFiles>(&request, at).allowed().is_some(), "an operator edits files");
        waits.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    waits.sort_by(f64::total_cmp);
    for number in 0..GRANTS {
        let resources = vec![Resource::from(RelPath::root())];
        let duration = GrantDuration::Persistent(3_600_000);
        let id = GrantId::new(format!("grt:{number}"));
        store.insert(&Grant::new(id, "agent", Capability::FilesEdit, resources, duration, at))?;
    }
    let begin = Instant::now();
    let revoked = gate.emergency_revoke(None, AuditActor::User, Timestamp::from_unix_ms(1))?;
    let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
    ensure!(revoked.grants == u64::from(GRANTS), "{} were taken back", revoked.grants);
    let wait = |share: usize| waits[(waits.len() - 1) * share / 100];
    let rows = [
        Row::plain("decision", "with its durable row, p50", wait(50), 2, "ms"),
        Row::plain("decision", "with its durable row, p99", wait(99), 2, "ms"),
        Row::gate("10,000 grants", "taken back, durable", milliseconds, 1, "ms", Bar::AtMost(REVOKE_MS)),
    ];
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}
