//! The rows of a corpus, each with its bar.

use super::CorpusReport;
use super::child::Full;
use super::edits::{Edit, Edits};
use super::lookup::Latencies;
use crate::measure::Sorted;
use crate::report::{Bar, Row, markdown};

const MEGABYTE: f64 = 1e6;

/// Source up to which memory and start have a bar: both were set for a repository of 17 MB.
const BOUNDED_BYTES: u64 = 20_000_000;

/// What was measured on: a table of its own.
pub(super) fn sizes(corpora: &[CorpusReport]) -> String {
    let lines = corpora.iter().map(|corpus| {
        let full = &corpus.full_on_one_thread;
        vec![
            corpus.name.clone(),
            full.files.to_string(),
            format!("{:.2}", full.bytes as f64 / MEGABYTE),
            full.symbols.to_string(),
            full.edges.to_string(),
        ]
    });
    markdown(&["corpus", "Rust files", "MB", "symbols", "edges"], lines)
}

/// Every figure of a corpus.
pub(super) fn of_corpus(corpus: &CorpusReport) -> Vec<Row> {
    let mut rows = full_rows(corpus);
    rows.push(start_row(corpus));
    if let Some(edits) = &corpus.edits {
        rows.extend(edit_rows(&corpus.name, edits));
    }
    rows.extend(lookup_rows(corpus));
    rows
}

fn full_rows(corpus: &CorpusReport) -> Vec<Row> {
    let name = corpus.name.as_str();
    let median =
        |figure: &dyn Fn(&Full) -> f64| Sorted::new(corpus.full.iter().map(figure).collect()).median();
    let megabytes = |full: &Full| full.bytes as f64 / MEGABYTE;
    let one = &corpus.full_on_one_thread;
    let is_bounded = one.bytes <= BOUNDED_BYTES;
    let memory = median(&|full| full.peak_memory_bytes as f64 / MEGABYTE);
    let memory_name = "full index, peak memory";
    vec![
        Row::plain(name, "bare parse, one thread, CPU", median(&|full| full.parse_cpu_s), 3, " s"),
        Row::plain(name, "full index, CPU", median(&|full| full.cpu_s), 3, " s"),
        Row::plain(name, "full index, wall", median(&|full| full.wall_s), 3, " s"),
        Row::gate(
            name,
            "full index, CPU by that of the bare parse",
            median(&|full| full.cpu_s / full.parse_cpu_s),
            2,
            " ×",
            Bar::AtMost(2.0),
        ),
        Row::plain(name, "the same with one worker thread", one.cpu_s / one.parse_cpu_s, 2, " ×"),
        Row::gate(
            name,
            "full index, source by CPU",
            median(&|full| megabytes(full) / full.cpu_s),
            2,
            " MB/s",
            Bar::AtLeast(8.0),
        ),
        if is_bounded {
            Row::gate(name, memory_name, memory, 0, " MB", Bar::AtMost(250.0))
        } else {
            Row::plain(name, memory_name, memory, 0, " MB")
        },
        Row::gate(
            name,
            "database by source",
            corpus.database_bytes as f64 / one.bytes as f64,
            2,
            " ×",
            Bar::AtMost(3.0),
        ),
    ]
}

fn start_row(corpus: &CorpusReport) -> Row {
    let name = corpus.name.as_str();
    if corpus.start.iter().any(|start| start.has_changed) {
        return Row::check(name, "unchanged start", false, "nothing changed", "changes were found");
    }
    let median = Sorted::new(corpus.start.iter().map(|start| start.wall_ms).collect()).median();
    if corpus.full_on_one_thread.bytes <= BOUNDED_BYTES {
        Row::gate(name, "unchanged start, wall", median, 1, " ms", Bar::AtMost(60.0))
    } else {
        Row::plain(name, "unchanged start, wall", median, 1, " ms")
    }
}

