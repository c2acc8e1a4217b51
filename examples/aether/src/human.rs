//! What a person reads: columns, groups, and a line that says how far to trust an answer.

use aether_core::code::{Confidence, Coverage, Effect, Freshness, Resolution, Symbol};
use aether_core::port::EdgeRecord;

use crate::paint::{Paint, Tone};
use crate::places::Places;

/// Most characters of a declaration or a call on one line.
const WIDTH: usize = 110;
/// From here on a confidence is not worth a word.
const SURE: Confidence = Confidence::from_thousandths(900);

/// A line in columns, and indented lines below it.
#[derive(Debug, Default)]
pub(crate) struct Row {
    group: String,
    cells: Vec<(Tone, String)>,
    notes: Vec<(Tone, String)>,
}

impl Row {
    /// A row of the group `group`; a blank line stands between groups.
    pub(crate) fn of(group: impl ToString) -> Self {
        Self { group: group.to_string(), ..Self::default() }
    }

    pub(crate) fn cell(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.cells.push((tone, text.into()));
        self
    }

    pub(crate) fn note(mut self, tone: Tone, text: &str) -> Self {
        if !text.is_empty() {
            self.notes.push((tone, clip(text)));
        }
        self
    }

    /// How sure an edge is, where that is not sure enough.
    pub(crate) fn doubt(self, edge: &EdgeRecord) -> Self {
        let is_known = edge.resolution != Resolution::Unresolved;
        let text = doubt(edge.confidence).filter(|_| is_known);
        let text = text.map(|doubt| format!("{doubt} {}", edge.resolution.as_str()));
        self.cell(Tone::Doubt, text.unwrap_or_default())
    }
}

/// A confidence below 0.9, as text.
pub(crate) fn doubt(confidence: Confidence) -> Option<String> {
    (confidence < SURE).then(|| format!("{:.2}", confidence.as_fraction()))
}

/// The lines of rows, each group in columns of its own. A group keeps the place of its first row.
pub(crate) fn columns(rows: &[Row], paint: Paint) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(group, _)| *group == row.group) {
            Some((_, members)) => members.push(row),
            None => groups.push((&row.group, vec![row])),
        }
    }
    let mut lines = Vec::new();
    for (_, members) in groups {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let columns = members.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let width = |column: usize| {
            members.iter().filter_map(|row| row.cells.get(column)).map(|(_, text)| text.chars().count()).max()
        };
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for row in members {
            lines.push(line(row, &widths, paint));
            lines.extend(row.notes.iter().map(|(tone, text)| format!("    {}", paint.text(*tone, text))));
        }
    }
    lines
}

fn line(row: &Row, widths: &[usize], paint: Paint) -> String {
    let mut line = String::new();
    let mut gap = 0;
    for ((tone, text), width) in row.cells.iter().zip(widths) {
        if *width == 0 {
            continue;
        }
        if !text.is_empty() {
            line.push_str(&" ".repeat(gap));
            line.push_str(&paint.text(*tone, text));
            gap = 0;
        }
        gap += width - text.chars().count() + 2;
    }
    line
}

/// A text that fits a line.
pub(crate) fn clip(text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    let head: String = text.chars().take(WIDTH - 1).collect();
    format!("{}…", head.trim_end())
}

/// `1 caller`, `2 callers`; numbers in groups of three digits.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `a.rs:1 b ← b.rs:2 std::fs::read`: the way to an effect, from the function down to the origin; nothing
/// for none.
pub(crate) fn way(effect: Option<&Effect>, places: &Places) -> String {
    let steps = effect.into_iter().flat_map(|effect| &effect.steps);
    let shown = steps.map(|step| format!("{} {}", places.show(&step.file, step.line), step.text));
    shown.collect::<Vec<_>>().join(" ← ")
}

