//! Records as earlier versions wrote them: they load, and are written again as they were.

use std::path::PathBuf;

use aether_core::authority::{ActionRequest, Grant, PolicyConfig, Ticket};
use aether_core::change::{Diagnostic, DiagnosticDiff, TestComparison, TestRun};
use aether_core::change::{Judgement, Patch, RunReport, Verification};
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Anchor, AnchorChain, Answer, ContextPack, Contract, Edge, Effect, FileChange, IndexedFile, LineageLink,
    ProjectGraph, SearchHit, SearchQuery, Sir, SirDiff, SirVersion, StoredRecord, Symbol, SyntaxMatches,
    SyntaxQuery,
};
use aether_core::port::{EdgeRecord, ImpactEntry, StoreState};
use aether_core::record::BundleManifest;
use aether_core::record::provenance::{Envelope, PatchProvenance};
use aether_core::record::{AuditRecord, AuditRow, SealedTip};
use aether_core::record::{script, trace};
use aether_core::rpc::{RpcRequest, RpcResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1")
}

/// The fixture of a schema root.
#[track_caller]
pub(crate) fn fixture(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Loads and writes a fixture; gives its name.
#[track_caller]
fn check<T: Serialize + DeserializeOwned>(name: &'static str) -> String {
    let value = fixture(name);
    let record: T =
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{name} does not load: {error}"));
    let again = serde_json::to_value(&record).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(again, value, "{name}");
    format!("{name}.json")
}

#[test]
fn every_fixture_survives() {
    let mut checked = vec![
        check::<ActionRequest>("action-request"),
        check::<AuditRecord>("audit-record"),
        check::<AuditRow>("audit-row"),
        check::<SealedTip>("audit-tip"),
        check::<RpcRequest>("rpc-request"),
        check::<RpcResponse>("rpc-response"),
        check::<Grant>("grant"),
        check::<PolicyConfig>("policy"),
        check::<Ticket>("ticket"),
        check::<Anchor>("anchor"),
        check::<Answer<Vec<SearchHit>>>("answer-of-search-hits"),
        check::<Edge>("edge"),
        check::<EdgeRecord>("edge-record"),
        check::<FileChange>("file-change"),
        check::<FileFacts>("file-facts"),
        check::<ImpactEntry>("impact-entry"),
        check::<IndexedFile>("indexed-file"),
        check::<LineageLink>("lineage-link"),
        check::<Patch>("patch"),
        check::<ProjectGraph>("project-graph"),
        check::<RunReport>("run-report"),
        check::<Verification>("verification"),
        check::<Judgement>("judgement"),
        check::<PatchProvenance>("patch-provenance"),
        check::<Envelope>("envelope"),
        check::<AnchorChain>("anchor-chain"),
        check::<BundleManifest>("bundle-manifest"),
        check::<ContextPack>("context-pack"),
        check::<Contract>("contract"),
        check::<Diagnostic>("diagnostic"),
        check::<DiagnosticDiff>("diagnostic-diff"),
        check::<TestComparison>("test-comparison"),
        check::<TestRun>("test-run"),
        check::<Effect>("effect"),
        check::<Sir>("sir"),
        check::<SirDiff>("sir-diff"),
        check::<SirVersion>("sir-version"),
        check::<StoredRecord>("stored-record"),
        check::<SearchHit>("search-hit"),
        check::<SearchQuery>("search-query"),
        check::<StoreState>("store-state"),
        check::<Symbol>("symbol"),
        check::<SyntaxMatches>("syntax-matches"),
        check::<SyntaxQuery>("syntax-query"),
        check::<script::Witness>("script-witness"),
        check::<trace::Event>("trace-event"),
        check::<trace::Header>("trace-header"),
    ];
    checked.sort();
    let mut committed: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("names are UTF-8"))
        .collect();
    committed.sort();
    assert_eq!(checked, committed);
}

/// Records of edges that were written before they told the byte of their site.
#[test]
fn edge_records_without_the_byte_of_the_site_load() {
    let mut value = fixture("edge-record");
    value.as_object_mut().expect("a record is an object").remove("site_at");
    let record: EdgeRecord = serde_json::from_value(value).expect("an old record loads");
    assert_eq!(record.site_at, 0);
}

/// A field that a newer writer added is ignored, so that old readers go on.
#[test]
fn unknown_fields_are_ignored() {
    let mut value = fixture("symbol");
    value["future_field"] = Value::Bool(true);
    assert!(serde_json::from_value::<Symbol>(value).is_ok());
}