pub(super) fn edit_rows(name: &str, edits: &Edits) -> Vec<Row> {
    let wall = |edits: &mut dyn Iterator<Item = &Edit>| Sorted::new(edits.map(|edit| edit.wall_ms).collect());
    let inside = wall(&mut edits.edits.iter().filter(|edit| edit.kind.is_inside()));
    let inside_cpu = Sorted::new(
        edits.edits.iter().filter(|edit| edit.kind.is_inside()).map(|edit| edit.cpu_ms).collect(),
    );
    let mut rows = vec![
        Row::gate(name, "edit of one file, p50", inside.median(), 2, " ms", Bar::AtMost(5.0)),
        Row::gate(name, "edit of one file, p95", inside.percentile(95.0), 2, " ms", Bar::AtMost(25.0)),
        Row::plain(name, "edit of one file, max", inside.max(), 2, " ms"),
        Row::plain(name, "edit of one file, CPU, p50", inside_cpu.median(), 2, " ms"),
        Row::plain(name, "edit of one file, CPU, p95", inside_cpu.percentile(95.0), 2, " ms"),
    ];
    for (kind, edits) in edits.by_kind() {
        let wall = wall(&mut edits.iter());
        let files = Sorted::new(edits.iter().map(|edit| edit.files_resolved as f64).collect());
        let mut row = Row::plain(name, &format!("{}, p50", kind.name()), wall.median(), 2, " ms");
        row.measured = format!(
            "{}; p95 {:.2} ms; files resolved p50 {}, p95 {}, max {}; n {}",
            row.measured,
            wall.percentile(95.0),
            files.median(),
            files.percentile(95.0),
            files.max(),
            wall.len()
        );
        rows.push(row);
    }
    let sum = |figure: fn(&Edit) -> u64| edits.edits.iter().map(figure).sum::<u64>();
    let (new_ids, followed) = (sum(|edit| edit.new_ids), sum(|edit| edit.followed));
    if new_ids > 0 {
        let mut row =
            Row::plain(name, "symbols that lineage follows to their new id", followed as f64, 0, "");
        row.measured = format!("{followed} of {new_ids} ({:.4})", followed as f64 / new_ids as f64);
        rows.push(row);
    }
    let count = edits.edits.len();
    let not_searchable = edits.not_searchable.len() as f64;
    rows.push(Row::gate(
        name,
        "new names not found after their edit",
        not_searchable,
        0,
        "",
        Bar::AtMost(0.0),
    ));
    rows.push(Row::check(
        name,
        &format!("index after {count} edits beside a fresh one"),
        edits.is_equal_to_fresh,
        "identical",
        "different",
    ));
    rows
}

