//! Records that are no patches, or that say two things.

use aether_core::base::Sha256Hash;

use super::case::{Case, Input, check_all, refusal};
use super::sandbox::{BINARY, NOTES, OPEN};

const GROUP: &str = "records";
const SYNTAX: &str = "patch.syntax";

/// A part of the sound record, what stands there instead, the code, and a part of what is said of it.
const SPOILED: [(&str, &str, &str, &str); 37] = [
    ("no version", r#""schema_version":1,"#, "", "missing field `schema_version`"),
    (
        "newer version",
        r#""schema_version":1"#,
        r#""schema_version":2"#,
        "version that this build does not know",
    ),
    (
        "version zero",
        r#""schema_version":1"#,
        r#""schema_version":0"#,
        "version that this build does not know",
    ),
    ("version as text", r#""schema_version":1"#, r#""schema_version":"1""#, "invalid type"),
    ("version beyond", r#""schema_version":1"#, r#""schema_version":4294967297"#, "invalid value"),
    ("version twice", r#""schema_version":1"#, r#""schema_version":1,"schema_version":1"#, "duplicate field"),
    ("unknown field", r#""schema_version":1"#, r#""schema_version":1,"force":true"#, "unknown field `force`"),
    ("files twice", r#""files":["#, r#""files":[],"files":["#, "duplicate field `files`"),
    (
        "unknown field of a file",
        r#""before":"#,
        r#""after_hook":"sh","before":"#,
        "unknown field `after_hook`",
    ),
    ("before twice", r#""before":"#, r#""before":null,"before":"#, "duplicate field `before`"),
    ("unknown field of a state", r#""bytes":49"#, r#""bytes":49,"owner":0"#, "unknown field `owner`"),
    (
        "path twice",
        r#""path":"notes.txt","#,
        r#""path":"notes.txt","path":".git/config","#,
        "duplicate field `path`",
    ),
    ("no path", r#""path":"notes.txt","#, "", "missing field `path`"),
    ("no mode", r#","mode":"regular""#, "", "missing field `mode`"),
    ("mode of a link", r#""mode":"regular""#, r#""mode":"symlink""#, "unknown variant `symlink`"),
    ("mode as a number", r#""mode":"regular""#, r#""mode":33188"#, "expected value"),
    ("negative length", r#""bytes":49"#, r#""bytes":-49"#, "invalid value"),
    ("length with a fraction", r#""bytes":49"#, r#""bytes":49.0"#, "invalid type"),
    ("length beyond 64 bits", r#""bytes":49"#, r#""bytes":18446744073709551616"#, "invalid type"),
    ("length of another file", r#""bytes":49"#, r#""bytes":50"#, "does not fit"),
    ("hash of another algorithm", "sha256:", "sha1:", "hash"),
    ("hash that is too short", "sha256:", "sha256:0", "hash"),
    ("hash in capitals", "sha256:", "SHA256:", "hash"),
    ("unknown change", r#""edit""#, r#""run""#, "unknown variant `run`"),
    ("two changes", r#""edit":"#, r#""write":{"text":"x"},"edit":"#, "expected"),
    ("edit behind the end", r#""end":3"#, r#""end":50"#, "edits"),
    ("edit that ends before it begins", r#""start":0,"end":3"#, r#""start":3,"end":0"#, "edits"),
    ("edit beyond 32 bits", r#""end":3"#, r#""end":4294967299"#, "invalid value"),
    ("negative edit", r#""start":0"#, r#""start":-1"#, "invalid value"),
    ("edit twice", r#"[{"span""#, r#"[{"span":{"start":0,"end":3},"content":{"text":"1"}},{"span""#, "edits"),
    (
        "edits that overlap",
        r#"[{"span""#,
        r#"[{"span":{"start":0,"end":2},"content":{"text":"1"}},{"span""#,
        "edits",
    ),
    (
        "edits out of order",
        r#"[{"span""#,
        r#"[{"span":{"start":8,"end":9},"content":{"text":"1"}},{"span""#,
        "edits",
    ),
    ("no edits", r#"[{"span":{"start":0,"end":3},"content":{"text":"ONE"}}]"#, "[]", "stays as it is"),
    (
        "edit of nothing",
        r#""start":0,"end":3},"content":{"text":"ONE"}"#,
        r#""start":3,"end":3},"content":{"text":""}"#,
        "edits",
    ),
    ("text as bytes", r#"{"text":"ONE"}"#, r#"{"hex":"4f4e45"}"#, "written as text"),
    ("bytes with half a digit", r#"{"text":"ONE"}"#, r#"{"hex":"fff"}"#, "hex digits"),
    ("text and bytes", r#"{"text":"ONE"}"#, r#"{"text":"ONE","hex":"ff"}"#, "expected"),
];

/// A record that is sound: the first line in capitals.
pub(super) fn sound() -> String {
    let new = NOTES.replacen("one", "ONE", 1);
    let state = |text: &str| {
        let hash = Sha256Hash::of(text.as_bytes());
        format!(r#"{{"path":"notes.txt","hash":"{hash}","bytes":{},"mode":"regular"}}"#, text.len())
    };
    let change = r#"{"edit":[{"span":{"start":0,"end":3},"content":{"text":"ONE"}}]}"#;
    format!(
        r#"{{"schema_version":1,"files":[{{"before":{},"after":{},"change":{change}}}]}}"#,
        state(NOTES),
        state(&new)
    )
}

fn spoiled() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    SPOILED.iter().map(|(name, part, instead, said)| {
        let sound = sound();
        assert!(sound.contains(part), "{name}: the sound record has the part");
        (*name, sound.replacen(part, instead, 1), *said)
    })
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        spoiled().map(|(name, json, _)| Case::json(GROUP, name, json, SYNTAX)).collect();
    let hash = |text: &[u8]| Sha256Hash::of(text);
    let file = |json: String| format!(r#"{{"schema_version":1,"files":[{json}]}}"#);
    let state = |at: &str, bytes: &[u8]| {
        format!(r#"{{"path":"{at}","hash":"{}","bytes":{},"mode":"regular"}}"#, hash(bytes), bytes.len())
    };
    let notes = state("notes.txt", NOTES.as_bytes());
    let more = [
        ("nothing", String::new()),
        ("no files", r#"{"schema_version":1,"files":[]}"#.to_owned()),
        ("list", "[]".to_owned()),
        ("null", "null".to_owned()),
        ("cut short", sound()[..sound().len() - 2].to_owned()),
        ("text behind it", format!("{} x", sound())),
        ("two records", format!("{0}{0}", sound())),
        ("mark in front", format!("\u{feff}{}", sound())),
        ("comment", format!("// x\n{}", sound())),
        ("neither before nor after", file(r#"{"change":"keep"}"#.to_owned())),
        ("made of nothing", file(format!(r#"{{"after":{notes},"change":"keep"}}"#))),
        ("made by edits", file(format!(r#"{{"after":{notes},"change":{{"edit":[]}}}}"#))),
        (
            "made with other bytes",
            file(format!(r#"{{"after":{notes},"change":{{"write":{{"text":"x"}}}}}}"#)),
        ),
        ("removed with bytes", file(format!(r#"{{"before":{notes},"change":{{"write":{{"text":""}}}}}}"#))),
        ("kept as it is", file(format!(r#"{{"before":{notes},"after":{notes},"change":"keep"}}"#))),
        (
            "kept with another hash",
            file(format!(r#"{{"before":{notes},"after":{},"change":"keep"}}"#, state("notes.txt", b"x"))),
        ),
        (
            "written as it is",
            file(format!(
                r#"{{"before":{0},"after":{0},"change":{{"write":{{"text":"one\ntwo"}}}}}}"#,
                state("open.txt", OPEN.as_bytes())
            )),
        ),
        (
            "written with other bytes",
            file(format!(
                r#"{{"before":{},"after":{},"change":{{"write":{{"hex":"ff"}}}}}}"#,
                state("data.bin", BINARY),
                state("data.bin", b"\xfe")
            )),
        ),
        (
            "edited to another length",
            file(format!(
                r#"{{"before":{notes},"after":{},"change":{{"edit":[{{"span":{{"start":0,"end":1}},"content":{{"text":""}}}}]}}}}"#,
                state("notes.txt", b"x")
            )),
        ),
    ];
    cases.extend(more.into_iter().map(|(name, json)| Case::json(GROUP, name, json, SYNTAX)));
    // Well-formed, so it takes the bytes to see that something else comes out.
    let lie = sound().replacen(
        &hash(NOTES.replacen("one", "ONE", 1).as_bytes()).to_string(),
        &hash(b"x").to_string(),
        1,
    );
    cases.push(Case::json(GROUP, "hash of another result", lie, SYNTAX));
    let stale = sound().replacen(&hash(NOTES.as_bytes()).to_string(), &hash(b"x").to_string(), 1);
    cases.push(Case::json(GROUP, "hash of another base", stale, "patch.stale_base"));
    cases
}

#[test]
fn records_that_are_no_patches() {
    check_all(&cases());
}

#[test]
fn each_record_is_refused_for_what_is_wrong_with_it() {
    for (name, json, said) in spoiled() {
        let refusal =
            refusal(&Input::Json(json), &aether_verify::PatchOptions::default(), false, SYNTAX, &|_| {});
        let text = refusal.unwrap_or_else(|wrong| panic!("{name}: {wrong}")).text;
        assert!(text.contains(said), "{name}: {text}");
    }
}