/// How fresh an answer is and how much it rests on.
pub(crate) fn footer(freshness: &Freshness, coverage: &Coverage) -> String {
    let mut parts = Vec::new();
    if freshness.generation == 0 && coverage.files_indexed == 0 {
        parts.push("empty index".to_owned());
    } else {
        parts.push(format!("index {}", freshness.generation));
    }
    if freshness.stale_files > 0 {
        parts.push(count(freshness.stale_files, "file has changed since", "files have changed since"));
    } else {
        parts
            .push(if freshness.is_checked { "up to date" } else { "not compared with the files" }.to_owned());
    }
    parts.push(if coverage.files_indexed < coverage.files_total {
        format!("{} of {}", grouped(coverage.files_indexed), count(coverage.files_total, "file", "files"))
    } else {
        count(coverage.files_indexed, "file", "files")
    });
    if coverage.files_with_diagnostics > 0 {
        parts.push(format!("{} only in part", grouped(coverage.files_with_diagnostics)));
    }
    let unresolved = grouped(coverage.calls_unresolved);
    parts.push(format!("{unresolved} of {} unresolved", count(coverage.calls, "call", "calls")));
    parts.join(" · ")
}

/// Most symbols that could have been meant that a person is shown.
const CANDIDATES: usize = 20;

/// The lines of symbols that could have been meant.
pub(crate) fn candidates(symbols: &[Symbol], paint: Paint) -> Vec<String> {
    let rows: Vec<Row> = symbols
        .iter()
        .take(CANDIDATES)
        .map(|symbol| {
            Row::of("")
                .cell(Tone::Place, format!("{}:{}", symbol.file, symbol.name_line))
                .cell(Tone::Dim, symbol.kind.as_str())
                .cell(Tone::Strong, symbol.qualified_name.clone())
        })
        .collect();
    let more = symbols.len().saturating_sub(CANDIDATES);
    let more = (more > 0).then(|| format!("and {more} more; --json has them"));
    columns(&rows, paint).into_iter().chain(more).map(|line| format!("  {line}")).collect()
}

#[cfg(test)]
mod tests {
    use aether_core::code::{Coverage, Freshness};

    use super::{Row, clip, columns, count, footer};
    use crate::paint::{Paint, Tone};

    #[test]
    fn rows_of_a_group_stand_together_and_share_their_columns() {
        let rows = [
            Row::of("a").cell(Tone::Place, "a.rs:1").cell(Tone::Plain, "first").note(Tone::Dim, "more"),
            Row::of("b").cell(Tone::Place, "b.rs:1").cell(Tone::Plain, "second"),
            Row::of("a").cell(Tone::Place, "a.rs:100").cell(Tone::Plain, "third"),
        ];
        let lines = columns(&rows, Paint::for_stream(&std::fs::File::open("Cargo.toml").unwrap()));
        assert_eq!(lines, ["a.rs:1    first", "    more", "a.rs:100  third", "", "b.rs:1  second"]);
    }

    #[test]
    fn an_empty_cell_leaves_its_room_and_no_blanks_at_the_end() {
        let rows = [
            Row::of("").cell(Tone::Plain, "a").cell(Tone::Plain, "").cell(Tone::Plain, "c"),
            Row::of("").cell(Tone::Plain, "a").cell(Tone::Plain, "bbb").cell(Tone::Plain, ""),
        ];
        let lines = columns(&rows, Paint::for_stream(&std::fs::File::open("Cargo.toml").unwrap()));
        assert_eq!(lines, ["a       c", "a  bbb"]);
    }

    #[test]
    fn numbers_and_long_texts_are_readable() {
        assert_eq!(count(1, "call", "calls"), "1 call");
        assert_eq!(count(1_234_567, "call", "calls"), "1,234,567 calls");
        assert_eq!(clip(&"é".repeat(200)).chars().count(), 110);
    }

    #[test]
    fn the_footer_says_what_an_answer_rests_on() {
        let mut freshness = Freshness::new(3, None);
        let coverage = Coverage {
            files_indexed: 12,
            files_total: 12,
            files_with_diagnostics: 1,
            calls: 1200,
            calls_unresolved: 40,
        };
        let text = footer(&freshness, &coverage);
        assert_eq!(
            text,
            "index 3 · not compared with the files · 12 files · 1 only in part · 40 of 1,200 calls unresolved"
        );
        freshness.is_checked = true;
        assert!(footer(&freshness, &coverage).contains("· up to date ·"));
        let partial = Coverage { files_total: 20, ..coverage };
        assert!(footer(&freshness, &partial).contains("12 of 20 files"));
    }
}
