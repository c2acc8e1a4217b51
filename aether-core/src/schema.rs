//! JSON Schemas (draft 2020-12) of the contract types: what a tool in another language reads.
//!
//! Each document carries an `$id`, a title, `x-schema-version` (the version of its family of records)
//! and `x-stability`. They are committed in `schemas/`; the example `write-schemas` writes them.
//! They describe what Aether writes. A validated type may refuse more than its schema says, such as
//! a path that leads out of the repository.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::authority::{ActionRequest, Grant, PolicyConfig, SCHEMA_VERSION as POLICY_SCHEMA_VERSION, Ticket};
use crate::change::{
    DIAGNOSTIC_SCHEMA_VERSION, Diagnostic, DiagnosticDiff, TEST_SCHEMA_VERSION, TestComparison, TestRun,
};
use crate::change::{Judgement, PATCH_SCHEMA_VERSION, Patch, RunReport, VERIFY_SCHEMA_VERSION, Verification};
use crate::code::facts::{self, FileFacts};
use crate::code::{
    ANCHOR_SCHEMA_VERSION, ANSWER_SCHEMA_VERSION, Anchor, AnchorChain, Answer, CHAIN_SCHEMA_VERSION,
    CHANGE_SCHEMA_VERSION, CONTEXT_SCHEMA_VERSION, CONTRACT_SCHEMA_VERSION, ContextPack, Contract,
    EDGE_SCHEMA_VERSION, EFFECT_SCHEMA_VERSION, Edge, Effect, FileChange, HISTORY_SCHEMA_VERSION,
    IndexedFile, LINEAGE_SCHEMA_VERSION, LineageLink, PROJECT_GRAPH_SCHEMA_VERSION, ProjectGraph,
    SIR_SCHEMA_VERSION, SYMBOL_SCHEMA_VERSION, SYNTAX_SCHEMA_VERSION, SearchHit, SearchQuery, Sir, SirDiff,
    SirVersion, StoredRecord, Symbol, SyntaxMatches, SyntaxQuery,
};
use crate::port::{EdgeRecord, ImpactEntry, StoreState};
use crate::record::provenance::{self, Envelope, PatchProvenance};
use crate::record::{AUDIT_SCHEMA_VERSION, AuditRecord, AuditRow, SealedTip};
use crate::record::{BUNDLE_SCHEMA_VERSION, BundleManifest};
use crate::record::{script, trace};
use crate::rpc::{self, RpcRequest, RpcResponse};

