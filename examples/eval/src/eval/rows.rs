//! The rows and details of a corpus.

use crate::corpora::{Corpus, SURE_BAR, SYMBOL_BAR};
use crate::edges::{CallCounts, EdgeScore};
use crate::report::{Bar, Row, markdown};
use crate::share::Share;
use crate::symbols::{KindScore, SymbolScore};

/// A share beside its bar; one of nothing misses it.
fn gate(corpus: &Corpus, what: &str, share: Share, digits: usize, bar: f64) -> Row {
    let mut row = Row::gate(corpus.name, what, share.or_zero(), digits, "", Bar::AtLeast(bar));
    row.measured = shown(share, digits);
    row
}

fn plain(corpus: &Corpus, what: &str, share: Share) -> Row {
    let mut row = Row::plain(corpus.name, what, share.or_zero(), 3, "");
    row.measured = shown(share, 3);
    row
}

fn shown(share: Share, digits: usize) -> String {
    format!("{} ({} of {})", share.shown(digits), share.right, share.of)
}

/// Symbols against `syn`.
pub(crate) fn symbol_rows(corpus: &Corpus, score: &SymbolScore) -> Vec<Row> {
    vec![
        gate(corpus, "symbols against syn, recall", score.all.recall, 5, SYMBOL_BAR),
        gate(corpus, "symbols against syn, precision", score.all.precision, 5, SYMBOL_BAR),
    ]
}

/// Functions against those of the gold.
pub(super) fn function_rows(corpus: &Corpus, score: Option<KindScore>) -> Vec<Row> {
    score.map_or_else(Vec::new, |score| {
        vec![
            plain(corpus, "functions of the gold, recall", score.recall),
            plain(corpus, "functions of the gold, precision", score.precision),
        ]
    })
}

/// Call edges against the gold.
pub(crate) fn edge_rows(corpus: &Corpus, score: &EdgeScore) -> Vec<Row> {
    let (precision, recall) = ("call edges, precision at resolved sites", "call edges, recall");
    let mut rows = match corpus.bars {
        Some(bars) => vec![
            gate(corpus, precision, score.precision, 3, bars.precision),
            gate(corpus, recall, score.recall, 3, bars.recall),
        ],
        None => vec![plain(corpus, precision, score.precision), plain(corpus, recall, score.recall)],
    };
    rows.push(Row::plain(corpus.name, "call edges, F1", score.f1, 3, ""));
    // Nobody is wrong with no edge of high confidence, but a resolver that dares nothing has recall to lose.
    rows.push(if score.sure.of == 0 {
        plain(corpus, "call edges of confidence ≥ 0.9, right", score.sure)
    } else {
        gate(corpus, "call edges of confidence ≥ 0.9, right", score.sure, 3, SURE_BAR)
    });
    rows.push(plain(corpus, "precision, any implementation accepted", score.lenient_precision));
    rows.push(plain(corpus, "recall, any implementation accepted", score.lenient_recall));
    if let Some(share) = score.macro_recall {
        rows.push(plain(corpus, "recall inside arguments of macros", share));
    }
    if let Some(share) = score.wide_recall {
        rows.push(plain(corpus, "recall, arguments of macros included", share));
    }
    let calibration = &score.calibration;
    rows.push(Row::plain(
        corpus.name,
        "calibration error (ECE, deciles)",
        calibration.calibration_error,
        3,
        "",
    ));
    rows.push(Row::plain(corpus.name, "Brier score", calibration.brier, 3, ""));
    rows.push(Row::plain(corpus.name, "Brier score of a constant", calibration.brier_of_constant, 3, ""));
    rows
}

/// Where calls lead.
pub(super) fn call_rows(corpus: &Corpus, counts: CallCounts) -> Vec<Row> {
    let row = |what, count: usize| Row::plain(corpus.name, what, count as f64, 0, "");
    vec![
        row("calls into the project", counts.inside),
        row("calls out of the project", counts.external),
        row("calls not resolved", counts.unresolved),
    ]
}

/// What does not fit into a row: calibration, symbols by kind, and some that do not match.
pub(super) fn details(
    symbols: &SymbolScore,
    edges: Option<&EdgeScore>,
    corpus: &Corpus,
    counts: CallCounts,
) -> String {
    let kinds = symbols
        .kinds
        .iter()
        .map(|(kind, score)| vec![kind.clone(), shown(score.recall, 5), shown(score.precision, 5)]);
    let mut text = format!(
        "## {} {} ({:?})\n\n{} files compared with syn, {} left out; {} symbols out of macros not compared; \
         {} calls into the project, {} out of it, {} not resolved\n\n{}",
        corpus.name,
        corpus.version,
        corpus.split,
        symbols.files,
        symbols.files_left_out,
        symbols.in_macros,
        counts.inside,
        counts.external,
        counts.unresolved,
        markdown(&["kind", "recall", "precision"], kinds)
    );
    for mismatch in &symbols.mismatches {
        text.push_str(&format!("- {mismatch}\n"));
    }
    if let Some(edges) = edges {
        text.push('\n');
        text.push_str(&edges.calibration.tables());
    }
    text
}
