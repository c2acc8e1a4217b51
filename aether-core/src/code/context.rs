//! Context packs: what of a repository somebody needs to read for a task, within a budget.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Anchor, Symbol};

/// Version of the context packs. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// How a pack is written.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContextFormat {
    /// Headings and fenced code.
    #[default]
    Markdown,
    /// One element for each source.
    Xml,
    /// One object.
    Json,
}

/// The most that a pack may take.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContextBudget {
    /// Bytes of what is written.
    Bytes(u64),
    /// Tokens: at least three bytes stand for one, which no common tokenizer exceeds on code.
    Tokens(u64),
}

impl ContextBudget {
    /// The budget in bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Tokens(tokens) => tokens.saturating_mul(3),
        }
    }
}

/// A symbol that may be part of a pack, and its source.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ContextCandidate {
    /// Symbol.
    pub symbol: Symbol,
    /// How much it has to do with the task; larger is better, comparable inside one pack.
    pub score: f64,
    /// Why it is there: `found`, `near` what was found, or what it is of something that was found, such as
    /// `test of demo::load`.
    pub reason: String,
    /// Its place.
    pub anchor: Anchor,
    /// Its source, documentation in front.
    pub source: String,
}

impl ContextCandidate {
    /// A candidate.
    #[must_use]
    pub fn new(symbol: Symbol, score: f64, reason: &str, anchor: Anchor, source: String) -> Self {
        Self { symbol, score, reason: reason.to_owned(), anchor, source }
    }
}

/// A source of a pack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContextEntry {
    /// Qualified name of the symbol.
    pub qualified_name: String,
    /// Kind of the symbol.
    pub kind: String,
    /// Its place.
    pub anchor: Anchor,
    /// Why it is there.
    pub reason: String,
    /// How much it has to do with the task.
    pub score: f64,
    /// Its source, or the beginning of it.
    pub source: String,
    /// Lines of the source that are left out.
    pub lines_left_out: u32,
}

/// What of a repository is needed for a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContextPack {
    /// Version of this record.
    pub schema_version: u32,
    /// The task, as it was given.
    pub task: String,
    /// Most bytes of the pack as it is written.
    pub budget_bytes: u64,
    /// Sources, the most important first.
    pub entries: Vec<ContextEntry>,
    /// Candidates for which there was no room.
    pub left_out: u32,
}

/// Lines of a source that are shown in full; a longer one is cut to its head.
const WHOLE_LINES: usize = 80;
/// Share of the budget, in hundredths, behind which only declarations are added.
const SOURCES_PERCENT: u64 = 50;
/// Lines of the head of a longer source.
const HEAD_LINES: usize = 40;

impl ContextPack {
    /// Packs candidates, the best first, for as long as there is room: each in full if that is not too long, else
    /// its head, else its declaration. What a candidate that is in the pack contains is not repeated.
    /// Written in `format`, the pack never takes more than the budget, or what surrounds its entries.
    #[must_use]
    pub fn fill(
        task: &str,
        mut candidates: Vec<ContextCandidate>,
        budget: ContextBudget,
        format: ContextFormat,
    ) -> Self {
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.symbol.id.cmp(&b.symbol.id)));
        let mut pack = Self {
            schema_version: SCHEMA_VERSION,
            task: task.to_owned(),
            budget_bytes: budget.bytes(),
            entries: Vec::new(),
            left_out: 0,
        };
        // What surrounds the entries, with the longest count of what is left out.
        pack.left_out = u32::MAX;
        let mut used = pack.render(format).len() as u64;
        pack.left_out = 0;
        for candidate in candidates {
            let is_inside = pack.entries.iter().any(|entry| {
                entry.lines_left_out == 0
                    && entry.anchor.file == candidate.anchor.file
                    && entry.anchor.span.start <= candidate.anchor.span.start
                    && candidate.anchor.span.end <= entry.anchor.span.end
            });
            if is_inside {
                continue;
            }
            // The last part of the room is for declarations, so that more of what there is can be seen.
            let is_map = used >= pack.budget_bytes / 100 * SOURCES_PERCENT;
            let forms: &[usize] = if is_map { &[0] } else { &[WHOLE_LINES, HEAD_LINES, 0] };
            let fitting = forms.iter().find_map(|&lines| {
                let entry = candidate.entry(lines);
                let room = render_entry(&entry, format).len() as u64;
                (used + room <= pack.budget_bytes).then_some((entry, room))
            });
            match fitting {
                Some((entry, room)) => {
                    used += room;
                    pack.entries.push(entry);
                }
                None => pack.left_out += 1,
            }
        }
        pack
    }

    /// The pack as text. What surrounds the entries, the task among it, is there whatever the budget.
    #[must_use]
    pub fn render(&self, format: ContextFormat) -> String {
        let entries: String = self.entries.iter().map(|entry| render_entry(entry, format)).collect();
        let (task, left_out) = (&self.task, self.left_out);
        match format {
            ContextFormat::Markdown => {
                format!("# Context\n\nTask: {task}\n\n{entries}{left_out} more left out\n")
            }
            ContextFormat::Xml => {
                format!("<context task=\"{}\" left_out=\"{left_out}\">\n{entries}</context>\n", escape(task))
            }
            ContextFormat::Json => {
                let entries = entries.trim_end_matches(',');
                let task = serde_json::Value::from(task.as_str());
                format!(
                    "{{\"schema_version\":{},\"task\":{task},\"budget_bytes\":{},\"left_out\":{left_out},\"entries\":[{entries}]}}\n",
                    self.schema_version, self.budget_bytes
                )
            }
        }
    }
}