fn lookup_rows(corpus: &CorpusReport) -> Vec<Row> {
    let name = corpus.name.as_str();
    let lookups = &corpus.lookups;
    let symbols = corpus.full_on_one_thread.symbols;
    let what = |latencies: &Latencies, percentile: &str| {
        format!("{} at {symbols} symbols, {percentile}", latencies.what)
    };
    let gate = |latencies: &Latencies, percent: f64, digits: usize, bar: f64| {
        let figure = latencies.sorted().percentile(percent);
        Row::gate(name, &what(latencies, &format!("p{percent}")), figure, digits, " ms", Bar::AtMost(bar))
    };
    let max =
        |latencies: &Latencies| Row::plain(name, &what(latencies, "max"), latencies.sorted().max(), 3, " ms");
    let plain = |latencies: &Latencies, percent: f64| {
        let figure = latencies.sorted().percentile(percent);
        Row::plain(name, &what(latencies, &format!("p{percent}")), figure, 4, " ms")
    };
    vec![
        plain(&lookups.exact, 50.0),
        gate(&lookups.exact, 95.0, 4, 0.05),
        max(&lookups.exact),
        plain(&lookups.exact_by_frequency, 50.0),
        plain(&lookups.exact_by_frequency, 95.0),
        gate(&lookups.ranked, 50.0, 3, 1.0),
        gate(&lookups.ranked, 95.0, 3, 5.0),
        max(&lookups.ranked),
        plain(&lookups.prefix, 50.0),
        gate(&lookups.prefix, 95.0, 3, 8.0),
        max(&lookups.prefix),
        Row::gate(name, "names that were not found", lookups.empty as f64, 0, "", Bar::AtMost(0.0)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::edits::EditKind;
    use super::*;
    use crate::bench::child::Start;
    use crate::bench::lookup::Lookups;
    use crate::report::is_met;

    fn good() -> CorpusReport {
        let full = Full {
            cpu_s: 1.8,
            wall_s: 1.0,
            parse_cpu_s: 1.0,
            peak_memory_bytes: 200_000_000,
            files: 10,
            bytes: 17_000_000,
            symbols: 40_000,
            edges: 100_000,
        };
        let latencies = |what, milliseconds: f64| Latencies { what, milliseconds: vec![milliseconds; 100] };
        CorpusReport {
            name: "x".to_owned(),
            full: vec![full.clone(), full.clone(), full.clone()],
            full_on_one_thread: full,
            database_bytes: 40_000_000,
            start: vec![Start { wall_ms: 30.0, has_changed: false }],
            edits: Some(Edits {
                edits: vec![
                    Edit {
                        kind: EditKind::Body,
                        wall_ms: 2.0,
                        cpu_ms: 2.0,
                        files_resolved: 1,
                        new_ids: 0,
                        followed: 0
                    };
                    20
                ],
                not_searchable: Vec::new(),
                is_equal_to_fresh: true,
                differences: Vec::new(),
            }),
            lookups: Lookups {
                exact: latencies("exact name", 0.01),
                exact_by_frequency: latencies("frequent", 0.1),
                ranked: latencies("ranked", 0.5),
                prefix: latencies("prefix", 2.0),
                empty: 0,
            },
        }
    }

    /// The row that fails once `spoil` has been at work.
    #[track_caller]
    fn check(spoil: impl FnOnce(&mut CorpusReport), expected: &str) {
        let mut corpus = good();
        assert!(is_met(&of_corpus(&corpus)));
        spoil(&mut corpus);
        let failed: Vec<String> = of_corpus(&corpus)
            .into_iter()
            .filter(|row| row.is_met == Some(false))
            .map(|row| row.what)
            .collect();
        assert_eq!(failed, [expected]);
    }

    #[test]
    fn every_bar_can_be_missed() {
        let each = |corpus: &mut CorpusReport, change: fn(&mut Full)| corpus.full.iter_mut().for_each(change);
        check(|it| each(it, |full| full.parse_cpu_s = 0.8), "full index, CPU by that of the bare parse");
        check(|it| each(it, |full| (full.cpu_s, full.parse_cpu_s) = (3.0, 2.0)), "full index, source by CPU");
        check(|it| each(it, |full| full.peak_memory_bytes = 300_000_000), "full index, peak memory");
        check(|it| it.database_bytes = 60_000_000, "database by source");
        check(|it| it.start[0].wall_ms = 61.0, "unchanged start, wall");
        check(|it| it.start[0].has_changed = true, "unchanged start");
        check(|it| it.lookups.exact.milliseconds = vec![0.06; 9], "exact name at 40000 symbols, p95");
        check(|it| it.lookups.ranked.milliseconds[..10].fill(6.0), "ranked at 40000 symbols, p95");
        check(|it| it.lookups.ranked.milliseconds.fill(1.5), "ranked at 40000 symbols, p50");
        check(|it| it.lookups.prefix.milliseconds.fill(9.0), "prefix at 40000 symbols, p95");
        check(|it| it.lookups.empty = 1, "names that were not found");
    }

    #[test]
    fn every_bar_on_edits_can_be_missed() {
        let edits =
            |corpus: &mut CorpusReport, change: fn(&mut Edits)| corpus.edits.iter_mut().for_each(change);
        check(
            |it| edits(it, |edits| edits.edits[..11].iter_mut().for_each(|edit| edit.wall_ms = 6.0)),
            "edit of one file, p50",
        );
        check(
            |it| edits(it, |edits| edits.edits[..2].iter_mut().for_each(|edit| edit.wall_ms = 30.0)),
            "edit of one file, p95",
        );
        check(
            |it| edits(it, |edits| edits.not_searchable.push("name".to_owned())),
            "new names not found after their edit",
        );
        check(
            |it| edits(it, |edits| edits.is_equal_to_fresh = false),
            "index after 20 edits beside a fresh one",
        );
    }

    #[test]
    fn memory_and_start_of_larger_sources_are_only_reported() {
        let mut corpus = good();
        corpus.full_on_one_thread.bytes = 90_000_000;
        corpus.full.iter_mut().for_each(|full| full.peak_memory_bytes = 900_000_000);
        corpus.start[0].wall_ms = 200.0;
        assert!(is_met(&of_corpus(&corpus)));
    }
}
