//! Edges, confidence, records of files.

use aether_core::base::RelPath;
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, IndexedFile, Language, LineageCause, LineageLink, Resolution,
    SymbolId,
};

#[test]
fn edge_kinds_have_a_number_and_a_text() {
    for (number, kind) in (0_u8..).zip(EdgeKind::ALL) {
        assert_eq!((kind as u8, EdgeKind::from_number(number)), (number, Some(kind)));
        check_text(kind, kind.as_str());
    }
    assert_eq!(EdgeKind::from_number(EdgeKind::ALL.len() as u8), None);
    assert_eq!(EdgeKind::from_number(u8::MAX), None);
}

#[test]
fn resolutions_have_a_number_and_a_text() {
    for (number, resolution) in (0_u8..).zip(Resolution::ALL) {
        assert_eq!((resolution as u8, Resolution::from_number(number)), (number, Some(resolution)));
        check_text(resolution, resolution.as_str());
    }
    assert_eq!(Resolution::from_number(Resolution::ALL.len() as u8), None);
    assert_eq!(Resolution::from_number(u8::MAX), None);
}

#[test]
fn lineage_causes_have_a_number_and_a_text() {
    let texts = ["signature", "rename", "move", "move_and_rename"];
    for (number, text) in (0_u8..).zip(texts) {
        let cause = LineageCause::from_number(number).expect("a cause of this number");
        assert_eq!(cause as u8, number);
        check_text(cause, text);
    }
    assert_eq!(LineageCause::from_number(texts.len() as u8), None);
}

#[track_caller]
fn check_text<T>(value: T, text: &str)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let json = serde_json::to_string(&value).expect("the value is JSON");
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<T>(&json).expect("what was written reads"), value);
}

#[track_caller]
fn check_confidence(thousandths: u16, expected: u16) {
    let confidence = Confidence::from_thousandths(thousandths);
    assert_eq!(confidence.thousandths(), expected);
    assert!((confidence.as_fraction() - f64::from(expected) / 1000.0).abs() < f64::EPSILON);
    // Read from outside, nothing is clamped.
    let read: Result<Confidence, _> = serde_json::from_str(&thousandths.to_string());
    assert_eq!(read.ok(), (thousandths == expected).then_some(confidence));
    assert_eq!(serde_json::to_string(&confidence).expect("a number"), expected.to_string());
}

#[test]
fn confidence_goes_from_0_to_1000() {
    check_confidence(0, 0);
    check_confidence(1, 1);
    check_confidence(999, 999);
    check_confidence(1000, 1000);
    check_confidence(1001, 1000);
    check_confidence(u16::MAX, 1000);
    assert_eq!(Confidence::CERTAIN.thousandths(), 1000);
    assert!(Confidence::default() < Confidence::CERTAIN);
    for text in ["-1", "0.5", "\"1\"", "65536"] {
        assert!(serde_json::from_str::<Confidence>(text).is_err(), "{text}");
    }
}

#[track_caller]
fn check_target(target: EdgeTarget, json: &str) {
    let edge = Edge {
        source: SymbolId::from_bytes([1; 16]),
        kind: EdgeKind::Calls,
        line: 7,
        at: 90,
        target,
        confidence: Confidence::from_thousandths(850),
        resolution: Resolution::Path,
        text: "fs::read".to_owned(),
    };
    let value = serde_json::to_value(&edge).expect("an edge is JSON");
    assert_eq!(value["target"].to_string(), json);
    assert_eq!(serde_json::from_value::<Edge>(value).expect("what was written reads"), edge);
}

#[test]
fn edges_lead_to_a_symbol_out_or_nowhere() {
    let id = SymbolId::from_bytes([0xab; 16]);
    check_target(EdgeTarget::Symbol(id), &format!("{{\"symbol\":\"{id}\"}}"));
    check_target(EdgeTarget::External("std::fs::read".into()), r#"{"external":"std::fs::read"}"#);
    check_target(EdgeTarget::Unresolved, r#""unresolved""#);
}

#[test]
fn content_hashes_are_written_as_text() {
    let path = RelPath::new("src/lib.rs").expect("a path");
    let file = IndexedFile::new(path, Language::RUST, [0xa0; 32]);
    let mut value = serde_json::to_value(&file).expect("a file is JSON");
    assert_eq!(value["content_hash"], format!("blake3:{}", "a0".repeat(32)));
    assert_eq!(serde_json::from_value::<IndexedFile>(value.clone()).expect("what was written reads"), file);
    for text in ["", "a0", "blake3:a0"] {
        value["content_hash"] = text.into();
        assert!(serde_json::from_value::<IndexedFile>(value.clone()).is_err(), "{text}");
    }
}

#[test]
fn links_are_ordered_by_their_ends() {
    let id = |byte| SymbolId::from_bytes([byte; 16]);
    let mut links = [
        LineageLink::new(id(2), id(1), LineageCause::Signature),
        LineageLink::new(id(1), id(3), LineageCause::Move),
        LineageLink::new(id(1), id(2), LineageCause::Rename),
    ];
    links.sort();
    assert_eq!(links.map(|link| (link.from.as_bytes()[0], link.to.as_bytes()[0])), [(1, 2), (1, 3), (2, 1)]);
}