impl ContextCandidate {
    /// The entry with at most so many lines; with 0 its declaration alone.
    fn entry(&self, lines: usize) -> ContextEntry {
        let all = self.source.lines().count();
        let (source, shown) = match lines {
            // A signature is a line of the source, and the headings of a document are none.
            0 => (self.symbol.signature.clone(), usize::from(self.source.contains(&self.symbol.signature))),
            WHOLE_LINES if all <= WHOLE_LINES => (self.source.clone(), all),
            _ => {
                let shown = all.min(HEAD_LINES);
                (self.source.lines().take(shown).collect::<Vec<_>>().join("\n"), shown)
            }
        };
        ContextEntry {
            qualified_name: self.symbol.qualified_name.clone(),
            kind: self.symbol.kind.as_str().to_owned(),
            anchor: self.anchor.clone(),
            reason: self.reason.clone(),
            score: self.score,
            source,
            lines_left_out: all.saturating_sub(shown) as u32,
        }
    }
}

fn render_entry(entry: &ContextEntry, format: ContextFormat) -> String {
    let lines = entry.anchor.lines;
    let place = format!("{}:{}-{}", entry.anchor.file, lines.first, lines.last);
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = match format {
        ContextFormat::Markdown => {
            let fence = fence(&entry.source);
            let left = match entry.lines_left_out {
                0 => String::new(),
                left => format!("({left} lines left out)\n"),
            };
            let (kind, name, source) = (&entry.kind, &entry.qualified_name, &entry.source);
            write!(text, "## {kind} {name}\n\n{place}\n\n{fence}\n{source}\n{fence}\n{left}\n")
        }
        ContextFormat::Xml => write!(
            text,
            "<source name=\"{}\" kind=\"{}\" place=\"{}\" lines_left_out=\"{}\">\n{}\n</source>\n",
            escape(&entry.qualified_name),
            escape(&entry.kind),
            escape(&place),
            entry.lines_left_out,
            escape(&entry.source)
        ),
        ContextFormat::Json => match serde_json::to_string(entry) {
            Ok(json) => write!(text, "{json},"),
            Err(_) => Ok(()),
        },
    };
    text
}

/// A fence that is longer than every run of backticks inside.
fn fence(source: &str) -> String {
    let (mut longest, mut run) = (0, 0);
    for character in source.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat((longest + 1).max(3))
}

/// Text inside an element or an attribute of XML. Characters that XML does not have become replacement
/// characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            control if control < ' ' || control == '\u{fffe}' || control == '\u{ffff}' => {
                out.push('\u{fffd}')
            }
            other => out.push(other),
        }
    }
    out
}

/// How much attention from what was found counts beside how well a symbol was found itself: of 0.1 to 1.5 the
/// best for packs of past commits (`aether-eval eval context`).
const NEARNESS: f64 = 1.0;

/// How much what leads on from a symbol, a test of it or a document that tells of it, counts beside the symbol.
const LINKED: f64 = 0.3;

/// The score of what leads on from a symbol of `score`.
#[must_use]
pub fn linked_score(score: f64) -> f64 {
    LINKED * score
}

