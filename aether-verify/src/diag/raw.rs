//! The JSON of cargo and rustc, as far as it is used.
//!
//! A model of its own instead of that of `cargo_metadata`: one member of an unexpected form must not cost the
//! line, absent members stand for nothing, and long chains of macros, which are nested deeper than a parser
//! should follow, are shortened first.

use serde::Deserialize;

/// What a line is, before it is read as that.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) reason: Option<String>,
    #[serde(rename = "$message_type")]
    pub(super) message_type: Option<String>,
}

/// A line of cargo: a message of the compiler, an artifact, a build script, the end.
#[derive(Deserialize)]
pub(super) struct CargoLine {
    #[serde(default)]
    pub(super) package_id: String,
    pub(super) target: Option<RawTarget>,
    pub(super) message: Option<RawDiagnostic>,
    pub(super) success: Option<bool>,
    pub(super) executable: Option<String>,
    #[serde(default)]
    pub(super) fresh: bool,
    pub(super) profile: Option<RawProfile>,
}

#[derive(Deserialize)]
pub(super) struct RawProfile {
    #[serde(default)]
    pub(super) test: bool,
}

#[derive(Deserialize)]
pub(super) struct RawTarget {
    #[serde(default)]
    pub(super) kind: Vec<String>,
    #[serde(default)]
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct RawDiagnostic {
    pub(super) message: String,
    pub(super) code: Option<RawCode>,
    pub(super) level: String,
    #[serde(default)]
    pub(super) spans: Vec<RawSpan>,
    #[serde(default)]
    pub(super) children: Vec<RawDiagnostic>,
}

#[derive(Deserialize)]
pub(super) struct RawCode {
    pub(super) code: String,
}

#[derive(Deserialize)]
pub(super) struct RawSpan {
    pub(super) file_name: String,
    pub(super) byte_start: u32,
    pub(super) byte_end: u32,
    #[serde(default)]
    pub(super) line_start: u32,
    #[serde(default)]
    pub(super) line_end: u32,
    #[serde(default)]
    pub(super) column_start: u32,
    #[serde(default)]
    pub(super) column_end: u32,
    #[serde(default)]
    pub(super) is_primary: bool,
    pub(super) label: Option<String>,
    #[serde(default)]
    pub(super) text: Vec<RawText>,
    pub(super) suggested_replacement: Option<String>,
    pub(super) suggestion_applicability: Option<String>,
    pub(super) expansion: Option<Box<RawExpansion>>,
}

#[derive(Deserialize)]
pub(super) struct RawText {
    #[serde(default)]
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct RawExpansion {
    pub(super) span: RawSpan,
    #[serde(default)]
    pub(super) macro_decl_name: String,
}

/// Macros of one place that are read, from the innermost; behind them only the outermost one is.
const MAX_STEPS: usize = 40;

/// `line` with each chain of expansions longer than [`MAX_STEPS`] cut in its middle, and without the places
/// of the definitions of macros; nothing where it is no object in which there is something to cut.
///
/// rustc nests each macro in the one before, two levels of JSON each, 128 macros by default, and the
/// outermost call, which is what the user wrote, lies deepest.
pub(super) fn shortened(line: &str) -> Option<String> {
    struct Open {
        start: usize,
        is_expansion: bool,
        is_definition: bool,
    }
    type Cut = (usize, usize, Option<(usize, usize)>);
    let bytes = line.as_bytes();
    let mut open: Vec<Open> = Vec::new();
    // Of each expansion that is open, whether there is another one inside.
    let mut steps: Vec<bool> = Vec::new();
    let mut definitions = 0_usize;
    let mut deepest = None;
    // Start, end, and what is put in instead.
    let mut cuts: Vec<Cut> = Vec::new();
    let mut key = "";
    let mut text = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let start = at + 1;
                at = end_of_string(bytes, start)?;
                text = line.get(start..at);
            }
            b':' => key = text.take().unwrap_or(""),
            b'{' | b'[' => {
                let is_definition = key == "def_site_span";
                let is_expansion = key == "expansion" && definitions == 0;
                if is_expansion {
                    if let Some(has_inside) = steps.last_mut() {
                        *has_inside = true;
                    }
                    steps.push(false);
                }
                definitions += usize::from(is_definition);
                open.push(Open { start: at, is_expansion, is_definition });
                key = "";
            }
            b'}' | b']' => {
                let closed = open.pop()?;
                let range = (closed.start, at + 1);
                if closed.is_definition {
                    definitions -= 1;
                    if definitions == 0 {
                        cuts.push((range.0, range.1, None));
                    }
                }
                if closed.is_expansion {
                    let has_inside = steps.pop().unwrap_or(false);
                    if steps.len() >= MAX_STEPS && !has_inside {
                        deepest = Some(range);
                    }
                    if steps.len() + 1 == MAX_STEPS && deepest.is_some() {
                        // What was cut inside goes with it.
                        while cuts.pop_if(|cut| cut.0 > range.0).is_some() {}
                        cuts.push((range.0, range.1, deepest.take()));
                    }
                }
                key = "";
            }
            b',' => key = "",
            _ => {}
        }
        at += 1;
    }
    if cuts.is_empty() || !open.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(line.len());
    let mut kept = 0;
    for (start, end, by) in cuts {
        out.push_str(line.get(kept..start)?);
        match by {
            // Its own places of definitions stay: one step is shallow.
            Some((from, to)) => out.push_str(line.get(from..to)?),
            None => out.push_str("null"),
        }
        kept = end;
    }
    out.push_str(line.get(kept..)?);
    Some(out)
}

/// The closing quote of a string whose first byte is at `at`.
fn end_of_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}
