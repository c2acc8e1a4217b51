//! `bench authority`: what policy keeps on disk, each beside the wait for the disk that it cannot do without.

use std::fs::File;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use aether_core::authority::{
    ActionRequest, Capability, EditFiles, Grant, GrantDuration, GrantId, PolicyConfig, PolicyGate, Preset,
    ProvenanceTag, Resource, RevokeReason, RevokeScope,
};
use aether_core::base::{Cancel, RelPath, Sha256Hash, Timestamp};
use aether_core::port::{AuditSink as _, GrantStore as _};
use aether_core::record::{AuditActor, AuditEntry, AuditKey, AuditKind, AuditQuery, AuditVerdict};
use aether_store::{AuditTrust, PolicyStore, PolicyStoreOptions};
use anyhow::{Result, ensure};

use crate::measure::{Sorted, cpu_seconds, peak_memory_bytes};
use crate::options::BenchAuthority;
use crate::output::say;
use crate::report::{self, Bar, Row};

/// SC-A-04: so many grants are taken back in so many milliseconds.
const GRANTS: u64 = 10_000;
const REVOKE_MS: f64 = 500.0;
/// Memory that a verification may need, however long the log is.
const VERIFY_BYTES: f64 = 32e6;

/// Measures all of it; whether the bars are met.
pub(crate) fn authority(options: &BenchAuthority) -> Result<bool> {
    let folder = tempfile::tempdir_in(&options.folder)?;
    let path = folder.path().join("authority.db");
    let key = AuditKey::new("bench", &[7; 32])?;
    let store = PolicyStore::open(&path, key.clone(), &PolicyStoreOptions::default())?;
    let mut rows = decisions(&store, options.appends)?;
    rows.extend(appends(&store, folder.path(), options)?);
    rows.extend(verification(&store, key, options.rows)?);
    rows.extend(revocation(&store, folder.path())?);
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

fn entry(number: u64) -> AuditEntry {
    let mut entry = AuditEntry::new(AuditKind::DECISION, AuditActor::Agent(format!("agent-{number}")));
    entry.capability = Some(Capability::FilesEdit.as_str().to_owned());
    entry.decision = Some("allow".to_owned());
    entry.resources.push(format!("path:src/file_{number}.rs"));
    entry
}

fn at(ms: u64) -> Timestamp {
    Timestamp::from_unix_ms(ms.cast_signed())
}

/// Decisions of the gate, each with its durable row.
fn decisions(store: &PolicyStore, count: u64) -> Result<Vec<Row>> {
    let gate = PolicyGate::new(PolicyConfig::new(Preset::Operator), store, store)?;
    let mut waits = Vec::new();
    for number in 0..count {
        let mut request = ActionRequest::new(format!("request-{number}"), "agent", Capability::FilesEdit);
        request.resources.push(Resource::path("src/lib.rs")?);
        request.content = Some(Sha256Hash::of(b"patch"));
        request.provenance.insert(ProvenanceTag::Session);
        let begin = Instant::now();
        ensure!(gate.authorize::<EditFiles>(&request, at(0)).allowed().is_some(), "an operator edits files");
        waits.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let waits = Sorted::new(waits);
    let what = format!("{} decisions of the gate, each durable", waits.len());
    Ok(vec![
        Row::plain(&what, "median", waits.median(), 3, "ms"),
        Row::plain(&what, "99 of 100", waits.percentile(99.0), 3, "ms"),
    ])
}

/// Milliseconds of one page that is written and synced, in a file that is as long already.
fn synced_page(file: &mut File) -> Result<f64> {
    use std::io::{Seek as _, SeekFrom};
    let begin = Instant::now();
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&[0; 4096])?;
    file.sync_data()?;
    Ok(begin.elapsed().as_secs_f64() * 1e3)
}

fn appends(store: &PolicyStore, folder: &Path, options: &BenchAuthority) -> Result<Vec<Row>> {
    let mut file = File::create(folder.join("page"))?;
    synced_page(&mut file)?;
    let (mut appended, mut synced, mut checked) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..options.appends {
        let begin = Instant::now();
        store.append(entry(number), at(number))?;
        appended.push(begin.elapsed().as_secs_f64() * 1e3);
        synced.push(synced_page(&mut file)?);
        let begin = Instant::now();
        store.check()?;
        checked.push(begin.elapsed().as_secs_f64() * 1e6);
    }
    let (appended, synced, checked) = (Sorted::new(appended), Sorted::new(synced), Sorted::new(checked));
    let what = format!("{} rows, each durable before the next", appended.len());
    Ok(vec![
        Row::plain(&what, "append, median", appended.median(), 3, "ms"),
        Row::plain(&what, "append, 99 of 100", appended.percentile(99.0), 3, "ms"),
        Row::plain(&what, "one page written and synced, median", synced.median(), 3, "ms"),
        Row::plain(&what, "append by synced page", appended.median() / synced.median(), 2, "×"),
        Row::plain(&what, "look whether rows are taken, 99 of 100", checked.percentile(99.0), 1, "µs"),
    ])
}

/// Fills the log, and reads all of it.
fn verification(store: &PolicyStore, key: AuditKey, count: u64) -> Result<Vec<Row>> {
    let mut length = store.tip()?.tip.seq;
    while length < count {
        length = store.append(entry(length), at(length))?.seq;
    }
    let memory = peak_memory_bytes()?;
    let (begin, cpu) = (Instant::now(), cpu_seconds()?);
    let verdict = store.log().verify(&AuditTrust::new(vec![key]), &Cancel::new())?;
    let (seconds, cpu) = (begin.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    ensure!(verdict == AuditVerdict::Valid { rows: length }, "the log is not valid: {verdict:?}");
    let begin = Instant::now();
    let mut found = 0_u64;
    let query = AuditQuery {
        since: Some(at(length / 2)),
        until: Some(at(length / 2 + 100)),
        ..AuditQuery::default()
    };
    store.log().visit(&query, &mut |_| {
        found += 1;
        ControlFlow::Continue(())
    })?;
    let window = begin.elapsed().as_secs_f64() * 1e3;
    ensure!(found == 100, "{found} rows of the window");
    let more = (peak_memory_bytes()? - memory) as f64;
    let what = format!("log of {length} rows");
    Ok(vec![
        Row::plain(&what, "verified", length as f64 / seconds / 1e3, 1, "thousand rows/s"),
        Row::plain(&what, "verified, CPU", cpu / length as f64 * 1e6, 2, "µs/row"),
        Row::gate(
            &what,
            "memory that reading it added",
            more / 1e6,
            1,
            "MB",
            Bar::AtMost(VERIFY_BYTES / 1e6),
        ),
        Row::plain(&what, "a window of 100 rows, opened and read", window, 2, "ms"),
    ])
}

/// Ten thousand grants, taken back at once and durably.
fn revocation(store: &PolicyStore, folder: &Path) -> Result<Vec<Row>> {
    let resources = vec![Resource::from(RelPath::root())];
    for number in 0..GRANTS {
        let id = GrantId::new(format!("grt:{number:032x}"));
        let duration = GrantDuration::Task(format!("task-{}", number % 100));
        let actor = format!("agent-{}", number % 10);
        let capability = Capability::ALL[number as usize % Capability::ALL.len()];
        store.insert(&Grant::new(id, actor, capability, resources.clone(), duration, at(0)))?;
    }
    let mut file = File::create(folder.join("page"))?;
    synced_page(&mut file)?;
    let synced = synced_page(&mut file)?;
    let (begin, cpu) = (Instant::now(), cpu_seconds()?);
    let count = store.revoke(&RevokeScope::All, RevokeReason::EmergencyRevoke, at(1))?;
    let (ms, cpu) = (begin.elapsed().as_secs_f64() * 1e3, (cpu_seconds()? - cpu) * 1e3);
    ensure!(count == GRANTS, "{count} grants were taken back");
    let what = "10,000 grants";
    Ok(vec![
        Row::gate(what, "taken back at once, durably", ms, 1, "ms", Bar::AtMost(REVOKE_MS)),
        Row::plain(what, "taken back at once, CPU", cpu, 1, "ms"),
        Row::plain(what, "one page written and synced", synced, 3, "ms"),
    ])
}
