//! What a command measured, as a table for people and as JSON for programs.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

/// Version of the JSON reports.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// One figure, beside the bar that it must reach where there is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    /// The corpus that it was measured on.
    pub(crate) corpus: String,
    /// What was measured.
    pub(crate) what: String,
    /// The figure; `None` where there was nothing to measure.
    pub(crate) value: Option<f64>,
    /// The figure as text, with its unit.
    pub(crate) measured: String,
    /// The bar as text.
    pub(crate) bar: Option<String>,
    /// Whether the figure reaches the bar; `None` without a bar.
    pub(crate) is_met: Option<bool>,
}

/// Which side of a bar is good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bar {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
}

impl Bar {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bar) => value >= bar,
            Self::AtMost(bar) => value <= bar,
        }
    }

    fn shown(self, unit: &str) -> String {
        match self {
            Self::AtLeast(bar) => format!("≥ {bar}{unit}"),
            Self::AtMost(bar) => format!("≤ {bar}{unit}"),
        }
    }
}

impl Row {
    /// A figure that is only reported.
    pub(crate) fn plain(corpus: &str, what: &str, value: f64, digits: usize, unit: &str) -> Self {
        Self {
            corpus: corpus.to_owned(),
            what: what.to_owned(),
            value: Some(value),
            measured: format!("{value:.digits$}{unit}"),
            bar: None,
            is_met: None,
        }
    }

    /// A figure that has to reach a bar.
    pub(crate) fn gate(corpus: &str, what: &str, value: f64, digits: usize, unit: &str, bar: Bar) -> Self {
        let mut row = Self::plain(corpus, what, value, digits, unit);
        row.bar = Some(bar.shown(unit));
        row.is_met = Some(bar.is_met(value));
        row
    }

    /// Something that has to hold.
    pub(crate) fn check(corpus: &str, what: &str, holds: bool, yes: &str, no: &str) -> Self {
        Self {
            corpus: corpus.to_owned(),
            what: what.to_owned(),
            value: None,
            measured: if holds { yes } else { no }.to_owned(),
            bar: Some(yes.to_owned()),
            is_met: Some(holds),
        }
    }
}

/// Whether no row misses its bar.
pub(crate) fn is_met(rows: &[Row]) -> bool {
    rows.iter().all(|row| row.is_met != Some(false))
}

/// Rows as a Markdown table.
pub(crate) fn table(rows: &[Row]) -> String {
    let lines = rows.iter().map(|row| {
        let met = match row.is_met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        vec![
            row.corpus.clone(),
            row.what.clone(),
            row.measured.clone(),
            row.bar.clone().unwrap_or_default(),
            met.to_owned(),
        ]
    });
    markdown(&["corpus", "what", "measured", "bar", "met"], lines)
}

/// A Markdown table.
pub(crate) fn markdown(head: &[&str], lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for line in lines {
        let _ = writeln!(text, "| {} |", line.join(" | "));
    }
    text
}

/// The words that this program was called with, paths to a file or folder shortened to their end: a
/// report says how to repeat it, not where its maker keeps things.
pub(crate) fn command_line(words: impl Iterator<Item = String>) -> String {
    let shown = words.skip(1).map(|word| match word.split_once('=') {
        Some((name, paths)) => {
            format!("{name}={}", paths.split(',').map(shortened).collect::<Vec<_>>().join(","))
        }
        None => shortened(&word),
    });
    std::iter::once("cargo xtask".to_owned()).chain(shown).collect::<Vec<_>>().join(" ")
}

/// A word, or the end of one that is a path from the root.
fn shortened(word: &str) -> String {
    let path = Path::new(word);
    let name = path.file_name().filter(|_| path.is_absolute());
    name.map_or_else(|| word.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Writes a report as JSON.
pub(crate) fn write_json(path: &Path, report: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_met_on_their_good_side() {
        for (bar, value, expected) in [
            (Bar::AtLeast(0.9), 0.9, true),
            (Bar::AtLeast(0.9), 0.89, false),
            (Bar::AtMost(5.0), 5.0, true),
            (Bar::AtMost(5.0), 5.1, false),
            (Bar::AtLeast(0.9), f64::NAN, false),
            (Bar::AtMost(0.9), f64::NAN, false),
        ] {
            let row = Row::gate("c", "w", value, 2, "", bar);
            assert_eq!(row.is_met, Some(expected), "{bar:?} {value}");
            assert_eq!(is_met(&[row]), expected);
        }
    }

    #[test]
    fn figures_without_a_bar_are_no_gate() {
        assert!(is_met(&[Row::plain("c", "w", 0.0, 0, " s")]));
        assert!(!is_met(&[Row::check("c", "w", false, "identical", "different")]));
    }

    #[test]
    fn a_report_names_no_folder_of_its_maker() {
        let words = ["aether-eval", "bench", "index", "--corpus", "/data/mine/tokio"].map(str::to_owned);
        assert_eq!(command_line(words.into_iter()), "cargo xtask bench index --corpus tokio");
        let words = ["aether-eval", "--group", "a=/data/mine/x,/data/y,z", "--seed=2"].map(str::to_owned);
        assert_eq!(command_line(words.into_iter()), "cargo xtask --group a=x,y,z --seed=2");
    }
}