/// The schema of each root, with the name of its file without the ending, sorted by name.
///
/// # Examples
///
/// ```
/// let (name, schema) = &aether_core::schema::all()[0];
/// assert_eq!(*name, "action-request");
/// assert_eq!(schema["$id"], "urn:aether:schema:action-request:1");
/// assert_eq!(schema["x-stability"], "experimental");
/// ```
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        root::<ActionRequest>("action-request", "Action request", POLICY_SCHEMA_VERSION),
        root::<Anchor>("anchor", "Anchor", ANCHOR_SCHEMA_VERSION),
        root::<Answer<Vec<SearchHit>>>(
            "answer-of-search-hits",
            "Answer of search hits",
            ANSWER_SCHEMA_VERSION,
        ),
        root::<AnchorChain>("anchor-chain", "Anchor chain", CHAIN_SCHEMA_VERSION),
        root::<AuditRecord>("audit-record", "Audit record", AUDIT_SCHEMA_VERSION),
        root::<AuditRow>("audit-row", "Audit row", AUDIT_SCHEMA_VERSION),
        root::<SealedTip>("audit-tip", "Audit tip", AUDIT_SCHEMA_VERSION),
        root::<BundleManifest>("bundle-manifest", "Bundle manifest", BUNDLE_SCHEMA_VERSION),
        root::<ContextPack>("context-pack", "Context pack", CONTEXT_SCHEMA_VERSION),
        root::<Contract>("contract", "Contract", CONTRACT_SCHEMA_VERSION),
        root::<Diagnostic>("diagnostic", "Diagnostic", DIAGNOSTIC_SCHEMA_VERSION),
        root::<DiagnosticDiff>("diagnostic-diff", "Difference of diagnostics", DIAGNOSTIC_SCHEMA_VERSION),
        root::<Edge>("edge", "Edge", EDGE_SCHEMA_VERSION),
        root::<EdgeRecord>("edge-record", "Edge record", EDGE_SCHEMA_VERSION),
        root::<Effect>("effect", "Effect", EFFECT_SCHEMA_VERSION),
        root::<Envelope>("envelope", "Signed envelope", provenance::SCHEMA_VERSION),
        root::<FileChange>("file-change", "File change", CHANGE_SCHEMA_VERSION),
        root::<FileFacts>("file-facts", "File facts", facts::SCHEMA_VERSION),
        root::<Grant>("grant", "Grant", POLICY_SCHEMA_VERSION),
        root::<ImpactEntry>("impact-entry", "Impact entry", ANSWER_SCHEMA_VERSION),
        root::<IndexedFile>("indexed-file", "Indexed file", EDGE_SCHEMA_VERSION),
        root::<Judgement>("judgement", "Judgement of a change", VERIFY_SCHEMA_VERSION),
        root::<LineageLink>("lineage-link", "Lineage link", LINEAGE_SCHEMA_VERSION),
        root::<Patch>("patch", "Patch", PATCH_SCHEMA_VERSION),
        root::<PatchProvenance>("patch-provenance", "Provenance of a patch", provenance::SCHEMA_VERSION),
        root::<PolicyConfig>("policy", "Policy", POLICY_SCHEMA_VERSION),
        root::<ProjectGraph>("project-graph", "Project graph", PROJECT_GRAPH_SCHEMA_VERSION),
        root::<RpcRequest>("rpc-request", "Request", rpc::SCHEMA_VERSION),
        root::<RpcResponse>("rpc-response", "Response", rpc::SCHEMA_VERSION),
        root::<RunReport>("run-report", "Report of a run", VERIFY_SCHEMA_VERSION),
        root::<script::Witness>("script-witness", "Witness of a TraceScript", script::SCHEMA_VERSION),
        root::<SearchHit>("search-hit", "Search hit", ANSWER_SCHEMA_VERSION),
        root::<SearchQuery>("search-query", "Search query", ANSWER_SCHEMA_VERSION),
        root::<Sir>("sir", "Semantic record", SIR_SCHEMA_VERSION),
        root::<SirDiff>("sir-diff", "Difference of semantic records", HISTORY_SCHEMA_VERSION),
        root::<SirVersion>("sir-version", "Version of a semantic record", HISTORY_SCHEMA_VERSION),
        root::<StoreState>("store-state", "Store state", ANSWER_SCHEMA_VERSION),
        root::<StoredRecord>("stored-record", "Stored semantic record", SIR_SCHEMA_VERSION),
        root::<Symbol>("symbol", "Symbol", SYMBOL_SCHEMA_VERSION),
        root::<SyntaxMatches>("syntax-matches", "Syntax matches", SYNTAX_SCHEMA_VERSION),
        root::<SyntaxQuery>("syntax-query", "Syntax query", SYNTAX_SCHEMA_VERSION),
        root::<Ticket>("ticket", "Ticket", POLICY_SCHEMA_VERSION),
        root::<TestComparison>("test-comparison", "Comparison of tests", TEST_SCHEMA_VERSION),
        root::<TestRun>("test-run", "Run of tests", TEST_SCHEMA_VERSION),
        root::<trace::Event>("trace-event", "Event of a trace", trace::SCHEMA_VERSION),
        root::<trace::Header>("trace-header", "Header of a trace", trace::SCHEMA_VERSION),
        root::<Verification>("verification", "Verification", VERIFY_SCHEMA_VERSION),
    ]
}

fn root<T: JsonSchema>(name: &'static str, title: &str, version: u32) -> (&'static str, Value) {
    let generator: SchemaGenerator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), json!(format!("urn:aether:schema:{name}:{version}")));
    schema.insert("title".to_owned(), json!(title));
    schema.insert("x-schema-version".to_owned(), json!(version));
    schema.insert("x-stability".to_owned(), json!("experimental"));
    (name, tidy(schema.to_value()))
}

/// The same value with the members of every object in the order of their keys, because `serde_json`
/// may have been built to keep them in another one, and with descriptions for readers of JSON.
fn tidy(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            let tidied = members.into_iter().map(|(key, item)| match item {
                Value::String(text) if key == "description" => (key, Value::String(description(&text))),
                item => (key, tidy(item)),
            });
            Value::Object(tidied.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        other => other,
    }
}

/// A doc comment without its sections (such as examples in Rust), links and line breaks.
fn description(doc: &str) -> String {
    let text = doc.split("\n\n# ").next().unwrap_or(doc);
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        plain.push_str(before);
        // A link names an item; anything else in brackets is meant as it stands.
        let link = after.split_once("`]").filter(|(item, _)| !item.contains(char::is_whitespace));
        match link {
            Some((item, behind)) => {
                let item = item.trim_start_matches("super::").trim_start_matches("crate::");
                plain.push_str(&format!("`{item}`"));
                rest = behind;
            }
            None => {
                plain.push_str("[`");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n")
}