/// The score of a symbol for a task: how well it was found (`found`, as a share of the best), and how much
/// attention it gets from what was found (`near`, as a share of the most).
#[must_use]
pub fn context_score(found: f64, near: f64) -> f64 {
    found + NEARNESS * near
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::{ByteSpan, RelPath};
    use crate::code::{AnchorTarget, Language, SymbolId, SymbolKind};

    fn candidate(number: u8, score: f64, source: &str) -> ContextCandidate {
        let (id, file) =
            (SymbolId::from_bytes([number; 16]), RelPath::new(format!("src/{number}.rs")).unwrap());
        let mut symbol =
            Symbol::new(id, Language::RUST, SymbolKind::FUNCTION, format!("f{number}"), file.clone());
        symbol.signature = format!("fn f{number}()");
        let span = ByteSpan::new(0, source.len() as u32);
        let anchor = Anchor::new(file, AnchorTarget::Symbol(id), source, span).unwrap();
        ContextCandidate::new(symbol, score, "found", anchor, source.to_owned())
    }

    fn names(pack: &ContextPack) -> Vec<(&str, u32)> {
        pack.entries.iter().map(|entry| (entry.qualified_name.as_str(), entry.lines_left_out)).collect()
    }

    #[test]
    fn the_best_come_first_and_what_is_long_is_cut() {
        let long = "line\n".repeat(100);
        let candidates = vec![
            candidate(1, 0.1, "fn f1() {}\n"),
            candidate(2, 0.9, &long),
            candidate(3, 0.5, "fn f3() {}\n"),
        ];
        let pack =
            ContextPack::fill("do it", candidates, ContextBudget::Bytes(10_000), ContextFormat::Markdown);
        assert_eq!(names(&pack), [("f2", 60), ("f3", 0), ("f1", 0)]);
        assert!(pack.render(ContextFormat::Markdown).contains("(60 lines left out)"));
    }

    #[test]
    fn what_does_not_fit_is_shortened_and_then_left_out() {
        let source = format!("fn f1() {{\n{}}}\n", "    x;\n".repeat(70));
        let fill = |bytes| {
            let budget = ContextBudget::Bytes(bytes);
            ContextPack::fill("t", vec![candidate(1, 1.0, &source)], budget, ContextFormat::Markdown)
        };
        assert_eq!(names(&fill(900)), [("f1", 0)]);
        assert_eq!(names(&fill(500)), [("f1", 32)]);
        assert_eq!(fill(150).entries[0].source, "fn f1()");
        let none = fill(60);
        assert_eq!((names(&none).len(), none.left_out), (0, 1));
    }

    #[test]
    fn what_is_shown_by_its_name_alone_is_not_told_as_whole() {
        let mut document = candidate(1, 1.0, &"A paragraph that is no code at all. ".repeat(20));
        document.symbol.signature = "Guide > Use".to_owned();
        let budget = ContextBudget::Bytes(400);
        let pack = ContextPack::fill("t", vec![document], budget, ContextFormat::Xml);
        assert_eq!((pack.entries[0].source.as_str(), pack.entries[0].lines_left_out), ("Guide > Use", 1));
    }

    #[test]
    fn the_last_half_of_the_room_is_for_declarations() {
        let source = format!("fn f() {{\n{}}}\n", "    x;\n".repeat(20));
        let candidates = (1..=9).map(|number| candidate(number, 10.0 - f64::from(number), &source)).collect();
        let budget = ContextBudget::Bytes(1000);
        let pack = ContextPack::fill("t", candidates, budget, ContextFormat::Markdown);
        let left: Vec<u32> = names(&pack).iter().map(|(_, left)| *left).collect();
        let whole = left.iter().take_while(|left| **left == 0).count();
        assert!(
            whole >= 1 && left[whole..].iter().all(|left| *left == 22) && left.len() > whole + 3,
            "{left:?}"
        );
        let wholes: u64 = pack.entries[..whole - 1].iter().map(|entry| entry.source.len() as u64).sum();
        assert!(wholes < budget.bytes() / 2, "{wholes}");
    }

    #[test]
    fn what_is_inside_another_is_not_repeated() {
        let whole = candidate(1, 1.0, "struct S { a: u8 }\n");
        let mut part = candidate(2, 0.5, "a: u8");
        part.anchor.file = whole.anchor.file.clone();
        part.anchor.span = ByteSpan::new(11, 16);
        let pack = ContextPack::fill("t", vec![whole, part], ContextBudget::Tokens(1000), ContextFormat::Xml);
        assert_eq!((names(&pack), pack.left_out), (vec![("f1", 0)], 0));
    }

    #[test]
    fn each_format_survives_what_it_is_made_of() {
        let source = "fn f1() { \"</source>&\"; ````; \u{1} }";
        let pack = ContextPack::fill(
            "a \"<b>\"",
            vec![candidate(1, 1.0, source)],
            ContextBudget::Bytes(5000),
            ContextFormat::Json,
        );
        let json: ContextPack = serde_json::from_str(&pack.render(ContextFormat::Json)).unwrap();
        assert_eq!(json, pack);
        let xml = pack.render(ContextFormat::Xml);
        assert!(xml.contains("&lt;/source&gt;&amp;") && !xml.contains('\u{1}'), "{xml}");
        assert!(pack.render(ContextFormat::Markdown).contains("\n`````\n"));
    }

    proptest! {
        #[test]
        fn a_pack_is_never_over_its_budget(
            lines in proptest::collection::vec((1_usize..120, 0_u32..1000), 0..12),
            bytes in 0_u64..6000,
            format in prop_oneof![Just(ContextFormat::Markdown), Just(ContextFormat::Xml), Just(ContextFormat::Json)],
        ) {
            let candidates = lines.iter().enumerate().map(|(number, (count, score))| {
                candidate(number as u8, f64::from(*score), &"a < \"b\" & `c`;\n".repeat(*count))
            });
            let pack = ContextPack::fill("task", candidates.collect(), ContextBudget::Bytes(bytes), format);
            let text = pack.render(format);
            let frame = ContextPack { entries: Vec::new(), ..pack.clone() }.render(format).len() as u64;
            prop_assert!(text.len() as u64 <= bytes.max(frame), "{} of {bytes}", text.len());
        }
    }
}
